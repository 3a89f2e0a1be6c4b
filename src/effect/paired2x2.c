/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same people on two occasions: a positive on both, b on the first only, c on the second only, d on neither. P1 and
 * P2 are the proportions on the occasions. MPORM has the two occasions' tables instead: a of n on the first, c of n on
 * the second.
 */
#include <math.h>

#include "base/error.h"
#include "effect/table2x2.h"

static mpl_status cells(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    if (s->ai + s->bi + s->ci + s->di == 0)
        s->why = "the table is empty";
    s->n1i = s->ai + s->bi;
    s->n2i = s->ci + s->di;
    return MPL_OK;
}

/* phi between occasions, from the proportion who are positive on both */
static mpl_status joint(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(cells(s, how, err));
    const double p1 = s->ai / s->n1i, p2 = s->ci / s->n2i;
    s->ri = (s->pi - p1 * p2) / sqrt(p1 * (1 - p1) * p2 * (1 - p2));
    if (!(fabs(s->ri) <= 1))
        s->why = "no table has these margins and this joint proportion";
    return MPL_OK;
}

static const mpl_route routes[] = { { "cells", "ai bi ci di", cells }, MPL__REPORTED };
static const mpl_route routes_marginal[] = {
    { "phi", "ai bi ci di ri", cells }, { "joint", "ai bi ci di pi", joint }, MPL__REPORTED,
};

typedef struct shares {
    double n, p1, p2, q1, q2; /* positive and negative on the occasions */
    double p12, p21;          /* on the first only, on the second only */
} shares;

static shares shares_of(const mpl__study *s, mpl__effect *e)
{
    const double n = s->ai + s->bi + s->ci + s->di;
    e->ni = n;
    return (shares){ n, (s->ai + s->bi) / n, (s->ai + s->ci) / n, (s->ci + s->di) / n, (s->bi + s->di) / n, s->bi / n,
                     s->ci / n };
}

/* n times the variance of P1 - P2: p12 + p21 - (p12 - p21)^2. */
static double variance_of_difference(const shares *p)
{
    return p->p12 * (1 - p->p12) + p->p21 * (1 - p->p21) + 2 * p->p12 * p->p21;
}

static void mprd(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const shares p = shares_of(s, e);
    e->yi = p.p12 - p.p21;
    e->vi = variance_of_difference(&p) / p.n;
}

static void mprr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const shares p = shares_of(s, e);
    e->yi = mpl__log_ratio(p.p1, p.p2);
    e->vi = (p.p12 + p.p21) / (p.n * p.p1 * p.p2);
}

static void mpor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const shares p = shares_of(s, e);
    e->yi = mpl__log_ratio(p.p1 * p.q2, p.q1 * p.p2);
    e->vi = variance_of_difference(&p) / (p.n * p.p1 * p.q1 * p.p2 * p.q2);
}

static void mporc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    shares_of(s, e);
    e->yi = mpl__log_ratio(s->bi, s->ci);
    e->vi = 1 / s->bi + 1 / s->ci;
}

static void mppeto(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    shares_of(s, e);
    e->yi = 2 * (s->bi - s->ci) / (s->bi + s->ci);
    e->vi = 4 / (s->bi + s->ci);
    e->why = "nobody changed between the occasions";
}

/* Where people were lost between the occasions, n is the mean of both sizes to a whole number, as in metafor. */
static void mporm(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double n = s->n1i == s->n2i ? s->n1i : rint((s->n1i + s->n2i) / 2);
    e->ni = n;
    e->yi = mpl__log_ratio(s->ai * s->di, s->bi * s->ci);
    e->vi = 1 / s->ai + 1 / s->bi + 1 / s->ci + 1 / s->di - 2 * s->ri * n / sqrt(s->ai * s->bi * s->ci * s->di);
}

#define PAIRED .family = "paired 2x2 tables"
#define COUNTS .zeros = &mpl__zeros_paired, .add = 0.5
#define BECKER "Becker & Balagtas 1993, Biometrics 49:997-1009"

const mpl__measure mpl__measure_MPRR = {
    .pub = { .method = { .id = "MPRR", .title = "log risk ratio of matched pairs, marginal", .cite = BECKER },
             PAIRED, MPL__ROUTES(routes), .label = "Risk ratio", .scale = "log risk ratio",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = mprr,
};

const mpl__measure mpl__measure_MPOR = {
    .pub = { .method = { .id = "MPOR", .title = "log odds ratio of matched pairs, marginal", .cite = BECKER },
             PAIRED, MPL__ROUTES(routes), .label = "Odds ratio", .scale = "log odds ratio",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = mpor,
};

const mpl__measure mpl__measure_MPRD = {
    .pub = { .method = { .id = "MPRD", .title = "risk difference of matched pairs",
                         .cite = "May & Johnson 1997, Stat Med 16:2127-2136" },
             PAIRED, MPL__ROUTES(routes), .label = "Risk difference", .scale = "risk difference" },
    COUNTS, .compute = mprd,
};

const mpl__measure mpl__measure_MPORC = {
    .pub = { .method = { .id = "MPORC", .title = "log odds ratio of matched pairs, conditional",
                         .cite = "Curtin, Elbourne & Altman 2002, Stat Med 21:2145-2159" },
             PAIRED, MPL__ROUTES(routes), .label = "Odds ratio", .scale = "log odds ratio (conditional)",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = mporc,
};

const mpl__measure mpl__measure_MPPETO = {
    .pub = { .method = { .id = "MPPETO", .title = "log odds ratio of matched pairs by Peto's method, conditional",
                         .cite = "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371; "
                                 "Curtin, Elbourne & Altman 2002, Stat Med 21:2145-2159" },
             PAIRED, MPL__ROUTES(routes), .label = "Odds ratio (Peto)",
             .scale = "log odds ratio (Peto, conditional)", .transform = &mpl__transform_exp },
    COUNTS, .compute = mppeto,
};

const mpl__measure mpl__measure_MPORM = {
    .pub = { .method = { .id = "MPORM",
                         .title = "log odds ratio of matched pairs from the two occasions' tables and their phi",
                         .cite = "Elbourne et al. 2002, Int J Epidemiol 31:140-149; " BECKER },
             PAIRED, MPL__ROUTES(routes_marginal), .label = "Odds ratio", .scale = "log odds ratio",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = mporm, .takes_ri = true, .as = "pi:share",
};
