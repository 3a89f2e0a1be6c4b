/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The residual sum of squares with weights of the user's choice is set equal to its expectation (GENQ) or to the median
 * of its exact distribution (GENQM).
 */
#include <math.h>

#include "base/error.h"
#include "model/moments.h"
#include "model/tau2_impl.h"
#include "num/brent.h"

typedef struct equation {
    mpl__problem *pb;
    double rss, *work;
} equation;

/* Rises in t */
static double above_half(double t, void *ctx)
{
    const equation *const eq = ctx;
    return mpl__moments_p(eq->pb, eq->pb->a, t, eq->rss, MPL__UPPER, eq->work) - 0.5;
}

static mpl_status get_moments(mpl__problem *pb, mpl__moments *m, mpl_error *err)
{
    if (!mpl__moments_get(pb, pb->a, m) || !(m->tr_p > 0))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the studies with weight cannot estimate tau2");
    return MPL_OK;
}

static mpl_status estimate_genq(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    mpl__moments m;
    MPL_TRY(get_moments(pb, &m, err));
    out->tau2 = fmax(pb->floor, mpl__moments_root(&m));
    out->se = mpl__moments_sd(&m, fmax(out->tau2, 0)) / m.tr_p;
    return MPL_OK;
}

static mpl_status solve_median(mpl__problem *pb, const mpl__moments *m, double *work, mpl_tau2 *out)
{
    equation eq = { pb, m->rss, work };
    double lo = mpl__smallest_t(pb), hi = fmax(mpl__moments_root(m), m->tr_pv / m->tr_p);
    out->tau2 = lo;
    if (!(above_half(lo, &eq) < 0))
        return MPL_OK;
    while (above_half(hi, &eq) < 0 && isfinite(hi)) {
        lo = hi;
        hi *= 2;
    }
    out->tau2 = mpl__brent_root(above_half, &eq, lo, hi);
    return MPL_OK;
}

static mpl_status estimate_genqm(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    mpl__moments m;
    MPL_TRY(get_moments(pb, &m, err));
    mpl__arena *const arena = mpl__arena_new();
    double *const work = MPL_NEW(arena, double, (pb->p + 1) * pb->k + 4 * pb->p * pb->p);
    if (!work) {
        mpl__arena_free(arena);
        return mpl__fail_nomem(err, "the distribution of Q");
    }
    const mpl_status s = m.rss > 0 ? solve_median(pb, &m, work, out) : MPL_OK;
    if (m.rss == 0)
        out->tau2 = pb->floor;
    mpl__arena_free(arena);
    out->se = mpl__moments_sd(&m, fmax(out->tau2, 0)) / m.tr_p;
    return s;
}

const mpl__method_def mpl__method_genq = {
    .method = { "GENQ", "the generalised method of moments",
                "DerSimonian & Kacker 2007, Contemp Clin Trials 28:105-114", NULL,
                "Moment estimator with the weights of the data's weights column: 1/vi gives DL, equal weights "
                "give HE." },
    .needs_weights = true,
    .estimate = estimate_genq,
};

const mpl__method_def mpl__method_genqm = {
    .method = { "GENQM", "the median-unbiased generalised method of moments",
                "Viechtbauer 2021, in Handbook of Meta-Analysis, ch. 11; Jackson 2013, Res Synth Methods 4:220-229",
                NULL, "As GENQ with the median of the exact distribution in place of the mean: as often too large as "
                      "too small." },
    .needs_weights = true,
    .estimate = estimate_genqm,
};
