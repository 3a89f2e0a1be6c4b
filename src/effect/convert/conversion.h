/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the conversions share: one row on its way, and the descriptor behind each registry entry. */
#ifndef MPL_CONVERT_CONVERSION_H
#define MPL_CONVERT_CONVERSION_H

#include <metapool/convert.h>

enum { MPL__MAX_ROLES = 20, MPL__MAX_VARIABLES = 64 };

/** What readers of a row must know; codes and texts are in convert.c. */
enum {
    MPL__SKEWED = 1 << 0,      /* the quantiles are too skewed for the method */
    MPL__OFF_CENTRE = 1 << 1,  /* the estimate is not near the middle of its interval */
    MPL__CONVERTED_SD = 1 << 2 /* mean and SD come from quantiles: the usual variance is too small */
};

/** One row, for one group. */
typedef struct mpl__convert {
    const double *in;   /* by position in `inputs`, each role counted once; NaN = missing */
    double *out;        /* by position in `outputs`; NaN = not computed */
    const mpl_convert_options *options;
    const mpl_formula *formula;
    const double *values; /* of the formula's variables */
    const mpl_transform *transform;
    mpl_transform_args args; /* from the options; NaN = not given */
    unsigned flags;
    const char *detail; /* what the conversion chose, e.g. the distribution; NULL = nothing */
} mpl__convert;

typedef struct mpl__conversion {
    mpl_conversion pub;
    const char *(*apply)(mpl__convert *c); /* why it cannot be done; NULL = done */
    const char *clears;                    /* roles that are no longer true of the row */
    bool overwrites;                       /* its outputs are also its inputs */
    bool on_request;                       /* taken only where its id is asked for */
} mpl__conversion;

#define MPL_CONVERSION(symbol) extern const mpl__conversion mpl__conversion_##symbol;
#include "effect/convert/conversions.def"
#undef MPL_CONVERSION

/** The input that no holds: how many rows share the row's control group. */
#define MPL__SHARING "@sharing"

#endif
