/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p-uniform: at the true effect the p-values of findings, given that they are findings, are uniform. The effect is the
 * one at which their sum is what a sum of uniforms is on average; there is bias if at the equal-effects mean they are
 * larger (van Assen, van Aert & Wicherts 2015, Psychol Methods 20:293-309). p-uniform* uses the other studies, too, and
 * lets effects differ: normal likelihoods truncated at the critical value of each study, above it for findings and
 * below it for the others (van Aert & van Assen 2021, doi 10.31222/osf.io/zqjr9).
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "diag/bias/findings.h"
#include "num/brent.h"
#include "num/dist.h"
#include "num/minimum.h"

/* ---- conditional p-values */

/* ln of P(Y >= y | Y >= critical) at effect `at`. */
static double log_conditional(const mpl__findings *f, size_t i, double at)
{
    const mpl__finding *const s = &f->all[i];
    return mpl__norm_log_p((s->y - at) / s->se, MPL__UPPER) - mpl__norm_log_p(f->critical - at / s->se, MPL__UPPER);
}

static double sum_of_p(const mpl__findings *f, double at)
{
    double sum = 0;
    for (size_t i = 0; i < f->n; i++)
        sum += exp(log_conditional(f, i, at));
    return sum;
}

static double minus_sum_of_logs(const mpl__findings *f, double at)
{
    double sum = 0;
    for (size_t i = 0; i < f->n; i++)
        sum -= log_conditional(f, i, at);
    return sum;
}

/* ---- their distance from uniform ones */

static int compare_p(const void *a, const void *b)
{
    const double x = ((const mpl__finding_order *)a)->p, y = ((const mpl__finding_order *)b)->p;
    return (x > y) - (x < y);
}

/* The hazard of the normal distribution. */
static double hazard_of(double z)
{
    return exp(-0.5 * (z * z + 1.8378770664093454836) - mpl__norm_log_p(z, MPL__UPPER));
}

/* Fills f->order with the conditional p-values from the smallest on. */
static void sort_p(const mpl__findings *f, double at)
{
    for (size_t i = 0; i < f->n; i++) {
        const mpl__finding *const s = &f->all[i];
        f->order[i].p = exp(log_conditional(f, i, at));
        f->order[i].rise = (hazard_of((s->y - at) / s->se) - hazard_of(f->critical - at / s->se)) / s->se;
    }
    qsort(f->order, f->n, sizeof *f->order, compare_p);
}

/* How far the largest distance above their distribution exceeds the largest below it; rises with the effect, since all
 * p-values do. Kolmogorov and Smirnov's distance, the larger of both, is least where this is 0. */
static double lopsided(const mpl__findings *f, double at)
{
    double above = -INFINITY, below = -INFINITY;
    sort_p(f, at);
    for (size_t i = 0; i < f->n; i++) {
        above = fmax(above, f->order[i].p - (double)i / (double)f->n);
        below = fmax(below, (double)(i + 1) / (double)f->n - f->order[i].p);
    }
    return above - below;
}

/* Anderson and Darling's distance without its constant, and its derivative. */
static double anderson_darling(double at, void *ctx)
{
    const mpl__findings *const f = ctx;
    double sum = 0;
    sort_p(f, at);
    for (size_t i = 0; i < f->n; i++)
        sum -= (double)(2 * i + 1) * (log(f->order[i].p) + log1p(-f->order[f->n - 1 - i].p));
    return sum;
}

static double anderson_darling_slope(double at, void *ctx)
{
    const mpl__findings *const f = ctx;
    double sum = 0;
    sort_p(f, at);
    for (size_t i = 0; i < f->n; i++) {
        const mpl__finding_order *const low = &f->order[i], *const high = &f->order[f->n - 1 - i];
        sum -= (double)(2 * i + 1) * (low->rise - high->rise * high->p / (1 - high->p));
    }
    return sum;
}

/* ---- the sum of n uniforms */

enum { DIRECT_N = 14 };

