/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing a moderators formula: recursive descent, one function for each rule of the grammar. */
#include "model/formula.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"

typedef struct parser {
    mpl__formula *formula;
    mpl__arena *arena;
    const char *text, *p;
    mpl_error *err;
} parser;

/* Terms of a part of the formula. */
typedef struct term_list {
    size_t n;
    uint32_t terms[MPL__MOST_TERMS];
} term_list;

static const struct {
    const char *name;
    mpl__variable_kind kind;
    bool is_ref, is_shell; /* ref() has a second argument; I() changes nothing */
} functions[] = { { "factor", MPL__VARIABLE_FACTOR, false, false }, { "ref", MPL__VARIABLE_FACTOR, true, false },
                  { "center", MPL__VARIABLE_CENTER, false, false }, { "scale", MPL__VARIABLE_SCALE, false, false },
                  { "log", MPL__VARIABLE_LOG, false, false },       { "I", MPL__VARIABLE_PLAIN, false, true } };
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

static mpl_status fail(const parser *ps, const char *at, const char *what)
{
    const size_t column = (size_t)(at - ps->text) + 1;
    return mpl__fail_at(ps->err, MPL_ERR_PARSE, 0, column, "--mods, column %zu: %s", column, what);
}

static char peek(parser *ps)
{
    ps->p += strspn(ps->p, " \t\r\n");
    return *ps->p;
}

static bool take(parser *ps, char c)
{
    if (peek(ps) != c)
        return false;
    ps->p++;
    return true;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           (unsigned char)c >= 0x80;
}

/* A word, or anything between quotes; a doubled quote stands for itself. `quotes` are those that are allowed. */
static mpl_status read_name(parser *ps, const char *quotes, const char *wanted, const char **out)
{
    const char c = peek(ps), *const start = ps->p;
    const bool is_quoted = c && strchr(quotes, c);
    if (!is_quoted && !is_word_char(c))
        return fail(ps, start, wanted);
    char *const copy = mpl__arena_copy(ps->arena, start), *to = copy;
    if (!copy)
        return mpl__fail_nomem(ps->err, "the formula");
    if (is_quoted) {
        for (ps->p++; *ps->p && (*ps->p != c || ps->p[1] == c); ps->p++) {
            ps->p += *ps->p == c;
            *to++ = *ps->p;
        }
        if (!*ps->p)
            return fail(ps, start, "the quote opened here is never closed");
        ps->p++;
    } else {
        while (is_word_char(*ps->p))
            *to++ = *ps->p++;
    }
    *to = '\0';
    *out = copy;
    return MPL_OK;
}

static mpl_status read_column(parser *ps, mpl__variable *v)
{
    const char *name, *const start = (peek(ps), ps->p);
    MPL_TRY(read_name(ps, "`", "the name of a column is missing", &name));
    const mpl_status s = mpl_dataset_get(ps->formula->data, name, &v->column, ps->err);
    if (s == MPL_OK)
        return MPL_OK;
    if (ps->err)
        ps->err->column = (size_t)(start - ps->text) + 1;
    return mpl__within(ps->err, s, "--mods, column %zu", (size_t)(start - ps->text) + 1);
}

static mpl_status read_moderator(parser *ps, mpl__variable *v, int depth);

static mpl_status read_function(parser *ps, size_t f, mpl__variable *v, int depth)
{
    const char *const open = ps->p++;
    if (functions[f].is_shell) {
        if (depth > 8)
            return fail(ps, open, "too deep");
        MPL_TRY(read_moderator(ps, v, depth + 1));
    } else {
        v->kind = functions[f].kind;
        MPL_TRY(read_column(ps, v));
    }
    if (functions[f].is_ref) {
        if (!take(ps, ','))
            return fail(ps, ps->p, "ref() wants a column, a comma and the level in quotes");
        MPL_TRY(read_name(ps, "'\"", "the level is missing", &v->reference));
    }
    return take(ps, ')') ? MPL_OK : fail(ps, ps->p, "')' is missing");
}

static mpl_status read_power(parser *ps, mpl__variable *v)
{
    const char c = peek(ps), *const start = ps->p;
    if (c < '2' || c > '0' + MPL__MOST_POWER || is_word_char(ps->p[1]))
        return fail(ps, start, "a power is a whole number from 2 to 9");
    if (v->power > 1)
        return fail(ps, start, "a power of a power");
    v->power = c - '0';
    ps->p++;
    return MPL_OK;
}

static mpl_status read_moderator(parser *ps, mpl__variable *v, int depth)
{
    const char *const start = (peek(ps), ps->p);
    size_t n = 0;
    while (is_word_char(start[n]))
        n++;
    ps->p += n;
    const bool is_call = n > 0 && peek(ps) == '(';
    if (is_call) {
        size_t f = 0;
        while (f < N_FUNCTIONS && (strlen(functions[f].name) != n || memcmp(functions[f].name, start, n)))
            f++;
        if (f == N_FUNCTIONS)
            return fail(ps, start, "unknown function; there are factor, ref, center, scale, log, I");
        MPL_TRY(read_function(ps, f, v, depth));
    } else {
        ps->p = start;
        MPL_TRY(read_column(ps, v));
    }
    if (take(ps, '^'))
        MPL_TRY(read_power(ps, v));
    if (v->kind == MPL__VARIABLE_PLAIN && !v->column->is_number)
        v->kind = MPL__VARIABLE_FACTOR;
    const bool is_factor = v->kind == MPL__VARIABLE_FACTOR;
    if (is_factor && v->power > 1)
        return fail(ps, start, "a power of a column that is not numeric");
    return is_factor ? MPL_OK
                     : mpl__within(ps->err, mpl_column_check_number(ps->formula->data, v->column, ps->err), "--mods");
}

