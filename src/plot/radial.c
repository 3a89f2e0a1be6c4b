/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Radial plot: z values against precision, so that a study's effect is the slope of the line to it from the origin. */
#include "plot/chart.h"

#include <math.h>

#include "base/error.h"
#include "num/dist.h"
#include "plot/axis.h"

static const mpl_option table[] = {
    { .name = "centre", MPL_MEMBER(FLAG, mpl_radial_options, centre),
      .help = "take the pooled estimate off the effects", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_radial_option_table(void)
{
    return table;
}

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_radial_option_table, radial);

/* Reading effects off: a scale of effects where the lines from the origin reach the right of the panel. */
static mpl_status add_scale(mpl__chart *c, mpl__panel *panel, const mpl__curve *studies, double offset, double x_end,
                            mpl_error *err)
{
    mpl_plot_axis scale = { .null_value = (double)NAN };
    double lo = INFINITY, hi = -INFINITY;
    MPL_TRY(mpl__chart_effect_axis(c, &scale, err));
    for (size_t i = 0; i < studies->s.n; i++) {
        const double slope = offset + studies->y[i] / studies->x[i];
        lo = fmin(lo, slope);
        hi = fmax(hi, slope);
    }
    MPL_TRY(mpl__axis_fit(&scale, lo, hi, 0, err));
    MPL_TRY(mpl__axis_ticks(&scale, c->keep, err));
    mpl__curve *ticks, *texts;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_SEGMENTS, "scale", NULL, scale.n_ticks, &ticks, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_TEXTS, "scale-labels", NULL, scale.n_ticks, &texts, err));
    for (size_t i = 0; i < scale.n_ticks; i++) {
        const double slope = mpl__axis_position(&scale, scale.ticks[i]) - offset;
        ticks->x[i] = x_end;
        ticks->x2[i] = 1.015 * x_end;
        texts->x[i] = 1.03 * x_end;
        ticks->y[i] = ticks->y2[i] = texts->y[i] = slope * x_end;
        texts->texts[i] = scale.tick_labels[i];
    }
    return mpl__chart_rule(c, panel, "scale-line", NULL, x_end, (double)NAN, MPL_DASH_SOLID, err);
}

static mpl_status add_lines(mpl__chart *c, mpl__panel *panel, double slope, double x_end, mpl_error *err)
{
    const double z = mpl__norm_q((1 - c->analysis->fit->level) / 2, MPL__UPPER);
    mpl__text t = { 0 };
    mpl__plot_add_percent(&t, c->analysis->fit->level);
    mpl__text_add(&t, " of studies with no other scatter");
    const char *const label = mpl__plot_keep(c->keep, &t);
    mpl__curve *band, *line;
    if (!label)
        return mpl__fail_nomem(err, "the legend");
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_AREA, "band", label, 4, &band, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "pooled", "Pooled estimate", 2, &line, err));
    for (size_t i = 0; i < 4; i++) {
        band->x[i] = i == 0 || i == 3 ? 0 : x_end;
        band->y[i] = slope * band->x[i] + (i < 2 ? z : -z);
    }
    band->s.tint = 0.88;
    line->x[0] = line->y[0] = 0;
    line->x[1] = x_end;
    line->y[1] = slope * x_end;
    return MPL_OK;
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    const mpl_effects *const es = analysis->effects;
    const double tau2 = analysis->fit->tau2 > 0 ? analysis->fit->tau2 : 0, mean = analysis->fit->terms[0].estimate;
    const double offset = options->radial.centre ? mean : 0;
    double x_end = 0;
    mpl__panel *panel;
    mpl__curve *studies;
    if (analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a radial plot needs a pooled estimate, not a regression");
    MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
    for (size_t i = 0; i < es->k; i++) {
        const double x = 1 / sqrt(es->vi[i] + tau2);
        x_end = isfinite(x) ? fmax(x_end, x) : x_end;
    }
    if (!(x_end > 0))
        return mpl__fail(err, MPL_ERR_NUMERIC, "no study has a variance that allows a radial plot");
    x_end *= 1.05;
    MPL_TRY(add_lines(&c, panel, mean - offset, x_end, err));
    MPL_TRY(mpl__chart_studies(&c, panel, "Study", false, &studies, err));
    for (size_t i = 0; i < es->k; i++) {
        studies->x[i] = 1 / sqrt(es->vi[i] + tau2);
        studies->y[i] = (es->yi[i] - offset) * studies->x[i];
    }
    MPL_TRY(add_scale(&c, panel, studies, offset, x_end, err));
    panel->p.x.max = x_end;
    MPL_TRY(mpl__axis_ticks(&panel->p.x, c.keep, err)); /* none beyond the scale of effects */
    panel->x_min = (mpl_maybe){ true, 0 };
    panel->x_max = (mpl_maybe){ true, 1.13 * x_end };
    panel->p.x.label = tau2 > 0 ? "Precision, 1 / √(v + τ²)" : "Precision, 1 / √v";
    panel->p.y.label = offset != 0 ? "Standardized deviation from the pooled estimate" : "Standardized effect";
    const char *const note = mpl__arena_format(c.keep, "The scale inside on the right has the effects (%s): a line "
                                               "from the origin through a study meets it at the study's effect.",
                                               es->measure->label);
    const char *const desc = mpl__arena_format(c.keep, "Radial plot of %zu studies: standardized effects against their "
                                               "precision.", es->k);
    return mpl__chart_finish(&c, desc, &note, 1, err);
}

const mpl__plot_def mpl__plot_radial = {
    .method = { .id = "radial", .title = "standardized effects against precision", .aliases = "galbraith",
                .cite = "Galbraith 1988, Stat Med 7:889-894" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
