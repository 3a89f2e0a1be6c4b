/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variance that tau2 is compared with in I2 and H2. */
#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"

static double typical(const mpl__problem *pb, const mpl__at *at0)
{
    return (double)(pb->k - pb->p) / at0->tr_p;
}

static double harmonic(const mpl__problem *pb, const mpl__at *at0)
{
    return (double)pb->k / at0->sum_w;
}

static const mpl__i2_def registry[] = {
#define MPL_I2(id_, title_, cite_, aliases_, about_, variance_)                                                       \
    { .method = { id_, title_, cite_, aliases_, about_ }, .variance = variance_ },
#include "model/i2.def"
#undef MPL_I2
};

const mpl_method *mpl_i2_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

mpl_status mpl__i2_find(const char *id, const mpl__i2_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_i2_method, "definition of I2", id, &method, err));
    *out = (const mpl__i2_def *)method;
    return MPL_OK;
}

mpl_status mpl__i2_to_tau2(mpl__fit_job *job, double i2, double *tau2, mpl_error *err)
{
    if (job->df == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "a fixed I2 needs at least %zu studies; there %s %zu", job->pb.p + 1,
                         job->pb.k == 1 ? "is" : "are", job->pb.k);
    if (job->pb.n_zero > 0)
        return mpl__fail_zero_variance(&job->pb, "so that I2 is not defined", err);
    const mpl__at at0 = mpl__evaluate_sums(&job->pb, 0);
    *tau2 = mpl__variance_original(&job->pb, job->i2->variance(&job->pb, &at0)) * (i2 / (100 - i2));
    return MPL_OK;
}
