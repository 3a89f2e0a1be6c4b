/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datasets made by hand for tests of effect sizes: columns are roles, cells come from a reference table or from C. */
#ifndef MPL_TESTS_EFFECT_TABLE_H
#define MPL_TESTS_EFFECT_TABLE_H

#include <metapool/effect.h>

#include "check.h"

enum { EFFECT_TABLE_ROWS = 64, EFFECT_TABLE_COLUMNS = 48 };

typedef struct effect_table {
    mpl_dataset data;
    mpl_dataset_info info;
    mpl_column column[EFFECT_TABLE_COLUMNS];
    double number[EFFECT_TABLE_COLUMNS][EFFECT_TABLE_ROWS];
    char text[EFFECT_TABLE_COLUMNS][EFFECT_TABLE_ROWS][32];
    const char *cell[EFFECT_TABLE_COLUMNS][EFFECT_TABLE_ROWS];
    size_t row[EFFECT_TABLE_ROWS], line[EFFECT_TABLE_ROWS];
    char name[EFFECT_TABLE_ROWS][8];
    const char *label[EFFECT_TABLE_ROWS];
} effect_table;

/** n rows, no columns. */
__attribute__((unused)) static void effect_table_start(effect_table *t, size_t n)
{
    memset(t, 0, sizeof *t);
    t->data = (mpl_dataset){ .name = "table", .info = &t->info, .n_rows = n, .columns = t->column, .row = t->row,
                             .line = t->line, .label = t->label };
    for (size_t i = 0; i < n; i++) {
        t->row[i] = i + 1;
        t->line[i] = i + 2;
        snprintf(t->name[i], sizeof t->name[i], "%c%zu", (char)('A' + (int)(i % 26)), i + 1);
        t->label[i] = t->name[i];
    }
}

/** Adds a column named after its role; NaN is missing. */
__attribute__((unused)) static double *effect_table_add(effect_table *t, const char *role, const double *number)
{
    const size_t j = t->data.n_columns++;
    mpl_column *const c = &t->column[j];
    *c = (mpl_column){ .name = role, .role = role, .is_number = true, .text = t->cell[j], .number = t->number[j] };
    for (size_t i = 0; i < t->data.n_rows; i++) {
        t->number[j][i] = number[i];
        snprintf(t->text[j][i], sizeof t->text[j][i], "%.17g", number[i]);
        t->cell[j][i] = isnan(number[i]) ? NULL : t->text[j][i];
        c->n_missing += isnan(number[i]) ? 1 : 0;
    }
    return t->number[j];
}

/** Rows first to first + n - 1 of a reference table; columns without any number are left out. */
__attribute__((unused)) static void effect_table_read(effect_table *t, const check_csv *csv, size_t first, size_t n)
{
    static const char *const others[] = { "case", "measure", "options", "tol", "yi_ref", "vi_ref" };
    double number[EFFECT_TABLE_ROWS];
    effect_table_start(t, n);
    for (size_t j = 0; j < csv->n_columns; j++) {
        bool wanted = true, any = false;
        for (size_t o = 0; o < sizeof others / sizeof *others; o++)
            wanted &= strcmp(csv->cell[j], others[o]) != 0;
        for (size_t i = 0; wanted && i < n; i++) {
            number[i] = check_csv_real(csv, first + i, csv->cell[j]);
            any |= !isnan(number[i]);
        }
        if (wanted && any)
            effect_table_add(t, csv->cell[j], number);
    }
}

/** "name=value", or "name" for a flag, separated by blanks; texts stay in `buffer`. */
__attribute__((unused)) static void effect_options_read(mpl_effect_options *options, const char *text, char *buffer,
                                                        size_t size)
{
    mpl_error err;
    snprintf(buffer, size, "%s", text);
    for (char *p = buffer; *p;) {
        char *const word = p, *const end = p + strcspn(p, " ");
        p = *end ? end + 1 : end;
        *end = '\0';
        char *const value = strchr(word, '=');
        if (value)
            *value = '\0';
        const mpl_option *row = mpl_effect_option_table();
        while (row->name && strcmp(row->name, word) != 0)
            row++;
        if (CHECK(row->name != NULL, "option %s", word))
            CHECK(mpl_option_read(row, options, value ? value + 1 : "true", &err) == MPL_OK, "%s: %s", word,
                  err.message);
    }
}

#endif
