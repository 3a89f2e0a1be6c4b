/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The multiverse of an analysis (Steegen, Tuerlinckx, Gelman & Vanpaemel 2016, Perspect Psychol Sci 11:702-712): the
 * same data under every combination of choices that analysts may differ in, and what each choice moves.
 *
 * The values of a choice are that of the analysis itself, always the first, and those of a list: ids between commas,
 * "usual" and "all" standing for the rows of that name. A method under one of its own options is METHOD:VALUE, as
 * GLMM:CM.EL or MH:corrected; "all" has them all. Every analysis is what mpl_fit_new() makes of these options;
 * combinations that it refuses, or that contradict themselves, are listed with the reason.
 *
 * Intervals of the mean do not depend on the kind of prediction interval: they are counted once.
 */
#ifndef METAPOOL_MULTIVERSE_H
#define METAPOOL_MULTIVERSE_H

#include <metapool/model.h>
#include <metapool/run.h>

MPL_BEGIN_DECLS

/** Which values. All-zero means all defaults; the option table is mpl_multiverse_option_table(). */
typedef struct mpl_multiverse_options {
    const char *measures; /**< NULL = that of the analysis; "all" = those of its family */
    const char *zeros;    /**< ids in mpl_zeros_method; NULL = "usual" if there is a zero cell, else one */
    const char *methods, *tests, *pis; /**< NULL = "usual" */
    const char *subsets;  /**< filter expressions between semicolons: also these studies alone */
    bool leave_one_out;   /**< also without each study */
    mpl_maybe threshold;  /**< on the display scale; else the measure's value of no effect */
    mpl_fit_options own;  /**< what only some methods or tests know (glmm_model, mh_counts, draws, ...), for those that
                               do; the others are not read; its rows are in mpl_fit_option_table() */
} mpl_multiverse_options;

/** Where an interval lies. */
typedef enum mpl_side {
    MPL_SIDE_UNKNOWN, /**< there is no interval, or nothing to compare it with */
    MPL_SIDE_BELOW,   /**< it excludes the threshold */
    MPL_SIDE_INCLUDES,
    MPL_SIDE_ABOVE    /**< it excludes the threshold */
} mpl_side;

/** How often intervals lie where. */
typedef struct mpl_sides {
    size_t n; /**< that are known: the sum of the others */
    size_t n_below, n_includes, n_above;
} mpl_sides;

/** One value of a choice, and the analyses that have it. */
typedef struct mpl_choice_value {
    const char *id, *title;
    size_t n_means, n_predictions; /**< analyses with it, and those of them that have a prediction interval */
    mpl_sides ci, pi;
    mpl_interval estimate; /**< from the least to the largest; display scale; NaN with several measures */
} mpl_choice_value;

/**
 * One choice. A *setting* is a choice of all the others; what is said of a choice compares the analyses of one setting,
 * which differ in this choice alone.
 */
typedef struct mpl_choice {
    const mpl_method *method; /**< entry of mpl_choice_method: "method", "test", ... */
    size_t n_values;
    const mpl_choice_value *values;
    size_t n_settings, n_changes;       /**< with several means; in how many the intervals say different things */
    size_t n_pi_settings, n_pi_changes; /**< the same of prediction intervals */
    mpl_interval estimate; /**< least and largest in the setting where it moves most; display scale; NaN = none */
    double width_ratio;    /**< widest over narrowest interval of the mean, analysis scale, where it is largest */
    double share;          /**< percent of the variance of all estimates that is left within settings: the total effect
                                of Homma & Saltelli 1996, Reliab Eng Syst Saf 52:1-17 */
    double width_share;    /**< the same of the logarithms of the widths */
} mpl_choice;

