/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of refits while it is being made. */
#ifndef MPL_DIAG_REFITS_H
#define MPL_DIAG_REFITS_H

#include <metapool/influence.h>
#include "base/note.h"
#include "diag/refit.h"

typedef struct mpl__refits_maker {
    const mpl_analysis *analysis;
    mpl__arena *keep, *scratch;
    mpl_refits *own;
    mpl_refit *rows;
    mpl__refitter refitter;
    mpl__notes notes;
    bool *used; /* [n units] none at first */
    mpl_error *err;
} mpl__refits_maker;

/** A kind of list. */
typedef struct mpl__refits_def {
    mpl_method method;
    const mpl_option *(*table)(void);
    size_t options_size;
    mpl_status (*run)(mpl__refits_maker *mk); /* fills the rows */
} mpl__refits_def;

/** options: NULL = all-zero; a copy is in the result. */
mpl_status mpl__refits_make(const mpl__refits_def *def, const mpl_analysis *analysis, const void *options,
                            mpl_refits **out, mpl_error *err);

/** Sets the number of rows. */
mpl_status mpl__refits_start(mpl__refits_maker *mk, size_t n);

/** Fits the units in use as row `i`, whose label and value are copied. */
mpl_status mpl__refits_add(mpl__refits_maker *mk, size_t i, const mpl_refit *row);

#endif
