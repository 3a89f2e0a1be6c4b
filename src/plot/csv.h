/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of a table of a figure. */
#ifndef MPL_PLOT_CSV_H
#define MPL_PLOT_CSV_H

#include "plot/plot.h"

/** A cell, quoted where it must be; NULL is empty. */
void mpl__csv_text(mpl__text *out, const char *s);

/** A comma and a number; not known is empty. */
void mpl__csv_real(mpl__text *out, double x);

#endif
