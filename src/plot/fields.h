/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text columns of a plot with one row per study: what the measure is computed from, and what the user asks for. */
#ifndef MPL_PLOT_FIELDS_H
#define MPL_PLOT_FIELDS_H

#include "plot/plot.h"

typedef enum mpl__field_kind {
    MPL__FIELD_STUDY,
    MPL__FIELD_ESTIMATE,
    MPL__FIELD_WEIGHT,
    MPL__FIELD_SIZE,  /* total sample size of the effects */
    MPL__FIELD_CELL,  /* a dataset column */
    MPL__FIELD_RATIO  /* a over b, or a over a + b */
} mpl__field_kind;

typedef struct mpl__field {
    mpl_plot_column column;
    mpl__field_kind kind;
    const mpl_column *a, *b;
    bool b_is_rest;  /* the ratio is a over a + b */
    bool additive;   /* totals make sense */
    int decimals;    /* of numbers; -1 = as written */
} mpl__field;

/** Columns from left to right; the first is the study label. */
mpl_status mpl__fields_choose(const mpl_analysis *analysis, const mpl_plot_options *options, mpl__arena *keep,
                              mpl__field **out, size_t *n, mpl_error *err);

/** What a CELL or RATIO shows for a row of the dataset; "" if missing. NULL if out of memory. */
const char *mpl__field_cell(const mpl__field *field, size_t row, mpl__arena *keep);

/** The sum over the studies with these indices into the effects; "" unless all have a value and sums make sense. */
const char *mpl__field_total(const mpl__field *field, const mpl_effects *effects, const size_t *index, size_t n,
                             mpl__arena *keep);

#endif
