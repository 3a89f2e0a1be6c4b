/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariances that are given: as a matrix of their own, or as the blocks of the studies in columns of the data. */
#include "effect/convert/given.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

/* Equal, but for what was lost in print. */
static bool same(double x, double y)
{
    return fabs(x - y) <= 1e-10 * (fabs(x) + fabs(y));
}

double mpl__matrix_at(const mpl__matrix *m, size_t i, size_t j)
{
    return m->from->columns[m->first + m->at[j]].number[m->top + m->at[i]];
}

/* Labels of the studies in another order mean a matrix in another order; other labels mean nothing. */
static mpl_status check_labels(const mpl__matrix *m, const mpl_effects *e, mpl_error *err)
{
    for (size_t i = 0; m->first && i < e->k; i++) {
        const char *const label = m->from->columns[0].text[m->top + m->at[i]];
        char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
        if (!label || !strcmp(label, e->slab[i]))
            continue;
        for (size_t j = 0; j < e->k; j++)
            if (!strcmp(label, e->slab[j]))
                return mpl__fail(err, MPL_ERR_DATA, "%s: row %zu is labelled '%s', but that row of the data is '%s'; "
                                 "put the matrix in the order of the data", m->from->name, m->at[i] + 1,
                                 mpl_text_to_shown(label, x), mpl_text_to_shown(e->slab[i], y));
    }
    return MPL_OK;
}

static mpl_status check_cells(const mpl__matrix *m, size_t size, mpl_error *err)
{
    for (size_t j = 0; j < size; j++) {
        const mpl_column *const column = &m->from->columns[m->first + j];
        MPL_TRY(mpl_column_check_number(m->from, column, err));
        for (size_t i = 0; i < size; i++)
            if (!isfinite(column->number[m->top + i]))
                return mpl__fail(err, MPL_ERR_DATA, "%s: row %zu, column %zu of the matrix is missing", m->from->name,
                                 i + 1, j + 1);
    }
    for (size_t j = 0; j < size; j++)
        for (size_t i = j + 1; i < size; i++) {
            const double x = m->from->columns[m->first + j].number[m->top + i];
            const double y = m->from->columns[m->first + i].number[m->top + j];
            char a[MPL__NUMBER_SIZE], b[MPL__NUMBER_SIZE];
            if (same(x, y))
                continue;
            mpl__number_write(x, a);
            mpl__number_write(y, b);
            return mpl__fail(err, MPL_ERR_DATA, "%s: the matrix is not symmetric: %s in row %zu, column %zu, but %s in "
                             "row %zu, column %zu", m->from->name, a, i + 1, j + 1, b, j + 1, i + 1);
        }
    return MPL_OK;
}

/* Names of the columns that are mere numbers were read as a row; names of the rows are a column. */
mpl_status mpl__matrix_open(const mpl_dataset *from, const mpl_dataset *data, const mpl_effects *effects,
                            mpl__arena *arena, mpl__matrix *out, mpl_error *err)
{
    const size_t all = data->n_rows + data->n_dropped, k = effects->k;
    const bool named = from->n_rows == from->n_columns + 1, labelled = from->n_columns == from->n_rows + 1;
    const size_t n = from->n_rows - named;
    if (n != from->n_columns - labelled)
        return mpl__fail(err, MPL_ERR_DATA, "%s: the matrix has %zu rows and %zu columns; it must be square",
                         from->name, from->n_rows, from->n_columns);
    if (n != k && n != all)
        return mpl__fail(err, MPL_ERR_DATA, "%s: a matrix of %zu x %zu, but there are %zu effects%s", from->name, n, n,
                         k, all == k ? "" : "; a row for every row of the data is possible, too");
    size_t *at = MPL_NEW(arena, size_t, k);
    if (!at)
        return mpl__fail_nomem(err, "the matrix");
    for (size_t i = 0; i < k; i++)
        at[i] = n == k ? i : effects->row[i] - 1;
    *out = (mpl__matrix){ .from = from, .top = named, .first = labelled, .at = at };
    MPL_TRY(check_labels(out, effects, err));
    return check_cells(out, n, err);
}

