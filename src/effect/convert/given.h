/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariances that are given: as a matrix of their own, or as the blocks of the studies in columns of the data. */
#ifndef MPL_CONVERT_GIVEN_H
#define MPL_CONVERT_GIVEN_H

#include <metapool/effect.h>

#include "effect/convert/sharing.h"

/** A matrix without its labels. Row and column of effect i are at[i]. */
typedef struct mpl__matrix {
    const mpl_dataset *from;
    size_t top, first; /* row and column of `from` in which it begins */
    const size_t *at;  /* [k] */
} mpl__matrix;

/**
 * Takes a matrix for the effects, or for all rows of the file that they come from: square, symmetric, without holes,
 * and labelled as they are if it has their labels. MPL_ERR_DATA.
 */
mpl_status mpl__matrix_open(const mpl_dataset *from, const mpl_dataset *data, const mpl_effects *effects,
                            mpl__arena *arena, mpl__matrix *out, mpl_error *err);

double mpl__matrix_at(const mpl__matrix *matrix, size_t i, size_t j);

/** The blocks of the studies, one below the other: in the a-th row of a study column b has its pair a, b. */
typedef struct mpl__given_blocks {
    const mpl_dataset *data;
    const char *option;       /* "rvars": correlations; "vvars": covariances */
    bool correlations;
    size_t n;
    const mpl_column **column; /* [n] */
    const size_t *place;      /* [rows of data] which row of its study it is */
} mpl__given_blocks;

/** `names` are columns, divided by commas; `cluster` is NULL for the labels. MPL_ERR_NAME, MPL_ERR_DATA. */
mpl_status mpl__given_blocks_open(const mpl_dataset *data, const char *names, const mpl_column *cluster,
                                  bool correlations, mpl__arena *arena, mpl__given_blocks *out, mpl_error *err);

/** The value of rows i and j of a study. Only one of the two triangles has to be there. */
mpl_status mpl__given_blocks_at(const mpl__given_blocks *blocks, size_t i, size_t j, double *out, mpl_error *err);

#endif
