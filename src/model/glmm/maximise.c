/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The likelihood of all studies, and its maximum over everything but tau.
 *
 * The Hessian is an arrow: studies meet only in the shared parameters. Taking each study's own parameter out of it
 * leaves a matrix of the size of the shared ones, so that time and memory grow with k and not with its square or cube.
 * For given variances the log-likelihood is concave (a marginal of a log-concave density is log-concave: Prekopa 1973,
 * Acta Sci Math 34:335-343), and Newton's method with halved steps finds its only maximum from anywhere. Where a spread
 * is free too, a ridge makes every step one uphill.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "model/glmm/glmm.h"
#include "num/chol.h"

enum { MOST_STEPS = 200 };
static const double LAST_GAIN = 1e-13; /* of a step, which leaves about its square as error */
static const double FARTHEST = 60;     /* a predictor beyond has run away: e^-60 is nil beside 1 */

mpl_status mpl__glmm_init(mpl__glmm *g, mpl__arena *scratch, size_t k, size_t p, mpl__local local,
                          bool has_random_intercept, bool is_correlated, mpl_error *err)
{
    size_t n = 0;
    *g = (mpl__glmm){ .k = k, .p = p, .local = local, .s1 = SIZE_MAX, .s2 = SIZE_MAX };
    n += has_random_intercept;
    g->beta = n;
    n += p;
    /* without effects that vary, the intercept has the only dimension of z */
    if (has_random_intercept && (is_correlated || p == 0))
        g->s1 = n++;
    if (has_random_intercept && p > 0)
        g->s2 = n++;
    g->tau = n++;
    g->n_shared = n;
    g->study = MPL_NEW(scratch, mpl__glmm_study, k);
    double **const arrays[] = { &g->own, &g->own_gradient, &g->own_hessian, &g->share, &g->own_step, &g->from_own };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = MPL_NEW(scratch, double, k);
    g->mode = MPL_NEW(scratch, double, k * MPL__RANDOM);
    g->cross = MPL_NEW(scratch, double, k * n);
    g->shared = MPL_NEW(scratch, double, 5 * n);
    g->hessian = MPL_NEW(scratch, double, n * n);
    g->rows = MPL_NEW(scratch, double, MPL__REDUCED * n);
    g->factor = MPL_NEW(scratch, double, n * n);
    if (!g->study || !g->own || !g->own_gradient || !g->own_hessian || !g->share || !g->own_step || !g->from_own ||
        !g->mode || !g->cross || !g->shared || !g->hessian || !g->rows || !g->factor)
        return mpl__fail_nomem(err, "the model of counts");
    g->gradient = g->shared + n;
    g->from_shared = g->shared + 2 * n;
    g->step = g->shared + 3 * n;
    return MPL_OK;
}

void mpl__glmm_start(mpl__glmm *g)
{
    double mean = 0, size = 0;
    memset(g->shared, 0, g->n_shared * sizeof *g->shared);
    memset(g->mode, 0, g->k * MPL__RANDOM * sizeof *g->mode);
    for (size_t i = 0; i < g->k; i++) {
        const mpl__glmm_study *const s = &g->study[i];
        double own = 0;
        for (size_t m = 0; m < s->n_cells; m++)
            own += s->cell[m].family->start(&s->cell[m]) / (double)s->n_cells;
        g->own[i] = g->local == MPL__LOCAL_INTERCEPT ? own : 0;
        mean += own;
        size += 1;
    }
    mean /= size;
    if (g->s1 != SIZE_MAX || g->s2 != SIZE_MAX)
        g->shared[0] = mean; /* the common intercept */
    if (g->s1 != SIZE_MAX)
        g->shared[g->s1] = g->p ? 0.1 : 0.5;
    if (g->s2 != SIZE_MAX)
        g->shared[g->s2] = 0.5;
}

/* The coefficients of 1, z1, z2 in each cell. */
static void reduce(const mpl__glmm *g, size_t i, const double *shared, double own, mpl__glmm_reduced *r)
{
    const mpl__glmm_study *const s = &g->study[i];
    double effect = 0;
    r->n_random = g->s2 != SIZE_MAX ? 2 : 1;
    for (size_t j = 0; j < g->p; j++)
        effect += s->x[j] * shared[g->beta + j];
    for (size_t m = 0; m < s->n_cells; m++) {
        double *const coef = r->coef + m * (1 + r->n_random);
        const double load = s->cell[m].load;
        coef[0] = load * effect + (g->beta ? shared[0] : 0);
        if (g->local != MPL__LOCAL_NONE)
            coef[0] += own * (g->local == MPL__LOCAL_EFFECT ? load : 1);
        coef[1] = load * shared[g->tau] + (g->s1 != SIZE_MAX ? shared[g->s1] : 0);
        if (r->n_random == 2)
            coef[2] = shared[g->s2];
    }
}

