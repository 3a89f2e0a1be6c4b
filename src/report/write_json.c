/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: everything, at full precision, under stable names; report-1.schema.json describes it. */
#include "base/error.h"
#include "base/json.h"
#include "report/format.h"
#include "report/many.h"
#include "report/show.h"

enum { CHUNK = 1 << 16 };

/* Hands a long text on, so that a million studies do not have to fit in memory twice. */
static mpl_status relieve(mpl__text *t, FILE *out, mpl_error *err)
{
    return t->size < CHUNK ? MPL_OK : mpl__text_flush(t, out, err);
}

static void write_value(mpl__json *j, const char *key, mpl_kind kind, mpl_value value)
{
    if (mpl__value_missing(kind, value))
        mpl__json_text(j, key, NULL);
    else if (kind == MPL_KIND_TEXT)
        mpl__json_text(j, key, value.text);
    else if (mpl__kind_is_truth(kind))
        mpl__json_bool(j, key, value.number != 0);
    else
        mpl__json_real(j, key, value.number);
}

static void write_object(mpl__json *j, const char *key, const mpl_report_table *t, const mpl_value *cell)
{
    mpl__json_begin(j, key, '{');
    for (size_t c = 0; c < t->n_columns; c++)
        write_value(j, t->columns[c].key, t->columns[c].kind, cell[c]);
    mpl__json_end(j);
}

/* ctx: where in the document the rows stand */
static void add_row(const void *ctx, mpl__text *out, const mpl_report_table *t, size_t i, const mpl_value *cell)
{
    mpl__json j = *(const mpl__json *)ctx;
    j.out = out;
    j.filled = i > 0;
    write_object(&j, NULL, t, cell);
}

static mpl_status write_many(mpl__json *j, const mpl_report_table *t, FILE *out, mpl_error *err)
{
    MPL_TRY(mpl__text_flush(j->out, out, err));
    MPL_TRY(mpl__rows_write(t, add_row, j, out, err));
    j->filled = true;
    return MPL_OK;
}

static mpl_status write_table(mpl__json *j, const mpl_report_table *t, FILE *out, mpl_error *err)
{
    const bool is_object = t->shape == MPL_TABLE_MAP || t->shape == MPL_TABLE_ONE;
    const bool has_objects = t->shape != MPL_TABLE_MAP && t->shape != MPL_TABLE_LIST && t->shape != MPL_TABLE_MATRIX;
    const bool is_long = has_objects && t->n_rows > MPL__MANY_ROWS;
    const size_t flat = j->flat;
    if (!is_object)
        j->flat = j->depth + 1; /* a row per line */
    if (t->shape != MPL_TABLE_ONE)
        mpl__json_begin(j, t->key, is_object ? '{' : '[');
    if (is_long)
        MPL_TRY(write_many(j, t, out, err));
    for (size_t i = 0; i < t->n_rows && !is_long; i++) {
        const mpl_value *cell = t->cells + i * t->n_columns;
        if (t->shape == MPL_TABLE_MAP) {
            write_value(j, cell[0].text, t->columns[1].kind, cell[1]);
        } else if (t->shape == MPL_TABLE_LIST) {
            write_value(j, NULL, t->columns[0].kind, cell[0]);
        } else if (t->shape == MPL_TABLE_MATRIX) {
            mpl__json_begin(j, NULL, '[');
            for (size_t c = 0; c < t->n_columns; c++)
                write_value(j, NULL, t->columns[c].kind, cell[c]);
            mpl__json_end(j);
        } else {
            write_object(j, t->shape == MPL_TABLE_ONE ? t->key : NULL, t, cell);
        }
        MPL_TRY(relieve(j->out, out, err));
    }
    if (t->shape != MPL_TABLE_ONE)
        mpl__json_end(j);
    j->flat = flat;
    return MPL_OK;
}

static mpl_status write_section(mpl__json *j, const mpl_section *s, FILE *out, mpl_error *err)
{
    if (s->key)
        mpl__json_begin(j, s->key, '{');
    for (size_t i = 0; i < s->n_fields; i++)
        write_value(j, s->fields[i].key, s->fields[i].kind, s->fields[i].value);
    for (size_t i = 0; i < s->n_tables; i++)
        if (!s->tables[i].not_json)
            MPL_TRY(write_table(j, &s->tables[i], out, err));
    if (s->key)
        mpl__json_end(j);
    return MPL_OK;
}

static mpl_status write_json(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err)
{
    (void)options;
    mpl__text text = { 0 };
    mpl__json j = { .out = &text, .flat = 2 };
    mpl__json_begin(&j, NULL, '{');
    mpl__json_text(&j, "schema", "metapool.report/1");
    mpl__json_text(&j, "command", report->command);
    mpl__json_text(&j, "title", report->title);
    for (size_t i = 0; i < report->n_sections; i++) {
        const mpl_status s = write_section(&j, &report->sections[i], out, err);
        if (s != MPL_OK) {
            mpl__text_free(&text);
            return s;
        }
    }
    mpl__json_end(&j);
    mpl__text_char(&text, '\n');
    return mpl__text_flush(&text, out, err);
}

const mpl__format mpl__format_json = {
    .method = { .id = "json", .title = "every number at full precision, under stable names",
                .cite = "RFC 8259; the members are described by report-1.schema.json" },
    .write = write_json,
};
