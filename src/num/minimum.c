/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * BFGS finds the valley, Newton's method its lowest point. Variables at a bound that the gradient presses against stay
 * there; steps are cut off at the bounds. Derivatives are differences of the gradient in steps of `scale`, so it must
 * be smooth on that scale.
 */
#include "num/minimum.h"

#include <math.h>
#include <string.h>

#include "num/chol.h"

enum { SEARCH_STEPS = 200, LINE_STEPS = 40, NEWTON_STEPS = 60, HALVINGS = 30, SHIFTS = 12 };

static const double SEARCHED = 1e-4, POLISHED = 1e-10; /* gradients at which a search ends */
static const double SETTLED = 1e-7;                    /* or that three steps gain no more */
static const double DIFFERENCE = 2e-3;                 /* step of second derivatives, in units of scale */

typedef struct box {
    mpl__cost f;
    void *ctx;
    const double *scale, *lo, *hi;
    size_t n;
} box;

/* A point with its value, its gradient, and which variables are free to move. */
typedef struct point {
    double x[MPL__MINIMUM_MAX], g[MPL__MINIMUM_MAX], value;
    bool free[MPL__MINIMUM_MAX];
    double largest; /* of the free derivatives, in units of scale */
} point;

static void look(const box *b, point *p)
{
    for (size_t j = 0; j < b->n; j++)
        p->x[j] = fmin(fmax(p->x[j], b->lo[j]), b->hi[j]);
    p->value = b->f(b->ctx, p->x, p->g);
    p->largest = 0;
    for (size_t j = 0; j < b->n; j++) {
        if (isnan(p->g[j]))
            p->value = INFINITY;
        p->free[j] = !((p->x[j] <= b->lo[j] && p->g[j] >= 0) || (p->x[j] >= b->hi[j] && p->g[j] <= 0));
        if (p->free[j])
            p->largest = fmax(p->largest, fabs(p->g[j]) * b->scale[j]);
    }
    if (isnan(p->value))
        p->value = INFINITY;
}

/* ---- BFGS */

static void forget(const box *b, double *inverse)
{
    memset(inverse, 0, b->n * b->n * sizeof *inverse);
    for (size_t j = 0; j < b->n; j++)
        inverse[j * b->n + j] = b->scale[j] * b->scale[j];
}

/* Downhill over the free variables; the slope along it. */
static double downhill(const box *b, const point *p, const double *inverse, double *d)
{
    double slope = 0;
    for (size_t i = 0; i < b->n; i++) {
        d[i] = 0;
        for (size_t j = 0; j < b->n && p->free[i]; j++)
            if (p->free[j])
                d[i] -= inverse[i * b->n + j] * p->g[j];
        slope += d[i] * p->g[i];
    }
    return slope;
}

/* A step that lowers f enough and after which the slope is flatter (Wolfe's conditions, by bisection). */
static bool step_along(const box *b, const point *from, const double *d, double length, point *to)
{
    double lo = 0, hi = INFINITY;
    point best = { .value = INFINITY };
    for (int i = 0; i < LINE_STEPS; i++) {
        double expected = 0, slope = 0, slope_after = 0;
        for (size_t j = 0; j < b->n; j++)
            to->x[j] = from->x[j] + length * d[j];
        look(b, to);
        for (size_t j = 0; j < b->n; j++) {
            expected += from->g[j] * (to->x[j] - from->x[j]);
            slope += from->g[j] * d[j];
            slope_after += to->free[j] ? to->g[j] * d[j] : 0;
        }
        if (!(to->value <= from->value + 1e-4 * expected)) {
            hi = length;
        } else {
            const bool is_enough = to->value >= best.value || slope_after >= 0.9 * slope;
            if (to->value < best.value)
                best = *to;
            if (is_enough)
                break;
            lo = length;
        }
        length = isinf(hi) ? 2 * lo : lo + (hi - lo) * (isfinite(to->value) ? 0.5 : 0.1);
        if (hi - lo < 1e-12 * hi)
            break;
    }
    *to = best;
    return best.value < from->value;
}

