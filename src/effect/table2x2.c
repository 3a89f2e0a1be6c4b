/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two groups, events or not: a and b in group 1, c and d in group 2. Below, n1 = a + b, n2 = c + d, p1 = a/n1,
 * p2 = c/n2, and after a zero-cell correction all of them are corrected. Measures of association are in association.c.
 */
#include "effect/table2x2.h"

#include <math.h>

#include "base/error.h"
#include "num/dist.h"

static mpl_status fail_total(const char *cells, double sum, const char *total, double n, mpl_error *err)
{
    char x[32], y[32];
    return mpl__fail(err, MPL_ERR_DATA, "%s = %s does not fit %s = %s", cells, mpl__show(sum, x), total,
                     mpl__show(n, y));
}

static mpl_status cells(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    const double n1 = s->ai + s->bi, n2 = s->ci + s->di;
    if (!isnan(s->n1i) && s->n1i != n1)
        return fail_total("ai + bi", n1, "n1i", s->n1i, err);
    if (!isnan(s->n2i) && s->n2i != n2)
        return fail_total("ci + di", n2, "n2i", s->n2i, err);
    s->n1i = n1;
    s->n2i = n2;
    if (n1 == 0 || n2 == 0)
        s->why = "an arm is empty";
    return MPL_OK;
}

static mpl_status fail_events(const char *cell, double events, const char *total, double n, mpl_error *err)
{
    char x[32], y[32];
    return mpl__fail(err, MPL_ERR_DATA, "%s = %s exceeds %s = %s", cell, mpl__show(events, x), total,
                     mpl__show(n, y));
}

static mpl_status events(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    if (s->ai > s->n1i)
        return fail_events("ai", s->ai, "n1i", s->n1i, err);
    if (s->ci > s->n2i)
        return fail_events("ci", s->ci, "n2i", s->n2i, err);
    s->bi = s->n1i - s->ai;
    s->di = s->n2i - s->ci;
    return MPL_OK;
}

const mpl_route mpl__routes_2x2[MPL__N_ROUTES_2X2] = {
    { "cells", "ai bi ci di", cells },
    { "events", "ai n1i ci n2i", events },
    MPL__REPORTED,
};

static bool has_zero(const mpl__study *s)
{
    return s->ai == 0 || s->bi == 0 || s->ci == 0 || s->di == 0;
}

static const char *empty(const mpl__study *s)
{
    if (s->ai == 0 && s->ci == 0)
        return "no events in either arm";
    return s->bi == 0 && s->di == 0 ? "only events in both arms" : NULL;
}

static void add(mpl__study *s, double group1, double group2)
{
    s->ai += group1;
    s->bi += group1;
    s->ci += group2;
    s->di += group2;
    s->n1i = s->ai + s->bi;
    s->n2i = s->ci + s->di;
    s->added = 2 * (group1 + group2);
}

static double share(const mpl__study *s)
{
    return s->n1i / (s->n1i + s->n2i);
}

static void count(mpl__study *s)
{
    s->x1 = s->ai;
    s->n1 = s->n1i;
    s->x2 = s->ci;
    s->n2 = s->n2i;
}

const mpl__zeros mpl__zeros_2x2 = { has_zero, empty, add, share, count, MPL_COUNTS_2X2 };
const mpl__zeros mpl__zeros_paired = { .has = has_zero, .empty = empty, .add = add };

/* Group-wise proportions of all studies, weighted by size: what AV variances use. */
static void average(const mpl__study *s, mpl__effect *e)
{
    e->ni = s->n1i + s->n2i;
    e->part[0] = s->ai / s->n1i;
    e->part[1] = s->ci / s->n2i;
    e->weight[0] = s->n1i;
    e->weight[1] = s->n2i;
}

static double both(const mpl__study *s)
{
    return (s->ai + s->ci) / (s->n1i + s->n2i);
}

static void or(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    average(s, e);
    const double p = both(s), m1 = how->mean[0], m2 = how->mean[1];
    e->yi = mpl__log_ratio(s->ai * s->di, s->bi * s->ci);
    if (how->vtype == MPL__AV)
        e->vi = 1 / (m1 * (1 - m1) * s->n1i) + 1 / (m2 * (1 - m2) * s->n2i);
    else if (how->vtype == MPL__H0)
        e->vi = (1 / s->n1i + 1 / s->n2i) / (p * (1 - p));
    else
        e->vi = 1 / s->ai + 1 / s->bi + 1 / s->ci + 1 / s->di;
}

