/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a formula and the studies in the model to a design of full rank. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/formula.h"
#include "num/linalg.h"

enum { MOST_COLUMNS = 1000 };

/* Columns of which less than this is left beside those before them: as in problem.c; and what deserves a note. */
static const double RANK_TOLERANCE = 1e-11, NEAR_TOLERANCE = 1e-6;

typedef struct maker {
    mpl__formula *formula;
    const mpl_effects *effects;
    mpl__arena *arena;
    mpl__notes *notes;
    bool drop;
    size_t n, room;              /* columns */
    mpl__design_column *columns;
    bool has_dummies;            /* a factor has an indicator for every level: they add up to 1 */
    mpl_error *err;
} maker;

static mpl_status no_memory(const maker *mk)
{
    return mpl__fail_nomem(mk->err, "the design");
}

const mpl__variable *mpl__formula_missing(const mpl__formula *formula, size_t row)
{
    for (size_t i = 0; i < formula->n_variables; i++)
        if (!formula->variables[i].column->text[row])
            return &formula->variables[i];
    return NULL;
}

/* ---- what the studies say of a variable */

typedef struct value {
    const char *text;
    double number;
} value;

static int by_value(const void *a, const void *b)
{
    const value *const x = a, *const y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int by_text(const void *a, const void *b)
{
    const value *const x = a, *const y = b;
    return strcmp(x->text, y->text);
}

static mpl_status learn_levels(const maker *mk, mpl__variable *v)
{
    const size_t k = mk->effects->k;
    int (*const order)(const void *, const void *) = v->column->is_number ? by_value : by_text;
    value *const all = MPL_NEW(mk->arena, value, k);
    double *const values = MPL_NEW(mk->arena, double, k);
    v->levels = MPL_NEW(mk->arena, const char *, k);
    if (!all || !values || !v->levels)
        return no_memory(mk);
    for (size_t i = 0; i < k; i++) {
        const size_t row = mk->effects->index[i];
        all[i] = (value){ v->column->text[row], v->column->is_number ? v->column->number[row] : 0 };
    }
    qsort(all, k, sizeof *all, order);
    v->n_levels = 0;
    for (size_t i = 0; i < k; i++)
        if (i == 0 || order(&all[i - 1], &all[i])) {
            values[v->n_levels] = all[i].number;
            v->levels[v->n_levels++] = all[i].text;
        }
    v->values = v->column->is_number ? values : NULL;
    v->base = 0;
    if (!v->reference)
        return MPL_OK;
    while (v->base < v->n_levels && strcmp(v->levels[v->base], v->reference))
        v->base++;
    char shown[MPL_SHOWN_SIZE], first[MPL_SHOWN_SIZE];
    if (v->base == v->n_levels)
        return mpl__fail(mk->err, MPL_ERR_NAME, "no study in the model has %s '%s', which is to be the reference; "
                         "one has '%s'", v->name, mpl_text_to_shown(v->reference, shown),
                         mpl_text_to_shown(v->levels[0], first));
    return MPL_OK;
}

static mpl_status learn_numbers(const maker *mk, mpl__variable *v)
{
    const size_t k = mk->effects->k;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < k; i++) {
        const double x = v->column->number[mk->effects->index[i]];
        char shown[MPL_SHOWN_SIZE], number[32];
        if (v->kind == MPL__VARIABLE_LOG && !(x > 0))
            return mpl__fail(mk->err, MPL_ERR_DATA, "%s of study '%s' is %s, which has no logarithm", v->column->name,
                             mpl_text_to_shown(mk->effects->slab[i], shown), mpl__show(x, number));
        sum += x / (double)k;
    }
    if (v->kind != MPL__VARIABLE_CENTER && v->kind != MPL__VARIABLE_SCALE)
        return MPL_OK;
    for (size_t i = 0; i < k; i++)
        squares += pow(v->column->number[mk->effects->index[i]] - sum, 2);
    const bool is_constant = !(sqrt(squares / (double)k) > RANK_TOLERANCE * fabs(sum));
    if (is_constant && !mk->drop)
        return mpl__fail(mk->err, MPL_ERR_NUMERIC, "'%s' is constant", v->column->name);
    v->centre = is_constant ? v->column->number[mk->effects->index[0]] : sum; /* exactly 0 is found to be redundant */
    if (v->kind == MPL__VARIABLE_SCALE && !is_constant)
        v->unit = sqrt(squares / (double)(k - 1));
    return MPL_OK;
}

double mpl__variable_number(const mpl__variable *v, double x)
{
    const double y = v->kind == MPL__VARIABLE_LOG ? log(x) : (x - v->centre) / v->unit;
    double product = y;
    for (int i = 1; i < v->power; i++)
        product *= y;
    return product;
}

