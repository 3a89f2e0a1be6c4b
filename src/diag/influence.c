/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Case diagnostics from one refit for each study. With b and V the coefficients and their covariance under the test in
 * force and (-i) for the fit without study i, Cook's distance is (b - b(-i))' V^-1 (b - b(-i)), the covariance ratio
 * det V(-i)/det V, and DFBETAS are the changes in units of standard errors that all studies would have with the tau2
 * found without study i (Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125).
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/note.h"
#include "base/text.h"
#include "diag/diagnostic.h"
#include "diag/refit.h"
#include "model/fit_impl.h"
#include "num/chol.h"

typedef struct maker {
    const mpl_effects *effects;
    const mpl_design *design;
    const mpl_fit *fit;
    mpl__arena *keep, *scratch;
    mpl_influence *own;
    mpl_influence_row *rows;
    mpl__refitter refitter;
    mpl__problem pb; /* of all studies */
    mpl__notes notes;
    size_t n_diagnostics;
    double *root;    /* [p x p] Cholesky factor of the covariance, its diagonal scaled to 1 */
    double log_det;  /* of the covariance */
    double *beta, *vb, *work, *one; /* [p], [p x p], [p x p], [p] */
    double *unscaled; /* [p x p] covariance before the test's factor */
    mpl_error *err;
} maker;

const mpl_option *mpl_influence_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "threshold", MPL_MEMBER(MAYBE, mpl_influence_options, threshold), .arg = "VALUE",
          .help = "the effect, as it is shown, that a decision hangs on; else no effect", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

static mpl_status no_memory(const maker *mk)
{
    return mpl__fail_nomem(mk->err, "the diagnostics");
}

/* ---- covariances */

/* Factor of a covariance with unit diagonal, and the logarithm of its determinant; NaN if it is not positive. */
static double factorise(const mpl_fit *fit, double *root)
{
    const size_t p = fit->p;
    double log_det = 0;
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++)
            root[i * p + j] = fit->vb[i * p + j] / (fit->terms[i].se * fit->terms[j].se);
        log_det += 2 * log(fit->terms[i].se);
    }
    if (!isfinite(log_det) || !mpl__cholesky(root, p))
        return (double)NAN;
    for (size_t j = 0; j < p; j++)
        log_det += 2 * log(root[j * p + j]);
    return log_det;
}

static double cook(const maker *mk, const mpl_fit *without)
{
    const size_t p = mk->fit->p;
    double sum = 0;
    if (isnan(mk->log_det))
        return (double)NAN;
    for (size_t j = 0; j < p; j++)
        mk->beta[j] = (mk->fit->terms[j].estimate - without->terms[j].estimate) / mk->fit->terms[j].se;
    mpl__lower_solve(mk->root, p, mk->beta);
    for (size_t j = 0; j < p; j++)
        sum += mk->beta[j] * mk->beta[j];
    return sum;
}

/* b'Ab */
static double form(const double *a, const double *b, size_t p)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            sum += b[i] * b[j] * a[i * p + j];
    return sum;
}

/* ---- one study */

static void compute_dfbetas(maker *mk, const mpl_fit *without, double *out)
{
    const size_t p = mk->fit->p;
    const double t = mpl__variance_scaled(&mk->pb, isnan(without->tau2) ? mk->fit->tau2 : without->tau2);
    for (size_t j = 0; j < p; j++)
        out[j] = (double)NAN;
    if (mk->refitter.is_by_counts || isnan(t) || (t == 0 && mk->pb.n_zero > 0))
        return;
    const mpl__at at = mpl__evaluate(&mk->pb, t);
    mpl__coefficients(&mk->pb, &at, mk->beta, mk->vb);
    for (size_t j = 0; j < p; j++)
        out[j] = (mk->fit->terms[j].estimate - without->terms[j].estimate) /
                 sqrt(without->vb_factor * mk->vb[j * p + j]);
}

