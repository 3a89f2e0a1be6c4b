/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A regression while it is being made, and what is kept of that for later questions. */
#ifndef MPL_MODEL_REGRESS_IMPL_H
#define MPL_MODEL_REGRESS_IMPL_H

#include "model/fit_impl.h"
#include "model/formula.h"

/** The result, what it owns, and the formula that it can be asked with. */
typedef struct mpl__regression {
    mpl_regression all;
    mpl_effects *effects;
    mpl_fit *fit, *baseline;
    const mpl_dataset *data;
    mpl__formula *formula;
    mpl__model_matrix matrix;
} mpl__regression;

typedef struct mpl__regress_job {
    const mpl_dataset *data;
    const mpl_fit_options *fit_options;
    mpl__arena *keep, *scratch;
    mpl__regression *own;
    mpl__notes notes;
    bool failed; /* no memory for a reason */
    mpl_error *err;
} mpl__regress_job;

/** Wald test that n coefficients with covariance v [n x n] are 0: chi-squared, or F if df2 is finite. */
mpl_status mpl__wald_test(const double *b, const double *v, size_t n, double df2, mpl__arena *scratch,
                          mpl_wald *out, mpl_error *err);

/** Fills the predictions that the options ask for. */
mpl_status mpl__regress_predict(mpl__regress_job *job);

#endif
