/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preparing the sums: checks, units, origin, basis; and what is read off them at the end. Evaluation: evaluate.c. */
#include "model/problem.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "num/chol.h"
#include "num/linalg.h"
#include "num/sum.h"

/* A column that keeps less than this part of its length beside the columns before it is taken to depend on them. */
static const double RANK_TOLERANCE = 1e-11;

/* Effects beyond this many standard errors of the most precise study have no finite fourth powers. */
static const double LARGEST_SCALED = 1e75;

double mpl__variance_scaled(const mpl__problem *pb, double variance)
{
    return ldexp(variance, 2 * pb->exponent);
}

double mpl__variance_original(const mpl__problem *pb, double t)
{
    return ldexp(t, -2 * pb->exponent);
}

double mpl__smallest_t(const mpl__problem *pb)
{
    return pb->n_zero > 0 ? 1e-12 : pb->floor;
}

const char *mpl__study_name(const mpl__problem *pb, size_t i, char out[300])
{
    char label[MPL_SHOWN_SIZE];
    if (pb->slab && pb->slab[i])
        snprintf(out, 300, "study '%s'", mpl_text_to_shown(pb->slab[i], label));
    else
        snprintf(out, 300, "study %zu", i + 1);
    return out;
}

mpl_status mpl__fail_zero_variance(const mpl__problem *pb, const char *why, mpl_error *err)
{
    char name[300];
    return mpl__fail(err, MPL_ERR_NUMERIC, "%s has variance 0, %s",
                     mpl__study_name(pb, pb->smallest, name), why);
}

static mpl_status check_data(const mpl__problem *pb, mpl_error *err)
{
    for (size_t i = 0; i < pb->k; i++)
        if (!isfinite(pb->yi[i]) || !isfinite(pb->vi[i]) || pb->vi[i] < 0) {
            char name[300], effect[32], variance[32];
            return mpl__fail(err, MPL_ERR_DATA, "%s: effect %s with variance %s; need finite and variance >= 0",
                             mpl__study_name(pb, i, name), mpl__show(pb->yi[i], effect),
                             mpl__show(pb->vi[i], variance));
        }
    return MPL_OK;
}

/* Chooses the unit, a power of two, and the origin; fills z and v. */
static mpl_status scale_data(mpl__problem *pb, bool has_constant, mpl_error *err)
{
    double unit = 0, far = 0;
    for (size_t i = 0; i < pb->k; i++) {
        if (pb->vi[i] < pb->vi[pb->smallest])
            pb->smallest = i;
        if (pb->vi[i] > 0 && (unit == 0 || pb->vi[i] < unit))
            unit = pb->vi[i];
        pb->n_zero += pb->vi[i] == 0;
    }
    pb->origin = has_constant ? pb->yi[pb->smallest] : 0;
    for (size_t i = 0; i < pb->k; i++)
        far = fmax(far, fabs(pb->yi[i] - pb->origin));
    int exponent = 0;
    frexp(unit > 0 ? unit : far, &exponent);
    if (unit > 0 || !pb->keeps_unit)
        pb->exponent = unit > 0 ? -exponent / 2 : -exponent;
    for (size_t i = 0; i < pb->k; i++) {
        pb->z[i] = ldexp(pb->yi[i] - pb->origin, pb->exponent);
        pb->v[i] = mpl__variance_scaled(pb, pb->vi[i]);
        pb->v_max = fmax(pb->v_max, pb->v[i]);
        if (!(fabs(pb->z[i]) <= LARGEST_SCALED && pb->v[i] <= LARGEST_SCALED * LARGEST_SCALED)) {
            char name[300], effect[32], variance[32];
            return mpl__fail(err, MPL_ERR_NUMERIC,
                             "%s: effect %s with variance %s is too far from the most precise study for doubles",
                             mpl__study_name(pb, i, name), mpl__show(pb->yi[i], effect),
                             mpl__show(pb->vi[i], variance));
        }
    }
    pb->v_min = pb->v[pb->smallest];
    return MPL_OK;
}

static double spread_about_mean(const mpl__problem *pb)
{
    mpl__sum sum = { 0 }, squares = { 0 };
    for (size_t i = 0; i < pb->k; i++)
        mpl__sum_add(&sum, pb->z[i]);
    const double mean = mpl__sum_get(&sum) / (double)pb->k;
    for (size_t i = 0; i < pb->k; i++)
        mpl__sum_add(&squares, (pb->z[i] - mean) * (pb->z[i] - mean));
    return mpl__sum_get(&squares);
}

