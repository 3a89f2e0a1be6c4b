/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is estimated beside the mean on request.
 *
 * Rb is the mean of tau2/(vi + tau2), the part of tau2 in the variance of the mean. Its standard error is by the delta
 * method from Q = k - 1 + tau2 (S1 - S2/S1), Sr = sum vi^-r (Crippa et al. 2016).
 *
 * True effects are normal with mean mu and variance tau2. The share above c is Phi(d), d = (mu - c)/tau, with variance
 * of d se^2/tau2 + d^2 var(tau2)/(4 tau2^2) by the delta method (Mathur & VanderWeele 2019); its limits are taken on
 * the scale of d, so that they stay between 0 and 1. The probability for a new study also counts the uncertainty of mu
 * and is that of the prediction interval in force.
 */
#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "model/fit_impl.h"
#include "num/dist.h"
#include "num/sum.h"

mpl_status mpl__fit_add_quantity(mpl_fit *fit, mpl_quantity quantity, mpl_error *err)
{
    mpl_quantity *const all = MPL_NEW(fit->arena, mpl_quantity, fit->n_quantities + 1);
    if (!all)
        return mpl__fail_nomem(err, "what is estimated");
    for (size_t i = 0; i < fit->n_quantities; i++)
        all[i] = fit->quantities[i];
    all[fit->n_quantities++] = quantity;
    fit->quantities = all;
    return MPL_OK;
}

static mpl_status add_rb(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    mpl__problem *const pb = &job->pb;
    if (pb->n_zero > 0) {
        mpl__note_add(&job->notes, "rb-not-estimable", "Rb is not estimable: a sampling variance is 0");
        return MPL_OK;
    }
    const mpl__at at = mpl__evaluate(pb, 0);
    const double t = mpl__variance_scaled(pb, fit->tau2);
    mpl__sum value = { 0 }, slope = { 0 };
    for (size_t i = 0; i < pb->k; i++) {
        const double a = pb->v[i] * at.tr_p, below = at.rss - job->df + a;
        mpl__sum_add(&value, t / (pb->v[i] + t) / (double)pb->k);
        mpl__sum_add(&slope, below > 0 ? a / (below * below) : NAN);
    }
    const double rb = mpl__sum_get(&value);
    double se = mpl__sum_get(&slope) / (double)pb->k * mpl__quadratic_sd(pb, &at, t);
    if (!(fit->tau2 > 0) || isnan(se)) {
        se = NAN;
        mpl__note_add(&job->notes, "rb-no-interval", "Rb has no standard error: the delta method does not hold "
                      "where %s", fit->tau2 > 0 ? "Q is so small" : "tau2 is not above 0");
    }
    const mpl_quantity q = { "rb", "Rb, the part of tau² in the variance of the mean",
                             "Crippa, Khudyakov, Wang, Orsini & Spiegelman 2016, Stat Med 35:3661-3675", rb, se,
                             isnan(se) ? NAN : fmax(0, rb - job->z * se),
                             isnan(se) ? NAN : fmin(1, rb + job->z * se) };
    return mpl__fit_add_quantity(fit, q, err);
}

/* The threshold on the scale of analysis, and whether what is shown falls while effects rise. */
static mpl_status threshold_of(const mpl__fit_job *job, double shown, double *out, bool *falls, mpl_error *err)
{
    const mpl_measure *const measure = job->effects->measure;
    const mpl_transform *const transform = measure ? measure->transform : NULL;
    char number[32];
    *out = shown;
    *falls = false;
    if (!transform)
        return MPL_OK;
    if (!transform->inverse || transform->turns_at_0)
        return mpl__fail(err, MPL_ERR_ARG, "beyond: there is no way back from the scale '%s' to that of analysis",
                         transform->method.id);
    *out = transform->inverse(shown);
    const double again = mpl_measure_display(measure, *out), step = 1e-3 * fmax(1, fabs(*out));
    if (!isfinite(*out) || !(fabs(again - shown) <= 1e-6 * fmax(1, fabs(shown))))
        return mpl__fail(err, MPL_ERR_ARG, "beyond: %s is no value on the scale '%s' that is shown",
                         mpl__show(shown, number), transform->method.id);
    *falls = mpl_measure_display(measure, *out - step) > mpl_measure_display(measure, *out + step);
    return MPL_OK;
}