/** One analysis. */
typedef struct mpl_alternative {
    const size_t *values; /**< [n_choices] indices of values; SIZE_MAX = the choice does not apply to it */
    const mpl_measure *measure;
    bool is_common;       /**< one common effect, or the average in these studies, and not a distribution of effects */
    size_t k;
    mpl_term mean;        /**< analysis scale */
    double tau2, i2;
    double pi_lb, pi_ub;
    double display_estimate, display_ci_lb, display_ci_ub, display_pi_lb, display_pi_ub, threshold;
    mpl_side ci, pi;
    size_t mean_set, prediction_set; /**< index of the set that it belongs to; SIZE_MAX = none */
} mpl_alternative;

/** Analyses that give the same numbers, as every combination of some values of each choice. */
typedef struct mpl_alternative_set {
    const char *const *values; /**< [n_choices] ids between commas; "any" if there are several and it holds for all;
                                    NULL = does not apply */
    size_t n, first;           /**< analyses, and the index of the first one; 0 if they were left out */
    bool has_default;          /**< the analysis itself is among them */
    const char *why;           /**< of sets that were left out: the reason */
} mpl_alternative_set;

/** All analyses of one kind. */
typedef struct mpl_multiverse_range {
    const char *measure;
    bool is_common;
    size_t n_means, n_distinct, n_predictions; /**< intervals of the mean; of them distinct; prediction intervals */
    size_t k_least, k_most;
    mpl_interval estimate, ci_lb, ci_ub, pi_lb, pi_ub; /**< from the least to the largest; display scale */
    mpl_interval pval, tau2;
    mpl_sides ci, pi;
} mpl_multiverse_range;

typedef struct mpl_multiverse {
    mpl_multiverse_options options;
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;         /**< as given, or anew with options.own */
    mpl_fit *own_fit;           /**< NULL = as given */
    size_t n_choices;
    const mpl_choice *choices;  /**< in the order of mpl_choice_method */
    size_t n;
    const mpl_alternative *analyses; /**< [0] is the analysis itself */
    size_t n_planned;           /**< combinations */
    bool is_partial;            /**< stopped before all of them were tried */
    double threshold;           /**< NaN with several measures, or if there is none */
    mpl_multiverse_range all;   /**< over all of them; limits are NaN and measure is NULL with several measures */
    size_t n_mean_sets, n_prediction_sets, n_left_out_sets;
    const mpl_alternative_set *mean_sets, *prediction_sets; /**< by measure, kind and estimate */
    size_t n_left_out;
    const mpl_alternative_set *left_out_sets;
    size_t n_ranges;
    const mpl_multiverse_range *ranges; /**< by measure, and one common effect apart */
    const char *ci_turns, *pi_turns; /**< what turns the conclusion if it alone is changed in the analysis: "test z;
                                          method DL"; "" = nothing; NULL = not known */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_multiverse;

MPL_API const mpl_option *mpl_multiverse_option_table(void);

/** Registries: choices; rules for zero cells. */
MPL_API const mpl_method *mpl_choice_method(size_t i);
MPL_API const mpl_method *mpl_zeros_method(size_t i);

/** "below", "includes", "above"; NULL if unknown. */
MPL_API const char *mpl_side_text(mpl_side side);

/**
 * Makes all analyses.
 *
 * @param analysis  effects and the fit of a mean; with the dataset if measures, rules for zero cells or subsets vary
 * @param run       threads and watch; NULL = all defaults
 * @return MPL_OK, also when stopped; MPL_ERR_NAME for an id that is not there; MPL_ERR_ARG for a fit with moderators, a
 *         filter that cannot be read, or a threshold for several measures; MPL_ERR_LIMIT for too many analyses;
 *         MPL_ERR_TOO_FEW if it was stopped before the first one
 */
MPL_API MPL_NODISCARD mpl_status mpl_multiverse_new(const mpl_analysis *analysis, const mpl_multiverse_options *options,
                                                    const mpl_run_options *run, mpl_multiverse **out, mpl_error *err);
MPL_API void mpl_multiverse_free(mpl_multiverse *multiverse);

MPL_END_DECLS

#endif
