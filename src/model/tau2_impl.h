/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an estimator of tau2 is made of. */
#ifndef MPL_MODEL_TAU2_IMPL_H
#define MPL_MODEL_TAU2_IMPL_H

#include <metapool/model.h>
#include "model/problem.h"

struct mpl__fit_job;

/**
 * A pooling method: one that estimates tau2, or one with a way of its own to a fit. `estimate` fills tau2, se, iter,
 * n_maxima and converged, in scaled units; `pool` fills terms, vb, the heterogeneity and the weights, in place of
 * everything that is made from yi and vi.
 */
typedef struct mpl__method_def {
    mpl_method method;
    bool is_common;   /* tau2 = 0 by definition */
    bool is_by_sums;  /* tau2 of a mean is DerSimonian and Laird's, from four sums over the studies */
    bool is_reml;     /* its likelihood is the restricted one */
    bool is_ml;       /* it maximises the unrestricted one */
    bool weighs_at_0; /* uses weights 1/vi: every vi must be positive */
    bool needs_weights; /* weights given with the data */
    bool needs_mean;  /* defined for X = 1 only */
    bool is_multiplicative; /* vi are known up to a factor, the covariance is multiplied by y'Py/(k - p) */
    const char *weighting; /* "M-H, Fixed": its weights and model in figures; NULL = by inverse variances */
    const char *test; /* that goes with it by default; NULL = as the options say */
    mpl_status (*estimate)(mpl__problem *pb, mpl_tau2 *out, mpl_error *err);
    mpl_status (*pool)(struct mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
    const char *measures; /* ids that `pool` is defined for, separated by blanks */
    const char *options;  /* names of those in mpl_fit_option_table() that other methods do not know */
} mpl__method_def;

mpl_status mpl__method_find(const char *id, const mpl__method_def **out, mpl_error *err);
/** Row i of the registry; NULL past the last. */
const mpl__method_def *mpl__method_at(size_t i);

/** Estimates tau2; the result is in original units. k > p unless the method is common. */
mpl_status mpl__tau2_solve(mpl__problem *pb, const mpl__method_def *def, mpl_tau2 *out, mpl_error *err);

/**
 * Square root of 2 tr[(I + t P)^2] over the space that P acts on: the standard deviation of y'Py at tau2 = from + t,
 * where P has the weights 1/(vi + from). Standard errors of moment estimators are multiples of it.
 */
double mpl__quadratic_sd(const mpl__problem *pb, const mpl__at *at, double t);

typedef enum mpl__likelihood { MPL__ML, MPL__REML, MPL__ML_GAMMA_PRIOR /* of tau, gamma(2, 0) */ } mpl__likelihood;

/** Maximises the likelihood (likelihood.c). */
mpl_status mpl__maximise_likelihood(mpl__problem *pb, mpl__likelihood kind, mpl_tau2 *out, mpl_error *err);

#define MPL_METHOD(id) extern const mpl__method_def mpl__method_##id;
#include "model/method.def"
#undef MPL_METHOD

#endif
