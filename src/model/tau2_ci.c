/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intervals of tau2.
 *
 * A generalised Q, the residual sum of squares r'Ar under weights A that do not depend on tau2, is a weighted sum of
 * chi-squared variables with the eigenvalues of (I - UU')D(I - UU'), D = A(V + tau2 I) and U an orthonormal basis of
 * sqrt(A)X; its tails are exact (num/quadform.h). Weights 1/(vi + tau2) make D = I: the Q-profile. An interval holds
 * the tau2 at which the observed value lies in neither tail.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"
#include "num/brent.h"
#include "num/dist.h"
#include "num/linalg.h"
#include "num/quadform.h"
#include "num/search.h"

static void note_none(mpl__fit_job *job, const char *why)
{
    mpl__note_add(&job->notes, "tau2-interval-not-estimable", "the interval of tau2 (%s) is not estimable: %s",
                  job->tau2_ci->method.id, why);
}

/* ---- Q-profile */

static double profile_limit(const mpl__fit_job *job, mpl__problem *pb, mpl__tail tail)
{
    int iter = 0;
    if (job->near)
        pb->near = mpl__variance_scaled(pb, tail == MPL__UPPER ? job->near->tau2_ci.lb : job->near->tau2_ci.ub);
    const double target = mpl__chisq_q((1 - job->level) / 2, job->df, tail);
    const double t = mpl__solve_rss(pb, target, &iter);
    return mpl__variance_original(pb, t == mpl__smallest_t(pb) ? pb->floor : t);
}

static mpl_status limits_qp(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)fit;
    (void)err;
    out->lb = profile_limit(job, &job->pb, MPL__UPPER);
    out->ub = profile_limit(job, &job->pb, MPL__LOWER);
    out->is_empty = out->ub == mpl__variance_original(&job->pb, job->pb.floor);
    return MPL_OK;
}

/* ---- generalised Q with fixed weights */

typedef struct generalised_q {
    const mpl__problem *pb;
    double q, log_tail;
    double *a, *u, *d, *work; /* [k] weights, [k x p], [k], [4 p^2] */
    mpl__tail tail;
} generalised_q;

static mpl_status prepare_q(const mpl__fit_job *job, double power, generalised_q *g, mpl_error *err)
{
    const mpl__problem *const pb = &job->pb;
    const size_t k = pb->k, p = pb->p;
    *g = (generalised_q){ .pb = pb, .log_tail = log((1 - job->level) / 2), .a = MPL_NEW(job->scratch, double, k),
                          .u = MPL_NEW(job->scratch, double, k * p), .d = MPL_NEW(job->scratch, double, k),
                          .work = MPL_NEW(job->scratch, double, 4 * p * p) };
    double *const r = MPL_NEW(job->scratch, double, k), *const lower = MPL_NEW(job->scratch, double, p * p);
    double *const coef = MPL_NEW(job->scratch, double, p);
    if (!g->a || !g->u || !g->d || !g->work || !r || !lower || !coef)
        return mpl__fail_nomem(err, "the interval of tau2");
    for (size_t i = 0; i < k; i++) {
        g->a[i] = pow(pb->v[i], -power);
        r[i] = sqrt(g->a[i]) * pb->z[i];
        for (size_t j = 0; j < p; j++)
            g->u[j * k + i] = sqrt(g->a[i]) * (pb->is_mean ? 1 : pb->basis[j * k + i]);
    }
    (void)mpl__orthonormalise(g->u, k, p, lower, 0);
    mpl__project_out(g->u, k, p, r, coef);
    g->q = mpl__dot(r, r, k);
    return MPL_OK;
}

/* Logarithm of the tail that ends at the observed value, relative to the one looked for. */
static double excess(double t, void *ctx)
{
    generalised_q *const g = ctx;
    for (size_t i = 0; i < g->pb->k; i++)
        g->d[i] = g->a[i] * (g->pb->v[i] + t);
    const double p = mpl__quadform_projected_p(g->d, g->pb->k, g->u, g->pb->p, g->work, g->q, g->tail);
    return fmax(log(p), -1e6) - g->log_tail;
}

