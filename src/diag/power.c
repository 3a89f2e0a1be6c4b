/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power of tests of small-study effects: drawing studies, with and without selection, and testing what was drawn. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <metapool/power.h>
#include "base/arena.h"
#include "base/blocks.h"
#include "base/error.h"
#include "base/method.h"
#include "diag/bias_impl.h"
#include "effect/measure.h"
#include "num/random.h"

enum { BLOCK = 10, MOST_TRIES = 100000 };

static const double FINDING = 1.959963984540054; /* z of a two-sided p-value of 0.05 */

const mpl_option *mpl_power_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "power", MPL_MEMBER(FLAG, mpl_power_options, power),
          .help = "simulate what the tests can show with these studies", .since = "0.1.0" },
        { .name = "power-draws", MPL_MEMBER(COUNT, mpl_power_options, draws), .min = 10, .max = 10000000,
          .arg = "N", .dflt = "1000", .help = "meta-analyses to draw, without selection and with it",
          .since = "0.1.0" },
        { .name = "power-severity", MPL_MEMBER(REAL, mpl_power_options, severity), .min = 1, .max = 1000,
          .arg = "S", .dflt = "10",
          .help = "how many times as likely studies with a finding on the side of the mean are to be published",
          .since = "0.1.0" },
        { .name = "power-level", MPL_MEMBER(LEVEL, mpl_power_options, level), .arg = "LEVEL", .dflt = "0.05",
          .help = "p-value below which a test finds something", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

/* Measures whose counts are drawn. */
typedef struct count_model {
    const char *measures;
    double (*risk)(double other, double effect); /* in group 1, from that in group 2 */
    bool is_odds;
} count_model;

static double by_odds(double p, double effect)
{
    return 1 / (1 + exp(-effect) * (1 - p) / p);
}

static double by_ratio(double p, double effect)
{
    return fmin(p * exp(effect), 1);
}

static const count_model models[] = { { "OR", by_odds, true }, { "RR", by_ratio, false } };

typedef struct simulation {
    const mpl_dataset *data;
    const mpl_bias *bias;
    const mpl_power_options *options;
    mpl_fit_options fit;
    mpl_bias_options tests;
    const count_model *model;  /* NULL = effects are drawn */
    size_t k;
    size_t *row;               /* [k] of the counts of each effect */
    double mean, tau2, null, sign;
    uint64_t seed;
    size_t n_tests;
    size_t *hits;              /* [n blocks x n tests x 4] computed and found, without and with selection */
} simulation;

/* A meta-analysis that was drawn. */
typedef struct sample {
    double *yi, *vi, *x1, *x2, *n1, *n2;
    size_t *effect;
    mpl_counts counts;
    mpl_effects effects;
} sample;

/* ---- drawing */

/* Effect and variance of a table, with 1/2 added to every cell where one is 0. */
static void effect_of(const count_model *model, double x1, double n1, double x2, double n2, double *yi, double *vi)
{
    const bool zero = x1 == 0 || x2 == 0 || x1 == n1 || x2 == n2;
    const double a = x1 + 0.5 * zero, c = x2 + 0.5 * zero, b = n1 - x1 + 0.5 * zero, d = n2 - x2 + 0.5 * zero;
    *yi = model->is_odds ? log(a / b) - log(c / d) : log(a / (a + b)) - log(c / (c + d));
    *vi = model->is_odds ? 1 / a + 1 / b + 1 / c + 1 / d : 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d);
}

static void draw_study(const simulation *s, mpl__random *r, size_t i, sample *to)
{
    const mpl_effects *const es = s->bias->effects;
    const double theta = s->mean + sqrt(s->tau2) * mpl__random_normal(r);
    if (!s->model) {
        to->yi[i] = theta + sqrt(es->vi[i]) * mpl__random_normal(r);
        to->vi[i] = es->vi[i];
        return;
    }
    const mpl_counts *const counts = es->counts;
    const size_t at = s->row[i];
    const double other = (counts->x2[at] + 0.5) / (counts->n2[at] + 1);
    to->x1[i] = mpl__random_binomial(r, counts->n1[at], s->model->risk(other, theta));
    to->x2[i] = mpl__random_binomial(r, counts->n2[at], other);
    effect_of(s->model, to->x1[i], to->n1[i], to->x2[i], to->n2[i], &to->yi[i], &to->vi[i]);
}

static void draw_sample(const simulation *s, mpl__random *r, bool selected, sample *to)
{
    for (size_t i = 0; i < s->k; i++)
        for (size_t tries = 0; tries < MOST_TRIES; tries++) {
            draw_study(s, r, i, to);
            if (!selected || s->sign * (to->yi[i] - s->null) > FINDING * sqrt(to->vi[i]) ||
                mpl__random_uniform(r) < 1 / s->options->severity)
                break;
        }
}

