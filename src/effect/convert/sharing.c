/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Studies and their control groups. */
#include "effect/convert/sharing.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

static size_t hash(const char *text)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

mpl_status mpl__clusters_new(const char *const *text, size_t n_rows, mpl__arena *arena, mpl__clusters *out,
                             mpl_error *err)
{
    size_t room = 16;
    while (room < 2 * n_rows)
        room *= 2;
    size_t *slot = MPL_NEW(arena, size_t, room); /* cluster number + 1 */
    *out = (mpl__clusters){ .id = MPL_NEW(arena, size_t, n_rows), .size = MPL_NEW(arena, size_t, n_rows),
                            .name = MPL_NEW(arena, const char *, n_rows), .start = MPL_NEW(arena, size_t, n_rows + 1),
                            .rows = MPL_NEW(arena, size_t, n_rows) };
    if (!slot || !out->id || !out->size || !out->name || !out->start || !out->rows)
        return mpl__fail_nomem(err, "clusters");
    for (size_t i = 0; i < n_rows; i++) {
        out->id[i] = SIZE_MAX;
        if (!text[i])
            continue;
        size_t h = hash(text[i]) & (room - 1);
        while (slot[h] && strcmp(out->name[slot[h] - 1], text[i]))
            h = (h + 1) & (room - 1);
        if (!slot[h]) {
            out->name[out->n] = text[i];
            slot[h] = ++out->n;
        }
        out->id[i] = slot[h] - 1;
        out->size[out->id[i]]++;
    }
    for (size_t c = 0; c < out->n; c++) {
        out->start[c + 1] = out->start[c] + out->size[c];
        out->size[c] = 0;
    }
    for (size_t i = 0; i < n_rows; i++)
        if (out->id[i] != SIZE_MAX)
            out->rows[out->start[out->id[i]] + out->size[out->id[i]]++] = i;
    return MPL_OK;
}

mpl_status mpl__control_open(const mpl_dataset *data, const char *name, mpl__control *out, mpl_error *err)
{
    static const char *const roles[] = { "n2i", "m2i", "sd2i", "ci", "di", "x2i", "t2i", "med2i", "q12i", "q32i",
                                         "min2i", "max2i", "sem2i" };
    *out = (mpl__control){ 0 };
    if (name)
        return mpl_dataset_get(data, name, &out->name, err);
    for (size_t k = 0; k < sizeof roles / sizeof *roles; k++) {
        const mpl_column *c = mpl_dataset_find(data, roles[k]);
        if (c && c->role && !strcmp(c->role, roles[k]) && c->is_number)
            out->number[out->n++] = c;
    }
    return out->n > 0 ? MPL_OK
                      : mpl__fail(err, MPL_ERR_DATA, "no column tells of control groups (group 2): n2i, m2i, ci, ...");
}

bool mpl__control_same(const mpl__control *control, size_t a, size_t b)
{
    if (control->name) {
        const char *x = control->name->text[a], *y = control->name->text[b];
        return x && y && !strcmp(x, y);
    }
    bool any = false;
    for (size_t k = 0; k < control->n; k++) {
        const double x = control->number[k]->number[a], y = control->number[k]->number[b];
        if (isnan(x) != isnan(y) || (!isnan(x) && x != y))
            return false;
        any = any || !isnan(x);
    }
    return any;
}

mpl_status mpl__sharing_count(mpl__frame *frame, const char *cluster, const double **out, mpl_error *err)
{
    const mpl_dataset *data = frame->from;
    const mpl_column *column;
    mpl__clusters clusters;
    mpl__control control;
    MPL_TRY(mpl__within(err, mpl_dataset_get(data, cluster, &column, err), "--cluster"));
    MPL_TRY(mpl__clusters_new(column->text, data->n_rows, frame->table.scratch, &clusters, err));
    MPL_TRY(mpl__control_open(data, NULL, &control, err));
    double *count = MPL_NEW(frame->table.scratch, double, data->n_rows);
    if (!count)
        return mpl__fail_nomem(err, "shared control groups");
    for (size_t c = 0; c < clusters.n; c++) {
        const size_t *rows = clusters.rows + clusters.start[c];
        for (size_t i = 0; i < clusters.size[c]; i++)
            for (size_t j = 0; j < clusters.size[c]; j++)
                count[rows[i]] += i == j || mpl__control_same(&control, rows[i], rows[j]);
    }
    *out = count;
    return MPL_OK;
}
