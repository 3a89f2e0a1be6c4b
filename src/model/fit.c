/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options to weights to coefficients to tests to a result that owns itself. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"
#include "num/dist.h"
#include "num/linalg.h"

/* Beyond this ratio of variances results hang on the most precise studies; metafor warns at the same place. */
static const double LARGEST_RATIO = 1e7;

double mpl__fit_quantile(mpl__fit_job *job, double df)
{
    if (df == INFINITY)
        return job->z;
    if (!isnan(df) && df != job->t.df) {
        job->t.df = df;
        job->t.quantile = mpl__t_q((1 - job->level) / 2, df, MPL__UPPER);
    }
    return isnan(df) ? NAN : job->t.quantile;
}

static mpl_term term_with(const char *term, double estimate, double se, double df, double quantile)
{
    mpl_term out = { .term = term, .estimate = estimate, .se = se, .statistic = NAN, .df = df };
    if (se > 0)
        out.statistic = estimate / se;
    out.pval = mpl__two_sided(out.statistic, df, &out.log_pval);
    const double half = se == 0 ? 0 : quantile * se;
    out.ci_lb = estimate - half;
    out.ci_ub = estimate + half;
    return out;
}

mpl_term mpl__term_make(const char *term, double estimate, double se, double df, double level)
{
    return term_with(term, estimate, se, df, mpl__t_q((1 - level) / 2, df, MPL__UPPER));
}

static mpl_term term_of(mpl__fit_job *job, const char *term, double estimate, double se, double df)
{
    return term_with(term, estimate, se, df, mpl__fit_quantile(job, df));
}

static mpl_status check_design(const mpl_effects *effects, const mpl_design *design, mpl_error *err)
{
    if (design && design->n_rows != effects->k)
        return mpl__fail(err, MPL_ERR_ARG, "the design has %zu rows for %zu studies", design->n_rows, effects->k);
    if (design && (design->n_cols == 0 || !design->x))
        return mpl__fail(err, MPL_ERR_ARG, "the design has no columns");
    return MPL_OK;
}

/* ---- steps */

static mpl_status find_tau2(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    mpl_tau2 tau2 = { .tau2 = NAN, .se = NAN, .converged = true };
    if (job->own) {
        ; /* not one for all */
    } else if (job->is_tau2_fixed) {
        tau2.tau2 = fit->options.tau2.value;
        if (fit->options.i2.given)
            MPL_TRY(mpl__i2_to_tau2(job, fit->options.i2.value, &tau2.tau2, err));
        job->fixed_tau2 = tau2.tau2;
        if (!isfinite(mpl__variance_scaled(&job->pb, tau2.tau2)))
            return mpl__fail(err, MPL_ERR_ARG, "the fixed tau2 is too large for the variances of these studies");
        if (!(mpl__variance_scaled(&job->pb, tau2.tau2) + job->pb.v_min > 0) && tau2.tau2 < 0)
            return mpl__fail(err, MPL_ERR_ARG, "the fixed tau2 is below minus the smallest variance");
        if (tau2.tau2 == 0 && job->pb.n_zero > 0)
            return mpl__fail_zero_variance(&job->pb, "its weight would be infinite at tau2 = 0", err);
    } else if (fit->k > 1 || job->method->is_common) {
        MPL_TRY(mpl__tau2_solve(&job->pb, job->method, &tau2, err));
    } else if (job->pb.n_zero > 0) {
        return mpl__fail_zero_variance(&job->pb, "its weight would be infinite", err);
    }
    fit->tau2 = tau2.tau2;
    fit->se_tau2 = tau2.se;
    fit->tau = sqrt(tau2.tau2);
    fit->iter = tau2.iter;
    fit->n_maxima = tau2.n_maxima;
    fit->converged = tau2.converged;
    return MPL_OK;
}

static void likelihood(const mpl__fit_job *job, mpl_fit *fit)
{
    const bool reml = job->method->is_reml;
    const double k = (double)fit->k, p = (double)fit->p, n = reml ? k - p : k;
    fit->ll = fit->aic = fit->aicc = fit->bic = NAN;
    if (n <= 0)
        return;
    const bool is_tau2_free = !job->method->is_common && !job->is_tau2_fixed;
    const double parms = p + (job->own ? (double)job->own->n : is_tau2_free), corrected_n = fmax(n, parms + 2);
    mpl__at at = job->at;
    at.rss = job->rss;
    fit->ll = mpl__log_likelihood(&job->pb, &at, reml);
    fit->aic = -2 * fit->ll + 2 * parms;
    fit->aicc = -2 * fit->ll + 2 * parms * corrected_n / (corrected_n - parms - 1);
    fit->bic = -2 * fit->ll + parms * log(n);
}

