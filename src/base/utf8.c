/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The width table covers what occurs in study labels; it is a summary of Unicode 15's EastAsianWidth and Mn, Me, Cf. */
#include "base/utf8.h"

#include <string.h>

size_t mpl__utf8_next(const char *s, size_t n, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *u = (const unsigned char *)s;
    if (n == 0)
        return 0;
    if (u[0] < 0x80) {
        *code = u[0];
        return 1;
    }
    const size_t length = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
    if (u[0] < 0xC2 || u[0] > 0xF4 || length > n)
        return 0;
    uint32_t c = u[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((u[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (u[i] & 0x3Fu);
    }
    if (c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *code = c;
    return length;
}

size_t mpl__utf8_put(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[length] | code);
    return length;
}

size_t mpl__utf8_check(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint32_t code;
        const size_t length = (unsigned char)s[i] < 0x80 ? 1 : mpl__utf8_next(s + i, n - i, &code);
        if (!length)
            return i;
        i += length;
    }
    return n;
}

typedef struct range {
    uint32_t first, last;
} range;

static bool in(const range *table, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n && code >= table[i].first; i++)
        if (code <= table[i].last)
            return true;
    return false;
}

int mpl__utf8_columns(uint32_t code)
{
    static const range zero[] = {
        { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05C7 }, { 0x0610, 0x061A },
        { 0x064B, 0x065F }, { 0x0670, 0x0670 }, { 0x06D6, 0x06DC }, { 0x06DF, 0x06E4 }, { 0x0730, 0x074A },
        { 0x0900, 0x0902 }, { 0x093C, 0x093C }, { 0x0941, 0x0948 }, { 0x094D, 0x094D }, { 0x0E31, 0x0E31 },
        { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200F },
        { 0x202A, 0x202E }, { 0x2060, 0x206F }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
        { 0xFEFF, 0xFEFF }, { 0x1F3FB, 0x1F3FF }, { 0xE0100, 0xE01EF },
    };
    static const range wide[] = {
        { 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x33FF },   { 0x3400, 0x4DBF },   { 0x4E00, 0x9FFF },
        { 0xA000, 0xA4CF },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },
        { 0xFFE0, 0xFFE6 },   { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1F9FF }, { 0x20000, 0x3FFFD },
    };
    if (code < 0x300)
        return 1;
    if (in(zero, sizeof zero / sizeof *zero, code))
        return 0;
    return in(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

size_t mpl__utf8_width(const char *s)
{
    size_t columns = 0;
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        columns += n ? (size_t)mpl__utf8_columns(code) : 1;
        s += n ? n : 1;
        left -= n ? n : 1;
    }
    return columns;
}

bool mpl__utf8_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x200E || code == 0x200F || code == 0x061C ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF ||
           (code & 0xFFFE) == 0xFFFE;
}
