/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page of a plot: where every text, row and tick stands, in points from the top left corner.
 *
 * Computed once and the same for every renderer that draws on a page, so that their figures are the same figure. Width
 * follows from the columns, height from the rows; texts are already shortened to what their place holds. Where there is
 * less room, the page shows a model of its own: some columns less, lines that are continued, some of the rows.
 */
#ifndef MPL_PLOT_LAYOUT_H
#define MPL_PLOT_LAYOUT_H

#include "plot/plot.h"

/** Height of a row, and what is between the last study and the overall estimate, in units of the font size. */
#define MPL__PAGE_ROW 1.6
#define MPL__SUMMARY_GAP 0.35

/** A printed column: one part of a model column. */
typedef struct mpl__page_column {
    size_t source;       /* index of the model column */
    double x;            /* where text starts, or ends if `right` */
    bool right, centre;  /* aligned so; `x` is then the middle of the column */
    const char *heading; /* NULL = none */
} mpl__page_column;

typedef struct mpl__page_row {
    double y;            /* of its middle */
    double height;
    double size;         /* of its text */
    bool bold, grey;
    double indent;       /* of its first cell */
    const char *span;    /* one text across the page instead of cells; NULL = none */
    const char *note;    /* text where marks would be; NULL = none */
} mpl__page_row;

typedef enum mpl__anchor { MPL__START, MPL__MIDDLE, MPL__END } mpl__anchor;

/** A text outside the rows. */
typedef struct mpl__page_text {
    const char *role; /* "title", "subtitle", "group", "favours", "axis-label", "footnote" */
    double x, y;      /* y of the middle of the line */
    mpl__anchor anchor;
    double size;
    bool bold;
    const char *text;
} mpl__page_text;

/** A vertical line through the rows, with gaps where text crosses it. */
typedef struct mpl__page_line {
    bool shown;
    double x;
    size_t n;
    double (*from_to)[2]; /* [n] */
} mpl__page_line;

/** A range that is shaded from the top to the axis. */
typedef struct mpl__page_band {
    double from, to;
} mpl__page_band;

typedef struct mpl__layout {
    const mpl_plot *plot;      /* what stands on the page */
    size_t n_pages;            /* that the figure has */
    double overall;            /* where the line of the overall estimate stands; NaN = nowhere */
    const struct mpl__page_width *widths; /* [n_columns of the model] */
    double width, height;
    double font, small, large; /* sizes of text */
    double axis_ems, label_ems; /* width of the axis at least; of a study's label at most */
    size_t n_columns;
    mpl__page_column *columns;
    const char **cells;        /* [n_rows x n_columns]; "" where empty */
    mpl__page_row *rows;       /* [n_rows] */
    double left, right;        /* margins of the content */
    double axis_left, axis_right;
    double heading_y, top, bottom; /* column headings; first line above the rows; axis line below them */
    size_t n_texts;
    mpl__page_text *texts;
    size_t n_rules;
    double (*rules)[3];        /* [n_rules] horizontal lines: from x, to x, y */
    bool *tick_shown;          /* [n_ticks] its label has room */
    mpl__page_line null_line, overall_line;
    mpl__page_line *lines;     /* [n_bands] of the model; those that are lines */
    mpl__page_band *bands;     /* [n_bands] those that are not, as far as they are in view; from = to = 0: not shown */
} mpl__layout;

/**
 * The page that the options ask for. Where a width is given, the axis grows or shrinks to it; then text shrinks to 7
 * points; then labels are continued in a second line; then columns are left out, which a footnote says; then labels are
 * cut. Where a height is given, text shrinks, then rows go on another page.
 */
mpl_status mpl__layout_compute(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *arena,
                               mpl__layout *out, mpl_error *err);

/** Where a value of the axis stands on the page; beyond the axis, its end. */
double mpl__layout_x(const mpl__layout *page, const mpl_plot_axis *axis, double value);

/** Side of a study's square. */
double mpl__layout_side(const mpl__layout *page, double area);

/** How a text stands at a column's `x`. */
mpl__anchor mpl__layout_anchor(const mpl__page_column *column);

/** Radius of the disc behind a judgement. */
double mpl__layout_disc(const mpl__layout *page);

enum { MPL__MOST_CORNERS = 6 };

/** Corners of a row's diamond, or of the one of its fitted value, as value on the axis and y on the page, cut at the
 *  ends of the axis. Never narrower than one can see, also where the interval is not known. */
size_t mpl__layout_diamond(const mpl__layout *page, const mpl_plot *plot, size_t row, bool fitted,
                           double corners[MPL__MOST_CORNERS][2]);

#endif
