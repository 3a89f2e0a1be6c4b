/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wrappers around the function that was measured to be best for each job: GSL for normal tails and quantiles, R's
 * mathlib for the rest. Arguments are checked first, since both libraries print, loop or launder NaN on bad ones.
 *
 * R's quantiles are right to 3e-5 (F with many df) to 1e-9 (chi-squared far out). They are polished by Newton's method
 * on the logarithm of the tail against the logarithm of x, which is close to linear where tails are power laws and
 * leaves the tail's own accuracy.
 */
#include "num/dist.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <gsl/gsl_cdf.h>
#define MATHLIB_STANDALONE 1
#include <Rmath.h>
#include "num/guard.h"

static bool is_positive(double df)
{
    return df > 0 && df <= DBL_MAX;
}

static int is_lower(mpl__tail tail)
{
    return tail == MPL__LOWER;
}

/* ---- normal */

double mpl__norm_p(double x, mpl__tail tail)
{
    mpl__guard();
    if (isnan(x))
        return NAN;
    /* both libraries return 0 where the result is denormal */
    if (fabs(x) > 37.5)
        return exp(pnorm(x, 0, 1, is_lower(tail), true));
    return tail == MPL__LOWER ? gsl_cdf_ugaussian_P(x) : gsl_cdf_ugaussian_Q(x);
}

double mpl__norm_log_p(double x, mpl__tail tail)
{
    return isnan(x) ? NAN : pnorm(x, 0, 1, is_lower(tail), true);
}

double mpl__norm_q(double p, mpl__tail tail)
{
    mpl__guard();
    if (!(p >= 0 && p <= 1))
        return NAN;
    return tail == MPL__LOWER ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_ugaussian_Qinv(p);
}

double mpl__norm_density(double x)
{
    return isnan(x) ? NAN : dnorm(x, 0, 1, false);
}

/* ---- the others, through R */

typedef enum family { T, CHISQ, F, BETA } family;

static bool is_valid(family what, double x, double a, double b)
{
    return !isnan(x) && is_positive(a) && (what == T || what == CHISQ || is_positive(b));
}

static double tail_of(family what, double x, double a, double b, mpl__tail tail, bool as_log)
{
    const int lower = is_lower(tail);
    if (what == T && a == INFINITY)
        return as_log ? mpl__norm_log_p(x, tail) : mpl__norm_p(x, tail);
    if (what == F && b == INFINITY)
        return tail_of(CHISQ, x * a, a, 0, tail, as_log);
    if (!is_valid(what, x, a, b))
        return NAN;
    switch (what) {
    case T:
        return pt(x, a, lower, as_log);
    case CHISQ:
        return pchisq(x, a, lower, as_log);
    case F:
        return pf(x, a, b, lower, as_log);
    case BETA:
        return pbeta(x, a, b, lower, as_log);
    }
    return NAN;
}

static double log_density(family what, double x, double a, double b)
{
    switch (what) {
    case T:
        return dt(x, a, true);
    case CHISQ:
        return dchisq(x, a, true);
    case F:
        return df(x, a, b, true);
    case BETA:
        return dbeta(x, a, b, true);
    }
    return NAN;
}

/* R's quantile, or the end of a power law, log P ~ c + slope log x, where R has no digits left. */
static double start(family what, double p, double a, double b, mpl__tail tail)
{
    const int lower = is_lower(tail);
    switch (what) {
    case T:
        return a < 2 && p < 1e-8 ? 1e100 * exp((pt(1e100, a, false, true) - log(p)) / a) : -qt(p, a, true, false);
    case CHISQ:
        return qchisq(p, a, lower, false);
    case F: {
        const double x = qf(p, a, b, lower, false);
        return x > 0 ? x : 1e-100 * exp((log(p) - pf(1e-100, a, b, true, true)) / (a / 2));
    }
    case BETA:
        return qbeta(p, a, b, lower, false);
    }
    return NAN;
}

