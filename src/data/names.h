/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Column names in sorted order: duplicates and lookups without comparing each with each. */
#ifndef MPL_DATA_NAMES_H
#define MPL_DATA_NAMES_H

#include <metapool/dataset.h>

#include "base/arena.h"

typedef struct mpl__name {
    const char *name;
    size_t index;
} mpl__name;

/** Sorts in place: by name, equal names by index. */
void mpl__names_sort(mpl__name *names, size_t n);

/** The names of columns, sorted. NULL if out of memory. */
mpl__name *mpl__names_new(mpl__arena *arena, const mpl_column *columns, size_t n);

/** NULL if there is none. */
const mpl__name *mpl__names_find(const mpl__name *names, size_t n, const char *name);

/** The first pair of equal names, by the index of the second; false if all differ. */
bool mpl__names_duplicate(const mpl__name *names, size_t n, size_t *first, size_t *second);

#endif
