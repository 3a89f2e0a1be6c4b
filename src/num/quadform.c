/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tail is the inverse Laplace integral of exp(K(s) - s q) / s, K(s) = -1/2 sum ln(1 - 2 s lambda_j), taken along a
 * parabola that leaves the real axis at the saddle point and opens to the right, where the integrand dies like a
 * Gaussian: the trapezoidal rule then converges geometrically, with an error relative to the tail itself (Rice 1980,
 * SIAM J Sci Stat Comput 1:438-448). The lower tail is the same integral on the other side of the pole at 0.
 */
#include "num/quadform.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

typedef struct form {
    const double *lambda;
    size_t n;
    double q;
} form;

/* First derivative of phi(s) = K(s) - s q - ln|s| at real s, with the second and the third of K. */
static double slope(const form *f, double s, double *second, double *third)
{
    double k1 = 0, k2 = 0, k3 = 0;
    for (size_t j = 0; j < f->n; j++) {
        const double r = f->lambda[j] / (1 - 2 * s * f->lambda[j]);
        k1 += r;
        k2 += 2 * r * r;
        k3 += 8 * r * r * r;
    }
    *second = k2;
    *third = k3;
    return k1 - f->q - 1 / s;
}

/* Root of phi' on the side of 0 that the tail asks for; phi is convex there, so a coarse root is enough. */
static double saddle(const form *f, double largest, mpl__tail tail)
{
    const bool lower = tail == MPL__LOWER;
    double second, third, lo, hi;
    if (lower) {
        hi = -DBL_MIN;
        for (lo = -1 / largest; slope(f, lo, &second, &third) > 0 && lo > -1e300;)
            lo *= 4;
    } else {
        lo = DBL_MIN;
        hi = 0.5 / largest;
    }
    for (int i = 0; i < 200 && hi - lo > 1e-6 * fabs(lo + hi); i++) {
        /* geometric steps reach a root near 0 as fast as one near the end */
        double mid = lower ? -sqrt(lo * hi) : i < 60 && hi > 4 * lo ? sqrt(lo * hi) : 0.5 * (lo + hi);
        if (!(mid > lo && mid < hi))
            mid = 0.5 * (lo + hi);
        if (slope(f, mid, &second, &third) > 0)
            hi = mid;
        else
            lo = mid;
    }
    return 0.5 * (lo + hi);
}

/*
 * ln of exp(K(s) - s q). The factors lie in the lower half plane, so the argument of a product of two is in (-2 pi, 0]
 * and one logarithm serves both.
 */
static double complex exponent(const form *f, double complex s)
{
    const double two_pi = 2 * acos(-1.0);
    double complex sum = 0;
    for (size_t j = 0; j < f->n; j += 2) {
        double complex factor = 1 - 2 * s * f->lambda[j];
        if (j + 1 < f->n)
            factor *= 1 - 2 * s * f->lambda[j + 1];
        const double complex ln = clog(factor);
        sum += cimag(ln) > 0 ? ln - I * two_pi : ln;
    }
    return -0.5 * sum - s * f->q;
}

typedef struct path {
    double c, bend, scale;
} path;

static double node(const form *f, const path *p, double y, double peak)
{
    const double complex s = p->c + p->bend * y * y + I * y;
    const double complex jacobian = 2 * p->bend * y + I;
    return cimag(cexp(exponent(f, s) - peak) / s * jacobian);
}

/* Trapezoidal sum over y = offset, offset + step, ... until the terms vanish. */
static double trapezoid(const form *f, const path *p, double offset, double step, double peak)
{
    double sum = 0;
    int small = 0;
    for (int i = 0; i < 20000 && small < 4; i++) {
        const double term = node(f, p, offset + i * step, peak) * (i == 0 && offset == 0 ? 0.5 : 1);
        sum += term;
        small = fabs(term) < 1e-18 * fabs(sum) ? small + 1 : 0;
    }
    return sum * step;
}

/* The tail on the side of the mean where q lies. */
static double far_tail(const form *f, double largest, mpl__tail tail)
{
    path p = { .c = saddle(f, largest, tail) };
    double second, third;
    slope(f, p.c, &second, &third);
    p.scale = 1 / sqrt(second + 1 / (p.c * p.c));
    p.bend = third / (6 * (second + 1 / (p.c * p.c)));
    const double peak = creal(exponent(f, p.c));
    if (peak < log(DBL_MIN) - 100)
        return 0;
    double step = p.scale, sum = trapezoid(f, &p, 0, step, peak);
    for (int halvings = 0; halvings < 12; halvings++) {
        const double finer = 0.5 * (sum + trapezoid(f, &p, 0.5 * step, step, peak));
        const bool done = halvings > 1 && fabs(finer - sum) <= 1e-14 * fabs(finer);
        sum = finer;
        step *= 0.5;
        if (done)
            break;
    }
    return fmin(1, fabs(exp(peak) * sum) / acos(-1.0));
}

double mpl__quadform_p(const double *lambda, size_t n, double q, mpl__tail tail)
{
    double largest = 0, mean = 0;
    for (size_t j = 0; j < n; j++) {
        if (!(lambda[j] > 0) || !isfinite(lambda[j]))
            return NAN;
        largest = fmax(largest, lambda[j]);
        mean += lambda[j];
    }
    if (n == 0 || isnan(q) || q < 0)
        return NAN;
    if (q == 0 || isinf(q))
        return (q == 0) == (tail == MPL__LOWER) ? 0 : 1;
    /* The saddle of the near tail runs into the pole; that tail is above 0.3, so that its complement is as exact. */
    const mpl__tail far = q < mean ? MPL__LOWER : MPL__UPPER;
    const double p = far_tail(&(form){ lambda, n, q }, largest, far);
    return tail == far ? p : 1 - p;
}

/* Root of 1 = sum z2_i / (d_i - x) in (d_i, d_{i+1}), as a distance from d_i so that nothing cancels. */
static double between(const double *d, const double *z2, size_t n, size_t i)
{
    double lo = 0, hi = d[i + 1] - d[i];
    for (int step = 0; step < 1100 && hi - lo > 2 * DBL_EPSILON * hi; step++) {
        const double mid = lo == 0 && step < 40 ? hi * 0x1p-6 : 0.5 * (lo + hi);
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += z2[j] / (d[j] - d[i] - mid);
        if (sum < 1)
            lo = mid;
        else
            hi = mid;
    }
    return d[i] + 0.5 * (lo + hi);
}

void mpl__rank_one_eigenvalues(double *d, double *z2, size_t n, double *out)
{
    /* insertion keeps d and z2 together; the cost is below that of the roots */
    for (size_t i = 1; i < n; i++) {
        const double di = d[i], zi = z2[i];
        size_t j = i;
        for (; j > 0 && d[j - 1] > di; j--) {
            d[j] = d[j - 1];
            z2[j] = z2[j - 1];
        }
        d[j] = di;
        z2[j] = zi;
    }
    /* the lowest lies in [0, d_0]; it is 0 for a projection, the usual case */
    double lowest = 0;
    for (size_t j = 0; j < n; j++)
        lowest += z2[j] / d[j];
    double lo = 0, hi = n ? d[0] : 0;
    if (lowest >= 1 - 4 * DBL_EPSILON * (double)n)
        hi = 0;
    while (hi - lo > 2 * DBL_EPSILON * hi) {
        const double mid = 0.5 * (lo + hi);
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += z2[j] / (d[j] - mid);
        if (sum < 1)
            lo = mid;
        else
            hi = mid;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = i == 0 ? 0.5 * (lo + hi) : d[i] > d[i - 1] ? between(d, z2, n, i - 1) : d[i];
}
