/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search over tau >= 0. The profile likelihood is even in tau, so tau = 0 is always stationary: it is a maximum if
 * the second derivative there is negative (the score test for tau2 = 0). The derivative of the profile is scanned on a
 * grid that grows by a constant factor, every change of its sign from + to - is a maximum, found by bracketing, and the
 * highest one is taken. Nothing depends on a start value.
 */
#include <math.h>
#include <stdint.h>

#include "model/glmm/glmm.h"
#include "num/search.h"

enum { SCAN_NODES = 9, FIRST_NODES = 24, MOST_NODES_2D = 100, MOST_MAXIMA = 8 };
static const double GRID_FACTOR = 1.7, TAU_END = 12, TAU_MOST = 400; /* on the scale of logarithms */
static const double TOLERANCE = 1e-9, LAST_CHANGE = 1e-10, NEGLIGIBLE = 1e-3;

typedef struct profile_root {
    mpl__glmm *g;
    double target;   /* log-likelihood to be met; unused for the derivative */
    bool converged;
} profile_root;

static double slope_at(void *ctx, double tau, double *slope)
{
    profile_root *const r = ctx;
    const mpl__glmm_inner at = mpl__glmm_maximise(r->g, tau);
    r->converged = at.converged;
    *slope = at.curvature;
    return at.slope;
}

static double excess_at(void *ctx, double tau, double *slope)
{
    profile_root *const r = ctx;
    const mpl__glmm_inner at = mpl__glmm_maximise(r->g, tau);
    r->converged = at.converged;
    *slope = at.slope;
    return at.ll - r->target;
}

/* The first step of the grid: a small part of the spread that the most precise study could show. */
static double first_step(const mpl__glmm *g)
{
    double information = 1;
    for (size_t i = 0; i < g->k; i++)
        information = fmax(information, g->share[i]);
    return 0.2 / sqrt(information);
}

typedef struct bracket {
    double lo, hi;
} bracket;

/* With correlated intercepts the likelihood can rise linearly from tau = 0, the correlation being free there. */
static bool rises_from_0(mpl__glmm *g, const mpl__glmm_inner *at_0, double first)
{
    if (g->s1 == SIZE_MAX || g->s2 == SIZE_MAX)
        return at_0->curvature > 0;
    return mpl__glmm_maximise(g, NEGLIGIBLE * first).slope > 0;
}

typedef struct scanned {
    bracket maximum[MOST_MAXIMA];
    size_t n;
    bool rises_from_0, rises_at_end;
    double end, ll_0, ll_end;
} scanned;

/* Brackets of the maxima above 0. */
static void scan(mpl__glmm *g, scanned *out)
{
    *out = (scanned){ .n = 0 };
    mpl__glmm_inner at = mpl__glmm_maximise(g, 0);
    double before = 0, tau = first_step(g);
    out->ll_0 = at.ll;
    out->rises_from_0 = out->rises_at_end = rises_from_0(g, &at, tau);
    for (; tau <= TAU_MOST && (tau <= TAU_END || out->rises_at_end); tau *= GRID_FACTOR) {
        at = mpl__glmm_maximise(g, tau);
        if (at.is_unbounded || !isfinite(at.slope))
            break;
        if (out->rises_at_end && at.slope <= 0 && out->n < MOST_MAXIMA)
            out->maximum[out->n++] = (bracket){ before, tau };
        out->rises_at_end = at.slope > 0;
        out->ll_end = at.ll;
        before = tau;
    }
    out->end = before;
}

/* The maximum in a bracket, to the last digits; the point is left there. */
static mpl__glmm_inner refine(mpl__glmm *g, bracket b, double *tau)
{
    profile_root ctx = { .g = g };
    mpl__root root = { 0 };
    for (int tries = 0; tries < 4; tries++) { /* the scan may have had fewer nodes and missed the end by a little */
        const double middle = b.lo > 0 ? sqrt(b.lo * b.hi) : b.hi / 2;
        const double start = *tau > b.lo && *tau < b.hi ? *tau : middle;
        root = mpl__root_find(slope_at, &ctx, b.lo, b.hi, start, false, TOLERANCE);
        *tau = root.x;
        if (root.x >= b.hi * (1 - 1e-6))
            b.hi *= GRID_FACTOR;
        else if (b.lo > 0 && root.x <= b.lo * (1 + 1e-6))
            b.lo /= GRID_FACTOR;
        else
            break;
    }
    mpl__glmm_inner at = mpl__glmm_maximise(g, root.x);
    at.converged = at.converged && root.converged;
    return at;
}

