/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All analyses tested together. If nowhere is there an effect, the sign of each study's effect is as likely to be the
 * other one: the groups change places, in all analyses at once. The curve of the observed data is compared with the
 * curves after such changes (Simonsohn, Simmons & Nelson 2020), so that it does not matter how analyses depend on each
 * other, and the number of analyses that "find" something is judged against what chance finds in as many.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "diag/multiverse/maker.h"
#include "model/fit_impl.h"
#include "num/dist.h"
#include "num/random.h"

enum { BLOCK = 16 };
enum { MEDIAN, SHARE, AVERAGE, STATISTICS };

/* Statistics that equal the observed one but for rounding are as extreme as it. */
static const double SAME = 1e-8;

/* Of the smallest p-value that a double can hold. */
static const double LARGEST_Z = 38;

const mpl_method *mpl_curve_statistic_method(size_t i)
{
    static const mpl_method rows[] = {
        { .id = "median", .title = "median estimate (analysis scale), either way",
          .cite = "Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208-1214" },
        { .id = "share", .title = "analyses with p below 1 - level, in one direction",
          .cite = "Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208-1214" },
        { .id = "z", .title = "mean of the z-values of all p-values, either way",
          .cite = "Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208-1214" },
    };
    return i < sizeof rows / sizeof *rows ? &rows[i] : NULL;
}

/* What blocks share. */
typedef struct joint {
    const mpl__maker *mk;
    const size_t *slots;  /* [n_slots] of the intervals of the mean that are tested */
    size_t n_slots, n_flips;
    const size_t *units;  /* [n_units] rows of the file, rising */
    size_t n_units;
    uint64_t seed;
    bool is_exact;
    double *values;       /* [n_flips x STATISTICS] */
} joint;

/* One block's room. */
typedef struct room {
    bool *flips;          /* [n_units] */
    mpl_effects *effects; /* [n_worlds] flipped */
    mpl_counts *counts;   /* [n_worlds] */
    double *estimate, *z; /* [n_slots] */
    mpl__arena *arena;
} room;

