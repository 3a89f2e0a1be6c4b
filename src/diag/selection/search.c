/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of a selection model and its maximum. The parameters are the coefficients, tau, and the roots of the
 * weights' parameters: as squares tau2 and weights need no bound at 0. Such likelihoods have ridges and more than one
 * maximum, often one of them with tau2 = 0, so the search starts from several places and weights and from the best
 * point without tau2; the best three places are polished to the last digit.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/selection/maker.h"
#include "num/chol.h"
#include "num/sum.h"

enum { N_POLISHED = 3 };

static const double LOG_2PI = 1.8378770664093454836;
static const double LARGEST = 10; /* root of the largest weight, 100 */
static const double NEAR_BOUND = 1e-3;

size_t mpl__maker_parameters(const mpl__maker *mk)
{
    return mk->p + !mk->tau2.given + mk->n_free;
}

void mpl__maker_unpack(const mpl__maker *mk, const double *x, double *beta, double *tau2, double *delta)
{
    size_t at = 0;
    for (size_t j = 0; j < mk->p; j++)
        beta[j] = x[at++] * mk->unit;
    *tau2 = mk->tau2.given ? mk->tau2.value : x[at] * mk->unit * (x[at] * mk->unit);
    at += mk->tau2.given ? 0 : 1;
    for (size_t j = 0; j < mk->n_weights; j++) {
        delta[j] = mk->known[j];
        if (isnan(mk->known[j])) {
            delta[j] = x[at] * x[at];
            at++;
        }
    }
}

/* Derivatives of the log-likelihood with respect to what unpacking gives; tau2 stands for itself. */
typedef struct slope {
    double beta[MPL__MINIMUM_MAX], tau2, delta[MPL__SELECTION_MAX];
} slope;

/* At weights that the selector has been set to. */
static double log_likelihood(const mpl__maker *mk, const double *beta, double tau2, slope *out)
{
    mpl__sum sum = { 0 };
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < mk->k; i++) {
        const double se = mk->sei[i], v = se * se + tau2, sd = sqrt(v), *const row = &mk->x[i * mk->p];
        double mu = 0, own[MPL__SELECTION_MAX];
        mpl__mean_slope mean;
        for (size_t j = 0; j < mk->p; j++)
            mu += row[j] * beta[j];
        const double e = (mk->yi[i] - mu) / sd;
        mpl__sum_add(&sum, mpl__selector_log_weight(&mk->selector, &mk->seen[i], own) -
                               mpl__selector_log_mean(&mk->selector, mu / se, sd / se, &mean));
        mpl__sum_add(&sum, -0.5 * (LOG_2PI + log(v) + e * e));
        for (size_t j = 0; j < mk->p; j++)
            out->beta[j] += row[j] * (e / sd - mean.mean / se);
        out->tau2 += ((e * e - 1) / sd - mean.sd / se) / (2 * sd);
        for (size_t j = 0; j < mk->n_weights; j++)
            out->delta[j] += own[j] - mean.d[j];
    }
    return mpl__sum_get(&sum);
}

static double cost(void *ctx, const double *x, double *gradient)
{
    mpl__maker *const mk = ctx;
    double beta[MPL__MINIMUM_MAX], tau2, delta[MPL__SELECTION_MAX];
    slope s;
    mpl__maker_unpack(mk, x, beta, &tau2, delta);
    mpl__selector_set(&mk->selector, delta);
    const double ll = log_likelihood(mk, beta, tau2, &s);
    size_t at = 0;
    for (size_t j = 0; gradient && j < mk->p; j++)
        gradient[at++] = -s.beta[j] * mk->unit;
    if (gradient && !mk->tau2.given) {
        gradient[at] = -s.tau2 * 2 * x[at] * mk->unit * mk->unit;
        at++;
    }
    for (size_t j = 0; gradient && j < mk->n_weights; j++)
        if (isnan(mk->known[j])) {
            gradient[at] = -s.delta[j] * 2 * x[at];
            at++;
        }
    return isfinite(ll) ? -ll : INFINITY;
}

/* ---- search */

typedef struct start {
    double x[MPL__MINIMUM_MAX], value;
} start;

static int by_value(const void *a, const void *b)
{
    const start *const x = a, *const y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Where searches start: a share of the mean, further down by some spreads, with tau so many spreads. */
static const struct place {
    double share, down, tau;
} places[] = { { 1, 0, 0.8 }, { 0.5, 0, 0.5 }, { 0, 0, 1 }, { 0.5, 2, 1.5 }, { 0.3, 0, 0.1 } };

/* The weights there; the second is for every other one. */
static const double weights[][2] = { { 0.9, 0.9 }, { 0.2, 0.2 }, { 4, 4 }, { 0.3, 3 } };

static void fill_start(const mpl__maker *mk, const struct place *place, const double *weight, double *x)
{
    const mpl_fit *const fit = mk->out->fit;
    double vi = 0;
    for (size_t i = 0; i < mk->k; i++)
        vi += mk->sei[i] * mk->sei[i] / (double)mk->k;
    const double spread = sqrt(fit->tau2 + 0.25 * vi) / mk->unit;
    size_t at = 0;
    for (size_t j = 0; j < mk->p; j++)
        x[at++] = place->share * mk->selector.sign * fit->terms[j].estimate / mk->unit;
    x[0] -= place->down * spread;
    if (!mk->tau2.given)
        x[at++] = place->tau * spread;
    for (size_t j = 0; j < mk->n_free; j++)
        x[at++] = sqrt(weight[j % 2]);
}

static void set_scales(mpl__maker *mk, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        const bool is_weight = j >= n - mk->n_free;
        mk->scale[j] = is_weight ? 0.3 : 0.5;
        mk->lo[j] = is_weight ? -LARGEST : -INFINITY;
        mk->hi[j] = is_weight ? LARGEST : INFINITY;
    }
}

