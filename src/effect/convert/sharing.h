/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows belong to one study, and which of those share a control group. */
#ifndef MPL_CONVERT_SHARING_H
#define MPL_CONVERT_SHARING_H

#include "effect/convert/frame.h"

enum { MPL__MAX_CONTROL = 16 };

/** Rows by the text of a column, numbered in order of first appearance. */
typedef struct mpl__clusters {
    size_t n;             /* clusters */
    size_t *id;           /* [n_rows]; SIZE_MAX where the column is missing */
    size_t *size;         /* [n] rows */
    const char **name;    /* [n] borrowed from the column */
    size_t *start, *rows; /* [n], [n_rows]: rows[start[c]] to rows[start[c] + size[c] - 1] are cluster c, in order */
} mpl__clusters;

mpl_status mpl__clusters_new(const char *const *text, size_t n_rows, mpl__arena *arena, mpl__clusters *out,
                             mpl_error *err);

/** What identifies a control group within a study: its name, or all numbers reported of it. */
typedef struct mpl__control {
    const mpl_column *name; /* NULL: by numbers */
    size_t n;
    const mpl_column *number[MPL__MAX_CONTROL];
} mpl__control;

/** `name` is a column, or NULL. MPL_ERR_DATA if nothing is known of control groups. */
mpl_status mpl__control_open(const mpl_dataset *data, const char *name, mpl__control *out, mpl_error *err);

/** True if rows a and b of one study have the same control group. Rows that report nothing of it share nothing. */
bool mpl__control_same(const mpl__control *control, size_t a, size_t b);

/** For each row the number of rows of its cluster with the same control group, itself included. */
mpl_status mpl__sharing_count(mpl__frame *frame, const char *cluster, const double **out, mpl_error *err);

#endif
