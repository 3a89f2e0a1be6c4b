/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of the table of small-study effects is made of. */
#ifndef MPL_DIAG_BIAS_IMPL_H
#define MPL_DIAG_BIAS_IMPL_H

#include <metapool/bias.h>
#include "base/note.h"

typedef struct mpl__bias_job {
    const mpl_dataset *data; /* may be NULL */
    const mpl_effects *effects;
    const mpl_fit *fit;
    mpl_bias *bias;        /* the result, options resolved */
    mpl__arena *keep;      /* of the result */
    mpl__arena *scratch;
    mpl__notes notes;
    double level;          /* of intervals */
    double sign;           /* +1 if studies are thought to be missing on the left, else -1 */
} mpl__bias_job;

typedef struct mpl__bias_def {
    mpl_bias_method pub;
    const char *measures;  /* ids it is defined for, separated by blanks; NULL = all */
    bool needs_counts;     /* of two groups */
    bool needs_sizes;      /* ni of every study */
    bool of_effects;       /* a test of what the studies find, and not of whether some are missing */
    size_t min_k;
    mpl_status (*compute)(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err);
} mpl__bias_def;

/** Leaves the row without a result; printf without floating conversions. Always MPL_OK, unless memory ran out. */
mpl_status mpl__bias_refuse(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/** The same after a call failed with `s`: MPL_ERR_NOMEM is passed on, other messages become the reason. */
mpl_status mpl__bias_failed(mpl__bias_job *job, mpl_bias_row *row, mpl_status s, mpl_error *err);

/** Fits yi with variances vi on a line in x (NULL = a mean); options as of a pooled fit. */
mpl_status mpl__bias_line(const double *yi, const double *vi, const double *x, size_t n, const mpl_fit_options *options,
                          mpl_fit **out, mpl_error *err);

/** Equal effects with the Hartung-Knapp factor: weighted least squares with a free dispersion. */
mpl_fit_options mpl__bias_least_squares(const mpl__bias_job *job);

/** A study of the Doi plot: z is the normal quantile of its weighted rank, `size` the room it takes among the ranks. */
typedef struct mpl__doi {
    double y, size, z;
    size_t index; /* of the effect */
} mpl__doi;

/**
 * The points in order of effect, the one nearest to z = 0, and the LFK index.
 *
 * @param out  [k]   @return NULL, or why there are none
 */
const char *mpl__doi_points(const mpl_effects *effects, mpl__doi *out, size_t *middle, double *lfk);

/** "no asymmetry", "minor asymmetry", "major asymmetry". */
const char *mpl__lfk_reading(double lfk);

/** The k-th word of the registry's choice made: index of `id`. */
size_t mpl__bias_index(mpl_registry registry, const char *id);

#endif
