/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Positive combinations of chi-squared variables with one degree of freedom: the exact distribution of a generalised
 * Q statistic (Biggerstaff & Jackson 2008, Stat Med 27:6093-6110; Jackson 2013, Res Synth Methods 4:220-229).
 */
#ifndef MPL_NUM_QUADFORM_H
#define MPL_NUM_QUADFORM_H

#include <stddef.h>

#include "num/dist.h"

/**
 * Probability of the tail of sum_j lambda[j] Z_j^2 that ends at q, for independent standard normal Z_j.
 *
 * Relative error below 1e-12 in both tails (tests/ref/quadform.csv). Cost O(n) per node, 50 to 400 nodes.
 *
 * @param lambda  [n] > 0, n >= 1   @param q  >= 0
 * @return the probability; NaN for arguments out of range
 */
double mpl__quadform_p(const double *lambda, size_t n, double q, mpl__tail tail);

/**
 * The same for z'(I - UU') D (I - UU')z, U with orthonormal columns: weighted residual sums of squares. O(n p^2) per
 * node; the eigenvalues are not computed.
 *
 * @param d  [n] > 0   @param u  [n x p] column-major, p < n   @param work  [4 p^2]
 */
double mpl__quadform_projected_p(const double *d, size_t n, const double *u, size_t p, double *work, double q,
                                 mpl__tail tail);

/**
 * Eigenvalues of diag(d) - z z' in ascending order, for d > 0 and sum z_i^2 / d_i <= 1 (so that none is negative).
 *
 * They interlace with d, and each is the root of the secular equation 1 = sum z_i^2 / (d_i - x) between two of them
 * (Golub 1973, SIAM Rev 15:318-334). O(n^2) time, O(n) memory.
 *
 * @param d  [n] sorted ascending here, with z alongside   @param z2  [n] squares of z   @param out  [n]
 */
void mpl__rank_one_eigenvalues(double *d, double *z2, size_t n, double *out);

#endif
