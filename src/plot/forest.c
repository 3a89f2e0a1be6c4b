/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forest plot: one row per study, then what was pooled from them, by subgroup and over all. */
#include "plot/forest.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plot/axis.h"
#include "plot/fields.h"

enum { MOST_EXCLUDED = 10, ROWS_OF_GROUP = 4, ROWS_OF_ALL = 8 };

typedef struct builder {
    const mpl_analysis *analysis;
    const mpl_plot_options *options;
    mpl_plot *plot;
    mpl__arena *keep;
    const mpl__field *fields;
    size_t n_fields;
    mpl_plot_row *rows;
    const char **cells;     /* [rows x n_fields] */
    size_t n_rows;
    const size_t *order;    /* [k] studies in the order shown */
    const size_t *group_of; /* [k] SIZE_MAX = none */
    double largest;         /* weight */
    size_t n_unusable;
    bool failed;
} builder;

static mpl_plot_row *add_row(builder *b, mpl_row_kind kind, const char ***cells)
{
    mpl_plot_row *const row = &b->rows[b->n_rows];
    *cells = b->cells + b->n_rows++ * b->n_fields;
    *row = (mpl_plot_row){ .kind = kind, .cells = *cells, .x = (double)NAN, .lb = (double)NAN, .ub = (double)NAN };
    return row;
}

static const char *checked(builder *b, const char *text)
{
    b->failed = b->failed || !text;
    return text;
}

static void add_text(builder *b, mpl_row_kind kind, const char *text)
{
    const char **cells;
    add_row(b, kind, &cells);
    cells[0] = checked(b, text);
}

/* From the scale of analysis. tau2 is that around a mean, NaN for a prediction. */
static void place(builder *b, mpl_plot_row *row, mpl_mark mark, double tau2, double x, double lb, double ub)
{
    row->mark = mark;
    row->x = x;
    row->lb = lb;
    row->ub = ub;
    mpl_measure_display_interval(b->analysis->effects->measure, tau2, &row->x, &row->lb, &row->ub);
}

static const char *interval(builder *b, const mpl_plot_row *row)
{
    return checked(b, mpl__forest_interval(b->keep, row->x, row->lb, row->ub, b->options->forest.digits));
}

static void add_study(builder *b, size_t i)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_study_interval at = mpl_effects_interval(es, i, b->analysis->fit->level);
    const double weight = b->analysis->fit->weights ? b->analysis->fit->weights[i] : (double)NAN;
    const char **cells;
    mpl_plot_row *const row = add_row(b, MPL_ROW_STUDY, &cells);
    row->study = i;
    row->area = weight > 0 && b->largest > 0 ? weight / b->largest : 0;
    row->mark = MPL_MARK_SQUARE;
    row->x = at.display_yi;
    row->lb = at.display_ci_lb;
    row->ub = at.display_ci_ub;
    for (size_t j = 0; j < b->n_fields; j++) {
        const mpl__field *const f = &b->fields[j];
        if (f->kind == MPL__FIELD_STUDY)
            cells[j] = mpl__plot_text(b->keep, es->slab[i]);
        else if (f->kind == MPL__FIELD_ESTIMATE)
            cells[j] = interval(b, row);
        else if (f->kind == MPL__FIELD_WEIGHT)
            cells[j] = mpl__plot_number(b->keep, weight, 1);
        else if (f->kind == MPL__FIELD_SIZE)
            cells[j] = mpl__plot_number(b->keep, es->ni[i], 0);
        else
            cells[j] = mpl__field_cell(f, es->index[i], b->keep);
        checked(b, cells[j]);
    }
}

