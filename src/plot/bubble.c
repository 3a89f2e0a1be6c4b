/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bubble plot: effects against a moderator, with the regression line, its confidence band and the prediction band. */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include <metapool/regress.h>
#include "base/error.h"
#include "model/regress_impl.h"

enum { STEPS = 60 };

static const mpl_option table[] = {
    { .name = "mods", MPL_MEMBER(TEXT, mpl_bubble_options, mods), .arg = "FORMULA",
      .help = "moderators of the regression, as for 'metapool regress'", .since = "0.1.0" },
    { .name = "along", MPL_MEMBER(TEXT, mpl_bubble_options, along), .arg = "COLUMN",
      .help = "the horizontal axis: a column of numbers, with a factor as in --predict-grid; else the first number",
      .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_bubble_option_table(void)
{
    return table;
}

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_bubble_option_table, bubble);

/* The band between two limits of the points from `first` to `end`; limits that are not known leave it out. */
static mpl_status add_band(mpl__chart *c, mpl__panel *panel, const mpl_curve *curve, size_t first, size_t end, bool pi,
                           mpl_error *err)
{
    mpl__text t = { 0 };
    mpl__plot_add_percent(&t, c->analysis->fit->level);
    mpl__text_add(&t, pi ? " prediction band" : " confidence band");
    const char *const label = mpl__plot_keep(c->keep, &t);
    const size_t n = end - first;
    mpl__curve *area;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    const mpl_series_kind kind = pi ? MPL_SERIES_LINE : MPL_SERIES_AREA;
    MPL_TRY(mpl__chart_add(c, panel, kind, pi ? "pi" : "ci", label, 2 * n + pi, &area, err));
    for (size_t i = 0; i < n; i++) {
        const mpl_prediction *const at = &curve->points[first + i].at;
        const size_t back = area->s.n - 1 - i;
        area->x[i] = area->x[back] = curve->points[first + i].x;
        area->y[i] = mpl__chart_effect(c, pi ? at->pi_lb : at->ci_lb);
        area->y[back] = mpl__chart_effect(c, pi ? at->pi_ub : at->ci_ub);
    }
    area->s.tint = pi ? 0 : 0.85;
    area->s.dash = MPL_DASH_DOTTED;
    area->loose = pi;
    return MPL_OK;
}

static mpl_status add_line(mpl__chart *c, mpl__panel *panel, const mpl_curve *curve, size_t first, size_t end,
                           size_t which, mpl_error *err)
{
    const char *const level = curve->points[first].group;
    const char *const label = level ? mpl__plot_text(c->keep, level) : "Regression";
    mpl__curve *line;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "fit", label, end - first, &line, err));
    for (size_t i = first; i < end; i++) {
        line->x[i - first] = curve->points[i].x;
        line->y[i - first] = mpl__chart_effect(c, curve->points[i].at.estimate);
    }
    line->s.thickness = 1.2;
    line->s.hue = level ? which + 1 : 0;
    line->s.dash = (mpl_dash)(which % 3);
    return MPL_OK;
}

static mpl_status make(mpl__chart *c, const mpl_regression *regression, const mpl_curve *curve, mpl_error *err)
{
    const mpl_column *column;
    mpl__panel *panel;
    mpl__curve *studies;
    MPL_TRY(mpl_dataset_get(c->analysis->data, curve->column, &column, err));
    MPL_TRY(mpl__chart_panel(c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(c, &panel->p.y, err));
    panel->p.x.label = mpl__plot_text(c->keep, curve->column);
    if (!panel->p.x.label)
        return mpl__fail_nomem(err, "the axis");
    size_t groups = 0, end;
    for (size_t first = 0; first < curve->n; first = end, groups++) {
        for (end = first + 1; end < curve->n && curve->points[end].group == curve->points[first].group;)
            end++;
        if (end - first < curve->n) /* bands of several levels would hide each other */
            continue;
        MPL_TRY(add_band(c, panel, curve, first, end, false, err));
        MPL_TRY(add_band(c, panel, curve, first, end, true, err));
    }
    MPL_TRY(mpl__chart_rule(c, panel, "null", "No effect", (double)NAN, panel->p.y.null_value, MPL_DASH_DOTTED, err));
    panel->last->s.tint = 0.5;
    groups = 0;
    for (size_t first = 0; first < curve->n; first = end, groups++) {
        for (end = first + 1; end < curve->n && curve->points[end].group == curve->points[first].group;)
            end++;
        MPL_TRY(add_line(c, panel, curve, first, end, groups, err));
    }
    MPL_TRY(mpl__chart_studies(c, panel, "Study, area by weight", true, &studies, err));
    studies->s.size = 1.8;
    studies->s.hollow = true;
    for (size_t i = 0; i < regression->effects->k; i++) {
        studies->x[i] = column->number ? column->number[regression->effects->index[i]] : (double)NAN;
        studies->y[i] = mpl__chart_effect(c, regression->effects->yi[i]);
    }
    const char *notes[2];
    size_t n = 0;
    notes[n++] = mpl__arena_format(c->keep, "Meta-regression on %s.", regression->options.mods);
    if (curve->held && *curve->held)
        notes[n++] = mpl__arena_format(c->keep, "Line at: %s.", curve->held);
    for (size_t i = 0; i < n; i++)
        if (!notes[i])
            return mpl__fail_nomem(err, "the words of the figure");
    const char *const desc = mpl__arena_format(c->keep, "Bubble plot of %zu studies: effects against %s, with the "
                                               "regression line.", regression->effects->k, panel->p.x.label);
    return mpl__chart_finish(c, desc, notes, n, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    const mpl_bubble_options *const own = &options->bubble;
    mpl_regression *regression;
    mpl_curve *curve = NULL;
    if (!own->mods)
        return mpl__fail(err, MPL_ERR_ARG, "--mods is missing: a bubble plot needs a moderator, e.g. --mods ablat");
    if (!analysis->data)
        return mpl__fail(err, MPL_ERR_ARG, "a bubble plot needs the dataset that has the moderator");
    const mpl_regress_options regress = { .mods = own->mods };
    MPL_TRY(mpl_regress_new(analysis->data, analysis->effects, &analysis->fit->options, &regress, &regression, err));
    mpl_status s = mpl__curve_new(regression, own->along, "--along", STEPS, &curve, err);
    if (s == MPL_OK) {
        const mpl_analysis view = { .data = analysis->data, .effects = regression->effects, .fit = regression->fit };
        mpl__chart c = mpl__chart_start(&view, options, plot, scratch);
        s = make(&c, regression, curve, err);
    }
    mpl_curve_free(curve);
    mpl_regress_free(regression);
    return s;
}

const mpl__plot_def mpl__plot_bubble = {
    .method = { .id = "bubble", .title = "effects against a moderator, with the regression line",
                .cite = "Thompson & Higgins 2002, Stat Med 21:1559-1573" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
