/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Methods that make the data normal by a power (Box & Cox 1964, J R Stat Soc B 26:211-252): t = (x^lambda - 1)/lambda
 * is normal(mu, sigma), truncated symmetrically to where it has an inverse.
 *
 * BC (McGrath et al. 2020, Stat Methods Med Res 29:2520-2537) takes the lambda that makes the transformed quantiles
 * most symmetric, MLN (Cai, Zhou & Pan 2021, Stat Methods Med Res 30:2701-2719) the one with the greatest likelihood
 * of the order statistics. The likelihood here is that of the data: it contains the Jacobian of the transformation,
 * without which lambda would depend on the unit (Box & Cox 1964, eq. 8). Moments of the back-transformed variable are
 * integrals, not averages of random draws. All of it works on the data divided by their median.
 */
#include <math.h>

#include "effect/convert/fivenum.h"
#include "num/dist.h"
#include "num/quad.h"
#include "num/brent.h"

typedef struct problem {
    size_t m;
    double log_x[MPL__MAX_ORDER];           /* of x / median */
    double mean[MPL__MAX_ORDER], sd[MPL__MAX_ORDER]; /* weights of Luo's mean and Wan's standard deviation */
    double between[MPL__MAX_ORDER + 1];     /* values of the sample below, between and above the quantiles */
} problem;

/* (exp(lambda l) - 1)/lambda and its derivative by lambda, smooth at 0. */
static double power(double l, double lambda)
{
    return lambda == 0 ? l : expm1(lambda * l) / lambda;
}

static double power_slope(double l, double lambda)
{
    const double u = lambda * l;
    const double f = fabs(u) < 1e-2 ? 0.5 + u * (1.0 / 3 + u * (1.0 / 8 + u * (1.0 / 30 + u / 144 + u * u / 840)))
                                    : (u * exp(u) - expm1(u)) / (u * u);
    return l * l * f;
}

static double dot(const double *w, const double *t, size_t m)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++)
        sum += w[i] * t[i];
    return sum;
}

/* Departure of (hi - mid)/(mid - lo) from 1, and its derivative. */
static double asymmetry(const problem *pb, size_t lo, size_t hi, double lambda, double *slope)
{
    const size_t mid = pb->m / 2;
    const double up = power(pb->log_x[hi], lambda) - power(pb->log_x[mid], lambda);
    const double down = power(pb->log_x[mid], lambda) - power(pb->log_x[lo], lambda);
    const double dup = power_slope(pb->log_x[hi], lambda) - power_slope(pb->log_x[mid], lambda);
    const double ddown = power_slope(pb->log_x[mid], lambda) - power_slope(pb->log_x[lo], lambda);
    *slope = (dup - up / down * ddown) / down;
    return up / down - 1;
}

static double asymmetries(double lambda, void *ctx)
{
    const problem *pb = ctx;
    double sum = 0, slope;
    for (size_t i = 0; i < pb->m / 2; i++)
        sum += pow(asymmetry(pb, i, pb->m - 1 - i, lambda, &slope), 2);
    return sum;
}

static double asymmetries_slope(double lambda, void *ctx)
{
    const problem *pb = ctx;
    double sum = 0, slope;
    for (size_t i = 0; i < pb->m / 2; i++)
        sum += asymmetry(pb, i, pb->m - 1 - i, lambda, &slope) * slope;
    return sum;
}

/* log of the probability between two standard normal values, from the tail in which both lie. */
static double between(double lo, double hi)
{
    if (lo > 0)
        return mpl__norm_p(lo, MPL__UPPER) - mpl__norm_p(hi, MPL__UPPER);
    return hi < 0 ? mpl__norm_p(hi, MPL__LOWER) - mpl__norm_p(lo, MPL__LOWER)
                  : 1 - mpl__norm_p(lo, MPL__LOWER) - mpl__norm_p(hi, MPL__UPPER);
}

/* Log-likelihood of standardized order statistics less that of the scale; derivatives by every z if `slope`. */
static double order_likelihood(const problem *pb, const double *z, double *slope)
{
    double sum = 0;
    for (size_t i = 0; i < pb->m; i++) {
        sum -= 0.5 * z[i] * z[i];
        slope[i] = -z[i];
    }
    for (size_t i = 0; i <= pb->m; i++) {
        if (pb->between[i] == 0)
            continue;
        const double lo = i == 0 ? -INFINITY : z[i - 1], hi = i == pb->m ? INFINITY : z[i];
        const double p = between(lo, hi);
        sum += pb->between[i] * log(p);
        if (i < pb->m)
            slope[i] += pb->between[i] * mpl__norm_density(hi) / p;
        if (i > 0)
            slope[i - 1] -= pb->between[i] * mpl__norm_density(lo) / p;
    }
    return sum;
}

