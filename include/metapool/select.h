/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Selection models: the effects, and the chance of being published that depends on the p-value, estimated together.
 *
 * With p-value p_i of study i and weight function w, the likelihood is that of yi ~ N(xi'beta, vi + tau2) given that
 * the study was selected: l = sum ln w(p_i) + ln N(yi) - ln A_i, A_i the mean of w over the distribution of yi (Hedges
 * 1992, Stat Sci 7:246-255). Weights are relative. Everything is by maximum likelihood.
 */
#ifndef METAPOOL_SELECT_H
#define METAPOOL_SELECT_H

#include <metapool/bias.h>

MPL_BEGIN_DECLS

/** What to fit. All-zero means all defaults; the option table is mpl_selection_option_table(). */
typedef struct mpl_selection_options {
    const char *selection;   /**< id in mpl_selection_method */
    const char *alternative; /**< id in mpl_bias_alternative: which p-values decide; NULL = on the side of the mean */
    const char *steps;       /**< "0.025,0.5": where weights change; NULL = "0.025", or none for smooth weights */
    const char *delta;       /**< "1,0.7,NA": weights taken as known, NA = estimated; NULL = all estimated */
    mpl_maybe tau2;          /**< a known value, 0 for equal effects; default: estimated */
    double level;            /**< of intervals, proportion; 0 = 0.95 */
} mpl_selection_options;

/** One parameter of the weight function; of step functions, the weight of an interval of p-values. */
typedef struct mpl_selection_weight {
    const char *name;
    size_t k;               /**< studies whose p-value lies in the interval; 0 where there is none */
    double value, se, ci_lb, ci_ub; /**< NaN for those that are known or at a bound */
    bool is_known, is_at_bound;
} mpl_selection_weight;

typedef struct mpl_selection {
    mpl_selection_options options; /**< as resolved */
    const mpl_effects *effects;
    const mpl_fit *fit;       /**< without selection, by ML; owned */
    const mpl_method *method;
    size_t k, p;
    const mpl_term *terms;    /**< [p] */
    double tau2, se_tau2;
    size_t n_weights;
    const mpl_selection_weight *weights;
    double ll, ll_unselected; /**< log-likelihoods with and without selection, the same constants in both */
    mpl_hypothesis lrt;       /**< no selection; df 0 where all weights are known */
    mpl_hypothesis lrt_tau2;  /**< tau2 = 0; its id NULL where tau2 is known */
    bool converged;
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_selection;

MPL_API const mpl_option *mpl_selection_option_table(void);

/** Registry of weight functions. */
MPL_API const mpl_method *mpl_selection_method(size_t i);

/**
 * Fits the model.
 *
 * @param design  NULL = the mean alone
 * @return MPL_OK; MPL_ERR_NAME, MPL_ERR_ARG for options; MPL_ERR_TOO_FEW for fewer studies than parameters;
 *         MPL_ERR_DATA for a variance of 0; and what mpl_fit_new() returns.
 */
MPL_API MPL_NODISCARD mpl_status mpl_selection_new(const mpl_effects *effects, const mpl_design *design,
                                                   const mpl_selection_options *options, mpl_selection **out,
                                                   mpl_error *err);
MPL_API void mpl_selection_free(mpl_selection *selection);

MPL_END_DECLS

#endif
