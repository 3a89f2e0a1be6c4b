/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON out; see json.h. */
#include "base/json.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* True if the values of the innermost container stand on lines of their own. */
static bool spread(const mpl__json *j)
{
    return j->depth > 0 && j->depth <= j->flat;
}

static void newline(mpl__json *j)
{
    mpl__text_char(j->out, '\n');
    mpl__text_repeat(j->out, "  ", j->depth);
}

static void escape(mpl__text *out, uint32_t code)
{
    if (code > 0xFFFF) /* above the basic plane JSON escapes are surrogate pairs */
        mpl__text_format(out, "\\u%04X\\u%04X", (unsigned)(0xD7C0 + (code >> 10)), (unsigned)(0xDC00 | (code & 0x3FF)));
    else
        mpl__text_format(out, "\\u%04X", (unsigned)code);
}

/* Length of the run of printable ASCII that needs no escape. */
static size_t plain(const char *s)
{
    size_t n = 0;
    while (s[n] >= ' ' && s[n] < 0x7F && s[n] != '"' && s[n] != '\\')
        n++;
    return n;
}

static void quote(mpl__text *out, const char *s)
{
    const size_t start = plain(s);
    mpl__text_char(out, '"');
    mpl__text_addn(out, s, start);
    s += start;
    for (size_t left = *s ? strlen(s) : 0; left;) {
        const size_t run = plain(s);
        mpl__text_addn(out, s, run);
        s += run;
        left -= run;
        if (!left)
            break;
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0)
            mpl__text_add(out, "\xEF\xBF\xBD");
        else if (code == '"' || code == '\\')
            mpl__text_format(out, "\\%c", (char)code);
        else if (code == '\n')
            mpl__text_add(out, "\\n");
        else if (code == '\t')
            mpl__text_add(out, "\\t");
        else if (mpl__utf8_is_control(code))
            escape(out, code);
        else
            mpl__text_addn(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
    mpl__text_char(out, '"');
}

/* What stands before a value: the comma after the last one, a new line, the key. */
static void lead(mpl__json *j, const char *key)
{
    if (j->filled)
        mpl__text_add(j->out, spread(j) ? "," : ", ");
    if (spread(j))
        newline(j);
    if (key) {
        quote(j->out, key);
        mpl__text_add(j->out, ": ");
    }
    j->filled = true;
}

void mpl__json_begin(mpl__json *j, const char *key, char bracket)
{
    lead(j, key);
    if (j->depth == MPL__JSON_DEPTH) {
        j->out->failed = true;
        return;
    }
    mpl__text_char(j->out, bracket);
    j->close[j->depth++] = bracket == '{' ? '}' : ']';
    j->filled = false;
}

void mpl__json_end(mpl__json *j)
{
    if (j->depth == 0)
        return;
    const bool wrap = j->filled && spread(j);
    const char close = j->close[--j->depth];
    if (wrap)
        newline(j);
    mpl__text_char(j->out, close);
    j->filled = true;
}

void mpl__json_text(mpl__json *j, const char *key, const char *text)
{
    lead(j, key);
    if (text)
        quote(j->out, text);
    else
        mpl__text_add(j->out, "null");
}

void mpl__json_real(mpl__json *j, const char *key, double x)
{
    lead(j, key);
    if (isfinite(x))
        mpl__text_real(j->out, x);
    else
        mpl__text_add(j->out, "null");
}

void mpl__json_count(mpl__json *j, const char *key, size_t n)
{
    lead(j, key);
    mpl__text_format(j->out, "%zu", n);
}

void mpl__json_bool(mpl__json *j, const char *key, bool truth)
{
    lead(j, key);
    mpl__text_add(j->out, truth ? "true" : "false");
}
