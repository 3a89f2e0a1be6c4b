/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moderators formula as variables and terms, and the design made from it. Grammar: <metapool/regress.h>. */
#ifndef MPL_MODEL_FORMULA_H
#define MPL_MODEL_FORMULA_H

#include <stdint.h>

#include <metapool/regress.h>
#include "base/note.h"

enum {
    MPL__MOST_VARIABLES = 32,
    MPL__MOST_TERMS = 200,
    MPL__MOST_POWER = 9,
    MPL__MOST_ARGUMENTS = 3,
    MPL__MOST_BASIS = 20 /* columns that one variable makes */
};

typedef enum mpl__argument_kind { MPL__COUNT_ARGUMENT, MPL__LIST_ARGUMENT, MPL__FLAG_ARGUMENT, MPL__TEXT_ARGUMENT }
    mpl__argument_kind;

/** A value in the brackets of a function. */
typedef struct mpl__argument {
    bool given;
    size_t n;        /* numbers; of a flag 0 or 1 */
    double number[MPL__MOST_BASIS];
    const char *text;
} mpl__argument;

/** Where a function learns from the studies. */
typedef struct mpl__learning {
    mpl__arena *keep, *scratch;
    bool drop;       /* --drop-redundant */
    const double *x; /* [k] the column in the studies of the model */
    size_t k;
    mpl_error *err;
} mpl__learning;

struct mpl__variable;

/** A function of a formula; its registry is formula_function.c. */
typedef struct mpl__function {
    mpl_method method;
    bool is_factor, is_shell; /* a shell changes nothing: I() */
    struct {
        const char *name, *alias;
        mpl__argument_kind kind;
        bool is_needed;
    } argument[MPL__MOST_ARGUMENTS]; /* behind the column, in this order unless named */
    bool has_basis;           /* makes several columns, n_basis of them; has no powers */
    const char *lacks;        /* what a number without a value lacks: "which has no logarithm" */
    /** Fills learnt and n_basis; NULL = nothing to learn and one column. */
    mpl_status (*learn)(struct mpl__variable *v, const mpl__learning *from);
    void (*compute)(const struct mpl__variable *v, double x, double *out);
} mpl__function;

/** A column and what is made of it. */
typedef struct mpl__variable {
    const char *name;              /* "ablat", "ablat^2", "ns(ablat, 3)"; a factor has its column's */
    const mpl_column *column;
    const mpl__function *function; /* NULL = the number as it is */
    bool is_factor;
    int power;
    mpl__argument argument[MPL__MOST_ARGUMENTS];
    const char *reference;         /* of a factor: level asked for; NULL = the first */
    /* learnt from the studies in the model */
    double mean;                   /* of the column */
    size_t n_basis;
    const double *learnt;          /* what its function makes of that */
    size_t n_learnt;
    size_t n_levels, base;         /* base: the reference */
    const char **levels;
    const double *values;          /* [n_levels] of a factor whose column holds numbers; else NULL */
} mpl__variable;

/** Terms are sets of variables; main effects come first. */
typedef struct mpl__formula {
    const mpl_dataset *data;
    const char *option;            /* "--mods", for messages */
    bool allows_none;              /* the intercept alone is a formula */
    bool may_be_saturated;         /* as many coefficients as studies: nothing is estimated from the residuals */
    bool has_intercept;
    size_t n_variables, n_terms;
    mpl__variable variables[MPL__MOST_VARIABLES];
    uint32_t terms[MPL__MOST_TERMS];
} mpl__formula;

/** The value of a variable: its numbers, or the index of the level. */
typedef struct mpl__cell {
    double number[MPL__MOST_BASIS];
    size_t level;
} mpl__cell;

/** A column of the design: a product of numbers and indicators. */
typedef struct mpl__design_column {
    const char *name;
    size_t term;         /* SIZE_MAX: the intercept */
    uint32_t variables;
    const size_t *level; /* [n_variables] of the factors among them; of the others which of their columns */
} mpl__design_column;

/** A column that was left out, as a combination of those that stayed. */
typedef struct mpl__dropped_column {
    mpl__design_column column;
    const double *part; /* [n_cols] */
} mpl__dropped_column;

typedef struct mpl__model_matrix {
    mpl_design design;
    const mpl__design_column *columns; /* [design.n_cols] */
    bool has_constant;                 /* the intercept, or indicators that add up to it */
    size_t n_dropped;
    const mpl__dropped_column *dropped;
} mpl__model_matrix;

/**
 * Parses; everything is in the arena. `option` says where it was given, for messages; `allows_none`: "1" is a formula.
 */
mpl_status mpl__formula_read(const char *text, const char *option, bool allows_none, const mpl_dataset *data,
                             mpl__arena *arena, mpl__formula **out, mpl_error *err);

/** The function with this name of n characters; NULL if there is none. */
const mpl__function *mpl__function_find(const char *name, size_t n);

/** The variable without which study `row` (of the dataset) cannot take part; NULL = it is complete. */
const mpl__variable *mpl__formula_missing(const mpl__formula *formula, size_t row);

/** Learns levels, means and bases from the effects, whose rows are complete, and makes the design. */
mpl_status mpl__formula_design(mpl__formula *formula, const mpl_effects *effects, bool drop_redundant,
                               mpl__arena *keep, mpl__arena *scratch, mpl__notes *notes, mpl__model_matrix *out,
                               mpl_error *err);

/**
 * One row of the design from the value of each variable. x is [n_cols].
 * False: no study tells what the model says there, as columns that it needs were left out.
 */
bool mpl__formula_row(const mpl__formula *formula, const mpl__model_matrix *matrix, const mpl__cell *cells,
                      double *x);

/** The numbers that a variable makes of a column's. out is [n_basis]. */
void mpl__variable_numbers(const mpl__variable *v, double x, double *out);

/** Index of a level, by text or (for columns of numbers) by number; SIZE_MAX if there is none. */
size_t mpl__variable_level(const mpl__variable *v, const char *text, double number);

/** Columns that may be in a design. */
typedef struct mpl__candidates {
    size_t k, n, n_dropped;
    mpl__design_column *columns;  /* [n] */
    double *x;                    /* [k x n] column-major */
    mpl__dropped_column *dropped; /* [n_dropped] */
    bool drop;                    /* else it is an error that there is something to drop but empty interactions */
    const char *option;           /* that holds the formula, for messages */
    mpl__arena *keep, *scratch;
    mpl__notes *notes;
    mpl_error *err;
} mpl__candidates;

/** Keeps those that are no combination of those before them (formula_rank.c). */
mpl_status mpl__choose_columns(mpl__candidates *c);

/** A value that a column is to have. */
typedef struct mpl__setting {
    const mpl_column *column;
    const char *text;
    double number; /* NaN if the text is none */
} mpl__setting;

typedef struct mpl__point {
    const char *at; /* as given */
    size_t n;
    const mpl__setting *settings;
} mpl__point;

/** Parses "ablat=30,alloc=random; ablat=50,alloc='not random'". */
mpl_status mpl__points_read(const char *text, const char *option, const mpl_dataset *data, mpl__arena *arena,
                            size_t *n, const mpl__point **out, mpl_error *err);

/** The cells at a point; `start` (may be NULL) has those of variables that are not set. */
mpl_status mpl__point_cells(const mpl__formula *formula, const char *option, const mpl__point *point,
                            const mpl__cell *start, mpl__cell *cells, mpl_error *err);

/** True if a variable of the formula is made from the column. */
bool mpl__formula_uses(const mpl__formula *formula, const mpl_column *column);

#endif
