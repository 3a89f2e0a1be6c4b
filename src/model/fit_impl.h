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
    bool is_wald;    /* the estimate over its classical standard error, and nothing else */
    bool is_normal;  /* that, from the normal distribution */
    bool may_narrow; /* an interval narrower than Wald's is left as it is, which a note says */
    bool needs_df;   /* k > p */
    bool needs_mean; /* defined for a pooled mean only */
    bool needs_reml;
    bool is_from_draws;
    bool needs_inverse_variance; /* weights 1/(vi + tau2) */
    bool is_hksj;    /* estimates the spread about the mean from y'Py */
    const char *of_method, *of_weights; /* ids that it is defined for, and brings with it; NULL = any */
    mpl_status (*scale)(mpl__fit_job *job, mpl__scaling *out, mpl_error *err);
    /* What `scale` made of the terms, p-values and intervals become others; NULL = they stay. */
    mpl_status (*refine)(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
    /* What replaces that in a regression; NULL = nothing. */
    mpl_status (*of_regression)(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
} mpl__test_def;

/** Weights of the studies; `weigh` NULL = 1/(vi + tau2), else *a NULL = equal. */
typedef struct mpl__weights_def {
    mpl_method method;
    mpl_status (*weigh)(const mpl__fit_job *job, const double **a, mpl_error *err);
} mpl__weights_def;

/** The sampling variance that I2 and H2 compare tau2 with, from the sums at tau2 = 0; scaled. */
typedef struct mpl__i2_def {
    mpl_method method;
    double (*variance)(const mpl__problem *pb, const mpl__at *at0);
} mpl__i2_def;

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
    bool is_from_draws;
    mpl_status (*limits)(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err); /* out is NaN */
} mpl__tau2_ci_def;

/** A tau2 of its own for each study, from a model with n parameters. */
typedef struct mpl__own_tau2 {
    const double *tau2; /* [k] */
    size_t n;
} mpl__own_tau2;

struct mpl__fit_job {
    const mpl_effects *effects;
    const mpl_design *design;       /* NULL = intercept only */
    const mpl_fit_options *options; /* resolved */
    double fixed_tau2;
    mpl__arena *scratch;
    const mpl_fit *near; /* to nearly the same studies; NULL = none */
    const mpl__own_tau2 *own; /* NULL = one tau2 for all */
    bool lenient; /* a part of something larger: what cannot be is left out, not refused */
    mpl__problem pb;
    const mpl__method_def *method;
    const mpl__test_def *test;
    const mpl__pi_def *pi;
    const mpl__tau2_ci_def *tau2_ci;
    const mpl__weights_def *weights;
    const mpl__i2_def *i2;
    bool is_tau2_fixed;
    double level, z; /* z: normal quantile of the level */
    struct {
        double df, quantile;
    } t; /* as last asked for: most are of one df, and a quantile costs as much as the search for tau2 */
    double df;       /* k - p */
    mpl__at at;      /* at tau2 */
    double se;       /* unscaled standard error of the mean; for X = 1 */
    const double *a;      /* weights instead of 1/(vi + tau2); see mpl__weights_def */
    double rss;           /* sum (yi - fit)^2/(vi + tau2) with them */
    double s2w;
    double dispersion;    /* of the method: s2w if vi are known up to a factor, else 1 */
    mpl__scaling scaling; /* of the test in force */
    mpl__notes notes;
};

mpl_status mpl__test_find(const char *id, const mpl__test_def **out, mpl_error *err);

/** True for the test, among those of the registry, that is Wald's from the normal distribution. */
bool mpl__test_is_normal(const mpl_method *test);

/** True for what stands for no prediction interval in the registry. */
bool mpl__pi_is_none(const mpl_method *pi);
mpl_status mpl__pi_find(const char *id, const mpl__pi_def **out, mpl_error *err);
mpl_status mpl__tau2_ci_find(const char *id, const mpl__tau2_ci_def **out, mpl_error *err);

