/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leave-one-out and cumulative results as a report. */
#include <math.h>
#include <string.h>

#include "report/format.h"
#include "report/pooled.h"

typedef struct refit_row {
    mpl__pooled p; /* first, so that its stats fit */
    mpl_refit refit;
} refit_row;

static const mpl__stat refit_stats[] = {
    MPL__STAT("label", "Left out", TEXT, refit_row, refit.label),
    MPL__STAT("row", NULL, COUNT, refit_row, refit.row),
    MPL__STAT("value", NULL, TEXT, refit_row, refit.value),
    MPL__STAT("n_changed", NULL, COUNT, refit_row, refit.n_changed),
    MPL__STAT("why", NULL, TEXT, refit_row, refit.why),
};

enum { N_REFIT = MPL__COUNT(refit_stats) };

static bool is_loo(const mpl_refits *r)
{
    return !strcmp(r->kind->id, "loo");
}

static size_t size_without(const mpl_refits *r, size_t i)
{
    size_t k = 0;
    if (is_loo(r))
        return r->fit->k - r->rows[i].n_changed;
    for (size_t j = 0; j <= i; j++)
        k += r->rows[j].n_changed;
    return k;
}

static refit_row row_at(const mpl_refits *r, size_t i)
{
    const mpl_fit *const fit = r->rows[i].fit;
    refit_row row = { .refit = r->rows[i] };
    row.p = fit ? mpl__pooled_of(r->effects->measure, fit) : mpl__pooled_none(size_without(r, i));
    return row;
}

static void label_columns(mpl__table *t, const mpl_refits *r)
{
    const mpl_report_column *const rows = t->columns;
    mpl__pooled_label(t, r->effects->measure, r->fit);
    if (!rows)
        return;
    if (!is_loo(r)) {
        mpl__table_label(t, "label", "Added");
        mpl__table_label(t, "value", r->column);
    } else if (r->column) {
        mpl__table_label(t, "label", r->column);
        mpl__table_label(t, "n_changed", "Left out");
    }
}

/* The rows, then all studies together. */
static void add_rows(mpl__build *b, const mpl_refits *r, bool is_listed, bool in_plot)
{
    size_t n_pooled;
    const mpl__stat *const pooled = mpl__pooled_stats(&n_pooled) + MPL__POOLED_RESULTS;
    n_pooled -= MPL__POOLED_RESULTS;
    mpl__stat *const stats = MPL_NEW(b->arena, mpl__stat, N_REFIT + n_pooled);
    if (!stats) {
        b->failed = true;
        return;
    }
    memcpy(stats, refit_stats, sizeof refit_stats);
    memcpy(stats + N_REFIT, pooled, n_pooled * sizeof *stats);
    mpl_report_table shape = { .key = "rows", .label = is_loo(r) ? "Pooled without each" : "Pooled after each",
                               .row_type = r->kind->id, .in_plot = in_plot, .not_text = !is_listed, .n_rows = r->n };
    mpl__table t = mpl__build_table(b, shape, stats, N_REFIT + n_pooled, 0);
    for (size_t i = 0; i < r->n; i++) {
        const refit_row row = row_at(r, i);
        mpl__table_row(&t, &row);
    }
    label_columns(&t, r);
    shape = (mpl_report_table){ .key = "overall", .row_type = "overall", .shape = MPL_TABLE_ONE, .not_text = true,
                                .n_rows = 1 };
    mpl__table all = mpl__build_table(b, shape, pooled, n_pooled, 0);
    const mpl__pooled overall = mpl__pooled_of(r->effects->measure, r->fit);
    mpl__table_row(&all, &overall);
}

/* ---- what a reader looks for in the rows */

typedef struct extremes {
    const mpl_refit *lowest, *highest;
    double low, high;
} extremes;

