/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One group measured twice, or matched pairs: means m1, m2, standard deviations s1, s2, their correlation r and the
 * number of pairs n. The variance of the change is s_d^2 = s1^2 + s2^2 - 2 r s1 s2. m1 - m2 is the change, so the
 * later measurement belongs in m1i.
 */
#include <math.h>

#include "base/error.h"
#include "effect/measure.h"
#include "num/dist.h"
#include "num/special.h"

/* (s1 - s2)^2 + 2 (1 - r) s1 s2, the same without cancellation. */
static double variance_of_change(const mpl__study *s)
{
    return mpl__sq(s->sd1i - s->sd2i) + 2 * (1 - s->ri) * s->sd1i * s->sd2i;
}

static void set_m(mpl__study *s, double m)
{
    s->m = m;
    if (!(m > 1))
        s->why = "ni is too small for a standardized change";
}

static mpl_status from_means(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->mi = s->m1i - s->m2i;
    s->s2 = variance_of_change(s);
    return MPL_OK;
}

static mpl_status from_change(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->s2 = mpl__sq(s->sdi);
    return MPL_OK;
}

/* The change and a paired test of it. */
static mpl_status change_from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    char t[32], x[32];
    const bool by_means = isnan(s->mi);
    if (by_means)
        s->mi = s->m1i - s->m2i;
    if (s->ti * s->mi < 0)
        return mpl__fail(err, MPL_ERR_DATA, "ti = %s and %s = %s have different signs", mpl__show(s->ti, t),
                         by_means ? "m1i - m2i" : "mi", mpl__show(s->mi, x));
    s->s2 = mpl__sq(s->mi / s->ti) * s->ni;
    if (s->ti == 0 || s->mi == 0)
        s->why = "a change of 0 has no standard error that a test could give";
    return MPL_OK;
}

static mpl_status change_from_p(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    if (isnan(s->mi))
        s->mi = s->m1i - s->m2i;
    MPL_TRY(mpl__t_of_p(s, s->pi, s->ni - 1, s->mi, &s->ti, err));
    return s->why ? MPL_OK : change_from_t(s, how, err);
}

static mpl_status divide(mpl__study *s)
{
    s->d = s->mi / sqrt(s->s2);
    set_m(s, s->ni - 1);
    if (s->s2 == 0)
        s->why = "the standard deviation of the change is 0";
    return MPL_OK;
}

static mpl_status d_from_means(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(from_means(s, how, err));
    return divide(s);
}

static mpl_status d_from_change(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(from_change(s, how, err));
    return divide(s);
}

static mpl_status d_from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->d = s->ti / sqrt(s->ni);
    set_m(s, s->ni - 1);
    return MPL_OK;
}

/* Of a paired t test. */
static mpl_status d_from_p(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl__t_of_p(s, s->pi, s->ni - 1, s->m1i - s->m2i, &s->ti, err));
    return s->why ? MPL_OK : d_from_t(s, how, err);
}

/* SMCR, SMCRH: the standard deviation in sd1i's place divides. */
static mpl_status d_by_sd1(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->s2 = mpl__sq(s->sd1i);
    s->d = (s->m1i - s->m2i) / s->sd1i;
    set_m(s, s->ni - 1);
    if (s->sd1i == 0)
        s->why = "sd1i is 0";
    return MPL_OK;
}

/* SMCRP, SMCRPH, CLESCN: the root of the average variance divides; its degrees of freedom are 2(n - 1)/(1 + r^2). */
static mpl_status d_by_average(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->s2 = (mpl__sq(s->sd1i) + mpl__sq(s->sd2i)) / 2;
    s->d = (s->m1i - s->m2i) / sqrt(s->s2);
    set_m(s, 2 * (s->ni - 1) / (1 + s->ri * s->ri));
    if (s->s2 == 0)
        s->why = "both standard deviations are 0";
    return MPL_OK;
}

