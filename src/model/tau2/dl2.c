/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two steps of the method of moments: y'Py with weights 1/(vi + t), t a first estimate, is set equal to its
 * expectation (k - p) + (tau2 - t) tr P.
 */
#include <math.h>

#include "base/error.h"
#include "model/tau2_impl.h"

static mpl_status estimate_from(mpl__problem *pb, const mpl__method_def *first, mpl_tau2 *out, mpl_error *err)
{
    mpl_tau2 start = *out;
    MPL_TRY(first->estimate(pb, &start, err));
    if (start.tau2 <= 0 && pb->n_zero > 0)
        return mpl__fail_zero_variance(pb, "and the first estimate of tau2 is 0: its weight would be infinite", err);
    const double df = (double)(pb->k - pb->p), t = start.tau2;
    const mpl__at at = mpl__evaluate(pb, t);
    out->tau2 = fmax(pb->floor, t + (at.rss - df) / at.tr_p);
    out->se = mpl__quadratic_sd(pb, &at, fmax(out->tau2, 0) - t) / at.tr_p;
    return MPL_OK;
}

static mpl_status estimate_dl2(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return estimate_from(pb, &mpl__method_dl, out, err);
}

static mpl_status estimate_ca2(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return estimate_from(pb, &mpl__method_he, out, err);
}

const mpl__method_def mpl__method_dl2 = {
    .method = { "DL2", "DerSimonian-Laird in two steps", "DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-114",
                NULL, "The moment estimator with weights 1/(vi + tau2), tau2 from DL: nearer to PM." },
    .weighs_at_0 = true,
    .estimate = estimate_dl2,
};

const mpl__method_def mpl__method_ca2 = {
    .method = { "CA2", "Cochran's analysis of variance in two steps",
                "DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-114", NULL,
                "The moment estimator with weights 1/(vi + tau2), tau2 from HE: nearer to PM." },
    .estimate = estimate_ca2,
};
