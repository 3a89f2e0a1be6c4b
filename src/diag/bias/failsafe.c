/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many unpublished studies without effect would change the conclusion? Rosenthal's sums of z, Orwin's means,
 * Rosenberg's weighted sum, and the same for a random-effects mean. Where a study must be imagined it has the harmonic
 * mean of the variances.
 */
#include <math.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "model/tau2_impl.h"
#include "num/dist.h"
#include "num/sum.h"

/* The next whole number, but for one that is whole up to rounding. */
static double round_up(double x)
{
    return fmax(0, ceil(x - 1.5e-8));
}

static double zero(const mpl__bias_job *job)
{
    const double null_value = job->effects->measure->null_value;
    return isnan(null_value) ? 0 : null_value;
}

/* One-sided combined p above alpha. */
static mpl_status rosenthal(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    (void)err;
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < es->k; i++)
        mpl__sum_add(&sum, (es->yi[i] - zero(job)) / sqrt(es->vi[i]));
    const double k = (double)es->k, z = fabs(mpl__sum_get(&sum)) / sqrt(k);
    const double critical = mpl__norm_q(job->bias->options.alpha, MPL__UPPER);
    row->value = round_up(k * (z / critical) * (z / critical) - k);
    row->expected = 5 * k + 10;
    row->reading = row->value > row->expected ? "above 5k + 10" : "not above 5k + 10";
    return MPL_OK;
}

/* The target as a distance from no effect. */
static mpl_status target_effect(const mpl__bias_job *job, double *out, mpl_error *err)
{
    const mpl_transform *const t = job->effects->measure->transform;
    const double target = job->bias->options.target.value;
    *out = (t && t->inverse ? t->inverse(target) : target) - zero(job);
    if (!isfinite(*out))
        return mpl__fail(err, MPL_ERR_ARG, "the target is no value of the scale that is shown");
    return MPL_OK;
}

/* Pooled mean, weighted by 1/vi, halved or brought to a target; the studies added have no effect and equal weight. */
static mpl_status orwin(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    mpl__sum sum = { 0 }, weights = { 0 };
    for (size_t i = 0; i < es->k; i++) {
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
        mpl__sum_add(&sum, (es->yi[i] - zero(job)) / es->vi[i]);
        mpl__sum_add(&weights, 1 / es->vi[i]);
    }
    const double mean = mpl__sum_get(&sum) / mpl__sum_get(&weights), k = (double)es->k;
    double target = mean / 2;
    if (job->bias->options.target.given)
        MPL_TRY(target_effect(job, &target, err));
    row->adjusted.term = "target";
    row->adjusted.estimate = target + zero(job);
    if (target == 0)
        return mpl__bias_refuse(job, row, err, "no number of studies without effect makes the mean exactly 0");
    const bool is_beyond = fabs(mean) <= fabs(target) || (mean > 0) != (target > 0);
    row->value = is_beyond ? 0 : round_up(k * (mean - target) / target);
    row->reading = is_beyond ? "the mean is not beyond the target" : NULL;
    return MPL_OK;
}

static mpl_status rosenberg(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    mpl__sum sum = { 0 }, weights = { 0 };
    for (size_t i = 0; i < es->k; i++) {
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
        mpl__sum_add(&sum, (es->yi[i] - zero(job)) / es->vi[i]);
        mpl__sum_add(&weights, 1 / es->vi[i]);
    }
    const double w = mpl__sum_get(&weights), harmonic = (double)es->k / w;
    const double z = mpl__sum_get(&sum) / mpl__norm_q(job->bias->options.alpha / 2, MPL__UPPER);
    row->value = round_up((z * z - w) * harmonic);
    return MPL_OK;
}

/*
 * The pooled mean after m more studies of variance h and no effect: with b* = k b/(k + m) the variance between studies
 * is tau2* = [(k - 1) tau2 + (m - 1) tau2 + k (b - b*)^2 + m b*^2]/(k + m - 1), and all are weighted by 1/(vi + tau2*).
 */
typedef struct after {
    double mean, z;
} after;

