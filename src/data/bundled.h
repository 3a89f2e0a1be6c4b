/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The datasets compiled in: constants that embed.py writes from datasets/datapackage.json. */
#ifndef MPL_DATA_BUNDLED_H
#define MPL_DATA_BUNDLED_H

#include "data/table.h"

typedef struct mpl__bundled {
    mpl__schema schema;
    const char *bytes; /* CSV */
    size_t size;
} mpl__bundled;

extern const mpl__bundled mpl__bundled_table[];
extern const size_t mpl__n_bundled;

/** NULL if there is no such id. */
const mpl__bundled *mpl__bundled_find(const char *id);

#endif
