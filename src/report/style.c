/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of house styles. */
#include "report/style.h"

static const mpl__house houses[] = {
#define MPL_STYLE(...) { __VA_ARGS__ },
#include "report/styles.def"
#undef MPL_STYLE
};

const mpl_method *mpl_style_method(size_t i)
{
    return i < sizeof houses / sizeof *houses ? &houses[i].method : NULL;
}

const mpl__house *mpl__house_find(const char *id)
{
    const mpl_method *const method = id ? mpl_method_find(mpl_style_method, id) : NULL;
    for (size_t i = 0; method && i < sizeof houses / sizeof *houses; i++)
        if (method == &houses[i].method)
            return &houses[i];
    return &houses[0];
}
