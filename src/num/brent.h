/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roots of functions of one variable, to the last bits the function allows. */
#ifndef MPL_NUM_BRENT_H
#define MPL_NUM_BRENT_H

#include <stddef.h>

#include "num/quad.h"

/** A root between a and b, where f has opposite signs (a zero at either end is one); NaN if it has not. */
double mpl__brent_root(mpl__real_function f, void *ctx, double a, double b);

/**
 * The least value of `f` over a grid of n >= 2 equal steps, refined as the root of its derivative `slope` between the
 * neighbours of the best node. A minimum at an end of the interval is that end.
 */
double mpl__brent_minimum(mpl__real_function f, mpl__real_function slope, void *ctx, double from, double to,
                          size_t n);

#endif
