/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A regression along one moderator, the others held where they are told to or at their mean. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "model/regress_impl.h"

enum { DEFAULT_POINTS = 50, MOST_POINTS = 10000, MOST_PARTS = 64 };

typedef struct maker {
    const mpl__regression *own;
    const char *option; /* that holds `along`, for messages */
    mpl__arena *keep, *scratch;
    mpl_curve *curve;
    const mpl_column *along, *by;
    mpl__point held; /* what is named with a value */
    mpl_error *err;
} maker;

static mpl_status no_memory(const maker *mk)
{
    return mpl__fail_nomem(mk->err, "the curve");
}

/* "a, b, c=1, d=x": names to the columns, the rest to `held`. */
static mpl_status read_along(maker *mk, const char *text)
{
    const mpl_dataset *const data = mk->own->data;
    mpl__text values = { 0 };
    mpl_status s = MPL_OK;
    size_t named = 0;
    for (const char *p = text; s == MPL_OK && p; p = *p ? p + 1 : NULL) {
        const char *const start = p + strspn(p, " \t\r\n");
        const size_t n = strcspn(start, ",");
        p = start + n;
        if (memchr(start, '=', n)) {
            mpl__text_add(&values, values.size ? "," : "");
            mpl__text_addn(&values, start, n);
        } else {
            size_t length = n;
            while (length > 0 && strchr(" \t\r\n", start[length - 1]))
                length--;
            const bool is_quoted = length > 1 && *start == '`' && start[length - 1] == '`';
            const char *const name = mpl__arena_copyn(mk->scratch, start + is_quoted, length - 2 * is_quoted);
            s = !name ? no_memory(mk)
                : named > 1 ? mpl__fail(mk->err, MPL_ERR_ARG, "%s: at most one column and one factor", mk->option)
                            : mpl__within(mk->err, mpl_dataset_get(data, name, named ? &mk->by : &mk->along, mk->err),
                                          "%s", mk->option);
            named++;
        }
        if (!*p)
            break;
    }
    if (s == MPL_OK && values.failed)
        s = no_memory(mk);
    if (s == MPL_OK && values.data) {
        const mpl__point *points;
        size_t n;
        s = mpl__points_read(values.data, mk->option, data, mk->scratch, &n, &points, mk->err);
        if (s == MPL_OK)
            mk->held = points[0];
    }
    mpl__text_free(&values);
    if (s == MPL_OK && !mk->along)
        s = mpl__fail(mk->err, MPL_ERR_ARG, "%s: name the column to go along", mk->option);
    return s;
}

/* The first variable made from a column, as a number or as a factor; f may be NULL. */
static const mpl__variable *variable_of(const mpl__formula *f, const mpl_column *column, bool is_factor)
{
    for (size_t i = 0; f && i < f->n_variables; i++)
        if (f->variables[i].column == column && f->variables[i].is_factor == is_factor)
            return &f->variables[i];
    return NULL;
}

/* The first column that enters as a number. */
static mpl_status find_along(maker *mk)
{
    const mpl__formula *const f = mk->own->formula;
    for (size_t i = 0; i < f->n_variables && !mk->along; i++)
        if (!f->variables[i].is_factor)
            mk->along = f->variables[i].column;
    if (mk->along)
        return MPL_OK;
    return mpl__fail(mk->err, MPL_ERR_ARG, "no column of numbers is in the model: there is nothing to draw a "
                     "line along");
}

static mpl_status check(const maker *mk)
{
    const mpl__formula *const f = mk->own->formula, *const scale = mk->own->scale_formula;
    char shown[MPL_SHOWN_SIZE];
    if (!(variable_of(f, mk->along, false) || variable_of(scale, mk->along, false)) ||
        variable_of(f, mk->along, true) || variable_of(scale, mk->along, true))
        return mpl__fail(mk->err, MPL_ERR_ARG, "%s: '%s' is no number of the model", mk->option,
                         mpl_text_to_shown(mk->along->name, shown));
    if (mk->by && !variable_of(f, mk->by, true) && !variable_of(scale, mk->by, true))
        return mpl__fail(mk->err, MPL_ERR_ARG, "%s: '%s' is no factor of the model", mk->option,
                         mpl_text_to_shown(mk->by->name, shown));
    for (size_t i = 0; i < mk->held.n; i++) {
        const mpl_column *const column = mk->held.settings[i].column;
        if (column == mk->along || column == mk->by)
            return mpl__fail(mk->err, MPL_ERR_ARG, "%s: '%s' is both varied and held", mk->option,
                             mpl_text_to_shown(column->name, shown));
        if (!mpl__formula_uses(f, column) && !(scale && mpl__formula_uses(scale, column)))
            return mpl__fail(mk->err, MPL_ERR_ARG, "%s: column '%s' is not in the model", mk->option,
                             mpl_text_to_shown(column->name, shown));
    }
    return MPL_OK;
}

