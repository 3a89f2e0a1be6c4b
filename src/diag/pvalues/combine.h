/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a way to combine p-values is given. */
#ifndef MPL_DIAG_PVALUES_COMBINE_H
#define MPL_DIAG_PVALUES_COMBINE_H

#include <metapool/pvalues.h>

typedef struct mpl__combine {
    const mpl_pvalues_options *options;
    const mpl_pvalues_study *studies;
    size_t k;
    const double *sorted; /* [k] p-values, rising */
    double *work;         /* [k + 2] */
} mpl__combine;

typedef struct mpl__combine_def {
    mpl_method method;
    /* Fills statistic, df, pval and log_pval, which are NaN, or `why`. */
    void (*run)(const mpl__combine *c, mpl_pvalues_test *out);
    bool has_weights;
} mpl__combine_def;

/** Entry i of the registry, NULL past the end. */
const mpl__combine_def *mpl__combine_get(size_t i);

/** P(sum of n uniform variables <= x); `work` has n + 2 elements. */
double mpl__uniform_sum_p(double x, size_t n, double *work);

#endif
