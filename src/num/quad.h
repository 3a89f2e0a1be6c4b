/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quadrature of smooth functions: sums over equally spaced nodes, whose spacing is halved until two sums agree. For
 * functions analytic near the real line the error falls exponentially (Trefethen & Weideman 2014, SIAM Rev
 * 56:385-458).
 */
#ifndef MPL_NUM_QUAD_H
#define MPL_NUM_QUAD_H

typedef double (*mpl__real_function)(double x, void *ctx);

/** E f(X), X normal. sd = 0 gives f(mean). Relative to the largest |f| seen; NaN if f is NaN where it matters. */
double mpl__quad_normal(mpl__real_function f, void *ctx, double mean, double sd);

/**
 * Integral of f over a finite interval by the tanh-sinh rule (Takahasi & Mori 1974, Publ RIMS 9:721-741): f may have
 * a singular derivative, or an integrable pole, at either end.
 */
double mpl__quad_finite(mpl__real_function f, void *ctx, double from, double to);

#endif
