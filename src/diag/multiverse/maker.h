/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A multiverse being made. A *slot* is a combination of one value of each choice, the last choice running fastest;
 * a *world* is a combination of the choices that decide what the effects are.
 */
#ifndef MPL_DIAG_MULTIVERSE_MAKER_H
#define MPL_DIAG_MULTIVERSE_MAKER_H

#include <math.h>
#include <metapool/multiverse.h>

#include "base/note.h"

/** The options that choices set. */
typedef struct mpl__plan {
    mpl_effect_options effect;
    mpl_fit_options fit;
} mpl__plan;

struct mpl__maker;

typedef struct mpl__choice_def {
    mpl_method method;
    const char *heading, *name, *names;
    mpl_registry registry; /* of its values; NULL = subsets of the studies */
    bool is_of_effects;
    const char *option;    /* name of its list, */
    size_t list;           /* which is there in mpl_multiverse_options */
    const char *usual;     /* ids between blanks */
    const char *unusual;   /* ids that "all" goes without */
    bool (*suits)(const struct mpl__maker *mk, const mpl_method *value); /* for "usual" and "all"; NULL = any */
    const char *(*own)(const mpl_analysis *analysis); /* id of the analysis's value; NULL = no row, or none */
    const char *(*describe)(const mpl_analysis *analysis, mpl__arena *keep); /* id where it is no row */
    void (*set)(mpl__plan *plan, const mpl_method *value);
} mpl__choice_def;

/** Choices in the order of slots. */
enum { MPL__STUDIES, MPL__MEASURE, MPL__ZEROS, MPL__METHOD, MPL__TEST, MPL__PI, MPL__CHOICES };
extern const mpl__choice_def mpl__choices[MPL__CHOICES];

/** An option that a value sets beside its row, as in GLMM:CM.EL; NULL = none. */
typedef struct mpl__setting {
    const mpl_option *option;
    const char *id;
} mpl__setting;

/** The values of one choice while they are collected. */
typedef struct mpl__values {
    size_t n, room;
    mpl_choice_value *items;
    const mpl_method **rows; /* [n] NULL = what the analysis has */
    mpl__setting *settings;  /* [n] */
    size_t stride;           /* in slots */
} mpl__values;

/** The effects of one world. */
typedef struct mpl__world {
    mpl_effects *effects; /* NULL = there are none */
    mpl_regression *regression; /* of them; NULL = a mean */
    const char *why;
    bool has_pi;
    mpl_interval pi;      /* the kind that rests on the effects alone, whatever the method */
} mpl__world;

/** What became of a slot. */
typedef struct mpl__slot {
    bool fitted, is_common;
    bool waits; /* it is made from draws, which all threads share */
    char *why; /* mpl__free(); NULL = fitted */
    mpl_alternative result;
} mpl__slot;

typedef struct mpl__maker {
    const mpl_analysis *base;
    mpl_analysis view; /* what `base` is where the analysis was fitted anew */
    mpl_multiverse *own;
    mpl__arena *keep, *scratch;
    mpl__notes notes;
    mpl__values values[MPL__CHOICES];
    size_t n_subsets; /* values of MPL__STUDIES that are filters: 1 to n_subsets */
    const char *const *subsets;
    size_t n_slots, n_worlds;
    mpl__world *worlds;
    const char *data_pi;    /* id of that kind; NULL = not among the values */
    mpl__slot *slots;
    mpl_alternative *all;   /* those that were fitted; slot of each in `slot_of` */
    size_t *slot_of;
    mpl_error *err;
} mpl__maker;

/** Index of the value that a slot has of a choice. */
static inline size_t mpl__digit(const mpl__maker *mk, size_t slot, size_t choice)
{
    return slot / mk->values[choice].stride % mk->values[choice].n;
}

/** Number of the interval of the mean that a slot has, which does not depend on the last choice. */
static inline size_t mpl__mean_of(const mpl__maker *mk, size_t slot)
{
    return slot / mk->values[MPL__PI].n;
}

/** Whether analysis i stands for its interval of the mean: it is the first that has it. */
static inline bool mpl__is_mean(const mpl__maker *mk, size_t i)
{
    return i == 0 || mpl__mean_of(mk, mk->slot_of[i - 1]) != mpl__mean_of(mk, mk->slot_of[i]);
}

/** Whether a count is 0, or all of a group's. Else rules for zero cells only differ in what they do to others. */
bool mpl__multiverse_has_zero(const mpl_effects *effects);

/** The option of this method alone that has a value of that name, which `row` becomes; NULL = none (kinds.c). */
const mpl_option *mpl__kind_option(const mpl_method *method, const char *id, const mpl_method **row);

/** The value of such an option where a list names the method alone; NULL = none. */
const char *mpl__kind_plain(const mpl__maker *mk, const mpl_option *option);

/** Whether this kind of a method differs from the others for these data. */
bool mpl__kind_suits(const mpl__maker *mk, const mpl_option *option, const mpl_method *row);

/** The options of a slot, without a prediction interval. */
mpl_fit_options mpl__multiverse_plan(const mpl__maker *mk, size_t slot);

/** Tests all analyses together, if the options say so (joint.c). */
mpl_status mpl__multiverse_test(mpl__maker *mk, const mpl_run_options *run);

/** Fits all slots; `done` of them were tried, the first ones (cells.c). */
mpl_status mpl__multiverse_fit(mpl__maker *mk, const mpl_run_options *run, size_t *done);

/** Fills the values and counts the slots (choices.c). */
mpl_status mpl__multiverse_choose(mpl__maker *mk);

/** Computes the effects of all worlds (worlds.c). */
mpl_status mpl__multiverse_worlds(mpl__maker *mk);

/** Joins analyses that agree, and those that were left out for one reason (sets.c). */
mpl_status mpl__multiverse_join(mpl__maker *mk);

/** What each choice moves (moves.c). */
mpl_status mpl__multiverse_compare(mpl__maker *mk);

/** What single changes turn, and how far analyses are from the first one (distance.c). */
mpl_status mpl__multiverse_measure(mpl__maker *mk);

/** Ranges (ranges.c). */
mpl_status mpl__multiverse_sum_up(mpl__maker *mk);

/** Adds one analysis to the counts. */
static inline void mpl__count_side(mpl_sides *sides, mpl_side side)
{
    sides->n += side != MPL_SIDE_UNKNOWN;
    sides->n_below += side == MPL_SIDE_BELOW;
    sides->n_includes += side == MPL_SIDE_INCLUDES;
    sides->n_above += side == MPL_SIDE_ABOVE;
}

/** Starts as NaN. */
static inline void mpl__widen(mpl_interval *range, double x)
{
    range->lb = fmin(range->lb, x);
    range->ub = fmax(range->ub, x);
}

#endif
