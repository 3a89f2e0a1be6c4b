/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points at which a model is evaluated: "ablat=30,alloc=random; ablat=50,alloc='not random'". */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/formula.h"

enum { MOST_POINTS = 1000, MOST_SETTINGS = 64 };

typedef struct parser {
    const mpl_dataset *data;
    const char *option;
    mpl__arena *arena;
    const char *text, *p;
    mpl_error *err;
} parser;

static mpl_status fail(const parser *ps, const char *what)
{
    const size_t column = (size_t)(ps->p - ps->text) + 1;
    return mpl__fail_at(ps->err, MPL_ERR_PARSE, 0, column, "%s, column %zu: %s", ps->option, column, what);
}

static mpl_status no_memory(const parser *ps)
{
    return mpl__fail_nomem(ps->err, "the points");
}

/* Text up to one of `ends`, without the blanks around it, or what is between quotes. */
static mpl_status read_text(parser *ps, const char *ends, const char **out)
{
    ps->p += strspn(ps->p, " \t\r\n");
    const char quote = *ps->p;
    const bool is_quoted = quote == '\'' || quote == '"' || quote == '`';
    const char *const start = ps->p + is_quoted;
    size_t n = is_quoted ? strcspn(start, (const char[]){ quote, '\0' }) : strcspn(start, ends);
    if (is_quoted && !start[n])
        return fail(ps, "the quote opened here is never closed");
    ps->p = start + n + is_quoted;
    while (!is_quoted && n > 0 && strchr(" \t\r\n", start[n - 1]))
        n--;
    ps->p += strspn(ps->p, " \t\r\n");
    *out = mpl__arena_copyn(ps->arena, start, n);
    return *out ? MPL_OK : no_memory(ps);
}

static mpl_status read_pair(parser *ps, mpl__setting *to, size_t *n)
{
    const char *name;
    const mpl_column *column;
    MPL_TRY(read_text(ps, "=,;", &name));
    if (*ps->p != '=')
        return fail(ps, "write column=value");
    ps->p++;
    if (*n == MOST_SETTINGS)
        return fail(ps, "too many values");
    mpl__setting *const s = &to[*n];
    MPL_TRY(read_text(ps, ",;", &s->text));
    MPL_TRY(mpl__within(ps->err, mpl_dataset_get(ps->data, name, &column, ps->err), "%s", ps->option));
    for (size_t i = 0; i < *n; i++)
        if (to[i].column == column)
            return fail(ps, "the same column again");
    s->column = column;
    if (mpl__number_read(s->text, strlen(s->text), '.', &s->number) != MPL__NUMBER_OK)
        s->number = NAN;
    ++*n;
    return MPL_OK;
}

static mpl_status read_point(parser *ps, mpl__point *out)
{
    mpl__setting *const settings = MPL_NEW(ps->arena, mpl__setting, MOST_SETTINGS);
    ps->p += strspn(ps->p, " \t\r\n");
    const char *const start = ps->p;
    if (!settings)
        return no_memory(ps);
    for (;;) {
        MPL_TRY(read_pair(ps, settings, &out->n));
        if (*ps->p != ',')
            break;
        ps->p++;
    }
    if (*ps->p && *ps->p != ';')
        return fail(ps, "',', ';' or the end is expected here");
    size_t n = (size_t)(ps->p - start);
    while (n > 0 && strchr(" \t\r\n", start[n - 1]))
        n--;
    out->settings = settings;
    out->at = mpl__arena_copyn(ps->arena, start, n);
    return out->at ? MPL_OK : no_memory(ps);
}

mpl_status mpl__points_read(const char *text, const char *option, const mpl_dataset *data, mpl__arena *arena,
                            size_t *n, const mpl__point **out, mpl_error *err)
{
    parser ps = { .data = data, .option = option, .arena = arena, .text = text, .p = text, .err = err };
    size_t room = 1;
    for (const char *c = text; *c; c++)
        room += *c == ';';
    if (room > MOST_POINTS)
        return mpl__fail(err, MPL_ERR_LIMIT, "%s: more than %d points", option, MOST_POINTS);
    mpl__point *const points = MPL_NEW(arena, mpl__point, room);
    *n = 0;
    *out = points;
    if (!points)
        return no_memory(&ps);
    for (;;) {
        MPL_TRY(read_point(&ps, &points[(*n)++]));
        if (!*ps.p)
            return MPL_OK;
        ps.p++;
        if (!ps.p[strspn(ps.p, " \t\r\n")]) /* a ';' at the end */
            return MPL_OK;
    }
}

/* ---- cells */

static mpl_status set_cell(const mpl__variable *v, const char *option, const mpl__setting *s, mpl__cell *cell,
                           mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE], column[MPL_SHOWN_SIZE], level[MPL_SHOWN_SIZE];
    if (v->is_factor) {
        cell->level = mpl__variable_level(v, s->text, s->number);
        if (cell->level != SIZE_MAX)
            return MPL_OK;
        return mpl__fail(err, MPL_ERR_NAME, "%s: no study in the model has %s '%s'; one has '%s'", option,
                         mpl_text_to_shown(v->column->name, column), mpl_text_to_shown(s->text, shown),
                         mpl_text_to_shown(v->levels[0], level));
    }
    bool is_finite = isfinite(s->number);
    if (is_finite)
        mpl__variable_numbers(v, s->number, cell->number);
    for (size_t i = 0; is_finite && i < v->n_basis; i++)
        is_finite = isfinite(cell->number[i]);
    if (is_finite)
        return MPL_OK;
    return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' is no value for %s", option, mpl_text_to_shown(s->text, shown),
                     mpl_text_to_shown(v->name, column));
}

mpl_status mpl__point_cells(const mpl__formula *formula, const char *option, const mpl__point *point,
                            const mpl__cell *start, mpl__cell *cells, mpl_error *err)
{
    char shown[MPL_SHOWN_SIZE];
    for (size_t i = 0; i < formula->n_variables; i++) {
        const mpl__variable *const v = &formula->variables[i];
        size_t s = 0;
        while (s < point->n && point->settings[s].column != v->column)
            s++;
        if (s < point->n)
            MPL_TRY(set_cell(v, option, &point->settings[s], &cells[i], err));
        else if (start)
            cells[i] = start[i];
        else
            return mpl__fail(err, MPL_ERR_ARG, "%s: a value of '%s' is missing", option,
                             mpl_text_to_shown(v->column->name, shown));
    }
    return MPL_OK;
}

bool mpl__formula_uses(const mpl__formula *formula, const mpl_column *column)
{
    for (size_t i = 0; i < formula->n_variables; i++)
        if (formula->variables[i].column == column)
            return true;
    return false;
}
