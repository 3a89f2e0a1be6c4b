/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every combination of choices as one fit: options, threads, what cannot be, notes. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/method.h"
#include "diag/multiverse/maker.h"
#include "model/fit_impl.h"

enum { FEWEST_DRAWS = 100 };

const mpl_option *mpl_multiverse_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "methods", MPL_MEMBER(TEXT, mpl_multiverse_options, methods), .arg = "LIST",
          .help = "pooling methods beside that of --method: ids between commas, 'usual' or 'all'; otherwise usual",
          .since = "0.1.0" },
        { .name = "tests", MPL_MEMBER(TEXT, mpl_multiverse_options, tests), .arg = "LIST",
          .help = "tests beside that of --test, in the same way; otherwise usual",
          .since = "0.1.0" },
        { .name = "pis", MPL_MEMBER(TEXT, mpl_multiverse_options, pis), .arg = "LIST",
          .help = "prediction intervals beside that of --pi, in the same way; otherwise usual",
          .since = "0.1.0" },
        { .name = "zeros", MPL_MEMBER(TEXT, mpl_multiverse_options, zeros), .arg = "LIST",
          .help = "rules for zero cells, see 'metapool list zeros', in the same way; otherwise usual if a count is 0",
          .since = "0.1.0" },
        { .name = "measures", MPL_MEMBER(TEXT, mpl_multiverse_options, measures), .arg = "LIST",
          .help = "effect measures beside that of --measure, or 'all' of its family", .since = "0.1.0" },
        { .name = "subsets", MPL_MEMBER(TEXT, mpl_multiverse_options, subsets), .arg = "EXPR;EXPR",
          .help = "also the studies alone for which this holds, as for --where, e.g. \"year >= 1960; alloc = "
                  "'random'\"", .since = "0.1.0" },
        { .name = "leave-one-out", MPL_MEMBER(FLAG, mpl_multiverse_options, leave_one_out),
          .help = "also without each study", .since = "0.1.0" },
        { .name = "threshold", MPL_MEMBER(MAYBE, mpl_multiverse_options, threshold), .arg = "VALUE",
          .help = "the effect, as it is shown, that a decision hangs on; else no effect", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

const char *mpl_side_text(mpl_side side)
{
    static const char *const texts[] = { NULL, "below", "includes", "above" };
    return texts[side];
}

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the analyses");
}

/* ---- one analysis */

static const mpl__method_def *method_of(const mpl__maker *mk, size_t slot)
{
    const mpl__method_def *def = NULL;
    const mpl_method *const row = mk->values[MPL__METHOD].rows[mpl__digit(mk, slot, MPL__METHOD)];
    return mpl__method_find(row->id, &def, NULL) == MPL_OK ? def : NULL;
}

static bool draws(const mpl_fit_options *options)
{
    const mpl__test_def *test;
    return mpl__test_find(options->test, &test, NULL) == MPL_OK && test->is_from_draws;
}

/* Options that only some methods and tests know are theirs. */
static void clear_options_of_others(mpl_fit_options *options, const mpl__method_def *mine)
{
    const mpl__method_def *def;
    for (const mpl_option *row = mpl_fit_option_table(); row->name; row++)
        for (size_t i = 0; (def = mpl__method_at(i)); i++)
            if (mpl__has_word(def->options, row->name) && !mpl__has_word(mine->options, row->name))
                mpl__option_clear(row, options);
    if (!draws(options))
        options->draws = 0;
}

/* What no cell of the table shows is not computed; weights that are the default may be brought by a test. */
static mpl_fit_options plan_fit(const mpl__maker *mk, size_t slot, const mpl__method_def *method)
{
    mpl__plan plan = { .fit = mk->base->fit->options };
    mpl_fit_options *const fit = &plan.fit;
    for (size_t c = MPL__METHOD; c < MPL__CHOICES; c++)
        mpl__choices[c].set(&plan, mk->values[c].rows[mpl__digit(mk, slot, c)]);
    if (method->is_common)
        fit->pi = "none";
    if (fit->weights && !strcmp(fit->weights, mpl_weights_method(0)->id))
        fit->weights = NULL;
    fit->tau2_ci = "none";
    fit->rb = fit->het_tests = false;
    fit->beyond = (mpl_maybe){ 0 };
    fit->run.threads = 1;
    fit->run.watch = NULL;
    clear_options_of_others(fit, method);
    return *fit;
}

