/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The mean of DerSimonian and Laird's estimate, truncated at 0, over samples of k studies drawn with replacement. With
 * few studies the mean over all samples is computed; samples that differ in order alone count together. Otherwise
 * samples are drawn, from studies sorted by variance, so that their order in the data does not matter.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/tau2_impl.h"
#include "num/random.h"
#include "num/sum.h"

enum { MOST_EXACT = 8, SAMPLES = 10000, BLOCK = 500, ABREAST = 4, MOST_KEPT = 400 };

typedef struct study {
    double z, v;
} study;

/* Of weights and of their products over pairs of draws; the weighted mean, and the sum of squares about it. */
typedef struct sums {
    double w, pairs, mean, q;
} sums;

/* The samples of a seed, which do not depend on the effects; weights relative to that of the first study. */
typedef struct samples {
    uint32_t *drawn;   /* [SAMPLES x k] */
    double *w, *pairs; /* [SAMPLES] */
    double *weight;    /* [k] that they are of */
} samples;

typedef struct bootstrap {
    const study *studies;
    size_t k;
    double floor;
    uint64_t seed;
    double (*block)[2]; /* sum and sum of squares of the estimates */
    const double *weight;
    double (*moment)[2]; /* [k] weights relative to the first study's (`weight`), these times z, and times z squared */
    const samples *kept; /* NULL = they are drawn */
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

/* Sums of the weights of one sample, and of their products. */
static void weigh_sample(const double *weight, const uint32_t *drawn, size_t k, double *w, double *pairs)
{
    *w = *pairs = 0;
    for (size_t i = 0; i < k; i++) {
        *pairs += 2 * *w * weight[drawn[i]];
        *w += weight[drawn[i]];
    }
}

/* Estimates from ABREAST samples, whose sums wait for each other less than one after the other. Effects are centred at
 * their mean, so that sums of squares about zero lose nothing. */
static void take_samples(const bootstrap *b, const uint32_t *drawn, const double *w, const double *pairs,
                         double out[2])
{
    double sum[ABREAST][2] = { { 0 } };
    const double unit = b->studies[0].v;
    for (size_t i = 0; i < b->k; i++)
        for (size_t s = 0; s < ABREAST; s++) {
            const double *const of = b->moment[drawn[s * b->k + i]];
            sum[s][0] += of[0];
            sum[s][1] += of[1];
        }
    for (size_t s = 0; s < ABREAST; s++) {
        const double q = sum[s][1] - sum[s][0] * sum[s][0] / w[s];
        const double t = estimate_one(b, &(sums){ .w = w[s] / unit, .pairs = pairs[s] / (unit * unit),
                                                  .q = fmax(q, 0) / unit });
        out[0] += t;
        out[1] += t * t;
    }
}

static mpl_status draw_block(void *ctx, size_t block, mpl_error *err)
{
    bootstrap *const b = ctx;
    mpl__random random = mpl__random_start(b->seed, block);
    mpl__arena *const arena = mpl__arena_new();
    uint32_t *const drawn = MPL_NEW(arena, uint32_t, ABREAST * b->k);
    if (!drawn) {
        mpl__arena_free(arena);
        return mpl__fail_nomem(err, "the bootstrap");
    }
    for (size_t j = 0; j < BLOCK; j += ABREAST) {
        double w[ABREAST], pairs[ABREAST];
        mpl__random_fill_below(&random, b->k, drawn, ABREAST * b->k);
        for (size_t s = 0; s < ABREAST; s++)
            weigh_sample(b->weight, drawn + s * b->k, b->k, &w[s], &pairs[s]);
        take_samples(b, drawn, w, pairs, b->block[block]);
    }
    mpl__arena_free(arena);
    return MPL_OK;
}

/* A mpl__block_work: the same from samples that were kept. */
static mpl_status reuse_block(void *ctx, size_t block, mpl_error *err)
{
    (void)err;
    const bootstrap *const b = ctx;
    for (size_t j = block * BLOCK; j < (block + 1) * BLOCK; j += ABREAST)
        take_samples(b, b->kept->drawn + j * b->k, b->kept->w + j, b->kept->pairs + j, b->block[block]);
    return MPL_OK;
}

/* Where the same studies are fitted again and again with other effects, the samples are drawn once. */
static const samples *keep_samples(mpl__problem *pb, const bootstrap *b)
{
    samples *kept = pb->kept;
    if (!pb->keep || b->k > MOST_KEPT)
        return NULL;
    if (!kept) {
        kept = pb->kept = MPL_NEW(pb->keep, samples, 1);
        if (!kept)
            return NULL;
        *kept = (samples){ .drawn = MPL_NEW(pb->keep, uint32_t, SAMPLES * b->k),
                           .w = MPL_NEW(pb->keep, double, SAMPLES), .pairs = MPL_NEW(pb->keep, double, SAMPLES),
                           .weight = MPL_NEW(pb->keep, double, b->k) };
        for (size_t block = 0; kept->drawn && block < SAMPLES / BLOCK; block++) {
            mpl__random random = mpl__random_start(b->seed, block);
            mpl__random_fill_below(&random, b->k, kept->drawn + block * BLOCK * b->k, BLOCK * b->k);
        }
    }
    if (!kept->drawn || !kept->w || !kept->pairs || !kept->weight)
        return NULL;
    if (memcmp(kept->weight, b->weight, b->k * sizeof *b->weight) != 0) {
        memcpy(kept->weight, b->weight, b->k * sizeof *b->weight);
        for (size_t j = 0; j < SAMPLES; j++)
            weigh_sample(b->weight, kept->drawn + j * b->k, b->k, &kept->w[j], &kept->pairs[j]);
    }
    return kept;
}

static mpl_status sample(bootstrap *b, const mpl_run_options *run, double out[2], mpl_error *err)
{
    size_t done = 0;
    MPL_TRY(mpl__blocks_run(run, SAMPLES / BLOCK, b->kept ? reuse_block : draw_block, b, &done, err));
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
    double *const weight = MPL_NEW(arena, double, pb->k);
    double (*const moment)[2] = mpl__arena_alloc(arena, pb->k, sizeof *moment);
    if (!studies || !blocks || !weight || !moment) {
        mpl__arena_free(arena);
        return mpl__fail_nomem(err, "the bootstrap");
    }
    (void)mpl__evaluate(pb, 0); /* moves the centre to the mean */
    for (size_t i = 0; i < pb->k; i++)
        studies[i] = (study){ pb->z[i] - pb->centre, pb->v[i] };
    qsort(studies, pb->k, sizeof *studies, by_variance);
    for (size_t i = 0; i < pb->k; i++) {
        weight[i] = studies[0].v / studies[i].v;
        moment[i][0] = weight[i] * studies[i].z;
        moment[i][1] = moment[i][0] * studies[i].z;
    }
    bootstrap b = { studies, pb->k, pb->floor, mpl__run_seed(pb->run), blocks, weight, moment, NULL };
    double mean[2] = { 0, 0 };
    mpl_status s = MPL_OK;
    if (pb->k <= MOST_EXACT) {
        double chance = 1;
        for (size_t i = 1; i <= pb->k; i++)
            chance *= (double)i / (double)pb->k;
        share_out(&b, 0, pb->k, chance, (sums){ 0, 0, 0, 0 }, mean);
        out->iter = 1;
    } else {
        b.kept = keep_samples(pb, &b);
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
