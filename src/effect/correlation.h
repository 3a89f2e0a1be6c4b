/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What correlation.c and regression.c share. */
#ifndef MPL_EFFECT_CORRELATION_H
#define MPL_EFFECT_CORRELATION_H

#include "effect/measure.h"

/** (1 - r^2)^2/n */
double mpl__variance_of_r(double r, double n);

/** Sets atanh(r), its variance, and why it may not be finite. */
void mpl__fisher_z(double r, double v, mpl__effect *e);

#endif
