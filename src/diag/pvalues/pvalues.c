/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p-values from a column or from effects, and all ways to combine them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <metapool/bias.h>
#include "base/error.h"
#include "base/note.h"
#include "diag/pvalues/combine.h"
#include "num/dist.h"

typedef struct maker {
    const mpl_dataset *data;
    const mpl_effects *effects;
    mpl_pvalues *own;
    mpl_pvalues_study *studies;
    mpl__arena *scratch;
    mpl__notes notes;
    mpl_error *err;
} maker;

const mpl_option *mpl_pvalues_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "pvalue", MPL_MEMBER(TEXT, mpl_pvalues_options, column), .arg = "COLUMN",
          .help = "a column of p-values, combined as they are; else they are computed from the effects",
          .since = "0.1" },
        { .name = "alternative", MPL_MEMBER(CHOICE, mpl_pvalues_options, alternative), .choice = mpl_bias_alternative,
          .arg = "WHAT", .dflt = "two-sided", .help = "what p-values from effects are against", .since = "0.1" },
        { .name = "weight", MPL_MEMBER(TEXT, mpl_pvalues_options, weights), .arg = "COLUMN",
          .help = "a column of weights, for the combinations that have some; else they are equal", .since = "0.1" },
        { .name = "rank", MPL_MEMBER(COUNT, mpl_pvalues_options, rank), .min = 1, .max = 1e6, .arg = "R",
          .dflt = "1", .help = "which p-value, from the smallest, the test of Wilkinson is of", .since = "0.1" },
        { .name = "truncation", MPL_MEMBER(REAL, mpl_pvalues_options, truncation), .min = 1e-12, .max = 0.999,
          .arg = "P", .dflt = "0.05", .help = "the truncated product has the p-values up to this", .since = "0.1" },
        { .name = NULL },
    };
    return table;
}

/* The z whose upper tail is twice that of |z|, also where both underflow. */
static double two_sided_z(double z)
{
    const double log_p = log(2) + mpl__norm_log_p(fabs(z), MPL__UPPER);
    if (log_p > -600)
        return mpl__norm_q(exp(fmin(log_p, 0)), MPL__UPPER);
    double at = sqrt(z * z - 2 * log(2));
    for (int i = 0; i < 4; i++) /* the slope of the logarithm is about -(z + 1/z) */
        at += (mpl__norm_log_p(at, MPL__UPPER) - log_p) / (at + 1 / at);
    return at;
}

/* ---- from effects */

static mpl_status take_effects(maker *mk)
{
    const mpl_effects *const es = mk->effects;
    const char *const alternative = mk->own->options.alternative;
    const double null_value = es->measure->null_value;
    if (isnan(null_value))
        return mpl__fail(mk->err, MPL_ERR_ARG, "measure %s has no value of no effect that p-values could be about; "
                         "give a column of p-values", es->measure->method.id);
    for (size_t i = 0; i < es->k; i++) {
        const double z = (es->yi[i] - null_value) / sqrt(es->vi[i]);
        mpl_pvalues_study *const s = &mk->studies[mk->own->k];
        if (!isfinite(z)) {
            mpl__note_add_row(&mk->notes, "no-pvalue", es->row[i], es->slab[i],
                              "variance 0 gives no p-value; left out");
            continue;
        }
        *s = (mpl_pvalues_study){ .study = es->slab[i], .row = es->row[i], .weight = 1 };
        if (!strcmp(alternative, "two-sided")) {
            s->pval = mpl__two_sided(z, INFINITY, &s->log_pval);
            s->z = two_sided_z(z);
        } else {
            s->z = strcmp(alternative, "less") ? z : -z;
            s->pval = mpl__norm_p(s->z, MPL__UPPER);
            s->log_pval = mpl__norm_log_p(s->z, MPL__UPPER);
        }
        mk->own->k++;
    }
    return MPL_OK;
}

/* ---- from a column */

static mpl_status take_column(maker *mk)
{
    const mpl_dataset *const data = mk->data;
    const mpl_column *column;
    MPL_TRY(mpl_dataset_get(data, mk->own->options.column, &column, mk->err));
    MPL_TRY(mpl_column_check_number(data, column, mk->err));
    for (size_t i = 0; i < data->n_rows; i++) {
        const double p = column->number[i];
        if (isnan(p)) {
            mpl__note_add_row(&mk->notes, "no-pvalue", data->row[i], data->label[i], "%s is missing; left out",
                              column->name);
            continue;
        }
        if (!(p > 0) || p > 1)
            return mpl__fail(mk->err, MPL_ERR_DATA, "study '%s' (row %zu): %s is not above 0 and at most 1",
                             data->label[i], data->row[i], column->name);
        mk->studies[mk->own->k++] = (mpl_pvalues_study){ .study = data->label[i], .row = data->row[i], .pval = p,
                                                         .log_pval = log(p), .z = mpl__norm_q(p, MPL__UPPER),
                                                         .weight = 1 };
    }
    return MPL_OK;
}

