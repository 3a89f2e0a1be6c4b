/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Status, errors and notes: what every other header uses.
 *
 * A *status* says that a call did not do its job; it is returned, and an mpl_error on the caller's stack receives one
 * line that names the thing, its value and what was expected. On failure outputs are untouched, except pointer
 * outputs, which are set to NULL. A *note* says that the job was done but the reader must know something (a zero cell
 * was corrected, a study was left out); notes live in the result and every report prints them.
 *
 * The first call that reaches GSL turns GSL's aborting error handler off for the whole process, once; a host that
 * wants its own handler installs it after its first call into this library.
 */
#ifndef METAPOOL_BASE_H
#define METAPOOL_BASE_H

#include <stdbool.h>
#include <stddef.h>

#define MPL_VERSION_MAJOR 0
#define MPL_VERSION_MINOR 1
#define MPL_VERSION_PATCH 0
#define MPL_VERSION "0.1.0"

#ifdef __cplusplus
#define MPL_BEGIN_DECLS extern "C" {
#define MPL_END_DECLS }
#else
#define MPL_BEGIN_DECLS
#define MPL_END_DECLS
#endif

#if defined(__GNUC__)
#define MPL_API __attribute__((visibility("default")))
#define MPL_NODISCARD __attribute__((warn_unused_result))
#else
#define MPL_API
#define MPL_NODISCARD
#endif

MPL_BEGIN_DECLS

/** Whose fault a failure is. Append-only; the numbers are part of the interface. */
typedef enum mpl_status {
    MPL_OK = 0,
    MPL_ERR_ARG = 1,     /**< the caller gave an option or argument that makes no sense */
    MPL_ERR_NAME = 2,    /**< an id or column name that does not exist; the message proposes the nearest */
    MPL_ERR_PARSE = 3,   /**< malformed text; line and column are set */
    MPL_ERR_DATA = 4,    /**< readable but impossible values, e.g. a negative variance */
    MPL_ERR_TOO_FEW = 5, /**< the data are fine but too few for the model asked for */
    MPL_ERR_NUMERIC = 6, /**< the data are fine but the quantity is not estimable from them */
    MPL_ERR_NOMEM = 7,   /**< an allocation failed */
    MPL_ERR_IO = 8,      /**< reading or writing failed */
    MPL_ERR_LIMIT = 9    /**< a stated limit (size, depth, length) was exceeded */
} mpl_status;

enum { MPL_ERROR_SIZE = 512 };

/** Filled by the function that failed; undefined unless a status other than MPL_OK was returned. */
typedef struct mpl_error {
    mpl_status code;
    size_t line;                  /**< 1-based line of the input concerned; 0 = none */
    size_t column;                /**< 1-based field (CSV) or byte (JSON, expressions); 0 = none */
    char message[MPL_ERROR_SIZE]; /**< one clause, no newline, no final stop; control bytes escaped */
} mpl_error;

/** Something the reader of a result must know. Belongs to the result that holds it. */
typedef struct mpl_note {
    const char *code;  /**< stable machine name, e.g. "zero-cells-corrected" */
    size_t row;        /**< 1-based data row concerned; 0 = the whole analysis */
    const char *study; /**< label of that row; NULL = the whole analysis */
    const char *text;  /**< one sentence without final stop */
} mpl_note;

/** A number that may be absent: all-zero means "not given", so that 0 itself can be given. */
typedef struct mpl_maybe {
    bool given;
    double value;
} mpl_maybe;

/** Version of the library that is running, e.g. "0.1.0"; compare with MPL_VERSION of the header compiled against. */
MPL_API const char *mpl_version(void);

/** Short name of a status, e.g. "malformed input". Never NULL. */
MPL_API const char *mpl_status_text(mpl_status status);

enum { MPL_SHOWN_SIZE = 240 };

/** A user's text for a message: cut to 40 columns with "...", control and bidi characters escaped. Returns out. */
MPL_API const char *mpl_text_to_shown(const char *text, char out[MPL_SHOWN_SIZE]);

MPL_END_DECLS

#endif
