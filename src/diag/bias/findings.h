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

typedef struct mpl__findings {
    double sign, null_value; /* effect = null_value + sign * y */
    double alpha, critical;  /* two-sided level; z of a finding */
    size_t k, n;             /* studies; findings, which come first */
    const mpl__finding *all;
} mpl__findings;

/**
 * Findings on the side of --alternative, by default on that of the pooled mean. Leaves a reason in the row where it
 * cannot be said or there are fewer than `least`.
 */
mpl_status mpl__findings_find(mpl__bias_job *job, size_t least, mpl_bias_row *row, mpl__findings *out, mpl_error *err);

#endif
