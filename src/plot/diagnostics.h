/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding diagnostics by their id. */
#ifndef MPL_PLOT_DIAGNOSTICS_H
#define MPL_PLOT_DIAGNOSTICS_H

#include <metapool/influence.h>

/** Index of a diagnostic that exists in mpl_diagnostic_method, which is that of its values. */
static inline size_t mpl__diagnostic_index(const char *id)
{
    const mpl_method *const method = mpl_method_find(mpl_diagnostic_method, id);
    size_t i = 0;
    while (mpl_diagnostic_method(i) != method)
        i++;
    return i;
}

#endif
