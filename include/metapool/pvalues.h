/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Combining p-values of independent studies: for results of which nothing else is known, or that measure different
 * things. What is tested is that no study has an effect; there is no estimate.
 */
#ifndef METAPOOL_PVALUES_H
#define METAPOOL_PVALUES_H

#include <metapool/effect.h>

MPL_BEGIN_DECLS

/** What to combine, and how. All-zero means all defaults; the option table is mpl_pvalues_option_table(). */
typedef struct mpl_pvalues_options {
    const char *column;      /**< "pvalue": of the dataset, with p-values as they are; NULL = from the effects */
    const char *alternative; /**< of p-values from effects: id in mpl_bias_alternative; NULL = "two-sided" */
    const char *weights;     /**< "weight": a column with weights for the methods that have some; NULL = equal */
    size_t rank;             /**< of Wilkinson's test; 0 = 1, the smallest */
    double truncation;       /**< the truncated product has the p-values up to this; 0 = 0.05 */
} mpl_pvalues_options;

typedef struct mpl_pvalues_study {
    const char *study;
    size_t row;           /**< data row in the file */
    double pval, log_pval;
    double z;             /**< normal quantile: large for small p */
    double weight;
} mpl_pvalues_study;

/** One combination. */
typedef struct mpl_pvalues_test {
    const mpl_method *method;
    double statistic; /**< NaN if the p-value is all there is */
    double df;        /**< of chi-squared or t; NaN = none */
    double pval, log_pval;
    const char *why;  /**< why there is no result; NULL = there is one */
} mpl_pvalues_test;

typedef struct mpl_pvalues {
    mpl_pvalues_options options; /**< as resolved */
    const mpl_dataset *data;     /**< as given, and the effects; they must live as long; each may be NULL */
    const mpl_effects *effects;
    size_t k;
    const mpl_pvalues_study *studies; /**< [k] */
    size_t n_tests;
    const mpl_pvalues_test *tests;    /**< in registry order */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_pvalues;

MPL_API const mpl_option *mpl_pvalues_option_table(void);

/** Registry of the ways to combine. */
MPL_API const mpl_method *mpl_pvalues_method(size_t i);

/**
 * Combines p-values: of a column of the dataset, or of the effects against the measure's value of no effect.
 *
 * @param data     for columns that the options name; NULL = none
 * @param effects  NULL if the options name a column of p-values
 * @return MPL_OK; MPL_ERR_NAME for a column that is not there; MPL_ERR_PARSE for one that is no numbers; MPL_ERR_DATA
 *         for p-values that are not above 0 and at most 1, and negative weights; MPL_ERR_ARG if there is nothing to
 *         combine, for a rank beyond the studies, and for a measure without a value of no effect; MPL_ERR_TOO_FEW
 *         without a p-value
 */
MPL_API MPL_NODISCARD mpl_status mpl_pvalues_new(const mpl_dataset *data, const mpl_effects *effects,
                                                 const mpl_pvalues_options *options, mpl_pvalues **out,
                                                 mpl_error *err);
MPL_API void mpl_pvalues_free(mpl_pvalues *pvalues);

MPL_END_DECLS

#endif
