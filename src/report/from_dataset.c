/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datasets as reports: the bundled ones, one in detail, its cells. */
#include <math.h>
#include <string.h>

#include "effect/input.h"
#include "report/parts.h"

mpl_status mpl_report_new_datasets(mpl_report **out, mpl_error *err)
{
    static const mpl__stat stats[] = {
        MPL__STAT("id", "Dataset", TEXT, mpl_dataset_info, id),
        MPL__STAT("title", "Title", TEXT, mpl_dataset_info, title),
        MPL__STAT("kind", "Kind", TEXT, mpl_dataset_info, kind),
        MPL__STAT("measure", "Measure", TEXT, mpl_dataset_info, measure),
        MPL__STAT("source", NULL, TEXT, mpl_dataset_info, source),
        MPL__STAT("doi", NULL, TEXT, mpl_dataset_info, doi),
        MPL__STAT("licence", NULL, TEXT, mpl_dataset_info, licence),
        MPL__STAT("about", NULL, TEXT, mpl_dataset_info, about),
    };
    size_t n = 0;
    while (mpl_bundled_get(n))
        n++;
    mpl__build b;
    mpl__build_start(&b, "data list", "Bundled datasets");
    mpl__build_section(&b, NULL, NULL);
    mpl__table t = mpl__build_table(&b, (mpl_report_table){ .key = "datasets", .row_type = "dataset", .n_rows = n },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < n; i++)
        mpl__table_row(&t, mpl_bundled_get(i));
    mpl__build_section(&b, NULL, NULL);
    mpl__build_line(&b, NULL, "\"metapool data describe ID\" says where one comes from and what its columns hold.");
    return mpl__build_done(&b, out, err);
}

/* A column in short. */
typedef struct column_row {
    const char *name, *role, *type, *holds;
    size_t n_missing;
    double min, max;
} column_row;

static column_row column_of(const mpl_dataset *data, const mpl_column *column)
{
    const mpl_method *role = column->role ? mpl_method_find(mpl_role_method, column->role) : NULL;
    column_row row = { .name = column->name, .role = column->role, .type = column->is_number ? "number" : "text",
                       .holds = column->title ? column->title : role ? role->title : NULL,
                       .n_missing = column->n_missing, .min = NAN, .max = NAN };
    for (size_t i = 0; i < data->n_rows && column->is_number; i++) {
        row.min = fmin(row.min, column->number[i]); /* fmin and fmax pass over NaN */
        row.max = fmax(row.max, column->number[i]);
    }
    return row;
}

static void add_columns(mpl__build *b, const mpl_dataset *data)
{
    static const mpl__stat stats[] = {
        MPL__STAT("name", "Column", TEXT, column_row, name),
        MPL__STAT("role", "Role", TEXT, column_row, role),
        MPL__STAT("holds", "Holds", TEXT, column_row, holds),
        MPL__STAT("type", "Type", TEXT, column_row, type),
        MPL__STAT("n_missing", "Missing", COUNT, column_row, n_missing),
        MPL__STAT("min", "Min", NUMBER, column_row, min),
        MPL__STAT("max", "Max", NUMBER, column_row, max),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "columns", .label = "Columns", .row_type = "column",
                                                           .n_rows = data->n_columns },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t c = 0; c < data->n_columns; c++) {
        const column_row row = column_of(data, &data->columns[c]);
        mpl__table_row(&t, &row);
    }
}

/* A way to compute a measure from these data. */
typedef struct way {
    const char *measure, *title, *route, *inputs;
} way;

/* The first route of the measure whose columns exist; reported effects count for GEN alone. */
static const mpl_route *route_of(const mpl_dataset *data, const mpl_measure *m)
{
    for (size_t r = 0; r < m->n_routes; r++)
        if ((m->is_generic || !mpl__route_is_reported(&m->routes[r])) && mpl__route_exists(&m->routes[r], data))
            return &m->routes[r];
    return NULL;
}

/* Tells measure after measure to `t`, if there is one; the number of those that are possible. */
static size_t walk_measures(const mpl_dataset *data, mpl__table *t)
{
    const mpl_method *method;
    size_t found = 0;
    for (size_t i = 0; (method = mpl_measure_method(i)); i++) {
        const mpl_route *route = route_of(data, mpl_measure_find(method->id));
        if (route && t)
            mpl__table_row(t, &(way){ method->id, method->title, route->id, route->inputs });
        found += route != NULL;
    }
    return found;
}

/* For people: "OR, RR, RD from ai bi ci di", a line for each set of columns. */
static void add_measure_lines(mpl__build *b, const mpl_dataset *data)
{
    const mpl_method *method, *other;
    const char *label = "Allows";
    for (size_t i = 0; (method = mpl_measure_method(i)); i++) {
        const mpl_route *route = route_of(data, mpl_measure_find(method->id));
        const char *ids = NULL;
        for (size_t j = 0; route && (other = mpl_measure_method(j)); j++) {
            const mpl_route *same = route_of(data, mpl_measure_find(other->id));
            if (!same || strcmp(same->inputs, route->inputs))
                continue;
            if (j < i) /* told already */
                break;
            ids = ids ? mpl__build_format(b, "%s, %s", ids, other->id) : other->id;
        }
        if (!ids)
            continue;
        mpl__build_line(b, label, mpl__build_format(b, "%s, from the columns %s", ids, route->inputs));
        label = NULL;
    }
}

