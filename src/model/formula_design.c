/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a formula and the studies in the model to a design of full rank: levels, bases, columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/formula.h"

enum { MOST_COLUMNS = 1000 };

/* What a variable is in every study. */
typedef struct values {
    double *number; /* [k x n_basis] column-major; NULL for a factor */
    size_t *level;  /* [k]; NULL for a number */
} values;

typedef struct maker {
    mpl__formula *formula;
    const mpl_effects *effects;
    mpl__arena *keep, *scratch;
    mpl__notes *notes;
    bool drop;
    values values[MPL__MOST_VARIABLES];
    size_t n; /* columns */
    mpl__design_column *columns;
    bool has_dummies; /* a factor has an indicator for every level: they add up to 1 */
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

static mpl_status too_many(const maker *mk)
{
    return mpl__fail(mk->err, MPL_ERR_LIMIT, "the model has more than %d coefficients", MOST_COLUMNS);
}

/* Where a level is or should be among those that are there, which are sorted: by number or by text. */
static size_t level_place(const mpl__variable *v, const char *text, double number, bool *is_there)
{
    size_t from = 0, to = v->n_levels;
    while (from < to) {
        const size_t mid = from + (to - from) / 2;
        const int order = v->values ? (v->values[mid] > number) - (v->values[mid] < number)
                                    : strcmp(v->levels[mid], text);
        if (order == 0) {
            *is_there = true;
            return mid;
        }
        *(order < 0 ? &from : &to) = order < 0 ? mid + 1 : mid;
    }
    *is_there = false;
    return from;
}

/* The different values of a factor, sorted. */
static mpl_status list_levels(const maker *mk, mpl__variable *v)
{
    const size_t k = mk->effects->k, room = k < MOST_COLUMNS + 1 ? k : MOST_COLUMNS + 1;
    double *const numbers = MPL_NEW(mk->keep, double, room);
    v->levels = MPL_NEW(mk->keep, const char *, room);
    if (!numbers || !v->levels)
        return no_memory(mk);
    v->values = v->column->is_number ? numbers : NULL;
    v->n_levels = v->base = 0;
    for (size_t i = 0; i < k; i++) {
        const size_t row = mk->effects->index[i];
        const double number = v->column->is_number ? v->column->number[row] : 0;
        bool is_there;
        const size_t at = level_place(v, v->column->text[row], number, &is_there);
        if (is_there)
            continue;
        if (v->n_levels == room)
            return too_many(mk);
        const size_t after = v->n_levels++ - at;
        memmove(numbers + at + 1, numbers + at, after * sizeof *numbers);
        memmove(v->levels + at + 1, v->levels + at, after * sizeof *v->levels);
        numbers[at] = number;
        v->levels[at] = v->column->text[row];
    }
    return MPL_OK;
}

static mpl_status learn_levels(const maker *mk, mpl__variable *v, values *out)
{
    const size_t k = mk->effects->k;
    bool is_there;
    MPL_TRY(list_levels(mk, v));
    out->level = MPL_NEW(mk->scratch, size_t, k);
    if (!out->level)
        return no_memory(mk);
    for (size_t i = 0; i < k; i++) {
        const size_t row = mk->effects->index[i];
        out->level[i] = level_place(v, v->column->text[row], v->values ? v->column->number[row] : 0, &is_there);
    }
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

static mpl_status fail_value(const maker *mk, const mpl__variable *v, size_t i, double x)
{
    char shown[MPL_SHOWN_SIZE], number[32];
    return mpl__fail(mk->err, MPL_ERR_DATA, "%s of study '%s' is %s, %s", v->column->name,
                     mpl_text_to_shown(mk->effects->slab[i], shown), mpl__show(x, number),
                     v->function && v->function->lacks ? v->function->lacks : "which is too large here");
}

static mpl_status learn_numbers(const maker *mk, mpl__variable *v, values *out)
{
    const size_t k = mk->effects->k;
    double *const x = MPL_NEW(mk->scratch, double, k);
    if (!x)
        return no_memory(mk);
    v->mean = 0;
    for (size_t i = 0; i < k; i++) {
        x[i] = v->column->number[mk->effects->index[i]];
        v->mean += x[i] / (double)k;
    }
    const mpl__learning from = { mk->keep, mk->scratch, mk->drop, x, k, mk->err };
    if (v->function && v->function->learn)
        MPL_TRY(v->function->learn(v, &from));
    out->number = MPL_NEW(mk->scratch, double, k * v->n_basis);
    if (!out->number)
        return no_memory(mk);
    for (size_t i = 0; i < k; i++) {
        double numbers[MPL__MOST_BASIS];
        mpl__variable_numbers(v, x[i], numbers);
        for (size_t j = 0; j < v->n_basis; j++) {
            if (!isfinite(numbers[j]))
                return fail_value(mk, v, i, x[i]);
            out->number[j * k + i] = numbers[j];
        }
    }
    return MPL_OK;
}

void mpl__variable_numbers(const mpl__variable *v, double x, double *out)
{
    if (v->function && v->function->compute)
        v->function->compute(v, x, out);
    else
        out[0] = x;
    const double y = out[0];
    for (int i = 1; i < v->power; i++)
        out[0] *= y;
}

size_t mpl__variable_level(const mpl__variable *v, const char *text, double number)
{
    bool is_there;
    const size_t at = level_place(v, text, number, &is_there);
    return is_there && !(v->values && isnan(number)) ? at : SIZE_MAX;
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
    size_t *const level = MPL_NEW(mk->keep, size_t, f->n_variables);
    if (!level)
        return no_memory(mk);
    memcpy(level, levels, f->n_variables * sizeof *level);
    for (size_t i = 0; i < f->n_variables; i++) {
        const mpl__variable *const v = &f->variables[i];
        if (!(f->terms[term] >> i & 1))
            continue;
        mpl__text_add(&name, name.size ? ":" : "");
        mpl__text_add(&name, v->name);
        if (v->is_factor)
            mpl__text_format(&name, "=%s", v->levels[level[i]]);
        else if (v->n_basis > 1)
            mpl__text_format(&name, "%zu", level[i] + 1);
    }
    *c = (mpl__design_column){ .term = term, .variables = f->terms[term], .level = level };
    c->name = name.failed ? NULL : mpl__arena_copy(mk->keep, name.data);
    mpl__text_free(&name);
    if (!c->name)
        return no_memory(mk);
    mk->n++;
    return MPL_OK;
}

/* Every combination of the levels that have an indicator, and of columns of a basis, the first changing fastest. */
static mpl_status add_term(maker *mk, size_t term)
{
    const mpl__formula *const f = mk->formula;
    size_t level[MPL__MOST_VARIABLES] = { 0 }, count[MPL__MOST_VARIABLES], n_columns = 1;
    bool contrast[MPL__MOST_VARIABLES] = { false };
    for (size_t i = 0; i < f->n_variables; i++) {
        const mpl__variable *const v = &f->variables[i];
        const bool is_in = f->terms[term] >> i & 1;
        count[i] = !is_in ? 1 : v->is_factor ? v->n_levels : v->n_basis;
        contrast[i] = is_in && v->is_factor && is_contrast(mk, f->terms[term], i);
        n_columns *= count[i];
        if (n_columns > MOST_COLUMNS || mk->n + n_columns > MOST_COLUMNS)
            return too_many(mk);
    }
    for (size_t done = 0; done < n_columns; done++) {
        bool is_reference = false;
        size_t rest = done;
        for (size_t i = 0; i < f->n_variables; i++) {
            level[i] = rest % count[i];
            rest /= count[i];
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
        if (!v->is_factor || v->n_levels > 1)
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
    mk->columns = MPL_NEW(mk->keep, mpl__design_column, MOST_COLUMNS);
    if (!mk->columns)
        return no_memory(mk);
    for (size_t i = 0; i < f->n_variables; i++)
        MPL_TRY(f->variables[i].is_factor ? learn_levels(mk, &f->variables[i], &mk->values[i])
                                          : learn_numbers(mk, &f->variables[i], &mk->values[i]));
    MPL_TRY(check_levels(mk));
    if (f->has_intercept)
        mk->columns[mk->n++] = (mpl__design_column){ .name = "intercept", .term = SIZE_MAX };
    for (size_t t = 0; t < f->n_terms; t++)
        MPL_TRY(add_term(mk, t));
    return MPL_OK;
}

/* ---- values of columns */

static void fill_column(const maker *mk, const mpl__design_column *c, double *x)
{
    const size_t k = mk->effects->k;
    for (size_t i = 0; i < k; i++)
        x[i] = 1;
    for (size_t j = 0; j < mk->formula->n_variables; j++) {
        if (!(c->variables >> j & 1))
            continue;
        const values *const v = &mk->values[j];
        const size_t level = c->level[j];
        for (size_t i = 0; i < k; i++)
            x[i] *= v->level ? (double)(v->level[i] == level) : v->number[level * k + i];
    }
}

static mpl_status fill_columns(const maker *mk, double **out)
{
    const size_t k = mk->effects->k;
    double *const x = MPL_NEW(mk->scratch, double, k * mk->n);
    if (!x)
        return no_memory(mk);
    for (size_t j = 0; j < mk->n; j++) {
        fill_column(mk, &mk->columns[j], x + j * k);
        for (size_t i = 0; i < k; i++)
            if (!isfinite(x[j * k + i]))
                return mpl__fail(mk->err, MPL_ERR_NUMERIC, "'%s' is not finite", mk->columns[j].name);
    }
    *out = x;
    return MPL_OK;
}

static double value_at(const mpl__formula *f, const mpl__design_column *c, const mpl__cell *cells)
{
    double x = 1;
    for (size_t i = 0; i < f->n_variables; i++)
        if (c->variables >> i & 1)
            x *= f->variables[i].is_factor ? cells[i].level == c->level[i] : cells[i].number[c->level[i]];
    return x;
}

bool mpl__formula_row(const mpl__formula *formula, const mpl__model_matrix *matrix, const mpl__cell *cells, double *x)
{
    bool is_known = true;
    for (size_t j = 0; j < matrix->design.n_cols; j++)
        x[j] = value_at(formula, &matrix->columns[j], cells);
    for (size_t d = 0; d < matrix->n_dropped; d++) {
        const mpl__dropped_column *const out = &matrix->dropped[d];
        const double want = value_at(formula, &out->column, cells);
        double sum = 0, size = fabs(want);
        for (size_t j = 0; j < matrix->design.n_cols; j++) {
            sum += out->part[j] * x[j];
            size += fabs(out->part[j] * x[j]);
        }
        is_known = is_known && fabs(sum - want) <= 1e-8 * size;
    }
    return is_known;
}

static mpl_status check_count(const maker *mk)
{
    if (mk->effects->k > mk->n || (mk->formula->may_be_saturated && mk->effects->k == mk->n))
        return MPL_OK;
    if (mk->formula->may_be_saturated)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "%zu studies cannot estimate %zu coefficients", mk->effects->k,
                         mk->n);
    return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "the model has %zu coefficient%s and %zu stud%s: nothing is left to "
                     "estimate the variation between studies from", mk->n, mk->n == 1 ? "" : "s", mk->effects->k,
                     mk->effects->k == 1 ? "y" : "ies");
}

/* The design, row by row. */
static mpl_status transpose(const maker *mk, const double *from, mpl__model_matrix *out)
{
    const size_t k = mk->effects->k, n = mk->n;
    double *const x = MPL_NEW(mk->keep, double, k * n);
    const char **const terms = MPL_NEW(mk->keep, const char *, n);
    if (!x || !terms)
        return no_memory(mk);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < n; j++)
            x[i * n + j] = from[j * k + i];
    for (size_t j = 0; j < n; j++)
        terms[j] = mk->columns[j].name;
    *out = (mpl__model_matrix){ .design = { k, n, x, terms }, .columns = mk->columns,
                                .has_constant = mk->formula->has_intercept || mk->has_dummies };
    return MPL_OK;
}

mpl_status mpl__formula_design(mpl__formula *formula, const mpl_effects *effects, bool drop_redundant,
                               mpl__arena *keep, mpl__arena *scratch, mpl__notes *notes, mpl__model_matrix *out,
                               mpl_error *err)
{
    maker mk = { .formula = formula, .effects = effects, .keep = keep, .scratch = scratch, .notes = notes,
                 .drop = drop_redundant, .err = err };
    if (effects->k < 2)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "a regression needs at least %d studies; there %s %zu",
                         formula->may_be_saturated ? 2 : 3, effects->k == 1 ? "is" : "are", effects->k);
    MPL_TRY(list_columns(&mk));
    if (!drop_redundant)
        MPL_TRY(check_count(&mk));
    double *x = NULL;
    MPL_TRY(fill_columns(&mk, &x));
    mpl__candidates c = { .k = effects->k, .n = mk.n, .columns = mk.columns, .x = x, .drop = drop_redundant,
                          .option = formula->option, .keep = keep, .scratch = scratch, .notes = notes, .err = err };
    MPL_TRY(mpl__choose_columns(&c));
    mk.n = c.n;
    if (!formula->allows_none && mk.n <= formula->has_intercept)
        return mpl__fail(err, MPL_ERR_NUMERIC, "no moderator is left in the model");
    MPL_TRY(check_count(&mk));
    MPL_TRY(transpose(&mk, x, out));
    out->dropped = c.dropped;
    out->n_dropped = c.n_dropped;
    return MPL_OK;
}
