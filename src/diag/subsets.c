/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pooling many subsets. Under equal effects and for DerSimonian-Laird everything follows from sum w, sum w^2, sum w d
 * and sum w d^2 with d = yi - centre. Subsets are numbered by their members, so a block of 1024 neighbours has the same
 * studies but for the first ten, whose sums are tabulated once: the four sums cost no loop over studies. What
 * DerSimonian-Laird needs beyond is one pass with weights 1/(vi + tau2), over all subsets of a block at once. Other
 * methods solve for tau2 in each subset as a fit does.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "diag/gosh.h"
#include "num/random.h"

enum { W, W2, WD, WD2, N_SUMS };

/* Below this part of sum w d^2 a Q has lost digits and is summed again about the subset's own mean. */
static const double LOST = 1e-5;

typedef struct lanes {
    size_t first, n;    /* subsets of the block */
    double sum[N_SUMS][MPL__GOSH_BLOCK];
    double t[MPL__GOSH_BLOCK], w[MPL__GOSH_BLOCK], wd[MPL__GOSH_BLOCK];
} lanes;

static bool is_by_sums(const mpl__subsets *ss)
{
    return ss->method->is_common || ss->method->is_by_sums || ss->is_fixed;
}

/* Adds study i to the lanes of those numbers 0 to n - 1 that have bit i. */
static void add_low(const mpl__subsets *ss, double sum[N_SUMS][MPL__GOSH_BLOCK], size_t i, size_t n)
{
    const double w = 1 / ss->effects->vi[i], d = ss->effects->yi[i] - ss->centre;
    for (size_t j = 0; j < n; j++) {
        const double m = (double)(j >> i & 1);
        sum[W][j] += m * w;
        sum[W2][j] += m * (w * w);
        sum[WD][j] += m * (w * d);
        sum[WD2][j] += m * (w * d * d);
    }
}

mpl_status mpl__subsets_init(mpl__subsets *ss, const mpl_effects *effects, const mpl_fit *fit, size_t most,
                             uint64_t seed, mpl__arena *scratch, mpl_error *err)
{
    const size_t k = effects->k;
    *ss = (mpl__subsets){ .effects = effects, .fit = fit, .k = k, .seed = seed,
                          .is_fixed = fit->options.tau2.given, .n_words = (k + 63) / 64 };
    MPL_TRY(mpl__method_find(fit->options.method, &ss->method, err));
    if (ss->method->pool)
        return mpl__fail(err, MPL_ERR_ARG, "method %s pools counts; subsets are pooled by inverse-variance weights",
                         fit->options.method);
    if (fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "subsets are pooled to a mean; the fit has moderators");
    if (k < 2)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "subsets need two studies or more; there is %zu", k);
    ss->is_all = k < 40 && ((size_t)1 << k) - 1 <= most;
    ss->n = ss->is_all ? (size_t)1 << k : most;
    ss->centre = fit->terms[0].estimate;
    ss->masks = ss->is_all ? NULL : MPL_NEW(scratch, uint64_t, ss->n_words * ss->n);
    ss->estimate = MPL_NEW(scratch, double, ss->n);
    ss->tau2 = MPL_NEW(scratch, double, ss->n);
    ss->i2 = MPL_NEW(scratch, double, ss->n);
    ss->q = MPL_NEW(scratch, double, ss->n);
    ss->size = MPL_NEW(scratch, uint32_t, ss->n);
    ss->low = (double(*)[MPL__GOSH_BLOCK])MPL_NEW(scratch, double, N_SUMS * MPL__GOSH_BLOCK);
    if ((!ss->is_all && !ss->masks) || !ss->estimate || !ss->tau2 || !ss->i2 || !ss->q || !ss->size || !ss->low)
        return mpl__fail_nomem(err, "the subsets");
    for (size_t i = 0; is_by_sums(ss) && i < k && i < MPL__GOSH_BITS; i++)
        add_low(ss, ss->low, i, MPL__GOSH_BLOCK);
    return MPL_OK;
}

/* ---- members */

