/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights other than 1/(vi + tau2): those of the data, and coefficients by them. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/problem.h"
#include "num/linalg.h"
#include "num/sum.h"

/* Part of the smallest variance that a negative tau2 leaves. */
static const double LEAST_LEFT = 1e-6;

static mpl_status check_weights(const mpl__problem *pb, const double *weights, double *largest, mpl_error *err)
{
    size_t n = 0;
    *largest = 0;
    for (size_t i = 0; i < pb->k; i++) {
        char name[300], number[32];
        if (isnan(weights[i]))
            return mpl__fail(err, MPL_ERR_DATA, "%s has no weight", mpl__study_name(pb, i, name));
        if (!isfinite(weights[i]) || weights[i] < 0)
            return mpl__fail(err, MPL_ERR_DATA, "%s: weight %s; need a finite number of at least 0",
                             mpl__study_name(pb, i, name), mpl__show(weights[i], number));
        *largest = fmax(*largest, weights[i]);
        n += weights[i] > 0;
    }
    if (n <= pb->p && n < pb->k)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "%zu %s a weight above 0, more than %zu are needed", n,
                         n == 1 ? "study has" : "studies have", pb->p);
    return MPL_OK;
}

mpl_status mpl__problem_weigh(mpl__problem *pb, mpl__arena *scratch, const double *weights, mpl_error *err)
{
    double largest;
    int exponent;
    double *const a = MPL_NEW(scratch, double, pb->k);
    if (!a)
        return mpl__fail_nomem(err, "the weights");
    MPL_TRY(check_weights(pb, weights, &largest, err));
    frexp(largest, &exponent);
    for (size_t i = 0; i < pb->k; i++)
        a[i] = ldexp(weights[i], -exponent);
    if (pb->is_mean) { /* as z and v are */
        const double first = a[0];
        a[0] = a[pb->smallest];
        a[pb->smallest] = first;
    }
    pb->a = a;
    return MPL_OK;
}

void mpl__problem_lower(mpl__problem *pb, double lowest)
{
    if (pb->n_zero == 0)
        pb->floor = fmax(mpl__variance_scaled(pb, lowest), -(1 - LEAST_LEFT) * pb->v_min);
}

bool mpl__factorise(mpl__problem *pb, const double *a)
{
    const size_t k = pb->k;
    for (size_t i = 0; i < k; i++) {
        pb->root_w[i] = a ? sqrt(a[i]) : 1;
        pb->r[i] = pb->root_w[i] * pb->z[i];
        for (size_t j = 0; j < pb->p; j++)
            pb->u[j * k + i] = pb->root_w[i] * pb->basis[j * k + i];
    }
    if (mpl__orthonormalise(pb->u, k, pb->p, pb->lower, 1e-14) < pb->p)
        return false;
    mpl__project_out(pb->u, k, pb->p, pb->r, pb->coef);
    return true;
}

static void reweigh_mean(mpl__problem *pb, const double *a, double t, double *rss)
{
    size_t heavy = 0;
    mpl__sum total = { 0 }, first = { 0 }, variance = { 0 }, squares = { 0 };
    for (size_t i = 1; i < pb->k && a; i++)
        if (a[i] > a[heavy])
            heavy = i;
    for (size_t i = 0; i < pb->k; i++) {
        const double ai = a ? a[i] : 1;
        mpl__sum_add(&total, ai);
        mpl__sum_add(&first, ai * (pb->z[i] - pb->z[heavy]));
        mpl__sum_add(&variance, ai * ai * (pb->v[i] + t));
    }
    const double sum = mpl__sum_get(&total);
    pb->centre = pb->z[heavy] + mpl__sum_get(&first) / sum;
    pb->mean_variance = mpl__sum_get(&variance) / sum / sum;
    for (size_t i = 0; i < pb->k; i++)
        mpl__sum_add(&squares, (pb->z[i] - pb->centre) * (pb->z[i] - pb->centre) / (pb->v[i] + t));
    *rss = mpl__sum_get(&squares);
}

static bool reweigh_design(mpl__problem *pb, const double *a, double t, double *rss)
{
    const size_t k = pb->k, p = pb->p;
    if (!mpl__factorise(pb, a))
        return false;
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l <= j; l++) {
            mpl__sum sum = { 0 };
            for (size_t i = 0; i < k; i++)
                mpl__sum_add(&sum, pb->u[j * k + i] * pb->u[l * k + i] * (a ? a[i] : 1) * (pb->v[i] + t));
            pb->middle[j * p + l] = pb->middle[l * p + j] = mpl__sum_get(&sum);
        }
    /* fit = basis b with L'b = coef */
    double *const b = pb->half;
    memcpy(b, pb->coef, p * sizeof *b);
    for (size_t j = p; j-- > 0;) {
        for (size_t l = j + 1; l < p; l++)
            b[j] -= pb->lower[l * p + j] * b[l];
        b[j] /= pb->lower[j * p + j];
    }
    mpl__sum squares = { 0 };
    for (size_t i = 0; i < k; i++) {
        double e = pb->z[i];
        for (size_t j = 0; j < p; j++)
            e -= pb->basis[j * k + i] * b[j];
        mpl__sum_add(&squares, e * e / (pb->v[i] + t));
    }
    *rss = mpl__sum_get(&squares);
    return true;
}

mpl_status mpl__reweigh(mpl__problem *pb, const double *a, double t, double *rss, mpl_error *err)
{
    if (pb->is_mean)
        reweigh_mean(pb, a, t, rss);
    else if (!reweigh_design(pb, a, t, rss))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the studies with weight cannot estimate all coefficients");
    pb->is_reweighed = true;
    return MPL_OK;
}
