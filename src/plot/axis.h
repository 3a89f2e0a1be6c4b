/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes: from values to positions, limits and ticks. */
#ifndef MPL_PLOT_AXIS_H
#define MPL_PLOT_AXIS_H

#include "plot/plot.h"

/** Where a value stands, so that equal distances are equal on the page: its logarithm on a log axis, ... */
double mpl__axis_position(const mpl_plot_axis *axis, double value);
double mpl__axis_value(const mpl_plot_axis *axis, double position);

/** Position as a share of the axis from left to right, or from bottom to top; beyond 0 and 1 outside. */
double mpl__axis_share(const mpl_plot_axis *axis, double value);

/** Sets limits that hold the positions lo to hi with `pad` of their width on each side, and reach to a near tick. */
mpl_status mpl__axis_fit(mpl_plot_axis *axis, double lo, double hi, double pad, mpl_error *err);

/** Sets limits from the option `name`, "LO,HI". */
mpl_status mpl__axis_read(mpl_plot_axis *axis, const char *name, const char *text, mpl_error *err);

/** Sets the ticks of the option xticks, "A,B,C", that are within the limits. */
mpl_status mpl__axis_read_ticks(mpl_plot_axis *axis, const char *text, mpl__arena *keep, mpl_error *err);

/** Sets ticks for the limits. */
mpl_status mpl__axis_ticks(mpl_plot_axis *axis, mpl__arena *keep, mpl_error *err);

/**
 * Sets limits and ticks of plot->axis, whose scale and null_value are set, and the clip flags of `rows`.
 *
 * Without `xlim` ("LO,HI") the axis holds the overall estimate and all intervals that are not far wider than most:
 * on each side of the overall estimate, intervals are cut that reach more than three times as far as those that carry
 * four fifths of the weight. The null value is shown unless it is further from the data than the data are wide.
 */
mpl_status mpl__axis_choose(mpl_plot *plot, mpl_plot_row *rows, const char *xlim, const char *xticks,
                            mpl__arena *scratch, mpl_error *err);

#endif