/* Newton steps in log x from a start that is right to a few digits, as long as they shrink. */
static double polish(family what, double x, double p, double a, double b, mpl__tail tail)
{
    double last = 0.5;
    for (int i = 0; i < 20 && x > DBL_MIN && x < DBL_MAX; i++) {
        const double log_p = tail_of(what, x, a, b, tail, true);
        const double step = (log_p - log(p)) / exp(log_density(what, x, a, b) + log(x) - log_p);
        if (!(fabs(step) < last))
            break;
        x *= exp(tail == MPL__LOWER ? -step : step);
        last = fabs(step) / 2;
        if (fabs(step) < DBL_EPSILON)
            break;
    }
    return x;
}

/* Of a distribution on 0 < x < top; p <= 1/2. */
static double quantile(family what, double p, double a, double b, mpl__tail tail, double top)
{
    if (p == 0)
        return tail == MPL__LOWER ? 0 : top;
    return fmin(polish(what, start(what, p, a, b, tail), p, a, b, tail), top);
}

double mpl__t_p(double x, double df, mpl__tail tail)
{
    return tail_of(T, x, df, 0, tail, false);
}

double mpl__t_log_p(double x, double df, mpl__tail tail)
{
    return tail_of(T, x, df, 0, tail, true);
}

double mpl__chisq_p(double x, double df, mpl__tail tail)
{
    return tail_of(CHISQ, x, df, 0, tail, false);
}

double mpl__chisq_log_p(double x, double df, mpl__tail tail)
{
    return tail_of(CHISQ, x, df, 0, tail, true);
}

double mpl__f_p(double x, double df1, double df2, mpl__tail tail)
{
    return tail_of(F, x, df1, df2, tail, false);
}

double mpl__f_log_p(double x, double df1, double df2, mpl__tail tail)
{
    return tail_of(F, x, df1, df2, tail, true);
}

double mpl__beta_p(double x, double a, double b, mpl__tail tail)
{
    return tail_of(BETA, x, a, b, tail, false);
}

double mpl__t_density(double x, double df)
{
    if (df == INFINITY)
        return mpl__norm_density(x);
    return is_valid(T, x, df, 0) ? dt(x, df, false) : NAN;
}

double mpl__two_sided(double statistic, double df, double *log_pval)
{
    const double x = fabs(statistic), log_p = M_LN2 + mpl__t_log_p(x, df, MPL__UPPER);
    if (log_pval)
        *log_pval = log_p > 0 ? 0 : log_p;
    return 2 * mpl__t_p(x, df, MPL__UPPER);
}

/* Quantiles work on the smaller tail: 1 - p is exact for p >= 1/2. */
static bool is_probability(double *p, mpl__tail *tail)
{
    if (*p > 0.5) {
        *p = 1 - *p;
        *tail = *tail == MPL__LOWER ? MPL__UPPER : MPL__LOWER;
    }
    return *p >= 0;
}

double mpl__t_q(double p, double df, mpl__tail tail)
{
    if (df == INFINITY)
        return mpl__norm_q(p, tail);
    if (!is_probability(&p, &tail) || !is_positive(df))
        return NAN;
    const double x = p == 0.5 ? 0 : quantile(T, p, df, 0, MPL__UPPER, INFINITY);
    return tail == MPL__UPPER ? x : -x;
}

double mpl__chisq_q(double p, double df, mpl__tail tail)
{
    return is_probability(&p, &tail) && is_positive(df) ? quantile(CHISQ, p, df, 0, tail, INFINITY) : NAN;
}

double mpl__f_q(double p, double df1, double df2, mpl__tail tail)
{
    if (df2 == INFINITY)
        return mpl__chisq_q(p, df1, tail) / df1;
    return is_probability(&p, &tail) && is_valid(F, 0, df1, df2) ? quantile(F, p, df1, df2, tail, INFINITY) : NAN;
}

double mpl__beta_q(double p, double a, double b, mpl__tail tail)
{
    return is_probability(&p, &tail) && is_valid(BETA, 0, a, b) ? quantile(BETA, p, a, b, tail, 1) : NAN;
}
