/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datasets from datasets. */
#include "effect/convert/frame.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

/* Numbers with a decimal comma are written anew: the new dataset has points. */
static const char *copy_cell(mpl__frame *f, const mpl_column *column, size_t row)
{
    const char *text = column->text[row];
    char number[MPL__NUMBER_SIZE];
    if (!text)
        return NULL;
    if (column->is_number && strchr(text, ',')) {
        mpl__number_write(column->number[row], number);
        text = number;
    }
    const char *copy = mpl__arena_copy(f->table.keep, text);
    f->failed = f->failed || !copy;
    return copy;
}

static void copy_columns(mpl__frame *f, const size_t *index)
{
    mpl__table *t = &f->table;
    for (size_t c = 0; c < f->from->n_columns && !f->failed; c++) {
        const mpl_column *column = &f->from->columns[c];
        t->columns[c].name = mpl__arena_copy(t->keep, column->name);
        t->columns[c].title = mpl__arena_copy(t->keep, column->title);
        f->role[c] = column->role; /* a registry's string */
        f->failed = f->failed || !t->columns[c].name || (column->title && !t->columns[c].title);
        for (size_t i = 0; i < t->n_rows && !index; i++) {
            t->cells[c][i] = copy_cell(f, column, i);
            f->number[c][i] = column->number[i];
        }
    }
    t->n_columns = f->from->n_columns;
}

static mpl_status allot(mpl__frame *f, const size_t *index, size_t n_rows, mpl_error *err)
{
    mpl__table *t = &f->table;
    if (!t->keep || !t->scratch)
        return mpl__fail_nomem(err, "a dataset");
    MPL_TRY(mpl__table_allot(t, f->capacity, n_rows, err));
    t->columns = MPL_NEW(t->keep, mpl_column, f->capacity);
    f->number = MPL_NEW(t->scratch, double *, f->capacity);
    f->role = MPL_NEW(t->scratch, const char *, f->capacity);
    bool ok = t->columns && f->number && f->role;
    for (size_t c = 0; ok && c < f->capacity; c++) {
        f->number[c] = MPL_NEW(t->scratch, double, n_rows);
        ok = f->number[c] != NULL;
        for (size_t i = 0; ok && i < n_rows; i++)
            f->number[c][i] = NAN;
    }
    for (size_t i = 0; ok && i < n_rows; i++) {
        t->row[i] = f->from->row[index ? index[i] : i];
        t->line[i] = f->from->line[index ? index[i] : i];
    }
    return ok ? MPL_OK : mpl__fail_nomem(err, "a dataset");
}

mpl_status mpl__frame_open(mpl__frame *f, const mpl_dataset *from, const size_t *index, size_t n_rows, size_t extra,
                           mpl_error *err)
{
    mpl__arena *keep = mpl__arena_new();
    *f = (mpl__frame){ .from = from, .capacity = from->n_columns + extra, .options = { .missing = "" } };
    f->table = (mpl__table){ .keep = keep, .scratch = mpl__arena_new(), .name = from->name, .decimal = '.',
                             .notes = { .arena = keep } };
    MPL_TRY(allot(f, index, n_rows, err));
    copy_columns(f, index);
    mpl__note_add_all(&f->table.notes, from->notes, from->n_notes);
    return f->failed ? mpl__fail_nomem(err, "a dataset") : MPL_OK;
}

size_t mpl__frame_find(const mpl__frame *f, const char *role_or_name)
{
    for (size_t c = 0; c < f->table.n_columns; c++)
        if (f->role[c] && !strcmp(f->role[c], role_or_name))
            return c;
    for (size_t c = 0; c < f->table.n_columns; c++)
        if (!f->failed && !strcmp(f->table.columns[c].name, role_or_name))
            return c;
    return SIZE_MAX;
}

size_t mpl__frame_column(mpl__frame *f, const char *role_or_name)
{
    const size_t found = mpl__frame_find(f, role_or_name);
    if (found != SIZE_MAX)
        return found;
    const size_t c = f->table.n_columns < f->capacity ? f->table.n_columns++ : f->capacity - 1;
    const mpl_method *role = mpl_method_find(mpl_role_method, role_or_name);
    f->table.columns[c].name = mpl__arena_copy(f->table.keep, role_or_name);
    f->role[c] = role && !strcmp(role->id, role_or_name) ? role->id : NULL;
    f->failed = f->failed || !f->table.columns[c].name;
    return c;
}

void mpl__frame_text(mpl__frame *f, size_t column, size_t row, const char *text)
{
    f->table.cells[column][row] = mpl__arena_copy(f->table.keep, text);
    f->failed = f->failed || (text && !f->table.cells[column][row]);
}

void mpl__frame_number(mpl__frame *f, size_t column, size_t row, double x)
{
    char text[MPL__NUMBER_SIZE];
    if (isfinite(x))
        mpl__number_write(x, text);
    f->number[column][row] = isfinite(x) ? x : NAN;
    mpl__frame_text(f, column, row, isfinite(x) ? text : NULL);
}

static void copy_dropped(mpl__frame *f, mpl_dataset *data)
{
    mpl_exclusion *dropped = MPL_NEW(data->arena, mpl_exclusion, f->from->n_dropped);
    f->failed = !dropped;
    for (size_t i = 0; i < f->from->n_dropped && !f->failed; i++) {
        dropped[i] = f->from->dropped[i];
        dropped[i].study = mpl__arena_copy(data->arena, dropped[i].study);
        dropped[i].reason = mpl__arena_copy(data->arena, dropped[i].reason);
        f->failed = !dropped[i].study || !dropped[i].reason;
    }
    data->dropped = dropped;
    data->n_dropped = f->from->n_dropped;
}

static mpl_status finish(mpl__frame *f, mpl_dataset **out, mpl_error *err)
{
    mpl__schema_field *fields = MPL_NEW(f->table.scratch, mpl__schema_field, f->table.n_columns);
    if (!fields)
        return mpl__fail_nomem(err, "a dataset");
    for (size_t c = 0; c < f->table.n_columns; c++)
        fields[c] = (mpl__schema_field){ .name = f->table.columns[c].name, .role = f->role[c],
                                         .title = f->table.columns[c].title };
    f->schema = (mpl__schema){ .info = *f->from->info, .n_fields = f->table.n_columns, .fields = fields };
    f->table.schema = &f->schema;
    f->table.options = &f->options;
    MPL_TRY(mpl__table_finish(&f->table, out, err));
    copy_dropped(f, *out);
    return f->failed ? mpl__fail_nomem(err, "a dataset") : MPL_OK;
}

mpl_status mpl__frame_close(mpl__frame *f, mpl_status so_far, mpl_dataset **out, mpl_error *err)
{
    *out = NULL;
    if (so_far == MPL_OK && f->failed)
        so_far = mpl__fail_nomem(err, "a dataset");
    if (so_far == MPL_OK)
        so_far = finish(f, out, err);
    if (so_far != MPL_OK) {
        *out = NULL;
        mpl__arena_free(f->table.keep);
    }
    mpl__arena_free(f->table.scratch);
    return so_far;
}