/* P(sum <= x): by its polynomial, or where that cancels, by its characteristic function, (sin t/t)^n about the mean. */
static double uniform_sum_p(double x, double n)
{
    if (x <= 0 || x >= n)
        return x > 0;
    if (n <= DIRECT_N) {
        const double from = fmin(x, n - x); /* the shorter half */
        double sum = 0, term = 1;
        for (double j = 0; j <= floor(from); j++) {
            sum += term * pow(from - j, n);
            term *= -(n - j) / (j + 1);
        }
        return x <= n / 2 ? sum / tgamma(n + 1) : 1 - sum / tgamma(n + 1);
    }
    const double step = 3.14159265358979323846 / (2 * n); /* of t; the sum is exact for a range of 2n */
    double sum = (x - n / 2) * step;
    for (double t = step;; t += step) {
        const double size = pow(fabs(sin(t) / t), n);
        sum += (sin(t) > 0 || fmod(n, 2) == 0 ? 1 : -1) * size * sin(2 * t * (x - n / 2)) / t * step;
        if (size < 1e-18 || t > 40)
            break;
    }
    return 0.5 + sum / 3.14159265358979323846;
}

typedef struct quantile {
    double n, p;
} quantile;

static double off_quantile(double x, void *ctx)
{
    const quantile *const q = ctx;
    return uniform_sum_p(x, q->n) - q->p;
}

static double uniform_sum_q(double p, double n)
{
    quantile q = { n, p };
    return mpl__brent_root(off_quantile, &q, 0, n);
}

/* ---- the statistics that p-uniform may use */

typedef struct statistic {
    mpl_method method;
    double (*of)(const mpl__findings *f, double at); /* rises with `at`, or falls; NULL as `mean` */
    bool falls;
    double (*mean)(double n);                        /* at the true effect; NULL = the effect is where `of` is least */
    double (*quantile)(double p, double n);          /* there; p from below; NULL = an estimate only, with no test */
    double (*standard)(double value, double n);      /* what is shown as the statistic */
    double (*p_of_more)(double value, double n);     /* P(conditional p-values as large as these) */
    double (*p_of_less)(double value, double n);
} statistic;

static double half(double n)
{
    return n / 2;
}

static double whole(double n)
{
    return n;
}

static double z_of_sum(double value, double n)
{
    return (value - n / 2) / sqrt(n / 12);
}

static double sum_upper(double value, double n)
{
    return mpl__norm_p(z_of_sum(value, n), MPL__UPPER);
}

static double sum_lower(double value, double n)
{
    return mpl__norm_p(z_of_sum(value, n), MPL__LOWER);
}

static double as_is(double value, double n)
{
    (void)n;
    return value;
}

/* Twice the sum is chi-squared; large sums are small p-values. */
static double logs_q(double p, double n)
{
    return mpl__chisq_q(p, 2 * n, MPL__LOWER) / 2;
}

static double logs_lower(double value, double n)
{
    return mpl__chisq_p(2 * value, 2 * n, MPL__LOWER);
}

static double logs_upper(double value, double n)
{
    return mpl__chisq_p(2 * value, 2 * n, MPL__UPPER);
}

static double none(double n)
{
    (void)n;
    return 0;
}

#define DISTANCE "van Aert, Wicherts & van Assen 2016, Perspect Psychol Sci 11:713-729, supplement"

static const statistic statistics[] = {
    { { "P", "the sum of conditional p-values", "van Assen et al. 2015, Psychol Methods 20:293-309", NULL, NULL },
      sum_of_p, false, half, uniform_sum_q, z_of_sum, sum_upper, sum_lower },
    { { "LNP", "the sum of their logarithms", "van Aert, Wicherts & van Assen 2016, Perspect Psychol Sci 11:713-729",
        NULL, NULL }, minus_sum_of_logs, true, whole, logs_q, as_is, logs_lower, logs_upper },
    { { "KS", "Kolmogorov and Smirnov's distance from uniform ones, which is made least; no interval", DISTANCE, NULL,
        NULL }, lopsided, false, none, NULL, NULL, NULL, NULL },
    { { "AD", "Anderson and Darling's distance from uniform ones, which is made least; no interval", DISTANCE, NULL,
        NULL }, NULL, false, NULL, NULL, NULL, NULL, NULL },
};

