/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bases of functions of one number: B-splines, natural and restricted cubic splines, orthogonal polynomials. */
#ifndef MPL_NUM_SPLINE_H
#define MPL_NUM_SPLINE_H

#include <stdbool.h>
#include <stddef.h>

enum { MPL__MOST_KNOTS = 64, MPL__MOST_ORDER = 10 };

/**
 * Values, or derivatives, at x of the n - order B-splines on n sorted knots, the first and the last of them `order`
 * times. Beyond these the outermost pieces go on as polynomials.
 */
void mpl__bspline(const double *knots, size_t n, size_t order, double x, int derivative, double *out);

/**
 * The n - 7 columns of R's splines::ns() without intercept: cubic B-splines on n knots, of which the outermost are
 * there four times, less the first, turned so that only two of them have a curvature at the ends, and these dropped.
 * Straight beyond the ends. `turn` is [(n - 5) x (n - 7)] row-major, written by mpl__natural_turn().
 */
void mpl__natural_turn(const double *knots, size_t n, double *turn);
void mpl__natural_spline(const double *knots, size_t n, const double *turn, double x, double *out);

/** Restricted cubic splines on n sorted knots: x and n - 2 terms, divided by the square of the range of the knots. */
void mpl__restricted_spline(const double *knots, size_t n, double x, double *out);

/**
 * Polynomials of degree 1 to `degree` that are orthonormal over k points, as R's poly(). alpha is [degree], norm
 * [degree + 1]. False if there are not more than `degree` different points.
 */
bool mpl__orthogonal_polynomials(const double *x, size_t k, size_t degree, double *alpha, double *norm);
void mpl__orthogonal_polynomial(size_t degree, const double *alpha, const double *norm, double x, double *out);

/** Quantile of k sorted numbers, between neighbours (Hyndman & Fan 1996, definition 7; R's default). */
double mpl__sorted_quantile(const double *sorted, size_t k, double p);

#endif
