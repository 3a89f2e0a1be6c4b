/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lists of refits have in common; see refits.h. */
#include "diag/refits.h"

#include <string.h>

#include "base/error.h"

static mpl_status no_memory(mpl_error *err)
{
    return mpl__fail_nomem(err, "the fits to parts of the studies");
}

mpl_status mpl__refits_start(mpl__refits_maker *mk, size_t n)
{
    mk->own->rows = mk->rows = MPL_NEW(mk->keep, mpl_refit, n);
    mk->own->n = n;
    return mk->rows ? MPL_OK : no_memory(mk->err);
}

mpl_status mpl__refits_add(mpl__refits_maker *mk, size_t i, const mpl_refit *row)
{
    mpl_refit *const to = &mk->rows[i];
    *to = *row;
    to->label = mpl__arena_copy(mk->keep, row->label ? row->label : "");
    to->value = mpl__arena_copy(mk->keep, row->value);
    if (!to->label || (row->value && !to->value))
        return no_memory(mk->err);
    MPL_TRY(mpl__refit(&mk->refitter, mk->used, &to->fit, &to->why, mk->err));
    if (!to->fit)
        mpl__note_add_row(&mk->notes, "not-refitted", to->row, to->label, "no fit at this row: %s", to->why);
    else if (!to->fit->converged)
        mpl__note_add_row(&mk->notes, "not-converged", to->row, to->label,
                          "at this row the search for tau2 stopped before its bracket shrank to the tolerance");
    else if (to->fit->n_maxima > 1)
        mpl__note_add_row(&mk->notes, "several-maxima", to->row, to->label,
                          "at this row the likelihood has several local maxima in tau2; the highest is used");
    return MPL_OK;
}

/* A copy of the options with their texts. */
static mpl_status keep_options(mpl__refits_maker *mk, const mpl__refits_def *def, const void *options)
{
    char *const copy = MPL_NEW(mk->keep, char, def->options_size);
    if (!copy)
        return no_memory(mk->err);
    if (options)
        memcpy(copy, options, def->options_size);
    mk->own->options = copy;
    mk->own->option_table = def->table();
    for (const mpl_option *row = def->table(); row->name; row++) {
        const char *text = NULL;
        if (row->kind == MPL_OPTION_TEXT)
            memcpy(&text, copy + row->offset, sizeof text);
        if (!text)
            continue;
        text = mpl__arena_copy(mk->keep, text);
        if (!text)
            return no_memory(mk->err);
        memcpy(copy + row->offset, &text, sizeof text);
    }
    return MPL_OK;
}

static mpl_status run(mpl__refits_maker *mk, const mpl__refits_def *def, const void *options)
{
    const mpl_analysis *const a = mk->analysis;
    if (a->fit->p != 1)
        return mpl__fail(mk->err, MPL_ERR_ARG, "this is for a pooled mean; the fit has moderators");
    MPL_TRY(mpl__refitter_init(&mk->refitter, a->effects, NULL, a->fit, mk->keep, mk->scratch, mk->err));
    mk->used = MPL_NEW(mk->scratch, bool, mk->refitter.n);
    if (!mk->used)
        return no_memory(mk->err);
    MPL_TRY(keep_options(mk, def, options));
    MPL_TRY(def->run(mk));
    mk->own->notes = mk->notes.items;
    mk->own->n_notes = mk->notes.n;
    return mk->notes.failed ? no_memory(mk->err) : MPL_OK;
}

mpl_status mpl__refits_make(const mpl__refits_def *def, const mpl_analysis *analysis, const void *options,
                            mpl_refits **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_refits *const own = MPL_NEW(keep, mpl_refits, 1);
    mpl_status s;
    if (own && scratch) {
        mpl__refits_maker mk = { .analysis = analysis, .keep = keep, .scratch = scratch, .own = own,
                                 .notes = { .arena = keep }, .err = err };
        *own = (mpl_refits){ .kind = &def->method, .effects = analysis->effects, .fit = analysis->fit, .arena = keep };
        s = run(&mk, def, options);
    } else {
        s = no_memory(err);
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = own;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_refits_free(mpl_refits *refits)
{
    if (refits)
        mpl__arena_free(refits->arena);
}
