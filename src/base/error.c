/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages are formatted into the caller's buffer and cut at its end; nothing is allocated. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

const char *mpl_version(void)
{
    return MPL_VERSION;
}

const char *mpl_status_text(mpl_status status)
{
    static const char *const text[] = {
        [MPL_OK] = "success",
        [MPL_ERR_ARG] = "invalid argument",
        [MPL_ERR_NAME] = "unknown name",
        [MPL_ERR_PARSE] = "malformed input",
        [MPL_ERR_DATA] = "impossible data",
        [MPL_ERR_TOO_FEW] = "too few studies",
        [MPL_ERR_NUMERIC] = "not estimable",
        [MPL_ERR_NOMEM] = "out of memory",
        [MPL_ERR_IO] = "input/output error",
        [MPL_ERR_LIMIT] = "limit exceeded",
    };
    const size_t i = (size_t)status;
    return i < sizeof text / sizeof *text && text[i] ? text[i] : "unknown status";
}

static void fill(mpl_error *err, mpl_status code, size_t line, size_t column, const char *fmt, va_list args)
{
    if (!err)
        return;
    err->code = code;
    err->line = line;
    err->column = column;
    vsnprintf(err->message, sizeof err->message, fmt, args);
}

mpl_status mpl__fail(mpl_error *err, mpl_status code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, code, 0, 0, fmt, args);
    va_end(args);
    return code;
}

mpl_status mpl__fail_at(mpl_error *err, mpl_status code, size_t line, size_t column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, code, line, column, fmt, args);
    va_end(args);
    return code;
}

mpl_status mpl__within(mpl_error *err, mpl_status status, const char *fmt, ...)
{
    if (status == MPL_OK || !err)
        return status;
    char old[MPL_ERROR_SIZE];
    memcpy(old, err->message, sizeof old);
    va_list args;
    va_start(args, fmt);
    const int n = vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used + 3 > sizeof err->message)
        return status;
    memcpy(err->message + used, ": ", 2);
    used += 2;
    const size_t left = sizeof err->message - used - 1, length = strlen(old);
    const size_t kept = length < left ? length : left;
    memcpy(err->message + used, old, kept);
    err->message[used + kept] = '\0';
    return status;
}

mpl_status mpl__fail_nomem(mpl_error *err, const char *what)
{
    return mpl__fail(err, MPL_ERR_NOMEM, "no memory for %s", what);
}

const char *mpl_text_to_shown(const char *text, char out[MPL_SHOWN_SIZE])
{
    enum { COLUMNS = 40, ESCAPE = 12 };
    size_t used = 0, columns = 0;
    for (size_t left = strlen(text); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(text, left, &code);
        if (columns >= COLUMNS || used + ESCAPE + 4 >= MPL_SHOWN_SIZE) {
            memcpy(out + used, "...", 4);
            return out;
        }
        if (n && !mpl__utf8_is_control(code)) {
            memcpy(out + used, text, n);
            used += n;
            columns += (size_t)mpl__utf8_columns(code);
        } else if (n > 1) {
            const int w = snprintf(out + used, ESCAPE, "\\u{%04X}", (unsigned)code);
            used += (size_t)w;
            columns += (size_t)w;
        } else {
            used += (size_t)snprintf(out + used, ESCAPE, "\\x%02X", (unsigned)(unsigned char)*text);
            columns += 4;
        }
        text += n ? n : 1;
        left -= n ? n : 1;
    }
    out[used] = '\0';
    return out;
}

const char *mpl__show(double x, char out[32])
{
    if (x != x)
        return memcpy(out, "NaN", 4);
    mpl__number_write(x, out);
    return out;
}
