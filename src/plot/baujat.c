/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baujat plot: what each study adds to the heterogeneity, against what it does to the pooled estimate. */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "plot/diagnostics.h"

enum { MOST_NAMED = 5 };

/* Names the studies farthest from the origin, in units of the largest value on each axis. */
static void name_farthest(mpl__curve *studies)
{
    double most_x = 0, most_y = 0;
    for (size_t i = 0; i < studies->s.n; i++) {
        most_x = fmax(most_x, studies->x[i]);
        most_y = fmax(most_y, studies->y[i]);
    }
    for (size_t done = 0; done < MOST_NAMED; done++) {
        size_t farthest = studies->s.n;
        double far = 0.1;
        for (size_t i = 0; i < studies->s.n; i++) {
            const double d = hypot(studies->x[i] / most_x, studies->y[i] / most_y);
            if (!studies->named[i] && d > far) {
                far = d;
                farthest = i;
            }
        }
        if (farthest == studies->s.n)
            return;
        studies->named[farthest] = true;
    }
}

static mpl_status make(mpl__chart *c, const mpl_influence *influence, mpl_error *err)
{
    const size_t pearson = mpl__diagnostic_index("pearson"), k = c->analysis->effects->k;
    const double mean = c->analysis->fit->terms[0].estimate;
    mpl__panel *panel;
    mpl__curve *studies;
    MPL_TRY(mpl__chart_panel(c, "main", &panel, err));
    panel->x_min = panel->y_min = (mpl_maybe){ true, 0 };
    panel->p.x.label = "Squared Pearson residual: contribution to the heterogeneity";
    panel->p.y.label = "Influence on the pooled estimate";
    MPL_TRY(mpl__chart_studies(c, panel, NULL, false, &studies, err));
    for (size_t i = 0; i < influence->k; i++) {
        const mpl_influence_row *const row = &influence->rows[i];
        if (row->effect >= k || !row->without)
            continue;
        studies->x[row->effect] = pow(row->values[pearson], 2);
        studies->y[row->effect] = pow((row->without->terms[0].estimate - mean) / row->without->terms[0].se, 2);
    }
    name_farthest(studies);
    const char *const note = "Influence: squared change of the estimate without the study, in units of its variance "
                             "then.";
    const char *const desc = mpl__arena_format(c->keep, "Baujat plot of %zu studies: influence on the pooled estimate "
                                               "against contribution to the heterogeneity.", k);
    return mpl__chart_finish(c, desc, &note, 1, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_influence *influence;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a Baujat plot needs a pooled estimate, not a regression");
    MPL_TRY(mpl_influence_new(analysis->effects, NULL, analysis->fit, NULL, &influence, err));
    const mpl_status s = make(&c, influence, err);
    mpl_influence_free(influence);
    return s;
}

const mpl__plot_def mpl__plot_baujat = {
    .method = { .id = "baujat", .title = "what each study does to heterogeneity and pooled estimate",
                .cite = "Baujat et al. 2002, Stat Med 21:2641-2652" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
