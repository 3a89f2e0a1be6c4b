/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table as people see it: columns with a label, values as text, limits of an interval in one cell. */
#ifndef MPL_REPORT_GRID_H
#define MPL_REPORT_GRID_H

#include "base/arena.h"
#include "report/show.h"

typedef struct mpl__grid {
    size_t n_columns, n_rows;
    const char **cells; /* [(n_rows + 1) x n_columns], the labels first */
    bool *is_number;    /* [n_columns] */
    const size_t *columns; /* [n_columns] of the table; an interval is that of its lower limit */
} mpl__grid;

/** Columns without any value are left out, unless the table keeps them. */
mpl_status mpl__grid_make(mpl__arena *scratch, const mpl_report_table *table, const mpl__style *style,
                          mpl__grid *out, mpl_error *err);

#endif
