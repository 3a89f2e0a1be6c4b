/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where to predict: "ablat=30,alloc=random; ablat=50,alloc='not random'" as rows of the design. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/formula.h"

enum { MOST_ROWS = 1000 };

typedef struct parser {
    const mpl__formula *formula;
    mpl__arena *arena;
    const char *text, *p;
    bool given[MPL__MOST_VARIABLES];
    mpl__cell cells[MPL__MOST_VARIABLES];
    mpl_error *err;
} parser;

static mpl_status fail(const parser *ps, const char *what)
{
    const size_t column = (size_t)(ps->p - ps->text) + 1;
    return mpl__fail_at(ps->err, MPL_ERR_PARSE, 0, column, "--predict, column %zu: %s", column, what);
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
    return *out ? MPL_OK : mpl__fail_nomem(ps->err, "the predictions");
}

static mpl_status set_value(parser *ps, size_t i, const char *value)
{
    const mpl__variable *const v = &ps->formula->variables[i];
    double number = NAN;
    const bool is_number = mpl__number_read(value, strlen(value), '.', &number) == MPL__NUMBER_OK;
    char shown[MPL_SHOWN_SIZE], column[MPL_SHOWN_SIZE], level[MPL_SHOWN_SIZE];
    ps->given[i] = true;
    if (v->kind != MPL__VARIABLE_FACTOR) {
        ps->cells[i].number = is_number ? mpl__variable_number(v, number) : NAN;
        if (isfinite(ps->cells[i].number))
            return MPL_OK;
        return mpl__fail(ps->err, MPL_ERR_ARG, "--predict: '%s' is no value for %s", mpl_text_to_shown(value, shown),
                         mpl_text_to_shown(v->name, column));
    }
    ps->cells[i].level = mpl__variable_level(v, value, is_number ? number : NAN);
    if (ps->cells[i].level != SIZE_MAX)
        return MPL_OK;
    return mpl__fail(ps->err, MPL_ERR_NAME, "--predict: no study in the model has %s '%s'; one has '%s'",
                     mpl_text_to_shown(v->column->name, column), mpl_text_to_shown(value, shown),
                     mpl_text_to_shown(v->levels[0], level));
}

static mpl_status read_pair(parser *ps)
{
    const char *name, *value;
    const mpl_column *column;
    char shown[MPL_SHOWN_SIZE];
    MPL_TRY(read_text(ps, "=,;", &name));
    if (*ps->p != '=')
        return fail(ps, "write column=value");
    ps->p++;
    MPL_TRY(read_text(ps, ",;", &value));
    MPL_TRY(mpl__within(ps->err, mpl_dataset_get(ps->formula->data, name, &column, ps->err), "--predict"));
    bool is_used = false;
    for (size_t i = 0; i < ps->formula->n_variables; i++) {
        if (ps->formula->variables[i].column != column)
            continue;
        if (ps->given[i])
            return fail(ps, "the same column again");
        MPL_TRY(set_value(ps, i, value));
        is_used = true;
    }
    return is_used ? MPL_OK : mpl__fail(ps->err, MPL_ERR_ARG, "--predict: column '%s' is not in the model",
                                        mpl_text_to_shown(name, shown));
}

static mpl_status read_row(parser *ps, const char **at)
{
    ps->p += strspn(ps->p, " \t\r\n");
    const char *const start = ps->p;
    memset(ps->given, 0, sizeof ps->given);
    for (;;) {
        MPL_TRY(read_pair(ps));
        if (*ps->p != ',')
            break;
        ps->p++;
    }
    if (*ps->p && *ps->p != ';')
        return fail(ps, "',', ';' or the end is expected here");
    size_t n = (size_t)(ps->p - start);
    while (n > 0 && strchr(" \t\r\n", start[n - 1]))
        n--;
    *at = mpl__arena_copyn(ps->arena, start, n);
    char shown[MPL_SHOWN_SIZE];
    for (size_t i = 0; i < ps->formula->n_variables; i++)
        if (!ps->given[i])
            return mpl__fail(ps->err, MPL_ERR_ARG, "--predict: a value of '%s' is missing",
                             mpl_text_to_shown(ps->formula->variables[i].column->name, shown));
    return *at ? MPL_OK : mpl__fail_nomem(ps->err, "the predictions");
}

mpl_status mpl__formula_at(const mpl__formula *formula, const mpl__model_matrix *matrix, const char *predict,
                           mpl__arena *arena, size_t *n, double **x, const char ***at, mpl_error *err)
{
    parser ps = { .formula = formula, .arena = arena, .text = predict, .p = predict, .err = err };
    const size_t p = matrix->design.n_cols;
    size_t room = 1;
    for (const char *c = predict; *c; c++)
        room += *c == ';';
    if (room > MOST_ROWS)
        return mpl__fail(err, MPL_ERR_LIMIT, "--predict: more than %d predictions", MOST_ROWS);
    *x = MPL_NEW(arena, double, room * p);
    *at = MPL_NEW(arena, const char *, room);
    *n = 0;
    if (!*x || !*at)
        return mpl__fail_nomem(err, "the predictions");
    for (;;) {
        MPL_TRY(read_row(&ps, &(*at)[*n]));
        mpl__formula_row(formula, matrix, ps.cells, *x + *n * p);
        ++*n;
        if (!*ps.p)
            return MPL_OK;
        ps.p++;
        if (!ps.p[strspn(ps.p, " \t\r\n")]) /* a ';' at the end */
            return MPL_OK;
    }
}
