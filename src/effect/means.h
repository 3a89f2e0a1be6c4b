/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What measures of two groups' means share. */
#ifndef MPL_EFFECT_MEANS_H
#define MPL_EFFECT_MEANS_H

#include "effect/measure.h"

#define MPL__MEANS "means", "m1i sd1i n1i m2i sd2i n2i"

double mpl__pooled_variance(const mpl__study *s);

/** 1/n1 + 1/n2 */
static inline double mpl__inverse_n(const mpl__study *s)
{
    return 1 / s->n1i + 1 / s->n2i;
}

#endif
