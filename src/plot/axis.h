/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing an axis for rows of intervals. */
#ifndef MPL_PLOT_AXIS_H
#define MPL_PLOT_AXIS_H

#include "plot/plot.h"

/**
 * Sets limits and ticks of plot->axis, whose is_log and null_value are set, and the clip flags of `rows`.
 *
 * Without `xlim` ("LO,HI") the axis holds the overall estimate and all intervals that are not far wider than most:
 * on each side of the overall estimate, intervals are cut that reach more than three times as far as those that carry
 * four fifths of the weight. The null value is shown unless it is further from the data than the data are wide.
 */
mpl_status mpl__axis_choose(mpl_plot *plot, mpl_plot_row *rows, const char *xlim, mpl__arena *scratch,
                            mpl_error *err);

#endif
