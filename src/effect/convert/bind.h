/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a conversion's roles to the columns of a dataset, group by group. */
#ifndef MPL_CONVERT_BIND_H
#define MPL_CONVERT_BIND_H

#include "effect/convert/conversion.h"
#include "effect/convert/frame.h"

enum { MPL__MAX_GROUPS = 4, MPL__MAX_ALTERNATIVES = 8, MPL__MAX_ROLE = 24 };

/** A conversion for one group; alternatives whose columns do not exist are left out. */
typedef struct mpl__bound {
    const mpl__conversion *conversion;
    size_t n_in, n_out, n_need;
    char role[MPL__MAX_ROLES][MPL__MAX_ROLE]; /* of the inputs */
    const double *in[MPL__MAX_ROLES];         /* the column's numbers; NULL = no such column */
    unsigned need[MPL__MAX_ALTERNATIVES];     /* bit k: input k */
    char out[MPL__MAX_ROLES][MPL__MAX_ROLE];
    unsigned must;                            /* bit k: output k is always made */
} mpl__bound;

typedef struct mpl__group {
    const char *title; /* "group 1", "group 2", or "" */
    bool is_whole;     /* conversions that do not speak of one group */
    size_t n;
    mpl__bound *bound; /* best first */
} mpl__group;

typedef struct mpl__binding {
    size_t n_groups;
    mpl__group group[MPL__MAX_GROUPS];
} mpl__binding;

/** Binds the conversions to the target asked for; MPL_ERR_DATA if none finds its columns. */
mpl_status mpl__bind(mpl__frame *frame, const mpl_convert_options *options, const mpl__conversion *const *conversions,
                     size_t n, mpl__binding *out, mpl_error *err);

/** True if every output is there already. */
bool mpl__bound_is_reported(const mpl__bound *b, const mpl__frame *frame, size_t row);

/** True if the row has all that one of the alternatives needs. */
bool mpl__bound_is_complete(const mpl__bound *b, size_t row);

/** What the row lacks for the conversion that is nearest to complete: "q11i is missing". */
const char *mpl__group_lacks(const mpl__group *group, size_t row, char *out, size_t size);

#endif
