/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the columns of a dataset lack for a measure, where they allow none. */
#ifndef MPL_EFFECT_NEAREST_H
#define MPL_EFFECT_NEAREST_H

#include <metapool/effect.h>

/** MPL_ERR_ARG: says which measures are nearest to what is there, and which columns each group of them lacks. */
mpl_status mpl__nearest_fail(const mpl_dataset *data, mpl_error *err);

#endif