static mpl_status take_weights(maker *mk)
{
    const mpl_dataset *const data = mk->data;
    const mpl_column *column;
    double sum = 0;
    if (!mk->own->options.weights)
        return MPL_OK;
    if (!data)
        return mpl__fail(mk->err, MPL_ERR_ARG, "a column of weights needs the dataset that has it");
    MPL_TRY(mpl_dataset_get(data, mk->own->options.weights, &column, mk->err));
    MPL_TRY(mpl_column_check_number(data, column, mk->err));
    for (size_t i = 0, u = 0; u < mk->own->k; i++) {
        if (data->row[i] != mk->studies[u].row) /* both are in the order of the file */
            continue;
        const double w = column->number[i];
        if (!(w >= 0) || !isfinite(w))
            return mpl__fail(mk->err, MPL_ERR_DATA, "study '%s' (row %zu): weight %s is %s", data->label[i],
                             data->row[i], column->name, isnan(w) ? "missing" : "negative or infinite");
        sum += mk->studies[u++].weight = w;
    }
    return sum > 0 ? MPL_OK : mpl__fail(mk->err, MPL_ERR_DATA, "all weights are 0");
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static mpl_status combine(maker *mk)
{
    mpl_pvalues *const own = mk->own;
    const double none = (double)NAN;
    double *const sorted = MPL_NEW(mk->scratch, double, own->k), *const work = MPL_NEW(mk->scratch, double, own->k + 2);
    while (mpl__combine_get(own->n_tests))
        own->n_tests++;
    mpl_pvalues_test *const tests = MPL_NEW(own->arena, mpl_pvalues_test, own->n_tests);
    if (!sorted || !work || !tests)
        return mpl__fail_nomem(mk->err, "the combined p-values");
    for (size_t i = 0; i < own->k; i++)
        sorted[i] = mk->studies[i].pval;
    qsort(sorted, own->k, sizeof *sorted, by_size);
    const mpl__combine c = { .options = &own->options, .studies = mk->studies, .k = own->k, .sorted = sorted,
                             .work = work };
    for (size_t j = 0; j < own->n_tests; j++) {
        const mpl__combine_def *const def = mpl__combine_get(j);
        tests[j] = (mpl_pvalues_test){ &def->method, none, none, none, none, NULL };
        def->run(&c, &tests[j]);
    }
    own->tests = tests;
    return MPL_OK;
}

static mpl_status run(maker *mk)
{
    mpl_pvalues *const own = mk->own;
    MPL_TRY(mpl_options_resolve(mpl_pvalues_option_table(), &own->options, sizeof own->options, NULL, mk->err));
    const bool by_column = own->options.column;
    if (by_column ? !mk->data : !mk->effects)
        return mpl__fail(mk->err, MPL_ERR_ARG, "there is nothing to combine: neither effects nor a column of p-values");
    const size_t most = by_column ? mk->data->n_rows : mk->effects->k;
    mk->studies = MPL_NEW(own->arena, mpl_pvalues_study, most + 1);
    if (!mk->studies)
        return mpl__fail_nomem(mk->err, "the p-values");
    own->studies = mk->studies;
    MPL_TRY(by_column ? take_column(mk) : take_effects(mk));
    if (own->k == 0)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "there is no p-value to combine");
    if (own->options.rank > own->k)
        return mpl__fail(mk->err, MPL_ERR_ARG, "rank %zu is beyond the %zu p-values", own->options.rank, own->k);
    MPL_TRY(take_weights(mk));
    MPL_TRY(combine(mk));
    own->notes = mk->notes.items;
    own->n_notes = mk->notes.n;
    return mk->notes.failed ? mpl__fail_nomem(mk->err, "the notes") : MPL_OK;
}

mpl_status mpl_pvalues_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_pvalues_options *options,
                           mpl_pvalues **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_pvalues *const own = MPL_NEW(keep, mpl_pvalues, 1);
    mpl_status s;
    if (own && scratch) {
        *own = (mpl_pvalues){ .data = data, .effects = effects, .arena = keep };
        if (options)
            own->options = *options;
        maker mk = { .data = data, .effects = effects, .own = own, .scratch = scratch, .notes = { .arena = keep },
                     .err = err };
        s = run(&mk);
    } else {
        s = mpl__fail_nomem(err, "the p-values");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = own;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_pvalues_free(mpl_pvalues *pvalues)
{
    if (pvalues)
        mpl__arena_free(pvalues->arena);
}
