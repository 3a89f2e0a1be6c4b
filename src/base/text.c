/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growable text; see text.h. */
#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

/* Makes room for n more bytes and a NUL. */
static bool reserve(mpl__text *t, size_t n)
{
    if (t->failed)
        return false;
    if (n < t->capacity - t->size)
        return true;
    size_t capacity = t->capacity ? 2 * t->capacity : 1024;
    if (capacity < t->size + n + 1)
        capacity = t->size + n + 1;
    char *grown = mpl__realloc(t->data, capacity, 1);
    if (!grown) {
        t->failed = true;
        return false;
    }
    t->data = grown;
    t->capacity = capacity;
    return true;
}

void mpl__text_addn(mpl__text *t, const char *s, size_t n)
{
    if (!reserve(t, n))
        return;
    memcpy(t->data + t->size, s, n);
    t->size += n;
    t->data[t->size] = '\0';
}

void mpl__text_add(mpl__text *t, const char *s)
{
    mpl__text_addn(t, s, strlen(s));
}

void mpl__text_char_slowly(mpl__text *t, char c)
{
    mpl__text_addn(t, &c, 1);
}

void mpl__text_repeat(mpl__text *t, const char *s, size_t times)
{
    for (; times; times--)
        mpl__text_add(t, s);
}

void mpl__text_format(mpl__text *t, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    if (n >= 0 && reserve(t, (size_t)n)) {
        vsnprintf(t->data + t->size, (size_t)n + 1, fmt, again);
        t->size += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void mpl__text_real(mpl__text *t, double x)
{
    if (reserve(t, MPL__NUMBER_SIZE))
        t->size += mpl__number_write(x, t->data + t->size);
}

void mpl__text_fixed(mpl__text *t, double x, int digits)
{
    char number[350];
    if (isfinite(x))
        mpl__text_addn(t, number, mpl__number_fixed(x, digits, number));
    else
        mpl__text_real(t, x);
}

void mpl__text_visible(mpl__text *t, const char *s)
{
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0)
            mpl__text_format(t, "\\x%02X", (unsigned)(unsigned char)*s);
        else if (code == '\n')
            mpl__text_add(t, "\\n");
        else if (!mpl__utf8_is_control(code))
            mpl__text_addn(t, s, n);
        else if (code < 0x100)
            mpl__text_format(t, "\\x%02X", (unsigned)code);
        else
            mpl__text_format(t, "\\u{%04X}", (unsigned)code);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

mpl_status mpl__text_flush(mpl__text *t, FILE *out, mpl_error *err)
{
    mpl_status s = MPL_OK;
    if (t->failed)
        s = mpl__fail_nomem(err, "the output");
    else if (t->size && fwrite(t->data, 1, t->size, out) != t->size)
        s = mpl__fail(err, MPL_ERR_IO, "could not write all of the output");
    mpl__text_free(t);
    return s;
}

void mpl__text_free(mpl__text *t)
{
    mpl__free(t->data);
    *t = (mpl__text){ 0 };
}
