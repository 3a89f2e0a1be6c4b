/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tau2 = Q^2 / ((2 (k - p) + Q) tr P), which is never 0 unless all effects are equal. Its standard error is that of Q
 * at this tau2 times the derivative Q (4 (k - p) + Q) / ((2 (k - p) + Q)^2 tr P).
 */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    const mpl__at at = mpl__evaluate(pb, 0);
    const double df = (double)(pb->k - pb->p), q = at.rss, ratio = q / (2 * df + q);
    out->tau2 = q * ratio / at.tr_p;
    out->se = ratio * ((4 * df + q) / (2 * df + q)) / at.tr_p * mpl__quadratic_sd(pb, &at, out->tau2);
    return MPL_OK;
}

const mpl__method_def mpl__method_hm = {
    .method = { "HM", "Hartung-Makambi", "Hartung & Makambi 2003, Commun Stat Simul Comput 32:1179-1190", NULL,
                "DerSimonian-Laird's estimator bent so that it is always positive; too large where heterogeneity is "
                "small. Its standard error is by the delta method." },
    .weighs_at_0 = true,
    .estimate = estimate,
};
