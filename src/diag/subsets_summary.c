/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of subsets, and what having a study or not does to them. One sort of the estimates serves all studies. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "diag/gosh.h"
#include "num/random.h"
#include "num/sum.h"

enum { BINS = 40, DIGIT = 11, BUCKETS = 1 << DIGIT };

/* A value and the subset that it is of. */
typedef struct pair {
    uint64_t key; /* sorts as the value does */
    uint32_t s;
} pair;

static uint64_t key_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double value_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Sorted by digits of 11 bits, lowest first; `from` is overwritten, and the result is in it. */
static void sort(pair *from, pair *to, size_t n, size_t *counts)
{
    for (int shift = 0; shift < 64; shift += DIGIT) {
        memset(counts, 0, BUCKETS * sizeof *counts);
        for (size_t i = 0; i < n; i++)
            counts[from[i].key >> shift & (BUCKETS - 1)]++;
        for (size_t b = 0, sum = 0; b < BUCKETS; b++) {
            const size_t here = counts[b];
            counts[b] = sum;
            sum += here;
        }
        for (size_t i = 0; i < n; i++)
            to[counts[from[i].key >> shift & (BUCKETS - 1)]++] = from[i];
        pair *const swap = from;
        from = to;
        to = swap;
    }
}

typedef struct maker {
    const mpl__subsets *ss;
    mpl_gosh *out;
    mpl__arena *keep;
    pair *sorted, *work; /* [n] */
    size_t *counts;
} maker;

static double quantile(const pair *sorted, size_t n, double p)
{
    const double h = (double)(n - 1) * p;
    const size_t i = (size_t)h;
    const double a = value_of(sorted[i].key), b = value_of(sorted[i + 1 < n ? i + 1 : i].key);
    return a + (h - (double)i) * (b - a);
}

/* Fills mk->sorted with what can be estimated of x (or of sizes, x NULL); how many. */
static size_t sort_values(maker *mk, const double *x)
{
    const mpl__subsets *const ss = mk->ss;
    size_t n = 0;
    for (size_t s = 0; s < ss->n_done; s++) {
        const double value = x ? x[s] : (double)ss->size[s];
        if (!isnan(value) && ss->size[s])
            mk->sorted[n++] = (pair){ key_of(value), (uint32_t)s };
    }
    sort(mk->sorted, mk->work, n, mk->counts);
    return n;
}

static void describe(maker *mk, const double *x, mpl_gosh_statistic *st)
{
    const size_t n = st->n = sort_values(mk, x);
    mpl__sum sum = { 0 }, squares = { 0 };
    st->mean = st->sd = st->min = st->q05 = st->q25 = st->median = st->q75 = st->q95 = st->max = (double)NAN;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        mpl__sum_add(&sum, value_of(mk->sorted[i].key));
    st->mean = mpl__sum_get(&sum) / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double d = value_of(mk->sorted[i].key) - st->mean;
        mpl__sum_add(&squares, d * d);
    }
    st->sd = n > 1 ? sqrt(mpl__sum_get(&squares) / (double)(n - 1)) : (double)NAN;
    double *const at[] = { &st->min, &st->q05, &st->q25, &st->median, &st->q75, &st->q95, &st->max };
    static const double p[] = { 0, 0.05, 0.25, 0.5, 0.75, 0.95, 1 };
    for (size_t j = 0; j < sizeof p / sizeof *p; j++)
        *at[j] = quantile(mk->sorted, n, p[j]);
}

/* mk->sorted holds the n estimates. Those with the study and those without keep their order when they are parted. */
static void split(maker *mk, size_t i, size_t n, const mpl_gosh_statistic *all, mpl_gosh_study *st)
{
    pair *const with = mk->work;
    size_t n1 = 0, n0 = 0;
    mpl__sum sum = { 0 };
    for (size_t r = 0; r < n; r++) {
        const pair p = mk->sorted[r];
        if (mpl__subset_has(mk->ss, p.s, i)) {
            with[n1++] = p;
            mpl__sum_add(&sum, value_of(p.key) - all->mean);
        } else {
            with[n - ++n0] = p; /* from the end, the largest first */
        }
    }
    st->n_with = n1;
    st->n_without = n0;
    st->q25_with = st->median_with = st->q75_with = (double)NAN;
    st->q25_without = st->median_without = st->q75_without = st->share = (double)NAN;
    if (n1 == 0 || n0 == 0)
        return;
    st->q25_with = quantile(with, n1, 0.25);
    st->median_with = quantile(with, n1, 0.5);
    st->q75_with = quantile(with, n1, 0.75);
    st->q25_without = quantile(with + n1, n0, 0.75); /* descending */
    st->median_without = quantile(with + n1, n0, 0.5);
    st->q75_without = quantile(with + n1, n0, 0.25);
    const double mean1 = mpl__sum_get(&sum) / (double)n1, mean0 = -mpl__sum_get(&sum) / (double)n0;
    const double between = (double)n1 * mean1 * mean1 + (double)n0 * mean0 * mean0;
    const double total = all->sd * all->sd * (double)(n - 1);
    st->share = total > 0 ? fmin(100 * (between / total), 100) : (double)NAN;
    st->separates = st->q25_with > st->q75_without || st->q75_with < st->q25_without;
}

