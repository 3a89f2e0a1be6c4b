/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choices that analysts may differ in, and their values: lists of ids become rows of registries. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "diag/multiverse/maker.h"
#include "effect/measure.h"
#include "model/tau2_impl.h"

enum { MOST_SLOTS = 200000 };

/* ---- rules for zero cells */

typedef struct zeros_rule {
    mpl_method method;
    const char *to, *increments;
    bool drop00;
} zeros_rule;

static const zeros_rule zeros_rules[] = {
#define MPL_ZEROS(id, title, cite, to, increments, drop00) { { id, title, cite, NULL, NULL }, to, increments, drop00 },
#include "diag/multiverse/zeros.def"
#undef MPL_ZEROS
};

const mpl_method *mpl_zeros_method(size_t i)
{
    return i < sizeof zeros_rules / sizeof *zeros_rules ? &zeros_rules[i].method : NULL;
}

static const char *own_zeros(const mpl_analysis *a)
{
    const mpl_effect_options *const o = &a->effects->options;
    for (size_t i = 0; o->to && o->increments && i < sizeof zeros_rules / sizeof *zeros_rules; i++)
        if (!strcmp(zeros_rules[i].to, o->to) && !strcmp(zeros_rules[i].increments, o->increments) &&
            zeros_rules[i].drop00 == o->drop00)
            return zeros_rules[i].method.id;
    return NULL;
}

static const char *describe_zeros(const mpl_analysis *a, mpl__arena *keep)
{
    const mpl_effect_options *const o = &a->effects->options;
    return o->to && o->increments ? mpl__arena_format(keep, "--to %s --increments %s%s", o->to, o->increments,
                                                      o->drop00 ? " --drop00" : "")
                                  : "given";
}

static void set_zeros(mpl__plan *plan, const mpl_method *value)
{
    const zeros_rule *const rule = (const zeros_rule *)(const void *)value;
    plan->effect.to = rule->to;
    plan->effect.increments = rule->increments;
    plan->effect.drop00 = rule->drop00;
}

bool mpl__multiverse_has_zero(const mpl_effects *es)
{
    const mpl_counts *const c = es->counts;
    const bool is_time = c && (c->shape == MPL_COUNTS_RATES || c->shape == MPL_COUNTS_RATE);
    for (size_t i = 0; c && i < c->n; i++)
        if (c->x1[i] == 0 || (c->x2 && c->x2[i] == 0) ||
            (!is_time && (c->x1[i] == c->n1[i] || (c->x2 && c->x2[i] == c->n2[i]))))
            return true;
    return false;
}

/* ---- the other choices */

static const char *own_measure(const mpl_analysis *a)
{
    return a->effects->measure->method.id;
}

static bool suits_measure(const mpl__maker *mk, const mpl_method *value)
{
    const char *const family = mk->base->effects->measure->family;
    const char *const other = ((const mpl_measure *)(const void *)value)->family;
    return family == other || (family && other && !strcmp(family, other));
}

static void set_measure(mpl__plan *plan, const mpl_method *value)
{
    plan->effect.measure = value->id;
}

static const char *own_method(const mpl_analysis *a)
{
    return a->fit->method->id;
}

/* Those for counts only where they are defined for one of the measures. */
static bool suits_method(const mpl__maker *mk, const mpl_method *value)
{
    const char *const measures = mpl_fit_method_measures(value);
    bool is_defined = !measures;
    for (size_t i = 0; i < mk->values[MPL__MEASURE].n && mk->base->effects->counts; i++)
        is_defined = is_defined || mpl__has_word(measures, mk->values[MPL__MEASURE].rows[i]->id);
    return is_defined;
}

static void set_method(mpl__plan *plan, const mpl_method *value)
{
    plan->fit.method = value->id;
}

static const char *own_test(const mpl_analysis *a)
{
    return a->fit->test->id;
}

static void set_test(mpl__plan *plan, const mpl_method *value)
{
    plan->fit.test = value->id;
}

/* One true effect has no prediction interval: what others take is not the analysis's choice. */
static const char *own_pi(const mpl_analysis *a)
{
    const mpl__method_def *def;
    const bool is_common = mpl__method_find(a->fit->method->id, &def, NULL) == MPL_OK && def->is_common;
    return is_common ? NULL : a->fit->pi->id;
}

