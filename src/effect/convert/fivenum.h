/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mean and standard deviation from a median with quartiles, range or both.
 *
 * Every method here is deterministic and gives c times the answer for c times the data: distributions are fitted to
 * the data divided by their median, and where the usual programs draw random numbers, these integrate.
 */
#ifndef MPL_CONVERT_FIVENUM_H
#define MPL_CONVERT_FIVENUM_H

#include <stdbool.h>

#include "effect/convert/order_stat.h"

/** What a study reports; NaN = not. The median and n are needed, and the quartiles, the range, or both. */
typedef struct mpl__fivenum {
    double min, q1, median, q3, max, n;
} mpl__fivenum;

typedef struct mpl__moments {
    double mean, sd;
    double sem;         /* standard error of the mean as an estimate from these quantiles; NaN unless asked for */
    mpl__fitted fitted; /* the distribution behind mean and sd */
} mpl__moments;

/** The quantiles that are there, ascending, and their ranks in a sample of n. */
typedef struct mpl__quantiles {
    size_t m;
    double x[MPL__MAX_ORDER], rank[MPL__MAX_ORDER], p[MPL__MAX_ORDER];
    bool range, quartiles;
    double n;
} mpl__quantiles;

/** Bounds of the scale for methods that can use them; NaN = none. */
typedef struct mpl__bounds {
    double lower, upper;
} mpl__bounds;

/** Fills mean, sd and fitted; returns why it cannot, or NULL. `family` (NULL = any) keeps to one distribution. */
typedef const char *(*mpl__fivenum_method)(const mpl__quantiles *q, mpl__bounds bounds, const char *family,
                                           mpl__moments *out);

const char *mpl__fivenum_hozo(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_bland(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_wan(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_luo_wan(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_luo_shi(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_shi_lognormal(const mpl__quantiles *q, mpl__bounds bounds, const char *family,
                                       mpl__moments *out);
const char *mpl__fivenum_blue(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_qe(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_bc(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);
const char *mpl__fivenum_mln(const mpl__quantiles *q, mpl__bounds bounds, const char *family, mpl__moments *out);

/** Luo's mean and Wan's standard deviation as weights of the quantiles; shi: Shi's where all five are there. */
void mpl__luo_weights(const mpl__quantiles *q, double *w);
void mpl__wan_weights(const mpl__quantiles *q, bool shi, double *w);

/**
 * Checks the quantiles, tests their skewness and applies a method.
 *
 * @param with_sem  also find the standard error of the mean: the method's derivatives by the quantiles, and their
 *                  exact covariances under the fitted distribution
 * @return why it cannot be done, or NULL
 */
const char *mpl__fivenum_convert(const mpl__fivenum *five, mpl__fivenum_method method, mpl__bounds bounds,
                                 bool with_sem, mpl__moments *out);

/** Shi's test: the quantiles, or their logarithms, are too skewed for a normal distribution (at 5 %). */
bool mpl__fivenum_skewed(const mpl__fivenum *five, bool logs);

#endif
