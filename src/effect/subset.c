/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some of the effects, with their counts: for models of complete rows, subgroups, and one study left out. */
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "effect/measure.h"

typedef struct picker {
    const mpl_effects *from;
    mpl_effects *to;
    size_t *picked;          /* [k] index in the subset; SIZE_MAX = left out */
    mpl_exclusion *left_out; /* [n_left_out] with a reason */
    size_t n_left_out;
} picker;

static mpl_status fail(mpl_error *err)
{
    return mpl__fail_nomem(err, "a part of the effects");
}

static mpl_status pick(picker *p, mpl_effects_keep keep, void *ctx, mpl__arena *scratch, mpl_error *err)
{
    const mpl_effects *const from = p->from;
    p->picked = MPL_NEW(scratch, size_t, from->k);
    p->left_out = MPL_NEW(scratch, mpl_exclusion, from->k);
    if (!p->picked || !p->left_out)
        return fail(err);
    for (size_t i = 0; i < from->k; i++) {
        mpl_exclusion why = { .row = from->row[i], .study = from->slab[i] };
        p->picked[i] = keep(ctx, from->index[i], &why) ? p->to->k++ : SIZE_MAX;
        if (p->picked[i] == SIZE_MAX && why.reason)
            p->left_out[p->n_left_out++] = why;
    }
    return MPL_OK;
}

static mpl_status copy_effects(const picker *p, mpl_error *err)
{
    const mpl_effects *const from = p->from;
    mpl_effects *const to = p->to;
    const size_t k = to->k;
    if (k == from->k) /* all of them: borrowed */
        return MPL_OK;
    double *const yi = MPL_NEW(to->arena, double, k), *const vi = MPL_NEW(to->arena, double, k);
    double *const ni = MPL_NEW(to->arena, double, k);
    const char **const slab = MPL_NEW(to->arena, const char *, k), **const route = MPL_NEW(to->arena, const char *, k);
    size_t *const index = MPL_NEW(to->arena, size_t, k), *const row = MPL_NEW(to->arena, size_t, k);
    bool *const corrected = MPL_NEW(to->arena, bool, k);
    double *const weights = from->weights ? MPL_NEW(to->arena, double, k) : NULL;
    const char **const conversion = from->conversion ? MPL_NEW(to->arena, const char *, k) : NULL;
    if ((from->conversion && !conversion) || (from->weights && !weights))
        return fail(err);
    if (!yi || !vi || !ni || !slab || !route || !index || !row || !corrected)
        return fail(err);
    for (size_t i = 0; i < from->k; i++) {
        const size_t n = p->picked[i];
        if (n == SIZE_MAX)
            continue;
        yi[n] = from->yi[i];
        vi[n] = from->vi[i];
        if (weights)
            weights[n] = from->weights[i];
        if (conversion)
            conversion[n] = from->conversion[i];
        ni[n] = from->ni[i];
        slab[n] = from->slab[i];
        route[n] = from->route[i];
        index[n] = from->index[i];
        row[n] = from->row[i];
        corrected[n] = from->corrected[i];
    }
    to->yi = yi;
    to->vi = vi;
    to->weights = weights;
    to->conversion = conversion;
    to->ni = ni;
    to->slab = slab;
    to->route = route;
    to->index = index;
    to->row = row;
    to->corrected = corrected;
    return MPL_OK;
}

static bool keeps_count(const picker *p, mpl_effects_keep keep, void *ctx, size_t i)
{
    const mpl_counts *const c = p->from->counts;
    mpl_exclusion why = { .row = c->row[i], .study = c->slab[i] };
    return c->effect[i] == SIZE_MAX ? keep(ctx, c->index[i], &why) : p->picked[c->effect[i]] != SIZE_MAX;
}

static mpl_status copy_counts(const picker *p, mpl_effects_keep keep, void *ctx, mpl_error *err)
{
    const mpl_counts *const from = p->from->counts;
    mpl__arena *const arena = p->to->arena;
    if (!from)
        return MPL_OK;
    mpl_counts *const to = MPL_NEW(arena, mpl_counts, 1);
    double *const x1 = MPL_NEW(arena, double, from->n), *const n1 = MPL_NEW(arena, double, from->n);
    double *const x2 = from->x2 ? MPL_NEW(arena, double, from->n) : NULL;
    double *const n2 = from->x2 ? MPL_NEW(arena, double, from->n) : NULL;
    size_t *const effect = MPL_NEW(arena, size_t, from->n), *const index = MPL_NEW(arena, size_t, from->n);
    size_t *const row = MPL_NEW(arena, size_t, from->n);
    const char **const slab = MPL_NEW(arena, const char *, from->n);
    if (!to || !x1 || !n1 || (from->x2 && (!x2 || !n2)) || !effect || !index || !row || !slab)
        return fail(err);
    *to = (mpl_counts){ from->shape, 0, x1, n1, x2, n2, effect, index, row, slab };
    for (size_t i = 0; i < from->n; i++) {
        if (!keeps_count(p, keep, ctx, i))
            continue;
        const size_t n = to->n++;
        x1[n] = from->x1[i];
        n1[n] = from->n1[i];
        if (x2) {
            x2[n] = from->x2[i];
            n2[n] = from->n2[i];
        }
        effect[n] = from->effect[i] == SIZE_MAX ? SIZE_MAX : p->picked[from->effect[i]];
        index[n] = from->index[i];
        row[n] = from->row[i];
        slab[n] = from->slab[i];
    }
    p->to->counts = to->n > 0 ? to : NULL;
    return MPL_OK;
}

/* Those of before and those left out now, in file order. */
static mpl_status merge_excluded(const picker *p, mpl_error *err)
{
    const mpl_effects *const from = p->from;
    const size_t n_all = from->n_excluded + p->n_left_out;
    if (p->n_left_out == 0)
        return MPL_OK;
    mpl_exclusion *const all = MPL_NEW(p->to->arena, mpl_exclusion, n_all);
    if (!all)
        return fail(err);
    for (size_t i = 0, old = 0, now = 0; i < n_all; i++)
        all[i] = now == p->n_left_out || (old < from->n_excluded && from->excluded[old].row < p->left_out[now].row)
                     ? from->excluded[old++]
                     : p->left_out[now++];
    p->to->excluded = all;
    p->to->n_excluded = n_all;
    return MPL_OK;
}

mpl_status mpl_effects_subset(const mpl_effects *effects, mpl_effects_keep keep, void *ctx, mpl_effects **out,
                              mpl_error *err)
{
    *out = NULL;
    mpl__arena *const arena = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_effects *const to = MPL_NEW(arena, mpl_effects, 1);
    picker p = { .from = effects, .to = to };
    mpl_status s = to && scratch ? MPL_OK : fail(err);
    if (s == MPL_OK) {
        *to = *effects;
        to->arena = arena;
        to->counts = NULL;
        to->k = 0;
        s = pick(&p, keep, ctx, scratch, err);
    }
    if (s == MPL_OK)
        s = copy_effects(&p, err);
    if (s == MPL_OK)
        s = copy_counts(&p, keep, ctx, err);
    if (s == MPL_OK)
        s = merge_excluded(&p, err);
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = to;
    else
        mpl__arena_free(arena);
    return s;
}
