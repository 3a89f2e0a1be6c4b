/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minima of functions of a few variables between bounds. */
#ifndef MPL_NUM_MINIMUM_H
#define MPL_NUM_MINIMUM_H

#include <stdbool.h>
#include <stddef.h>

enum { MPL__MINIMUM_MAX = 32 }; /* variables */

/** f(x); its n derivatives go to `gradient` if that is not NULL. Finite somewhere; where it is not, infinity. */
typedef double (*mpl__cost)(void *ctx, const double *x, double *gradient);

typedef struct mpl__minimum {
    double value;
    double gradient; /* largest partial derivative inside the bounds, in units of `scale` */
    bool converged;  /* it is below what rounding leaves */
} mpl__minimum;

/** From x [n] by a quasi-Newton method (BFGS), to about 1e-4: for starts. `scale` [n] is the size of first steps. */
mpl__minimum mpl__minimum_search(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n);

/** From near a minimum to its last digits by Newton steps, safeguarded; second derivatives are differences. */
mpl__minimum mpl__minimum_polish(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n);

/** Second derivatives [n x n] by central differences of the gradient, Richardson-extrapolated. */
void mpl__hessian(mpl__cost f, void *ctx, const double *x, const double *scale, size_t n, double *out);

#endif
