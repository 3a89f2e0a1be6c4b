/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gauss-Legendre quadrature with a fixed number of nodes: exact for polynomials of degree 39. */
#ifndef MPL_NUM_LEGENDRE_H
#define MPL_NUM_LEGENDRE_H

#include <stddef.h>

enum { MPL__LEGENDRE_NODES = 20 };

/** Node i of the interval [from, to]; *weight gets its weight. */
double mpl__legendre_node(size_t i, double from, double to, double *weight);

#endif
