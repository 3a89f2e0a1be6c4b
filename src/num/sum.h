/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Long sums. Neumaier's compensation (1974, Z Angew Math Mech 54:39-51) costs four additions per term; sums over many
 * studies therefore add plainly within blocks of MPL__BLOCK terms and compensate between blocks.
 */
#ifndef MPL_NUM_SUM_H
#define MPL_NUM_SUM_H

#include <math.h>
#include <stddef.h>

enum { MPL__BLOCK = 64 };

typedef struct mpl__sum {
    double total, lost;
} mpl__sum;

static inline void mpl__sum_add(mpl__sum *s, double x)
{
    const double t = s->total + x;
    s->lost += fabs(s->total) >= fabs(x) ? (s->total - t) + x : (x - t) + s->total;
    s->total = t;
}

static inline double mpl__sum_get(const mpl__sum *s)
{
    return s->total + s->lost;
}

#endif
