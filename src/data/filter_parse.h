/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter expression as a tree whose columns are resolved. The grammar is in <metapool/dataset.h>. */
#ifndef MPL_DATA_FILTER_PARSE_H
#define MPL_DATA_FILTER_PARSE_H

#include <metapool/dataset.h>

#include "base/arena.h"

enum { MPL__FILTER_MAX_DEPTH = 64 };

typedef struct mpl__operand {
    const mpl_column *column; /* NULL: a literal */
    const char *text;         /* of the literal */
    double number;            /* of the literal; NaN for a text */
} mpl__operand;

typedef enum mpl__filter_kind {
    MPL__FILTER_OR,      /* of child and those after it */
    MPL__FILTER_AND,
    MPL__FILTER_NOT,     /* of child */
    MPL__FILTER_COMPARE, /* left op right */
    MPL__FILTER_MISSING, /* left */
    MPL__FILTER_IN       /* left in list */
} mpl__filter_kind;

typedef enum mpl__filter_op { MPL__EQ, MPL__NE, MPL__LT, MPL__LE, MPL__GT, MPL__GE } mpl__filter_op;

typedef struct mpl__filter {
    mpl__filter_kind kind;
    mpl__filter_op op;
    bool negated; /* "is not missing", "not in" */
    mpl__operand left, right;
    struct mpl__filter *child, *next;
    const struct mpl__literal *list;
} mpl__filter;

typedef struct mpl__literal {
    mpl__operand value;
    const struct mpl__literal *next;
} mpl__literal;

/** The tree lives in the arena and refers to the columns of `data`. */
mpl_status mpl__filter_parse(const mpl_dataset *data, const char *expr, mpl__arena *arena, mpl__filter **out,
                             mpl_error *err);

#endif
