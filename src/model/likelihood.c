/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The maximum of the ML or REML likelihood of tau2, or of ML with a prior, wherever it is.
 *
 * Twice the score is D - N with D = y'PPy and N = tr P (REML) or sum wi (ML). With M = -N' and E = -D'/2, all four are
 * positive and fall in t. On an interval [a, b] they therefore prove what no iteration can: if D(b) > N(a) or
 * D(a) < N(b) there is no stationary point in it; if M(a) < 2 E(b) the score falls throughout and there is one maximum
 * at most. Intervals for which neither holds are split. The score is negative beyond the t with
 * n (v_min + t)^2 = RSS (v_max + t), since N >= n/(v_max + t) and D <= RSS/(v_min + t)^2, where n = k - p (REML) or k
 * and RSS is unweighted. So every local maximum is found, and the best is taken.
 *
 * The prior density tau adds 1/t to D, which still falls, so that all of this holds; the score is positive where
 * t < 1/N(0).
 *
 * If tau2 may be negative, the full likelihood is infinite at minus the smallest variance, where one study is taken to
 * be exact: that end counts for a maximum only where there is no other.
 */
#include <math.h>

#include "base/error.h"
#include "model/tau2_impl.h"
#include "num/search.h"

/* Splitting ends when N changes by less than this part over an interval; signs at its ends decide then. */
static const double NARROW = 1e-6;

enum { MOST_EVALUATIONS = 1000 };

typedef struct point {
    double t, n, d, m, e;
} point;

typedef struct search {
    mpl__problem *pb;
    mpl__likelihood kind;
    bool converged;
    int iter, n_maxima;
    double best, best_ll; /* best_ll from the second maximum on */
} search;

static point point_at(search *s, double t)
{
    const mpl__at at = mpl__evaluate_sums(s->pb, t);
    const bool reml = s->kind == MPL__REML;
    const double prior = s->kind == MPL__ML_GAMMA_PRIOR ? 1 / t : 0;
    s->iter++;
    return (point){ t, reml ? at.tr_p : at.sum_w, at.ypp + prior, reml ? at.tr_pp : at.sum_w2,
                    at.yppp + prior * prior / 2 };
}

static double log_likelihood(search *s, double t)
{
    const mpl__at at = mpl__evaluate_sums(s->pb, t);
    s->iter++;
    const double prior = s->kind == MPL__ML_GAMMA_PRIOR ? log(t) / 2 : 0;
    return mpl__log_likelihood(s->pb, &at, s->kind == MPL__REML) + prior;
}

/* The likelihood itself is only needed where there is something to choose. */
static void add_maximum(search *s, double t)
{
    if (s->n_maxima++ == 0) {
        s->best = t;
        return;
    }
    if (s->n_maxima == 2)
        s->best_ll = log_likelihood(s, s->best);
    const double ll = log_likelihood(s, t);
    if (ll > s->best_ll) {
        s->best = t;
        s->best_ll = ll;
    }
}

/* N/D - 1: nearly a straight line, and exactly one if all vi are equal. */
static double ratio(void *ctx, double t, double *slope)
{
    const point p = point_at(ctx, t);
    *slope = (2 * p.n * p.e / p.d - p.m) / p.d;
    return p.n / p.d - 1;
}

static void solve_between(search *s, const point *a, const point *b)
{
    const double fa = a->n / a->d - 1, fb = b->n / b->d - 1;
    const double start = a->t + (b->t - a->t) * (-fa / (fb - fa));
    const mpl__root root = mpl__root_find(ratio, s, a->t, b->t, start, true, MPL__ROOT_TOLERANCE);
    s->converged = s->converged && root.converged;
    add_maximum(s, root.x);
}

/* Where N, taken for n/(t + c), has fallen half way on the logarithmic scale. */
static double middle(const point *a, const point *b)
{
    const double c = (b->t * b->n - a->t * a->n) / (a->n - b->n);
    const double t = sqrt((a->t + c) * (b->t + c)) - c;
    return t > a->t && t < b->t ? t : a->t + 0.5 * (b->t - a->t);
}

