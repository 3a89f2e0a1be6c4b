/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The effects under each combination of studies, measure and rule for zero cells. */
#include <stdint.h>

#include "base/error.h"
#include "diag/multiverse/maker.h"
#include "effect/measure.h"

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the effects of a multiverse");
}

/* An amount that the options did not give is the measure's own. */
static bool is_own_amount(const mpl_effects *es)
{
    const mpl__measure *const def = mpl__measure_of(mpl_measure_find(es->measure->method.id));
    return es->options.add.given && es->options.add.value == (def->zeros ? def->add : 0);
}

static mpl_effect_options plan_effects(const mpl__maker *mk, size_t measure, size_t zeros)
{
    mpl__plan plan = { .effect = mk->base->effects->options };
    if (is_own_amount(mk->base->effects))
        plan.effect.add = (mpl_maybe){ 0 };
    if (mk->values[MPL__MEASURE].rows[measure])
        mpl__choices[MPL__MEASURE].set(&plan, mk->values[MPL__MEASURE].rows[measure]);
    if (mk->values[MPL__ZEROS].rows[zeros])
        mpl__choices[MPL__ZEROS].set(&plan, mk->values[MPL__ZEROS].rows[zeros]);
    return plan.effect;
}

static bool is_not(void *ctx, size_t index, mpl_exclusion *why)
{
    (void)why;
    return index != *(const size_t *)ctx;
}

/* Effects of the first kind of world are computed, the others are made of these or of a part of the dataset. */
static mpl_status compute(mpl__maker *mk, size_t studies, size_t measure, size_t zeros, const mpl_dataset *part,
                          mpl_effects **out, mpl_error *why)
{
    const mpl_effect_options options = plan_effects(mk, measure, zeros);
    if (studies <= mk->n_subsets)
        return mpl_effects_new(part, &options, out, why);
    const mpl_effects *const all = studies ? mk->worlds[measure * mk->values[MPL__ZEROS].n + zeros].effects : NULL;
    size_t index = mk->base->effects->index[studies - mk->n_subsets - 1];
    *out = NULL;
    if (!all)
        return mpl__fail(why, MPL_ERR_DATA, "%s", mk->worlds[measure * mk->values[MPL__ZEROS].n + zeros].why);
    return mpl_effects_subset(all, is_not, &index, out, why);
}

/* The measure as it is shown: what the analysis is shown through holds for its own measure. */
static mpl_status keep_measure(mpl__maker *mk, mpl_effects *es, bool is_own)
{
    mpl_measure *const measure = MPL_NEW(mk->keep, mpl_measure, 1);
    const mpl_measure *const base = mk->base->effects->measure;
    if (!measure)
        return no_memory(mk);
    *measure = *es->measure;
    if (is_own) {
        measure->transform = base->transform;
        measure->args = base->args;
        measure->label = base->label;
    }
    es->measure = measure;
    return MPL_OK;
}

/* The design alone is of use: any method finds it. */
static mpl_status regress(mpl__maker *mk, mpl__world *w, const mpl_dataset *data)
{
    const mpl_regress_options options = { .mods = mk->own->options.mods };
    const mpl_fit_options plain = { .method = "DL", .test = "z", .pi = "none", .tau2_ci = "none" };
    mpl_error why = { 0 };
    const mpl_status s = mpl_regress_new(data, w->effects, &plain, &options, &w->regression, &why);
    if (s == MPL_ERR_NOMEM)
        return no_memory(mk);
    if (s == MPL_OK)
        return MPL_OK;
    mpl_effects_free(w->effects);
    w->effects = NULL;
    w->why = mpl__arena_copy(mk->keep, why.message);
    return w->why ? MPL_OK : no_memory(mk);
}

static mpl_status make_world(mpl__maker *mk, size_t world, const mpl_dataset *part)
{
    const size_t n_zeros = mk->values[MPL__ZEROS].n, n_measures = mk->values[MPL__MEASURE].n;
    const size_t zeros = world % n_zeros, measure = world / n_zeros % n_measures;
    const size_t studies = world / n_zeros / n_measures;
    mpl__world *const w = &mk->worlds[world];
    mpl_error why = { 0 };
    size_t nobody = SIZE_MAX;
    const mpl_status s = world == 0 ? mpl_effects_subset(mk->base->effects, is_not, &nobody, &w->effects, &why)
                                    : compute(mk, studies, measure, zeros, part, &w->effects, &why);
    if (s == MPL_ERR_NOMEM)
        return no_memory(mk);
    if (s != MPL_OK) {
        w->why = mpl__arena_copy(mk->keep, why.message);
        return w->why ? MPL_OK : no_memory(mk);
    }
    MPL_TRY(keep_measure(mk, w->effects, measure == 0));
    return mk->own->options.mods ? regress(mk, w, part) : MPL_OK;
}

static mpl_status read_part(mpl__maker *mk, const char *expr, mpl_dataset **out)
{
    const mpl_status s = mpl_dataset_filter(mk->base->data, expr, out, mk->err);
    const bool is_in_option = s == MPL_ERR_PARSE || s == MPL_ERR_LIMIT; /* the expression is no data */
    return mpl__within(mk->err, is_in_option ? MPL_ERR_ARG : s, "--subsets");
}

mpl_status mpl__multiverse_worlds(mpl__maker *mk)
{
    const size_t each = mk->values[MPL__MEASURE].n * mk->values[MPL__ZEROS].n;
    mk->worlds = MPL_NEW(mk->scratch, mpl__world, mk->n_worlds);
    if (!mk->worlds)
        return no_memory(mk);
    for (size_t studies = 0; studies < mk->values[MPL__STUDIES].n; studies++) {
        const bool is_filter = studies > 0 && studies <= mk->n_subsets;
        mpl_dataset *part = NULL;
        if (is_filter)
            MPL_TRY(read_part(mk, mk->values[MPL__STUDIES].items[studies].id, &part));
        mpl_status s = MPL_OK;
        for (size_t i = 0; i < each && s == MPL_OK; i++)
            s = make_world(mk, studies * each + i, is_filter ? part : mk->base->data);
        mpl_dataset_free(part);
        MPL_TRY(s);
    }
    return MPL_OK;
}