static void omnibus(const mpl__fit_job *job, mpl_fit *fit)
{
    size_t m;
    fit->qm = fit->qm_df = fit->qm_df2 = fit->qm_pval = fit->qm_log_pval = NAN;
    if (job->pb.is_mean)
        return;
    const double qm = mpl__omnibus(&job->pb, &m), df = job->scaling.df;
    if (m == 0)
        return;
    fit->qm_df = (double)m;
    fit->qm_df2 = df;
    fit->qm = df == INFINITY ? qm : qm / (double)m / job->scaling.factor;
    if (isfinite(fit->qm)) {
        const double f = df == INFINITY ? fit->qm / fit->qm_df : fit->qm;
        fit->qm_pval = mpl__f_p(f, fit->qm_df, df, MPL__UPPER);
        fit->qm_log_pval = mpl__f_log_p(f, fit->qm_df, df, MPL__UPPER);
    }
}

static mpl_status coefficients(mpl__fit_job *job, const mpl_design *design, mpl_fit *fit, mpl_error *err)
{
    const size_t p = fit->p;
    double *const vb = MPL_NEW(fit->arena, double, p * p), *const beta = MPL_NEW(job->scratch, double, p);
    mpl_term *const terms = MPL_NEW(fit->arena, mpl_term, p);
    if (!vb || !beta || !terms)
        return mpl__fail_nomem(err, "the coefficients");
    fit->terms = terms;
    fit->vb = vb;
    mpl__coefficients(&job->pb, &job->at, beta, vb);
    job->se = sqrt(vb[0]);
    job->s2w = job->df > 0 ? job->at.rss / job->df : NAN;
    fit->s2w = job->s2w;
    job->dispersion = job->method->is_multiplicative && job->df > 0 ? job->s2w : 1;
    MPL_TRY(job->test->scale(job, &job->scaling, err));
    fit->vb_factor = job->scaling.factor;
    for (size_t j = 0; j < p; j++) {
        const char *name = "intercept";
        if (design && design->terms && design->terms[j])
            name = mpl__arena_copy(fit->arena, design->terms[j]);
        else if (!job->pb.is_mean)
            name = mpl__arena_format(fit->arena, "x%zu", j + 1);
        if (!name)
            return mpl__fail_nomem(err, "the coefficients");
        const double se = sqrt(job->scaling.factor * vb[j * p + j]);
        terms[j] = term_of(job, name, beta[j], se, job->scaling.df);
        if (!isfinite(beta[j]) || !isfinite(se))
            return mpl__fail(err, MPL_ERR_NUMERIC, "the estimate of %s is not finite", name);
    }
    fit->wald = fit->hksj = term_of(job, "intercept", NAN, NAN, NAN);
    if (job->pb.is_mean) {
        fit->wald = term_of(job, "intercept", beta[0], job->se, INFINITY);
        const bool is_hksj = job->scaling.factor == job->s2w && job->scaling.df == job->df;
        if (is_hksj)
            fit->hksj = terms[0];
        else if (job->df > 0)
            fit->hksj = term_of(job, "intercept", beta[0], job->se * sqrt(job->s2w), job->df);
    }
    omnibus(job, fit);
    for (size_t j = 0; j < p * p; j++)
        vb[j] *= job->scaling.factor;
    if (job->test->of_regression && !job->pb.is_mean)
        return job->test->of_regression(job, fit, err);
    return job->test->refine ? job->test->refine(job, fit, err) : MPL_OK;
}

static mpl_status weights(const mpl__fit_job *job, const mpl_design *design, mpl_fit *fit, mpl_error *err)
{
    double *const w = MPL_NEW(fit->arena, double, fit->k), *const fitted = MPL_NEW(fit->arena, double, fit->k);
    if (!w || !fitted)
        return mpl__fail_nomem(err, "the weights");
    mpl__fit_list_weights(job, w);
    for (size_t i = 0; i < fit->k; i++) {
        fitted[i] = fit->terms[0].estimate;
        if (!job->pb.is_mean) {
            fitted[i] = 0;
            for (size_t j = 0; j < fit->p; j++)
                fitted[i] += design->x[i * fit->p + j] * fit->terms[j].estimate;
        }
    }
    fit->weights = w;
    fit->fitted = fitted;
    return MPL_OK;
}

