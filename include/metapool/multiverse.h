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
 * With moderators a coefficient of the meta-regression takes the place of the mean, without prediction intervals.
 *
 * Intervals of the mean do not depend on the kind of prediction interval: they are counted once.
 */
#ifndef METAPOOL_MULTIVERSE_H
#define METAPOOL_MULTIVERSE_H

#include <metapool/model.h>
#include <metapool/regress.h>
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
    size_t curve_test;    /**< all analyses are tested together by so many changes of signs; 0 = they are not */
    const char *mods;     /**< a formula: compare a coefficient of a meta-regression; NULL = the mean */
    const char *coef;     /**< the coefficient; NULL = the first one that is not the intercept */
    mpl_fit_options own;  /**< what only some methods or tests know (glmm_model, mh_counts, draws, ...), for those that
                               do; the others are not read; its rows are in mpl_fit_option_table() */
} mpl_multiverse_options;

/** What is concluded from an analysis, in the order of mpl_conclusion_method. */
typedef enum mpl_conclusion {
    MPL_CONCLUDE_DIRECTION, /**< the side of the threshold that the estimate is on */
    MPL_CONCLUDE_P,         /**< whether p is below 1 - level, and the sign of the estimate then: of no effect, whatever
                                 the threshold */
    MPL_CONCLUDE_CI,        /**< where the interval of the mean lies */
    MPL_CONCLUDE_PI,        /**< where the prediction interval lies */
    MPL_CONCLUDE_OMNIBUS,   /**< "above" if the p-value of all moderators is below 1 - level */
    MPL_CONCLUSIONS
} mpl_conclusion;

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

/** How often a conclusion turns. */
typedef struct mpl_turns {
    size_t n;       /**< analyses, or settings, in which it is known */
    size_t n_turns; /**< in which it is another one, or is not one */
} mpl_turns;

/** One value of a choice, and the analyses that have it. */
typedef struct mpl_choice_value {
    const char *id, *title;
    size_t n_means, n_predictions; /**< analyses with it, and those of them that have a prediction interval */
    mpl_sides sides[MPL_CONCLUSIONS];
    mpl_interval estimate; /**< from the least to the largest; display scale; NaN with several measures */
} mpl_choice_value;

/**
 * One choice. A *setting* is a choice of all the others; what is said of a choice compares the analyses of one setting,
 * which differ in this choice alone.
 */
typedef struct mpl_choice {
    const mpl_method *method; /**< entry of mpl_choice_method: "method", "test", ... */
    const char *heading, *name, *names; /**< of a column, and in sentences: "Zero cells", "rule for zero cells", ... */
    bool is_of_prediction;    /**< moves prediction intervals only */
    size_t n_values;
    const mpl_choice_value *values;
    mpl_turns turns[MPL_CONCLUSIONS]; /**< settings with several analyses; in how many the choice decides */
    mpl_interval estimate; /**< least and largest in the setting where it moves most; display scale; NaN = none */
    double width_ratio;    /**< widest over narrowest interval of the mean, analysis scale, where it is largest */
    double share;          /**< percent of the variance of all estimates that is left within settings: the total effect
                                of Homma & Saltelli 1996, Reliab Eng Syst Saf 52:1-17 */
    double width_share;    /**< the same of the logarithms of the widths */
    double main_share;     /**< percent of the variance of all estimates that is between the means of its values */
} mpl_choice;

/** One analysis. */
typedef struct mpl_alternative {
    const size_t *values; /**< [n_choices] indices of values; SIZE_MAX = the choice does not apply to it */
    const mpl_measure *measure;
    bool is_common;       /**< one common effect, or the average in these studies, and not a distribution of effects */
    size_t k;
    mpl_term mean;        /**< analysis scale */
    double tau2, i2;
    double qm, qm_df, qm_df2, qm_pval; /**< test of all moderators; NaN for a mean */
    double pi_lb, pi_ub;
    double display_estimate, display_ci_lb, display_ci_ub, display_pi_lb, display_pi_ub, threshold;
    mpl_side sides[MPL_CONCLUSIONS];
    size_t n_changed;     /**< choices in which it differs from the analysis itself, but for the prediction interval */
    double shift;         /**< its estimate less that of the analysis itself, in standard errors of that; NaN = another
                               measure */
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
    double median_estimate, median_pval; /**< over the intervals of the mean; display scale */
    mpl_sides sides[MPL_CONCLUSIONS];
} mpl_multiverse_range;

