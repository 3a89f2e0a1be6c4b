/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group, events or not: x of n, m without an event. p = x/n. */
#include <math.h>

#include "base/error.h"
#include "effect/measure.h"
#include "num/dist.h"

static mpl_status events(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    char x[32], n[32];
    if (s->xi > s->ni)
        return mpl__fail(err, MPL_ERR_DATA, "xi = %s exceeds ni = %s", mpl__show(s->xi, x), mpl__show(s->ni, n));
    return MPL_OK;
}

static mpl_status cells(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->ni = s->xi + s->mi;
    if (s->ni == 0)
        s->why = "xi and mi are both 0";
    return MPL_OK;
}

static const mpl_route routes[] = { { "events", "xi ni", events }, { "cells", "xi mi", cells }, MPL__REPORTED };

static bool has_zero(const mpl__study *s)
{
    return s->xi == 0 || s->xi == s->ni;
}

/* A single group always tells something. */
static const char *empty(const mpl__study *s)
{
    (void)s;
    return NULL;
}

static void add(mpl__study *s, double group1, double group2)
{
    (void)group2;
    s->xi += group1;
    s->ni += 2 * group1;
    s->added = 2 * group1;
}

static void count(mpl__study *s)
{
    s->x1 = s->xi;
    s->n1 = s->ni;
}

static const mpl__zeros zeros = { has_zero, empty, add, NULL, count, MPL_COUNTS_PROPORTION };

/* Sets what AV variances average; returns the proportion that the variance is to use. */
static double share(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    e->ni = s->ni;
    e->part[0] = s->xi / s->ni;
    e->weight[0] = s->ni;
    return how->vtype == MPL__AV ? how->mean[0] : s->xi / s->ni;
}

static void pr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double p = share(s, how, e);
    e->yi = s->xi / s->ni;
    e->vi = p * (1 - p) / (how->vtype == MPL__UB ? s->ni - 1 : s->ni);
}

static void pln(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double p = share(s, how, e);
    e->yi = mpl__log_ratio(s->xi, s->ni);
    e->vi = how->vtype == MPL__AV ? (1 - p) / (p * s->ni) : (s->ni - s->xi) / (s->xi * s->ni);
}

static void plo(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double p = share(s, how, e);
    e->yi = mpl__log_ratio(s->xi, s->ni - s->xi);
    e->vi = how->vtype == MPL__AV ? 1 / (p * (1 - p) * s->ni) : 1 / s->xi + 1 / (s->ni - s->xi);
}

static void prz(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double p = share(s, how, e);
    e->yi = mpl__norm_q(p, MPL__LOWER);
    e->vi = p * (1 - p) / (s->ni * mpl__sq(mpl__norm_density(e->yi)));
}

static void pas(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    e->yi = asin(sqrt(share(s, how, e)));
    e->vi = 1 / (4 * s->ni);
}

static void pft(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    share(s, how, e);
    e->yi = (asin(sqrt(s->xi / (s->ni + 1))) + asin(sqrt((s->xi + 1) / (s->ni + 1)))) / 2;
    e->vi = 1 / (4 * s->ni + 2);
    e->unit = s->ni;
}

#define PROPORTION .family = "proportions of one group", MPL__ROUTES(routes), .label = "Proportion", .null_value = NAN
#define COUNTS     .as = "ni:whole mi:count", .zeros = &zeros, .counted = MPL__COUNTED_TRIALS

const mpl__measure mpl__measure_PR = {
    .pub = { .method = { .id = "PR", .title = "proportion", .cite = "Cochran 1977, Sampling Techniques, 3rd ed." },
             PROPORTION, .scale = "proportion", .vtypes = "LS UB AV" },
    COUNTS, .compute = pr, .add = 0.5, .averaging = "AV",
};

const mpl__measure mpl__measure_PLN = {
    .pub = { .method = { .id = "PLN", .title = "log proportion",
                         .cite = "Cochran 1977, Sampling Techniques, 3rd ed." },
             PROPORTION, .scale = "log proportion", .vtypes = "LS AV", .transform = &mpl__transform_exp },
    COUNTS, .compute = pln, .add = 0.5, .averaging = "AV",
};

const mpl__measure mpl__measure_PLO = {
    .pub = { .method = { .id = "PLO", .title = "log odds (logit of a proportion)",
                         .cite = "Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046-3067" },
             PROPORTION, .scale = "log odds", .vtypes = "LS AV", .transform = &mpl__transform_ilogit },
    COUNTS, .compute = plo, .add = 0.5, .averaging = "AV",
};

const mpl__measure mpl__measure_PRZ = {
    .pub = { .method = { .id = "PRZ", .title = "probit of a proportion", .cite = "Bliss 1934, Science 79:38-39" },
             PROPORTION, .scale = "probit", .transform = &mpl__transform_iprobit },
    COUNTS, .compute = prz, .add = 0.5,
};

const mpl__measure mpl__measure_PAS = {
    .pub = { .method = { .id = "PAS", .title = "arcsine of the root of a proportion",
                         .cite = "Rucker et al. 2009, Stat Med 28:721-738" },
             PROPORTION, .scale = "arcsine of the square root", .transform = &mpl__transform_sin2 },
    COUNTS, .compute = pas,
};

const mpl__measure mpl__measure_PFT = {
    .pub = { .method = { .id = "PFT", .title = "Freeman-Tukey double arcsine of a proportion",
                         .cite = "Freeman & Tukey 1950, Ann Math Stat 21:607-611; Miller 1978, Am Stat 32:138" },
             PROPORTION, .scale = "double arcsine", .transform = &mpl__transform_ipft },
    COUNTS, .compute = pft,
};
