/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Effect sizes: from what a study reports to yi and vi.
 *
 * A *measure* ("OR", "SMD") is a registry row with one or more *routes*: sets of columns it can be computed from,
 * best first. Each row of the data takes the first route whose columns are all present in that row, so a file may mix
 * means, t statistics and p-values. Every measure also accepts yi with vi, sei, an interval, z or p as reported.
 *
 * Rows that give no effect are listed with the reason; rows whose zero cells were corrected are noted. An effect takes
 * the memory of its label and 58 bytes, or about twice that where it is made of counts.
 */
#ifndef METAPOOL_EFFECT_H
#define METAPOOL_EFFECT_H

#include <metapool/dataset.h>

MPL_BEGIN_DECLS

struct mpl__study;
struct mpl__how;

/** One way to compute a measure. */
typedef struct mpl_route {
    const char *id;     /**< "means", "t", "p", "cells", "ci", ... */
    const char *inputs; /**< roles needed, separated by blanks: "m1i sd1i n1i m2i sd2i n2i" */
    mpl_status (*prepare)(struct mpl__study *study, const struct mpl__how *how, mpl_error *err); /**< private */
} mpl_route;

/** What a transform may need beside the value. NaN = not given. */
typedef struct mpl_transform_args {
    double n1;       /**< size of group 1 */
    double n2;       /**< size of group 2 */
    double n;        /**< sample size, or person-time */
    double share;    /**< share of group 1 among all */
    double sd;       /**< standard deviation of the scale */
    double baseline; /**< risk in group 2 */
    double tau2;     /**< between-study variance, for the mean or mode of true effects */
} mpl_transform_args;

/** From the analysis scale to the scale people read. */
typedef struct mpl_transform {
    mpl_method method;           /**< id "exp", "tanh", "ilogit", ... */
    double (*apply)(double x);
    double (*inverse)(double y); /**< NULL if there is none */
    bool is_ratio;               /**< multiplicative: log axis, null value 1 */
    double (*apply_n)(double x, double n); /**< with the size of the studies; NULL where it does not matter */
    bool turns_at_0;             /**< not monotone: falls on one side of 0 and rises on the other */
    bool through_infinity;       /**< infinite at 0 and of the value's other sign: limits on both sides of 0 are given
                                      in their order, from the first through infinity to the second */
    const char *needs;           /**< names of arguments, separated by blanks; "[n1]" may be missing; NULL = none */
    double (*apply_args)(double x, const mpl_transform_args *args); /**< with them; `apply` is then NULL */
} mpl_transform;

typedef struct mpl_measure {
    mpl_method method;              /**< id "SMD", title "standardized mean difference", source */
    const char *family;             /**< heading in lists: "two-group means", "2x2 tables", ... */
    const char *label;              /**< axis label on the display scale: "Odds ratio" */
    const char *scale;              /**< what yi is: "log odds ratio" */
    const char *vtypes;             /**< variance types it knows, default first: "LS UB"; NULL = one only */
    const mpl_transform *transform; /**< display transform; NULL = identity */
    double null_value;              /**< of yi under no effect; NaN where there is none (proportions) */
    size_t n_routes;
    const mpl_route *routes;        /**< best first; "vi", "sei", "ci", "zval", "pval" of every measure come last */
    double unit;                    /**< in an mpl_effects: n for the transform's apply_n; 0 = not needed */
    const mpl_transform_args *args; /**< in an mpl_effects: of a transform that was asked for; NULL = none was */
    const char *args_text;          /**< the same as typed, "baseline=0.1"; NULL = none */
    bool is_generic;                /**< effects as they are reported, of whatever kind */
} mpl_measure;

/** Another display scale. All-zero means the measure's own; the option table is mpl_transform_option_table(). */
typedef struct mpl_transform_options {
    const char *transform; /**< id in mpl_transform_method */
    const char *args;      /**< "name=value,name=value": what the transform needs */
} mpl_transform_options;

