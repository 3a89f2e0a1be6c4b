/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Analyses that agree become one set, and so do those left out for one reason. A set is every combination of some
 * values of each choice, so that it can be named by them; what agrees but is no such product stays in several sets.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "diag/multiverse/maker.h"

/* Limits that differ by less than this part of the interval's width are the same. */
static const double SAME = 1e-8;

/* What is joined: `number`s decide who agrees, all of one `kind` only. */
typedef struct item {
    size_t at;        /* index of the analysis, or of the slot */
    size_t slot;
    size_t kind;
    double number[4]; /* the first in order; the second and third are limits */
    size_t key;       /* those who agree have the same */
} item;

/* A set while it grows: flags of values, choice after choice. */
typedef struct growing {
    size_t key, n, first;
    unsigned char *flags;
    size_t from, to, length; /* flags from..to are of the choice along which sets are being joined */
} growing;

typedef struct joiner {
    mpl__maker *mk;
    item *items;
    growing *sets;
    size_t n, length;
    bool any_pi; /* the kind of prediction interval plays no part */
} joiner;

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the sets of analyses");
}

/* ---- who agrees */

static int by_number(const void *a, const void *b)
{
    const item *const x = a, *const y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->number[0] != y->number[0])
        return x->number[0] < y->number[0] ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static bool is_close(double a, double b, double width)
{
    return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= SAME * width;
}

static bool agree(const item *a, const item *b)
{
    const double width = fabs(a->number[2] - a->number[1]);
    return a->kind == b->kind && is_close(a->number[0], b->number[0], width) &&
           is_close(a->number[1], b->number[1], width) && is_close(a->number[2], b->number[2], width) &&
           is_close(a->number[3], b->number[3], fmax(fabs(a->number[3]), 1));
}

/* Neighbours in order are compared as far back as their first numbers are close. */
static void assign_keys(const joiner *jn)
{
    item *const items = jn->items;
    qsort(items, jn->n, sizeof *items, by_number);
    for (size_t i = 0; i < jn->n; i++) {
        items[i].key = i;
        for (size_t j = i; j-- > 0 && items[j].kind == items[i].kind;) {
            if (agree(&items[j], &items[i])) {
                items[i].key = items[j].key;
                break;
            }
            const double width = fmax(fabs(items[i].number[2] - items[i].number[1]),
                                      fabs(items[j].number[2] - items[j].number[1]));
            if (!is_close(items[j].number[0], items[i].number[0], width))
                break;
        }
    }
}

/* ---- products */

static int by_rest(const void *a, const void *b)
{
    const growing *const x = a, *const y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    const int head = memcmp(x->flags, y->flags, x->from);
    const int tail = head ? head : memcmp(x->flags + x->to, y->flags + x->to, x->length - x->to);
    return tail ? tail : (x->first > y->first) - (x->first < y->first);
}

static bool same_rest(const growing *x, const growing *y)
{
    return x->key == y->key && !memcmp(x->flags, y->flags, x->from) &&
           !memcmp(x->flags + x->to, y->flags + x->to, x->length - x->to);
}

/* Sets that differ in one choice alone are one. */
static void join_along(joiner *jn, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = 0; i < jn->n; i++) {
        jn->sets[i].from = from;
        jn->sets[i].to = to;
    }
    qsort(jn->sets, jn->n, sizeof *jn->sets, by_rest);
    for (size_t i = 0; i < jn->n; i++) {
        if (n == 0 || !same_rest(&jn->sets[n - 1], &jn->sets[i])) {
            jn->sets[n++] = jn->sets[i];
            continue;
        }
        growing *const into = &jn->sets[n - 1];
        into->n += jn->sets[i].n;
        into->first = jn->sets[i].first < into->first ? jn->sets[i].first : into->first;
        for (size_t f = from; f < to; f++)
            into->flags[f] |= jn->sets[i].flags[f];
    }
    jn->n = n;
}

