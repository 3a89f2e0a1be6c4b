/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV and TSV (RFC 4180 quoting): one rectangle, at full precision, missing values empty. Texts are written as they
 * are: a label that starts with = + - @ stays what it is, because a file that changes its data cannot be read back. In
 * a spreadsheet import such columns as text.
 */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/blocks.h"
#include "base/error.h"
#include "base/text.h"
#include "report/format.h"
#include "report/show.h"

enum { BLOCK = 512, CHUNK = 256, WINDOW = 64 }; /* rows of a block, and of them at a time; blocks at a time */

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

static void add_row(const sheet *s, mpl__text *out, const mpl_report_table *t, const mpl_value *row)
{
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

/* Blocks of rows that are made into text at the same time, while the last ones are written. */
typedef struct window {
    const sheet *s;
    const mpl_report_table *t;
    size_t first;         /* row of the blocks that are made */
    size_t n_made;        /* blocks to write */
    mpl__text *made, *at; /* [WINDOW] each */
} window;

static mpl_status make_block(window *w, size_t i, mpl_error *err)
{
    const mpl_report_table *const t = w->t;
    mpl__text *const text = &w->at[i];
    const size_t start = w->first + i * BLOCK, end = t->n_rows - start < BLOCK ? t->n_rows : start + BLOCK;
    const size_t chunk = end - start < CHUNK ? end - start : CHUNK;
    mpl_value *const made = t->cells ? NULL : mpl__realloc(NULL, chunk * t->n_columns, sizeof *made);
    if (!t->cells && !made)
        return mpl__fail_nomem(err, "the table");
    text->size = 0;
    for (size_t r = start; r < end; r += chunk) {
        const size_t n = end - r < chunk ? end - r : chunk;
        if (made)
            t->fill(t->ctx, r, n, made);
        for (size_t j = 0; j < n; j++)
            add_row(w->s, text, t, (made ? made : t->cells + r * t->n_columns) + j * t->n_columns);
    }
    mpl__free(made);
    return text->failed ? mpl__fail_nomem(err, "the table") : MPL_OK;
}

static mpl_status write_made(window *w, mpl_error *err)
{
    for (size_t i = 0; i < w->n_made; i++)
        if (fwrite(w->made[i].data, 1, w->made[i].size, w->s->out) != w->made[i].size)
            return mpl__fail(err, MPL_ERR_IO, "could not write all of the output");
    return MPL_OK;
}

static mpl_status work(void *ctx, size_t i, mpl_error *err)
{
    window *const w = ctx;
    const size_t writes = w->n_made > 0;
    return i < writes ? write_made(w, err) : make_block(w, i - writes, err);
}

static mpl_status write_windows(window *w, mpl_error *err)
{
    for (; w->first < w->t->n_rows; w->first += (size_t)WINDOW * BLOCK) {
        const size_t left = (w->t->n_rows - w->first + BLOCK - 1) / BLOCK, n = left < WINDOW ? left : WINDOW;
        mpl__text *const written = w->made;
        size_t done;
        MPL_TRY(mpl__blocks_run(NULL, n + (w->n_made > 0), work, w, &done, err));
        w->made = w->at;
        w->at = written;
        w->n_made = n;
    }
    return write_made(w, err);
}

static mpl_status write_table(sheet *s, const mpl_report_table *t, mpl_error *err)
{
    mpl__text text[2][WINDOW] = { 0 };
    window w = { .s = s, .t = t, .made = text[0], .at = text[1] };
    for (size_t i = 0; i < s->n_columns; i++) {
        s->from[i] = SIZE_MAX;
        for (size_t c = 0; c < t->n_columns; c++)
            if (!strcmp(s->key[i], t->columns[c].key))
                s->from[i] = c;
    }
    const mpl_status status = write_windows(&w, err);
    for (size_t i = 0; i < WINDOW; i++) {
        mpl__text_free(&text[0][i]);
        mpl__text_free(&text[1][i]);
    }
    return status;
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
