/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wrappers around the function that was measured to be best for each job: GSL for normal tails and quantiles, R's
 * mathlib for the rest. Arguments are checked first, since both libraries print, loop or launder NaN on bad ones.
 *
 * R's quantiles are right to 3e-5 (F with many df) to 1e-9 (chi-squared far out). They are polished by Halley's
 * method on the logarithm of the tail against the logarithm of x, which is close to linear where tails are power laws
 * and leaves the tail's own accuracy.
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

/* y I'_y(a, b) (1 - y) / (a I_y(a, b)): the continued fraction of DLMF 8.17.22, for y < a/(a + b). */
static double small_beta_fraction(double y, double a, double b)
{
    enum { MOST = 10000 };
    double f = 1, c = 1, d = 0;
    for (int n = 1; n < MOST; n++) {
        const double m = n / 2;
        const double term = n % 2 ? -(a + m) * (a + b + m) * y / ((a + 2 * m) * (a + 2 * m + 1))
                                  : m * (b - m) * y / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + term * d);
        c = 1 + term / c;
        f *= c * d;
        if (fabs(c * d - 1) < DBL_EPSILON / 2)
            break;
    }
    return f;
}

/* The logarithm of a tail beyond 1e-260, where y^ya underflows in R, which prints then; NaN of one that is not. */
static double far_tail(family what, double x, double a, double b, mpl__tail tail)
{
    enum { FAR = -600 };
    const bool is_upper = tail == MPL__UPPER;
    double log_y, ya, zb, part = 0; /* the tail is I_y(ya, zb) e^part */
    if (what == T && (x > 0) == is_upper) {
        ya = a / 2;
        zb = 0.5;
        log_y = -log1p(x / a * x);
        part = -M_LN2;
    } else if (what == F && x > 0) {
        ya = (is_upper ? b : a) / 2;
        zb = (is_upper ? a : b) / 2;
        log_y = -log1p(is_upper ? a / b * x : b / a / x);
    } else if (what == BETA && x > 0 && x < 1) {
        ya = is_upper ? b : a;
        zb = is_upper ? a : b;
        log_y = is_upper ? log1p(-x) : log(x);
        part = log1p(-x);
    } else {
        return NAN;
    }
    if (ya < 100 || ya * log_y > FAR || exp(log_y) > ya / (ya + zb))
        return NAN;
    const double front = log_density(what, x, a, b) + log(fabs(x)) + part;
    const double log_p = front - log(ya * small_beta_fraction(exp(log_y), ya, zb));
    return log_p < FAR ? log_p : NAN;
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
    const double far = far_tail(what, x, a, b, tail), rest = far_tail(what, x, a, b, lower ? MPL__UPPER : MPL__LOWER);
    if (!isnan(far))
        return as_log ? far : exp(far);
    if (!isnan(rest))
        return as_log ? -exp(rest) : 1;
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

/* d log(x f(x)) / d log x */
static double bend(family what, double x, double a, double b)
{
    switch (what) {
    case T:
        return 1 - (a + 1) * x * x / (a + x * x);
    case CHISQ:
        return (a - x) / 2;
    case F:
        return (a - (a + b) * x / (b / a + x)) / 2;
    case BETA:
        return a - (b - 1) * x / (1 - x);
    }
    return NAN;
}

/* Two digits or so, from the normal quantile: Wallace (1959), Wilson & Hilferty (1931). NaN where there are fewer. */
static double start_near(family what, double p, double a, mpl__tail tail)
{
    if ((what != T && what != CHISQ) || a < 3 || p < 1e-6)
        return NAN;
    const double z = mpl__norm_q(p, tail);
    if (what == T) {
        const double scaled = z * (8 * a + 3) / (8 * a + 1);
        return sqrt(a * expm1(scaled * scaled / a));
    }
    const double root = 1 - 2 / (9 * a) + z * sqrt(2 / (9 * a));
    return root > 0.3 ? a * root * root * root : NAN;
}

/* R's quantile, or the end of a power law, log P ~ c + slope log x, where R has no digits left. */
static double start(family what, double p, double a, double b, mpl__tail tail)
{
    const int lower = is_lower(tail);
    const double near = start_near(what, p, a, tail);
    if (!isnan(near))
        return near;
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

/* Halley's steps in log x from a start that is right to two digits, as long as they shrink; one leaves its cube. */
static double polish(family what, double x, double p, double a, double b, mpl__tail tail)
{
    double last = 0.5;
    for (int i = 0; i < 20 && x > DBL_MIN && x < DBL_MAX; i++) {
        const double log_p = tail_of(what, x, a, b, tail, true);
        const double steep = exp(log_density(what, x, a, b) + log(x) - log_p);
        const double slope = tail == MPL__LOWER ? steep : -steep, curve = bend(what, x, a, b) - slope;
        const double newton = (log(p) - log_p) / slope, step = newton / fmax(1 + newton * curve / 2, 0.5);
        if (!(fabs(step) < last))
            break;
        x *= exp(step);
        last = fabs(step) / 2;
        if (fabs(step * step * step) * (1 + slope * slope + curve * curve) < DBL_EPSILON / 16)
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
    const double x = fabs(statistic), p = 2 * mpl__t_p(x, df, MPL__UPPER);
    if (!log_pval)
        return p;
    *log_pval = log(p); /* which keeps its digits unless p is denormal or close to 1 */
    if (p < 1e-290 || p > 0.5)
        *log_pval = p >= 1 ? 0 : M_LN2 + mpl__t_log_p(x, df, MPL__UPPER);
    return p;
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
