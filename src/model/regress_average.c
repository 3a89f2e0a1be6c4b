/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The model's row averaged over factors: over all combinations of their levels, each counting the same, or as the
 * studies have them (Searle, Speed & Milliken 1980, Am Stat 34:216-221).
 */
#include <string.h>

#include "base/error.h"
#include "model/regress_impl.h"

enum { MOST_CELLS = 100000 };

void mpl__reference_cells(const mpl__formula *formula, mpl__cell *cells)
{
    for (size_t i = 0; i < formula->n_variables; i++) {
        const mpl__variable *const v = &formula->variables[i];
        cells[i].level = v->base;
        if (!v->is_factor)
            mpl__variable_numbers(v, v->mean, cells[i].number);
    }
}

static bool varies(const mpl__formula *f, size_t j, uint32_t held)
{
    return f->variables[j].is_factor && !(held >> j & 1);
}

/* The levels that study i has of the factors that vary. */
static void cells_of_study(const mpl__regression *own, const mpl__formula *f, uint32_t held, size_t i,
                           mpl__cell *cells)
{
    const size_t row = own->all.effects->index[i];
    for (size_t j = 0; j < f->n_variables; j++) {
        const mpl__variable *const v = &f->variables[j];
        if (varies(f, j, held))
            cells[j].level = mpl__variable_level(v, v->column->text[row], v->values ? v->column->number[row] : 0);
    }
}

/* The next combination of levels; false after the last. */
static bool next_cells(const mpl__formula *f, uint32_t held, mpl__cell *cells)
{
    for (size_t j = 0; j < f->n_variables; j++) {
        if (!varies(f, j, held))
            continue;
        if (++cells[j].level < f->variables[j].n_levels)
            return true;
        cells[j].level = 0;
    }
    return false;
}

mpl_status mpl__average_row(const mpl__regression *own, const mpl__formula *f, const mpl__model_matrix *matrix,
                            const mpl__cell *start, uint32_t held, bool is_equal, double *row, double *x,
                            bool *is_known, mpl_error *err)
{
    const size_t p = matrix->design.n_cols;
    mpl__cell cells[MPL__MOST_VARIABLES];
    size_t n = 0, n_vary = 0, wanted;
    memcpy(cells, start, f->n_variables * sizeof *cells);
    for (size_t j = 0; j < f->n_variables; j++)
        if (varies(f, j, held)) {
            cells[j].level = 0;
            n_vary++;
        }
    wanted = n_vary > 0 && !is_equal ? own->all.effects->k : 1;
    memset(x, 0, p * sizeof *x);
    *is_known = true;
    for (bool goes_on = true; goes_on; n++) {
        if (n == MOST_CELLS && is_equal)
            return mpl__fail(err, MPL_ERR_LIMIT, "the other factors have more than %d combinations of levels",
                             MOST_CELLS);
        if (n_vary > 0 && !is_equal)
            cells_of_study(own, f, held, n, cells);
        *is_known = mpl__formula_row(f, matrix, cells, row) && *is_known;
        for (size_t j = 0; j < p; j++)
            x[j] += row[j];
        goes_on = is_equal ? next_cells(f, held, cells) : n + 1 < wanted;
    }
    for (size_t j = 0; j < p; j++)
        x[j] /= (double)n;
    return MPL_OK;
}

uint32_t mpl__hold_level(const mpl__formula *f, const mpl__variable *factor, size_t level, mpl__cell *cells)
{
    uint32_t held = 0;
    for (size_t j = 0; j < f->n_variables; j++) {
        const mpl__variable *const v = &f->variables[j];
        if (v->column != factor->column)
            continue;
        if (v->is_factor)
            cells[j].level = mpl__variable_level(v, factor->levels[level], factor->values ? factor->values[level] : 0);
        else if (factor->values && v != factor)
            mpl__variable_numbers(v, factor->values[level], cells[j].number);
        held |= (uint32_t)1 << j;
    }
    return held;
}
