/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far analyses are from the first one: in choices, in its standard errors, and in what is concluded. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "diag/multiverse/maker.h"

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the distances of the analyses");
}

/* ---- one change */

/* The choice in which an analysis alone differs from the first; MPL__CHOICES if it is none or several. */
static size_t only_difference(const mpl__maker *mk, const mpl_alternative *a, bool is_pi)
{
    size_t found = MPL__CHOICES;
    for (size_t c = 0; c < MPL__CHOICES; c++) {
        const size_t mine = a->values[c], first = mk->all[0].values[c];
        if (mine == first || (c == MPL__PI && (!is_pi || mine == SIZE_MAX || first == SIZE_MAX)))
            continue;
        if (found != MPL__CHOICES)
            return MPL__CHOICES;
        found = c;
    }
    return found;
}

/* "test z; method DL": what turns the conclusion of the analysis. */
static mpl_status find_turns(mpl__maker *mk, mpl_conclusion what, const char **out)
{
    const bool is_pi = what == MPL_CONCLUDE_PI;
    const mpl_side first = mk->all[0].sides[what];
    mpl__text t = { 0 };
    *out = NULL;
    if (first == MPL_SIDE_UNKNOWN)
        return MPL_OK;
    for (size_t i = 1; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        const mpl_side side = a->sides[what];
        const size_t c = only_difference(mk, a, is_pi);
        if (side == MPL_SIDE_UNKNOWN || side == first || c == MPL__CHOICES || (!is_pi && !mpl__is_mean(mk, i)))
            continue;
        mpl__text_format(&t, "%s%s %s", t.size ? "; " : "", mpl__choices[c].method.id,
                         mk->values[c].items[a->values[c]].id);
    }
    *out = t.failed ? NULL : mpl__arena_copyn(mk->keep, t.data ? t.data : "", t.size);
    mpl__text_free(&t);
    return *out ? MPL_OK : no_memory(mk);
}

/* ---- steps */

static void measure_one(const mpl__maker *mk, mpl_alternative *a)
{
    const mpl_alternative *const first = &mk->all[0];
    a->n_changed = 0;
    for (size_t c = 0; c < MPL__PI; c++)
        a->n_changed += a->values[c] != first->values[c];
    a->shift = a->values[MPL__MEASURE] == first->values[MPL__MEASURE] && first->mean.se > 0
                   ? (a->mean.estimate - first->mean.estimate) / first->mean.se : (double)NAN;
}

/* Of prediction intervals each counts, of the other conclusions each interval of the mean. */
static void add_to_step(const mpl__maker *mk, size_t i, mpl_multiverse_step *step)
{
    const mpl_alternative *const a = &mk->all[i], *const first = &mk->all[0];
    const bool is_mean = mpl__is_mean(mk, i);
    for (size_t what = 0; what < MPL_CONCLUSIONS; what++) {
        if ((what != MPL_CONCLUDE_PI && !is_mean) || !a->sides[what] || !first->sides[what])
            continue;
        step->turns[what].n++;
        step->turns[what].n_turns += a->sides[what] != first->sides[what];
    }
    step->n_means += is_mean;
    if (is_mean && !(fabs(a->shift) <= fabs(step->shift)) && !isnan(a->shift))
        step->shift = a->shift;
}

mpl_status mpl__multiverse_measure(mpl__maker *mk)
{
    mpl_multiverse_step *const steps = MPL_NEW(mk->keep, mpl_multiverse_step, MPL__CHOICES);
    if (!steps)
        return no_memory(mk);
    for (size_t n = 0; n < MPL__CHOICES; n++)
        steps[n] = (mpl_multiverse_step){ .n_changed = n, .shift = (double)NAN };
    for (size_t i = 0; i < mk->own->n; i++) {
        measure_one(mk, &mk->all[i]);
        add_to_step(mk, i, &steps[mk->all[i].n_changed]);
    }
    for (size_t n = 0; n < MPL__CHOICES; n++)
        if (steps[n].n_means)
            steps[mk->own->n_steps++] = steps[n];
    mk->own->steps = steps;
    for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
        MPL_TRY(find_turns(mk, what, &mk->own->turns[what]));
    return MPL_OK;
}
