/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x ~ Binomial(n, 1/(1 + exp(-eta))). */
#include "model/glmm/cell.h"

#include <math.h>

/* x log p + (n - x) log(1 - p): no term cancels another. */
static mpl__slope at(const mpl__cell *c, double eta)
{
    const double e = exp(-fabs(eta)), near = log1p(e), far = near + fabs(eta);
    const double p = eta < 0 ? e / (1 + e) : 1 / (1 + e), q = eta < 0 ? 1 / (1 + e) : e / (1 + e);
    const double log_p = eta < 0 ? -far : -near, log_q = eta < 0 ? -near : -far;
    const double f = (c->x > 0 ? c->x * log_p : 0) + (c->n > c->x ? (c->n - c->x) * log_q : 0);
    return (mpl__slope){ f, c->x * q - (c->n - c->x) * p, -c->n * p * q };
}

static double constant(const mpl__cell *c)
{
    return lgamma(c->n + 1) - lgamma(c->x + 1) - lgamma(c->n - c->x + 1);
}

static double start(const mpl__cell *c)
{
    return log((c->x + 0.5) / (c->n - c->x + 0.5));
}

static int extreme(const mpl__cell *c)
{
    return c->x == 0 ? -1 : c->x == c->n;
}

static double best(const mpl__cell *c, double *eta)
{
    const double y = c->n - c->x;
    *eta = log(c->x / y) - c->offset;
    return (c->x > 0 ? c->x * log(c->x / c->n) : 0) + (y > 0 ? y * log(y / c->n) : 0);
}

const mpl__family mpl__family_binomial = { at, constant, start, extreme, best };
