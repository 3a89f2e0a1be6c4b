/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data of a row of tests/ref/tau2.csv or fit.csv: lists of numbers separated by blanks. */
#ifndef MPL_TESTS_FIT_CASE_H
#define MPL_TESTS_FIT_CASE_H

#include "check.h"
#include <metapool/model.h>

enum { CASE_SIZE = 1000 };

typedef struct fit_case {
    double yi[CASE_SIZE], vi[CASE_SIZE], x[CASE_SIZE], weights[CASE_SIZE];
    bool has_weights;
    size_t k, p; /* p = 0: intercept only */
    mpl_effects effects;
    mpl_design design;
} fit_case;

static inline size_t case_numbers(const char *text, double *out)
{
    size_t n = 0;
    char *end;
    for (; *text && n < CASE_SIZE; text = end) {
        out[n++] = strtod(text, &end);
        if (end == text)
            check_die("not a list of numbers", text);
    }
    return n;
}

static inline void case_read(const check_csv *csv, size_t row, fit_case *c)
{
    c->k = case_numbers(check_csv_text(csv, row, "yi"), c->yi);
    if (case_numbers(check_csv_text(csv, row, "vi"), c->vi) != c->k)
        check_die("yi and vi differ in length", check_csv_row(csv, row));
    c->p = (size_t)check_csv_real(csv, row, "p");
    if (case_numbers(check_csv_text(csv, row, "x"), c->x) != c->k * c->p)
        check_die("x is not k by p", check_csv_row(csv, row));
    const char *const weights = check_csv_has(csv, "weights") ? check_csv_text(csv, row, "weights") : "";
    c->has_weights = *weights;
    if (c->has_weights && case_numbers(weights, c->weights) != c->k)
        check_die("yi and weights differ in length", check_csv_row(csv, row));
    c->effects = (mpl_effects){ .k = c->k, .yi = c->yi, .vi = c->vi, .weights = c->has_weights ? c->weights : NULL };
    c->design = (mpl_design){ c->k, c->p, c->x, NULL };
}

static inline const mpl_design *case_design(const fit_case *c)
{
    return c->p > 0 ? &c->design : NULL;
}

#endif
