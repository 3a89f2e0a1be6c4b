/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Q is set equal to k + tau2 sum 1/vi; truncated at zero. Biased downwards by about p studies' share. */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    const mpl__at at = mpl__evaluate(pb, 0);
    out->tau2 = fmax(0, (at.rss - (double)pb->k) / at.sum_w);
    out->se = mpl__quadratic_sd(pb, &at, out->tau2) / at.sum_w;
    return MPL_OK;
}

const mpl__method_def mpl__method_hs = {
    .method = { "HS", "Hunter-Schmidt", "Hunter & Schmidt 2004, Methods of Meta-Analysis, 2nd ed.", NULL,
                "Moment estimator without a correction for estimating the mean: biased downwards." },
    .weighs_at_0 = true,
    .estimate = estimate,
};
