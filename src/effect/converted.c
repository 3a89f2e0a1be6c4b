/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row that reports quantiles, a standard error or an interval of a mean takes the best conversion to mean and
 * standard deviation, unless a route is asked for. What rows report is kept, and so are tests: t and p are routes of
 * their own.
 */
#include "effect/converted.h"

#include <string.h>

#include <metapool/convert.h>

#include "base/error.h"
#include "base/method.h"

/* Inputs of conversions that mean nothing else, by how their roles begin; "1i", "2i" or "i" follows. */
static const char *const stems[] = { "med", "sem", "lb" };

static bool is_convertible(const char *role)
{
    for (size_t s = 0; role && s < sizeof stems / sizeof *stems; s++) {
        const size_t n = strlen(stems[s]);
        if (!strncmp(role, stems[s], n) && mpl__has_word("i 1i 2i", role + n))
            return true;
    }
    return false;
}

static bool has_role(const mpl_dataset *data, const char *stem, const char *suffix, size_t n)
{
    const size_t length = strlen(stem);
    for (size_t c = 0; c < data->n_columns; c++) {
        const char *const role = data->columns[c].role;
        if (role && strlen(role) == length + n && !memcmp(role, stem, length) && !memcmp(role + length, suffix, n))
            return true;
    }
    return false;
}

bool mpl__converted_gives(const mpl_dataset *data, const char *role, size_t n)
{
    const bool spread = n > 2 && !memcmp(role, "sd", 2), mean = n > 1 && !spread && *role == 'm';
    const char *const suffix = role + (spread ? 2 : 1); /* "1i", "2i" or "i" */
    const size_t length = n - (spread ? 2 : 1);
    if (!(spread || mean) || length > 2 || suffix[length - 1] != 'i')
        return false;
    if (has_role(data, "med", suffix, length))
        return (has_role(data, "q1", suffix, length) && has_role(data, "q3", suffix, length)) ||
               (has_role(data, "min", suffix, length) && has_role(data, "max", suffix, length));
    return spread && (has_role(data, "sem", suffix, length) ||
                      (has_role(data, "lb", suffix, length) && has_role(data, "ub", suffix, length)));
}

static bool takes_spread(const mpl_route *route)
{
    return mpl__has_word(route->inputs, "sd1i") || mpl__has_word(route->inputs, "sdi");
}

static bool is_wanted(const mpl_dataset *data, const mpl__measure *measure, const mpl_effect_options *options)
{
    bool takes = false, has = false;
    for (size_t r = 0; r < measure->pub.n_routes; r++)
        takes = takes || takes_spread(&measure->pub.routes[r]);
    for (size_t c = 0; c < data->n_columns; c++)
        has = has || is_convertible(data->columns[c].role);
    return takes && has && !options->route;
}

/* A copy of the columns. Without roles of tests and effects a conversion cannot take them. */
static mpl_column *copy_columns(const mpl_column *from, size_t n, mpl__arena *arena)
{
    mpl_column *const to = MPL_NEW(arena, mpl_column, n);
    if (to && n)
        memcpy(to, from, n * sizeof *to);
    return to;
}

mpl_status mpl__converted_open(mpl__converted *out, const mpl_dataset *data, const mpl__measure *measure,
                               const mpl_effect_options *options, mpl__arena *scratch, mpl_error *err)
{
    *out = (mpl__converted){ .column = mpl_dataset_find(data, "conversion") };
    if (out->column || !is_wanted(data, measure, options))
        return MPL_OK;
    mpl_dataset view = *data;
    mpl_column *const hidden = copy_columns(data->columns, data->n_columns, scratch);
    if (!hidden)
        return mpl__fail_nomem(err, "columns");
    for (size_t c = 0; c < data->n_columns; c++)
        if (hidden[c].role && mpl__has_word("ti pi sei ci_lb ci_ub", hidden[c].role)) {
            hidden[c].role = NULL;
            hidden[c].name = "of an effect";
        }
    view.columns = hidden;
    const mpl_convert_options how = { .to = "mean-sd", .level = options->ci_level };
    const mpl_status s = mpl_dataset_convert(&view, &how, &out->made, err);
    if (s == MPL_ERR_DATA) /* no conversion finds all its columns: the routes say what they lack */
        return MPL_OK;
    if (s != MPL_OK)
        return s;
    mpl_column *const columns = copy_columns(out->made->columns, out->made->n_columns, scratch);
    mpl_note *const notes = MPL_NEW(scratch, mpl_note, out->made->n_notes);
    if (!columns || !notes) {
        mpl__converted_close(out);
        return mpl__fail_nomem(err, "columns");
    }
    for (size_t c = 0; c < data->n_columns; c++) {
        columns[c].role = data->columns[c].role;
        columns[c].name = data->columns[c].name;
    }
    out->data = *out->made;
    out->data.columns = columns;
    out->data.notes = notes;
    out->data.n_notes = 0;
    for (size_t i = 0; i < out->made->n_notes; i++) /* the routes say what a row lacks */
        if (strcmp(out->made->notes[i].code, "not-converted"))
            notes[out->data.n_notes++] = out->made->notes[i];
    out->column = mpl_dataset_find(&out->data, "conversion");
    return MPL_OK;
}

void mpl__converted_close(mpl__converted *converted)
{
    mpl_dataset_free(converted->made);
    converted->made = NULL;
}

/* The conversion whose id the text starts with; NULL if there is none. */
static const mpl_conversion *named(const char *text)
{
    const mpl_method *m;
    for (size_t i = 0; (m = mpl_conversion_method(i)); i++) {
        const size_t n = strlen(m->id);
        if (!strncmp(text, m->id, n) && strchr(" ,;", text[n]))
            return mpl_conversion_find(m->id);
    }
    return NULL;
}

/* "luo+wan", or "group 1: sem, group 2: luo+wan"; "reported" is none. What was done in both groups is told once. */
const char *mpl__converted_route(const mpl__converted *converted, const mpl_route *route, size_t i, mpl__arena *keep,
                                 bool *ok)
{
    const char *const cell = converted->column ? converted->column->text[i] : NULL;
    const char *text = NULL, *last = "";
    size_t n_last = 0;
    if (!cell || !takes_spread(route))
        return NULL;
    for (const char *p = cell; *p && *ok;) {
        if (!strncmp(p, "group 1: ", 9) || !strncmp(p, "group 2: ", 9))
            p += 9;
        const size_t n = strcspn(p, ",;");
        const mpl_conversion *const conversion = named(p);
        if (conversion && (n != n_last || strncmp(p, last, n))) {
            text = mpl__arena_format(keep, "%s%s%s%.*s", text ? text : "", text ? ", " : "",
                                     mpl__has_word(conversion->inputs, "med#") ? "fivenum:" : "", (int)n, p);
            *ok = text != NULL;
            last = p;
            n_last = n;
        }
        p += n;
        p += strspn(p, ",; ");
    }
    return text;
}
