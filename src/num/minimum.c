/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSL's Nelder-Mead (nmsimplex2) finds the valley, Newton's method its lowest point. Derivatives are differences in
 * steps of `scale`, so the function must be smooth on that scale; a variable at a bound that the gradient presses
 * against stays there.
 */
#include "num/minimum.h"

#include <math.h>
#include <string.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

#include "num/chol.h"
#include "num/guard.h"

enum { SIMPLEX_STEPS = 1500, NEWTON_STEPS = 60, HALVINGS = 30 };

static const double H1 = 1e-5, H2 = 2e-3; /* steps of first and second differences, in units of scale */

typedef struct box {
    mpl__cost f;
    void *ctx;
    const double *lo, *hi;
    size_t n;
} box;

static void clamp(const box *b, double *x)
{
    for (size_t j = 0; j < b->n; j++)
        x[j] = fmin(fmax(x[j], b->lo[j]), b->hi[j]);
}

static double boxed(const gsl_vector *v, void *ctx)
{
    const box *const b = ctx;
    double x[MPL__MINIMUM_MAX];
    for (size_t j = 0; j < b->n; j++)
        x[j] = gsl_vector_get(v, j);
    clamp(b, x);
    const double y = b->f(b->ctx, x);
    return isnan(y) ? INFINITY : y;
}

mpl__minimum mpl__minimum_search(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n)
{
    mpl__minimum out = { .value = INFINITY, .gradient = NAN };
    box b = { f, ctx, lo, hi, n };
    mpl__guard();
    gsl_vector *const at = gsl_vector_alloc(n), *const step = gsl_vector_alloc(n);
    gsl_multimin_fminimizer *const m = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n);
    gsl_multimin_function g = { boxed, n, &b };
    out.failed = !at || !step || !m;
    if (!out.failed) {
        for (size_t j = 0; j < n; j++) {
            gsl_vector_set(at, j, x[j]);
            gsl_vector_set(step, j, scale[j]);
        }
        if (gsl_multimin_fminimizer_set(m, &g, at, step) == GSL_SUCCESS) {
            for (int i = 0; i < SIMPLEX_STEPS && gsl_multimin_fminimizer_size(m) > 1e-3; i++)
                if (gsl_multimin_fminimizer_iterate(m) != GSL_SUCCESS)
                    break;
            for (size_t j = 0; j < n; j++)
                x[j] = gsl_vector_get(m->x, j);
            clamp(&b, x);
            out.value = f(ctx, x);
        }
    }
    if (m)
        gsl_multimin_fminimizer_free(m);
    if (at)
        gsl_vector_free(at);
    if (step)
        gsl_vector_free(step);
    return out;
}

/* The change of f when two variables (maybe the same) are moved. */
static double moved(mpl__cost f, void *ctx, const double *x, size_t n, size_t i, double di, size_t j, double dj)
{
    double y[MPL__MINIMUM_MAX];
    memcpy(y, x, n * sizeof *y);
    y[i] += di;
    y[j] += dj;
    return f(ctx, y);
}

static void hessian_at(mpl__cost f, void *ctx, const double *x, const double *scale, double h, size_t n, double *out)
{
    const double centre = f(ctx, x);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double di = h * scale[i], dj = h * scale[j];
            double d;
            if (i == j)
                d = (moved(f, ctx, x, n, i, di, i, 0) - 2 * centre + moved(f, ctx, x, n, i, -di, i, 0)) / (di * di);
            else
                d = (moved(f, ctx, x, n, i, di, j, dj) - moved(f, ctx, x, n, i, di, j, -dj) -
                     moved(f, ctx, x, n, i, -di, j, dj) + moved(f, ctx, x, n, i, -di, j, -dj)) / (4 * di * dj);
            out[i * n + j] = out[j * n + i] = d;
        }
}

void mpl__hessian(mpl__cost f, void *ctx, const double *x, const double *scale, size_t n, double *out)
{
    double half[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX];
    hessian_at(f, ctx, x, scale, H2, n, out);
    hessian_at(f, ctx, x, scale, H2 / 2, n, half);
    for (size_t i = 0; i < n * n; i++)
        out[i] = (4 * half[i] - out[i]) / 3;
}

/* Gradient of the variables that are free to move; returns their number, their indices in `free`. */
static size_t gradient_at(const box *b, const double *x, const double *scale, double *g, size_t *free, double *largest)
{
    size_t n_free = 0;
    *largest = 0;
    for (size_t j = 0; j < b->n; j++) {
        const double h = H1 * scale[j];
        const double up = moved(b->f, b->ctx, x, b->n, j, h, j, 0), down = moved(b->f, b->ctx, x, b->n, j, -h, j, 0);
        const double d = (up - down) / (2 * h);
        if ((x[j] <= b->lo[j] && d >= 0) || (x[j] >= b->hi[j] && d <= 0))
            continue;
        g[n_free] = d;
        free[n_free++] = j;
        *largest = fmax(*largest, fabs(d) * scale[j]);
    }
    return n_free;
}

/* The Newton direction of the free variables; the steepest descent where the Hessian is not positive definite. */
static void direction(const box *b, const double *x, const double *scale, const double *g, const size_t *free, size_t m,
                      double *step)
{
    double all[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX], part[MPL__MINIMUM_MAX * MPL__MINIMUM_MAX];
    mpl__hessian(b->f, b->ctx, x, scale, b->n, all);
    for (size_t i = 0; i < m; i++) {
        step[i] = -g[i];
        for (size_t j = 0; j < m; j++)
            part[i * m + j] = all[free[i] * b->n + free[j]];
    }
    if (mpl__cholesky(part, m)) {
        mpl__lower_solve(part, m, step);
        mpl__lower_solve_transposed(part, m, step);
        return;
    }
    for (size_t i = 0; i < m; i++)
        step[i] = -g[i] * scale[free[i]] * scale[free[i]];
}

mpl__minimum mpl__minimum_polish(mpl__cost f, void *ctx, double *x, const double *scale, const double *lo,
                                 const double *hi, size_t n)
{
    const box b = { f, ctx, lo, hi, n };
    mpl__minimum out = { .value = f(ctx, x) };
    double g[MPL__MINIMUM_MAX], step[MPL__MINIMUM_MAX], next[MPL__MINIMUM_MAX];
    size_t free[MPL__MINIMUM_MAX];
    for (int i = 0; i < NEWTON_STEPS; i++) {
        const size_t m = gradient_at(&b, x, scale, g, free, &out.gradient);
        out.converged = out.gradient < 1e-6;
        if (out.gradient < 1e-10 || m == 0)
            break;
        direction(&b, x, scale, g, free, m, step);
        double length = 1, value = INFINITY;
        for (int h = 0; h < HALVINGS && !(value < out.value); h++, length /= 2) {
            memcpy(next, x, n * sizeof *next);
            for (size_t j = 0; j < m; j++)
                next[free[j]] += length * step[j];
            clamp(&b, next);
            value = f(ctx, next);
        }
        if (!(value < out.value))
            break;
        out.value = value;
        memcpy(x, next, n * sizeof *next);
    }
    return out;
}
