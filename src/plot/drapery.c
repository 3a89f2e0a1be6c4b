/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drapery plot: the p-value of each study, and of the pooled estimate, for every effect that might be true. */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "num/dist.h"

enum { STEPS = 45 };

static const double REACH = 3.3; /* standard errors to each side: p about 0.001 */

/* The curve of one estimate from `from` to `to` on the scale of analysis; t with df degrees of freedom. */
static mpl_status add_curve(mpl__chart *c, mpl__panel *panel, const char *key, const char *label, double estimate,
                            double se, double df, mpl__curve **out, mpl_error *err)
{
    mpl__curve *line;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, key, label, 2 * STEPS + 1, &line, err));
    for (size_t i = 0; i <= 2 * STEPS; i++) {
        const double z = 2 * REACH * ((double)i / STEPS - 1);
        line->x[i] = mpl__chart_effect(c, estimate + z * se);
        line->y[i] = mpl__two_sided(z, df, NULL);
    }
    *out = line;
    return MPL_OK;
}

static mpl_status add_curves(mpl__chart *c, mpl__panel *panel, mpl_error *err)
{
    const mpl_effects *const es = c->analysis->effects;
    const mpl_fit *const fit = c->analysis->fit;
    const mpl_term *const mean = &fit->terms[0];
    mpl__curve *line;
    for (size_t i = 0; i < es->k; i++) {
        if (!(es->vi[i] > 0))
            continue;
        MPL_TRY(add_curve(c, panel, "study", "Study", es->yi[i], sqrt(es->vi[i]), INFINITY, &line, err));
        line->s.tint = 0.45;
        line->s.hue = 1;
        line->s.thickness = 0.6;
        line->loose = true;
    }
    if (fit->pi_se > 0 && !isnan(fit->pi_df)) {
        MPL_TRY(add_curve(c, panel, "prediction", "New study, by the prediction interval", mean->estimate, fit->pi_se,
                          fit->pi_df, &line, err));
        line->s.dash = MPL_DASH_DASHED;
        line->loose = true;
    }
    if (mean->se > 0) {
        MPL_TRY(add_curve(c, panel, "pooled", "Pooled estimate", mean->estimate, mean->se, mean->df, &line, err));
        line->s.thickness = 1.8;
        line->loose = true;
    }
    return MPL_OK;
}

/* The horizontal axis holds the estimates, and the pooled one with its interval. */
static mpl_status set_axis(mpl__chart *c, mpl__panel *panel, mpl_error *err)
{
    const mpl_effects *const es = c->analysis->effects;
    const mpl_term *const mean = &c->analysis->fit->terms[0];
    mpl__curve *peaks;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "peaks", NULL, es->k + 2, &peaks, err));
    for (size_t i = 0; i < es->k; i++)
        peaks->x[i] = mpl__chart_effect(c, es->yi[i]);
    peaks->x[es->k] = mpl__chart_effect(c, mean->estimate - REACH * mean->se);
    peaks->x[es->k + 1] = mpl__chart_effect(c, mean->estimate + REACH * mean->se);
    return MPL_OK; /* without y they are not drawn */
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl__panel *panel;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a drapery plot needs a pooled estimate, not a regression");
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(&c, &panel->p.x, err));
    panel->p.y.label = "p-value";
    panel->y_min = (mpl_maybe){ true, 0 };
    panel->y_max = (mpl_maybe){ true, 1 };
    MPL_TRY(set_axis(&c, panel, err));
    const double alpha = 1 - analysis->fit->level;
    MPL_TRY(mpl__chart_rule(&c, panel, "level", NULL, (double)NAN, alpha, MPL_DASH_DOTTED, err));
    MPL_TRY(mpl__chart_rule(&c, panel, "null", "No effect", panel->p.x.null_value, (double)NAN, MPL_DASH_DOTTED,
                            err));
    MPL_TRY(add_curves(&c, panel, err));
    mpl__text t = { 0 };
    mpl__text_add(&t, "A curve is above the horizontal dotted line within its ");
    mpl__plot_add_percent(&t, analysis->fit->level);
    mpl__text_add(&t, " interval.");
    const char *const note = mpl__plot_keep(c.keep, &t);
    const char *const desc = mpl__arena_format(c.keep, "Drapery plot of %zu studies: p-values of the studies and of "
                                               "the pooled estimate as functions of the true effect.",
                                               analysis->effects->k);
    return mpl__chart_finish(&c, desc, &note, 1, err);
}

const mpl__plot_def mpl__plot_drapery = {
    .method = { .id = "drapery", .title = "p-values as functions of the true effect",
                .cite = "Rucker & Schwarzer 2021, Res Synth Methods 12:12-24" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
