/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Over a funnel: the studies that trim and fill adds, Egger's regression line, and the curve of a limit meta-analysis.
 * All are rows of the table of small-study effects; nothing is estimated here.
 */
#include "plot/funnel.h"

#include <math.h>

#include <metapool/bias.h>
#include "base/error.h"

enum { STEPS = 100 };

/* Effects against the standard error: a + b sqrt(v + tau2). */
typedef struct bias_curve {
    const char *key, *label;
    double a, b, tau2;
    mpl_dash dash;
} bias_curve;

static mpl_status add_curve(mpl__funnel *f, const bias_curve *how, mpl_error *err)
{
    mpl__curve *line;
    MPL_TRY(mpl__chart_add(&f->chart, f->panel, MPL_SERIES_LINE, how->key, how->label, STEPS + 1, &line, err));
    for (size_t i = 0; i <= STEPS; i++) {
        line->y[i] = f->y_from + (f->y_to - f->y_from) * (double)i / STEPS;
        const double sei = f->axis->sei(line->y[i]);
        if (isfinite(sei))
            line->x[i] = mpl__chart_effect(&f->chart, how->a + how->b * sqrt(sei * sei + how->tau2));
    }
    line->s.dash = how->dash;
    line->s.hue = 2;
    line->s.thickness = 1.5;
    line->loose = true;
    return MPL_OK;
}

/* One row of the table; an error where it could not be computed. */
static mpl_status find_row(const mpl_bias *bias, const char *option, const mpl_bias_row **out, mpl_error *err)
{
    *out = &bias->rows[0];
    return (*out)->why ? mpl__fail(err, MPL_ERR_NUMERIC, "--%s: %s", option, (*out)->why) : MPL_OK;
}

static mpl_status add_egger(mpl__funnel *f, const mpl_bias *bias, mpl_error *err)
{
    const mpl_bias_row *row;
    MPL_TRY(find_row(bias, "egger", &row, err));
    return add_curve(f, &(bias_curve){ "egger", "Egger's regression line", row->adjusted.estimate,
                                       row->coefficient.estimate, 0, MPL_DASH_SOLID }, err);
}

static mpl_status add_limit(mpl__funnel *f, const mpl_bias *bias, mpl_error *err)
{
    const mpl_bias_row *row;
    MPL_TRY(find_row(bias, "limit", &row, err));
    const double slope = row->coefficient.estimate, at_0 = row->adjusted.estimate - slope * sqrt(row->tau2);
    return add_curve(f, &(bias_curve){ "limit", "Limit meta-analysis", at_0, slope, row->tau2, MPL_DASH_DASHED }, err);
}

static mpl_status add_filled(mpl__funnel *f, const mpl_bias *bias, mpl_error *err)
{
    const mpl_effects *const es = f->chart.analysis->effects;
    const mpl_bias_row *row;
    mpl__curve *filled;
    MPL_TRY(find_row(bias, "trim-fill", &row, err));
    f->notes[f->n_notes] = bias->n_filled ? mpl__arena_format(f->chart.keep, "Trim and fill: %s.", row->reading)
                                          : "Trim and fill adds no study.";
    if (!f->notes[f->n_notes++])
        return mpl__fail_nomem(err, "the figure");
    if (!bias->n_filled)
        return MPL_OK;
    const double adjusted = mpl__chart_effect(&f->chart, row->adjusted.estimate);
    MPL_TRY(mpl__chart_rule(&f->chart, f->panel, "filled-estimate", "Pooled estimate with them",
                            adjusted, (double)NAN, MPL_DASH_DOTTED, err));
    MPL_TRY(mpl__chart_add(&f->chart, f->panel, MPL_SERIES_POINTS, "filled", "Filled in by trim and fill",
                           bias->n_filled, &filled, err));
    for (size_t i = 0; i < bias->n_filled; i++) {
        const mpl_filled *const of = &bias->filled[i];
        const double *const w = f->chart.analysis->fit->weights;
        filled->x[i] = mpl__chart_effect(&f->chart, of->yi);
        filled->y[i] = f->axis->y(of->vi, es->ni[of->mirrors], w ? w[of->mirrors] : (double)NAN);
        filled->texts[i] = mpl__arena_format(f->chart.keep, "mirror image of %s", es->slab[of->mirrors]);
        if (!filled->texts[i])
            return mpl__fail_nomem(err, "the figure");
        filled->texts[i] = mpl__plot_text(f->chart.keep, filled->texts[i]);
        if (!filled->texts[i])
            return mpl__fail_nomem(err, "the figure");
        filled->area[i] = 1;
    }
    filled->s.hue = 1;
    filled->s.hollow = true;
    return MPL_OK;
}

mpl_status mpl__funnel_overlay(mpl__funnel *f, mpl_error *err)
{
    const mpl_funnel_options *const o = f->options;
    const struct {
        bool wanted, needs_sei;
        const char *only, *option;
        mpl_status (*add)(mpl__funnel *f, const mpl_bias *bias, mpl_error *err);
    } all[] = {
        { o->egger, true, "egger", "egger", add_egger },
        { o->limit, true, "limit", "limit", add_limit },
        { o->trim_fill, false, "trimfill", "trim-fill", add_filled },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const mpl_bias_options options = { .only = all[i].only, .side = o->side, .k0 = o->k0 };
        mpl_bias *bias;
        if (!all[i].wanted)
            continue;
        if (all[i].needs_sei && !f->axis->sei)
            return mpl__fail(err, MPL_ERR_ARG, "--%s: is a line over standard errors, which --yaxis %s has not",
                             all[i].option, f->axis->method.id);
        MPL_TRY(mpl_bias_new(f->chart.analysis->data, f->chart.analysis->effects, f->chart.analysis->fit, &options,
                             &bias, err));
        const mpl_status s = all[i].add(f, bias, err);
        mpl_bias_free(bias);
        MPL_TRY(s);
    }
    return MPL_OK;
}
