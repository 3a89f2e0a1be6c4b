/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking up the datasets compiled in. */
#include "data/bundled.h"

#include <string.h>

const mpl__bundled *mpl__bundled_find(const char *id)
{
    for (size_t i = 0; i < mpl__n_bundled; i++)
        if (!strcmp(mpl__bundled_table[i].schema.info.id, id))
            return &mpl__bundled_table[i];
    return NULL;
}

const mpl_dataset_info *mpl_bundled_get(size_t i)
{
    return i < mpl__n_bundled ? &mpl__bundled_table[i].schema.info : NULL;
}

const char *mpl_bundled_find(const char *id, size_t *size)
{
    const mpl__bundled *const found = mpl__bundled_find(id);
    if (!found)
        return NULL;
    *size = found->size;
    return found->bytes;
}
