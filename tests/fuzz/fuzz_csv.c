/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as CSV or TSV, and what reads goes on to effects and a pool. */
#include "fuzz.h"

/* Effects are finite, in file order, and no row is lost between used and excluded. */
static void pool(const mpl_dataset *data)
{
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_error err = { .code = MPL_OK };
    mpl_status s = mpl_effects_new(data, NULL, &effects, &err);
    if (s != MPL_OK) {
        must_refuse(s, effects, &err);
        return;
    }
    MUST(effects->k + effects->n_excluded == data->n_rows + data->n_dropped);
    for (size_t i = 0; i < effects->k; i++)
        MUST(isfinite(effects->yi[i]) && isfinite(effects->vi[i]) && effects->vi[i] >= 0);
    s = mpl_fit_new(effects, NULL, NULL, &fit, &err);
    if (s == MPL_OK)
        MUST(isfinite(fit->terms[0].estimate) && !(fit->tau2 < 0));
    else
        must_refuse(s, fit, &err);
    if (s == MPL_OK)
        mpl_fit_free(fit);
    mpl_effects_free(effects);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const names[] = { "x.csv", "x.tsv", "x" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        mpl_dataset *data;
        mpl_error err = { .code = MPL_OK };
        const mpl_read_options options = { .comment = i == 2 ? "#" : NULL };
        const mpl_status s = mpl_dataset_read_bytes((const char *)bytes, size, names[i], &options, &data, &err);
        if (s != MPL_OK) {
            must_refuse(s, data, &err);
            continue;
        }
        must_hold(data);
        pool(data);
        mpl_dataset_free(data);
    }
    return 0;
}
