/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same analysis of some of the studies, many times over.
 *
 * A *unit* is what a refit can take or leave: an effect, or for methods that pool counts a row of counts, which may
 * have no effect of its own.
 */
#ifndef MPL_DIAG_REFIT_H
#define MPL_DIAG_REFIT_H

#include <metapool/model.h>
#include "base/arena.h"

typedef struct mpl__refitter {
    const mpl_effects *effects;
    const mpl_design *design; /* NULL = mean */
    mpl_fit_options options;  /* of the fit to all of them */
    const mpl_fit *near;      /* the last one: searches start from it */
    bool is_by_counts;
    size_t n;                 /* units */
    const size_t *index;      /* [n] row of the dataset, ascending */
    const size_t *row;        /* [n] data row in the file */
    const char *const *slab;  /* [n] */
    mpl__arena *keep;         /* where the fits go */
    double *yi, *vi, *x;      /* work: the studies of one refit */
    const char **labels;
} mpl__refitter;

/** `all` is the fit to all units; scratch must live as long as the refitter, keep as long as the fits. */
mpl_status mpl__refitter_init(mpl__refitter *r, const mpl_effects *effects, const mpl_design *design,
                              const mpl_fit *all, mpl__arena *keep, mpl__arena *scratch, mpl_error *err);

/**
 * Fits the units for which used[i] holds, in their order. The fit is in `keep` and has no notes, weights and fitted
 * values. Where the test asked for needs more studies, z takes its place as in a fit to them alone.
 *
 * @param why  [out] if they cannot be fitted, the reason, in `keep`, with *out NULL; else NULL
 * @return MPL_OK, also without a fit; MPL_ERR_NOMEM
 */
mpl_status mpl__refit(mpl__refitter *r, const bool *used, const mpl_fit **out, const char **why, mpl_error *err);

#endif
