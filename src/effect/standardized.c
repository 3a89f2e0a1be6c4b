/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Differences between two means in units of a standard deviation, and what follows from them: log odds ratios,
 * correlations, the probability that one group exceeds the other. d is uncorrected, m its degrees of freedom, g = J d.
 */
#include <math.h>

#include "base/error.h"
#include "effect/means.h"
#include "num/dist.h"

static double total(const mpl__study *s)
{
    return s->n1i + s->n2i;
}

static void set_m(mpl__study *s, double m)
{
    s->m = m;
    if (!(m > 1))
        s->why = "the groups are too small for a standardized difference";
}

static void standardize(mpl__study *s, double variance, const char *if_zero)
{
    s->s2 = variance;
    s->d = (s->m1i - s->m2i) / sqrt(variance);
    if (variance == 0)
        s->why = if_zero;
}

static mpl_status by_pooled(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    standardize(s, mpl__pooled_variance(s), "the pooled standard deviation is 0");
    set_m(s, total(s) - 2);
    return MPL_OK;
}

static mpl_status by_average(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    standardize(s, (mpl__sq(s->sd1i) + mpl__sq(s->sd2i)) / 2, "both standard deviations are 0");
    set_m(s, total(s) - 2);
    return MPL_OK;
}

static mpl_status by_sd2(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    standardize(s, mpl__sq(s->sd2i), "sd2i is 0");
    set_m(s, s->n2i - 1);
    return MPL_OK;
}

static mpl_status from_d(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->d = s->di;
    set_m(s, total(s) - 2);
    return MPL_OK;
}

static mpl_status from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    s->di = s->ti * sqrt(mpl__inverse_n(s));
    return from_d(s, how, err);
}

static mpl_status from(mpl__study *s, double p, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl__t_of_p(s, p, total(s) - 2, s->m1i - s->m2i, &s->ti, err));
    return s->why ? MPL_OK : from_t(s, how, err);
}

static mpl_status from_pi(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    return from(s, s->pi, how, err);
}

static mpl_status from_pval(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    return from(s, s->pval, how, err);
}

/* (n1 + n2 - 2)(1/n1 + 1/n2): what relates d to the point-biserial correlation. */
static double stretch(const mpl__study *s)
{
    return (total(s) - 2) * mpl__inverse_n(s);
}

static mpl_status from_r(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    s->di = sqrt(stretch(s)) * s->ri / sqrt(1 - s->ri * s->ri);
    MPL_TRY(from_d(s, how, err));
    if (fabs(s->ri) == 1)
        s->why = "a correlation of 1 or -1 stands for an infinite difference";
    return MPL_OK;
}

/* The area under the curve is Phi(d/sqrt 2) for normal distributions with the same variance. */
static mpl_status from_auc(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    s->di = M_SQRT2 * mpl__norm_q(s->ai, MPL__LOWER);
    MPL_TRY(from_d(s, how, err));
    if (s->ai == 0 || s->ai == 1)
        s->why = "an area of 0 or 1 stands for an infinite difference";
    return MPL_OK;
}

#define TESTS                                                                                                        \
    { "d", "di n1i n2i", from_d }, { "t", "ti n1i n2i", from_t }, { "p", "pi n1i n2i", from_pi },                     \
        { "p", "pval n1i n2i", from_pval }

static const mpl_route routes_smd[] = {
    { MPL__MEANS, by_pooled }, TESTS, { "r", "ri n1i n2i", from_r }, MPL__REPORTED,
};
static const mpl_route routes_smdh[] = { { MPL__MEANS, by_average }, MPL__REPORTED };
static const mpl_route routes_smd1[] = { { "means", "m1i n1i m2i sd2i n2i", by_sd2 }, MPL__REPORTED };
static const mpl_route routes_smd1h[] = { { MPL__MEANS, by_sd2 }, MPL__REPORTED };
static const mpl_route routes_clesn[] = {
    { MPL__MEANS, by_average }, TESTS, { "auc", "ai n1i n2i", from_auc }, MPL__REPORTED,
};
static const mpl_route routes_auc[] = { { "auc", "ai n1i n2i", NULL }, MPL__REPORTED };

/*
 * Variances of g whose first term is 1/n1 + 1/n2 and whose second is g^2/(2n), n being the size that the divisor rests
 * on (Hedges 1982, 1983).
 */
