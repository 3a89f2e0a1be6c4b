/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roots between two ends. */
#ifndef MPL_NUM_SEARCH_H
#define MPL_NUM_SEARCH_H

#include <stdbool.h>

/** f(x), with its derivative in *slope. */
typedef double (*mpl__equation)(void *ctx, double x, double *slope);

typedef struct mpl__root {
    double x;
    int iter;       /* evaluations */
    bool converged; /* the last step was below the tolerance, or the bracket shrank to neighbouring numbers */
} mpl__root;

/**
 * The root of a function that changes sign once between lo and hi, from `start` within.
 *
 * Newton's method; a step that leaves the bracket or does not halve the one before is replaced by bisection, so that
 * no function can keep it from converging. It ends with the first step below tol, relative to x, which is still taken:
 * for a smooth function the error left is about tol squared.
 *
 * @param rises  f(lo) < 0 < f(hi), else the other way round; the ends themselves are not evaluated
 */
mpl__root mpl__root_find(mpl__equation f, void *ctx, double lo, double hi, double start, bool rises, double tol);

#endif