/* A pooled estimate of the n studies with these indices. */
static void add_summary(builder *b, const mpl_fit *fit, const char *name, const size_t *index, size_t n)
{
    const mpl_term *const mean = &fit->terms[0];
    const double *const weights = b->analysis->fit->weights;
    double weight = 0;
    for (size_t i = 0; weights && i < n; i++)
        weight += weights[index[i]];
    const char **cells;
    mpl_plot_row *const row = add_row(b, MPL_ROW_SUMMARY, &cells);
    place(b, row, MPL_MARK_DIAMOND, fit->tau2, mean->estimate, mean->ci_lb, mean->ci_ub);
    for (size_t j = 0; j < b->n_fields; j++) {
        const mpl__field *const f = &b->fields[j];
        if (f->kind == MPL__FIELD_STUDY)
            cells[j] = mpl__arena_format(b->keep, "%s (k = %zu)", name, n);
        else if (f->kind == MPL__FIELD_ESTIMATE)
            cells[j] = interval(b, row);
        else if (f->kind == MPL__FIELD_WEIGHT)
            cells[j] = weights ? mpl__plot_number(b->keep, weight, 1) : "";
        else
            cells[j] = mpl__field_total(f, b->analysis->effects, index, n, b->keep);
        checked(b, cells[j]);
    }
}

static void add_prediction(builder *b)
{
    const mpl_fit *const fit = b->analysis->fit;
    if (isnan(fit->pi_lb) || isnan(fit->pi_ub))
        return;
    const char **cells;
    mpl_plot_row *const row = add_row(b, MPL_ROW_PREDICTION, &cells);
    place(b, row, MPL_MARK_BAR, NAN, (double)NAN, fit->pi_lb, fit->pi_ub);
    for (size_t j = 0; j < b->n_fields; j++)
        cells[j] = b->fields[j].kind == MPL__FIELD_STUDY      ? "Prediction interval"
                   : b->fields[j].kind == MPL__FIELD_ESTIMATE ? interval(b, row)
                                                              : "";
}

static void add_studies(builder *b, size_t group)
{
    for (size_t i = 0; i < b->analysis->effects->k; i++)
        if (b->group_of[b->order[i]] == group)
            add_study(b, b->order[i]);
}

static void add_group(builder *b, size_t g)
{
    const mpl_group *const group = &b->analysis->subgroups->groups[g];
    const char *const label = checked(b, mpl__plot_text(b->keep, group->label));
    if (b->options->forest.no_studies) {
        add_summary(b, group->fit, label ? label : "", group->index, group->k);
        return;
    }
    add_text(b, MPL_ROW_HEADING, label);
    add_studies(b, g);
    add_summary(b, group->fit, "Subgroup", group->index, group->k);
    add_text(b, MPL_ROW_TEXT, mpl__forest_heterogeneity(b->keep, group->fit));
    add_text(b, MPL_ROW_BLANK, "");
}

static void add_groups(builder *b)
{
    const mpl_subgroups *const sub = b->analysis->subgroups;
    const mpl_effects *const es = b->analysis->effects;
    for (size_t g = 0; g < sub->n_groups; g++)
        add_group(b, g);
    size_t left = 0;
    for (size_t i = 0; i < es->k; i++)
        left += b->group_of[i] == SIZE_MAX;
    if (b->options->forest.no_studies) {
        add_text(b, MPL_ROW_BLANK, "");
    } else if (left) {
        const char *const column = checked(b, mpl__plot_text(b->keep, sub->column));
        add_text(b, MPL_ROW_HEADING, mpl__arena_format(b->keep, "No value of %s", column ? column : ""));
        add_studies(b, SIZE_MAX);
        add_text(b, MPL_ROW_BLANK, "");
    }
}

static void add_excluded_row(builder *b, const mpl_exclusion *e)
{
    const mpl_dataset *const data = b->analysis->data;
    const size_t at = data ? mpl__plot_find_row(data, e->row) : 0;
    const char **cells;
    add_row(b, MPL_ROW_EXCLUDED, &cells);
    for (size_t j = 0; j < b->n_fields; j++) {
        const mpl__field *const f = &b->fields[j];
        if (f->kind == MPL__FIELD_STUDY)
            cells[j] = checked(b, mpl__plot_text(b->keep, e->study));
        else if (data && (f->kind == MPL__FIELD_CELL || f->kind == MPL__FIELD_RATIO) && !f->column.right_of_marks)
            cells[j] = checked(b, mpl__field_cell(f, at, b->keep));
    }
    const char *const reason = checked(b, mpl__plot_text(b->keep, e->reason));
    cells[b->n_fields - 1] = b->n_fields > 1 ? reason
                                             : checked(b, mpl__arena_format(b->keep, "%s: %s", e->study, reason));
}