static mpl_status start_sample(const simulation *s, mpl__arena *arena, sample *to, mpl_error *err)
{
    const mpl_effects *const es = s->bias->effects;
    double *const numbers = MPL_NEW(arena, double, 6 * s->k);
    to->effect = MPL_NEW(arena, size_t, s->k);
    if (!numbers || !to->effect)
        return mpl__fail_nomem(err, "a simulation");
    to->yi = numbers;
    to->vi = numbers + s->k;
    to->x1 = numbers + 2 * s->k;
    to->x2 = numbers + 3 * s->k;
    to->n1 = numbers + 4 * s->k;
    to->n2 = numbers + 5 * s->k;
    to->effects = *es;
    to->effects.yi = to->yi;
    to->effects.vi = to->vi;
    to->effects.n_notes = 0;
    to->effects.counts = NULL;
    for (size_t i = 0; i < s->k; i++)
        to->effect[i] = i;
    if (!s->model)
        return MPL_OK;
    for (size_t i = 0; i < s->k; i++) {
        to->n1[i] = es->counts->n1[s->row[i]];
        to->n2[i] = es->counts->n2[s->row[i]];
    }
    to->counts = (mpl_counts){ .shape = MPL_COUNTS_2X2, .n = s->k, .x1 = to->x1, .n1 = to->n1, .x2 = to->x2,
                               .n2 = to->n2, .effect = to->effect, .index = es->index, .row = es->row,
                               .slab = es->slab };
    to->effects.counts = &to->counts;
    return MPL_OK;
}

/* ---- testing */

/* Adds what the tests find to hits: [n tests x 4], of which 2 here. */
static mpl_status test_sample(const simulation *s, const sample *of, size_t *hits, mpl_error *err)
{
    mpl_fit *fit = NULL;
    mpl_bias *bias = NULL;
    mpl_status status = mpl_fit_new(&of->effects, NULL, &s->fit, &fit, err);
    if (status == MPL_OK)
        status = mpl_bias_new(s->data, &of->effects, fit, &s->tests, &bias, err);
    for (size_t i = 0; status == MPL_OK && i < s->n_tests; i++) {
        const mpl_bias_row *const row = &bias->rows[i];
        const bool is_there = !row->why && !isnan(row->coefficient.pval);
        hits[4 * i] += is_there;
        hits[4 * i + 1] += is_there && row->coefficient.pval < s->options->level;
    }
    mpl_bias_free(bias);
    mpl_fit_free(fit);
    return status == MPL_ERR_NOMEM ? status : MPL_OK; /* a draw that cannot be pooled is one that is not there */
}

static mpl_status do_block(void *ctx, size_t block, mpl_error *err)
{
    const simulation *const s = ctx;
    mpl__arena *const arena = mpl__arena_new();
    sample now;
    mpl_status status = arena ? start_sample(s, arena, &now, err) : mpl__fail_nomem(err, "a simulation");
    size_t *const hits = s->hits + block * s->n_tests * 4;
    for (size_t i = 0; status == MPL_OK && i < 2 * BLOCK; i++) {
        const size_t draw = block * BLOCK + i / 2, selected = i % 2;
        if (draw >= s->options->draws)
            break;
        mpl__random r = mpl__random_start(s->seed, 2 * draw + selected);
        draw_sample(s, &r, selected, &now);
        status = test_sample(s, &now, hits + 2 * selected, err);
    }
    mpl__arena_free(arena);
    return status;
}

/* ---- the whole */

static bool is_simulated(const mpl_bias_row *row)
{
    const mpl__bias_def *const def = (const mpl__bias_def *)row->method; /* its first member */
    return row->method->kind == MPL_BIAS_TEST && !def->of_effects && !row->why;
}

static mpl_status name_tests(simulation *s, mpl__arena *scratch, mpl_error *err)
{
    const char *list = "";
    for (size_t i = 0; i < s->bias->n_rows && list; i++)
        if (is_simulated(&s->bias->rows[i])) {
            list = mpl__arena_format(scratch, "%s%s%s", list, *list ? "," : "",
                                     s->bias->rows[i].method->method.id);
            s->n_tests++;
        }
    s->tests = s->bias->options;
    s->tests.only = list;
    s->tests.side = "left"; /* no test looks at it */
    if (!list)
        return mpl__fail_nomem(err, "a simulation");
    return s->n_tests ? MPL_OK : mpl__fail(err, MPL_ERR_TOO_FEW, "there is no test whose power could be simulated");
}

static mpl_status find_counts(simulation *s, mpl__arena *scratch, mpl_error *err)
{
    const mpl_effects *const es = s->bias->effects;
    const mpl_counts *const counts = es->counts;
    s->row = MPL_NEW(scratch, size_t, s->k);
    if (!s->row)
        return mpl__fail_nomem(err, "a simulation");
    size_t found = 0;
    for (size_t i = 0; counts && counts->n2 && counts->shape == MPL_COUNTS_2X2 && i < counts->n; i++)
        if (counts->effect[i] < s->k) {
            s->row[counts->effect[i]] = i;
            found++;
        }
    for (size_t i = 0; i < sizeof models / sizeof *models && found == s->k; i++)
        if (mpl__has_word(models[i].measures, mpl__measure_like(es->measure)))
            s->model = &models[i];
    return MPL_OK;
}

