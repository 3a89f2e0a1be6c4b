/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits to some of the studies; see refit.h. */
#include "diag/refit.h"

#include <string.h>

#include "base/error.h"
#include "model/fit_impl.h"

static mpl_status no_memory(mpl_error *err)
{
    return mpl__fail_nomem(err, "the fits to parts of the studies");
}

mpl_status mpl__refitter_init(mpl__refitter *r, const mpl_effects *effects, const mpl_design *design,
                              const mpl_fit *all, mpl__arena *keep, mpl__arena *scratch, mpl_error *err)
{
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(all->options.method, &method, err));
    *r = (mpl__refitter){ .effects = effects, .design = design, .options = all->options, .near = all, .keep = keep,
                          .is_by_counts = method->pool && effects->counts };
    r->n = r->is_by_counts ? effects->counts->n : effects->k;
    r->index = r->is_by_counts ? effects->counts->index : effects->index;
    r->row = r->is_by_counts ? effects->counts->row : effects->row;
    r->slab = r->is_by_counts ? effects->counts->slab : effects->slab;
    if (r->is_by_counts)
        return MPL_OK;
    r->yi = MPL_NEW(scratch, double, r->n);
    r->vi = MPL_NEW(scratch, double, r->n);
    r->labels = MPL_NEW(scratch, const char *, r->n);
    r->x = design ? MPL_NEW(scratch, double, r->n * design->n_cols) : NULL;
    return r->yi && r->vi && r->labels && (!design || r->x) ? MPL_OK : no_memory(err);
}

/* ---- the studies */

typedef struct chosen {
    const mpl__refitter *r;
    const bool *used;
} chosen;

static bool is_chosen(void *ctx, size_t index, mpl_exclusion *why)
{
    const chosen *const c = ctx;
    size_t lo = 0, hi = c->r->n;
    (void)why;
    while (lo < hi) {
        const size_t middle = lo + (hi - lo) / 2;
        if (c->r->index[middle] < index)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo < c->r->n && c->r->index[lo] == index && c->used[lo];
}

static mpl_status fit_counts(mpl__refitter *r, const bool *used, mpl_fit **out, mpl_error *err)
{
    mpl_effects *part;
    *out = NULL;
    MPL_TRY(mpl_effects_subset(r->effects, is_chosen, &(chosen){ r, used }, &part, err));
    const mpl_status s = mpl__fit_make(part, NULL, &r->options, true, r->near, out, err);
    mpl_effects_free(part);
    return s;
}

/* Without a copy of what the fit does not look at. */
static mpl_status fit_effects(mpl__refitter *r, const bool *used, mpl_fit **out, mpl_error *err)
{
    const size_t p = r->design ? r->design->n_cols : 1;
    mpl_effects part = *r->effects;
    size_t k = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!used[i])
            continue;
        r->yi[k] = r->effects->yi[i];
        r->vi[k] = r->effects->vi[i];
        r->labels[k] = r->slab ? r->slab[i] : NULL;
        if (r->design)
            memcpy(r->x + k * p, r->design->x + i * p, p * sizeof *r->x);
        k++;
    }
    part.k = k;
    part.yi = r->yi;
    part.vi = r->vi;
    part.slab = r->labels;
    const mpl_design design = { k, p, r->x, r->design ? r->design->terms : NULL };
    return mpl__fit_make(&part, r->design ? &design : NULL, &r->options, true, r->near, out, err);
}

/* ---- the fit */

static mpl_status keep_fit(const mpl__refitter *r, const mpl_fit *from, const mpl_fit **out, mpl_error *err)
{
    const size_t p = from->p;
    mpl_fit *const to = MPL_NEW(r->keep, mpl_fit, 1);
    mpl_term *const terms = MPL_NEW(r->keep, mpl_term, p);
    double *const vb = MPL_NEW(r->keep, double, p * p);
    if (!to || !terms || !vb)
        return no_memory(err);
    memcpy(terms, from->terms, p * sizeof *terms);
    memcpy(vb, from->vb, p * p * sizeof *vb);
    for (size_t j = 0; j < p; j++)
        terms[j].term = r->design && r->design->terms ? r->design->terms[j] : "intercept";
    *to = *from;
    to->wald.term = to->hksj.term = "intercept";
    to->terms = terms;
    to->vb = vb;
    to->weights = to->fitted = NULL;
    to->notes = NULL;
    to->hypotheses = NULL;
    to->quantities = NULL;
    to->n_notes = to->n_hypotheses = to->n_quantities = 0;
    to->arena = NULL;
    *out = to;
    return MPL_OK;
}

mpl_status mpl__refit(mpl__refitter *r, const bool *used, const mpl_fit **out, const char **why, mpl_error *err)
{
    mpl_error reason = { 0 };
    mpl_fit *fit;
    *out = NULL;
    *why = NULL;
    const mpl_status s = (r->is_by_counts ? fit_counts : fit_effects)(r, used, &fit, &reason);
    if (s == MPL_ERR_NOMEM)
        return no_memory(err);
    if (s != MPL_OK) {
        *why = mpl__arena_copy(r->keep, reason.message);
        return *why ? MPL_OK : no_memory(err);
    }
    const mpl_status kept = keep_fit(r, fit, out, err);
    if (kept == MPL_OK)
        r->near = *out;
    mpl_fit_free(fit);
    return kept;
}