/* Studies that cannot be used; what a filter removed is only counted. */
static void add_excluded(builder *b)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_dataset *const data = b->analysis->data;
    if (b->n_unusable == 0 || b->options->forest.no_studies)
        return;
    add_text(b, MPL_ROW_BLANK, "");
    if (b->n_unusable > MOST_EXCLUDED) {
        add_text(b, MPL_ROW_TEXT, mpl__arena_format(b->keep, "Not pooled: %zu studies; the report lists them with the "
                                                             "reasons", b->n_unusable));
        return;
    }
    add_text(b, MPL_ROW_HEADING, "Not pooled");
    for (size_t i = 0; i < es->n_excluded; i++)
        if (!data || mpl__plot_find_row(data, es->excluded[i].row) < data->n_rows)
            add_excluded_row(b, &es->excluded[i]);
}

static void add_overall(builder *b)
{
    const mpl_analysis *const an = b->analysis;
    bool none;
    if (an->fit->p == 1) {
        b->plot->overall = b->n_rows;
        add_summary(b, an->fit, "Overall", b->order, an->effects->k);
        add_prediction(b);
    }
    add_text(b, MPL_ROW_TEXT, mpl__forest_heterogeneity(b->keep, an->fit));
    if (an->fit->p == 1) {
        const char *const test = mpl__forest_overall_test(b->keep, an->effects->measure, an->fit, &none);
        if (!none)
            add_text(b, MPL_ROW_TEXT, test);
    }
    if (an->subgroups) {
        const char *const test = mpl__forest_between_test(b->keep, an->subgroups, &none);
        if (!none)
            add_text(b, MPL_ROW_TEXT, test);
    }
}

/* ---- order ---- */

typedef struct key {
    double number;    /* NaN = missing, last */
    const char *text; /* instead of a number */
    int sign;
    size_t index;
} key;

static int by_key(const void *a, const void *b)
{
    const key *const x = a, *const y = b;
    int c = 0;
    if (x->text && y->text)
        c = strcmp(x->text, y->text) * x->sign;
    else if (!isnan(x->number) && !isnan(y->number))
        c = ((x->number > y->number) - (x->number < y->number)) * x->sign;
    else
        c = (isnan(x->number) && !x->text) - (isnan(y->number) && !y->text);
    return c ? c : (x->index > y->index) - (x->index < y->index);
}

/* What `name` says about each study: yi, vi, weight, else a column of the dataset. */
static mpl_status read_keys(const builder *b, const char *name, key *keys, mpl_error *err)
{
    const mpl_effects *const es = b->analysis->effects;
    const struct { const char *name; const double *x; } own[] = {
        { "yi", es->yi }, { "vi", es->vi }, { "weight", b->analysis->fit->weights }
    };
    const double *x = NULL;
    const mpl_column *column = NULL;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0)
            x = own[i].x;
    if (!x) {
        if (!b->analysis->data)
            return mpl__fail(err, MPL_ERR_ARG, "--sort: there is no dataset to take the column '%s' from", name);
        MPL_TRY(mpl__within(err, mpl_dataset_get(b->analysis->data, name, &column, err), "--sort"));
    }
    for (size_t i = 0; i < es->k; i++) {
        keys[i].number = x ? x[i] : column->number ? column->number[es->index[i]] : (double)NAN;
        keys[i].text = column && !column->is_number ? column->text[es->index[i]] : NULL;
    }
    return MPL_OK;
}

static mpl_status order_studies(builder *b, mpl__arena *scratch, mpl_error *err)
{
    const mpl_subgroups *const sub = b->analysis->subgroups;
    const size_t k = b->analysis->effects->k;
    const char *const by = b->options->forest.sort;
    key *const keys = MPL_NEW(scratch, key, k);
    size_t *const order = MPL_NEW(scratch, size_t, k), *const group_of = MPL_NEW(scratch, size_t, k);
    if (!keys || !order || !group_of)
        return mpl__fail_nomem(err, "the order of the studies");
    for (size_t i = 0; i < k; i++) {
        keys[i] = (key){ .number = (double)i, .sign = by && *by == '-' ? -1 : 1, .index = i };
        group_of[i] = SIZE_MAX;
    }
    if (by) {
        MPL_TRY(read_keys(b, by + (*by == '-'), keys, err));
        qsort(keys, k, sizeof *keys, by_key);
    }
    for (size_t i = 0; i < k; i++)
        order[i] = keys[i].index;
    for (size_t g = 0; sub && g < sub->n_groups; g++)
        for (size_t i = 0; i < sub->groups[g].k; i++)
            group_of[sub->groups[g].index[i]] = g;
    b->order = order;
    b->group_of = group_of;
    return MPL_OK;
}