static void search_between(search *s, point a, point b)
{
    for (;;) {
        if (b.d > a.n || a.d < b.n)
            return;
        const bool is_narrow = a.n - b.n < NARROW * a.n || s->iter > MOST_EVALUATIONS;
        if (a.m < 2 * b.e || is_narrow) {
            if (a.d > a.n && b.d <= b.n)
                solve_between(s, &a, &b);
            return;
        }
        const point mid = point_at(s, middle(&a, &b));
        search_between(s, a, mid);
        a = mid;
    }
}

/* Where the maximum is expected, a narrow interval of its own saves most of the steps. */
static void search_from(search *s, point a, const point b)
{
    static const double WIDTH = 0.05;
    const double ends[] = { s->pb->near * (1 - WIDTH), s->pb->near * (1 + WIDTH) };
    for (size_t i = 0; i < 2; i++) {
        if (!(ends[i] > a.t && ends[i] < b.t))
            continue;
        const point end = point_at(s, ends[i]);
        search_between(s, a, end);
        a = end;
    }
    search_between(s, a, b);
}

static double upper_end(const mpl__problem *pb, mpl__likelihood kind)
{
    const double n = (double)(kind == MPL__REML ? pb->k - pb->p : pb->k), s2 = pb->rss_ols / n;
    double end = 0.5 * (s2 - 2 * pb->v_min + sqrt(s2 * s2 + 4 * s2 * (pb->v_max - pb->v_min)));
    if (kind == MPL__ML_GAMMA_PRIOR) /* t (v_max + t) times the bounds: the left side rises, the right one falls */
        for (end = fmax(end, pb->v_max);
             (n - 1) * end - pb->v_max < pb->rss_ols * (pb->v_max + end) / (pb->v_min + end);)
            end *= 2;
    return end * (end > 0 ? 1 + 1e-6 : 1 - 1e-6);
}

/* The likelihood with the prior is still rising at half of 1/N(0). */
static double lower_end(mpl__problem *pb, mpl__likelihood kind)
{
    if (kind != MPL__ML_GAMMA_PRIOR || pb->n_zero > 0)
        return mpl__smallest_t(pb);
    return 0.5 / mpl__evaluate_sums(pb, 0).sum_w;
}

mpl_status mpl__maximise_likelihood(mpl__problem *pb, mpl__likelihood kind, mpl_tau2 *out, mpl_error *err)
{
    search s = { .pb = pb, .kind = kind, .converged = true };
    const double start = lower_end(pb, kind), end = upper_end(pb, kind);
    const point first = point_at(&s, start);
    const bool is_pole = kind == MPL__ML && pb->v_min + start < 1e-5 * pb->v_min;
    if (first.d <= first.n && !is_pole) {
        if (kind == MPL__ML && pb->n_zero > 0)
            return mpl__fail_zero_variance(pb, "and the likelihood is infinite at tau2 = 0", err);
        add_maximum(&s, start);
    }
    if (end > start)
        search_from(&s, first, point_at(&s, end));
    if (s.n_maxima == 0)
        add_maximum(&s, start);
    if (s.best == start && pb->n_zero > 0)
        return mpl__fail_zero_variance(pb, "and tau2 is estimated to be 0: its weight would be infinite", err);
    out->tau2 = s.best;
    const mpl__at at = mpl__evaluate_sums(pb, s.best);
    const double prior = kind == MPL__ML_GAMMA_PRIOR ? 1 / (s.best * s.best) : 0;
    out->se = sqrt(2 / ((kind == MPL__REML ? at.tr_pp : at.sum_w2) + prior));
    out->iter = s.iter + 1;
    out->n_maxima = s.n_maxima;
    out->converged = s.converged;
    return MPL_OK;
}
