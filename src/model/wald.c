/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wald tests of several coefficients. */
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
