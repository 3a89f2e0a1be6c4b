/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text columns of a plot with one row per study: what the measure is computed from, and what the user asks for. */
#ifndef MPL_PLOT_FIELDS_H
#define MPL_PLOT_FIELDS_H

#include "base/thousands.h"
#include "plot/look.h"
#include "plot/plot.h"

typedef enum mpl__field_kind {
    MPL__FIELD_STUDY,
    MPL__FIELD_ESTIMATE, /* effect and interval */
    MPL__FIELD_EFFECT,
    MPL__FIELD_CI,
    MPL__FIELD_SE,
    MPL__FIELD_PVALUE,
    MPL__FIELD_WEIGHT,
    MPL__FIELD_TAU2,     /* of a fit */
    MPL__FIELD_I2,
    MPL__FIELD_K,
    MPL__FIELD_SIZE,     /* total sample size of the effects */
    MPL__FIELD_CELL,     /* a dataset column */
    MPL__FIELD_RATIO,    /* a over b, or a over a + b */
    MPL__FIELD_LIGHT     /* a judgement of the risk of bias */
} mpl__field_kind;

typedef enum mpl__part { MPL__PART_BOTH, MPL__PART_A, MPL__PART_B } mpl__part;

typedef struct mpl__field {
    mpl_plot_column column;
    mpl__field_kind kind;
    const mpl_column *a, *b;
    mpl__part part;  /* of a ratio */
    bool b_is_rest;  /* the ratio is a over a + b */
    bool additive;   /* totals make sense */
    int decimals;    /* of numbers; -1 = as written */
    const mpl__thousands *thousands; /* of counts; NULL = it holds none */
} mpl__field;

/** What a row has; NaN = nothing. Effects as displayed. */
typedef struct mpl__values {
    double x, lb, ub, se, p, weight, tau2, i2, k;
} mpl__values;

/** Columns from left to right; the first is the study label. `left` and `right` are lists as in the options. */
mpl_status mpl__fields_choose(const mpl_analysis *analysis, const mpl_plot_options *options, const mpl__look *look,
                              const char *left, const char *right, mpl__arena *keep, mpl__field **out, size_t *n,
                              mpl_error *err);

/** True for fields that mpl__field_value() knows. */
bool mpl__field_is_value(const mpl__field *field);
const char *mpl__field_value(const mpl__field *field, const mpl__look *look, const mpl__values *values,
                             mpl__arena *keep);

/** The size of a study, "" if it is not known. */
const char *mpl__field_size(const mpl__field *field, double size, mpl__arena *keep);

/** What another field shows for a study, by its row of the dataset; "" if missing. NULL if out of memory. */
const char *mpl__field_cell(const mpl__field *field, size_t row, mpl__arena *keep);

/** The sum over the studies with these indices into the effects; "" unless all have a value and sums make sense. */
const char *mpl__field_total(const mpl__field *field, const mpl_effects *effects, const size_t *index, size_t n,
                             mpl__arena *keep);

/** Number of columns with judgements, and a footnote that says what they are; NULL with none. */
size_t mpl__fields_lights(const mpl__field *fields, size_t n);
const char *mpl__fields_lights_note(const mpl__field *fields, size_t n, mpl__arena *keep);

/** "M-H, Fixed", "IV, Random": how a fit pooled. */
const char *mpl__fields_pooling(const mpl_fit *fit);

#endif
