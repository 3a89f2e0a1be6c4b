/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The distribution of Henmi and Copas's statistic. */
#ifndef MPL_MODEL_HENMI_COPAS_H
#define MPL_MODEL_HENMI_COPAS_H

#include "model/problem.h"

typedef struct mpl__henmi_copas {
    double df, t, vr, rest, w1, w2, w3, w4; /* rest = W1 - W2 */
} mpl__henmi_copas;

/** At tau2 = t, scaled, for a mean of k >= 2 studies with vi > 0. */
mpl__henmi_copas mpl__henmi_copas_new(mpl__problem *pb, double t);

/** P(|mean - mu|/SE > u). */
double mpl__henmi_copas_pval(const mpl__henmi_copas *h, double u);

/** The u that is exceeded with probability 1 - level. */
double mpl__henmi_copas_critical(const mpl__henmi_copas *h, double level);

#endif