/* ---- the prediction interval that rests on the effects alone */

static const char *find_data_pi(const mpl__maker *mk)
{
    const mpl__pi_def *pi;
    for (size_t i = 0; i < mk->values[MPL__PI].n; i++)
        if (mpl__pi_find(mk->values[MPL__PI].rows[i]->id, &pi, NULL) == MPL_OK && pi->compute)
            return pi->method.id;
    return NULL;
}

/* A mpl__block_work: once for each world, by whatever fit. Where that fails, each analysis tries for itself. */
static mpl_status predict_world(void *ctx, size_t i, mpl_error *err)
{
    const mpl__maker *const mk = ctx;
    mpl__world *const world = &mk->worlds[i];
    const mpl_fit_options options = { .method = "DL", .test = "z", .pi = mk->data_pi, .tau2_ci = "none",
                                      .level = mk->base->fit->level };
    mpl_fit *fit;
    if (!world->effects)
        return MPL_OK;
    const mpl_status s = mpl_fit_new(world->effects, NULL, &options, &fit, err);
    if (s != MPL_OK)
        return s == MPL_ERR_NOMEM ? s : MPL_OK;
    world->has_pi = true;
    world->pi = (mpl_interval){ fit->pi_lb, fit->pi_ub };
    mpl_fit_free(fit);
    return MPL_OK;
}

static bool is_known(const mpl__maker *mk, const mpl__world *world, const mpl_fit_options *options)
{
    const mpl__test_def *test;
    return world->has_pi && !strcmp(options->pi, mk->data_pi) && !options->weights &&
           mpl__test_find(options->test, &test, NULL) == MPL_OK && !test->of_weights;
}

/* ---- the analysis */

/* A test of the spread beyond chance under a method that says there is none. */
static const char *contradiction(const mpl_fit *fit)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].code, "hksj-common"))
            return fit->notes[i].text;
    return NULL;
}

static mpl_side side_of(double lb, double ub, double threshold)
{
    if (isnan(lb) || isnan(ub) || isnan(threshold))
        return MPL_SIDE_UNKNOWN;
    return ub < threshold ? MPL_SIDE_BELOW : lb > threshold ? MPL_SIDE_ABOVE : MPL_SIDE_INCLUDES;
}

static void describe(const mpl__maker *mk, const mpl_effects *es, const mpl_fit *fit, const mpl_term *mean,
                     mpl_alternative *out)
{
    const mpl_measure *const m = es->measure;
    double nothing = (double)NAN;
    *out = (mpl_alternative){ .measure = m, .k = fit->k, .mean = *mean, .tau2 = fit->tau2, .i2 = fit->i2,
                              .pi_lb = fit->pi_lb, .pi_ub = fit->pi_ub, .mean_set = SIZE_MAX,
                              .prediction_set = SIZE_MAX };
    out->mean.term = "intercept";
    out->display_estimate = out->mean.estimate;
    out->display_ci_lb = out->mean.ci_lb;
    out->display_ci_ub = out->mean.ci_ub;
    out->display_pi_lb = out->pi_lb;
    out->display_pi_ub = out->pi_ub;
    mpl_measure_display_interval(m, fit->tau2, &out->display_estimate, &out->display_ci_lb, &out->display_ci_ub);
    mpl_measure_display_interval(m, (double)NAN, &nothing, &out->display_pi_lb, &out->display_pi_ub);
    out->threshold = mk->own->options.threshold.given ? mk->own->options.threshold.value
                                                      : mpl_measure_display(m, m->null_value);
    out->ci = side_of(out->display_ci_lb, out->display_ci_ub, out->threshold);
    out->pi = side_of(out->display_pi_lb, out->display_pi_ub, out->threshold);
}

static mpl_status give_reason(mpl__slot *slot, const char *why, mpl_error *err)
{
    slot->why = mpl__realloc(NULL, strlen(why) + 1, 1);
    if (!slot->why)
        return mpl__fail_nomem(err, "the analyses");
    memcpy(slot->why, why, strlen(why) + 1);
    return MPL_OK;
}

