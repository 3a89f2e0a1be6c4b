/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kenward & Roger 1997 (Biometrics 53:983-997) for a regression, where tau2 is the one parameter of the covariance.
 *
 * With sqrt(W) X = U H^-1, U orthonormal, the covariance is HH', its derivative by tau2 is S = H U'WU H', and the
 * adjusted covariance is H (I + 2 var U'W(I - UU')WU) H' with var = 2/tr(PP), the variance of tau2 from the expected
 * information. A linear combination has t with 2 (l'HH'l)^2/(var (l'Sl)^2) degrees of freedom; of several together
 * the paper's lambda F is taken.
 */
#include <math.h>

#include "base/error.h"
#include "model/regress_impl.h"
#include "num/chol.h"
#include "num/dist.h"
#include "num/linalg.h"

static double form(const double *m, const double *l, size_t p)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += l[i] * m[i * p + j] * l[j];
    return sum;
}

/* out = H middle H'; work is [p]. */
static void sandwich(const double *h, const double *middle, size_t p, double factor, double *work, double *out)
{
    for (size_t i = 0; i < p; i++) {
        for (size_t l = 0; l < p; l++)
            work[l] = mpl__dot(h + i * p, middle + l * p, p);
        for (size_t j = 0; j < p; j++)
            out[i * p + j] = factor * mpl__dot(work, h + j * p, p);
    }
}

/* U'WU, and I + 2 var U'W(I - UU')WU. */
static void middles(const mpl__problem *pb, double t, double variance, double *x, double *coef, double *slope,
                    double *adjusted)
{
    const size_t k = pb->k, p = pb->p;
    for (size_t j = 0; j < p; j++)
        for (size_t i = 0; i < k; i++)
            x[j * k + i] = pb->u[j * k + i] / (pb->v[i] + t);
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l < p; l++)
            slope[j * p + l] = mpl__dot(pb->u + j * k, x + l * k, k);
    for (size_t j = 0; j < p; j++)
        mpl__project_out(pb->u, k, p, x + j * k, coef);
    for (size_t j = 0; j < p; j++)
        for (size_t l = 0; l < p; l++)
            adjusted[j * p + l] = (j == l) + 2 * variance * mpl__dot(x + j * k, x + l * k, k);
}

mpl_status mpl__kenward_new(const mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl__problem *const pb = &job->pb;
    const size_t k = pb->k, p = pb->p;
    struct mpl__kenward *const out = MPL_NEW(fit->arena, struct mpl__kenward, 1);
    double *const plain = MPL_NEW(fit->arena, double, p * p), *const slope = MPL_NEW(fit->arena, double, p * p);
    double *const adjusted = MPL_NEW(fit->arena, double, p * p), *const x = MPL_NEW(job->scratch, double, k * p);
    double *const h = MPL_NEW(job->scratch, double, p * p), *const inverse = MPL_NEW(job->scratch, double, p * p);
    double *const m1 = MPL_NEW(job->scratch, double, p * p), *const m2 = MPL_NEW(job->scratch, double, p * p);
    double *const work = MPL_NEW(job->scratch, double, p);
    if (!out || !plain || !slope || !adjusted || !x || !h || !inverse || !m1 || !m2 || !work)
        return mpl__fail_nomem(err, "the Kenward-Roger correction");
    const double variance = 2 / job->at.tr_pp; /* scaled */
    if (!isfinite(variance))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the Kenward-Roger correction is not finite for these variances");
    for (size_t i = 0; i < p * p; i++)
        inverse[i] = pb->lower[i];
    mpl__invert_lower(inverse, p);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            h[i * p + j] = mpl__dot(pb->map + i * p, inverse + j * p, j + 1);
    const double unit = mpl__variance_original(pb, 1);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            plain[i * p + j] = unit * mpl__dot(h + i * p, h + j * p, p);
    middles(pb, job->at.t, variance, x, work, m1, m2);
    sandwich(h, m1, p, 1, work, slope);
    sandwich(h, m2, p, unit, work, adjusted);
    *out = (struct mpl__kenward){ variance * unit * unit, plain, slope, adjusted };
    fit->kenward = out;
    return MPL_OK;
}

double mpl__kenward_df(const mpl_fit *fit, double plain, double slope)
{
    return 2 * plain * plain / (fit->kenward->variance * slope * slope);
}

double mpl__kenward_variance(const mpl_fit *fit, const double *l, double *df)
{
    *df = mpl__kenward_df(fit, form(fit->kenward->plain, l, fit->p), form(fit->kenward->slope, l, fit->p));
    return form(fit->kenward->adjusted, l, fit->p);
}

double mpl__kenward_plain(const mpl_fit *fit, const double *l)
{
    return form(fit->kenward->plain, l, fit->p);
}

double mpl__fit_df(const mpl_fit *fit, const double *l)
{
    double df = fit->terms[0].df;
    if (fit->is_kenward)
        (void)mpl__kenward_variance(fit, l, &df);
    return df > 0 ? df : (double)NAN;
}

