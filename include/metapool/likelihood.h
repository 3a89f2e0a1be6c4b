/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Profile likelihoods: how well each value of one parameter agrees with the data when the others are at their best.
 *
 * Of tau2 it is the likelihood that the method maximises: the restricted one for REML, else the full one. Of a
 * coefficient it is the full likelihood, since the restricted one has no coefficients.
 */
#ifndef METAPOOL_LIKELIHOOD_H
#define METAPOOL_LIKELIHOOD_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

/** What to profile, and where. All-zero means all defaults; the option table is mpl_likelihood_option_table(). */
typedef struct mpl_likelihood_options {
    const char *parameter; /**< "tau2", or the name of a coefficient, "mean" for that of a mean; NULL = "tau2" */
    mpl_maybe least, most; /**< of its values; else half as far again from the estimate as the interval reaches */
    size_t points;         /**< equally spaced; 0 = 21 */
} mpl_likelihood_options;

/** One value of the parameter. */
typedef struct mpl_likelihood_point {
    double x;
    double ll;       /**< NaN where the model cannot be fitted */
    double drop;     /**< ll less its maximum */
    double pval;     /**< of the likelihood ratio test that this is the value */
    double tau2, i2, h2;           /**< tau2 given the value, and what follows from it */
    double estimate, ci_lb, ci_ub; /**< of the mean at that tau2; NaN with moderators, or where it is the parameter */
} mpl_likelihood_point;

typedef struct mpl_likelihood {
    mpl_likelihood_options options; /**< as resolved */
    const mpl_effects *effects;     /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;
    const char *parameter;          /**< "tau2" or the coefficient */
    const char *kind;               /**< "REML" or "ML" */
    bool is_tau2;
    double estimate;                /**< where the likelihood is highest */
    double ll;                      /**< its maximum */
    double lb, ub;                  /**< of the values that its ratio test does not reject at the level of the fit;
                                         ub infinite if there is no upper limit */
    double cut;                     /**< the log-likelihood at the limits */
    int n_maxima;                   /**< of tau2 */
    size_t n;
    const mpl_likelihood_point *points; /**< [n] x rising */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_likelihood;

MPL_API const mpl_option *mpl_likelihood_option_table(void);

/**
 * Evaluates the profile.
 *
 * @param design  of the fit; NULL = mean
 * @return MPL_OK; MPL_ERR_NAME for an unknown parameter; MPL_ERR_ARG for a fit whose method has no such likelihood, and
 *         for limits in the wrong order; MPL_ERR_TOO_FEW for one study
 */
MPL_API MPL_NODISCARD mpl_status mpl_likelihood_new(const mpl_effects *effects, const mpl_design *design,
                                                    const mpl_fit *fit, const mpl_likelihood_options *options,
                                                    mpl_likelihood **out, mpl_error *err);
MPL_API void mpl_likelihood_free(mpl_likelihood *likelihood);

MPL_END_DECLS

#endif
