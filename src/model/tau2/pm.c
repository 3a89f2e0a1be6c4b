/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The generalised Q, y'Py with weights 1/(vi + tau2), falls steadily in tau2; the estimate is where it equals its
 * expectation k - p, or for PMM the median of chi-squared on k - p degrees of freedom, or 0 if it is below already
 * there. Morris's empirical Bayes estimator, the moment estimator with its own weights repeated until it stands, and
 * Sidik and Jonkman's step repeated are fixed points of the first equation, so they are the same number (Veroniki et
 * al. 2016, Res Synth Methods 7:55-79).
 */
#include <math.h>

#include "model/tau2_impl.h"
#include "num/dist.h"

static mpl_status estimate(mpl__problem *pb, double target, mpl_tau2 *out, mpl_error *err)
{
    out->tau2 = mpl__solve_rss(pb, target, &out->iter);
    if (pb->n_zero > 0 && out->tau2 == mpl__smallest_t(pb))
        return mpl__fail_zero_variance(pb, "and tau2 is estimated to be 0: its weight would be infinite", err);
    const mpl__at at = mpl__evaluate_sums(pb, out->tau2);
    out->se = sqrt(2 / (double)(pb->k - pb->p)) * (double)pb->k / at.sum_w;
    return MPL_OK;
}

static mpl_status estimate_pm(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return estimate(pb, (double)(pb->k - pb->p), out, err);
}

static mpl_status estimate_pmm(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return estimate(pb, mpl__chisq_q(0.5, (double)(pb->k - pb->p), MPL__UPPER), out, err);
}

const mpl__method_def mpl__method_pm = {
    .method = { "PM", "Paule-Mandel", "Paule & Mandel 1982, J Res Natl Bur Stand 87:377-385", "MP",
                "Sets the generalised Q equal to its expectation." },
    .estimate = estimate_pm,
};

const mpl__method_def mpl__method_eb = {
    .method = { "EB", "empirical Bayes", "Morris 1983, J Am Stat Assoc 78:47-55", NULL,
                "Solves the same equation as PM, so the estimates are equal." },
    .estimate = estimate_pm,
};

const mpl__method_def mpl__method_dlit = {
    .method = { "DLIT", "DerSimonian-Laird, iterated", "DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-114",
                NULL,
                "The moment estimator with weights 1/(vi + tau2), repeated until it stands: solves the same equation "
                "as PM, so the estimates are equal." },
    .estimate = estimate_pm,
};

const mpl__method_def mpl__method_sjit = {
    .method = { "SJIT", "Sidik-Jonkman, iterated", "Sidik & Jonkman 2007, Stat Med 26:1964-1981", NULL,
                "Sidik and Jonkman's step, repeated until it stands: solves the same equation as PM, so the estimates "
                "are equal." },
    .estimate = estimate_pm,
};

const mpl__method_def mpl__method_pmm = {
    .method = { "PMM", "median-unbiased Paule-Mandel", "Viechtbauer 2021, in Handbook of Meta-Analysis, ch. 11", NULL,
                "Sets the generalised Q equal to the median of its distribution: as often too large as too small." },
    .estimate = estimate_pmm,
};
