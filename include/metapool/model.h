/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pooling: one fit, and fits by subgroup.
 *
 * A fit is a linear model of yi on a design (the intercept alone for a pooled mean) with weights 1/(vi + tau2). The
 * *method* says what tau2 is, the *test* how intervals of coefficients are made, the *pi* how the prediction interval
 * is. Everything a reader may want to compare (the Wald interval beside Hartung-Knapp's) is always in the result.
 *
 * Not estimable is NaN. Percentages are 0 to 100. Intervals are at `level`.
 */
#ifndef METAPOOL_MODEL_H
#define METAPOOL_MODEL_H

#include <metapool/effect.h>
#include <metapool/run.h>
#include <metapool/tau2.h>

MPL_BEGIN_DECLS

/** How to fit. All-zero means all defaults of the profile; the option table is mpl_fit_option_table(). */
typedef struct mpl_fit_options {
    const char *profile; /**< see mpl_profile_find; not a row of the table */
    const char *method;  /**< id in mpl_fit_method */
    const char *test;    /**< id in mpl_test_method: "z", "t", "hksj", "hksj-adhoc", ... */
    const char *pi;      /**< id in mpl_pi_method: variant of the prediction interval */
    const char *tau2_ci; /**< id in mpl_tau2_ci_method: how the interval of tau2 is made */
    size_t draws;        /**< of tests and intervals by permutations and bootstrap; all there are if these are fewer */
    mpl_run_options run; /**< of the draws; its rows are mpl_run_option_table() */
    const char *weights; /**< id in mpl_weights_method; NULL = "inverse-variance" */
    mpl_maybe tau2;      /**< a fixed value instead of an estimate; above -min(vi) */
    mpl_maybe i2;        /**< a fixed I2 in percent instead of an estimate of tau2 */
    mpl_maybe tau2_min;  /**< the least value that an estimate of tau2 may have, <= 0; default 0; raised to just above
                              -min(vi) */
    const char *i2_def;  /**< id in mpl_i2_method: what I2 and H2 compare tau2 with; NULL = "typical" */
    bool rb;             /**< also Rb among the quantities */
    bool het_tests;      /**< also tests beside Q: that tau2 is 0, that it is the same in all studies */
    bool permutation_ci; /**< tests by permutations: also the limits of coefficients */
    mpl_maybe beyond;    /**< on the display scale: also the shares of true effects on either side of it */
    double level;        /**< confidence and prediction level, proportion; 0 = 0.95 */
    const char *mh_counts;   /**< id in mpl_mh_counts_method: what method MH makes its sums of */
    const char *rd_variance; /**< id in mpl_rd_variance_method: of the risk difference by method MH */
    const char *glmm_model; /**< id in mpl_glmm_method: model of counts of method GLMM; NULL = the measure's first */
    mpl_maybe glmm_coding; /**< how much of the effect is added to group 1; the rest is taken from group 2; 0.5 */
    bool glmm_cor;       /**< random intercepts and effects correlate */
    size_t quad_points;  /**< nodes of the adaptive quadrature of method GLMM; 0 = as many as it takes */
} mpl_fit_options;

/** A regression design. */
typedef struct mpl_design {
    size_t n_rows, n_cols;
    const double *x;          /**< [n_rows x n_cols] row-major */
    const char *const *terms; /**< [n_cols] names; "intercept" for the column of ones */
} mpl_design;

/** One coefficient, or a contrast of coefficients. */
typedef struct mpl_term {
    const char *term;
    double estimate, se, statistic;
    double df;       /**< of the t distribution; infinity for z */
    double pval;     /**< two-sided */
    double log_pval; /**< natural logarithm of pval, exact where pval underflows */
    double ci_lb, ci_ub;
} mpl_term;

/** A test beside those of the coefficients: Cochran-Mantel-Haenszel, Breslow-Day, a likelihood ratio. */
typedef struct mpl_hypothesis {
    const char *id;       /**< stable: "cmh", "breslow-day" */
    const char *title;    /**< what is tested, in words */
    const char *cite;
    double statistic, df; /**< chi-squared with df; F if df2 is finite; z, or as the title says, if df
                               is NaN */
    double df2;           /**< infinite but for F */
    double pval, log_pval;
} mpl_hypothesis;

/** A number beside the coefficients that has a name: a variance component, a probability, an index. */
typedef struct mpl_quantity {
    const char *id;    /**< stable: "intercept-variance" */
    const char *title; /**< what it is, in words */
    const char *cite;  /**< NULL = none */
    double value, se, ci_lb, ci_ub; /**< NaN where there is none */
} mpl_quantity;

typedef struct mpl_interval {
    double lb, ub;
} mpl_interval;

typedef struct mpl_fit {
    mpl_fit_options options; /**< as resolved */
    const mpl_method *method, *test, *pi;
    double level;
    size_t k, p;
    const mpl_term *terms;   /**< [p] under the test in force; terms[0] is the mean for a pooled fit */
    const mpl_method *tau2_ci_method; /**< what made tau2_ci, in mpl_tau2_ci_method */
    const double *vb;        /**< [p x p] covariance of the coefficients under the test in force */

    mpl_term wald;           /**< the mean by z with the unscaled standard error; for p = 1 */
    mpl_term hksj;           /**< the mean by Hartung-Knapp; NaN for k < 2; for p = 1 */
    double s2w;              /**< Hartung-Knapp factor y'Py/(k - p); NaN for k = p */

    double tau2, se_tau2, tau;
    mpl_interval tau2_ci, tau_ci; /**< ub infinite if there is no upper limit; NaN if not estimable */
    bool tau2_ci_empty;      /**< no tau2 that is allowed agrees with the data: both limits are the least one, 0 */
    double i2, h2;           /**< percent; ratio */
    mpl_interval i2_ci, h2_ci; /**< from the limits of tau2 */
    double q, q_df, q_pval, q_log_pval;
    double qm, qm_df, qm_df2, qm_pval, qm_log_pval; /**< omnibus test of all terms but the intercept */

    double pi_lb, pi_ub, pi_df, pi_se; /**< prediction interval of a new study's effect; NaN if not estimable */

    double ll, aic, aicc, bic; /**< at tau2: ML, or REML (with the ln|X'X| term) if that is the method */
    int n_maxima, iter;
    bool converged;

    const double *weights;   /**< [k] percent; sum 100, less what counts without an effect have in methods of counts */
    const double *fitted;    /**< [k] xi'beta */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
    size_t n_hypotheses;
    const mpl_hypothesis *hypotheses; /**< what else the method tests */
    size_t n_quantities;
    const mpl_quantity *quantities;   /**< what else the method estimates */
    size_t n_draws, n_draws_wanted; /**< that the test in force rests on, beside the observed data; 0 = it draws none */
    bool draws_exact;        /**< they are all that there are */
    double vb_factor;        /**< what the test in force multiplied the covariance of the coefficients by */
    double v_typical;        /**< the sampling variance that I2 and H2 compare tau2 with; NaN = there is none */
    bool is_kenward;         /**< of a regression: degrees of freedom differ between combinations of coefficients */
    const struct mpl__kenward *kenward; /**< private; what gives them */
    const double *tau2_i;    /**< [k] where studies differ in tau2; NULL = they do not */
} mpl_fit;

/** A difference between two groups, first minus second. */
typedef struct mpl_contrast {
    size_t a, b;          /**< indices of groups */
    mpl_term diff;        /**< term is "a minus b" by name */
    double pval_holm;     /**< adjusted over all contrasts shown */
} mpl_contrast;

typedef struct mpl_group {
    const char *label;    /**< value of the column */
    size_t k;
    const size_t *index;  /**< [k] indices into the effects */
    const mpl_fit *fit;   /**< never NULL: a group with one study has that study's effect and tau2 = NaN */
} mpl_group;

typedef struct mpl_subgroup_options {
    const char *subgroup; /**< column; NULL = no subgroups */
    const char *pooling;  /**< option "tau2-pooling", id in mpl_pooling_method: "separate" or "common" */
} mpl_subgroup_options;

typedef struct mpl_subgroups {
    mpl_subgroup_options options; /**< as resolved */
    const char *column;
    size_t n_groups;
    const mpl_group *groups;      /**< in order of first appearance */
    double tau2;                  /**< the common value; NaN if separate */
    double q, q_df, q_df2, q_pval, q_log_pval; /**< between groups; chi-squared, or F if q_df2 is finite */
    const mpl_method *between;    /**< how it was tested */
    size_t n_contrasts;
    const mpl_contrast *contrasts; /**< all pairs of groups with an estimate */
    size_t n_excluded;
    const mpl_exclusion *excluded; /**< studies without a value in the column: in the overall fit, in no group */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
    double welch_f, welch_df, welch_df2, welch_pval, welch_log_pval; /**< Welch's F between groups, for t tests with
                                                                          separate tau2; else NaN */
} mpl_subgroups;

/** The parts of one analysis, borrowed: what reports and plots are made from. Only `effects` and `fit` are required. */
typedef struct mpl_analysis {
    const mpl_dataset *data;
    const mpl_effects *effects;
    const mpl_fit *fit;
    const mpl_subgroups *subgroups;
} mpl_analysis;

MPL_API const mpl_option *mpl_fit_option_table(void);
MPL_API const mpl_option *mpl_subgroup_option_table(void);

/** Registries: tests of coefficients, prediction intervals, intervals of tau2, ways to pool tau2 over subgroups. */
MPL_API const mpl_method *mpl_test_method(size_t i);
MPL_API const mpl_method *mpl_pi_method(size_t i);
MPL_API const mpl_method *mpl_tau2_ci_method(size_t i);

/** Registries: weights of studies, definitions of I2. */
MPL_API const mpl_method *mpl_weights_method(size_t i);
MPL_API const mpl_method *mpl_i2_method(size_t i);
MPL_API const mpl_method *mpl_pooling_method(size_t i);

/** Registries of method MH: the counts in its sums, the variance of the risk difference. */
MPL_API const mpl_method *mpl_mh_counts_method(size_t i);
MPL_API const mpl_method *mpl_rd_variance_method(size_t i);
/** Registry of the models of method GLMM. */
MPL_API const mpl_method *mpl_glmm_method(size_t i);

/**
 * Fits the model.
 *
 * Where the options name no test, an equal-effects method takes z, and so do too few studies for the profile's test:
 * a single study is shown with its own effect and Wald interval, tau2 NaN. What the options name is kept or refused.
 * Zero variances are allowed as long as tau2 > 0. Effects may have any offset and unit: both cost no digits.
 *
 * @param design  NULL = intercept only
 * @return MPL_OK; MPL_ERR_NAME, MPL_ERR_ARG for options; MPL_ERR_TOO_FEW if k < 1, or k too small for the method or
 *         test; MPL_ERR_DATA for an effect or variance that is not finite, or a negative variance; MPL_ERR_NUMERIC for
 *         a rank-deficient design or zero variances that give infinite weights.
 */
MPL_API MPL_NODISCARD mpl_status mpl_fit_new(const mpl_effects *effects, const mpl_design *design,
                                             const mpl_fit_options *options, mpl_fit **out, mpl_error *err);
MPL_API void mpl_fit_free(mpl_fit *fit);

/** Fits each group of a column, tests between groups, and contrasts every pair. */
MPL_API MPL_NODISCARD mpl_status mpl_subgroups_new(const mpl_dataset *data, const mpl_effects *effects,
                                                   const mpl_fit_options *fit_options,
                                                   const mpl_subgroup_options *options, mpl_subgroups **out,
                                                   mpl_error *err);
MPL_API void mpl_subgroups_free(mpl_subgroups *subgroups);

/** The method in one sentence with its sources, e.g. for a methods paragraph. Truncates at size. MPL_ERR_NOMEM. */
MPL_API MPL_NODISCARD mpl_status mpl_fit_describe(const mpl_fit *fit, char *out, size_t size, mpl_error *err);

MPL_END_DECLS

#endif
