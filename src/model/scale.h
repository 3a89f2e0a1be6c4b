/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of a location-scale model and its maximum: tau2_i = exp(zi'alpha), or zi'alpha.
 *
 * Z is replaced by a basis of its columns, orthogonal and of mean square 1, so that the search does not depend on the
 * unit or the origin of what explains tau2. gamma are the coefficients of that basis; variances are those of the
 * mpl__problem, scaled.
 */
#ifndef MPL_MODEL_SCALE_H
#define MPL_MODEL_SCALE_H

#include "model/problem.h"

enum { MPL__MOST_SCALE = 30 }; /* coefficients of the scale */

typedef struct mpl__scale_sums {
    mpl__problem pb;      /* pb.v: sampling variances plus tau2_i */
    const double *v0;     /* [k] sampling variances */
    size_t k, q;
    const double *basis;  /* [k x q] column-major */
    double *offset;       /* [k] added to basis gamma */
    bool reml, is_log;
    double barrier;       /* sum ln(tau2_i) times this is added to the log-likelihood; identity link */
    double *t, *slope;    /* [k] tau2_i and its derivative by its linear predictor */
    double *a, *part;     /* [k], [k x q] work */
    double *cross, *moment; /* [q x p], [q x p x p] work */
} mpl__scale_sums;

/** The log-likelihood at gamma with its derivatives. */
typedef struct mpl__scale_at {
    double ll;
    double gamma[MPL__MOST_SCALE], score[MPL__MOST_SCALE];
    double info[MPL__MOST_SCALE * MPL__MOST_SCALE];     /* minus the second derivatives */
    double expected[MPL__MOST_SCALE * MPL__MOST_SCALE]; /* their mean over effects from the model; never indefinite */
} mpl__scale_at;

typedef struct mpl__scale_maximum {
    mpl__scale_at at;
    bool converged;
    int n_maxima;  /* that differ, among those that the searches found */
    size_t n_flat; /* directions in which the likelihood has no maximum */
    double flat[MPL__MOST_SCALE * MPL__MOST_SCALE]; /* [n_flat x q] */
    size_t n_bound; /* identity link: studies with tau2_i = 0 */
    double covariance[MPL__MOST_SCALE * MPL__MOST_SCALE]; /* of gamma where it is not flat; zeros at a bound */
} mpl__scale_maximum;

/** Room for q coefficients of the scale on a problem (with a basis; its v becomes ours). */
mpl_status mpl__scale_sums_init(mpl__scale_sums *s, mpl__arena *scratch, size_t q, mpl_error *err);

/** Places tau2_i at gamma; false where they are out of range. */
bool mpl__scale_place(mpl__scale_sums *s, const double *gamma);

/** The log-likelihood at at->gamma, minus infinity out of range; derivatives if asked for. */
void mpl__scale_evaluate(mpl__scale_sums *s, mpl__scale_at *at, bool derivatives);

/** From at->gamma uphill to the next maximum in the space of m orthonormal `directions` [m x q] (NULL = everywhere). */
bool mpl__scale_climb(mpl__scale_sums *s, mpl__scale_at *at, const double *directions, size_t m);

/** The highest maximum from several starts around tau2_i = t. */
void mpl__scale_maximise(mpl__scale_sums *s, double t, mpl__scale_maximum *out);

#endif