static void standardized(const mpl__study *s, const mpl__how *how, double n, mpl__effect *e)
{
    const double j = how->correct ? how->j(s->m) : 1, d = s->d, m = s->m, g = j * d, lead = mpl__inverse_n(s);
    e->yi = g;
    e->ni = total(s);
    e->part[0] = g;
    e->weight[0] = total(s);
    switch (how->vtype) {
    case MPL__LS2:
        e->vi = j * j * (lead + d * d / (2 * n));
        break;
    case MPL__UB:
        e->vi = lead + (1 - (m - 2) / (m * j * j)) * g * g;
        break;
    case MPL__AV:
        e->vi = lead + mpl__sq(how->mean[0]) / (2 * n);
        break;
    case MPL__H0:
        e->vi = j * j * lead * m / (m - 2);
        e->why = "the variance under no effect needs more than 2 degrees of freedom";
        break;
    default:
        e->vi = lead + g * g / (2 * (n - how->less));
    }
}

static void smd(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    standardized(s, how, total(s), e);
}

static void smd1(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    mpl__how exact = *how; /* RevMan's N - 3.94 is for the pooled divisor */
    exact.less = 0;
    standardized(s, &exact, s->n2i, e);
}

/* Unequal variances: u1 and u2 are the groups' shares of twice the average; the LS forms differ in n or n - 1. */
static void smdh(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double g = (how->correct ? how->j(s->m) : 1) * s->d;
    const double less1 = how->vtype == MPL__LS2 ? 0 : 1, less2 = how->vtype == MPL__LS ? 1 : 0;
    const double u1 = mpl__sq(s->sd1i) / s->s2, u2 = mpl__sq(s->sd2i) / s->s2;
    e->yi = g;
    e->ni = total(s);
    e->vi = g * g / 8 * (u1 * u1 / (s->n1i - less1) + u2 * u2 / (s->n2i - less1)) + u1 / (s->n1i - less2) +
            u2 / (s->n2i - less2);
}

static void smd1h(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double g = (how->correct ? how->j(s->m) : 1) * s->d;
    e->yi = g;
    e->ni = total(s);
    e->vi = mpl__sq(s->sd1i) / s->s2 / (s->n1i - 1) + (1 + g * g / 2) / (s->n2i - 1);
}

static void d_to_or(const mpl__study *s, double factor, mpl__effect *e)
{
    e->yi = factor * s->d;
    e->vi = factor * factor * (mpl__inverse_n(s) + s->d * s->d / (2 * total(s)));
    e->ni = total(s);
}

static void d2orl(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    d_to_or(s, M_PI / sqrt(3), e);
}

static void d2orn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    d_to_or(s, 1.65, e);
}

static void rpb(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double n = total(s), h = stretch(s), d2 = s->d * s->d, r = s->d / sqrt(d2 + h);
    e->yi = r;
    e->ni = n;
    if (how->vtype == MPL__CS)
        e->vi = mpl__sq(1 - r * r) * (n * r * r / (4 * s->n1i * s->n2i) + (2 - 3 * r * r) / (2 * n));
    else
        e->vi = h * h / (mpl__sq(h + d2) * (h + d2)) * (mpl__inverse_n(s) + d2 / (2 * n));
}

static void rbis(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double n = total(s), p = s->n1i / n, q = s->n2i / n, z = mpl__norm_q(p, MPL__UPPER);
    const double f = mpl__norm_density(z), r = s->d / sqrt(s->d * s->d + stretch(s)) * sqrt(p * q) / f;
    const double r2 = fmin(r * r, 1);
    e->yi = r;
    e->ni = n;
    e->vi = (p * q / (f * f) - (1.5 + (1 - p * z / f) * (1 + q * z / f)) * r2 + r2 * r2) / (n - 1);
}

/* Fisher's z of another correlation, by the delta method: it does not stabilise the variance here. */
static void to_z(mpl__effect *e)
{
    const double r2 = fmin(e->yi * e->yi, 1);
    e->why = "Fisher's z of a correlation of 1 or more is not finite";
    e->yi = atanh(e->yi);
    e->vi /= mpl__sq(1 - r2);
}

static void zpb(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    rpb(s, how, e);
    to_z(e);
}

static void zbis(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    rbis(s, how, e);
    to_z(e);
}

/*
 * P(X1 > X2) + P(X1 = X2)/2, as observed: Newcombe 2006 (LS), Hanley & McNeil 1982 (LS2), Bamber 1975 (H0, MAX). A
 * share of ties, which LS2 could use, is rarely reported and taken as 0.
 */
