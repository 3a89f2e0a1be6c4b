/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pooled results of many subsets, before they are summed up. */
#ifndef MPL_DIAG_GOSH_H
#define MPL_DIAG_GOSH_H

#include <stdint.h>

#include <metapool/gosh.h>
#include "base/note.h"
#include "model/tau2_impl.h"

enum { MPL__GOSH_BITS = 10, MPL__GOSH_BLOCK = 1 << MPL__GOSH_BITS };

typedef struct mpl__subsets {
    const mpl_effects *effects;
    const mpl_fit *fit;
    const mpl__method_def *method;
    bool is_fixed;      /* tau2 is given */
    bool is_all;        /* subset s holds study i if bit i of s is set; s = 0 is empty */
    uint64_t seed;
    size_t k, n;        /* n: with the empty one, if all */
    size_t n_done;      /* the first ones */
    size_t n_words;     /* of a mask */
    uint64_t *masks;    /* [n_words x n] of random subsets */
    double *estimate, *tau2, *i2, *q; /* [n] NaN = not estimable */
    uint32_t *size;     /* [n] */
    double centre;      /* effects are measured from here */
    double (*low)[MPL__GOSH_BLOCK]; /* [4] sums over the first studies, for every combination of them */
} mpl__subsets;

/** Whether subset s holds study i. */
static inline bool mpl__subset_has(const mpl__subsets *ss, size_t s, size_t i)
{
    return (ss->is_all ? (uint64_t)s >> i : ss->masks[i / 64 * ss->n + s] >> i % 64) & 1;
}

/** Prepares; blocks of MPL__GOSH_BLOCK subsets are then done by mpl__subsets_block(), a mpl__block_work. */
mpl_status mpl__subsets_init(mpl__subsets *ss, const mpl_effects *effects, const mpl_fit *fit, size_t most,
                             uint64_t seed, mpl__arena *scratch, mpl_error *err);
mpl_status mpl__subsets_block(void *ctx, size_t block, mpl_error *err);

/** Sums up the subsets that are done. */
mpl_status mpl__subsets_summarise(const mpl__subsets *ss, mpl_gosh *out, mpl__arena *keep, mpl__arena *scratch,
                                  mpl_error *err);

#endif
