/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Methods for data that are normal, or whose logarithms are; all in closed form. */
#include <math.h>

#include "effect/convert/fivenum.h"
#include "num/chol.h"
#include "num/dist.h"

static double dot(const double *w, const double *x, size_t m)
{
    double sum = 0;
    for (size_t i = 0; i < m; i++)
        sum += w[i] * x[i];
    return sum;
}

static void set_normal(mpl__moments *out, double mean, double sd)
{
    out->mean = mean;
    out->sd = sd;
    out->fitted = (mpl__fitted){ mpl__normal_quantile, { mean, sd }, "normal" };
}

/* Expected range and interquartile range of n standard normal values, Blom's approximation (Wan 2014, eqs. 9, 16). */
static double expected_range(double n)
{
    return 2 * mpl__norm_q(0.625 / (n + 0.25), MPL__UPPER);
}

static double expected_iqr(double n)
{
    return 2 * mpl__norm_q((0.25 * n + 0.375) / (n + 0.25), MPL__UPPER);
}

/* Luo et al. 2018, Stat Methods Med Res 27:1785-1805, eqs. 7, 11, 15. */
void mpl__luo_weights(const mpl__quantiles *q, double *w)
{
    const double n = q->n;
    if (q->range && q->quartiles) {
        const double outer = 2.2 / (2.2 + pow(n, 0.75)), inner = 0.7 - 0.72 / pow(n, 0.55);
        w[0] = w[4] = outer / 2;
        w[1] = w[3] = inner / 2;
        w[2] = 1 - outer - inner;
        return;
    }
    const double share = q->range ? 4 / (4 + pow(n, 0.75)) : 0.7 + 0.39 / n;
    w[0] = w[2] = share / 2;
    w[1] = 1 - share;
}

/*
 * Wan et al. 2014, BMC Med Res Methodol 14:135, eqs. 9, 12, 16; Shi et al. 2020, Res Synth Methods 11:641-654, eq. 10.
 */
void mpl__wan_weights(const mpl__quantiles *q, bool shi, double *w)
{
    const double n = q->n;
    if (q->range && q->quartiles) {
        const double share = shi ? 1 / (1 + 0.07 * pow(n, 0.6)) : 0.5;
        w[4] = share / expected_range(n);
        w[3] = (1 - share) / expected_iqr(n);
        w[2] = 0;
        w[1] = -w[3];
        w[0] = -w[4];
        return;
    }
    w[2] = 1 / (q->range ? expected_range(n) : expected_iqr(n));
    w[1] = 0;
    w[0] = -w[2];
}

const char *mpl__fivenum_luo_wan(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    double mean[MPL__MAX_ORDER], sd[MPL__MAX_ORDER];
    mpl__luo_weights(q, mean);
    mpl__wan_weights(q, false, sd);
    set_normal(out, dot(mean, q->x, q->m), dot(sd, q->x, q->m));
    return NULL;
}

const char *mpl__fivenum_luo_shi(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    double mean[MPL__MAX_ORDER], sd[MPL__MAX_ORDER];
    mpl__luo_weights(q, mean);
    mpl__wan_weights(q, true, sd);
    set_normal(out, dot(mean, q->x, q->m), dot(sd, q->x, q->m));
    return NULL;
}

/* Means of Wan 2014: (a + 2m + b)/4, (q1 + m + q3)/3, and Bland's for all five. */
const char *mpl__fivenum_wan(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    static const double range[] = { 0.25, 0.5, 0.25 }, quartiles[] = { 1.0 / 3, 1.0 / 3, 1.0 / 3 },
                        all[] = { 0.125, 0.25, 0.25, 0.25, 0.125 };
    double sd[MPL__MAX_ORDER];
    mpl__wan_weights(q, false, sd);
    const double *mean = !q->quartiles ? range : !q->range ? quartiles : all;
    set_normal(out, dot(mean, q->x, q->m), dot(sd, q->x, q->m));
    return NULL;
}

/* Hozo et al. 2005, BMC Med Res Methodol 5:13, with the rules of its discussion on which formula at which n. */
const char *mpl__fivenum_hozo(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    const double a = q->x[0], m = q->x[q->m / 2], b = q->x[q->m - 1], range = b - a;
    const double mean = q->n <= 25 ? (a + 2 * m + b) / 4 : m;
    const double small = sqrt(((a - m + (b - m)) * (a - m + (b - m)) / 4 + range * range) / 12);
    set_normal(out, mean, q->n <= 15 ? small : q->n <= 70 ? range / 4 : range / 6);
    return NULL;
}

