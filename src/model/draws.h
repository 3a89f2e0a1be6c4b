/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Refits of data that differ from a fit's in their effects or in their order only: permutations and parametric
 * bootstrap samples. A refit builds no mpl_fit: it solves for tau2 on a copy of the sums and reads off the statistics.
 */
#ifndef MPL_MODEL_DRAWS_H
#define MPL_MODEL_DRAWS_H

#include "model/fit_impl.h"

/** What draws gave; `n` <= `wanted`, fewer if the work was stopped or some could not be fitted. */
typedef struct mpl__draws {
    size_t n, wanted;
    bool is_exact; /* all permutations there are */
    size_t *beyond; /* permutations: [p + 1] draws at least as extreme, for each coefficient and the omnibus test */
    double *t;     /* bootstrap: [n x p] |estimate|/se about a true value of 0 */
    double *tau2;  /* bootstrap: [n], original units */
} mpl__draws;

/** Sign flips of a mean, or permutations of the rows of a design; the observed data are not counted. */
mpl_status mpl__draws_permute(const mpl__fit_job *job, const mpl_fit *fit, mpl__draws *out, mpl_error *err);

/** The same of other effects y [k]. */
mpl_status mpl__draws_permute_effects(const mpl__fit_job *job, const mpl_fit *fit, const double *y, mpl__draws *out,
                                      mpl_error *err);

/** Samples of normal effects with the variances vi + tau2. */
mpl_status mpl__draws_bootstrap(const mpl__fit_job *job, const mpl_fit *fit, mpl__draws *out, mpl_error *err);

/** The order statistic that a sorted sample has below it with probability p, between neighbours (type 6). */
double mpl__draws_quantile(const double *sorted, size_t n, double p);

void mpl__draws_sort(double *x, size_t n);

#endif