#define MEANS  "means", "m1i sd1i m2i sd2i ni ri"
#define CHANGE "change", "mi sdi ni"

static const mpl_route routes_mc[] = {
    { MEANS, from_means },
    { CHANGE, from_change },
    { "t", "m1i m2i ti ni", change_from_t },
    { "t", "mi ti ni", change_from_t },
    { "p", "m1i m2i pi ni", change_from_p },
    { "p", "mi pi ni", change_from_p },
    MPL__REPORTED,
};
static const mpl_route routes_smcc[] = {
    { MEANS, d_from_means }, { CHANGE, d_from_change }, { "t", "ti ni", d_from_t }, { "p", "pi ni", d_from_p },
    MPL__REPORTED,
};
static const mpl_route routes_smcr[] = { { "means", "m1i sd1i m2i ni ri", d_by_sd1 }, MPL__REPORTED };
static const mpl_route routes_smcrh[] = { { MEANS, d_by_sd1 }, MPL__REPORTED };
static const mpl_route routes_smcrp[] = { { MEANS, d_by_average }, MPL__REPORTED };
static const mpl_route routes_ratio[] = { { MEANS, NULL }, MPL__REPORTED };
static const mpl_route routes_spread[] = { { "sds", "sd1i sd2i ni ri", NULL }, MPL__REPORTED };

static void mc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->mi;
    e->vi = s->s2 / s->ni;
    e->ni = s->ni;
}

/* Variances of g whose first term is lead/n, r in it replaced by its unbiased estimate where `unbiased` says so. */
static void standardized(const mpl__study *s, const mpl__how *how, double lead, double unbiased, mpl__effect *e)
{
    const double j = how->correct ? how->j(s->m) : 1, d = s->d, g = j * d, m = s->m, n = s->ni;
    e->yi = g;
    e->ni = n;
    switch (how->vtype) {
    case MPL__LS2:
        e->vi = j * j * (lead / n + d * d / (2 * n));
        break;
    case MPL__UB:
        e->vi = unbiased / n + (1 - (m - 2) / (m * j * j)) * g * g;
        break;
    case MPL__H0:
        e->vi = j * j * unbiased / n * m / (m - 2);
        e->why = "the variance under no effect needs more than 2 degrees of freedom";
        break;
    default:
        e->vi = lead / n + g * g / (2 * n);
    }
}

static void smcc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    standardized(s, how, 1, 1, e);
}

/* r is replaced by Olkin and Pratt's estimate where the variance is to be unbiased (Viechtbauer 2007). */
static void smcr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const bool unbiased = how->vtype == MPL__UB || how->vtype == MPL__H0;
    const double r = unbiased ? s->ri * mpl__hyp2f1_half((s->ni - 2) / 2, s->ri) : s->ri;
    standardized(s, how, 2 * (1 - s->ri), 2 * (1 - r), e);
    if (isnan(r))
        e->why = "an unbiased estimate of ri needs ni above 4";
}

static double n_of(const mpl__study *s, const mpl__how *how)
{
    return how->vtype == MPL__LS2 ? s->ni : s->ni - 1;
}

static void smcrh(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double g = (how->correct ? how->j(s->m) : 1) * s->d;
    e->yi = g;
    e->ni = s->ni;
    e->vi = (variance_of_change(s) / s->s2 + g * g / 2) / n_of(s, how);
}

static void smcrp(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double g = (how->correct ? how->j(s->m) : 1) * s->d;
    e->yi = g;
    e->ni = s->ni;
    e->vi = 2 * (1 - s->ri) / s->ni + g * g * (1 + s->ri * s->ri) / (4 * s->ni);
}

/* Variance of (m1 - m2)/s, s^2 the average variance, at the standardized change x (Bonett 2008, with r). */
static double heteroscedastic(const mpl__study *s, double x, double n)
{
    const double u1 = mpl__sq(s->sd1i) / s->s2, u2 = mpl__sq(s->sd2i) / s->s2;
    return (variance_of_change(s) / s->s2 + x * x * (u1 * u1 + u2 * u2 + 2 * mpl__sq(s->ri) * u1 * u2) / 8) / n;
}

