/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * F(x) = H(0) G(x; 0) + integral of G(x; tau) dH(tau).
 *
 * H, the confidence distribution of tau, is analytic on [0, inf); with tau = s (1 + u)/(1 - u) it is sampled at
 * Chebyshev points of u, and F is a Clenshaw-Curtis sum with the derivative of the interpolant as its weight. G, the
 * distribution of mu - t SE + tau z, is a trapezoidal sum over whichever of t and z has the smaller scale.
 */
#include "model/nnf.h"

#include <math.h>

#include "base/arena.h"
#include "base/error.h"
#include "num/dist.h"
#include "num/quadform.h"

enum { NODES = 64, STEPS = 120 };

typedef struct point {
    double tau, mu, se;
    double mass; /* of the distribution of tau */
} point;

typedef struct problem {
    const double *yi, *vi;
    size_t k;
    double q, a;         /* the observed statistic; sum of 1/vi */
    double *d, *z2, *lambda;
    point at[NODES + 2]; /* the atom at 0 first */
    double t[STEPS + 1], mass[STEPS + 1]; /* nodes for the distribution of t, at 0 and above; their mass */
} problem;

/* P(Q >= observed) when the between-study variance is tau2: Q has the eigenvalues of S P S, S^2 = diag(vi + tau2). */
static double confidence(problem *pb, double tau2)
{
    for (size_t i = 0; i < pb->k; i++) {
        pb->d[i] = 1 + tau2 / pb->vi[i];
        pb->z2[i] = pb->d[i] / (pb->vi[i] * pb->a);
    }
    mpl__rank_one_eigenvalues(pb->d, pb->z2, pb->k, pb->lambda);
    return mpl__quadform_p(pb->lambda + 1, pb->k - 1, pb->q, MPL__UPPER); /* the lowest is 0 */
}

static void locate(const problem *pb, double tau, point *out)
{
    double sw = 0, mean = 0, rss = 0;
    for (size_t i = 0; i < pb->k; i++) {
        const double w = 1 / (pb->vi[i] + tau * tau);
        sw += w;
        mean += w * (pb->yi[i] - pb->yi[0]);
    }
    mean = pb->yi[0] + mean / sw;
    for (size_t i = 0; i < pb->k; i++)
        rss += (pb->yi[i] - mean) * (pb->yi[i] - mean) / (pb->vi[i] + tau * tau);
    *out = (point){ .tau = tau, .mu = mean, .se = sqrt(rss / ((double)(pb->k - 1) * sw)) };
}

/* t = sqrt(df) sinh(u) turns the density of t into cosh(u)^-df; equal steps in u. */
static void place_t(problem *pb)
{
    const double df = (double)(pb->k - 1), step = (42 / df + 1) / STEPS;
    double total = 0;
    for (int i = 0; i <= STEPS; i++) {
        pb->t[i] = sqrt(df) * sinh(step * i);
        pb->mass[i] = pow(cosh(step * i), -df);
        total += (i == 0 ? 1 : 2) * pb->mass[i];
    }
    for (int i = 0; i <= STEPS; i++)
        pb->mass[i] /= total;
}

/* P(mu - t se + tau z <= x) with t on k - 1 degrees of freedom and z standard normal. */
static double cdf(const problem *pb, const point *p, double x)
{
    const double distance = x - p->mu, df = (double)(pb->k - 1);
    double sum = 0, total = 0;
    if (p->tau <= p->se) {
        if (p->se == 0)
            return distance < 0 ? 0 : distance > 0 ? 1 : 0.5;
        if (p->tau == 0)
            return mpl__t_p(distance / p->se, df, MPL__LOWER);
        for (int i = -36; i <= 36; i++) {
            const double z = 0.25 * i, w = mpl__norm_density(z);
            sum += w * mpl__t_p((distance - p->tau * z) / p->se, df, MPL__LOWER);
            total += w;
        }
        return sum / total;
    }
    for (int i = 0; i <= STEPS && pb->mass[i] > 1e-17; i++) { /* terms grow at most from 0.5 to 1 */
        sum += pb->mass[i] * mpl__norm_p((distance - p->se * pb->t[i]) / p->tau, MPL__LOWER);
        if (i > 0)
            sum += pb->mass[i] * mpl__norm_p((distance + p->se * pb->t[i]) / p->tau, MPL__LOWER);
    }
    return sum;
}

/* Weights of the Clenshaw-Curtis rule on [-1, 1] at cos(pi j / n), n even (Waldvogel 2006, BIT 46:195-202). */
static double curtis_weight(int j, int n)
{
    const double theta = acos(-1.0) * j / n;
    double sum = 1;
    for (int m = 1; m <= n / 2; m++)
        sum -= (2 * m == n ? 1 : 2) * cos(2 * m * theta) / (4.0 * m * m - 1);
    return sum * (j == 0 || j == n ? 1 : 2) / n;
}

