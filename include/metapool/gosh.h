/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Graphical display of study heterogeneity: the pooled result of every subset of the studies (Olkin, Dahabreh &
 * Trikalinos 2012, Res Synth Methods 3:214-223). Where there are too many subsets, of as many random ones.
 */
#ifndef METAPOOL_GOSH_H
#define METAPOOL_GOSH_H

#include <metapool/model.h>
#include <metapool/run.h>

MPL_BEGIN_DECLS

/** How many. All-zero means all defaults; the option table is mpl_gosh_option_table(). */
typedef struct mpl_gosh_options {
    size_t subsets; /**< all subsets if there are no more than this, else so many random ones; 0 = 1048576 */
    size_t points;  /**< subsets listed one by one, drawn at random if there are more; 0 = 1000 */
} mpl_gosh_options;

/** One quantity over all subsets in which it can be estimated. */
typedef struct mpl_gosh_statistic {
    const char *id, *title; /**< "estimate", "tau2", "i2", "q", "k" */
    size_t n;
    double mean, sd, min, q05, q25, median, q75, q95, max; /**< quantiles interpolate, as R's type 7 */
} mpl_gosh_statistic;

/** The estimates of the subsets with a study, and of those without it. */
typedef struct mpl_gosh_study {
    const char *study;
    size_t row;
    size_t n_with, n_without;
    double q25_with, median_with, q75_with;
    double q25_without, median_without, q75_without;
    double share;   /**< percent of the variance of the estimates that goes with having the study or not */
    bool separates; /**< the middle halves of the two do not overlap */
} mpl_gosh_study;

typedef struct mpl_gosh_bin {
    double from, to;
    size_t n;
} mpl_gosh_bin;

typedef struct mpl_gosh_point {
    size_t k;
    double estimate, tau2, i2, q; /**< NaN = not estimable */
    const char *members;          /**< numbers of the studies, from 1, separated by blanks */
} mpl_gosh_point;

typedef struct mpl_gosh {
    mpl_gosh_options options;   /**< as resolved */
    mpl_run_options run;        /**< the seed, where subsets were drawn */
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;
    double n_possible;          /**< 2^k - 1 */
    size_t n;                   /**< subsets pooled */
    size_t n_failed;            /**< of which without an estimate */
    bool is_all;                /**< every subset */
    bool is_partial;            /**< stopped before the end */
    size_t n_statistics;
    const mpl_gosh_statistic *statistics;
    const mpl_gosh_study *studies; /**< [k] */
    size_t n_bins;
    const mpl_gosh_bin *bins;   /**< histogram of the estimates */
    size_t n_points;
    const mpl_gosh_point *points;
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_gosh;

MPL_API const mpl_option *mpl_gosh_option_table(void);

/**
 * Pools subsets with the method of a fit.
 *
 * @param fit  of a mean, by inverse-variance weights    @param run  NULL = all defaults
 * @return MPL_OK, also when stopped; MPL_ERR_ARG for a fit with moderators or to counts; MPL_ERR_TOO_FEW for one study,
 *         or if it was stopped before the first subsets were done
 */
MPL_API MPL_NODISCARD mpl_status mpl_gosh_new(const mpl_effects *effects, const mpl_fit *fit,
                                              const mpl_gosh_options *options, const mpl_run_options *run,
                                              mpl_gosh **out, mpl_error *err);
MPL_API void mpl_gosh_free(mpl_gosh *gosh);

MPL_END_DECLS

#endif