static void learn(const box *b, const point *from, const point *to, double *inverse)
{
    double s[MPL__MINIMUM_MAX], y[MPL__MINIMUM_MAX], hy[MPL__MINIMUM_MAX], sy = 0, yhy = 0;
    const size_t n = b->n;
    for (size_t j = 0; j < n; j++) {
        s[j] = to->free[j] ? to->x[j] - from->x[j] : 0;
        y[j] = to->free[j] ? to->g[j] - from->g[j] : 0;
        sy += s[j] * y[j];
    }
    for (size_t i = 0; i < n; i++) {
        hy[i] = 0;
        for (size_t j = 0; j < n; j++)
            hy[i] += inverse[i * n + j] * y[j];
        yhy += y[i] * hy[i];
    }
    if (!(sy > 1e-10 * sqrt(fabs(yhy) * fabs(sy))) || !(sy > 0))
        return;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            inverse[i * n + j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
}

mpl__minimum mpl__minimum_search(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n)
{
    const box b = { f, ctx, scale, lo, hi, n };
    double inverse[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX], d[MPL__MINIMUM_MAX];
    bool is_fresh = true;
    int idle = 0;
    point at, next;
    memcpy(at.x, x, n * sizeof *x);
    look(&b, &at);
    forget(&b, inverse);
    for (int i = 0; i < SEARCH_STEPS && idle < 3 && isfinite(at.value) && at.largest > SEARCHED; i++) {
        if (!(downhill(&b, &at, inverse, d) < 0)) {
            forget(&b, inverse);
            is_fresh = true;
            (void)downhill(&b, &at, inverse, d);
        }
        if (!step_along(&b, &at, d, is_fresh ? 1 / fmax(1, at.largest) : 1, &next)) {
            if (is_fresh)
                break;
            forget(&b, inverse);
            is_fresh = true;
            continue;
        }
        is_fresh = memcmp(at.free, next.free, n * sizeof *next.free) != 0;
        if (is_fresh) /* the inverse is of other variables now */
            forget(&b, inverse);
        else
            learn(&b, &at, &next, inverse);
        idle = next.value < at.value - SETTLED ? 0 : idle + 1;
        at = next;
    }
    memcpy(x, at.x, n * sizeof *x);
    return (mpl__minimum){ .value = at.value, .gradient = at.largest, .converged = at.largest <= SEARCHED };
}

/* ---- Newton */

static void hessian_at(mpl__cost f, void *ctx, const double *x, const double *scale, double h, size_t n, double *out)
{
    double y[MPL__MINIMUM_MAX], up[MPL__MINIMUM_MAX], down[MPL__MINIMUM_MAX];
    memcpy(y, x, n * sizeof *y);
    for (size_t i = 0; i < n; i++) {
        const double d = h * scale[i];
        y[i] = x[i] + d;
        (void)f(ctx, y, up);
        y[i] = x[i] - d;
        (void)f(ctx, y, down);
        y[i] = x[i];
        for (size_t j = 0; j < n; j++)
            out[i * n + j] = (up[j] - down[j]) / (2 * d);
    }
}

void mpl__hessian(mpl__cost f, void *ctx, const double *x, const double *scale, size_t n, double *out)
{
    double half[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX];
    hessian_at(f, ctx, x, scale, DIFFERENCE, n, out);
    hessian_at(f, ctx, x, scale, DIFFERENCE / 2, n, half);
    for (size_t i = 0; i < n * n; i++)
        out[i] = (4 * half[i] - out[i]) / 3;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            out[i * n + j] = out[j * n + i] = (out[i * n + j] + out[j * n + i]) / 2;
}

/* The Newton direction of the free variables; a Hessian that is not positive definite is shifted until it is. */
static void newton(const box *b, const point *p, double *d)
{
    double all[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX], part[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX], step[MPL__MINIMUM_MAX];
    size_t free[MPL__MINIMUM_MAX], m = 0;
    mpl__hessian(b->f, b->ctx, p->x, b->scale, b->n, all);
    for (size_t j = 0; j < b->n; j++) {
        d[j] = 0;
        if (p->free[j])
            free[m++] = j;
    }
    double shift = 0;
    for (int s = 0; s < SHIFTS; s++, shift = shift > 0 ? 10 * shift : 1e-4 * fmax(1, p->largest)) {
        for (size_t i = 0; i < m; i++) {
            step[i] = -p->g[free[i]];
            for (size_t j = 0; j < m; j++)
                part[i * m + j] = all[free[i] * b->n + free[j]];
            part[i * m + i] += shift / (b->scale[free[i]] * b->scale[free[i]]);
        }
        if (mpl__cholesky(part, m)) {
            mpl__lower_solve(part, m, step);
            mpl__lower_solve_transposed(part, m, step);
            break;
        }
        for (size_t i = 0; i < m; i++)
            step[i] = -p->g[free[i]] * b->scale[free[i]] * b->scale[free[i]];
    }
    for (size_t i = 0; i < m; i++)
        d[free[i]] = step[i];
}

mpl__minimum mpl__minimum_polish(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n)
{
    const box b = { f, ctx, scale, lo, hi, n };
    double d[MPL__MINIMUM_MAX];
    point at, next;
    memcpy(at.x, x, n * sizeof *x);
    look(&b, &at);
    for (int i = 0; i < NEWTON_STEPS && isfinite(at.value) && at.largest > POLISHED; i++) {
        newton(&b, &at, d);
        const double rounding = 1e-13 * (1 + fabs(at.value));
        bool is_better = false;
        double length = 1;
        for (int h = 0; h < HALVINGS && !is_better; h++, length /= 2) {
            for (size_t j = 0; j < n; j++)
                next.x[j] = at.x[j] + length * d[j];
            look(&b, &next);
            is_better = next.value < at.value - rounding ||
                        (next.value <= at.value + rounding && next.largest < at.largest);
        }
        if (!is_better)
            break;
        at = next;
    }
    memcpy(x, at.x, n * sizeof *x);
    return (mpl__minimum){ .value = at.value, .gradient = at.largest, .converged = at.largest < 1e-6 };
}
