/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text for people: a block of labelled lines per section, the plot drawn in place, tables that fit the width. Data are
 * escaped so that no label can move the cursor or turn the text around.
 */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/format.h"
#include "report/grid.h"
#include "report/show.h"

enum { LABEL_WIDTH = 16, DEFAULT_WIDTH = 100 };

typedef struct page {
    mpl__text text;
    FILE *out;
    const mpl_report *report;
    const mpl_write_options *options;
    mpl__style style;
    size_t width;
    enum { NOTHING, LINES, BLOCK } last; /* what was written last; a blank line separates unlike things */
} page;

/* Our own words without typography. */
static void put_own_ascii(mpl__text *t, const char *words)
{
    static const struct { const char *from, *to; } plain[] = { { "τ", "tau" }, { "²", "^2" }, { "–", "-" } };
    while (*words) {
        size_t i = 0;
        while (i < sizeof plain / sizeof *plain && strncmp(words, plain[i].from, strlen(plain[i].from)))
            i++;
        if (i < sizeof plain / sizeof *plain) {
            mpl__text_add(t, plain[i].to);
            words += strlen(plain[i].from);
        } else {
            mpl__text_char(t, *words++);
        }
    }
}

static void put_label_ascii(mpl__text *t, const char *label)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, label);
    put_own_ascii(t, seen.data ? seen.data : "");
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

static void heading(page *p, const char *label)
{
    if (p->last != NOTHING)
        mpl__text_char(&p->text, '\n');
    p->last = NOTHING;
    if (!*label)
        return;
    if (p->options->draw.colour)
        mpl__text_add(&p->text, "\033[1m");
    p->style.put_label(&p->text, label);
    if (p->options->draw.colour)
        mpl__text_add(&p->text, "\033[0m");
    mpl__text_char(&p->text, '\n');
}

/* "Label           a sentence that wraps under itself". */
static void labelled(page *p, const char *label, const mpl__text *sentence, size_t hang)
{
    if (sentence->failed)
        p->text.failed = true;
    if (p->last == BLOCK)
        mpl__text_char(&p->text, '\n');
    const size_t start = label ? mpl__utf8_width(label) : 0;
    if (label)
        p->style.put_own(&p->text, label);
    mpl__text_repeat(&p->text, " ", start < LABEL_WIDTH ? LABEL_WIDTH - start : 1);
    mpl__show_wrapped(&p->text, sentence->data ? sentence->data : "", LABEL_WIDTH + hang, p->width);
    p->last = LINES;
}

/* Widths of the columns: natural ones, then the widest texts give way until all fit. Returns the sum, which is larger
 * than `total` if nothing more can give way: numbers are never cut. */
static size_t fit_widths(const mpl__grid *g, size_t *width, size_t total)
{
    enum { NARROWEST = 16, BETWEEN = 2 };
    size_t sum = g->n_columns ? BETWEEN * (g->n_columns - 1) : 0;
    for (size_t c = 0; c < g->n_columns; c++) {
        width[c] = 0;
        for (size_t r = 0; r <= g->n_rows; r++) {
            const size_t w = mpl__utf8_width(g->cells[r * g->n_columns + c]);
            width[c] = w > width[c] ? w : width[c];
        }
        sum += width[c];
    }
    while (sum > total) {
        size_t widest = g->n_columns;
        for (size_t c = 0; c < g->n_columns; c++)
            if (!g->is_number[c] && width[c] > NARROWEST && (widest == g->n_columns || width[c] > width[widest]))
                widest = c;
        if (widest == g->n_columns)
            break;
        width[widest]--;
        sum--;
    }
    return sum;
}