const mpl_method *mpl_bias_puniform(size_t i)
{
    return i < sizeof statistics / sizeof *statistics ? &statistics[i].method : NULL;
}

static const statistic *chosen(const mpl__bias_job *job)
{
    return &statistics[mpl__bias_index(mpl_bias_puniform, job->bias->options.puniform)];
}

/* ---- p-uniform */

typedef struct equation {
    const mpl__findings *f;
    const statistic *how;
    double goal;
} equation;

static double off_goal(double at, void *ctx)
{
    const equation *const e = ctx;
    return e->how->of(e->f, at) - e->goal;
}

/* The effect at which the statistic is `goal`; -inf where no effect is low enough. */
static double effect_at(const mpl__findings *f, const statistic *how, double goal)
{
    equation e = { f, how, goal };
    double largest = 0, least = INFINITY;
    for (size_t i = 0; i < f->n; i++) {
        largest = fmax(largest, f->all[i].y + 10 * f->all[i].se);
        least = fmin(least, f->all[i].se);
    }
    double lo = -largest;
    for (int i = 0; i < 60 && (off_goal(lo, &e) > 0) != how->falls; i++)
        lo *= 2;
    if ((off_goal(lo, &e) > 0) != how->falls || !isfinite(least))
        return -INFINITY;
    return mpl__brent_root(off_goal, &e, lo, 2 * largest);
}

/* The effect at which the p-values are least far from uniform: between those where almost all are 0, and 1. */
static double nearest_effect(mpl__findings *f)
{
    enum { STEPS = 200 };
    const statistic *const sum = &statistics[0];
    const double lo = effect_at(f, sum, 0.02 * (double)f->n), hi = effect_at(f, sum, 0.98 * (double)f->n);
    return isfinite(lo) && isfinite(hi)
               ? mpl__brent_minimum(anderson_darling, anderson_darling_slope, f, lo, hi, STEPS)
               : -INFINITY;
}

/* What there is where a statistic gives an estimate and no more. */
static mpl_status fill_estimate(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, double estimate,
                                mpl_error *err)
{
    row->adjusted = (mpl_term){ .term = "p-uniform", .estimate = f->null_value + f->sign * estimate, .se = NAN,
                                .df = INFINITY, .statistic = NAN, .pval = NAN, .log_pval = NAN, .ci_lb = NAN,
                                .ci_ub = NAN };
    row->reading = mpl__arena_format(job->keep, "%zu of %zu studies are findings %s no effect; there is no interval",
                                     f->n, f->k, f->sign > 0 ? "above" : "below");
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "p-uniform");
}

static mpl_status puniform(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const statistic *const how = chosen(job);
    mpl__findings f;
    MPL_TRY(mpl__findings_of(job, 1, row, &f, err));
    if (row->why)
        return MPL_OK;
    const double n = (double)f.n, tail = (1 - job->level) / 2;
    const double estimate = how->mean ? effect_at(&f, how, how->mean(n)) : nearest_effect(&f);
    if (!isfinite(estimate))
        return mpl__bias_refuse(job, row, err, "the findings lie too close to the critical value");
    if (!how->quantile)
        return fill_estimate(job, row, &f, estimate, err);
    double lb = effect_at(&f, how, how->quantile(how->falls ? 1 - tail : tail, n));
    double ub = effect_at(&f, how, how->quantile(how->falls ? tail : 1 - tail, n));
    if (f.sign < 0) {
        const double swap = lb;
        lb = ub;
        ub = swap;
    }
    const double at_null = how->of(&f, 0);
    mpl_term *const t = &row->adjusted;
    *t = (mpl_term){ .term = "p-uniform", .estimate = f.null_value + f.sign * estimate, .se = NAN, .df = INFINITY,
                     .statistic = how->standard(at_null, n), .pval = how->p_of_less(at_null, n) };
    t->ci_lb = f.null_value + f.sign * lb;
    t->ci_ub = f.null_value + f.sign * ub;
    t->log_pval = log(t->pval);
    row->reading = mpl__arena_format(job->keep, "%zu of %zu studies are findings %s no effect; p is one-sided", f.n,
                                     f.k, f.sign > 0 ? "above" : "below");
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "p-uniform");
}

