/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trapezoidal sums under a normal density, and after the tanh-sinh substitution. */
#include "num/quad.h"

#include <math.h>
#include <stdbool.h>

static const double tolerance = 1e-15; /* of the sum, relative to the sum of absolute values */
enum { MAX_LEVEL = 14 };               /* 2^14 nodes to the unit: enough for a kink, never for a pole */

/* A substitution: node and weight of the integrand at t. */
typedef struct rule {
    mpl__real_function f;
    void *ctx;
    double a, b; /* mean and sd, or the ends */
    double (*term)(const struct rule *r, double t);
    double reach; /* terms beyond are nil */
} rule;

static double normal_term(const rule *r, double t)
{
    const double weight = exp(-0.5 * t * t);
    return weight * r->f(r->a + r->b * t, r->ctx);
}

/* x = a + (b - a) / (1 + exp(-pi sinh t)): reckoned from the nearer end, so that the ends are approached exactly. */
static double finite_term(const rule *r, double t)
{
    const double s = M_PI * sinh(t);
    const double e = exp(-fabs(s)), share = e / (1 + e);
    const double x = s < 0 ? r->a + (r->b - r->a) * share : r->b - (r->b - r->a) * share;
    if (!(x > r->a && x < r->b))
        return 0;
    return r->f(x, r->ctx) * (r->b - r->a) * M_PI * cosh(t) * share / (1 + e);
}

/* Sum over t = offset + i * step within reach; adds absolute values to *size. */
static double sum_terms(const rule *r, double offset, double step, double *size)
{
    double sum = 0;
    const long n = (long)(r->reach / step) + 1;
    for (long i = -n; i <= n; i++) {
        const double t = offset + (double)i * step;
        if (fabs(t) > r->reach)
            continue;
        const double term = r->term(r, t);
        sum += term;
        *size += fabs(term);
    }
    return sum;
}

static double integrate(const rule *r)
{
    double step = 0.5, size = 0;
    double sum = sum_terms(r, 0, step, &size);
    for (int level = 1; level <= MAX_LEVEL; level++) {
        const double more = sum_terms(r, step / 2, step, &size);
        const double before = sum * step;
        sum += more;
        step /= 2;
        if (!isfinite(sum) || (level > 1 && fabs(sum * step - before) <= tolerance * size * step))
            break;
    }
    return sum * step;
}

double mpl__quad_normal(mpl__real_function f, void *ctx, double mean, double sd)
{
    if (sd == 0)
        return f(mean, ctx);
    const rule r = { f, ctx, mean, sd, normal_term, 10 };
    return integrate(&r) / sqrt(2 * M_PI);
}

double mpl__quad_finite(mpl__real_function f, void *ctx, double from, double to)
{
    if (from == to)
        return 0;
    const rule r = { f, ctx, from, to, finite_term, 3.5 };
    return integrate(&r);
}
