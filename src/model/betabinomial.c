/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Beta-binomial models (Kuss 2015, Stat Med 34:1097-1116): the risks of a group differ between studies as a beta
 * distribution with mean mu and intraclass correlation rho, logit(mu) = b0 in group 2 and b0 + theta in group 1. Arms
 * without events are data like others. With A = mu (1 - rho), B = (1 - mu)(1 - rho)
 *
 *     l = sum F(A, x) + F(B, n - x) - F(1 - rho, n),   F(a, m) = sum_{j < m} ln(a + j rho),
 *
 * which holds down to rho = 0, the binomial distribution. Long sums are Euler's and Maclaurin's.
 */
#include <math.h>

#include "base/error.h"
#include "model/count_pool.h"
#include "num/chol.h"
#include "num/dist.h"
#include "num/legendre.h"
#include "num/minimum.h"
#include "num/sum.h"

enum { SHORT_SUM = 400, FIRST_TERMS = 64, MOST_PARAMETERS = 3 };

/* Of ln(rho/(1 - rho)): beyond these the ends themselves cannot be told apart. */
static const double LEAST_LOGIT = -28, MOST_LOGIT = 14;

typedef struct model {
    const mpl_counts *counts;
    size_t n_means;       /* 1 or 2 */
    bool is_binomial;     /* rho = 0 */
} model;

static double expit(double eta)
{
    return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta));
}

/* Sums over j < m of ln t, 1/t and j/t with t = a + j rho: F and its derivatives by a and rho. */
typedef struct sums {
    double f, a, r;
} sums;

static void add_term(sums *s, double a, double rho, double j, double weight)
{
    const double t = a + j * rho;
    s->f += weight * log(t);
    s->a += weight / t;
    s->r += weight * j / t;
}

/* The corrections of Euler and Maclaurin at one end: half a term, and the first, third and fifth derivatives. */
static void add_end(sums *s, double a, double rho, double j, double sign)
{
    const double t = a + j * rho, q = rho / t;
    add_term(s, a, rho, j, -sign / 2);
    s->f += sign * q * (1 / 12. - q * q * (2 / 720. - q * q * 24 / 30240.));
    s->a += sign * q / t * (-1 / 12. + q * q * (6 / 720. - q * q * 120 / 30240.));
    s->r += sign * a / (t * t) * (1 / 12. - q * q * (6 / 720. - q * q * 120 / 30240.));
}

static sums add_up(double a, double rho, double m)
{
    sums s = { 0, 0, 0 };
    const double direct = m <= SHORT_SUM ? m : FIRST_TERMS;
    for (double j = 0; j < direct; j++)
        add_term(&s, a, rho, j, 1);
    for (double lo = direct; lo < m; lo = fmin(2 * lo, m))
        for (size_t i = 0; i < MPL__LEGENDRE_NODES; i++) {
            double weight;
            const double j = mpl__legendre_node(i, lo, fmin(2 * lo, m), &weight);
            add_term(&s, a, rho, j, weight);
        }
    if (m > direct) {
        add_end(&s, a, rho, m, 1);
        add_end(&s, a, rho, direct, -1);
    }
    return s;
}

/* Minus the log-likelihood. x = b0, then theta with two groups, then the logit of rho unless that is 0. */
static double cost(void *ctx, const double *x, double *gradient)
{
    const model *const m = ctx;
    const mpl_counts *const c = m->counts;
    const double rho = m->is_binomial ? 0 : expit(x[m->n_means]);
    mpl__sum ll = { 0 }, by_mean[2] = { { 0, 0 }, { 0, 0 } }, by_rho = { 0 };
    for (size_t g = 0; g < m->n_means; g++) {
        const double *const xi = g ? c->x2 : c->x1, *const ni = g ? c->n2 : c->n1;
        const double eta = x[0] + (g == 0 && m->n_means == 2 ? x[1] : 0), mu = expit(eta), nu = expit(-eta);
        for (size_t i = 0; i < c->n; i++) {
            const sums up = add_up(mu * (1 - rho), rho, xi[i]), down = add_up(nu * (1 - rho), rho, ni[i] - xi[i]);
            const sums all = add_up(1 - rho, rho, ni[i]);
            mpl__sum_add(&ll, up.f + down.f - all.f);
            mpl__sum_add(&by_mean[g], (1 - rho) * (up.a - down.a) * mu * nu);
            mpl__sum_add(&by_rho, up.r - mu * up.a + down.r - nu * down.a - (all.r - all.a));
        }
    }
    if (gradient) {
        gradient[0] = -mpl__sum_get(&by_mean[0]) - (m->n_means == 2 ? mpl__sum_get(&by_mean[1]) : 0);
        if (m->n_means == 2)
            gradient[1] = -mpl__sum_get(&by_mean[0]);
        if (!m->is_binomial)
            gradient[m->n_means] = -mpl__sum_get(&by_rho) * rho * (1 - rho);
    }
    return -mpl__sum_get(&ll);
}

typedef struct found {
    double x[MOST_PARAMETERS], ll, ll_binomial, variance[MOST_PARAMETERS];
    size_t n; /* parameters, rho among them unless it is 0 */
    bool converged;
} found;

