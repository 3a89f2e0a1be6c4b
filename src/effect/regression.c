/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A regression on m predictors, the focal one included, in n cases: partial and semipartial correlation of the focal
 * predictor, or the t or p of its coefficient; R^2 of the model, or its F or that one's p.
 */
#include <math.h>

#include "base/error.h"
#include "effect/correlation.h"
#include "num/dist.h"
#include "num/special.h"

/* Degrees of freedom of the regression: n - m - 1. */
static mpl_status set_m(mpl__study *s, mpl_error *err)
{
    char m[32];
    if (s->mi < 1)
        return mpl__fail(err, MPL_ERR_DATA, "mi = %s; need at least 1 predictor", mpl__show(s->mi, m));
    s->m = s->ni - s->mi - 1;
    if (!(s->m > 0))
        s->why = "the regression has no degrees of freedom: ni is not above mi + 1";
    return MPL_OK;
}

static mpl_status partial_from_r(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    return set_m(s, err);
}

static mpl_status partial_from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    MPL_TRY(set_m(s, err));
    if (s->why)
        return MPL_OK;
    s->ri = s->ti / hypot(s->ti, sqrt(s->m));
    return MPL_OK;
}

static mpl_status partial_from_p(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(set_m(s, err));
    if (!s->why)
        MPL_TRY(mpl__t_of_p(s, s->pi, s->m, NAN, &s->ti, err));
    return s->why ? MPL_OK : partial_from_t(s, how, err);
}

/* No predictor explains more than all together; `role` and x are what the row reports. */
static mpl_status check_semi(const mpl__study *s, const char *role, double x, mpl_error *err)
{
    char shown[32], r[32], r2[32];
    if (s->ri * s->ri <= s->r2i)
        return MPL_OK;
    return mpl__fail(err, MPL_ERR_DATA, "%s = %s is a semi-partial correlation of %s, which explains more than all "
                     "predictors together, r2i = %s", role, mpl__show(x, shown), mpl__show(s->ri, r),
                     mpl__show(s->r2i, r2));
}

static mpl_status semi_from_r(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    char r[32], r2[32];
    MPL_TRY(set_m(s, err));
    if (s->ri * s->ri > s->r2i)
        return mpl__fail(err, MPL_ERR_DATA, "ri = %s explains more than all predictors together, r2i = %s",
                         mpl__show(s->ri, r), mpl__show(s->r2i, r2));
    return MPL_OK;
}

static mpl_status semi_from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    MPL_TRY(set_m(s, err));
    if (s->why)
        return MPL_OK;
    s->ri = s->ti * sqrt(1 - s->r2i) / sqrt(s->m);
    return check_semi(s, "ti", s->ti, err);
}

static mpl_status semi_from_p(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    MPL_TRY(set_m(s, err));
    if (!s->why)
        MPL_TRY(mpl__t_of_p(s, s->pi, s->m, NAN, &s->ti, err));
    if (s->why)
        return MPL_OK;
    s->ri = s->ti * sqrt(1 - s->r2i) / sqrt(s->m);
    return check_semi(s, "pi", s->pi, err);
}

/* R^2 = m F/(m F + n - m - 1) */
static mpl_status from_f(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    MPL_TRY(set_m(s, err));
    s->r2i = s->mi * s->fi / (s->mi * s->fi + s->m);
    return MPL_OK;
}

static mpl_status from_p_of_f(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(set_m(s, err));
    if (s->pi == 0 && !s->why)
        s->why = "a p-value of 0 is a rounded one; give its digits, or its bound";
    if (s->why)
        return MPL_OK;
    s->fi = mpl__f_q(fabs(s->pi), s->mi, s->m, MPL__UPPER);
    return from_f(s, how, err);
}

static const mpl_route routes_partial[] = {
    { "r", "ri mi ni", partial_from_r }, { "t", "ti mi ni", partial_from_t }, { "p", "pi mi ni", partial_from_p },
    MPL__REPORTED,
};
static const mpl_route routes_semi[] = {
    { "r", "ri r2i mi ni", semi_from_r }, { "t", "ti r2i mi ni", semi_from_t }, { "p", "pi r2i mi ni", semi_from_p },
    MPL__REPORTED,
};
static const mpl_route routes_r2[] = {
    { "r2", "r2i mi ni", partial_from_r }, { "f", "fi mi ni", from_f }, { "p", "pi mi ni", from_p_of_f },
    MPL__REPORTED,
};

static void pcor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->ri;
    e->vi = mpl__variance_of_r(s->ri, s->ni - s->mi);
    e->ni = s->ni;
}

static void zpcor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    mpl__fisher_z(s->ri, 1 / (s->ni - s->mi - 2), e);
    e->ni = s->ni;
    if (!(s->ni > s->mi + 2))
        e->why = "Fisher's z needs ni above mi + 2";
}

static void spcor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double r2 = s->r2i, rest = r2 - s->ri * s->ri;
    e->yi = s->ri;
    e->vi = (r2 * r2 - 2 * r2 + rest + 1 - rest * rest) / s->ni;
    e->ni = s->ni;
}

