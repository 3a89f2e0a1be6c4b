/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method that cannot leave its bracket, but for the last step: there rounding may push it over the end. */
#include "num/search.h"

#include <float.h>
#include <math.h>

enum { MOST_STEPS = 200 };

mpl__root mpl__root_find(mpl__equation f, void *ctx, double lo, double hi, double start, bool rises, double tol)
{
    mpl__root out = { .x = start };
    double last = hi - lo;
    while (out.iter < MOST_STEPS) {
        double slope;
        const double y = f(ctx, out.x, &slope);
        out.iter++;
        if (y == 0) {
            out.converged = true;
            break;
        }
        if ((y < 0) == rises)
            lo = out.x;
        else
            hi = out.x;
        double next = out.x - y / slope;
        const double step = fabs(next - out.x);
        if (step <= tol * fabs(out.x)) {
            out.x = next;
            out.converged = true;
            break;
        }
        if (hi - lo <= 4 * DBL_EPSILON * fabs(out.x)) {
            out.converged = true;
            break;
        }
        if (!(next > lo && next < hi && step < 0.5 * last))
            next = lo + 0.5 * (hi - lo);
        last = fabs(next - out.x);
        out.x = next;
    }
    return out;
}
