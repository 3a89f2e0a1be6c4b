/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profile plot: the log-likelihood of tau2, or of the mean, with everything else at its best. */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

enum { STEPS = 161 };

/* How far down the axis reaches: drops of the interval. The curve may end far below. */
static const double DEPTH = 2.5;

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_likelihood_option_table, profile);

/* The value on the axis: effects as they are shown. */
static double shown(const mpl__chart *c, const mpl_likelihood *l, double x)
{
    return l->is_tau2 ? x : mpl__chart_effect(c, x);
}

static mpl_status label_axes(mpl__chart *c, mpl__panel *panel, const mpl_likelihood *l, mpl_error *err)
{
    const char *const name = mpl__plot_text(c->keep, l->parameter);
    panel->p.y.label = strcmp(l->kind, "ML") ? "Restricted log-likelihood" : "Log-likelihood";
    panel->p.x.label = l->is_tau2 ? "tau²" : name;
    if (!name)
        return mpl__fail_nomem(err, "the axis");
    return l->is_tau2 ? MPL_OK : mpl__chart_effect_axis(c, &panel->p.x, err);
}

static mpl_status add_limits(mpl__chart *c, mpl__panel *panel, const mpl_likelihood *l, mpl_error *err)
{
    const double limits[] = { l->lb, l->ub };
    mpl__text t = { 0 };
    mpl__plot_add_percent(&t, c->analysis->fit->level);
    mpl__text_add(&t, " interval");
    const char *label = mpl__plot_keep(c->keep, &t);
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    for (size_t i = 0; i < 2; i++) {
        if (!isfinite(limits[i]))
            continue;
        MPL_TRY(mpl__chart_rule(c, panel, "limit", label, shown(c, l, limits[i]), (double)NAN, MPL_DASH_DOTTED, err));
        label = NULL;
    }
    return mpl__chart_rule(c, panel, "cut", NULL, (double)NAN, l->cut, MPL_DASH_DOTTED, err);
}

static mpl_status make(mpl__chart *c, const mpl_likelihood *l, mpl_error *err)
{
    mpl__panel *panel;
    mpl__curve *line, *peak;
    MPL_TRY(mpl__chart_panel(c, "main", &panel, err));
    MPL_TRY(label_axes(c, panel, l, err));
    MPL_TRY(add_limits(c, panel, l, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "profile", NULL, l->n, &line, err));
    line->s.thickness = 1.4;
    for (size_t i = 0; i < l->n; i++) {
        line->x[i] = shown(c, l, l->points[i].x);
        line->y[i] = l->points[i].ll;
    }
    line->loose = true;
    panel->x_min = (mpl_maybe){ true, fmin(line->x[0], line->x[l->n - 1]) };
    panel->x_max = (mpl_maybe){ true, fmax(line->x[0], line->x[l->n - 1]) };
    panel->y_min = (mpl_maybe){ true, l->ll - DEPTH * (l->ll - l->cut) };
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "maximum", "Highest", 1, &peak, err));
    peak->x[0] = shown(c, l, l->estimate);
    peak->y[0] = l->ll;
    const char *const note = "Values above the horizontal dotted line are not rejected by the likelihood ratio test.";
    const char *const desc = mpl__arena_format(c->keep, "Profile of the log-likelihood of %s, by %s, in %zu studies.",
                                               l->parameter, l->kind, c->analysis->effects->k);
    return mpl__chart_finish(c, desc, &note, 1, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_likelihood_options own = options->profile;
    mpl_likelihood *likelihood;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a profile plot needs a pooled estimate, not a regression");
    if (!own.points)
        own.points = STEPS;
    MPL_TRY(mpl_likelihood_new(analysis->effects, NULL, analysis->fit, &own, &likelihood, err));
    const mpl_status s = make(&c, likelihood, err);
    mpl_likelihood_free(likelihood);
    return s;
}

const mpl__plot_def mpl__plot_profile = {
    .method = { .id = "profile", .title = "how the likelihood falls away from an estimate",
                .cite = "Hardy & Thompson 1996, Stat Med 15:619-629" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
