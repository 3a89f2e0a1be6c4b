/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Study data: a table of named columns.
 *
 * mpl_dataset_read() takes a file, "-" for standard input, or the id of a bundled dataset, and returns columns. A
 * column that the library understands carries a *role* ("m1i", "slab"): by an explicit map, by the dataset's own
 * schema, or by its conventional name, in this order. Cells are kept as text and, where every cell of a column reads
 * as a number, as doubles too. A cell that reads as missing is NULL and NaN; nothing is guessed to be missing.
 *
 * A dataset takes the memory of its file, 16 bytes for each cell, 24 for each row, and the labels it has to make.
 *
 * mpl_dataset_filter() keeps some rows and remembers the others with the reason, so that every report can list them.
 */
#ifndef METAPOOL_DATASET_H
#define METAPOOL_DATASET_H

#include <metapool/option.h>

MPL_BEGIN_DECLS

/** How to read. All-zero means all defaults; the option table is mpl_read_option_table(). */
typedef struct mpl_read_options {
    const char *format;  /**< id in mpl_input_method: "csv", "tsv", "json"; NULL = by name, then by content */
    const char *delim;   /**< one character, or "tab"; NULL = sniffed outside quotes among comma, semicolon, tab */
    const char *decimal; /**< "." or ","; NULL = "." unless the delimiter allows a comma and every number needs it */
    const char *missing; /**< comma-separated spellings, beside empty; NULL = NA, N/A, #N/A, NaN, NULL and "." */
    const char *comment; /**< lines that start with this are skipped; NULL = none */
    const char *columns; /**< "role=name,role=name,...": overrides every other way to find a role */
    bool strict;         /**< a missing value in a column with a role is an error */
    bool digest;         /**< also info->sha256; not a row of the table */
    bool matrix;         /**< a matrix: column names may be missing or repeated, blanks may divide, and of a JSON report
                              its member V is read; not a row of the table */
} mpl_read_options;

typedef struct mpl_column {
    const char *name;            /**< as in the file, blanks around it removed */
    const char *role;            /**< id in mpl_role_method; NULL = none */
    const char *title;           /**< from the schema; NULL = none */
    bool is_number;              /**< every non-missing cell is a number */
    size_t n_missing;
    const char *const *text;     /**< [n_rows] cells as written, blanks around them removed; NULL = missing */
    const double *number;        /**< [n_rows] NaN where missing or not a number */
} mpl_column;

/** What is known of a dataset beyond its cells. Members are NULL or 0 for a file that carries no schema. */
typedef struct mpl_dataset_info {
    const char *id;
    const char *title;
    const char *kind;     /**< "published", "textbook", "simulated" or "characteristics" */
    const char *source;   /**< citation */
    const char *doi;
    const char *licence;
    const char *about;
    const char *measure;  /**< default measure */
    const char *arms;     /**< names of groups 1 and 2, or of the occasions of m1i and m2i; NULL = not known */
    size_t n_warnings;
    const char *const *warnings; /**< shown with every result made from it */
    const char *sha256;   /**< of the bytes read, 64 hexadecimal digits; NULL unless mpl_read_options.digest asks */
} mpl_dataset_info;

/** A row that takes no part, and why. */
typedef struct mpl_exclusion {
    size_t row;         /**< 1-based data row in the file */
    size_t line;        /**< 1-based line in the file; 0 where there are no lines */
    const char *study;  /**< label, or "row 7" */
    const char *reason; /**< one clause: "sd1i is missing" */
} mpl_exclusion;

typedef struct mpl_dataset {
    const char *name; /**< path, "stdin" or bundled id: the name used in messages */
    const mpl_dataset_info *info; /**< never NULL */
    size_t n_rows, n_columns;
    const mpl_column *columns;  /**< [n_columns] */
    const size_t *row;          /**< [n_rows] 1-based data row in the file (differs from the index after a filter) */
    const size_t *line;         /**< [n_rows] 1-based line in the file where the row starts */
    const char *const *label;   /**< [n_rows] study label: the slab column (unless mere numbers beside authors), else
                                     author and year, else "row 7" */
    size_t n_dropped;
    const mpl_exclusion *dropped; /**< [n_dropped] rows removed by filters */
    size_t n_notes;
    const mpl_note *notes;
    struct mpl__arena *arena;
} mpl_dataset;

MPL_API const mpl_option *mpl_read_option_table(void);

/** Registries: input formats; column roles (title says what the column holds, aliases its other names). */
MPL_API const mpl_method *mpl_input_method(size_t i);
MPL_API const mpl_method *mpl_role_method(size_t i);

/** Bundled datasets in listing order; NULL past the end. No table is built. */
MPL_API const mpl_dataset_info *mpl_bundled_get(size_t i);

/** Bytes of a bundled dataset's file, not NUL-terminated; NULL if there is no such id. */
MPL_API const char *mpl_bundled_find(const char *id, size_t *size);

/**
 * Reads a dataset.
 *
 * @param path  a file; "-" for standard input; or, where no such file exists, the id of a bundled dataset
 * @return MPL_OK; MPL_ERR_IO if it cannot be read; MPL_ERR_PARSE with line and column for malformed text;
 *         MPL_ERR_NAME for a role or column that does not exist; MPL_ERR_LIMIT for a field or row beyond bounds.
 */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_read(const char *path, const mpl_read_options *options,
                                                  mpl_dataset **out, mpl_error *err);

/** The same from memory. `name` is used in messages and, by its ending, to choose the format. */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_read_bytes(const char *bytes, size_t size, const char *name,
                                                        const mpl_read_options *options, mpl_dataset **out,
                                                        mpl_error *err);

/** Closes a dataset. NULL is nothing. */
MPL_API void mpl_dataset_free(mpl_dataset *data);

/** Finds a column by role, then by name, then by name without regard to case. NULL if there is none. */
MPL_API const mpl_column *mpl_dataset_find(const mpl_dataset *data, const char *role_or_name);

/** Like mpl_dataset_find, but a miss is MPL_ERR_NAME with the nearest name proposed. */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_get(const mpl_dataset *data, const char *role_or_name,
                                                 const mpl_column **out, mpl_error *err);

/** Checks that a column is numeric; otherwise MPL_ERR_PARSE names the first cell that is not, with line and field. */
MPL_API MPL_NODISCARD mpl_status mpl_column_check_number(const mpl_dataset *data, const mpl_column *column,
                                                         mpl_error *err);

/**
 * Keeps the rows for which an expression holds; the others go to `dropped` with the expression as the reason.
 *
 *     expr  = or ;  or = and { "or" and } ;  and = not { "and" not } ;  not = [ "not" ] test
 *     test  = "(" or ")" | operand ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand
 *           | operand "is" [ "not" ] "missing" | operand [ "not" ] "in" "(" literal { "," literal } ")"
 *     operand = column | number | 'text' | "text" ;  a column name with blanks is written `in backticks`
 *
 * A comparison with a missing cell is false, and so is its negation by an operator. Numbers compare as numbers when
 * both sides are, else as text; a number and a text are unequal, and neither is less. Nesting is limited to 64.
 *
 * @return MPL_OK; MPL_ERR_PARSE with the column in the expression; MPL_ERR_NAME for an unknown column.
 */
MPL_API MPL_NODISCARD mpl_status mpl_dataset_filter(const mpl_dataset *data, const char *expr, mpl_dataset **out,
                                                    mpl_error *err);

MPL_END_DECLS

#endif
