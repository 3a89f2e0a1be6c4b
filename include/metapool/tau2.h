/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The between-study variance on its own, for callers who have arrays.
 *
 * The model is yi = xi'beta + ui + ei with var(ui) = tau2 and var(ei) = vi known. With P = W - WX(X'WX)^-1X'W and
 * W = diag(1/(vi + tau2)), every estimator here is a solution of an equation in y'Py, y'PPy, tr P and tr PP, all of
 * which are computed without any k x k matrix. Iterative estimators bracket their root and cannot fail to converge;
 * likelihoods are scanned for further maxima, and the best one is taken.
 */
#ifndef METAPOOL_TAU2_H
#define METAPOOL_TAU2_H

#include <metapool/run.h>

MPL_BEGIN_DECLS

/** How to estimate. All-zero means REML, tau2 >= 0. */
typedef struct mpl_tau2_options {
    const char *method;         /**< id in mpl_fit_method; NULL = "REML" */
    const double *weights;      /**< [k] of GENQ and GENQM, >= 0; NULL = none */
    double min;                 /**< the least value that the estimate may have, <= 0; raised to just above -min(vi) */
    const mpl_run_options *run; /**< of DLB, which draws samples; NULL = all defaults */
} mpl_tau2_options;

typedef struct mpl_tau2 {
    double tau2;       /**< squared units of yi; >= the least value allowed */
    double se;         /**< its standard error; NaN where the method has none */
    int iter;          /**< evaluations used; 0 for closed forms */
    int n_maxima;      /**< local maxima of the likelihood found, boundary included; 0 where no likelihood is used */
    bool converged;    /**< the bracket shrank to the tolerance */
    const mpl_method *method;
} mpl_tau2;

/** Registry of pooling methods: EE, FE (tau2 = 0 by definition) and every estimator of tau2. */
MPL_API const mpl_method *mpl_fit_method(size_t i);

/** Ids of the measures that a method is for that pools counts, separated by blanks; NULL if it pools effects. */
MPL_API const char *mpl_fit_method_measures(const mpl_method *method);

/**
 * Estimates tau2.
 *
 * @param yi  [k] effects, finite          @param vi  [k] sampling variances, finite, >= 0
 * @param X   [k x p] row-major design; NULL = intercept only (p is then ignored)
 * @param options  NULL = all defaults
 * @return MPL_OK; MPL_ERR_NAME; MPL_ERR_ARG if the method needs weights, or a mean; MPL_ERR_DATA; MPL_ERR_TOO_FEW if
 *         k < p + 1; MPL_ERR_NUMERIC if X is rank-deficient, or for a variance of 0 where its weight is infinite.
 */
MPL_API MPL_NODISCARD mpl_status mpl_tau2_estimate(const double *yi, const double *vi, size_t k, const double *X,
                                                   size_t p, const mpl_tau2_options *options, mpl_tau2 *out,
                                                   mpl_error *err);

MPL_END_DECLS

#endif
