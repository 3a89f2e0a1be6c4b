/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registries of effect/: measures, variance types, zero-cell rules, Hedges' factors. */
#include <math.h>

#include "effect/measure.h"
#include "num/special.h"

#define MPL_MEASURE(id) extern const mpl__measure mpl__measure_##id;
#include "effect/measures.def"
#undef MPL_MEASURE

static const mpl__measure *const measures[] = {
#define MPL_MEASURE(id) &mpl__measure_##id,
#include "effect/measures.def"
#undef MPL_MEASURE
};

const mpl_method *mpl_measure_method(size_t i)
{
    return i < sizeof measures / sizeof *measures ? &measures[i]->pub.method : NULL;
}

/* The method is the first member of the public measure, which is the first of the private one. */
const mpl_measure *mpl_measure_find(const char *id)
{
    return (const mpl_measure *)mpl_method_find(mpl_measure_method, id);
}

const mpl__measure *mpl__measure_of(const mpl_measure *measure)
{
    return (const mpl__measure *)measure;
}

/* By the id, for an mpl_effects has a copy of the public half. */
const char *mpl__measure_like(const mpl_measure *measure)
{
    const mpl__measure *const own = mpl__measure_of(mpl_measure_find(measure->method.id));
    return own && own->like ? own->like : measure->method.id;
}

static const mpl_method vtypes[] = {
#define MPL_VTYPE(id_, title_) { .id = #id_, .title = title_, .cite = "Viechtbauer 2010, J Stat Softw 36(3):1-48" },
#include "effect/vtypes.def"
#undef MPL_VTYPE
};

const mpl_method *mpl_vtype_method(size_t i)
{
    return i < sizeof vtypes / sizeof *vtypes ? &vtypes[i] : NULL;
}

/* Within 0.4% of the exact factor for m > 4. */
static double approximate(double m)
{
    return m > 1 ? 1 - 3 / (4 * m - 1) : NAN;
}

static double exact(double m)
{
    return mpl__hedges_j(m);
}

static const mpl__hedges hedges[] = {
#define MPL_HEDGES(fn, id_, title_, cite_, less_)                                                                    \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .j = fn, .less = less_ },
#include "effect/hedges.def"
#undef MPL_HEDGES
};

const mpl_method *mpl_hedges_method(size_t i)
{
    return i < sizeof hedges / sizeof *hedges ? &hedges[i].method : NULL;
}

#define MPL_INCREMENT(fn, id_, title_, cite_, value)                                                                 \
    static double fn(double share)                                                                                   \
    {                                                                                                                \
        (void)share;                                                                                                 \
        return value;                                                                                                \
    }
#include "effect/increments.def"
#undef MPL_INCREMENT

static const mpl__increment increments[] = {
#define MPL_INCREMENT(fn, id_, title_, cite_, value)                                                                 \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .factor = fn },
#include "effect/increments.def"
#undef MPL_INCREMENT
};

const mpl_method *mpl_increment_method(size_t i)
{
    return i < sizeof increments / sizeof *increments ? &increments[i].method : NULL;
}

#define MPL_CORRECTION(id_, title_, cite_, rule)                                                                     \
    static bool applies_##id_(bool has, bool any)                                                                    \
    {                                                                                                                \
        (void)has;                                                                                                   \
        (void)any;                                                                                                   \
        return rule;                                                                                                 \
    }
#include "effect/corrections.def"
#undef MPL_CORRECTION

static const mpl__correction corrections[] = {
#define MPL_CORRECTION(id_, title_, cite_, rule)                                                                     \
    { .method = { .id = #id_, .title = title_, .cite = cite_ }, .applies = applies_##id_ },
#include "effect/corrections.def"
#undef MPL_CORRECTION
};

const mpl_method *mpl_correction_method(size_t i)
{
    return i < sizeof corrections / sizeof *corrections ? &corrections[i].method : NULL;
}
