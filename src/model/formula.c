/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parsing a moderators formula: recursive descent, one function for each rule of the grammar. */
#include "model/formula.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "base/text.h"

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

static mpl_status fail(const parser *ps, const char *at, const char *what)
{
    const size_t column = (size_t)(at - ps->text) + 1;
    return mpl__fail_at(ps->err, MPL_ERR_PARSE, 0, column, "%s, column %zu: %s", ps->formula->option, column, what);
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
    return mpl__within(ps->err, s, "%s, column %zu", ps->formula->option, (size_t)(start - ps->text) + 1);
}

/* ---- functions */

static mpl_status read_number(parser *ps, double *out)
{
    const char *const start = (peek(ps), ps->p);
    size_t n = *start == '-' || *start == '+';
    while (is_word_char(start[n]) || ((start[n] == '-' || start[n] == '+') && (start[n - 1] | 32) == 'e'))
        n++;
    if (mpl__number_read(start, n, '.', out) != MPL__NUMBER_OK)
        return fail(ps, start, "a number is expected here");
    ps->p += n;
    return MPL_OK;
}

/* "20", "c(20, 40)" */
static mpl_status read_list(parser *ps, mpl__argument *to)
{
    const char *const start = (peek(ps), ps->p);
    if (*start != 'c' || start[1] != '(') {
        to->n = 1;
        return read_number(ps, to->number);
    }
    ps->p += 2;
    do {
        if (to->n == MPL__MOST_BASIS)
            return fail(ps, start, "more than 20 numbers");
        MPL_TRY(read_number(ps, &to->number[to->n++]));
    } while (take(ps, ','));
    return take(ps, ')') ? MPL_OK : fail(ps, ps->p, "')' is missing");
}

static mpl_status read_value(parser *ps, mpl__argument_kind kind, mpl__argument *to)
{
    const char *word, *const start = (peek(ps), ps->p);
    to->given = true;
    switch (kind) {
    case MPL__LIST_ARGUMENT:
        return read_list(ps, to);
    case MPL__TEXT_ARGUMENT:
        return read_name(ps, "'\"", "the level is missing", &to->text);
    case MPL__FLAG_ARGUMENT:
        MPL_TRY(read_name(ps, "", "TRUE or FALSE is expected here", &word));
        to->n = !strcmp(word, "TRUE") || !strcmp(word, "true") || !strcmp(word, "T");
        return to->n || !strcmp(word, "FALSE") || !strcmp(word, "false") || !strcmp(word, "F")
                   ? MPL_OK
                   : fail(ps, start, "TRUE or FALSE is expected here");
    case MPL__COUNT_ARGUMENT:
        break;
    }
    MPL_TRY(read_number(ps, to->number));
    if (!(to->number[0] >= 0 && to->number[0] <= 1000) || to->number[0] != (double)(int)to->number[0])
        return fail(ps, start, "a whole number is expected here");
    to->n = 1;
    return MPL_OK;
}

/* Length of a name that is followed by "=", which is skipped; 0 if there is none. */
static size_t argument_name(parser *ps, const char **name)
{
    size_t n = 0;
    *name = (peek(ps), ps->p);
    while (is_word_char((*name)[n]))
        n++;
    const char *const after = *name + n + strspn(*name + n, " \t\r\n");
    if (n == 0 || *after != '=')
        return 0;
    ps->p = after + 1;
    return n;
}

static bool same_word(const char *want, const char *word, size_t n)
{
    return want && strlen(want) == n && !memcmp(want, word, n);
}

static mpl_status read_arguments(parser *ps, mpl__variable *v)
{
    const mpl__function *const f = v->function;
    for (size_t position = 0; take(ps, ','); position++) {
        const char *name;
        const size_t n = argument_name(ps, &name);
        size_t i = n ? 0 : position;
        while (n && i < MPL__MOST_ARGUMENTS && !same_word(f->argument[i].name, name, n) &&
               !same_word(f->argument[i].alias, name, n))
            i++;
        if (i >= MPL__MOST_ARGUMENTS || !f->argument[i].name)
            return fail(ps, name, n ? "the function has no argument of this name" : "too many arguments");
        if (v->argument[i].given)
            return fail(ps, name, "the same argument again");
        MPL_TRY(read_value(ps, f->argument[i].kind, &v->argument[i]));
    }
    bool is_any = false;
    for (size_t i = 0; i < MPL__MOST_ARGUMENTS; i++) {
        is_any |= v->argument[i].given;
        if (f->argument[i].is_needed && !v->argument[i].given) {
            char text[200];
            snprintf(text, sizeof text, "write %s", f->method.about);
            return fail(ps, ps->p, text);
        }
    }
    if (f->has_basis && !is_any)
        return fail(ps, ps->p, "say how many degrees of freedom, or which knots, e.g. ns(x, 3)");
    return MPL_OK;
}

static mpl_status read_moderator(parser *ps, mpl__variable *v, int depth);

