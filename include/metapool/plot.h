/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plot models, and renderers that draw them.
 *
 * mpl_plot_new() turns an analysis into a plot model: everything decided but nothing drawn. There are two kinds. A
 * *forest* has rows, text columns and one axis. A *chart* has panels, each with an axis in both directions and a list
 * of series: points, lines, areas, bars, texts. Renderers (text, svg, gnuplot script and data, json, csv) place either
 * on a page and compute no statistics, so all of them show the same figure.
 */
#ifndef METAPOOL_PLOT_H
#define METAPOOL_PLOT_H

#include <stdio.h>
#include <metapool/gosh.h>
#include <metapool/influence.h>
#include <metapool/likelihood.h>
#include <metapool/model.h>
#include <metapool/multiverse.h>
#include <metapool/tipping.h>

MPL_BEGIN_DECLS

/**
 * What a plot with rows shows. All-zero means all defaults; the option table is mpl_forest_option_table().
 *
 * `left` and `right` are lists of columns separated by commas: columns of the dataset, or "data" for those that the
 * measure is computed from, "estimate" for effect and interval, "effect", "interval", "se" and "p" for each by itself,
 * "weight" for the weights in percent, "rob" for all judgements of the risk of bias, "none" for nothing. NAME:2 sets
 * decimals, NAME=TEXT the heading. The study label always comes first.
 */
typedef struct mpl_forest_options {
    const char *layout;       /**< id in mpl_layout_method; NULL = "metapool" */
    const char *left, *right; /**< columns on the two sides of the marks; NULL = the layout's */
    const char *favours_left, *favours_right; /**< texts below the axis; NULL = none */
    const char *sort;         /**< a column, "yi", "vi", "ni" or "weight"; "-" in front reverses; NULL = file order */
    size_t digits;            /**< decimals of effects; 0 = 2 */
    const char *arms;         /**< names of groups 1 and 2, "MSC,Control"; NULL = the dataset's */
    bool no_studies;          /**< pooled estimates only */
    const char *lines;        /**< reference lines, "VALUE=TEXT;VALUE" as shown; NULL = none */
    const char *bands;        /**< shaded ranges, "LO,HI=TEXT;LO,HI" as shown; NULL = none */
} mpl_forest_options;

/** What else is fitted for a forest plot. The option table is mpl_models_option_table(). */
typedef struct mpl_models_options {
    const char *models;       /**< more pooled estimates below: ids in mpl_fit_method, "EE,DL"; NULL = none */
    const char *mods;         /**< moderators of a meta-regression that says something of each study; NULL = none */
} mpl_models_options;

/** Of a summary forest. The option table is mpl_summary_option_table(); what is not a text has no row. */
typedef struct mpl_summary_options {
    const char *by;           /**< columns whose levels are analysed, "alloc,region"; NULL = none */
    const char *select;       /**< selections of rows, "NAME: EXPR; NAME: EXPR"; NULL = none */
    const mpl_analysis *more; /**< [n_more] analyses of other data with the same measure, a row each */
    size_t n_more;
} mpl_summary_options;

/** What every chart takes. The option table is mpl_chart_option_table(). */
typedef struct mpl_chart_options {
    const char *ylim;          /**< "LO,HI" as shown; NULL = chosen */
    const char *xlabel, *ylabel; /**< texts at the axes; NULL = chosen */
    const char *names;         /**< id in mpl_chart_names_method: which studies are named beside their points */
    bool no_legend;
} mpl_chart_options;

/** Of a funnel plot. The option table is mpl_funnel_option_table(). */
typedef struct mpl_funnel_options {
    const char *yaxis;          /**< id in mpl_funnel_axis_method: "sei", "vi", "seinv", "ni", ... */
    bool contours;              /**< shade where a study's own p-value lies, around the null value */
    const char *contour_levels; /**< "0.90,0.95,0.99": at which levels */
    mpl_maybe refline;          /**< middle of the funnel on the scale shown; else the pooled estimate, or the null
                                     value if there are contours */
    bool add_tau2;              /**< the region allows for heterogeneity */
    bool trim_fill, limit, egger; /**< laid over it: studies filled in, curve of the limit meta-analysis, Egger's
                                       line */
    const char *side, *k0;      /**< of trim and fill: ids in mpl_bias_side, mpl_bias_k0; NULL = "auto", "L0" */
} mpl_funnel_options;