static void add_measures(mpl__build *b, const mpl_dataset *data)
{
    static const mpl__stat stats[] = {
        MPL__STAT("measure", "Measure", TEXT, way, measure),
        MPL__STAT("title", "Title", TEXT, way, title),
        MPL__STAT("route", NULL, TEXT, way, route),
        MPL__STAT("inputs", "From the columns", TEXT, way, inputs),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "measures", .row_type = "measure", .not_text = true,
                                                           .n_rows = walk_measures(data, NULL) },
                                    stats, MPL__COUNT(stats), 0);
    walk_measures(data, &t);
}

static const char *title_of(const mpl_dataset *data)
{
    return data->info->title ? data->info->title : data->name;
}

mpl_status mpl_report_new_dataset(const mpl_dataset *data, mpl_report **out, mpl_error *err)
{
    mpl__build b;
    mpl__build_start(&b, "data describe", title_of(data));
    mpl__part_data(&b, data->info, data->name);
    mpl__build_text(&b, "about", NULL, data->info->about);
    mpl__build_text(&b, "measure", NULL, data->info->measure);
    mpl__build_number(&b, "n_rows", NULL, MPL_KIND_COUNT, (double)data->n_rows);
    mpl__build_number(&b, "n_columns", NULL, MPL_KIND_COUNT, (double)data->n_columns);
    if (data->info->about)
        mpl__build_line(&b, "About", "{about}");
    if (data->info->doi)
        mpl__build_line(&b, "DOI", "{doi}");
    if (data->info->licence)
        mpl__build_line(&b, "Licence", "{licence}");
    if (data->info->measure)
        mpl__build_line(&b, "Measure", "{measure}, unless another is asked for");
    mpl__build_line(&b, "Size", "{n_rows} rows, {n_columns} columns");
    add_measure_lines(&b, data);
    mpl__build_section(&b, NULL, NULL);
    add_columns(&b, data);
    add_measures(&b, data);
    mpl__part_data_notes(&b, data);
    return mpl__build_done(&b, out, err);
}

/* Computed numbers have more digits than people want to see. */
static bool is_long(const mpl_dataset *data, const mpl_column *column)
{
    enum { LONG = 12 };
    for (size_t r = 0; r < data->n_rows; r++)
        if (column->text[r] && strlen(column->text[r]) > LONG)
            return true;
    return false;
}

/* An id of 17 digits is no number that a double could hold. */
static bool is_id(const mpl_dataset *data, const mpl_column *column)
{
    enum { EXACT = 15 };
    for (size_t r = 0; r < data->n_rows; r++)
        if (column->text[r] && strspn(column->text[r], "-0123456789") > EXACT)
            return true;
    return false;
}

typedef enum typing { AS_WRITTEN, LONG_AS_NUMBERS, AS_NUMBERS } typing;

static void add_cells(mpl__build *b, const mpl_dataset *data, mpl_report_table shape, typing how)
{
    mpl__table t = mpl__build_table(b, shape, NULL, 0, data->n_columns);
    for (size_t c = 0; c < data->n_columns; c++) {
        const mpl_column *column = &data->columns[c];
        const bool number = column->is_number && !is_id(data, column) &&
                            (how == AS_NUMBERS || (how == LONG_AS_NUMBERS && is_long(data, column)));
        mpl__table_extra(&t, c, column->name, column->name, number ? MPL_KIND_NUMBER : MPL_KIND_TEXT);
        for (size_t r = 0; r < data->n_rows; r++)
            mpl__table_extra_cell(&t, c, r, number ? (mpl_value){ .number = column->number[r] }
                                                   : (mpl_value){ .text = column->text[r] });
    }
}

mpl_status mpl_report_new_derived(const char *command, const mpl_dataset *data, mpl_report **out, mpl_error *err)
{
    mpl__build b;
    mpl__build_start(&b, command, title_of(data));
    mpl__part_data(&b, data->info, data->name);
    mpl__build_section(&b, NULL, NULL);
    add_cells(&b, data, (mpl_report_table){ .key = "shown", .label = "Rows", .not_json = true,
                                            .keep_empty = true, .n_rows = data->n_rows }, LONG_AS_NUMBERS);
    add_cells(&b, data, (mpl_report_table){ .key = "cells", .row_type = "row", .not_json = true, .not_text = true,
                                            .keep_empty = true, .n_rows = data->n_rows }, AS_WRITTEN);
    add_cells(&b, data, (mpl_report_table){ .key = "rows", .not_text = true, .n_rows = data->n_rows }, AS_NUMBERS);
    mpl__part_data_notes(&b, data);
    return mpl__build_done(&b, out, err);
}

mpl_status mpl_report_new_rows(const mpl_dataset *data, mpl_report **out, mpl_error *err)
{
    return mpl_report_new_derived("data show", data, out, err);
}
