/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means and standard deviations from what rows report instead: quantiles, standard errors, intervals. */
#ifndef MPL_EFFECT_CONVERTED_H
#define MPL_EFFECT_CONVERTED_H

#include "base/arena.h"
#include "effect/measure.h"

typedef struct mpl__converted {
    mpl_dataset data;         /* the same rows with further cells */
    mpl_dataset *made;        /* owns it; NULL = nothing was converted here */
    const mpl_column *column; /* names what was done in each row, here or by mpl_dataset_convert() before; or NULL */
} mpl__converted;

/** Converts, if the measure takes means and the data have columns for that; else out->made is NULL. */
mpl_status mpl__converted_open(mpl__converted *out, const mpl_dataset *data, const mpl__measure *measure,
                               const mpl_effect_options *options, mpl__arena *scratch, mpl_error *err);
void mpl__converted_close(mpl__converted *converted);

/** "fivenum:luo+wan" if row i was converted and the route uses that, else NULL; *ok becomes false if out of memory. */
const char *mpl__converted_route(const mpl__converted *converted, const mpl_route *route, size_t i, mpl__arena *keep,
                                 bool *ok);

/** True if a conversion can compute the column with this role, a mean or standard deviation, of n characters. */
bool mpl__converted_gives(const mpl_dataset *data, const char *role, size_t n);

#endif
