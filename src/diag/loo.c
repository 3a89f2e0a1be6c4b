/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leave-one-out: the pooled result without each study, or without each cluster of studies. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/refits.h"

const mpl_option *mpl_loo_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "cluster", MPL_MEMBER(TEXT, mpl_loo_options, cluster), .arg = "COLUMN",
          .help = "leave out all studies with the same value in this column together", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

/* A unit and its cluster. */
typedef struct member {
    const char *value; /* NULL = none */
    size_t unit;
} member;

static int by_value(const void *a, const void *b)
{
    const member *const x = a, *const y = b;
    const int c = strcmp(x->value, y->value);
    return c ? c : (x->unit > y->unit) - (x->unit < y->unit);
}

static int by_unit(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Units with a value, those of one cluster side by side; the rest in a note. */
static mpl_status list_members(mpl__refits_maker *mk, const mpl_column *column, member *members, size_t *n)
{
    const mpl__refitter *const r = &mk->refitter;
    *n = 0;
    for (size_t u = 0; u < r->n; u++) {
        const char *const value = column->text[r->index[u]];
        if (value)
            members[(*n)++] = (member){ value, u };
        else
            mpl__note_add_row(&mk->notes, "no-cluster", r->row[u], r->slab[u],
                              "has no value in '%s', so it is never left out", column->name);
    }
    if (*n == 0)
        return mpl__fail(mk->err, MPL_ERR_DATA, "column '%s' has no value for any study", column->name);
    qsort(members, *n, sizeof *members, by_value);
    return MPL_OK;
}

static mpl_status drop_cluster(mpl__refits_maker *mk, size_t i, const member *members, size_t n)
{
    const mpl__refitter *const r = &mk->refitter;
    const mpl_refit row = { .label = members[0].value, .row = n == 1 ? r->row[members[0].unit] : 0, .n_changed = n };
    for (size_t j = 0; j < n; j++)
        mk->used[members[j].unit] = false;
    const mpl_status s = mpl__refits_add(mk, i, &row);
    for (size_t j = 0; j < n; j++)
        mk->used[members[j].unit] = true;
    return s;
}

static mpl_status drop_clusters(mpl__refits_maker *mk, const char *name)
{
    const mpl_column *column;
    size_t n, n_clusters = 0;
    if (!mk->analysis->data)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--cluster: there is no dataset to take the column '%s' from", name);
    MPL_TRY(mpl__within(mk->err, mpl_dataset_get(mk->analysis->data, name, &column, mk->err), "--cluster"));
    member *const members = MPL_NEW(mk->scratch, member, mk->refitter.n);
    size_t *const first = MPL_NEW(mk->scratch, size_t, 2 * mk->refitter.n); /* pairs: unit, place in members */
    mk->own->column = mpl__arena_copy(mk->keep, column->name);
    if (!members || !first || !mk->own->column)
        return mpl__fail_nomem(mk->err, "the clusters");
    MPL_TRY(list_members(mk, column, members, &n));
    for (size_t j = 0; j < n; j++)
        if (j == 0 || strcmp(members[j].value, members[j - 1].value)) {
            first[2 * n_clusters] = members[j].unit;
            first[2 * n_clusters++ + 1] = j;
        }
    if (n_clusters < 2)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "column '%s' has one value: without it nothing is left",
                         column->name);
    qsort(first, n_clusters, 2 * sizeof *first, by_unit); /* in order of first appearance */
    MPL_TRY(mpl__refits_start(mk, n_clusters));
    for (size_t c = 0; c < n_clusters; c++) {
        const size_t from = first[2 * c + 1];
        size_t size = 1;
        while (from + size < n && !strcmp(members[from].value, members[from + size].value))
            size++;
        MPL_TRY(drop_cluster(mk, c, members + from, size));
    }
    return MPL_OK;
}

static mpl_status drop_studies(mpl__refits_maker *mk)
{
    const mpl__refitter *const r = &mk->refitter;
    if (r->n < 2)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "a study can be left out of two or more; there is %zu", r->n);
    MPL_TRY(mpl__refits_start(mk, r->n));
    for (size_t u = 0; u < r->n; u++) {
        mk->used[u] = false;
        MPL_TRY(mpl__refits_add(mk, u, &(mpl_refit){ .label = r->slab[u], .row = r->row[u], .n_changed = 1 }));
        mk->used[u] = true;
    }
    return MPL_OK;
}

static mpl_status run(mpl__refits_maker *mk)
{
    const mpl_loo_options *const o = mk->own->options;
    memset(mk->used, true, mk->refitter.n);
    return o->cluster ? drop_clusters(mk, o->cluster) : drop_studies(mk);
}

static const mpl__refits_def loo = {
    .method = { "loo", "pooled without each study in turn", "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125",
                NULL, NULL },
    .table = mpl_loo_option_table,
    .options_size = sizeof(mpl_loo_options),
    .run = run,
};

mpl_status mpl_loo_new(const mpl_analysis *analysis, const mpl_loo_options *options, mpl_refits **out, mpl_error *err)
{
    return mpl__refits_make(&loo, analysis, options, out, err);
}