/* Signs of tau and of roots do not matter. */
static bool is_same(const mpl__maker *mk, const double *x, const double *y, size_t n)
{
    for (size_t j = 0; j < n; j++)
        if (fabs(j < mk->p ? x[j] - y[j] : fabs(x[j]) - fabs(y[j])) > 0.02)
            return false;
    return true;
}

/* Polishes the best of the places that were found; x gets the best of those. */
static mpl_status polish(mpl__maker *mk, start *all, size_t n_starts, double *x, mpl__minimum *best)
{
    const size_t n = mpl__maker_parameters(mk);
    size_t n_polished = 0;
    qsort(all, n_starts, sizeof *all, by_value);
    *best = (mpl__minimum){ .value = INFINITY };
    for (size_t s = 0; s < n_starts && n_polished < N_POLISHED && isfinite(all[s].value); s++) {
        if (n_polished > 0 && is_same(mk, all[s].x, x, n))
            continue;
        for (size_t j = 0; j < n; j++)
            mk->scale[j] = j >= n - mk->n_free ? fmax(0.05, 0.1 * fabs(all[s].x[j])) : 0.3;
        const mpl__minimum m = mpl__minimum_polish(cost, mk, all[s].x, mk->scale, mk->lo, mk->hi, n);
        n_polished++;
        if (m.value < best->value) {
            *best = m;
            memcpy(x, all[s].x, n * sizeof *x);
        }
    }
    if (!isfinite(best->value))
        return mpl__fail(mk->err, MPL_ERR_NUMERIC, "the likelihood is not finite anywhere near the data");
    return MPL_OK;
}

mpl_status mpl__maker_search(mpl__maker *mk, const double *nested, double *x, mpl__minimum *best)
{
    enum { N_PLACES = sizeof places / sizeof *places, N_WEIGHTS = sizeof weights / sizeof *weights };
    static const double taus[] = { 0.02, 0.3 };
    const size_t n = mpl__maker_parameters(mk), n_nested = nested ? sizeof taus / sizeof *taus : 0;
    const size_t n_weights = mk->n_free == 0 ? 1 : mk->n_free == 1 ? N_WEIGHTS - 1 : N_WEIGHTS;
    const size_t n_starts = N_PLACES * n_weights + n_nested;
    start all[N_PLACES * N_WEIGHTS + sizeof taus / sizeof *taus];
    set_scales(mk, n);
    for (size_t s = 0; s < n_starts; s++) {
        start *const at = &all[s];
        if (s < n_nested) {
            memcpy(at->x, nested, mk->p * sizeof *nested);
            at->x[mk->p] = taus[s];
            memcpy(at->x + mk->p + 1, nested + mk->p, mk->n_free * sizeof *nested);
        } else {
            fill_start(mk, &places[(s - n_nested) % N_PLACES], weights[(s - n_nested) / N_PLACES], at->x);
        }
        at->value = mpl__minimum_search(cost, mk, at->x, mk->scale, mk->lo, mk->hi, n).value;
    }
    return polish(mk, all, n_starts, x, best);
}

/* ---- what is known of it */

bool mpl__maker_at_bound(double root)
{
    return fabs(root) < NEAR_BOUND || fabs(root) > LARGEST - NEAR_BOUND;
}

void mpl__maker_errors(mpl__maker *mk, const double *x, double *se)
{
    const size_t n = mpl__maker_parameters(mk), tau = mk->p;
    double h[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX], part[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX];
    size_t free[MPL__MINIMUM_MAX], m = 0;
    mpl__hessian(cost, mk, x, mk->scale, n, h);
    for (size_t j = 0; j < n; j++) {
        const bool is_weight = j >= n - mk->n_free;
        se[j] = NAN;
        if (!(is_weight ? mpl__maker_at_bound(x[j]) : !mk->tau2.given && j == tau && fabs(x[j]) < NEAR_BOUND))
            free[m++] = j;
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            part[i * m + j] = h[free[i] * n + free[j]];
    if (!mpl__cholesky(part, m))
        return;
    for (size_t i = 0; i < m; i++) {
        double e[MPL__MINIMUM_MAX] = { 0 };
        e[i] = 1;
        mpl__lower_solve(part, m, e);
        double v = 0;
        for (size_t j = 0; j < m; j++)
            v += e[j] * e[j];
        se[free[i]] = sqrt(v);
    }
}

