/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sums of a regression from cross-products, in two passes over the studies instead of one for each pair of columns.
 *
 * With B the orthonormal basis, Mr = B'W^rB and M1 = LL', the coefficients are M1^-1 B'Wz, and with S = L^-1 M2 L^-T
 * tr P = sum w - tr S and tr PP = sum w^2 - 2 tr L^-1 M3 L^-T + |S|^2. B being orthonormal, only weights can make M1
 * ill-conditioned, and only studies that dominate can make the traces small differences: both show, and the orthogonal
 * factorisation answers then.
 */
#include <math.h>
#include <string.h>

#include "base/blocks.h"
#include "model/problem.h"
#include "num/chol.h"
#include "num/sum.h"

/* A pivot of L that keeps less of its column, or a trace less of its first term, costs more digits than there are. */
static const double LEAST_PIVOT = 1e-3, LEAST_TRACE = 0.02;

/* Studies whose sums one thread makes; groups that are worth threads. */
enum { GROUP = 128 * MPL__BLOCK, MANY_GROUPS = 4 };

static size_t n_groups(size_t k)
{
    return (k + GROUP - 1) / GROUP;
}

size_t mpl__cross_sums(size_t k, size_t p)
{
    return n_groups(k) * (2 + p + 3 * (p * (p + 1) / 2));
}

/* Sums of a block: w, w^2, B'Wz, then M1; M2 and M3 if asked for. The order of additions is fixed. */
static void add_block(const mpl__problem *pb, double t, size_t from, size_t n, bool traces, mpl__sum *sums)
{
    const size_t k = pb->k, p = pb->p, pairs = p * (p + 1) / 2;
    double w[MPL__BLOCK], w2[MPL__BLOCK], w3[MPL__BLOCK], total = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        w[i] = 1 / (pb->v[from + i] + t);
        w2[i] = w[i] * w[i];
        w3[i] = w2[i] * w[i];
    }
    for (size_t i = 0; i < n; i++) {
        total += w[i];
        squares += w2[i];
    }
    mpl__sum_add(sums++, total);
    mpl__sum_add(sums++, squares);
    for (size_t j = 0; j < p; j++) {
        const double *const b = pb->basis + j * k + from, *const z = pb->z + from;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += w[i] * b[i] * z[i];
        mpl__sum_add(sums++, sum);
    }
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l <= j; l++, sums++) {
            const double *const a = pb->basis + j * k + from, *const b = pb->basis + l * k + from;
            double even[3] = { 0 }, odd[3] = { 0 };
            size_t i = 0;
            if (traces)
                for (; i + 1 < n; i += 2) {
                    const double x = a[i] * b[i], y = a[i + 1] * b[i + 1];
                    even[0] += w[i] * x;
                    even[1] += w2[i] * x;
                    even[2] += w3[i] * x;
                    odd[0] += w[i + 1] * y;
                    odd[1] += w2[i + 1] * y;
                    odd[2] += w3[i + 1] * y;
                }
            else
                for (; i + 1 < n; i += 2) {
                    even[0] += w[i] * (a[i] * b[i]);
                    odd[0] += w[i + 1] * (a[i + 1] * b[i + 1]);
                }
            if (i < n) {
                const double x = a[i] * b[i];
                even[0] += w[i] * x;
                even[1] += w2[i] * x;
                even[2] += w3[i] * x;
            }
            mpl__sum_add(sums, even[0] + odd[0]);
            if (traces) {
                mpl__sum_add(sums + pairs, even[1] + odd[1]);
                mpl__sum_add(sums + 2 * pairs, even[2] + odd[2]);
            }
        }
}

/* Residuals of a block: sums of w e^2, w^2 e^2, w^3 e^2, then B'W^2 e. */
static void add_residuals(const mpl__problem *pb, double t, const double *coef, size_t from, size_t n, bool traces,
                          mpl__sum *sums)
{
    const size_t k = pb->k, p = pb->p;
    double e[MPL__BLOCK], w2e[MPL__BLOCK], s[3] = { 0 };
    for (size_t i = 0; i < n; i++)
        e[i] = pb->z[from + i];
    for (size_t j = 0; j < p; j++) {
        const double *const b = pb->basis + j * k + from, c = coef[j];
        for (size_t i = 0; i < n; i++)
            e[i] -= c * b[i];
    }
    for (size_t i = 0; i < n; i++) {
        const double w = 1 / (pb->v[from + i] + t), we = w * e[i], we2 = we * e[i];
        w2e[i] = w * we;
        s[0] += we2;
        s[1] += w * we2;
        s[2] += w * w * we2;
    }
    for (size_t j = 0; j < 3; j++)
        mpl__sum_add(sums++, s[j]);
    for (size_t j = 0; j < p && traces; j++) {
        const double *const b = pb->basis + j * k + from;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += b[i] * w2e[i];
        mpl__sum_add(sums++, sum);
    }
}

/* One of the two passes over the studies. */
typedef struct pass {
    const mpl__problem *pb;
    double t;
    const double *coef; /* NULL = the first */
    bool traces;
    size_t width; /* sums of a group */
} pass;