static void add_notes(mpl__fit_job *job, mpl_fit *fit)
{
    mpl__notes *const notes = &job->notes;
    const bool is_hksj = job->test->is_hksj, is_common = job->method->is_common;
    if (fit->k == 1 && !job->method->pool)
        mpl__note_add(notes, "single-study",
                      "one study is no pool: its own effect and Wald interval are shown, tau2 is not estimable");
    else if (fit->k < 3 && !is_common)
        mpl__note_add(notes, "few-studies",
                      "with two studies tau2 and every interval that rests on it are hardly known");
    if (fit->k == fit->p && fit->k > 1)
        mpl__note_add(notes, "saturated", "there are as many coefficients as studies, so that every effect is fitted "
                      "exactly: Q is 0, I2, H2, R2 and a restricted likelihood are not defined, and intervals are "
                      "Wald's");
    if (is_hksj && is_common && !job->method->is_multiplicative)
        mpl__note_add(notes, "hksj-common", "Hartung-Knapp estimates a spread beyond chance, which method %s excludes",
                      job->method->method.id);
    if (is_hksj && fit->tau2 == 0 && !is_common)
        mpl__note_add(notes, "tau2-zero",
                      "tau2 is 0: the Hartung-Knapp interval may be narrower than the data allow; compare the Wald "
                      "interval");
    if (is_hksj && job->s2w == 0)
        mpl__note_add(notes, "hksj-degenerate",
                      "all effects are equal, so the Hartung-Knapp standard error is 0; use the Wald interval");
    else if (job->method->is_multiplicative && job->s2w == 0)
        mpl__note_add(notes, "dispersion-zero", "all effects are equal, so that method %s takes their variances for 0, "
                      "and the standard error is 0", job->method->method.id);
    else if (job->test->may_narrow && mpl__fit_quantile(job, job->df) * sqrt(job->s2w) < job->z)
        mpl__note_add(notes, "hksj-narrower", "the Hartung-Knapp interval is narrower than the Wald interval");
    if (fit->options.tau2_min.given && fit->tau2 < 0)
        mpl__note_add(notes, "tau2-negative",
                      "tau2 is negative%s: the effects vary less than their variances explain; it has no square root, "
                      "and I2 is negative", mpl__variance_scaled(&job->pb, fit->tau2) <= job->pb.floor * (1 - 1e-12)
                      ? ", as far as it may be" : "");
    if (fit->n_maxima > 1)
        mpl__note_add(notes, "several-maxima",
                      "the likelihood has %d local maxima in tau2; the highest is reported, and others are nearly as "
                      "plausible", fit->n_maxima);
    if (!fit->converged)
        mpl__note_add(notes, "not-converged", "the search for tau2 stopped before its bracket shrank to the tolerance");
    if (job->pb.v_max >= LARGEST_RATIO * job->pb.v_min && job->pb.v_min > 0)
        mpl__note_add(notes, "variance-ratio",
                      "the largest variance is more than ten million times the smallest: the most precise studies "
                      "decide the result; check for standard errors entered as variances");
}

/* From here on a study's own tau2 is a part of its variance. */
static mpl_status take_own(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    double *const v = MPL_NEW(job->scratch, double, es->k), *const tau2 = MPL_NEW(fit->arena, double, es->k);
    if (!v || !tau2)
        return mpl__fail_nomem(err, "the variances");
    for (size_t i = 0; i < es->k; i++) {
        tau2[i] = job->own->tau2[i];
        v[i] = es->vi[i] + tau2[i];
    }
    fit->tau2_i = tau2;
    return mpl__problem_renew(&job->pb, es->yi, v, err);
}

