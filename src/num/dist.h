/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distributions: tails, logarithms of tails, quantiles.
 *
 * Every function names its tail, so that nobody writes 1 - P. Arguments outside the domain, NaN among them, give NaN;
 * infinite degrees of freedom are the limit (t: normal, F: chi-squared / df). Measured errors: tests/ref/dist.csv.
 */
#ifndef MPL_NUM_DIST_H
#define MPL_NUM_DIST_H

typedef enum mpl__tail { MPL__LOWER, MPL__UPPER } mpl__tail;

/** Probability of the tail that ends at x. */
double mpl__norm_p(double x, mpl__tail tail);
double mpl__t_p(double x, double df, mpl__tail tail);
double mpl__chisq_p(double x, double df, mpl__tail tail);
double mpl__f_p(double x, double df1, double df2, mpl__tail tail);
double mpl__beta_p(double x, double a, double b, mpl__tail tail);

/** Its natural logarithm, exact where the probability underflows. */
double mpl__norm_log_p(double x, mpl__tail tail);
double mpl__t_log_p(double x, double df, mpl__tail tail);
double mpl__chisq_log_p(double x, double df, mpl__tail tail);
double mpl__f_log_p(double x, double df1, double df2, mpl__tail tail);

/** The x whose tail has probability p, 0 <= p <= 1. */
double mpl__norm_q(double p, mpl__tail tail);
double mpl__t_q(double p, double df, mpl__tail tail);
double mpl__chisq_q(double p, double df, mpl__tail tail);
double mpl__f_q(double p, double df1, double df2, mpl__tail tail);
double mpl__beta_q(double p, double a, double b, mpl__tail tail);

double mpl__norm_density(double x);
double mpl__t_density(double x, double df);

/** Two-sided p-value of a t statistic (df infinite: normal); *log_pval, if not NULL, gets its logarithm. */
double mpl__two_sided(double statistic, double df, double *log_pval);

#endif
