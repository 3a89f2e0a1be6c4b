/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which counts the interval of a study needs. */
#ifndef MPL_EFFECT_INTERVAL_H
#define MPL_EFFECT_INTERVAL_H

#include "effect/measure.h"

/** What the interval with this id is made of; NULL = the default one. */
mpl__counted mpl__study_ci_counts(const char *id);

/** What the intervals of all studies at one level share. */
typedef struct mpl__interval_how {
    const struct mpl__study_ci *ci;
    double tail, z;
} mpl__interval_how;

mpl__interval_how mpl__interval_how_at(const mpl_effects *effects, double level);

/** As mpl_effects_interval(), for many studies. */
mpl_study_interval mpl__interval_of(const mpl_effects *effects, size_t i, const mpl__interval_how *how);

#endif
