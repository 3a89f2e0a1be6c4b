/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which counts the interval of a study needs. */
#ifndef MPL_EFFECT_INTERVAL_H
#define MPL_EFFECT_INTERVAL_H

#include "effect/measure.h"

/** What the interval with this id is made of; NULL = the default one. */
mpl__counted mpl__study_ci_counts(const char *id);

#endif
