/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modified Gram-Schmidt, every column twice: "twice is enough" (Giraud, Langou & Rozloznik 2005, Comput Math Appl
 * 50:1069-1075) for a basis that is orthonormal to rounding whatever the condition of the matrix, and what is left of
 * a column is its own rank test. The first column of a design being the intercept, this centres the others.
 */
#include "num/linalg.h"

#include <limits.h>
#include <math.h>
#include "num/sum.h"

double mpl__dot(const double *a, const double *b, size_t n)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < n; i += MPL__BLOCK) {
        const size_t end = n - i < MPL__BLOCK ? n : i + MPL__BLOCK;
        double block = 0;
        for (size_t j = i; j < end; j++)
            block += a[j] * b[j];
        mpl__sum_add(&sum, block);
    }
    return mpl__sum_get(&sum);
}

void mpl__project_out(const double *q, size_t n, size_t p, double *x, double *coef)
{
    for (size_t j = 0; j < p; j++)
        coef[j] = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < p; j++) {
            const double *const column = q + j * n;
            const double c = mpl__dot(column, x, n);
            coef[j] += c;
            for (size_t i = 0; i < n; i++)
                x[i] -= c * column[i];
        }
}

/* Divides a column by a power of two near its largest element, which is exact, so that squares neither overflow nor
 * vanish. Returns the exponent, or INT_MIN for a column of zeros or with an element that is not finite. */
static int scale(double *x, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        if (!(fabs(x[i]) <= most))
            most = fabs(x[i]);
    int exponent;
    frexp(most, &exponent);
    if (most == 0 || !isfinite(most))
        return INT_MIN;
    /* in two factors: one may be out of range */
    const double a = ldexp(1, -exponent / 2), b = ldexp(1, -exponent + exponent / 2);
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] * a * b;
    return exponent;
}

size_t mpl__orthonormalise(double *q, size_t n, size_t p, double *lower, double tol)
{
    for (size_t j = 0; j < p; j++) {
        double *const column = q + j * n, *const row = lower + j * p;
        const int exponent = scale(column, n);
        if (exponent == INT_MIN)
            return j;
        const double length = sqrt(mpl__dot(column, column, n));
        mpl__project_out(q, n, j, column, row);
        row[j] = sqrt(mpl__dot(column, column, n));
        if (!(row[j] > tol * length))
            return j;
        for (size_t i = 0; i < n; i++)
            column[i] /= row[j];
        for (size_t l = 0; l < p; l++)
            row[l] = l <= j ? ldexp(row[l], exponent) : 0;
    }
    return p;
}

void mpl__invert_lower(double *lower, size_t p)
{
    for (size_t j = p; j-- > 0;) {
        lower[j * p + j] = 1 / lower[j * p + j];
        for (size_t i = p; i-- > j + 1;) {
            double sum = 0;
            for (size_t l = j + 1; l <= i; l++)
                sum += lower[i * p + l] * lower[l * p + j];
            lower[i * p + j] = -sum * lower[j * p + j];
        }
    }
}
