/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tipping points: how strong must a bias be before the conclusion changes?
 *
 * Of publication bias: studies are *affirmative* if they favour the expected side with a p-value below alpha, and these
 * are taken to be *severity* times as likely to be published as the others. mpl_tipping_new() gives the mean that is
 * then left for a list of severities, the mean in the worst case (no other study is published by merit: only the
 * studies that are not affirmative count), and the severity at which estimate or confidence limit reach the target.
 * Which correction a mean is made by is a registry row: inverse-probability weights with equal or with random effects
 * (Mathur & VanderWeele 2020, J R Stat Soc C 69:1091-1119), or a step selection model by maximum likelihood. Beside
 * them the four patterns of selection of Vevea & Woods (2005).
 *
 * Of confounding: E-values, the least association with exposure and outcome that could explain estimate or limit
 * (VanderWeele & Ding 2017, Ann Intern Med 167:268-274), and, as the true effects differ, how strong confounding must
 * be in every study until few of them are left beyond a meaningful size (Mathur & VanderWeele 2020, J Am Stat Assoc
 * 115:163-172).
 */
#ifndef METAPOOL_TIPPING_H
#define METAPOOL_TIPPING_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

/** What to look for. All-zero means all defaults; the option table is mpl_tipping_option_table(). */
typedef struct mpl_tipping_options {
    const char *only;        /**< ids of mpl_tipping_method, separated by commas; NULL = all */
    const char *affirmative; /**< id in mpl_tipping_side: the side that is wanted */
    const char *severities;  /**< "1,2,5": of the table; NULL = "1,1.5,2,3,5,10,20,50" */
    double alpha;            /**< two-sided p-value below which a study is affirmative; 0 = 0.05 */
    mpl_maybe target;        /**< mean at which the conclusion changes, display scale; default no effect */
    const char *outcome;     /**< id in mpl_tipping_outcome: what odds and hazard ratios are taken for by E-values */
    double meaningful;       /**< risk ratio, > 1, from which a true effect matters, on either side; 0 = 1.1 */
    double share;            /**< of true effects that may stay beyond it; 0 = 0.1 */
} mpl_tipping_options;

/** The mean that is left under one severity. */
typedef struct mpl_tipping_row {
    const mpl_method *method; /**< in mpl_tipping_method */
    double severity;          /**< infinite in the worst case */
    mpl_term mean;
    double tau2;              /**< that its weights, or its likelihood, have; NaN = none */
    bool estimate_reaches, limit_reaches; /**< the target, or are beyond it */
    const char *why;          /**< why there is no mean; NULL = there is one */
} mpl_tipping_row;

/** The severity at which the conclusion changes. */
typedef struct mpl_tipping_point {
    const mpl_method *method; /**< in mpl_tipping_method */
    const char *group;        /**< subgroup; NULL = all studies */
    size_t k, k_affirmative;
    mpl_tipping_row worst;
    double estimate, limit;   /**< severity at which the estimate, or the limit next to the target, reaches the target:
                                   1 = it does without any; infinite = not by any; NaN = not computed */
} mpl_tipping_point;

/** The mean under a pattern of selection with known weights; there are some if the step model is among the methods. */
typedef struct mpl_tipping_scenario {
    const mpl_method *method; /**< in mpl_scenario_method */
    mpl_term mean;
    double tau2;
    const char *why;          /**< why there is no mean; NULL = there is one */
} mpl_tipping_scenario;

/** E-values of one pooled estimate. */
typedef struct mpl_evalue {
    const char *group;                /**< subgroup; NULL = all studies */
    double rr, rr_lb, rr_ub, rr_target; /**< as (approximate) risk ratios */
    double estimate, limit;           /**< E-values; 1 = nothing has to be explained away */
} mpl_evalue;

typedef struct mpl_tipping {
    mpl_tipping_options options;  /**< as resolved */
    const mpl_analysis *analysis; /**< and what is in it: the caller's, must live as long */
    double target;                /**< scale of analysis */
    double sign;                  /**< +1 if large effects are affirmative, else -1 */
    size_t k, k_affirmative;
    const char *worst_why;        /**< why there is no fit of the other studies; NULL = there is one */
    mpl_term worst;               /**< their mean by method and test of the analysis */
    double worst_tau2;
    size_t n_rows;
    const mpl_tipping_row *rows;  /**< by method, then severity */
    size_t n_points;
    const mpl_tipping_point *points; /**< by method; of all studies, then of each subgroup */
    size_t n_scenarios;
    const mpl_tipping_scenario *scenarios;
    const char *evalue_why;       /**< why there are no E-values; NULL = there are */
    size_t n_evalues;
    const mpl_evalue *evalues;
    size_t n_quantities;
    const mpl_quantity *quantities; /**< of confounding, by the distribution of the true effects */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_tipping;

MPL_API const mpl_option *mpl_tipping_option_table(void);

/** Registries: corrections; patterns of selection; the side that is wanted; how common the outcome is. */
MPL_API const mpl_method *mpl_tipping_method(size_t i);
MPL_API const mpl_method *mpl_scenario_method(size_t i);
MPL_API const mpl_method *mpl_tipping_side(size_t i);
MPL_API const mpl_method *mpl_tipping_outcome(size_t i);

/** The E-value of a risk ratio: RR + sqrt(RR (RR - 1)), of 1/RR below 1. NaN for what is no ratio. */
MPL_API double mpl_evalue_compute(double rr);

/**
 * Looks for the tipping points of a pooled mean, and of each subgroup's.
 *
 * The fixed correction weighs by 1/v and takes z; the robust one weighs by 1/(v + tau2) with the tau2 of the analysis,
 * and takes the robust variance CR2 with Satterthwaite's degrees of freedom, working variances v. Robust means and
 * standard errors are those of R's PublicationBias; its degrees of freedom leave the working variances out, and differ.
 *
 * @param analysis  a mean, of at least 2 studies
 * @return MPL_OK, also where nothing can tip; MPL_ERR_NAME, MPL_ERR_ARG for options, or an analysis with moderators;
 *         MPL_ERR_TOO_FEW; MPL_ERR_NOMEM
 */
MPL_API MPL_NODISCARD mpl_status mpl_tipping_new(const mpl_analysis *analysis, const mpl_tipping_options *options,
                                                 mpl_tipping **out, mpl_error *err);
MPL_API void mpl_tipping_free(mpl_tipping *tipping);

MPL_END_DECLS

#endif
