/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gnuplot script and its data file agree on. */
#ifndef MPL_PLOT_GNUPLOT_H
#define MPL_PLOT_GNUPLOT_H

/** Columns of the data file's first block, counted from 1; cells follow from MPL__GP_CELLS, the last is the note. */
enum {
    MPL__GP_Y = 1,
    MPL__GP_KIND,
    MPL__GP_X,
    MPL__GP_LB,
    MPL__GP_UB,
    MPL__GP_AREA,
    MPL__GP_INDENT,
    MPL__GP_CELLS
};

#endif