/* "year = 1966.23 (mean), alloc in the proportions of the studies"; what `before` has is told already. */
static void describe_formula(const maker *mk, const mpl__formula *f, const mpl__formula *before, mpl__text *t)
{
    for (size_t i = 0; f && i < f->n_variables; i++) {
        const mpl__variable *const v = &f->variables[i];
        size_t s = 0;
        bool is_told = v->column == mk->along || v->column == mk->by ||
                       (before && mpl__formula_uses(before, v->column));
        for (size_t j = 0; j < i; j++)
            is_told |= f->variables[j].column == v->column;
        if (is_told)
            continue;
        while (s < mk->held.n && mk->held.settings[s].column != v->column)
            s++;
        mpl__text_format(t, "%s%s", t->size ? ", " : "", v->column->name);
        if (s < mk->held.n) {
            mpl__text_format(t, " = %s", mk->held.settings[s].text);
        } else if (v->is_factor) {
            mpl__text_add(t, " in the proportions of the studies");
        } else {
            char mean[350];
            mpl__number_significant(v->mean, 6, mean);
            mpl__text_format(t, " = %s (mean)", mean);
        }
    }
}

static mpl_status describe_held(maker *mk)
{
    mpl__text t = { 0 };
    describe_formula(mk, mk->own->formula, NULL, &t);
    describe_formula(mk, mk->own->scale_formula, mk->own->formula, &t);
    mk->curve->held = t.failed ? NULL : mpl__arena_copy(mk->keep, t.data ? t.data : "");
    mpl__text_free(&t);
    return mk->curve->held ? MPL_OK : no_memory(mk);
}

/* A formula on the way along the curve. */
typedef struct track {
    const mpl__formula *f; /* NULL = none */
    const mpl__model_matrix *matrix;
    mpl__cell cells[MPL__MOST_VARIABLES];
    uint32_t held;
    double *x, *row;       /* [n_cols] */
    bool is_known;
} track;

static mpl_status start_track(const maker *mk, const mpl__formula *f, const mpl__model_matrix *matrix, track *t)
{
    mpl__cell start[MPL__MOST_VARIABLES];
    t->f = f;
    t->matrix = matrix;
    t->x = MPL_NEW(mk->scratch, double, matrix->design.n_cols);
    t->row = MPL_NEW(mk->scratch, double, matrix->design.n_cols);
    if (!t->x || !t->row)
        return no_memory(mk);
    mpl__reference_cells(f, start);
    MPL_TRY(mpl__point_cells(f, mk->option, &mk->held, start, t->cells, mk->err));
    for (size_t j = 0; j < f->n_variables; j++) {
        bool is_held = f->variables[j].column == mk->along || f->variables[j].column == mk->by;
        for (size_t s = 0; s < mk->held.n; s++)
            is_held |= f->variables[j].column == mk->held.settings[s].column;
        t->held |= (uint32_t)is_held << j;
    }
    return MPL_OK;
}

static mpl_status move_track(const maker *mk, track *t, double x, const mpl__variable *by, size_t level)
{
    for (size_t j = 0; j < t->f->n_variables; j++)
        if (t->f->variables[j].column == mk->along)
            mpl__variable_numbers(&t->f->variables[j], x, t->cells[j].number);
    if (by)
        (void)mpl__hold_level(t->f, by, level, t->cells);
    return mpl__average_row(mk->own, t->f, t->matrix, t->cells, t->held, false, t->row, t->x, &t->is_known, mk->err);
}

