/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The unweighted residual sum of squares y'My, M = I - X(X'X)^-1X', is set equal to its expectation tr(MV) +
 * (k - p) tau2. With an orthonormal basis B of X and h = diag(BB'), tr(MV) = sum vi (1 - hi) and
 * tr(MVMV) = sum vi^2 (1 - 2 hi) + |B'VB|^2.
 */
#include <math.h>

#include "model/tau2_impl.h"
#include "num/linalg.h"
#include "num/sum.h"

static void traces(const mpl__problem *pb, double *tr_mv, double *tr_mvmv)
{
    const size_t k = pb->k, p = pb->p;
    mpl__sum v1 = { 0 }, v2 = { 0 }, plain = { 0 };
    for (size_t i = 0; i < k; i++) {
        double h = pb->is_mean ? 1 / (double)k : 0;
        for (size_t j = 0; j < p && !pb->is_mean; j++)
            h += pb->basis[j * k + i] * pb->basis[j * k + i];
        mpl__sum_add(&plain, pb->v[i]);
        mpl__sum_add(&v1, pb->v[i] * fmax(1 - h, 0));
        mpl__sum_add(&v2, pb->v[i] * pb->v[i] * (1 - 2 * h));
    }
    *tr_mv = mpl__sum_get(&v1);
    const double mean = mpl__sum_get(&plain) / (double)k;
    double squares = pb->is_mean ? mean * mean : 0;
    for (size_t j = 0; j < p && !pb->is_mean; j++) {
        for (size_t i = 0; i < k; i++)
            pb->s[i] = pb->v[i] * pb->basis[j * k + i];
        for (size_t l = 0; l < p; l++) {
            const double c = mpl__dot(pb->s, pb->basis + l * k, k);
            squares += c * c;
        }
    }
    *tr_mvmv = mpl__sum_get(&v2) + squares;
}

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    const double df = (double)(pb->k - pb->p);
    double tr_mv, tr_mvmv;
    traces(pb, &tr_mv, &tr_mvmv);
    const double t = out->tau2 = fmax(0, (pb->rss_ols - tr_mv) / df);
    out->se = sqrt(2 * tr_mvmv + 4 * t * tr_mv + 2 * t * t * df) / df;
    return MPL_OK;
}

const mpl__method_def mpl__method_he = {
    .method = { "HE", "Hedges", "Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, ch. 9; "
                                "Cochran 1954, Biometrics 10:101-129", "CO VC",
                "Unweighted moment (variance component) estimator." },
    .estimate = estimate,
};