/* Order of the columns in the basis: the intercept first. */
static size_t column_at(const mpl__problem *pb, size_t j)
{
    if (pb->intercept == SIZE_MAX)
        return j;
    return j == 0 ? pb->intercept : j - (j <= pb->intercept);
}

static void find_intercept(mpl__problem *pb, const double *X)
{
    pb->intercept = SIZE_MAX;
    for (size_t j = pb->p; j-- > 0;) {
        size_t i = 0;
        while (i < pb->k && X[i * pb->p + j] == X[j] && X[j] != 0)
            i++;
        if (i == pb->k)
            pb->intercept = j;
    }
}

static mpl_status make_basis(mpl__problem *pb, const double *X, const char *const *terms, mpl_error *err)
{
    const size_t k = pb->k, p = pb->p;
    for (size_t j = 0; j < p; j++)
        for (size_t i = 0; i < k; i++)
            pb->basis[j * k + i] = X[i * p + column_at(pb, j)];
    const size_t rank = mpl__orthonormalise(pb->basis, k, p, pb->lower, RANK_TOLERANCE);
    if (rank < p) {
        char name[MPL_SHOWN_SIZE];
        const size_t j = column_at(pb, rank);
        if (terms && terms[j])
            return mpl__fail(err, MPL_ERR_NUMERIC, "column '%s' of the design is a combination of the others",
                             mpl_text_to_shown(terms[j], name));
        return mpl__fail(err, MPL_ERR_NUMERIC, "column %zu of the design is a combination of the others", j + 1);
    }
    mpl__invert_lower(pb->lower, p); /* X = basis L', so beta = (L^-1)' coef */
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            pb->map[column_at(pb, i) * p + j] = pb->lower[j * p + i];
    return MPL_OK;
}

/* Whether a fit can be the same everywhere; fills `one`. */
static bool find_constant(mpl__problem *pb)
{
    for (size_t i = 0; i < pb->k; i++)
        pb->r[i] = 1;
    mpl__project_out(pb->basis, pb->k, pb->p, pb->r, pb->coef);
    if (mpl__dot(pb->r, pb->r, pb->k) > RANK_TOLERANCE * RANK_TOLERANCE * (double)pb->k)
        return false;
    for (size_t i = 0; i < pb->p; i++)
        pb->one[i] = mpl__dot(pb->map + i * pb->p, pb->coef, pb->p);
    return true;
}

static mpl_status no_memory(mpl_error *err)
{
    return mpl__fail_nomem(err, "the sums over studies");
}

static mpl_status measure_regression(mpl__problem *pb, mpl_error *err)
{
    MPL_TRY(scale_data(pb, pb->has_constant, err));
    memcpy(pb->r, pb->z, pb->k * sizeof *pb->r);
    mpl__project_out(pb->basis, pb->k, pb->p, pb->r, pb->coef);
    pb->rss_ols = mpl__dot(pb->r, pb->r, pb->k);
    pb->spread = spread_about_mean(pb);
    return MPL_OK;
}

static mpl_status init_regression(mpl__problem *pb, mpl__arena *scratch, const double *X, const char *const *terms,
                                  mpl_error *err)
{
    const size_t k = pb->k, p = pb->p;
    if (p > SIZE_MAX / 16 / k)
        return mpl__fail(err, MPL_ERR_LIMIT, "a design of %zu by %zu is too large", k, p);
    pb->basis = MPL_NEW(scratch, double, k * p);
    pb->u = MPL_NEW(scratch, double, k * p);
    pb->map = MPL_NEW(scratch, double, p * p);
    pb->lower = MPL_NEW(scratch, double, p * p);
    pb->inverse = MPL_NEW(scratch, double, p * p);
    pb->half = MPL_NEW(scratch, double, p * p);
    pb->one = MPL_NEW(scratch, double, p);
    pb->coef = MPL_NEW(scratch, double, p);
    pb->root_w = MPL_NEW(scratch, double, k);
    pb->r = MPL_NEW(scratch, double, k);
    pb->s = MPL_NEW(scratch, double, k);
    pb->middle = MPL_NEW(scratch, double, p * p);
    pb->cross = MPL_NEW(scratch, double, 2 * p * p + 2 * p);
    pb->sums = MPL_NEW(scratch, mpl__sum, mpl__cross_sums(k, p));
    if (!pb->basis || !pb->u || !pb->map || !pb->lower || !pb->inverse || !pb->half || !pb->one || !pb->coef ||
        !pb->root_w || !pb->r || !pb->s || !pb->middle || !pb->cross || !pb->sums)
        return no_memory(err);
    MPL_TRY(make_basis(pb, X, terms, err));
    pb->has_constant = find_constant(pb);
    return measure_regression(pb, err);
}

