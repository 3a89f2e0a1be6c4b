/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Without ties the number of concordant pairs is distributed as the inversions of a random permutation, whose
 * distribution for n is that for n - 1 smeared over n places (Kendall & Gibbons 1990, Rank Correlation Methods, ch. 5);
 * with ties the variance is theirs, ch. 4.
 */
#include "num/kendall.h"

#include <math.h>
#include <stdlib.h>

#include "num/dist.h"

/* P(number <= q) for n without ties; NaN if memory ran out. */
static double concordant_p(mpl__arena *scratch, size_t n, double q)
{
    const size_t top = n * (n - 1) / 2;
    if (q < 0)
        return 0;
    if (q >= (double)top)
        return 1;
    double *const p = MPL_NEW(scratch, double, top + 1), *const sum = MPL_NEW(scratch, double, top + 1);
    if (!p || !sum)
        return NAN;
    p[0] = 1;
    for (size_t m = 2; m <= n; m++) {
        const size_t reach = m * (m - 1) / 2;
        double running = 0;
        for (size_t i = 0; i <= reach; i++) {
            running += p[i];
            sum[i] = running;
        }
        for (size_t i = 0; i <= reach; i++)
            p[i] = (i < m ? sum[i] : sum[i] - sum[i - m]) / (double)m;
    }
    double total = 0;
    for (size_t i = 0; i <= (size_t)q; i++)
        total += p[i];
    return total;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sums over groups of t equal values: t(t-1), t(t-1)(2t+5), t(t-1)(t-2). */
typedef struct ties {
    double pairs, spread, triples;
} ties;

static ties count_ties(double *sorted, const double *x, size_t n)
{
    ties out = { 0, 0, 0 };
    for (size_t i = 0; i < n; i++)
        sorted[i] = x[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && sorted[j] == sorted[i]; j++)
            ;
        const double t = (double)(j - i);
        out.pairs += t * (t - 1);
        out.spread += t * (t - 1) * (2 * t + 5);
        out.triples += t * (t - 1) * (t - 2);
    }
    return out;
}

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

bool mpl__kendall_test(mpl__arena *scratch, const double *x, const double *y, size_t n, size_t exact_n,
                       mpl__kendall *out)
{
    double *const work = MPL_NEW(scratch, double, n);
    if (!work)
        return false;
    const ties tx = count_ties(work, x, n), ty = count_ties(work, y, n);
    long long s = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            s += sign(x[i] - x[j]) * sign(y[i] - y[j]);
    const double m = (double)n, all = m * (m - 1);
    const double variance = (all * (2 * m + 5) - tx.spread - ty.spread) / 18 + tx.pairs * ty.pairs / (2 * all) +
                            (n > 2 ? tx.triples * ty.triples / (9 * all * (m - 2)) : 0);
    *out = (mpl__kendall){ .s = (double)s, .se = sqrt(variance) };
    out->tau = 2 * out->s / sqrt((all - tx.pairs) * (all - ty.pairs));
    out->exact = tx.pairs == 0 && ty.pairs == 0 && n <= exact_n && n > 1;
    if (!out->exact) {
        out->pval = mpl__two_sided(out->s / out->se, INFINITY, NULL);
        return true;
    }
    /* the distribution is symmetric, so the tail on the far side of the middle is the smaller one */
    const double concordant = (all / 2 + out->s) / 2, fewer = fmin(concordant, all / 2 - concordant);
    const double tail = concordant_p(scratch, n, fewer);
    out->pval = fmin(1, 2 * tail);
    return !isnan(tail);
}
