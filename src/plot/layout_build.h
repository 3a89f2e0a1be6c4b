/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the parts of the page layout share: layout.c places columns, rows and lines, layout_texts.c the rest;
 * layout_fit.c finds sizes that fit, layout_view.c makes the models that pages show, layout_pages.c divides rows.
 */
#ifndef MPL_PLOT_LAYOUT_BUILD_H
#define MPL_PLOT_LAYOUT_BUILD_H

#include "plot/layout.h"

/* A model column on its way to the page. */
typedef struct mpl__page_width {
    double width;
    double *parts; /* [n_parts] widths */
} mpl__page_width;

/** What a page is made of. */
typedef struct mpl__page_setup {
    const mpl_plot *plot;
    double font, axis_ems, label_ems;
    bool bounded;            /* the width is: lines across the page do not widen it */
    bool tight;              /* small margins and gaps */
    double overall;          /* as in the layout, if the row is not on this page */
    const mpl__layout *like; /* columns and axis are as wide as there; NULL = as they need */
} mpl__page_setup;

mpl_status mpl__page_compute(const mpl__page_setup *setup, mpl__arena *arena, mpl__layout *out, mpl_error *err);

/** True for one text across the page; for a row that only continues the text of the one before. */
bool mpl__row_spans(const mpl_plot_row *row);
bool mpl__row_continues(const mpl_plot *plot, size_t i);

/** The model without the columns whose `spare` is one of the n values. NULL if out of memory. */
const mpl_plot *mpl__view_without(const mpl_plot *plot, const size_t *spare, size_t n, mpl__arena *arena);

/** The model with a footnote more. NULL if out of memory. */
const mpl_plot *mpl__view_noted(const mpl_plot *plot, const char *note, mpl__arena *arena);

/** The model with labels and lines that do not fit on `page` continued in rows of their own. NULL if out of memory. */
const mpl_plot *mpl__view_wrapped(const mpl_plot *plot, const mpl__layout *page, mpl__arena *arena);

/** Some of the rows, as page `page` of n; `group` is the heading that they are under, SIZE_MAX = none. NULL if out of
 *  memory. */
const mpl_plot *mpl__view_page(const mpl_plot *plot, size_t first, size_t end, size_t group, size_t page, size_t n,
                               mpl__arena *arena);

/** Divides a page that is as wide as it must be, and makes the one that the options ask for. @param high  of each */
mpl_status mpl__page_divide(const mpl__page_setup *setup, const mpl_draw_options *options, double high,
                            mpl__arena *arena, mpl__layout *page, mpl_error *err);

typedef struct mpl__page_builder {
    const mpl__page_setup *setup;
    const mpl_plot *plot;
    mpl__layout *page;
    mpl__arena *arena;
    mpl__page_width *columns;  /* [n_columns] of the model */
    size_t n_printed; /* columns of the page */
    bool failed;
} mpl__page_builder;

/** A text shortened to a width; failing is remembered. */
const char *mpl__page_fit(mpl__page_builder *b, const char *text, double size, bool bold, double width);

/** Room for all texts outside the rows, whose columns are placed. */
mpl_status mpl__page_make_texts(mpl__page_builder *b, mpl_error *err);

/** Title, subtitle and where column headings stand; sets `top`. */
void mpl__page_head(mpl__page_builder *b);

/** Headings above columns and marks. `edge` holds left and right of each model column. */
void mpl__page_groups(mpl__page_builder *b, double (*edge)[2]);

/** Which ticks have a label, and the texts below the axis. */
void mpl__page_ticks(mpl__page_builder *b);
void mpl__page_foot(mpl__page_builder *b);

#endif
