/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A location-scale model while it is being made, and what predictions need of it later. */
#ifndef MPL_MODEL_SCALE_IMPL_H
#define MPL_MODEL_SCALE_IMPL_H

#include "model/regress_impl.h"
#include "model/scale.h"

typedef struct mpl__scale_job {
    mpl__regress_job *job;    /* while it is being made; predictions do without it */
    mpl__arena *keep, *scratch; /* scratch: while it is being made, as `sums`, but for what it says of units */
    mpl__formula *formula;
    mpl__model_matrix matrix; /* of the scale */
    mpl__scale_sums sums;
    double *map;              /* [q x q] alpha = map gamma, under the identity link in scaled units */
    double shift;             /* log link: ln(tau2) scaled less ln(tau2) */
    mpl__scale_maximum *best;
    double df, level;         /* of tests and intervals of the coefficients */
    mpl_term *terms;          /* [q] of the result */
    mpl_scale_model *out;
} mpl__scale_job;

/** Coefficient j of the scale at a maximum, NaN if it is not finite; g [q] is its row in gamma. */
double mpl__scale_coefficient(const mpl__scale_job *s, const mpl__scale_maximum *best, size_t j, double *g);

/** Covariance of two such rows. */
double mpl__scale_covariance(const mpl__scale_maximum *best, size_t q, const double *a, const double *b);

/** Replaces p-values by those of permutations (scale_permute.c). */
mpl_status mpl__scale_permute(mpl__scale_job *s);

/** Replaces the intervals of the coefficients by those of the profile likelihood (scale_profile.c). */
mpl_status mpl__scale_profile(mpl__scale_job *s);

#endif
