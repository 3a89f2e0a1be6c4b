/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dataset being made from another: its columns copied, or as many empty rows, and new columns. Cells are set as text
 * or as numbers; numbers are written so that they read back equal. What is known of the dataset, its notes and the rows
 * it has dropped come along.
 */
#ifndef MPL_CONVERT_FRAME_H
#define MPL_CONVERT_FRAME_H

#include <metapool/dataset.h>

#include "base/arena.h"
#include "data/table.h"

typedef struct mpl__frame {
    mpl__table table;
    const mpl_dataset *from;
    size_t capacity;  /* columns that there is room for */
    double **number;  /* [capacity][n_rows] NaN where missing or text */
    const char **role; /* [capacity] NULL = none */
    mpl_read_options options;
    mpl__schema schema;
    bool failed;      /* an allocation did; checked at the end */
} mpl__frame;

/**
 * Starts with copies of all rows of `from`, or with n_rows empty ones.
 *
 * @param index  [n_rows] for each row, the row of `from` whose place in the file it takes; NULL = all rows, copied
 * @param extra  columns that may be added
 */
mpl_status mpl__frame_open(mpl__frame *f, const mpl_dataset *from, const size_t *index, size_t n_rows, size_t extra,
                           mpl_error *err);

/** The column with this role or name, else a new one of that name. */
size_t mpl__frame_column(mpl__frame *f, const char *role_or_name);

/** SIZE_MAX if there is none. */
size_t mpl__frame_find(const mpl__frame *f, const char *role_or_name);

/** NaN and NULL make the cell missing. */
void mpl__frame_number(mpl__frame *f, size_t column, size_t row, double x);
void mpl__frame_text(mpl__frame *f, size_t column, size_t row, const char *text);

/** Makes the dataset if `so_far` is MPL_OK, else frees everything; returns the status of the whole. */
mpl_status mpl__frame_close(mpl__frame *f, mpl_status so_far, mpl_dataset **out, mpl_error *err);

#endif
