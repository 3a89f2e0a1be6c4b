/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One combination of choices as a fit. Those without draws are blocks of work for threads; then each of those with
 * draws is one fit whose draws the threads share, so that work that takes long is shared evenly and can be stopped.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/method.h"
#include "diag/multiverse/maker.h"
#include "model/fit_impl.h"

enum { FEWEST_DRAWS = 100, DRAWN_UNITS = 100 }; /* the second: what an analysis with draws counts in the progress */

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
static void take_own_options(const mpl__maker *mk, const mpl__method_def *mine, mpl_fit_options *options)
{
    const mpl__method_def *def;
    for (const mpl_option *row = mpl_fit_option_table(); row->name; row++) {
        if (mpl__has_word(mine->options, row->name)) {
            mpl__option_copy(row, &mk->own->options.own, options);
            continue;
        }
        for (size_t i = 0; (def = mpl__method_at(i)); i++)
            if (mpl__has_word(def->options, row->name))
                mpl__option_clear(row, options);
    }
    options->draws = draws(options) ? mk->own->options.own.draws : 0;
}

/* What no cell of the table shows is not computed; weights that are the default may be brought by a test. */
static mpl_fit_options plan_fit(const mpl__maker *mk, size_t slot, const mpl__method_def *method)
{
    mpl__plan plan = { .fit = mk->base->fit->options };
    mpl_fit_options *const fit = &plan.fit;
    const mpl__setting *const kind = &mk->values[MPL__METHOD].settings[mpl__digit(mk, slot, MPL__METHOD)];
    for (size_t c = MPL__METHOD; c < MPL__CHOICES; c++)
        mpl__choices[c].set(&plan, mk->values[c].rows[mpl__digit(mk, slot, c)]);
    if (method->is_common)
        fit->pi = "none";
    if (fit->weights && !strcmp(fit->weights, mpl_weights_method(0)->id))
        fit->weights = NULL;
    fit->tau2_ci = "none";
    fit->rb = fit->het_tests = fit->permutation_ci = false;
    fit->beyond = (mpl_maybe){ 0 };
    fit->run.threads = 1;
    fit->run.watch = NULL;
    take_own_options(mk, method, fit);
    if (kind->option)
        memcpy((char *)fit + kind->option->offset, &kind->id, sizeof kind->id);
    return *fit;
}