/* Two rows: below and above. */
static mpl_status add_sides(mpl_fit *fit, const char *const id[2], const char *what, const char *cite,
                            const mpl_quantity *below, const mpl_quantity *above, mpl_error *err)
{
    const mpl_quantity *const side[2] = { below, above };
    for (size_t i = 0; i < 2; i++) {
        char number[32];
        mpl_quantity q = *side[i];
        mpl__show(fit->options.beyond.value, number);
        q.id = id[i];
        q.cite = cite;
        q.title = mpl__arena_format(fit->arena, "%s %s %s", what, i ? "above" : "below", number);
        if (!q.title)
            return mpl__fail_nomem(err, "what is estimated");
        MPL_TRY(mpl__fit_add_quantity(fit, q, err));
    }
    return MPL_OK;
}

static mpl_quantity share(double d, double se, double quantile)
{
    const double density = mpl__norm_density(d);
    return (mpl_quantity){ .value = mpl__norm_p(d, MPL__LOWER), .se = isnan(se) ? NAN : density * se,
                           .ci_lb = mpl__norm_p(d - quantile * se, MPL__LOWER),
                           .ci_ub = mpl__norm_p(d + quantile * se, MPL__LOWER) };
}

static mpl_status add_threshold(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    static const char *const shares[2] = { "share-below", "share-above" };
    static const char *const new_study[2] = { "new-below", "new-above" };
    const mpl_term *const mean = &fit->terms[0];
    bool falls;
    double c;
    MPL_TRY(threshold_of(job, fit->options.beyond.value, &c, &falls, err));
    const double gap = falls ? c - mean->estimate : mean->estimate - c; /* above, as it is shown */
    double d = gap / fit->tau, se = NAN;
    if (fit->tau2 > 0) {
        const double part = isnan(fit->se_tau2) ? 0 : d * fit->se_tau2 / (2 * fit->tau2);
        se = hypot(mean->se / fit->tau, part);
    } else {
        d = gap > 0 ? INFINITY : gap < 0 ? -INFINITY : 0;
        mpl__note_add(&job->notes, "shares-without-heterogeneity",
                      "tau2 is not above 0, so that all true effects are taken to lie on one side of the threshold");
    }
    const double quantile = mpl__fit_quantile(job, mean->df);
    const mpl_quantity below = share(-d, se, quantile), above = share(d, se, quantile);
    MPL_TRY(add_sides(fit, shares, "share of true effects", "Mathur & VanderWeele 2019, Stat Med 38:1336-1342", &below,
                      &above, err));
    if (!(fit->pi_se > 0))
        return MPL_OK;
    const double df = isnan(fit->pi_df) ? INFINITY : fit->pi_df, t = gap / fit->pi_se;
    const mpl_quantity low = { .value = mpl__t_p(t, df, MPL__UPPER), .se = NAN, .ci_lb = NAN, .ci_ub = NAN };
    const mpl_quantity high = { .value = mpl__t_p(t, df, MPL__LOWER), .se = NAN, .ci_lb = NAN, .ci_ub = NAN };
    return add_sides(fit, new_study, "probability of an effect in a new study", job->pi->method.cite, &low, &high, err);
}

mpl_status mpl__fit_quantities(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const bool is_asked = fit->options.rb || fit->options.beyond.given;
    if (!is_asked || (job->lenient && !job->pb.is_mean))
        return MPL_OK;
    if (!job->pb.is_mean)
        return mpl__fail(err, MPL_ERR_ARG, "%s is defined for a pooled mean only",
                         fit->options.rb ? "Rb" : "the share of effects beyond a threshold");
    if (job->method->is_common || job->method->pool || isnan(fit->tau2)) {
        mpl__note_add(&job->notes, "spread-not-estimable",
                      "nothing is said of the spread of true effects: %s",
                      isnan(fit->tau2) ? "tau2 is not estimable" : "this method has no tau2");
        return MPL_OK;
    }
    if (fit->options.rb)
        MPL_TRY(add_rb(job, fit, err));
    return fit->options.beyond.given ? add_threshold(job, fit, err) : MPL_OK;
}
