/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standard errors from intervals, test statistics and p-values, and the way back. */
#include <math.h>

#include "effect/convert/conversion.h"
#include "num/dist.h"

static const char wald[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 6.3";

/* Half-width of an interval in standard errors: t where degrees of freedom are known. */
static double half_width(double level, double df)
{
    return mpl__t_q((1 - level) / 2, isnan(df) ? INFINITY : df, MPL__UPPER);
}

static const char *bad_df(double df)
{
    return isnan(df) || df > 0 ? NULL : "degrees of freedom are not positive";
}

static const char *from_vi(mpl__convert *c)
{
    const double vi = c->in[0];
    if (vi < 0)
        return "the variance is negative";
    c->out[0] = sqrt(vi);
    return NULL;
}

/* The middle of an interval may be off the estimate by a tenth of its width, as in metafor's conv.wald. */
static const char *from_ci(mpl__convert *c)
{
    const double lb = c->in[0], ub = c->in[1], yi = c->in[2], df = c->in[3];
    if (!(lb < ub))
        return lb == ub ? "the limits of the interval are the same" : "the lower limit is above the upper one";
    if (bad_df(df))
        return bad_df(df);
    const double middle = (lb + ub) / 2;
    if (!isnan(yi) && fabs(middle - yi) > 0.1 * (ub - lb))
        c->flags |= MPL__OFF_CENTRE;
    c->out[0] = isnan(yi) ? middle : yi;
    c->out[1] = (ub - lb) / (2 * half_width(c->options->level, df));
    return NULL;
}

static const char *from_upper(mpl__convert *c)
{
    const double yi = c->in[0], ub = c->in[1], df = c->in[2];
    if (!(yi < ub))
        return "the upper limit is not above the estimate";
    if (bad_df(df))
        return bad_df(df);
    c->out[0] = (ub - yi) / half_width(c->options->level, df);
    return NULL;
}

static const char *from_lower(mpl__convert *c)
{
    const double yi = c->in[0], lb = c->in[1], df = c->in[2];
    if (!(lb < yi))
        return "the lower limit is not below the estimate";
    if (bad_df(df))
        return bad_df(df);
    c->out[0] = (yi - lb) / half_width(c->options->level, df);
    return NULL;
}

static const char *from_statistic(mpl__convert *c)
{
    const double yi = c->in[0], z = c->in[1];
    if (z == 0 || yi == 0)
        return "an estimate or statistic of 0 does not tell the standard error";
    if ((z > 0) != (yi > 0))
        return "estimate and statistic have different signs";
    c->out[0] = yi / z;
    return NULL;
}

/* The sign of a signed p-value is not needed: the estimate has it. */
static const char *from_p(mpl__convert *c)
{
    const double yi = c->in[0], p = fabs(isnan(c->in[1]) ? c->in[3] : c->in[1]), df = c->in[2];
    if (p > 1)
        return "the p-value is above 1";
    if (p == 0)
        return "a p-value of 0 does not tell the standard error";
    if (yi == 0 || p == 1)
        return "an estimate of 0, or a p-value of 1, does not tell the standard error";
    if (bad_df(df))
        return bad_df(df);
    c->out[0] = fabs(yi) / mpl__t_q(p / 2, isnan(df) ? INFINITY : df, MPL__UPPER);
    return NULL;
}

#define FROM(symbol, id_, title_, cite_, inputs_, outputs_, apply_)                                                  \
    const mpl__conversion mpl__conversion_##symbol = {                                                               \
        .pub = { .method = { .id = id_, .title = title_, .cite = cite_ }, .target = "sei", .inputs = inputs_,        \
                 .outputs = outputs_ },                                                                              \
        .apply = apply_,                                                                                             \
    }

FROM(vi, "vi", "root of the sampling variance", wald, "vi", "sei", from_vi);
FROM(interval, "ci", "confidence interval, t where dfi is there; yi from its middle", wald,
     "ci_lb ci_ub [yi] [dfi]", "yi sei", from_ci);
FROM(upper, "ci-upper", "estimate and upper limit", wald, "yi ci_ub [dfi]", "sei", from_upper);
FROM(lower, "ci-lower", "estimate and lower limit", wald, "yi ci_lb [dfi]", "sei", from_lower);
FROM(z, "z", "estimate and z statistic", wald, "yi zval", "sei", from_statistic);
FROM(t, "t", "estimate and t statistic", wald, "yi ti", "sei", from_statistic);
FROM(p, "p", "estimate and two-sided p-value, of a t test where dfi is there", wald,
     "yi pval [dfi] | yi pi [dfi]", "sei", from_p);

/* yi, then the standard error, the variance or the interval; and degrees of freedom. */
static const char *error_of(const mpl__convert *c, double *se)
{
    const double sei = c->in[1], vi = c->in[3], lb = c->in[4], ub = c->in[5];
    *se = !isnan(sei) ? sei : !isnan(vi) ? sqrt(vi) : (ub - lb) / (2 * half_width(c->options->level, c->in[2]));
    return *se > 0 ? bad_df(c->in[2]) : "the standard error is not positive";
}

/* Inputs 4 and 5 are here a p-value and a z statistic. */
static const char *to_ci(mpl__convert *c)
{
    double se, in[] = { c->in[0], c->in[4], c->in[2], NAN };
    mpl__convert from = *c;
    const char *why = NULL;
    from.in = in;
    from.out = &se;
    if (!isnan(c->in[1]) || !isnan(c->in[3]))
        why = error_of(c, &se);
    else if (!isnan(c->in[4]))
        why = from_p(&from);
    else {
        in[1] = c->in[5];
        why = from_statistic(&from);
    }
    if (why)
        return why;
    const double half = half_width(c->options->level, c->in[2]) * se;
    c->out[0] = c->in[0] - half;
    c->out[1] = c->in[0] + half;
    return NULL;
}

static const char *to_statistic(mpl__convert *c)
{
    double se;
    const char *why = error_of(c, &se);
    c->out[0] = why ? NAN : c->in[0] / se;
    return why;
}

static const char *to_p(mpl__convert *c)
{
    double se;
    const char *why = error_of(c, &se);
    c->out[0] = why ? NAN : mpl__two_sided(c->in[0] / se, isnan(c->in[2]) ? INFINITY : c->in[2], NULL);
    return why;
}

static const char altman_p[] = "Altman & Bland 2011, BMJ 343:d2304";
static const char altman_ci[] = "Altman & Bland 2011, BMJ 343:d2090";

#define TO(symbol, id_, title_, cite_, target_, inputs_, outputs_, apply_)                                           \
    const mpl__conversion mpl__conversion_##symbol = {                                                               \
        .pub = { .method = { .id = id_, .title = title_, .cite = cite_ }, .target = target_,                         \
                 .inputs = "yi sei [dfi] | yi vi [dfi] | " inputs_, .outputs = outputs_ },                           \
        .apply = apply_,                                                                                             \
    }

TO(to_ci, "sei-ci", "interval of the estimate, by t where dfi is there", altman_ci, "ci",
   "yi pval [dfi] | yi zval", "ci_lb ci_ub", to_ci);
TO(to_z, "sei-z", "estimate over its standard error", altman_p, "z", "yi ci_lb ci_ub [dfi]", "zval", to_statistic);
TO(to_t, "sei-t", "estimate over its standard error", altman_p, "t", "yi ci_lb ci_ub [dfi]", "ti", to_statistic);
TO(to_p, "sei-p", "two-sided p-value of the estimate, of a t test where dfi is there", altman_p, "p",
   "yi ci_lb ci_ub [dfi]", "pval", to_p);
