/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Effects as reported: yi with its variance, its standard error or its interval. Measure GEN knows nothing else;
 * every other measure accepts these routes last.
 */
#include <math.h>

#include "base/error.h"
#include "effect/measure.h"
#include "num/dist.h"

static mpl_status take_log(double *x, const char *name, const mpl_transform *displayed, mpl_error *err)
{
    char text[32];
    const double y = displayed->inverse(*x);
    if (!isfinite(y))
        return mpl__fail(err, MPL_ERR_DATA, "%s = %s is not %s", name, mpl__show(*x, text),
                         displayed->is_ratio ? "a ratio; need a number above 0" : "1 - ratio; need a number below 1");
    *x = y;
    return MPL_OK;
}

/* Variances and standard errors belong to the log already: papers report no others for ratios. */
mpl_status mpl__route_vi(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    s->reported = true;
    return how->displayed ? take_log(&s->yi, "yi", how->displayed, err) : MPL_OK;
}

mpl_status mpl__route_sei(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    s->vi = s->sei * s->sei;
    return mpl__route_vi(s, how, err);
}

/* sei = (ci_ub - ci_lb)/(2z). An estimate more than a tenth of the width off the middle is noted, as conv.wald does. */
mpl_status mpl__route_ci(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    char yi[32], lb[32], ub[32];
    if (s->ci_lb > s->ci_ub)
        return mpl__fail(err, MPL_ERR_DATA, "ci_lb = %s is above ci_ub = %s", mpl__show(s->ci_lb, lb),
                         mpl__show(s->ci_ub, ub));
    if (s->yi < s->ci_lb || s->yi > s->ci_ub)
        return mpl__fail(err, MPL_ERR_DATA, "yi = %s is outside its interval from %s to %s", mpl__show(s->yi, yi),
                         mpl__show(s->ci_lb, lb), mpl__show(s->ci_ub, ub));
    if (how->displayed) {
        MPL_TRY(take_log(&s->ci_lb, "ci_lb", how->displayed, err));
        MPL_TRY(take_log(&s->ci_ub, "ci_ub", how->displayed, err));
    }
    MPL_TRY(mpl__route_vi(s, how, err));
    const double width = fabs(s->ci_ub - s->ci_lb); /* the upper efficacy is the lower ratio */
    if (fabs((s->ci_lb / 2 + s->ci_ub / 2) - s->yi) > width / 10)
        s->flags |= MPL__SKEWED_CI;
    s->vi = mpl__sq(width / (2 * how->z));
    if (width == 0)
        s->why = "its interval has no width";
    return MPL_OK;
}

/* sei = |yi/z| */
static mpl_status from_z(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl__route_vi(s, how, err));
    s->vi = mpl__sq(s->yi / s->zval);
    if (s->zval == 0 || s->yi == 0)
        s->why = "an effect of 0 has no standard error that a test could give";
    return MPL_OK;
}

mpl_status mpl__route_zval(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    char z[32], y[32];
    MPL_TRY(from_z(s, how, err));
    if (s->zval * s->yi < 0)
        return mpl__fail(err, MPL_ERR_DATA, "zval = %s and yi = %s have different signs%s", mpl__show(s->zval, z),
                         mpl__show(s->yi, y), how->displayed ? " on the scale of analysis" : "");
    return MPL_OK;
}

mpl_status mpl__route_pval(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl__t_of_p(s, s->pval, INFINITY, 1, &s->zval, err));
    return s->why ? MPL_OK : from_z(s, how, err);
}

mpl_status mpl__t_of_p(mpl__study *s, double p, double df, double difference, double *t, mpl_error *err)
{
    char text[32], x[32];
    if (p == 0)
        s->why = "a p-value of 0 is a rounded one; give its digits, or its bound";
    if (!(df > 0))
        s->why = "the p-value's test has no degrees of freedom";
    if (p < 0 && difference > 0)
        return mpl__fail(err, MPL_ERR_DATA, "the p-value %s has a minus sign, but the difference is %s",
                         mpl__show(p, text), mpl__show(difference, x));
    if (p > 0 && isnan(difference))
        s->flags |= MPL__SIGN_ASSUMED;
    if (!s->why)
        *t = mpl__t_q(fabs(p) / 2, df, MPL__UPPER) * (p < 0 || difference < 0 ? -1 : 1);
    return MPL_OK;
}

double mpl__log_ratio(double x, double y)
{
    const double apart = (x - y) / y;
    return fabs(apart) < 0.5 ? log1p(apart) : log(x / y);
}

/* Never reached: all routes of GEN are reported ones. */
static void reported(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->yi;
    e->vi = s->vi;
}

static const mpl_route routes[] = { MPL__REPORTED };

const mpl__measure mpl__measure_GEN = {
    .pub = { .method = { .id = "GEN", .title = "effect as reported, on the scale of analysis",
                         .cite = "Viechtbauer 2010, J Stat Softw 36(3):1-48", .aliases = "generic",
                         .about = "Give yi and one of vi, sei, ci_lb with ci_ub, zval, or pval. With --ratio-scale the "
                                  "data are ratios and logs are taken." },
             .family = "as reported", .label = "Effect", .scale = "effect as reported", .is_generic = true,
             MPL__ROUTES(routes) },
    .compute = reported,
};

const mpl__measure mpl__measure_GEN_ratio = {
    .pub = { .method = { .id = "GEN", .title = "ratio as reported, analysed as its log", .aliases = "generic" },
             .family = "as reported", .label = "Ratio", .scale = "log of the ratio as reported",
             .transform = &mpl__transform_exp, .is_generic = true, MPL__ROUTES(routes) },
    .compute = reported,
};