/** Of a bubble plot, which needs a regression. The option table is mpl_bubble_option_table(). */
typedef struct mpl_bubble_options {
    const char *mods;  /**< formula of the regression; see mpl_regress_options */
    const char *along; /**< the column of numbers on the horizontal axis; NULL = the formula, if it is one column */
} mpl_bubble_options;

/** Of a radial plot. The option table is mpl_radial_option_table(). */
typedef struct mpl_radial_options {
    bool centre; /**< take the pooled estimate off the effects */
} mpl_radial_options;

/**
 * What to show. All-zero means all defaults. The texts are rows of mpl_plot_option_table(); every other member is a
 * struct with a table of its own, for the plots that mpl_plot_takes() says. Options of another plot are
 * refused.
 */
typedef struct mpl_plot_options {
    const char *title; /**< heading; NULL = the dataset's title, "none" = none */
    const char *xlim;  /**< "LO,HI" on the scale shown; NULL = chosen */
    const char *xticks; /**< "A,B,C" on the scale shown; NULL = chosen */
    const char *palette; /**< id in mpl_palette_method; NULL = the layout's, else "mono" */
    const char *thousands; /**< id in mpl_thousands_method: how counts of people and events are divided */
    const char *notes; /**< footnotes of one's own, separated by "|"; NULL = none */
    mpl_forest_options forest;
    mpl_chart_options chart;
    mpl_funnel_options funnel;
    mpl_bubble_options bubble;
    mpl_radial_options radial;
    mpl_models_options models;
    mpl_gosh_options gosh;
    mpl_multiverse_options multiverse;
    mpl_summary_options summary;
    mpl_loo_options loo;               /**< its table is mpl_loo_option_table() */
    mpl_cumulative_options cumulative; /**< its table is mpl_cumulative_option_table() */
    mpl_tipping_options tipping; /**< of a tipping plot; its table is mpl_tipping_option_table() */
    mpl_likelihood_options profile; /**< points: 161 if not given */
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
    double fit_x, fit_lb, fit_ub; /**< what a model says about the study: a pale diamond; NaN = none */
    bool clip_lb, clip_ub;    /**< the interval leaves the axis on this side: draw an arrow */
} mpl_plot_row;

typedef struct mpl_plot_column {
    const char *key;     /**< stable name: "study", "estimate", "weight", or a dataset column */
    const char *heading;
    bool right_of_marks; /**< side */
    bool align_right;
    bool is_judgement;   /**< cells "+", "?", minus sign stand on a coloured disc, in the middle */
    const char *group;   /**< heading above this and its neighbours with the same group; NULL = none */
    size_t spare;        /**< columns are left out where a figure must be narrow, those with the most first; 0: never */
    size_t n_parts;      /**< cells are so many parts with blanks between them, aligned part by part; at least 1 */
} mpl_plot_column;

/** From values to places: evenly by the value, its logarithm, or its square root. */
typedef enum mpl_scale { MPL_SCALE_LINEAR, MPL_SCALE_LOG, MPL_SCALE_SQRT } mpl_scale;

/** Where it says what is favoured. */
typedef enum mpl_favours {
    MPL_FAVOURS_NULL,  /**< below the axis, on both sides of the line of no effect */
    MPL_FAVOURS_ENDS,  /**< below the axis, at its ends */
    MPL_FAVOURS_ABOVE  /**< above the marks, on both sides of the line of no effect */
} mpl_favours;

typedef struct mpl_plot_axis {
    const char *label;
    mpl_scale scale;
    bool reversed;            /**< values fall from left to right, or from bottom to top */
    double min, max;          /**< display scale */
    double null_value;        /**< NaN = no line */
    size_t n_ticks;
    const double *ticks;      /**< display scale, ascending */
    const char *const *tick_labels;
    const char *favours_left, *favours_right;
    mpl_favours favours;
} mpl_plot_axis;

/** A vertical line through the rows, or a range that is shaded. */
typedef struct mpl_plot_band {
    double lo, hi;           /**< equal for a line */
    const char *label;       /**< NULL = none */
} mpl_plot_band;

