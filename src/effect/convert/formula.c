/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas: text to postfix code by recursive descent; values and exact derivatives by dual numbers (Rall 1981,
 * Automatic Differentiation, Lecture Notes in Computer Science 120), one pass over the code for each derivative.
 */
#include <metapool/convert.h>

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "effect/convert/conversion.h"
#include "num/dist.h"

enum { MAX_DEPTH = 64, MAX_STACK = 128, MAX_LENGTH = 4096, MAX_NAME = 256 };

typedef enum op_kind {
    OP_NUMBER, OP_VARIABLE, OP_NEGATE, OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_POWER, OP_CALL
} op_kind;

struct mpl__formula_op {
    op_kind kind;
    double number;
    size_t index; /* of the variable, or of the function */
};

typedef struct mpl__formula_op op;

/* A value and its derivative. */
typedef struct dual {
    double x, d;
} dual;

static double logit(double x) { return log(x) - log1p(-x); }
static double ilogit(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double pnorm(double x) { return mpl__norm_p(x, MPL__LOWER); }
static double qnorm(double p) { return mpl__norm_q(p, MPL__LOWER); }

/* Derivatives at x, where the function is y. */
static double d_exp(double x, double y) { (void)x; return y; }
static double d_log(double x, double y) { (void)y; return 1 / x; }
static double d_log10(double x, double y) { (void)y; return 1 / (x * log(10)); }
static double d_log2(double x, double y) { (void)y; return 1 / (x * log(2)); }
static double d_log1p(double x, double y) { (void)y; return 1 / (1 + x); }
static double d_expm1(double x, double y) { (void)x; return y + 1; }
static double d_sqrt(double x, double y) { (void)x; return 0.5 / y; }
static double d_abs(double x, double y) { (void)y; return x > 0 ? 1 : x < 0 ? -1 : NAN; }
static double d_sin(double x, double y) { (void)y; return cos(x); }
static double d_cos(double x, double y) { (void)y; return -sin(x); }
static double d_tan(double x, double y) { (void)x; return 1 + y * y; }
static double d_asin(double x, double y) { (void)y; return 1 / sqrt((1 - x) * (1 + x)); }
static double d_acos(double x, double y) { (void)y; return -1 / sqrt((1 - x) * (1 + x)); }
static double d_atan(double x, double y) { (void)y; return 1 / (1 + x * x); }
static double d_sinh(double x, double y) { (void)y; return cosh(x); }
static double d_cosh(double x, double y) { (void)y; return sinh(x); }
static double d_tanh(double x, double y) { (void)y; return 1 / (cosh(x) * cosh(x)); }
static double d_asinh(double x, double y) { (void)y; return 1 / hypot(x, 1); }
static double d_acosh(double x, double y) { (void)y; return 1 / sqrt((x - 1) * (x + 1)); }
static double d_atanh(double x, double y) { (void)y; return 1 / ((1 - x) * (1 + x)); }
static double d_logit(double x, double y) { (void)y; return 1 / (x * (1 - x)); }
static double d_ilogit(double x, double y) { return y * ilogit(-x); }
static double d_pnorm(double x, double y) { (void)y; return mpl__norm_density(x); }
static double d_qnorm(double x, double y) { (void)x; return 1 / mpl__norm_density(y); }

typedef struct function {
    mpl_method method;
    double (*value)(double x); /* NULL: pow, which is an operator */
    double (*slope)(double x, double y);
} function;

static const function functions[] = {
    { { .id = "exp", .title = "exponential" }, exp, d_exp },
    { { .id = "log", .title = "natural logarithm", .aliases = "ln" }, log, d_log },
    { { .id = "log10", .title = "decimal logarithm" }, log10, d_log10 },
    { { .id = "log2", .title = "binary logarithm" }, log2, d_log2 },
    { { .id = "log1p", .title = "log(1 + x), exact for small x" }, log1p, d_log1p },
    { { .id = "expm1", .title = "exp(x) - 1, exact for small x" }, expm1, d_expm1 },
    { { .id = "sqrt", .title = "square root" }, sqrt, d_sqrt },
    { { .id = "abs", .title = "absolute value" }, fabs, d_abs },
    { { .id = "sin", .title = "sine" }, sin, d_sin },
    { { .id = "cos", .title = "cosine" }, cos, d_cos },
    { { .id = "tan", .title = "tangent" }, tan, d_tan },
    { { .id = "asin", .title = "inverse sine" }, asin, d_asin },
    { { .id = "acos", .title = "inverse cosine" }, acos, d_acos },
    { { .id = "atan", .title = "inverse tangent" }, atan, d_atan },
    { { .id = "sinh", .title = "hyperbolic sine" }, sinh, d_sinh },
    { { .id = "cosh", .title = "hyperbolic cosine" }, cosh, d_cosh },
    { { .id = "tanh", .title = "hyperbolic tangent: Fisher's z to a correlation" }, tanh, d_tanh },
    { { .id = "asinh", .title = "inverse hyperbolic sine" }, asinh, d_asinh },
    { { .id = "acosh", .title = "inverse hyperbolic cosine" }, acosh, d_acosh },
    { { .id = "atanh", .title = "inverse hyperbolic tangent: a correlation to Fisher's z" }, atanh, d_atanh },
    { { .id = "logit", .title = "log odds of a proportion" }, logit, d_logit },
    { { .id = "ilogit", .title = "proportion from log odds", .aliases = "expit" }, ilogit, d_ilogit },
    { { .id = "pnorm", .title = "standard normal distribution function" }, pnorm, d_pnorm },
    { { .id = "qnorm", .title = "standard normal quantile", .aliases = "probit" }, qnorm, d_qnorm },
    { { .id = "pow", .title = "pow(x, y): power, as x^y" }, NULL, NULL },
};

const mpl_method *mpl_formula_function_method(size_t i)
{
    return i < sizeof functions / sizeof *functions ? &functions[i].method : NULL;
}

typedef struct parser {
    const char *text, *at;
    op *ops;
    const char **variables;
    size_t n_ops, n_variables, depth, stack;
    mpl__arena *arena;
    mpl_error *err;
} parser;

static mpl_status refuse(const parser *p, const char *at, const char *expected)
{
    char cut[MPL_SHOWN_SIZE];
    const size_t column = (size_t)(at - p->text) + 1;
    if (!*at)
        return mpl__fail_at(p->err, MPL_ERR_PARSE, 0, column, "formula ends where %s was expected", expected);
    return mpl__fail_at(p->err, MPL_ERR_PARSE, 0, column, "formula column %zu: '%s' where %s was expected", column,
                        mpl_text_to_shown(at, cut), expected);
}

static void skip_blanks(parser *p)
{
    p->at += strspn(p->at, " \t\r\n");
}

static bool take(parser *p, char c)
{
    skip_blanks(p);
    if (*p->at != c)
        return false;
    p->at++;
    return true;
}

/* `grows` is what the operation leaves on the stack less what it takes from it. */
static mpl_status emit(parser *p, op_kind kind, double number, size_t index, int grows)
{
    p->ops[p->n_ops++] = (op){ .kind = kind, .number = number, .index = index };
    p->stack = grows < 0 ? p->stack - 1 : p->stack + (size_t)grows;
    if (p->stack > MAX_STACK)
        return mpl__fail(p->err, MPL_ERR_LIMIT, "formula keeps more than %d values at a time", MAX_STACK);
    return MPL_OK;
}

static mpl_status parse_sum(parser *p);

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static mpl_status parse_number(parser *p)
{
    const char *end = p->at;
    while (is_digit(*end) || *end == '.')
        end++;
    if ((*end == 'e' || *end == 'E') && (is_digit(end[1]) || ((end[1] == '+' || end[1] == '-') && is_digit(end[2]))))
        for (end += 2; is_digit(*end);)
            end++;
    double x;
    const mpl__number_status s = mpl__number_read(p->at, (size_t)(end - p->at), '.', &x);
    if (s != MPL__NUMBER_OK && s != MPL__NUMBER_UNDERFLOW)
        return refuse(p, p->at, "a number");
    p->at = end;
    return emit(p, OP_NUMBER, x, 0, 1);
}

static mpl_status parse_variable(parser *p, const char *name, size_t n)
{
    size_t i = 0;
    while (i < p->n_variables && (strlen(p->variables[i]) != n || memcmp(p->variables[i], name, n)))
        i++;
    if (i == p->n_variables) {
        if (i == MPL__MAX_VARIABLES)
            return mpl__fail(p->err, MPL_ERR_LIMIT, "formula has more than %d variables", MPL__MAX_VARIABLES);
        p->variables[i] = mpl__arena_copyn(p->arena, name, n);
        if (!p->variables[i])
            return mpl__fail_nomem(p->err, "a formula");
        p->n_variables++;
    }
    return emit(p, OP_VARIABLE, 0, i, 1);
}

static mpl_status parse_call(parser *p, const char *name, size_t n)
{
    char id[MAX_NAME];
    memcpy(id, name, n);
    id[n] = '\0';
    const mpl_method *found;
    const mpl_status s = mpl__method_get(mpl_formula_function_method, "function", id, &found, p->err);
    if (s != MPL_OK) {
        if (p->err)
            p->err->column = (size_t)(name - p->text) + 1;
        return s;
    }
    const function *f = (const function *)((const char *)found - offsetof(function, method));
    p->at++; /* the bracket */
    MPL_TRY(parse_sum(p));
    if (!f->value) {
        if (!take(p, ','))
            return refuse(p, p->at, "',' and a second argument");
        MPL_TRY(parse_sum(p));
    }
    if (!take(p, ')'))
        return refuse(p, p->at, "')'");
    return f->value ? emit(p, OP_CALL, 0, (size_t)(f - functions), 0) : emit(p, OP_POWER, 0, 0, -1);
}

static mpl_status parse_name(parser *p)
{
    const char *name = p->at;
    size_t n = 0;
    if (*name == '`') {
        const char *end = strchr(++name, '`');
        if (!end || end == name)
            return refuse(p, p->at, "a column name between backticks");
        p->at = end + 1;
        return parse_variable(p, name, (size_t)(end - name));
    }
    while (is_letter(name[n]) || is_digit(name[n]) || (name[n] == '.' && is_letter(name[n + 1])))
        n++;
    if (n >= MAX_NAME)
        return refuse(p, p->at, "a name of less than 256 bytes");
    p->at += n;
    skip_blanks(p);
    if (*p->at == '(')
        return parse_call(p, name, n);
    if (n == 2 && !memcmp(name, "pi", 2))
        return emit(p, OP_NUMBER, M_PI, 0, 1);
    return parse_variable(p, name, n);
}

static mpl_status parse_primary(parser *p)
{
    skip_blanks(p);
    if (is_digit(*p->at) || (*p->at == '.' && is_digit(p->at[1])))
        return parse_number(p);
    if (is_letter(*p->at) || *p->at == '`')
        return parse_name(p);
    if (!take(p, '('))
        return refuse(p, p->at, "a number, a column, a function or '('");
    MPL_TRY(parse_sum(p));
    return take(p, ')') ? MPL_OK : refuse(p, p->at, "')'");
}

/* -x^2 is -(x^2), and 2^-x and x^y^z = x^(y^z) are allowed. */
static mpl_status parse_unary(parser *p)
{
    if (++p->depth > MAX_DEPTH)
        return mpl__fail(p->err, MPL_ERR_LIMIT, "formula is nested deeper than %d", MAX_DEPTH);
    if (take(p, '-')) {
        MPL_TRY(parse_unary(p));
        MPL_TRY(emit(p, OP_NEGATE, 0, 0, 0));
    } else if (take(p, '+')) {
        MPL_TRY(parse_unary(p));
    } else {
        MPL_TRY(parse_primary(p));
        if (take(p, '^')) {
            MPL_TRY(parse_unary(p));
            MPL_TRY(emit(p, OP_POWER, 0, 0, -1));
        }
    }
    p->depth--;
    return MPL_OK;
}

static mpl_status parse_product(parser *p)
{
    MPL_TRY(parse_unary(p));
    for (;;) {
        const bool times = take(p, '*');
        if (!times && !take(p, '/'))
            return MPL_OK;
        MPL_TRY(parse_unary(p));
        MPL_TRY(emit(p, times ? OP_MULTIPLY : OP_DIVIDE, 0, 0, -1));
    }
}

static mpl_status parse_sum(parser *p)
{
    MPL_TRY(parse_product(p));
    for (;;) {
        const bool plus = take(p, '+');
        if (!plus && !take(p, '-'))
            return MPL_OK;
        MPL_TRY(parse_product(p));
        MPL_TRY(emit(p, plus ? OP_ADD : OP_SUBTRACT, 0, 0, -1));
    }
}

static mpl_status parse_all(parser *p)
{
    MPL_TRY(parse_sum(p));
    skip_blanks(p);
    return *p->at ? refuse(p, p->at, "an operator or the end") : MPL_OK;
}

mpl_status mpl_formula_new(const char *text, mpl_formula **out, mpl_error *err)
{
    *out = NULL;
    const size_t length = strlen(text);
    if (length > MAX_LENGTH)
        return mpl__fail(err, MPL_ERR_LIMIT, "formula is longer than %d bytes", MAX_LENGTH);
    mpl__arena *keep = mpl__arena_new();
    mpl_formula *f = MPL_NEW(keep, mpl_formula, 1);
    parser p = { .arena = keep, .err = err };
    p.text = p.at = mpl__arena_copy(keep, text);
    p.ops = MPL_NEW(keep, op, length + 1); /* every operation stands for at least one byte */
    p.variables = MPL_NEW(keep, const char *, MPL__MAX_VARIABLES);
    mpl_status s = f && p.text && p.ops && p.variables ? parse_all(&p) : mpl__fail_nomem(err, "a formula");
    if (s != MPL_OK) {
        mpl__arena_free(keep);
        return s;
    }
    *f = (mpl_formula){ .text = p.text, .n_variables = p.n_variables, .variables = p.variables, .arena = keep,
                        .ops = p.ops, .n_ops = p.n_ops };
    *out = f;
    return MPL_OK;
}

void mpl_formula_free(mpl_formula *formula)
{
    if (formula)
        mpl__arena_free(formula->arena);
}

/* A derivative of zero stays zero, so that a constant at a pole spoils nothing. */
static double chain(double slope, double d)
{
    return d == 0 ? 0 : slope * d;
}

static dual power(dual a, dual b)
{
    dual y = { pow(a.x, b.x), 0 };
    y.d = chain(b.x * pow(a.x, b.x - 1), a.d) + chain(y.x * log(a.x), b.d);
    return y;
}

static dual binary(op_kind kind, dual a, dual b)
{
    switch (kind) {
    case OP_ADD:
        return (dual){ a.x + b.x, a.d + b.d };
    case OP_SUBTRACT:
        return (dual){ a.x - b.x, a.d - b.d };
    case OP_MULTIPLY:
        return (dual){ a.x * b.x, chain(b.x, a.d) + chain(a.x, b.d) };
    case OP_DIVIDE:
        return (dual){ a.x / b.x, chain(1 / b.x, a.d) - chain(a.x / b.x / b.x, b.d) };
    default:
        return power(a, b);
    }
}

static dual run(const mpl_formula *f, const double *values, size_t wrt)
{
    dual stack[MAX_STACK];
    size_t n = 0;
    for (size_t i = 0; i < f->n_ops; i++) {
        const op *o = &f->ops[i];
        if (o->kind == OP_NUMBER) {
            stack[n++] = (dual){ o->number, 0 };
        } else if (o->kind == OP_VARIABLE) {
            stack[n++] = (dual){ values[o->index], o->index == wrt ? 1 : 0 };
        } else if (o->kind == OP_NEGATE) {
            stack[n - 1] = (dual){ -stack[n - 1].x, -stack[n - 1].d };
        } else if (o->kind == OP_CALL) {
            const function *g = &functions[o->index];
            const dual a = stack[n - 1];
            const double y = g->value(a.x);
            stack[n - 1] = (dual){ y, a.d == 0 ? 0 : g->slope(a.x, y) * a.d };
        } else {
            n--;
            stack[n - 1] = binary(o->kind, stack[n - 1], stack[n]);
        }
    }
    return stack[0];
}

double mpl_formula_compute(const mpl_formula *formula, const double *values, double *gradient)
{
    const dual y = run(formula, values, 0);
    if (gradient && formula->n_variables > 0)
        gradient[0] = y.d;
    for (size_t i = 1; gradient && i < formula->n_variables; i++)
        gradient[i] = run(formula, values, i).d;
    return y.x;
}

mpl_status mpl_formula_predict(const mpl_formula *formula, const double *values, const double *vcov,
                               double *estimate, double *variance, mpl_error *err)
{
    const size_t n = formula->n_variables;
    double g[MPL__MAX_VARIABLES], v = 0;
    const double y = mpl_formula_compute(formula, values, g);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            v += g[i] * vcov[i * n + j] * g[j];
    if (!isfinite(y) || !isfinite(v))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the formula or its derivative is not finite at these values");
    *estimate = y;
    *variance = v;
    return MPL_OK;
}