static void rr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    average(s, e);
    const double p = both(s), m1 = how->mean[0], m2 = how->mean[1];
    e->yi = mpl__log_ratio(s->ai * s->n2i, s->ci * s->n1i);
    if (how->vtype == MPL__AV)
        e->vi = (1 - m1) / (m1 * s->n1i) + (1 - m2) / (m2 * s->n2i);
    else if (how->vtype == MPL__H0)
        e->vi = (1 - p) / p * (1 / s->n1i + 1 / s->n2i);
    else
        e->vi = s->bi / (s->ai * s->n1i) + s->di / (s->ci * s->n2i); /* 1/a - 1/n1 + 1/c - 1/n2 */
}

static void rd(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    average(s, e);
    const double p = both(s), m1 = how->mean[0], m2 = how->mean[1];
    const double less = how->vtype == MPL__UB ? 1 : 0;
    e->yi = (s->ai * s->n2i - s->ci * s->n1i) / (s->n1i * s->n2i);
    if (how->vtype == MPL__AV)
        e->vi = m1 * (1 - m1) / s->n1i + m2 * (1 - m2) / s->n2i;
    else if (how->vtype == MPL__H0)
        e->vi = p * (1 - p) * (1 / s->n1i + 1 / s->n2i);
    else
        e->vi = s->ai * s->bi / (s->n1i * s->n1i * (s->n1i - less)) +
                s->ci * s->di / (s->n2i * s->n2i * (s->n2i - less));
}

/* One-step estimate: observed minus expected over the hypergeometric variance. */
static void peto(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    average(s, e);
    const double n = s->n1i + s->n2i, events = s->ai + s->ci, rest = s->bi + s->di;
    const double v = s->n1i / n * (s->n2i / n) * events * rest / (n - 1);
    e->yi = (s->ai * s->di - s->bi * s->ci) / n / v; /* a - E = (ad - bc)/n */
    e->vi = 1 / v;
}

static void as(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    average(s, e);
    e->yi = asin(sqrt(s->ai / s->n1i)) - asin(sqrt(s->ci / s->n2i));
    e->vi = 1 / (4 * s->n1i) + 1 / (4 * s->n2i);
}

/* z(p1) - z(p2), z the normal quantile. */
static void pbit(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    average(s, e);
    const double z1 = mpl__norm_q(s->ai / s->n1i, MPL__LOWER), z2 = mpl__norm_q(s->ci / s->n2i, MPL__LOWER);
    e->yi = z1 - z2;
    e->vi = s->ai * s->bi / (mpl__sq(s->n1i * mpl__norm_density(z1)) * s->n1i) +
            s->ci * s->di / (mpl__sq(s->n2i * mpl__norm_density(z2)) * s->n2i);
}

static void scaled_or(const mpl__study *s, const mpl__how *how, double factor, mpl__effect *e)
{
    or(s, how, e);
    e->yi *= factor;
    e->vi *= factor * factor;
}

static void or2dl(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    scaled_or(s, how, sqrt(3) / M_PI, e);
}

static void or2dn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    scaled_or(s, how, 1 / 1.65, e);
}

#define TABLE_2X2 .family = "2x2 tables", MPL__ROUTES(mpl__routes_2x2)
#define COUNTS    .as = "n1i:whole n2i:whole", .zeros = &mpl__zeros_2x2
#define FLEISS    "Fleiss & Berlin 2009, Handbook of Research Synthesis, 2nd ed., ch. 13"
#define OR2D_CITE                                                                                                    \
    "Chinn 2000, Stat Med 19:3127-3131; "                                                                            \
    "Sanchez-Meca, Marin-Martinez & Chacon-Moscoso 2003, Psychol Methods 8:448-467"