static void zspcor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    spcor(s, how, e);
    mpl__fisher_z(e->yi, e->vi / mpl__sq((1 - e->yi) * (1 + e->yi)), e);
}

static void r2(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double n = s->ni, r = how->vtype == MPL__AV || how->vtype == MPL__AV2 ? how->mean[0] : s->r2i;
    const double v = 4 * r * mpl__sq(1 - r);
    e->yi = s->r2i;
    e->ni = n;
    e->part[0] = s->r2i;
    e->weight[0] = n;
    if (how->vtype == MPL__LS2 || how->vtype == MPL__AV2)
        e->vi = v * mpl__sq(s->m) / ((n * n - 1) * (n + 3));
    else
        e->vi = v / n;
}

static void zr2(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    mpl__fisher_z(sqrt(s->r2i), 1 / s->ni, e);
    e->ni = s->ni;
}

static void r2f(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->r2i;
    e->vi = mpl__r2_likelihood_variance(s->r2i, s->mi, s->ni);
    e->ni = s->ni;
    e->why = "the likelihood of R-squared needs one above 0 and below 1";
}

/* The delta method on r2f's variance: d atanh(rho)/d rho^2 = 1/(2 rho (1 - rho^2)). */
static void zr2f(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    r2f(s, how, e);
    e->yi = atanh(sqrt(s->r2i));
    e->vi /= 4 * s->r2i * mpl__sq(1 - s->r2i);
}

#define R_LABEL  .family = "correlations", .label = "Correlation"
#define R2_LABEL .family = "correlations", .label = "R-squared"
#define ITEMS    .as = "mi:count"

const mpl__measure mpl__measure_PCOR = {
    .pub = { .method = { .id = "PCOR", .title = "partial correlation",
                         .cite = "Aloe & Thompson 2013, J Soc Soc Work Res 4:390-405; "
                                 "van Aert & Goos 2023, Res Synth Methods 14:520-525" },
             R_LABEL, MPL__ROUTES(routes_partial), .scale = "partial correlation" },
    ITEMS, .compute = pcor,
};

const mpl__measure mpl__measure_ZPCOR = {
    .pub = { .method = { .id = "ZPCOR", .title = "Fisher's z of a partial correlation",
                         .cite = "Fisher 1924, Metron 3:329-332; van Aert & Goos 2023, Res Synth Methods 14:520-525" },
             R_LABEL, MPL__ROUTES(routes_partial), .scale = "Fisher's z of the partial correlation",
             .transform = &mpl__transform_tanh },
    ITEMS, .compute = zpcor,
};

const mpl__measure mpl__measure_SPCOR = {
    .pub = { .method = { .id = "SPCOR", .title = "semipartial correlation",
                         .cite = "Aloe & Becker 2012, J Educ Behav Stat 37:278-297" },
             R_LABEL, MPL__ROUTES(routes_semi), .scale = "semipartial correlation" },
    ITEMS, .compute = spcor,
};

const mpl__measure mpl__measure_ZSPCOR = {
    .pub = { .method = { .id = "ZSPCOR", .title = "Fisher's z of a semipartial correlation",
                         .cite = "Aloe & Becker 2012, J Educ Behav Stat 37:278-297" },
             R_LABEL, MPL__ROUTES(routes_semi), .scale = "Fisher's z of the semipartial correlation",
             .transform = &mpl__transform_tanh },
    ITEMS, .compute = zspcor,
};

const mpl__measure mpl__measure_R2 = {
    .pub = { .method = { .id = "R2", .title = "R-squared of a regression",
                         .cite = "Kendall & Stuart 1979, The Advanced Theory of Statistics, 4th ed., vol. 2, ch. 27" },
             R2_LABEL, MPL__ROUTES(routes_r2), .scale = "R-squared", .vtypes = "LS LS2 AV AV2" },
    ITEMS, .compute = r2, .averaging = "AV AV2",
};

const mpl__measure mpl__measure_ZR2 = {
    .pub = { .method = { .id = "ZR2", .title = "Fisher's z of the root of R-squared",
                         .cite = "Olkin & Finn 1995, Psychol Bull 118:155-164" },
             R2_LABEL, MPL__ROUTES(routes_r2), .scale = "Fisher's z of the root of R-squared",
             .transform = &mpl__transform_tanh2 },
    ITEMS, .compute = zr2,
};

const mpl__measure mpl__measure_R2F = {
    .pub = { .method = { .id = "R2F",
                         .title = "R-squared of a regression, variance from its noncentral F likelihood",
                         .cite = "Kendall & Stuart 1979, The Advanced Theory of Statistics, 4th ed., vol. 2" },
             R2_LABEL, MPL__ROUTES(routes_r2), .scale = "R-squared" },
    ITEMS, .compute = r2f,
};

const mpl__measure mpl__measure_ZR2F = {
    .pub = { .method = { .id = "ZR2F",
                         .title = "Fisher's z of the root of R-squared, variance from its noncentral F likelihood",
                         .cite = "Olkin & Finn 1995, Psychol Bull 118:155-164" },
             R2_LABEL, MPL__ROUTES(routes_r2), .scale = "Fisher's z of the root of R-squared",
             .transform = &mpl__transform_tanh2 },
    ITEMS, .compute = zr2f,
};
