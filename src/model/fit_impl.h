/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fit while it is being made: what tests and prediction intervals are given. */
#ifndef MPL_MODEL_FIT_IMPL_H
#define MPL_MODEL_FIT_IMPL_H

#include <metapool/model.h>
#include "base/note.h"
#include "model/tau2_impl.h"

/** What a test makes of the unscaled covariance: it is multiplied by `factor`; t with `df`, infinite for z. */
typedef struct mpl__scaling {
    double factor, df;
} mpl__scaling;

typedef struct mpl__fit_job mpl__fit_job;

/** Limits of tau2 in the units of vi; ub infinite if there is no upper limit, NaN if not estimable. */
typedef struct mpl__tau2_limits {
    double lb, ub;
    bool is_empty; /* no tau2 >= 0 agrees with the data: both limits are 0 */
} mpl__tau2_limits;

typedef struct mpl__test_def {
    mpl_method method;
    bool needs_df;   /* k > p */
    bool needs_mean; /* defined for a pooled mean only */
    bool needs_reml;
    mpl_status (*scale)(mpl__fit_job *job, mpl__scaling *out, mpl_error *err);
    /* What `scale` made of the terms, p-values and intervals become others; NULL = they stay. */
    mpl_status (*refine)(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
} mpl__test_def;

/** Where a prediction interval takes the standard error of the mean from, and its degrees of freedom. */
typedef enum mpl__pi_se { MPL__PI_IN_FORCE, MPL__PI_CLASSIC, MPL__PI_HKSJ, MPL__PI_KR, MPL__PI_WITHOUT } mpl__pi_se;
typedef enum mpl__pi_df { MPL__PI_NORMAL, MPL__PI_RESIDUAL, MPL__PI_KENWARD } mpl__pi_df;

typedef struct mpl__pi_def {
    mpl_method method;
    mpl__pi_se se;
    mpl__pi_df df;
    int df_less; /* taken off the degrees of freedom */
    bool is_none;
    mpl_status (*compute)(mpl__fit_job *job, mpl_fit *fit, mpl_error *err); /* for those that are not mean -+ q se */
} mpl__pi_def;

typedef struct mpl__tau2_ci_def {
    mpl_method method;
    bool needs_likelihood; /* that the method maximises */
    mpl_status (*limits)(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err); /* out is NaN */
} mpl__tau2_ci_def;

struct mpl__fit_job {
    const mpl_effects *effects;
    const mpl_design *design;       /* NULL = intercept only */
    const mpl_fit_options *options; /* resolved */
    double fixed_tau2;
    mpl__arena *scratch;
    mpl__problem pb;
    const mpl__method_def *method;
    const mpl__test_def *test;
    const mpl__pi_def *pi;
    const mpl__tau2_ci_def *tau2_ci;
    bool is_tau2_fixed;
    double level, z; /* z: normal quantile of the level */
    double df;       /* k - p */
    mpl__at at;      /* at tau2 */
    double se;       /* unscaled standard error of the mean; for X = 1 */
    double s2w;
    mpl__scaling scaling; /* of the test in force */
    mpl__notes notes;
};

mpl_status mpl__test_find(const char *id, const mpl__test_def **out, mpl_error *err);
mpl_status mpl__pi_find(const char *id, const mpl__pi_def **out, mpl_error *err);
mpl_status mpl__tau2_ci_find(const char *id, const mpl__tau2_ci_def **out, mpl_error *err);

/** Tests from draws (resample.c), and the interval of tau2 from them. */
mpl_status mpl__refine_permutation(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__refine_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__tau2_limits_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err);

/** The correction of Kenward & Roger for the mean; MPL_ERR_NUMERIC if it is not finite. */
mpl_status mpl__kenward_roger(const mpl__fit_job *job, mpl__scaling *out, mpl_error *err);

/** Clears options that belong to other methods; MPL_ERR_ARG if one of them is given. */
mpl_status mpl__fit_own_options(const mpl__method_def *method, const mpl_fit_options *given, mpl_fit_options *options,
                                mpl_error *err);

/** Two-sided quantile at the job's level. */
double mpl__fit_quantile(const mpl__fit_job *job, double df);

/** Fills the prediction interval, or leaves NaN and adds a note that says why. */
mpl_status mpl__predict_new(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** Fills q, i2, h2 and the interval of tau2, from which those of i2 and h2 follow (heterogeneity.c). */
mpl_status mpl__heterogeneity(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** Adds a copy to the fit's quantities. */
mpl_status mpl__fit_add_quantity(mpl_fit *fit, mpl_quantity quantity, mpl_error *err);

/** A coefficient or contrast with its test and interval. se = 0: statistic and p-value are NaN. */
mpl_term mpl__term_make(const char *term, double estimate, double se, double df, double level);

/** As mpl_fit_new; `lenient` falls back to z, with a note, where the test asked for needs more studies. */
mpl_status mpl__fit_make(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                         bool lenient, mpl_fit **out, mpl_error *err);

#endif