size_t mpl__variable_level(const mpl__variable *v, const char *text, double number)
{
    for (size_t i = 0; i < v->n_levels; i++)
        if (v->values ? v->values[i] == number : !strcmp(v->levels[i], text))
            return i;
    return SIZE_MAX;
}

/* ---- columns */

static bool has_term(const mpl__formula *f, uint32_t term)
{
    for (size_t i = 0; i < f->n_terms; i++)
        if (f->terms[i] == term)
            return true;
    return false;
}

/* Contrasts where the term without this factor is in the model, so that they add nothing to it; else indicators. */
static bool is_contrast(maker *mk, uint32_t term, size_t variable)
{
    const uint32_t margin = term & ~(UINT32_C(1) << variable);
    if (margin)
        return has_term(mk->formula, margin);
    const bool is_spanned = mk->formula->has_intercept || mk->has_dummies;
    mk->has_dummies = true;
    return is_spanned;
}

static mpl_status add_column(maker *mk, size_t term, const size_t *levels)
{
    const mpl__formula *const f = mk->formula;
    mpl__text name = { 0 };
    mpl__design_column *const c = &mk->columns[mk->n];
    size_t *const level = MPL_NEW(mk->arena, size_t, f->n_variables);
    if (!level)
        return no_memory(mk);
    memcpy(level, levels, f->n_variables * sizeof *level);
    for (size_t i = 0; i < f->n_variables; i++) {
        const mpl__variable *const v = &f->variables[i];
        if (!(f->terms[term] >> i & 1))
            continue;
        mpl__text_add(&name, name.size ? ":" : "");
        mpl__text_add(&name, v->name);
        if (v->kind == MPL__VARIABLE_FACTOR) {
            mpl__text_char(&name, '=');
            mpl__text_add(&name, v->levels[level[i]]);
        }
    }
    *c = (mpl__design_column){ .term = term, .variables = f->terms[term], .level = level };
    c->name = name.failed ? NULL : mpl__arena_copy(mk->arena, name.data);
    mpl__text_free(&name);
    if (!c->name)
        return no_memory(mk);
    mk->n++;
    return MPL_OK;
}

/* Every combination of the levels that have an indicator, the first factor changing fastest. */
static mpl_status add_term(maker *mk, size_t term)
{
    const mpl__formula *const f = mk->formula;
    size_t level[MPL__MOST_VARIABLES] = { 0 }, n_columns = 1;
    bool contrast[MPL__MOST_VARIABLES] = { false };
    for (size_t i = 0; i < f->n_variables; i++) {
        if (!(f->terms[term] >> i & 1) || f->variables[i].kind != MPL__VARIABLE_FACTOR)
            continue;
        contrast[i] = is_contrast(mk, f->terms[term], i);
        n_columns *= f->variables[i].n_levels;
        if (n_columns > MOST_COLUMNS || mk->n + n_columns > MOST_COLUMNS)
            return mpl__fail(mk->err, MPL_ERR_LIMIT, "the model has more than %d coefficients", MOST_COLUMNS);
    }
    for (size_t done = 0; done < n_columns; done++) {
        bool is_reference = false;
        size_t rest = done;
        for (size_t i = 0; i < f->n_variables; i++) {
            if (!(f->terms[term] >> i & 1) || f->variables[i].kind != MPL__VARIABLE_FACTOR)
                continue;
            level[i] = rest % f->variables[i].n_levels;
            rest /= f->variables[i].n_levels;
            is_reference |= contrast[i] && level[i] == f->variables[i].base;
        }
        if (!is_reference)
            MPL_TRY(add_column(mk, term, level));
    }
    return MPL_OK;
}

static mpl_status check_levels(const maker *mk)
{
    for (size_t i = 0; i < mk->formula->n_variables; i++) {
        const mpl__variable *const v = &mk->formula->variables[i];
        char shown[MPL_SHOWN_SIZE];
        if (v->kind != MPL__VARIABLE_FACTOR || v->n_levels > 1)
            continue;
        if (!mk->drop)
            return mpl__fail(mk->err, MPL_ERR_NUMERIC, "'%s' is constant: all studies in the model have '%s'", v->name,
                             mpl_text_to_shown(v->levels[0], shown));
        mpl__note_add(mk->notes, "redundant-dropped", "'%s' has one value only and no coefficient", v->name);
    }
    return MPL_OK;
}

