/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Q is set equal to k + tau2 sum 1/vi: as if the mean were known, which biases it downwards. HSk first multiplies Q by
 * k/(k - p), and so makes good for the coefficients that are estimated.
 */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, double factor, mpl_tau2 *out)
{
    const mpl__at at = mpl__evaluate_sums(pb, 0);
    out->tau2 = fmax(pb->floor, (factor * at.rss - (double)pb->k) / at.sum_w);
    out->se = factor * mpl__quadratic_sd(pb, &at, fmax(out->tau2, 0)) / at.sum_w;
    return MPL_OK;
}

static mpl_status estimate_hs(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    return estimate(pb, 1, out);
}

static mpl_status estimate_hsk(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    return estimate(pb, (double)pb->k / (double)(pb->k - pb->p), out);
}

const mpl__method_def mpl__method_hs = {
    .method = { "HS", "Hunter-Schmidt", "Hunter & Schmidt 2004, Methods of Meta-Analysis, 2nd ed.", NULL,
                "Moment estimator without a correction for estimating the mean: biased downwards." },
    .weighs_at_0 = true,
    .estimate = estimate_hs,
};

const mpl__method_def mpl__method_hsk = {
    .method = { "HSk", "Hunter-Schmidt with the small-sample correction",
                "Brannick, Potter, Benitez & Morris 2019, Organ Res Methods 22:490-514", NULL,
                "As HS with Q multiplied by k/(k - p)." },
    .weighs_at_0 = true,
    .estimate = estimate_hsk,
};
