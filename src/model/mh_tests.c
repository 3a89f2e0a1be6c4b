/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests beside the Mantel-Haenszel estimate: of no effect in any table (Cochran-Mantel-Haenszel, Cochran; for rates
 * the test of Mantel and Haenszel for person-time) and of one odds ratio in all tables (Breslow & Day, Tarone).
 *
 * With m events among N in a table, a has mean n1 m/N and, margins fixed, variance n1 n2 m (N - m)/(N^2 (N - 1)). The
 * continuity correction takes 1/2 from |sum(a - mean)|, but never more than there is.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "effect/measure.h"
#include "model/mh_impl.h"
#include "num/sum.h"

#define MH_CITE      "Mantel & Haenszel 1959, J Natl Cancer Inst 22:719-748"
#define COCHRAN_CITE "Cochran 1954, Biometrics 10:417-451"
#define TIME_CITE    "Rothman, Greenland & Lash 2008, Modern Epidemiology, 3rd ed., ch. 15"

/* Sums over tables: how far a is from its mean, and its variances. */
typedef struct null_sums {
    double difference, hypergeometric, binomial, poisson;
} null_sums;

static null_sums add_up(const mpl__mh *mh)
{
    mpl__sum sum[4] = { { 0 } };
    for (size_t i = 0; i < mh->c.n; i++) {
        if (!mh->pooled[i])
            continue;
        const double n1 = mh->c.n1[i], n2 = mh->c.n2[i], n = n1 + n2, f1 = n1 / n, f2 = n2 / n;
        const double m = mh->c.x1[i] + mh->c.x2[i], v = f1 * f2 * m;
        mpl__sum_add(&sum[0], mh->c.x1[i] * f2 - mh->c.x2[i] * f1); /* a - n1 m/N */
        mpl__sum_add(&sum[1], n > 1 ? v * ((n - m) / (n - 1)) : 0);
        mpl__sum_add(&sum[2], v * ((n - m) / n));
        mpl__sum_add(&sum[3], v);
    }
    return (null_sums){ mpl__sum_get(&sum[0]), mpl__sum_get(&sum[1]), mpl__sum_get(&sum[2]), mpl__sum_get(&sum[3]) };
}

static double statistic(double difference, double variance, double correction)
{
    const double d = fmax(0, fabs(difference) - correction);
    return variance > 0 ? d / variance * d : NAN;
}

/* How many of the n1 + n2 subjects are expected in the cell a of a table with m events and this odds ratio. */
static double expected(double n1, double n2, double m, double ratio)
{
    /* (ratio - 1) a^2 - p a + ratio n1 m = 0, with a discriminant whose terms are all positive */
    const double p = ratio * (n1 + m) + (n2 - m);
    const double root = sqrt(ratio * ratio * (n1 - m) * (n1 - m) + 2 * ratio * (n1 * n2 + m * (n1 + n2 - m)) +
                             (n2 - m) * (n2 - m));
    return p >= 0 ? 2 * ratio * n1 * m / (p + root) : (p - root) / (2 * (ratio - 1));
}

static void breslow_day(const mpl__mh *mh, double log_ratio, mpl_hypothesis *bd, mpl_hypothesis *tarone)
{
    mpl__sum chi2 = { 0 }, difference = { 0 }, variance = { 0 };
    size_t n_tables = 0;
    for (size_t i = 0; i < mh->c.n && !isnan(log_ratio); i++) {
        const double n1 = mh->c.n1[i], n2 = mh->c.n2[i], m = mh->c.x1[i] + mh->c.x2[i], m0 = n1 + n2 - m;
        const double e = expected(n1, n2, m, exp(log_ratio)), d = mh->c.x1[i] - e;
        if (!mh->pooled[i] || !(m > 0) || !(m0 > 0) || !(e > 0))
            continue;
        const double v = 1 / (1 / e + 1 / (n1 - e) + 1 / (m - e) + 1 / (n2 - m + e));
        mpl__sum_add(&chi2, d / v * d);
        mpl__sum_add(&difference, d);
        mpl__sum_add(&variance, v);
        n_tables++;
    }
    const double df = n_tables > 1 ? (double)(n_tables - 1) : NAN, off = mpl__sum_get(&difference);
    const double x = n_tables > 1 ? mpl__sum_get(&chi2) : NAN, less = off / mpl__sum_get(&variance) * off;
    *bd = mpl__chisq_test("breslow-day", "the odds ratio is the same in all studies (Breslow-Day)",
                          "Breslow & Day 1980, Statistical Methods in Cancer Research, vol. 1", x, df);
    *tarone = mpl__chisq_test("tarone", "the odds ratio is the same in all studies (Tarone)",
                              "Tarone 1985, Biometrika 72:91-95", isnan(x) ? NAN : fmax(0, x - less), df);
}

mpl_status mpl__mh_tests(const mpl__mh *mh, mpl_fit *fit, mpl_error *err)
{
    mpl_hypothesis *const h = MPL_NEW(fit->arena, mpl_hypothesis, 6);
    const null_sums at = add_up(mh);
    size_t n = 0;
    if (!h)
        return mpl__fail_nomem(err, "the tests");
    if (mh->c.shape == MPL_COUNTS_2X2) {
        h[n++] = mpl__chisq_test("cmh", "no effect in any study (Cochran-Mantel-Haenszel, continuity-corrected)",
                                 MH_CITE, statistic(at.difference, at.hypergeometric, 0.5), 1);
        h[n++] = mpl__chisq_test("cmh-uncorrected", "no effect in any study (Cochran-Mantel-Haenszel)", MH_CITE,
                                 statistic(at.difference, at.hypergeometric, 0), 1);
        h[n++] = mpl__chisq_test("cochran", "no effect in any study (Cochran, continuity-corrected)", COCHRAN_CITE,
                                 statistic(at.difference, at.binomial, 0.5), 1);
        h[n++] = mpl__chisq_test("cochran-uncorrected", "no effect in any study (Cochran)", COCHRAN_CITE,
                                 statistic(at.difference, at.binomial, 0), 1);
    } else {
        h[n++] = mpl__chisq_test("mh-rates", "equal rates in all studies (Mantel-Haenszel, continuity-corrected)",
                                 TIME_CITE, statistic(at.difference, at.poisson, 0.5), 1);
        h[n++] = mpl__chisq_test("mh-rates-uncorrected", "equal rates in all studies (Mantel-Haenszel)", TIME_CITE,
                                 statistic(at.difference, at.poisson, 0), 1);
    }
    if (!strcmp(mpl__measure_like(mh->job->effects->measure), "OR")) {
        breslow_day(mh, fit->terms->estimate, &h[n], &h[n + 1]);
        n += 2;
    }
    fit->hypotheses = h;
    fit->n_hypotheses = n;
    return MPL_OK;
}
