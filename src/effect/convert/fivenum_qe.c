/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantile estimation (McGrath et al. 2020, Stat Methods Med Res 29:2520-2537): of several families the one whose
 * quantiles come nearest to the reported ones in squared distance.
 *
 * Each family but the beta has one scale parameter that enters linearly, so it is eliminated, and the shape is found by
 * a scan and the root of the derivative: no start values, no stopping rule, and the same answer in any unit. The usual
 * program bounds the scale in absolute units and replaces zeros by 0.01; neither is needed here. The beta family needs
 * the bounds of the scale, which do not follow from the data: it takes part where they are given.
 */
#include <math.h>
#include <string.h>

#include "effect/convert/fivenum.h"
#include "num/dist.h"
#include "num/brent.h"

/* A family of positive distributions: quantiles for scale 1, their derivative by the logarithm of the shape. */
typedef struct family {
    const char *name;
    double (*quantile)(double shape, double p);
    double (*slope)(double shape, double p);
    double log_from, log_to; /* of the shape */
    double (*mean)(double shape), (*variance)(double shape);
    double (*of_fitted)(const mpl__fitted *d, double lower, double upper);
} family;

static double lognormal_quantile(double shape, double p)
{
    return exp(shape * mpl__norm_q(p, MPL__LOWER));
}

static double lognormal_slope(double shape, double p)
{
    const double z = mpl__norm_q(p, MPL__LOWER);
    return shape * z * exp(shape * z);
}

static double lognormal_mean(double shape)
{
    return exp(shape * shape / 2);
}

static double lognormal_variance(double shape)
{
    return expm1(shape * shape) * exp(shape * shape);
}

static double lognormal_fitted(const mpl__fitted *d, double lower, double upper)
{
    const mpl__fitted z = { mpl__normal_quantile, { 0, d->par[1] }, NULL };
    return d->par[0] * exp(mpl__normal_quantile(&z, lower, upper));
}

static double gamma_quantile(double shape, double p)
{
    return mpl__chisq_q(p, 2 * shape, MPL__LOWER) / 2;
}

/* Five-point difference by the logarithm of the shape; its error is far below that of the quantiles. */
static double gamma_slope(double shape, double p)
{
    const double h = 1e-3;
    const double near = gamma_quantile(shape * exp(h), p) - gamma_quantile(shape * exp(-h), p);
    const double far = gamma_quantile(shape * exp(2 * h), p) - gamma_quantile(shape * exp(-2 * h), p);
    return (8 * near - far) / (12 * h);
}

static double gamma_moment(double shape)
{
    return shape;
}

static double gamma_fitted(const mpl__fitted *d, double lower, double upper)
{
    return d->par[0] * (lower < upper ? mpl__chisq_q(lower, 2 * d->par[1], MPL__LOWER)
                                      : mpl__chisq_q(upper, 2 * d->par[1], MPL__UPPER)) / 2;
}

static double weibull_quantile(double shape, double p)
{
    return pow(-log1p(-p), 1 / shape);
}

static double weibull_slope(double shape, double p)
{
    return -weibull_quantile(shape, p) * log(-log1p(-p)) / shape;
}

static double weibull_mean(double shape)
{
    return tgamma(1 + 1 / shape);
}

static double weibull_variance(double shape)
{
    const double mean = weibull_mean(shape);
    return tgamma(1 + 2 / shape) - mean * mean;
}

static double weibull_fitted(const mpl__fitted *d, double lower, double upper)
{
    return d->par[0] * pow(lower < 0.5 ? -log1p(-lower) : -log(upper), 1 / d->par[1]);
}

static const family families[] = {
    { "log-normal", lognormal_quantile, lognormal_slope, -6.907755278982137, 2.302585092994046, lognormal_mean,
      lognormal_variance, lognormal_fitted },
    { "gamma", gamma_quantile, gamma_slope, -3, 9, gamma_moment, gamma_moment, gamma_fitted },
    { "Weibull", weibull_quantile, weibull_slope, -2, 4.605170185988092, weibull_mean, weibull_variance,
      weibull_fitted },
};

typedef struct problem {
    const family *f;
    size_t m;
    double x[MPL__MAX_ORDER], p[MPL__MAX_ORDER];
} problem;

