/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling the caller's mpl_error. */
#ifndef MPL_BASE_ERROR_H
#define MPL_BASE_ERROR_H

#include <metapool/base.h>

/** Returns at once with the status of a failed call. */
#define MPL_TRY(call)                                                                                                \
    do {                                                                                                             \
        const mpl_status mpl__try = (call);                                                                          \
        if (mpl__try != MPL_OK)                                                                                      \
            return mpl__try;                                                                                         \
    } while (0)

/** Sets code and message (printf, no floating conversions), returns code. err may be NULL. */
mpl_status mpl__fail(mpl_error *err, mpl_status code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** The same with a place in the input. */
mpl_status mpl__fail_at(mpl_error *err, mpl_status code, size_t line, size_t column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/** Puts context in front of a message on its way up: "context: message". Returns `status`; nothing if MPL_OK. */
mpl_status mpl__within(mpl_error *err, mpl_status status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** "no memory for WHAT". */
mpl_status mpl__fail_nomem(mpl_error *err, const char *what);

/** A number for a message, shortest form. Returns out. */
const char *mpl__show(double x, char out[32]);

#endif
