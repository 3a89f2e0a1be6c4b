/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GOSH plot: the estimates of all subsets of the studies as a histogram, and their heterogeneity against them. */
#include "plot/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <metapool/gosh.h>
#include "base/error.h"

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_gosh_option_table, gosh);

/* A panel with the axis of effects that both have: from the first bin to the last. */
static mpl_status add_panel(mpl__chart *c, const char *key, const mpl_gosh *gosh, mpl__panel **out, mpl_error *err)
{
    MPL_TRY(mpl__chart_panel(c, key, out, err));
    MPL_TRY(mpl__chart_effect_axis(c, &(*out)->p.x, err));
    if (gosh->n_bins) {
        const double from = gosh->bins[0].from, to = gosh->bins[gosh->n_bins - 1].to, pad = 0.03 * (to - from);
        const double lo = mpl__chart_effect(c, from - pad), hi = mpl__chart_effect(c, to + pad);
        const bool good = isfinite(lo) && isfinite(hi) && lo < hi;
        (*out)->x_min = (mpl_maybe){ good, lo };
        (*out)->x_max = (mpl_maybe){ good, hi };
    }
    return MPL_OK;
}

static mpl_status add_histogram(mpl__chart *c, const mpl_gosh *gosh, mpl_error *err)
{
    mpl__panel *panel;
    mpl__curve *bars;
    MPL_TRY(add_panel(c, "histogram", gosh, &panel, err));
    panel->p.x.label = NULL;
    panel->p.y.label = "Subsets";
    panel->p.height = 9;
    panel->y_min = (mpl_maybe){ true, 0 };
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_BARS, "subsets", NULL, gosh->n_bins, &bars, err));
    for (size_t i = 0; i < gosh->n_bins; i++) {
        bars->x[i] = mpl__chart_effect(c, gosh->bins[i].from);
        bars->x2[i] = mpl__chart_effect(c, gosh->bins[i].to);
        bars->y[i] = 0;
        bars->y2[i] = (double)gosh->bins[i].n;
    }
    bars->s.hue = 1;
    bars->s.tint = 0.4;
    return mpl__chart_rule(c, panel, "all", "All studies", mpl__chart_effect(c, gosh->fit->terms[0].estimate),
                           (double)NAN, MPL_DASH_DASHED, err);
}

/* True if study number `study`, from 1, is among the members. */
static bool has(const char *members, size_t study)
{
    for (const char *s = members; *s;) {
        char *end;
        if (strtoul(s, &end, 10) == study)
            return true;
        s = end + strspn(end, " ");
        if (end == s && *s)
            return false;
    }
    return false;
}

/* Points with the study that the estimates depend on most, or those without it. */
static mpl_status add_points(mpl__chart *c, mpl__panel *panel, const mpl_gosh *gosh, size_t study, bool with,
                             mpl_error *err)
{
    size_t n = 0;
    mpl__curve *points;
    const char *const name = mpl__plot_text(c->keep, gosh->studies[study].study);
    const char *const label = name ? mpl__arena_format(c->keep, "Subset %s %s", with ? "with" : "without", name) : NULL;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    for (size_t i = 0; i < gosh->n_points; i++)
        n += has(gosh->points[i].members, study + 1) == with;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, with ? "with" : "without", label, n, &points, err));
    n = 0;
    for (size_t i = 0; i < gosh->n_points; i++)
        if (has(gosh->points[i].members, study + 1) == with) {
            points->x[n] = mpl__chart_effect(c, gosh->points[i].estimate);
            points->y[n++] = gosh->points[i].i2;
        }
    points->s.hue = with ? 2 : 1;
    points->s.size = 0.35;
    points->s.shape = with ? MPL_SHAPE_CROSS : MPL_SHAPE_CIRCLE;
    points->s.hollow = !with;
    return MPL_OK;
}

static mpl_status make(mpl__chart *c, const mpl_gosh *gosh, mpl_error *err)
{
    mpl__panel *panel;
    size_t study = 0;
    const char *note = NULL;
    for (size_t i = 1; i < gosh->fit->k; i++)
        if (gosh->studies[i].share > gosh->studies[study].share)
            study = i;
    MPL_TRY(add_histogram(c, gosh, err));
    MPL_TRY(add_panel(c, "scatter", gosh, &panel, err));
    panel->p.row = 1;
    panel->p.height = 20;
    panel->p.y.label = "I\xC2\xB2, %";
    panel->y_min = (mpl_maybe){ true, 0 };
    panel->y_max = (mpl_maybe){ true, 100 };
    MPL_TRY(add_points(c, panel, gosh, study, false, err));
    MPL_TRY(add_points(c, panel, gosh, study, true, err));
    MPL_TRY(mpl__chart_rule(c, panel, "all", "All studies", mpl__chart_effect(c, gosh->fit->terms[0].estimate),
                            (double)NAN, MPL_DASH_DASHED, err));
    const char *const which = gosh->is_all ? "All" : "Random";
    note = mpl__arena_format(c->keep, "%s %zu subsets of the studies%s; %zu of them are drawn as points. Crosses: "
                             "subsets with the study that the estimate depends on most.", which, gosh->n,
                             gosh->is_partial ? ", stopped before the end" : "", gosh->n_points);
    const char *const desc = mpl__arena_format(c->keep, "Pooled estimates of %zu subsets of %zu studies: a histogram, "
                                               "and I2 against the estimate.", gosh->n, gosh->fit->k);
    return note ? mpl__chart_finish(c, desc, &note, 1, err) : mpl__fail_nomem(err, "the words of the figure");
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_gosh *gosh;
    MPL_TRY(mpl_gosh_new(analysis->effects, analysis->fit, &options->gosh, &analysis->fit->options.run, &gosh, err));
    const mpl_status s = make(&c, gosh, err);
    mpl_gosh_free(gosh);
    return s;
}

const mpl__plot_def mpl__plot_gosh = {
    .method = { .id = "gosh", .title = "the estimates of all subsets of the studies, and their heterogeneity",
                .cite = "Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214-223" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
