/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a chart: panels, and in them curves whose arrays a plot type fills; mpl__chart_finish() then chooses the axes,
 * cuts what leaves them, and adds the words that every figure has.
 *
 *     mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
 *     MPL_TRY(mpl__chart_panel(&c, "main", &panel, err));
 *     panel->p.x.label = "...";
 *     MPL_TRY(mpl__chart_add(&c, panel, MPL_SERIES_POINTS, "studies", "Study", k, &curve, err));
 *     curve->x[i] = ...;
 *     MPL_TRY(mpl__chart_rule(&c, panel, "pooled", "Pooled estimate", x, NAN, MPL_DASH_DASHED, err));
 *     return mpl__chart_finish(&c, desc, notes, n_notes, err);
 *
 * Coordinates are on the display scale of the axes. Infinite ones reach to the edge of the panel.
 */
#ifndef MPL_PLOT_CHART_H
#define MPL_PLOT_CHART_H

#include "plot/plot.h"

/** A series being made: `s` but its arrays is for the plot type to set; x and y are NaN at first. */
typedef struct mpl__curve {
    mpl_series s;
    double *x, *y;      /* [n] */
    double *x2, *y2;    /* [n] of bars and segments */
    double *area;       /* [n] of points; taken if `weighted` */
    const char **texts; /* [n] of points and texts */
    bool *named;        /* [n] of points: those that stand out */
    bool weighted;
    bool loose;         /* the axes need not hold it */
    struct mpl__curve *next;
} mpl__curve;

/** A panel being made. Axes get limits, ticks and labels from mpl__chart_finish() where they have none. */
typedef struct mpl__panel {
    mpl_plot_panel p;
    mpl_maybe x_min, x_max, y_min, y_max; /* limits that are known */
    bool square;                          /* both axes have the same limits */
    mpl__curve *first, *last;
    struct mpl__panel *next;
} mpl__panel;

typedef struct mpl__chart {
    const mpl_analysis *analysis;
    const mpl_plot_options *options;
    mpl_plot *plot;
    mpl__arena *keep, *scratch;
    mpl__panel *first, *last;
} mpl__chart;

mpl__chart mpl__chart_start(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                            mpl__arena *scratch);

/** Adds a panel of 36 x 25 ems. */
mpl_status mpl__chart_panel(mpl__chart *c, const char *key, mpl__panel **out, mpl_error *err);

/** Adds a series. @param label  in the legend; NULL = not there */
mpl_status mpl__chart_add(mpl__chart *c, mpl__panel *panel, mpl_series_kind kind, const char *key, const char *label,
                          size_t n, mpl__curve **out, mpl_error *err);

/** Adds a straight line across the panel: vertical at x, or horizontal at y where x is NaN. It widens no axis. */
mpl_status mpl__chart_rule(mpl__chart *c, mpl__panel *panel, const char *key, const char *label, double x, double y,
                           mpl_dash dash, mpl_error *err);

/** Adds a point for each study, with its name and its weight as area; coordinates follow. */
mpl_status mpl__chart_studies(mpl__chart *c, mpl__panel *panel, const char *label, bool weighted, mpl__curve **out,
                              mpl_error *err);

/** Label and scale of an axis of effects, as they are displayed: a ratio's on a log axis. */
mpl_status mpl__chart_effect_axis(mpl__chart *c, mpl_plot_axis *axis, mpl_error *err);

/** The effect for that axis: the display scale for ratios, else that of the analysis. */
double mpl__chart_effect(const mpl__chart *c, double yi);

/** Takes over panels and words. @param desc  for a screen reader @param notes  [n_notes] footnotes, in the arena */
mpl_status mpl__chart_finish(mpl__chart *c, const char *desc, const char *const *notes, size_t n_notes,
                             mpl_error *err);

/** Cuts the curve at the edges of its panel, whose limits are set (chart_clip.c). */
mpl_status mpl__chart_clip(mpl__curve *curve, const mpl__panel *panel, mpl__arena *keep, mpl__arena *scratch,
                           mpl_error *err);

#endif