/** How to compute effects. All-zero means all defaults; the option table is mpl_effect_option_table(). */
typedef struct mpl_effect_options {
    const char *profile; /**< see mpl_profile_find; not a row of the table */
    const char *measure; /**< NULL = the dataset's own, else the only one that its columns allow */
    const char *vtype;   /**< id in mpl_vtype_method; NULL or "LS" = the measure's first */
    bool no_correct;     /**< leave out small-sample bias corrections */
    const char *hedges;  /**< id in mpl_hedges_method: "exact" gamma ratio, or RevMan's "approximate" form */
    mpl_maybe add;       /**< added to cells; default 0.5 (0 for measures that need none) */
    const char *to;      /**< id in mpl_correction_method: "only0", "all", "if0all", "none" */
    bool drop00;         /**< leave out tables without events, or without non-events, in both arms */
    mpl_maybe ri;        /**< pre/post correlation where the data have none */
    const char *route;   /**< use this route only */
    double ci_level;     /**< level of the intervals in the data (ci_lb, ci_ub); 0 = 0.95 */
    bool ratio_scale;    /**< yi, ci_lb, ci_ub in the data are ratios, or 1 - ratio for VE: take logs */
    const char *label;   /**< column with the study labels; NULL = the dataset's */
    bool fractional;     /**< counts may be fractions, such as effective sample sizes of cluster trials */
    mpl_maybe add2;      /**< added to the counts of group 2; default as `add` */
    const char *increments; /**< id in mpl_increment_method: how `add` is shared between the groups */
    const char *flip;    /**< column that is true, yes or 1 where the sign of the effect is to be turned; NULL = none */
    const char *study_ci; /**< id in mpl_study_ci_method: interval of each study; NULL = "wald". Weights are of vi */
    bool omit_impossible; /**< exclude rows with impossible values, with the reason; otherwise they are MPL_ERR_DATA */
} mpl_effect_options;

/** What counts of events belong to: two groups of people or of person-time, or one of either. */
typedef enum mpl_count_shape {
    MPL_COUNTS_2X2,
    MPL_COUNTS_RATES,
    MPL_COUNTS_PROPORTION,
    MPL_COUNTS_RATE
} mpl_count_shape;

/**
 * The counts that effects are made of, as reported: for methods that pool counts and not yi (Mantel-Haenszel, Peto,
 * generalised linear models). Also rows whose counts allow no yi of their own, such as no events in both groups.
 */
typedef struct mpl_counts {
    mpl_count_shape shape;
    size_t n;
    const double *x1, *n1;    /**< [n] events, and people or time, of group 1 or of the only one */
    const double *x2, *n2;    /**< [n] of group 2; NULL for one group */
    const size_t *effect;     /**< [n] index among the effects; SIZE_MAX = no yi */
    const size_t *index;      /**< [n] index into the dataset's rows */
    const size_t *row;        /**< [n] 1-based data row in the file */
    const char *const *slab;  /**< [n] study labels */
} mpl_counts;

/** Effects of the usable studies. Arrays have length k. */
typedef struct mpl_effects {
    const mpl_measure *measure;
    const char *measure_reason; /**< "asked for", "the dataset's own", "the only one its columns allow",
                                     "the one that the data name", "the data hold effects" */
    mpl_effect_options options; /**< as resolved */
    size_t k;
    const double *yi;            /**< analysis scale; ratios are natural logs */
    const double *vi;            /**< sampling variances; >= 0 */
    const double *ni;            /**< total sample size; NaN where unknown */
    const char *const *slab;     /**< study labels */
    const size_t *index;         /**< index into the dataset's rows */
    const size_t *row;           /**< 1-based data row in the file */
    const char *const *route;    /**< id of the route taken */
    size_t n_excluded;
    const mpl_exclusion *excluded; /**< filtered and unusable rows together, in file order */
    const mpl_dataset_info *info;  /**< of the dataset; a copy */
    const char *data_name;
    size_t n_notes;
    const mpl_note *notes;       /**< the dataset's notes first */
    struct mpl__arena *arena;
    const bool *corrected;       /**< [k] something was added to the counts */
    const mpl_counts *counts;    /**< NULL if the measure is none of counts, or no row reports any */
    const char *const *conversion; /**< [k] what means and standard deviations were made from: "fivenum:luo+wan", "sem";
                                        NULL where they are reported; NULL = everywhere */
    const double *weights;       /**< [k] of the column with role weights, NaN where missing; NULL = no such column */
} mpl_effects;

/** One study with its interval, on the scale of analysis and as it is read. */
typedef struct mpl_study_interval {
    double yi, ci_lb, ci_ub; /**< limits may be infinite */
    double display_yi, display_ci_lb, display_ci_ub;
} mpl_study_interval;

MPL_API const mpl_option *mpl_effect_option_table(void);

/** Registries. Entries of the first two are mpl_measure and mpl_transform. */
MPL_API const mpl_method *mpl_measure_method(size_t i);
MPL_API const mpl_method *mpl_transform_method(size_t i);
MPL_API const mpl_method *mpl_correction_method(size_t i);
MPL_API const mpl_method *mpl_increment_method(size_t i);
MPL_API const mpl_method *mpl_hedges_method(size_t i);
MPL_API const mpl_method *mpl_vtype_method(size_t i);
MPL_API const mpl_method *mpl_study_ci_method(size_t i);

