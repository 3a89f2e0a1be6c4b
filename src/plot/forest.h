/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a forest plot, apart from its rows. */
#ifndef MPL_PLOT_FOREST_H
#define MPL_PLOT_FOREST_H

#include "plot/plot.h"

/** "0.49 [0.34, 0.70]" of values on the display scale. NULL if out of memory. */
const char *mpl__forest_interval(mpl__arena *keep, double x, double lb, double ub, size_t digits);

/** "Heterogeneity: ..." of a fit. */
const char *mpl__forest_heterogeneity(mpl__arena *keep, const mpl_fit *fit);

/** "Overall effect: t(12) = ...", "Subgroup differences: ..."; NULL with *none set where there is no such test. */
const char *mpl__forest_overall_test(mpl__arena *keep, const mpl_measure *measure, const mpl_fit *fit, bool *none);
const char *mpl__forest_between_test(mpl__arena *keep, const mpl_subgroups *subgroups, bool *none);

/** Sets title, subtitle, desc and footnotes; rows and axis are done. */
mpl_status mpl__forest_caption(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                               mpl_error *err);

#endif
