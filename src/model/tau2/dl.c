/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cochran's Q under weights 1/vi is set equal to its expectation, (k - p) + tau2 tr P, and truncated at zero.
 */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    const mpl__at at = mpl__evaluate_sums(pb, 0);
    out->tau2 = fmax(pb->floor, (at.rss - (double)(pb->k - pb->p)) / at.tr_p);
    out->se = mpl__quadratic_sd(pb, &at, fmax(out->tau2, 0)) / at.tr_p;
    return MPL_OK;
}

const mpl__method_def mpl__method_dl = {
    .method = { "DL", "DerSimonian-Laird", "DerSimonian & Laird 1986, Control Clin Trials 7:177-188", NULL,
                "Moment estimator from Cochran's Q; too small on average when studies differ much in precision." },
    .weighs_at_0 = true,
    .is_by_sums = true,
    .estimate = estimate,
};