/* ---- the whole ---- */

static void count_excluded(builder *b)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_dataset *const data = b->analysis->data;
    for (size_t i = 0; i < es->n_excluded; i++)
        if (!data || mpl__plot_find_row(data, es->excluded[i].row) < data->n_rows)
            b->n_unusable++;
}

static mpl_status start(builder *b, mpl__arena *scratch, mpl_error *err)
{
    const mpl_analysis *const an = b->analysis;
    mpl__field *fields;
    MPL_TRY(mpl__fields_choose(an, b->options, b->keep, &fields, &b->n_fields, err));
    b->fields = fields;
    MPL_TRY(order_studies(b, scratch, err));
    count_excluded(b);
    for (size_t i = 0; an->fit->weights && i < an->effects->k; i++)
        b->largest = fmax(b->largest, an->fit->weights[i]);
    const size_t n_studies = b->options->forest.no_studies ? 0 : an->effects->k;
    const size_t n = n_studies + MOST_EXCLUDED + ROWS_OF_ALL +
                     (an->subgroups ? ROWS_OF_GROUP * (an->subgroups->n_groups + 1) : 0);
    mpl_plot_column *const columns = MPL_NEW(b->keep, mpl_plot_column, b->n_fields);
    b->rows = MPL_NEW(b->keep, mpl_plot_row, n);
    b->cells = MPL_NEW(b->keep, const char *, n * b->n_fields);
    if (!columns || !b->rows || !b->cells)
        return mpl__fail_nomem(err, "the rows of the figure");
    for (size_t j = 0; j < b->n_fields; j++)
        columns[j] = fields[j].column;
    b->plot->columns = columns;
    b->plot->n_columns = b->n_fields;
    return MPL_OK;
}

static void set_axis(builder *b)
{
    const mpl_measure *const m = b->analysis->effects->measure;
    mpl_plot_axis *const axis = &b->plot->axis;
    axis->scale = m->transform && m->transform->is_ratio ? MPL_SCALE_LOG : MPL_SCALE_LINEAR;
    axis->null_value = isnan(m->null_value) ? m->null_value : mpl_measure_display(m, m->null_value);
    axis->label = checked(b, axis->scale ? mpl__arena_format(b->keep, "%s (log scale)", m->label)
                                          : mpl__arena_copy(b->keep, m->label));
    if (b->options->forest.favours_left && *b->options->forest.favours_left)
        axis->favours_left = checked(b, mpl__plot_text(b->keep, b->options->forest.favours_left));
    if (b->options->forest.favours_right && *b->options->forest.favours_right)
        axis->favours_right = checked(b, mpl__plot_text(b->keep, b->options->forest.favours_right));
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    builder b = { .analysis = analysis, .options = options, .plot = plot, .keep = plot->arena };
    MPL_TRY(start(&b, scratch, err));
    set_axis(&b);
    if (analysis->subgroups)
        add_groups(&b);
    else if (!options->forest.no_studies)
        add_studies(&b, SIZE_MAX);
    add_overall(&b);
    add_excluded(&b);
    if (b.failed)
        return mpl__fail_nomem(err, "the rows of the figure");
    plot->rows = b.rows;
    plot->n_rows = b.n_rows;
    MPL_TRY(mpl__axis_choose(plot, b.rows, options->xlim, scratch, err));
    return mpl__forest_caption(analysis, options, plot, err);
}

const mpl__plot_def mpl__plot_forest = {
    .method = { .id = "forest",
                .title = "studies with their intervals, and what was pooled from them",
                .cite = "Lewis & Clarke 2001, BMJ 322:1479-1480" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, NULL },
    .build = build,
};
