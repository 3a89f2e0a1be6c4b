/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Least squares by orthogonal bases. Matrices with one row per study are column-major (a column is contiguous), small
 * p x p matrices are row-major. X'X is never formed.
 */
#ifndef MPL_NUM_LINALG_H
#define MPL_NUM_LINALG_H

#include <stddef.h>

/** sum_i a_i b_i, compensated between blocks. */
double mpl__dot(const double *a, const double *b, size_t n);

/**
 * Replaces the columns of an [n x p] matrix by an orthonormal basis Q of the same space: matrix = Q L'.
 *
 * @param lower  [p x p] L, written
 * @param tol    a column depends on those before it if less than this part of it is left when they are taken out
 * @return p, or the index of the first dependent column (then L and the columns from it on are unspecified)
 */
size_t mpl__orthonormalise(double *q, size_t n, size_t p, double *lower, double tol);

/** Takes the space spanned by orthonormal columns out of x: coef = Q'x, x -= Q coef. coef is [p]. */
void mpl__project_out(const double *q, size_t n, size_t p, double *x, double *coef);

/** Inverts a lower triangle in place; its diagonal must not hold zeros. */
void mpl__invert_lower(double *lower, size_t p);

#endif
