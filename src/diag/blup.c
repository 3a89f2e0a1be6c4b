/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shrunken effects. With yi = xi'beta + ui + ei the error of lambda yi + (1 - lambda) xi'b has two parts that are not
 * correlated, whatever the weights that b comes from: one of ui and ei, with variance lambda vi, and 1 - lambda times
 * that of xi'b. The error of the random part has variance lambda vi + lambda^2 xi'Vb xi.
 *
 * Raudenbush & Bryk 1985, J Educ Stat 10:75-98; Robinson 1991, Stat Sci 6:15-32.
 */
#include <metapool/blup.h>

#include <math.h>

#include "base/error.h"
#include "base/note.h"
#include "model/fit_impl.h"

static double quadratic(const double *vb, const double *x, size_t p)
{
    double sum = 0;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            sum += x[a] * x[b] * vb[a * p + b];
    return sum;
}

static mpl_blup_row shrink(const mpl_effects *es, const mpl_fit *fit, size_t i, const double *x, double fitted)
{
    const double vi = es->vi[i], tau2 = fit->tau2_i ? fit->tau2_i[i] : fit->tau2, all = tau2 + vi;
    const double own = all > 0 ? tau2 / all : 0, var_fitted = quadratic(fit->vb, x, fit->p);
    const double ranef = own * (es->yi[i] - fitted), df = mpl__fit_df(fit, x);
    const double se = sqrt(own * vi + (1 - own) * (1 - own) * var_fitted);
    const mpl_term effect = mpl__term_make(NULL, fitted + ranef, se, df, fit->level);
    const mpl_term part = mpl__term_make(NULL, ranef, sqrt(own * vi + own * own * var_fitted), df, fit->level);
    return (mpl_blup_row){ .study = es->slab[i], .row = es->row[i], .yi = es->yi[i], .vi = vi, .fitted = fitted,
                           .own = 100 * own, .estimate = effect.estimate, .se = effect.se, .ci_lb = effect.ci_lb,
                           .ci_ub = effect.ci_ub, .ranef = part.estimate, .ranef_se = part.se,
                           .ranef_lb = part.ci_lb, .ranef_ub = part.ci_ub };
}

static mpl_status check(const mpl_fit *fit, mpl_error *err)
{
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(fit->options.method, &method, err));
    if (method->pool)
        return mpl__fail(err, MPL_ERR_ARG, "method %s pools counts; shrunken effects are made from effects with "
                         "variances vi + tau2", method->method.id);
    if (isnan(fit->tau2) && !fit->tau2_i)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "tau2 is not estimable, and shrunken effects need it");
    if (fit->tau2 < 0)
        return mpl__fail(err, MPL_ERR_NUMERIC, "tau2 is negative; shrunken effects need it to be 0 or more");
    return MPL_OK;
}

static mpl_status fill(mpl_blup *b, const mpl_design *design, mpl_error *err)
{
    const double one = 1;
    const mpl_fit *const fit = b->fit;
    mpl__notes notes = { .arena = b->arena };
    mpl_blup_row *const rows = MPL_NEW(b->arena, mpl_blup_row, b->k);
    MPL_TRY(check(fit, err));
    if (!rows)
        return mpl__fail_nomem(err, "the shrunken effects");
    for (size_t i = 0; i < b->k; i++) {
        const double *const x = design ? design->x + i * fit->p : &one;
        const double fitted = design ? fit->fitted[i] : fit->terms[0].estimate;
        rows[i] = shrink(b->effects, fit, i, x, fitted);
    }
    if (fit->tau2 == 0)
        mpl__note_add(&notes, "no-heterogeneity", "tau2 is 0: the true effects are those that the model expects, and "
                      "nothing is left of the studies' own");
    b->rows = rows;
    b->notes = notes.items;
    b->n_notes = notes.n;
    return notes.failed ? mpl__fail_nomem(err, "the notes") : MPL_OK;
}

mpl_status mpl_blup_new(const mpl_effects *effects, const mpl_design *design, const mpl_fit *fit, mpl_blup **out,
                        mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new();
    mpl_blup *const b = MPL_NEW(keep, mpl_blup, 1);
    mpl_status s = MPL_ERR_NOMEM;
    if (b) {
        *b = (mpl_blup){ .effects = effects, .fit = fit, .k = effects->k, .arena = keep };
        s = fill(b, design, err);
    } else {
        (void)mpl__fail_nomem(err, "the shrunken effects");
    }
    if (s == MPL_OK)
        *out = b;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_blup_free(mpl_blup *blup)
{
    if (blup)
        mpl__arena_free(blup->arena);
}
