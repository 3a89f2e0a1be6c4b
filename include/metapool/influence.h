/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a pooled result owes to single studies: case diagnostics, leaving one out, adding one after the other.
 *
 * All of it is the same analysis of other sets of studies, with the options of the fit that is given. Methods that
 * pool counts leave out and add rows of counts, which may have no effect of their own.
 */
#ifndef METAPOOL_INFLUENCE_H
#define METAPOOL_INFLUENCE_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

/* ---- diagnostics of each study */

/** What the values of a diagnostic are, for who shows them. */
typedef enum mpl_diagnostic_kind {
    MPL_DIAGNOSTIC_EFFECT,   /**< units of yi */
    MPL_DIAGNOSTIC_VARIANCE, /**< squared units of yi */
    MPL_DIAGNOSTIC_PERCENT,
    MPL_DIAGNOSTIC_RATIO,    /**< no unit */
    MPL_DIAGNOSTIC_STATISTIC
} mpl_diagnostic_kind;

struct mpl__deletion;

/** A number that says how a study stands to the fit, or the fit to a study. */
typedef struct mpl_diagnostic {
    mpl_method method; /**< id "rstudent", what it is, source */
    const char *label; /**< short heading */
    mpl_diagnostic_kind kind;
    bool is_minor;     /**< follows from others: left out where people read */
    bool is_of_rest;   /**< says something about the other studies, not about this one */
    double (*compute)(const struct mpl__deletion *deletion); /**< private */
    const char *rule;                       /**< "|DFFITS| > 3 sqrt(p/(k - p))"; NULL = flags nothing */
    double (*limit)(double k, double p);    /**< size beyond which a study is flagged; private */
} mpl_diagnostic;

/** Registry of diagnostics, in listing order. Entries are mpl_diagnostic. */
MPL_API const mpl_method *mpl_diagnostic_method(size_t i);

/** What to compare intervals with. The option table is mpl_influence_option_table(). */
typedef struct mpl_influence_options {
    mpl_maybe threshold; /**< on the display scale; else the measure's value of no effect. For a mean only */
} mpl_influence_options;

/** One study, and the fit without it. */
typedef struct mpl_influence_row {
    const char *study;
    size_t row;             /**< data row in the file */
    size_t effect;          /**< index among the effects; SIZE_MAX = counts without an effect */
    const double *values;   /**< [n_diagnostics] NaN = not estimable */
    const double *dfbetas;  /**< [p] */
    const char *flags;      /**< ids of the diagnostics beyond their limits, separated by blanks; "" = none */
    const mpl_fit *without; /**< the fit without the study, without weights, fitted values and notes; NULL = none */
    const char *why;        /**< why there is none */
    double ci_includes, pi_includes; /**< whether these intervals of the mean without it include the threshold: 1, 0,
                                          NaN = not known */
    const char *changes;    /**< what includes the threshold without the study and not with it, or the other way round:
                                 "CI", "CI, PI", names of coefficients; "" = nothing; NULL = not known */
} mpl_influence_row;

typedef struct mpl_influence {
    mpl_influence_options options;
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;
    size_t n_diagnostics;
    const double *limits;       /**< [n_diagnostics] as in the registry; NaN = flags nothing */
    size_t k;
    const mpl_influence_row *rows; /**< [k] */
    size_t n_flagged, n_changing;
    double threshold;           /**< on the display scale; NaN = there is no value of no effect and none is given */
    double ci_includes, pi_includes; /**< whether these intervals of the mean of all studies include it: 1, 0, NaN */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_influence;

MPL_API const mpl_option *mpl_influence_option_table(void);

/**
 * Leaves out each study in turn.
 *
 * @param design  of the fit; NULL = mean
 * @return MPL_OK; MPL_ERR_TOO_FEW if there are fewer than 2 studies; MPL_ERR_ARG for a threshold where there is no mean
 */
MPL_API MPL_NODISCARD mpl_status mpl_influence_new(const mpl_effects *effects, const mpl_design *design,
                                                   const mpl_fit *fit, const mpl_influence_options *options,
                                                   mpl_influence **out, mpl_error *err);
MPL_API void mpl_influence_free(mpl_influence *influence);

/* ---- fits to other sets of studies */

typedef struct mpl_loo_options {
    const char *cluster; /**< leave out all studies with the same value in this column; NULL = one study */
} mpl_loo_options;

typedef struct mpl_cumulative_options {
    const char *order; /**< a column, "yi", "vi", "ni" or "weight"; a leading "-" reverses; NULL = file order */
    bool collapse;     /**< add studies with the same value together */
} mpl_cumulative_options;

/** A fit to some of the studies. */
typedef struct mpl_refit {
    const char *label;  /**< the study or cluster left out; the study added, or the value of several */
    const char *value;  /**< cumulative: of the column of the order; NULL = missing, or no column */
    size_t row;         /**< data row in the file of the study; 0 = several */
    size_t n_changed;   /**< how many studies were left out or added */
    const mpl_fit *fit; /**< without weights, fitted values and notes; NULL = none */
    const char *why;    /**< why there is none */
} mpl_refit;

typedef struct mpl_refits {
    const mpl_method *kind;     /**< "loo" or "cumulative" */
    const mpl_option *option_table; /**< of the kind's options, */
    const void *options;        /**< which are these */
    const char *column;         /**< of the clusters or of the order; NULL = none */
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;         /**< to all studies */
    size_t n;
    const mpl_refit *rows;
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_refits;

MPL_API const mpl_option *mpl_loo_option_table(void);
MPL_API const mpl_option *mpl_cumulative_option_table(void);

/**
 * Pools all studies but one, or but one cluster, for each of them.
 *
 * @param analysis  effects and the fit of a mean; with the dataset if the options name a column
 * @return MPL_OK; MPL_ERR_NAME for a column that is not there; MPL_ERR_ARG for a fit with moderators; MPL_ERR_TOO_FEW
 *         if there is one study or cluster
 */
MPL_API MPL_NODISCARD mpl_status mpl_loo_new(const mpl_analysis *analysis, const mpl_loo_options *options,
                                             mpl_refits **out, mpl_error *err);

/** Pools the first study, the first two, and so on; studies without a value in the order's column come last. */
MPL_API MPL_NODISCARD mpl_status mpl_cumulative_new(const mpl_analysis *analysis,
                                                    const mpl_cumulative_options *options, mpl_refits **out,
                                                    mpl_error *err);
MPL_API void mpl_refits_free(mpl_refits *refits);

MPL_END_DECLS

#endif
