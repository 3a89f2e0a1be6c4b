/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tail is the inverse Laplace integral of exp(K(s) - s q) / s, K(s) = -1/2 sum ln(1 - 2 s lambda_j), taken along a
 * parabola that leaves the real axis at the saddle point and opens to the right, where the integrand dies like a
 * Gaussian: the trapezoidal rule then converges geometrically, with an error relative to the tail itself (Rice 1980,
 * SIAM J Sci Stat Comput 1:438-448). The lower tail is the same integral on the other side of the pole at 0.
 *
 * For a form (I - UU') D (I - UU') no eigenvalue is needed: by the determinant lemma
 *
 *     det(I - 2s (I - UU') D) = prod_i (1 - 2s d_i) det M(s),   M(s) = U' (I - 2sD)^-1 U,
 *
 * so that K(s) costs O(n p^2). M's imaginary part is positive definite above the real axis, and so are those of the
 * pivots of its elimination: their logarithms are the principal ones.
 */
#include "num/quadform.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef struct form {
    const double *lambda; /* [n], or the diagonal of D */
    size_t n;
    double q;
    const double *u; /* [n x p] orthonormal columns, taken out; NULL = none */
    size_t p;
    double *work; /* [4 p^2] */
} form;

/* Replaces b by a^-1 b for p x p matrices; a is spoilt. Partial pivoting: a may be indefinite. */
static void divide(double *a, double *b, size_t p)
{
    for (size_t j = 0; j < p; j++) {
        size_t best = j;
        for (size_t i = j + 1; i < p; i++)
            best = fabs(a[i * p + j]) > fabs(a[best * p + j]) ? i : best;
        for (size_t l = 0; best != j && l < p; l++) {
            const double x = a[j * p + l], y = b[j * p + l];
            a[j * p + l] = a[best * p + l];
            a[best * p + l] = x;
            b[j * p + l] = b[best * p + l];
            b[best * p + l] = y;
        }
        for (size_t i = 0; i < p; i++) {
            const double ratio = a[i * p + j] / a[j * p + j];
            for (size_t l = j + 1; i != j && l < p; l++) /* what stands left of it is taken for 0 */
                a[i * p + l] -= ratio * a[j * p + l];
            for (size_t l = 0; i != j && l < p; l++)
                b[i * p + l] -= ratio * b[j * p + l];
        }
    }
    for (size_t i = 0; i < p; i++)
        for (size_t l = 0; l < p; l++)
            b[i * p + l] /= a[i * p + i];
}

/* out = factor sum_i u_i u_i' d_i^power (1 - 2 s d_i)^-(power + 1) */
static void moment(const form *f, double s, int power, double factor, double *out)
{
    const size_t p = f->p;
    memset(out, 0, p * p * sizeof *out);
    for (size_t i = 0; i < f->n; i++) {
        const double r = 1 / (1 - 2 * s * f->lambda[i]);
        double w = factor * r;
        for (int j = 0; j < power; j++)
            w *= r * f->lambda[i];
        for (size_t j = 0; j < p; j++)
            for (size_t l = 0; l < p; l++)
                out[j * p + l] += w * f->u[j * f->n + i] * f->u[l * f->n + i];
    }
}

static double trace_of(const double *a, const double *b, size_t p)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += b ? a[i * p + j] * b[j * p + i] : i == j ? a[i * p + j] : 0;
    return sum;
}

/* Takes the derivatives of ln det M / 2 off those of the sum over d. */
static void project(const form *f, double s, double *k1, double *k2, double *k3)
{
    const size_t p = f->p, pp = p * p;
    double *const m = f->work, *const a1 = m + pp, *const a2 = a1 + pp, *const a3 = a2 + pp;
    for (int power = 1; power <= 3; power++) { /* M^-1 times the derivative of that order */
        moment(f, s, 0, 1, m);
        moment(f, s, power, power == 1 ? 2 : power == 2 ? 8 : 48, m + (size_t)power * pp);
        divide(m, m + (size_t)power * pp, p);
    }
    *k1 -= 0.5 * trace_of(a1, NULL, p);
    *k2 -= 0.5 * (trace_of(a2, NULL, p) - trace_of(a1, a1, p));
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            m[i * p + j] = 0;
            for (size_t l = 0; l < p; l++)
                m[i * p + j] += a1[i * p + l] * a1[l * p + j];
        }
    *k3 -= 0.5 * (trace_of(a3, NULL, p) - 3 * trace_of(a1, a2, p) + 2 * trace_of(m, a1, p));
}

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
    if (f->p)
        project(f, s, &k1, &k2, &k3);
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