/* True if twice as many nodes, which are then in place, do not move the point. */
static bool is_settled(mpl__glmm *g, double tau, const mpl__glmm_inner *at)
{
    const size_t most = g->s2 == SIZE_MAX ? MPL__HERMITE_MAX : MOST_NODES_2D;
    if (!g->rule.is_exact || 2 * g->rule.n > most)
        return true;
    mpl__glmm_rule_set(&g->rule, 2 * g->rule.n, true);
    const mpl__glmm_inner more = mpl__glmm_maximise(g, tau);
    const double slope = tau > 0 ? more.slope : 0;
    return slope * slope <= LAST_CHANGE * LAST_CHANGE * fabs(more.curvature) &&
           fabs(more.ll - at->ll) <= LAST_CHANGE * (1 + fabs(at->ll));
}

/* The maximum in a bracket that scanning found, perhaps with fewer nodes. */
static mpl__glmm_inner settle(mpl__glmm *g, bracket b, double *tau)
{
    mpl__glmm_inner at = refine(g, b, tau);
    while (!is_settled(g, *tau, &at))
        at = refine(g, b, tau);
    return at;
}

static void search_fixed(mpl__glmm *g, double tau, mpl__glmm_profile *out)
{
    mpl__glmm_inner at = mpl__glmm_maximise(g, 0);
    out->ll_common = at.ll;
    at = mpl__glmm_maximise(g, tau);
    while (tau > 0 && !is_settled(g, tau, &at))
        at = mpl__glmm_maximise(g, tau);
    out->tau = tau;
    out->ll = at.ll;
    out->converged = at.converged;
    out->is_unbounded = at.is_unbounded;
    out->n_maxima = 1;
}

static void take(mpl__glmm_profile *out, double tau, const mpl__glmm_inner *at)
{
    out->tau = tau;
    out->ll = at->ll;
    out->converged = at->converged;
    out->is_unbounded = at->is_unbounded;
}

void mpl__glmm_search(mpl__glmm *g, size_t n_nodes, double fixed, mpl__glmm_profile *out)
{
    *out = (mpl__glmm_profile){ .tau_lb = NAN, .tau_ub = NAN };
    mpl__glmm_rule_set(&g->rule, n_nodes ? n_nodes : SCAN_NODES, !n_nodes);
    mpl__glmm_start(g);
    if (fixed >= 0) {
        search_fixed(g, fixed, out);
        return;
    }
    scanned s;
    scan(g, &s);
    out->ll_common = s.ll_0;
    mpl__glmm_inner at = mpl__glmm_maximise(g, 0);
    take(out, 0, &at);
    out->n_maxima = !s.rises_from_0;
    bool is_best_inside = s.rises_from_0;
    for (size_t i = 0; i < s.n; i++) {
        double tau = 0;
        if (!n_nodes)
            mpl__glmm_rule_set(&g->rule, FIRST_NODES, true);
        at = settle(g, s.maximum[i], &tau);
        if (tau <= NEGLIGIBLE * s.maximum[0].hi && s.maximum[i].lo == 0 && g->s1 != SIZE_MAX)
            continue;
        out->n_maxima++;
        if (is_best_inside || at.ll > out->ll)
            take(out, tau, &at);
        is_best_inside = false;
    }
    if (s.rises_at_end && s.ll_end > out->ll) {
        out->is_unbounded = true;
        return;
    }
    at = mpl__glmm_maximise(g, out->tau);
    mpl__glmm_evaluate(g); /* the point is the maximum now */
}

void mpl__glmm_tau_limits(mpl__glmm *g, double drop, mpl__glmm_profile *p)
{
    profile_root ctx = { .g = g, .target = p->ll - drop };
    double lo = p->tau, hi = p->tau > 0 ? 1.5 * p->tau : first_step(g);
    p->tau_lb = 0;
    if (p->ll_common < ctx.target)
        p->tau_lb = mpl__root_find(excess_at, &ctx, 0, p->tau, p->tau / 2, true, TOLERANCE).x;
    for (p->tau_ub = INFINITY; hi <= TAU_MOST; lo = hi, hi *= 1.5) {
        const mpl__glmm_inner at = mpl__glmm_maximise(g, hi);
        if (at.is_unbounded || !isfinite(at.ll))
            break;
        if (at.ll < ctx.target) {
            p->tau_ub = mpl__root_find(excess_at, &ctx, lo, hi, (lo + hi) / 2, false, TOLERANCE).x;
            break;
        }
    }
    (void)mpl__glmm_maximise(g, p->tau);
    mpl__glmm_evaluate(g);
}
