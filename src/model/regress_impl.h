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
    mpl_fit *fit, *baseline, *other, *same;
    mpl_curve *curve;
    const mpl_dataset *data;
    mpl__formula *formula, *versus, *scale_formula;
    struct mpl__scale_job *scale; /* NULL = one tau2 for all */
    mpl__model_matrix matrix;
} mpl__regression;

typedef struct mpl__regress_job {
    const mpl_dataset *data;
    const mpl_fit_options *fit_options;
    mpl__arena *keep, *scratch;
    mpl__regression *own;
    mpl_moderator *moderators; /* [n_moderators] of the result */
    mpl__notes notes;
    bool failed; /* no memory for a reason */
    size_t draws; /* permutations of a model of tau2; 0 = none */
    mpl_error *err;
} mpl__regress_job;

/** Wald test that n coefficients with covariance v [n x n] are 0: chi-squared, or F if df2 is finite. */
mpl_status mpl__wald_test(const double *b, const double *v, size_t n, double df2, mpl__arena *scratch,
                          mpl_wald *out, mpl_error *err);

/** The same under the test in force, that n combinations [n x p] of coefficients are 0 (kenward.c). */
mpl_status mpl__fit_wald(const mpl_fit *fit, const double *l, size_t n, mpl__arena *scratch, mpl_wald *out,
                         mpl_error *err);

/**
 * |R_11| |R_22| / |R| of the correlations of a set of coefficients and the others (Fox & Monette 1992, J Am Stat Assoc
 * 87:178-183); 1 if the set is all. work is [2 n n].
 */
double mpl__variance_inflation(const double *v, size_t n, const bool *set, double *work);

/** Fills R2 and the likelihood ratio against no moderators (r2.c). */
mpl_status mpl__regress_explained(mpl__regress_job *job);

/** Resolves the options of the scale. */
mpl_status mpl__scale_take_options(const mpl__regress_job *job, mpl_regress_options *options);

/** Replaces the fit by one with a tau2 for each study, where that is asked for. */
mpl_status mpl__regress_scale(mpl__regress_job *job);

/** tau2 at a point. */
mpl_status mpl__scale_predict(const struct mpl__scale_job *scale, const mpl__point *point, const char *option,
                              mpl_scale_prediction *out, mpl_error *err);

/** tau2 at a row of the design of the scale, and that design. */
mpl_scale_prediction mpl__scale_row(const struct mpl__scale_job *scale, const double *z, bool is_known,
                                    const char *at);
const mpl__model_matrix *mpl__scale_matrix(const struct mpl__scale_job *scale);

/** Takes these as the predictions of tau2. */
void mpl__scale_keep_predictions(struct mpl__scale_job *scale, const mpl_scale_prediction *all, size_t n);

/** Fills the interval of R2, for a method that estimates tau2. */
mpl_status mpl__regress_r2_interval(mpl__regress_job *job, const mpl__method_def *method);

/** Fills the predictions that the options ask for. */
mpl_status mpl__regress_predict(mpl__regress_job *job);

/** Fills contrasts, differences between levels, and means. */
mpl_status mpl__regress_combine(mpl__regress_job *job);

/** Tests terms together. */
mpl_status mpl__regress_terms(mpl__regress_job *job);

/** Computes functions of coefficients. */
mpl_status mpl__regress_delta(mpl__regress_job *job);

/** Fits the formula to compare with. */
mpl_status mpl__regress_versus(mpl__regress_job *job);

/** The mean at a row of the design, all NaN if it is not known there, and where a new study's effect is expected. */
mpl_prediction mpl__predict_row(const mpl_fit *fit, const mpl__pi_def *pi, double tau2, const char *at,
                                const double *x, bool is_known);

/** As mpl_curve_new(); `option` is what holds `along`, for messages. */
mpl_status mpl__curve_new(const mpl_regression *regression, const char *along, const char *option, size_t n,
                          mpl_curve **out, mpl_error *err);

/** Cells with every number at its mean and every factor at its reference. */
void mpl__reference_cells(const mpl__formula *formula, mpl__cell *cells);

/** Puts every variable made from the factor's column at its level; which ones, as bits. */
uint32_t mpl__hold_level(const mpl__formula *f, const mpl__variable *factor, size_t level, mpl__cell *cells);

/**
 * A row of the design, averaged over the factors that are not `held` (bits): over their levels, or as the studies have
 * them. The others are as in `start`. `row` is work; both are [n_cols].
 */
mpl_status mpl__average_row(const mpl__regression *own, const mpl__formula *f, const mpl__model_matrix *matrix,
                            const mpl__cell *start, uint32_t held, bool is_equal, double *row, double *x,
                            bool *is_known, mpl_error *err);

#endif
