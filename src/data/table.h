/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table on its way from bytes to a dataset: readers fill columns of text, mpl__table_finish() makes the dataset.
 */
#ifndef MPL_DATA_TABLE_H
#define MPL_DATA_TABLE_H

#include <metapool/dataset.h>

#include "base/note.h"

enum { MPL__MAX_COLUMNS = 65536, MPL__MAX_FIELD = 1 << 20, MPL__MAX_LINES = 1 << 24 };

/** What a schema says of one column. */
typedef struct mpl__schema_field {
    const char *name, *role, *title; /* role, title: NULL = none */
} mpl__schema_field;

/** What is known of a dataset beside its cells. A schema that gives any role gives all of them. */
typedef struct mpl__schema {
    mpl_dataset_info info;
    const char *const *missing; /* spellings, NULL-terminated; NULL = the usual ones */
    size_t n_fields;
    const mpl__schema_field *fields;
} mpl__schema;

typedef struct mpl__table {
    mpl__arena *keep, *scratch;
    const char *name;                /* of the source, for messages */
    const mpl_read_options *options; /* never NULL */
    const mpl__schema *schema;       /* NULL = none */
    const char *sha256;              /* NULL unless asked for */
    mpl__notes notes;                /* in keep */
    char decimal;                    /* '.', ',' or 0: '.' unless every number needs a comma */
    size_t n_rows, n_columns;
    mpl_column *columns;             /* [n_columns] name and text are set */
    const char ***cells;             /* [n_columns][n_rows] the same texts, writable; NULL = missing */
    size_t *row, *line;              /* [n_rows] */
} mpl__table;

/** Readers. bytes[size] is theirs to write; cells point into `bytes` or keep. */
mpl_status mpl__csv_read(char *bytes, size_t size, mpl__table *table, mpl_error *err);
mpl_status mpl__tsv_read(char *bytes, size_t size, mpl__table *table, mpl_error *err);
mpl_status mpl__json_read(char *bytes, size_t size, mpl__table *table, mpl_error *err);

/** True if a CSV that begins with these bytes cannot become a dataset: a field that is too long already. */
bool mpl__csv_is_hopeless(const char *bytes, size_t size);

/** Comma, semicolon or tab, whichever divides the first lines most evenly. */
char mpl__csv_sniff(const char *bytes, size_t size, const char *comment);

/** An array of cells for n_columns x capacity, in table->cells; line and row numbers; MPL_ERR_NOMEM. */
mpl_status mpl__table_allot(mpl__table *table, size_t n_columns, size_t capacity, mpl_error *err);

/** Missing values, numbers, roles and labels. The dataset takes the keep arena over. */
mpl_status mpl__table_finish(mpl__table *table, mpl_dataset **out, mpl_error *err);

/** Gives columns their roles: the map of the options, else the schema, else the names. */
mpl_status mpl__roles_assign(mpl__table *table, mpl_error *err);

/** Why a cell is not a number, as a clause to follow it: "; a decimal comma? use --decimal ,". Never NULL. */
const char *mpl__number_hint(const char *cell);

/** A deep copy; members that cannot be copied for lack of memory make it return false. */
bool mpl__info_copy(mpl__arena *arena, const mpl_dataset_info *from, mpl_dataset_info *to);

#endif
