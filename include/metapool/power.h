/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Power of tests of small-study effects by simulation: what such a test can show with these studies.
 *
 * Studies are drawn with the sampling variances (of odds and risk ratios: the group sizes and the risks of the second
 * group) of the data, and true effects with the mean and tau2 of the fit. Without selection the share of p-values below
 * the level is the type I error; the power is that share where every study is drawn anew until it is published, surely
 * if it finds an effect on the side of the mean with a two-sided p-value below 0.05, else with probability 1/severity.
 */
#ifndef METAPOOL_POWER_H
#define METAPOOL_POWER_H

#include <metapool/bias.h>
#include <metapool/run.h>

MPL_BEGIN_DECLS

/** What to simulate. All-zero means all defaults; the option table is mpl_power_option_table(). */
typedef struct mpl_power_options {
    bool power;      /**< for the program: asked for; mpl_power_new() does not look at it */
    size_t draws;    /**< "power-draws": meta-analyses drawn, with and without selection; 0 = 1000 */
    double severity; /**< "power-severity": of selection; 0 = 10 */
    double level;    /**< "power-level": of the tests; 0 = 0.05 */
} mpl_power_options;

/** One test. Shares are in percent, with the standard errors that come from the number of draws. */
typedef struct mpl_power_row {
    const mpl_bias_method *method;
    size_t n_null, n_selected;  /**< draws in which it could be computed */
    double type1, type1_se;
    double power, power_se;
} mpl_power_row;

typedef struct mpl_power {
    mpl_power_options options;  /**< as resolved */
    mpl_run_options run;        /**< the seed */
    bool by_counts;             /**< counts of events were drawn, not effects */
    size_t n_draws;             /**< done */
    bool is_partial;            /**< stopped before the end */
    double mean, tau2;          /**< of the true effects */
    size_t n_rows;
    const mpl_power_row *rows;  /**< the tests of the table that were computed */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_power;

MPL_API const mpl_option *mpl_power_option_table(void);

/**
 * Simulates the tests of a table.
 *
 * @param data  as for mpl_bias_new()   @param run  NULL = all defaults
 * @return MPL_OK, also when stopped; MPL_ERR_ARG for options; MPL_ERR_TOO_FEW if the table has no test that was
 *         computed, or it was stopped before the first draws were done; MPL_ERR_NOMEM
 */
MPL_API MPL_NODISCARD mpl_status mpl_power_new(const mpl_dataset *data, const mpl_bias *bias,
                                               const mpl_power_options *options, const mpl_run_options *run,
                                               mpl_power **out, mpl_error *err);
MPL_API void mpl_power_free(mpl_power *power);

MPL_END_DECLS

#endif
