/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fisher's non-central hypergeometric: the events x of group 1 given the events m of both groups, log odds ratio eta.
 *
 * Probabilities are taken relative to that of the mode, from which they follow by ratios of neighbours until they are
 * nil (Liao & Rosen 2001, Am Stat 55:366-369): no factorial is formed, so that tables of any size keep all digits, and
 * the work is a few standard deviations of x however long its range.
 */
#include "model/glmm/cell.h"

#include <math.h>

#include "num/search.h"

static const double NIL = 1e-22, FAR = 300;

static double lowest(const mpl__cell *c)
{
    return fmax(0, c->m - c->n2);
}

static double highest(const mpl__cell *c)
{
    return fmin(c->n, c->m);
}

/* P(x)/P(x - 1) without the odds ratio. */
static double ratio(const mpl__cell *c, double x)
{
    return (c->n - x + 1) * (c->m - x + 1) / (x * (c->n2 - c->m + x));
}

/* The largest x at which P(x) >= P(x - 1): a root of (odds - 1) x^2 - b x + c. */
static double mode(const mpl__cell *c, double odds)
{
    const double b = (c->m + c->n + 2) * odds + c->n2 - c->m, top = (c->n + 1) * (c->m + 1) * odds;
    const double disc = sqrt(fmax(b * b - 4 * (odds - 1) * top, 0));
    const double x = b >= 0 ? 2 * top / (b + disc) : (b - disc) / (2 * (odds - 1));
    return fmin(fmax(floor(x), lowest(c)), highest(c));
}

/* Sums of P(x)/P(from) times powers of x - from, and log(P(observed)/P(from)). */
typedef struct sums {
    double s0, s1, s2, log_observed;
} sums;

/* Adds one side, by = 1 or -1, up to `end`; goes on to the observed count where that lies further out. */
static void add_side(const mpl__cell *c, double odds, double from, double by, double end, sums *s)
{
    double p = 1, log_p = 0;
    for (double x = from; x != end; ) {
        x += by;
        p *= by > 0 ? ratio(c, x) * odds : 1 / (ratio(c, x + 1) * odds);
        const double d = x - from;
        if (log_p == 0) {
            s->s0 += p;
            s->s1 += p * d;
            s->s2 += p * d * d;
        }
        if (x == c->x)
            s->log_observed = log_p + log(p);
        if (p < NIL) {
            if ((c->x - x) * by <= 0)
                break;
            log_p += log(p);
            p = 1;
        }
    }
}

static mpl__slope at(const mpl__cell *c, double eta)
{
    const double bound = fmin(fmax(eta, -FAR), FAR), odds = exp(bound);
    const double from = mode(c, odds);
    sums s = { 1, 0, 0, 0 };
    add_side(c, odds, from, 1, highest(c), &s);
    add_side(c, odds, from, -1, lowest(c), &s);
    const double shift = s.s1 / s.s0, d1 = (c->x - from) - shift;
    return (mpl__slope){ s.log_observed - log(s.s0) + (eta - bound) * d1, d1, -fmax(s.s2 / s.s0 - shift * shift, 0) };
}

static double constant(const mpl__cell *c)
{
    (void)c;
    return 0; /* f is the logarithm of a probability */
}

/* The empirical log odds ratio. */
static double start(const mpl__cell *c)
{
    const double x2 = c->m - c->x;
    return log((c->x + 0.5) * (c->n2 - x2 + 0.5) / ((c->n - c->x + 0.5) * (x2 + 0.5)));
}

static int extreme(const mpl__cell *c)
{
    return c->x == lowest(c) ? -1 : c->x == highest(c);
}

static double score(void *ctx, double eta, double *slope)
{
    const mpl__slope v = at(ctx, eta);
    *slope = v.d2;
    return v.d1;
}

/* Conditional maximum likelihood: within some standard errors of the empirical log odds ratio. */
static double best(const mpl__cell *c, double *eta)
{
    const int end = extreme(c);
    *eta = end < 0 ? -INFINITY : INFINITY;
    if (end)
        return 0;
    mpl__cell copy = *c;
    double reach = 1, around = start(c), slope;
    while (score(&copy, around - reach, &slope) <= 0 || score(&copy, around + reach, &slope) >= 0)
        reach *= 2;
    *eta = mpl__root_find(score, &copy, around - reach, around + reach, around, false, 1e-10).x;
    return at(c, *eta).f;
}

const mpl__family mpl__family_hypergeometric = { at, constant, start, extreme, best };