/* Row a of the Jacobian: the derivative of a reduced coefficient in the shared parameters, and in the own one. */
static double jacobian(const mpl__glmm *g, const mpl__glmm_study *s, size_t width, size_t a, double *row)
{
    const size_t m = a / width, d = a % width;
    const double load = s->cell[m].load;
    memset(row, 0, g->n_shared * sizeof *row);
    if (d == 0) {
        if (g->beta)
            row[0] = 1;
        for (size_t j = 0; j < g->p; j++)
            row[g->beta + j] = load * s->x[j];
        return g->local == MPL__LOCAL_INTERCEPT ? 1 : g->local == MPL__LOCAL_EFFECT ? load : 0;
    }
    if (d == 1) {
        row[g->tau] = load;
        if (g->s1 != SIZE_MAX)
            row[g->s1] = 1;
    } else {
        row[g->s2] = 1;
    }
    return 0;
}

/* Adds a study to the sums, its own parameter taken out. */
static void add_study(mpl__glmm *g, size_t i, const mpl__glmm_reduced *r)
{
    const size_t n = g->n_shared, width = 1 + r->n_random;
    double own[MPL__REDUCED], *const rows = g->rows, *const cross = g->cross + i * n;
    double own_gradient = 0, own_hessian = 0;
    memset(cross, 0, n * sizeof *cross);
    for (size_t a = 0; a < r->n; a++) {
        own[a] = jacobian(g, &g->study[i], width, a, rows + a * n);
        own_gradient += own[a] * r->gradient[a];
        for (size_t u = 0; u < n; u++)
            g->gradient[u] += rows[a * n + u] * r->gradient[a];
    }
    for (size_t a = 0; a < r->n; a++)
        for (size_t b = 0; b < r->n; b++) {
            const double h = r->hessian[a][b];
            own_hessian += own[a] * own[b] * h;
            for (size_t u = 0; u < n; u++) {
                const double left = rows[a * n + u] * h;
                if (left == 0)
                    continue;
                cross[u] += left * own[b];
                for (size_t v = 0; v < n; v++)
                    g->hessian[u * n + v] += left * rows[b * n + v];
            }
        }
    g->own_gradient[i] = own_gradient;
    g->own_hessian[i] = own_hessian;
    if (!(own_hessian < 0))
        return;
    for (size_t u = 0; u < n; u++) {
        g->gradient[u] -= cross[u] * own_gradient / own_hessian;
        for (size_t v = 0; v < n; v++)
            g->hessian[u * n + v] -= cross[u] * cross[v] / own_hessian;
    }
}

void mpl__glmm_evaluate(mpl__glmm *g)
{
    const size_t n = g->n_shared, first = g->p ? g->beta * (n + 1) : 0;
    g->ll = 0;
    g->evaluations++;
    memset(g->gradient, 0, n * sizeof *g->gradient);
    memset(g->hessian, 0, n * n * sizeof *g->hessian);
    for (size_t i = 0; i < g->k; i++) {
        mpl__glmm_reduced r;
        const double before = g->hessian[first];
        reduce(g, i, g->shared, g->own[i], &r);
        mpl__glmm_integrate(&g->study[i], &g->rule, g->mode + i * MPL__RANDOM, &r);
        g->ll += r.ll;
        add_study(g, i, &r);
        g->share[i] = before - g->hessian[first];
    }
}

/* ---- steps */

static void back_solve(const double *l, size_t n, double *b)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            b[i] -= l[j * n + i] * b[j];
        b[i] /= l[i * n + i];
    }
}

/* Factor of minus the Hessian of all shared parameters but tau; false, with a ridge, if that is not positive. */
static bool factorise(const mpl__glmm *g, double *l)
{
    const size_t n = g->n_shared, f = n - 1;
    double largest = 0;
    for (size_t u = 0; u < f; u++)
        largest = fmax(largest, fabs(g->hessian[u * n + u]));
    for (double ridge = 0; ridge <= 1e8; ridge = ridge > 0 ? 10 * ridge : 1e-6) {
        for (size_t u = 0; u < f; u++)
            for (size_t v = 0; v < f; v++)
                l[u * f + v] = -g->hessian[u * n + v] + (u == v ? ridge * largest : 0);
        if (mpl__cholesky(l, f))
            return ridge == 0;
    }
    memset(l, 0, f * f * sizeof *l);
    for (size_t u = 0; u < f; u++)
        l[u * f + u] = 1;
    return false;
}

