/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conversions: from what a paper prints to what a measure needs.
 *
 * A *conversion* is a registry row: the columns it takes, the columns it makes, where it comes from.
 * mpl_dataset_convert() applies them row by row and returns the dataset with the computed columns, and one that names
 * the conversion of every row; so its result is input for mpl_effects_new(), or for a further conversion. Conversions
 * with the same *target* are tried in listing order, best first: a row takes the first whose columns it has.
 *
 * Rows of one study are rarely independent: they share a control group, or measure the same people again.
 * mpl_covariance_new() gives the covariances of their effects, mpl_dataset_aggregate() one row per study that takes
 * them into account, mpl_dataset_combine() one row per study from the raw means or counts.
 */
#ifndef METAPOOL_CONVERT_H
#define METAPOOL_CONVERT_H

#include <metapool/effect.h>

MPL_BEGIN_DECLS

/**
 * A formula over named numbers.
 *
 *     sum = product { ("+" | "-") product } ;  product = signed { ("*" | "/") signed }
 *     signed = ("-" | "+") signed | primary [ "^" signed ]
 *     primary = number | "pi" | name | "`" name "`" | function "(" sum [ "," sum ] ")" | "(" sum ")"
 *
 * "^" binds to the right and before a sign: -2^2 is -4. Nesting is limited to 64. A name in backticks is never a
 * constant or function. Functions: mpl_formula_function_method().
 */
typedef struct mpl_formula {
    const char *text;
    size_t n_variables;
    const char *const *variables; /**< [n_variables] names in order of appearance */
    struct mpl__arena *arena;
    const struct mpl__formula_op *ops; /**< private */
    size_t n_ops;
} mpl_formula;

MPL_API const mpl_method *mpl_formula_function_method(size_t i);

/** Parses a formula. @return MPL_OK; MPL_ERR_PARSE with the column; MPL_ERR_NAME for a function; MPL_ERR_LIMIT. */
MPL_API MPL_NODISCARD mpl_status mpl_formula_new(const char *text, mpl_formula **out, mpl_error *err);
MPL_API void mpl_formula_free(mpl_formula *formula);

/**
 * The value, and the exact partial derivatives (forward-mode differentiation).
 *
 * @param values    [n_variables]
 * @param gradient  [n_variables], written; NULL = not wanted
 * @return NaN outside a function's domain
 */
MPL_API double mpl_formula_compute(const mpl_formula *formula, const double *values, double *gradient);

/**
 * Delta method: the formula at estimates, and its variance g'Vg with the gradient g.
 *
 * @param values  [n_variables]          @param vcov  [n_variables x n_variables] covariances of the values
 * @return MPL_OK; MPL_ERR_NUMERIC if the formula or its derivative is not finite there; outputs then untouched.
 * Source: Oehlert 1992, Am Stat 46:27-29.
 */
MPL_API MPL_NODISCARD mpl_status mpl_formula_predict(const mpl_formula *formula, const double *values,
                                                     const double *vcov, double *estimate, double *variance,
                                                     mpl_error *err);

/** One way from reported columns to needed ones. */
typedef struct mpl_conversion {
    mpl_method method;
    const char *target;  /**< id in mpl_target_method */
    const char *inputs;  /**< roles; "[role]" is used where present; "|" parts alternatives. "#" stands for a group:
                              1i, 2i, or i where there is one group */
    const char *outputs; /**< roles that are computed */
} mpl_conversion;

/** How to convert. All-zero means all defaults; the option table is mpl_convert_option_table(). */
typedef struct mpl_convert_options {
    const char *to;         /**< id in mpl_target_method; NULL = the conversion's */
    const char *conversion; /**< id in mpl_conversion_method; NULL = the best that the columns of each row allow */
    bool replace;           /**< compute also what a row reports already */
    double level;           /**< of intervals in the data, and of computed ones; 0 = 0.95 */
    bool ratio_scale;       /**< yi, ci_lb, ci_ub in the data are ratios: take logs first */
    const char *skewed;     /**< id in mpl_skewed_method: what to do with quantiles too skewed to be normal */
    bool uncertainty;       /**< with converted means, their standard errors as estimates from quantiles */
    mpl_maybe scale_min;    /**< bounds of the measured scale, for distributions that need them */
    mpl_maybe scale_max;
    bool no_yates;          /**< chi-squared statistics were reported without continuity correction */
    mpl_maybe ri;           /**< pre/post correlation where the data have none */
    mpl_maybe icc;          /**< intracluster correlation where the data have none */
    mpl_maybe cluster_size; /**< mean size of clusters where the data have none */
    const char *formula;    /**< of yi, and of numeric columns as constants */
    const char *cluster;    /**< column that names the study: whose rows can share a control group */
    const char *transform;  /**< id in mpl_transform_method */
    const char *transform_args; /**< "name=value,...": what it needs and the columns do not have */
} mpl_convert_options;

MPL_API const mpl_option *mpl_convert_option_table(void);

/** Registries. Entries of the first are mpl_conversion. */
MPL_API const mpl_method *mpl_conversion_method(size_t i);
MPL_API const mpl_method *mpl_target_method(size_t i);
MPL_API const mpl_method *mpl_skewed_method(size_t i);

/** Finds a conversion by id or alias; NULL if there is none. */
MPL_API const mpl_conversion *mpl_conversion_find(const char *id);

