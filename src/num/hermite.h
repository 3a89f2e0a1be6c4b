/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gauss-Hermite rules: expectations over a standard normal. */
#ifndef MPL_NUM_HERMITE_H
#define MPL_NUM_HERMITE_H

#include <stddef.h>

enum { MPL__HERMITE_MAX = 320 };

/**
 * Nodes and weights with E g(X) = sum_j exp(log_w[j]) g(x[j]), X standard normal, exact for polynomials of degree
 * 2n - 1. Nodes ascend and are symmetric to the last bit; weights are logarithms, as the outer ones underflow.
 *
 * @param n  1 to MPL__HERMITE_MAX
 */
void mpl__hermite(size_t n, double *x, double *log_w);

#endif