static mpl_status list_columns(maker *mk)
{
    mpl__formula *const f = mk->formula;
    mk->columns = MPL_NEW(mk->arena, mpl__design_column, MOST_COLUMNS);
    if (!mk->columns)
        return no_memory(mk);
    for (size_t i = 0; i < f->n_variables; i++)
        MPL_TRY(f->variables[i].kind == MPL__VARIABLE_FACTOR ? learn_levels(mk, &f->variables[i])
                                                            : learn_numbers(mk, &f->variables[i]));
    MPL_TRY(check_levels(mk));
    if (f->has_intercept)
        mk->columns[mk->n++] = (mpl__design_column){ .name = "intercept", .term = SIZE_MAX };
    for (size_t t = 0; t < f->n_terms; t++)
        MPL_TRY(add_term(mk, t));
    return MPL_OK;
}

static double value_at(const mpl__formula *f, const mpl__design_column *c, const mpl__cell *cells)
{
    double x = 1;
    for (size_t i = 0; i < f->n_variables; i++)
        if (c->variables >> i & 1)
            x *= f->variables[i].kind != MPL__VARIABLE_FACTOR ? cells[i].number : cells[i].level == c->level[i];
    return x;
}

void mpl__formula_row(const mpl__formula *formula, const mpl__model_matrix *matrix, const mpl__cell *cells, double *x)
{
    for (size_t j = 0; j < matrix->design.n_cols; j++)
        x[j] = value_at(formula, &matrix->columns[j], cells);
}

/* The value of every variable in every study: [k x n_variables]. */
static mpl__cell *make_cells(const maker *mk)
{
    const mpl__formula *const f = mk->formula;
    const mpl_effects *const es = mk->effects;
    mpl__cell *const cells = MPL_NEW(mk->arena, mpl__cell, es->k * f->n_variables);
    for (size_t i = 0; cells && i < es->k; i++)
        for (size_t j = 0; j < f->n_variables; j++) {
            const mpl__variable *const v = &f->variables[j];
            const double x = v->column->is_number ? v->column->number[es->index[i]] : NAN;
            mpl__cell *const cell = &cells[i * f->n_variables + j];
            if (v->kind == MPL__VARIABLE_FACTOR)
                cell->level = mpl__variable_level(v, v->column->text[es->index[i]], x);
            else
                cell->number = mpl__variable_number(v, x);
        }
    return cells;
}

/* ---- rank */

/* Orthonormal basis of the columns kept so far. */
typedef struct basis {
    size_t n;
    const mpl__design_column **kept;
    double *q, *lower, *length, *coef; /* [k x n], [n x n] with stride `room`, [n], [n] */
    size_t room;
} basis;

/* "x2 is a combination of intercept, x1": the columns before it that have a part in column = basis coef. */
static void explain(const maker *mk, basis *bs, const char *name, double length, mpl__text *out)
{
    size_t listed = 0;
    double *const b = bs->coef;
    for (size_t i = bs->n; i-- > 0;) { /* L' b = coef */
        for (size_t j = i + 1; j < bs->n; j++)
            b[i] -= bs->lower[j * bs->room + i] * b[j];
        b[i] /= bs->lower[i * bs->room + i];
    }
    mpl__text t = { 0 };
    bool is_only_intercept = true;
    for (size_t i = 0; i < bs->n; i++)
        if (fabs(b[i]) * bs->length[i] > 1e-7 * length) {
            mpl__text_format(&t, "%s'%s'", listed++ ? ", " : "", bs->kept[i]->name);
            is_only_intercept &= bs->kept[i]->term == SIZE_MAX;
        }
    if (length == 0 && mk->columns)
        mpl__text_format(out, "'%s' is 0 in every study", name);
    else if (is_only_intercept)
        mpl__text_format(out, "'%s' is constant", name);
    else
        mpl__text_format(out, "'%s' is a combination of %s", name, t.data ? t.data : "the others");
    out->failed |= t.failed;
    mpl__text_free(&t);
}

/* Adds a column to the basis if it is none of these: says in `why` what it is otherwise. */
static void extend(const maker *mk, basis *bs, const mpl__design_column *c, const double *x, mpl__text *why)
{
    const size_t k = mk->effects->k;
    double *const q = bs->q + bs->n * k, *const row = bs->lower + bs->n * bs->room;
    double most = 0;
    for (size_t i = 0; i < k; i++)
        most = fmax(most, fabs(x[i]));
    for (size_t i = 0; i < k; i++)
        q[i] = most > 0 ? x[i] / most : 0;
    const double length = sqrt(mpl__dot(q, q, k));
    mpl__project_out(bs->q, k, bs->n, q, bs->coef);
    const double left = sqrt(mpl__dot(q, q, k));
    if (!(left > RANK_TOLERANCE * length)) {
        for (size_t i = 0; i < bs->n; i++)
            bs->coef[i] *= most;
        explain(mk, bs, c->name, length * most, why);
        return;
    }
    if (left < NEAR_TOLERANCE * length)
        mpl__note_add(mk->notes, "near-redundant", "'%s' is nearly a combination of the other columns: its "
                                                   "coefficient has lost digits; center() may help", c->name);
    for (size_t i = 0; i < k; i++)
        q[i] /= left;
    for (size_t i = 0; i < bs->n; i++)
        row[i] = bs->coef[i] * most;
    row[bs->n] = left * most;
    bs->length[bs->n] = length * most;
    bs->kept[bs->n++] = c;
}

