/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Permutations and bootstrap samples in blocks, each with a random stream of its own. */
#include "model/draws.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "num/random.h"

enum { BLOCK = 64 };

/* Draws whose statistic equals the observed one but for rounding are as extreme as it. */
static const double SAME = 1e-8;

typedef struct work {
    const mpl__fit_job *job;
    const double *y, *v; /* [k] as given */
    size_t k, p, n;      /* n: draws */
    uint64_t seed;
    double tau2;         /* bootstrap: the variance of the samples */
    bool is_exact;
    size_t *group, n_groups; /* design rows that are equal: group of each row; NULL for a mean */
    size_t *members;         /* [n_groups] rows in each */
    double *observed;        /* [p + 1] */
    size_t *beyond, *fitted; /* [blocks x (p + 1)], [blocks] */
    double *t, *boot;        /* [n x p], [n]: NaN where not fitted */
} work;

/* One thread's copy of the sums, with room for a sample. */
typedef struct refit {
    const mpl__fit_job *job;
    mpl__problem pb;
    double *y, *v, *beta, *vb, *t; /* [k], [k], [p], [p x p], [p + 1] */
    size_t *order, *left;          /* [k], [n_groups] */
    double tau2;
    mpl_run_options run;           /* of estimators that draw themselves */
} refit;

static mpl_status refit_new(const work *w, mpl__arena *scratch, refit *r, mpl_error *err)
{
    const size_t k = w->k, p = w->p;
    *r = (refit){ .job = w->job, .y = MPL_NEW(scratch, double, k), .v = MPL_NEW(scratch, double, k),
                  .beta = MPL_NEW(scratch, double, p), .vb = MPL_NEW(scratch, double, p * p),
                  .t = MPL_NEW(scratch, double, p + 1), .order = MPL_NEW(scratch, size_t, k),
                  .left = MPL_NEW(scratch, size_t, k) };
    if (!r->y || !r->v || !r->beta || !r->vb || !r->t || !r->order || !r->left)
        return mpl__fail_nomem(err, "the draws");
    memcpy(r->v, w->v, k * sizeof *r->v);
    MPL_TRY(mpl__problem_copy(&r->pb, &w->job->pb, scratch, err));
    r->run = (mpl_run_options){ .seed = w->job->options->run.seed, .threads = 1 }; /* draws share the threads already */
    r->pb.run = &r->run;
    r->pb.keep = scratch;
    r->pb.kept = NULL;
    return MPL_OK;
}

/* Fits r->y and r->v; fills t and tau2. */
static mpl_status refit_run(refit *r, mpl_error *err)
{
    const mpl__fit_job *const job = r->job;
    mpl__problem *const pb = &r->pb;
    MPL_TRY(mpl__problem_renew(pb, r->y, r->v, err));
    mpl_tau2 tau2 = { .tau2 = job->is_tau2_fixed ? job->fixed_tau2 : 0 };
    if (!job->is_tau2_fixed && !job->method->is_common)
        MPL_TRY(mpl__tau2_solve(pb, job->method, &tau2, err));
    r->tau2 = tau2.tau2;
    const mpl__at at = mpl__evaluate(pb, mpl__variance_scaled(pb, tau2.tau2));
    mpl__coefficients(pb, &at, r->beta, r->vb);
    const double factor = isfinite(job->scaling.df) ? at.rss / job->df : 1;
    for (size_t j = 0; j < pb->p; j++)
        r->t[j] = fabs(r->beta[j]) / sqrt(factor * r->vb[j * pb->p + j]);
    size_t m;
    r->t[pb->p] = mpl__omnibus(pb, &m) / factor;
    return MPL_OK;
}

/* ---- permutations */

/* A one-to-one map of 0 ... n - 1 that leaves no order: stopped work has then seen a random part of all. */
static uint64_t scatter(uint64_t i, uint64_t n)
{
    int bits = 1;
    while (bits < 63 && (uint64_t)1 << bits < n)
        bits++;
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    do {
        for (int round = 0; round < 3; round++) {
            i ^= i >> (bits / 2 + 1);
            i = i * 0x9e3779b97f4a7c15u & mask;
        }
    } while (i >= n);
    return i;
}

/* The arrangement of that rank: which group of design rows each study gets. False for the observed one. */
static bool arrange(const work *w, refit *r, uint64_t rank, uint64_t total)
{
    bool is_new = false;
    memcpy(r->left, w->members, w->n_groups * sizeof *r->left);
    size_t *const group_of = r->order;
    for (size_t i = 0; i < w->k; i++) {
        const uint64_t rest = w->k - i;
        size_t g = 0;
        uint64_t count = total * r->left[0] / rest;
        for (; rank >= count; count = total * r->left[++g] / rest)
            rank -= count;
        total = count;
        r->left[g]--;
        group_of[i] = g;
        is_new = is_new || g != w->group[i];
    }
    return is_new;
}

