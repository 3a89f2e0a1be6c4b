/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent, one function for each rule of the grammar in <metapool/dataset.h>. */
#include "data/filter_parse.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"

typedef enum token { END, WORD, NUMBER, TEXT, COLUMN, OPERATOR, OPEN, CLOSE, COMMA, BAD } token;

typedef struct parser {
    const mpl_dataset *data;
    mpl__arena *arena;
    const char *expr, *p; /* p is behind the current token */
    token token;
    const char *start;    /* of the current token */
    const char *text;     /* of a word, text, column or number, in the arena */
    double number;
    mpl__filter_op op;
    size_t depth;
    mpl_error *err;
} parser;

static mpl_status fail(const parser *ps, const char *what)
{
    const size_t column = (size_t)(ps->start - ps->expr) + 1;
    return mpl__fail_at(ps->err, MPL_ERR_PARSE, 0, column, "--where, column %zu: %s", column, what);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '.' ||
           (unsigned char)c >= 0x80;
}

/* 'it''s', "text" or `column name`; a doubled quote stands for itself. */
static mpl_status read_quoted(parser *ps)
{
    const char quote = *ps->p;
    const char *s = ps->p + 1;
    char *const copy = mpl__arena_copyn(ps->arena, s, strlen(s)), *out = copy;
    if (!copy)
        return mpl__fail_nomem(ps->err, "the filter");
    for (; *s && (*s != quote || s[1] == quote); s++) {
        s += *s == quote;
        *out++ = *s;
    }
    if (!*s)
        return fail(ps, "the quote opened here is never closed");
    *out = '\0';
    ps->p = s + 1;
    ps->text = copy;
    ps->token = quote == '`' ? COLUMN : TEXT;
    return MPL_OK;
}

static mpl_status read_number(parser *ps)
{
    const char *s = ps->p;
    s += *s == '-' || *s == '+';
    while (is_word_char(*s) || ((*s == '-' || *s == '+') && (s[-1] == 'e' || s[-1] == 'E')))
        s++;
    if (mpl__number_read(ps->p, (size_t)(s - ps->p), '.', &ps->number) != MPL__NUMBER_OK)
        return fail(ps, "not a number; a text is written in quotes");
    ps->text = mpl__arena_copyn(ps->arena, ps->p, (size_t)(s - ps->p));
    ps->p = s;
    ps->token = NUMBER;
    return ps->text ? MPL_OK : mpl__fail_nomem(ps->err, "the filter");
}

static bool read_operator(parser *ps)
{
    static const struct {
        const char *text;
        mpl__filter_op op;
    } ops[] = { { "==", MPL__EQ }, { "!=", MPL__NE }, { "<=", MPL__LE }, { ">=", MPL__GE },
                { "=", MPL__EQ },  { "<", MPL__LT },  { ">", MPL__GT } };
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (!strncmp(ps->p, ops[i].text, strlen(ops[i].text))) {
            ps->op = ops[i].op;
            ps->p += strlen(ops[i].text);
            ps->token = OPERATOR;
            return true;
        }
    return false;
}

static mpl_status advance(parser *ps)
{
    ps->p += strspn(ps->p, " \t\r\n");
    ps->start = ps->p;
    const char c = *ps->p;
    static const char single[] = "(),";
    static const token meaning[] = { OPEN, CLOSE, COMMA };
    if (c == '\0') {
        ps->token = END;
    } else if (strchr(single, c)) {
        ps->token = meaning[strchr(single, c) - single];
        ps->p++;
    } else if (c == '\'' || c == '"' || c == '`') {
        return read_quoted(ps);
    } else if (is_digit(c) || c == '-' || c == '+' || (c == '.' && is_digit(ps->p[1]))) {
        return read_number(ps);
    } else if (is_word_char(c)) {
        while (is_word_char(*ps->p))
            ps->p++;
        ps->text = mpl__arena_copyn(ps->arena, ps->start, (size_t)(ps->p - ps->start));
        ps->token = WORD;
        return ps->text ? MPL_OK : mpl__fail_nomem(ps->err, "the filter");
    } else if (!read_operator(ps)) {
        ps->token = BAD;
        return fail(ps, c == '&' || c == '|' || c == '!' ? "write 'and', 'or', 'not'" : "unexpected character");
    }
    return MPL_OK;
}

static bool at_word(const parser *ps, const char *word)
{
    return ps->token == WORD && mpl__same_nocase(ps->text, word);
}

static mpl__filter *new_node(const parser *ps, mpl__filter_kind kind)
{
    mpl__filter *const node = MPL_NEW(ps->arena, mpl__filter, 1);
    if (node)
        node->kind = kind;
    return node;
}

static bool has_cell(const mpl_dataset *data, const mpl_column *column, const char *text)
{
    for (size_t i = 0; column && i < data->n_rows; i++)
        if (column->text[i] && mpl__same_nocase(column->text[i], text))
            return true;
    return false;
}