/* The upper tail rises in tau2, the lower one falls. */
static double solve_tail(generalised_q *g, mpl__tail tail)
{
    g->tail = tail;
    const double sign = tail == MPL__UPPER ? 1 : -1;
    double lo = 0, hi = fmax(g->pb->rss_ols / (double)(g->pb->k - g->pb->p), g->pb->v_min);
    if (sign * excess(0, g) >= 0)
        return 0;
    for (int i = 0; i < 2000 && isfinite(hi) && sign * excess(hi, g) < 0; i++) {
        lo = hi;
        hi *= 2;
    }
    return isfinite(hi) ? mpl__brent_root(excess, g, lo, hi) : INFINITY;
}

static mpl_status limits_q(mpl__fit_job *job, double power, mpl__tau2_limits *out, mpl_error *err)
{
    generalised_q g;
    if (job->pb.n_zero > 0) {
        note_none(job, "a sampling variance is 0, and its weight would be infinite");
        return MPL_OK;
    }
    MPL_TRY(prepare_q(job, power, &g, err));
    out->lb = mpl__variance_original(&job->pb, solve_tail(&g, MPL__UPPER));
    out->ub = mpl__variance_original(&job->pb, solve_tail(&g, MPL__LOWER));
    out->is_empty = out->ub == 0;
    return MPL_OK;
}

static mpl_status limits_bj(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)fit;
    return limits_q(job, 1, out, err);
}

static mpl_status limits_j(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)fit;
    return limits_q(job, 0.5, out, err);
}

/* ---- profile likelihood */

typedef struct profile {
    mpl__problem *pb;
    bool reml;
    double cut;
} profile;

/* The likelihood above the cut, and the score. */
static double height(void *ctx, double t, double *slope)
{
    const profile *const f = ctx;
    const mpl__at at = mpl__evaluate_sums(f->pb, t);
    *slope = 0.5 * (at.ypp - (f->reml ? at.tr_p : at.sum_w));
    return mpl__log_likelihood(f->pb, &at, f->reml) - f->cut;
}

/* Tolerance of a limit: the likelihood itself has rounding errors. */
static const double LIMIT_TOLERANCE = 1e-8;

/*
 * With several maxima the set of tau2 above the cut may have gaps; the limits are the ends of the whole. They lie
 * between neighbours of a grid that is as fine as the weights can change.
 */
static double outermost(profile *f, double from, double to, double fallback)
{
    enum { STEPS = 400 };
    double slope, before = from;
    if (height(f, from, &slope) >= 0)
        return from;
    const double c = f->pb->v_min + 1e-3 * fabs(to - from);
    for (int i = 1; i <= STEPS; i++) {
        const double s = (double)i / STEPS, lo = fmin(from, to), hi = fmax(from, to);
        const double at = (lo + c) * pow((hi + c) / (lo + c), from < to ? s : 1 - s) - c;
        if (height(f, at, &slope) >= 0) {
            const double a = fmin(before, at), b = fmax(before, at);
            return mpl__root_find(height, f, a, b, 0.5 * (a + b), from < to, LIMIT_TOLERANCE).x;
        }
        before = at;
    }
    return fallback;
}

static mpl_status limits_pl(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)err;
    double slope;
    const double peak = mpl__variance_scaled(&job->pb, fit->tau2), start = mpl__smallest_t(&job->pb);
    profile f = { .pb = &job->pb, .reml = job->method->is_reml };
    f.cut = height(&f, peak, &slope) - 0.5 * mpl__chisq_q(1 - job->level, 1, MPL__UPPER);
    double hi = 2 * fmax(peak, f.pb->rss_ols / (double)(f.pb->k - f.pb->p) + f.pb->v_max);
    while (height(&f, hi, &slope) >= 0)
        hi *= 2;
    double lower = start, upper;
    if (fit->n_maxima > 1) {
        lower = outermost(&f, start, peak, peak);
        upper = outermost(&f, hi, peak, peak);
    } else {
        if (peak > start && height(&f, start, &slope) < 0)
            lower = mpl__root_find(height, &f, start, peak, 0.5 * (start + peak), true, LIMIT_TOLERANCE).x;
        upper = mpl__root_find(height, &f, peak, hi, 0.5 * (peak + hi), false, LIMIT_TOLERANCE).x;
    }
    out->lb = lower == start ? 0 : mpl__variance_original(f.pb, lower);
    out->ub = mpl__variance_original(f.pb, upper);
    return MPL_OK;
}

