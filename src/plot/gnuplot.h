/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What gnuplot scripts are made of, and what a script and its data file agree on. */
#ifndef MPL_PLOT_GNUPLOT_H
#define MPL_PLOT_GNUPLOT_H

#include "plot/plot.h"

/** A text between single quotes; what must not occur in a script becomes U+FFFD. */
void mpl__gp_quote(mpl__text *out, const char *s);

/** A quoted file name that gnuplot takes for nothing else: no pipe, no home directory, no special file. */
mpl_status mpl__gp_name(mpl__text *out, const char *what, const char *name, mpl_error *err);

/** "name = 1.5   # comment". */
void mpl__gp_assign(mpl__text *out, const char *name, double x, const char *comment);

/** `before` and a number with two decimals. */
void mpl__gp_fixed(mpl__text *out, const char *before, double x);

/** Adds to `found` the characters of a text that the font lacks, each once. */
void mpl__gp_find_missing(mpl__text *found, const char *s);

/** Defines shown(), through which texts must go; false, with nothing written, if none lacks a glyph. */
bool mpl__gp_missing(mpl__text *out, mpl__text *found);

/** Default name of a file: the plot's id and an ending. */
void mpl__gp_file(const mpl_plot *plot, const char *ending, char out[64]);

/** The terminal of the target's ending is in force, the others are there to be uncommented. `fonts` are the sizes of
 *  regular, small and large texts; `dot` is then the diameter in points of a marker of size 1. */
mpl_status mpl__gp_output(mpl__text *out, const mpl_plot *plot, const mpl_draw_options *options, double width,
                          double height, const double fonts[3], mpl_error *err);

/** A tab and a text, or a number, in a data file. */
void mpl__dat_text(mpl__text *out, const char *s);
void mpl__dat_real(mpl__text *out, double x);

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

/** Blocks of a page in the data file: the rows, then shapes. */
enum { MPL__GP_BLOCKS = 5 };

#endif
