/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a CSV to check, convert, combine and aggregate: a dataset that keeps its promises, or a refusal. */
#include "fuzz.h"

static void convert(const mpl_dataset *data, mpl_convert_options options)
{
    mpl_dataset *out;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_dataset_convert(data, &options, &out, &err);
    if (s != MPL_OK) {
        must_refuse(s, out, &err);
        return;
    }
    must_hold(out);
    MUST(out->n_rows == data->n_rows);
    mpl_dataset_free(out);
}

static void aggregate(const mpl_dataset *data)
{
    mpl_dataset *out;
    mpl_error err = { .code = MPL_OK };
    const mpl_covariance_options options = { .structure = "CS", .rho = { true, 0.5 }, .shared_control = true };
    mpl_status s = mpl_dataset_combine(data, &options, &out, &err);
    if (s == MPL_OK)
        must_hold(out);
    else
        must_refuse(s, out, &err);
    mpl_dataset_free(out);
    mpl_effects *effects;
    if (mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        return;
    mpl_covariance *cov;
    s = mpl_covariance_new(data, effects, NULL, &options, &cov, &err);
    if (s == MPL_OK) {
        s = mpl_dataset_aggregate(data, effects, cov, &out, &err);
        if (s == MPL_OK)
            must_hold(out);
        else
            must_refuse(s, out, &err);
        mpl_dataset_free(out);
    }
    mpl_covariance_free(cov);
    mpl_effects_free(effects);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    mpl_dataset *data;
    mpl_check *check;
    mpl_error err;
    if (mpl_dataset_read_bytes((const char *)bytes, size, "x.csv", NULL, &data, &err) != MPL_OK)
        return 0;
    for (size_t i = 0; mpl_conversion_method(i); i++)
        if (strcmp(mpl_conversion_find(mpl_conversion_method(i)->id)->target, "formula"))
            convert(data, (mpl_convert_options){ .conversion = mpl_conversion_method(i)->id,
                                                 .uncertainty = size % 16 == 0,
                                                 .cluster = data->n_columns ? data->columns[0].name : NULL });
    convert(data, (mpl_convert_options){ .to = "mean-sd", .ratio_scale = true });
    convert(data, (mpl_convert_options){ .to = "formula", .formula = "exp(yi)" });
    aggregate(data);
    MUST(mpl_check_new(data, NULL, NULL, &check, &err) == MPL_OK);
    for (size_t i = 0; i < check->n_findings; i++)
        MUST(check->findings[i].rule && check->findings[i].reason[0]);
    mpl_check_free(check);
    mpl_dataset_free(data);
    return 0;
}