static mpl_status fill_point(const maker *mk, track *location, track *scale, const mpl__variable *by, size_t level,
                             const mpl__pi_def *pi, mpl_curve_point *to)
{
    const mpl__regression *const own = mk->own;
    double tau2 = own->fit->tau2;
    to->group = by ? by->levels[level] : NULL;
    MPL_TRY(move_track(mk, location, to->x, by, level));
    if (scale->f) {
        MPL_TRY(move_track(mk, scale, to->x, by, level));
        tau2 = mpl__scale_row(own->scale, scale->x, scale->is_known, NULL).tau2;
    }
    to->at = mpl__predict_row(own->fit, pi, tau2, NULL, location->x, location->is_known);
    return MPL_OK;
}

static mpl_status fill(maker *mk, size_t n)
{
    const mpl__regression *const own = mk->own;
    const mpl__variable *by = mk->by ? variable_of(own->formula, mk->by, true) : NULL;
    const mpl__pi_def *pi;
    double lo = INFINITY, hi = -INFINITY;
    if (mk->by && !by)
        by = variable_of(own->scale_formula, mk->by, true);
    const size_t groups = by ? by->n_levels : 1;
    if (groups * n > 100 * MOST_POINTS)
        return mpl__fail(mk->err, MPL_ERR_LIMIT, "%s: more than %d points", mk->option, 100 * MOST_POINTS);
    mpl_curve_point *const points = MPL_NEW(mk->keep, mpl_curve_point, groups * n);
    track *const location = MPL_NEW(mk->scratch, track, 1), *const scale = MPL_NEW(mk->scratch, track, 1);
    if (!points || !location || !scale)
        return no_memory(mk);
    MPL_TRY(mpl__pi_find(own->fit->options.pi, &pi, mk->err));
    MPL_TRY(start_track(mk, own->formula, &own->matrix, location));
    if (own->scale_formula)
        MPL_TRY(start_track(mk, own->scale_formula, mpl__scale_matrix(own->scale), scale));
    for (size_t i = 0; i < own->all.effects->k; i++) {
        lo = fmin(lo, mk->along->number[own->all.effects->index[i]]);
        hi = fmax(hi, mk->along->number[own->all.effects->index[i]]);
    }
    for (size_t i = 0; i < groups * n; i++) {
        const double part = (double)(i % n) / (double)(n - 1);
        points[i].x = i % n == n - 1 ? hi : lo + part * (hi - lo);
        MPL_TRY(fill_point(mk, location, scale, by, i / n, pi, &points[i]));
    }
    mk->curve->points = points;
    mk->curve->n = groups * n;
    return MPL_OK;
}

static mpl_status run(maker *mk, const char *along, size_t n)
{
    if (n == 0)
        n = DEFAULT_POINTS;
    if (n < 2 || n > MOST_POINTS)
        return mpl__fail(mk->err, MPL_ERR_ARG, "a curve has 2 to %d points", MOST_POINTS);
    MPL_TRY(along ? read_along(mk, along) : find_along(mk));
    MPL_TRY(check(mk));
    mk->curve->column = mpl__arena_copy(mk->keep, mk->along->name);
    mk->curve->by = mpl__arena_copy(mk->keep, mk->by ? mk->by->name : NULL);
    if (!mk->curve->column || (mk->by && !mk->curve->by))
        return no_memory(mk);
    MPL_TRY(describe_held(mk));
    return fill(mk, n);
}

mpl_status mpl_curve_new(const mpl_regression *regression, const char *along, size_t n, mpl_curve **out, mpl_error *err)
{
    return mpl__curve_new(regression, along, "--predict-grid", n, out, err);
}

mpl_status mpl__curve_new(const mpl_regression *regression, const char *along, const char *option, size_t n,
                          mpl_curve **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_curve *const curve = MPL_NEW(keep, mpl_curve, 1);
    mpl_status s = MPL_ERR_NOMEM;
    if (curve && scratch) {
        maker mk = { .own = (const mpl__regression *)regression, .option = option, .keep = keep,
                     .scratch = scratch, .curve = curve, .err = err };
        curve->arena = keep;
        s = run(&mk, along, n);
    } else {
        s = mpl__fail_nomem(err, "the curve");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = curve;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_curve_free(mpl_curve *curve)
{
    if (curve)
        mpl__arena_free(curve->arena);
}
