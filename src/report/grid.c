/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people; see grid.h. */
#include "report/grid.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"

/* A mark that holds nowhere is none. */
static bool has_value(const mpl_report_table *table, size_t column)
{
    const mpl_kind kind = table->columns[column].kind;
    for (size_t r = 0; r < table->n_rows; r++) {
        const mpl_value value = table->cells[r * table->n_columns + column];
        if (!mpl__value_missing(kind, value) && (kind != MPL_KIND_MARK || value.number != 0))
            return true;
    }
    return false;
}

/* True for numbers, and for texts that all are numbers, such as the cells of a dataset. */
static bool is_numeric(const mpl_report_table *table, size_t column)
{
    if (table->columns[column].kind != MPL_KIND_TEXT)
        return mpl__kind_is_number(table->columns[column].kind);
    for (size_t r = 0; r < table->n_rows; r++) {
        const char *text = table->cells[r * table->n_columns + column].text;
        double x;
        if (text && mpl__number_read(text, strlen(text), '.', &x) == MPL__NUMBER_NOT)
            return false;
    }
    return true;
}

/* Moves a text to the arena. */
static const char *keep(mpl__arena *scratch, mpl__text *t)
{
    const char *mine = t->failed ? NULL : mpl__arena_copyn(scratch, t->data ? t->data : "", t->size);
    mpl__text_free(t);
    return mine;
}

static const char *show_cell(mpl__arena *scratch, const mpl_report_table *table, size_t row, size_t column,
                             const mpl__style *style)
{
    mpl__text t = { 0 };
    const mpl_report_column *c = &table->columns[column];
    const mpl_value *value = &table->cells[row * table->n_columns + column];
    if (c->interval)
        mpl__show_interval(&t, c->kind, value[0], value[1], style);
    else
        mpl__show_value(&t, c->kind, *value, style);
    return keep(scratch, &t);
}

static const char *show_label(mpl__arena *scratch, const mpl_report_column *column, const mpl__style *style)
{
    mpl__text t = { 0 };
    if (column->kind == MPL_KIND_PVALUE && !strcmp(column->label, "p"))
        mpl__show_p(&t, style);
    else
        style->put_label(&t, column->label);
    return keep(scratch, &t);
}

mpl_status mpl__grid_make(mpl__arena *scratch, const mpl_report_table *table, const mpl__style *style,
                          mpl__grid *out, mpl_error *err)
{
    size_t *from = MPL_NEW(scratch, size_t, table->n_columns);
    *out = (mpl__grid){ .n_rows = table->n_rows, .is_number = MPL_NEW(scratch, bool, table->n_columns) };
    if (!from || !out->is_number)
        return mpl__fail_nomem(err, "a table");
    for (size_t c = 0; c < table->n_columns; c++)
        if (!table->columns[c].machine_only && (table->keep_empty || has_value(table, c))) {
            out->is_number[out->n_columns] = is_numeric(table, c);
            from[out->n_columns++] = c;
        }
    out->columns = from;
    size_t n_cells;
    if (__builtin_mul_overflow(out->n_columns, table->n_rows + 1, &n_cells) ||
        !(out->cells = MPL_NEW(scratch, const char *, n_cells)))
        return mpl__fail_nomem(err, "a table");
    for (size_t i = 0; i < n_cells; i++) {
        const size_t row = i / out->n_columns, column = from[i % out->n_columns];
        out->cells[i] = row ? show_cell(scratch, table, row - 1, column, style)
                            : show_label(scratch, &table->columns[column], style);
        if (!out->cells[i])
            return mpl__fail_nomem(err, "a table");
    }
    return MPL_OK;
}
