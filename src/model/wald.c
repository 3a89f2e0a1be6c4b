/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wald tests of several coefficients, and how much their variances owe to the company of the others. */
#include <math.h>

#include "base/error.h"
#include "model/regress_impl.h"
#include "num/chol.h"
#include "num/dist.h"

mpl_status mpl__wald_test(const double *b, const double *v, size_t n, double df2, mpl__arena *scratch, mpl_wald *out,
                          mpl_error *err)
{
    double *const l = MPL_NEW(scratch, double, n * n), *const z = MPL_NEW(scratch, double, n);
    if (!l || !z)
        return mpl__fail_nomem(err, "a Wald test");
    *out = (mpl_wald){ NAN, NAN, NAN, NAN, NAN };
    if (n == 0)
        return MPL_OK;
    for (size_t i = 0; i < n; i++) { /* as correlations: units do not matter */
        const double se = sqrt(v[i * n + i]);
        z[i] = b[i] / se;
        for (size_t j = 0; j < n; j++)
            l[i * n + j] = v[i * n + j] / (se * sqrt(v[j * n + j]));
    }
    out->df = (double)n;
    out->df2 = df2;
    if (!mpl__cholesky(l, n))
        return MPL_OK;
    mpl__lower_solve(l, n, z);
    out->q = 0;
    for (size_t i = 0; i < n; i++)
        out->q += z[i] * z[i];
    const double f = out->q / out->df;
    if (isfinite(df2))
        out->q = f;
    out->pval = mpl__f_p(f, out->df, df2, MPL__UPPER);
    out->log_pval = mpl__f_log_p(f, out->df, df2, MPL__UPPER);
    return MPL_OK;
}

/* ln of the determinant of the rows and columns of v that are in (or not in) the set; -Inf if it is singular. */
static double log_det(const double *v, size_t n, const bool *set, bool wanted, double *work)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        size_t c = 0;
        if (set && set[i] != wanted)
            continue;
        for (size_t j = 0; j < n; j++)
            if (!set || set[j] == wanted)
                work[c++] = v[i * n + j];
        work += c;
        m++;
    }
    double *const l = work - m * m;
    double sum = 0;
    if (!mpl__cholesky(l, m))
        return -INFINITY;
    for (size_t i = 0; i < m; i++)
        sum += 2 * log(l[i * m + i]);
    return sum;
}

double mpl__variance_inflation(const double *v, size_t n, const bool *set, double *work)
{
    double *const r = work;
    bool is_all = true;
    for (size_t i = 0; i < n; i++) {
        is_all = is_all && set[i];
        for (size_t j = 0; j < n; j++)
            r[i * n + j] = v[i * n + j] / (sqrt(v[i * n + i]) * sqrt(v[j * n + j]));
    }
    if (is_all)
        return 1;
    work += n * n;
    return exp(log_det(r, n, set, true, work) + log_det(r, n, set, false, work) - log_det(r, n, NULL, true, work));
}