/* Bland 2015, Int J Stat Med Res 4:57-64: sums over four quarters between the five numbers. */
const char *mpl__fivenum_bland(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    static const double w[] = { 0.125, 0.25, 0.25, 0.25, 0.125 };
    const double mean = dot(w, q->x, 5);
    double square = 0;
    for (size_t i = 0; i < 5; i++) /* about the mean: the published form subtracts the squared mean at the end */
        square += w[i] / 2 * (q->x[i] - mean) * (q->x[i] - mean);
    for (size_t i = 0; i < 4; i++)
        square += (q->x[i] - mean) * (q->x[i + 1] - mean) / 8;
    set_normal(out, mean, sqrt(square));
    return NULL;
}

/* Best linear unbiased estimates (Lloyd 1952, Biometrika 39:88-95): exact moments of normal order statistics. */
const char *mpl__fivenum_blue(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out)
{
    (void)bounds;
    (void)family;
    const mpl__fitted standard = { mpl__normal_quantile, { 0, 1 }, "normal" };
    const size_t m = q->m;
    double e[MPL__MAX_ORDER], l[MPL__MAX_ORDER * MPL__MAX_ORDER], one[MPL__MAX_ORDER], x[MPL__MAX_ORDER];
    mpl__order_moments(&standard, q->rank, m, q->n, e, l);
    for (size_t i = 0; i < m; i++) {
        one[i] = 1;
        x[i] = q->x[i];
    }
    if (!mpl__cholesky(l, m))
        return "the covariances of the quantiles are singular";
    mpl__lower_solve(l, m, one);
    mpl__lower_solve(l, m, x);
    mpl__lower_solve(l, m, e);
    const double oo = dot(one, one, m), oe = dot(one, e, m), ee = dot(e, e, m);
    const double ox = dot(one, x, m), ex = dot(e, x, m), det = oo * ee - oe * oe;
    set_normal(out, (ee * ox - oe * ex) / det, (oo * ex - oe * ox) / det);
    return NULL;
}

/* exp of a normal variable times a constant: par[2] shifts the log mean so that the mean is the estimate. */
static double lognormal_quantile(const mpl__fitted *d, double lower, double upper)
{
    return exp(mpl__normal_quantile(d, lower, upper));
}

/* Shi, Tong, Wang & Genton 2020, Stat Interface 13:519-531: bias-corrected estimates for log-normal data. */
const char *mpl__fivenum_shi_lognormal(const mpl__quantiles *q, mpl__bounds bounds, const char *family,
                                   mpl__moments *out)
{
    (void)bounds;
    (void)family;
    if (!(q->x[0] > 0))
        return "a log-normal distribution needs positive values";
    const double n = q->n, ln2 = log(n) * log(n);
    double w[MPL__MAX_ORDER], y[MPL__MAX_ORDER];
    const double unit = q->x[q->m / 2]; /* the median, so that nothing below depends on the unit */
    for (size_t i = 0; i < q->m; i++)
        y[i] = log(q->x[i] / unit);
    mpl__luo_weights(q, w);
    const double mu = dot(w, y, q->m);
    mpl__wan_weights(q, true, w);
    const double raw = dot(w, y, q->m);
    /* inflation of the squared sd, divisor of its fourth power, coefficients of the terms over n */
    static const double c[3][4] = {
        { 0.565, 0.37, 2.26, 5.92 }, { 0.57, 0.75, 2.28, 12 }, { 0.405, 0.315, 1.62, 5.04 }
    };
    const int shape = !q->quartiles ? 0 : !q->range ? 1 : 2;
    const double inflation = shape == 0 ? 1.01 + 0.25 / ln2 : shape == 1 ? 1 + 1.58 / n : 1 + 0.28 / ln2;
    const double divisor = shape == 0 ? 1 + 2.23 / ln2 : shape == 1 ? 1 + 19.2 / pow(n, 1.2) : 1 + 3.93 / n;
    const double s2 = raw * raw / inflation, s4 = raw * raw * raw * raw / divisor;
    const double f = 1 + c[shape][0] * s2 / n + c[shape][1] * s4 / n;
    const double g = 1 + c[shape][2] * s2 / n + c[shape][3] * s4 / n;
    const double h = 1 + c[shape][2] * s2 / n + c[shape][3] / 4 * s4 / n;
    out->mean = unit * exp(mu + s2 / 2) / f;
    out->sd = unit * sqrt(exp(2 * mu + 2 * s2) / g - exp(2 * mu + s2) / h);
    out->fitted = (mpl__fitted){ lognormal_quantile, { mu + log(unit), sqrt(s2) }, "log-normal" };
    return NULL;
}
