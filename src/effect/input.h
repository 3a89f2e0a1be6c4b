/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a measure's inputs come from: columns checked once, then studies row by row. */
#ifndef MPL_EFFECT_INPUT_H
#define MPL_EFFECT_INPUT_H

#include <stdint.h>

#include "base/arena.h"
#include "effect/measure.h"

enum { MPL__MAX_INPUTS = 64, MPL__LACK_SIZE = 120 };

typedef struct mpl__bound {
    const char *role;
    size_t offset;        /* in mpl__study */
    const double *number; /* NULL: no such column (ri alone, which an option can fill) */
    const mpl_column *impossible;  /* the column, if some of its values are impossible and their rows to be left out */
    bool (*allows)(double);        /* of that column */
    const char *expected;
} mpl__bound;

typedef struct mpl__source {
    const mpl_dataset *data;
    const mpl__measure *measure;
    mpl_maybe ri;
    bool omits; /* rows with impossible values are left out */
    size_t n_inputs;
    mpl__bound input[MPL__MAX_INPUTS];
    size_t n_routes;
    const mpl_route *route[MPL__MAX_ROUTES]; /* those whose columns exist, best first */
    uint64_t needs[MPL__MAX_ROUTES];         /* bit i: input[i] */
} mpl__source;

/** Binds columns to inputs, finds the routes that exist, checks every value. */
mpl_status mpl__source_open(mpl__source *src, const mpl_dataset *data, const mpl__measure *measure,
                            const mpl_effect_options *options, mpl_error *err);

/**
 * Reads row i and takes its route; *route is NULL if none is complete. Then study->why says nothing. A value that is
 * not possible is MPL_ERR_DATA.
 */
mpl_status mpl__source_read(const mpl__source *src, const mpl__how *how, size_t i, mpl__study *study,
                            const mpl_route **route, mpl_error *err);

/** Says what a row lacks: "baseline_sd (sd1i) is missing". *only_ri is set if it is the pre/post correlation alone. */
const char *mpl__source_lack(const mpl__source *src, const mpl__study *study, mpl__arena *arena, bool *only_ri);

/** Puts file, line and study in front of a message on row i, and the field of `column` (NULL = none) into err. */
mpl_status mpl__blame(const mpl_dataset *data, size_t i, const mpl_column *column, mpl_status status, mpl_error *err);

/** True if the dataset has a column for every role of the route. */
bool mpl__route_exists(const mpl_route *route, const mpl_dataset *data);

/** How many roles of the route have no column; `text` names them, divided by blanks, and the others are counted. */
size_t mpl__route_lacks(const mpl_route *route, const mpl_dataset *data, char text[MPL__LACK_SIZE], size_t *present);

/** True for the routes of reported effects, which every measure has. */
bool mpl__route_is_reported(const mpl_route *route);

#endif
