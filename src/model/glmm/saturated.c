/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of heterogeneity without a distribution of effects: an effect for each study against one for all, by the
 * likelihood ratio and by the quadratic form of the differences (Wald).
 */
#include <math.h>
#include <stdint.h>

#include "base/error.h"
#include "model/glmm/glmm.h"

/* The highest likelihood of a study, and its effect with its variance there; infinite if a count is at an end. */
static double best_of(const mpl__glmm_study *s, double *effect, double *variance)
{
    double ll = 0;
    *effect = *variance = 0;
    for (size_t m = 0; m < s->n_cells; m++) {
        double eta;
        ll += s->cell[m].family->best(&s->cell[m], &eta);
        *effect += m == 0 ? eta : -eta;
        *variance += isfinite(eta) ? -1 / mpl__cell_at(&s->cell[m], eta).d2 : INFINITY;
    }
    return ll;
}

/* Intercepts are fixed or conditioned out, so that studies are apart. */
static void separate(const mpl__glmm *g, double *ll, mpl__glmm_saturated *out)
{
    double sum_w = 0, sum_wy = 0, effect, variance;
    *ll = 0;
    for (size_t i = 0; i < g->k; i++) {
        *ll += best_of(&g->study[i], &effect, &variance);
        if (!isfinite(variance))
            out->n_infinite++;
        sum_w += 1 / variance;
        sum_wy += isfinite(variance) ? effect / variance : 0;
    }
    for (size_t i = 0; i < g->k; i++) {
        (void)best_of(&g->study[i], &effect, &variance);
        if (isfinite(variance))
            out->wald += (effect - sum_wy / sum_w) * (effect - sum_wy / sum_w) / variance;
    }
}

/*
 * Intercepts are random: effects are the studies' own parameters. With D and B their information and that with the
 * shared ones, S the shared information, W(c) = sum D (a - c)^2 - b'S^-1 b with b = sum B (a - c), least over c.
 */
static double least_distance(const mpl__glmm *s)
{
    const size_t n = s->n_shared, at[2] = { 0, s->s1 };
    double info[2][2] = { { 0 } }, b1[2] = { 0 }, ba[2] = { 0 }, a0 = 0, a1 = 0, a2 = 0;
    for (size_t u = 0; u < 2; u++)
        for (size_t v = 0; v < 2; v++)
            info[u][v] = -s->hessian[at[u] * n + at[v]];
    for (size_t i = 0; i < s->k; i++) {
        const double d = -s->own_hessian[i], a = s->own[i];
        if (!(d > 0))
            continue;
        a0 += d * a * a;
        a1 += d * a;
        a2 += d;
        for (size_t u = 0; u < 2; u++) {
            const double cross = -s->cross[i * n + at[u]];
            b1[u] += cross;
            ba[u] += cross * a;
            for (size_t v = 0; v < 2; v++)
                info[u][v] += cross * -s->cross[i * n + at[v]] / d; /* what taking the own parameter out took away */
        }
    }
    const bool is_flat = s->shared[s->s1] < 1e-6; /* no variance of intercepts: it is not estimated */
    const double det = info[0][0] * info[1][1] - info[0][1] * info[1][0];
    const double inverse[2][2] = { { is_flat ? 1 / info[0][0] : info[1][1] / det, is_flat ? 0 : -info[0][1] / det },
                                   { is_flat ? 0 : -info[1][0] / det, is_flat ? 0 : info[0][0] / det } };
    for (size_t u = 0; u < 2; u++)
        for (size_t v = 0; v < 2; v++) {
            a0 -= ba[u] * inverse[u][v] * ba[v];
            a1 -= ba[u] * inverse[u][v] * b1[v];
            a2 -= b1[u] * inverse[u][v] * b1[v];
        }
    return fmax(a0 - a1 * a1 / a2, 0);
}

mpl_status mpl__glmm_saturate(const mpl__glmm *g, mpl__arena *scratch, size_t n_nodes, double ll_common,
                              mpl__glmm_saturated *out, mpl_error *err)
{
    double ll;
    *out = (mpl__glmm_saturated){ 0 };
    if (g->beta == 0) {
        separate(g, &ll, out);
    } else {
        mpl__glmm s;
        mpl__glmm_profile at;
        MPL_TRY(mpl__glmm_init(&s, scratch, g->k, 0, MPL__LOCAL_EFFECT, true, false, err));
        for (size_t i = 0; i < g->k; i++) { /* intercepts of group 2, as in metafor: the coding matters here */
            s.study[i] = g->study[i];
            s.study[i].cell[0].load = 1;
            s.study[i].cell[1].load = 0;
            if (s.study[i].cell[0].family->extreme(&s.study[i].cell[0]))
                out->n_infinite++;
        }
        mpl__glmm_search(&s, n_nodes, 0, &at);
        s.shared[s.s1] = fabs(s.shared[s.s1]);
        ll = at.ll;
        out->wald = at.converged ? least_distance(&s) : NAN;
    }
    out->lrt = fmax(2 * (ll - ll_common), 0);
    return MPL_OK;
}