/* ---- Wald, on three scales of tau2 */

static bool has_se(mpl__fit_job *job, const mpl_fit *fit, bool needs_positive)
{
    if (isnan(fit->se_tau2))
        note_none(job, "the method gives tau2 no standard error");
    else if (needs_positive && fit->tau2 == 0)
        note_none(job, "tau2 is 0");
    return !isnan(fit->se_tau2) && !(needs_positive && fit->tau2 == 0);
}

static mpl_status limits_wald(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)err;
    if (has_se(job, fit, false))
        *out = (mpl__tau2_limits){ fmax(0, fit->tau2 - job->z * fit->se_tau2), fit->tau2 + job->z * fit->se_tau2,
                                   false };
    return MPL_OK;
}

static mpl_status limits_wald_log(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)err;
    const double half = job->z * fit->se_tau2 / fit->tau2;
    if (has_se(job, fit, true))
        *out = (mpl__tau2_limits){ fit->tau2 * exp(-half), fit->tau2 * exp(half), false };
    return MPL_OK;
}

static mpl_status limits_wald_sqrt(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)err;
    const double half = job->z * fit->se_tau2 / (2 * fit->tau), lower = fmax(0, fit->tau - half);
    if (has_se(job, fit, true))
        *out = (mpl__tau2_limits){ lower * lower, (fit->tau + half) * (fit->tau + half), false };
    return MPL_OK;
}

/* ---- test-based */

/* Standard error of ln H from Q; NaN where it has none. */
static double se_log_h(double q, double k)
{
    if (q > k)
        return (log(q) - log(k - 1)) / (2 * (sqrt(2 * q) - sqrt(2 * k - 3)));
    return k > 2 ? sqrt((1 - 1 / (3 * (k - 2) * (k - 2))) / (2 * (k - 2))) : NAN;
}

/* H and I2 as they follow from Q alone, which the interval is really one for. */
static mpl_status add_from_q(const mpl__fit_job *job, mpl_fit *fit, double q, double se, mpl_error *err)
{
    static const char *const cite = "Higgins & Thompson 2002, Stat Med 21:1539-1558";
    const double h = sqrt(q / job->df), lb = fmax(1, h * exp(-job->z * se)), ub = fmax(1, h * exp(job->z * se));
    const double h1 = fmax(1, h);
    MPL_TRY(mpl__fit_add_quantity(fit, (mpl_quantity){ "h-from-q", "H from Q, test-based interval", cite, h1, NAN, lb,
                                                       ub }, err));
    return mpl__fit_add_quantity(fit, (mpl_quantity){ "i2-from-q", "I² from Q in percent, test-based interval", cite,
                                                      100 * (1 - 1 / (h1 * h1)), NAN, 100 * (1 - 1 / (lb * lb)),
                                                      100 * (1 - 1 / (ub * ub)) }, err);
}

static mpl_status limits_ht(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    if (job->pb.n_zero > 0) {
        note_none(job, "a sampling variance is 0, so Q is not defined");
        return MPL_OK;
    }
    const mpl__at at0 = mpl__evaluate_sums(&job->pb, 0);
    const double s2 = mpl__variance_original(&job->pb, job->df / at0.tr_p), h = sqrt(1 + fit->tau2 / s2);
    const double se = se_log_h(at0.rss, job->df + 1);
    if (isnan(se)) {
        note_none(job, "it needs more than two studies");
        return MPL_OK;
    }
    const double lb = fmax(1, h * exp(-job->z * se)), ub = fmax(1, h * exp(job->z * se));
    *out = (mpl__tau2_limits){ s2 * (lb * lb - 1), s2 * (ub * ub - 1), false };
    return add_from_q(job, fit, at0.rss, se, err);
}

static mpl_status limits_boot(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    return mpl__tau2_limits_bootstrap(job, fit, out, err);
}

