/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people meant by a cell that is not a number. */
#include <string.h>

#include "base/method.h"
#include "base/number.h"
#include "data/table.h"

static bool reads_with(const char *cell, char decimal)
{
    double x;
    const mpl__number_status s = mpl__number_read(cell, strlen(cell), decimal, &x);
    return s == MPL__NUMBER_OK || s == MPL__NUMBER_UNDERFLOW;
}

static size_t digits(const char *s)
{
    return strspn(s, "0123456789");
}

/* 1,234 or 12,345,678.9 */
static bool is_grouped(const char *s)
{
    s += *s == '-' || *s == '+';
    size_t n = digits(s);
    if (n < 1 || n > 3 || s[n] != ',')
        return false;
    for (s += n; *s == ','; s += 4)
        if (digits(s + 1) != 3)
            return false;
    return !*s || (*s == '.' && digits(s + 1) == strlen(s + 1));
}

static bool starts_with_month(const char *s)
{
    static const char months[][4] = { "jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec" };
    char word[4] = { 0 };
    memcpy(word, s, strlen(s) < 3 ? strlen(s) : 3);
    for (size_t i = 0; i < 12; i++)
        if (mpl__same_nocase(word, months[i]))
            return true;
    return false;
}

/* 1-Mar, Mar-01, 2001-03-01, 1/3/2001: what spreadsheets make of 1-3 */
static bool is_date(const char *s)
{
    const size_t n = digits(s), m = n ? digits(s + n + 1) : 0;
    if (n && (s[n] == '-' || s[n] == '/'))
        return starts_with_month(s + n + 1) || (m && (s[n + 1 + m] == s[n]));
    return !n && starts_with_month(s) && (s[3] == '-' || s[3] == ' ') && digits(s + 4);
}

static bool is_infinite(const char *s)
{
    s += *s == '-' || *s == '+';
    return mpl__same_nocase(s, "inf") || mpl__same_nocase(s, "infinity");
}

static bool is_nan(const char *s)
{
    return mpl__same_nocase(s, "nan") || mpl__same_nocase(s, "na") || mpl__same_nocase(s, "n/a") ||
           mpl__same_nocase(s, "null") || mpl__same_nocase(s, "none") || mpl__same_nocase(s, "missing");
}

const char *mpl__number_hint(const char *s)
{
    double x;
    const size_t n = strlen(s);
    if (mpl__number_read(s, n, '.', &x) == MPL__NUMBER_OVERFLOW)
        return ": it is beyond the largest double, 1.8e308";
    if (reads_with(s, '.'))
        return "; a decimal point? use --decimal .";
    if (is_grouped(s))
        return "; a thousands separator? remove it, or use --decimal , if it is a decimal comma";
    if (reads_with(s, ','))
        return "; a decimal comma? use --decimal ,";
    if (is_infinite(s))
        return ": it must be finite";
    if (is_nan(s))
        return "; if it means missing, name it with --missing";
    if (n && s[n - 1] == '%')
        return "; remove the percent sign";
    if (strstr(s, "\xE2\x88\x92") || strstr(s, "\xE2\x80\x93"))
        return "; it has a typographic minus sign, write - instead";
    if (strstr(s, "\xC2\xA0") || strstr(s, "\xE2\x80\xAF"))
        return "; it has a no-break space";
    if (*s == '#')
        return "; it is a spreadsheet's error value";
    if (*s == '=')
        return "; it is a formula, export its value instead";
    if (*s == '<' || *s == '>')
        return "; it is a bound, not a value";
    if (is_date(s))
        return "; a spreadsheet has made a date of it";
    if (*s == '0' && (s[1] == 'x' || s[1] == 'X'))
        return "; hexadecimal is not accepted";
    return "";
}