static int by_key(const void *a, const void *b)
{
    const growing *const x = a, *const y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static mpl_status grow(joiner *jn)
{
    const mpl__maker *const mk = jn->mk;
    for (size_t c = 0; c < MPL__CHOICES; c++)
        jn->length += mk->values[c].n;
    jn->sets = MPL_NEW(mk->scratch, growing, jn->n);
    if (!jn->sets)
        return no_memory(mk);
    for (size_t i = 0; i < jn->n; i++) {
        unsigned char *const flags = MPL_NEW(mk->scratch, unsigned char, jn->length);
        if (!flags)
            return no_memory(mk);
        for (size_t c = 0, at = 0; c < MPL__CHOICES; at += mk->values[c++].n)
            if (c == MPL__PI && (jn->any_pi || mk->slots[jn->items[i].slot].is_common))
                memset(flags + at, 1, mk->values[c].n);
            else
                flags[at + mpl__digit(mk, jn->items[i].slot, c)] = 1;
        jn->sets[i] = (growing){ .key = jn->items[i].key, .n = 1, .first = jn->items[i].at, .flags = flags,
                                 .length = jn->length };
    }
    for (size_t c = MPL__CHOICES, to = jn->length; c-- > 0; to -= mk->values[c].n)
        join_along(jn, to - mk->values[c].n, to);
    qsort(jn->sets, jn->n, sizeof *jn->sets, by_key);
    return MPL_OK;
}

/* ---- names */

static mpl_status name_values(const mpl__maker *mk, const mpl__values *v, const unsigned char *flags, const char **out)
{
    size_t n = 0;
    mpl__text t = { 0 };
    for (size_t i = 0; i < v->n; i++)
        n += flags[i];
    *out = "any";
    if (n == v->n && n > 1)
        return MPL_OK;
    for (size_t i = 0; i < v->n; i++)
        if (flags[i]) {
            mpl__text_add(&t, t.size ? ", " : "");
            mpl__text_add(&t, v->items[i].id);
        }
    *out = t.failed ? NULL : mpl__arena_copyn(mk->keep, t.data, t.size);
    mpl__text_free(&t);
    return *out ? MPL_OK : no_memory(mk);
}

static mpl_status name_sets(const joiner *jn, const mpl_alternative_set **out, mpl_alternative_set **made)
{
    const mpl__maker *const mk = jn->mk;
    mpl_alternative_set *const sets = MPL_NEW(mk->keep, mpl_alternative_set, jn->n);
    const char **const names = MPL_NEW(mk->keep, const char *, jn->n * MPL__CHOICES);
    if (!sets || !names)
        return no_memory(mk);
    for (size_t i = 0; i < jn->n; i++) {
        const growing *const g = &jn->sets[i];
        const char **const mine = names + i * MPL__CHOICES;
        for (size_t c = 0, at = 0; c < MPL__CHOICES; at += mk->values[c++].n)
            MPL_TRY(name_values(mk, &mk->values[c], g->flags + at, &mine[c]));
        sets[i] = (mpl_alternative_set){ .values = mine, .n = g->n, .first = g->first, .has_default = g->first == 0 };
    }
    *out = *made = sets;
    return MPL_OK;
}

static bool holds(const joiner *jn, const growing *set, size_t slot)
{
    for (size_t c = 0, at = 0; c < MPL__CHOICES; at += jn->mk->values[c++].n)
        if (!set->flags[at + mpl__digit(jn->mk, slot, c)])
            return false;
    return true;
}

/* Index of the set of an item. Sets are in the order of keys. */
static size_t find_set(const joiner *jn, const item *of)
{
    size_t lo = 0, hi = jn->n;
    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (jn->sets[middle].key < of->key)
            lo = middle + 1;
        else
            hi = middle;
    }
    while (lo < jn->n && jn->sets[lo].key == of->key && !holds(jn, &jn->sets[lo], of->slot))
        lo++;
    return lo;
}

/* ---- the three lists */