static void describe_without(maker *mk, const mpl_fit *without, double *dfbetas, mpl__deletion *d)
{
    const size_t p = mk->fit->p;
    d->without = without;
    d->tau2_del = isnan(without->tau2) ? 0 : without->tau2;
    d->fitted_del = 0;
    for (size_t j = 0; j < p; j++)
        d->fitted_del += d->x[j] * without->terms[j].estimate;
    d->var_fitted_del = form(without->vb, d->x, p);
    d->log_det_ratio = factorise(without, mk->work) - mk->log_det;
    d->cook = cook(mk, without);
    compute_dfbetas(mk, without, dfbetas);
}

static mpl__deletion describe(maker *mk, size_t u, const mpl_influence_row *row, double *dfbetas)
{
    const double none = (double)NAN;
    const mpl_fit *const fit = mk->fit;
    const size_t i = row->effect;
    mpl__deletion d = { .fit = fit, .yi = none, .vi = none, .weight = none, .hat = none, .fitted = none,
                        .tau2 = isnan(fit->tau2) ? 0 : fit->tau2, .tau2_del = none, .fitted_del = none,
                        .var_fitted_del = none, .cook = none, .log_det_ratio = none, .dfbetas = dfbetas,
                        .x = mk->design ? mk->design->x + u * fit->p : mk->one };
    for (size_t j = 0; j < fit->p; j++)
        dfbetas[j] = none;
    if (i != SIZE_MAX) {
        d.yi = mk->effects->yi[i];
        d.vi = mk->effects->vi[i];
        d.weight = fit->weights[i];
        d.fitted = mk->design ? fit->fitted[i] : fit->terms[0].estimate;
    }
    if (i != SIZE_MAX && !mk->refitter.is_by_counts)
        d.hat = form(mk->unscaled, d.x, fit->p) / (d.vi + d.tau2);
    return d;
}

/* ---- decisions */

static double includes(double lb, double ub, double value)
{
    return isnan(lb) || isnan(ub) || isnan(value) ? (double)NAN : lb <= value && value <= ub;
}

static void include(const maker *mk, const mpl_fit *fit, double *ci, double *pi)
{
    const mpl_measure *const m = mk->effects->measure;
    double x = fit->terms[0].estimate, lb = fit->terms[0].ci_lb, ub = fit->terms[0].ci_ub;
    mpl_measure_display_interval(m, fit->tau2, &x, &lb, &ub);
    *ci = includes(lb, ub, mk->own->threshold);
    x = (double)NAN;
    lb = fit->pi_lb;
    ub = fit->pi_ub;
    mpl_measure_display_interval(m, (double)NAN, &x, &lb, &ub);
    *pi = includes(lb, ub, mk->own->threshold);
}

static void add_word(mpl__text *t, const char *word, const char *between)
{
    if (t->size)
        mpl__text_add(t, between);
    mpl__text_add(t, word);
}

static const char *kept(const maker *mk, mpl__text *t)
{
    const char *const copy = t->failed ? NULL : mpl__arena_copyn(mk->keep, t->data ? t->data : "", t->size);
    mpl__text_free(t);
    return copy;
}

static bool differ(double a, double b)
{
    return !isnan(a) && !isnan(b) && a != b;
}

static mpl_status decide(maker *mk, mpl_influence_row *row)
{
    const mpl_fit *const all = mk->fit, *const without = row->without;
    mpl__text t = { 0 };
    row->ci_includes = row->pi_includes = (double)NAN;
    if (!without || (!mk->design && isnan(mk->own->threshold)))
        return MPL_OK;
    if (!mk->design) {
        include(mk, without, &row->ci_includes, &row->pi_includes);
        if (differ(row->ci_includes, mk->own->ci_includes))
            add_word(&t, "CI", ", ");
        if (differ(row->pi_includes, mk->own->pi_includes))
            add_word(&t, "PI", ", ");
    }
    for (size_t j = 0; mk->design && j < all->p; j++)
        if (differ(includes(all->terms[j].ci_lb, all->terms[j].ci_ub, 0),
                   includes(without->terms[j].ci_lb, without->terms[j].ci_ub, 0)))
            add_word(&t, all->terms[j].term, ", ");
    mk->own->n_changing += t.size > 0;
    row->changes = kept(mk, &t);
    return row->changes ? MPL_OK : no_memory(mk);
}

