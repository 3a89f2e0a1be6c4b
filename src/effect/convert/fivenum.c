/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks before, and the standard error after, every conversion of five-number summaries. */
#include "effect/convert/fivenum.h"

#include <math.h>
#include <stddef.h>

enum { MIN_N = 5 };

static void add(mpl__quantiles *q, double x, double rank, double p)
{
    q->x[q->m] = x;
    q->rank[q->m] = rank;
    q->p[q->m++] = p;
}

/* Ranks of quartiles are Blom's: (n + 3)/4, (n + 1)/2, (3n + 1)/4, as in Wan 2014. */
static const char *collect(const mpl__fivenum *f, mpl__quantiles *q)
{
    const double n = f->n;
    *q = (mpl__quantiles){ .n = n, .range = !isnan(f->min) && !isnan(f->max),
                           .quartiles = !isnan(f->q1) && !isnan(f->q3) };
    if (isnan(f->median) || isnan(n) || !(q->range || q->quartiles))
        return "the median, the sample size, and the quartiles or the range are needed";
    if (n < MIN_N)
        return "a sample of less than 5 has no meaningful quartiles";
    if (q->range)
        add(q, f->min, 1, 1 / n);
    if (q->quartiles)
        add(q, f->q1, (n + 3) / 4, 0.25);
    add(q, f->median, (n + 1) / 2, 0.5);
    if (q->quartiles)
        add(q, f->q3, (3 * n + 1) / 4, 0.75);
    if (q->range)
        add(q, f->max, n, 1 - 1 / n);
    for (size_t i = 1; i < q->m; i++)
        if (!(q->x[i - 1] <= q->x[i]))
            return "minimum, quartiles, median and maximum are not in ascending order";
    if (q->x[0] == q->x[q->m - 1])
        return "minimum, quartiles, median and maximum are all the same";
    if (q->quartiles && f->q1 == f->q3)
        return "the quartiles are the same";
    return NULL;
}

/* How far the middle of two quantiles is from the median, as a share of their distance. */
static double skew(double lo, double median, double hi)
{
    return fabs(lo + hi - 2 * median) / (hi - lo);
}

/* Shi et al. 2023, Stat Methods Med Res 32:1338-1360. */
bool mpl__fivenum_skewed(const mpl__fivenum *five, bool logs)
{
    mpl__quantiles q;
    if (collect(five, &q) || (logs && !(q.x[0] > 0)))
        return false;
    for (size_t i = 0; logs && i < q.m; i++)
        q.x[i] = log(q.x[i]);
    const double n = q.n, *x = q.x;
    if (!q.quartiles)
        return skew(x[0], x[1], x[2]) >= 1 / log(n + 9) + 2.5 / (n + 1);
    if (!q.range)
        return skew(x[0], x[1], x[2]) >= 2.65 / sqrt(n) - 6 / (n * n);
    const double outer = 2.65 * log(0.6 * n) / sqrt(n) * skew(x[0], x[2], x[4]), inner = skew(x[1], x[2], x[3]);
    return fmax(outer, inner) >= 3 / sqrt(n) - 40 / (n * n * n);
}

/*
 * Variance of the mean by the delta method: the derivatives of the converted mean by the quantiles are central
 * differences (exact for the linear methods), and the covariances of the quantiles those under the fitted distribution.
 */
static double standard_error(const mpl__quantiles *q, mpl__fivenum_method method, mpl__bounds bounds,
                             const mpl__moments *at)
{
    double slope[MPL__MAX_ORDER], mean[MPL__MAX_ORDER], cov[MPL__MAX_ORDER * MPL__MAX_ORDER];
    const double step = 1e-4 * at->sd;
    for (size_t i = 0; i < q->m; i++) {
        mpl__quantiles up = *q, down = *q;
        mpl__moments above, below;
        up.x[i] += step;
        down.x[i] -= step;
        if (method(&up, bounds, at->fitted.name, &above) || method(&down, bounds, at->fitted.name, &below))
            return NAN;
        slope[i] = (above.mean - below.mean) / (2 * step);
    }
    mpl__order_moments(&at->fitted, q->rank, q->m, q->n, mean, cov);
    double v = 0;
    for (size_t i = 0; i < q->m; i++)
        for (size_t j = 0; j < q->m; j++)
            v += slope[i] * slope[j] * cov[i * q->m + j];
    return sqrt(v);
}

const char *mpl__fivenum_convert(const mpl__fivenum *five, mpl__fivenum_method method, mpl__bounds bounds,
                                 bool with_sem, mpl__moments *out)
{
    mpl__quantiles q;
    const char *why = collect(five, &q);
    if (why)
        return why;
    mpl__moments moments = { .sem = NAN };
    why = method(&q, bounds, NULL, &moments);
    if (why)
        return why;
    if (!isfinite(moments.mean) || !(moments.sd > 0) || !isfinite(moments.sd))
        return "the method gives no finite mean and standard deviation here";
    if (with_sem)
        moments.sem = standard_error(&q, method, bounds, &moments);
    *out = moments;
    return NULL;
}