static void set_pi(mpl__plan *plan, const mpl_method *value)
{
    plan->fit.pi = value->id;
}

#define SOURCE .cite = "Steegen et al. 2016, Perspect Psychol Sci 11:702-712"
#define LIST(member) offsetof(mpl_multiverse_options, member)

const mpl__choice_def mpl__choices[MPL__CHOICES] = {
    [MPL__STUDIES] = { .method = { .id = "studies", .title = "which studies are pooled", SOURCE },
                       .heading = "Studies", .name = "set of studies", .names = "sets of studies",
                       .is_of_effects = true },
    [MPL__MEASURE] = { .method = { .id = "measure", .title = "the effect measure", SOURCE },
                       .heading = "Measure", .name = "measure", .names = "measures",
                       .registry = mpl_measure_method,
                       .is_of_effects = true, .option = "measures", .list = LIST(measures), .suits = suits_measure,
                       .own = own_measure, .set = set_measure },
    [MPL__ZEROS] = { .method = { .id = "zeros", .title = "what is done about zero cells", SOURCE },
                     .heading = "Zero cells", .name = "rule for zero cells", .names = "rules for zero cells",
                     .registry = mpl_zeros_method, .is_of_effects = true, .option = "zeros", .list = LIST(zeros),
                     .usual = "only0 treatment-arm none", .own = own_zeros, .describe = describe_zeros,
                     .set = set_zeros },
    [MPL__METHOD] = { .method = { .id = "method", .title = "the pooling method", SOURCE },
                      .heading = "Method", .name = "method", .names = "methods", .registry = mpl_fit_method,
                      .option = "methods", .list = LIST(methods), .usual = "REML ML DL PM HE SJ EE MH PETO GLMM",
                      .suits = suits_method, .own = own_method, .set = set_method },
    [MPL__TEST] = { .method = { .id = "test", .title = "the test, which gives the interval of the mean", SOURCE },
                    .heading = "Test", .name = "test", .names = "tests",
                    .registry = mpl_test_method, .option = "tests", .list = LIST(tests), .usual = "hksj hksj-adhoc z",
                    .own = own_test, .set = set_test },
    [MPL__PI] = { .method = { .id = "pi", .title = "the kind of prediction interval", SOURCE },
                  .heading = "PI", .name = "prediction interval", .names = "prediction intervals",
                  .registry = mpl_pi_method,
                  .option = "pis", .list = LIST(pis), .usual = "auto HTS NNF", .unusual = "none", .own = own_pi,
                  .set = set_pi },
};

const mpl_method *mpl_choice_method(size_t i)
{
    return i < MPL__CHOICES ? &mpl__choices[i].method : NULL;
}

/* ---- lists to values */

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the choices");
}

static mpl_status make_room(const mpl__maker *mk, mpl__values *v)
{
    const size_t room = v->room ? 2 * v->room : 8;
    mpl_choice_value *const items = MPL_NEW(mk->keep, mpl_choice_value, room);
    const mpl_method **const rows = MPL_NEW(mk->scratch, const mpl_method *, room);
    mpl__setting *const settings = MPL_NEW(mk->scratch, mpl__setting, room);
    if (!items || !rows || !settings)
        return no_memory(mk);
    if (v->n) {
        memcpy(items, v->items, v->n * sizeof *items);
        memcpy(rows, v->rows, v->n * sizeof *rows);
        memcpy(settings, v->settings, v->n * sizeof *settings);
    }
    v->items = items;
    v->rows = rows;
    v->settings = settings;
    v->room = room;
    return MPL_OK;
}

static mpl_status add(mpl__maker *mk, size_t choice, const char *id, const char *title, const mpl_method *row,
                      mpl__setting setting)
{
    mpl__values *const v = &mk->values[choice];
    for (size_t i = 0; row && i < v->n; i++)
        if (v->rows[i] == row && v->settings[i].option == setting.option && v->settings[i].id == setting.id)
            return MPL_OK;
    if (v->n == v->room)
        MPL_TRY(make_room(mk, v));
    if (!id || !title)
        return no_memory(mk);
    v->items[v->n] = (mpl_choice_value){ .id = id, .title = title };
    v->settings[v->n] = setting;
    v->rows[v->n++] = row;
    return MPL_OK;
}

