/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a dataset from a path or from memory, and looking at it. */
#include <metapool/dataset.h>

#include <string.h>

#include "base/error.h"
#include <metapool/option.h>
#include "base/method.h"
#include "base/text.h"
#include "data/bundled.h"
#include "data/digest.h"
#include "data/load.h"
#include "data/table.h"

static const mpl_option table[] = {
    { .name = "input-format", MPL_MEMBER(CHOICE, mpl_read_options, format), .choice = mpl_input_method,
      .arg = "FORMAT", .help = "format of the data; otherwise by name, then by content", .since = "0.1.0" },
    { .name = "columns", MPL_MEMBER(TEXT, mpl_read_options, columns), .arg = "ROLE=NAME,...",
      .help = "which column holds what, e.g. yi=logOR,sei=se; see 'metapool list roles'", .since = "0.1.0" },
    { .name = "missing", MPL_MEMBER(TEXT, mpl_read_options, missing), .arg = "LIST",
      .help = "cells that mean missing, beside empty ones; otherwise .,NA,N/A,#N/A,NaN,NULL", .since = "0.1.0" },
    { .name = "delim", MPL_MEMBER(TEXT, mpl_read_options, delim), .arg = "CHAR",
      .help = "character between fields, or 'tab'; otherwise found out", .since = "0.1.0" },
    { .name = "decimal", MPL_MEMBER(TEXT, mpl_read_options, decimal), .arg = "CHAR",
      .help = "decimal sign of numbers, '.' or ','; otherwise found out", .since = "0.1.0" },
    { .name = "comment", MPL_MEMBER(TEXT, mpl_read_options, comment), .arg = "TEXT",
      .help = "skip lines that start with this", .since = "0.1.0" },
    { .name = "strict", MPL_MEMBER(FLAG, mpl_read_options, strict),
      .help = "a missing value in a column with a role is an error", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_read_option_table(void)
{
    return table;
}

static mpl_status check_options(const mpl_read_options *o, mpl__table *t, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE];
    if (o->decimal && strcmp(o->decimal, ".") && strcmp(o->decimal, ","))
        return mpl__fail(err, MPL_ERR_ARG, "--decimal: '%s' is neither . nor ,", mpl_text_to_shown(o->decimal, x));
    t->decimal = o->decimal ? o->decimal[0] : '\0';
    return MPL_OK;
}

/* Bytes in keep, with room for one more, to a dataset. */
static mpl_status parse(mpl__table *t, const mpl__format *format, char *bytes, size_t size, mpl_dataset **out,
                        mpl_error *err)
{
    MPL_TRY(check_options(t->options, t, err));
    MPL_TRY(mpl__decode(&bytes, &size, t, err));
    if (!format)
        format = mpl__format_of(t->options, t->name, bytes, size);
    if (size > format->max_bytes)
        return mpl__fail(err, MPL_ERR_LIMIT, "%s: more than %zu MiB of %s", t->name, format->max_bytes >> 20,
                         format->method.title);
    MPL_TRY(format->read(bytes, size, t, err));
    return mpl__table_finish(t, out, err);
}

typedef struct source {
    const char *path;  /* read from there, or */
    const char *bytes; /* from memory */
    size_t size;
    const char *name;
    const mpl__bundled *bundled;
} source;

static mpl_status read_source(const source *src, mpl__table *t, mpl_dataset **out, mpl_error *err)
{
    char *bytes;
    size_t size = src->size;
    const mpl__format *format = NULL;
    if (t->options->format) {
        const mpl_method *method;
        MPL_TRY(mpl__method_get(mpl_input_method, "input format", t->options->format, &method, err));
        format = mpl__format_find(method->id);
    }
    if (src->bytes) {
        if (!(bytes = mpl__arena_copyn(t->keep, src->bytes, size)))
            return mpl__fail_nomem(err, "the data");
    } else {
        MPL_TRY(mpl__load(t, src->path, format, &bytes, &size, err));
    }
    if (t->options->digest && !(t->sha256 = mpl__sha256(t->keep, bytes, size))) /* before a reader writes into them */
        return mpl__fail_nomem(err, "the data");
    if (src->bundled)
        t->schema = &src->bundled->schema;
    return parse(t, format, bytes, size, out, err);
}

/* A name for messages: controls escaped, and of a long path its end. */
static const char *shown(mpl__arena *arena, const char *name)
{
    enum { LONGEST = 120 };
    mpl__text text = { .data = NULL };
    mpl__text_visible(&text, name);
    const char *start = text.data ? text.data : "";
    const bool cut = text.size > LONGEST;
    if (cut)
        for (start += text.size - LONGEST; ((unsigned char)*start & 0xC0) == 0x80;)
            start++;
    char *const copy = text.failed ? NULL : mpl__arena_format(arena, "%s%s", cut ? "..." : "", start);
    mpl__text_free(&text);
    return copy;
}

static mpl_status read_dataset(const source *src, const mpl_read_options *options, mpl_dataset **out,
                               mpl_error *err)
{
    static const mpl_read_options defaults;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl__table t = { .keep = keep, .scratch = scratch, .name = keep ? shown(keep, src->name) : NULL,
                     .options = options ? options : &defaults, .notes = { .arena = keep } };
    *out = NULL;
    const mpl_status s = t.name && scratch ? read_source(src, &t, out, err) : mpl__fail_nomem(err, "the dataset");
    mpl__arena_free(scratch);
    if (s != MPL_OK)
        mpl__arena_free(keep);
    return s;
}

static const char *bundled_id(const void *ctx, size_t i)
{
    (void)ctx;
    return mpl_bundled_get(i)->id;
}

mpl_status mpl_dataset_read(const char *path, const mpl_read_options *options, mpl_dataset **out, mpl_error *err)
{
    if (!strcmp(path, "-"))
        return read_dataset(&(source){ .path = path, .name = "stdin" }, options, out, err);
    const mpl__bundled *const bundled = mpl__bundled_find(path);
    if (mpl__is_file(path))
        return read_dataset(&(source){ .path = path, .name = path }, options, out, err);
    if (bundled)
        return read_dataset(&(source){ .bytes = bundled->bytes, .size = bundled->size, .name = bundled->schema.info.id,
                                       .bundled = bundled }, options, out, err);
    *out = NULL;
    size_t n = 0;
    while (mpl_bundled_get(n))
        n++;
    const char *const near = mpl_nearest_find(path, n, bundled_id, NULL);
    char x[MPL_SHOWN_SIZE];
    if (near)
        return mpl__fail(err, MPL_ERR_IO, "no file and no bundled dataset '%s'; did you mean the dataset '%s'?",
                         mpl_text_to_shown(path, x), near);
    return mpl__fail_unread(path, err);
}

mpl_status mpl_dataset_read_bytes(const char *bytes, size_t size, const char *name, const mpl_read_options *options,
                                  mpl_dataset **out, mpl_error *err)
{
    return read_dataset(&(source){ .bytes = bytes ? bytes : "", .size = size, .name = name ? name : "data" }, options,
                        out, err);
}

void mpl_dataset_free(mpl_dataset *data)
{
    if (data)
        mpl__arena_free(data->arena);
}

const mpl_column *mpl_dataset_find(const mpl_dataset *data, const char *role_or_name)
{
    const size_t n = role_or_name ? data->n_columns : 0;
    for (size_t c = 0; c < n; c++)
        if (data->columns[c].role && !strcmp(data->columns[c].role, role_or_name))
            return &data->columns[c];
    for (size_t c = 0; c < n; c++)
        if (!strcmp(data->columns[c].name, role_or_name))
            return &data->columns[c];
    for (size_t c = 0; c < n; c++)
        if (mpl__same_nocase(data->columns[c].name, role_or_name))
            return &data->columns[c];
    return NULL;
}

static const char *name_at(const void *ctx, size_t c)
{
    return ((const mpl_dataset *)ctx)->columns[c].name;
}

static const char *role_at(const void *ctx, size_t c)
{
    return ((const mpl_dataset *)ctx)->columns[c].role;
}

mpl_status mpl_dataset_get(const mpl_dataset *data, const char *role_or_name, const mpl_column **out, mpl_error *err)
{
    *out = mpl_dataset_find(data, role_or_name);
    if (*out)
        return MPL_OK;
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    const char *near = mpl_nearest_find(role_or_name, data->n_columns, name_at, data);
    if (!near)
        near = mpl_nearest_find(role_or_name, data->n_columns, role_at, data);
    if (near)
        return mpl__fail(err, MPL_ERR_NAME, "%s has no column '%s'; did you mean '%s'?", data->name,
                         mpl_text_to_shown(role_or_name, x), mpl_text_to_shown(near, y));
    return mpl__fail(err, MPL_ERR_NAME, "%s has no column '%s'", data->name, mpl_text_to_shown(role_or_name, x));
}

mpl_status mpl_column_check_number(const mpl_dataset *data, const mpl_column *column, mpl_error *err)
{
    if (column->is_number)
        return MPL_OK;
    size_t i = 0;
    while (i < data->n_rows && (!column->text[i] || column->number[i] == column->number[i]))
        i++;
    if (i == data->n_rows)
        return MPL_OK; /* the cells that were not numbers have been filtered out */
    const size_t field = (size_t)(column - data->columns) + 1;
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    return mpl__fail_at(err, MPL_ERR_PARSE, data->line[i], field,
                        "%s line %zu, field %zu (%s): '%s' is not a number%s", data->name, data->line[i], field,
                        mpl_text_to_shown(column->name, x), mpl_text_to_shown(column->text[i], y),
                         mpl__number_hint(column->text[i]));
}