mpl_fit_options mpl__multiverse_plan(const mpl__maker *mk, size_t slot)
{
    mpl_fit_options options = plan_fit(mk, slot, method_of(mk, slot));
    options.pi = "none";
    return options;
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

static mpl_side direction_of(double estimate, double threshold)
{
    return isnan(estimate) || isnan(threshold) ? MPL_SIDE_UNKNOWN
           : estimate < threshold ? MPL_SIDE_BELOW : estimate > threshold ? MPL_SIDE_ABOVE : MPL_SIDE_INCLUDES;
}

static void conclude(const mpl__maker *mk, mpl_alternative *a)
{
    const double alpha = (1 - mk->base->fit->level) * (1 - 1e-12); /* p = 0.05 is not below 1 - 0.95 */
    const double null = mk->own->coef ? 0 : a->measure->null_value;
    a->sides[MPL_CONCLUDE_DIRECTION] = direction_of(a->display_estimate, a->threshold);
    if (!isnan(a->mean.pval) && !isnan(null))
        a->sides[MPL_CONCLUDE_P] = a->mean.pval < alpha ? direction_of(a->mean.estimate, null) : MPL_SIDE_INCLUDES;
    a->sides[MPL_CONCLUDE_CI] = side_of(a->display_ci_lb, a->display_ci_ub, a->threshold);
    a->sides[MPL_CONCLUDE_PI] = side_of(a->display_pi_lb, a->display_pi_ub, a->threshold);
    if (!isnan(a->qm_pval))
        a->sides[MPL_CONCLUDE_OMNIBUS] = a->qm_pval < alpha ? MPL_SIDE_ABOVE : MPL_SIDE_INCLUDES;
}

static void describe(const mpl__maker *mk, const mpl_effects *es, const mpl_fit *fit, const mpl_term *mean,
                     mpl_alternative *out)
{
    const mpl_measure *const m = es->measure;
    const bool is_coef = mk->own->coef;
    double nothing = (double)NAN;
    *out = (mpl_alternative){ .measure = m, .k = fit->k, .mean = *mean, .tau2 = fit->tau2, .i2 = fit->i2,
                              .qm = fit->qm, .qm_df = fit->qm_df, .qm_df2 = fit->qm_df2, .qm_pval = fit->qm_pval,
                              .pi_lb = fit->pi_lb, .pi_ub = fit->pi_ub, .mean_set = SIZE_MAX,
                              .prediction_set = SIZE_MAX };
    out->mean.term = is_coef ? mk->own->coef : "intercept";
    out->display_estimate = out->mean.estimate;
    out->display_ci_lb = out->mean.ci_lb;
    out->display_ci_ub = out->mean.ci_ub;
    out->display_pi_lb = out->pi_lb;
    out->display_pi_ub = out->pi_ub;
    out->threshold = is_coef ? 0 : mpl_measure_display(m, m->null_value);
    if (!is_coef) {
        mpl_measure_display_interval(m, fit->tau2, &out->display_estimate, &out->display_ci_lb, &out->display_ci_ub);
        mpl_measure_display_interval(m, (double)NAN, &nothing, &out->display_pi_lb, &out->display_pi_ub);
    }
    if (mk->own->options.threshold.given)
        out->threshold = mk->own->options.threshold.value;
    conclude(mk, out);
}

/* What is compared: the mean, or the coefficient; NULL = the model has none of that name. */
static const mpl_term *term_of(const mpl__maker *mk, const mpl_fit *fit)
{
    for (size_t j = 0; mk->own->coef && j < fit->p; j++)
        if (!strcmp(fit->terms[j].term, mk->own->coef))
            return &fit->terms[j];
    return mk->own->coef ? NULL : &fit->terms[0];
}

static mpl_status give_reason(mpl__slot *slot, const char *why, mpl_error *err)
{
    slot->why = mpl__realloc(NULL, strlen(why) + 1, 1);
    if (!slot->why)
        return mpl__fail_nomem(err, "the analyses");
    memcpy(slot->why, why, strlen(why) + 1);
    return MPL_OK;
}

/* An analysis with draws: the threads and the watch of all; `stopped` before its draws were made. */
typedef struct draw_run {
    const mpl_run_options *run;
    bool is_stopped;
} draw_run;

/* `known`: an analysis with the same interval of the mean, which then costs no draws; NULL = none. `drawing` NULL:
 * what is made from draws waits. */
static mpl_status fit_slot(const mpl__maker *mk, size_t i, const mpl__slot *known, draw_run *drawing, mpl_error *err)
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
    slot->waits = !drawing && draws(&options);
    if (slot->waits)
        return MPL_OK;
    if (drawing) {
        options.run.threads = drawing->run ? drawing->run->threads : 0;
        options.run.watch = drawing->run ? drawing->run->watch : NULL;
        options.draws = known ? FEWEST_DRAWS : options.draws;
    }
    const bool has_pi = !method->pool && is_known(mk, world, &options);
    options.pi = has_pi ? "none" : options.pi;
    const mpl_regression *const r = world->regression;
    mpl_status s = mpl_fit_new(r ? r->effects : world->effects, r ? r->design : NULL, &options, &fit, &why);
    if (s == MPL_ERR_NOMEM)
        return mpl__fail_nomem(err, "the analyses");
    if (drawing && drawing->is_stopped) {
        if (s == MPL_OK)
            mpl_fit_free(fit);
        slot->waits = true;
        return MPL_OK;
    }
    if (s != MPL_OK)
        return give_reason(slot, why.message, err);
    const mpl_term *const term = known ? &known->result.mean : term_of(mk, fit);
    const char *const reason = !term ? "the model has no such coefficient" : i > 0 ? contradiction(fit) : NULL;
    if (reason) {
        s = give_reason(slot, reason, err);
    } else {
        slot->fitted = true;
        if (has_pi && !isnan(fit->tau2)) {
            fit->pi_lb = world->pi.lb;
            fit->pi_ub = world->pi.ub;
        }
        describe(mk, world->effects, fit, term, &slot->result);
        slot->result.is_common = method->is_common;
    }
    mpl_fit_free(fit);
    return s;
}