static void cles(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double a = s->ai, n1 = s->n1i, n2 = s->n2i, n = (n1 + n2) / 2, q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
    e->yi = a;
    e->ni = total(s);
    switch (how->vtype) {
    case MPL__LS2:
        e->vi = (a * (1 - a) + (n1 - 1) * (q1 - a * a) + (n2 - 1) * (q2 - a * a)) / ((n1 - 1) * (n2 - 1));
        break;
    case MPL__H0:
        e->vi = (n1 + n2 + 1) / (12 * n1 * n2);
        break;
    case MPL__MAX:
        e->vi = a * (1 - a) / (fmin(n1, n2) - 1);
        break;
    default:
        e->vi = a * (1 - a) / ((n1 - 1) * (n2 - 1)) * (2 * n - 1 - 3 * (n - 1) / ((2 - a) * (1 + a)));
    }
}

/* Phi(d/sqrt 2) under normality. HO pools the variances; so does every study that gives a test and not its means. */
static void clesn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double n1 = s->n1i, n2 = s->n2i, u1 = mpl__sq(s->sd1i) / (2 * s->s2), u2 = mpl__sq(s->sd2i) / (2 * s->s2);
    const double less1 = how->vtype == MPL__LS2 ? 0 : 1, less2 = how->vtype == MPL__LS ? 1 : 0;
    const bool pooled = how->vtype == MPL__HO || isnan(s->s2);
    const double d = pooled && !isnan(s->s2) ? (s->m1i - s->m2i) / sqrt(mpl__pooled_variance(s)) : s->d, d2 = d * d;
    e->yi = mpl__norm_p(d / M_SQRT2, MPL__LOWER);
    e->ni = total(s);
    if (pooled)
        e->vi = exp(-d2 / 2) / (4 * M_PI) * (mpl__inverse_n(s) + d2 / (2 * total(s)));
    else if (how->vtype == MPL__H0)
        e->vi = (u1 / (n1 - 1) + u2 / (n2 - 1)) / (2 * M_PI);
    else
        e->vi = exp(-d2 / 2) / (8 * M_PI) *
                (d2 * (u1 * u1 / (n1 - less1) + u2 * u2 / (n2 - less1)) + 4 * (u1 / (n1 - less2) + u2 / (n2 - less2)));
}

#define TWO_MEANS .family = "two-group means"
#define SMD_LABEL .label = "Standardized mean difference"
#define TEST_ROLES .as = "di:real ai:share"

const mpl__measure mpl__measure_SMD = {
    .pub = { .method = { .id = "SMD", .title = "standardized mean difference (Hedges' g)",
                         .cite = "Hedges 1981, J Educ Stat 6:107-128; Hedges 1982, Psychol Bull 92:490-499" },
             TWO_MEANS, MPL__ROUTES(routes_smd), SMD_LABEL, .scale = "standardized mean difference",
             .vtypes = "LS LS2 UB AV H0" },
    TEST_ROLES, .compute = smd, .averaging = "AV", .large = 2,
};

const mpl__measure mpl__measure_SMDH = {
    .pub = { .method = { .id = "SMDH", .title = "standardized mean difference, unequal variances",
                         .cite = "Bonett 2008, Psychol Methods 13:99-109; Bonett 2009, Psychol Methods 14:225-238",
                         .about = "The variance is Bonett's for the uncorrected difference, as in metafor 5: for the "
                                  "corrected one it is some tenth too large in groups of 10, little in larger ones." },
             TWO_MEANS, MPL__ROUTES(routes_smdh), SMD_LABEL,
             .scale = "standardized mean difference (average variance)", .vtypes = "LS LS2 LS3" },
    .compute = smdh, .large = 2,
};

const mpl__measure mpl__measure_SMD1 = {
    .pub = { .method = { .id = "SMD1",
                         .title = "standardized mean difference, by the standard deviation of group 2 (Glass's delta)",
                         .cite = "Glass 1976, Educ Res 5:3-8; Hedges 1981, J Educ Stat 6:107-128" },
             TWO_MEANS, MPL__ROUTES(routes_smd1), SMD_LABEL,
             .scale = "standardized mean difference (standard deviation of group 2)", .vtypes = "LS LS2 UB AV H0" },
    .compute = smd1, .averaging = "AV", .large = 2,
};

const mpl__measure mpl__measure_SMD1H = {
    .pub = { .method = { .id = "SMD1H",
                         .title = "standardized mean difference, by the standard deviation of group 2, unequal "
                                  "variances",
                         .cite = "Bonett 2009, Psychol Methods 14:225-238" },
             TWO_MEANS, MPL__ROUTES(routes_smd1h), SMD_LABEL,
             .scale = "standardized mean difference (standard deviation of group 2)" },
    .compute = smd1h, .large = 2,
};

