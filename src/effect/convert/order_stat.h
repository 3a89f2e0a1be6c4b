/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments of order statistics: what a sample's minimum, quartiles, median and maximum know about its mean. */
#ifndef MPL_CONVERT_ORDER_STAT_H
#define MPL_CONVERT_ORDER_STAT_H

#include <stddef.h>

enum { MPL__MAX_ORDER = 5 };

/** A distribution by its quantile function, which gets both tails so that neither is ever 1 - p. */
typedef struct mpl__fitted {
    double (*quantile)(const struct mpl__fitted *d, double lower, double upper);
    double par[4];
    const char *name;
} mpl__fitted;

/** par: mean, standard deviation. */
double mpl__normal_quantile(const mpl__fitted *d, double lower, double upper);

/**
 * Means and covariances of the order statistics with the given ranks in a sample of n. Ranks may be fractions, as of
 * quartiles: the uniform order statistics are then those of a Dirichlet process (Stigler 1977, J Am Stat Assoc
 * 72:544-550).
 *
 * @param rank  [m] ascending, 1 to n; m <= MPL__MAX_ORDER      @param mean  [m]      @param cov  [m x m]
 */
void mpl__order_moments(const mpl__fitted *d, const double *rank, size_t m, double n, double *mean, double *cov);

#endif