const mpl__measure mpl__measure_OR = {
    .pub = { .method = { .id = "OR", .title = "log odds ratio", .cite = FLEISS },
             TABLE_2X2, .label = "Odds ratio", .scale = "log odds ratio", .vtypes = "LS AV H0",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = or, .add = 0.5, .averaging = "AV",
};

const mpl__measure mpl__measure_RR = {
    .pub = { .method = { .id = "RR", .title = "log risk ratio", .cite = FLEISS },
             TABLE_2X2, .label = "Risk ratio", .scale = "log risk ratio", .vtypes = "LS AV H0",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = rr, .add = 0.5, .averaging = "AV",
};

#define EFFICACY                                                                                                     \
    "Orenstein et al. 1985, Bull World Health Organ 63:1055-1068; Halloran, Longini & Struchiner 2010, Design and "  \
    "Analysis of Vaccine Studies"

const mpl__measure mpl__measure_VE = {
    .pub = { .method = { .id = "VE", .title = "vaccine efficacy, 1 - risk ratio, analysed as the log risk ratio",
                         .cite = EFFICACY,
                         .about = "Group 1 is the vaccinated one. With --ratio-scale yi and its limits are reported "
                                  "efficacies, such as 0.62: proportions, not percentages." },
             TABLE_2X2, .label = "Vaccine efficacy", .scale = "log risk ratio", .vtypes = "LS AV H0",
             .transform = &mpl__transform_ve },
    COUNTS, .compute = rr, .add = 0.5, .averaging = "AV", .like = "RR",
};

const mpl__measure mpl__measure_VEOR = {
    .pub = { .method = { .id = "VEOR",
                         .title = "vaccine effectiveness, 1 - odds ratio, analysed as the log odds ratio",
                         .cite = EFFICACY,
                         .about = "Of case-control and test-negative designs; otherwise as VE." },
             TABLE_2X2, .label = "Vaccine effectiveness", .scale = "log odds ratio", .vtypes = "LS AV H0",
             .transform = &mpl__transform_ve },
    COUNTS, .compute = or, .add = 0.5, .averaging = "AV", .like = "OR",
};

const mpl__measure mpl__measure_RD = {
    .pub = { .method = { .id = "RD", .title = "risk difference", .cite = FLEISS },
             TABLE_2X2, .label = "Risk difference", .scale = "risk difference", .vtypes = "LS UB AV H0" },
    COUNTS, .compute = rd, .add = 0.5, .averaging = "AV",
};

const mpl__measure mpl__measure_PETO = {
    .pub = { .method = { .id = "PETO", .title = "log odds ratio by Peto's method",
                         .cite = "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371" },
             TABLE_2X2, .label = "Odds ratio (Peto)", .scale = "log odds ratio (Peto)",
             .transform = &mpl__transform_exp },
    COUNTS, .compute = peto, .add = 0.5,
};

const mpl__measure mpl__measure_AS = {
    .pub = { .method = { .id = "AS", .title = "difference of the arcsines of root risks",
                         .cite = "Rucker et al. 2009, Stat Med 28:721-738" },
             TABLE_2X2, .label = "Arcsine risk difference", .scale = "arcsine risk difference" },
    COUNTS, .compute = as,
};

const mpl__measure mpl__measure_PBIT = {
    .pub = { .method = { .id = "PBIT", .title = "difference of probits, a standardized mean difference",
                         .cite = OR2D_CITE },
             TABLE_2X2, .label = "Standardized mean difference", .scale = "probit difference" },
    COUNTS, .compute = pbit, .add = 0.5,
};

const mpl__measure mpl__measure_OR2DL = {
    .pub = { .method = { .id = "OR2DL",
                         .title = "standardized mean difference from an odds ratio, logistic distributions",
                         .cite = OR2D_CITE, .aliases = "OR2D" },
             TABLE_2X2, .label = "Standardized mean difference", .scale = "standardized mean difference" },
    COUNTS, .compute = or2dl, .add = 0.5,
};

const mpl__measure mpl__measure_OR2DN = {
    .pub = { .method = { .id = "OR2DN",
                         .title = "standardized mean difference from an odds ratio, normal distributions",
                         .cite = "Cox & Snell 1989, Analysis of Binary Data, 2nd ed.; " OR2D_CITE },
             TABLE_2X2, .label = "Standardized mean difference", .scale = "standardized mean difference" },
    COUNTS, .compute = or2dn, .add = 0.5,
};
