/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Roots of the orthonormal Hermite polynomials p_n, from the largest down by Newton's method with the roots already
 * known divided out (Maehly 1954, Z Angew Math Phys 5:260-263): for real roots it descends to the next one. The weight
 * at a root is 1/(n p_(n-1)^2).
 */
#include "num/hermite.h"

#include <math.h>

/* p_n(x), with p_(n-1)(x) in *before; p_n' = sqrt(n) p_(n-1). */
static double polynomial(size_t n, double x, double *before)
{
    double last = 0, p = 1;
    for (size_t j = 1; j <= n; j++) {
        const double next = (x * p - sqrt((double)(j - 1)) * last) / sqrt((double)j);
        last = p;
        p = next;
    }
    *before = last;
    return p;
}

void mpl__hermite(size_t n, double *x, double *log_w)
{
    const double size = (double)n;
    double start = 2 * sqrt(size + 0.5);
    for (size_t i = 0; i < (n + 1) / 2; i++) { /* the i largest are known, at the end of x */
        double root = start, before = 1;
        if (2 * i + 1 == n) {
            root = 0;
        } else {
            for (int step = 0; step < 200; step++) {
                const double p = polynomial(n, root, &before);
                double poles = 0;
                for (size_t j = 0; j < i; j++)
                    poles += 1 / (root - x[n - 1 - j]);
                const double move = p / (sqrt(size) * before - p * poles);
                root -= move;
                if (fabs(move) <= 1e-15 * fabs(root))
                    break;
            }
        }
        (void)polynomial(n, root, &before);
        x[n - 1 - i] = root;
        x[i] = 0 - root;
        log_w[i] = log_w[n - 1 - i] = -log(size) - 2 * log(fabs(before));
        start = root - 0.1 / sqrt(size);
    }
}