static mpl_status name_variable(parser *ps, mpl__variable *v)
{
    const char *const column = v->column->name, *function = NULL;
    for (size_t f = 0; f < N_FUNCTIONS && v->kind > MPL__VARIABLE_FACTOR; f++)
        if (functions[f].kind == v->kind)
            function = functions[f].name;
    char power[4] = "";
    if (v->power > 1)
        snprintf(power, sizeof power, "^%d", v->power % 10);
    v->name = function ? mpl__arena_format(ps->arena, "%s(%s)%s", function, column, power)
                       : mpl__arena_format(ps->arena, "%s%s", column, power);
    return v->name ? MPL_OK : mpl__fail_nomem(ps->err, "the formula");
}

/* The variable's bit; one that is there already is used again. */
static mpl_status read_variable(parser *ps, uint32_t *bit)
{
    mpl__formula *const f = ps->formula;
    const char *const start = (peek(ps), ps->p);
    mpl__variable v = { .power = 1, .unit = 1 };
    MPL_TRY(read_moderator(ps, &v, 0));
    size_t i = 0;
    while (i < f->n_variables && (f->variables[i].column != v.column || f->variables[i].kind != v.kind ||
                                  f->variables[i].power != v.power))
        i++;
    if (i == MPL__MOST_VARIABLES)
        return fail(ps, start, "more than 32 different moderators");
    if (i == f->n_variables) {
        MPL_TRY(name_variable(ps, &v));
        f->variables[f->n_variables++] = v;
    } else if (v.reference && f->variables[i].reference && strcmp(v.reference, f->variables[i].reference)) {
        return fail(ps, start, "the same column with another reference before");
    } else if (v.reference) {
        f->variables[i].reference = v.reference;
    }
    *bit = UINT32_C(1) << i;
    return MPL_OK;
}

static mpl_status add_term(const parser *ps, const char *at, term_list *list, uint32_t term)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->terms[i] == term)
            return MPL_OK;
    if (list->n == MPL__MOST_TERMS)
        return fail(ps, at, "more than 200 terms");
    list->terms[list->n++] = term;
    return MPL_OK;
}

static mpl_status read_pair(parser *ps, uint32_t *term)
{
    *term = 0;
    do {
        uint32_t bit = 0;
        MPL_TRY(read_variable(ps, &bit));
        *term |= bit;
    } while (take(ps, ':'));
    return MPL_OK;
}

/* a*b*c: every product of some of them. */
static mpl_status read_cross(parser *ps, term_list *list)
{
    uint32_t term;
    list->n = 0;
    do {
        const char *const at = ps->p;
        const size_t n = list->n;
        MPL_TRY(read_pair(ps, &term));
        MPL_TRY(add_term(ps, at, list, term));
        for (size_t i = 0; i < n; i++)
            MPL_TRY(add_term(ps, at, list, list->terms[i] | term));
    } while (take(ps, '*'));
    return MPL_OK;
}

static mpl_status read_item(parser *ps, bool is_minus, term_list *all)
{
    const char c = peek(ps), *const start = ps->p;
    if ((c == '0' || c == '1') && !is_word_char(ps->p[1])) {
        ps->formula->has_intercept = (c == '1') != is_minus;
        ps->p++;
        return MPL_OK;
    }
    if (is_minus)
        return fail(ps, start, "only the intercept can be taken out: - 1");
    term_list list;
    MPL_TRY(read_cross(ps, &list));
    for (size_t i = 0; i < list.n; i++)
        MPL_TRY(add_term(ps, start, all, list.terms[i]));
    return MPL_OK;
}

static size_t degree(uint32_t term)
{
    return (size_t)__builtin_popcount(term);
}

static mpl_status read_all(parser *ps)
{
    mpl__formula *const f = ps->formula;
    term_list all = { 0 };
    take(ps, '~');
    bool is_minus = take(ps, '-');
    do {
        MPL_TRY(read_item(ps, is_minus, &all));
        is_minus = peek(ps) == '-';
    } while (take(ps, '+') || take(ps, '-'));
    if (peek(ps))
        return fail(ps, ps->p, "'+', '-', '*', ':' or the end is expected here");
    for (size_t d = 1; d <= MPL__MOST_VARIABLES; d++)
        for (size_t i = 0; i < all.n; i++)
            if (degree(all.terms[i]) == d)
                f->terms[f->n_terms++] = all.terms[i];
    return f->n_terms ? MPL_OK : fail(ps, ps->text, "there is no moderator; without one, pool");
}

mpl_status mpl__formula_read(const char *text, const mpl_dataset *data, mpl__arena *arena, mpl__formula **out,
                             mpl_error *err)
{
    mpl__formula *const formula = MPL_NEW(arena, mpl__formula, 1);
    if (!formula)
        return mpl__fail_nomem(err, "the formula");
    formula->data = data;
    formula->has_intercept = true;
    parser ps = { .formula = formula, .arena = arena, .text = text, .p = text, .err = err };
    MPL_TRY(read_all(&ps));
    *out = formula;
    return MPL_OK;
}
