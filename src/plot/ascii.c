/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for terminals that show ASCII only; see ascii.h. */
#include "plot/ascii.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* U+00C0 to U+017F without their marks. */
static const char letters[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs"
                              "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
                              "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
                              "GgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
                              "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSs"
                              "SsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

static const struct {
    uint32_t code;
    const char *text;
} symbols[] = {
    { 0xA0, " " },      { 0xB0, "deg" },   { 0xB1, "+/-" },   { 0xB2, "^2" },    { 0xB3, "^3" },    { 0xB5, "u" },
    { 0x3B1, "alpha" }, { 0x3B2, "beta" }, { 0x3B4, "delta" }, { 0x3BC, "mu" },   { 0x3C4, "tau" },  { 0x3C7, "chi" },
    { 0x2007, " " },    { 0x2009, " " },   { 0x2010, "-" },   { 0x2011, "-" },   { 0x2012, "-" },   { 0x2013, "-" },
    { 0x2014, "-" },    { 0x2018, "'" },   { 0x2019, "'" },   { 0x201C, "\"" },  { 0x201D, "\"" },  { 0x2026, "..." },
    { 0x202F, " " },    { 0x2190, "<-" },  { 0x2192, "->" },  { 0x2212, "-" },   { 0x221E, "Inf" }, { 0x2264, "<=" },
    { 0x2265, ">=" },
};

static const char *spell(uint32_t code)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (symbols[i].code == code)
            return symbols[i].text;
    return mpl__utf8_columns(code) ? "?" : "";
}

const char *mpl__ascii(mpl__arena *arena, const char *text)
{
    mpl__text t = { 0 };
    for (size_t left = strlen(text); left;) {
        uint32_t code;
        size_t n = mpl__utf8_next(text, left, &code);
        if (n == 0) {
            n = 1;
            code = 0xFFFD;
        }
        if (code < 0x80)
            mpl__text_char(&t, (char)code);
        else if (code >= 0xC0 && code <= 0x17F)
            mpl__text_char(&t, letters[code - 0xC0]);
        else
            mpl__text_add(&t, spell(code));
        text += n;
        left -= n;
    }
    const char *const copy = t.failed ? NULL : mpl__arena_copyn(arena, t.data ? t.data : "", t.size);
    mpl__text_free(&t);
    return copy;
}
