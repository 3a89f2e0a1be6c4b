/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forest plot: one row per study, then what was pooled from them, by subgroup and over all. */
#include "plot/rows.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "effect/order.h"
#include "model/fit_impl.h"
#include "num/dist.h"
#include <metapool/regress.h>

enum { MOST_EXCLUDED = 10 };

typedef struct builder {
    mpl__rows r;
    const mpl_analysis *analysis;
    mpl__arena *keep;
    const size_t *order;    /* [k] studies in the order shown */
    const size_t *group_of; /* [k] SIZE_MAX = none */
    double largest;         /* weight */
    size_t n_unusable;
    const mpl_design *design; /* of a meta-regression; NULL = none */
} builder;

static const mpl_option models_table[] = {
    { .name = "models", MPL_MEMBER(TEXT, mpl_models_options, models), .arg = "METHODS",
      .help = "pooled estimates of more methods below the first, e.g. EE,DL", .since = "0.1.0" },
    { .name = "mods", MPL_MEMBER(TEXT, mpl_models_options, mods), .arg = "FORMULA",
      .help = "moderators, as for 'metapool regress': also shows the value of the model for each study",
      .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_models_option_table(void)
{
    return models_table;
}

static const mpl__plot_group models_group = MPL__PLOT_GROUP(mpl_models_option_table, models);

/* ---- rows ---- */

static mpl__values values_of(const builder *b, const mpl_plot_row *row, size_t i)
{
    const mpl_effects *const es = b->analysis->effects;
    const double null = es->measure->null_value, se = sqrt(es->vi[i]);
    return (mpl__values){ .x = row->x, .lb = row->lb, .ub = row->ub, .se = se,
                          .p = 2 * mpl__norm_p(fabs(es->yi[i] - null) / se, MPL__UPPER),
                          .weight = b->analysis->fit->weights ? b->analysis->fit->weights[i] : (double)NAN,
                          .tau2 = (double)NAN, .i2 = (double)NAN, .k = (double)NAN };
}

/* What the model says about a study, with the interval of its mean. */
static void add_fitted(builder *b, mpl_plot_row *row, size_t i)
{
    const mpl_fit *const fit = b->analysis->fit;
    const double *const x = b->design ? b->design->x + i * fit->p : NULL;
    double variance = 0;
    if (!x || !fit->fitted || !fit->vb)
        return;
    for (size_t j = 0; j < fit->p; j++)
        for (size_t l = 0; l < fit->p; l++)
            variance += x[j] * fit->vb[j * fit->p + l] * x[l];
    const double half = mpl__t_q((1 - fit->level) / 2, mpl__fit_df(fit, x), MPL__UPPER) * sqrt(variance);
    row->fit_x = fit->fitted[i];
    row->fit_lb = fit->fitted[i] - half;
    row->fit_ub = fit->fitted[i] + half;
    mpl_measure_display_interval(b->analysis->effects->measure, fit->tau2, &row->fit_x, &row->fit_lb, &row->fit_ub);
}

static void add_study(builder *b, size_t i)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_study_interval at = mpl_effects_interval(es, i, b->analysis->fit->level);
    const double weight = b->analysis->fit->weights ? b->analysis->fit->weights[i] : (double)NAN;
    const char **cells;
    mpl_plot_row *const row = mpl__rows_add(&b->r, MPL_ROW_STUDY, &cells);
    row->study = i;
    row->area = weight > 0 && b->largest > 0 ? weight / b->largest : 0;
    row->mark = MPL_MARK_SQUARE;
    row->x = at.display_yi;
    row->lb = at.display_ci_lb;
    row->ub = at.display_ci_ub;
    add_fitted(b, row, i);
    const mpl__values values = values_of(b, row, i);
    for (size_t j = 0; j < b->r.n_fields; j++) {
        const mpl__field *const f = &b->r.fields[j];
        if (f->kind == MPL__FIELD_STUDY)
            cells[j] = mpl__plot_text(b->keep, es->slab[i]);
        else if (mpl__field_is_value(f))
            cells[j] = mpl__field_value(f, b->r.look, &values, b->keep);
        else if (f->kind == MPL__FIELD_SIZE)
            cells[j] = mpl__field_size(f, es->ni[i], b->keep);
        else
            cells[j] = mpl__field_cell(f, es->index[i], b->keep);
        mpl__rows_checked(&b->r, cells[j]);
    }
}

/* A pooled estimate of the n studies with these indices. */
static void add_summary(builder *b, const mpl_fit *fit, const char *label, const size_t *index, size_t n)
{
    const char **cells;
    mpl__rows_mean(&b->r, MPL_ROW_SUMMARY, MPL_MARK_DIAMOND, fit, label, index, n, &cells);
}

static void add_prediction(builder *b)
{
    const mpl_fit *const fit = b->analysis->fit;
    if (isnan(fit->pi_lb) || isnan(fit->pi_ub))
        return;
    const char **cells;
    mpl_plot_row *const row = mpl__rows_add(&b->r, MPL_ROW_PREDICTION, &cells);
    mpl__rows_place(&b->r, row, MPL_MARK_BAR, NAN, (double)NAN, fit->pi_lb, fit->pi_ub);
    const double none = (double)NAN;
    const mpl__values values = { none, row->lb, row->ub, none, none, none, none, none, none };
    for (size_t j = 0; j < b->r.n_fields; j++) {
        const mpl__field *const f = &b->r.fields[j];
        const bool is_interval = f->kind == MPL__FIELD_ESTIMATE || f->kind == MPL__FIELD_CI;
        cells[j] = j == 0        ? "Prediction interval"
                   : is_interval ? mpl__rows_checked(&b->r, mpl__field_value(f, b->r.look, &values, b->keep))
                                 : "";
    }
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
    const char *const label = mpl__rows_checked(&b->r, mpl__plot_text(b->keep, group->label));
    if (b->r.options->forest.no_studies) {
        const char *const text = label ? mpl__arena_format(b->keep, "%s (k = %zu)", label, group->k) : NULL;
        add_summary(b, group->fit, mpl__rows_checked(&b->r, text), group->index, group->k);
        return;
    }
    mpl__rows_text(&b->r, MPL_ROW_HEADING, label);
    add_studies(b, g);
    add_summary(b, group->fit, mpl__rows_pattern(&b->r, b->r.look->subtotal, group->k), group->index, group->k);
    mpl__rows_heterogeneity(&b->r, group->fit);
    mpl__rows_text(&b->r, MPL_ROW_BLANK, "");
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
    if (b->r.options->forest.no_studies) {
        mpl__rows_text(&b->r, MPL_ROW_BLANK, "");
    } else if (left) {
        const char *const column = mpl__rows_checked(&b->r, mpl__plot_text(b->keep, sub->column));
        mpl__rows_text(&b->r, MPL_ROW_HEADING, mpl__arena_format(b->keep, "No value of %s", column ? column : ""));
        add_studies(b, SIZE_MAX);
        mpl__rows_text(&b->r, MPL_ROW_BLANK, "");
    }
}

/* ---- studies that are not pooled ---- */

static void add_excluded_row(builder *b, const mpl_exclusion *e)
{
    const mpl_dataset *const data = b->analysis->data;
    const size_t at = data ? mpl__plot_find_row(data, e->row) : 0;
    const size_t n = b->r.n_fields;
    const char **cells;
    mpl__rows_add(&b->r, MPL_ROW_EXCLUDED, &cells);
    for (size_t j = 0; j < n; j++) {
        const mpl__field *const f = &b->r.fields[j];
        if (f->kind == MPL__FIELD_STUDY)
            cells[j] = mpl__rows_checked(&b->r, mpl__plot_text(b->keep, e->study));
        else if (data && f->kind >= MPL__FIELD_CELL && !f->column.right_of_marks)
            cells[j] = mpl__rows_checked(&b->r, mpl__field_cell(f, at, b->keep));
    }
    const char *const reason = mpl__rows_checked(&b->r, mpl__plot_text(b->keep, e->reason));
    cells[n - 1] = n > 1 ? reason
                         : mpl__rows_checked(&b->r, mpl__arena_format(b->keep, "%s: %s", e->study, reason));
}

/* Studies that cannot be used; what a filter removed is only counted. */
static void add_excluded(builder *b)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_dataset *const data = b->analysis->data;
    if (b->n_unusable == 0 || b->r.options->forest.no_studies)
        return;
    mpl__rows_text(&b->r, MPL_ROW_BLANK, "");
    if (b->n_unusable > MOST_EXCLUDED) {
        mpl__rows_text(&b->r, MPL_ROW_TEXT,
                       mpl__arena_format(b->keep, "Not pooled: %zu studies; the report lists them with the reasons",
                                         b->n_unusable));
        return;
    }
    mpl__rows_text(&b->r, MPL_ROW_HEADING, "Not pooled");
    for (size_t i = 0; i < es->n_excluded; i++)
        if (!data || mpl__plot_find_row(data, es->excluded[i].row) < data->n_rows)
            add_excluded_row(b, &es->excluded[i]);
}

