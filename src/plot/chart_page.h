/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page of a chart: where its panels, texts and legend stand, in points from the top left corner. Computed once and
 * the same for every renderer that draws on a page, as layout.h does for forests.
 */
#ifndef MPL_PLOT_CHART_PAGE_H
#define MPL_PLOT_CHART_PAGE_H

#include "plot/layout.h"

/** Length of the samples in a legend, in units of the font size. */
#define MPL__SAMPLE 2.0

typedef struct mpl__frame {
    double left, right, top, bottom;
    bool *x_shown, *y_shown; /* [n_ticks] its label has room */
} mpl__frame;

/** A text anywhere on the page; `turned` texts read upwards. */
typedef struct mpl__chart_word {
    mpl__page_text text;
    bool turned;
} mpl__chart_word;

/** A series in the legend: its sample begins at x and has its middle at y. */
typedef struct mpl__sample {
    const mpl_series *series;
    double x, y;
} mpl__sample;

typedef struct mpl__chart_page {
    double width, height;
    double font, small, large;
    double stretch;        /* of the frames, against what the panels ask for */
    double left;           /* margin */
    double content_right;
    mpl__frame *frames;    /* [n_panels] */
    size_t n_words, room;
    mpl__chart_word *words;
    size_t n_samples;
    mpl__sample *samples;
} mpl__chart_page;

mpl_status mpl__chart_page_compute(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *arena,
                                   mpl__chart_page *out, mpl_error *err);

/** Where a value stands on the page; beyond the axis, its end. */
double mpl__frame_x(const mpl__frame *frame, const mpl_plot_panel *panel, double x);
double mpl__frame_y(const mpl__frame *frame, const mpl_plot_panel *panel, double y);

/** Radius of point i of a series. */
double mpl__chart_radius(const mpl__chart_page *page, const mpl_series *series, size_t i);

/** Series of the legend: those with a label, each label once. Returns their number; out may be NULL. */
size_t mpl__chart_legend(const mpl_plot *plot, const mpl_series **out);

/** Adds a text to the page (chart_page.c), and the names beside points (chart_names.c). */
mpl_status mpl__chart_page_add(mpl__chart_page *page, mpl__arena *arena, mpl__chart_word word, mpl_error *err);
mpl_status mpl__chart_page_names(mpl__chart_page *page, const mpl_plot *plot, mpl__arena *arena, mpl_error *err);

#endif
