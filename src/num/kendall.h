/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kendall's rank correlation. */
#ifndef MPL_NUM_KENDALL_H
#define MPL_NUM_KENDALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

typedef struct mpl__kendall {
    double tau;  /* tau-b; NaN if x or y is constant */
    double s;    /* concordant less discordant pairs */
    double se;   /* of s under independence, with the correction for ties */
    double pval; /* two-sided; exact without ties, else by the normal distribution */
    bool exact;
} mpl__kendall;

/** O(n^2) time. Exact up to `exact_n` pairs without ties. False if memory ran out. */
bool mpl__kendall_test(mpl__arena *scratch, const double *x, const double *y, size_t n, size_t exact_n,
                       mpl__kendall *out);

#endif