/* One row; cells that are too long continue on further lines. `rest` holds what is left of each cell. */
static void table_row(page *p, const mpl__grid *g, const size_t *width, const char **rest, const char *const *cells)
{
    for (size_t c = 0; c < g->n_columns; c++)
        rest[c] = cells[c];
    for (bool more = true; more;) {
        size_t behind = 2; /* blanks that are due before the next cell; none are left at the end of a line */
        more = false;
        for (size_t c = 0; c < g->n_columns; c++) {
            const char *next = NULL;
            const size_t n = rest[c] ? mpl__wrap(rest[c], width[c], &next) : 0;
            mpl__text cell = { 0 };
            mpl__text_addn(&cell, rest[c] ? rest[c] : "", n);
            const size_t w = cell.data ? mpl__utf8_width(cell.data) : 0;
            const size_t pad = w < width[c] ? width[c] - w : 0;
            if (w)
                mpl__text_repeat(&p->text, " ", behind + (g->is_number[c] ? pad : 0));
            mpl__text_addn(&p->text, cell.data ? cell.data : "", cell.size);
            behind = w ? 2 + (g->is_number[c] ? 0 : pad) : behind + width[c] + 2;
            p->text.failed |= cell.failed;
            mpl__text_free(&cell);
            rest[c] = next;
            more |= next != NULL;
        }
        mpl__text_char(&p->text, '\n');
    }
}

/* A table much wider than the page: each row as a list, "column  value". */
static void records(page *p, const mpl__grid *g)
{
    size_t widest = 0;
    for (size_t c = 1; c < g->n_columns; c++) {
        const size_t w = mpl__utf8_width(g->cells[c]);
        widest = w > widest ? w : widest;
    }
    for (size_t r = 1; r <= g->n_rows; r++) {
        const char *const *row = g->cells + r * g->n_columns;
        mpl__text_format(&p->text, r > 1 ? "\n  %s\n" : "  %s\n", row[0]);
        for (size_t c = 1; c < g->n_columns; c++) {
            mpl__text_format(&p->text, "    %s", g->cells[c]);
            mpl__text_repeat(&p->text, " ", widest + 2 - mpl__utf8_width(g->cells[c]));
            mpl__show_wrapped(&p->text, row[c], widest + 6, p->width);
        }
    }
}

static mpl_status table_rows(page *p, const mpl_report_table *table, mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    mpl__grid g;
    mpl_status s = mpl__grid_make(scratch, table, &p->style, &g, err);
    size_t *width = s == MPL_OK ? MPL_NEW(scratch, size_t, g.n_columns) : NULL;
    const char **rest = s == MPL_OK ? MPL_NEW(scratch, const char *, g.n_columns) : NULL;
    if (s == MPL_OK && (!width || !rest))
        s = mpl__fail_nomem(err, "a table");
    if (s == MPL_OK && fit_widths(&g, width, p->width - 2) > p->width + p->width / 2)
        records(p, &g);
    else if (s == MPL_OK)
        for (size_t r = 0; r <= g.n_rows; r++)
            table_row(p, &g, width, rest, g.cells + r * g.n_columns);
    mpl__arena_free(scratch);
    return s;
}

/* Every item on lines of its own after one label; several have dashes. */
static void list_items(page *p, const mpl_report_table *t)
{
    const bool dash = t->n_rows > 1;
    for (size_t i = 0; i < t->n_rows; i++) {
        mpl__text item = { 0 };
        mpl__text_add(&item, dash ? "- " : "");
        mpl__show_value(&item, t->columns[0].kind, t->cells[i], &p->style);
        labelled(p, i ? NULL : t->label, &item, dash ? 2 : 0);
        mpl__text_free(&item);
    }
}

/* "name=value name=value". */
static void map_items(page *p, const mpl_report_table *t)
{
    mpl__text items = { 0 };
    for (size_t i = 0; i < t->n_rows; i++) {
        if (i)
            mpl__text_char(&items, ' ');
        p->style.put(&items, t->cells[2 * i].text);
        mpl__text_char(&items, '=');
        p->style.put(&items, t->cells[2 * i + 1].text);
    }
    labelled(p, t->label, &items, 0);
    mpl__text_free(&items);
}

/* A dictionary: "id  title", and below the title what else there is. */
static void entry_items(page *p, const mpl_report_table *t)
{
    size_t width = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        const size_t w = mpl__utf8_width(t->cells[r * t->n_columns].text);
        width = w > width ? w : width;
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        const mpl_value *row = t->cells + r * t->n_columns;
        mpl__text_visible(&p->text, row[0].text);
        mpl__text_repeat(&p->text, " ", width + 2 - mpl__utf8_width(row[0].text));
        for (size_t c = 1; c < t->n_columns; c++) {
            if (t->columns[c].machine_only || mpl__value_missing(t->columns[c].kind, row[c]))
                continue;
            mpl__text line = { 0 };
            if (c > 1) {
                mpl__text_repeat(&p->text, " ", width + 2);
                mpl__text_format(&line, "%s: ", t->columns[c].label);
            }
            mpl__show_value(&line, t->columns[c].kind, row[c], &p->style);
            mpl__show_wrapped(&p->text, line.data ? line.data : "", width + 2, p->width);
            p->text.failed |= line.failed;
            mpl__text_free(&line);
        }
    }
}