/** All analyses that differ from the analysis itself in so many choices. */
typedef struct mpl_multiverse_step {
    size_t n_changed, n_means;
    double shift;           /**< the largest, either way; NaN = none is on one scale */
    mpl_turns turns[MPL_CONCLUSIONS]; /**< against the analysis itself */
} mpl_multiverse_step;

/** A statistic of all analyses together, and what becomes of it if there is no effect in any study. */
typedef struct mpl_curve_statistic {
    const mpl_method *method; /**< entry of mpl_curve_statistic_method */
    double observed;
    double expected;          /**< median over changes of signs */
    double pval;              /**< part of the changes, and the data, with at least as much; NaN = not estimable */
} mpl_curve_statistic;

typedef struct mpl_multiverse {
    mpl_multiverse_options options;
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;         /**< as given, or anew with options.own or moderators */
    mpl_fit *own_fit;           /**< NULL = as given, or that of the regression */
    mpl_regression *regression; /**< NULL = a mean is compared; else its effects and fit are those above */
    const char *coef;           /**< the coefficient that stands for the "mean" below, compared and shown on the
                                     analysis scale; NULL = the mean */
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
    const char *turns[MPL_CONCLUSIONS]; /**< what turns the conclusion if it alone is changed in the analysis: "test z;
                                             method DL"; "" = nothing; NULL = not known */
    size_t n_steps;
    const mpl_multiverse_step *steps; /**< by number of changes, of intervals of the mean */
    size_t n_curve;             /**< 0 = they were not tested together */
    const mpl_curve_statistic *curve;
    size_t n_curve_tested, n_curve_flips; /**< analyses in it: those without draws of their own; changes of signs */
    bool curve_exact;           /**< these are all that there are */
    double rank;                /**< percent of estimates that are less than that of the analysis itself, half of those
                                     that are equal counted; NaN with several measures */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_multiverse;

MPL_API const mpl_option *mpl_multiverse_option_table(void);

/** Registries: choices; conclusions; statistics of all analyses together; rules for zero cells. */
MPL_API const mpl_method *mpl_curve_statistic_method(size_t i);
MPL_API const mpl_method *mpl_choice_method(size_t i);
MPL_API const mpl_method *mpl_conclusion_method(size_t i);
MPL_API const mpl_method *mpl_zeros_method(size_t i);

/** "below", "includes", "above"; NULL if unknown. */
MPL_API const char *mpl_side_text(mpl_side side);

/**
 * Makes all analyses.
 *
 * @param analysis  effects and the fit of a mean; with the dataset if measures, rules for zero cells or subsets vary,
 *                  or with moderators
 * @param run       threads and watch; NULL = all defaults
 * @return MPL_OK, also when stopped; MPL_ERR_NAME for an id or a coefficient that is not there; MPL_ERR_ARG for a fit
 *         with moderators, a filter or formula that cannot be read, or a threshold for several measures; MPL_ERR_LIMIT
 *         for too many analyses; MPL_ERR_TOO_FEW if it was stopped before the first one
 */
MPL_API MPL_NODISCARD mpl_status mpl_multiverse_new(const mpl_analysis *analysis, const mpl_multiverse_options *options,
                                                    const mpl_run_options *run, mpl_multiverse **out, mpl_error *err);
MPL_API void mpl_multiverse_free(mpl_multiverse *multiverse);

MPL_END_DECLS

#endif
