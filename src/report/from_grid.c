/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same analysis for several values of one assumption: a row each. */
#include <string.h>

#include "base/error.h"
#include "report/pooled.h"

enum { MOST_STATS = 64 };

static void add_grid(mpl__build *b, const char *key, const char *label, const double *values,
                     const mpl_analysis *analyses, size_t n)
{
    size_t n_results;
    const mpl__stat *results = mpl__pooled_stats(&n_results) + MPL__POOLED_RESULTS;
    n_results -= MPL__POOLED_RESULTS;
    mpl__stat *stats = MPL_NEW(b->arena, mpl__stat, n_results + 1);
    if (!stats) {
        b->failed = true;
        return;
    }
    stats[0] = (mpl__stat)MPL__STAT("value", "Value", NUMBER, mpl__pooled, value);
    stats[0].column.key = key;
    memcpy(stats + 1, results, n_results * sizeof *stats);
    const mpl_report_table shape = { .key = "grid", .label = mpl__build_format(b, "Sensitivity to the %s", label),
                                     .row_type = "grid", .n_rows = n };
    mpl__table t = mpl__build_table(b, shape, stats, n_results + 1, 0);
    for (size_t i = 0; i < n; i++) {
        mpl__pooled row = mpl__pooled_of(analyses[i].effects->measure, analyses[i].fit);
        row.value = values[i];
        mpl__table_row(&t, &row);
    }
    mpl__pooled_label(&t, analyses[0].effects->measure, analyses[0].fit);
    mpl__table_label(&t, key, label);
}

static void add_excluded(mpl__build *b, const mpl_analysis *analyses, size_t n)
{
    const mpl_effects **effects = MPL_NEW(b->arena, const mpl_effects *, n);
    if (!effects) {
        b->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        effects[i] = analyses[i].effects;
    mpl__part_excluded(b, "excluded", effects, n);
}

mpl_status mpl_report_new_grid(const char *key, const char *label, const double *values, const mpl_analysis *analyses,
                               size_t n, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    if (n == 0)
        return mpl__fail(err, MPL_ERR_ARG, "a sensitivity table needs at least one value of the %s", label);
    const mpl_effects *first = analyses[0].effects;
    mpl__build b;
    mpl__build_start(&b, "grid", first->info->title ? first->info->title : first->data_name);
    mpl__part_data(&b, first->info, first->data_name);
    mpl__part_effects(&b, first);
    mpl__part_model(&b, analyses[0].fit);
    mpl__build_line(&b, "Method", "{description}");
    mpl__build_section(&b, NULL, NULL);
    add_grid(&b, key, label, values, analyses, n);
    mpl__part_notes(&b, "note", &analyses[0], key);
    add_excluded(&b, analyses, n);
    mpl__part_provenance(&b, first, analyses[0].fit, NULL, key);
    return mpl__build_done(&b, out, err);
}