static mpl_status flag(maker *mk, mpl_influence_row *row)
{
    mpl__text t = { 0 };
    for (size_t j = 0; j < mk->n_diagnostics; j++)
        if (fabs(row->values[j]) > mk->own->limits[j])
            add_word(&t, mpl_diagnostic_method(j)->id, " ");
    mk->own->n_flagged += t.size > 0;
    row->flags = kept(mk, &t);
    return row->flags ? MPL_OK : no_memory(mk);
}

/* ---- all of it */

static mpl_status compute(maker *mk, size_t u)
{
    mpl_influence_row *const row = &mk->rows[u];
    const size_t p = mk->fit->p;
    double *const values = MPL_NEW(mk->keep, double, mk->n_diagnostics), *const dfbetas = MPL_NEW(mk->keep, double, p);
    if (!values || !dfbetas)
        return no_memory(mk);
    mpl__deletion d = describe(mk, u, row, dfbetas);
    if (row->without)
        describe_without(mk, row->without, dfbetas, &d);
    for (size_t j = 0; j < mk->n_diagnostics; j++)
        values[j] = ((const mpl_diagnostic *)(const void *)mpl_diagnostic_method(j))->compute(&d);
    row->values = values;
    row->dfbetas = dfbetas;
    MPL_TRY(flag(mk, row));
    return decide(mk, row);
}

static void add_notes(maker *mk)
{
    for (size_t u = 0; u < mk->own->k; u++) {
        const mpl_influence_row *const row = &mk->rows[u];
        if (!row->without)
            mpl__note_add_row(&mk->notes, "not-refitted", row->row, row->study, "cannot be left out: %s", row->why);
        else if (!row->without->converged)
            mpl__note_add_row(&mk->notes, "not-converged", row->row, row->study,
                              "without it the search for tau2 stopped before its bracket shrank to the tolerance");
        else if (row->without->n_maxima > 1)
            mpl__note_add_row(&mk->notes, "several-maxima", row->row, row->study,
                              "without it the likelihood has several local maxima in tau2; the highest is used");
    }
    if (mk->refitter.is_by_counts)
        mpl__note_add(&mk->notes, "no-hat-values",
                      "method %s pools counts: there are no hat values, DFFITS and DFBETAS, and residuals are in units "
                      "of the standard error of the study's own effect", mk->fit->options.method);
    if (isnan(mk->own->threshold) && !mk->design)
        mpl__note_add(&mk->notes, "no-threshold",
                      "the measure has no value of no effect, so decisions are not compared; --threshold gives one");
}