static const double scale[] = { 0.1, 0.1, 0.5 }, scale_one[] = { 0.1, 0.5 };

/* From several correlations, and with none. */
static found search(model *m, const double *start)
{
    static const double logits[] = { -11, -8, -5.5, -3.5, -2, -0.5, 1.5 };
    const size_t n = m->n_means + 1;
    const double *const size = n == 3 ? scale : scale_one;
    double lo[MOST_PARAMETERS] = { -45, -60, LEAST_LOGIT }, hi[MOST_PARAMETERS] = { 45, 60, MOST_LOGIT };
    found best = { .ll = -INFINITY, .n = n };
    lo[n - 1] = LEAST_LOGIT;
    hi[n - 1] = MOST_LOGIT;
    for (size_t i = 0; i < sizeof logits / sizeof *logits; i++) {
        double x[MOST_PARAMETERS] = { start[0], start[1], 0 };
        x[n - 1] = logits[i];
        const mpl__minimum at = mpl__minimum_search(cost, m, x, size, lo, hi, n);
        if (-at.value > best.ll) {
            best.ll = -at.value;
            for (size_t j = 0; j < n; j++)
                best.x[j] = x[j];
        }
    }
    const mpl__minimum top = mpl__minimum_polish(cost, m, best.x, size, lo, hi, n);
    best.ll = -top.value;
    best.converged = top.converged;
    m->is_binomial = true;
    double x[MOST_PARAMETERS] = { start[0], start[1] };
    (void)mpl__minimum_search(cost, m, x, size, lo, hi, n - 1);
    const mpl__minimum none = mpl__minimum_polish(cost, m, x, size, lo, hi, n - 1);
    best.ll_binomial = -none.value;
    m->is_binomial = -none.value >= best.ll - 1e-9 * (1 + fabs(best.ll));
    if (!m->is_binomial)
        return best;
    return (found){ .x = { x[0], x[1] }, .ll = -none.value, .ll_binomial = -none.value, .n = n - 1,
                    .converged = none.converged };
}

/* Variances from the inverse of the observed information. */
static bool find_variances(model *m, found *at)
{
    const size_t n = at->n;
    double h[MOST_PARAMETERS * MOST_PARAMETERS];
    mpl__hessian(cost, m, at->x, m->n_means == 2 ? scale : scale_one, n, h);
    if (!mpl__cholesky(h, n))
        return false;
    for (size_t u = 0; u < n; u++) {
        double e[MOST_PARAMETERS] = { 0 };
        e[u] = 1;
        mpl__lower_solve(h, n, e);
        for (size_t v = u; v < n; v++)
            at->variance[u] += e[v] * e[v];
    }
    return true;
}

/* ---- what goes into the fit */

/* Which group has no events, or only events, in all studies; 0 = none. */
static int separated(const mpl_counts *c, bool *has_none)
{
    for (int g = 1; g <= (c->n2 ? 2 : 1); g++) {
        const double *const x = g == 2 ? c->x2 : c->x1, *const n = g == 2 ? c->n2 : c->n1;
        double events = 0, people = 0;
        for (size_t i = 0; i < c->n; i++) {
            events += x[i];
            people += n[i];
        }
        *has_none = events == 0;
        if (events == 0 || events == people)
            return g;
    }
    return 0;
}

static mpl_status check(const mpl__fit_job *job, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    for (size_t i = 0; i < c->n; i++)
        if (c->x1[i] != floor(c->x1[i]) || c->n1[i] != floor(c->n1[i]) ||
            (c->n2 && (c->x2[i] != floor(c->x2[i]) || c->n2[i] != floor(c->n2[i]))))
            return mpl__fail(err, MPL_ERR_ARG, "row %zu: method %s needs whole numbers of people and events", c->row[i],
                             job->method->method.id);
    return MPL_OK;
}

/* The variance of an arm's logit under the model. */
static double arm_variance(double n, double mu, double rho)
{
    return n > 0 ? (1 + (n - 1) * rho) / (n * mu * (1 - mu)) : INFINITY;
}

static void find_weights(const mpl_counts *c, const found *at, double rho, double *weight)
{
    for (size_t i = 0; i < c->n; i++) {
        double v = arm_variance(c->n1[i], expit(at->x[0] + (c->n2 ? at->x[1] : 0)), rho);
        if (c->n2)
            v += arm_variance(c->n2[i], expit(at->x[0]), rho);
        weight[i] = 1 / v;
    }
}

static double constant(const mpl_counts *c)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        mpl__sum_add(&sum, lgamma(c->n1[i] + 1) - lgamma(c->x1[i] + 1) - lgamma(c->n1[i] - c->x1[i] + 1));
        if (c->n2)
            mpl__sum_add(&sum, lgamma(c->n2[i] + 1) - lgamma(c->x2[i] + 1) - lgamma(c->n2[i] - c->x2[i] + 1));
    }
    return mpl__sum_get(&sum);
}

