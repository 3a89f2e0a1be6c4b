/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums of squares with any weights: y'P_A y, P_A = A - AX(X'AX)^-1X'A, A = diag(a). With eigenvalues lambda_j of
 * S P_A S, S^2 = diag(vi + t), it is distributed as sum lambda_j chi2_1 when tau2 = t; its mean is tr(P_A V) +
 * t tr P_A.
 * Members of mpl__moments are in scaled units.
 */
#ifndef MPL_MODEL_MOMENTS_H
#define MPL_MODEL_MOMENTS_H

#include "model/problem.h"
#include "num/dist.h"

typedef struct mpl__moments {
    double rss;            /* y'P_A y */
    double tr_pv, tr_p;    /* tr(P_A V), tr P_A */
    double pvpv, pvp, pp;  /* tr(P_A V P_A V), tr(P_A V P_A), tr(P_A P_A) */
} mpl__moments;

/**
 * @param a  [k] weights >= 0 in the problem's order, more than p of them positive; NULL = equal weights
 * @return false if the design is rank-deficient in the studies that have weight
 */
bool mpl__moments_get(mpl__problem *pb, const double *a, mpl__moments *out);

/** Standard deviation of y'P_A y when tau2 = t. */
double mpl__moments_sd(const mpl__moments *m, double t);

/** Where y'P_A y equals its mean; not truncated. */
double mpl__moments_root(const mpl__moments *m);

/**
 * Tail of the distribution of y'P_A y at `observed` when tau2 = t: rises in t for the upper tail. Exact.
 *
 * @param work  [(p + 1) k + 4 p^2]
 */
double mpl__moments_p(mpl__problem *pb, const double *a, double t, double observed, mpl__tail tail, double *work);

#endif