/* Less the log-likelihood of the data at lambda, mu and sigma by Luo and Wan; its derivative by lambda. */
static double less_profile(const problem *pb, double lambda, double *slope)
{
    double t[MPL__MAX_ORDER] = { 0 }, dt[MPL__MAX_ORDER] = { 0 }, z[MPL__MAX_ORDER], dz[MPL__MAX_ORDER], jacobian = 0;
    for (size_t i = 0; i < pb->m; i++) {
        t[i] = power(pb->log_x[i], lambda);
        dt[i] = power_slope(pb->log_x[i], lambda);
        jacobian += pb->log_x[i];
    }
    const double mu = dot(pb->mean, t, pb->m), sigma = dot(pb->sd, t, pb->m);
    const double dmu = dot(pb->mean, dt, pb->m), dsigma = dot(pb->sd, dt, pb->m);
    for (size_t i = 0; i < pb->m; i++)
        z[i] = (t[i] - mu) / sigma;
    const double l = order_likelihood(pb, z, dz);
    *slope = (double)pb->m * dsigma / sigma - jacobian;
    for (size_t i = 0; i < pb->m; i++)
        *slope -= dz[i] * (dt[i] - dmu - z[i] * dsigma) / sigma;
    return -(l - (double)pb->m * log(sigma) + (lambda - 1) * jacobian);
}

static double profile(double lambda, void *ctx)
{
    double slope;
    const double l = less_profile(ctx, lambda, &slope);
    return isfinite(l) ? l : INFINITY;
}

static double profile_slope(double lambda, void *ctx)
{
    double slope;
    less_profile(ctx, lambda, &slope);
    return slope;
}

/* Gradient of the log-likelihood by a = 1/sigma and b = mu/sigma at z = a t - b; returns the log-likelihood. */
static double gradient(const problem *pb, const double *t, double a, double b, double *ga, double *gb)
{
    double z[MPL__MAX_ORDER], dz[MPL__MAX_ORDER];
    for (size_t i = 0; i < pb->m; i++)
        z[i] = a * t[i] - b;
    const double l = order_likelihood(pb, z, dz) + (double)pb->m * log(a);
    *ga = (double)pb->m / a + dot(dz, t, pb->m);
    *gb = 0;
    for (size_t i = 0; i < pb->m; i++)
        *gb -= dz[i];
    return l;
}

/* The likelihood is concave in a and b (Burridge 1981, J R Stat Soc B 43:41-45): Newton's method with step halving. */
static void fit_normal(const problem *pb, const double *t, double *mu, double *sigma)
{
    double a = 1 / *sigma, b = *mu / *sigma, ga, gb;
    double l = gradient(pb, t, a, b, &ga, &gb);
    for (int i = 0; i < 100; i++) {
        const double h = 1e-5;
        double up[2], down[2];
        gradient(pb, t, a * (1 + h), b, &up[0], &up[1]);
        gradient(pb, t, a * (1 - h), b, &down[0], &down[1]);
        const double haa = (up[0] - down[0]) / (2 * h * a), hab = (up[1] - down[1]) / (2 * h * a);
        gradient(pb, t, a, b + h, &up[0], &up[1]);
        gradient(pb, t, a, b - h, &down[0], &down[1]);
        const double hbb = (up[1] - down[1]) / (2 * h), det = haa * hbb - hab * hab;
        double da = -(hbb * ga - hab * gb) / det, db = -(haa * gb - hab * ga) / det;
        if (!isfinite(da) || !isfinite(db))
            break;
        double next = -INFINITY, na = ga, nb = gb;
        for (int halving = 0; halving < 60; halving++, da /= 2, db /= 2) {
            next = a + da > 0 ? gradient(pb, t, a + da, b + db, &na, &nb) : -INFINITY;
            if (next >= l - 1e-14 * fabs(l))
                break;
        }
        if (!(next >= l - 1e-14 * fabs(l)))
            break;
        a += da;
        b += db;
        l = next;
        ga = na;
        gb = nb;
        if (fabs(da) <= 1e-15 * a && fabs(db) <= 1e-15 * (1 + fabs(b)))
            break;
    }
    *sigma = 1 / a;
    *mu = b / a;
}

typedef struct inverse {
    double lambda, mu, sigma, mean;
} inverse;

