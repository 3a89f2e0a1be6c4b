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

/** Lets tau2 depend on columns: a location-scale model. The option table is mpl_scale_option_table(). */
typedef struct mpl_scale_options {
    const char *scale; /**< formula of the scale; NULL = one tau2 for all studies */
    const char *link;  /**< "scale-link", id in mpl_scale_link_method */
    const char *ci;    /**< "scale-ci", id in mpl_scale_ci_method */
} mpl_scale_options;

/** What to regress on and what to ask of it: rows of mpl_moderator_option_table() and mpl_regress_option_table(). */
typedef struct mpl_regress_options {
    const char *mods;     /**< the formula; required, but "1" beside a scale */
    const char *predict;  /**< "ablat=30,alloc=random; ablat=50,alloc=random": where to predict; NULL = nowhere */
    bool drop_redundant;  /**< leave out columns that are combinations of others, with a note, instead of failing;
                               combinations of levels that no study has are always left out */
    const char *versus;   /**< a formula to compare with; "1" = no moderators */
    const char *grid;     /**< "predict-grid": what mpl_curve_new() takes */
    size_t grid_points;   /**< of it; 0 = 50 */
    const char *contrast; /**< "alloc=random - alloc=systematic; 2*ablat": combinations of coefficients */
    const char *together; /**< "test-terms", "ablat + alloc; alloc": terms that are tested together */
    const char *means;    /**< a factor: the mean at each of its levels */
    const char *pairwise; /**< a factor: every difference between its levels */
    const char *weights;  /**< "means-weights", id in mpl_averaging_method */
    const char *adjust;   /**< id in mpl_adjust_method */
    const char *delta;    /**< "exp(intercept + 40*ablat); -intercept/ablat": mpl_formula of coefficients */
    const char *r2;       /**< id in mpl_r2_method */
    size_t r2_draws;      /**< samples of the studies for an interval of R2; 0 = none */
    bool residuals;       /**< show residuals and leverages of the studies */
    mpl_scale_options scale; /**< its rows are mpl_scale_option_table() */
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
    double gvif;      /**< generalised variance inflation factor; NaN if there is nothing beside it */
    double gsif;      /**< gvif^(1/(2 n)): by how much standard errors are inflated */
} mpl_moderator;

/** Terms that are tested together. */
typedef struct mpl_term_group {
    const char *terms; /**< as given */
    size_t n;          /**< their coefficients */
    mpl_wald test;
} mpl_term_group;

/** A combination of coefficients. */
typedef struct mpl_combination {
    mpl_term term;         /**< term.term: as given, or "random minus systematic" */
    double pval_adjusted;  /**< over all combinations of its list */
} mpl_combination;

/** Two formulas for the same studies, fitted by the same method. */
typedef struct mpl_versus {
    const char *formula;
    const mpl_fit *fit;
    bool is_nested;        /**< one holds the other, so that they can be tested */
    double lrt, lrt_df, lrt_pval, lrt_log_pval; /**< NaN unless is_nested and the likelihoods can be compared */
    double r2;             /**< percent: 1 - tau2 of the larger over tau2 of the smaller; NaN unless is_nested */
    double tau2, aic, aicc, bic; /**< of the fit less those of the regression */
} mpl_versus;

/** The model's mean at chosen values of the moderators. */
typedef struct mpl_prediction {
    const char *at; /**< the values, as given */
    double estimate, se, df, ci_lb, ci_ub;
    double pi_lb, pi_ub; /**< of a new study's effect; NaN if not estimable */
    double tau2;         /**< there */
} mpl_prediction;

/** A point of a curve. */
typedef struct mpl_curve_point {
    double x;              /**< value of the column */
    const char *group;     /**< level of the factor beside it; NULL = none */
    mpl_prediction at;
} mpl_curve_point;

/** The model along one moderator: what a bubble plot draws. */
typedef struct mpl_curve {
    const char *column, *by; /**< by: the factor that has a curve for each level; NULL = none */
    const char *held;        /**< what the others are held at, in words; "" = there are none */
    size_t n;
    const mpl_curve_point *points; /**< level after level, x rising */
    struct mpl__arena *arena;
} mpl_curve;

/** tau2 at chosen values of the moderators. */
typedef struct mpl_scale_prediction {
    const char *at;
    double tau2, ci_lb, ci_ub; /**< NaN if not estimable */
} mpl_scale_prediction;

