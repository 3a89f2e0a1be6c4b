/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns allow no measure. Of every route that has some columns, what it lacks is looked at; routes that have
 * most and lack the same are one proposal, and those that lack least are told.
 */
#include "effect/nearest.h"

#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/text.h"
#include "effect/input.h"

enum { MOST_GROUPS = 64, TOLD_GROUPS = 4, TOLD_MEASURES = 3 };

/* Measures that lack the same columns. */
typedef struct group {
    char roles[MPL__LACK_SIZE]; /* divided by blanks */
    size_t n_roles, n_measures;
    const char *id[TOLD_MEASURES], *last;
} group;

typedef struct search {
    size_t present; /* columns that the routes of the groups have */
    size_t n;
    group groups[MOST_GROUPS];
} search;

static void add(search *s, const char *id, const char *roles, size_t n_roles)
{
    size_t g = 0;
    while (g < s->n && strcmp(s->groups[g].roles, roles))
        g++;
    if (g == MOST_GROUPS)
        return;
    group *const at = &s->groups[g];
    if (g == s->n) {
        *at = (group){ .n_roles = n_roles };
        memcpy(at->roles, roles, strlen(roles) + 1);
        s->n++;
    }
    if (at->last == id)
        return;
    if (at->n_measures < TOLD_MEASURES)
        at->id[at->n_measures] = id;
    at->n_measures++;
    at->last = id;
}

static void look(search *s, const mpl_measure *measure, const mpl_dataset *data)
{
    const bool generic = measure->is_generic;
    for (size_t r = 0; r < measure->n_routes; r++) {
        char roles[MPL__LACK_SIZE];
        size_t present;
        const size_t n = mpl__route_lacks(&measure->routes[r], data, roles, &present);
        if (n == 0 || present == 0 || present < s->present ||
            (!generic && mpl__route_is_reported(&measure->routes[r])))
            continue;
        if (present > s->present)
            s->n = 0;
        s->present = present;
        add(s, measure->method.id, roles, n);
    }
}

/* Lacks less; then of more measures. */
static bool is_better(const group *a, const group *b)
{
    return a->n_roles < b->n_roles || (a->n_roles == b->n_roles && a->n_measures > b->n_measures);
}

/* "m1i, sd1i and n1i". */
static void add_roles(mpl__text *t, const group *g)
{
    size_t n, left = g->n_roles;
    for (const char *p = g->roles, *role; (role = mpl__next_word(&p, &n)); left--) {
        mpl__text_addn(t, role, n);
        mpl__text_add(t, left > 2 ? ", " : left == 2 ? " and " : "");
    }
}

/* The same measures, as far as they are told, and as many columns. */
static bool is_alternative(const group *a, const group *b)
{
    return !memcmp(a->id, b->id, sizeof a->id) && a->n_roles == b->n_roles;
}

static void tell(mpl__text *t, search *s)
{
    for (size_t told = 0; told < TOLD_GROUPS; told++) {
        const group *best = NULL;
        for (size_t g = 0; g < s->n; g++)
            if (s->groups[g].n_measures && (!best || is_better(&s->groups[g], best)))
                best = &s->groups[g];
        if (!best)
            return;
        const group first = *best;
        size_t n = 0;
        mpl__text_add(t, told ? "; with " : "with ");
        for (size_t g = 0; g < s->n; g++)
            if (s->groups[g].n_measures && is_alternative(&s->groups[g], &first)) {
                mpl__text_add(t, n++ ? ", or " : "");
                add_roles(t, &s->groups[g]);
                s->groups[g].n_measures = 0;
            }
        mpl__text_add(t, told ? ": " : " they would allow ");
        for (size_t m = 0; m < first.n_measures && m < TOLD_MEASURES; m++) {
            mpl__text_add(t, m ? " " : "");
            mpl__text_add(t, first.id[m]);
        }
        mpl__text_add(t, first.n_measures > TOLD_MEASURES ? " ..." : "");
    }
}

mpl_status mpl__nearest_fail(const mpl_dataset *data, mpl_error *err)
{
    const mpl_measure *const generic = mpl_measure_find("GEN");
    search s = { .present = 0 };
    mpl__text t = { .data = NULL };
    const mpl_column *const yi = mpl_dataset_find(data, "yi");
    const mpl_method *m;
    if (yi && yi->role && !strcmp(yi->role, "yi")) /* effects without variances are effects */
        look(&s, generic, data);
    else
        for (size_t i = 0; (m = mpl_measure_method(i)); i++)
            look(&s, mpl_measure_find(m->id), data);
    tell(&t, &s);
    const mpl_status status =
        t.failed ? mpl__fail_nomem(err, "a message")
        : s.n == 0
            ? mpl__fail(err, MPL_ERR_ARG, "no measure given, and the columns allow none: there is no yi with vi, sei "
                        "or an interval, and no set of raw data; give --measure, and --columns role=name for columns "
                        "whose names say nothing")
            : mpl__fail(err, MPL_ERR_ARG, "no measure given, and the columns allow none; %s (name columns with "
                        "--columns role=name)", t.data);
    mpl__text_free(&t);
    return status;
}