static mpl_status limits_none(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    (void)job;
    (void)fit;
    (void)out;
    (void)err;
    return MPL_OK;
}

/* ---- the registry */

static const mpl__tau2_ci_def mpl__tau2_ci_qp = {
    .method = { "QP", "the Q-profile method", "Viechtbauer 2007, Stat Med 26:37-52", "Q-profile",
                "Holds the tau2 at which the generalised Q with weights 1/(vi + tau2) is not extreme; exact." },
    .limits = limits_qp,
};

static const mpl__tau2_ci_def mpl__tau2_ci_bj = {
    .method = { "BJ", "the exact distribution of Q with weights 1/vi",
                "Biggerstaff & Jackson 2008, Stat Med 27:6093-6110", "Biggerstaff-Jackson",
                "Exact as the Q-profile; shorter where heterogeneity is small. Needs vi > 0." },
    .limits = limits_bj,
};

static const mpl__tau2_ci_def mpl__tau2_ci_j = {
    .method = { "J", "the exact distribution of Q with weights 1/sei", "Jackson 2013, Res Synth Methods 4:220-229",
                "Jackson", "Exact; a compromise for moderate heterogeneity. Needs vi > 0." },
    .limits = limits_j,
};

static const mpl__tau2_ci_def mpl__tau2_ci_pl = {
    .method = { "PL", "the profile likelihood", "Hardy & Thompson 1996, Stat Med 15:619-629", "profile-likelihood",
                "Of the likelihood that the method maximises, so that it needs ML or REML." },
    .needs_likelihood = true,
    .limits = limits_pl,
};

static const mpl__tau2_ci_def mpl__tau2_ci_wald = {
    .method = { "Wald", "the standard error of tau2", "Viechtbauer 2007, Stat Med 26:37-52", NULL,
                "Normal quantiles; the distribution of tau2 is skewed, so that it covers too rarely." },
    .limits = limits_wald,
};

static const mpl__tau2_ci_def mpl__tau2_ci_wald_log = {
    .method = { "Wald-log", "the standard error of ln(tau2)", "Viechtbauer 2007, Stat Med 26:37-52",
                NULL, "As Wald, carried over by the delta method; not defined where tau2 is 0." },
    .limits = limits_wald_log,
};

static const mpl__tau2_ci_def mpl__tau2_ci_wald_sqrt = {
    .method = { "Wald-sqrt", "the standard error of tau", "Viechtbauer 2007, Stat Med 26:37-52",
                NULL, "As Wald, carried over by the delta method; not defined where tau2 is 0." },
    .limits = limits_wald_sqrt,
};

static const mpl__tau2_ci_def mpl__tau2_ci_ht = {
    .method = { "HT", "the test-based standard error of ln(H)", "Higgins & Thompson 2002, Stat Med 21:1539-1558",
                "test-based", "About the H of the method; beside it H and I2 as Q alone gives them." },
    .limits = limits_ht,
};

static const mpl__tau2_ci_def mpl__tau2_ci_boot = {
    .method = { "boot", "the percentiles of a parametric bootstrap", "Viechtbauer 2007, Stat Med 26:37-52", "bootstrap",
                "--draws and --seed say how many samples, from where." },
    .limits = limits_boot,
    .is_from_draws = true,
};

static const mpl__tau2_ci_def mpl__tau2_ci_none = {
    .method = { "none", "no interval of tau2", NULL, NULL, NULL },
    .limits = limits_none,
};

static const mpl__tau2_ci_def *const registry[] = {
#define MPL_TAU2_CI(id) &mpl__tau2_ci_##id,
#include "model/tau2_ci.def"
#undef MPL_TAU2_CI
};

const mpl_method *mpl_tau2_ci_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i]->method : NULL;
}

mpl_status mpl__tau2_ci_find(const char *id, const mpl__tau2_ci_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_tau2_ci_method, "interval of tau2", id, &method, err));
    for (size_t i = 0; mpl_tau2_ci_method(i); i++)
        if (&registry[i]->method == method)
            *out = registry[i];
    return MPL_OK;
}
