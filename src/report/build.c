/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a report; see build.h. */
#include "report/build.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* The report, and what its sections show as const. */
typedef struct mpl__report_owner {
    mpl_report report; /* first, so that the public pointer is this one */
    mpl__list plots; /* of mpl_plot * */
} mpl__report_owner;

/* A zeroed new item at the end; NULL if out of memory. Room doubles at each power of two, so none has to be noted. */
static void *append(mpl__build *b, mpl__list *list, size_t size)
{
    if (b->failed)
        return NULL;
    if ((list->n & (list->n - 1)) == 0) {
        void *room = mpl__arena_alloc(b->arena, list->n ? 2 * list->n : 1, size);
        if (!room) {
            b->failed = true;
            return NULL;
        }
        if (list->n)
            memcpy(room, list->items, list->n * size);
        list->items = room;
    }
    return (char *)list->items + list->n++ * size;
}

static const char *copy(mpl__build *b, const char *text)
{
    const char *mine = text && !b->failed ? mpl__arena_copy(b->arena, text) : NULL;
    if (text && !mine)
        b->failed = true;
    return mine;
}

const char *mpl__build_format(mpl__build *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *const text = mpl__build_vformat(b, fmt, args);
    va_end(args);
    return text;
}

const char *mpl__build_vformat(mpl__build *b, const char *fmt, va_list args)
{
    va_list again;
    if (b->failed)
        return "";
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, fmt, args);
    char *text = n < 0 ? NULL : mpl__arena_alloc(b->arena, (size_t)n + 1, 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, fmt, again);
    else
        b->failed = true;
    va_end(again);
    return text ? text : "";
}

void mpl__build_start(mpl__build *b, const char *command, const char *title)
{
    *b = (mpl__build){ .arena = mpl__arena_new() };
    b->owner = MPL_NEW(b->arena, mpl__report_owner, 1);
    if (!b->owner) {
        b->failed = true;
        return;
    }
    b->owner->report.arena = b->arena;
    b->owner->report.command = copy(b, command);
    b->owner->report.title = copy(b, title);
}

/* The section that is being filled; its lists may have moved. */
static mpl_section *section(mpl__build *b)
{
    if (b->failed || b->sections.n == 0)
        return NULL;
    mpl_section *s = (mpl_section *)b->sections.items + (b->sections.n - 1);
    s->lines = b->lines.items;
    s->n_lines = b->lines.n;
    s->fields = b->fields.items;
    s->n_fields = b->fields.n;
    s->tables = b->tables.items;
    s->n_tables = b->tables.n;
    return s;
}

void mpl__build_section(mpl__build *b, const char *key, const char *label)
{
    section(b);
    b->lines = b->fields = b->tables = (mpl__list){ 0 };
    mpl_section *s = append(b, &b->sections, sizeof *s);
    if (s) {
        s->key = copy(b, key);
        s->label = copy(b, label);
    }
}

void mpl__build_tables_first(mpl__build *b)
{
    mpl_section *s = section(b);
    if (s)
        s->tables_first = true;
}

mpl_value mpl__stat_value(const mpl__stat *stat, const void *from)
{
    const void *at = (const char *)from + stat->offset;
    switch (stat->type) {
    case 'd':
        return (mpl_value){ .number = *(const double *)at };
    case 'z':
        return (mpl_value){ .number = (double)*(const size_t *)at };
    case 'i':
        return (mpl_value){ .number = *(const int *)at };
    case 'b':
        return (mpl_value){ .number = *(const bool *)at };
    default:
        return (mpl_value){ .text = *(const char *const *)at };
    }
}

static mpl_value read_member(mpl__build *b, const mpl__stat *stat, const void *from)
{
    mpl_value value = mpl__stat_value(stat, from);
    if (stat->type == 's')
        value.text = copy(b, value.text);
    return value;
}

static void add_field(mpl__build *b, const mpl_report_column *shape, mpl_value value, bool is_hidden)
{
    mpl_field *field = append(b, &b->fields, sizeof *field);
    if (field)
        *field = (mpl_field){ .key = copy(b, shape->key), .label = copy(b, shape->label), .kind = shape->kind,
                              .machine_only = is_hidden || !shape->label, .value = value };
}

void mpl__build_fields(mpl__build *b, const mpl__stat *stats, size_t n, const void *from)
{
    for (size_t i = 0; i < n; i++)
        add_field(b, &stats[i].column, read_member(b, &stats[i], from), false);
}

void mpl__build_hidden(mpl__build *b, const mpl__stat *stats, size_t n, const void *from)
{
    for (size_t i = 0; i < n; i++)
        add_field(b, &stats[i].column, read_member(b, &stats[i], from), true);
}

void mpl__build_text(mpl__build *b, const char *key, const char *label, const char *text)
{
    const mpl_report_column shape = { .key = key, .label = label, .kind = MPL_KIND_TEXT };
    add_field(b, &shape, (mpl_value){ .text = copy(b, text) }, false);
}

void mpl__build_number(mpl__build *b, const char *key, const char *label, mpl_kind kind, double x)
{
    const mpl_report_column shape = { .key = key, .label = label, .kind = kind };
    add_field(b, &shape, (mpl_value){ .number = x }, false);
}

void mpl__build_line(mpl__build *b, const char *label, const char *text)
{
    mpl_report_line *line = append(b, &b->lines, sizeof *line);
    if (line)
        *line = (mpl_report_line){ .label = copy(b, label), .text = copy(b, text) };
}

void mpl__build_paragraph(mpl__build *b, const char *text)
{
    mpl_report_line *line = append(b, &b->lines, sizeof *line);
    if (line)
        *line = (mpl_report_line){ .text = copy(b, text), .is_paragraph = true };
}