static void set_likelihood(mpl_fit *fit, const mpl_counts *c, const found *at)
{
    const double parms = c->n2 ? 3 : 2, n = (double)c->n * (c->n2 ? 2 : 1), n_least = fmax(n, parms + 2);
    fit->ll = at->ll + constant(c);
    fit->aic = -2 * fit->ll + 2 * parms;
    fit->aicc = -2 * fit->ll + 2 * parms * n_least / (n_least - parms - 1);
    fit->bic = -2 * fit->ll + parms * log(n);
    fit->tau2 = fit->tau = NAN;
    fit->converged = at->converged;
}

static mpl_status add_correlation(mpl__fit_job *job, mpl_fit *fit, const model *m, const found *at, mpl_error *err)
{
    static const char *const cite = "Kuss 2015, Stat Med 34:1097-1116";
    mpl_hypothesis *const test = MPL_NEW(fit->arena, mpl_hypothesis, 1);
    mpl_quantity rho = { "rho", "intraclass correlation of events within arms", cite, 0, NAN, NAN, NAN };
    if (!test)
        return mpl__fail_nomem(err, "the test of the correlation");
    if (!m->is_binomial) {
        const double l = at->x[m->n_means], half = job->z * sqrt(at->variance[m->n_means]);
        rho.value = expit(l);
        rho.se = rho.value * (1 - rho.value) * sqrt(at->variance[m->n_means]);
        rho.ci_lb = expit(l - half);
        rho.ci_ub = expit(l + half);
    }
    /* half the mass of the statistic is at 0 */
    *test = mpl__chisq_test("rho-lr", "rho = 0: likelihood ratio of beta-binomial to binomial",
                            "Self & Liang 1987, J Am Stat Assoc 82:605-610",
                            fmax(0, 2 * (at->ll - at->ll_binomial)), 1);
    test->pval = test->statistic > 0 ? test->pval / 2 : 1;
    test->log_pval = test->statistic > 0 ? test->log_pval - log(2) : 0;
    fit->hypotheses = test;
    fit->n_hypotheses = 1;
    return mpl__fit_add_quantity(fit, rho, err);
}

static mpl_status estimate(mpl__fit_job *job, mpl_fit *fit, double *weight, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    model m = { .counts = c, .n_means = c->n2 ? 2 : 1 };
    double x1 = 0.5, y1 = 0.5, x2 = 0.5, y2 = 0.5;
    for (size_t i = 0; i < c->n; i++) {
        x1 += c->x1[i];
        y1 += c->n1[i] - c->x1[i];
        x2 += c->n2 ? c->x2[i] : 0;
        y2 += c->n2 ? c->n2[i] - c->x2[i] : 0;
    }
    const double start[] = { c->n2 ? log(x2 / y2) : log(x1 / y1), c->n2 ? log(x1 / y1) - log(x2 / y2) : 0 };
    found at = search(&m, start);
    const size_t effect = m.n_means - 1;
    const double rho = m.is_binomial ? 0 : expit(at.x[m.n_means]);
    if (!find_variances(&m, &at)) {
        mpl__note_add(&job->notes, "no-standard-errors", "the information is singular at the maximum: there are no "
                      "standard errors");
        at.variance[effect] = NAN;
    }
    find_weights(c, &at, rho, weight);
    MPL_TRY(mpl__count_fill(job, fit, at.x[effect], at.variance[effect], weight, err));
    set_likelihood(fit, c, &at);
    if (m.is_binomial)
        mpl__note_add(&job->notes, "no-correlation", "rho is 0: the events vary no more than binomially about the same "
                      "risk in every study");
    return add_correlation(job, fit, &m, &at, err);
}

static mpl_status pool(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    bool has_none = false;
    MPL_TRY(mpl__count_check(job, err));
    MPL_TRY(check(job, err));
    mpl__count_note_exact(job);
    const mpl_counts *const c = job->effects->counts;
    double *const weight = MPL_NEW(job->scratch, double, c->n);
    if (!weight)
        return mpl__fail_nomem(err, "the weights");
    const int group = separated(c, &has_none);
    if (group) {
        for (size_t i = 0; i < c->n; i++)
            weight[i] = c->n1[i] + (c->n2 ? c->n2[i] : 0);
        MPL_TRY(mpl__count_fill(job, fit, NAN, NAN, weight, err));
        fit->tau2 = fit->tau = NAN;
        mpl__note_add(&job->notes, "not-estimable", "the estimate is not finite: %s %s in any study",
                      c->n2 ? (group == 1 ? "nobody in group 1" : "nobody in group 2") : "nobody",
                      has_none ? "has the event" : "is without the event");
    } else {
        MPL_TRY(estimate(job, fit, weight, err));
    }
    mpl__count_heterogeneity(fit, NAN, NAN);
    return MPL_OK;
}

const mpl__method_def mpl__method_betabinomial = {
    .method = { "beta-binomial", "maximum likelihood in a beta-binomial model",
                "Kuss 2015, Stat Med 34:1097-1116", "BB",
                "Risks of each group vary between studies as a beta distribution; arms without events take part as "
                "they are. The effect is that of the mean risks, and studies are compared across, not only within." },
    .is_ml = true,
    .pool = pool,
    .measures = "OR PLO",
};
