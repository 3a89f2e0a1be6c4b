/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orchard plot: all effects of a mean or of each subgroup as bubbles beside each other, sized by precision, under the
 * mean with its confidence interval (thick) and prediction interval (thin). Bubbles are spread over the height of their
 * group by a sequence that fills it evenly, so that the figure is the same every time.
 */
#include "plot/chart.h"

#include <math.h>
#include <stdint.h>

#include "base/error.h"

static const double SPREAD = 0.56, GROUP = 5.5, LEAST = 8;

/* One mean and what it is of. */
typedef struct trunk {
    const char *label;
    const mpl_fit *fit;
    const size_t *index; /* NULL = all */
    size_t k;
} trunk;

/* The golden ratio's multiples, modulo 1: any stretch of them is spread evenly (Weyl). */
static double spread(size_t i)
{
    const double at = (double)i * 0.61803398874989485;
    return at - floor(at) - 0.5;
}

static mpl_status add_bubbles(mpl__chart *c, mpl__panel *panel, const trunk *t, size_t n, mpl_error *err)
{
    const mpl_effects *const es = c->analysis->effects;
    double least = INFINITY;
    mpl__curve *studies;
    MPL_TRY(mpl__chart_studies(c, panel, "Effect, area by precision", false, &studies, err));
    for (size_t i = 0; i < es->k; i++)
        least = es->vi[i] > 0 ? fmin(least, es->vi[i]) : least;
    for (size_t g = 0; g < n; g++)
        for (size_t j = 0; j < t[g].k; j++) {
            const size_t i = t[g].index ? t[g].index[j] : j;
            studies->x[i] = mpl__chart_effect(c, es->yi[i]);
            studies->y[i] = (double)(g + 1) + SPREAD * spread(j);
            studies->area[i] = es->vi[i] > 0 ? sqrt(least / es->vi[i]) : 1;
        }
    studies->weighted = isfinite(least);
    studies->s.size = 1.3;
    studies->s.tint = 0.55;
    return MPL_OK;
}

/* Means, and two intervals of each. */
static mpl_status add_trunks(mpl__chart *c, mpl__panel *panel, const trunk *t, size_t n, mpl_error *err)
{
    static const char *const keys[] = { "pi", "ci" };
    static const char *const what[] = { " prediction interval", " confidence interval" };
    for (size_t s = 0; s < 2; s++) {
        mpl__text words = { 0 };
        mpl__curve *line;
        mpl__plot_add_percent(&words, c->analysis->fit->level);
        mpl__text_add(&words, what[s]);
        const char *const label = mpl__plot_keep(c->keep, &words);
        if (!label)
            return mpl__fail_nomem(err, "the legend");
        MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_SEGMENTS, keys[s], label, n, &line, err));
        for (size_t g = 0; g < n; g++) {
            const mpl_fit *const fit = t[g].fit;
            line->x[g] = mpl__chart_effect(c, s ? fit->terms[0].ci_lb : fit->pi_lb);
            line->x2[g] = mpl__chart_effect(c, s ? fit->terms[0].ci_ub : fit->pi_ub);
            line->y[g] = line->y2[g] = (double)(g + 1);
        }
        line->s.thickness = s ? 3 : 0.9;
    }
    mpl__curve *means;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "means", "Mean", n, &means, err));
    for (size_t g = 0; g < n; g++) {
        means->x[g] = mpl__chart_effect(c, t[g].fit->terms[0].estimate);
        means->y[g] = (double)(g + 1);
        means->texts[g] = t[g].label;
    }
    means->s.hollow = true;
    means->s.size = 1.1;
    means->s.shape = MPL_SHAPE_DIAMOND;
    return MPL_OK;
}

/* One trunk for each subgroup, or one for all. */
static mpl_status make_trunks(mpl__chart *c, trunk **out, size_t *n, mpl_plot_axis *axis, mpl_error *err)
{
    const mpl_subgroups *const sub = c->analysis->subgroups;
    *n = sub ? sub->n_groups : 1;
    trunk *const t = *out = MPL_NEW(c->scratch, trunk, *n);
    double *const ticks = MPL_NEW(c->keep, double, *n);
    const char **const labels = MPL_NEW(c->keep, const char *, *n);
    if (!t || !ticks || !labels)
        return mpl__fail_nomem(err, "the groups");
    for (size_t g = 0; g < *n; g++) {
        t[g] = sub ? (trunk){ sub->groups[g].label, sub->groups[g].fit, sub->groups[g].index, sub->groups[g].k }
                   : (trunk){ "All", c->analysis->fit, NULL, c->analysis->effects->k };
        t[g].label = mpl__plot_text(c->keep, t[g].label);
        labels[g] = t[g].label ? mpl__arena_format(c->keep, "%s (k = %zu)", t[g].label, t[g].k) : NULL;
        ticks[g] = (double)(g + 1);
        if (!labels[g])
            return mpl__fail_nomem(err, "the groups");
    }
    axis->ticks = ticks;
    axis->tick_labels = labels;
    axis->n_ticks = *n;
    axis->reversed = true;
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl__panel *panel;
    trunk *t;
    size_t n;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "an orchard plot shows means; a model with moderators has none");
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(&c, &panel->p.x, err));
    MPL_TRY(make_trunks(&c, &t, &n, &panel->p.y, err));
    panel->p.height = fmax(LEAST, GROUP * (double)n);
    panel->y_min = (mpl_maybe){ true, 0.5 };
    panel->y_max = (mpl_maybe){ true, (double)n + 0.5 };
    if (!isnan(panel->p.x.null_value))
        MPL_TRY(mpl__chart_rule(&c, panel, "null", "No effect", panel->p.x.null_value, (double)NAN, MPL_DASH_DOTTED,
                                err));
    MPL_TRY(add_bubbles(&c, panel, t, n, err));
    MPL_TRY(add_trunks(&c, panel, t, n, err));
    const char *const desc = mpl__arena_format(plot->arena, "Orchard plot of %zu effects in %zu %s.",
                                               analysis->effects->k, n, n == 1 ? "group" : "groups");
    return mpl__chart_finish(&c, desc, NULL, 0, err);
}

const mpl__plot_def mpl__plot_orchard = {
    .method = { .id = "orchard", .title = "many effects as bubbles, with the mean and its intervals",
                .cite = "Nakagawa et al. 2021, Res Synth Methods 12:4-12" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