const mpl__measure mpl__measure_D2ORL = {
    .pub = { .method = { .id = "D2ORL", .title = "log odds ratio from means, logistic distributions",
                         .cite = "Chinn 2000, Stat Med 19:3127-3131; "
                                 "Sanchez-Meca, Marin-Martinez & Chacon-Moscoso 2003, Psychol Methods 8:448-467",
                         .aliases = "D2OR" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Odds ratio", .scale = "log odds ratio",
             .transform = &mpl__transform_exp },
    TEST_ROLES, .compute = d2orl,
};

const mpl__measure mpl__measure_D2ORN = {
    .pub = { .method = { .id = "D2ORN", .title = "log odds ratio from means, normal distributions",
                         .cite = "Cox & Snell 1989, Analysis of Binary Data, 2nd ed.; Sanchez-Meca, Marin-Martinez & "
                                 "Chacon-Moscoso 2003, Psychol Methods 8:448-467" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Odds ratio", .scale = "log odds ratio",
             .transform = &mpl__transform_exp },
    TEST_ROLES, .compute = d2orn,
};

const mpl__measure mpl__measure_RPB = {
    .pub = { .method = { .id = "RPB", .title = "point-biserial correlation",
                         .cite = "Tate 1954, Ann Math Stat 25:603-607" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Correlation", .scale = "point-biserial correlation",
             .vtypes = "ST CS" },
    TEST_ROLES, .compute = rpb,
};

const mpl__measure mpl__measure_ZPB = {
    .pub = { .method = { .id = "ZPB", .title = "Fisher's z of the point-biserial correlation",
                         .cite = "Tate 1954, Ann Math Stat 25:603-607" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Correlation",
             .scale = "Fisher's z of the point-biserial correlation", .vtypes = "ST CS",
             .transform = &mpl__transform_tanh },
    TEST_ROLES, .compute = zpb,
};

const mpl__measure mpl__measure_RBIS = {
    .pub = { .method = { .id = "RBIS", .title = "biserial correlation",
                         .cite = "Soper 1914, Biometrika 10:384-390; "
                                 "Jacobs & Viechtbauer 2017, Res Synth Methods 8:161-180" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Correlation", .scale = "biserial correlation" },
    TEST_ROLES, .compute = rbis,
};

const mpl__measure mpl__measure_ZBIS = {
    .pub = { .method = { .id = "ZBIS", .title = "Fisher's z of the biserial correlation",
                         .cite = "Soper 1914, Biometrika 10:384-390; "
                                 "Jacobs & Viechtbauer 2017, Res Synth Methods 8:161-180" },
             TWO_MEANS, MPL__ROUTES(routes_smd), .label = "Correlation",
             .scale = "Fisher's z of the biserial correlation", .transform = &mpl__transform_tanh },
    TEST_ROLES, .compute = zbis,
};

const mpl__measure mpl__measure_CLES = {
    .pub = { .method = { .id = "CLES", .title = "common language effect size (area under the curve), as observed",
                         .cite = "Newcombe 2006, Stat Med 25:559-573; Hanley & McNeil 1982, Radiology 143:29-36; "
                                 "Bamber 1975, J Math Psychol 12:387-415",
                         .aliases = "AUC" },
             .family = "probability that one exceeds the other", MPL__ROUTES(routes_auc),
             .label = "Probability that group 1 exceeds group 2",
             .scale = "probability that group 1 exceeds group 2", .vtypes = "LS LS2 H0 MAX", .null_value = 0.5 },
    TEST_ROLES, .compute = cles,
};

const mpl__measure mpl__measure_CLESN = {
    .pub = { .method = { .id = "CLESN",
                         .title = "common language effect size (area under the curve), normal distributions",
                         .cite = "McGraw & Wong 1992, Psychol Bull 111:361-365; "
                                 "Cho, Matthews & Harel 2019, Int Stat Rev 87:152-177",
                         .aliases = "AUCN" },
             .family = "probability that one exceeds the other", MPL__ROUTES(routes_clesn),
             .label = "Probability that group 1 exceeds group 2",
             .scale = "probability that group 1 exceeds group 2", .vtypes = "LS LS2 LS3 HO H0", .null_value = 0.5 },
    TEST_ROLES, .compute = clesn,
};