static after add_studies(const mpl__bias_job *job, bool is_common, double m)
{
    const mpl_effects *const es = job->effects;
    const double k = (double)es->k, b = job->fit->terms[0].estimate - zero(job), tau2 = is_common ? 0 : job->fit->tau2;
    const double near = k * b / (k + m);
    double tau2_after = tau2;
    if (m > 0 && !is_common)
        tau2_after = ((k + m - 2) * tau2 + k * (b - near) * (b - near) + m * near * near) / (k + m - 1);
    mpl__sum w = { 0 }, wy = { 0 }, inverse = { 0 };
    for (size_t i = 0; i < es->k; i++) {
        mpl__sum_add(&w, 1 / (es->vi[i] + tau2_after));
        mpl__sum_add(&wy, (es->yi[i] - zero(job)) / (es->vi[i] + tau2_after));
        mpl__sum_add(&inverse, 1 / es->vi[i]);
    }
    const double total = mpl__sum_get(&w) + m / (k / mpl__sum_get(&inverse) + tau2_after);
    const double mean = mpl__sum_get(&wy) / total;
    return (after){ .mean = mean, .z = fabs(mean) * sqrt(total) };
}

/* The first m for which the mean is no longer beyond chance, or with a target no longer beyond that. */
static mpl_status general(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_maybe target = job->bias->options.target;
    const mpl__method_def *method;
    for (size_t i = 0; i < job->effects->k; i++)
        if (job->effects->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
    MPL_TRY(mpl__method_find(job->fit->options.method, &method, err));
    double goal = mpl__norm_q(job->bias->options.alpha / 2, MPL__UPPER);
    if (target.given)
        MPL_TRY(target_effect(job, &goal, err));
    goal = fabs(goal);
    double lo = 0, hi = 1;
    for (;; hi *= 2) {
        const after now = add_studies(job, method->is_common, hi);
        if ((target.given ? fabs(now.mean) : now.z) <= goal)
            break;
        if (hi > 1e15)
            return mpl__bias_refuse(job, row, err, "no number of studies without effect leads there");
    }
    const after start = add_studies(job, method->is_common, 0);
    if ((target.given ? fabs(start.mean) : start.z) <= goal) {
        row->value = 0;
        row->reading = target.given ? "the mean is not beyond the target" : "the mean is not beyond chance as it is";
        return MPL_OK;
    }
    while (hi - lo > 1) {
        const double mid = floor((lo + hi) / 2);
        const after now = add_studies(job, method->is_common, mid);
        if ((target.given ? fabs(now.mean) : now.z) > goal)
            lo = mid;
        else
            hi = mid;
    }
    row->value = hi;
    row->adjusted.term = "after";
    row->adjusted.estimate = add_studies(job, method->is_common, hi).mean + zero(job);
    return MPL_OK;
}

#define CAUTION                                                                                                      \
    "takes missing studies to average no effect; no evidence against bias (Becker 2005, in: Publication Bias in "    \
    "Meta-Analysis, ch. 7)"

const mpl__bias_def mpl__bias_rosenthal = {
    .pub = { { "rosenthal", "Rosenthal's fail-safe number", "Rosenthal 1979, Psychol Bull 86:638-641", NULL,
               "Studies with z = 0 that bring the one-sided combined p (Stouffer) to alpha." },
             MPL_BIAS_NUMBER, CAUTION },
    .min_k = 1, .compute = rosenthal,
};

const mpl__bias_def mpl__bias_orwin = {
    .pub = { { "orwin", "Orwin's fail-safe number", "Orwin 1983, J Educ Stat 8:157-159", NULL,
               "Studies without effect that bring the weighted mean to the target." },
             MPL_BIAS_NUMBER, CAUTION },
    .min_k = 1, .compute = orwin,
};

const mpl__bias_def mpl__bias_rosenberg = {
    .pub = { { "rosenberg", "Rosenberg's fail-safe number", "Rosenberg 2005, Evolution 59:464-468", NULL,
               "Studies without effect and of mean weight that bring the equal-effects p to alpha." },
             MPL_BIAS_NUMBER, CAUTION },
    .min_k = 1, .compute = rosenberg,
};

const mpl__bias_def mpl__bias_general = {
    .pub = { { "general", "fail-safe number of the pooled mean",
               "Viechtbauer 2010, J Stat Softw 36:3; Rosenberg 2005, Evolution 59:464-468", NULL,
               "Studies without effect and of mean variance that bring the Wald p of the mean to alpha, or the mean to "
               "a target." },
             MPL_BIAS_NUMBER, CAUTION },
    .min_k = 2, .compute = general,
};