/* `known`: an analysis with the same interval of the mean, which then costs no draws; NULL = none. */
static mpl_status fit_slot(const mpl__maker *mk, size_t i, const mpl__slot *known, mpl_error *err)
{
    mpl__slot *const slot = &mk->slots[i];
    const mpl__world *const world = &mk->worlds[i / mk->values[MPL__ZEROS].stride];
    const mpl__method_def *const method = method_of(mk, i);
    mpl_error why = { 0 };
    mpl_fit *fit;
    slot->is_common = method->is_common;
    if (method->is_common && mpl__digit(mk, i, MPL__PI) > 0)
        return MPL_OK;
    if (!world->effects)
        return give_reason(slot, world->why, err);
    mpl_fit_options options = plan_fit(mk, i, method);
    if (known && draws(&options))
        options.draws = FEWEST_DRAWS;
    const bool has_pi = !method->pool && is_known(mk, world, &options);
    options.pi = has_pi ? "none" : options.pi;
    mpl_status s = mpl_fit_new(world->effects, NULL, &options, &fit, &why);
    if (s == MPL_ERR_NOMEM)
        return mpl__fail_nomem(err, "the analyses");
    if (s != MPL_OK)
        return give_reason(slot, why.message, err);
    const char *const reason = i > 0 ? contradiction(fit) : NULL;
    if (reason) {
        s = give_reason(slot, reason, err);
    } else {
        slot->fitted = true;
        if (has_pi && !isnan(fit->tau2)) {
            fit->pi_lb = world->pi.lb;
            fit->pi_ub = world->pi.ub;
        }
        describe(mk, world->effects, fit, known ? &known->result.mean : &fit->terms[0], &slot->result);
        slot->result.is_common = method->is_common;
    }
    mpl_fit_free(fit);
    return s;
}

/* A mpl__block_work: all prediction intervals beside one interval of the mean. Methods without a distribution of
 * effects are fitted once for all of them. */
static mpl_status fit_mean(void *ctx, size_t block, mpl_error *err)
{
    const mpl__maker *const mk = ctx;
    const size_t n = mk->values[MPL__PI].n;
    const mpl__slot *known = NULL;
    for (size_t i = block * n; i < (block + 1) * n; i++) {
        MPL_TRY(fit_slot(mk, i, known, err));
        if (!known && mk->slots[i].fitted)
            known = &mk->slots[i];
    }
    return MPL_OK;
}

/* ---- all of them */

static mpl_status collect(mpl__maker *mk, size_t n_done)
{
    mpl_multiverse *const own = mk->own;
    for (size_t i = 0; i < n_done; i++) {
        own->n += mk->slots[i].fitted;
        own->n_left_out += mk->slots[i].why ? 1 : 0;
    }
    mk->all = MPL_NEW(mk->keep, mpl_alternative, own->n);
    mk->slot_of = MPL_NEW(mk->scratch, size_t, own->n);
    size_t *const values = MPL_NEW(mk->keep, size_t, own->n * MPL__CHOICES);
    if (!mk->all || !mk->slot_of || !values)
        return no_memory(mk);
    for (size_t i = 0, n = 0; i < n_done; i++) {
        if (!mk->slots[i].fitted)
            continue;
        size_t *const mine = values + n * MPL__CHOICES;
        for (size_t c = 0; c < MPL__CHOICES; c++)
            mine[c] = mpl__digit(mk, i, c);
        mk->all[n] = mk->slots[i].result;
        if (mk->all[n].is_common)
            mine[MPL__PI] = SIZE_MAX;
        mk->all[n].values = mine;
        mk->slot_of[n++] = i;
    }
    own->analyses = mk->all;
    return MPL_OK;
}

static mpl_status copy_options(mpl__maker *mk)
{
    for (const mpl_option *row = mpl_multiverse_option_table(); row->name; row++) {
        const char **const text = (const char **)(void *)((char *)&mk->own->options + row->offset);
        if (row->kind != MPL_OPTION_TEXT || !*text)
            continue;
        *text = mpl__arena_copy(mk->keep, *text);
        if (!*text)
            return no_memory(mk);
    }
    return MPL_OK;
}

