/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the report of a regression (from_regression_more.c); each adds nothing where nothing was asked. */
#ifndef MPL_REPORT_FROM_REGRESSION_H
#define MPL_REPORT_FROM_REGRESSION_H

#include "report/from_fit.h"

/** Coefficients, what is explained and what is left, tests of terms, and what else was asked for. */
void mpl__part_regression(mpl__build *b, const mpl_regression *r);

/** A table of predictions in the section that is being filled. */
void mpl__regression_predictions(mpl__build *b, const mpl_regression *r, const char *key, const char *label,
                                 const char *row_type, const mpl_prediction *all, size_t n);

/** Means, differences between levels, contrasts. */
void mpl__regression_combinations(mpl__build *b, const mpl_regression *r);

/** The model along a moderator. */
void mpl__regression_curve(mpl__build *b, const mpl_regression *r);

/** How tau2 depends on columns: the model, and what it predicts (from_scale.c). */
void mpl__regression_scale(mpl__build *b, const mpl_regression *r);
void mpl__regression_scale_predictions(mpl__build *b, const mpl_regression *r);

/** The other formula. */
void mpl__regression_versus(mpl__build *b, const mpl_regression *r);

#endif