static mpl_status add_row(mpl__maker *mk, size_t choice, const mpl_method *row)
{
    return add(mk, choice, row->id, row->title, row, (mpl__setting){ NULL, NULL });
}

/* A method under one of its options: GLMM:CM.EL. What the method is without it has its plain name. */
static mpl_status add_kind(mpl__maker *mk, const mpl_method *row, const mpl_option *option, const mpl_method *kind)
{
    const char *const plain = mpl__kind_plain(mk, option);
    if (plain && !strcmp(plain, kind->id))
        return add_row(mk, MPL__METHOD, row);
    return add(mk, MPL__METHOD, mpl__arena_format(mk->keep, "%s:%s", row->id, kind->id),
               mpl__arena_format(mk->keep, "%s: %s", row->title, kind->title), row,
               (mpl__setting){ option, kind->id });
}

/* All kinds of a method that these data can tell apart. */
static mpl_status add_kinds(mpl__maker *mk, const mpl_method *row)
{
    const mpl_method *kind;
    const mpl_option *option = mpl_fit_option_table();
    for (; option->name; option++)
        for (size_t i = 0; option->choice && (kind = option->choice(i)); i++) {
            const mpl_method *found;
            if (mpl__kind_option(row, kind->id, &found) == option && mpl__kind_suits(mk, option, kind))
                MPL_TRY(add_kind(mk, row, option, kind));
        }
    return MPL_OK;
}

/* All rows, or those that `only` names, as far as they suit; of methods, with their kinds unless these are named. */
static mpl_status add_rows(mpl__maker *mk, size_t choice, const char *only)
{
    const mpl__choice_def *const def = &mpl__choices[choice];
    const mpl_method *row;
    for (size_t i = 0; (row = def->registry(i)); i++)
        if ((!only || mpl__has_word(only, row->id)) && !mpl__has_word(def->unusual, row->id) &&
            (!def->suits || def->suits(mk, row))) {
            MPL_TRY(add_row(mk, choice, row));
            const bool is_usual_kind = !strcmp(row->id, "MH"); /* both conventions are in use */
            if (choice == MPL__METHOD && (!only || is_usual_kind))
                MPL_TRY(add_kinds(mk, row));
        }
    return MPL_OK;
}

/* "REML", "GLMM:CM.EL" */
static mpl_status add_named(mpl__maker *mk, size_t choice, char *id)
{
    const mpl__choice_def *const def = &mpl__choices[choice];
    char *const colon = choice == MPL__METHOD ? strchr(id, ':') : NULL;
    const mpl_method *row, *kind = NULL;
    if (colon)
        *colon = '\0';
    MPL_TRY(mpl__within(mk->err, mpl__method_get(def->registry, def->method.id, id, &row, mk->err), "--%s",
                        def->option));
    if (!colon)
        return add_row(mk, choice, row);
    const mpl_option *const option = mpl__kind_option(row, colon + 1, &kind);
    if (!option)
        return mpl__fail(mk->err, MPL_ERR_NAME, "--%s: method %s has no kind '%s'; see 'metapool list glmm-models', "
                         "'list mh-counts' and 'list rd-variances'", def->option, row->id, colon + 1);
    return add_kind(mk, row, option, kind);
}

/* The words of a list: ids, "usual", "all". */
static mpl_status add_list(mpl__maker *mk, size_t choice, const char *list)
{
    const mpl__choice_def *const def = &mpl__choices[choice];
    for (const char *p = list; *p;) {
        char id[100];
        p += strspn(p, ", ");
        const size_t n = strcspn(p, ", ");
        snprintf(id, sizeof id, "%.*s", n < sizeof id ? (int)n : (int)sizeof id - 1, p);
        p += n;
        if (!strcmp(id, "usual") && def->usual) {
            MPL_TRY(add_rows(mk, choice, def->usual));
        } else if (!strcmp(id, "all")) {
            MPL_TRY(add_rows(mk, choice, NULL));
        } else if (n) {
            MPL_TRY(add_named(mk, choice, id));
        }
    }
    return MPL_OK;
}

