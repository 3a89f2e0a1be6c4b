/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p-curve: how the p-values of findings are spread, beside what no effect and studies with a power of 33% make of them
 * (Simonsohn, Nelson & Simmons 2014, J Exp Psychol Gen 143:534-547).
 */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/bias/pcurve.h"
#include "num/dist.h"

enum { N_BINS = 5 };

static const double ALPHA = 0.05, WEAK = 1.0 / 3;

/* Percent of the findings in each bin, with a point and its number above. */
static mpl_status add_observed(mpl__chart *c, mpl__panel *panel, const mpl__findings *f, mpl_error *err)
{
    mpl__curve *line, *points, *texts;
    double count[N_BINS] = { 0 };
    for (size_t i = 0; i < f->n; i++) {
        const double p = 2 * mpl__norm_p(f->all[i].y / f->all[i].se, MPL__UPPER);
        const int bin = (int)ceil(p / (ALPHA / N_BINS)) - 1;
        count[bin < 0 ? 0 : bin >= N_BINS ? N_BINS - 1 : bin]++;
    }
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "observed-line", NULL, N_BINS, &line, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "observed", "Findings", N_BINS, &points, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_TEXTS, "observed-labels", NULL, N_BINS, &texts, err));
    const bool falls = count[0] >= count[N_BINS - 1]; /* labels stand where the line does not go */
    texts->s.align = falls ? MPL_ALIGN_LEFT : MPL_ALIGN_RIGHT;
    for (size_t i = 0; i < N_BINS; i++) {
        char percent[350];
        const double share = 100 * count[i] / (double)f->n;
        mpl__number_fixed(share, 0, percent);
        line->x[i] = points->x[i] = texts->x[i] = ALPHA / N_BINS * (double)(i + 1);
        line->y[i] = points->y[i] = share;
        texts->x[i] += falls ? 0.0006 : -0.0006;
        texts->y[i] = share + 3.5;
        texts->texts[i] = mpl__arena_format(c->keep, "%s%%", percent);
        if (!texts->texts[i])
            return mpl__fail_nomem(err, "the figure");
    }
    return MPL_OK;
}

static mpl_status add_expected(mpl__chart *c, mpl__panel *panel, const char *key, const char *label, double power,
                               mpl_dash dash, mpl_error *err)
{
    mpl__curve *line;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, key, label, N_BINS, &line, err));
    line->s.dash = dash;
    double before = 0;
    for (size_t i = 0; i < N_BINS; i++) {
        const double p = ALPHA / N_BINS * (double)(i + 1);
        const double share = power > ALPHA ? mpl__pcurve_share(ALPHA, p, power) : p / ALPHA;
        line->x[i] = p;
        line->y[i] = 100 * (share - before);
        before = share;
    }
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    const mpl_effects *const es = analysis->effects;
    mpl__findings f;
    mpl__panel *panel;
    if (analysis->fit->p != 1 || isnan(es->measure->null_value))
        return mpl__fail(err, MPL_ERR_ARG, "a p-curve needs a pooled mean of a measure that has a value of no effect");
    for (size_t i = 0; i < es->k; i++)
        if (es->vi[i] == 0)
            return mpl__fail(err, MPL_ERR_DATA, "study '%s' has variance 0 and no p-value", es->slab[i]);
    if (!mpl__findings_find(es, analysis->fit, "two-sided", ALPHA, scratch, &f))
        return mpl__fail_nomem(err, "the figure");
    if (f.n == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "no study is a finding %s no effect, so that there is no p-curve",
                         f.sign > 0 ? "above" : "below");
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    panel->x_min = panel->y_min = (mpl_maybe){ true, 0 };
    panel->x_max = (mpl_maybe){ true, 1.12 * ALPHA };
    panel->y_max = (mpl_maybe){ true, 106 };
    panel->p.x.label = "p-value, two-sided";
    panel->p.y.label = "Percent of findings";
    MPL_TRY(add_expected(&c, panel, "null", "No effect", ALPHA, MPL_DASH_DOTTED, err));
    MPL_TRY(add_expected(&c, panel, "weak", "Power of 33%", WEAK, MPL_DASH_DASHED, err));
    MPL_TRY(add_observed(&c, panel, &f, err));
    const char *const side = f.sign > 0 ? "above" : "below";
    const char *const note = mpl__arena_format(c.keep, "%zu of %zu studies are findings: p < 0.05 %s no effect. Each "
                                               "point counts the p-values up to it from the one before.", f.n, f.k,
                                               side);
    const char *const desc = mpl__arena_format(c.keep, "p-curve of %zu findings %s no effect among %zu studies, with "
                                               "the curves of no effect and of a power of 33%%.", f.n, side, f.k);
    if (!note)
        return mpl__fail_nomem(err, "the figure");
    return mpl__chart_finish(&c, desc, &note, 1, err);
}

const mpl__plot_def mpl__plot_pcurve = {
    .method = { .id = "pcurve", .title = "p-curve: the p-values of findings",
                .cite = "Simonsohn, Nelson & Simmons 2014, J Exp Psychol Gen 143:534-547" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