static mpl_power_row row_of(const simulation *s, const mpl_bias_method *method, size_t test, size_t n_blocks)
{
    size_t sum[4] = { 0 };
    for (size_t b = 0; b < n_blocks; b++)
        for (size_t j = 0; j < 4; j++)
            sum[j] += s->hits[(b * s->n_tests + test) * 4 + j];
    const double p0 = (double)sum[1] / (double)sum[0], p1 = (double)sum[3] / (double)sum[2];
    return (mpl_power_row){ .method = method, .n_null = sum[0], .n_selected = sum[2], .type1 = 100 * p0,
                            .type1_se = 100 * sqrt(p0 * (1 - p0) / (double)sum[0]), .power = 100 * p1,
                            .power_se = 100 * sqrt(p1 * (1 - p1) / (double)sum[2]) };
}

static void add_notes(const mpl_power *out, const simulation *s, mpl__notes *notes)
{
    if (out->is_partial)
        mpl__note_add(notes, "stopped", "stopped after %zu of %zu draws: the simulation is of these", out->n_draws,
                      out->options.draws);
    if (!s->model)
        mpl__note_add(notes, "power-of-known-variances",
                      "sampling variances were taken as known: where they depend on the effect, type I errors are "
                      "larger than shown");
}

static mpl_status run(mpl_power *out, const mpl_dataset *data, const mpl_bias *bias,
                      const mpl_run_options *run_options, mpl__arena *scratch, mpl_error *err)
{
    const mpl_fit *const fit = bias->fit;
    const mpl_measure *const m = bias->effects->measure;
    simulation s = { .data = data, .bias = bias, .options = &out->options, .fit = fit->options, .k = bias->effects->k,
                     .mean = fit->terms[0].estimate, .tau2 = fit->tau2 > 0 ? fit->tau2 : 0,
                     .null = isnan(m->null_value) ? 0 : m->null_value, .seed = mpl__run_seed(run_options) };
    mpl__notes notes = { .arena = out->arena };
    size_t done;
    MPL_TRY(mpl_options_resolve(mpl_power_option_table(), &out->options, sizeof out->options, NULL, err));
    MPL_TRY(name_tests(&s, scratch, err));
    MPL_TRY(find_counts(&s, scratch, err));
    s.sign = s.mean < s.null ? -1 : 1;
    s.fit.pi = "none";
    s.fit.run = (mpl_run_options){ .threads = 1 };
    if (fit->n_draws_wanted > 0)
        s.fit.test = "z"; /* no draws within draws */
    const size_t n_blocks = (out->options.draws + BLOCK - 1) / BLOCK;
    s.hits = MPL_NEW(scratch, size_t, n_blocks * s.n_tests * 4);
    mpl_power_row *const rows = MPL_NEW(out->arena, mpl_power_row, s.n_tests);
    if (!s.hits || !rows)
        return mpl__fail_nomem(err, "a simulation");
    MPL_TRY(mpl__blocks_run(run_options, n_blocks, do_block, &s, &done, err));
    if (done == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "stopped before anything was simulated");
    out->is_partial = done < n_blocks;
    out->n_draws = out->is_partial ? done * BLOCK : out->options.draws;
    out->run.seed = (mpl_maybe){ true, (double)s.seed };
    out->by_counts = s.model != NULL;
    out->mean = s.mean;
    out->tau2 = s.tau2;
    out->rows = rows;
    for (size_t i = 0; i < bias->n_rows; i++)
        if (is_simulated(&bias->rows[i])) {
            rows[out->n_rows] = row_of(&s, bias->rows[i].method, out->n_rows, done);
            out->n_rows++;
        }
    add_notes(out, &s, &notes);
    out->notes = notes.items;
    out->n_notes = notes.n;
    return notes.failed ? mpl__fail_nomem(err, "the notes") : MPL_OK;
}

mpl_status mpl_power_new(const mpl_dataset *data, const mpl_bias *bias, const mpl_power_options *options,
                         const mpl_run_options *run_options, mpl_power **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_power *const power = MPL_NEW(keep, mpl_power, 1);
    mpl_status s;
    if (power && scratch) {
        *power = (mpl_power){ .arena = keep };
        if (options)
            power->options = *options;
        s = run(power, data, bias, run_options, scratch, err);
    } else {
        s = mpl__fail_nomem(err, "a simulation");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = power;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_power_free(mpl_power *power)
{
    if (power)
        mpl__arena_free(power->arena);
}
