/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With U an orthonormal basis of sqrt(A) X and M = I - UU', P_A = sqrt(A) M sqrt(A), so that
 * tr(P_A F P_A G) = sum_ij ai fi aj gj Mij^2. For X = 1 the study with the largest weight is kept apart, since 1 - hi
 * of a dominating study is the small sum of the others' hi.
 */
#include "model/moments.h"

#include <math.h>

#include "num/linalg.h"
#include "num/quadform.h"
#include "num/sum.h"

static double weight(const double *a, size_t i)
{
    return a ? a[i] : 1;
}

static size_t heaviest(const mpl__problem *pb, const double *a)
{
    size_t m = 0;
    for (size_t i = 1; i < pb->k; i++)
        if (weight(a, i) > weight(a, m))
            m = i;
    return m;
}

/* Sum of the weights of all studies but the heaviest. */
static double others(const mpl__problem *pb, const double *a, size_t heavy)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < pb->k; i++)
        if (i != heavy)
            mpl__sum_add(&sum, weight(a, i));
    return mpl__sum_get(&sum);
}

static double rss_about_mean(const mpl__problem *pb, const double *a, size_t m, double total)
{
    mpl__sum first = { 0 }, second = { 0 };
    for (size_t i = 0; i < pb->k; i++)
        mpl__sum_add(&first, weight(a, i) * (pb->z[i] - pb->z[m]));
    const double shift = mpl__sum_get(&first) / total;
    for (size_t i = 0; i < pb->k; i++) {
        const double e = pb->z[i] - pb->z[m] - shift;
        mpl__sum_add(&second, weight(a, i) * e * e);
    }
    return mpl__sum_get(&second);
}

static bool moments_mean(const mpl__problem *pb, const double *a, mpl__moments *out)
{
    enum { D, A, DD, DA, AA, HD, HA, N };
    const size_t m = heaviest(pb, a);
    const double am = weight(a, m), dm = am * pb->v[m], rest = others(pb, a, m), total = am + rest;
    const double hm = am / total, gap = rest / total;
    mpl__sum s[N] = { { 0, 0 } };
    for (size_t i = 0; i < pb->k; i++) {
        if (i == m)
            continue;
        const double ai = weight(a, i), d = ai * pb->v[i], h = ai / total;
        const double term[N] = { d * (1 - h), ai * (1 - h), d * d * (1 - 2 * h), d * ai * (1 - 2 * h),
                                 ai * ai * (1 - 2 * h), d * h, ai * h };
        for (int j = 0; j < N; j++)
            mpl__sum_add(&s[j], term[j]);
    }
    double sum[N];
    for (int j = 0; j < N; j++)
        sum[j] = mpl__sum_get(&s[j]);
    *out = (mpl__moments){
        .rss = rss_about_mean(pb, a, m, total),
        .tr_pv = dm * gap + sum[D],
        .tr_p = am * gap + sum[A],
        .pvpv = dm * dm * gap * gap + 2 * hm * dm * sum[HD] + sum[DD] + sum[HD] * sum[HD],
        .pvp = dm * am * gap * gap + hm * (dm * sum[HA] + am * sum[HD]) + sum[DA] + sum[HD] * sum[HA],
        .pp = am * am * gap * gap + 2 * hm * am * sum[HA] + sum[AA] + sum[HA] * sum[HA],
    };
    return total > 0;
}

static bool moments_design(mpl__problem *pb, const double *a, mpl__moments *out)
{
    enum { RSS, D, A, DD, DA, AA, N };
    const size_t k = pb->k, p = pb->p;
    if (!mpl__factorise(pb, a))
        return false;
    mpl__sum s[N] = { { 0, 0 } };
    for (size_t i = 0; i < k; i++) {
        const double ai = weight(a, i), d = ai * pb->v[i];
        double h = 0;
        for (size_t j = 0; j < p; j++)
            h += pb->u[j * k + i] * pb->u[j * k + i];
        const double term[N] = { pb->r[i] * pb->r[i], d * fmax(1 - h, 0), ai * fmax(1 - h, 0),
                                 d * d * (1 - 2 * h), d * ai * (1 - 2 * h), ai * ai * (1 - 2 * h) };
        for (int j = 0; j < N; j++)
            mpl__sum_add(&s[j], term[j]);
    }
    double ududu = 0, uduau = 0, uauau = 0;
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l <= j; l++) {
            mpl__sum ud = { 0 }, ua = { 0 };
            for (size_t i = 0; i < k; i++) {
                const double uu = pb->u[j * k + i] * pb->u[l * k + i] * weight(a, i);
                mpl__sum_add(&ua, uu);
                mpl__sum_add(&ud, uu * pb->v[i]);
            }
            const double d = mpl__sum_get(&ud), w = mpl__sum_get(&ua), times = l < j ? 2 : 1;
            ududu += times * d * d;
            uduau += times * d * w;
            uauau += times * w * w;
        }
    *out = (mpl__moments){
        .rss = mpl__sum_get(&s[RSS]),
        .tr_pv = mpl__sum_get(&s[D]),
        .tr_p = mpl__sum_get(&s[A]),
        .pvpv = mpl__sum_get(&s[DD]) + ududu,
        .pvp = mpl__sum_get(&s[DA]) + uduau,
        .pp = mpl__sum_get(&s[AA]) + uauau,
    };
    return true;
}

bool mpl__moments_get(mpl__problem *pb, const double *a, mpl__moments *out)
{
    return pb->is_mean ? moments_mean(pb, a, out) : moments_design(pb, a, out);
}

double mpl__moments_sd(const mpl__moments *m, double t)
{
    return sqrt(fmax(2 * m->pvpv + 4 * t * m->pvp + 2 * t * t * m->pp, 0));
}

double mpl__moments_root(const mpl__moments *m)
{
    return (m->rss - m->tr_pv) / m->tr_p;
}

/* The distribution of z'D^(1/2) M D^(1/2) z with D = diag(a (v + t)) is that of y'P_A y. A study without weight adds
   nothing. */
double mpl__moments_p(mpl__problem *pb, const double *a, double t, double observed, mpl__tail tail, double *work)
{
    const size_t k = pb->k, p = pb->p, m = heaviest(pb, a);
    double *const d = work, *const u = d + k;
    const double total = weight(a, m) + others(pb, a, m);
    size_t n = 0, at = 0;
    int exponent; /* a change of unit changes no digit */
    if (!pb->is_mean && !mpl__factorise(pb, a))
        return NAN;
    for (size_t i = 0; i < k; i++)
        n += weight(a, i) > 0;
    frexp(weight(a, m) * (pb->v[m] + t), &exponent);
    for (size_t i = 0; i < k; i++) {
        const double ai = weight(a, i);
        if (ai == 0)
            continue;
        d[at] = ldexp(ai * (pb->v[i] + t), -exponent);
        for (size_t j = 0; j < p; j++)
            u[j * n + at] = pb->is_mean ? sqrt(ai / total) : pb->u[j * k + i];
        at++;
    }
    return mpl__quadform_projected_p(d, n, u, p, u + k * p, ldexp(observed, -exponent), tail);
}