static mpl_status measure_mean(mpl__problem *pb, mpl_error *err)
{
    MPL_TRY(scale_data(pb, true, err));
    const size_t i = pb->smallest;
    const double z = pb->z[i], v = pb->v[i];
    pb->z[i] = pb->z[0];
    pb->v[i] = pb->v[0];
    pb->z[0] = z;
    pb->v[0] = v;
    pb->rss_ols = pb->spread = spread_about_mean(pb);
    return MPL_OK;
}

static mpl_status init(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                       const char *const *slab, size_t k, const double *X, size_t p, const char *const *terms,
                       bool has_basis, mpl_error *err)
{
    *pb = (mpl__problem){ .k = k, .p = X ? p : 1, .yi = yi, .vi = vi, .slab = slab };
    if (k == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "there are no studies to pool");
    if (pb->p == 0)
        return mpl__fail(err, MPL_ERR_ARG, "the design has no columns");
    if (k < pb->p)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "%zu studies cannot estimate %zu coefficients", k, pb->p);
    for (size_t i = 0; X && i < k * pb->p; i++)
        if (!isfinite(X[i]))
            return mpl__fail(err, MPL_ERR_DATA, "row %zu of the design is not finite", i / pb->p + 1);
    MPL_TRY(check_data(pb, err));
    pb->z = MPL_NEW(scratch, double, k);
    pb->v = MPL_NEW(scratch, double, k);
    if (!pb->z || !pb->v)
        return no_memory(err);
    if (X)
        find_intercept(pb, X);
    pb->is_mean = !X || (!has_basis && pb->p == 1 && pb->intercept == 0 && X[0] == 1);
    return pb->is_mean ? measure_mean(pb, err) : init_regression(pb, scratch, X, terms, err);
}

mpl_status mpl__problem_init(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                             const char *const *slab, size_t k, const double *X, size_t p,
                             const char *const *terms, mpl_error *err)
{
    return init(pb, scratch, yi, vi, slab, k, X, p, terms, false, err);
}

mpl_status mpl__problem_init_design(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                                    const char *const *slab, size_t k, const double *X, size_t p,
                                    const char *const *terms, mpl_error *err)
{
    return init(pb, scratch, yi, vi, slab, k, X, p, terms, true, err);
}

static mpl_status measure_known(mpl__problem *pb, mpl_error *err)
{
    MPL_TRY(scale_data(pb, false, err));
    pb->rss_ols = mpl__dot(pb->z, pb->z, pb->k);
    pb->spread = spread_about_mean(pb);
    return MPL_OK;
}

mpl_status mpl__problem_init_known(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                                   const char *const *slab, size_t k, mpl_error *err)
{
    *pb = (mpl__problem){ .k = k, .p = 0, .yi = yi, .vi = vi, .slab = slab, .intercept = SIZE_MAX };
    MPL_TRY(check_data(pb, err));
    pb->z = MPL_NEW(scratch, double, k);
    pb->v = MPL_NEW(scratch, double, k);
    return pb->z && pb->v ? measure_known(pb, err) : no_memory(err);
}

mpl_status mpl__problem_copy(mpl__problem *out, const mpl__problem *from, mpl__arena *scratch, mpl_error *err)
{
    const size_t k = from->k, p = from->p;
    double *const own = MPL_NEW(scratch, double, 5 * k + k * p + 6 * p * p + 3 * p);
    mpl__sum *const sums = MPL_NEW(scratch, mpl__sum, mpl__cross_sums(k, p));
    if (!own || !sums)
        return no_memory(err);
    *out = *from;
    out->z = own;
    out->v = own + k;
    out->root_w = own + 2 * k;
    out->r = own + 3 * k;
    out->s = own + 4 * k;
    out->u = own + 5 * k;
    out->lower = out->u + k * p;
    out->inverse = out->lower + p * p;
    out->half = out->inverse + p * p;
    out->coef = out->half + p * p;
    out->cross = out->coef + p;
    out->sums = sums;
    return MPL_OK;
}

