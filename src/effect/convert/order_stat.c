/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With U(r) the r-th of n uniform order statistics, U(r) is Beta(r, n + 1 - r), and (U(s) - U(r)) / (1 - U(r)) is
 * Beta(s - r, n + 1 - s), independent of U(r). Expectations are trapezoidal sums over the logits of these two, where
 * the beta densities are smooth with exponential tails, so the sums converge exponentially.
 */
#include "effect/convert/order_stat.h"

#include <math.h>

#include "num/dist.h"

enum { MAX_NODES = 400 };

/* A discrete stand-in for a beta distribution; nodes are kept as both tails. */
typedef struct nodes {
    size_t n;
    double lower[MAX_NODES], upper[MAX_NODES], weight[MAX_NODES];
} nodes;

/* log of lower^a * upper^b at logit t */
static double log_density(double t, double a, double b)
{
    return t < 0 ? a * t - (a + b) * log1p(exp(t)) : -b * t - (a + b) * log1p(exp(-t));
}

/* How far from the mode, in the direction of `step`, the density falls below exp(-36) of its greatest value. */
static double reach(double mode, double step, double a, double b)
{
    const double top = log_density(mode, a, b);
    double t = mode;
    while (log_density(t, a, b) > top - 36)
        t += step;
    return t;
}

static void beta_nodes(double a, double b, nodes *out)
{
    const double mode = log(a / b), sd = sqrt(1 / a + 1 / b), top = log_density(mode, a, b);
    const double from = reach(mode, -sd, a, b), to = reach(mode, sd, a, b);
    const double step = fmax(fmin(0.3 * sd, 0.3), (to - from) / (MAX_NODES - 1));
    double sum = 0;
    out->n = (size_t)((to - from) / step) + 1;
    for (size_t i = 0; i < out->n; i++) {
        const double t = from + (double)i * step, e = exp(-fabs(t));
        out->lower[i] = (t < 0 ? e : 1) / (1 + e);
        out->upper[i] = (t < 0 ? 1 : e) / (1 + e);
        out->weight[i] = exp(log_density(t, a, b) - top);
        sum += out->weight[i];
    }
    for (size_t i = 0; i < out->n; i++)
        out->weight[i] /= sum;
}

/* E (X(r) - mr)(X(s) - ms) */
static double covariance(const mpl__fitted *d, double r, double s, double n, double mr, double ms)
{
    nodes u, v;
    beta_nodes(r, n + 1 - r, &u);
    beta_nodes(s - r, n + 1 - s, &v);
    double sum = 0;
    for (size_t i = 0; i < u.n; i++) {
        double inner = 0;
        for (size_t j = 0; j < v.n; j++)
            inner += v.weight[j] * (d->quantile(d, u.lower[i] + u.upper[i] * v.lower[j], u.upper[i] * v.upper[j]) - ms);
        sum += u.weight[i] * (d->quantile(d, u.lower[i], u.upper[i]) - mr) * inner;
    }
    return sum;
}

void mpl__order_moments(const mpl__fitted *d, const double *rank, size_t m, double n, double *mean, double *cov)
{
    for (size_t i = 0; i < m; i++) {
        nodes u;
        beta_nodes(rank[i], n + 1 - rank[i], &u);
        mean[i] = 0;
        for (size_t k = 0; k < u.n; k++)
            mean[i] += u.weight[k] * d->quantile(d, u.lower[k], u.upper[k]);
        cov[i * m + i] = 0;
        for (size_t k = 0; k < u.n; k++) {
            const double x = d->quantile(d, u.lower[k], u.upper[k]) - mean[i];
            cov[i * m + i] += u.weight[k] * x * x;
        }
    }
    for (size_t i = 0; i < m; i++)
        for (size_t j = i + 1; j < m; j++)
            cov[i * m + j] = cov[j * m + i] = covariance(d, rank[i], rank[j], n, mean[i], mean[j]);
}

double mpl__normal_quantile(const mpl__fitted *d, double lower, double upper)
{
    const double z = lower < upper ? mpl__norm_q(lower, MPL__LOWER) : mpl__norm_q(upper, MPL__UPPER);
    return d->par[0] + d->par[1] * z;
}
