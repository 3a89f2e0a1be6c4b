/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways to combine p-values. */
#include "diag/pvalues/combine.h"

#include <math.h>

#include "num/dist.h"
#include "num/sum.h"

/* The work of the sum of p-values grows with the square of their number. */
enum { MOST_UNIFORM = 10000 };

static const double PI = 3.141592653589793;

static void set(mpl_pvalues_test *out, double statistic, double df, double pval, double log_pval)
{
    out->statistic = statistic;
    out->df = df;
    out->pval = pval;
    out->log_pval = log_pval;
}

static void by_normal(mpl_pvalues_test *out, double z)
{
    set(out, z, (double)NAN, mpl__norm_p(z, MPL__UPPER), mpl__norm_log_p(z, MPL__UPPER));
}

static void by_t(mpl_pvalues_test *out, double t, double df)
{
    set(out, t, df, mpl__t_p(t, df, MPL__UPPER), mpl__t_log_p(t, df, MPL__UPPER));
}

/* For statistics that are the p-value itself. */
static void by_itself(mpl_pvalues_test *out, double log_pval)
{
    set(out, (double)NAN, (double)NAN, exp(log_pval), log_pval);
}

static bool has_one(const mpl__combine *c, mpl_pvalues_test *out)
{
    if (c->sorted[c->k - 1] < 1)
        return false;
    out->why = "a p-value is 1";
    return true;
}

static void fisher(const mpl__combine *c, mpl_pvalues_test *out)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&sum, -2 * c->studies[i].log_pval);
    const double x = mpl__sum_get(&sum), df = 2 * (double)c->k;
    set(out, x, df, mpl__chisq_p(x, df, MPL__UPPER), mpl__chisq_log_p(x, df, MPL__UPPER));
}

static void stouffer(const mpl__combine *c, mpl_pvalues_test *out)
{
    mpl__sum sum = { 0 }, squares = { 0 };
    if (has_one(c, out))
        return;
    for (size_t i = 0; i < c->k; i++) {
        const double w = c->studies[i].weight;
        mpl__sum_add(&sum, w * c->studies[i].z);
        mpl__sum_add(&squares, w * w);
    }
    by_normal(out, mpl__sum_get(&sum) / sqrt(mpl__sum_get(&squares)));
}

/*
 * The density of the sum of m uniform variables is the B-spline B_m with knots 0..m, and F_n(x) = B_n+1(x) +
 * B_n+1(x - 1) + ... The recurrence m B_m+1(x) = x B_m(x) + (m + 1 - x) B_m(x - 1) adds positive terms only, where
 * the usual alternating sum cancels.
 */
double mpl__uniform_sum_p(double x, size_t n, double *work)
{
    if (!(x > 0))
        return 0;
    if (x >= (double)n)
        return 1;
    const size_t last = (size_t)x; /* x - j for j = 0..last are 0 or more */
    double sum = 0;
    for (size_t j = 0; j <= last; j++)
        work[j] = x - (double)j < 1 ? 1 : 0; /* B_1 */
    for (size_t m = 1; m <= n; m++)
        for (size_t j = 0; j <= last; j++) {
            const double at = x - (double)j, next = j < last ? work[j + 1] : 0;
            const double left = at * work[j] + fmax((double)(m + 1) - at, 0) * next;
            work[j] = left / (double)m;
        }
    for (size_t j = last + 1; j-- > 0;)
        sum += work[j];
    return fmin(sum, 1);
}

static void edgington(const mpl__combine *c, mpl_pvalues_test *out)
{
    if (c->k > MOST_UNIFORM) {
        out->why = "too many p-values for the exact distribution of their sum; see mean-p";
        return;
    }
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&sum, c->sorted[i]);
    const double x = mpl__sum_get(&sum), p = mpl__uniform_sum_p(x, c->k, c->work);
    set(out, x, (double)NAN, p, log(p));
}

static void mean_p(const mpl__combine *c, mpl_pvalues_test *out)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&sum, 0.5 - c->studies[i].pval);
    by_normal(out, mpl__sum_get(&sum) / (double)c->k * sqrt(12 * (double)c->k));
}

static void mean_z(const mpl__combine *c, mpl_pvalues_test *out)
{
    const double k = (double)c->k;
    mpl__sum sum = { 0 }, squares = { 0 };
    if (has_one(c, out))
        return;
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&sum, c->studies[i].z);
    const double mean = mpl__sum_get(&sum) / k;
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&squares, (c->studies[i].z - mean) * (c->studies[i].z - mean));
    if (c->k < 2 || !(c->sorted[0] < c->sorted[c->k - 1]))
        out->why = c->k < 2 ? "one p-value has no spread" : "all p-values are equal: they have no spread";
    else
        by_t(out, mean / sqrt(mpl__sum_get(&squares) / (k - 1) / k), k - 1);
}

