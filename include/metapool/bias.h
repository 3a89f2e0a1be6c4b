/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small-study effects: do small studies show other effects than large ones, what would the mean be without, and how
 * much must be missing before the conclusion changes?
 *
 * Each method is a registry row of one of three kinds: a *test* of asymmetry or excess, an *adjusted* mean, or a
 * *number* such as an index or a count of missing studies. mpl_bias_new() computes every row that the data allow from a
 * pooled fit and says of the others why not. No test here can tell publication bias from heterogeneity, and with fewer
 * than ten studies none has power (Sterne et al. 2011, BMJ 343:d4002); notes say so where it applies.
 */
#ifndef METAPOOL_BIAS_H
#define METAPOOL_BIAS_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

typedef enum mpl_bias_kind { MPL_BIAS_TEST, MPL_BIAS_ADJUSTED, MPL_BIAS_NUMBER } mpl_bias_kind;

/** An entry of the registry. */
typedef struct mpl_bias_method {
    mpl_method method;
    mpl_bias_kind kind;
    const char *caution; /**< what to know before it is quoted; NULL = nothing special */
} mpl_bias_method;

/** What to compute. All-zero means all defaults; the option table is mpl_bias_option_table(). */
typedef struct mpl_bias_options {
    const char *only;        /**< ids of mpl_bias_registry, separated by commas; NULL = all that the data allow */
    const char *predictor;   /**< of Egger's tests: id in mpl_bias_predictor */
    const char *side;        /**< where studies may be missing: id in mpl_bias_side */
    const char *k0;          /**< how trim and fill counts them: id in mpl_bias_k0 */
    const char *alternative; /**< which findings count: id in mpl_bias_alternative; two-sided is the mean's side where
                                  a method needs one */
    const char *puniform;    /**< how p-uniform judges p-values: id in mpl_bias_puniform */
    double alpha;            /**< level at which a study counts as a finding; 0 = 0.05 */
    mpl_maybe target;        /**< mean that fail-safe numbers lead to, display scale; default half of the estimate */
} mpl_bias_options;

/** One row of the table. */
typedef struct mpl_bias_row {
    const mpl_bias_method *method;
    const char *why;       /**< why there is no result; NULL = there is one */
    size_t k;              /**< studies used */
    mpl_term coefficient;  /**< TEST: what is tested, with statistic and p-value; estimate NaN if it has no size */
    mpl_term adjusted;     /**< ADJUSTED; a TEST that has one: the mean of infinitely large studies */
    double tau2;           /**< beside the adjusted mean; NaN = none */
    double value, expected; /**< NUMBER, and counts beside a test or a mean: studies filled in, findings and how many
                                 are expected */
    double value_lb, value_ub; /**< an interval of a NUMBER; NaN = none */
    const char *reading;   /**< the result in a few words; NULL = none */
} mpl_bias_row;

/** A study that trim and fill adds: the mirror image of one that is there. */
typedef struct mpl_filled {
    size_t mirrors;        /**< index among the effects */
    double yi, vi;
} mpl_filled;

/** Copas's selection model at one strength of selection. */
typedef struct mpl_copas_point {
    double gamma0, gamma1;  /**< a study is published with probability Phi(gamma0 + gamma1/se), whatever its effect;
                                 gamma0 infinite: all are */
    double p_largest, p_smallest; /**< that probability for the largest and for the smallest standard error */
    double unpublished;     /**< studies that are expected beside those there are */
    double estimate, se, ci_lb, ci_ub, rho, tau2;
    double ll;
    double residual_pval;   /**< whether effects still lean on their standard errors; likelihood ratio */
} mpl_copas_point;

typedef struct mpl_bias {
    mpl_bias_options options; /**< as resolved */
    const mpl_effects *effects;
    const mpl_fit *fit;       /**< both belong to the caller and must live as long */
    size_t n_rows;
    const mpl_bias_row *rows; /**< in registry order */
    size_t n_filled;
    const mpl_filled *filled; /**< by trim and fill, if it ran */
    const char *filled_side;  /**< "left" or "right"; NULL = trim and fill did not run */
    size_t n_copas_path, n_copas_grid;
    const mpl_copas_point *copas_path; /**< from no selection on; where the model was asked for by name, else NULL */
    const mpl_copas_point *copas_grid; /**< [20 x 20]; likewise */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_bias;

MPL_API const mpl_option *mpl_bias_option_table(void);

/** Registries. Entries of the first are mpl_bias_method. */
MPL_API const mpl_method *mpl_bias_registry(size_t i);
MPL_API const mpl_method *mpl_bias_predictor(size_t i);
MPL_API const mpl_method *mpl_bias_side(size_t i);
MPL_API const mpl_method *mpl_bias_k0(size_t i);
MPL_API const mpl_method *mpl_bias_alternative(size_t i);
MPL_API const mpl_method *mpl_bias_puniform(size_t i);

/**
 * Computes the table.
 *
 * @param data  of the effects, for columns that they do not carry; NULL = none
 * @param fit   of the effects, a pooled mean; both are borrowed
 * @return MPL_OK, also where no row can be computed; MPL_ERR_NAME and MPL_ERR_ARG for options; MPL_ERR_ARG for a fit
 *         with moderators; MPL_ERR_NOMEM
 */
MPL_API MPL_NODISCARD mpl_status mpl_bias_new(const mpl_dataset *data, const mpl_effects *effects,
                                              const mpl_fit *fit, const mpl_bias_options *options, mpl_bias **out,
                                              mpl_error *err);
MPL_API void mpl_bias_free(mpl_bias *bias);

MPL_END_DECLS

#endif
