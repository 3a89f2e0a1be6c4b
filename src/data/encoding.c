/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bytes are: UTF-8, UTF-16 or Windows-1252 text, or something else that a file name may hide. */
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "data/load.h"

static bool begins(const char *bytes, size_t size, const char *with, size_t n)
{
    return size >= n && !memcmp(bytes, with, n);
}

/* Line and field of a byte, counted as far as bytes that were refused can be counted. */
static mpl_status fail_byte(const mpl__table *t, const char *bytes, size_t size, size_t at, const char *what,
                            mpl_error *err)
{
    const char delim = mpl__csv_sniff(bytes, size, t->options->comment);
    size_t line = 1, field = 1;
    bool quoted = false;
    for (size_t i = 0; i < at; i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n'))) {
            line++;
            field = quoted ? field : 1;
        }
        field += !quoted && bytes[i] == delim;
    }
    return mpl__fail_at(err, MPL_ERR_PARSE, line, field, "%s line %zu, field %zu: %s", t->name, line, field, what);
}

static mpl_status refuse_binary(const mpl__table *t, const char *bytes, size_t size, mpl_error *err)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *what;
    } kinds[] = {
        { "PK\x03\x04", 4, "ZIP, as in XLSX and ODS; export as CSV" },
        { "\x1F\x8B", 2, "gzip, as in .gz, .rds and .rda; unpack it or export as CSV" },
        { "\xD0\xCF\x11\xE0", 4, "an old Excel file; export as CSV" },
        { "%PDF", 4, "PDF" },
        { "\x89PNG", 4, "PNG" },
        { "BZh", 3, "bzip2; unpack it" },
        { "\xFD" "7zXZ", 5, "xz; unpack it" },
        { "\x28\xB5\x2F\xFD", 4, "zstd; unpack it" },
        { "SQLite format 3", 15, "an SQLite database" },
        { "$FL2", 4, "an SPSS file; export as CSV" },
        { "<stata_dta>", 11, "a Stata file; export as CSV" },
        { "\xFF\xFE\x00\x00", 4, "UTF-32; save as UTF-8" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (begins(bytes, size, kinds[i].magic, kinds[i].n))
            return mpl__fail(err, MPL_ERR_PARSE, "%s: not text: looks like %s", t->name, kinds[i].what);
    return MPL_OK;
}

static mpl_status from_utf16(char **bytes, size_t *size, mpl__table *t, mpl_error *err)
{
    const unsigned char *const in = (const unsigned char *)*bytes;
    const size_t n = *size, lo = in[0] == 0xFF ? 0 : 1;
    char *const out = MPL_NEW(t->keep, char, n / 2 * 3 + 1);
    size_t used = 0, line = 1;
    if (!out)
        return mpl__fail_nomem(err, "the text");
    for (size_t i = 2; i < n; i += 2) {
        uint32_t code = i + 1 < n ? (uint32_t)(in[i + lo] | in[i + 1 - lo] << 8) : 0xD800;
        if (code >= 0xD800 && code <= 0xDBFF && i + 3 < n) {
            const uint32_t low = (uint32_t)(in[i + 2 + lo] | in[i + 3 - lo] << 8);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        if (code >= 0xD800 && code <= 0xDFFF)
            return mpl__fail_at(err, MPL_ERR_PARSE, line, 0, "%s line %zu: invalid UTF-16", t->name, line);
        line += code == '\n';
        used += mpl__utf8_put(code, out + used);
    }
    mpl__note_add(&t->notes, "encoding", "converted from UTF-16");
    *bytes = out;
    *size = used;
    return MPL_OK;
}

/* 0x80 to 0x9F; 0 = not assigned. */
static const uint16_t windows[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static mpl_status from_windows(char **bytes, size_t *size, mpl__table *t, mpl_error *err)
{
    char *const out = MPL_NEW(t->keep, char, 3 * *size + 1);
    size_t used = 0;
    if (!out)
        return mpl__fail_nomem(err, "the text");
    for (size_t i = 0; i < *size; i++) {
        const unsigned char c = (unsigned char)(*bytes)[i];
        const uint32_t code = c >= 0x80 && c < 0xA0 ? windows[c - 0x80] : c;
        if (c >= 0x80 && !code)
            return fail_byte(t, *bytes, *size, i, "neither UTF-8 nor Windows-1252; save as UTF-8", err);
        used += mpl__utf8_put(code, out + used);
    }
    mpl__note_add(&t->notes, "encoding", "not UTF-8: read as Windows-1252");
    *bytes = out;
    *size = used;
    return MPL_OK;
}

/* True if the bytes have the shape of a UTF-8 character: a lead byte and all its followers. */
static bool is_shaped(const unsigned char *s, size_t n)
{
    const size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC0 || s[0] > 0xF7 || length > n)
        return false;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xC0) != 0x80)
            return false;
    return true;
}

static size_t ascii_prefix(const char *s, size_t n)
{
    size_t i = 0;
    for (uint64_t word; i + 8 <= n && (memcpy(&word, s + i, 8), !(word & 0x8080808080808080u)); i += 8)
        ;
    while (i < n && !((unsigned char)s[i] & 0x80))
        i++;
    return i;
}

/* UTF-8 passes. Text without any UTF-8 character is Windows-1252; a mixture, or a forbidden form, is an error. */
static mpl_status check_utf8(char **bytes, size_t *size, mpl__table *t, mpl_error *err)
{
    const char *const s = *bytes;
    const size_t n = *size, start = ascii_prefix(s, n);
    const size_t bad = start + mpl__utf8_check(s + start, n - start);
    if (bad == n)
        return MPL_OK;
    bool some_utf8 = false;
    for (size_t i = start; i < n && !some_utf8; i++)
        some_utf8 = is_shaped((const unsigned char *)s + i, n - i);
    return some_utf8 ? fail_byte(t, s, n, bad, "invalid UTF-8", err) : from_windows(bytes, size, t, err);
}

mpl_status mpl__decode(char **bytes, size_t *size, mpl__table *t, mpl_error *err)
{
    MPL_TRY(refuse_binary(t, *bytes, *size, err));
    if (begins(*bytes, *size, "\xFF\xFE", 2) || begins(*bytes, *size, "\xFE\xFF", 2))
        MPL_TRY(from_utf16(bytes, size, t, err));
    const char *const nul = *size ? memchr(*bytes, '\0', *size) : NULL;
    if (nul)
        return fail_byte(t, *bytes, *size, (size_t)(nul - *bytes),
                         "a NUL byte; this is not text, or UTF-16 without a byte-order mark: save as UTF-8", err);
    if (ascii_prefix(*bytes, *size) == *size)
        return MPL_OK;
    MPL_TRY(check_utf8(bytes, size, t, err));
    if (begins(*bytes, *size, "\xEF\xBB\xBF", 3)) {
        *bytes += 3;
        *size -= 3;
    }
    const char *const mark = *size ? memmem(*bytes, *size, "\xEF\xBB\xBF", 3) : NULL;
    if (mark)
        return fail_byte(t, *bytes, *size, (size_t)(mark - *bytes),
                         "a byte-order mark inside the data; were two files joined?", err);
    return MPL_OK;
}