/* Study i goes where a row of its group is free. */
static void place(const work *w, refit *r)
{
    for (size_t g = 0; g < w->n_groups; g++) {
        size_t row = 0;
        for (size_t i = 0; i < w->k; i++) {
            if (r->order[i] != g)
                continue;
            while (w->group[row] != g)
                row++;
            r->y[row] = w->y[i];
            r->v[row++] = w->v[i];
        }
    }
}

static bool permute(const work *w, refit *r, size_t draw, mpl__random *random)
{
    const uint64_t total = w->n + 1;
    if (!w->group) { /* sign flips: the first study keeps its sign, since all flipped at once give the same |t| */
        uint64_t bits = w->is_exact ? draw + 1 : 0;
        for (size_t i = 0; i < w->k; i++, bits >>= 1) {
            if (!w->is_exact && i % 64 == 0)
                bits = mpl__random_bits(random);
            r->y[i] = i + 1 < w->k || !w->is_exact ? bits & 1 ? -w->y[i] : w->y[i] : w->y[i];
        }
        return true;
    }
    if (w->is_exact) {
        if (!arrange(w, r, scatter(draw, total), total))
            return false;
        place(w, r);
        return true;
    }
    for (size_t i = 0; i < w->k; i++)
        r->order[i] = i;
    mpl__random_shuffle(random, r->order, w->k);
    for (size_t i = 0; i < w->k; i++) {
        r->y[i] = w->y[r->order[i]];
        r->v[i] = w->v[r->order[i]];
    }
    return true;
}

/* With a design the observed arrangement has some rank: one draw more than n is looked at, and it is passed over. */
static mpl_status permute_block(void *ctx, size_t block, mpl_error *err)
{
    const work *const w = ctx;
    mpl__arena *const scratch = mpl__arena_new();
    if (!scratch)
        return mpl__fail_nomem(err, "the draws");
    mpl__random random = mpl__random_start(w->seed, block);
    refit r;
    mpl_status s = refit_new(w, scratch, &r, err);
    const size_t all = w->n + (w->is_exact && w->group), end = (block + 1) * BLOCK < all ? (block + 1) * BLOCK : all;
    size_t *const beyond = w->beyond + block * (w->p + 1);
    for (size_t i = block * BLOCK; s == MPL_OK && i < end; i++) {
        if (!permute(w, &r, i, &random))
            continue;
        const mpl_status drawn = refit_run(&r, NULL);
        if (drawn == MPL_ERR_NOMEM)
            s = mpl__fail_nomem(err, "the draws");
        if (drawn != MPL_OK)
            continue;
        w->fitted[block]++;
        for (size_t j = 0; j <= w->p; j++)
            beyond[j] += r.t[j] >= w->observed[j] * (1 - SAME);
    }
    mpl__arena_free(scratch);
    return s;
}

/* How many arrangements there are, or `cap` + 1 if more. */
static size_t count_arrangements(const work *w, size_t cap)
{
    double total = 1;
    if (!w->group)
        total = ldexp(1, (int)(w->k < 64 ? w->k - 1 : 64));
    for (size_t g = 0, placed = 0; w->group && g < w->n_groups; g++)
        for (size_t i = 0; i < w->members[g]; i++, placed++)
            total *= (double)(placed + 1) / (double)(i + 1);
    return total < (double)cap + 0.5 ? (size_t)(total + 0.5) : cap + 1;
}

static mpl_status find_groups(work *w, mpl__arena *scratch, const mpl_design *design, mpl_error *err)
{
    w->group = MPL_NEW(scratch, size_t, w->k);
    w->members = MPL_NEW(scratch, size_t, w->k);
    if (!w->group || !w->members)
        return mpl__fail_nomem(err, "the draws");
    for (size_t i = 0; i < w->k; i++) {
        size_t j = 0;
        while (memcmp(design->x + i * w->p, design->x + j * w->p, w->p * sizeof *design->x) != 0)
            j++;
        w->group[i] = j < i ? w->group[j] : w->n_groups++;
        w->members[w->group[i]]++;
    }
    return MPL_OK;
}

static mpl_status prepare(work *w, const mpl__fit_job *job, const mpl_fit *fit, size_t n_blocks, mpl_error *err)
{
    mpl__arena *const scratch = job->scratch;
    w->beyond = MPL_NEW(scratch, size_t, n_blocks * (w->p + 1));
    w->fitted = MPL_NEW(scratch, size_t, n_blocks);
    w->observed = MPL_NEW(scratch, double, w->p + 1);
    if (!w->beyond || !w->fitted || !w->observed)
        return mpl__fail_nomem(err, "the draws");
    refit r;
    (void)fit;
    MPL_TRY(refit_new(w, scratch, &r, err));
    memcpy(r.y, w->y, w->k * sizeof *r.y);
    MPL_TRY(refit_run(&r, err));
    memcpy(w->observed, r.t, (w->p + 1) * sizeof *r.t);
    return MPL_OK;
}