static mpl_status sum_group(void *ctx, size_t group, mpl_error *err)
{
    (void)err;
    const pass *const a = ctx;
    const size_t start = group * GROUP, k = a->pb->k, end = k - start < GROUP ? k : start + GROUP;
    mpl__sum *const sums = a->pb->sums + group * a->width;
    memset(sums, 0, a->width * sizeof *sums);
    for (size_t i = start; i < end; i += MPL__BLOCK) {
        const size_t n = end - i < MPL__BLOCK ? end - i : MPL__BLOCK;
        if (a->coef)
            add_residuals(a->pb, a->t, a->coef, i, n, a->traces, sums);
        else
            add_block(a->pb, a->t, i, n, a->traces, sums);
    }
    return MPL_OK;
}

/* All groups, added up in their order, so that threads change nothing. */
static void sum_all(pass *a)
{
    const size_t n = n_groups(a->pb->k);
    mpl__sum *const sums = a->pb->sums;
    size_t done;
    if (n < MANY_GROUPS || mpl__blocks_run(NULL, n, sum_group, a, &done, NULL) != MPL_OK)
        for (size_t g = 0; g < n; g++)
            (void)sum_group(a, g, NULL);
    for (size_t g = 1; g < n; g++)
        for (size_t j = 0; j < a->width; j++) {
            mpl__sum_add(&sums[j], sums[g * a->width + j].total);
            mpl__sum_add(&sums[j], sums[g * a->width + j].lost);
        }
}

/* From packed sums to a full symmetric matrix. */
static void unpack(const mpl__sum *sums, size_t p, double *m)
{
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l <= j; l++)
            m[j * p + l] = m[l * p + j] = mpl__sum_get(sums++);
}

/* M1 = LL' into l; false if digits are lost. */
static bool factor(const mpl__sum *m1, size_t p, double *l, double *diagonal)
{
    unpack(m1, p, l);
    for (size_t j = 0; j < p; j++)
        diagonal[j] = l[j * p + j];
    if (!mpl__cholesky(l, p))
        return false;
    for (size_t j = 0; j < p; j++)
        if (!(l[j * p + j] * l[j * p + j] > LEAST_PIVOT * diagonal[j]))
            return false;
    return true;
}

/* L^-1 M L^-T, in place. */
static void whiten(const double *l, size_t p, double *m)
{
    for (int side = 0; side < 2; side++) {
        for (size_t j = 0; j < p; j++)
            mpl__lower_solve(l, p, m + j * p);
        for (size_t j = 0; j < p && side == 0; j++)
            for (size_t i = 0; i < j; i++) {
                const double x = m[j * p + i];
                m[j * p + i] = m[i * p + j];
                m[i * p + j] = x;
            }
    }
}

static bool fill_traces(const mpl__sum *m2, size_t p, const double *l, double *m, mpl__at *at)
{
    const size_t pairs = p * (p + 1) / 2;
    double first = 0, cubes = 0, square = 0;
    unpack(m2 + pairs, p, m);
    whiten(l, p, m);
    for (size_t j = 0; j < p; j++)
        cubes += m[j * p + j];
    unpack(m2, p, m);
    whiten(l, p, m);
    for (size_t j = 0; j < p; j++) {
        first += m[j * p + j];
        for (size_t i = 0; i < p; i++)
            square += m[j * p + i] * m[j * p + i];
    }
    at->tr_p = at->sum_w - first;
    at->tr_pp = at->sum_w2 - 2 * cubes + square;
    return at->tr_p > LEAST_TRACE * at->sum_w && at->tr_pp > LEAST_TRACE * at->sum_w2;
}

bool mpl__evaluate_cross(const mpl__problem *pb, double t, bool traces, mpl__at *at)
{
    const size_t p = pb->p, pairs = p * (p + 1) / 2;
    mpl__sum *const sums = pb->sums, *const m1 = sums + 2 + p;
    double *const l = pb->cross, *const m = l + p * p, *const c = m + p * p, *const d = c + p;
    pass a = { .pb = pb, .t = t, .traces = traces, .width = 2 + p + (traces ? 3 : 1) * pairs };
    sum_all(&a);
    *at = (mpl__at){ .t = t, .sum_w = mpl__sum_get(&sums[0]), .sum_w2 = mpl__sum_get(&sums[1]) };
    if (!factor(m1, p, l, d) || (traces && !fill_traces(m1 + pairs, p, l, m, at)))
        return false;
    for (size_t j = 0; j < p; j++) {
        c[j] = mpl__sum_get(&sums[2 + j]);
        at->log_det += 2 * log(l[j * p + j]);
    }
    mpl__lower_solve(l, p, c);
    mpl__lower_solve_transposed(l, p, c);
    a.coef = c;
    a.width = 3 + p;
    sum_all(&a);
    at->rss = mpl__sum_get(&sums[0]);
    at->ypp = mpl__sum_get(&sums[1]);
    at->yppp = mpl__sum_get(&sums[2]);
    for (size_t j = 0; j < p; j++)
        d[j] = mpl__sum_get(&sums[3 + j]);
    mpl__lower_solve(l, p, d);
    for (size_t j = 0; j < p; j++)
        at->yppp -= d[j] * d[j];
    at->yppp = fmax(at->yppp, 0);
    return isfinite(at->rss);
}