void mpl__build_level(mpl__build *b, unsigned level)
{
    mpl_section *s = section(b);
    if (s)
        s->level = level;
}

void mpl__build_stamp(mpl__build *b, const char *stamp)
{
    if (b->owner)
        b->owner->report.stamp = copy(b, stamp);
}

void mpl__build_style(mpl__build *b, const char *style)
{
    if (b->owner)
        b->owner->report.style = copy(b, style);
}

void mpl__build_plot(mpl__build *b, mpl_plot *plot, const char *label)
{
    mpl_section *s = section(b);
    mpl_plot **slot = s && plot ? append(b, &b->owner->plots, sizeof *slot) : NULL;
    if (!slot) {
        mpl_plot_free(plot);
        return;
    }
    s->plot = *slot = plot;
    s->plot_label = copy(b, label);
}

/* Tables and figures are numbered in the order in which they are read. */
static const char *caption(mpl__build *b, const mpl_report_table *shape)
{
    const bool is_list = shape->shape == MPL_TABLE_LIST || shape->shape == MPL_TABLE_MAP ||
                         shape->shape == MPL_TABLE_NOTES || shape->shape == MPL_TABLE_NUMBERED;
    if (!b->numbers || !shape->label || is_list || shape->not_text || !shape->n_rows)
        return copy(b, shape->label);
    return mpl__build_format(b, "Table %zu. %s", ++b->n_tables, shape->label);
}

mpl__table mpl__build_table(mpl__build *b, mpl_report_table shape, const mpl__stat *stats, size_t n_stats,
                            size_t extra)
{
    mpl__table t = { .b = b, .stats = stats, .n_stats = n_stats, .n_columns = n_stats + extra, .n_rows = shape.n_rows };
    mpl_report_table *table = append(b, &b->tables, sizeof *table);
    size_t n_cells;
    if (!table)
        return t;
    t.columns = MPL_NEW(b->arena, mpl_report_column, t.n_columns);
    t.seen = MPL_NEW(b->arena, const char *, n_stats);
    if (!shape.fill && !__builtin_mul_overflow(t.n_columns, t.n_rows, &n_cells))
        t.cells = MPL_NEW(b->arena, mpl_value, n_cells);
    if (!t.columns || !t.seen || (!shape.fill && !t.cells)) {
        b->failed = true;
        return t;
    }
    *table = shape;
    table->key = copy(b, shape.key);
    table->label = caption(b, &shape);
    table->row_type = copy(b, shape.row_type);
    table->columns = t.columns;
    table->n_columns = t.n_columns;
    table->cells = t.cells;
    for (size_t i = 0; i < n_stats; i++) {
        t.columns[i] = stats[i].column;
        t.columns[i].key = copy(b, stats[i].column.key);
        t.columns[i].label = copy(b, stats[i].column.label);
        t.columns[i].machine_only = !stats[i].column.label;
    }
    return t;
}

void mpl__table_row(mpl__table *t, const void *from)
{
    if (t->b->failed || t->row == t->n_rows)
        return;
    mpl_value *cell = t->cells + t->row * t->n_columns;
    for (size_t i = 0; i < t->n_stats; i++) {
        const char *text = NULL;
        if (t->stats[i].type == 's')
            memcpy(&text, (const char *)from + t->stats[i].offset, sizeof text);
        if (text && text == t->seen[i] && !strcmp(text, (cell + i - t->n_columns)->text))
            cell[i] = *(cell + i - t->n_columns);
        else
            cell[i] = read_member(t->b, &t->stats[i], from);
        t->seen[i] = text;
    }
    t->row++;
}

void mpl__table_label(mpl__table *t, const char *key, const char *label)
{
    for (size_t i = 0; i < t->n_columns && !t->b->failed; i++)
        if (t->columns[i].key && !strcmp(t->columns[i].key, key)) {
            t->columns[i].label = copy(t->b, label);
            t->columns[i].machine_only = !label;
        }
}

void mpl__table_extra(mpl__table *t, size_t i, const char *key, const char *label, mpl_kind kind)
{
    if (!t->b->failed)
        t->columns[t->n_stats + i] = (mpl_report_column){ .key = copy(t->b, key), .label = copy(t->b, label),
                                                          .kind = kind, .machine_only = !label };
}

void mpl__table_extra_cell(mpl__table *t, size_t i, size_t r, mpl_value value)
{
    if (t->b->failed)
        return;
    if (t->columns[t->n_stats + i].kind == MPL_KIND_TEXT)
        value.text = copy(t->b, value.text);
    t->cells[r * t->n_columns + t->n_stats + i] = value;
}

mpl_status mpl__build_done(mpl__build *b, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    section(b);
    if (b->failed)
        return mpl__build_drop(b, mpl__fail_nomem(err, "the report"));
    b->owner->report.sections = b->sections.items;
    b->owner->report.n_sections = b->sections.n;
    *out = &b->owner->report;
    return MPL_OK;
}

static void free_plots(mpl__report_owner *owner)
{
    for (size_t i = 0; i < owner->plots.n; i++)
        mpl_plot_free(((mpl_plot **)owner->plots.items)[i]);
}

mpl_status mpl__build_drop(mpl__build *b, mpl_status status)
{
    if (b->owner)
        free_plots(b->owner);
    mpl__arena_free(b->arena);
    return status;
}

void mpl_report_free(mpl_report *report)
{
    if (!report)
        return;
    free_plots((mpl__report_owner *)report);
    mpl__arena_free(report->arena);
}
