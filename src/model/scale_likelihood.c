/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Derivatives of the ML and REML likelihoods by the variances of single studies, without any k x k matrix.
 *
 * With W = diag(1/(vi + tau2_i)), sqrt(W) X = U L' and P = sqrt(W)(I - UU')sqrt(W), the score by tau2_i is
 * -(P_ii - (Py)_i^2)/2 under REML, and with w_i for P_ii under ML; the second derivatives are
 * P_im^2/2 - (Py)_i P_im (Py)_m, and with W for the first P under ML (Harville 1977, J Am Stat Assoc 72:320-338).
 * Sums over i and m of g_i g_m times these are inner products of U'diag(w g)U and of U'(sqrt(w) Py g).
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/scale.h"
#include "num/linalg.h"
#include "num/sum.h"

/* The barrier and rounding leave a tau2_i that should be 0 below this; variances are about 1 or more. */
static const double AT_BOUND = 1e-7;

mpl_status mpl__scale_sums_init(mpl__scale_sums *s, mpl__arena *scratch, size_t q, mpl_error *err)
{
    const size_t k = s->k = s->pb.k, p = s->pb.p;
    s->q = q;
    double *const v0 = MPL_NEW(scratch, double, k);
    s->offset = MPL_NEW(scratch, double, k);
    s->t = MPL_NEW(scratch, double, k);
    s->slope = MPL_NEW(scratch, double, k);
    s->a = MPL_NEW(scratch, double, k);
    s->part = MPL_NEW(scratch, double, k * q);
    s->cross = MPL_NEW(scratch, double, q * p);
    s->moment = MPL_NEW(scratch, double, q * p * p);
    if (!v0 || !s->offset || !s->t || !s->slope || !s->a || !s->part || !s->cross || !s->moment)
        return mpl__fail_nomem(err, "the model of tau2");
    memcpy(v0, s->pb.v, k * sizeof *v0);
    s->v0 = v0;
    return MPL_OK;
}

bool mpl__scale_place(mpl__scale_sums *s, const double *gamma)
{
    const double most = 1e100;
    for (size_t i = 0; i < s->k; i++) {
        double eta = s->offset[i];
        for (size_t j = 0; j < s->q; j++)
            eta += s->basis[j * s->k + i] * gamma[j];
        double t = s->is_log ? exp(eta) : eta;
        if (!s->is_log && s->barrier == 0 && fabs(t) < AT_BOUND)
            t = 0;
        const double v = s->v0[i] + t;
        if (!(t >= 0 && t < most && v > 0) || (s->barrier > 0 && t == 0))
            return false;
        s->t[i] = t;
        s->slope[i] = s->is_log ? t : 1;
        s->pb.v[i] = v;
        s->a[i] = 1 / v;
    }
    return true;
}

/* cross = U'(sqrt(w) Py g) and moment = U'diag(w g)U for each column g of the scale; part = sqrt(w) Py g. */
static void project(mpl__scale_sums *s)
{
    const mpl__problem *const pb = &s->pb;
    const size_t k = s->k, p = pb->p;
    double *const wg = pb->s;
    for (size_t j = 0; j < s->q; j++) {
        double *const x = s->part + j * k, *const moment = s->moment + j * p * p;
        for (size_t i = 0; i < k; i++) {
            const double g = s->slope[i] * s->basis[j * k + i];
            x[i] = s->a[i] * pb->r[i] * g; /* sqrt(w) Py = w r */
            wg[i] = s->a[i] * g;
        }
        for (size_t a = 0; a < p; a++) {
            s->cross[j * p + a] = mpl__dot(pb->u + a * k, x, k);
            for (size_t b = 0; b <= a; b++) {
                mpl__sum sum = { 0 };
                for (size_t i = 0; i < k; i++)
                    mpl__sum_add(&sum, wg[i] * pb->u[a * k + i] * pb->u[b * k + i]);
                moment[a * p + b] = moment[b * p + a] = mpl__sum_get(&sum);
            }
        }
    }
}

static void second_derivatives(mpl__scale_sums *s, const double *score, const double *hat, mpl__scale_at *at)
{
    const size_t k = s->k, p = s->pb.p, q = s->q;
    for (size_t j = 0; j < q; j++)
        for (size_t l = 0; l <= j; l++) {
            mpl__sum trace = { 0 }, curve = { 0 }, more = { 0 };
            for (size_t i = 0; i < k; i++) {
                const double bb = s->basis[j * k + i] * s->basis[l * k + i], g = s->a[i] * s->slope[i];
                mpl__sum_add(&trace, g * g * bb * (s->reml ? 1 - 2 * hat[i] : 1));
                mpl__sum_add(&curve, s->part[j * k + i] * s->part[l * k + i]);
                if (s->is_log) /* its second derivative is its first */
                    mpl__sum_add(&more, score[i] * s->slope[i] * bb);
                else if (s->barrier > 0)
                    mpl__sum_add(&more, -s->barrier / (s->t[i] * s->t[i]) * bb);
            }
            if (s->reml)
                mpl__sum_add(&trace, mpl__dot(s->moment + j * p * p, s->moment + l * p * p, p * p));
            mpl__sum_add(&curve, -mpl__dot(s->cross + j * p, s->cross + l * p, p));
            const double half = 0.5 * mpl__sum_get(&trace), barrier = s->is_log ? 0 : -mpl__sum_get(&more);
            at->expected[j * q + l] = at->expected[l * q + j] = half + barrier;
            at->info[j * q + l] = at->info[l * q + j] = mpl__sum_get(&curve) - half - mpl__sum_get(&more);
        }
}

static void derive(mpl__scale_sums *s, mpl__scale_at *at)
{
    const mpl__problem *const pb = &s->pb;
    const size_t k = s->k;
    double *const score = pb->root_w, *const hat = pb->s; /* root_w is not needed any more */
    project(s);
    for (size_t i = 0; i < k; i++) {
        hat[i] = 0;
        for (size_t j = 0; j < pb->p; j++)
            hat[i] += pb->u[j * k + i] * pb->u[j * k + i];
        const double r2 = pb->r[i] * pb->r[i], left = s->reml ? fmax(1 - hat[i], 0) : 1;
        score[i] = -0.5 * s->a[i] * (left - r2);
    }
    for (size_t j = 0; j < s->q; j++) {
        mpl__sum sum = { 0 };
        for (size_t i = 0; i < k; i++) {
            const double inside = s->barrier > 0 ? s->barrier / s->t[i] : 0;
            mpl__sum_add(&sum, (score[i] + inside) * s->slope[i] * s->basis[j * k + i]);
        }
        at->score[j] = mpl__sum_get(&sum);
    }
    second_derivatives(s, score, hat, at);
}

void mpl__scale_evaluate(mpl__scale_sums *s, mpl__scale_at *at, bool derivatives)
{
    mpl__problem *const pb = &s->pb;
    at->ll = -INFINITY;
    if (!mpl__scale_place(s, at->gamma) || !mpl__factorise(pb, s->a))
        return;
    mpl__at sums = { .rss = mpl__dot(pb->r, pb->r, s->k) };
    for (size_t j = 0; j < pb->p; j++)
        sums.log_det += 2 * log(pb->lower[j * pb->p + j]);
    at->ll = mpl__log_likelihood(pb, &sums, s->reml);
    for (size_t i = 0; i < s->k && s->barrier > 0; i++)
        at->ll += s->barrier * log(s->t[i]);
    if (!isfinite(at->ll))
        at->ll = -INFINITY;
    else if (derivatives)
        derive(s, at);
}
