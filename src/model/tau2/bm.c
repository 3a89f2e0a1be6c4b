/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mode of the ML likelihood times the prior density tau of the between-study standard deviation, gamma(2, 0): away
 * from 0 it hardly matters, and at 0 it forbids 0. Where tau2 is small beside the variances it takes the place of 0.
 */
#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return mpl__maximise_likelihood(pb, MPL__ML_GAMMA_PRIOR, out, err);
}

const mpl__method_def mpl__method_bm = {
    .method = { "BM", "Bayes modal with a gamma(2, 0) prior of tau",
                "Chung, Rabe-Hesketh & Choi 2013, Stat Med 32:4071-4089", NULL,
                "The maximum of the likelihood times tau: never 0. Its standard error is from the curvature of both." },
    .estimate = estimate,
};
