/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a p-curve's plot shows beside its points. */
#ifndef MPL_DIAG_BIAS_PCURVE_H
#define MPL_DIAG_BIAS_PCURVE_H

#include "diag/bias/findings.h"

typedef struct mpl__power {
    double value, lb, ub;
} mpl__power;

/** The power of the findings, with its interval. */
mpl__power mpl__pcurve_power(const mpl__findings *f, double level);

/** The share of findings, p < alpha, with a p-value below p when studies have that power; alpha is no effect. */
double mpl__pcurve_share(double alpha, double p, double power);

#endif
