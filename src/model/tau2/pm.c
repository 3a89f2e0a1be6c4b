/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The generalised Q, y'Py with weights 1/(vi + tau2), falls steadily in tau2; the estimate is where it equals its
 * expectation k - p, or 0 if it is below already there. Morris's empirical Bayes estimator is a fixed point of the
 * same equation, so it is the same number (Veroniki et al. 2016, Res Synth Methods 7:55-79).
 */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    const double df = (double)(pb->k - pb->p);
    out->tau2 = mpl__solve_rss(pb, df, &out->iter);
    if (out->tau2 == mpl__smallest_t(pb)) {
        if (pb->n_zero > 0)
            return mpl__fail_zero_variance(pb, "and tau2 is estimated to be 0: its weight would be infinite", err);
        out->tau2 = 0;
    }
    const mpl__at at = mpl__evaluate(pb, out->tau2);
    out->se = sqrt(2 / df) * (double)pb->k / at.sum_w;
    return MPL_OK;
}

const mpl__method_def mpl__method_pm = {
    .method = { "PM", "Paule-Mandel", "Paule & Mandel 1982, J Res Natl Bur Stand 87:377-385", "MP",
                "Sets the generalised Q equal to its expectation." },
    .estimate = estimate,
};

const mpl__method_def mpl__method_eb = {
    .method = { "EB", "empirical Bayes", "Morris 1983, J Am Stat Assoc 78:47-55", NULL,
                "Solves the same equation as PM, so the estimates are equal." },
    .estimate = estimate,
};
