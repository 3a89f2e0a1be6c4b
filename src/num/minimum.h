/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minima of functions of a few variables between bounds. */
#ifndef MPL_NUM_MINIMUM_H
#define MPL_NUM_MINIMUM_H

#include <stdbool.h>
#include <stddef.h>

enum { MPL__MINIMUM_MAX = 32 }; /* variables */

/** Must be finite somewhere; where it is not, infinity. */
typedef double (*mpl__cost)(void *ctx, const double *x);

typedef struct mpl__minimum {
    double value;
    double gradient; /* largest partial derivative inside the bounds, in units of `scale` */
    bool converged;  /* it is below what rounding leaves */
    bool failed;     /* no memory */
} mpl__minimum;

/** From x [n] by the simplex method, to about 1e-3: for starts. `scale` [n] is the size of first steps. */
mpl__minimum mpl__minimum_search(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n);

/** From near a minimum to its last digits by Newton steps with differences, safeguarded. */
mpl__minimum mpl__minimum_polish(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n);

/** Second derivatives [n x n] by central differences, Richardson-extrapolated. */
void mpl__hessian(mpl__cost f, void *ctx, const double *x, const double *scale, size_t n, double *out);

#endif
