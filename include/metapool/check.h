/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plausibility: what looks wrong in a file that somebody typed.
 *
 * Errors of data extraction are common and large (Gotzsche et al. 2007 found them in 17 of 27 meta-analyses): standard
 * errors taken for standard deviations, ratios not logged, a sign lost, one control group counted twice. Each *rule* is
 * a registry row; mpl_check_new() runs them all and returns *findings* with row, column, value and reason. A *serious*
 * finding is impossible or almost surely an error, a *warning* needs a look, a *remark* only says what is there.
 */
#ifndef METAPOOL_CHECK_H
#define METAPOOL_CHECK_H

#include <metapool/effect.h>

MPL_BEGIN_DECLS

typedef enum mpl_severity { MPL_REMARK, MPL_WARNING, MPL_SERIOUS } mpl_severity;

typedef struct mpl_rule {
    mpl_method method;
    mpl_severity severity; /**< the worst that the rule finds */
} mpl_rule;

/** One thing that looks wrong. */
typedef struct mpl_finding {
    const mpl_rule *rule;
    mpl_severity severity;
    size_t row;          /**< 1-based data row; 0 = a column, or the whole */
    size_t line;         /**< 1-based line in the file; 0 = none */
    const char *study;   /**< NULL = none */
    const char *column;  /**< name in the file; NULL = none */
    const char *value;   /**< as written there; NULL = none */
    const char *reason;  /**< one sentence without final stop */
} mpl_finding;

/** What to look for. All-zero means all defaults; the option table is mpl_check_option_table(). */
typedef struct mpl_check_options {
    const char *only;     /**< ids of rules, separated by commas; NULL = all */
    const char *skip;     /**< ids of rules to leave out; NULL = none */
    const char *cluster;  /**< column that names the study, for control groups used twice */
    size_t items;         /**< means are of this many whole-number items (GRIM); 0 = not known */
    mpl_maybe scale_min;  /**< bounds of the measured scale; otherwise columns scale_min and scale_max, if any */
    mpl_maybe scale_max;
} mpl_check_options;

typedef struct mpl_check {
    mpl_check_options options; /**< as resolved */
    const char *data_name;
    const char *title;         /**< of the dataset; NULL = none */
    size_t n_rows;
    const mpl_measure *measure; /**< of the effects that were looked at; NULL = none could be computed */
    const char *no_effects;    /**< why; NULL where there are effects */
    size_t n_findings;
    const mpl_finding *findings; /**< serious ones first, then by rule and row */
    size_t n_serious, n_warnings, n_remarks;
    struct mpl__arena *arena;
} mpl_check;

MPL_API const mpl_option *mpl_check_option_table(void);

/** Registry of rules; entries are mpl_rule. */
MPL_API const mpl_method *mpl_rule_method(size_t i);

/** Finds a rule; NULL if there is none. */
MPL_API const mpl_rule *mpl_rule_find(const char *id);

/** "remark", "warning", "serious". */
MPL_API const char *mpl_severity_text(mpl_severity severity);

/**
 * Runs the rules.
 *
 * Rules that look at effects see those of the rows without impossible values; if none can be computed (no measure, no
 * columns) they are left out and `no_effects` says why.
 *
 * @param effect_options  how effects are computed; NULL = defaults
 * @return MPL_OK, whatever is found; MPL_ERR_NAME for a rule or column; MPL_ERR_ARG for bounds in the wrong order.
 */
MPL_API MPL_NODISCARD mpl_status mpl_check_new(const mpl_dataset *data, const mpl_effect_options *effect_options,
                                               const mpl_check_options *options, mpl_check **out, mpl_error *err);
MPL_API void mpl_check_free(mpl_check *check);

MPL_END_DECLS

#endif