mpl_status mpl__draws_permute(const mpl__fit_job *job, const mpl_fit *fit, mpl__draws *out, mpl_error *err)
{
    return mpl__draws_permute_effects(job, fit, job->effects->yi, out, err);
}

mpl_status mpl__draws_permute_effects(const mpl__fit_job *job, const mpl_fit *fit, const double *y, mpl__draws *out,
                                      mpl_error *err)
{
    const mpl_run_options *const run = &job->options->run;
    work w = { .job = job, .y = y, .v = job->effects->vi, .k = fit->k, .p = fit->p, .seed = mpl__run_seed(run) };
    if (!job->pb.is_mean)
        MPL_TRY(find_groups(&w, job->scratch, job->design, err));
    const size_t cap = job->options->draws, flips = w.group ? 1 : 2, all = count_arrangements(&w, cap / flips);
    w.is_exact = all <= cap / flips;
    w.n = (w.is_exact ? all : cap) - 1;
    const size_t n_blocks = (w.n + (w.is_exact && w.group) + BLOCK - 1) / BLOCK;
    size_t done = 0;
    MPL_TRY(prepare(&w, job, fit, n_blocks, err));
    MPL_TRY(mpl__blocks_run(run, n_blocks, permute_block, &w, &done, err));
    *out = (mpl__draws){ .wanted = w.n, .is_exact = w.is_exact,
                         .beyond = MPL_NEW(job->scratch, size_t, w.p + 1) };
    if (!out->beyond)
        return mpl__fail_nomem(err, "the draws");
    for (size_t b = 0; b < done; b++) {
        out->n += w.fitted[b];
        for (size_t j = 0; j <= w.p; j++)
            out->beyond[j] += w.beyond[b * (w.p + 1) + j];
    }
    return MPL_OK;
}

/* ---- bootstrap */

static mpl_status bootstrap_block(void *ctx, size_t block, mpl_error *err)
{
    const work *const w = ctx;
    mpl__arena *const scratch = mpl__arena_new();
    if (!scratch)
        return mpl__fail_nomem(err, "the draws");
    mpl__random random = mpl__random_start(w->seed, block);
    refit r;
    mpl_status s = refit_new(w, scratch, &r, err);
    const size_t end = (block + 1) * BLOCK < w->n ? (block + 1) * BLOCK : w->n;
    for (size_t i = block * BLOCK; s == MPL_OK && i < end; i++) {
        for (size_t j = 0; j < w->k; j++)
            r.y[j] = sqrt(w->v[j] + w->tau2) * mpl__random_normal(&random);
        const mpl_status drawn = refit_run(&r, NULL);
        if (drawn == MPL_ERR_NOMEM)
            s = mpl__fail_nomem(err, "the draws");
        w->boot[i] = drawn == MPL_OK ? r.tau2 : NAN;
        for (size_t j = 0; j < w->p; j++)
            w->t[i * w->p + j] = r.t[j];
    }
    mpl__arena_free(scratch);
    return s;
}

mpl_status mpl__draws_bootstrap(const mpl__fit_job *job, const mpl_fit *fit, mpl__draws *out, mpl_error *err)
{
    const mpl_run_options *const run = &job->options->run;
    work w = { .job = job, .y = job->effects->yi, .v = job->effects->vi, .k = fit->k, .p = fit->p,
               .seed = mpl__run_seed(run), .tau2 = fit->tau2, .n = job->options->draws - 1 };
    size_t done = 0;
    w.t = MPL_NEW(job->scratch, double, w.n * w.p);
    w.boot = MPL_NEW(job->scratch, double, w.n);
    if (!w.t || !w.boot)
        return mpl__fail_nomem(err, "the draws");
    MPL_TRY(mpl__blocks_run(run, (w.n + BLOCK - 1) / BLOCK, bootstrap_block, &w, &done, err));
    *out = (mpl__draws){ .wanted = w.n, .t = w.t, .tau2 = w.boot };
    for (size_t i = 0; i < done * BLOCK && i < w.n; i++) {
        if (isnan(w.boot[i]))
            continue;
        w.boot[out->n] = w.boot[i];
        memmove(w.t + out->n++ * w.p, w.t + i * w.p, w.p * sizeof *w.t);
    }
    return MPL_OK;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void mpl__draws_sort(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_size);
}

double mpl__draws_quantile(const double *sorted, size_t n, double p)
{
    const double at = p * ((double)n + 1);
    if (n == 0 || at < 1 - 1e-9 || at > (double)n + 1e-9)
        return NAN;
    const size_t i = (size_t)(at + 1e-9);
    const double part = fmax(at - (double)i, 0);
    return part < 1e-9 || i >= n ? sorted[i - 1] : sorted[i - 1] + part * (sorted[i] - sorted[i - 1]);
}