/* Are the conditional p-values at the equal-effects mean larger than uniform ones? */
static mpl_status puniform_test(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const statistic *const how = chosen(job);
    mpl__findings f;
    MPL_TRY(mpl__findings_of(job, 1, row, &f, err));
    if (row->why)
        return MPL_OK;
    if (!how->quantile)
        return mpl__bias_refuse(job, row, err, "p-uniform by %s has no test", how->method.id);
    double sum = 0, weight = 0;
    for (size_t i = 0; i < f.k; i++) {
        const double w = 1 / (f.all[i].se * f.all[i].se);
        sum += w * f.all[i].y;
        weight += w;
    }
    const double n = (double)f.n, at_mean = how->of(&f, sum / weight);
    mpl_term *const t = &row->coefficient;
    t->term = "p-uniform";
    t->statistic = how->standard(at_mean, n);
    t->df = INFINITY;
    t->pval = how->p_of_more(at_mean, n);
    t->log_pval = log(t->pval);
    row->reading = "one-sided, at the equal-effects mean";
    return MPL_OK;
}

/* ---- p-uniform* */

typedef struct truncated {
    const mpl__findings *f;
    double unit;
} truncated;

/* Minus the log-likelihood of mean and tau, both in units of `unit`. */
static double cost(void *ctx, const double *x, double *gradient)
{
    const truncated *const m = ctx;
    const double mu = x[0] * m->unit, tau = x[1] * m->unit;
    double ll = 0, by_mu = 0, by_sd = 0;
    for (size_t i = 0; i < m->f->k; i++) {
        const mpl__finding *const s = &m->f->all[i];
        const double sd = hypot(s->se, tau), e = (s->y - mu) / sd, cut = (m->f->critical * s->se - mu) / sd;
        const double side = s->is_one ? 1 : -1, log_p = mpl__norm_log_p(cut, s->is_one ? MPL__UPPER : MPL__LOWER);
        const double hazard = side * exp(-0.5 * (cut * cut + 1.8378770664093454836) - log_p);
        ll += -0.5 * e * e - log(sd) - log_p;
        by_mu += (e - hazard) / sd;
        by_sd += (e * e - 1 - hazard * cut) / sd * (tau / sd);
    }
    if (gradient) {
        gradient[0] = -by_mu * m->unit;
        gradient[1] = -by_sd * m->unit;
    }
    return isfinite(ll) ? -ll : INFINITY;
}

/* The least cost with the mean between bounds, tau too; x gets the place. */
static double least_cost(truncated *m, const double *lo, const double *hi, double *x)
{
    static const double starts[][2] = { { 1, 1 }, { 0, 0.1 }, { 0.3, 2 }, { -2, 3 }, { 1, 0 } };
    static const double scale[] = { 0.5, 0.5 };
    double best = INFINITY, middle = 0;
    for (size_t i = 0; i < m->f->k; i++)
        middle += m->f->all[i].y / (double)m->f->k / m->unit;
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        double at[] = { starts[s][0] * middle, starts[s][1] };
        (void)mpl__minimum_search(cost, m, at, scale, lo, hi, 2);
        const double value = mpl__minimum_polish(cost, m, at, scale, lo, hi, 2).value;
        if (value < best) {
            best = value;
            x[0] = at[0];
            x[1] = fabs(at[1]);
        }
    }
    return best;
}

typedef struct profile {
    truncated *m;
    size_t which; /* 0: of the mean, 1: of tau */
    double goal;
} profile;