/* yi weighted by 1/(vi + tau2). */
static mpl_status pool_effects(mpl__fit_job *job, const mpl_design *design, mpl_fit *fit, mpl_error *err)
{
    if (fit->options.tau2_min.given)
        mpl__problem_lower(&job->pb, fit->options.tau2_min.value);
    if (job->near)
        job->pb.near = mpl__variance_scaled(&job->pb, job->near->tau2);
    MPL_TRY(find_tau2(job, fit, err));
    MPL_TRY(mpl__heterogeneity(job, fit, err));
    if (job->own)
        MPL_TRY(take_own(job, fit, err));
    const double t = isnan(fit->tau2) ? 0 : mpl__variance_scaled(&job->pb, fit->tau2);
    if (job->pb.is_mean)
        (void)mpl__evaluate(&job->pb, t); /* moves the centre to the mean, */
    job->at = mpl__evaluate(&job->pb, t); /* about which the sums are taken now */
    if (!isfinite(job->at.sum_w) || !isfinite(job->at.rss))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the sums over studies overflow");
    MPL_TRY(mpl__fit_weigh(job, err));
    likelihood(job, fit);
    MPL_TRY(coefficients(job, design, fit, err));
    return weights(job, design, fit, err);
}

static mpl_status run(mpl__fit_job *job, const mpl_design *design, const mpl_fit_options *options, bool lenient,
                      mpl_fit *fit, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    fit->k = es->k;
    fit->p = design ? design->n_cols : 1;
    MPL_TRY(check_design(es, design, err));
    MPL_TRY(mpl__fit_resolve(job, options, lenient, fit, err));
    MPL_TRY(mpl__problem_init(&job->pb, job->scratch, es->yi, es->vi, es->slab, es->k, design ? design->x : NULL,
                              fit->p, design ? design->terms : NULL, err));
    job->pb.run = &fit->options.run;
    if (es->weights && (job->method->needs_weights || job->weights->weigh))
        MPL_TRY(mpl__problem_weigh(&job->pb, job->scratch, es->weights, err));
    if (job->test->needs_mean && !job->pb.is_mean)
        return mpl__fail(err, MPL_ERR_ARG, "test %s is defined for a pooled mean only", job->test->method.id);
    job->notes = (mpl__notes){ .arena = fit->arena };
    job->design = design;
    job->df = (double)(fit->k - fit->p);
    fit->method = &job->method->method;
    fit->test = &job->test->method;
    fit->pi = &job->pi->method;
    fit->tau2_ci_method = &job->tau2_ci->method;
    fit->level = job->level;
    if (job->method->pool)
        MPL_TRY(job->method->pool(job, fit, err));
    else
        MPL_TRY(pool_effects(job, design, fit, err));
    add_notes(job, fit);
    MPL_TRY(mpl__predict_new(job, fit, err));
    MPL_TRY(mpl__fit_quantities(job, fit, err));
    MPL_TRY(mpl__fit_het_tests(job, fit, err));
    fit->notes = job->notes.items;
    fit->n_notes = job->notes.n;
    fit->options.run.watch = NULL; /* the caller's */
    return job->notes.failed ? mpl__fail_nomem(err, "the notes") : MPL_OK;
}

static mpl_status make(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                       bool lenient, const mpl_fit *near, const mpl__own_tau2 *own, mpl_fit **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_fit *const fit = MPL_NEW(keep, mpl_fit, 1);
    mpl_status s;
    if (fit && scratch) {
        fit->arena = keep;
        mpl__fit_job job = { .effects = effects, .scratch = scratch, .near = near, .own = own,
                             .lenient = lenient, .dispersion = 1, .t = { NAN, NAN } };
        s = run(&job, design, options, lenient, fit, err);
    } else {
        s = mpl__fail_nomem(err, "the fit");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = fit;
    else
        mpl__arena_free(keep);
    return s;
}

mpl_status mpl__fit_make(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                         bool lenient, const mpl_fit *near, mpl_fit **out, mpl_error *err)
{
    return make(effects, design, options, lenient, near, NULL, out, err);
}

mpl_status mpl__fit_make_own(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                             const mpl__own_tau2 *own, mpl_fit **out, mpl_error *err)
{
    return make(effects, design, options, false, NULL, own, out, err);
}

mpl_status mpl_fit_new(const mpl_effects *effects, const mpl_design *design, const mpl_fit_options *options,
                       mpl_fit **out, mpl_error *err)
{
    return make(effects, design, options, false, NULL, NULL, out, err);
}

void mpl_fit_free(mpl_fit *fit)
{
    if (fit)
        mpl__arena_free(fit->arena);
}