/* ln det M(s) for s on or above the real axis. */
static double complex log_det(const form *f, double complex s)
{
    const size_t p = f->p;
    double *const re = f->work, *const im = re + p * p;
    memset(f->work, 0, 2 * p * p * sizeof *f->work);
    for (size_t i = 0; i < f->n; i++) {
        const double complex w = 1 / (1 - 2 * s * f->lambda[i]);
        for (size_t j = 0; j < p; j++)
            for (size_t l = 0; l <= j; l++) {
                const double uu = f->u[j * f->n + i] * f->u[l * f->n + i];
                re[j * p + l] += creal(w) * uu;
                im[j * p + l] += cimag(w) * uu;
            }
    }
    double complex sum = 0;
    for (size_t c = 0; c < p; c++) { /* symmetric elimination of column c */
        const double complex pivot = re[c * p + c] + I * im[c * p + c];
        sum += clog(pivot);
        for (size_t j = c + 1; j < p; j++) {
            const double complex ratio = (re[j * p + c] + I * im[j * p + c]) / pivot;
            for (size_t l = c + 1; l <= j; l++) {
                const double complex x = ratio * (re[l * p + c] + I * im[l * p + c]);
                re[j * p + l] -= creal(x);
                im[j * p + l] -= cimag(x);
            }
        }
    }
    return sum;
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
    if (f->p)
        sum += log_det(f, s);
    return cimag(s) == 0 ? creal(-0.5 * sum - s * f->q) : -0.5 * sum - s * f->q;
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
    for (size_t i = 0; f->p && i < f->n; i++) /* a pole of the sum that M cancels: anywhere near the saddle will do */
        if (fabs(1 - 2 * p.c * f->lambda[i]) < 1e-4)
            p.c *= 1 - 4e-4;
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
    const double p = far_tail(&(form){ .lambda = lambda, .n = n, .q = q }, largest, far);
    return tail == far ? p : 1 - p;
}

/* True if 1 - 2 s lambda > 0 for every eigenvalue: I - 2sD and M have as many negative pivots. */
static bool is_inside(const form *f, double s)
{
    const size_t p = f->p;
    double *const m = f->work;
    int excess = 0;
    for (size_t i = 0; i < f->n; i++)
        excess += 1 - 2 * s * f->lambda[i] < 0;
    moment(f, s, 0, 1, m);
    for (size_t c = 0; c < p; c++) {
        excess -= m[c * p + c] < 0;
        for (size_t j = c + 1; j < p; j++)
            for (size_t l = c + 1; l < p; l++)
                m[j * p + l] -= m[j * p + c] / m[c * p + c] * m[c * p + l];
    }
    return excess == 0;
}

double mpl__quadform_projected_p(const double *d, size_t n, const double *u, size_t p, double *work, double q,
                                 mpl__tail tail)
{
    if (p == 0)
        return mpl__quadform_p(d, n, q, tail);
    double largest = 0, smallest = INFINITY, mean = 0;
    for (size_t i = 0; i < n; i++) {
        double h = 0;
        if (!(d[i] > 0) || !isfinite(d[i]))
            return NAN;
        for (size_t j = 0; j < p; j++)
            h += u[j * n + i] * u[j * n + i];
        largest = fmax(largest, d[i]);
        smallest = fmin(smallest, d[i]);
        mean += d[i] * fmax(1 - h, 0);
    }
    if (n <= p || isnan(q) || q < 0)
        return NAN;
    if (q == 0 || isinf(q))
        return (q == 0) == (tail == MPL__LOWER) ? 0 : 1;
    const form f = { d, n, q, u, p, work };
    double lo = 0.5 / largest, hi = 0.5 / smallest * (1 + 1e-9); /* the largest eigenvalue is 0.5 / (where it ends) */
    for (int i = 0; i < 200 && hi - lo > 1e-9 * lo; i++) {
        const double mid = sqrt(lo * hi);
        if (is_inside(&f, mid))
            lo = mid;
        else
            hi = mid;
    }
    const mpl__tail far = q < mean ? MPL__LOWER : MPL__UPPER;
    const double x = far_tail(&f, 0.5 / lo, far);
    return tail == far ? x : 1 - x;
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
