/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns of a design say something that those before them do not, and what the others are made of. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/formula.h"
#include "num/linalg.h"

/* Columns of which less than this is left beside those before them: as in problem.c; and what deserves a note. */
static const double RANK_TOLERANCE = 1e-11, NEAR_TOLERANCE = 1e-6;

/* Orthonormal basis of the columns kept so far, which are the first n. */
typedef struct basis {
    size_t n, room;
    double *q, *lower, *length, *coef; /* [k x n], [n x n] with stride `room`, [n], [n] */
} basis;

static mpl_status no_memory(const mpl__candidates *c)
{
    return mpl__fail_nomem(c->err, "the design");
}

/* "x2 is a combination of intercept, x1": the columns before it that have a part in column = basis coef. */
static void explain(const mpl__candidates *c, basis *bs, const char *name, double length, mpl__text *out)
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
    for (size_t i = 0; i < bs->n; i++) {
        if (fabs(b[i]) * bs->length[i] > 1e-7 * length) {
            mpl__text_format(&t, "%s'%s'", listed++ ? ", " : "", c->columns[i].name);
            is_only_intercept &= c->columns[i].term == SIZE_MAX;
        } else {
            b[i] = 0;
        }
    }
    if (length == 0)
        mpl__text_format(out, "'%s' is 0 in every study", name);
    else if (is_only_intercept)
        mpl__text_format(out, "'%s' is constant", name);
    else
        mpl__text_format(out, "'%s' is a combination of %s", name, t.data ? t.data : "the others");
    out->failed |= t.failed;
    mpl__text_free(&t);
}

/* Adds column j to the basis if it is none of these: says in `why` what it is otherwise, also if it is all 0. */
static void extend(const mpl__candidates *c, basis *bs, size_t j, bool *is_empty, mpl__text *why)
{
    const size_t k = c->k;
    const double *const x = c->x + j * k;
    double *const q = bs->q + bs->n * k, *const row = bs->lower + bs->n * bs->room;
    double most = 0;
    for (size_t i = 0; i < k; i++)
        most = fmax(most, fabs(x[i]));
    for (size_t i = 0; i < k; i++)
        q[i] = most > 0 ? x[i] / most : 0;
    *is_empty = most == 0;
    const double length = sqrt(mpl__dot(q, q, k));
    mpl__project_out(bs->q, k, bs->n, q, bs->coef);
    const double left = sqrt(mpl__dot(q, q, k));
    if (!(left > RANK_TOLERANCE * length)) {
        for (size_t i = 0; i < bs->n; i++)
            bs->coef[i] *= most;
        explain(c, bs, c->columns[j].name, length * most, why);
        return;
    }
    if (left < NEAR_TOLERANCE * length)
        mpl__note_add(c->notes, "near-redundant", "'%s' is nearly a combination of the other columns: its "
                                                  "coefficient has lost digits; center() may help",
                      c->columns[j].name);
    for (size_t i = 0; i < k; i++)
        q[i] /= left;
    for (size_t i = 0; i < bs->n; i++)
        row[i] = bs->coef[i] * most;
    row[bs->n] = left * most;
    bs->length[bs->n] = length * most;
    if (bs->n != j) {
        c->columns[bs->n] = c->columns[j];
        memcpy(c->x + bs->n * k, x, k * sizeof *x);
    }
    bs->n++;
}

static mpl_status drop(mpl__candidates *c, const basis *bs, size_t j, bool is_empty, const char *why)
{
    const uint32_t variables = c->columns[j].variables;
    if (!c->drop && !(is_empty && (variables & (variables - 1)))) /* a combination of levels that no study has */
        return mpl__fail(c->err, MPL_ERR_NUMERIC, "%s; take it out of %s, or give --drop-redundant", why, c->option);
    double *const part = MPL_NEW(c->keep, double, bs->room);
    if (!part)
        return no_memory(c);
    memcpy(part, bs->coef, bs->n * sizeof *part);
    c->dropped[c->n_dropped++] = (mpl__dropped_column){ c->columns[j], part };
    mpl__note_add(c->notes, "redundant-dropped", "left out of the model: %s", why);
    return MPL_OK;
}

mpl_status mpl__choose_columns(mpl__candidates *c)
{
    const size_t k = c->k, room = (c->n < k ? c->n : k) + 1;
    basis bs = { .q = MPL_NEW(c->scratch, double, k * room), .lower = MPL_NEW(c->scratch, double, room * room),
                 .length = MPL_NEW(c->scratch, double, room), .coef = MPL_NEW(c->scratch, double, room),
                 .room = room };
    c->dropped = MPL_NEW(c->keep, mpl__dropped_column, c->n);
    if (!bs.q || !bs.lower || !bs.length || !bs.coef || !c->dropped)
        return no_memory(c);
    for (size_t j = 0; j < c->n; j++) {
        mpl__text why = { 0 };
        bool is_empty;
        extend(c, &bs, j, &is_empty, &why);
        const mpl_status s = why.failed ? no_memory(c) : why.data ? drop(c, &bs, j, is_empty, why.data) : MPL_OK;
        mpl__text_free(&why);
        if (s != MPL_OK)
            return s;
    }
    c->n = bs.n;
    return MPL_OK;
}
