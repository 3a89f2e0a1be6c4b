/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A selection model while it is made. */
#ifndef MPL_DIAG_SELECTION_MAKER_H
#define MPL_DIAG_SELECTION_MAKER_H

#include "base/note.h"
#include "diag/selection/weight.h"
#include "num/minimum.h"

typedef struct mpl__maker {
    const mpl_effects *effects;
    const mpl_design *design;
    mpl__selector selector;
    mpl_selection *out;
    mpl__arena *keep, *scratch;
    mpl__notes notes;
    double level;
    size_t k, p, n_weights, n_free; /* n_free weights are estimated */
    double known[MPL__SELECTION_MAX]; /* NaN = estimated */
    double unit;             /* of coefficients and tau */
    double *yi, *sei;        /* [k] turned */
    mpl__observed *seen;     /* [k] */
    double *x;               /* [k x p] */
    mpl_maybe tau2;          /* where it is known */
    double scale[MPL__MINIMUM_MAX], lo[MPL__MINIMUM_MAX], hi[MPL__MINIMUM_MAX];
    mpl_error *err;
} mpl__maker;

/** The parameters: coefficients and tau in units of `unit`, and the roots of the weights that are estimated. */
size_t mpl__maker_parameters(const mpl__maker *mk);

/** From parameters to coefficients, tau2 and weights. */
void mpl__maker_unpack(const mpl__maker *mk, const double *x, double *beta, double *tau2, double *delta);

/** Maximises the likelihood; x gets the best point, also of all that has tau2 = 0 if `nested` is such a point. */
mpl_status mpl__maker_search(mpl__maker *mk, const double *nested, double *x, mpl__minimum *best);

/** Whether the root of a weight has run to where it may not go further. */
bool mpl__maker_at_bound(double root);

/** From the inverse Hessian of the parameters that are inside their bounds; NaN for the others. */
void mpl__maker_errors(mpl__maker *mk, const double *x, double *se);

#endif