/** Tests from the likelihood ratio (ratio.c). */
mpl_status mpl__refine_pl(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__refine_bartlett(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__refine_skovgaard(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** Tests from draws (resample.c), and the interval of tau2 from them. */
mpl_status mpl__refine_permutation(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__refine_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__tau2_limits_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err);
mpl_status mpl__weights_find(const char *id, const mpl__weights_def **out, mpl_error *err);
mpl_status mpl__i2_find(const char *id, const mpl__i2_def **out, mpl_error *err);

/** Options to members of the job: registries, what goes together, what does not (resolve.c). */
mpl_status mpl__fit_resolve(mpl__fit_job *job, const mpl_fit_options *given, bool lenient, mpl_fit *fit,
                            mpl_error *err);

/** After job->at: coefficients by the weights asked for. */
mpl_status mpl__fit_weigh(mpl__fit_job *job, mpl_error *err);

/** Weights in percent [k], in the order of the studies. */
void mpl__fit_list_weights(const mpl__fit_job *job, double *out);

/** The tau2 whose I2 is that (percent), in original units. */
mpl_status mpl__i2_to_tau2(mpl__fit_job *job, double i2, double *tau2, mpl_error *err);

/** Adds a copy to the fit's quantities. */
mpl_status mpl__fit_add_quantity(mpl_fit *fit, mpl_quantity quantity, mpl_error *err);

/** Adds the quantities that the options ask for (quantities.c). */
mpl_status mpl__fit_quantities(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** Adds tests of heterogeneity beside Q, if they are asked for (het_tests.c). */
mpl_status mpl__fit_het_tests(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** The correction of Kenward & Roger for the mean; MPL_ERR_NUMERIC if it is not finite. */
mpl_status mpl__kenward_roger(const mpl__fit_job *job, mpl__scaling *out, mpl_error *err);

/** The same for a regression (kenward.c): the terms and the omnibus test; what predictions need. */
mpl_status mpl__refine_kr(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);
mpl_status mpl__kenward_new(const mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** What the correction needs of a fit, in original units. */
struct mpl__kenward {
    double variance;                        /* of tau2 */
    const double *plain, *slope, *adjusted; /* [p x p] covariance of the coefficients, its derivative, adjusted */
};

/** Degrees of freedom of what has this plain variance and this derivative of it. */
double mpl__kenward_df(const mpl_fit *fit, double plain, double slope);

/** Adjusted variance of a combination [p] of the coefficients of a fit that has `kenward`; its degrees of freedom. */
double mpl__kenward_variance(const mpl_fit *fit, const double *l, double *df);

/** The variance that it has without the adjustment. */
double mpl__kenward_plain(const mpl_fit *fit, const double *l);

/** Degrees of freedom of a combination [p] of coefficients under the test in force. */
double mpl__fit_df(const mpl_fit *fit, const double *l);

/** The same estimate without intervals that are costly, or draws: for fits beside the one that is shown. */
mpl_fit_options mpl__fit_plain(mpl_fit_options options);

/** Clears options that belong to other methods; MPL_ERR_ARG if one of them is given. */
mpl_status mpl__fit_own_options(const mpl__method_def *method, const mpl_fit_options *given, mpl_fit_options *options,
                                mpl_error *err);

/** Two-sided quantile at the job's level. */
double mpl__fit_quantile(mpl__fit_job *job, double df);

/** Fills the prediction interval, or leaves NaN and adds a note that says why. */
mpl_status mpl__predict_new(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** Fills q, i2, h2 and the interval of tau2, from which those of i2 and h2 follow (heterogeneity.c). */
mpl_status mpl__heterogeneity(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

/** A coefficient or contrast with its test and interval. se = 0: statistic and p-value are NaN. */
mpl_term mpl__term_make(const char *term, double estimate, double se, double df, double level);

/**
 * As mpl_fit_new; `lenient` falls back to z, with a note, where the test asked for needs more studies. `near` is a fit
 * to nearly the same studies, where searches start, or NULL: it changes what a search costs, not what it proves.
 */
mpl_status mpl__fit_make(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                         bool lenient, const mpl_fit *near, mpl_fit **out, mpl_error *err);

/** As mpl_fit_new, at given tau2 of the studies: tau2 and what follows from a common one are NaN. */
mpl_status mpl__fit_make_own(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                             const mpl__own_tau2 *own, mpl_fit **out, mpl_error *err);

#endif
