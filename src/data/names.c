/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sorted array and a binary search: no hash that hostile names could defeat. */
#include "data/names.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const mpl__name *const x = a, *const y = b;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

void mpl__names_sort(mpl__name *names, size_t n)
{
    if (n)
        qsort(names, n, sizeof *names, compare);
}

mpl__name *mpl__names_new(mpl__arena *arena, const mpl_column *columns, size_t n)
{
    mpl__name *const names = MPL_NEW(arena, mpl__name, n);
    for (size_t i = 0; names && i < n; i++)
        names[i] = (mpl__name){ columns[i].name, i };
    if (names)
        mpl__names_sort(names, n);
    return names;
}

const mpl__name *mpl__names_find(const mpl__name *names, size_t n, const char *name)
{
    for (size_t lo = 0, hi = n; lo < hi;) {
        const size_t mid = lo + (hi - lo) / 2;
        const int order = strcmp(name, names[mid].name);
        if (order == 0)
            return &names[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

bool mpl__names_duplicate(const mpl__name *names, size_t n, size_t *first, size_t *second)
{
    bool found = false;
    for (size_t i = 1; i < n; i++) {
        if (strcmp(names[i - 1].name, names[i].name) || (found && names[i].index >= *second))
            continue;
        found = true;
        *first = names[i - 1].index;
        *second = names[i].index;
    }
    return found;
}