/* dH/du at the nodes from H there, by the differentiated cosine series. */
static void differentiate(const double *h, double *slope)
{
    const double pi = acos(-1.0);
    double c[NODES + 1], b[NODES + 2] = { 0 };
    for (int m = 0; m <= NODES; m++) {
        double sum = 0;
        for (int j = 0; j <= NODES; j++)
            sum += (j == 0 || j == NODES ? 0.5 : 1) * h[j] * cos(pi * m * j / NODES);
        c[m] = 2 * sum / NODES * (m == NODES ? 0.5 : 1);
    }
    for (int m = NODES - 1; m >= 0; m--)
        b[m] = (m + 2 <= NODES ? b[m + 2] : 0) + 2 * (m + 1) * c[m + 1];
    for (int j = 0; j <= NODES; j++) {
        double sum = b[0] / 2;
        for (int m = 1; m < NODES; m++)
            sum += b[m] * cos(pi * m * j / NODES);
        slope[j] = sum;
    }
}

/* The scale s: the median of the confidence distribution of tau, or a typical sampling error if that is smaller. */
static double typical_tau(problem *pb, double at_zero)
{
    double scale = 0;
    for (size_t i = 0; i < pb->k; i++)
        scale += sqrt(pb->vi[i]) / (double)pb->k;
    double hi = scale;
    if (at_zero > 0.5)
        return scale;
    for (int i = 0; i < 200 && confidence(pb, hi * hi) < 0.5; i++)
        hi *= 2;
    return hi;
}

static void prepare(problem *pb)
{
    const double at_zero = confidence(pb, 0), scale = typical_tau(pb, at_zero);
    double h[NODES + 1], slope[NODES + 1];
    locate(pb, 0, &pb->at[0]);
    pb->at[0].mass = at_zero;
    for (int j = 0; j <= NODES; j++) {
        const double u = cos(acos(-1.0) * j / NODES), tau = j == 0 ? INFINITY : scale * (1 + u) / (1 - u);
        h[j] = j == 0 ? 1 : confidence(pb, tau * tau);
        if (j > 0)
            locate(pb, tau, &pb->at[j + 1]);
    }
    differentiate(h, slope);
    double total = at_zero;
    for (int j = 1; j <= NODES; j++) {
        pb->at[j + 1].mass = curtis_weight(j, NODES) * slope[j];
        total += pb->at[j + 1].mass;
    }
    for (int j = 0; j <= NODES + 1; j++)
        pb->at[j].mass /= j == 1 ? 1 : total; /* the node at infinity has no mass */
}

static double predictive(const problem *pb, double x)
{
    double sum = 0;
    for (int j = 0; j <= NODES + 1; j++)
        if (j != 1)
            sum += pb->at[j].mass * cdf(pb, &pb->at[j], x);
    return sum;
}

/* The distribution function rises everywhere: a bracket that grows to both sides, then false position with halving of
 * the value at an end that stays (Dowell & Jarratt 1971, BIT 11:168-174). */
static double quantile(const problem *pb, double p)
{
    double lo = pb->at[0].mu, hi = lo, width = pb->at[0].se;
    for (size_t i = 0; i < pb->k; i++)
        width = fmax(width, fabs(pb->yi[i] - lo) + sqrt(pb->vi[i]));
    double below = predictive(pb, lo) - p, above = below;
    for (int i = 0; i < 1000 && below > 0; i++, width *= 2)
        below = predictive(pb, lo -= width) - p;
    for (int i = 0; i < 1000 && above < 0; i++, width *= 2)
        above = predictive(pb, hi += width) - p;
    double x = lo;
    for (int i = 0; i < 200; i++) {
        const double last = x;
        x = above > below ? (lo * above - hi * below) / (above - below) : 0.5 * (lo + hi);
        const double error = predictive(pb, x) - p;
        if (error < 0) {
            lo = x;
            above *= below * error > 0 && i > 0 ? 0.5 : 1;
            below = error;
        } else {
            hi = x;
            below *= above * error > 0 && i > 0 ? 0.5 : 1;
            above = error;
        }
        if (fabs(x - last) <= 1e-13 * (hi - lo + fabs(x)) || error == 0)
            break;
    }
    return x;
}

mpl_status mpl__nnf_interval(const double *yi, const double *vi, size_t k, double level, mpl_interval *out,
                             mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    problem *pb = MPL_NEW(scratch, problem, 1);
    double *work = MPL_NEW(scratch, double, 3 * k);
    if (!pb || !work) {
        mpl__arena_free(scratch);
        return mpl__fail_nomem(err, "the prediction interval");
    }
    *pb = (problem){ .yi = yi, .vi = vi, .k = k, .d = work, .z2 = work + k, .lambda = work + 2 * k };
    point fixed;
    locate(pb, 0, &fixed);
    for (size_t i = 0; i < k; i++) {
        pb->a += 1 / vi[i];
        pb->q += (yi[i] - fixed.mu) * (yi[i] - fixed.mu) / vi[i];
    }
    place_t(pb);
    prepare(pb);
    const double tail = 0.5 * (1 - level);
    *out = (mpl_interval){ .lb = quantile(pb, tail), .ub = quantile(pb, 1 - tail) };
    mpl__arena_free(scratch);
    return MPL_OK;
}