static mpl_status start(joiner *jn, mpl__maker *mk, size_t room)
{
    *jn = (joiner){ .mk = mk };
    jn->items = MPL_NEW(mk->scratch, item, room);
    return jn->items ? MPL_OK : no_memory(mk);
}

static mpl_status join_means(mpl__maker *mk)
{
    joiner jn;
    mpl_alternative_set *made;
    MPL_TRY(start(&jn, mk, mk->own->n));
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        if (mpl__is_mean(mk, i))
            jn.items[jn.n++] = (item){ .at = i, .slot = mk->slot_of[i], .kind = 2 * a->values[MPL__MEASURE] +
                                       a->is_common, .number = { a->mean.estimate, a->mean.ci_lb, a->mean.ci_ub,
                                                                 a->mean.log_pval } };
    }
    const size_t n = jn.n;
    jn.any_pi = true;
    assign_keys(&jn);
    MPL_TRY(grow(&jn));
    MPL_TRY(name_sets(&jn, &mk->own->mean_sets, &made));
    mk->own->n_mean_sets = jn.n;
    for (size_t j = 0; j < n; j++)
        mk->all[jn.items[j].at].mean_set = find_set(&jn, &jn.items[j]);
    for (size_t i = 0; i < mk->own->n; i++) /* analyses with the same interval follow each other */
        if (!mpl__is_mean(mk, i))
            mk->all[i].mean_set = mk->all[i - 1].mean_set;
    return MPL_OK;
}

static mpl_status join_predictions(mpl__maker *mk)
{
    joiner jn;
    mpl_alternative_set *made;
    MPL_TRY(start(&jn, mk, mk->own->n));
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        if (!isnan(a->pi_lb))
            jn.items[jn.n++] = (item){ .at = i, .slot = mk->slot_of[i], .kind = a->values[MPL__MEASURE],
                                       .number = { a->pi_lb, a->pi_lb, a->pi_ub, 0 } };
    }
    const size_t n = jn.n;
    assign_keys(&jn);
    MPL_TRY(grow(&jn));
    MPL_TRY(name_sets(&jn, &mk->own->prediction_sets, &made));
    mk->own->n_prediction_sets = jn.n;
    for (size_t j = 0; j < n; j++)
        mk->all[jn.items[j].at].prediction_set = find_set(&jn, &jn.items[j]);
    return MPL_OK;
}

/* Reasons instead of numbers: each text, where it first came, is a key. */
static mpl_status join_left_out(mpl__maker *mk)
{
    joiner jn;
    mpl_alternative_set *made;
    const char **const texts = MPL_NEW(mk->keep, const char *, mk->own->n_left_out);
    size_t n_texts = 0;
    MPL_TRY(start(&jn, mk, mk->own->n_left_out));
    if (!texts)
        return no_memory(mk);
    for (size_t i = 0; i < mk->n_slots && jn.n < mk->own->n_left_out; i++) {
        size_t t = n_texts;
        if (!mk->slots[i].why)
            continue;
        while (t > 0 && strcmp(texts[t - 1], mk->slots[i].why))
            t--;
        if (t == 0) {
            texts[n_texts] = mpl__arena_copy(mk->keep, mk->slots[i].why);
            if (!texts[n_texts++])
                return no_memory(mk);
            t = n_texts;
        }
        jn.items[jn.n++] = (item){ .at = i, .slot = i, .key = t - 1 };
    }
    MPL_TRY(grow(&jn));
    MPL_TRY(name_sets(&jn, &mk->own->left_out_sets, &made));
    mk->own->n_left_out_sets = jn.n;
    for (size_t i = 0; i < jn.n; i++) {
        made[i].why = texts[jn.sets[i].key];
        made[i].first = 0;
        made[i].has_default = false;
    }
    return MPL_OK;
}

mpl_status mpl__multiverse_join(mpl__maker *mk)
{
    MPL_TRY(join_means(mk));
    MPL_TRY(join_predictions(mk));
    return join_left_out(mk);
}