static mpl_status choose_rows(mpl__maker *mk, size_t choice)
{
    const mpl__choice_def *const def = &mpl__choices[choice];
    const char *const id = def->own(mk->base), *list;
    const mpl_method *const own = mpl_method_find(def->registry, id);
    memcpy(&list, (const char *)&mk->own->options + def->list, sizeof list);
    if (choice == MPL__PI && mk->own->coef)
        return list ? mpl__fail(mk->err, MPL_ERR_ARG, "--pis is for a mean; a coefficient has no prediction interval")
                    : add_row(mk, choice, mpl_method_find(def->registry, "none"));
    if (own)
        MPL_TRY(add_row(mk, choice, own));
    else if (def->describe)
        MPL_TRY(add(mk, choice, def->describe(mk->base, mk->keep), "as the options say", NULL,
                    (mpl__setting){ NULL, NULL }));
    if (!list && choice == MPL__ZEROS && !mpl__multiverse_has_zero(mk->base->effects))
        return MPL_OK;
    if (!list && own && mpl__has_word(def->unusual, own->id))
        return MPL_OK;
    if (list)
        MPL_TRY(add_list(mk, choice, list));
    else if (def->usual)
        MPL_TRY(add_rows(mk, choice, def->usual));
    return mk->values[choice].n ? MPL_OK : mpl__fail(mk->err, MPL_ERR_ARG, "--%s: the list is empty", def->option);
}

/* ---- which studies */

static mpl_status add_subsets(mpl__maker *mk)
{
    const char *const list = mk->own->options.subsets;
    for (const char *p = list; p && *p;) {
        const size_t n = strcspn(p, ";"), blanks = strspn(p, " ");
        if (blanks < n) {
            size_t length = n - blanks;
            while (p[blanks + length - 1] == ' ')
                length--;
            MPL_TRY(add(mk, MPL__STUDIES, mpl__arena_copyn(mk->keep, p + blanks, length), "these studies alone",
                        NULL, (mpl__setting){ NULL, NULL }));
            mk->n_subsets++;
        }
        p += n + (p[n] == ';');
    }
    return MPL_OK;
}

static mpl_status choose_studies(mpl__maker *mk)
{
    const mpl_effects *const es = mk->base->effects;
    MPL_TRY(add(mk, MPL__STUDIES, "all", "all studies", NULL, (mpl__setting){ NULL, NULL }));
    MPL_TRY(add_subsets(mk));
    for (size_t i = 0; mk->own->options.leave_one_out && es->k > 1 && i < es->k; i++)
        MPL_TRY(add(mk, MPL__STUDIES, mpl__arena_format(mk->keep, "without %s", es->slab[i]), "all studies but one",
                    NULL, (mpl__setting){ NULL, NULL }));
    return MPL_OK;
}

mpl_status mpl__multiverse_choose(mpl__maker *mk)
{
    MPL_TRY(choose_studies(mk));
    for (size_t c = MPL__STUDIES + 1; c < MPL__CHOICES; c++)
        MPL_TRY(choose_rows(mk, c));
    size_t stride = 1;
    for (size_t c = MPL__CHOICES; c-- > 0;) {
        mk->values[c].stride = stride;
        if (stride * mk->values[c].n > MOST_SLOTS)
            return mpl__fail(mk->err, MPL_ERR_LIMIT, "these choices make more than %d combinations", MOST_SLOTS);
        stride *= mk->values[c].n;
    }
    mk->n_slots = stride;
    mk->n_worlds = stride / mk->values[MPL__ZEROS].stride;
    const bool varies_data = mk->values[MPL__MEASURE].n > 1 || mk->values[MPL__ZEROS].n > 1 || mk->n_subsets;
    if (varies_data && !mk->base->data)
        return mpl__fail(mk->err, MPL_ERR_ARG, "measures, rules for zero cells and subsets need the dataset");
    if (mk->values[MPL__MEASURE].n > 1 && mk->own->options.threshold.given && !mk->own->coef)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--threshold is on the scale of one measure; here are %zu",
                         mk->values[MPL__MEASURE].n);
    return MPL_OK;
}
