/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several rows to one: what becomes of columns that describe them. */
#include "effect/convert/rows.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

size_t mpl__rows_label(mpl__frame *f, const char *column)
{
    for (size_t c = 0; c < f->table.n_columns; c++)
        if (f->role[c] && !strcmp(f->role[c], "slab") && strcmp(f->table.columns[c].name, column))
            f->role[c] = NULL;
    const size_t label = mpl__frame_column(f, column);
    f->role[label] = "slab";
    return label;
}

void mpl__rows_summarise(mpl__frame *f, size_t column, size_t to, const size_t *rows, size_t n)
{
    const mpl_column *from = &f->from->columns[column];
    const char *text = from->text[rows[0]];
    double sum = 0;
    size_t present = 0;
    bool same = true;
    for (size_t a = 0; a < n; a++) {
        const char *other = from->text[rows[a]];
        same = same && text && other && !strcmp(text, other);
        if (from->is_number && !isnan(from->number[rows[a]])) {
            sum += from->number[rows[a]];
            present++;
        }
    }
    if (same)
        mpl__frame_text(f, column, to, text);
    else
        mpl__frame_number(f, column, to, present ? sum / (double)present : NAN);
    if (same && from->is_number)
        mpl__frame_number(f, column, to, from->number[rows[0]]);
}

void mpl__rows_prune(mpl__frame *f)
{
    size_t kept = 0;
    for (size_t c = 0; c < f->table.n_columns; c++) {
        bool any = false;
        for (size_t i = 0; i < f->table.n_rows && !any; i++)
            any = f->table.cells[c][i] != NULL;
        if (!any)
            continue;
        f->table.columns[kept] = f->table.columns[c];
        f->table.cells[kept] = f->table.cells[c];
        f->number[kept] = f->number[c];
        f->role[kept++] = f->role[c];
    }
    f->table.n_columns = kept;
}
