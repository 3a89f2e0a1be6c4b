/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * B-splines by the recursion of de Boor (1978, A Practical Guide to Splines), on the whole sequence of knots. The turn
 * of a natural spline is by the Householder reflections of LINPACK's dqrdc, so that signs are those of R.
 */
#include "num/spline.h"

#include <math.h>
#include <string.h>

/* From the order m - 1 to m: values, or derivatives of one order more. b is [n - m + 1] on entry, [n - m] after. */
static void raise_order(const double *t, size_t n, size_t m, double x, bool differentiate, double *b)
{
    const double factor = (double)(m - 1);
    for (size_t i = 0; i + m < n; i++) {
        const double left = t[i + m - 1] - t[i], right = t[i + m] - t[i + 1];
        const double a = left > 0 ? b[i] / left : 0, c = right > 0 ? b[i + 1] / right : 0;
        b[i] = differentiate ? factor * (a - c) : (x - t[i]) * a + (t[i + m] - x) * c;
    }
}

void mpl__bspline(const double *knots, size_t n, size_t order, double x, int derivative, double *out)
{
    double b[MPL__MOST_KNOTS] = { 0 };
    size_t piece = order - 1; /* the last one whose left end is not beyond x, and which has a length */
    while (piece + order + 1 < n && x >= knots[piece + 1])
        piece++;
    b[piece] = 1;
    for (size_t m = 2; m <= order; m++)
        raise_order(knots, n, m, x, m > order - (size_t)derivative, b);
    memcpy(out, b, (n - order) * sizeof *out);
}

/* Reflects rows l.. of y by the vector v, as dqrsl. */
static void reflect(const double *v, size_t l, size_t n, double *y)
{
    double t = 0;
    for (size_t i = l; i < n; i++)
        t -= v[i] * y[i];
    t /= v[l];
    for (size_t i = l; i < n; i++)
        y[i] += t * v[i];
}

void mpl__natural_turn(const double *knots, size_t n, double *turn)
{
    const size_t rows = n - 5, columns = n - 7;
    double ends[2][MPL__MOST_KNOTS];
    mpl__bspline(knots, n, 4, knots[0], 2, ends[0]);
    mpl__bspline(knots, n, 4, knots[n - 1], 2, ends[1]);
    double *const v[2] = { ends[0] + 1, ends[1] + 1 };
    for (size_t l = 0; l < 2; l++) {
        double length = 0;
        for (size_t i = l; i < rows; i++)
            length = hypot(length, v[l][i]);
        if (v[l][l] < 0)
            length = -length;
        for (size_t i = l; i < rows; i++)
            v[l][i] /= length;
        v[l][l] += 1;
        if (l == 0)
            reflect(v[0], 0, rows, v[1]);
    }
    for (size_t i = 0; i < rows; i++) {
        double unit[MPL__MOST_KNOTS] = { 0 };
        unit[i] = 1;
        reflect(v[0], 0, rows, unit);
        reflect(v[1], 1, rows, unit);
        memcpy(turn + i * columns, unit + 2, columns * sizeof *turn);
    }
}

void mpl__natural_spline(const double *knots, size_t n, const double *turn, double x, double *out)
{
    const size_t columns = n - 7;
    const double inside = fmin(fmax(x, knots[0]), knots[n - 1]);
    double b[MPL__MOST_KNOTS], slope[MPL__MOST_KNOTS];
    mpl__bspline(knots, n, 4, inside, 0, b);
    if (x != inside) {
        mpl__bspline(knots, n, 4, inside, 1, slope);
        for (size_t i = 0; i < n - 4; i++)
            b[i] += (x - inside) * slope[i];
    }
    for (size_t j = 0; j < columns; j++) {
        out[j] = 0;
        for (size_t i = 0; i < n - 5; i++)
            out[j] += b[i + 1] * turn[i * columns + j];
    }
}

static double cube(double x)
{
    return x > 0 ? x * x * x : 0;
}

void mpl__restricted_spline(const double *t, size_t n, double x, double *out)
{
    const double unit = cbrt(pow(t[n - 1] - t[0], 2)), last = t[n - 1] - t[n - 2];
    const double a = cube((x - t[n - 2]) / unit), b = cube((x - t[n - 1]) / unit);
    out[0] = x;
    for (size_t j = 0; j + 2 < n; j++)
        out[j + 1] = cube((x - t[j]) / unit) + ((t[n - 2] - t[j]) * b - (t[n - 1] - t[j]) * a) / last;
}

/* p_0 = 1, p_1 = x - alpha_0, p_j+1 = (x - alpha_j) p_j - (norm_j / norm_j-1) p_j-1 with norm_j = sum p_j^2. */
static double next(size_t j, const double *alpha, const double *norm, double x, double now, double before)
{
    return (x - alpha[j]) * now - (j > 0 ? norm[j] / norm[j - 1] * before : 0);
}

bool mpl__orthogonal_polynomials(const double *x, size_t k, size_t degree, double *alpha, double *norm)
{
    double scale = 0;
    norm[0] = (double)k;
    for (size_t j = 0; j < degree; j++) {
        double centre = 0, squares = 0;
        for (int pass = 0; pass < 2; pass++) { /* about the centre just found: an offset of x costs no digits */
            double sum = 0;
            for (size_t i = 0; i < k; i++) {
                double now = 1, before = 0;
                for (size_t l = 0; l < j; l++) {
                    const double p = next(l, alpha, norm, x[i], now, before);
                    before = now;
                    now = p;
                }
                sum += (x[i] - centre) * now * now / norm[j];
            }
            centre += sum;
        }
        alpha[j] = centre;
        for (size_t i = 0; i < k; i++) {
            double now = 1, before = 0;
            for (size_t l = 0; l <= j; l++) {
                const double p = next(l, alpha, norm, x[i], now, before);
                before = now;
                now = p;
            }
            squares += now * now;
        }
        norm[j + 1] = squares;
        scale = j == 0 ? sqrt(squares / (double)k) : scale;
        if (!(sqrt(squares / (double)k) > 1e-10 * pow(scale, (double)(j + 1))) ||
            !(scale > 1e-13 * fabs(alpha[0])) || !isfinite(squares))
            return false;
    }
    return true;
}

void mpl__orthogonal_polynomial(size_t degree, const double *alpha, const double *norm, double x, double *out)
{
    double now = 1, before = 0;
    for (size_t j = 0; j < degree; j++) {
        const double p = next(j, alpha, norm, x, now, before);
        before = now;
        now = p;
        out[j] = p / sqrt(norm[j + 1]);
    }
}

double mpl__sorted_quantile(const double *sorted, size_t k, double p)
{
    const double at = p * (double)(k - 1), whole = floor(at + 4 * 2.220446049250313e-16);
    const size_t i = (size_t)whole;
    const double part = fmax(at - whole, 0);
    return i + 1 < k && part > 0 ? (1 - part) * sorted[i] + part * sorted[i + 1] : sorted[i];
}
