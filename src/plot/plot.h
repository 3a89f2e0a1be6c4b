/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of plot/ share.
 *
 * A *plot type* turns an analysis into a model: it decides what is said, in which order and on which axis. It computes
 * no coordinates. A *renderer* turns any model into bytes: it decides where things stand. The page (columns, rows,
 * sizes) is computed once for all page renderers, in layout.h. So a new plot type is drawn by every renderer, and a new
 * renderer draws every plot type.
 */
#ifndef MPL_PLOT_PLOT_H
#define MPL_PLOT_PLOT_H

#include <metapool/plot.h>

#include "base/arena.h"
#include "base/text.h"

/** A plot type. */
typedef struct mpl__plot_def {
    mpl_method method;
    /** Fills `plot`, whose type and arena are set; `scratch` is freed afterwards. Options are resolved. */
    mpl_status (*build)(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err);
} mpl__plot_def;

/** A renderer. Failing to grow `out` is noticed by the caller. Options are resolved. */
typedef struct mpl__renderer {
    mpl_method method;
    mpl_status (*draw)(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err);
} mpl__renderer;

/** Data as text that is safe in a figure: control and bidi characters and bytes that are no UTF-8 show escaped. */
const char *mpl__plot_text(mpl__arena *arena, const char *text);

/** A number for people, see mpl__number_decimals(), with a true minus sign. "" for NaN. NULL if no memory. */
const char *mpl__plot_number(mpl__arena *arena, double x, size_t digits);

/** "p = 0.032", "p < 0.001". */
const char *mpl__plot_pvalue(mpl__arena *arena, double p);

/** Part `part` of n of a cell, its length in *length; NULL if it has none there. A cell with fewer parts starts on the
 *  left, unless it is an interval alone. */
const char *mpl__cell_part(const char *cell, size_t part, size_t n, size_t *length);

/** "study", "heading", ...: what a row is called in machine formats. */
const char *mpl__row_kind_name(mpl_row_kind kind);

/** The model as one JSON object; also the metadata of an SVG. */
void mpl__plot_json(const mpl_plot *plot, size_t flat, mpl__text *out);

#endif
