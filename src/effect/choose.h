/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which measure, and which variant of it, an analysis uses. */
#ifndef MPL_EFFECT_CHOOSE_H
#define MPL_EFFECT_CHOOSE_H

#include "effect/measure.h"

/**
 * Resolves the options against a dataset (NULL: arrays of effects): finds the measure and its reason, sets vtype and
 * add, and fills `how`.
 */
mpl_status mpl__choose(const mpl_dataset *data, mpl_effect_options *options, const mpl__measure **measure,
                       const char **reason, mpl__how *how, mpl_error *err);

#endif
