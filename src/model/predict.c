/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prediction intervals for the effect in a new study: mean -+ quantile sqrt(se^2 + tau2). The variants differ in the
 * standard error of the mean and in the degrees of freedom; where these are below 1 there is no interval.
 */
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "model/fit_impl.h"
#include "model/nnf.h"
#include "num/dist.h"

static mpl_status nnf(mpl__fit_job *job, mpl_fit *fit, mpl_error *err);

static const mpl__pi_def registry[] = {
#define MPL_PI(id_, title_, cite_, aliases_, about_, se_, df_, less_)                                                \
    { .method = { id_, title_, cite_, aliases_, about_ }, .se = MPL__PI_##se_, .df = MPL__PI_##df_, .df_less = less_ },
#include "model/pi.def"
#undef MPL_PI
    { .method = { "NNF", "from the confidence distributions of tau2 and of the mean given tau2",
                  "Nagashima, Noma & Furukawa 2019, Stat Methods Med Res 28:1689-1702", "boot",
                  "Keeps its coverage with few studies: the uncertainty of tau2 is taken into account, whatever the "
                  "method. Integrated, not simulated. Needs three studies." },
      .compute = nnf },
    { .method = { "none", "no prediction interval", NULL, NULL, NULL }, .is_none = true },
};

const mpl_method *mpl_pi_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

mpl_status mpl__pi_find(const char *id, const mpl__pi_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_pi_method, "prediction interval", id, &method, err));
    for (size_t i = 0; mpl_pi_method(i); i++)
        if (&registry[i].method == method)
            *out = &registry[i];
    return MPL_OK;
}

bool mpl__pi_is_none(const mpl_method *pi)
{
    for (size_t i = 0; mpl_pi_method(i); i++)
        if (&registry[i].method == pi)
            return registry[i].is_none;
    return false;
}

static void note_not_estimable(mpl__fit_job *job, const char *why)
{
    mpl__note_add(&job->notes, "pi-not-estimable", "the prediction interval (%s) is not estimable: %s",
                  job->pi->method.id, why);
}

static mpl_status nnf(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    if (job->effects->k < 3) {
        note_not_estimable(job, "at least 3 studies are needed");
        return MPL_OK;
    }
    if (job->pb.n_zero) {
        note_not_estimable(job, "a sampling variance is 0");
        return MPL_OK;
    }
    mpl_interval limits;
    MPL_TRY(mpl__nnf_interval(job->effects->yi, job->effects->vi, job->effects->k, job->level, &limits, err));
    fit->pi_lb = limits.lb;
    fit->pi_ub = limits.ub;
    return MPL_OK;
}

/* Half the ladder is data: each variant names its standard error and its degrees of freedom. */
static mpl_status choose(const mpl__fit_job *job, double *factor, double *df, mpl_error *err)
{
    mpl__scaling kr = { 1, NAN };
    *factor = 1;
    *df = INFINITY;
    if (job->pi->se == MPL__PI_KR) {
        if (!job->method->is_reml || job->is_tau2_fixed)
            return mpl__fail(err, MPL_ERR_ARG, "prediction interval '%s' needs method REML", job->pi->method.id);
        MPL_TRY(mpl__kenward_roger(job, &kr, err));
    }
    switch (job->pi->se) {
    case MPL__PI_IN_FORCE:
        *factor = job->scaling.factor;
        break;
    case MPL__PI_CLASSIC:
        break;
    case MPL__PI_HKSJ:
        *factor = job->s2w;
        break;
    case MPL__PI_KR:
        *factor = kr.factor;
        break;
    case MPL__PI_WITHOUT:
        *factor = 0;
        break;
    }
    if (job->pi->df == MPL__PI_RESIDUAL)
        *df = job->df - job->pi->df_less;
    if (job->pi->df == MPL__PI_KENWARD)
        *df = kr.df - job->pi->df_less;
    return MPL_OK;
}

mpl_status mpl__predict_new(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    fit->pi_lb = fit->pi_ub = fit->pi_df = fit->pi_se = NAN;
    if (!job->pb.is_mean && job->pi->se == MPL__PI_KR && !fit->kenward) {
        if (!job->method->is_reml || job->is_tau2_fixed || job->own)
            return mpl__fail(err, MPL_ERR_ARG, "prediction interval '%s' needs method REML and one tau2 that is "
                             "estimated", job->pi->method.id);
        return mpl__kenward_new(job, fit, err);
    }
    if (job->pi->is_none || !job->pb.is_mean)
        return MPL_OK;
    if (job->method->is_common) {
        note_not_estimable(job, "under this method effects have no distribution");
        return MPL_OK;
    }
    if (isnan(fit->tau2)) /* a single study, which has its own note */
        return MPL_OK;
    if (job->pi->compute)
        return job->pi->compute(job, fit, err);
    double factor = 1, df = NAN;
    MPL_TRY(choose(job, &factor, &df, err));
    if (!(df >= 1)) {
        char number[350], why[400];
        mpl__number_significant(df, 3, number);
        snprintf(why, sizeof why, "it has %s degrees of freedom, at least 1 is needed", number);
        note_not_estimable(job, why);
        return MPL_OK;
    }
    if (factor * job->se * job->se + fit->tau2 < 0) {
        note_not_estimable(job, "tau2 is negative, and larger than the variance of the mean");
        return MPL_OK;
    }
    fit->pi_df = df;
    fit->pi_se = sqrt(factor * job->se * job->se + fit->tau2);
    const double half = mpl__fit_quantile(job, df) * fit->pi_se, mean = fit->terms[0].estimate;
    fit->pi_lb = mean - half;
    fit->pi_ub = mean + half;
    if (fit->tau2 == 0)
        mpl__note_add(&job->notes, "pi-without-heterogeneity",
                      "tau2 is 0, so the prediction interval only reflects the uncertainty of the mean");
    return MPL_OK;
}
