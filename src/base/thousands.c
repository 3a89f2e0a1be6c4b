/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of separators of thousands; see thousands.h. */
#include "base/thousands.h"

#include <string.h>

static const mpl__thousands rows[] = {
    { { .id = "none", .title = "12867" }, "", 0 },
    { { .id = "comma", .title = "12,867", .aliases = ",", .cite = "AMA Manual of Style, 11th edition, 2020" }, ",", 4 },
    { { .id = "thin", .title = "12 867 with a thin space that no line is broken at; four digits stay together",
        .cite = "ISO 80000-1:2022, 7.3.2" }, "\xE2\x80\xAF", 5 },
};

const mpl_method *mpl_thousands_method(size_t i)
{
    return i < sizeof rows / sizeof *rows ? &rows[i].method : NULL;
}

const mpl__thousands *mpl__thousands_find(const char *id)
{
    const mpl_method *const found = id ? mpl_method_find(mpl_thousands_method, id) : NULL;
    return found ? (const mpl__thousands *)(const void *)found : rows;
}

void mpl__thousands_add(mpl__text *t, const mpl__thousands *how, const char *number)
{
    const size_t sign = strcspn(number, "0123456789"), digits = strspn(number + sign, "0123456789");
    const bool divided = *how->separator && digits >= how->least && strcspn(number, "eE") == strlen(number);
    mpl__text_addn(t, number, sign);
    for (size_t i = 0; i < digits; i++) {
        if (divided && i && (digits - i) % 3 == 0)
            mpl__text_add(t, how->separator);
        mpl__text_char(t, number[sign + i]);
    }
    mpl__text_add(t, number + sign + digits);
}
