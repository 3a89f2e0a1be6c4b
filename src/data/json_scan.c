/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent over the grammar of RFC 8259. The bytes are valid UTF-8 without NUL. */
#include "data/json_scan.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/number.h"
#include "data/table.h"

typedef struct scanner {
    const char *bytes, *p, *end;
    const char *name;
    mpl__json_scan *out;
    size_t depth;
    mpl_error *err;
} scanner;

mpl_status mpl__json_fail(const char *bytes, size_t at, const char *name, const char *what, mpl_error *err)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at; i++)
        if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n')) {
            line++;
            start = i + 1;
        }
    return mpl__fail_at(err, MPL_ERR_PARSE, line, at - start + 1, "%s line %zu, column %zu: %s", name, line,
                        at - start + 1, what);
}

static mpl_status fail(const scanner *s, const char *what)
{
    if (s->p >= s->end)
        what = "the text ends too early";
    return mpl__json_fail(s->bytes, (size_t)(s->p - s->bytes), s->name, what, s->err);
}

static char peek(const scanner *s)
{
    return s->p < s->end ? *s->p : '\0';
}

static void skip_blanks(scanner *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

/* Four hexadecimal digits at p, or -1. */
static long hex4(const char *p, const char *end)
{
    long code = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        code = 16 * code + digit;
    }
    return code;
}

/* Behind a backslash. */
static mpl_status scan_escape(scanner *s)
{
    if (s->p < s->end && *s->p != 'u') {
        if (!strchr("\"\\/bfnrt", *s->p))
            return fail(s, "not an escape");
        s->p++;
        return MPL_OK;
    }
    const long code = s->p < s->end ? hex4(s->p + 1, s->end) : -1;
    if (code < 0)
        return fail(s, "\\u needs four hexadecimal digits");
    if (code == 0)
        return fail(s, "\\u0000 in a text");
    if (code >= 0xD800 && code <= 0xDFFF) {
        const char *const low = s->p + 5;
        const long next = s->end - low >= 6 && low[0] == '\\' && low[1] == 'u' ? hex4(low + 2, s->end) : -1;
        if (code >= 0xDC00 || next < 0xDC00 || next > 0xDFFF)
            return fail(s, "half of a surrogate pair");
        s->p += 6;
    }
    s->p += 5;
    return MPL_OK;
}

static mpl_status scan_string(scanner *s, bool is_value)
{
    const char *const start = ++s->p;
    while (s->p < s->end && *s->p != '"') {
        if ((unsigned char)*s->p < 0x20)
            return fail(s, "an unescaped control character in a text");
        if (*s->p++ == '\\')
            MPL_TRY(scan_escape(s));
    }
    if (s->p >= s->end)
        return fail(s, "");
    const size_t n = (size_t)(s->p - start);
    if (n > MPL__MAX_FIELD)
        return mpl__fail(s->err, MPL_ERR_LIMIT, "%s: a text is longer than 1 MiB", s->name);
    mpl__text_addn(&s->out->tagged, is_value ? "\"s" : "\"", is_value ? 2 : 1);
    mpl__text_addn(&s->out->tagged, start, n);
    mpl__text_char(&s->out->tagged, '"');
    s->p++;
    return MPL_OK;
}

static size_t skip_digits(scanner *s)
{
    const char *const start = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - start);
}

static mpl_status scan_number(scanner *s)
{
    const char *const start = s->p;
    s->p += *s->p == '-';
    const char first = peek(s);
    const size_t n = skip_digits(s);
    if (n == 0)
        return fail(s, "not a value");
    if (n > 1 && first == '0')
        return fail(s, "a number cannot begin with 0");
    if (peek(s) == '.') {
        s->p++;
        if (!skip_digits(s))
            return fail(s, "a digit must follow the decimal point");
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->p++;
        s->p += peek(s) == '+' || peek(s) == '-';
        if (!skip_digits(s))
            return fail(s, "a digit must follow in the exponent");
    }
    double x;
    if (mpl__number_read(start, (size_t)(s->p - start), '.', &x) == MPL__NUMBER_OVERFLOW) {
        s->p = start;
        return fail(s, "the number is beyond the largest double, 1.8e308");
    }
    mpl__text_addn(&s->out->tagged, "\"n", 2);
    mpl__text_addn(&s->out->tagged, start, (size_t)(s->p - start));
    mpl__text_char(&s->out->tagged, '"');
    return MPL_OK;
}

