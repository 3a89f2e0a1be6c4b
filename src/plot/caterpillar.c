/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caterpillar plot: intervals of many studies in the order of their effects, with the mean and the prediction. */
#include "plot/chart.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "effect/order.h"

static const double ROW = 0.5, LOWEST = 12, HIGHEST = 60; /* ems */

/* A range of effects over the whole height. */
static mpl_status add_range(mpl__chart *c, mpl__panel *panel, const char *key, const char *what, double lb, double ub,
                            double tint, mpl_error *err)
{
    mpl__text t = { 0 };
    mpl__curve *area;
    mpl__plot_add_percent(&t, c->analysis->fit->level);
    mpl__text_add(&t, what);
    const char *const label = mpl__plot_keep(c->keep, &t);
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    if (isnan(lb) || isnan(ub))
        return MPL_OK;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_AREA, key, label, 4, &area, err));
    for (size_t i = 0; i < 4; i++) {
        area->x[i] = i == 0 || i == 3 ? lb : ub;
        area->y[i] = i < 2 ? -INFINITY : INFINITY;
    }
    area->s.tint = tint;
    return MPL_OK;
}

static mpl_status add_studies(mpl__chart *c, mpl__panel *panel, const mpl__order_key *keys, mpl_error *err)
{
    const mpl_effects *const es = c->analysis->effects;
    mpl__curve *intervals, *studies;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_SEGMENTS, "intervals", NULL, es->k, &intervals, err));
    MPL_TRY(mpl__chart_studies(c, panel, "Study with its interval", false, &studies, err));
    for (size_t rank = 0; rank < es->k; rank++) {
        const size_t i = keys[rank].index;
        const mpl_study_interval at = mpl_effects_interval(es, i, c->analysis->fit->level);
        const bool ratio = panel->p.x.scale == MPL_SCALE_LOG;
        studies->x[i] = ratio ? at.display_yi : at.yi;
        studies->y[i] = intervals->y[i] = intervals->y2[i] = (double)(rank + 1);
        intervals->x[i] = ratio ? at.display_ci_lb : at.ci_lb;
        intervals->x2[i] = ratio ? at.display_ci_ub : at.ci_ub;
    }
    intervals->s.thickness = 0.6;
    intervals->s.hue = 2;
    studies->s.size = 0.35;
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    const mpl_effects *const es = analysis->effects;
    const mpl_fit *const fit = analysis->fit;
    const mpl_term *const mean = &fit->terms[0];
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl__panel *panel;
    mpl__order_key *const keys = MPL_NEW(scratch, mpl__order_key, es->k);
    double *const no_ticks = MPL_NEW(plot->arena, double, 1);
    if (!keys || !no_ticks)
        return mpl__fail_nomem(err, "the order of the studies");
    MPL_TRY(mpl__order_read(analysis->data, es, false, NULL, "yi", "", keys, err));
    qsort(keys, es->k, sizeof *keys, mpl__order_compare);
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(&c, &panel->p.x, err));
    panel->p.height = fmin(fmax(ROW * (double)es->k, LOWEST), HIGHEST);
    panel->p.y.label = "Studies by effect";
    panel->p.y.reversed = true;
    panel->p.y.ticks = no_ticks;
    panel->y_min = (mpl_maybe){ true, 0 };
    panel->y_max = (mpl_maybe){ true, (double)es->k + 1 };
    if (fit->p == 1) {
        MPL_TRY(add_range(&c, panel, "pi", " prediction interval", mpl__chart_effect(&c, fit->pi_lb),
                          mpl__chart_effect(&c, fit->pi_ub), 0.92, err));
        MPL_TRY(add_range(&c, panel, "ci", " confidence interval of the mean", mpl__chart_effect(&c, mean->ci_lb),
                          mpl__chart_effect(&c, mean->ci_ub), 0.75, err));
        MPL_TRY(mpl__chart_rule(&c, panel, "pooled", "Pooled estimate", mpl__chart_effect(&c, mean->estimate),
                                (double)NAN, MPL_DASH_DASHED, err));
    }
    if (!isnan(panel->p.x.null_value))
        MPL_TRY(mpl__chart_rule(&c, panel, "null", "No effect", panel->p.x.null_value, (double)NAN, MPL_DASH_SOLID,
                                err));
    MPL_TRY(add_studies(&c, panel, keys, err));
    const char *const desc = mpl__arena_format(plot->arena, "Caterpillar plot of %zu studies: intervals in the order "
                                               "of the effects.", es->k);
    return mpl__chart_finish(&c, desc, NULL, 0, err);
}

const mpl__plot_def mpl__plot_caterpillar = {
    .method = { .id = "caterpillar", .title = "intervals of many studies in the order of their effects",
                .cite = "Goldstein & Healy 1995, J R Stat Soc A 158:175-177" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
