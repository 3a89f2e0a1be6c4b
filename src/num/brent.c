/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brent's method (Brent 1973, Algorithms for Minimization without Derivatives, chapter 4). */
#include "num/brent.h"

#include <float.h>
#include <math.h>

/* The step from b: inverse quadratic interpolation through a, b, c, or the secant; 0 if it is not to be trusted. */
static double interpolate(double a, double fa, double b, double fb, double c, double fc, double before)
{
    const double half = (c - b) / 2;
    const double s = fb / fa;
    double p, q;
    if (a == c) {
        p = 2 * half * s;
        q = 1 - s;
    } else {
        const double u = fa / fc, r = fb / fc;
        p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    p = fabs(p);
    return 2 * p < fmin(3 * half * q, fabs(before * q)) ? p / q : 0;
}

double mpl__brent_root(mpl__real_function f, void *ctx, double a, double b)
{
    double fa = f(a, ctx), fb = f(b, ctx);
    if (!(fa * fb <= 0) && !(fa == 0 || fb == 0))
        return NAN;
    double c = a, fc = fa, step = b - a, before = step;
    for (int i = 0; i < 500; i++) {
        if ((fb > 0) == (fc > 0)) {
            c = a;
            fc = fa;
            before = step = b - a;
        }
        if (fabs(fc) < fabs(fb)) {
            a = b, b = c, c = a;
            fa = fb, fb = fc, fc = fa;
        }
        const double tol = 2 * DBL_EPSILON * fabs(b) + DBL_MIN, half = (c - b) / 2;
        if (fabs(half) <= tol || fb == 0)
            break;
        const double jump = fabs(before) >= tol && fabs(fa) > fabs(fb) ? interpolate(a, fa, b, fb, c, fc, before) : 0;
        before = jump != 0 ? step : half;
        step = jump != 0 ? jump : half;
        a = b;
        fa = fb;
        b += fabs(step) > tol ? step : copysign(tol, half);
        fb = f(b, ctx);
    }
    return b;
}

double mpl__brent_minimum(mpl__real_function f, mpl__real_function slope, void *ctx, double from, double to,
                          size_t n)
{
    const double width = (to - from) / (double)n;
    size_t best = 0;
    double least = INFINITY;
    for (size_t i = 0; i <= n; i++) {
        const double y = f(from + (double)i * width, ctx);
        if (y < least) {
            least = y;
            best = i;
        }
    }
    const double at = from + (double)best * width, there = slope(at, ctx);
    const double lo = there > 0 && best > 0 ? at - width : at, hi = there < 0 && best < n ? at + width : at;
    return lo < hi && slope(lo, ctx) < 0 && slope(hi, ctx) > 0 ? mpl__brent_root(slope, ctx, lo, hi) : at;
}