/** Finds a measure by id or alias; NULL if there is none. */
MPL_API const mpl_measure *mpl_measure_find(const char *id);

/** Back-transforms a value of the measure to its display scale (identity without a transform). */
MPL_API double mpl_measure_display(const mpl_measure *measure, double y);

/**
 * Estimate and limits to the display scale, in place; the lower limit stays the lower one, unless the interval passes
 * through infinity. NaN stays NaN.
 *
 * @param tau2  variance of true effects around the estimate, for transforms that average over them; NaN = a single
 * effect
 */
MPL_API void mpl_measure_display_interval(const mpl_measure *measure, double tau2, double *x, double *lb, double *ub);

MPL_API const mpl_option *mpl_transform_option_table(void);

/** Finds a transform by id or alias; NULL if there is none. */
MPL_API const mpl_transform *mpl_transform_find(const char *id);

/** The transformed value; NaN outside its domain, or where an argument that it needs is not given. args may be NULL. */
MPL_API double mpl_transform_compute(const mpl_transform *transform, double x, const mpl_transform_args *args);

/** Reads "name=value,name=value". @return MPL_OK; MPL_ERR_NAME for a name, MPL_ERR_ARG for a value. */
MPL_API MPL_NODISCARD mpl_status mpl_transform_args_read(const char *text, mpl_transform_args *out, mpl_error *err);

/**
 * Computes yi and vi for every row that allows it.
 *
 * Unless a route is asked for, means and standard deviations that a row reports as quantiles, standard errors or
 * intervals are computed before, by the best conversion that its columns allow (mpl_dataset_convert()).
 *
 * @return MPL_OK, also with k = 0 (the fit will refuse); MPL_ERR_NAME for an unknown measure, vtype or column;
 *         MPL_ERR_ARG if no measure is given and none or several are possible, or a pre/post measure lacks ri;
 *         MPL_ERR_PARSE for a cell that is not a number; MPL_ERR_DATA for an impossible value (events above n, a
 *         negative or infinite variance, limits in the wrong order), naming row, study and value, unless
 *         omit_impossible is set.
 */
MPL_API MPL_NODISCARD mpl_status mpl_effects_new(const mpl_dataset *data, const mpl_effect_options *options,
                                                 mpl_effects **out, mpl_error *err);

/** Wraps arrays that the caller already has; copies them. slab may be NULL. Measure GEN unless options say more. */
MPL_API MPL_NODISCARD mpl_status mpl_effects_new_arrays(const double *yi, const double *vi, const char *const *slab,
                                                        size_t k, const mpl_effect_options *options,
                                                        mpl_effects **out, mpl_error *err);

/**
 * The interval of study i by the option study_ci. One that is made of counts is shown with the proportion or rate
 * that was observed; a study that reports no counts has Wald's.
 *
 * @param level  confidence level, proportion
 */
MPL_API mpl_study_interval mpl_effects_interval(const mpl_effects *effects, size_t i, double level);

MPL_API void mpl_effects_free(mpl_effects *effects);

/** Index among the counts of effect i; SIZE_MAX if it was not made of counts. */
MPL_API size_t mpl_counts_find(const mpl_effects *effects, size_t i);

/**
 * Whether a row of the dataset stays in a subset. One that does not is listed as excluded if the function sets
 * why->reason, a text that lives as long as the subset; row and study are set, and it may set the line.
 */
typedef bool (*mpl_effects_keep)(void *ctx, size_t index, mpl_exclusion *why);

/**
 * The effects and counts of some rows of the dataset, in the same order. Rows that the effects exclude are listed as
 * before; those of them that have counts are asked about, too. Texts, notes and what is not rows are borrowed:
 * `effects` must live as long.
 */
MPL_API MPL_NODISCARD mpl_status mpl_effects_subset(const mpl_effects *effects, mpl_effects_keep keep, void *ctx,
                                                    mpl_effects **out, mpl_error *err);

/**
 * Shows the effects on another scale: reports and plots then use this transform instead of the measure's.
 *
 * @return MPL_OK, also if no transform is given; MPL_ERR_NAME; MPL_ERR_ARG for an argument that is missing or no number
 */
MPL_API MPL_NODISCARD mpl_status mpl_effects_transform(mpl_effects *effects, const mpl_transform_options *options,
                                                       mpl_error *err);

MPL_END_DECLS

#endif
