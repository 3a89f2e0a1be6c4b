/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Meta-regression: effects explained by columns of the data.
 *
 * A formula names the moderators. mpl_regress_new() makes the design from it, leaves out studies that lack a moderator
 * and says so, fits with the options of a pooled fit, and adds what only a regression has: the part of the
 * heterogeneity that is explained, a test of each term, predictions for moderators of one's choice.
 *
 *     formula = [ "~" ] item { ( "+" | "-" ) item } ;  item = "0" | "1" | cross ;  cross = pair { "*" pair }
 *     pair    = moderator { ":" moderator } ;          a*b is a + b + a:b ;  "- 1" and "0 +" take out the intercept
 *     moderator = column | column "^" whole number | "I" "(" moderator ")"
 *               | function "(" column { "," [ name "=" ] value } ")"
 *     value     = number | "c" "(" number { "," number } ")" | "TRUE" | "FALSE" | 'text'
 *
 * Functions are listed by mpl_moderator_function_method(). A column with blanks is written `in backticks`. A column of
 * numbers enters as it is, a column of texts, or factor(), by one indicator for each of its values but the reference:
 * the first in C-locale order (numbers by size), or the one that ref() names. As in R, a term whose margin is not in
 * the model has an indicator for every value. center() takes off the mean of the studies in the model, scale() also
 * divides by their standard deviation. Splines and polynomials (ns, bs, rcs, poly) make several columns; knots and
 * coefficients come from the studies in the model, and predictions use these.
 */
#ifndef METAPOOL_REGRESS_H
#define METAPOOL_REGRESS_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

/** What to regress on. The option table is mpl_regress_option_table(). */
typedef struct mpl_regress_options {
    const char *mods;    /**< the formula; required */
    const char *predict; /**< "ablat=30,alloc=random; ablat=50,alloc=random": where to predict; NULL = nowhere */
    bool drop_redundant; /**< leave out columns that are combinations of others, with a note, instead of failing */
} mpl_regress_options;

/** A Wald test that several coefficients are 0, under the test in force. */
typedef struct mpl_wald {
    double q;        /**< chi-squared; F if df2 is finite */
    double df, df2;  /**< df2: of the F test, else infinity */
    double pval, log_pval;
} mpl_wald;

/** One term of the formula, with the test of its coefficients. */
typedef struct mpl_moderator {
    const char *term; /**< "ablat", "ablat:alloc" */
    size_t first, n;  /**< its coefficients; n = 0 if all were redundant */
    mpl_wald test;    /**< NaN if n = 0 */
} mpl_moderator;

/** The model's mean at chosen values of the moderators. */
typedef struct mpl_prediction {
    const char *at; /**< the values, as given */
    double estimate, se, df, ci_lb, ci_ub;
    double pi_lb, pi_ub; /**< of a new study's effect; NaN if not estimable */
} mpl_prediction;

typedef struct mpl_regression {
    mpl_regress_options options;
    const mpl_effects *effects;  /**< studies in the model; what is not rows belongs to the effects given, which must
                                      live as long */
    const mpl_fit *fit;          /**< q is the residual QE, qm the omnibus test */
    const mpl_fit *baseline;     /**< the same studies without moderators */
    const mpl_design *design;    /**< what the fit was made on: a row for each of the effects */
    size_t n_moderators;
    const mpl_moderator *moderators;
    double r2;                   /**< percent; NaN if the model cannot hold a constant, or tau2 is fixed */
    const char *r2_definition;   /**< in words */
    double lrt, lrt_df, lrt_pval, lrt_log_pval; /**< likelihood ratio against the baseline; NaN unless method ML */
    size_t n_predictions;
    const mpl_prediction *predictions;
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_regression;

MPL_API const mpl_option *mpl_regress_option_table(void);

/** Registry of functions of a moderators formula. */
MPL_API const mpl_method *mpl_moderator_function_method(size_t i);

/**
 * Fits the regression.
 *
 * @return MPL_OK; MPL_ERR_PARSE for a malformed formula or prediction, with the column in it; MPL_ERR_NAME for an
 *         unknown column or value; MPL_ERR_TOO_FEW if there are no more studies than coefficients; MPL_ERR_NUMERIC for
 *         a column that is constant or a combination of others; and what mpl_fit_new() returns.
 */
MPL_API MPL_NODISCARD mpl_status mpl_regress_new(const mpl_dataset *data, const mpl_effects *effects,
                                                 const mpl_fit_options *fit_options,
                                                 const mpl_regress_options *options, mpl_regression **out,
                                                 mpl_error *err);
MPL_API void mpl_regress_free(mpl_regression *regression);

MPL_END_DECLS

#endif
