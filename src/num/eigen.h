/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eigenvalues and eigenvectors of small symmetric matrices. */
#ifndef MPL_NUM_EIGEN_H
#define MPL_NUM_EIGEN_H

#include <stddef.h>

/**
 * Jacobi's rotations, which find small eigenvalues to the accuracy of the matrix.
 *
 * @param a        [n x n] symmetric; its diagonal becomes the eigenvalues, in no order
 * @param vectors  [n x n] out: row j belongs to eigenvalue j, of length 1
 */
void mpl__eigen_symmetric(double *a, size_t n, double *vectors);

#endif
