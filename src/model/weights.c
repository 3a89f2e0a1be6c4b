/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How studies are weighted once tau2 is known. */
#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"
#include "num/sum.h"

static mpl_status weigh_equal(const mpl__fit_job *job, const double **a, mpl_error *err)
{
    (void)job;
    (void)err;
    *a = NULL;
    return MPL_OK;
}

static mpl_status weigh_given(const mpl__fit_job *job, const double **a, mpl_error *err)
{
    if (!job->pb.a)
        return mpl__fail(err, MPL_ERR_ARG, "weights given: the data have no column of weights (role weights)");
    *a = job->pb.a;
    return MPL_OK;
}

static mpl_status weigh_ivhet(const mpl__fit_job *job, const double **a, mpl_error *err)
{
    if (job->pb.n_zero > 0)
        return mpl__fail_zero_variance(&job->pb, "its weight would be infinite", err);
    double *const w = MPL_NEW(job->scratch, double, job->pb.k);
    if (!w)
        return mpl__fail_nomem(err, "the weights");
    for (size_t i = 0; i < job->pb.k; i++)
        w[i] = 1 / job->pb.v[i];
    *a = w;
    return MPL_OK;
}

static const mpl__weights_def registry[] = {
#define MPL_WEIGHTS(id_, title_, cite_, aliases_, about_, weigh_)                                                     \
    { .method = { id_, title_, cite_, aliases_, about_ }, .weigh = weigh_ },
#include "model/weights.def"
#undef MPL_WEIGHTS
};

const mpl_method *mpl_weights_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

mpl_status mpl__weights_find(const char *id, const mpl__weights_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_weights_method, "weights", id, &method, err));
    *out = (const mpl__weights_def *)method;
    return MPL_OK;
}

mpl_status mpl__fit_weigh(mpl__fit_job *job, mpl_error *err)
{
    job->rss = job->at.rss;
    if (!job->weights->weigh)
        return MPL_OK;
    MPL_TRY(job->weights->weigh(job, &job->a, err));
    return mpl__reweigh(&job->pb, job->a, job->at.t, &job->rss, err);
}

void mpl__fit_list_weights(const mpl__fit_job *job, double *out)
{
    const mpl__problem *const pb = &job->pb;
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < pb->k; i++) {
        const double a = job->a ? job->a[i] : 1;
        out[i] = job->weights->weigh ? a : 1 / (pb->v[i] + job->at.t);
        mpl__sum_add(&sum, out[i]);
    }
    if (pb->is_mean) { /* the most precise study comes first there */
        const double first = out[0];
        out[0] = out[pb->smallest];
        out[pb->smallest] = first;
    }
    for (size_t i = 0; i < pb->k; i++)
        out[i] = 100 * (out[i] / mpl__sum_get(&sum));
}