/* The best scale for a shape, and the distance that is left. */
static double best_scale(const problem *pb, double shape, double *distance)
{
    double xq = 0, qq = 0, q[MPL__MAX_ORDER];
    for (size_t i = 0; i < pb->m; i++) {
        q[i] = pb->f->quantile(shape, pb->p[i]);
        xq += pb->x[i] * q[i];
        qq += q[i] * q[i];
    }
    *distance = 0;
    for (size_t i = 0; i < pb->m; i++)
        *distance += (pb->x[i] - xq / qq * q[i]) * (pb->x[i] - xq / qq * q[i]);
    return xq / qq;
}

static double distance_at(double log_shape, void *ctx)
{
    double distance;
    best_scale(ctx, exp(log_shape), &distance);
    return isfinite(distance) ? distance : INFINITY;
}

/* At the best scale the distance depends on the shape through the quantiles alone. */
static double slope_at(double log_shape, void *ctx)
{
    const problem *pb = ctx;
    const double shape = exp(log_shape);
    double distance, sum = 0;
    const double scale = best_scale(pb, shape, &distance);
    for (size_t i = 0; i < pb->m; i++)
        sum -= (pb->x[i] - scale * pb->f->quantile(shape, pb->p[i])) * scale * pb->f->slope(shape, pb->p[i]);
    return sum;
}

/* The quantiles of the normal family are linear in both parameters. */
static double fit_normal(const problem *pb, mpl__moments *out)
{
    double z[MPL__MAX_ORDER], mz = 0, mx = 0, zz = 0, zx = 0, distance = 0;
    for (size_t i = 0; i < pb->m; i++) {
        z[i] = mpl__norm_q(pb->p[i], MPL__LOWER);
        mz += z[i] / (double)pb->m;
        mx += pb->x[i] / (double)pb->m;
    }
    for (size_t i = 0; i < pb->m; i++) {
        zz += (z[i] - mz) * (z[i] - mz);
        zx += (z[i] - mz) * (pb->x[i] - mx);
    }
    out->sd = zx / zz;
    out->mean = mx - out->sd * mz;
    for (size_t i = 0; i < pb->m; i++)
        distance += pow(pb->x[i] - out->mean - out->sd * z[i], 2);
    out->fitted = (mpl__fitted){ mpl__normal_quantile, { out->mean, out->sd }, "normal" };
    return distance;
}

static double fit_positive(problem *pb, mpl__moments *out)
{
    enum { STEPS = 120 };
    double distance;
    const double shape = exp(mpl__brent_minimum(distance_at, slope_at, pb, pb->f->log_from, pb->f->log_to, STEPS));
    const double scale = best_scale(pb, shape, &distance);
    out->mean = scale * pb->f->mean(shape);
    out->sd = scale * sqrt(pb->f->variance(shape));
    out->fitted = (mpl__fitted){ pb->f->of_fitted, { scale, shape }, pb->f->name };
    return distance;
}

static double beta_fitted(const mpl__fitted *d, double lower, double upper)
{
    const double x = lower < upper ? mpl__beta_q(lower, d->par[0], d->par[1], MPL__LOWER)
                                   : mpl__beta_q(upper, d->par[0], d->par[1], MPL__UPPER);
    return d->par[2] + (d->par[3] - d->par[2]) * x;
}

/* Residuals at log shapes (a, b); returns their sum of squares. */
static double beta_residuals(const problem *pb, const double *log_shape, double *r)
{
    double sum = 0;
    for (size_t i = 0; i < pb->m; i++) {
        r[i] = pb->x[i] - mpl__beta_q(pb->p[i], exp(log_shape[0]), exp(log_shape[1]), MPL__LOWER);
        sum += r[i] * r[i];
    }
    return isfinite(sum) ? sum : INFINITY;
}

/* One Levenberg-Marquardt step; returns whether it came nearer. */
static bool beta_step(const problem *pb, double *at, double *distance, double *damp)
{
    double r[MPL__MAX_ORDER], up[MPL__MAX_ORDER], down[MPL__MAX_ORDER], j[2][MPL__MAX_ORDER];
    const double h = 1e-5;
    beta_residuals(pb, at, r);
    for (size_t k = 0; k < 2; k++) {
        double moved[2] = { at[0], at[1] };
        moved[k] += h;
        beta_residuals(pb, moved, up);
        moved[k] -= 2 * h;
        beta_residuals(pb, moved, down);
        for (size_t i = 0; i < pb->m; i++)
            j[k][i] = (up[i] - down[i]) / (2 * h);
    }
    double a = 0, b = 0, c = 0, g0 = 0, g1 = 0;
    for (size_t i = 0; i < pb->m; i++) {
        a += j[0][i] * j[0][i];
        b += j[0][i] * j[1][i];
        c += j[1][i] * j[1][i];
        g0 -= j[0][i] * r[i];
        g1 -= j[1][i] * r[i];
    }
    for (; *damp < 1e12; *damp *= 10) {
        const double a1 = a * (1 + *damp), c1 = c * (1 + *damp), det = a1 * c1 - b * b;
        const double next[2] = { at[0] + (c1 * g0 - b * g1) / det, at[1] + (a1 * g1 - b * g0) / det };
        const double d = beta_residuals(pb, next, r);
        if (d < *distance) {
            at[0] = next[0];
            at[1] = next[1];
            *distance = d;
            *damp /= 30;
            return true;
        }
    }
    return false;
}