/* "Common effect (EE)" */
static const char *model_label(builder *b, const mpl_fit *fit)
{
    const char *const how = strstr(mpl__fields_pooling(fit), "Fixed") ? "Common effect" : "Random effects";
    return mpl__rows_checked(&b->r, mpl__arena_format(b->keep, "%s (%s)", how, fit->method->id));
}

/* More ways to pool the same studies. */
static mpl_status add_models(builder *b, mpl_error *err)
{
    const mpl_analysis *const an = b->analysis;
    const char *const list = b->r.options->models.models;
    if (!list)
        return MPL_OK;
    if (an->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "--models: a meta-regression has no pooled estimate to compare with others");
    for (const char *s = list; *s;) {
        const size_t n = strcspn(s, ",");
        const mpl_fit_options options = { .method = mpl__arena_copyn(b->keep, s, n), .level = an->fit->level,
                                          .profile = an->fit->options.profile };
        const char **cells;
        mpl_fit *fit;
        if (!options.method)
            return mpl__fail_nomem(err, "the models");
        MPL_TRY(mpl__within(err, mpl_fit_new(an->effects, NULL, &options, &fit, err), "--models"));
        mpl__rows_mean(&b->r, MPL_ROW_SUMMARY, MPL_MARK_DIAMOND, fit, model_label(b, fit), NULL, 0, &cells);
        mpl_fit_free(fit);
        s += n + (s[n] == ',');
    }
    return MPL_OK;
}

