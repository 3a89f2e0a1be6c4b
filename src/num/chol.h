/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cholesky factors of small symmetric matrices, row-major. */
#ifndef MPL_NUM_CHOL_H
#define MPL_NUM_CHOL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Replaces the lower triangle of a by L with a = LL'. False, with a spoilt, if a is not positive definite: a pivot is
 * below 1e-14 times its diagonal element.
 */
bool mpl__cholesky(double *a, size_t n);

/** Solves L x = b in place. */
void mpl__lower_solve(const double *l, size_t n, double *b);

/** Solves L'x = b in place. */
void mpl__lower_solve_transposed(const double *l, size_t n, double *b);

#endif