static void logit(const mpl__combine *c, mpl_pvalues_test *out)
{
    const double k = (double)c->k, scale = sqrt(k * PI * PI * (5 * k + 2) / (3 * (5 * k + 4)));
    mpl__sum sum = { 0 };
    if (has_one(c, out))
        return;
    for (size_t i = 0; i < c->k; i++)
        mpl__sum_add(&sum, log1p(-c->studies[i].pval) - c->studies[i].log_pval);
    by_t(out, mpl__sum_get(&sum) / scale, 5 * k + 4);
}

/* The r-th smallest of k uniform variables is a beta(r, k - r + 1). */
static void of_rank(const mpl__combine *c, size_t r, mpl_pvalues_test *out)
{
    const double p = mpl__beta_p(c->sorted[r - 1], (double)r, (double)(c->k - r + 1), MPL__LOWER);
    set(out, c->sorted[r - 1], (double)NAN, p, log(p));
}

static void tippett(const mpl__combine *c, mpl_pvalues_test *out)
{
    of_rank(c, 1, out);
}

static void wilkinson(const mpl__combine *c, mpl_pvalues_test *out)
{
    of_rank(c, c->options->rank, out);
}

static void maximum(const mpl__combine *c, mpl_pvalues_test *out)
{
    const double p = c->sorted[c->k - 1];
    by_itself(out, (double)c->k * log(p));
    out->statistic = p;
}

static void sign(const mpl__combine *c, mpl_pvalues_test *out)
{
    size_t below = 0, above = 0;
    for (size_t i = 0; i < c->k; i++) {
        below += c->sorted[i] < 0.5;
        above += c->sorted[i] > 0.5;
    }
    /* P(X >= b) of a binomial is a beta tail */
    const double p = below == 0 ? 1 : mpl__beta_p(0.5, (double)below, (double)above + 1, MPL__LOWER);
    set(out, (double)below, (double)NAN, p, log(p));
}

/*
 * With m of k p-values up to t, P(product <= w) is the sum over m of binomial probabilities that m are, times
 * P(gamma(m, 1) >= m ln t - ln w), which is a chi-squared tail.
 */
static void truncated(const mpl__combine *c, mpl_pvalues_test *out)
{
    const double t = c->options->truncation, k = (double)c->k;
    mpl__sum sum = { 0 }, tail = { 0 };
    size_t used = 0;
    for (size_t i = 0; i < c->k; i++)
        if (c->studies[i].pval <= t) {
            mpl__sum_add(&sum, -2 * c->studies[i].log_pval);
            used++;
        }
    const double x = mpl__sum_get(&sum);
    for (double m = 1; used > 0 && m <= k; m++) {
        const double ways = lgamma(k + 1) - lgamma(m + 1) - lgamma(k - m + 1) + m * log(t) + (k - m) * log1p(-t);
        const double y = x + 2 * m * log(t);
        mpl__sum_add(&tail, exp(ways + (y > 0 ? mpl__chisq_log_p(y, 2 * m, MPL__UPPER) : 0)));
    }
    const double p = used > 0 ? fmin(mpl__sum_get(&tail), 1) : 1;
    set(out, x, (double)NAN, p, log(p));
}

static void cauchy(const mpl__combine *c, mpl_pvalues_test *out)
{
    mpl__sum sum = { 0 }, weights = { 0 };
    if (has_one(c, out))
        return;
    for (size_t i = 0; i < c->k; i++) {
        const double p = c->studies[i].pval;
        mpl__sum_add(&sum, c->studies[i].weight / tan(PI * p));
        mpl__sum_add(&weights, c->studies[i].weight);
    }
    const double x = mpl__sum_get(&sum) / mpl__sum_get(&weights), p = atan2(1, x) / PI;
    set(out, x, (double)NAN, p, log(p));
}

static const mpl__combine_def registry[] = {
#define MPL_PVALUES(id, title, cite, aliases, about, function, has_weights)                                          \
    { { (id), (title), (cite), (aliases), (about) }, (function), (has_weights) },
#include "diag/pvalues/pvalues.def"
#undef MPL_PVALUES
};

const mpl__combine_def *mpl__combine_get(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i] : NULL;
}

const mpl_method *mpl_pvalues_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}