static void smcrph(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    e->yi = (how->correct ? how->j(s->m) : 1) * s->d;
    e->vi = heteroscedastic(s, e->yi, n_of(s, how));
    e->ni = s->ni;
}

static void clescn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = mpl__norm_p(s->d / M_SQRT2, MPL__LOWER);
    e->vi = exp(-s->d * s->d / 2) / (4 * M_PI) * heteroscedastic(s, s->d, s->ni - 1);
    e->ni = s->ni;
}

/* LS2: the second-order terms of Lajeunesse 2015, and their covariance (Senior, Viechtbauer & Nakagawa 2020). */
static void romc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double cv1 = s->sd1i / s->m1i, cv2 = s->sd2i / s->m2i, n = s->ni, q = mpl__sq(s->m1i / s->m2i);
    e->yi = s->m1i / s->m2i > 0 ? mpl__log_ratio(s->m1i, s->m2i) : NAN;
    if (how->correct)
        e->yi += (cv1 - cv2) * (cv1 + cv2) / (2 * n);
    e->why = "m1i/m2i is not above 0";
    e->vi = (mpl__sq(cv1 - cv2) + 2 * (1 - s->ri) * cv1 * cv2) / n;
    if (how->vtype == MPL__LS2)
        e->vi += (mpl__sq(cv1 * cv1) + mpl__sq(cv2 * cv2) + mpl__sq(s->ri * cv1 * cv2) * (q + 1 / q)) / (2 * n * n);
    e->ni = n;
}

static void vrc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double r2 = s->ri * s->ri, df = s->ni - 1, q = mpl__sq(mpl__sq(s->sd1i / s->sd2i));
    e->yi = mpl__log_ratio(s->sd1i, s->sd2i);
    e->vi = how->vtype == MPL__LS2 ? (s->ni / df - r2 + r2 * r2 * (q + 1 / q) / (2 * df)) / df : (1 - r2) / df;
    e->ni = s->ni;
    e->why = df > 0 ? "a standard deviation is 0" : "one pair has no standard deviation";
}

static void cvrc(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    mpl__effect ratio = { 0 };
    romc(s, how, &ratio);
    vrc(s, how, e);
    if (isfinite(e->yi))
        e->why = ratio.why;
    e->yi -= ratio.yi;
    e->vi += ratio.vi;
}

#define PRE_POST     .family = "pre/post and matched means"
#define CHANGE_LABEL .label = "Standardized mean change"

const mpl__measure mpl__measure_MC = {
    .pub = { .method = { .id = "MC", .title = "mean change",
                         .cite = "Becker 1988, Br J Math Stat Psychol 41:257-278" },
             PRE_POST, MPL__ROUTES(routes_mc), .label = "Mean change", .scale = "mean change" },
    .compute = mc, .takes_ri = true,
};

const mpl__measure mpl__measure_SMCC = {
    .pub = { .method = { .id = "SMCC", .title = "standardized mean change, by the standard deviation of the change",
                         .cite = "Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271-279; "
                                 "Viechtbauer 2007, J Educ Behav Stat 32:39-60" },
             PRE_POST, MPL__ROUTES(routes_smcc), CHANGE_LABEL, .scale = "standardized mean change (change score)",
             .vtypes = "LS LS2 UB H0" },
    .compute = smcc, .takes_ri = true, .large = 2,
};

const mpl__measure mpl__measure_SMCR = {
    .pub = { .method = { .id = "SMCR", .title = "standardized mean change, by the standard deviation in sd1i",
                         .cite = "Becker 1988, Br J Math Stat Psychol 41:257-278; "
                                 "Viechtbauer 2007, J Educ Behav Stat 32:39-60" },
             PRE_POST, MPL__ROUTES(routes_smcr), CHANGE_LABEL, .scale = "standardized mean change (raw score)",
             .vtypes = "LS LS2 UB H0" },
    .compute = smcr, .takes_ri = true, .large = 2,
};

