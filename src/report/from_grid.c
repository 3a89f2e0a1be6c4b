/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same analysis for several values of one assumption: a row each. */
#include <string.h>

#include "base/error.h"
#include "report/pooled.h"

/* The groups of an analysis, then the whole of it. */
static void add_rows(mpl__table *t, double value, const mpl_analysis *a)
{
    for (size_t g = 0; a->subgroups && g < a->subgroups->n_groups; g++) {
        mpl__pooled row = mpl__pooled_of(a->effects->measure, a->subgroups->groups[g].fit);
        row.value = value;
        row.group = a->subgroups->groups[g].label;
        mpl__table_row(t, &row);
    }
    mpl__pooled row = mpl__pooled_of(a->effects->measure, a->fit);
    row.value = value;
    row.group = a->subgroups ? "overall" : NULL;
    mpl__table_row(t, &row);
}

static void add_grid(mpl__build *b, const char *key, const char *label, const double *values,
                     const mpl_analysis *analyses, size_t n)
{
    size_t n_stats, n_rows = n;
    const mpl__stat *pooled = mpl__pooled_stats(&n_stats) + MPL__POOLED_GROUP;
    n_stats -= MPL__POOLED_GROUP;
    mpl__stat *stats = MPL_NEW(b->arena, mpl__stat, n_stats + 1);
    if (!stats) {
        b->failed = true;
        return;
    }
    stats[0] = (mpl__stat)MPL__STAT("value", "Value", NUMBER, mpl__pooled, value);
    stats[0].column.key = key;
    memcpy(stats + 1, pooled, n_stats * sizeof *stats);
    for (size_t i = 0; i < n; i++)
        n_rows += analyses[i].subgroups ? analyses[i].subgroups->n_groups : 0;
    const mpl_report_table shape = { .key = "grid", .label = mpl__build_format(b, "Sensitivity to the %s", label),
                                     .row_type = "grid", .n_rows = n_rows };
    mpl__table t = mpl__build_table(b, shape, stats, n_stats + 1, 0);
    for (size_t i = 0; i < n; i++)
        add_rows(&t, values[i], &analyses[i]);
    mpl__pooled_label(&t, analyses[0].effects->measure, analyses[0].fit);
    mpl__table_label(&t, key, label);
    mpl__table_label(&t, "group", analyses[0].subgroups ? analyses[0].subgroups->column : NULL);
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
    mpl__part_provenance(&b, first, analyses[0].fit, analyses[0].subgroups, key);
    return mpl__build_done(&b, out, err);
}