/**
 * The dataset with computed columns.
 *
 * A cell that is reported is kept unless `replace` is set. The column "conversion" names what was done in each row;
 * rows that could not be converted keep their missing cells, and a note gives the reason.
 *
 * @return MPL_OK; MPL_ERR_NAME for an unknown id or column; MPL_ERR_ARG if neither target nor conversion is given,
 *         or they do not belong together; or the formula is malformed; MPL_ERR_DATA if no
 *         conversion finds its columns; MPL_ERR_PARSE for a cell that is not a number.
 */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_convert(const mpl_dataset *data, const mpl_convert_options *options,
                                                     mpl_dataset **out, mpl_error *err);

/** How effects of one study depend on each other. All-zero means all defaults. */
typedef struct mpl_covariance_options {
    const char *cluster;     /**< column that names the study; NULL = the study label */
    const char *structure;   /**< id in mpl_structure_method: "ID", "CS", "CAR", "VCALC", "V", ...; NULL = what
                                  is given: V by a matrix, RVARS, VVARS, CS by rho, else ID */
    mpl_maybe rho;           /**< correlation of two effects of a study; in VCALC of the same type, but other `obs` */
    mpl_maybe rho_type;      /**< VCALC: correlation of effects of different type */
    mpl_maybe phi;           /**< correlation of the same effect one unit of time apart */
    const char *obs, *type;  /**< VCALC: columns that name the outcome, and the kind of outcome */
    const char *time, *time2; /**< CAR, VCALC: columns with the time of measurement; `time2` of the second group */
    const char *group1, *group2;   /**< VCALC: columns that name the two groups; rows that share one are correlated */
    const char *weight1, *weight2; /**< VCALC: columns with their sizes */
    const char *rvars, *vvars;     /**< RVARS, VVARS: columns, divided by commas; in the a-th row of a study the b-th
                                        has the correlation or covariance of its effects a and b. Either triangle */
    bool shared_control;     /**< rows of a study with the same group 2, by name or by all its numbers, share it */
    bool unweighted;         /**< mpl_dataset_aggregate(): simple means instead of weights from the covariances */
} mpl_covariance_options;

/** The effects of one study and their covariances. */
typedef struct mpl_cluster {
    const char *name;
    size_t n;
    const size_t *index; /**< [n] indices into the effects */
    const double *v;     /**< [n x n] */
    bool positive_definite;
} mpl_cluster;

/** Known covariances of effects. Effects of different clusters are independent. */
typedef struct mpl_covariance {
    mpl_covariance_options options; /**< as resolved */
    const mpl_method *structure;
    const char *column;          /**< that names the clusters */
    size_t k;
    const double *vi;            /**< [k] the diagonal */
    const char *const *slab;     /**< [k] */
    const size_t *row;           /**< [k] 1-based data row */
    size_t n_clusters;
    const mpl_cluster *clusters; /**< in order of first appearance */
    size_t n_shared;             /**< pairs of effects with a shared control group */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_covariance;

MPL_API const mpl_option *mpl_covariance_option_table(void);

/** Registries: structures; measures whose covariance through a shared control group is known (id is the measure's). */
MPL_API const mpl_method *mpl_structure_method(size_t i);
MPL_API const mpl_method *mpl_shared_method(size_t i);

/**
 * Covariances of effects of the same study.
 *
 * The structure gives the correlation r of each pair, and sqrt(vi vj) r is the covariance. With `shared_control`, pairs
 * that share a control group have the covariance that follows from it instead (Gleser & Olkin 2009).
 *
 * @param data  the dataset the effects were computed from
 * @param v     structure V: a symmetric matrix, read with mpl_read_options.matrix, that has a row and column for each
 *              effect, or for each row of the file the data are from; a first column may have labels. Else NULL
 * @return MPL_OK; MPL_ERR_NAME for a column; MPL_ERR_ARG if an option that the structure needs is not given;
 *         MPL_ERR_DATA for a missing cluster, time or weight, for a measure without formula for a shared control, or
 *         for a matrix that has another size, is not symmetric, or has holes.
 * Source: Gleser & Olkin 2009, in Cooper, Hedges & Valentine, Handbook of Research Synthesis, 2nd ed., 357-376.
 * Agrees with: metafor 3.8 vcalc(), tests/ref/covariance.csv.
 */
MPL_API MPL_NODISCARD mpl_status mpl_covariance_new(const mpl_dataset *data, const mpl_effects *effects,
                                                    const mpl_dataset *v, const mpl_covariance_options *options,
                                                    mpl_covariance **out, mpl_error *err);
MPL_API void mpl_covariance_free(mpl_covariance *covariance);

/**
 * One row per cluster: yi = 1'V^-1 y / 1'V^-1 1 with variance 1 / 1'V^-1 1; or, unweighted, the mean with 1'V1 / n^2.
 *
 * Columns without a role are averaged, or kept where all rows agree; columns that yi was computed from are left out.
 *
 * @return MPL_OK; MPL_ERR_NUMERIC for a cluster whose covariances are not positive definite.
 */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_aggregate(const mpl_dataset *data, const mpl_effects *effects,
                                                       const mpl_covariance *covariance, mpl_dataset **out,
                                                       mpl_error *err);

/**
 * One row per cluster from the raw columns: the groups of all rows are put together, exactly as if their members had
 * been reported as one group. With `shared_control` a group 2 that several rows share is counted once.
 *
 * @param options  `cluster` and `shared_control` are used
 * @return MPL_OK; MPL_ERR_NAME for a column; MPL_ERR_DATA if there are no raw columns, or one is not complete.
 */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_combine(const mpl_dataset *data, const mpl_covariance_options *options,
                                                     mpl_dataset **out, mpl_error *err);

MPL_END_DECLS

#endif
