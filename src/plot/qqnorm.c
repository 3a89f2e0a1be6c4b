/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Normal quantile plot of standardized residuals. The envelope is where the i-th smallest of k independent normal
 * values lies with the stated probability: its distribution function at x is that of Beta(i, k + 1 - i) at Phi(x).
 */
#include "plot/chart.h"

#include <math.h>
#include <stdlib.h>

#include <metapool/influence.h>
#include "base/error.h"
#include "num/dist.h"
#include "plot/diagnostics.h"

typedef struct ranked {
    double z;
    size_t effect;
} ranked;

static int smaller_first(const void *a, const void *b)
{
    const ranked *const x = a, *const y = b;
    const int by_value = (x->z > y->z) - (x->z < y->z);
    return by_value ? by_value : (x->effect > y->effect) - (x->effect < y->effect);
}

static mpl_status add_envelope(mpl__chart *c, mpl__panel *panel, const double *x, size_t n, mpl_error *err)
{
    const double tail = (1 - c->analysis->fit->level) / 2;
    mpl__text t = { 0 };
    mpl__plot_add_percent(&t, c->analysis->fit->level);
    mpl__text_add(&t, " of normal values, for each rank");
    const char *const label = mpl__plot_keep(c->keep, &t);
    mpl__curve *area, *line;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_AREA, "envelope", label, 2 * n, &area, err));
    for (size_t i = 0; i < n; i++) {
        const double a = (double)(i + 1), b = (double)(n - i);
        area->x[i] = area->x[2 * n - 1 - i] = x[i];
        area->y[i] = mpl__norm_q(mpl__beta_q(tail, a, b, MPL__LOWER), MPL__LOWER);
        area->y[2 * n - 1 - i] = mpl__norm_q(mpl__beta_q(tail, a, b, MPL__UPPER), MPL__LOWER);
    }
    area->s.tint = 0.88;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "normal", "Normal distribution", 2, &line, err));
    for (size_t i = 0; i < 2; i++)
        line->x[i] = line->y[i] = i ? x[n - 1] : x[0];
    return MPL_OK;
}

static mpl_status make(mpl__chart *c, const mpl_influence *influence, mpl__arena *scratch, mpl_error *err)
{
    const size_t k = influence->k, which = mpl__diagnostic_index("rstandard");
    ranked *const order = MPL_NEW(scratch, ranked, k);
    double *const x = MPL_NEW(scratch, double, k);
    mpl__panel *panel;
    mpl__curve *studies;
    size_t n = 0;
    if (!order || !x)
        return mpl__fail_nomem(err, "the figure");
    for (size_t i = 0; i < k; i++)
        if (influence->rows[i].effect < c->analysis->effects->k && isfinite(influence->rows[i].values[which]))
            order[n++] = (ranked){ influence->rows[i].values[which], influence->rows[i].effect };
    if (n < 2)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "a normal quantile plot needs residuals of at least 2 studies");
    qsort(order, n, sizeof *order, smaller_first);
    const double a = n <= 10 ? 3.0 / 8 : 0.5; /* as R's ppoints() */
    for (size_t i = 0; i < n; i++)
        x[i] = mpl__norm_q(((double)(i + 1) - a) / ((double)n + 1 - 2 * a), MPL__LOWER);
    MPL_TRY(mpl__chart_panel(c, "main", &panel, err));
    panel->p.width = panel->p.height = 27;
    panel->p.x.label = "Normal quantile";
    panel->p.y.label = "Standardized residual";
    MPL_TRY(add_envelope(c, panel, x, n, err));
    MPL_TRY(mpl__chart_studies(c, panel, "Study", false, &studies, err));
    for (size_t i = 0; i < n; i++) {
        studies->x[order[i].effect] = x[i];
        studies->y[order[i].effect] = order[i].z;
    }
    const char *const desc = mpl__arena_format(c->keep, "Normal quantile plot of the standardized residuals of %zu "
                                               "studies.", n);
    return mpl__chart_finish(c, desc, NULL, 0, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_influence *influence;
    MPL_TRY(mpl_influence_new(analysis->effects, NULL, analysis->fit, NULL, &influence, err));
    const mpl_status s = make(&c, influence, scratch, err);
    mpl_influence_free(influence);
    return s;
}

const mpl__plot_def mpl__plot_qqnorm = {
    .method = { .id = "qqnorm", .title = "normal quantile plot of standardized residuals", .aliases = "qq",
                .cite = "Wang & Bushman 1998, Psychol Methods 3:46-54" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
