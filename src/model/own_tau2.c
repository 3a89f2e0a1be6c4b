/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maximum over the mean of what is largest over the weights given the mean. */
#include "model/own_tau2.h"

#include <math.h>
#include <stdlib.h>

#include "num/brent.h"
#include "num/search.h"
#include "num/sum.h"

enum { MOST_NODES = 100 };

typedef struct at_mean {
    const mpl__own_model *own;
    double m, u;
} at_mean;

/* u sum wi - 1, which rises from -1. */
static double excess(void *ctx, double u, double *slope)
{
    const at_mean *const a = ctx;
    double sum = 0;
    *slope = 0;
    for (size_t i = 0; i < a->own->k; i++) {
        const double off = a->own->z[i] - a->m, d = off * off, v = a->own->v[i];
        sum += u / fmax(v, d + u);
        *slope += d + u > v ? d / ((d + u) * (d + u)) : 1 / v;
    }
    return sum - 1;
}

static double solve(at_mean *a)
{
    double precision = 0, hi = 0;
    for (size_t i = 0; i < a->own->k; i++) {
        const double off = a->own->z[i] - a->m;
        precision += 1 / a->own->v[i];
        hi = fmax(hi, fmax(a->own->v[i], off * off)); /* there every term is at least a half */
    }
    const double lo = (1 - 1e-12) / precision, start = a->u > lo && a->u < hi ? a->u : lo;
    a->u = hi > lo ? mpl__root_find(excess, a, lo, hi, start, true, 1e-9).x : lo;
    return a->u;
}

static double weight(const mpl__own_model *own, size_t i, double m, double u)
{
    const double off = own->z[i] - m;
    return 1 / fmax(own->v[i], off * off + u);
}

static double minus_value(double m, void *ctx)
{
    at_mean *const a = ctx;
    const mpl__own_model *const own = a->own;
    a->m = m;
    const double u = own->reml ? solve(a) : 0;
    mpl__sum value = { 0 }, total = { 0 };
    for (size_t i = 0; i < own->k; i++) {
        const double w = weight(own, i, m, u), off = own->z[i] - m;
        mpl__sum_add(&value, log(w) - w * off * off);
        mpl__sum_add(&total, w);
    }
    return (own->reml ? log(mpl__sum_get(&total)) / 2 : 0) - mpl__sum_get(&value) / 2;
}

static double minus_slope(double m, void *ctx)
{
    at_mean *const a = ctx;
    a->m = m;
    const double u = a->own->reml ? solve(a) : 0;
    mpl__sum slope = { 0 };
    for (size_t i = 0; i < a->own->k; i++)
        mpl__sum_add(&slope, -weight(a->own, i, m, u) * (a->own->z[i] - m));
    return mpl__sum_get(&slope);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Effects in order, and what lies half way between neighbours. */
static size_t place_nodes(const mpl__own_model *own)
{
    double *const x = own->nodes;
    const size_t n = own->k < MOST_NODES ? own->k : MOST_NODES;
    for (size_t i = 0; i < own->k; i++)
        x[i] = own->z[i];
    qsort(x, own->k, sizeof *x, by_size);
    for (size_t i = 0; i < n; i++)
        x[i] = x[i * (own->k - 1) / (n - 1)];
    for (size_t i = n; i-- > 0;) {
        const double next = i + 1 < n ? x[2 * (i + 1)] : x[i];
        x[2 * i] = x[i];
        x[2 * i + 1] = x[2 * i] + (next - x[2 * i]) / 2;
    }
    return 2 * n - 1;
}

double mpl__own_maximum(mpl__own_model *own)
{
    at_mean a = { .own = own };
    const size_t n = place_nodes(own);
    const double *const x = own->nodes;
    double before = INFINITY, here = minus_value(x[0], &a), least = INFINITY, best = x[0];
    for (size_t i = 0; i < n; i++) {
        const double after = i + 1 < n ? minus_value(x[i + 1], &a) : INFINITY;
        if (here <= before && here <= after) {
            const double lo = x[i > 0 ? i - 1 : 0], hi = x[i + 1 < n ? i + 1 : i];
            const double m = hi > lo ? mpl__brent_minimum(minus_value, minus_slope, &a, lo, hi, 4) : x[i];
            const double y = minus_value(m, &a);
            best = y < least ? m : best;
            least = fmin(least, y);
        }
        before = here;
        here = after;
    }
    a.m = best;
    const double u = own->reml ? solve(&a) : 0;
    for (size_t i = 0; i < own->k; i++)
        own->w[i] = weight(own, i, best, u);
    return -least;
}