static mpl_status scan_word(scanner *s, const char *word)
{
    const size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n))
        return fail(s, "not a value");
    mpl__text_addn(&s->out->tagged, word, n);
    s->p += n;
    return MPL_OK;
}

static mpl_status note_place(scanner *s)
{
    mpl__json_scan *const out = s->out;
    if (out->n_places == out->capacity) {
        const size_t capacity = out->capacity ? 2 * out->capacity : 256;
        uint32_t *const grown = mpl__realloc(out->places, capacity, sizeof *grown);
        if (!grown)
            return mpl__fail_nomem(s->err, "JSON");
        out->places = grown;
        out->capacity = capacity;
    }
    out->places[out->n_places++] = (uint32_t)(s->p - s->bytes);
    return MPL_OK;
}

static mpl_status scan_value(scanner *s);

static mpl_status scan_member(scanner *s, bool is_object)
{
    if (is_object) {
        skip_blanks(s);
        if (peek(s) != '"')
            return fail(s, "a key in quotes was expected");
        MPL_TRY(scan_string(s, false));
        skip_blanks(s);
        if (peek(s) != ':')
            return fail(s, "a colon was expected");
        mpl__text_char(&s->out->tagged, ':');
        s->p++;
    }
    return scan_value(s);
}

static mpl_status scan_container(scanner *s)
{
    const char open = *s->p, close = open == '{' ? '}' : ']';
    if (s->depth == MPL__JSON_MAX_DEPTH)
        return mpl__fail(s->err, MPL_ERR_LIMIT, "%s: JSON nested deeper than %d", s->name, MPL__JSON_MAX_DEPTH);
    MPL_TRY(note_place(s));
    s->depth++;
    s->p++;
    mpl__text_char(&s->out->tagged, open);
    skip_blanks(s);
    for (bool first = true; peek(s) != close; first = false) {
        if (!first) {
            if (peek(s) != ',')
                return fail(s, open == '{' ? "a comma or } was expected" : "a comma or ] was expected");
            mpl__text_char(&s->out->tagged, ',');
            s->p++;
        }
        MPL_TRY(scan_member(s, open == '{'));
        skip_blanks(s);
    }
    mpl__text_char(&s->out->tagged, close);
    s->p++;
    s->depth--;
    return MPL_OK;
}

static mpl_status scan_value(scanner *s)
{
    skip_blanks(s);
    switch (peek(s)) {
    case '{':
    case '[':
        return scan_container(s);
    case '"':
        return scan_string(s, true);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    case 'N':
    case 'I':
        return fail(s, "not JSON; a missing number is null");
    default:
        return peek(s) == '-' || (peek(s) >= '0' && peek(s) <= '9') ? scan_number(s) : fail(s, "not a value");
    }
}

mpl_status mpl__json_scan_new(const char *bytes, size_t size, const char *name, mpl__json_scan *scan, mpl_error *err)
{
    scanner s = { .bytes = bytes, .p = bytes, .end = bytes + size, .name = name, .out = scan, .err = err };
    skip_blanks(&s);
    if (s.p == s.end)
        return mpl__fail(err, MPL_ERR_PARSE, "%s: empty input", name);
    MPL_TRY(scan_value(&s));
    skip_blanks(&s);
    if (s.p < s.end)
        return fail(&s, "text after the end of the document");
    return scan->tagged.failed ? mpl__fail_nomem(err, "JSON") : MPL_OK;
}

void mpl__json_scan_free(mpl__json_scan *scan)
{
    mpl__text_free(&scan->tagged);
    mpl__free(scan->places);
}
