/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L'Abbe plot: risk or rate in group 1 against group 2, with the curve on which all studies would have one effect. */
#include "plot/chart.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "effect/measure.h"

enum { STEPS = 100 };

/* Measures whose pooled value is a curve in this plane: x in group 2 to y in group 1. */
static double by_ratio(double x, double effect) { return x * exp(effect); }
static double by_difference(double x, double effect) { return x + effect; }
static double by_odds(double x, double effect) { return x * exp(effect) / (1 - x + x * exp(effect)); }
static double by_arcsine(double x, double effect)
{
    const double at = asin(sqrt(x)) + effect;
    return at >= 0 && at <= acos(0.0) ? pow(sin(at), 2) : (double)NAN;
}

static const struct {
    const char *measures; /* ids */
    double (*y)(double x, double effect);
} curves[] = {
    { "RR IRR", by_ratio }, { "RD IRD", by_difference }, { "OR PETO", by_odds }, { "AS", by_arcsine },
};

static mpl_status add_curve(mpl__chart *c, mpl__panel *panel, double most, mpl_error *err)
{
    const char *const id = mpl__measure_like(c->analysis->effects->measure);
    for (size_t f = 0; f < sizeof curves / sizeof *curves && c->analysis->fit->p == 1; f++) {
        const size_t n = strlen(id);
        const char *const at = strstr(curves[f].measures, id);
        if (!at || (at != curves[f].measures && at[-1] != ' ') || (at[n] && at[n] != ' '))
            continue;
        mpl__curve *line;
        MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "pooled", "Pooled estimate", STEPS + 1, &line, err));
        for (size_t i = 0; i <= STEPS; i++) {
            line->x[i] = most * (double)i / STEPS;
            line->y[i] = curves[f].y(line->x[i], c->analysis->fit->terms[0].estimate);
        }
        line->s.dash = MPL_DASH_DASHED;
        line->loose = true;
    }
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    const mpl_effects *const es = analysis->effects;
    const mpl_counts *const counts = es->counts;
    mpl__panel *panel;
    mpl__curve *studies, *equal;
    if (!counts || !counts->n2)
        return mpl__fail(err, MPL_ERR_ARG, "a L'Abbe plot needs counts of events in two groups, which the measure %s "
                         "has not from these data", es->measure->method.id);
    const bool rates = counts->shape == MPL_COUNTS_RATES;
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    panel->p.width = panel->p.height = 27;
    panel->square = true;
    panel->x_min = panel->y_min = (mpl_maybe){ true, 0 };
    panel->p.x.label = rates ? "Rate in group 2" : "Risk in group 2";
    panel->p.y.label = rates ? "Rate in group 1" : "Risk in group 1";
    double most = 0;
    for (size_t i = 0; i < counts->n; i++)
        most = fmax(most, fmax(counts->x1[i] / counts->n1[i], counts->x2[i] / counts->n2[i]));
    most = rates ? 1.2 * most : fmin(1.2 * most, 1);
    MPL_TRY(mpl__chart_add(&c, panel, MPL_SERIES_LINE, "no-effect", "No effect", 2, &equal, err));
    equal->x[0] = equal->y[0] = 0;
    equal->x[1] = equal->y[1] = most;
    equal->s.dash = MPL_DASH_DOTTED;
    MPL_TRY(add_curve(&c, panel, most, err));
    MPL_TRY(mpl__chart_studies(&c, panel, "Study, area by weight", true, &studies, err));
    studies->s.size = 1.6;
    studies->s.hollow = true;
    for (size_t i = 0; i < counts->n; i++) {
        const size_t at = counts->effect[i];
        if (at == SIZE_MAX)
            continue;
        studies->x[at] = counts->x2[i] / counts->n2[i];
        studies->y[at] = counts->x1[i] / counts->n1[i];
    }
    const char *const desc = mpl__arena_format(c.keep, "L'Abbe plot of %zu studies: %s in group 1 against group 2.",
                                               es->k, rates ? "rates" : "risks");
    return mpl__chart_finish(&c, desc, NULL, 0, err);
}

const mpl__plot_def mpl__plot_labbe = {
    .method = { .id = "labbe", .title = "risks or rates of two groups against each other",
                .cite = "L'Abbe, Detsky & O'Rourke 1987, Ann Intern Med 107:224-233" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
