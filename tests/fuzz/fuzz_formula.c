/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a formula. Brackets around it change nothing, and its derivative is that of twice it, halved. */
#include "fuzz.h"

static mpl_formula *parse(const char *text)
{
    mpl_formula *f;
    mpl_error err = { .code = MPL_OK };
    const mpl_status s = mpl_formula_new(text, &f, &err);
    if (s != MPL_OK)
        must_refuse(s, f, &err);
    return s == MPL_OK ? f : NULL;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *const text = malloc(size + 8);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    mpl_formula *const f = parse(text);
    memmove(text + 3, text, size + 1);
    memcpy(text, "2*(", 3);
    strcat(text, ")");
    mpl_formula *const twice = f ? parse(text) : NULL;
    free(text);
    if (f && twice) { /* one level deeper may be one too many */
        double values[64], slope[64], steep[64];
        MUST(f->n_variables <= 64 && f->n_variables == twice->n_variables);
        for (size_t i = 0; i < f->n_variables; i++)
            values[i] = 0.3 + 0.1 * (double)i;
        const double y = mpl_formula_compute(f, values, slope);
        MUST(same(2 * y, mpl_formula_compute(twice, values, steep)));
        for (size_t i = 0; i < f->n_variables; i++)
            MUST(same(2 * slope[i], steep[i]));
    }
    mpl_formula_free(f);
    mpl_formula_free(twice);
    return 0;
}
