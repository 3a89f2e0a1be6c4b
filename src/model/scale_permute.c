/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Permutation tests of a location-scale model (as metafor's permutest). If columns of the scale explain nothing, every
 * order of their rows beside the effects, variances and moderators is as likely; for the moderators the effects go with
 * their variances and their rows of the scale; a mean has the signs of its effects changed instead. The whole model is
 * maximised anew each time. A p-value counts the observed data among the draws. Where the maximum is not finite a draw
 * has no Wald statistic, but still a likelihood ratio.
 */
#include <math.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/scale_impl.h"
#include "num/random.h"

enum { BLOCK = 16 };

/* Draws whose statistic equals the observed one but for rounding are as extreme as it. */
static const double SAME = 1e-7;

typedef struct counts {
    size_t beyond, fitted; /* draws at least as extreme; draws that have this statistic */
} counts;

typedef struct work {
    const mpl__scale_job *s;
    const double *observed; /* [n] absolute statistics: coefficients, all together; of the scale the likelihood, too */
    counts *counts;         /* [blocks x n] */
    size_t n, n_draws;
    double t;               /* where searches start */
    double floor;           /* the log-likelihood with one tau2 for all */
    bool is_scale;          /* what is permuted: rows of the scale, or of the moderators */
    bool is_mean;
    uint64_t seed;
} work;

/* One thread's copy. */
typedef struct refit {
    mpl__scale_sums sums;
    double *y, *v, *v0, *basis, *statistic, *beta, *vb, *g, *va;
    size_t *order;
    mpl__scale_maximum *best;
} refit;

static mpl_status refit_new(const work *w, mpl__arena *scratch, refit *r, mpl_error *err)
{
    const mpl__scale_job *const s = w->s;
    const size_t k = s->sums.k, p = s->sums.pb.p, q = s->sums.q;
    *r = (refit){ .y = MPL_NEW(scratch, double, k), .v = MPL_NEW(scratch, double, k),
                  .v0 = MPL_NEW(scratch, double, k),
                  .basis = MPL_NEW(scratch, double, k * q), .statistic = MPL_NEW(scratch, double, p + q + 2),
                  .beta = MPL_NEW(scratch, double, p), .vb = MPL_NEW(scratch, double, p * p),
                  .g = MPL_NEW(scratch, double, q * q), .va = MPL_NEW(scratch, double, q * q),
                  .order = MPL_NEW(scratch, size_t, k), .best = MPL_NEW(scratch, mpl__scale_maximum, 1) };
    if (!r->y || !r->v || !r->v0 || !r->basis || !r->statistic || !r->beta || !r->vb || !r->g || !r->va ||
        !r->order || !r->best)
        return mpl__fail_nomem(err, "the draws");
    r->sums = (mpl__scale_sums){ .is_log = s->sums.is_log, .reml = s->sums.reml };
    MPL_TRY(mpl__problem_copy(&r->sums.pb, &s->sums.pb, scratch, err));
    MPL_TRY(mpl__problem_renew(&r->sums.pb, s->job->own->effects->yi, s->job->own->effects->vi, err));
    MPL_TRY(mpl__scale_sums_init(&r->sums, scratch, q, err));
    memcpy(r->sums.offset, s->sums.offset, k * sizeof *r->sums.offset);
    r->sums.basis = r->basis;
    r->sums.v0 = r->v0;
    return MPL_OK;
}

/* Effects, variances and rows of the scale in the order of r->order; with rows of the scale alone, these only. */
static mpl_status place(const work *w, refit *r, mpl__random *random, mpl_error *err)
{
    const mpl__scale_job *const s = w->s;
    const mpl_effects *const es = s->job->own->effects;
    const size_t k = s->sums.k;
    for (size_t i = 0; i < k; i++)
        r->order[i] = i;
    if (random && (w->is_scale || !w->is_mean))
        mpl__random_shuffle(random, r->order, k);
    for (size_t i = 0; i < k; i++) {
        const size_t from = w->is_scale ? i : r->order[i];
        const bool is_turned = random && !w->is_scale && w->is_mean && mpl__random_bits(random) & 1;
        r->y[i] = is_turned ? -es->yi[from] : es->yi[from];
        r->v[i] = es->vi[from];
    }
    for (size_t j = 0; j < s->sums.q; j++)
        for (size_t i = 0; i < k; i++)
            r->basis[j * k + i] = s->sums.basis[j * k + r->order[i]];
    MPL_TRY(mpl__problem_renew(&r->sums.pb, r->y, r->v, err));
    memcpy(r->v0, r->sums.pb.v, k * sizeof *r->v0);
    return MPL_OK;
}

/* |alpha|/se and the Wald test of all but the intercept; NaN where the likelihood has no finite maximum. */
static mpl_status scale_statistics(const work *w, refit *r, mpl__arena *scratch, mpl_error *err)
{
    const size_t q = r->sums.q, skip = w->s->formula->has_intercept, n = q - skip;
    mpl__scale_maximum *const best = r->best;
    mpl_wald test = { .q = NAN };
    double *const v = r->va, alpha[MPL__MOST_SCALE];
    for (size_t j = 0; j < q; j++) {
        double *const g = r->g + j * q;
        alpha[j] = mpl__scale_coefficient(w->s, best, j, g);
        r->statistic[j] = fabs(alpha[j]) / sqrt(mpl__scale_covariance(best, q, g, g));
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = mpl__scale_covariance(best, q, r->g + (i + skip) * q, r->g + (j + skip) * q);
    if (best->n_flat == 0 && best->n_bound == 0 && n > 0)
        MPL_TRY(mpl__wald_test(alpha + skip, v, n, INFINITY, scratch, &test, err));
    r->statistic[q] = test.q;
    r->statistic[q + 1] = best->at.ll - w->floor;
    return MPL_OK;
}

static void location_statistics(refit *r)
{
    mpl__problem *const pb = &r->sums.pb;
    const mpl__at at = { .t = 0 };
    size_t m;
    for (size_t j = 0; j <= pb->p; j++)
        r->statistic[j] = NAN;
    if (!mpl__scale_place(&r->sums, r->best->at.gamma) || !mpl__factorise(pb, r->sums.a))
        return;
    mpl__coefficients(pb, &at, r->beta, r->vb);
    for (size_t j = 0; j < pb->p; j++)
        r->statistic[j] = fabs(r->beta[j]) / sqrt(r->vb[j * pb->p + j]);
    const double qm = mpl__omnibus(pb, &m);
    r->statistic[pb->p] = m > 0 ? qm : NAN;
}

static mpl_status run(const work *w, refit *r, mpl__random *random, mpl__arena *scratch, mpl_error *err)
{
    MPL_TRY(place(w, r, random, err));
    mpl__scale_maximise(&r->sums, w->t, r->best);
    if (r->best->at.ll == -INFINITY)
        return mpl__fail(err, MPL_ERR_NUMERIC, "permutations: the likelihood of the scale has no finite value");
    if (w->is_scale)
        return scale_statistics(w, r, scratch, err);
    location_statistics(r);
    return MPL_OK;
}

static mpl_status permute_block(void *ctx, size_t block, mpl_error *err)
{
    const work *const w = ctx;
    mpl__arena *const scratch = mpl__arena_new();
    if (!scratch)
        return mpl__fail_nomem(err, "the draws");
    mpl__random random = mpl__random_start(w->seed, 2 * block + w->is_scale);
    refit r;
    mpl_status s = refit_new(w, scratch, &r, err);
    const size_t end = (block + 1) * BLOCK < w->n_draws ? (block + 1) * BLOCK : w->n_draws;
    counts *const all = w->counts + block * w->n;
    for (size_t i = block * BLOCK; s == MPL_OK && i < end; i++) {
        const mpl_status drawn = run(w, &r, &random, scratch, NULL);
        if (drawn == MPL_ERR_NOMEM)
            s = mpl__fail_nomem(err, "the draws");
        for (size_t j = 0; drawn == MPL_OK && j < w->n; j++) {
            all[j].fitted += isnan(r.statistic[j]) ? 0 : 1;
            all[j].beyond += r.statistic[j] >= w->observed[j] * (1 - SAME);
        }
    }
    mpl__arena_free(scratch);
    return s;
}

static const mpl_run_options *run_of(const mpl__scale_job *s)
{
    return s->job->fit_options ? &s->job->fit_options->run : NULL;
}

/* p-values of one part of the model: out is [n]; NaN where the data have no statistic. */
static mpl_status part(mpl__scale_job *s, bool is_scale, size_t n_draws, double *out, mpl_error *err)
{
    const size_t p = s->sums.pb.p, n = is_scale ? s->sums.q + 2 : p + 1, n_blocks = (n_draws + BLOCK - 1) / BLOCK;
    work w = { .s = s, .n = n, .n_draws = n_draws, .is_scale = is_scale, .seed = mpl__run_seed(run_of(s)),
               .is_mean = p == 1 && s->sums.pb.intercept != SIZE_MAX,
               .counts = MPL_NEW(s->scratch, counts, n_blocks * n), .floor = s->out->same->ll,
               .t = mpl__variance_scaled(&s->sums.pb, s->out->same->tau2) };
    double *const observed = MPL_NEW(s->scratch, double, n);
    refit r;
    size_t done = 0;
    if (!w.counts || !observed)
        return mpl__fail_nomem(err, "the draws");
    MPL_TRY(refit_new(&w, s->scratch, &r, err));
    MPL_TRY(run(&w, &r, NULL, s->scratch, err));
    memcpy(observed, r.statistic, n * sizeof *observed);
    w.observed = observed;
    MPL_TRY(mpl__blocks_run(run_of(s), n_blocks, permute_block, &w, &done, err));
    for (size_t j = 0; j < n; j++) {
        counts sum = { 1, 1 };
        for (size_t b = 0; b < done; b++) {
            sum.beyond += w.counts[b * n + j].beyond;
            sum.fitted += w.counts[b * n + j].fitted;
        }
        out[j] = isnan(observed[j]) ? NAN : (double)sum.beyond / (double)sum.fitted;
    }
    return MPL_OK;
}

mpl_status mpl__scale_permute(mpl__scale_job *s)
{
    mpl_fit *const fit = s->job->own->fit;
    const size_t p = fit->p, q = s->sums.q, n_draws = s->job->draws - 1;
    double *const location = MPL_NEW(s->scratch, double, p + 1), *const scale = MPL_NEW(s->scratch, double, q + 2);
    mpl_term *const terms = MPL_NEW(fit->arena, mpl_term, p);
    if (!location || !scale || !terms)
        return mpl__fail_nomem(s->job->err, "the draws");
    MPL_TRY(part(s, false, n_draws, location, s->job->err));
    MPL_TRY(part(s, true, n_draws, scale, s->job->err));
    for (size_t j = 0; j < p; j++) {
        terms[j] = fit->terms[j];
        terms[j].pval = location[j];
        terms[j].log_pval = log(location[j]);
    }
    fit->terms = terms;
    if (!isnan(fit->qm)) {
        fit->qm_pval = location[p];
        fit->qm_log_pval = log(location[p]);
    }
    for (size_t j = 0; j < q; j++) {
        s->terms[j].pval = scale[j];
        s->terms[j].log_pval = log(scale[j]);
    }
    if (!isnan(s->out->test.q)) {
        s->out->test.pval = scale[q];
        s->out->test.log_pval = log(scale[q]);
    }
    if (!isnan(s->out->lrt)) {
        s->out->lrt_pval = scale[q + 1];
        s->out->lrt_log_pval = log(scale[q + 1]);
    }
    fit->test = mpl_method_find(mpl_test_method, "permutation");
    fit->options.test = fit->test->id;
    fit->options.draws = s->job->draws;
    fit->n_draws = fit->n_draws_wanted = n_draws;
    mpl__note_add(&s->job->notes, "permutation-scale", "p-values are from %zu %s and as many orders of the rows of "
                  "the scale, also that of the likelihood ratio; drawn from seed %llu; the intervals are those without "
                  "permutations", s->job->draws,
                  p == 1 && s->sums.pb.intercept != SIZE_MAX ? "sign changes" : "orders of the moderators",
                  (unsigned long long)mpl__run_seed(run_of(s)));
    return MPL_OK;
}