/* All prediction intervals beside one interval of the mean. Methods without a distribution of effects are fitted once
 * for all of them. */
static mpl_status fit_mean(const mpl__maker *mk, size_t mean, draw_run *drawing, mpl_error *err)
{
    const size_t n = mk->values[MPL__PI].n;
    const mpl__slot *known = NULL;
    for (size_t i = mean * n; i < (mean + 1) * n; i++) {
        MPL_TRY(fit_slot(mk, i, known, drawing, err));
        if (!known && mk->slots[i].fitted)
            known = &mk->slots[i];
    }
    return MPL_OK;
}

/* A mpl__block_work. */
static mpl_status fit_quickly(void *ctx, size_t block, mpl_error *err)
{
    return fit_mean(ctx, block, NULL, err);
}

/* ---- those with draws, one after the other */

/* A watch that shows the progress within one fit as that of all. */
typedef struct draw_part {
    const mpl_watch *all;
    size_t done, total; /* before this fit, and of all */
    draw_run *drawing;
} draw_part;

static bool look(void *ctx, size_t done, size_t total)
{
    const draw_part *const p = ctx;
    const size_t now = p->done + (total ? (DRAWN_UNITS - 1) * done / total : 0);
    if (!p->all->look(p->all->ctx, now, p->total))
        p->drawing->is_stopped = true;
    return !p->drawing->is_stopped;
}

static mpl_status fit_drawn(mpl__maker *mk, const mpl_run_options *run, size_t n_waiting)
{
    const size_t n_pi = mk->values[MPL__PI].n, n_means = mk->n_slots / n_pi;
    mpl_run_options inner = run ? *run : (mpl_run_options){ .threads = 0 };
    draw_run drawing = { .run = &inner };
    draw_part part = { .all = inner.watch, .done = n_means, .total = n_means + DRAWN_UNITS * n_waiting,
                  .drawing = &drawing };
    const mpl_watch watch = { look, &part };
    inner.watch = inner.watch ? &watch : NULL;
    for (size_t mean = 0; mean < n_means && !drawing.is_stopped; mean++) {
        bool waits = false;
        for (size_t i = mean * n_pi; i < (mean + 1) * n_pi; i++)
            waits = waits || mk->slots[i].waits;
        if (!waits)
            continue;
        MPL_TRY(fit_mean(mk, mean, &drawing, mk->err));
        part.done += DRAWN_UNITS;
    }
    return MPL_OK;
}

/* ---- all of them */

static size_t count_waiting(const mpl__maker *mk)
{
    const size_t n = mk->values[MPL__PI].n;
    size_t waiting = 0, last = SIZE_MAX;
    for (size_t i = 0; i < mk->n_slots; i++) {
        waiting += mk->slots[i].waits && i / n != last;
        last = mk->slots[i].waits ? i / n : last;
    }
    return waiting;
}

mpl_status mpl__multiverse_fit(mpl__maker *mk, const mpl_run_options *run, size_t *done)
{
    const size_t n = mk->values[MPL__PI].n;
    mk->slots = MPL_NEW(mk->scratch, mpl__slot, mk->n_slots);
    if (!mk->slots)
        return no_memory(mk);
    MPL_TRY(mpl__multiverse_worlds(mk));
    mk->data_pi = find_data_pi(mk);
    *done = mk->n_worlds;
    if (mk->data_pi)
        MPL_TRY(mpl__blocks_run(run, mk->n_worlds, predict_world, mk, done, mk->err));
    if (*done == mk->n_worlds)
        MPL_TRY(mpl__blocks_run(run, mk->n_slots / n, fit_quickly, mk, done, mk->err));
    else
        *done = 0;
    *done *= n;
    const size_t waiting = count_waiting(mk);
    if (*done == mk->n_slots && waiting)
        MPL_TRY(fit_drawn(mk, run, waiting));
    if (*done == 0 || mk->slots[0].waits)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "stopped before the analysis itself was made");
    return MPL_OK;
}
