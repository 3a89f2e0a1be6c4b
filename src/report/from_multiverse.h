/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the report of a multiverse: what comes out in words, and its tables. */
#ifndef MPL_REPORT_FROM_MULTIVERSE_H
#define MPL_REPORT_FROM_MULTIVERSE_H

#include <metapool/multiverse.h>
#include "report/parts.h"

/** "RR" with one measure, else "Effect". */
const char *mpl__multiverse_estimate(const mpl_multiverse *m);

/** What intervals are compared with, for words: "1", or "the null" with several measures. */
const char *mpl__multiverse_threshold(mpl__build *b, const mpl_multiverse *m);

/** Ranges by kind, what each choice moves, what comes out under each value. */
void mpl__multiverse_choices(mpl__build *b, const mpl_multiverse *m);

/** Sets of analyses that agree, and what was left out. */
void mpl__multiverse_sets(mpl__build *b, const mpl_multiverse *m, bool is_listed);

/** Every analysis, for machines. */
void mpl__multiverse_analyses(mpl__build *b, const mpl_multiverse *m);

#endif
