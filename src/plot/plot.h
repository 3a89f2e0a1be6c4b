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
#include "base/json.h"
#include "base/text.h"

/** Options that some plot types share: a member of mpl_plot_options and its table. */
typedef struct mpl__plot_group {
    const mpl_option *(*table)(void);
    size_t offset, size;
} mpl__plot_group;

#define MPL__PLOT_GROUP(option_table, member)                                                                        \
    {                                                                                                                \
        (option_table), offsetof(mpl_plot_options, member), sizeof(((mpl_plot_options *)NULL)->member)               \
    }

extern const mpl__plot_group mpl__group_forest, mpl__group_chart;

/** A plot type. */
typedef struct mpl__plot_def {
    mpl_method method;
    const mpl__plot_group *const *groups; /* what it takes; ends with NULL */
    /** Fills `plot`, whose type and arena are set; `scratch` is freed afterwards. Options are resolved. */
    mpl_status (*build)(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err);
} mpl__plot_def;

typedef mpl_status mpl__draw_function(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch,
                                     mpl__text *out, mpl_error *err);

/** A renderer. Failing to grow `out` is noticed by the caller. Options are resolved. */
typedef struct mpl__renderer {
    mpl_method method;
    mpl__draw_function *draw;  /* a forest */
    mpl__draw_function *chart; /* panels */
    bool has_pages;            /* a long forest is drawn on several */
    size_t width;              /* where none is asked for; 0 = as wide as it needs */
} mpl__renderer;

/* The second halves of the renderers, in chart_<id>.c. */
mpl__draw_function mpl__chart_text, mpl__chart_svg, mpl__chart_gp, mpl__chart_dat, mpl__chart_csv;

/** What mpl_plot_write() writes, as text; failing to grow it is left to the caller. For documents that hold figures. */
mpl_status mpl__plot_draw(const mpl_plot *plot, const char *renderer, const mpl_draw_options *options, mpl__text *out,
                          mpl_error *err);

/** Data as text that is safe in a figure: control and bidi characters and bytes that are no UTF-8 show escaped. */
const char *mpl__plot_text(mpl__arena *arena, const char *text);

/** A number for people, see mpl__number_decimals(), with a true minus sign. "" for NaN. NULL if no memory. */
const char *mpl__plot_number(mpl__arena *arena, double x, size_t digits);

/** Part `part` of n of a cell, its length in *length; NULL if it has none there. A cell with fewer parts starts on the
 *  left, unless it is an interval alone. */
const char *mpl__cell_part(const char *cell, size_t part, size_t n, size_t *length);

/** "study", "heading", ...: what a row is called in machine formats. */
const char *mpl__row_kind_name(mpl_row_kind kind);

/** The same for a series: "points", "line", ... */
const char *mpl__series_kind_name(mpl_series_kind kind);

/** The model as one JSON object; also the metadata of an SVG. */
void mpl__plot_json(const mpl_plot *plot, size_t flat, mpl__text *out);

/** The part of it that is in panels (chart_json.c), and an axis. */
void mpl__json_panels(mpl__json *j, const mpl_plot *plot);
void mpl__json_axis(mpl__json *j, const char *key, const mpl_plot_axis *axis);

/** A footnote that names the columns that are not shown, "" if all are. NULL if out of memory. */
const char *mpl__plot_left_out(const mpl_plot *plot, const bool *shown, mpl__arena *keep);

bool mpl__plot_is_simulated(const mpl_dataset_info *info);

/** Sets title and subtitle: the option's, else the dataset's; simulated data are said to be so. */
mpl_status mpl__plot_head(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                          mpl_error *err);

/** Footnotes that every figure has: the user's, zero cells, filter, source, warnings. Options may be NULL.
 *  `out` has room for mpl__plot_most_notes();
 *  NULL where memory ran out. Returns their number. */
size_t mpl__plot_notes(const mpl_analysis *analysis, const mpl_plot_options *options, mpl__arena *keep,
                       const char **out);
size_t mpl__plot_most_notes(const mpl_analysis *analysis, const mpl_plot_options *options);

/** Index of a data row of the file among the rows of the dataset; n_rows if a filter took it. */
size_t mpl__plot_find_row(const mpl_dataset *data, size_t row);

/** Room for a picture in points: 0 and infinity where it is not bounded. */
mpl_status mpl__plot_place(const mpl_draw_options *options, double *width, double *height, mpl_error *err);

/** MPL_ERR_ARG: the figure needs so much more than there is. @param what  "wide", "high" */
mpl_status mpl__plot_too_large(const char *what, double size, double room, mpl_error *err);

/** Text that has grown, moved to the arena. NULL if memory ran out. */
const char *mpl__plot_keep(mpl__arena *keep, mpl__text *text);

/** Adds mpl__plot_number(), "95%". */
void mpl__plot_add_number(mpl__text *t, mpl__arena *keep, double x, size_t digits);
void mpl__plot_add_percent(mpl__text *t, double level);

#endif
