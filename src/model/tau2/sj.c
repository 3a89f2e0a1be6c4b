/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a crude start t0 = sum (yi - ybar)^2 / k, one step: tau2 = t0 y'Py / (k - p) with weights 1/(vi + t0). Positive
 * unless all effects are equal.
 */
#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    const double df = (double)(pb->k - pb->p), start = pb->spread / (double)pb->k;
    if (start == 0) {
        if (pb->n_zero > 0)
            return mpl__fail_zero_variance(pb, "and all effects are equal", err);
        out->tau2 = out->se = 0;
        return MPL_OK;
    }
    const mpl__at at = mpl__evaluate(pb, start);
    out->tau2 = start * at.rss / df;
    out->se = start / df * mpl__quadratic_sd(pb, &at, out->tau2 - start);
    return MPL_OK;
}

const mpl__method_def mpl__method_sj = {
    .method = { "SJ", "Sidik-Jonkman", "Sidik & Jonkman 2005, J R Stat Soc C 54:367-384", NULL,
                "Never zero; too large where heterogeneity is small." },
    .estimate = estimate,
};
