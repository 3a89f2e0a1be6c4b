/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies in the order of a column, or of what was computed from it. */
#ifndef MPL_EFFECT_ORDER_H
#define MPL_EFFECT_ORDER_H

#include <metapool/effect.h>

/** What a study is sorted by. */
typedef struct mpl__order_key {
    double number;    /* NaN = missing, last */
    const char *text; /* instead of a number; NULL = missing */
    int sign;         /* -1 = the largest first */
    size_t index;     /* of the study; decides between equals */
} mpl__order_key;

/**
 * Reads the keys of all effects, or of all rows of counts if `counts` holds.
 *
 * @param by       "yi", "vi", "ni", "weight", else a column; a leading "-" reverses; NULL = as they are
 * @param weights  [k] NULL = there are none
 * @param option   for messages: "--sort"
 * @param keys     [out] one for each effect or row of counts
 */
mpl_status mpl__order_read(const mpl_dataset *data, const mpl_effects *effects, bool counts, const double *weights,
                           const char *by, const char *option, mpl__order_key *keys, mpl_error *err);

/** For qsort(). */
int mpl__order_compare(const void *a, const void *b);

/** True if nothing but their place tells two apart. */
bool mpl__order_is_tie(const mpl__order_key *a, const mpl__order_key *b);

#endif