/* The Newton step from the point: of the shared parameters into step, of the own ones into own_step; its gain. */
static double newton_step(mpl__glmm *g, double *l, double *step, bool *is_saddle)
{
    const size_t n = g->n_shared, f = n - 1;
    double gain = 0;
    *is_saddle = !factorise(g, l);
    memcpy(step, g->gradient, f * sizeof *step);
    mpl__lower_solve(l, f, step);
    back_solve(l, f, step);
    for (size_t u = 0; u < f; u++)
        gain += step[u] * g->gradient[u];
    for (size_t i = 0; i < g->k; i++) {
        g->own_step[i] = 0;
        if (!(g->own_hessian[i] < 0))
            continue;
        double slope = g->own_gradient[i];
        gain -= slope * slope / g->own_hessian[i];
        for (size_t u = 0; u < f; u++)
            slope += g->cross[i * n + u] * step[u];
        g->own_step[i] = -slope / g->own_hessian[i];
    }
    return gain;
}

/* From the point in from_own, from_shared by part of the step. */
static void move(mpl__glmm *g, const double *step, double part)
{
    for (size_t u = 0; u + 1 < g->n_shared; u++)
        g->shared[u] = g->from_shared[u] + part * step[u];
    for (size_t i = 0; i < g->k; i++)
        g->own[i] = g->from_own[i] + part * g->own_step[i];
}

/* Goes along the step until the likelihood rises as it should; false if it never does. */
static bool climb(mpl__glmm *g, const double *step, double gain)
{
    const double ll = g->ll;
    memcpy(g->from_shared, g->shared, g->n_shared * sizeof *g->shared);
    memcpy(g->from_own, g->own, g->k * sizeof *g->own);
    for (double part = 1; part > 1e-12; part /= 2) {
        move(g, step, part);
        mpl__glmm_evaluate(g);
        if (g->ll >= ll + 1e-4 * part * gain - 1e-12 * (1 + fabs(ll)))
            return true;
    }
    move(g, step, 0);
    mpl__glmm_evaluate(g);
    return false;
}

static bool has_run_away(const mpl__glmm *g)
{
    for (size_t i = 0; i < g->k; i++) {
        double effect = 0;
        for (size_t j = 0; j < g->p; j++)
            effect += g->study[i].x[j] * g->shared[g->beta + j];
        if (!(fabs(effect) < FARTHEST))
            return true;
    }
    return false;
}

/* A spread of 0 is stationary by symmetry, also where the likelihood rises from it: step aside. */
static bool leave_saddle(mpl__glmm *g, int *times)
{
    const size_t spread[] = { g->s1, g->s2 };
    if (++*times > 2)
        return false;
    for (size_t i = 0; i < 2; i++)
        if (spread[i] != SIZE_MAX)
            g->shared[spread[i]] += 0.1;
    mpl__glmm_evaluate(g);
    return g->s1 != SIZE_MAX || g->s2 != SIZE_MAX;
}

mpl__glmm_inner mpl__glmm_maximise(mpl__glmm *g, double tau)
{
    const size_t n = g->n_shared, f = n - 1;
    double *const l = g->factor, *const step = g->step, *const cross = g->step + n;
    mpl__glmm_inner out = { 0 };
    double gain = 0;
    bool is_saddle;
    int times = 0;
    g->shared[g->tau] = tau;
    mpl__glmm_evaluate(g);
    for (int i = 0; i < MOST_STEPS && !out.is_unbounded; i++) {
        gain = newton_step(g, l, step, &is_saddle);
        out.converged = gain <= LAST_GAIN;
        if (out.converged && is_saddle && leave_saddle(g, &times))
            continue;
        if (out.converged || !climb(g, step, gain))
            break;
        out.is_unbounded = has_run_away(g);
    }
    for (size_t u = 0; u < f; u++)
        cross[u] = g->hessian[g->tau * n + u];
    out.slope = g->gradient[g->tau];
    out.curvature = g->hessian[g->tau * n + g->tau];
    if (out.converged) { /* the last step is small enough for the quadratic that it maximises */
        memcpy(g->from_shared, g->shared, n * sizeof *g->shared);
        memcpy(g->from_own, g->own, g->k * sizeof *g->own);
        move(g, step, 1);
        for (size_t u = 0; u < f; u++)
            out.slope += cross[u] * step[u];
    }
    out.ll = g->ll + (out.converged ? gain / 2 : 0);
    mpl__lower_solve(l, f, cross);
    for (size_t u = 0; u < f; u++)
        out.curvature += cross[u] * cross[u];
    return out;
}
