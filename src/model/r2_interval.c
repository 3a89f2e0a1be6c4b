/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interval of R2: percentiles over samples of the studies drawn with replacement, with their effects, variances and
 * moderators. R2 varies much between samples when there are few studies (Lopez-Lopez et al. 2014).
 */
#include <math.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/draws.h"
#include "model/regress_impl.h"
#include "num/random.h"

enum { BLOCK = 64 };

typedef struct work {
    const mpl_effects *es;
    const mpl_design *design;
    const mpl__method_def *method;
    uint64_t seed;
    size_t n;
    double *r2; /* [n] NaN where a sample cannot be fitted */
} work;

/* tau2 of the sample; NaN if it has none. Fails for want of memory only. */
static mpl_status solve(const work *w, const double *y, const double *v, const double *x, size_t p,
                        mpl__arena *scratch, double *tau2)
{
    mpl__problem pb;
    mpl_tau2 out = { .tau2 = NAN };
    mpl_status s = mpl__problem_init(&pb, scratch, y, v, NULL, w->design->n_rows, x, p, NULL, NULL);
    if (s == MPL_OK)
        s = mpl__tau2_solve(&pb, w->method, &out, NULL);
    *tau2 = s == MPL_OK ? out.tau2 : NAN;
    return s == MPL_ERR_NOMEM ? s : MPL_OK;
}

/* One sample: which studies, both models. */
static mpl_status sample(const work *w, mpl__random *random, mpl__arena *scratch, double *r2)
{
    const size_t k = w->design->n_rows, p = w->design->n_cols;
    double *const y = MPL_NEW(scratch, double, k), *const v = MPL_NEW(scratch, double, k);
    double *const x = MPL_NEW(scratch, double, k * p);
    double tau2, tau2_0;
    if (!y || !v || !x)
        return MPL_ERR_NOMEM;
    for (size_t i = 0; i < k; i++) {
        const size_t from = mpl__random_below(random, k);
        y[i] = w->es->yi[from];
        v[i] = w->es->vi[from];
        for (size_t j = 0; j < p; j++)
            x[i * p + j] = w->design->x[from * p + j];
    }
    MPL_TRY(solve(w, y, v, x, p, scratch, &tau2));
    MPL_TRY(solve(w, y, v, NULL, 1, scratch, &tau2_0));
    *r2 = isnan(tau2) || isnan(tau2_0) ? NAN : tau2_0 > 0 ? 100 * fmax(0, 1 - tau2 / tau2_0) : 0;
    return MPL_OK;
}

static mpl_status draw_block(void *ctx, size_t block, mpl_error *err)
{
    const work *const w = ctx;
    mpl__random random = mpl__random_start(w->seed, block);
    for (size_t i = block * BLOCK; i < w->n && i < (block + 1) * BLOCK; i++) {
        mpl__arena *const scratch = mpl__arena_new();
        const mpl_status s = scratch ? sample(w, &random, scratch, &w->r2[i]) : MPL_ERR_NOMEM;
        mpl__arena_free(scratch);
        if (s != MPL_OK)
            return mpl__fail_nomem(err, "the interval of R2");
    }
    return MPL_OK;
}

mpl_status mpl__regress_r2_interval(mpl__regress_job *job, const mpl__method_def *method)
{
    mpl_regression *const r = &job->own->all;
    const mpl_run_options *const run = &r->fit->options.run;
    work w = { .es = r->effects, .design = r->design, .method = method, .seed = mpl__run_seed(run),
               .n = r->options.r2_draws, .r2 = MPL_NEW(job->scratch, double, r->options.r2_draws) };
    size_t done = 0, n = 0;
    if (!w.r2)
        return mpl__fail_nomem(job->err, "the interval of R2");
    MPL_TRY(mpl__blocks_run(run, (w.n + BLOCK - 1) / BLOCK, draw_block, &w, &done, job->err));
    for (size_t i = 0; i < done * BLOCK && i < w.n; i++)
        if (!isnan(w.r2[i]))
            w.r2[n++] = w.r2[i];
    mpl__draws_sort(w.r2, n);
    r->r2_ci.lb = mpl__draws_quantile(w.r2, n, (1 - r->fit->level) / 2);
    r->r2_ci.ub = mpl__draws_quantile(w.r2, n, (1 + r->fit->level) / 2);
    mpl__note_add(&job->notes, "bootstrap-r2", "the interval of R2 is from %zu samples of the studies, drawn with "
                  "replacement from seed %llu%s", n, (unsigned long long)w.seed,
                  n < w.n ? "; in the others the model cannot be estimated" : "");
    return MPL_OK;
}