static void fill_bins(const maker *mk, size_t n, const mpl_gosh_statistic *all, mpl_gosh_bin *bins)
{
    const double width = (all->max - all->min) / BINS;
    for (size_t b = 0; b < BINS; b++)
        bins[b] = (mpl_gosh_bin){ all->min + (double)b * width, b + 1 == BINS ? all->max
                                                                             : all->min + (double)(b + 1) * width, 0 };
    for (size_t r = 0, b = 0; r < n; r++) {
        const double x = value_of(mk->sorted[r].key);
        while (b + 1 < BINS && x >= bins[b].to)
            b++;
        bins[b].n++;
    }
}

static mpl_status list_point(const maker *mk, size_t s, mpl_gosh_point *point, mpl_error *err)
{
    const mpl__subsets *const ss = mk->ss;
    mpl__text t = { 0 };
    for (size_t i = 0; i < ss->k; i++)
        if (mpl__subset_has(ss, s, i))
            mpl__text_format(&t, "%s%zu", t.size ? " " : "", i + 1);
    *point = (mpl_gosh_point){ ss->size[s], ss->estimate[s], ss->tau2[s], ss->i2[s], ss->q[s],
                               t.failed ? NULL : mpl__arena_copyn(mk->keep, t.data, t.size) };
    mpl__text_free(&t);
    return point->members ? MPL_OK : mpl__fail_nomem(err, "the subsets");
}

static mpl_status list_points(const maker *mk, mpl_error *err)
{
    const mpl__subsets *const ss = mk->ss;
    const size_t first = ss->is_all, n = ss->n_done - first, most = mk->out->options.points;
    const bool every = n <= most;
    mpl_gosh_point *const points = MPL_NEW(mk->keep, mpl_gosh_point, every ? n : most);
    mpl__random r = mpl__random_start(ss->seed, UINT64_MAX);
    if (!points)
        return mpl__fail_nomem(err, "the subsets");
    mk->out->n_points = every ? n : most;
    mk->out->points = points;
    for (size_t j = 0; j < mk->out->n_points; j++)
        MPL_TRY(list_point(mk, first + (every ? j : mpl__random_below(&r, n)), &points[j], err));
    return MPL_OK;
}

mpl_status mpl__subsets_summarise(const mpl__subsets *ss, mpl_gosh *out, mpl__arena *keep, mpl__arena *scratch,
                                  mpl_error *err)
{
    const struct { const char *id, *title; const double *x; } all[] = {
        { "k", "studies in the subset", NULL }, { "q", "Cochran's Q", ss->q }, { "i2", "I2", ss->i2 },
        { "tau2", "between-study variance", ss->tau2 }, { "estimate", "pooled effect", ss->estimate },
    };
    enum { N = sizeof all / sizeof *all };
    mpl_gosh_statistic *const statistics = MPL_NEW(keep, mpl_gosh_statistic, N);
    mpl_gosh_study *const studies = MPL_NEW(keep, mpl_gosh_study, ss->k);
    mpl_gosh_bin *const bins = MPL_NEW(keep, mpl_gosh_bin, BINS);
    maker mk = { .ss = ss, .out = out, .keep = keep, .sorted = MPL_NEW(scratch, pair, ss->n_done),
                 .work = MPL_NEW(scratch, pair, ss->n_done), .counts = MPL_NEW(scratch, size_t, BUCKETS) };
    if (!statistics || !studies || !bins || !mk.sorted || !mk.work || !mk.counts)
        return mpl__fail_nomem(err, "the summary of the subsets");
    for (size_t j = 0; j < N; j++) {
        statistics[j].id = all[j].id;
        statistics[j].title = all[j].title;
        describe(&mk, all[j].x, &statistics[j]);
    }
    const mpl_gosh_statistic *const estimates = &statistics[N - 1]; /* still sorted */
    for (size_t i = 0; i < ss->k; i++) {
        studies[i].study = mpl__arena_copy(keep, ss->effects->slab[i]);
        studies[i].row = ss->effects->row[i];
        if (!studies[i].study)
            return mpl__fail_nomem(err, "the summary of the subsets");
        split(&mk, i, estimates->n, estimates, &studies[i]);
    }
    if (estimates->n) {
        fill_bins(&mk, estimates->n, estimates, bins);
        out->n_bins = BINS;
    }
    out->statistics = statistics;
    out->n_statistics = N;
    out->studies = studies;
    out->bins = bins;
    out->n = ss->n_done - ss->is_all;
    out->n_failed = out->n - estimates->n;
    return list_points(&mk, err);
}