mpl_status mpl__problem_renew(mpl__problem *pb, const double *yi, const double *vi, mpl_error *err)
{
    pb->yi = yi;
    pb->vi = vi;
    pb->smallest = pb->n_zero = 0;
    pb->v_max = pb->centre = 0;
    return pb->is_mean ? measure_mean(pb, err) : pb->p == 0 ? measure_known(pb, err) : measure_regression(pb, err);
}

/* sum ln(vi + t), one logarithm for eight studies. */
static double sum_of_logs(const mpl__problem *pb, double t)
{
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < pb->k; i += 8) {
        const size_t end = pb->k - i < 8 ? pb->k : i + 8;
        double product = 1;
        for (size_t j = i; j < end; j++)
            product *= pb->v[j] + t;
        if (product > 1e-290 && product < 1e290)
            mpl__sum_add(&sum, log(product));
        else
            for (size_t j = i; j < end; j++)
                mpl__sum_add(&sum, log(pb->v[j] + t));
    }
    return mpl__sum_get(&sum);
}

double mpl__log_likelihood(const mpl__problem *pb, const mpl__at *at, bool reml)
{
    const double log_2pi = 1.8378770664093454836, df = (double)(reml ? pb->k - pb->p : pb->k);
    const double logs = sum_of_logs(pb, at->t) + (reml ? at->log_det : 0);
    return -0.5 * (df * (log_2pi - 2 * M_LN2 * pb->exponent) + logs + at->rss);
}

void mpl__coefficients(const mpl__problem *pb, const mpl__at *at, double *beta, double *vb)
{
    if (pb->is_mean) {
        beta[0] = pb->origin + ldexp(pb->centre, -pb->exponent);
        vb[0] = mpl__variance_original(pb, pb->is_reweighed ? pb->mean_variance : 1 / at->sum_w);
        return;
    }
    if (pb->p == 0)
        return;
    /* vb = half C half', half = map (L^-1)', C the covariance of coef */
    const size_t p = pb->p;
    double *const half = pb->half, *const inverse = pb->inverse;
    memcpy(inverse, pb->lower, p * p * sizeof *inverse);
    mpl__invert_lower(inverse, p);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            half[i * p + j] = mpl__dot(pb->map + i * p, inverse + j * p, j + 1);
    for (size_t i = 0; i < p; i++) {
        beta[i] = pb->origin * pb->one[i] + ldexp(mpl__dot(half + i * p, pb->coef, p), -pb->exponent);
        for (size_t l = 0; l < p; l++)
            inverse[l] = pb->is_reweighed ? mpl__dot(half + i * p, pb->middle + l * p, p) : half[i * p + l];
        for (size_t j = 0; j < p; j++)
            vb[i * p + j] = mpl__variance_original(pb, mpl__dot(inverse, half + j * p, p));
    }
}

double mpl__omnibus(const mpl__problem *pb, size_t *df)
{
    const bool skip_first = pb->is_mean || pb->intercept != SIZE_MAX;
    const size_t n = *df = pb->p - skip_first;
    double qm = 0, *const c = pb->half, *const l = pb->inverse;
    for (size_t j = 0; j < n; j++) {
        c[j] = pb->coef[j + skip_first];
        if (!skip_first && pb->origin != 0)
            c[j] += ldexp(pb->origin, pb->exponent) * mpl__dot(pb->u + j * pb->k, pb->root_w, pb->k);
        for (size_t i = 0; i < n && pb->is_reweighed; i++)
            l[j * n + i] = pb->middle[(j + skip_first) * pb->p + i + skip_first];
    }
    if (pb->is_reweighed && !mpl__cholesky(l, n))
        return NAN;
    if (pb->is_reweighed)
        mpl__lower_solve(l, n, c);
    for (size_t j = 0; j < n; j++)
        qm += c[j] * c[j];
    return qm;
}
