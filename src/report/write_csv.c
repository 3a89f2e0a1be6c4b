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
#include "report/many.h"
#include "report/show.h"

typedef struct sheet {
    mpl__text text;
    FILE *out;
    char delim;
    bool is_special[256]; /* bytes for which a text is quoted */
    size_t n_tables;      /* that take part */
    size_t n_columns;
    const char **key;     /* [n_columns] */
    size_t *from;         /* [n_columns] column of the table that is being written; SIZE_MAX = none */
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

static void add_text(const sheet *s, mpl__text *out, const char *text)
{
    const char *end = text;
    while (!s->is_special[(unsigned char)*end])
        end++;
    if (!*end && (end == text || (*text != ' ' && end[-1] != ' '))) {
        mpl__text_addn(out, text, (size_t)(end - text));
        return;
    }
    mpl__text_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            mpl__text_char(out, '"');
        mpl__text_char(out, *text);
    }
    mpl__text_char(out, '"');
}

static void add_value(const sheet *s, mpl__text *out, mpl_kind kind, mpl_value value)
{
    if (mpl__value_missing(kind, value))
        return;
    if (kind == MPL_KIND_TEXT)
        add_text(s, out, value.text);
    else if (mpl__kind_is_truth(kind))
        mpl__text_add(out, value.number != 0 ? "true" : "false");
    else
        mpl__text_real(out, value.number);
}

static void add_row(const void *ctx, mpl__text *out, const mpl_report_table *t, size_t row_number,
                    const mpl_value *row)
{
    (void)row_number;
    const sheet *const s = ctx;
    for (size_t i = 0; i < s->n_columns; i++) {
        if (i)
            mpl__text_char(out, s->delim);
        if (s->from[i] != SIZE_MAX)
            add_value(s, out, t->columns[s->from[i]].kind, row[s->from[i]]);
        else if (s->key[i] == TYPE)
            mpl__text_add(out, t->row_type);
    }
    mpl__text_char(out, '\n');
}

static mpl_status write_table(sheet *s, const mpl_report_table *t, mpl_error *err)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        s->from[i] = SIZE_MAX;
        for (size_t c = 0; c < t->n_columns; c++)
            if (!strcmp(s->key[i], t->columns[c].key))
                s->from[i] = c;
    }
    return mpl__rows_write(t, add_row, s, s->out, err);
}

static mpl_status write_sheet(sheet *s, const mpl_report *report, mpl_error *err)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        if (i)
            mpl__text_char(&s->text, s->delim);
        add_text(s, &s->text, s->key[i]);
    }
    mpl__text_char(&s->text, '\n');
    MPL_TRY(mpl__text_flush(&s->text, s->out, err));
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++)
            if (takes_part(&report->sections[i].tables[j]))
                MPL_TRY(write_table(s, &report->sections[i].tables[j], err));
    return MPL_OK;
}

static mpl_status write_delimited(const mpl_report *report, char delim, FILE *out, mpl_error *err)
{
    mpl__arena *scratch = mpl__arena_new();
    sheet s = { .out = out, .delim = delim };
    s.is_special['\0'] = s.is_special['"'] = s.is_special['\r'] = s.is_special['\n'] = true;
    s.is_special[(unsigned char)delim] = true;
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
