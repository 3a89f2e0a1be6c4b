/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure with a row for each of several fits to some of the studies. */
#ifndef MPL_PLOT_REFITS_ROWS_H
#define MPL_PLOT_REFITS_ROWS_H

#include <metapool/influence.h>
#include "plot/rows.h"

/** How such a plot speaks of its rows. */
typedef struct mpl__refits_words {
    const char *heading; /* above the labels, */
    const char *several; /* and where these stand for several studies */
    const char *what;    /* "Leave-one-out plot" */
    const char *squares; /* what they are */
    const char *left;    /* columns by default */
} mpl__refits_words;

mpl_status mpl__refits_build(const mpl_refits *refits, const mpl__refits_words *words, const mpl_analysis *analysis,
                             const mpl_plot_options *options, mpl_plot *plot, mpl__arena *scratch, mpl_error *err);

#endif
