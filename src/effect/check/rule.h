/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules share: the data, the effects, and a place for findings. */
#ifndef MPL_CHECK_RULE_H
#define MPL_CHECK_RULE_H

#include <metapool/check.h>

#include "base/arena.h"

typedef struct mpl__checker {
    const mpl_dataset *data;
    const mpl_effects *effects; /* of the rows that are not bad; NULL if there are none */
    const size_t *origin;       /* [effects rows] row of the data behind each row that is not bad */
    const mpl_measure *measure; /* known even without effects; NULL if not */
    const mpl_effect_options *effect_options;
    const mpl_check_options *options;
    mpl__arena *keep, *scratch;
    bool *bad;                  /* [n_rows] holds an impossible value: takes no part in effects */
    const struct mpl__rule *rule; /* that is running */
    mpl_finding *findings;
    size_t n, capacity;
    bool failed;
} mpl__checker;

typedef struct mpl__rule {
    mpl_rule pub;
    void (*run)(mpl__checker *c);
    bool on_effects; /* looks at effects: runs after those that find impossible values */
} mpl__rule;

#define MPL_RULE(symbol) extern const mpl__rule mpl__rule_##symbol;
#include "effect/check/rules.def"
#undef MPL_RULE

#define MPL__RULE(symbol, id_, severity_, on_effects_, title_, cite_)                                                \
    const mpl__rule mpl__rule_##symbol = {                                                                           \
        .pub = { .method = { .id = id_, .title = title_, .cite = cite_ }, .severity = severity_ }, .run = symbol,    \
        .on_effects = on_effects_,                                                                                   \
    }

/** Adds a finding on a cell (row: index into the data), printf without floating conversions. column may be NULL. */
void mpl__found(mpl__checker *c, mpl_severity severity, size_t row, const mpl_column *column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/** The same on a column, or on the whole data if column is NULL. */
void mpl__found_in(mpl__checker *c, mpl_severity severity, const mpl_column *column, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/** A number to three significant digits, or whole, in the scratch arena. Never NULL. */
const char *mpl__digits(mpl__checker *c, double x);

/** The column with this role, not one that merely has the name; NULL if there is none. */
const mpl_column *mpl__role(const mpl__checker *c, const char *role);

/** Its number in a row; NaN if there is no such column, or no number. */
double mpl__role_at(const mpl__checker *c, const char *role, size_t row);

/** Sorts x and returns its median; NaN for n = 0. */
double mpl__median(double *x, size_t n);

#endif