/** Kinds of series. An x or y that is NaN interrupts a line and separates areas. */
typedef enum mpl_series_kind {
    MPL_SERIES_AREA,     /**< the inside of a closed line */
    MPL_SERIES_BARS,     /**< rectangles from (x, y) to (x2, y2) */
    MPL_SERIES_LINE,     /**< points joined in their order */
    MPL_SERIES_SEGMENTS, /**< lines from (x, y) to (x2, y2) */
    MPL_SERIES_POINTS,   /**< a marker at each point */
    MPL_SERIES_TEXTS     /**< a text at each point */
} mpl_series_kind;

typedef enum mpl_shape {
    MPL_SHAPE_CIRCLE, MPL_SHAPE_SQUARE, MPL_SHAPE_TRIANGLE, MPL_SHAPE_DIAMOND, MPL_SHAPE_DOWN, MPL_SHAPE_PLUS,
    MPL_SHAPE_CROSS
} mpl_shape;

typedef enum mpl_dash { MPL_DASH_SOLID, MPL_DASH_DASHED, MPL_DASH_DOTTED } mpl_dash;

/** Sides on which a point is beyond the panel, as drawn; may be added. */
enum { MPL_CLIP_LEFT = 1, MPL_CLIP_RIGHT = 2, MPL_CLIP_BELOW = 4, MPL_CLIP_ABOVE = 8 };

/** Where a text stands from its point. */
typedef enum mpl_align { MPL_ALIGN_LEFT, MPL_ALIGN_CENTRE, MPL_ALIGN_RIGHT } mpl_align;

/**
 * Points of one kind that look alike. Lines, areas, bars and segments are cut at the panel's edge; points beyond it
 * have clip flags and their own values.
 */
typedef struct mpl_series {
    mpl_series_kind kind;
    const char *key;          /**< stable name: "studies", "pooled" */
    const char *label;        /**< in the legend; NULL = not there */
    size_t n;
    const double *x, *y;      /**< [n] on the display scales of the axes */
    const double *x2, *y2;    /**< [n] of bars and segments; else NULL */
    const double *area;       /**< [n] of points: 0 to 1, relative to the largest; NULL = all alike */
    const char *const *texts; /**< [n] what each point is, or the text; NULL = none; NULL entries allowed */
    const bool *named;        /**< [n] points whose text is also written beside them, if there is room; NULL = none */
    const unsigned *clip;     /**< [n] of points: MPL_CLIP_ flags; NULL = none is beyond the panel */
    size_t hue;               /**< 0 = the ink of texts, else one of several kinds told apart by colour or grey */
    double tint;              /**< how much of the paper shows through the colour: 0 = none, 1 = all */
    mpl_shape shape;          /**< of points */
    bool hollow;              /**< points and bars: outline only, filled with the paper */
    mpl_dash dash;            /**< of lines and segments */
    double thickness;         /**< of lines in points; 0 = 1 */
    double size;              /**< of points, in units of the font size: the largest, where they have areas; 0 = 0.6 */
    mpl_align align;          /**< of texts */
} mpl_series;

/** A frame with two axes. */
typedef struct mpl_plot_panel {
    const char *key;          /**< stable name: "main", "cook" */
    const char *title;        /**< NULL = none */
    mpl_plot_axis x, y;
    size_t column, row;       /**< place in the grid of panels */
    double width, height;     /**< of the frame, in units of the font size */
    size_t n_series;
    const mpl_series *series; /**< drawn in this order */
} mpl_plot_panel;

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
    size_t n_panels;       /**< 0 = a forest; else a chart, which has no rows, columns and axis of its own */
    const mpl_plot_panel *panels;
    bool no_legend;
    const char *palette;   /**< id in mpl_palette_method; NULL = "mono" */
    const char *marks_group, *marks_heading; /**< two lines above the marks of a forest; NULL = none */
    size_t n_bands;
    const mpl_plot_band *bands; /**< of a forest: ranges, then lines */
} mpl_plot;

/**
 * How to draw. All-zero means all defaults; the option table is mpl_draw_option_table(). `colour`, `companion` and
 * `target` are for the program to decide and have no row.
 */
