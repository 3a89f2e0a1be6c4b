/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV and TSV (RFC 4180 quoting): one rectangle, at full precision, missing values empty. Texts are written as they
 * are: a label that starts with = + - @ stays what it is, because a file that changes its data cannot be read back. In
 * a spreadsheet import such columns as text.
 */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "report/format.h"
#include "report/show.h"

enum { CHUNK = 1 << 16 };

typedef struct sheet {
    mpl__text text;
    FILE *out;
    char delim;
    size_t n_tables;  /* that take part */
    size_t n_columns;
    const char **key; /* [n_columns] */
    size_t *from;     /* [n_columns] column of the table that is being written; SIZE_MAX = none */
} sheet;

static const char TYPE[] = "type";

static bool takes_part(const mpl_report_table *t)
{
    return t->row_type != NULL;
}

static void add_key(sheet *s, const char *key)
{
    size_t i = 0;
    while (i < s->n_columns && strcmp(s->key[i], key))
        i++;
    if (i == s->n_columns)
        s->key[s->n_columns++] = key;
}

/* The union of the columns of all tables, in order of first appearance. */
static mpl_status plan(sheet *s, mpl__arena *scratch, const mpl_report *report, mpl_error *err)
{
    size_t most = 1;
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++) {
            const mpl_report_table *t = &report->sections[i].tables[j];
            most += takes_part(t) ? t->n_columns : 0;
            s->n_tables += takes_part(t);
        }
    s->key = MPL_NEW(scratch, const char *, most);
    s->from = MPL_NEW(scratch, size_t, most);
    if (!s->key || !s->from)
        return mpl__fail_nomem(err, "the table");
    if (s->n_tables > 1)
        add_key(s, TYPE);
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++) {
            const mpl_report_table *t = &report->sections[i].tables[j];
            for (size_t c = 0; c < t->n_columns && takes_part(t); c++)
                add_key(s, t->columns[c].key);
        }
    return MPL_OK;
}

static void add_text(sheet *s, const char *text)
{
    const char special[] = { '"', '\r', '\n', s->delim, '\0' };
    if (!text[strcspn(text, special)] && *text != ' ' && (!*text || text[strlen(text) - 1] != ' ')) {
        mpl__text_add(&s->text, text);
        return;
    }
    mpl__text_char(&s->text, '"');
    for (; *text; text++) {
        if (*text == '"')
            mpl__text_char(&s->text, '"');
        mpl__text_char(&s->text, *text);
    }
    mpl__text_char(&s->text, '"');
}

static void add_value(sheet *s, mpl_kind kind, mpl_value value)
{
    if (mpl__value_missing(kind, value))
        return;
    if (kind == MPL_KIND_TEXT)
        add_text(s, value.text);
    else if (kind == MPL_KIND_BOOL)
        mpl__text_add(&s->text, value.number != 0 ? "true" : "false");
    else
        mpl__text_real(&s->text, value.number);
}

static mpl_status write_table(sheet *s, const mpl_report_table *t, mpl_error *err)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        s->from[i] = SIZE_MAX;
        for (size_t c = 0; c < t->n_columns; c++)
            if (!strcmp(s->key[i], t->columns[c].key))
                s->from[i] = c;
    }
    for (size_t r = 0; r < t->n_rows; r++) {
        const mpl_value *row = t->cells + r * t->n_columns;
        for (size_t i = 0; i < s->n_columns; i++) {
            if (i)
                mpl__text_char(&s->text, s->delim);
            if (s->from[i] != SIZE_MAX)
                add_value(s, t->columns[s->from[i]].kind, row[s->from[i]]);
            else if (s->key[i] == TYPE)
                mpl__text_add(&s->text, t->row_type);
        }
        mpl__text_char(&s->text, '\n');
        if (s->text.size >= CHUNK)
            MPL_TRY(mpl__text_flush(&s->text, s->out, err));
    }
    return MPL_OK;
}

static mpl_status write_sheet(sheet *s, const mpl_report *report, mpl_error *err)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        if (i)
            mpl__text_char(&s->text, s->delim);
        add_text(s, s->key[i]);
    }
    mpl__text_char(&s->text, '\n');
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++)
            if (takes_part(&report->sections[i].tables[j]))
                MPL_TRY(write_table(s, &report->sections[i].tables[j], err));
    return mpl__text_flush(&s->text, s->out, err);
}

static mpl_status write_delimited(const mpl_report *report, char delim, FILE *out, mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    sheet s = { .out = out, .delim = delim };
    mpl_status status = plan(&s, scratch, report, err);
    if (status == MPL_OK)
        status = write_sheet(&s, report, err);
    mpl__text_free(&s.text);
    mpl__arena_free(scratch);
    return status;
}

static mpl_status write_csv(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    (void)options;
    return write_delimited(report, ',', out, err);
}

static mpl_status write_tsv(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    (void)options;
    return write_delimited(report, '\t', out, err);
}

const mpl__format mpl__format_csv = {
    .method = { .id = "csv", .title = "one table of studies, pooled rows, studies left out and notes",
                .cite = "RFC 4180",
                .about = "Texts are written as they are. Spreadsheets take a text that begins with = + - or @ for a "
                         "formula: import such columns as text." },
    .is_sheet = true,
    .write = write_csv,
};

const mpl__format mpl__format_tsv = {
    .method = { .id = "tsv", .title = "the same table, separated by tabs", .cite = "IANA text/tab-separated-values" },
    .is_sheet = true,
    .write = write_tsv,
};
