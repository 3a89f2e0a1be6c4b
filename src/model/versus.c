/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two formulas for the same studies. Likelihoods of maximum likelihood can be compared where one model holds the
 * other; restricted ones cannot, as they are of different data.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/regress_impl.h"
#include "num/dist.h"
#include "num/linalg.h"

static mpl_status no_memory(const mpl__regress_job *job)
{
    return mpl__fail_nomem(job->err, "the comparison");
}

static void columns_of(const mpl_design *d, double *x)
{
    for (size_t j = 0; j < d->n_cols; j++)
        for (size_t i = 0; i < d->n_rows; i++)
            x[j * d->n_rows + i] = d->x[i * d->n_cols + j];
}

/* Whether every column of the smaller design is a combination of those of the larger. */
static mpl_status is_within(const mpl__regress_job *job, const mpl_design *small, const mpl_design *large, bool *out)
{
    const size_t k = large->n_rows, p = large->n_cols;
    double *const q = MPL_NEW(job->scratch, double, k * p), *const x = MPL_NEW(job->scratch, double, k * small->n_cols);
    double *const lower = MPL_NEW(job->scratch, double, p * p), *const coef = MPL_NEW(job->scratch, double, p);
    if (!q || !x || !lower || !coef)
        return no_memory(job);
    columns_of(large, q);
    columns_of(small, x);
    *out = mpl__orthonormalise(q, k, p, lower, 1e-11) == p;
    for (size_t j = 0; *out && j < small->n_cols; j++) {
        const double length = mpl__dot(x + j * k, x + j * k, k);
        mpl__project_out(q, k, p, x + j * k, coef);
        *out = mpl__dot(x + j * k, x + j * k, k) <= 1e-18 * length;
    }
    return MPL_OK;
}

static mpl_status compare(const mpl__regress_job *job, const mpl_design *other, mpl_versus *v)
{
    const mpl_fit *const a = job->own->fit, *const b = v->fit;
    const bool is_larger = b->p > a->p;
    const mpl_design *const mine = job->own->all.design;
    v->tau2 = b->tau2 - a->tau2;
    v->aic = b->aic - a->aic;
    v->aicc = b->aicc - a->aicc;
    v->bic = b->bic - a->bic;
    v->lrt = v->lrt_df = v->lrt_pval = v->lrt_log_pval = v->r2 = NAN;
    MPL_TRY(is_within(job, is_larger ? mine : other, is_larger ? other : mine, &v->is_nested));
    const double most = is_larger ? a->tau2 : b->tau2, least = is_larger ? b->tau2 : a->tau2;
    if (v->is_nested && a->p != b->p && most > 0 && !a->options.tau2.given)
        v->r2 = 100 * fmax(0, 1 - least / most);
    if (!v->is_nested || a->p == b->p || (strcmp(a->options.method, "ML") && strcmp(a->options.method, "EE")))
        return MPL_OK;
    v->lrt = fmax(0, 2 * (is_larger ? b->ll - a->ll : a->ll - b->ll));
    v->lrt_df = fabs((double)a->p - (double)b->p);
    v->lrt_pval = mpl__chisq_p(v->lrt, v->lrt_df, MPL__UPPER);
    v->lrt_log_pval = mpl__chisq_log_p(v->lrt, v->lrt_df, MPL__UPPER);
    return MPL_OK;
}

static void add_notes(mpl__regress_job *job, mpl_versus *v)
{
    const bool is_restricted = !strcmp(v->fit->options.method, "REML");
    if (!v->is_nested)
        mpl__note_add(&job->notes, "not-nested", "neither formula holds the other: there is no likelihood-ratio test "
                      "between them, only AIC and BIC");
    else if (isnan(v->lrt) && v->fit->p != job->own->fit->p)
        mpl__note_add(&job->notes, "no-likelihood-ratio", "the formulas are compared by a likelihood-ratio test under "
                      "--method ML, not under %s", v->fit->options.method);
    if (is_restricted) /* of other data: X'y is gone */
        v->aic = v->aicc = v->bic = NAN;
}

mpl_status mpl__regress_versus(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    mpl__model_matrix matrix;
    if (!job->own->versus)
        return MPL_OK;
    mpl_versus *const v = MPL_NEW(job->keep, mpl_versus, 1);
    if (!v)
        return no_memory(job);
    MPL_TRY(mpl__within(job->err, mpl__formula_design(job->own->versus, r->effects, r->options.drop_redundant,
                                                      job->scratch, job->scratch, &job->notes, &matrix, job->err),
                        "--versus"));
    MPL_TRY(mpl__within(job->err, mpl_fit_new(r->effects, &matrix.design, job->fit_options, &job->own->other, job->err),
                        "--versus"));
    v->formula = r->options.versus;
    v->fit = job->own->other;
    MPL_TRY(compare(job, &matrix.design, v));
    add_notes(job, v);
    r->versus = v;
    return MPL_OK;
}