/* x is already on (0, 1). From the moments that Luo and Wan see, by Levenberg-Marquardt. */
static double fit_beta(const problem *pb, double mean, double sd, mpl__moments *out)
{
    double r[MPL__MAX_ORDER], damp = 1e-3;
    const double size = fmax(mean * (1 - mean) / (sd * sd) - 1, 0.1);
    double at[2] = { log(mean * size), log((1 - mean) * size) };
    double distance = beta_residuals(pb, at, r);
    for (int i = 0; i < 200; i++)
        if (!beta_step(pb, at, &distance, &damp))
            break;
    const double a = exp(at[0]), b = exp(at[1]);
    out->mean = a / (a + b);
    out->sd = sqrt(a * b / (a + b + 1)) / (a + b);
    out->fitted = (mpl__fitted){ beta_fitted, { a, b }, "beta" };
    return distance;
}

/* Stretches a fit on (0, 1) to the bounds. */
static double stretch_beta(const mpl__quantiles *q, mpl__bounds bounds, problem *pb, mpl__moments *out)
{
    const double width = bounds.upper - bounds.lower;
    double w[MPL__MAX_ORDER], v[MPL__MAX_ORDER], mean = 0, sd = 0;
    mpl__luo_weights(q, w);
    mpl__wan_weights(q, false, v);
    for (size_t i = 0; i < pb->m; i++) {
        pb->x[i] = (q->x[i] - bounds.lower) / width;
        mean += w[i] * pb->x[i];
        sd += v[i] * pb->x[i];
    }
    const double distance = fit_beta(pb, mean, sd, out) * width * width;
    out->mean = bounds.lower + width * out->mean;
    out->sd *= width;
    out->fitted.par[2] = bounds.lower;
    out->fitted.par[3] = bounds.upper;
    return distance;
}

static bool may(const char *only, const char *name)
{
    return !only || !strcmp(only, name);
}

static void keep_best(const mpl__moments *candidate, double distance, mpl__moments *best, double *least)
{
    if (!(distance < *least) || !isfinite(candidate->mean) || !isfinite(candidate->sd))
        return;
    *least = distance;
    *best = *candidate;
}

const char *mpl__fivenum_qe(const mpl__quantiles *q, mpl__bounds bounds, const char *only, mpl__moments *out)
{
    const bool bounded = !isnan(bounds.lower) && !isnan(bounds.upper);
    if (bounded && !(q->x[0] >= bounds.lower && q->x[q->m - 1] <= bounds.upper))
        return "a quantile lies outside the bounds of the scale";
    const double unit = q->x[q->m / 2] > 0 ? q->x[q->m / 2] : fabs(q->x[0]) + fabs(q->x[q->m - 1]);
    problem pb = { .m = q->m };
    for (size_t i = 0; i < q->m; i++) {
        pb.x[i] = q->x[i] / unit;
        pb.p[i] = q->p[i];
    }
    double least = INFINITY;
    mpl__moments fit = *out;
    if (may(only, "normal"))
        keep_best(&fit, fit_normal(&pb, &fit), out, &least);
    for (size_t i = 0; i < sizeof families / sizeof *families && q->x[0] >= 0; i++) {
        pb.f = &families[i];
        if (may(only, pb.f->name))
            keep_best(&fit, fit_positive(&pb, &fit), out, &least);
    }
    if (!isfinite(least) && !bounded)
        return "no distribution fits these quantiles";
    out->mean *= unit;
    out->sd *= unit;
    out->fitted.par[0] *= unit;
    if (out->fitted.quantile == mpl__normal_quantile)
        out->fitted.par[1] *= unit;
    least *= unit * unit;
    if (bounded && q->x[0] > bounds.lower && q->x[q->m - 1] < bounds.upper && may(only, "beta"))
        keep_best(&fit, stretch_beta(q, bounds, &pb, &fit), out, &least);
    return isfinite(least) ? NULL : "no distribution fits these quantiles";
}
