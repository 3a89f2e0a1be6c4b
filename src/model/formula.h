/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moderators formula as variables and terms, and the design made from it. Grammar: <metapool/regress.h>. */
#ifndef MPL_MODEL_FORMULA_H
#define MPL_MODEL_FORMULA_H

#include <stdint.h>

#include <metapool/regress.h>
#include "base/note.h"

enum { MPL__MOST_VARIABLES = 32, MPL__MOST_TERMS = 200, MPL__MOST_POWER = 9 };

typedef enum mpl__variable_kind {
    MPL__VARIABLE_PLAIN,
    MPL__VARIABLE_FACTOR,
    MPL__VARIABLE_CENTER,
    MPL__VARIABLE_SCALE,
    MPL__VARIABLE_LOG
} mpl__variable_kind;

/** A column and what is made of it. */
typedef struct mpl__variable {
    const char *name;         /* "ablat", "ablat^2", "center(ablat)"; a factor has its column's */
    const mpl_column *column;
    mpl__variable_kind kind;
    int power;
    const char *reference;    /* level asked for; NULL = the first */
    /* learnt from the studies in the model */
    double centre, unit;      /* (x - centre)/unit */
    size_t n_levels, base;    /* base: the reference */
    const char **levels;
    const double *values;     /* [n_levels] of a factor whose column holds numbers; else NULL */
} mpl__variable;

/** Terms are sets of variables; main effects come first. */
typedef struct mpl__formula {
    const mpl_dataset *data;
    bool has_intercept;
    size_t n_variables, n_terms;
    mpl__variable variables[MPL__MOST_VARIABLES];
    uint32_t terms[MPL__MOST_TERMS];
} mpl__formula;

/** The value of a variable: the number, or the index of the level. */
typedef struct mpl__cell {
    double number;
    size_t level;
} mpl__cell;

/** A column of the design: a product of numbers and indicators. */
typedef struct mpl__design_column {
    const char *name;
    size_t term;         /* SIZE_MAX: the intercept */
    uint32_t variables;
    const size_t *level; /* [n_variables] of the factors among them */
} mpl__design_column;

typedef struct mpl__model_matrix {
    mpl_design design;
    const mpl__design_column *columns; /* [design.n_cols] */
    bool has_constant;                 /* the intercept, or indicators that add up to it */
} mpl__model_matrix;

/** Parses; everything is in the arena. */
mpl_status mpl__formula_read(const char *text, const mpl_dataset *data, mpl__arena *arena, mpl__formula **out,
                             mpl_error *err);

/** The variable without which study `row` (of the dataset) cannot take part; NULL = it is complete. */
const mpl__variable *mpl__formula_missing(const mpl__formula *formula, size_t row);

/** Learns levels, means and spreads from the effects, whose rows are complete, and makes the design. */
mpl_status mpl__formula_design(mpl__formula *formula, const mpl_effects *effects, bool drop_redundant,
                               mpl__arena *arena, mpl__notes *notes, mpl__model_matrix *out, mpl_error *err);

/** One row of the design from the value of each variable. x is [n_cols]. */
void mpl__formula_row(const mpl__formula *formula, const mpl__model_matrix *matrix, const mpl__cell *cells,
                      double *x);

/** The number that a variable makes of a column's: centred, scaled, its logarithm or power. */
double mpl__variable_number(const mpl__variable *v, double x);

/** Index of a level, by text or (for columns of numbers) by number; SIZE_MAX if there is none. */
size_t mpl__variable_level(const mpl__variable *v, const char *text, double number);

/** Parses `predict` and evaluates the design there; rows in `x` [*n x n_cols], texts in `at`. */
mpl_status mpl__formula_at(const mpl__formula *formula, const mpl__model_matrix *matrix, const char *predict,
                           mpl__arena *arena, size_t *n, double **x, const char ***at, mpl_error *err);

#endif
