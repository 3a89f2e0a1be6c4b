/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several rows to one. */
#ifndef MPL_CONVERT_ROWS_H
#define MPL_CONVERT_ROWS_H

#include "effect/convert/frame.h"

/** The column that names the clusters becomes the label; "slab" stands for the labels themselves. */
size_t mpl__rows_label(mpl__frame *f, const char *column);

/** Mean of a numeric column over some rows, missing ones left out; of texts the one that all share, else missing. */
void mpl__rows_summarise(mpl__frame *f, size_t column, size_t to, const size_t *rows, size_t n);

/** Takes out columns that hold nothing. */
void mpl__rows_prune(mpl__frame *f);

#endif
