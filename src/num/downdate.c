/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eigenvalues of a diagonal matrix less one of low rank, counted and bisected: no n x n matrix is formed. */
#include <float.h>
#include <math.h>

#include "num/quadform.h"

/* Ascending in d, rows of g alongside: insertion, whose cost is below that of the roots. */
static void sort_rows(double *d, double *g, size_t n, size_t p)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && d[j - 1] > d[j]; j--) {
            const double swap = d[j];
            d[j] = d[j - 1];
            d[j - 1] = swap;
            for (size_t l = 0; l < p; l++) {
                const double row = g[j * p + l];
                g[j * p + l] = g[(j - 1) * p + l];
                g[(j - 1) * p + l] = row;
            }
        }
}

static void swap_both(double *a, size_t n, size_t i, size_t j)
{
    for (size_t l = 0; l < n && i != j; l++) {
        const double swap = a[i * n + l];
        a[i * n + l] = a[j * n + l];
        a[j * n + l] = swap;
    }
    for (size_t l = 0; l < n && i != j; l++) {
        const double swap = a[l * n + i];
        a[l * n + i] = a[l * n + j];
        a[l * n + j] = swap;
    }
}

/* Negative eigenvalues of a symmetric matrix, which is spoilt, by complete pivoting with blocks of one and two (Bunch
 * & Parlett 1971, SIAM J Numer Anal 8:639-655). A block of two has one of each sign. */
static size_t count_negative(double *a, size_t n)
{
    size_t negative = 0;
    for (size_t at = 0; at < n;) {
        size_t best = at, row = at, column = at;
        for (size_t i = at; i < n; i++) {
            if (fabs(a[i * n + i]) > fabs(a[best * n + best]))
                best = i;
            for (size_t j = at; j < i; j++)
                if (row == column || fabs(a[i * n + j]) > fabs(a[row * n + column])) {
                    row = i;
                    column = j;
                }
        }
        if (row == column || fabs(a[best * n + best]) >= 0.64 * fabs(a[row * n + column])) {
            swap_both(a, n, at, best);
            const double pivot = a[at * n + at];
            negative += pivot < 0;
            for (size_t i = at + 1; i < n && pivot != 0; i++)
                for (size_t j = at + 1; j < n; j++)
                    a[i * n + j] -= a[i * n + at] / pivot * a[at * n + j];
            at++;
            continue;
        }
        swap_both(a, n, at, column); /* column < row, so row is not moved */
        swap_both(a, n, at + 1, row);
        const double *const x = a + at * n, *const y = x + n;
        const double p = x[at], q = x[at + 1], r = y[at + 1], det = p * r - q * q;
        for (size_t i = at + 2; i < n; i++) {
            const double u = (r * a[i * n + at] - q * a[i * n + at + 1]) / det;
            const double v = (p * a[i * n + at + 1] - q * a[i * n + at]) / det;
            for (size_t j = at + 2; j < n; j++)
                a[i * n + j] -= u * x[j] + v * y[j];
        }
        negative++;
        at += 2;
    }
    return negative;
}

static size_t count_below(const double *d, const double *g, size_t n, size_t p, double x, double *work)
{
    size_t below = 0;
    for (size_t l = 0; l < p * p; l++)
        work[l] = l % (p + 1) == 0;
    for (size_t i = 0; i < n; i++) {
        const double *const row = g + i * p;
        const double gap = d[i] != x ? d[i] - x : DBL_EPSILON * x;
        below += gap < 0;
        for (size_t l = 0; l < p; l++)
            for (size_t m = 0; m < p; m++)
                work[l * p + m] -= row[l] * row[m] / gap;
    }
    return below + count_negative(work, p);
}

void mpl__downdate_eigenvalues(double *d, double *g, size_t n, size_t p, double *out, double *work)
{
    if (p == 1) {
        for (size_t i = 0; i < n; i++)
            g[i] *= g[i];
        mpl__rank_one_eigenvalues(d, g, n, out);
        return;
    }
    sort_rows(d, g, n, p);
    for (size_t i = 0; i < n; i++) {
        double lo = i < p ? 0 : d[i - p], hi = i < p ? 0 : d[i];
        while (hi - lo > 4 * DBL_EPSILON * hi) {
            const double mid = 0.5 * (lo + hi);
            if (count_below(d, g, n, p, mid, work) > i)
                hi = mid;
            else
                lo = mid;
        }
        out[i] = 0.5 * (lo + hi);
    }
}