static mpl_status read_function(parser *ps, const mpl__function *f, mpl__variable *v, int depth)
{
    const char *const open = ps->p++;
    if (f->is_shell) {
        if (depth > 8)
            return fail(ps, open, "too deep");
        MPL_TRY(read_moderator(ps, v, depth + 1));
    } else {
        v->function = f;
        MPL_TRY(read_column(ps, v));
        MPL_TRY(read_arguments(ps, v));
        v->is_factor = f->is_factor;
        if (f->is_factor)
            v->reference = v->argument[0].text;
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

static mpl_status fail_unknown(const parser *ps, const char *at)
{
    mpl__text names = { 0 };
    for (size_t i = 0; mpl_moderator_function_method(i); i++)
        mpl__text_format(&names, "%s%s", i ? ", " : "unknown function; there are ",
                         mpl_moderator_function_method(i)->id);
    const mpl_status s = names.failed ? mpl__fail_nomem(ps->err, "the formula") : fail(ps, at, names.data);
    mpl__text_free(&names);
    return s;
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
        const mpl__function *const f = mpl__function_find(start, n);
        if (!f)
            return fail_unknown(ps, start);
        MPL_TRY(read_function(ps, f, v, depth));
    } else {
        ps->p = start;
        MPL_TRY(read_column(ps, v));
    }
    if (take(ps, '^'))
        MPL_TRY(read_power(ps, v));
    if (!v->function && !v->column->is_number)
        v->is_factor = true;
    if (v->power > 1 && v->function && v->function->has_basis)
        return fail(ps, start, "a power of a spline or polynomial");
    if (v->is_factor && v->power > 1)
        return fail(ps, start, "a power of a column that is not numeric");
    return v->is_factor ? MPL_OK
                        : mpl__within(ps->err, mpl_column_check_number(ps->formula->data, v->column, ps->err), "%s",
                                      ps->formula->option);
}

static void write_argument(mpl__text *t, const mpl__argument *a, mpl__argument_kind kind)
{
    if (kind == MPL__FLAG_ARGUMENT) {
        mpl__text_add(t, a->n ? "TRUE" : "FALSE");
        return;
    }
    mpl__text_add(t, a->n > 1 ? "c(" : "");
    for (size_t i = 0; i < a->n; i++) {
        mpl__text_add(t, i ? ", " : "");
        mpl__text_real(t, a->number[i]);
    }
    mpl__text_add(t, a->n > 1 ? ")" : "");
}

/* "ns(ablat, 3)", "ablat^2"; a factor has its column's name. */
static mpl_status name_variable(parser *ps, mpl__variable *v)
{
    const mpl__function *const f = v->is_factor ? NULL : v->function;
    mpl__text t = { 0 };
    if (f)
        mpl__text_format(&t, "%s(", f->method.id);
    mpl__text_add(&t, v->column->name);
    for (size_t i = 0; f && i < MPL__MOST_ARGUMENTS; i++)
        if (v->argument[i].given) {
            mpl__text_format(&t, i ? ", %s=" : ", ", f->argument[i].name);
            write_argument(&t, &v->argument[i], f->argument[i].kind);
        }
    mpl__text_add(&t, f ? ")" : "");
    if (v->power > 1)
        mpl__text_format(&t, "^%d", v->power);
    v->name = t.failed ? NULL : mpl__arena_copy(ps->arena, t.data);
    mpl__text_free(&t);
    return v->name ? MPL_OK : mpl__fail_nomem(ps->err, "the formula");
}

/* The variable's bit; one that is there already is used again. */
static mpl_status read_variable(parser *ps, uint32_t *bit)
{
    mpl__formula *const f = ps->formula;
    const char *const start = (peek(ps), ps->p);
    mpl__variable v = { .power = 1, .n_basis = 1 };
    MPL_TRY(read_moderator(ps, &v, 0));
    MPL_TRY(name_variable(ps, &v));
    size_t i = 0;
    while (i < f->n_variables && (f->variables[i].column != v.column || f->variables[i].is_factor != v.is_factor ||
                                  strcmp(f->variables[i].name, v.name)))
        i++;
    if (i == MPL__MOST_VARIABLES)
        return fail(ps, start, "more than 32 different moderators");
    if (i == f->n_variables) {
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
    return f->n_terms || f->allows_none ? MPL_OK : fail(ps, ps->text, "there is no moderator; without one, pool");
}

mpl_status mpl__formula_read(const char *text, const char *option, bool allows_none, const mpl_dataset *data,
                             mpl__arena *arena, mpl__formula **out, mpl_error *err)
{
    mpl__formula *const formula = MPL_NEW(arena, mpl__formula, 1);
    if (!formula)
        return mpl__fail_nomem(err, "the formula");
    formula->data = data;
    formula->option = option;
    formula->allows_none = allows_none;
    formula->has_intercept = true;
    parser ps = { .formula = formula, .arena = arena, .text = text, .p = text, .err = err };
    MPL_TRY(read_all(&ps));
    *out = formula;
    return MPL_OK;
}