/* `beside`: the column that this is compared with, so that a text without quotes is recognized. */
static mpl_status parse_operand(parser *ps, const mpl_column *beside, mpl__operand *out)
{
    *out = (mpl__operand){ .text = ps->text, .number = NAN };
    if (ps->token == NUMBER) {
        out->number = ps->number;
    } else if (ps->token == WORD || ps->token == COLUMN) {
        const size_t column = (size_t)(ps->start - ps->expr) + 1;
        char x[MPL_SHOWN_SIZE];
        if (!mpl_dataset_find(ps->data, ps->text) && has_cell(ps->data, beside, ps->text))
            return mpl__fail_at(ps->err, MPL_ERR_NAME, 0, column,
                                "--where, column %zu: no column '%s'; a text is written in quotes: '%s'", column,
                                mpl_text_to_shown(ps->text, x), x);
        mpl_status s = mpl_dataset_get(ps->data, ps->text, &out->column, ps->err);
        if (s != MPL_OK && ps->err)
            ps->err->column = column;
        MPL_TRY(mpl__within(ps->err, s, "--where, column %zu", column));
    } else if (ps->token != TEXT) {
        return fail(ps, "a column, number or text in quotes was expected");
    }
    return advance(ps);
}

static mpl_status parse_list(parser *ps, mpl__filter *node)
{
    const mpl__literal **tail = &node->list;
    if (ps->token != OPEN)
        return fail(ps, "'in' needs a list: ('a', 'b')");
    do {
        MPL_TRY(advance(ps));
        mpl__literal *const item = MPL_NEW(ps->arena, mpl__literal, 1);
        if (!item)
            return mpl__fail_nomem(ps->err, "the filter");
        if (ps->token != NUMBER && ps->token != TEXT)
            return fail(ps, "a number or a text in quotes was expected");
        MPL_TRY(parse_operand(ps, NULL, &item->value));
        *tail = item;
        tail = &item->next;
    } while (ps->token == COMMA);
    return ps->token == CLOSE ? advance(ps) : fail(ps, "a comma or ) was expected");
}

/* What follows the left operand. */
static mpl_status parse_relation(parser *ps, mpl__filter *node)
{
    if (ps->token == OPERATOR) {
        node->op = ps->op;
        MPL_TRY(advance(ps));
        return parse_operand(ps, node->left.column, &node->right);
    }
    const bool is = at_word(ps, "is");
    if (is)
        MPL_TRY(advance(ps));
    if (at_word(ps, "not")) {
        node->negated = true;
        MPL_TRY(advance(ps));
    }
    if (is && at_word(ps, "missing")) {
        node->kind = MPL__FILTER_MISSING;
        return advance(ps);
    }
    if (!is && at_word(ps, "in")) {
        node->kind = MPL__FILTER_IN;
        MPL_TRY(advance(ps));
        return parse_list(ps, node);
    }
    return fail(ps, is ? "'is missing' or 'is not missing' was expected"
                       : "one of = != < <= > >= 'is missing' 'in (...)' was expected");
}

static mpl_status parse_or(parser *ps, mpl__filter **out);

static mpl_status parse_test(parser *ps, mpl__filter **out)
{
    if (ps->token == OPEN) {
        MPL_TRY(advance(ps));
        MPL_TRY(parse_or(ps, out));
        return ps->token == CLOSE ? advance(ps) : fail(ps, "'and', 'or' or ) was expected");
    }
    mpl__filter *const node = new_node(ps, MPL__FILTER_COMPARE);
    if (!node)
        return mpl__fail_nomem(ps->err, "the filter");
    MPL_TRY(parse_operand(ps, NULL, &node->left));
    *out = node;
    return parse_relation(ps, node);
}

static mpl_status parse_not(parser *ps, mpl__filter **out)
{
    if (ps->depth > MPL__FILTER_MAX_DEPTH)
        return mpl__fail_at(ps->err, MPL_ERR_LIMIT, 0, (size_t)(ps->start - ps->expr) + 1,
                            "--where: nested deeper than %d", MPL__FILTER_MAX_DEPTH);
    ps->depth++;
    mpl_status s;
    if (at_word(ps, "not")) {
        mpl__filter *const node = new_node(ps, MPL__FILTER_NOT);
        s = node ? advance(ps) : mpl__fail_nomem(ps->err, "the filter");
        if (s == MPL_OK)
            s = parse_not(ps, &node->child);
        *out = node;
    } else {
        s = parse_test(ps, out);
    }
    ps->depth--;
    return s;
}

/* Terms joined by one word become children of one node, so that depth grows with nesting alone. */
static mpl_status parse_joined(parser *ps, const char *word, mpl__filter_kind kind,
                               mpl_status (*parse_term)(parser *, mpl__filter **), mpl__filter **out)
{
    mpl__filter *node = NULL, *term;
    MPL_TRY(parse_term(ps, &term));
    *out = term;
    while (at_word(ps, word)) {
        if (!node) {
            if (!(node = new_node(ps, kind)))
                return mpl__fail_nomem(ps->err, "the filter");
            node->child = term;
            *out = node;
        }
        MPL_TRY(advance(ps));
        MPL_TRY(parse_term(ps, &term->next));
        term = term->next;
    }
    return MPL_OK;
}

static mpl_status parse_and(parser *ps, mpl__filter **out)
{
    return parse_joined(ps, "and", MPL__FILTER_AND, parse_not, out);
}

static mpl_status parse_or(parser *ps, mpl__filter **out)
{
    return parse_joined(ps, "or", MPL__FILTER_OR, parse_and, out);
}

mpl_status mpl__filter_parse(const mpl_dataset *data, const char *expr, mpl__arena *arena, mpl__filter **out,
                             mpl_error *err)
{
    parser ps = { .data = data, .arena = arena, .expr = expr, .p = expr, .start = expr, .err = err };
    MPL_TRY(advance(&ps));
    if (ps.token == END)
        return fail(&ps, "an expression was expected");
    MPL_TRY(parse_or(&ps, out));
    return ps.token == END ? MPL_OK : fail(&ps, "'and', 'or' or the end was expected");
}
