/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two halves of the report of a multiverse: what comes out in words, and its tables. */
#ifndef MPL_REPORT_FROM_MULTIVERSE_H
#define MPL_REPORT_FROM_MULTIVERSE_H

#include <metapool/multiverse.h>
#include "report/parts.h"

/** "RR" with one measure, else "Effect"; "Coefficient" of a regression. */
const char *mpl__multiverse_estimate(const mpl_multiverse *m);

/** What intervals are compared with, for words: "1", or "the null" with several measures. */
const char *mpl__multiverse_threshold(mpl__build *b, const mpl_multiverse *m);

/** "7 methods, 3 tests"; NULL = nothing varies. */
const char *mpl__multiverse_varied(mpl__build *b, const mpl_multiverse *m, bool with_pi);

/** The same stats; of a coefficient, which has no usual size, with digits enough. */
const mpl__stat *mpl__multiverse_stats(mpl__build *b, const mpl_multiverse *m, const mpl__stat *stats, size_t n);

/** Whether not all conclude the same. */
bool mpl__multiverse_turns(const mpl_sides *sides);

/** Whether p-values and intervals conclude otherwise in some analysis. */
bool mpl__multiverse_p_differs(const mpl_multiverse *m);

/** Fills the section that is open: sentences, then tables. `is_short`: without lists of analyses. */
void mpl__part_multiverse(mpl__build *b, const mpl_multiverse *m, const mpl_write_options *write, bool is_short);

/** Ranges by kind, what each choice moves, what comes out under each value, distances; `lists_all`: every value. */
void mpl__multiverse_choices(mpl__build *b, const mpl_multiverse *m, bool lists_all);

/** Sets of analyses that agree, and what was left out. */
void mpl__multiverse_sets(mpl__build *b, const mpl_multiverse *m, bool lists_all, bool lists_means,
                          bool lists_predictions);

/** Every analysis, for machines. */
void mpl__multiverse_analyses(mpl__build *b, const mpl_multiverse *m);

#endif
