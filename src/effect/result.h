/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building an mpl_effects: rows in, rows left out, notes on both. */
#ifndef MPL_EFFECT_RESULT_H
#define MPL_EFFECT_RESULT_H

#include "base/arena.h"
#include "effect/measure.h"

typedef struct mpl__result {
    mpl__arena *keep;
    mpl_effects *effects;
    /* [room] growing with effects->k */
    double *yi, *vi, *ni;
    const char **slab, **route, **conversion; /* conversion: NULL = nothing was converted */
    size_t *index, *row;
    unsigned char *flags;
    double inverse_units, least_unit, greatest_unit; /* of the sizes that back-transformation needs */
    size_t n_units;
    mpl_exclusion *excluded;
    size_t room, room_excluded;
    mpl_counts *counts; /* the arrays behind it follow */
    double *x1, *n1, *x2, *n2;
    size_t *count_effect, *count_index, *count_row;
    const char **count_slab;
} mpl__result;

/** Room for `room` studies. On failure *out is NULL. */
mpl_status mpl__result_new(mpl__result **out, size_t room, mpl_error *err);

/** Frees everything; NULL is nothing. */
void mpl__result_free(mpl__result *result);

mpl_status mpl__result_add(mpl__result *result, const mpl__effect *e, size_t index, size_t row, const char *label,
                           const char *route, unsigned flags, mpl_error *err);

/** The study's counts; has_effect: it is the next that mpl__result_add() is called for. */
mpl_status mpl__result_count(mpl__result *result, const mpl__study *s, mpl_count_shape shape, size_t index, size_t row,
                             const char *label, bool has_effect, mpl_error *err);
mpl_status mpl__result_exclude(mpl__result *result, size_t row, size_t line, const char *label, const char *reason,
                               mpl_error *err);

/** Sets what is not rows: measure, options, notes, exclusions of filters. `data` is NULL for arrays. */
mpl_status mpl__result_finish(mpl__result *result, const mpl_measure *measure, const char *reason,
                              const mpl_effect_options *options, const mpl_dataset *data, mpl_error *err);

#endif