static void add_notes(mpl__maker *mk, size_t n_done)
{
    const mpl_multiverse *const own = mk->own;
    size_t n_common = 0, n_no_pi = 0;
    for (size_t i = 0; i < own->n; i++) {
        n_common += own->analyses[i].is_common;
        n_no_pi += !own->analyses[i].is_common && isnan(own->analyses[i].pi_lb) &&
                   strcmp(mk->values[MPL__PI].items[own->analyses[i].values[MPL__PI]].id, "none") != 0;
    }
    if (own->is_partial)
        mpl__note_add(&mk->notes, "stopped", "stopped after %zu of %zu combinations: counts and ranges are of these",
                      n_done, own->n_planned);
    if (n_common && n_common < own->n)
        mpl__note_add(&mk->notes, "other-question",
                      "methods of one common effect estimate the average effect in these studies, the others the mean "
                      "of a distribution of effects: they answer different questions and are summed up apart");
    if (mk->values[MPL__MEASURE].n > 1)
        mpl__note_add(&mk->notes, "other-scales",
                      "effects of different measures are on different scales: only conclusions are compared");
    if (n_no_pi)
        mpl__note_add(&mk->notes, "no-prediction", "%zu analyses have no prediction interval: it is not estimable",
                      n_no_pi);
    if (own->all.ci.n == 0)
        mpl__note_add(&mk->notes, "no-threshold",
                      "the measure has no value of no effect, so conclusions are not compared; --threshold gives one");
}

static mpl_status fit_all(mpl__maker *mk, const mpl_run_options *run, size_t *done)
{
    mk->slots = MPL_NEW(mk->scratch, mpl__slot, mk->n_slots);
    if (!mk->slots)
        return no_memory(mk);
    MPL_TRY(mpl__multiverse_worlds(mk));
    mk->data_pi = find_data_pi(mk);
    *done = mk->n_worlds;
    if (mk->data_pi)
        MPL_TRY(mpl__blocks_run(run, mk->n_worlds, predict_world, mk, done, mk->err));
    if (*done == mk->n_worlds)
        MPL_TRY(mpl__blocks_run(run, mk->n_slots / mk->values[MPL__PI].n, fit_mean, mk, done, mk->err));
    else
        *done = 0;
    *done *= mk->values[MPL__PI].n;
    if (*done == 0)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "stopped before any analysis was made");
    return MPL_OK;
}

static mpl_status make(mpl__maker *mk, const mpl_run_options *run)
{
    mpl_multiverse *const own = mk->own;
    size_t done;
    if (own->fit->p != 1)
        return mpl__fail(mk->err, MPL_ERR_ARG, "this is for a pooled mean; the fit has moderators");
    MPL_TRY(copy_options(mk));
    MPL_TRY(mpl__multiverse_choose(mk));
    MPL_TRY(fit_all(mk, run, &done));
    own->n_planned = mk->n_slots;
    own->is_partial = done < mk->n_slots;
    MPL_TRY(collect(mk, done));
    MPL_TRY(mpl__multiverse_join(mk));
    MPL_TRY(mpl__multiverse_sum_up(mk));
    add_notes(mk, done);
    own->notes = mk->notes.items;
    own->n_notes = mk->notes.n;
    return mk->notes.failed ? no_memory(mk) : MPL_OK;
}

static void free_work(mpl__maker *mk)
{
    for (size_t i = 0; mk->worlds && i < mk->n_worlds; i++)
        mpl_effects_free(mk->worlds[i].effects);
    for (size_t i = 0; mk->slots && i < mk->n_slots; i++)
        mpl__free(mk->slots[i].why);
}

mpl_status mpl_multiverse_new(const mpl_analysis *analysis, const mpl_multiverse_options *options,
                              const mpl_run_options *run, mpl_multiverse **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_multiverse *const own = MPL_NEW(keep, mpl_multiverse, 1);
    mpl_status s;
    if (own && scratch) {
        mpl__maker mk = { .base = analysis, .own = own, .keep = keep, .scratch = scratch, .notes = { .arena = keep },
                          .err = err };
        *own = (mpl_multiverse){ .effects = analysis->effects, .fit = analysis->fit, .arena = keep };
        if (options)
            own->options = *options;
        s = make(&mk, run);
        free_work(&mk);
    } else {
        s = mpl__fail_nomem(err, "the analyses");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = own;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_multiverse_free(mpl_multiverse *multiverse)
{
    if (multiverse)
        mpl__arena_free(multiverse->arena);
}
