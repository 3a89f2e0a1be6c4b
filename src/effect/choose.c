/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options resolved against the data: the measure asked for, else the dataset's own, else the one that a column
 * "measure" names, else GEN where the data hold effects, else the only measure that the columns allow.
 */
#include "effect/choose.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/input.h"
#include "effect/interval.h"
#include "effect/nearest.h"
#include "num/dist.h"

/* True if some route of its own, or for GEN any route, has all its columns. */
static bool is_possible(const mpl__measure *measure, const mpl_dataset *data)
{
    const bool generic = measure->pub.is_generic;
    for (size_t r = 0; r < measure->pub.n_routes; r++)
        if ((generic || !mpl__route_is_reported(&measure->pub.routes[r])) &&
            mpl__route_exists(&measure->pub.routes[r], data))
            return true;
    return false;
}

typedef struct id_list {
    char text[300]; /* ids, each with a blank before it */
    size_t used;
} id_list;

static void add_id(id_list *list, const char *id)
{
    const size_t n = strlen(id);
    if (list->used + n + 2 > sizeof list->text)
        return;
    list->text[list->used] = ' ';
    memcpy(list->text + list->used + 1, id, n + 1);
    list->used += n + 1;
}

static mpl_status guess(const mpl_dataset *data, const mpl__measure **out, const char **reason, mpl_error *err)
{
    id_list all = { .used = 0 };
    size_t n = 0;
    const mpl_method *m;
    for (size_t i = 0; (m = mpl_measure_method(i)); i++) {
        const mpl__measure *measure = mpl__measure_of(mpl_measure_find(m->id));
        if (!is_possible(measure, data))
            continue;
        if (measure->pub.is_generic) {
            *out = measure;
            *reason = "the data hold effects";
            return MPL_OK;
        }
        add_id(&all, m->id);
        *out = measure;
        n++;
    }
    *reason = "the only one its columns allow";
    if (n == 1)
        return MPL_OK;
    if (n > 1)
        return mpl__fail(err, MPL_ERR_ARG, "no measure given, and the columns allow several; choose by --measure:%s",
                         all.text);
    return mpl__nearest_fail(data, err);
}

/* The measure that a column "measure" names in every row, as our own tables of effects do; NULL if there is none. */
static const char *named_measure(const mpl_dataset *data)
{
    const mpl_column *column = mpl_dataset_find(data, "measure");
    const char *id = NULL;
    for (size_t i = 0; column && i < data->n_rows; i++) {
        const char *cell = column->text[i];
        if (!cell || (id && !strcmp(id, cell)))
            continue;
        if (id || !mpl_measure_find(cell))
            return NULL;
        id = cell;
    }
    return id;
}

static mpl_status find_measure(const mpl_dataset *data, mpl_effect_options *options, const mpl__measure **out,
                               const char **reason, mpl_error *err)
{
    const char *id = options->measure;
    *reason = "asked for";
    if (!id && !data)
        id = "GEN";
    if (!id && data->info->measure) {
        id = data->info->measure;
        *reason = "the dataset's own";
    }
    if (!id && (id = named_measure(data)))
        *reason = "the one that the data name";
    if (!id)
        MPL_TRY(guess(data, out, reason, err));
    else {
        const mpl_method *m;
        MPL_TRY(mpl__method_get(mpl_measure_method, "measure", id, &m, err));
        *out = mpl__measure_of((const mpl_measure *)m);
    }
    if (options->ratio_scale) {
        const mpl_transform *transform = (*out)->pub.transform;
        if ((*out)->pub.is_generic)
            *out = &mpl__measure_GEN_ratio;
        else if (!mpl__is_log_ratio(transform))
            return mpl__fail(err, MPL_ERR_ARG, "--ratio-scale is for ratios, and %s is a %s", (*out)->pub.method.id,
                             (*out)->pub.scale);
    }
    options->measure = (*out)->pub.method.id;
    return MPL_OK;
}

/* "LS" always means the measure's first, as in metafor. */
static mpl_status find_vtype(const mpl__measure *measure, mpl_effect_options *options, mpl__how *how, mpl_error *err)
{
    const char *known = measure->pub.vtypes ? measure->pub.vtypes : "LS";
    const mpl_method *m;
    size_t n, i = 0;
    if (options->vtype && strcmp(options->vtype, "LS") && !mpl__has_word(known, options->vtype))
        return mpl__fail(err, MPL_ERR_NAME, "measure %s has no variance type \"%s\"; one of: %s",
                         measure->pub.method.id, options->vtype, known);
    if (!options->vtype || !mpl__has_word(known, options->vtype)) {
        const char *p = known, *first = mpl__next_word(&p, &n);
        for (i = 0; (m = mpl_vtype_method(i)) && (strlen(m->id) != n || strncmp(m->id, first, n)); i++)
            continue;
    } else
        for (i = 0; (m = mpl_vtype_method(i)) && strcmp(m->id, options->vtype); i++)
            continue;
    options->vtype = m->id;
    how->vtype = (mpl__vtype)i;
    return MPL_OK;
}

/* An interval of counts needs a measure that is made of the same. */
static mpl_status find_study_ci(const mpl__measure *measure, mpl_effect_options *options, mpl_error *err)
{
    if (!options->study_ci && measure->counted != MPL__COUNTED_NOTHING)
        options->study_ci = mpl_study_ci_method(0)->id;
    const mpl__counted of = mpl__study_ci_counts(options->study_ci);
    if (of == MPL__COUNTED_NOTHING || of == measure->counted)
        return MPL_OK;
    return mpl__fail(err, MPL_ERR_ARG, "--study-ci %s is for %s of one group, and %s is not one", options->study_ci,
                     of == MPL__COUNTED_TRIALS ? "proportions" : "rates", measure->pub.method.id);
}

mpl_status mpl__choose(const mpl_dataset *data, mpl_effect_options *options, const mpl__measure **measure,
                       const char **reason, mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl_options_resolve(mpl_effect_option_table(), options, sizeof *options, options->profile, err));
    MPL_TRY(find_measure(data, options, measure, reason, err));
    MPL_TRY(find_vtype(*measure, options, how, err));
    MPL_TRY(find_study_ci(*measure, options, err));
    if (!options->add.given)
        options->add = (mpl_maybe){ true, (*measure)->zeros ? (*measure)->add : 0 };
    const mpl__hedges *hedges = (const mpl__hedges *)mpl_method_find(mpl_hedges_method, options->hedges);
    how->correct = !options->no_correct;
    how->j = hedges->j;
    how->less = hedges->less;
    how->z = mpl__norm_q((1 - options->ci_level) / 2, MPL__UPPER);
    how->displayed = options->ratio_scale ? (*measure)->pub.transform : NULL;
    how->mean[0] = how->mean[1] = how->mean_all = NAN;
    return MPL_OK;
}