static void draw(const mpl__subsets *ss, size_t block, size_t first, size_t n)
{
    mpl__random r = mpl__random_start(ss->seed, block);
    const uint64_t last = ss->k % 64 ? ((uint64_t)1 << ss->k % 64) - 1 : UINT64_MAX;
    for (size_t s = first; s < first + n; s++) {
        uint64_t any = 0;
        while (!any)
            for (size_t word = 0; word < ss->n_words; word++) {
                const uint64_t bits = mpl__random_bits(&r) & (word + 1 == ss->n_words ? last : UINT64_MAX);
                ss->masks[word * ss->n + s] = bits;
                any |= bits;
            }
    }
}

static void count(const mpl__subsets *ss, size_t first, size_t n)
{
    for (size_t s = first; s < first + n; s++) {
        ss->size[s] = ss->is_all ? (uint32_t)__builtin_popcountll(s) : 0;
        for (size_t word = 0; !ss->is_all && word < ss->n_words; word++)
            ss->size[s] += (uint32_t)__builtin_popcountll(ss->masks[word * ss->n + s]);
    }
}

/* ---- by sums */

static void sum_block(const mpl__subsets *ss, lanes *l)
{
    double high[N_SUMS] = { 0 };
    for (size_t i = ss->is_all ? MPL__GOSH_BITS : 0; i < ss->k; i++) {
        const double w = 1 / ss->effects->vi[i], d = ss->effects->yi[i] - ss->centre;
        const double term[N_SUMS] = { w, w * w, w * d, w * d * d };
        if (ss->is_all) {
            for (size_t c = 0; mpl__subset_has(ss, l->first, i) && c < N_SUMS; c++)
                high[c] += term[c];
            continue;
        }
        const uint64_t *const masks = ss->masks + i / 64 * ss->n + l->first;
        for (size_t j = 0; j < l->n; j++) {
            const double m = (double)(masks[j] >> i % 64 & 1);
            for (size_t c = 0; c < N_SUMS; c++)
                l->sum[c][j] += m * term[c];
        }
    }
    for (size_t c = 0; ss->is_all && c < N_SUMS; c++)
        for (size_t j = 0; j < l->n; j++)
            l->sum[c][j] = ss->low[c][j] + high[c];
}

/* Q about the subset's own mean. */
static double exact_q(const mpl__subsets *ss, size_t s, double mean)
{
    double q = 0;
    for (size_t i = 0; i < ss->k; i++)
        if (mpl__subset_has(ss, s, i)) {
            const double d = ss->effects->yi[i] - ss->centre - mean;
            q += d * d / ss->effects->vi[i];
        }
    return q;
}

static void heterogeneity(const mpl__subsets *ss, lanes *l)
{
    const double fixed = ss->is_fixed ? ss->fit->options.tau2.value : 0;
    for (size_t j = 0; j < l->n; j++) {
        const size_t s = l->first + j;
        const double sw = l->sum[W][j], df = (double)ss->size[s] - 1, mean = l->sum[WD][j] / sw;
        double q = fmax(l->sum[WD2][j] - mean * l->sum[WD][j], 0);
        if (q < LOST * l->sum[WD2][j] && ss->size[s] > 1)
            q = exact_q(ss, s, mean);
        const double c = sw - l->sum[W2][j] / sw;
        double t = ss->is_fixed ? fixed : fmax(0, (q - df) / c);
        double i2 = 100 * (t / (df / c + t));
        if (ss->method->is_common) {
            t = 0;
            i2 = q > 0 ? 100 * fmax(0, (q - df) / q) : 0;
        }
        const bool is_one = ss->size[s] < 2;
        ss->q[s] = is_one ? 0 : q;
        ss->i2[s] = is_one ? (double)NAN : i2;
        ss->tau2[s] = is_one && !ss->method->is_common && !ss->is_fixed ? (double)NAN : t;
        l->t[j] = is_one && !ss->is_fixed ? 0 : t;
        ss->estimate[s] = ss->centre + mean;
    }
}

