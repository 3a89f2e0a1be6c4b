/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Row by row, so that the inner products run along rows. */
#include "num/chol.h"

#include <math.h>

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

bool mpl__cholesky(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j < i; j++)
            row[j] = (row[j] - dot(row, a + j * n, j)) / a[j * n + j];
        const double pivot = row[i] - dot(row, row, i);
        if (!(pivot > 1e-14 * row[i]))
            return false;
        row[i] = sqrt(pivot);
    }
    return true;
}

void mpl__lower_solve(const double *l, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++)
        b[i] = (b[i] - dot(l + i * n, b, i)) / l[i * n + i];
}

void mpl__lower_solve_transposed(const double *l, size_t n, double *b)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            b[i] -= l[j * n + i] * b[j];
        b[i] /= l[i * n + i];
    }
}
