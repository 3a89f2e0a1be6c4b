/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pooled result as one row: subgroups, the overall line, sensitivity analyses. */
#ifndef MPL_REPORT_POOLED_H
#define MPL_REPORT_POOLED_H

#include "report/parts.h"

typedef struct mpl__pooled {
    const char *type, *group; /* "overall" or "subgroup"; label of the subgroup */
    double value;             /* of an assumption that is varied */
    mpl_term term;            /* the mean */
    mpl_fit fit;
    mpl__shown shown, shown_pi;
} mpl__pooled;

/** The mean of a fit as a row. */
mpl__pooled mpl__pooled_of(const mpl_measure *measure, const mpl_fit *fit);

/** A row without results, where k studies could not be fitted. */
mpl__pooled mpl__pooled_none(size_t k);

/** Stats of the row: type, group, then the results, which start at MPL__POOLED_RESULTS. */
enum { MPL__POOLED_TYPE, MPL__POOLED_GROUP, MPL__POOLED_RESULTS };
const mpl__stat *mpl__pooled_stats(size_t *n);

/** Names the columns that people see after measure and level. */
void mpl__pooled_label(mpl__table *t, const mpl_measure *measure, const mpl_fit *fit);

#endif