const mpl__measure mpl__measure_SMCRH = {
    .pub = { .method = { .id = "SMCRH",
                         .title = "standardized mean change, by the standard deviation in sd1i, unequal variances",
                         .cite = "Bonett 2008, Psychol Methods 13:99-109" },
             PRE_POST, MPL__ROUTES(routes_smcrh), CHANGE_LABEL, .scale = "standardized mean change (raw score)",
             .vtypes = "LS LS2" },
    .compute = smcrh, .takes_ri = true, .large = 2,
};

const mpl__measure mpl__measure_SMCRP = {
    .pub = { .method = { .id = "SMCRP", .title = "standardized mean change, by the average standard deviation",
                         .cite = "Cousineau 2020, Quant Methods Psychol 16:418-421" },
             PRE_POST, MPL__ROUTES(routes_smcrp), CHANGE_LABEL,
             .scale = "standardized mean change (average variance)" },
    .compute = smcrp, .takes_ri = true, .large = 2,
};

const mpl__measure mpl__measure_SMCRPH = {
    .pub = { .method = { .id = "SMCRPH",
                         .title = "standardized mean change, by the average standard deviation, unequal variances",
                         .cite = "Bonett 2008, Psychol Methods 13:99-109; "
                                 "Cousineau 2020, Quant Methods Psychol 16:418-421" },
             PRE_POST, MPL__ROUTES(routes_smcrp), CHANGE_LABEL,
             .scale = "standardized mean change (average variance)", .vtypes = "LS LS2" },
    .compute = smcrph, .takes_ri = true, .large = 2,
};

const mpl__measure mpl__measure_ROMC = {
    .pub = { .method = { .id = "ROMC", .title = "log ratio of means of matched groups",
                         .cite = "Lajeunesse 2011, Ecology 92:2049-2055; Lajeunesse 2015, Ecology 96:2056-2063" },
             PRE_POST, MPL__ROUTES(routes_ratio), .label = "Ratio of means", .scale = "log ratio of means",
             .vtypes = "LS LS2", .transform = &mpl__transform_exp },
    .compute = romc, .takes_ri = true,
};

const mpl__measure mpl__measure_VRC = {
    .pub = { .method = { .id = "VRC", .title = "log variability ratio of matched groups",
                         .cite = "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553-567" },
             PRE_POST, MPL__ROUTES(routes_spread), .label = "Variability ratio", .scale = "log variability ratio",
             .vtypes = "LS LS2", .transform = &mpl__transform_exp },
    .compute = vrc, .takes_ri = true,
};

const mpl__measure mpl__measure_CVRC = {
    .pub = { .method = { .id = "CVRC", .title = "log ratio of coefficients of variation of matched groups",
                         .cite = "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553-567" },
             PRE_POST, MPL__ROUTES(routes_ratio), .label = "Ratio of coefficients of variation",
             .scale = "log ratio of coefficients of variation", .vtypes = "LS LS2",
             .transform = &mpl__transform_exp },
    .compute = cvrc, .takes_ri = true,
};

const mpl__measure mpl__measure_CLESCN = {
    .pub = { .method = { .id = "CLESCN",
                         .title = "common language effect size (area under the curve) of matched groups, normal",
                         .cite = "McGraw & Wong 1992, Psychol Bull 111:361-365; Bonett 2008, Psychol Methods 13:99-109",
                         .aliases = "AUCCN" },
             .family = "probability that one exceeds the other", MPL__ROUTES(routes_smcrp),
             .label = "Probability that m1i exceeds m2i", .scale = "probability that the first exceeds the second",
             .null_value = 0.5 },
    .compute = clescn, .takes_ri = true,
};
