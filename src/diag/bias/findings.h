/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The studies that are findings: whose effect lies beyond chance on one side. */
#ifndef MPL_DIAG_BIAS_FINDINGS_H
#define MPL_DIAG_BIAS_FINDINGS_H

#include "diag/bias_impl.h"

/** A study, turned so that findings are positive; distances from no effect. */
typedef struct mpl__finding {
    double y, se;
    bool is_one;
} mpl__finding;

/** A finding's conditional p-value at some effect, and how fast its logarithm rises with the effect. */
typedef struct mpl__finding_order {
    double p, rise;
} mpl__finding_order;

typedef struct mpl__findings {
    double sign, null_value; /* effect = null_value + sign * y */
    double alpha, critical;  /* two-sided level; z of a finding */
    size_t k, n;             /* studies; findings, which come first */
    const mpl__finding *all;
    mpl__finding_order *order; /* [n] room to sort them in */
} mpl__findings;

/**
 * Findings on the side of `alternative`, an id of mpl_bias_alternative, where it has one, else on that of the pooled
 * mean. False if memory ran out; effects have a value of no effect and variances above 0.
 */
bool mpl__findings_find(const mpl_effects *effects, const mpl_fit *fit, const char *alternative, double alpha,
                        mpl__arena *arena, mpl__findings *out);

/** The same for a row, with a reason in it where that cannot be or there are fewer than `least`. */
mpl_status mpl__findings_of(mpl__bias_job *job, size_t least, mpl_bias_row *row, mpl__findings *out, mpl_error *err);

#endif