static double untransform(double t, double lambda)
{
    return lambda == 0 ? exp(t) : exp(log1p(fmax(lambda * t, -1)) / lambda);
}

static double weighted(double t, void *ctx)
{
    const inverse *v = ctx;
    return mpl__norm_density((t - v->mu) / v->sigma) / v->sigma * untransform(t, v->lambda);
}

static double weighted_square(double t, void *ctx)
{
    const inverse *v = ctx;
    const double x = untransform(t, v->lambda) - v->mean;
    return mpl__norm_density((t - v->mu) / v->sigma) / v->sigma * x * x;
}

static double boxcox_quantile(const mpl__fitted *d, double lower, double upper)
{
    const double lambda = d->par[2], t = mpl__normal_quantile(d, lower, upper);
    const double reach = lambda == 0 ? INFINITY : d->par[0] + 1 / lambda;
    return d->par[3] * untransform(fmax(fmin(t, d->par[0] + reach), d->par[0] - reach), lambda);
}

/* Moments of the back-transformed variable; beyond nine sigma there is nothing that a double could see. */
static void back_transform(double lambda, double mu, double sigma, double unit, mpl__moments *out)
{
    inverse v = { lambda, mu, sigma, 0 };
    const double reach = lambda == 0 ? INFINITY : mu + 1 / lambda;
    if (lambda * sigma < 1e-8) {
        v.mean = exp(mu + sigma * sigma / 2);
        out->sd = unit * v.mean * sqrt(expm1(sigma * sigma));
    } else {
        const double half = fmin(reach, 9 * sigma), share = between(-reach / sigma, reach / sigma);
        v.mean = mpl__quad_finite(weighted, &v, mu - half, mu + half) / share;
        out->sd = unit * sqrt(mpl__quad_finite(weighted_square, &v, mu - half, mu + half) / share);
    }
    out->mean = unit * v.mean;
    out->fitted = (mpl__fitted){ boxcox_quantile, { mu, sigma, lambda, unit }, "power-normal" };
}

static const char *start(const mpl__quantiles *q, problem *pb)
{
    if (!(q->x[0] > 0))
        return "a power transformation needs positive values";
    *pb = (problem){ .m = q->m };
    for (size_t i = 0; i < q->m; i++)
        pb->log_x[i] = log(q->x[i] / q->x[q->m / 2]);
    for (size_t i = 1; i < q->m; i++)
        if (!(pb->log_x[i - 1] < pb->log_x[i]))
            return "two of the quantiles are the same";
    mpl__luo_weights(q, pb->mean);
    mpl__wan_weights(q, false, pb->sd);
    return NULL;
}

const char *mpl__fivenum_bc(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    problem pb;
    const char *why = start(q, &pb);
    if (why)
        return why;
    enum { STEPS = 200 };
    double t[MPL__MAX_ORDER];
    const double lambda = fmax(0, mpl__brent_minimum(asymmetries, asymmetries_slope, &pb, -2, 3, STEPS));
    for (size_t i = 0; i < pb.m; i++)
        t[i] = power(pb.log_x[i], lambda);
    back_transform(lambda, dot(pb.mean, t, pb.m), dot(pb.sd, t, pb.m), q->x[q->m / 2], out);
    return NULL;
}

const char *mpl__fivenum_mln(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    problem pb;
    const char *why = start(q, &pb);
    if (why)
        return why;
    enum { STEPS = 200 };
    size_t i = 0;
    double below = 0, t[MPL__MAX_ORDER];
    const double n = q->n;
    /* the order statistics that are taken for the quantiles: 1, [n/4 + 1], [n/2 + 1], [3n/4 + 1], n */
    const double order[] = { 1, floor(0.25 * n + 1), floor(0.5 * n + 1), floor(0.75 * n + 1), n };
    for (size_t k = 0; k < 5; k++)
        if (k == 2 || (k % 4 == 0 ? q->range : q->quartiles)) {
            pb.between[i++] = order[k] - below - 1;
            below = order[k];
        }
    pb.between[i] = n - below;
    const double lambda = mpl__brent_minimum(profile, profile_slope, &pb, 0, 10, STEPS);
    for (i = 0; i < pb.m; i++)
        t[i] = power(pb.log_x[i], lambda);
    double mu = dot(pb.mean, t, pb.m), sigma = dot(pb.sd, t, pb.m);
    fit_normal(&pb, t, &mu, &sigma);
    back_transform(lambda, mu, sigma, q->x[q->m / 2], out);
    return NULL;
}