static mpl_status find_columns(mpl__given_blocks *b, const char *names, mpl__arena *arena, mpl_error *err)
{
    size_t room = 1;
    for (const char *p = names; *p; p++)
        room += *p == ',';
    b->column = MPL_NEW(arena, const mpl_column *, room);
    for (const char *p = names; b->column && b->n < room; p++) {
        const size_t length = strcspn(p, ",");
        const char *const name = mpl__arena_copyn(arena, p, length);
        if (!name)
            break;
        MPL_TRY(mpl__within(err, mpl_dataset_get(b->data, name, &b->column[b->n], err), "--%s", b->option));
        MPL_TRY(mpl_column_check_number(b->data, b->column[b->n++], err));
        p += length;
    }
    return b->n == room ? MPL_OK : mpl__fail_nomem(err, "columns");
}

/* A row with more values than its study has rows belongs to rows that are not there. */
static mpl_status check_places(const mpl__given_blocks *b, const mpl__clusters *clusters, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE];
    for (size_t c = 0; c < clusters->n; c++)
        for (size_t a = 0; a < clusters->size[c]; a++) {
            const size_t i = clusters->rows[clusters->start[c] + a], size = clusters->size[c];
            for (size_t j = size; j < b->n; j++)
                if (!isnan(b->column[j]->number[i]))
                    return mpl__fail_at(err, MPL_ERR_DATA, b->data->line[i], 0,
                                        "cluster %s has %zu row%s, but row %zu has a value in the column of a further "
                                        "one, %s: was a row of it left out?", clusters->name[c], size,
                                        size == 1 ? "" : "s", b->data->row[i],
                                        mpl_text_to_shown(b->column[j]->name, x));
        }
    return MPL_OK;
}

mpl_status mpl__given_blocks_open(const mpl_dataset *data, const char *names, const mpl_column *cluster,
                                  bool correlations, mpl__arena *arena, mpl__given_blocks *out, mpl_error *err)
{
    mpl__clusters clusters;
    size_t *place = MPL_NEW(arena, size_t, data->n_rows);
    *out = (mpl__given_blocks){ .data = data, .option = correlations ? "rvars" : "vvars", .correlations = correlations,
                          .place = place };
    if (!place)
        return mpl__fail_nomem(err, "clusters");
    MPL_TRY(find_columns(out, names, arena, err));
    MPL_TRY(mpl__clusters_new(cluster ? cluster->text : data->label, data->n_rows, arena, &clusters, err));
    for (size_t c = 0; c < clusters.n; c++)
        for (size_t a = 0; a < clusters.size[c]; a++)
            place[clusters.rows[clusters.start[c] + a]] = a;
    return check_places(out, &clusters, err);
}

static double cell(const mpl__given_blocks *b, size_t row, size_t place)
{
    return place < b->n ? b->column[place]->number[row] : NAN;
}

/* A value that does not fit: "--rvars: 1.2 for rows 3 and 4" and why. */
static mpl_status fail_value(const mpl__given_blocks *b, double x, size_t i, size_t j, const char *why, mpl_error *err)
{
    char text[MPL__NUMBER_SIZE];
    mpl__number_write(x, text);
    return mpl__fail_at(err, MPL_ERR_DATA, b->data->line[i], 0, "--%s: %s for rows %zu and %zu, %s", b->option, text,
                        b->data->row[i], b->data->row[j], why);
}

mpl_status mpl__given_blocks_at(const mpl__given_blocks *b, size_t i, size_t j, double *out, mpl_error *err)
{
    const double x = cell(b, i, b->place[j]), y = cell(b, j, b->place[i]), value = isnan(x) ? y : x;
    if (isnan(value) && b->place[i] >= b->n)
        return mpl__fail_at(err, MPL_ERR_DATA, b->data->line[i], 0,
                            "row %zu is number %zu of its cluster, but --%s names %zu column%s", b->data->row[i],
                            b->place[i] + 1, b->option, b->n, b->n == 1 ? "" : "s");
    if (isnan(value) && !(b->correlations && i == j))
        return mpl__fail_at(err, MPL_ERR_DATA, b->data->line[i], 0, "--%s: no value for rows %zu and %zu", b->option,
                            b->data->row[i], b->data->row[j]);
    if (!isnan(x) && !isnan(y) && !same(x, y))
        return fail_value(b, x, i, j, "but another value the other way round", err);
    if (b->correlations && i == j && !isnan(value) && !same(value, 1))
        return fail_value(b, value, i, j, "where a correlation is 1; covariances are given by --vvars", err);
    if (b->correlations && fabs(value) > 1)
        return fail_value(b, value, i, j, "which is no correlation", err);
    *out = b->correlations && i == j ? 1 : value;
    return MPL_OK;
}