/* The means with weights 1/(vi + tau2). */
static void pool_block(const mpl__subsets *ss, lanes *l)
{
    for (size_t i = 0; i < ss->k; i++) {
        const double v = ss->effects->vi[i], d = ss->effects->yi[i] - ss->centre;
        const bool is_high = ss->is_all && i >= MPL__GOSH_BITS;
        if (is_high && !mpl__subset_has(ss, l->first, i))
            continue;
        const uint64_t *const masks = ss->is_all ? NULL : ss->masks + i / 64 * ss->n + l->first;
        for (size_t j = 0; j < l->n; j++) {
            const uint64_t bit = is_high ? 1 : masks ? masks[j] >> i % 64 & 1 : (uint64_t)j >> i & 1;
            const double w = (double)bit / (v + l->t[j]);
            l->w[j] += w;
            l->wd[j] += w * d;
        }
    }
    for (size_t j = 0; j < l->n; j++)
        ss->estimate[l->first + j] = ss->centre + l->wd[j] / l->w[j];
}

/* ---- one by one */

static mpl_status solve(const mpl__subsets *ss, size_t s, double *yi, double *vi, mpl_error *err)
{
    mpl__arena *const scratch = mpl__arena_new();
    mpl__problem pb;
    mpl_tau2 tau2 = { .tau2 = 0 };
    mpl_error why;
    size_t k = 0;
    if (!scratch)
        return mpl__fail_nomem(err, "a subset");
    for (size_t i = 0; i < ss->k; i++)
        if (mpl__subset_has(ss, s, i)) {
            yi[k] = ss->effects->yi[i];
            vi[k++] = ss->effects->vi[i];
        }
    mpl_status status = mpl__problem_init(&pb, scratch, yi, vi, NULL, k, NULL, 1, NULL, &why);
    if (status == MPL_OK && k > 1)
        status = mpl__tau2_solve(&pb, ss->method, &tau2, &why);
    if (status == MPL_OK && pb.n_zero == 0) {
        const mpl__at at = mpl__evaluate(&pb, 0);
        const double s2 = mpl__variance_original(&pb, (double)(k - 1) / at.tr_p);
        ss->q[s] = k > 1 ? at.rss : 0;
        ss->i2[s] = k > 1 ? 100 * (tau2.tau2 / (s2 + tau2.tau2)) : (double)NAN;
    }
    if (status == MPL_OK) {
        double beta, vb;
        const mpl__at at = mpl__evaluate(&pb, fmax(mpl__variance_scaled(&pb, tau2.tau2), mpl__smallest_t(&pb)));
        mpl__coefficients(&pb, &at, &beta, &vb);
        ss->estimate[s] = beta;
        ss->tau2[s] = k > 1 ? tau2.tau2 : (double)NAN;
    }
    mpl__arena_free(scratch);
    return status == MPL_ERR_NOMEM ? mpl__fail_nomem(err, "a subset") : MPL_OK;
}

static mpl_status solve_block(const mpl__subsets *ss, size_t first, size_t n, mpl_error *err)
{
    mpl__arena *const scratch = mpl__arena_new();
    double *const yi = MPL_NEW(scratch, double, ss->k), *const vi = MPL_NEW(scratch, double, ss->k);
    mpl_status s = yi && vi ? MPL_OK : mpl__fail_nomem(err, "a subset");
    for (size_t j = first; s == MPL_OK && j < first + n; j++) {
        ss->estimate[j] = ss->tau2[j] = ss->i2[j] = ss->q[j] = (double)NAN;
        if (ss->size[j])
            s = solve(ss, j, yi, vi, err);
    }
    mpl__arena_free(scratch);
    return s;
}

mpl_status mpl__subsets_block(void *ctx, size_t block, mpl_error *err)
{
    const mpl__subsets *const ss = ctx;
    const size_t first = block * MPL__GOSH_BLOCK;
    const size_t n = ss->n - first < MPL__GOSH_BLOCK ? ss->n - first : MPL__GOSH_BLOCK;
    if (!ss->is_all)
        draw(ss, block, first, n);
    count(ss, first, n);
    if (!is_by_sums(ss))
        return solve_block(ss, first, n, err);
    mpl__arena *const scratch = mpl__arena_new();
    lanes *const l = MPL_NEW(scratch, lanes, 1);
    if (l) {
        l->first = first;
        l->n = n;
        sum_block(ss, l);
        heterogeneity(ss, l);
        if (!ss->method->is_common)
            pool_block(ss, l);
        if (ss->is_all && block == 0)
            ss->estimate[0] = ss->tau2[0] = ss->i2[0] = ss->q[0] = (double)NAN;
    }
    mpl__arena_free(scratch);
    return l ? MPL_OK : mpl__fail_nomem(err, "the subsets");
}
