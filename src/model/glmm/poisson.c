/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x ~ Poisson(exp(eta)); the logarithm of person-time is the offset. */
#include "model/glmm/cell.h"

#include <math.h>

static mpl__slope at(const mpl__cell *c, double eta)
{
    const double mean = exp(eta);
    return (mpl__slope){ (c->x > 0 ? c->x * eta : 0) - mean, c->x - mean, -mean };
}

static double constant(const mpl__cell *c)
{
    return -lgamma(c->x + 1);
}

static double start(const mpl__cell *c)
{
    return log(c->x + 0.5) - c->offset;
}

static int extreme(const mpl__cell *c)
{
    return c->x == 0 ? -1 : 0;
}

static double best(const mpl__cell *c, double *eta)
{
    *eta = log(c->x) - c->offset;
    return (c->x > 0 ? c->x * log(c->x) : 0) - c->x;
}

const mpl__family mpl__family_poisson = { at, constant, start, extreme, best };
