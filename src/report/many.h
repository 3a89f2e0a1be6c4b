/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a million rows: made into text on all processors, written in their order, never all in memory as text. */
#ifndef MPL_REPORT_MANY_H
#define MPL_REPORT_MANY_H

#include <metapool/report.h>
#include "base/text.h"

enum { MPL__MANY_ROWS = 512 }; /* fewer are not worth the threads */

/** Adds row `i` of the table, whose cells these are. Called from any thread. */
typedef void (*mpl__row_adder)(const void *ctx, mpl__text *out, const mpl_report_table *table, size_t i,
                               const mpl_value *cells);

/** Writes all rows. @return MPL_OK; MPL_ERR_NOMEM; MPL_ERR_IO on a short write */
mpl_status mpl__rows_write(const mpl_report_table *table, mpl__row_adder add, const void *ctx, FILE *out,
                           mpl_error *err);

#endif