static mpl_status no_memory(mpl_error *err)
{
    return mpl__fail_nomem(err, "the test of all analyses");
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_row(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* ---- other signs */

static bool is_flipped(const joint *j, const room *r, size_t row)
{
    const size_t *const at = bsearch(&row, j->units, j->n_units, sizeof row, by_row);
    return at && r->flips[at - j->units];
}

/* The groups of those studies change places. */
static mpl_status flip_world(const joint *j, const room *r, size_t world, mpl_error *err)
{
    const mpl_effects *const from = j->mk->worlds[world].effects;
    mpl_effects *const to = &r->effects[world];
    if (!from)
        return MPL_OK;
    double *const y = MPL_NEW(r->arena, double, from->k);
    if (!y)
        return no_memory(err);
    for (size_t i = 0; i < from->k; i++)
        y[i] = is_flipped(j, r, from->row[i]) ? 2 * from->measure->null_value - from->yi[i] : from->yi[i];
    *to = *from;
    to->yi = y;
    if (!from->counts || !from->counts->x2)
        return MPL_OK;
    const mpl_counts *const c = from->counts;
    mpl_counts *const own = &r->counts[world];
    double *const all = MPL_NEW(r->arena, double, 4 * c->n);
    if (!all)
        return no_memory(err);
    *own = *c;
    own->x1 = all;
    own->n1 = all + c->n;
    own->x2 = all + 2 * c->n;
    own->n2 = all + 3 * c->n;
    for (size_t i = 0; i < c->n; i++) {
        const bool flips = is_flipped(j, r, c->row[i]);
        all[i] = flips ? c->x2[i] : c->x1[i];
        all[c->n + i] = flips ? c->n2[i] : c->n1[i];
        all[2 * c->n + i] = flips ? c->x1[i] : c->x2[i];
        all[3 * c->n + i] = flips ? c->n1[i] : c->n2[i];
    }
    to->counts = own;
    return MPL_OK;
}

/* ---- the statistics of a curve */

/* No p-value is so small that it alone decides. */
static double z_of(double estimate, double pval)
{
    const double z = pval >= 1 ? 0 : fmin(mpl__norm_q(pval / 2, MPL__UPPER), LARGEST_Z);
    return estimate < 0 ? -z : z;
}

static void sum_up(const joint *j, room *r, size_t n, size_t n_below, size_t n_above, double *out)
{
    double sum = 0;
    out[MEDIAN] = out[SHARE] = out[AVERAGE] = (double)NAN;
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        sum += r->z[i];
    qsort(r->estimate, n, sizeof *r->estimate, by_size);
    if (j->mk->values[MPL__MEASURE].n == 1)
        out[MEDIAN] = fabs(n % 2 ? r->estimate[n / 2] : (r->estimate[n / 2 - 1] + r->estimate[n / 2]) / 2);
    out[SHARE] = (double)(n_below > n_above ? n_below : n_above);
    out[AVERAGE] = fabs(sum / (double)n);
}

/* The curve after the changes that r->flips says. */
static mpl_status evaluate(const joint *j, room *r, double *out, mpl_error *err)
{
    const double alpha = (1 - j->mk->base->fit->level) * (1 - 1e-12);
    size_t n = 0, n_below = 0, n_above = 0;
    for (size_t w = 0; w < j->mk->n_worlds; w++)
        MPL_TRY(flip_world(j, r, w, err));
    for (size_t i = 0; i < j->n_slots; i++) {
        const size_t world = j->slots[i] / j->mk->values[MPL__ZEROS].stride;
        const mpl_fit_options options = mpl__multiverse_plan(j->mk, j->slots[i]);
        mpl_fit *fit;
        const mpl_status s = mpl_fit_new(&r->effects[world], NULL, &options, &fit, NULL);
        if (s == MPL_ERR_NOMEM)
            return no_memory(err);
        if (s != MPL_OK)
            continue;
        const mpl_term *const t = &fit->terms[0];
        const double from_null = t->estimate - r->effects[world].measure->null_value;
        if (!isnan(t->pval)) {
            r->estimate[n] = from_null;
            r->z[n++] = z_of(from_null, t->pval);
            n_below += t->pval < alpha && from_null < 0;
            n_above += t->pval < alpha && from_null > 0;
        }
        mpl_fit_free(fit);
    }
    sum_up(j, r, n, n_below, n_above, out);
    return MPL_OK;
}

static mpl_status make_room(const joint *j, room *r, mpl__arena *arena, mpl_error *err)
{
    *r = (room){ .flips = MPL_NEW(arena, bool, j->n_units), .effects = MPL_NEW(arena, mpl_effects, j->mk->n_worlds),
                 .counts = MPL_NEW(arena, mpl_counts, j->mk->n_worlds),
                 .estimate = MPL_NEW(arena, double, j->n_slots), .z = MPL_NEW(arena, double, j->n_slots),
                 .arena = arena };
    return r->flips && r->effects && r->counts && r->estimate && r->z ? MPL_OK : no_memory(err);
}

/* A mpl__block_work. In the exact test the last study keeps its sign: all changed at once give the same curve. */
static mpl_status flip_block(void *ctx, size_t block, mpl_error *err)
{
    const joint *const j = ctx;
    mpl__random random = mpl__random_start(j->seed, block);
    const size_t end = (block + 1) * BLOCK < j->n_flips ? (block + 1) * BLOCK : j->n_flips;
    mpl_status s = MPL_OK;
    for (size_t f = block * BLOCK; f < end && s == MPL_OK; f++) {
        mpl__arena *const arena = mpl__arena_new();
        room r;
        s = arena ? make_room(j, &r, arena, err) : no_memory(err);
        uint64_t bits = f + 1;
        for (size_t u = 0; s == MPL_OK && u < j->n_units; u++, bits >>= 1) {
            if (!j->is_exact && u % 64 == 0)
                bits = mpl__random_bits(&random);
            r.flips[u] = bits & 1;
        }
        if (s == MPL_OK)
            s = evaluate(j, &r, j->values + f * STATISTICS, err);
        mpl__arena_free(arena);
    }
    return s;
}

/* ---- all of it */

static mpl_status list_slots(mpl__maker *mk, joint *j)
{
    size_t *const slots = MPL_NEW(mk->scratch, size_t, mk->own->n);
    if (!slots)
        return no_memory(mk->err);
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl__test_def *test;
        const char *const id = mk->values[MPL__TEST].items[mk->all[i].values[MPL__TEST]].id;
        if (mpl__is_mean(mk, i) && mpl__test_find(id, &test, NULL) == MPL_OK && !test->is_from_draws)
            slots[j->n_slots++] = mk->slot_of[i];
    }
    j->slots = slots;
    return MPL_OK;
}

static mpl_status list_units(mpl__maker *mk, joint *j)
{
    size_t most = 0, n = 0;
    for (size_t w = 0; w < mk->n_worlds; w++) {
        const mpl_effects *const es = mk->worlds[w].effects;
        most += es ? es->k + (es->counts ? es->counts->n : 0) : 0;
    }
    size_t *const rows = MPL_NEW(mk->scratch, size_t, most);
    if (!rows)
        return no_memory(mk->err);
    for (size_t w = 0; w < mk->n_worlds; w++) {
        const mpl_effects *const es = mk->worlds[w].effects;
        for (size_t i = 0; es && i < es->k; i++)
            rows[n++] = es->row[i];
        for (size_t i = 0; es && es->counts && i < es->counts->n; i++)
            rows[n++] = es->counts->row[i];
    }
    qsort(rows, n, sizeof *rows, by_row);
    for (size_t i = 0; i < n; i++)
        if (j->n_units == 0 || rows[j->n_units - 1] != rows[i])
            rows[j->n_units++] = rows[i];
    j->units = rows;
    return MPL_OK;
}

static mpl_status compare(mpl__maker *mk, const joint *j, const double *observed, size_t done,
                          mpl_curve_statistic *out)
{
    double *const null = MPL_NEW(mk->scratch, double, done + 1);
    if (!null)
        return no_memory(mk->err);
    for (size_t s = 0; s < STATISTICS; s++) {
        size_t beyond = 0, n = 0;
        for (size_t f = 0; f < done; f++) {
            const double x = j->values[f * STATISTICS + s];
            if (isnan(x))
                continue;
            beyond += x >= observed[s] - SAME * fabs(observed[s]);
            null[n++] = x;
        }
        out[s] = (mpl_curve_statistic){ .method = mpl_curve_statistic_method(s), .observed = observed[s],
                                        .expected = (double)NAN, .pval = (double)NAN };
        if (isnan(observed[s]) || n == 0)
            continue;
        out[s].pval = (1 + (double)beyond) / ((double)n + 1);
        qsort(null, n, sizeof *null, by_size);
        out[s].expected = n % 2 ? null[n / 2] : (null[n / 2 - 1] + null[n / 2]) / 2;
    }
    mk->own->curve = out;
    mk->own->n_curve = STATISTICS;
    mk->own->n_curve_flips = done;
    mk->own->n_curve_tested = j->n_slots;
    mk->own->curve_exact = j->is_exact && done == j->n_flips;
    return MPL_OK;
}

static mpl_status check(const mpl__maker *mk)
{
    if (mk->own->coef)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--curve-test changes the signs of effects, which tests a mean; "
                         "there are moderators");
    for (size_t w = 0; w < mk->n_worlds; w++)
        if (mk->worlds[w].effects && isnan(mk->worlds[w].effects->measure->null_value))
            return mpl__fail(mk->err, MPL_ERR_ARG, "--curve-test is of no effect, which measure %s has no value for",
                             mk->worlds[w].effects->measure->method.id);
    return MPL_OK;
}

