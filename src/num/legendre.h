/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gauss-Legendre quadrature with a fixed number of nodes. */
#ifndef MPL_NUM_LEGENDRE_H
#define MPL_NUM_LEGENDRE_H

#include "num/quad.h"

/** Integral of f over [from, to] with 20 nodes: exact for polynomials of degree 39. */
double mpl__legendre(mpl__real_function f, void *ctx, double from, double to);

#endif
