/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sums over studies at one value of tau2: one or two passes for X = 1, an orthogonal factorisation otherwise. */
#include <math.h>
#include <string.h>

#include "model/problem.h"
#include "num/linalg.h"
#include "num/search.h"
#include "num/sum.h"

/* Sums over all studies but the most precise one, d = z - centre. */
enum { W, W2, W3, W4, WD, WD2, W2D, W2D2, W3D, W3D2, N_SUMS };

static void sum_mean(const mpl__problem *pb, double t, double centre, double out[N_SUMS])
{
    mpl__sum sum[N_SUMS] = { { 0, 0 } };
    for (size_t i = 1; i < pb->k; i += MPL__BLOCK) {
        const size_t end = pb->k - i < MPL__BLOCK ? pb->k : i + MPL__BLOCK;
        double w1 = 0, w2 = 0, w3 = 0, w4 = 0, wd = 0, wd2 = 0, w2d = 0, w2d2 = 0, w3d = 0, w3d2 = 0;
        for (size_t j = i; j < end; j++) {
            const double w = 1 / (pb->v[j] + t), d = pb->z[j] - centre, ww = w * w, x = w * d, xx = x * d;
            w1 += w;
            w2 += ww;
            w3 += ww * w;
            w4 += ww * ww;
            wd += x;
            wd2 += xx;
            w2d += w * x;
            w2d2 += w * xx;
            w3d += ww * x;
            w3d2 += ww * xx;
        }
        const double block[N_SUMS] = { w1, w2, w3, w4, wd, wd2, w2d, w2d2, w3d, w3d2 };
        for (size_t j = 0; j < N_SUMS; j++)
            mpl__sum_add(&sum[j], block[j]);
    }
    for (size_t j = 0; j < N_SUMS; j++)
        out[j] = mpl__sum_get(&sum[j]);
}

/*
 * X = 1. The most precise study, z = 0, stays out of the sums, since with one dominating weight w every trace is a
 * small difference of large sums otherwise: tr P = S1 - S2/S1 = (2 w T1 + T1^2 - T2)/S1 with Tr = sum of the other
 * wi^r, and tr PP = sum wi^2 (1 - hi)^2 + sum_{i != j} wi wj hi hj with hi = wi/S1 likewise.
 */
static mpl__at evaluate_mean(mpl__problem *pb, double t)
{
    const double w = 1 / (pb->v[0] + t);
    double s[N_SUMS], sum_w = 0, mean = 0, shift = 0, rss = 0;
    for (int pass = 0; pass < 2; pass++) {
        sum_mean(pb, t, pb->centre, s);
        sum_w = w + s[W];
        mean = (s[WD] + pb->centre * s[W]) / sum_w;
        shift = mean - pb->centre;
        rss = w * mean * mean + (s[WD2] - 2 * shift * s[WD] + shift * shift * s[W]);
        pb->centre = mean;
        if (shift * shift * s[W] <= rss) /* else the sums were about a point outside the data: again */
            break;
    }
    const double h = s[W] / sum_w; /* 1 - w/S1 */
    const double pull = s[W2D] - shift * s[W2]; /* sum wi^2 ei over the others; -w^2 mean for the one left out */
    const double tr_pp = w * w * h * h + (s[W2] - 2 * s[W3] / sum_w + s[W4] / (sum_w * sum_w)) +
                         (2 * w * w * s[W2] + s[W2] * s[W2] - s[W4]) / (sum_w * sum_w);
    const double cubes = s[W3D2] - 2 * shift * s[W3D] + shift * shift * s[W3];
    return (mpl__at){
        .t = t,
        .sum_w = sum_w,
        .sum_w2 = w * w + s[W2],
        .tr_p = (2 * w * s[W] + s[W] * s[W] - s[W2]) / sum_w,
        .tr_pp = tr_pp,
        .rss = fmax(rss, 0),
        .ypp = fmax(w * mean * w * mean + (s[W2D2] - 2 * shift * s[W2D] + shift * shift * s[W2]), 0),
        .yppp = fmax(w * w * w * mean * mean * h + (2 * w * w * mean * pull - pull * pull) / sum_w + cubes, 0),
        .log_det = log(sum_w / (double)pb->k),
    };
}

/* trace of U' diag(a) U U' diag(a) U */
static double square_trace(const mpl__problem *pb, const double *a)
{
    double total = 0;
    for (size_t j = 0; j < pb->p; j++) {
        for (size_t i = 0; i < pb->k; i++)
            pb->s[i] = a[i] * a[i] * pb->u[j * pb->k + i]; /* a is sqrt(w) */
        for (size_t l = 0; l <= j; l++) {
            const double c = mpl__dot(pb->s, pb->u + l * pb->k, pb->k);
            total += (l < j ? 2 : 1) * c * c;
        }
    }
    return total;
}