static void note_items(page *p, const mpl_report_table *t)
{
    for (size_t i = 0; i < t->n_rows;) {
        mpl__text note = { 0 };
        i = mpl__show_notes(&note, t, i, &p->style);
        mpl__text_add(&p->text, "- ");
        mpl__show_wrapped(&p->text, note.data ? note.data : "", 2, p->width);
        p->text.failed |= note.failed;
        mpl__text_free(&note);
    }
}

static mpl_status write_table(page *p, const mpl_report_table *t, mpl_error *err)
{
    if (t->not_text || t->in_plot || t->n_rows == 0)
        return MPL_OK;
    if (t->shape == MPL_TABLE_LIST) {
        list_items(p, t);
    } else if (t->shape == MPL_TABLE_MAP) {
        map_items(p, t);
    } else {
        if (t->label)
            heading(p, t->label);
        if (t->shape == MPL_TABLE_NOTES)
            note_items(p, t);
        else if (t->shape == MPL_TABLE_ENTRIES)
            entry_items(p, t);
        else
            MPL_TRY(table_rows(p, t, err));
        p->last = BLOCK;
    }
    return MPL_OK;
}

static mpl_status write_plot(page *p, const mpl_plot *plot, mpl_error *err)
{
    if (p->last != NOTHING)
        mpl__text_char(&p->text, '\n');
    MPL_TRY(mpl__text_flush(&p->text, p->out, err));
    MPL_TRY(mpl_plot_write(plot, "text", &p->options->draw, p->out, err));
    p->last = BLOCK;
    return MPL_OK;
}

static void write_lines(page *p, const mpl_section *s)
{
    for (size_t i = 0; i < s->n_lines; i++) {
        mpl__text sentence = { 0 };
        mpl__show_line(&sentence, p->report, s, s->lines[i].text, &p->style);
        labelled(p, s->lines[i].label, &sentence, 0);
        mpl__text_free(&sentence);
    }
    for (size_t i = 0; i < s->n_fields; i++) {
        mpl__text value = { 0 };
        if (s->fields[i].machine_only)
            continue;
        mpl__show_value(&value, s->fields[i].kind, s->fields[i].value, &p->style);
        labelled(p, s->fields[i].label, &value, 0);
        mpl__text_free(&value);
    }
}

static mpl_status write_section(page *p, const mpl_section *s, mpl_error *err)
{
    if (s->label)
        heading(p, s->label);
    if (s->plot)
        MPL_TRY(write_plot(p, s->plot, err));
    bool told = !s->tables_first;
    if (told)
        write_lines(p, s);
    for (size_t i = 0; i < s->n_tables; i++) {
        if (!told && s->tables[i].label) {
            write_lines(p, s);
            told = true;
        }
        MPL_TRY(write_table(p, &s->tables[i], err));
    }
    if (!told)
        write_lines(p, s);
    return MPL_OK;
}

static mpl_status write_text(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    const bool ascii = options->draw.ascii;
    page p = { .out = out, .report = report, .options = options,
               .style = { .digits = options->digits, .ascii = ascii, .put = mpl__text_visible,
                          .put_own = ascii ? put_own_ascii : mpl__text_add,
                          .put_label = ascii ? put_label_ascii : mpl__text_visible },
               .width = options->draw.width ? options->draw.width : DEFAULT_WIDTH };
    heading(&p, report->title ? report->title : report->command);
    mpl__text_char(&p.text, '\n');
    mpl_status s = MPL_OK;
    for (size_t i = 0; i < report->n_sections && s == MPL_OK; i++)
        s = write_section(&p, &report->sections[i], err);
    if (s == MPL_OK)
        s = mpl__text_flush(&p.text, out, err);
    mpl__text_free(&p.text);
    return s;
}

const mpl__format mpl__format_text = {
    .method = { .id = "text", .title = "for people: figure, sentences and tables", .cite = "metapool" },
    .for_people = true,
    .has_plot = true,
    .write = write_text,
};
