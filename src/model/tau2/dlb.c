/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mean of DerSimonian and Laird's estimate, truncated at 0, over samples of k studies drawn with replacement. With
 * few studies the mean over all samples is computed; samples that differ in order alone count together. Otherwise
 * samples are drawn, from studies sorted by variance, so that their order in the data does not matter.
 */
#include <math.h>
#include <stdlib.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/tau2_impl.h"
#include "num/random.h"
#include "num/sum.h"

enum { MOST_EXACT = 8, SAMPLES = 10000, BLOCK = 500 };

typedef struct study {
    double z, v;
} study;

/* Of weights and of their products over pairs of draws; the weighted mean, and the sum of squares about it. */
typedef struct sums {
    double w, pairs, mean, q;
} sums;

typedef struct bootstrap {
    const study *studies;
    size_t k;
    double floor;
    uint64_t seed;
    double (*block)[2]; /* sum and sum of squares of the estimates */
} bootstrap;

static int by_variance(const void *a, const void *b)
{
    const study *const x = a, *const y = b;
    const double order[3] = { x->v - y->v, fabs(x->z) - fabs(y->z), x->z - y->z };
    for (int i = 0; i < 3; i++)
        if (order[i] != 0)
            return order[i] < 0 ? -1 : 1;
    return 0;
}

static void add(sums *s, const study *from, double times)
{
    const double w = times / from->v, e = from->z - s->mean;
    s->pairs += 2 * s->w * w + w * (times - 1) / from->v;
    s->w += w;
    s->mean += e * (w / s->w);
    s->q += w * e * (from->z - s->mean);
}

static double estimate_one(const bootstrap *b, const sums *s)
{
    return fmax(b->floor, (s->q - (double)(b->k - 1)) * s->w / s->pairs);
}

/* All ways to share k draws among studies i, i + 1, ...; `chance` is k!/(n1! n2! ...)/k^k of those before. */
static void share_out(const bootstrap *b, size_t i, size_t left, double chance, sums s, double out[2])
{
    if (i + 1 == b->k || left == 0) {
        for (size_t n = 1; n <= left; n++)
            chance /= (double)n;
        if (left)
            add(&s, &b->studies[i], (double)left);
        const double t = estimate_one(b, &s);
        out[0] += chance * t;
        out[1] += chance * t * t;
        return;
    }
    for (size_t n = 0; n <= left; n++) {
        sums with = s;
        if (n > 0) {
            chance /= (double)n;
            add(&with, &b->studies[i], (double)n);
        }
        share_out(b, i + 1, left - n, chance, with, out);
    }
}

static mpl_status draw_block(void *ctx, size_t block, mpl_error *err)
{
    (void)err;
    bootstrap *const b = ctx;
    mpl__random random = mpl__random_start(b->seed, block);
    for (size_t j = 0; j < BLOCK; j++) {
        sums s = { 0, 0, 0, 0 };
        for (size_t i = 0; i < b->k; i++)
            add(&s, &b->studies[mpl__random_below(&random, b->k)], 1);
        const double t = estimate_one(b, &s);
        b->block[block][0] += t;
        b->block[block][1] += t * t;
    }
    return MPL_OK;
}

static mpl_status sample(bootstrap *b, const mpl_run_options *run, double out[2], mpl_error *err)
{
    size_t done = 0;
    MPL_TRY(mpl__blocks_run(run, SAMPLES / BLOCK, draw_block, b, &done, err));
    mpl__sum sum[2] = { { 0, 0 } };
    for (size_t i = 0; i < done; i++)
        for (size_t j = 0; j < 2; j++)
            mpl__sum_add(&sum[j], b->block[i][j] / (double)(done * BLOCK));
    for (size_t j = 0; j < 2; j++)
        out[j] = done ? mpl__sum_get(&sum[j]) : NAN;
    return MPL_OK;
}

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    mpl__arena *const arena = mpl__arena_new();
    study *const studies = MPL_NEW(arena, study, pb->k);
    double (*const blocks)[2] = mpl__arena_alloc(arena, SAMPLES / BLOCK, sizeof *blocks);
    if (!studies || !blocks) {
        mpl__arena_free(arena);
        return mpl__fail_nomem(err, "the bootstrap");
    }
    (void)mpl__evaluate(pb, 0); /* moves the centre to the mean */
    for (size_t i = 0; i < pb->k; i++)
        studies[i] = (study){ pb->z[i] - pb->centre, pb->v[i] };
    qsort(studies, pb->k, sizeof *studies, by_variance);
    bootstrap b = { studies, pb->k, pb->floor, mpl__run_seed(pb->run), blocks };
    double mean[2] = { 0, 0 };
    mpl_status s = MPL_OK;
    if (pb->k <= MOST_EXACT) {
        double chance = 1;
        for (size_t i = 1; i <= pb->k; i++)
            chance *= (double)i / (double)pb->k;
        share_out(&b, 0, pb->k, chance, (sums){ 0, 0, 0, 0 }, mean);
        out->iter = 1;
    } else {
        s = sample(&b, pb->run, mean, err);
        out->iter = SAMPLES;
    }
    out->tau2 = mean[0];
    out->se = sqrt(fmax(mean[1] - mean[0] * mean[0], 0));
    mpl__arena_free(arena);
    return s;
}

const mpl__method_def mpl__method_dlb = {
    .method = { "DLB", "DerSimonian-Laird, bootstrapped",
                "Kontopantelis, Springate & Reeves 2013, PLoS ONE 8:e69930", NULL,
                "The mean of DL over samples of the studies drawn with replacement: over all samples with up to 8 "
                "studies, else over 10000, from a seed. For a pooled mean. Its standard error is their standard "
                "deviation." },
    .weighs_at_0 = true,
    .needs_mean = true,
    .estimate = estimate,
};
