/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plot models, and renderers that draw them.
 *
 * mpl_plot_new() turns an analysis into a plot model: rows, text columns, an axis with ticks, marks with their clip
 * flags and sizes, everything decided but nothing drawn. Renderers (text, svg, gnuplot script and data, json, csv)
 * place it on a page and compute no statistics, so all of them show the same figure.
 */
#ifndef METAPOOL_PLOT_H
#define METAPOOL_PLOT_H

#include <stdio.h>
#include <metapool/model.h>

MPL_BEGIN_DECLS

/**
 * What to show. All-zero means all defaults; the option table is mpl_plot_option_table().
 *
 * `left` and `right` are lists of dataset columns separated by commas, in which "data" stands for the columns that the
 * measure is computed from, "estimate" for effect and interval, "weight" for the weights in percent, and "none" for
 * nothing. The study label always comes first.
 */
typedef struct mpl_plot_options {
    const char *title;        /**< heading; NULL = the dataset's title, "none" = none */
    const char *left, *right; /**< columns on the two sides of the marks; NULL = "data" and "estimate,weight" */
    const char *favours_left, *favours_right; /**< texts below the axis; NULL = none */
    const char *sort;         /**< a column, "yi", "vi" or "weight"; a leading "-" reverses; NULL = file order */
    const char *xlim;         /**< "LO,HI" on the display scale; NULL = chosen */
    size_t digits;            /**< decimals of effects; 0 = 2 */
    const char *arms;         /**< names of groups 1 and 2, "MSC,Control"; NULL = the dataset's */
    bool no_studies;          /**< pooled estimates only */
} mpl_plot_options;

typedef enum mpl_mark {
    MPL_MARK_NONE,     /**< text only */
    MPL_MARK_SQUARE,   /**< a study: square with area by weight, and its interval */
    MPL_MARK_DIAMOND,  /**< a pooled estimate: diamond from ci_lb to ci_ub */
    MPL_MARK_BAR       /**< a prediction interval: bar without a point */
} mpl_mark;

typedef enum mpl_row_kind {
    MPL_ROW_STUDY,
    MPL_ROW_HEADING,    /**< name of a subgroup */
    MPL_ROW_SUMMARY,    /**< pooled estimate of a subgroup or of all */
    MPL_ROW_PREDICTION,
    MPL_ROW_TEXT,       /**< a line of text: heterogeneity, test between groups */
    MPL_ROW_EXCLUDED,   /**< a study that is not pooled; its reason is the last cell, shown in place of the marks */
    MPL_ROW_BLANK
} mpl_row_kind;

typedef struct mpl_plot_row {
    mpl_row_kind kind;
    mpl_mark mark;
    const char *const *cells; /**< [n_columns] formatted; NULL cell = empty. HEADING, TEXT: cells[0] spans all */
    size_t study;             /**< index into the effects of a STUDY row */
    double x, lb, ub;         /**< display scale; NaN = none */
    double area;              /**< 0 to 1, relative to the largest square */
    bool clip_lb, clip_ub;    /**< the interval leaves the axis on this side: draw an arrow */
} mpl_plot_row;

typedef struct mpl_plot_column {
    const char *key;     /**< stable name: "study", "estimate", "weight", or a dataset column */
    const char *heading;
    bool right_of_marks; /**< side */
    bool align_right;
    const char *group;   /**< heading above this and its neighbours with the same group; NULL = none */
    size_t n_parts;      /**< cells are so many parts with blanks between them, aligned part by part; at least 1 */
} mpl_plot_column;

typedef struct mpl_plot_axis {
    const char *label;
    bool is_log;              /**< positions are logarithms of the values */
    double min, max;          /**< display scale */
    double null_value;        /**< NaN = no line */
    size_t n_ticks;
    const double *ticks;      /**< display scale, ascending */
    const char *const *tick_labels;
    const char *favours_left, *favours_right;
} mpl_plot_axis;

typedef struct mpl_plot {
    const mpl_method *type;
    const char *title;
    const char *subtitle;  /**< e.g. "SIMULATED DATA"; NULL = none */
    const char *desc;      /**< what the figure shows, in sentences, for a screen reader */
    mpl_plot_axis axis;
    size_t n_columns;
    const mpl_plot_column *columns;
    size_t n_rows;
    const mpl_plot_row *rows;
    size_t overall;        /**< index of the overall SUMMARY row, whose x is drawn as a dotted line; SIZE_MAX = none */
    size_t n_footnotes;
    const char *const *footnotes;
    struct mpl__arena *arena;
} mpl_plot;

/**
 * How to draw. All-zero means all defaults; the option table is mpl_draw_option_table(). `colour`, `companion` and
 * `target` are for the program to decide and have no row.
 */
typedef struct mpl_draw_options {
    bool ascii;            /**< text: ASCII only */
    bool colour;           /**< text: ANSI colours; the program decides by terminal and NO_COLOR */
    size_t width;          /**< text: columns; 0 = 100 */
    double font_size;      /**< svg, gnuplot: points; 0 = 9 */
    const char *companion; /**< gnuplot: name of the data file as the script should call it; NULL = "forest.dat" */
    const char *target;    /**< gnuplot: output file that the script sets, by its ending; NULL = "forest.svg" */
} mpl_draw_options;

MPL_API const mpl_option *mpl_plot_option_table(void);
MPL_API const mpl_option *mpl_draw_option_table(void);

/** Registries: plot types; renderers ("text", "svg", "gp", "dat", "json", "csv"), whose id is the file ending. */
MPL_API const mpl_method *mpl_plot_method(size_t i);
MPL_API const mpl_method *mpl_renderer_method(size_t i);

/** Makes a plot model. @param type  id in mpl_plot_method */
MPL_API MPL_NODISCARD mpl_status mpl_plot_new(const char *type, const mpl_analysis *analysis,
                                              const mpl_plot_options *options, mpl_plot **out, mpl_error *err);
MPL_API void mpl_plot_free(mpl_plot *plot);

/** Draws a plot model. @param renderer  id in mpl_renderer_method. Short writes are MPL_ERR_IO. */
MPL_API MPL_NODISCARD mpl_status mpl_plot_write(const mpl_plot *plot, const char *renderer,
                                                const mpl_draw_options *options, FILE *out, mpl_error *err);

MPL_END_DECLS

#endif