static extremes find_extremes(const mpl_refits *r)
{
    extremes e = { .low = NAN, .high = NAN };
    for (size_t i = 0; i < r->n; i++) {
        if (!r->rows[i].fit)
            continue;
        const double x = mpl__pooled_of(r->effects->measure, r->rows[i].fit).shown.x;
        if (!(x >= e.low)) {
            e.lowest = &r->rows[i];
            e.low = x;
        }
        if (!(x <= e.high)) {
            e.highest = &r->rows[i];
            e.high = x;
        }
    }
    return e;
}

static bool excludes(const mpl_fit *fit, double value)
{
    return fit->terms[0].ci_lb > value || fit->terms[0].ci_ub < value;
}

/* Labels of the rows whose interval tells otherwise than that of all studies. */
static void add_decision(mpl__build *b, const mpl_refits *r)
{
    const double null = r->effects->measure->null_value;
    const bool with = excludes(r->fit, null);
    const char *names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const mpl_fit *const fit = r->rows[i].fit;
        if (!fit || isnan(fit->terms[0].ci_lb) || excludes(fit, null) == with)
            continue;
        if (n++ < 5)
            names = names ? mpl__build_format(b, "%s; %s", names, r->rows[i].label) : r->rows[i].label;
    }
    mpl__build_number(b, "null_value", NULL, MPL_KIND_NUMBER, mpl_measure_display(r->effects->measure, null));
    mpl__build_number(b, "n_changing", NULL, MPL_KIND_COUNT, (double)n);
    mpl__build_number(b, "overall_excludes_null", NULL, MPL_KIND_BOOL, with);
    const char *const rest = n > 5 ? mpl__build_format(b, "%s and %zu more", names, n - 5) : names;
    mpl__build_text(b, "changing", NULL, rest);
    const char *const percent = mpl__percent(b, r->fit->level);
    if (n == 0)
        mpl__build_line(b, "Decision", mpl__build_format(b, "the %s CI %s {null_value} whichever is left out", percent,
                                                         with ? "excludes" : "includes"));
    else
        mpl__build_line(b, "Decision", mpl__build_format(b, "with all studies the %s CI %s {null_value}, but not "
                                                            "without: {changing}", percent,
                                                         with ? "excludes" : "includes"));
}

static void add_summary(mpl__build *b, const mpl_refits *r)
{
    const extremes e = find_extremes(r);
    if (!e.lowest || !is_loo(r))
        return;
    mpl__build_section(b, "range", NULL);
    mpl__build_text(b, "lowest_without", NULL, e.lowest->label);
    mpl__build_number(b, "display_lowest", NULL, MPL_KIND_EFFECT, e.low);
    mpl__build_text(b, "highest_without", NULL, e.highest->label);
    mpl__build_number(b, "display_highest", NULL, MPL_KIND_EFFECT, e.high);
    mpl__build_line(b, "Range", mpl__build_format(b, "%s from {display_lowest} without {lowest_without} to "
                                                     "{display_highest} without {highest_without}",
                                                  mpl__estimate_label(r->effects->measure)));
    if (!isnan(r->effects->measure->null_value) && !isnan(r->fit->terms[0].ci_lb))
        add_decision(b, r);
}

void mpl__part_refits(mpl__build *b, const mpl_refits *r, bool is_listed)
{
    mpl__build_section(b, NULL, NULL);
    add_rows(b, r, is_listed, false);
    add_summary(b, r);
}

mpl_status mpl_report_new_refits(const mpl_refits *r, const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = r->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &r->fit->options },
                                     { r->option_table, r->options } };
    const bool is_listed = mpl__format_needs_of(write, r->n).studies;
    mpl__build b;
    mpl__build_start(&b, r->kind->id, es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, r->fit);
    mpl__build_line(&b, "Method", "{description}");
    mpl__build_section(&b, NULL, NULL);
    mpl__build_text(&b, "column", NULL, r->column);
    add_rows(&b, r, is_listed, false);
    if (!is_listed)
        mpl__build_line(&b, NULL, "the rows are not listed here; --studies all lists them");
    add_summary(&b, r);
    mpl__notes notes = { .arena = b.arena };
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, r->fit->notes, r->fit->n_notes);
    mpl__note_add_all(&notes, r->notes, r->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, MPL__COUNT(sets), r->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