mpl_status mpl__refine_kr(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const size_t p = fit->p;
    MPL_TRY(mpl__kenward_new(job, fit, err));
    mpl_term *const terms = MPL_NEW(fit->arena, mpl_term, p);
    double *const l = MPL_NEW(job->scratch, double, p * p);
    if (!terms || !l)
        return mpl__fail_nomem(err, "the Kenward-Roger correction");
    fit->is_kenward = true;
    fit->vb = fit->kenward->adjusted;
    for (size_t j = 0; j < p; j++) {
        l[j] = 1;
        terms[j] = mpl__term_make(fit->terms[j].term, fit->terms[j].estimate, sqrt(fit->vb[j * p + j]),
                                  mpl__fit_df(fit, l), fit->level);
        l[j] = 0;
    }
    fit->terms = terms;
    const size_t skip = job->pb.intercept != SIZE_MAX, n = p - skip;
    mpl_wald all;
    for (size_t i = 0, row = 0; i < p; i++)
        if (!skip || i != job->pb.intercept)
            l[row++ * p + i] = 1;
    if (n == 0)
        return MPL_OK;
    MPL_TRY(mpl__fit_wald(fit, l, n, job->scratch, &all, err));
    fit->qm = all.q;
    fit->qm_df2 = all.df2;
    fit->qm_pval = all.pval;
    fit->qm_log_pval = all.log_pval;
    return MPL_OK;
}

/* lambda and the denominator degrees of freedom of n combinations, v = L HH' L' and s = L S L' of them. */
static bool approximate(const mpl_fit *fit, double *v, double *s, size_t n, double *lambda, double *df2)
{
    double trace = 0, square = 0;
    if (!mpl__cholesky(v, n))
        return false;
    for (size_t pass = 0; pass < 2; pass++) /* G^-1 S G^-T: rows, then columns, S being symmetric */
        for (size_t i = 0; i < n; i++) {
            mpl__lower_solve(v, n, s + i * n);
            for (size_t j = 0; pass == 0 && i + 1 == n && j < n; j++)
                for (size_t l = 0; l < j; l++) {
                    const double keep = s[j * n + l];
                    s[j * n + l] = s[l * n + j];
                    s[l * n + j] = keep;
                }
        }
    for (size_t i = 0; i < n; i++) {
        trace += s[i * n + i];
        for (size_t j = 0; j < n; j++)
            square += s[i * n + j] * s[j * n + i];
    }
    const double q = (double)n, a1 = fit->kenward->variance * trace * trace, a2 = fit->kenward->variance * square;
    const double b = (a1 + 6 * a2) / (2 * q), g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2);
    const double d = 3 * q + 2 * (1 - g), c1 = g / d, c2 = (q - g) / d, c3 = (q + 2 - g) / d;
    const double mean = 1 / (1 - a2 / q);
    const double spread = 2 / q * (1 + c1 * b) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b));
    const double rho = spread / (2 * mean * mean);
    *df2 = n == 1 ? 2 / a1 : 4 + (q + 2) / (q * rho - 1); /* the paper's for one is Satterthwaite's */
    *lambda = n == 1 ? 1 : *df2 / (mean * (*df2 - 2));
    return *df2 > (n == 1 ? 0 : 2) && isfinite(*df2) && *lambda > 0;
}

mpl_status mpl__fit_wald(const mpl_fit *fit, const double *l, size_t n, mpl__arena *scratch, mpl_wald *out,
                         mpl_error *err)
{
    const size_t p = fit->p;
    double *const b = MPL_NEW(scratch, double, n), *const v = MPL_NEW(scratch, double, n * n);
    double *const plain = MPL_NEW(scratch, double, n * n), *const slope = MPL_NEW(scratch, double, n * n);
    double lambda, df2;
    if (!b || !v || !plain || !slope)
        return mpl__fail_nomem(err, "a Wald test");
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < p; s++) {
            if (l[i * p + s] == 0)
                continue;
            b[i] += l[i * p + s] * fit->terms[s].estimate;
            for (size_t j = 0; j < n; j++)
                for (size_t t = 0; t < p; t++) {
                    const double both = l[i * p + s] * l[j * p + t];
                    v[i * n + j] += both * fit->vb[s * p + t];
                    if (fit->is_kenward) {
                        plain[i * n + j] += both * fit->kenward->plain[s * p + t];
                        slope[i * n + j] += both * fit->kenward->slope[s * p + t];
                    }
                }
        }
    if (!fit->is_kenward)
        return mpl__wald_test(b, v, n, fit->terms[0].df, scratch, out, err);
    MPL_TRY(mpl__wald_test(b, v, n, INFINITY, scratch, out, err));
    if (!approximate(fit, plain, slope, n, &lambda, &df2)) {
        *out = (mpl_wald){ NAN, out->df, NAN, NAN, NAN };
        return MPL_OK;
    }
    out->q *= lambda / out->df;
    out->df2 = df2;
    out->pval = mpl__f_p(out->q, out->df, df2, MPL__UPPER);
    out->log_pval = mpl__f_log_p(out->q, out->df, df2, MPL__UPPER);
    return MPL_OK;
}
