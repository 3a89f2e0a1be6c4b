/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Q, I2, H2; the interval of tau2 (tau2_ci.c) and what follows from its limits.
 *
 * Q is y'Py with weights 1/vi. The typical variance is s2 = (k - p)/tr P with the same weights, and
 * I2 = tau2/(s2 + tau2), H2 = (s2 + tau2)/s2 (Higgins & Thompson 2002, Stat Med 21:1539-1558); where tau2 is 0 by
 * definition they come from Q.
 */
#include <math.h>

#include "base/error.h"
#include "model/fit_impl.h"
#include "num/dist.h"

static void cochran_q(const mpl__fit_job *job, const mpl__at *at0, mpl_fit *fit)
{
    fit->q_df = job->df;
    fit->q = job->df > 0 ? at0->rss : 0;
    fit->q_pval = job->df > 0 ? mpl__chisq_p(fit->q, job->df, MPL__UPPER) : 1;
    fit->q_log_pval = job->df > 0 ? mpl__chisq_log_p(fit->q, job->df, MPL__UPPER) : 0;
}

static mpl_status interval(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    mpl__tau2_limits limits = { NAN, NAN, false };
    MPL_TRY(job->tau2_ci->limits(job, fit, &limits, err));
    fit->tau2_ci = (mpl_interval){ limits.lb, limits.ub };
    fit->tau2_ci_empty = limits.is_empty;
    fit->tau_ci = (mpl_interval){ sqrt(limits.lb < 0 ? 0 : limits.lb), sqrt(limits.ub < 0 ? 0 : limits.ub) };
    if (fit->tau2_ci_empty)
        mpl__note_add(&job->notes, "tau2-interval-empty",
                      "the effects vary less than their variances explain: no tau2 %s is compatible with them at "
                      "this level, and both limits are given as %s",
                      job->pb.floor < 0 ? "that is allowed" : ">= 0", job->pb.floor < 0 ? "the least one" : "0");
    else if (fit->tau2 < limits.lb * (1 - 1e-9) || fit->tau2 > limits.ub * (1 + 1e-9))
        mpl__note_add(&job->notes, "tau2-outside-interval",
                      "tau2 by %s lies outside its interval by %s: the two rest on different principles, which "
                      "disagree about these data", job->method->method.id, job->tau2_ci->method.id);
    return MPL_OK;
}

static double i2_of(double tau2, double s2)
{
    return isinf(tau2) ? 100 : 100 * (tau2 / (s2 + tau2));
}

mpl_status mpl__heterogeneity(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl_interval none = { NAN, NAN };
    fit->q = fit->q_df = fit->q_pval = fit->q_log_pval = fit->i2 = fit->h2 = fit->v_typical = NAN;
    fit->tau2_ci = fit->tau_ci = fit->i2_ci = fit->h2_ci = none;
    const bool is_common = job->method->is_common;
    const bool has_interval = job->df > 0 && !is_common && !job->is_tau2_fixed && !job->own;
    if (has_interval)
        MPL_TRY(interval(job, fit, err));
    if (job->pb.n_zero > 0) {
        mpl__note_add(&job->notes, "zero-variance",
                      "%zu of %zu studies have variance 0: Q, I2 and H2 are not defined", job->pb.n_zero, job->pb.k);
        return MPL_OK;
    }
    const mpl__at at0 = mpl__evaluate_sums(&job->pb, 0);
    cochran_q(job, &at0, fit);
    if (job->df == 0)
        return MPL_OK;
    if (is_common) {
        fit->i2 = fit->q > 0 ? 100 * fmax(0, (fit->q - job->df) / fit->q) : 0;
        fit->h2 = fit->q / job->df;
        return MPL_OK;
    }
    const double s2 = mpl__variance_original(&job->pb, job->i2->variance(&job->pb, &at0));
    fit->v_typical = s2;
    fit->i2 = i2_of(fit->tau2, s2);
    fit->h2 = 1 + fit->tau2 / s2;
    if (has_interval) {
        fit->i2_ci = (mpl_interval){ i2_of(fit->tau2_ci.lb, s2), i2_of(fit->tau2_ci.ub, s2) };
        fit->h2_ci = (mpl_interval){ 1 + fit->tau2_ci.lb / s2, 1 + fit->tau2_ci.ub / s2 };
    }
    return MPL_OK;
}