static mpl_status prepare(maker *mk, const mpl_influence_options *options)
{
    const size_t p = mk->fit->p;
    const mpl_measure *const measure = mk->effects->measure;
    double *const limits = MPL_NEW(mk->keep, double, mk->n_diagnostics);
    mk->own->options = options ? *options : (mpl_influence_options){ 0 };
    mk->root = MPL_NEW(mk->scratch, double, p * p);
    mk->work = MPL_NEW(mk->scratch, double, p * p);
    mk->vb = MPL_NEW(mk->scratch, double, p * p);
    mk->beta = MPL_NEW(mk->scratch, double, p);
    mk->one = MPL_NEW(mk->scratch, double, p);
    mk->unscaled = MPL_NEW(mk->scratch, double, p * p);
    if (!limits || !mk->root || !mk->work || !mk->vb || !mk->beta || !mk->one || !mk->unscaled)
        return no_memory(mk);
    mk->one[0] = 1;
    if (!mk->refitter.is_by_counts && !isnan(mk->fit->tau2)) {
        const mpl__at at = mpl__evaluate(&mk->pb, mpl__variance_scaled(&mk->pb, mk->fit->tau2));
        mpl__coefficients(&mk->pb, &at, mk->beta, mk->unscaled);
    }
    mk->log_det = factorise(mk->fit, mk->root);
    for (size_t j = 0; j < mk->n_diagnostics; j++) {
        const mpl_diagnostic *const def = (const void *)mpl_diagnostic_method(j);
        limits[j] = def->limit ? def->limit((double)mk->fit->k, (double)p) : (double)NAN;
    }
    mk->own->limits = limits;
    mk->own->threshold = isnan(measure->null_value) ? measure->null_value
                                                    : mpl_measure_display(measure, measure->null_value);
    if (mk->own->options.threshold.given && mk->design)
        return mpl__fail(mk->err, MPL_ERR_ARG, "a threshold is compared with the interval of a mean; this model has "
                         "moderators");
    if (mk->own->options.threshold.given)
        mk->own->threshold = mk->own->options.threshold.value;
    mk->own->ci_includes = mk->own->pi_includes = (double)NAN;
    if (!mk->design)
        include(mk, mk->fit, &mk->own->ci_includes, &mk->own->pi_includes);
    return MPL_OK;
}

static mpl_status run(maker *mk, const mpl_influence_options *options)
{
    mpl__refitter *const r = &mk->refitter;
    MPL_TRY(mpl__refitter_init(r, mk->effects, mk->design, mk->fit, mk->keep, mk->scratch, mk->err));
    if (r->n < 2)
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "a study can be left out of two or more; there is %zu", r->n);
    if (!r->is_by_counts)
        MPL_TRY(mpl__problem_init(&mk->pb, mk->scratch, mk->effects->yi, mk->effects->vi, mk->effects->slab,
                                  mk->effects->k, mk->design ? mk->design->x : NULL, mk->fit->p, NULL, mk->err));
    MPL_TRY(prepare(mk, options));
    bool *const used = MPL_NEW(mk->scratch, bool, r->n);
    mk->rows = MPL_NEW(mk->keep, mpl_influence_row, r->n);
    if (!used || !mk->rows)
        return no_memory(mk);
    memset(used, true, r->n);
    mk->own->rows = mk->rows;
    mk->own->k = r->n;
    for (size_t u = 0; u < r->n; u++) {
        mpl_influence_row *const row = &mk->rows[u];
        row->study = mpl__arena_copy(mk->keep, r->slab && r->slab[u] ? r->slab[u] : "");
        row->row = r->row ? r->row[u] : u + 1;
        row->effect = r->is_by_counts ? mk->effects->counts->effect[u] : u;
        if (!row->study)
            return no_memory(mk);
        used[u] = false;
        MPL_TRY(mpl__refit(r, used, &row->without, &row->why, mk->err));
        used[u] = true;
        MPL_TRY(compute(mk, u));
    }
    add_notes(mk);
    mk->own->notes = mk->notes.items;
    mk->own->n_notes = mk->notes.n;
    return mk->notes.failed ? no_memory(mk) : MPL_OK;
}

mpl_status mpl_influence_new(const mpl_effects *effects, const mpl_design *design, const mpl_fit *fit,
                             const mpl_influence_options *options, mpl_influence **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_influence *const own = MPL_NEW(keep, mpl_influence, 1);
    mpl_status s;
    if (own && scratch) {
        maker mk = { .effects = effects, .design = design, .fit = fit, .keep = keep, .scratch = scratch, .own = own,
                     .notes = { .arena = keep }, .err = err };
        while (mpl_diagnostic_method(mk.n_diagnostics))
            mk.n_diagnostics++;
        own->arena = keep;
        own->effects = effects;
        own->fit = fit;
        own->n_diagnostics = mk.n_diagnostics;
        s = run(&mk, options);
    } else {
        s = mpl__fail_nomem(err, "the diagnostics");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = own;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_influence_free(mpl_influence *influence)
{
    if (influence)
        mpl__arena_free(influence->arena);
}