mpl_status mpl__multiverse_test(mpl__maker *mk, const mpl_run_options *run)
{
    const size_t cap = mk->own->options.curve_test;
    joint j = { .mk = mk, .seed = mpl__run_seed(&mk->base->fit->options.run) };
    double observed[STATISTICS];
    size_t done = 0;
    room r;
    if (cap == 0)
        return MPL_OK;
    MPL_TRY(check(mk));
    MPL_TRY(list_slots(mk, &j));
    MPL_TRY(list_units(mk, &j));
    j.is_exact = j.n_units < 64 && ((uint64_t)1 << (j.n_units - 1)) - 1 <= cap;
    j.n_flips = j.is_exact ? (size_t)((uint64_t)1 << (j.n_units - 1)) - 1 : cap;
    j.values = MPL_NEW(mk->scratch, double, j.n_flips * STATISTICS);
    mpl_curve_statistic *const out = MPL_NEW(mk->keep, mpl_curve_statistic, STATISTICS);
    if (!j.values || !out)
        return no_memory(mk->err);
    MPL_TRY(make_room(&j, &r, mk->scratch, mk->err));
    MPL_TRY(evaluate(&j, &r, observed, mk->err));
    MPL_TRY(mpl__blocks_run(run, (j.n_flips + BLOCK - 1) / BLOCK, flip_block, &j, &done, mk->err));
    done = done * BLOCK < j.n_flips ? done * BLOCK : j.n_flips;
    MPL_TRY(compare(mk, &j, observed, done, out));
    if (mk->own->curve_exact)
        mpl__note_add(&mk->notes, "curve-test", "the test of all analyses together is exact: from all %zu changes of "
                      "the signs of effects that differ", done + 1);
    else
        mpl__note_add(&mk->notes, "curve-test", "the test of all analyses together is from %zu random changes of the "
                      "signs of the effects, from seed %llu", done, (unsigned long long)j.seed);
    return MPL_OK;
}
