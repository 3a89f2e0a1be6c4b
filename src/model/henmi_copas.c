/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mean by weights w = 1/vi with an interval that takes the uncertainty of tau2 into account (Henmi & Copas 2010,
 * Stat Med 29:2969-2983).
 *
 * U = (mean - mu)/SE and Q are dependent. With W1 = sum w, Wr = sum w^r/W1 and VR = 1 + tau2 W2, R = sqrt(VR) r is
 * normal with variance VR, and Q given R is taken for gamma with its mean E and variance V. |U| exceeds u = sqrt(VR) x
 * if r > x and Q is below what makes the estimate of tau2 too small, which has probability
 * int_x^inf P(Q < (W1/W2 - 1)(r^2/x^2 - 1) + k - 1 | r) phi(r) dr on either side.
 */
#include "model/henmi_copas.h"

#include <math.h>

#include "num/brent.h"
#include "num/dist.h"
#include "num/quad.h"
#include "num/sum.h"

mpl__henmi_copas mpl__henmi_copas_new(mpl__problem *pb, double t)
{
    const mpl__at at = mpl__evaluate(pb, 0);
    mpl__sum cubes = { 0 }, fourths = { 0 };
    for (size_t i = 0; i < pb->k; i++) {
        const double w = 1 / pb->v[i];
        mpl__sum_add(&cubes, w * w * w);
        mpl__sum_add(&fourths, w * w * w * w);
    }
    const double w1 = at.sum_w, w2 = at.sum_w2 / w1;
    return (mpl__henmi_copas){ .df = (double)(pb->k - 1), .t = t, .vr = 1 + t * w2, .rest = at.tr_p, .w1 = w1, .w2 = w2,
                               .w3 = mpl__sum_get(&cubes) / w1, .w4 = mpl__sum_get(&fourths) / w1 };
}

/* P(Q < q | r) */
static double below(const mpl__henmi_copas *h, double q, double r)
{
    const double t = h->t, r2 = r * r / h->vr, c = r2 - 1 / h->vr, s = h->w3 - h->w2 * h->w2;
    const double third = h->w4 - 2 * h->w2 * h->w3 + h->w2 * h->w2 * h->w2;
    const double e = h->df + t * h->rest + t * t * c * s;
    const double v = 2 * h->df + 4 * t * h->rest + 2 * t * t * (h->w1 * h->w2 - 2 * h->w3 + h->w2 * h->w2) +
                     4 * t * t * c * s + 4 * t * t * t * c * third +
                     2 * t * t * t * t * (1 / h->vr - 2 * r2) / h->vr * s * s;
    if (!(e > 0 && v > 0))
        return q > e;
    return mpl__chisq_p(2 * q * e / v, 2 * e * e / v, MPL__LOWER);
}

typedef struct integral {
    const mpl__henmi_copas *h;
    double x, tail;
} integral;

static double integrand(double r, void *ctx)
{
    const integral *const i = ctx;
    const double ratio = r / i->x;
    return below(i->h, i->h->rest / i->h->w2 * (ratio - 1) * (ratio + 1) + i->h->df, r) * mpl__norm_density(r);
}

static double excess(double x, void *ctx)
{
    integral *const i = ctx;
    i->x = x;
    return mpl__quad_finite(integrand, i, x, x + 12) - i->tail;
}

double mpl__henmi_copas_pval(const mpl__henmi_copas *h, double u)
{
    if (u == 0)
        return 1;
    return fmin(1, 2 * excess(u / sqrt(h->vr), &(integral){ .h = h }));
}

double mpl__henmi_copas_critical(const mpl__henmi_copas *h, double level)
{
    integral i = { .h = h, .tail = (1 - level) / 2 };
    double hi = 1, lo = 0.5;
    while (excess(hi, &i) > 0)
        hi *= 2;
    while (excess(lo, &i) <= 0)
        lo /= 2;
    return sqrt(h->vr) * mpl__brent_root(excess, &i, lo, hi);
}
