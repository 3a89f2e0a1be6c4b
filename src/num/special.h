/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Special functions of effect sizes. Outside their domain, and for NaN, they are NaN. Measured errors:
 * tests/unit/test_special.c.
 */
#ifndef MPL_NUM_SPECIAL_H
#define MPL_NUM_SPECIAL_H

/** Hedges' small-sample factor J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m - 1)/2)), m > 1. */
double mpl__hedges_j(double m);

/** 2F1(1/2, 1/2; c; 1 - r^2), c > 1, and 2F1(1, 1; c; 1 - r^2), c > 2, for |r| <= 1: the Olkin-Pratt correlation. */
double mpl__hyp2f1_half(double c, double r);
double mpl__hyp2f1_one(double c, double r);

/** P(X <= h, Y <= k) - P(X <= h) P(Y <= k) for a bivariate normal with correlation sin(angle), |angle| <= pi/2. */
double mpl__norm2_excess(double h, double k, double angle);

/** Its density at (h, k), correlation rho. */
double mpl__norm2_density(double h, double k, double rho);

/**
 * Variance of a squared multiple correlation rho2 under its likelihood normalised over 0.0001 to 0.9999, as metafor
 * does, given the observed r2 of m predictors in n cases: F = r2/m / ((1 - r2)/(n - m - 1)) is noncentral F with
 * noncentrality n rho2/(1 - rho2) (van Aert & Goos 2023).
 */
double mpl__r2_likelihood_variance(double r2, double m, double n);

#endif