static double off_profile(double at, void *ctx)
{
    const profile *const p = ctx;
    double lo[] = { -INFINITY, 0 }, hi[] = { INFINITY, INFINITY }, x[2];
    lo[p->which] = hi[p->which] = at;
    return least_cost(p->m, lo, hi, x) - p->goal;
}

/* Where the profile likelihood has fallen, from `at` in the direction of `by`; infinite where it does not. */
static double limit_of(profile *p, double at, double by)
{
    double far = at;
    for (int i = 0; i < 40; i++, by *= 2) {
        const double next = far + by;
        if (off_profile(next, p) > 0)
            return mpl__brent_root(off_profile, p, far, next);
        far = next;
    }
    return by > 0 ? INFINITY : -INFINITY;
}

static mpl_status puniform_star(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    mpl__findings f;
    MPL_TRY(mpl__findings_of(job, 0, row, &f, err));
    if (row->why)
        return MPL_OK;
    row->k = f.k;
    truncated m = { &f, job->fit->terms[0].se };
    for (size_t i = 0; i < f.k; i++)
        m.unit = fmax(m.unit, f.all[i].se / sqrt((double)f.k));
    const double lo[] = { -INFINITY, 0 }, hi[] = { INFINITY, INFINITY };
    double x[2];
    const double best = least_cost(&m, lo, hi, x);
    if (!isfinite(best) || fabs(x[0]) > 1e6)
        return mpl__bias_refuse(job, row, err, "its likelihood has no maximum");
    profile p = { &m, 0, best + mpl__chisq_q(1 - job->level, 1, MPL__UPPER) / 2 };
    const double down = limit_of(&p, x[0], -1), up = limit_of(&p, x[0], 1);
    p.goal = best;
    mpl_term *const t = &row->adjusted;
    *t = (mpl_term){ .term = "p-uniform*", .estimate = f.null_value + f.sign * x[0] * m.unit, .se = NAN,
                     .statistic = 2 * off_profile(0, &p), .df = 1 };
    t->ci_lb = f.null_value + m.unit * (f.sign > 0 ? down : -up);
    t->ci_ub = f.null_value + m.unit * (f.sign > 0 ? up : -down);
    t->pval = mpl__chisq_p(fmax(t->statistic, 0), 1, MPL__UPPER);
    t->log_pval = mpl__chisq_log_p(fmax(t->statistic, 0), 1, MPL__UPPER);
    row->tau2 = x[1] * x[1] * m.unit * m.unit;
    row->reading = mpl__arena_format(job->keep, "%zu of %zu studies are findings %s no effect", f.n, f.k,
                                     f.sign > 0 ? "above" : "below");
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "p-uniform*");
}

#define CITE "van Assen, van Aert & Wicherts 2015, Psychol Methods 20:293-309"

const mpl__bias_def mpl__bias_puniform = {
    .pub = { { "puniform", "p-uniform", CITE, NULL,
               "The effect at which the p-values of findings, given that they are findings, are uniform; "
               "one-sided p." },
             MPL_BIAS_ADJUSTED, "takes the findings to have one true effect: too far from no effect where they differ "
                                "(van Aert, Wicherts & van Assen 2016, Perspect Psychol Sci 11:713-729)" },
    .min_k = 1, .compute = puniform,
};

const mpl__bias_def mpl__bias_puniform_star = {
    .pub = { { "puniform-star", "p-uniform*", "van Aert & van Assen 2021, doi 10.31222/osf.io/zqjr9", NULL,
               "Truncated normal likelihoods of findings and of other studies, with tau2; profile intervals." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 2, .compute = puniform_star,
};

const mpl__bias_def mpl__bias_puniform_test = {
    .pub = { { "puniform-test", "p-uniform's test of publication bias", CITE, NULL,
               "Whether p-values of findings, given that they are findings, are larger than the equal-effects mean "
               "makes them; one-sided." },
             MPL_BIAS_TEST, "takes effects to be equal" },
    .min_k = 2, .compute = puniform_test,
};
