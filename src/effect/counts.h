/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts as methods that pool them use them. */
#ifndef MPL_EFFECT_COUNTS_H
#define MPL_EFFECT_COUNTS_H

#include "base/arena.h"
#include "effect/measure.h"

/**
 * The counts with what the zero-cell rule of the effects added to them; those of rows without an effect as reported.
 * effects->counts must not be NULL. The arrays of x and n are in the arena, the others those of the effects.
 */
mpl_status mpl__counts_corrected(const mpl_effects *effects, mpl__arena *arena, mpl_counts *out, mpl_error *err);

#endif
