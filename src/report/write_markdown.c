/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Markdown with GitHub's tables: the text report without the drawing, for notebooks, issues and appendices. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "report/format.h"
#include "report/grid.h"
#include "report/show.h"

typedef struct page {
    mpl__text text;
    const mpl_report *report;
    mpl__style style;
    bool after_table; /* a list needs a blank line before it */
} page;

/* True if the character at s would mean something: inside a line, or at `start`, where a block begins. */
static bool is_markup(const char *start, const char *s)
{
    if (strchr("\\`*_[]|~$", *s))
        return true;
    if (*s == '<' || *s == '&') /* a tag, an entity */
        return (s[1] | 0x20) >= 'a' && (s[1] | 0x20) <= 'z' ? true : strchr("/!?#", s[1]) != NULL;
    if (s == start)
        return strchr("#+-=>", *s);
    const size_t digits = strspn(start, "0123456789"); /* "1. " */
    return s == start + digits && digits && strchr(".)", *s) && (s[1] == ' ' || !s[1]);
}

/* Data must not become markup. */
static void put_data(mpl__text *t, const char *data)
{
    mpl__text seen = { 0 };
    mpl__text_visible(&seen, data);
    const char *const start = seen.data ? seen.data : "";
    for (const char *s = start; *s; s++) {
        if (is_markup(start, s))
            mpl__text_char(t, '\\');
        mpl__text_char(t, *s);
    }
    t->failed |= seen.failed;
    mpl__text_free(&seen);
}

static void heading(page *p, const char *label)
{
    p->after_table = false;
    mpl__text_char(&p->text, '\n');
    if (!*label)
        return;
    mpl__text_add(&p->text, "## ");
    put_data(&p->text, label);
    mpl__text_add(&p->text, "\n\n");
}

static mpl_status write_rows(page *p, const mpl_report_table *table, mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    mpl__grid g;
    const mpl_status s = mpl__grid_make(scratch, table, &p->style, &g, err);
    for (size_t r = 0; s == MPL_OK && r <= g.n_rows; r++) {
        for (size_t c = 0; c < g.n_columns; c++)
            mpl__text_format(&p->text, "| %s ", g.cells[r * g.n_columns + c]);
        mpl__text_add(&p->text, "|\n");
        for (size_t c = 0; c < g.n_columns && r == 0; c++)
            mpl__text_add(&p->text, g.is_number[c] ? "| ---: " : "| --- ");
        if (r == 0)
            mpl__text_add(&p->text, "|\n");
    }
    mpl__arena_free(scratch);
    p->after_table = true;
    return s;
}

static void begin_item(page *p, const char *label)
{
    mpl__text_add(&p->text, p->after_table ? "\n- " : "- ");
    p->after_table = false;
    if (label)
        mpl__text_format(&p->text, "**%s:** ", label);
}

/* "name = value, name = value". */
static void map_items(page *p, const mpl_report_table *table)
{
    begin_item(p, table->label);
    for (size_t i = 0; i < table->n_rows; i++) {
        mpl__text_add(&p->text, i ? ", " : "");
        put_data(&p->text, table->cells[2 * i].text);
        mpl__text_add(&p->text, " = ");
        put_data(&p->text, table->cells[2 * i + 1].text);
    }
    mpl__text_char(&p->text, '\n');
}

static void list_items(page *p, const mpl_report_table *table)
{
    for (size_t i = 0; i < table->n_rows;) {
        const bool is_notes = table->shape == MPL_TABLE_NOTES;
        begin_item(p, is_notes ? NULL : table->label);
        if (is_notes)
            i = mpl__show_notes(&p->text, table, i, &p->style);
        else
            put_data(&p->text, table->cells[i++].text);
        mpl__text_char(&p->text, '\n');
    }
}

static mpl_status write_table(page *p, const mpl_report_table *table, mpl_error *err)
{
    if (table->not_text || table->n_rows == 0)
        return MPL_OK;
    if (table->shape == MPL_TABLE_MAP) {
        map_items(p, table);
        return MPL_OK;
    }
    if (table->label && table->shape != MPL_TABLE_LIST)
        heading(p, table->label);
    if (table->shape != MPL_TABLE_LIST && table->shape != MPL_TABLE_NOTES)
        return write_rows(p, table, err);
    list_items(p, table);
    return MPL_OK;
}

static void write_lines(page *p, const mpl_section *s)
{
    for (size_t i = 0; i < s->n_lines; i++) {
        begin_item(p, s->lines[i].label);
        mpl__show_line(&p->text, p->report, s, s->lines[i].text, &p->style);
        mpl__text_char(&p->text, '\n');
    }
    for (size_t i = 0; i < s->n_fields; i++) {
        if (s->fields[i].machine_only)
            continue;
        begin_item(p, s->fields[i].label);
        mpl__show_value(&p->text, s->fields[i].kind, s->fields[i].value, &p->style);
        mpl__text_char(&p->text, '\n');
    }
}

static mpl_status write_section(page *p, const mpl_section *s, mpl_error *err)
{
    if (s->label)
        heading(p, s->label);
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

static mpl_status write_markdown(const mpl_report *report, const mpl_write_options *options, FILE *out,
                                 mpl_error *err)
{
    page p = { .report = report, .style = { .digits = options->digits, .put = put_data, .put_own = mpl__text_add,
                                            .put_label = put_data } };
    mpl_status s = MPL_OK;
    mpl__text_add(&p.text, "# ");
    put_data(&p.text, report->title ? report->title : report->command);
    mpl__text_add(&p.text, "\n\n");
    for (size_t i = 0; i < report->n_sections && s == MPL_OK; i++)
        s = write_section(&p, &report->sections[i], err);
    if (s == MPL_OK)
        s = mpl__text_flush(&p.text, out, err);
    mpl__text_free(&p.text);
    return s;
}

const mpl__format mpl__format_markdown = {
    .method = { .id = "markdown", .title = "headings and tables as in GitHub's Markdown",
                .cite = "CommonMark; GitHub Flavored Markdown", .aliases = "md" },
    .for_people = true,
    .write = write_markdown,
};
