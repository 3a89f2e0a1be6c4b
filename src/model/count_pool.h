/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What methods share that pool counts by a formula, without a between-study variance. */
#ifndef MPL_MODEL_COUNT_POOL_H
#define MPL_MODEL_COUNT_POOL_H

#include "model/fit_impl.h"

/** MPL_ERR_ARG for a test other than z, MPL_ERR_DATA without any counts; notes studies that report none. */
mpl_status mpl__count_check(mpl__fit_job *job, mpl_error *err);

/**
 * Fills what is not heterogeneity: the mean, NaN unless estimate and variance are finite and the variance positive;
 * weights in percent of the sum of `weight` over all tables, and tau2 = 0.
 *
 * @param weight  [n of the counts]
 */
mpl_status mpl__count_fill(mpl__fit_job *job, mpl_fit *fit, double estimate, double variance, const double *weight,
                           mpl_error *err);

/** Q on df degrees of freedom (0: 0 and p = 1, NaN: not defined), and I2 and H2 from it. */
void mpl__count_heterogeneity(mpl_fit *fit, double q, double df);

/** A chi-squared statistic as a test beside the coefficients; NaN stays NaN. */
mpl_hypothesis mpl__chisq_test(const char *id, const char *title, const char *cite, double statistic, double df);

/** True for a table that tells nothing of a ratio: no events, or only events, in both groups. */
bool mpl__count_is_empty(const mpl_counts *counts, size_t i);

/** Says that corrections of zero cells are not in the pooled estimate, if any was made. */
void mpl__count_note_exact(mpl__fit_job *job);

/** "2 studies: A, B" behind a text, for counts with the flag. */
void mpl__count_note(mpl__fit_job *job, const char *code, const char *text, const bool *flag);

#endif
