/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Methods that come in kinds: an option that one of them alone has, as GLMM:CM.EL or MH:corrected. */
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "diag/multiverse/maker.h"
#include "model/glmm/glmm.h"
#include "model/tau2_impl.h"

const mpl_option *mpl__kind_option(const mpl_method *method, const char *id, const mpl_method **row)
{
    const mpl__method_def *def;
    if (mpl__method_find(method->id, &def, NULL) != MPL_OK)
        return NULL;
    for (const mpl_option *option = mpl_fit_option_table(); option->name; option++) {
        const bool is_own = def->options && option->choice && mpl__has_word(def->options, option->name);
        *row = is_own ? mpl_method_find(option->choice, id) : NULL;
        if (*row)
            return option;
    }
    return NULL;
}

static bool is_of_glmm(const mpl_method *row, const char *measure)
{
    return mpl__has_word(((const mpl__glmm_model *)(const void *)row)->measures, measure);
}

/* The model that method GLMM takes by itself is the first that the measure has. */
static const char *first_glmm(const char *measure)
{
    const mpl_method *row;
    for (size_t i = 0; (row = mpl_glmm_method(i)); i++)
        if (is_of_glmm(row, measure))
            return row->id;
    return NULL;
}

const char *mpl__kind_plain(const mpl__maker *mk, const mpl_option *option)
{
    const char *given;
    memcpy(&given, (const char *)&mk->own->options.own + option->offset, sizeof given);
    if (given) {
        const mpl_method *const row = mpl_method_find(option->choice, given);
        return row ? row->id : given;
    }
    return option->dflt ? option->dflt : first_glmm(mk->values[MPL__MEASURE].items[0].id);
}

static bool is_any_measure(const mpl__maker *mk, const mpl_method *glmm)
{
    for (size_t i = 0; i < mk->values[MPL__MEASURE].n; i++)
        if (glmm ? is_of_glmm(glmm, mk->values[MPL__MEASURE].items[i].id)
                 : !strcmp(mk->values[MPL__MEASURE].items[i].id, "RD"))
            return true;
    return false;
}

bool mpl__kind_suits(const mpl__maker *mk, const mpl_option *option, const mpl_method *row)
{
    const mpl_effect_options *const effect = &mk->base->effects->options;
    if (option->choice == mpl_glmm_method)
        return is_any_measure(mk, row);
    if (option->choice == mpl_rd_variance_method)
        return is_any_measure(mk, NULL);
    return mpl__multiverse_has_zero(mk->base->effects) || (effect->to && !strcmp(effect->to, "all"));
}