typedef struct mpl_draw_options {
    bool ascii;            /**< text: ASCII only */
    bool colour;           /**< text: ANSI colours; the program decides by terminal and NO_COLOR */
    size_t width;          /**< text: columns; 0 = 100. svg, gnuplot: millimetres; 0 = as wide as it needs, or paper */
    double font_size;      /**< svg, gnuplot: points; 0 = 9, or less where the width asks for it, but not below 7 */
    const char *paper;     /**< svg, gnuplot: id in mpl_paper_method, whose text area holds the figure; NULL = none */
    size_t per_page;       /**< svg, gnuplot: studies on a page of a forest; 0 = as many as the paper holds, or all */
    size_t page;           /**< svg, gnuplot: which page to draw, from 1; 0 = the only one */
    bool one_file;         /**< gnuplot: pages are of one file and follow one another: all are as high as the highest,
                                and only the first opens it. Not a row, nor is `page`: the program decides */
    const char *companion; /**< gnuplot: name of the data file in the script; NULL = the type's id and ".dat" */
    const char *target;    /**< gnuplot: output file, by its ending; NULL = the type's id and ".svg" */
} mpl_draw_options;

MPL_API const mpl_option *mpl_plot_option_table(void);
MPL_API const mpl_option *mpl_forest_option_table(void);
MPL_API const mpl_option *mpl_chart_option_table(void);
MPL_API const mpl_option *mpl_funnel_option_table(void);
MPL_API const mpl_option *mpl_bubble_option_table(void);
MPL_API const mpl_option *mpl_radial_option_table(void);
MPL_API const mpl_option *mpl_models_option_table(void);
MPL_API const mpl_option *mpl_summary_option_table(void);
MPL_API const mpl_option *mpl_draw_option_table(void);

/** Registries: plot types; renderers ("text", "svg", "gp", "dat", "json", "csv"), whose id is the file ending;
 *  colours; layouts of forest plots; sizes of paper; which points are named; vertical axes of funnel plots. */
MPL_API const mpl_method *mpl_plot_method(size_t i);
MPL_API const mpl_method *mpl_renderer_method(size_t i);
MPL_API const mpl_method *mpl_palette_method(size_t i);
MPL_API const mpl_method *mpl_layout_method(size_t i);
MPL_API const mpl_method *mpl_paper_method(size_t i);
MPL_API const mpl_method *mpl_chart_names_method(size_t i);
MPL_API const mpl_method *mpl_funnel_axis_method(size_t i);

/** True if a plot type (an entry of mpl_plot_method) takes the options of a table such as mpl_forest_option_table(). */
MPL_API bool mpl_plot_takes(const mpl_method *type, const mpl_option *table);

/**
 * Makes a plot model.
 *
 * @param type  id in mpl_plot_method
 * @return MPL_OK; MPL_ERR_NAME for a type, column or id that is not there; MPL_ERR_ARG for options that make no sense
 *         or belong to another plot, or an analysis that lacks what the plot shows; MPL_ERR_TOO_FEW, MPL_ERR_NUMERIC
 *         where there is nothing to draw
 */
MPL_API MPL_NODISCARD mpl_status mpl_plot_new(const char *type, const mpl_analysis *analysis,
                                              const mpl_plot_options *options, mpl_plot **out, mpl_error *err);
MPL_API void mpl_plot_free(mpl_plot *plot);

/**
 * On how many pages a renderer draws a plot with these options: one, but for a forest that is longer than the paper or
 * has more than options->per_page studies.
 */
MPL_API MPL_NODISCARD mpl_status mpl_plot_get_pages(const mpl_plot *plot, const char *renderer,
                                                    const mpl_draw_options *options, size_t *n, mpl_error *err);

/**
 * Draws a plot model, or a page of it.
 *
 * @param renderer  id in mpl_renderer_method
 * @return MPL_OK; MPL_ERR_ARG for a figure that does not fit, or has several pages and none is chosen; MPL_ERR_IO for
 *         short writes
 */
MPL_API MPL_NODISCARD mpl_status mpl_plot_write(const mpl_plot *plot, const char *renderer,
                                                const mpl_draw_options *options, FILE *out, mpl_error *err);

MPL_END_DECLS

#endif
