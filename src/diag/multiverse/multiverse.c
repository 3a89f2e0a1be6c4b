/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All combinations of choices, from the options to a result that owns itself. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/method.h"
#include "base/text.h"
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
        { .name = "curve-test", MPL_MEMBER(COUNT, mpl_multiverse_options, curve_test), .min = 100, .max = 1e7,
          .arg = "N", .help = "also test all analyses together against no effect in any study, by N changes of the "
                              "signs of effects", .since = "0.1.0" },
        { .name = "mods", MPL_MEMBER(TEXT, mpl_multiverse_options, mods), .arg = "FORMULA",
          .help = "compare a coefficient of this meta-regression, as for 'metapool regress', instead of the mean",
          .since = "0.1.0" },
        { .name = "coef", MPL_MEMBER(TEXT, mpl_multiverse_options, coef), .arg = "NAME",
          .help = "which coefficient, e.g. alloc=random; otherwise the first one that is not the intercept",
          .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

#define SOURCE .cite = "Steegen et al. 2016, Perspect Psychol Sci 11:702-712"

const mpl_method *mpl_conclusion_method(size_t i)
{
    static const mpl_method conclusions[MPL_CONCLUSIONS] = {
        [MPL_CONCLUDE_DIRECTION] = { .id = "direction", .title = "the side of the threshold that the estimate is on",
                                     SOURCE },
        [MPL_CONCLUDE_P] = { .id = "pval", .title = "whether p is below 1 - level", SOURCE },
        [MPL_CONCLUDE_CI] = { .id = "ci", .title = "where the confidence interval lies", SOURCE },
        [MPL_CONCLUDE_PI] = { .id = "pi", .title = "where the prediction interval lies", SOURCE },
        [MPL_CONCLUDE_OMNIBUS] = { .id = "omnibus", .title = "whether p of all moderators is below 1 - level",
                                   SOURCE },
    };
    return i < MPL_CONCLUSIONS ? &conclusions[i] : NULL;
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

static bool is_from_draws(const mpl_fit_options *options)
{
    const mpl__test_def *test;
    return mpl__test_find(options->test, &test, NULL) == MPL_OK && test->is_from_draws;
}

static size_t draws_in_force(const mpl__maker *mk)
{
    mpl_fit_options options = { .draws = mk->own->options.own.draws };
    const mpl_option *row = mpl_fit_option_table();
    while (row->name && strcmp(row->name, "draws"))
        row++;
    if (options.draws == 0 && mpl_option_read(row, &options, row->dflt, NULL) != MPL_OK)
        options.draws = 0;
    return options.draws;
}

static void add_draws_note(mpl__maker *mk)
{
    bool draws = false;
    for (size_t i = 0; i < mk->own->n; i++)
        draws = draws || is_from_draws(&(mpl_fit_options){
            .test = mk->values[MPL__TEST].items[mk->own->analyses[i].values[MPL__TEST]].id });
    if (draws)
        mpl__note_add(&mk->notes, "draws", "tests from draws have %zu draws each, or all that there are, from seed "
                      "%llu", draws_in_force(mk), (unsigned long long)mpl__run_seed(&mk->base->fit->options.run));
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
    add_draws_note(mk);
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
    if (own->all.sides[MPL_CONCLUDE_CI].n == 0)
        mpl__note_add(&mk->notes, "no-threshold",
                      "the measure has no value of no effect, so conclusions are not compared; --threshold gives one");
}

/* ---- the analysis itself */

/* Its options with those of its method or test that were given beside it. True if these make it another one. */
static bool take_own(mpl__maker *mk, const mpl__method_def *method, mpl_fit_options *options)
{
    mpl_fit_options *const own = &mk->own->options.own;
    bool differs = false;
    for (const mpl_option *row = mpl_fit_option_table(); row->name; row++) {
        if (!mpl__has_word(method->options, row->name) && !(!strcmp(row->name, "draws") && is_from_draws(options)))
            continue;
        const bool is_given = mpl_option_given(row, own);
        differs = differs || is_given;
        mpl__option_copy(row, is_given ? own : options, is_given ? options : own);
    }
    return differs;
}

static mpl_status find_coef(mpl__maker *mk)
{
    const mpl_fit *const fit = mk->own->fit;
    const char *const asked = mk->own->options.coef;
    size_t at = 0;
    while (at < fit->p && (asked ? strcmp(fit->terms[at].term, asked) : !strcmp(fit->terms[at].term, "intercept")))
        at++;
    if (at == fit->p && !asked)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--mods: the model has an intercept only");
    if (at < fit->p) {
        mk->own->coef = fit->terms[at].term;
        return MPL_OK;
    }
    mpl__text names = { 0 };
    for (size_t j = 0; j < fit->p; j++)
        mpl__text_format(&names, " %s", fit->terms[j].term);
    const mpl_status s = names.failed ? no_memory(mk)
                                      : mpl__fail(mk->err, MPL_ERR_NAME, "--coef: no coefficient '%s'; there are:%.*s",
                                                  asked, (int)names.size, names.data);
    mpl__text_free(&names);
    return s;
}

static mpl_status regress(mpl__maker *mk, const mpl_fit_options *fit)
{
    mpl_multiverse *const own = mk->own;
    const mpl_regress_options options = { .mods = own->options.mods };
    mpl_fit_options plain = *fit;
    if (!mk->base->data)
        return mpl__fail(mk->err, MPL_ERR_ARG, "moderators need the dataset");
    plain.pi = "none";
    plain.tau2_ci = "none";
    const mpl_status s = mpl_regress_new(mk->base->data, mk->base->effects, &plain, &options, &own->regression,
                                         mk->err);
    MPL_TRY(s == MPL_ERR_PARSE ? MPL_ERR_ARG : s); /* the formula is no data */
    own->effects = mk->view.effects = own->regression->effects;
    own->fit = mk->view.fit = own->regression->fit;
    return find_coef(mk);
}

/* The analysis itself, anew if it has other options than those it came with, or moderators. */
static mpl_status refit(mpl__maker *mk)
{
    const mpl__method_def *method;
    mpl_fit_options options = mk->base->fit->options;
    MPL_TRY(mpl__method_find(options.method, &method, mk->err));
    const bool differs = take_own(mk, method, &options);
    if (!differs && !mk->own->options.mods)
        return MPL_OK;
    mk->view = *mk->base;
    if (mk->own->options.mods) {
        MPL_TRY(regress(mk, &options));
    } else {
        MPL_TRY(mpl_fit_new(mk->base->effects, NULL, &options, &mk->own->own_fit, mk->err));
        mk->own->fit = mk->view.fit = mk->own->own_fit;
    }
    mk->base = &mk->view;
    return MPL_OK;
}

static mpl_status make(mpl__maker *mk, const mpl_run_options *run)
{
    mpl_multiverse *const own = mk->own;
    size_t done;
    if (own->fit->p != 1)
        return mpl__fail(mk->err, MPL_ERR_ARG, "moderators are for the option 'mods'; the fit has some");
    if (own->options.coef && !own->options.mods)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--coef needs moderators: --mods");
    MPL_TRY(copy_options(mk));
    MPL_TRY(refit(mk));
    MPL_TRY(mpl__multiverse_choose(mk));
    MPL_TRY(mpl__multiverse_fit(mk, run, &done));
    own->n_planned = mk->n_slots;
    own->is_partial = done < mk->n_slots;
    MPL_TRY(collect(mk));
    MPL_TRY(mpl__multiverse_join(mk));
    MPL_TRY(mpl__multiverse_sum_up(mk));
    MPL_TRY(mpl__multiverse_compare(mk));
    MPL_TRY(mpl__multiverse_measure(mk));
    MPL_TRY(mpl__multiverse_test(mk, run));
    add_notes(mk, done);
    own->notes = mk->notes.items;
    own->n_notes = mk->notes.n;
    return mk->notes.failed ? no_memory(mk) : MPL_OK;
}

static void free_work(mpl__maker *mk)
{
    for (size_t i = 0; mk->worlds && i < mk->n_worlds; i++) {
        mpl_regress_free(mk->worlds[i].regression);
        mpl_effects_free(mk->worlds[i].effects);
    }
    for (size_t i = 0; mk->slots && i < mk->n_slots; i++)
        mpl__free(mk->slots[i].why);
}

/* `keep` has it. */
static void drop(const mpl_multiverse *multiverse, mpl__arena *keep)
{
    if (multiverse) {
        mpl_fit_free(multiverse->own_fit);
        mpl_regress_free(multiverse->regression);
    }
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
