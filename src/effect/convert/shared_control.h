/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariance of two effects that were computed against the same control group. */
#ifndef MPL_CONVERT_SHARED_CONTROL_H
#define MPL_CONVERT_SHARED_CONTROL_H

#include <metapool/convert.h>

/** The control group as reported, and the two comparisons. */
typedef struct mpl__shared {
    double n2i, m2i, sd2i, ci, di, x2i; /* NaN = missing */
    double y1, y2;                      /* the effects */
    double all;                         /* members of the study: the control group and all groups compared with it */
    double add;                         /* added to cells, where the effects were corrected */
} mpl__shared;

typedef struct mpl__shared_formula {
    mpl_method method; /* id of the measure */
    double (*covariance)(const mpl__shared *s);
} mpl__shared_formula;

/** NULL if there is no formula for the measure. */
const mpl__shared_formula *mpl__shared_find(const char *measure);

#endif