/** How tau2 depends on columns. */
typedef struct mpl_scale_model {
    const char *formula;
    const mpl_method *link, *ci; /**< in mpl_scale_link_method and mpl_scale_ci_method */
    size_t q;
    const mpl_term *terms;   /**< [q] coefficients alpha; NaN if they have no finite maximum */
    const double *va;        /**< [q x q] their covariance */
    mpl_wald test;           /**< that all but the intercept are 0; NaN if there are none */
    const mpl_fit *same;     /**< the same regression with one tau2 for all */
    double lrt, lrt_df, lrt_pval, lrt_log_pval; /**< likelihood ratio against it; NaN unless it is contained */
    const double *tau2;      /**< [k] of each study */
    int n_maxima;            /**< that the searches found */
    bool converged;
    size_t n_predictions;
    const mpl_scale_prediction *predictions; /**< where the regression predicts */
} mpl_scale_model;

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
    mpl_interval r2_ci;          /**< from r2_draws; else NaN */
    const char *r2_definition;   /**< in words */
    double lrt, lrt_df, lrt_pval, lrt_log_pval; /**< likelihood ratio against the baseline; NaN unless method ML */
    size_t n_predictions;
    const mpl_prediction *predictions;
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
    const double *vif;           /**< [p] of each coefficient; NaN for the intercept and where it is alone */
    const mpl_versus *versus;    /**< NULL = not asked */
    const mpl_curve *curve;      /**< NULL = not asked */
    size_t n_contrasts, n_pairwise, n_means;
    const mpl_combination *contrasts, *pairwise;
    mpl_wald contrast_test;      /**< that all contrasts are 0; NaN if they depend on each other, or are fewer than 2 */
    const mpl_prediction *means; /**< at each level of a factor, numbers at their mean */
    size_t n_functions;
    const mpl_term *functions;   /**< of coefficients, by the delta method; term.term: as given */
    const mpl_scale_model *scale;      /**< NULL = one tau2 for all studies */
    size_t n_groups;
    const mpl_term_group *groups;      /**< terms tested together */
} mpl_regression;

/** The model itself; what is asked of it. */
MPL_API const mpl_option *mpl_moderator_option_table(void);
MPL_API const mpl_option *mpl_regress_option_table(void);
MPL_API const mpl_option *mpl_scale_option_table(void);

/** Registries: functions of a moderators formula; adjustments of p-values; how means are taken over other factors. */
MPL_API const mpl_method *mpl_moderator_function_method(size_t i);
MPL_API const mpl_method *mpl_adjust_method(size_t i);
MPL_API const mpl_method *mpl_averaging_method(size_t i);
/** Registry: definitions of R2. */
MPL_API const mpl_method *mpl_r2_method(size_t i);

/** Registries of location-scale models: from coefficients to tau2; intervals of the coefficients. */
MPL_API const mpl_method *mpl_scale_link_method(size_t i);
MPL_API const mpl_method *mpl_scale_ci_method(size_t i);

/**
 * Fits the regression.
 *
 * @return MPL_OK; MPL_ERR_PARSE for a malformed formula or prediction, with the column in it; MPL_ERR_NAME for an
 *         unknown column, value or coefficient; MPL_ERR_TOO_FEW if there are no more studies than coefficients;
 *         MPL_ERR_NUMERIC for a column that is constant or a combination of others; and what mpl_fit_new() returns.
 */
MPL_API MPL_NODISCARD mpl_status mpl_regress_new(const mpl_dataset *data, const mpl_effects *effects,
                                                 const mpl_fit_options *fit_options,
                                                 const mpl_regress_options *options, mpl_regression **out,
                                                 mpl_error *err);
MPL_API void mpl_regress_free(mpl_regression *regression);

/**
 * The model along a column of numbers, from its least to its largest value.
 *
 * @param along  "ablat"; with a factor, "ablat, alloc", a curve for each of its levels; "ablat, alloc=random" holds
 *               others where it says. Numbers that are not named are held at their mean; over factors that are not
 *               named the curve is averaged, as often as studies have each level. NULL: the first column that enters
 *               as a number.
 * @param n      points of a curve; 0 = 50
 */
MPL_API MPL_NODISCARD mpl_status mpl_curve_new(const mpl_regression *regression, const char *along, size_t n,
                                               mpl_curve **out, mpl_error *err);
MPL_API void mpl_curve_free(mpl_curve *curve);

/** Adjusts n p-values for their number; NaN stay NaN and do not count. MPL_ERR_NAME for an unknown id; NULL = Holm. */
MPL_API MPL_NODISCARD mpl_status mpl_pvalues_adjust(const char *method, const double *pval, size_t n, double *out,
                                                    mpl_error *err);

MPL_END_DECLS

#endif