static mpl_status add_overall(builder *b, mpl_error *err)
{
    const mpl_analysis *const an = b->analysis;
    if (an->fit->p == 1) {
        const char *const label = b->r.options->models.models
                                      ? model_label(b, an->fit)
                                      : mpl__rows_pattern(&b->r, b->r.look->total, an->effects->k);
        b->r.plot->overall = b->r.n_rows;
        add_summary(b, an->fit, label, b->order, an->effects->k);
        add_prediction(b);
    }
    MPL_TRY(add_models(b, err));
    mpl__rows_heterogeneity(&b->r, an->fit);
    mpl__rows_tests(&b->r);
    return MPL_OK;
}

/* ---- the whole ---- */

static mpl_status order_studies(builder *b, mpl__arena *scratch, mpl_error *err)
{
    const mpl_analysis *const an = b->analysis;
    const mpl_subgroups *const sub = an->subgroups;
    const size_t k = an->effects->k;
    const char *const by = b->r.options->forest.sort;
    mpl__order_key *const keys = MPL_NEW(scratch, mpl__order_key, k);
    size_t *const order = MPL_NEW(scratch, size_t, k), *const group_of = MPL_NEW(scratch, size_t, k);
    if (!keys || !order || !group_of)
        return mpl__fail_nomem(err, "the order of the studies");
    MPL_TRY(mpl__order_read(an->data, an->effects, false, an->fit->weights, by, "--sort", keys, err));
    if (by)
        qsort(keys, k, sizeof *keys, mpl__order_compare);
    for (size_t i = 0; i < k; i++) {
        order[i] = keys[i].index;
        group_of[i] = SIZE_MAX;
    }
    for (size_t g = 0; sub && g < sub->n_groups; g++)
        for (size_t i = 0; i < sub->groups[g].k; i++)
            group_of[sub->groups[g].index[i]] = g;
    b->order = order;
    b->group_of = group_of;
    return MPL_OK;
}

static void count_excluded(builder *b)
{
    const mpl_effects *const es = b->analysis->effects;
    const mpl_dataset *const data = b->analysis->data;
    for (size_t i = 0; i < es->n_excluded; i++)
        if (!data || mpl__plot_find_row(data, es->excluded[i].row) < data->n_rows)
            b->n_unusable++;
}

static mpl_status make(const mpl_analysis *analysis, const mpl_regression *regression, const mpl_plot_options *options,
                       mpl_plot *plot, mpl__arena *scratch, mpl_error *err)
{
    builder b = { .analysis = analysis, .keep = plot->arena, .design = regression ? regression->design : NULL };
    const char *note = NULL;
    MPL_TRY(mpl__rows_start(&b.r, analysis, options, plot, scratch, NULL, NULL, err));
    MPL_TRY(order_studies(&b, scratch, err));
    count_excluded(&b);
    for (size_t i = 0; analysis->fit->weights && i < analysis->effects->k; i++)
        b.largest = fmax(b.largest, analysis->fit->weights[i]);
    if (analysis->subgroups)
        add_groups(&b);
    else if (!options->forest.no_studies)
        add_studies(&b, SIZE_MAX);
    MPL_TRY(add_overall(&b, err));
    add_excluded(&b);
    if (regression)
        note = mpl__rows_checked(&b.r, mpl__arena_format(b.keep, "Meta-regression on %s.", options->models.mods));
    return mpl__rows_finish(&b.r, &note, regression != NULL, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    const mpl_regress_options regress = { .mods = options->models.mods };
    mpl_regression *regression;
    if (!regress.mods)
        return make(analysis, NULL, options, plot, scratch, err);
    if (!analysis->data || analysis->subgroups)
        return mpl__fail(err, MPL_ERR_ARG, "--mods: a meta-regression needs the dataset that has the moderators, and "
                                           "no subgroups");
    MPL_TRY(mpl_regress_new(analysis->data, analysis->effects, &analysis->fit->options, &regress, &regression, err));
    const mpl_analysis view = { .data = analysis->data, .effects = regression->effects, .fit = regression->fit };
    const mpl_status s = make(&view, regression, options, plot, scratch, err);
    mpl_regress_free(regression);
    return s;
}

const mpl__plot_def mpl__plot_forest = {
    .method = { .id = "forest",
                .title = "studies with their intervals, and what was pooled from them",
                .cite = "Lewis & Clarke 2001, BMJ 322:1479-1480" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, &models_group, NULL },
    .build = build,
};
