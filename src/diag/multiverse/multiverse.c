/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All combinations of choices, from the options to a result that owns itself. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "diag/multiverse/maker.h"
#include "model/fit_impl.h"

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

/* ---- all of them */

static mpl_status collect(mpl__maker *mk)
{
    mpl_multiverse *const own = mk->own;
    for (size_t i = 0; i < mk->n_slots; i++) {
        own->n += mk->slots[i].fitted;
        own->n_left_out += mk->slots[i].why ? 1 : 0;
    }
    mk->all = MPL_NEW(mk->keep, mpl_alternative, own->n);
    mk->slot_of = MPL_NEW(mk->scratch, size_t, own->n);
    size_t *const values = MPL_NEW(mk->keep, size_t, own->n * MPL__CHOICES);
    if (!mk->all || !mk->slot_of || !values)
        return no_memory(mk);
    for (size_t i = 0, n = 0; i < mk->n_slots; i++) {
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

/* ---- the analysis itself */

static bool is_from_draws(const mpl_fit_options *options)
{
    const mpl__test_def *test;
    return mpl__test_find(options->test, &test, NULL) == MPL_OK && test->is_from_draws;
}

/* Options of its method or test that were given beside it are its own; it is fitted anew. */
static mpl_status refit(mpl__maker *mk)
{
    const mpl__method_def *method;
    mpl_fit_options options = mk->base->fit->options, *const own = &mk->own->options.own;
    bool differs = false;
    MPL_TRY(mpl__method_find(options.method, &method, mk->err));
    for (const mpl_option *row = mpl_fit_option_table(); row->name; row++) {
        if (!mpl__has_word(method->options, row->name) && !(!strcmp(row->name, "draws") && is_from_draws(&options)))
            continue;
        const bool is_given = mpl_option_given(row, own);
        differs = differs || is_given;
        mpl__option_copy(row, is_given ? own : &options, is_given ? &options : own);
    }
    if (!differs)
        return MPL_OK;
    MPL_TRY(mpl_fit_new(mk->base->effects, NULL, &options, &mk->own->own_fit, mk->err));
    mk->view = *mk->base;
    mk->own->fit = mk->view.fit = mk->own->own_fit;
    mk->base = &mk->view;
    return MPL_OK;
}

static mpl_status make(mpl__maker *mk, const mpl_run_options *run)
{
    mpl_multiverse *const own = mk->own;
    size_t done;
    if (own->fit->p != 1)
        return mpl__fail(mk->err, MPL_ERR_ARG, "this is for a pooled mean; the fit has moderators");
    MPL_TRY(copy_options(mk));
    MPL_TRY(refit(mk));
    MPL_TRY(mpl__multiverse_choose(mk));
    MPL_TRY(mpl__multiverse_fit(mk, run, &done));
    own->n_planned = mk->n_slots;
    own->is_partial = done < mk->n_slots;
    MPL_TRY(collect(mk));
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

/* `keep` has it. */
static void drop(const mpl_multiverse *multiverse, mpl__arena *keep)
{
    if (multiverse)
        mpl_fit_free(multiverse->own_fit);
    mpl__arena_free(keep);
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
        drop(own, keep);
    return s;
}

void mpl_multiverse_free(mpl_multiverse *multiverse)
{
    if (multiverse)
        drop(multiverse, multiverse->arena);
}
