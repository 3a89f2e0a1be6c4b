/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two halves of the page layout share: layout.c places columns, rows and lines, layout_texts.c the rest. */
#ifndef MPL_PLOT_LAYOUT_BUILD_H
#define MPL_PLOT_LAYOUT_BUILD_H

#include "plot/layout.h"

/* A model column on its way to the page. */
typedef struct mpl__page_width {
    double width;
    double *parts; /* [n_parts] widths */
} mpl__page_width;

typedef struct mpl__page_builder {
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
