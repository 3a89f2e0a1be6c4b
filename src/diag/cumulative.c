/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative pooling: the first study, the first two, and so on in the order of a column. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/refits.h"
#include "effect/order.h"

const mpl_option *mpl_cumulative_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "order", MPL_MEMBER(TEXT, mpl_cumulative_options, order), .arg = "KEY",
          .help = "order of the studies: a dataset column, yi, vi, ni or weight; -KEY reverses; else as in the file",
          .since = "0.1.0" },
        { .name = "collapse", MPL_MEMBER(FLAG, mpl_cumulative_options, collapse),
          .help = "add studies with the same value together", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

static const char *name_of(const char *order)
{
    return order && *order == '-' ? order + 1 : order;
}

/* The value by which a study was ordered, as text; NULL = missing. */
static const char *value_of(const mpl__order_key *key, char number[350])
{
    if (key->text)
        return key->text;
    if (isnan(key->number))
        return NULL;
    if (key->number == floor(key->number))
        mpl__number_write(key->number, number);
    else
        mpl__number_significant(key->number, 6, number);
    return number;
}

static mpl_status add(mpl__refits_maker *mk, const mpl__order_key *keys, size_t i, size_t from, size_t to)
{
    const mpl__refitter *const r = &mk->refitter;
    const mpl__order_key *const last = &keys[to - 1];
    char number[350];
    mpl_refit row = { .label = r->slab[last->index], .row = r->row[last->index], .n_changed = to - from };
    if (mk->own->column)
        row.value = value_of(last, number);
    if (to - from > 1) {
        row.row = 0;
        row.label = row.value;
    }
    for (size_t j = from; j < to; j++)
        mk->used[keys[j].index] = true;
    return mpl__refits_add(mk, i, &row);
}

static mpl_status run(mpl__refits_maker *mk)
{
    const mpl_cumulative_options *const o = mk->own->options;
    const mpl__refitter *const r = &mk->refitter;
    const mpl_analysis *const a = mk->analysis;
    mpl__order_key *const keys = MPL_NEW(mk->scratch, mpl__order_key, r->n);
    size_t *const ends = MPL_NEW(mk->scratch, size_t, r->n);
    size_t n = 0;
    if (!keys || !ends)
        return mpl__fail_nomem(mk->err, "the order of the studies");
    if (o->collapse && !o->order)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--collapse needs --order: the column whose equal values go together");
    MPL_TRY(mpl__order_read(a->data, a->effects, r->is_by_counts, a->fit->weights, o->order, "--order", keys,
                            mk->err));
    if (o->order) {
        mk->own->column = mpl__arena_copy(mk->keep, name_of(o->order));
        if (!mk->own->column)
            return mpl__fail_nomem(mk->err, "the order of the studies");
    }
    qsort(keys, r->n, sizeof *keys, mpl__order_compare);
    for (size_t j = 0; j < r->n; j++) {
        const bool is_missing = !keys[j].text && isnan(keys[j].number);
        if (is_missing)
            mpl__note_add_row(&mk->notes, "no-order", r->row[keys[j].index], r->slab[keys[j].index],
                              "has no value in '%s' and comes last", mk->own->column);
        if (!o->collapse || j + 1 == r->n || is_missing || !mpl__order_is_tie(&keys[j], &keys[j + 1]))
            ends[n++] = j + 1;
    }
    MPL_TRY(mpl__refits_start(mk, n));
    for (size_t i = 0; i < n; i++)
        MPL_TRY(add(mk, keys, i, i ? ends[i - 1] : 0, ends[i]));
    return MPL_OK;
}

static const mpl__refits_def cumulative = {
    .method = { "cumulative", "pooled after each study in turn", "Lau et al. 1992, N Engl J Med 327:248-254", NULL,
                NULL },
    .table = mpl_cumulative_option_table,
    .options_size = sizeof(mpl_cumulative_options),
    .run = run,
};

mpl_status mpl_cumulative_new(const mpl_analysis *analysis, const mpl_cumulative_options *options, mpl_refits **out,
                              mpl_error *err)
{
    return mpl__refits_make(&cumulative, analysis, options, out, err);
}