static mpl_status handle_redundant(const maker *mk, mpl__text *why)
{
    mpl_status s = MPL_OK;
    if (why->failed)
        s = no_memory(mk);
    else if (!mk->drop)
        s = mpl__fail(mk->err, MPL_ERR_NUMERIC, "%s; take it out of --mods, or give --drop-redundant", why->data);
    else
        mpl__note_add(mk->notes, "redundant-dropped", "left out of the model: %s", why->data);
    mpl__text_free(why);
    return s;
}

static mpl_status choose_columns(maker *mk, const mpl__cell *cells)
{
    const size_t k = mk->effects->k, n = mk->n, most = n < k ? n : k;
    basis bs = { .kept = MPL_NEW(mk->arena, const mpl__design_column *, most + 1),
                 .q = MPL_NEW(mk->arena, double, k * (most + 1)),
                 .lower = MPL_NEW(mk->arena, double, (most + 1) * (most + 1)),
                 .length = MPL_NEW(mk->arena, double, most + 1), .coef = MPL_NEW(mk->arena, double, most + 1),
                 .room = most + 1 };
    double *const x = MPL_NEW(mk->arena, double, k);
    if (!bs.kept || !bs.q || !bs.lower || !bs.length || !bs.coef || !x)
        return no_memory(mk);
    for (size_t j = 0; j < n; j++) {
        mpl__text why = { 0 };
        for (size_t i = 0; i < k; i++) {
            x[i] = value_at(mk->formula, &mk->columns[j], cells + i * mk->formula->n_variables);
            if (!isfinite(x[i]))
                return mpl__fail(mk->err, MPL_ERR_NUMERIC, "'%s' is not finite", mk->columns[j].name);
        }
        extend(mk, &bs, &mk->columns[j], x, &why);
        if (why.data || why.failed)
            MPL_TRY(handle_redundant(mk, &why));
    }
    for (size_t j = 0; j < bs.n; j++)
        mk->columns[j] = *bs.kept[j]; /* kept[j] is never before columns[j] */
    mk->n = bs.n;
    return MPL_OK;
}

static mpl_status check_count(const maker *mk)
{
    if (mk->effects->k > mk->n)
        return MPL_OK;
    return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "the model has %zu coefficient%s and %zu stud%s: nothing is left to "
                     "estimate the variation between studies from", mk->n, mk->n == 1 ? "" : "s", mk->effects->k,
                     mk->effects->k == 1 ? "y" : "ies");
}

mpl_status mpl__formula_design(mpl__formula *formula, const mpl_effects *effects, bool drop_redundant,
                               mpl__arena *arena, mpl__notes *notes, mpl__model_matrix *out, mpl_error *err)
{
    maker mk = { .formula = formula, .effects = effects, .arena = arena, .notes = notes, .drop = drop_redundant,
                 .err = err };
    if (effects->k < 2)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "a regression needs at least 3 studies; there %s %zu",
                         effects->k == 1 ? "is" : "are", effects->k);
    MPL_TRY(list_columns(&mk));
    if (!drop_redundant)
        MPL_TRY(check_count(&mk));
    const mpl__cell *const cells = make_cells(&mk);
    if (!cells)
        return no_memory(&mk);
    MPL_TRY(choose_columns(&mk, cells));
    if (mk.n <= formula->has_intercept)
        return mpl__fail(err, MPL_ERR_NUMERIC, "no moderator is left in the model");
    MPL_TRY(check_count(&mk));
    double *const x = MPL_NEW(arena, double, effects->k * mk.n);
    const char **const terms = MPL_NEW(arena, const char *, mk.n);
    if (!x || !terms)
        return no_memory(&mk);
    for (size_t j = 0; j < mk.n; j++)
        terms[j] = mk.columns[j].name;
    *out = (mpl__model_matrix){ .design = { effects->k, mk.n, x, terms }, .columns = mk.columns,
                                .has_constant = formula->has_intercept || mk.has_dummies };
    for (size_t i = 0; i < effects->k; i++)
        mpl__formula_row(formula, out, cells + i * formula->n_variables, x + i * mk.n);
    return MPL_OK;
}
