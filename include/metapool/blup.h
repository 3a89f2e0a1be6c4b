/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The true effects of the studies, as far as data and model tell them: empirical Bayes estimates, or best linear
 * unbiased predictions, which lie between what a study found and what the model expects of it.
 */
#ifndef METAPOOL_BLUP_H
#define METAPOOL_BLUP_H

#include <metapool/model.h>

MPL_BEGIN_DECLS

/** One study. Intervals are at the level of the fit, with the degrees of freedom of its test. */
typedef struct mpl_blup_row {
    const char *study;
    size_t row;      /**< data row in the file */
    double yi, vi;
    double fitted;   /**< what the model expects: the mean, or xi'beta */
    double own;      /**< percent: the weight of yi; 100 less this is that of `fitted` */
    double estimate, se, ci_lb, ci_ub;             /**< of the study's true effect */
    double ranef, ranef_se, ranef_lb, ranef_ub;    /**< of its random part, true effect less expectation */
} mpl_blup_row;

typedef struct mpl_blup {
    const mpl_effects *effects; /**< as given, and the fit; they must live as long */
    const mpl_fit *fit;
    size_t k;
    const mpl_blup_row *rows;   /**< [k] */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_blup;

/**
 * Shrinks each effect towards the model by lambda = tau2/(tau2 + vi): lambda yi + (1 - lambda) xi'b, with variance
 * lambda vi + (1 - lambda)^2 xi'Vb xi (Raudenbush & Bryk 1985; Robinson 1991).
 *
 * @param design  of the fit; NULL = mean
 * @return MPL_OK; MPL_ERR_ARG for a method that pools counts; MPL_ERR_TOO_FEW for a fit without tau2; MPL_ERR_NUMERIC
 *         if it is negative
 */
MPL_API MPL_NODISCARD mpl_status mpl_blup_new(const mpl_effects *effects, const mpl_design *design,
                                              const mpl_fit *fit, mpl_blup **out, mpl_error *err);
MPL_API void mpl_blup_free(mpl_blup *blup);

MPL_END_DECLS

#endif
