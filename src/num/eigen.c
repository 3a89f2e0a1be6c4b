/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jacobi's method: every rotation makes one element off the diagonal 0; sweeps converge quadratically. */
#include "num/eigen.h"

#include <math.h>

enum { MOST_SWEEPS = 60 };

static void rotate(double *a, double *b, double c, double s)
{
    const double x = *a, y = *b;
    *a = c * x - s * y;
    *b = s * x + c * y;
}

void mpl__eigen_symmetric(double *a, size_t n, double *vectors)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            vectors[i * n + j] = i == j;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double off = 0;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                const double x = a[p * n + q], d = a[q * n + q] - a[p * n + p];
                off = fmax(off, fabs(x));
                if (x == 0)
                    continue;
                const double theta = d / (2 * x), t = copysign(1, theta) / (fabs(theta) + hypot(1, theta));
                const double c = 1 / hypot(1, t), s = t * c;
                for (size_t k = 0; k < n; k++)
                    rotate(&a[k * n + p], &a[k * n + q], c, s);
                for (size_t k = 0; k < n; k++)
                    rotate(&a[p * n + k], &a[q * n + k], c, s);
                for (size_t k = 0; k < n; k++)
                    rotate(&vectors[p * n + k], &vectors[q * n + k], c, s);
                a[p * n + q] = a[q * n + p] = 0;
            }
        if (off == 0)
            break;
    }
}
