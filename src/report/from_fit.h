/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a pooled analysis that a regression reports in the same way. */
#ifndef MPL_REPORT_FROM_FIT_H
#define MPL_REPORT_FROM_FIT_H

#include "report/parts.h"

/** Starts the section "model" with all fields of the fit; coefficients are left to the caller. */
void mpl__fit_model(mpl__build *b, const mpl_fit *fit);

/** The section "heterogeneity"; the residual one where there are moderators. */
void mpl__fit_heterogeneity(mpl__build *b, const mpl_fit *fit, bool is_residual);

/** The effect of each study, with its weight and what it was computed from. */
void mpl__fit_studies(mpl__build *b, const mpl_analysis *analysis);

/** Groups, the test between them, contrasts. */
void mpl__fit_subgroups(mpl__build *b, const mpl_analysis *analysis);

/** Tables of what else the fit tests and estimates, if there is anything (extras.c). */
void mpl__fit_extras(mpl__build *b, const mpl_fit *fit);

#endif