static mpl__at evaluate_design(mpl__problem *pb, double t)
{
    const size_t k = pb->k, p = pb->p;
    for (size_t i = 0; i < k; i++) {
        pb->root_w[i] = 1 / sqrt(pb->v[i] + t);
        pb->r[i] = pb->root_w[i] * pb->z[i];
        for (size_t j = 0; j < p; j++)
            pb->u[j * k + i] = pb->root_w[i] * pb->basis[j * k + i];
    }
    (void)mpl__orthonormalise(pb->u, k, p, pb->lower, 0);
    mpl__project_out(pb->u, k, p, pb->r, pb->coef);
    mpl__at at = { .t = t };
    mpl__sum sums[6] = { { 0, 0 } };
    for (size_t i = 0; i < k; i++) {
        const double w = pb->root_w[i] * pb->root_w[i], e2 = pb->r[i] * pb->r[i];
        double h = 0;
        for (size_t j = 0; j < p; j++)
            h += pb->u[j * k + i] * pb->u[j * k + i];
        const double term[6] = { w, w * w, w * fmax(1 - h, 0), w * w * (1 - 2 * h), e2, w * e2 };
        for (size_t j = 0; j < 6; j++)
            mpl__sum_add(&sums[j], term[j]);
    }
    at.sum_w = mpl__sum_get(&sums[0]);
    at.sum_w2 = mpl__sum_get(&sums[1]);
    at.tr_p = mpl__sum_get(&sums[2]);
    at.tr_pp = fmax(mpl__sum_get(&sums[3]) + square_trace(pb, pb->root_w), 0);
    at.rss = mpl__sum_get(&sums[4]);
    at.ypp = mpl__sum_get(&sums[5]);
    /* y'PPPy = |sqrt(P) P y|^2 with P y = sqrt(w) r: the part of w r outside U */
    for (size_t i = 0; i < k; i++)
        pb->s[i] = pb->root_w[i] * pb->root_w[i] * pb->r[i];
    for (size_t j = 0; j < p; j++) {
        const double c = mpl__dot(pb->u + j * k, pb->s, k);
        for (size_t i = 0; i < k; i++)
            pb->s[i] -= c * pb->u[j * k + i];
        at.log_det += 2 * log(pb->lower[j * p + j]);
    }
    at.yppp = mpl__dot(pb->s, pb->s, k);
    return at;
}

static mpl__at evaluate_known(const mpl__problem *pb, double t)
{
    mpl__sum sums[5] = { { 0, 0 } };
    for (size_t i = 0; i < pb->k; i++) {
        const double w = 1 / (pb->v[i] + t), x = w * pb->z[i], term[5] = { w, w * w, x * pb->z[i], x * x, w * x * x };
        for (size_t j = 0; j < 5; j++)
            mpl__sum_add(&sums[j], term[j]);
    }
    mpl__at at = { .t = t, .sum_w = mpl__sum_get(&sums[0]), .sum_w2 = mpl__sum_get(&sums[1]) };
    at.tr_p = at.sum_w;
    at.tr_pp = at.sum_w2;
    at.rss = mpl__sum_get(&sums[2]);
    at.ypp = mpl__sum_get(&sums[3]);
    at.yppp = mpl__sum_get(&sums[4]);
    return at;
}

mpl__at mpl__evaluate(mpl__problem *pb, double t)
{
    pb->is_reweighed = false;
    if (pb->p == 0)
        return evaluate_known(pb, t);
    return pb->is_mean ? evaluate_mean(pb, t) : evaluate_design(pb, t);
}

static mpl__at sums_at(mpl__problem *pb, double t, bool traces)
{
    mpl__at at;
    if (pb->basis && mpl__evaluate_cross(pb, t, traces, &at))
        return at;
    return mpl__evaluate(pb, t);
}

mpl__at mpl__evaluate_sums(mpl__problem *pb, double t)
{
    return sums_at(pb, t, true);
}

mpl__at mpl__evaluate_rss(mpl__problem *pb, double t)
{
    return sums_at(pb, t, false);
}

typedef struct rss_equation {
    mpl__problem *pb;
    double target;
} rss_equation;

/* target/RSS - 1, a straight line if all vi are equal */
static double rss_ratio(void *ctx, double t, double *slope)
{
    const rss_equation *const eq = ctx;
    const mpl__at at = mpl__evaluate_rss(eq->pb, t);
    *slope = eq->target * at.ypp / (at.rss * at.rss);
    return eq->target / at.rss - 1;
}

double mpl__solve_rss(mpl__problem *pb, double target, int *iter)
{
    const double start = mpl__smallest_t(pb);
    const mpl__at at = mpl__evaluate_rss(pb, start);
    *iter += 1;
    if (at.rss <= target)
        return start;
    /* RSS lies between those of all variances equal to the largest and to the smallest one */
    const double both = pb->rss_ols / target;
    const double hi = both * (1 + 1e-9) - pb->v_min, lo = fmax(start, both * (1 - 1e-9) - pb->v_max);
    if (!(hi > lo) || !isfinite(hi))
        return fmax(both - pb->v_min, start); /* beyond the target by rounding alone */
    rss_equation eq = { pb, target };
    double guess = start + (at.rss - target) * at.rss / (target * at.ypp); /* one step from the start */
    if (pb->near > lo && pb->near < hi)
        guess = pb->near;
    else if (!(guess > lo && guess < hi))
        guess = lo + 0.5 * (hi - lo);
    const mpl__root root = mpl__root_find(rss_ratio, &eq, lo, hi, guess, true, MPL__ROOT_TOLERANCE);
    *iter += root.iter;
    return root.x;
}
