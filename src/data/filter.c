/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping the rows for which an expression holds, as a dataset of its own. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/note.h"
#include "data/filter_parse.h"
#include "data/table.h"

typedef struct value {
    const char *text; /* NULL = missing */
    double number;    /* NaN = not a number */
} value;

static value value_of(const mpl__operand *o, size_t row)
{
    return o->column ? (value){ o->column->text[row], o->column->number[row] } : (value){ o->text, o->number };
}

static bool ordered(int order, mpl__filter_op op)
{
    switch (op) {
    case MPL__EQ:
        return order == 0;
    case MPL__NE:
        return order != 0;
    case MPL__LT:
        return order < 0;
    case MPL__LE:
        return order <= 0;
    case MPL__GT:
        return order > 0;
    case MPL__GE:
        return order >= 0;
    }
    return false;
}

/* A number and a text are unequal, and neither comes first. */
static bool compare(value a, value b, mpl__filter_op op)
{
    if (!a.text || !b.text)
        return false;
    if (!isnan(a.number) && !isnan(b.number))
        return ordered((a.number > b.number) - (a.number < b.number), op);
    const bool mixed = isnan(a.number) != isnan(b.number);
    if (mixed && op != MPL__EQ && op != MPL__NE)
        return false;
    return ordered(strcmp(a.text, b.text), op);
}

static bool is_in(const mpl__filter *f, size_t row)
{
    const value left = value_of(&f->left, row);
    for (const mpl__literal *item = f->list; item; item = item->next)
        if (compare(left, value_of(&item->value, row), MPL__EQ))
            return !f->negated;
    return f->negated && left.text;
}

static bool holds(const mpl__filter *f, size_t row)
{
    switch (f->kind) {
    case MPL__FILTER_OR:
        for (const mpl__filter *c = f->child; c; c = c->next)
            if (holds(c, row))
                return true;
        return false;
    case MPL__FILTER_AND:
        for (const mpl__filter *c = f->child; c; c = c->next)
            if (!holds(c, row))
                return false;
        return true;
    case MPL__FILTER_NOT:
        return !holds(f->child, row);
    case MPL__FILTER_COMPARE:
        return compare(value_of(&f->left, row), value_of(&f->right, row), f->op);
    case MPL__FILTER_MISSING:
        return (value_of(&f->left, row).text == NULL) != f->negated;
    case MPL__FILTER_IN:
        return is_in(f, row);
    }
    return false;
}

typedef struct copier {
    mpl__arena *arena;
    bool ok;
} copier;

static const char *copied(copier *c, const char *text)
{
    const char *const copy = mpl__arena_copy(c->arena, text);
    c->ok = c->ok && (copy || !text);
    return copy;
}

/* Roles are texts of the registry and need no copy. */
static void copy_column(copier *c, const mpl_column *from, const size_t *kept, size_t n, mpl_column *to)
{
    const char **const text = MPL_NEW(c->arena, const char *, n);
    double *const number = MPL_NEW(c->arena, double, n);
    *to = (mpl_column){ .name = copied(c, from->name), .role = from->role, .title = copied(c, from->title),
                        .is_number = true, .text = text, .number = number };
    c->ok = c->ok && text && number;
    for (size_t i = 0; c->ok && i < n; i++) {
        text[i] = copied(c, from->text[kept[i]]);
        number[i] = from->number[kept[i]];
        to->n_missing += text[i] == NULL;
        to->is_number = to->is_number && (!text[i] || !isnan(number[i]));
    }
}

static void copy_rows(copier *c, const mpl_dataset *from, const size_t *kept, size_t n, mpl_dataset *to)
{
    size_t *const row = MPL_NEW(c->arena, size_t, n), *const line = MPL_NEW(c->arena, size_t, n);
    const char **const label = MPL_NEW(c->arena, const char *, n);
    mpl_column *const columns = MPL_NEW(c->arena, mpl_column, from->n_columns);
    c->ok = c->ok && row && line && label && columns;
    for (size_t i = 0; c->ok && i < n; i++) {
        row[i] = from->row[kept[i]];
        line[i] = from->line[kept[i]];
        label[i] = copied(c, from->label[kept[i]]);
    }
    for (size_t j = 0; c->ok && j < from->n_columns; j++)
        copy_column(c, &from->columns[j], kept, n, &columns[j]);
    to->n_rows = n;
    to->n_columns = from->n_columns;
    to->columns = columns;
    to->row = row;
    to->line = line;
    to->label = label;
}

/* The rows dropped before, then those that are not in `kept`. */
static void copy_dropped(copier *c, const mpl_dataset *from, const char *expr, const size_t *kept, size_t n_kept,
                         mpl_dataset *to)
{
    const size_t n = from->n_dropped + from->n_rows - n_kept;
    mpl_exclusion *const dropped = MPL_NEW(c->arena, mpl_exclusion, n);
    const char *const reason = mpl__arena_format(c->arena, "does not meet: %s", expr);
    c->ok = c->ok && dropped && reason;
    size_t used = 0;
    for (; c->ok && used < from->n_dropped; used++) {
        const mpl_exclusion *const old = &from->dropped[used];
        dropped[used] = (mpl_exclusion){ old->row, old->line, copied(c, old->study), copied(c, old->reason) };
    }
    for (size_t i = 0, k = 0; c->ok && i < from->n_rows; i++) {
        if (k < n_kept && kept[k] == i)
            k++;
        else
            dropped[used++] = (mpl_exclusion){ from->row[i], from->line[i], copied(c, from->label[i]), reason };
    }
    to->n_dropped = n;
    to->dropped = dropped;
}

static bool copy_dataset(mpl__arena *arena, const mpl_dataset *from, const char *expr, const size_t *kept, size_t n,
                         mpl_dataset *to)
{
    copier c = { arena, true };
    mpl_dataset_info *const info = MPL_NEW(arena, mpl_dataset_info, 1);
    mpl__notes notes = { .arena = arena };
    if (!info || !mpl__info_copy(arena, from->info, info))
        return false;
    mpl__note_add_all(&notes, from->notes, from->n_notes);
    to->name = copied(&c, from->name);
    to->info = info;
    to->n_notes = notes.n;
    to->notes = notes.items;
    to->arena = arena;
    copy_rows(&c, from, kept, n, to);
    copy_dropped(&c, from, expr, kept, n, to);
    return c.ok && !notes.failed;
}

mpl_status mpl_dataset_filter(const mpl_dataset *data, const char *expr, mpl_dataset **out, mpl_error *err)
{
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    size_t *const kept = MPL_NEW(scratch, size_t, data->n_rows), n = 0;
    mpl_dataset *const result = MPL_NEW(keep, mpl_dataset, 1);
    mpl__filter *filter;
    mpl_status s = kept && result ? mpl__filter_parse(data, expr, scratch, &filter, err)
                                  : mpl__fail_nomem(err, "the filter");
    *out = NULL;
    for (size_t i = 0; s == MPL_OK && i < data->n_rows; i++)
        if (holds(filter, i))
            kept[n++] = i;
    if (s == MPL_OK && !copy_dataset(keep, data, expr, kept, n, result))
        s = mpl__fail_nomem(err, "the filtered dataset");
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = result;
    else
        mpl__arena_free(keep);
    return s;
}
