/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judgements of the risk of bias; see lights.h. */
#include "plot/lights.h"

#include <string.h>

#include "base/method.h"

#define MINUS "\xE2\x88\x92"

static const struct { const char *word, *sign; } words[] = {
    { "low", "+" }, { "low risk", "+" }, { "l", "+" }, { "+", "+" }, { "some concerns", "?" }, { "some", "?" },
    { "unclear", "?" }, { "unclear risk", "?" }, { "moderate", "?" }, { "u", "?" }, { "?", "?" }, { "high", MINUS },
    { "high risk", MINUS }, { "serious", MINUS }, { "critical", MINUS }, { "h", MINUS }, { "-", MINUS },
    { "x", MINUS }, { MINUS, MINUS },
};

const char *mpl__light_sign(const char *word)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (mpl__same_nocase(words[i].word, word))
            return words[i].sign;
    return NULL;
}

bool mpl__light_is_column(const mpl_column *column, size_t n_rows)
{
    const char *const name = column->name;
    for (size_t i = 0; i < 3; i++)
        if ((name[i] | 0x20) != "rob"[i])
            return false;
    if (name[3] && !strchr("_.- 0123456789", name[3]))
        return false;
    for (size_t i = 0; i < n_rows; i++)
        if (column->text[i] && mpl__light_sign(column->text[i]))
            return true;
    return false;
}
