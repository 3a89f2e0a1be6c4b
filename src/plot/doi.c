/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Doi plot: effects against how far out they are among the weighted ranks, the middle one on top. Where the two limbs
 * are unlike, small studies show other effects; the LFK index says how much (Furuya-Kanamori, Barendregt & Doi 2018).
 */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "diag/bias_impl.h"

static mpl_status add_limbs(mpl__chart *c, mpl__panel *panel, const mpl__doi *points, mpl_error *err)
{
    const size_t k = c->analysis->effects->k;
    mpl__curve *line, *studies;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "limbs", NULL, k, &line, err));
    MPL_TRY(mpl__chart_studies(c, panel, "Study", false, &studies, err));
    for (size_t i = 0; i < k; i++) {
        line->x[i] = studies->x[points[i].index] = mpl__chart_effect(c, points[i].y);
        line->y[i] = studies->y[points[i].index] = fabs(points[i].z);
    }
    line->s.tint = 0.4;
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    const mpl_effects *const es = analysis->effects;
    mpl__doi *const points = MPL_NEW(scratch, mpl__doi, es->k);
    mpl__panel *panel;
    double index;
    size_t middle;
    const char *why;
    if (!points)
        return mpl__fail_nomem(err, "the figure");
    if (es->k < 3)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "a Doi plot needs at least 3 studies");
    why = mpl__doi_points(es, points, &middle, &index);
    if (why)
        return mpl__fail(err, MPL_ERR_NUMERIC, "a Doi plot cannot be drawn: %s", why);
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(&c, &panel->p.x, err));
    panel->p.y.label = "|z| of the weighted rank";
    panel->p.y.reversed = true;
    panel->y_min = (mpl_maybe){ true, 0 };
    MPL_TRY(mpl__chart_rule(&c, panel, "middle", "Study in the middle", mpl__chart_effect(&c, points[middle].y),
                            (double)NAN, MPL_DASH_DASHED, err));
    MPL_TRY(add_limbs(&c, panel, points, err));
    const char *const number = mpl__plot_number(c.keep, index, 2);
    const char *const note = number ? mpl__arena_format(c.keep, "LFK index %s: %s. It is no test: its size depends on "
                                                        "the number of studies.", number, mpl__lfk_reading(index))
                                    : NULL;
    if (!note)
        return mpl__fail_nomem(err, "the figure");
    const char *const desc = mpl__arena_format(c.keep, "Doi plot of %zu studies: effects against how far out they are "
                                               "among the weighted ranks. %s", es->k, note);
    return mpl__chart_finish(&c, desc, &note, 1, err);
}

const mpl__plot_def mpl__plot_doi = {
    .method = { .id = "doi", .title = "effects against their weighted ranks, with the LFK index",
                .cite = "Furuya-Kanamori, Barendregt & Doi 2018, Int J Evid Based Healthc 16:195-203" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
