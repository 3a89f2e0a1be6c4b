/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Meta-regression: a fit on the design of a formula, beside the same studies without moderators.
 *
 * R2 = max(0, (tau2_0 - tau2)/tau2_0) with tau2_0 from the same method without moderators (Raudenbush 2009, in: The
 * Handbook of Research Synthesis, 2nd ed.; Lopez-Lopez et al. 2014, Br J Math Stat Psychol 67:30-48). Under equal
 * effects it is the adjusted R2 of the weighted regression. A term is tested by b'V^-1 b of its coefficients, against
 * chi-squared, or divided by their number against F where the test in force is a t test (Knapp & Hartung 2003).
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include <metapool/option.h>
#include "model/fit_impl.h"
#include "model/formula.h"
#include "num/chol.h"
#include "num/dist.h"

const mpl_option *mpl_regress_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "mods", MPL_MEMBER(TEXT, mpl_regress_options, mods), .arg = "FORMULA",
          .help = "the moderators, e.g. 'ablat + alloc', 'dose * source', 'ref(alloc, random) - 1'", .since = "0.1.0" },
        { .name = "predict", MPL_MEMBER(TEXT, mpl_regress_options, predict), .arg = "VALUES",
          .help = "predict at these values, e.g. 'ablat=30,alloc=random; ablat=50,alloc=random'", .since = "0.1.0" },
        { .name = "drop-redundant", MPL_MEMBER(FLAG, mpl_regress_options, drop_redundant),
          .help = "leave out columns that are combinations of others, instead of failing", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

/* The result and what it owns beside its arena. */
typedef struct owner {
    mpl_regression all;
    mpl_effects *effects;
    mpl_fit *fit, *baseline;
} owner;

typedef struct maker {
    const mpl_dataset *data;
    const mpl_fit_options *fit_options;
    mpl__arena *keep, *scratch;
    owner *own;
    mpl__formula *formula;
    mpl__model_matrix matrix;
    mpl__notes notes;
    bool failed; /* no memory for a reason */
    mpl_error *err;
} maker;

static mpl_status no_memory(const maker *mk)
{
    return mpl__fail_nomem(mk->err, "the regression");
}

/* ---- studies */

/* Rows that lack a moderator are excluded for it. */
static bool is_complete(void *ctx, size_t index, mpl_exclusion *why)
{
    maker *const mk = ctx;
    const mpl__variable *const v = mpl__formula_missing(mk->formula, index);
    if (!v)
        return true;
    why->line = mk->data->line ? mk->data->line[index] : 0;
    why->reason = mpl__arena_format(mk->keep, "%s is missing", v->column->name);
    mk->failed |= !why->reason;
    return false;
}

static mpl_status keep_complete(maker *mk, const mpl_effects *from)
{
    MPL_TRY(mpl_effects_subset(from, is_complete, mk, &mk->own->effects, mk->err));
    mk->own->all.effects = mk->own->effects;
    return mk->failed ? no_memory(mk) : MPL_OK;
}

/* The design as part of the result. */
static mpl_status keep_design(maker *mk)
{
    const mpl_design *const from = &mk->matrix.design;
    const size_t n = from->n_rows * from->n_cols;
    mpl_design *const design = MPL_NEW(mk->keep, mpl_design, 1);
    double *const x = MPL_NEW(mk->keep, double, n);
    const char **const terms = MPL_NEW(mk->keep, const char *, from->n_cols);
    if (!design || !x || !terms)
        return no_memory(mk);
    memcpy(x, from->x, n * sizeof *x);
    for (size_t j = 0; j < from->n_cols; j++)
        terms[j] = mk->own->fit->terms[j].term;
    *design = (mpl_design){ from->n_rows, from->n_cols, x, terms };
    mk->own->all.design = design;
    return MPL_OK;
}

/* ---- what a regression adds to a fit */

static void explained(maker *mk)
{
    mpl_regression *const r = &mk->own->all;
    const mpl_fit *const fit = r->fit, *const base = r->baseline;
    const double df = (double)(fit->k - fit->p), df0 = (double)(fit->k - 1);
    const mpl__method_def *method;
    r->r2 = r->lrt = r->lrt_df = r->lrt_pval = r->lrt_log_pval = NAN;
    if (mpl__method_find(fit->options.method, &method, NULL) != MPL_OK)
        return;
    if (method->is_common) {
        r->r2_definition = "1 - (QE/(k - p))/(Q/(k - 1)), at least 0";
        if (mk->matrix.has_constant)
            r->r2 = base->q > 0 ? 100 * fmax(0, 1 - (fit->q / df) / (base->q / df0)) : 0;
    } else {
        r->r2_definition = "1 - tau2/tau2 without moderators, at least 0";
        if (mk->matrix.has_constant && !fit->options.tau2.given)
            r->r2 = base->tau2 > 0 ? 100 * fmax(0, (base->tau2 - fit->tau2) / base->tau2) : 0;
    }
    if (!mk->matrix.has_constant || strcmp(fit->options.method, "ML") || fit->p == 1)
        return;
    r->lrt = fmax(0, 2 * (fit->ll - base->ll));
    r->lrt_df = (double)(fit->p - 1);
    r->lrt_pval = mpl__chisq_p(r->lrt, r->lrt_df, MPL__UPPER);
    r->lrt_log_pval = mpl__chisq_log_p(r->lrt, r->lrt_df, MPL__UPPER);
}

static mpl_status test_term(const maker *mk, mpl_moderator *m)
{
    const mpl_fit *const fit = mk->own->fit;
    const size_t n = m->n;
    double *const v = MPL_NEW(mk->scratch, double, n * n), *const b = MPL_NEW(mk->scratch, double, n);
    if (!v || !b)
        return no_memory(mk);
    m->q = m->df = m->df2 = m->pval = m->log_pval = NAN;
    if (n == 0)
        return MPL_OK;
    for (size_t i = 0; i < n; i++) {
        b[i] = fit->terms[m->first + i].estimate / fit->terms[m->first + i].se;
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = fit->vb[(m->first + i) * fit->p + m->first + j] /
                           (fit->terms[m->first + i].se * fit->terms[m->first + j].se);
    }
    m->df = (double)n;
    m->df2 = fit->terms[0].df;
    if (!mpl__cholesky(v, n))
        return MPL_OK;
    mpl__lower_solve(v, n, b);
    m->q = 0;
    for (size_t i = 0; i < n; i++)
        m->q += b[i] * b[i];
    const double f = m->q / m->df;
    if (isfinite(m->df2))
        m->q = f;
    m->pval = mpl__f_p(f, m->df, m->df2, MPL__UPPER);
    m->log_pval = mpl__f_log_p(f, m->df, m->df2, MPL__UPPER);
    return MPL_OK;
}

static mpl_status test_terms(maker *mk)
{
    const mpl__formula *const f = mk->formula;
    mpl_moderator *const all = MPL_NEW(mk->keep, mpl_moderator, f->n_terms);
    if (!all)
        return no_memory(mk);
    mk->own->all.moderators = all;
    mk->own->all.n_moderators = f->n_terms;
    for (size_t t = 0; t < f->n_terms; t++) {
        const char *name = NULL;
        for (size_t i = 0; i < f->n_variables; i++)
            if (f->terms[t] >> i & 1) {
                name = name ? mpl__arena_format(mk->keep, "%s:%s", name, f->variables[i].name)
                            : mpl__arena_copy(mk->keep, f->variables[i].name);
                if (!name)
                    return no_memory(mk);
            }
        all[t].term = name;
        for (size_t j = mk->matrix.design.n_cols; j-- > 0;)
            if (mk->matrix.columns[j].term == t) {
                all[t].first = j;
                all[t].n++;
            }
        MPL_TRY(test_term(mk, &all[t]));
    }
    return MPL_OK;
}

/* ---- predictions */

/* Half the prediction interval; NaN where the variant asked for has none. */
static double half_of_new(const maker *mk, const mpl__pi_def *pi, double se)
{
    const mpl_fit *const fit = mk->own->fit;
    const mpl__method_def *method;
    if (pi->is_none || pi->compute || pi->se == MPL__PI_KR || isnan(fit->tau2) ||
        mpl__method_find(fit->options.method, &method, NULL) != MPL_OK || method->is_common)
        return NAN;
    const double factor[] = { [MPL__PI_IN_FORCE] = 1, [MPL__PI_CLASSIC] = 1 / fit->vb_factor,
                              [MPL__PI_HKSJ] = fit->s2w / fit->vb_factor, [MPL__PI_WITHOUT] = 0 };
    const double df = pi->df == MPL__PI_NORMAL ? INFINITY : (double)(fit->k - fit->p) - pi->df_less;
    if (!(df >= 1))
        return NAN;
    return mpl__t_q((1 - fit->level) / 2, df, MPL__UPPER) * sqrt(factor[pi->se] * se * se + fit->tau2);
}

static mpl_prediction predict_at(const maker *mk, const mpl__pi_def *pi, const char *at, const double *x)
{
    const mpl_fit *const fit = mk->own->fit;
    double estimate = 0, variance = 0;
    for (size_t i = 0; i < fit->p; i++) {
        estimate += x[i] * fit->terms[i].estimate;
        for (size_t j = 0; j < fit->p; j++)
            variance += x[i] * x[j] * fit->vb[i * fit->p + j];
    }
    const mpl_term t = mpl__term_make(at, estimate, sqrt(fmax(variance, 0)), fit->terms[0].df, fit->level);
    const double half = half_of_new(mk, pi, t.se);
    return (mpl_prediction){ .at = at, .estimate = estimate, .se = t.se, .df = t.df, .ci_lb = t.ci_lb,
                             .ci_ub = t.ci_ub, .pi_lb = estimate - half, .pi_ub = estimate + half };
}

static mpl_status predict(maker *mk)
{
    mpl_regression *const r = &mk->own->all;
    const mpl__pi_def *pi;
    size_t n;
    double *x;
    const char **at;
    if (!r->options.predict)
        return MPL_OK;
    MPL_TRY(mpl__formula_at(mk->formula, &mk->matrix, r->options.predict, mk->keep, &n, &x, &at, mk->err));
    MPL_TRY(mpl__pi_find(r->fit->options.pi, &pi, mk->err));
    mpl_prediction *const all = MPL_NEW(mk->keep, mpl_prediction, n);
    if (!all)
        return no_memory(mk);
    for (size_t i = 0; i < n; i++)
        all[i] = predict_at(mk, pi, at[i], x + i * r->fit->p);
    if (!pi->is_none && isnan(all[0].pi_lb))
        mpl__note_add(&mk->notes, "pi-not-estimable", "the prediction interval (%s) is not estimable here",
                      pi->method.id);
    r->predictions = all;
    r->n_predictions = n;
    return MPL_OK;
}

/* ---- all of it */

static mpl_status run(maker *mk, const mpl_effects *effects, const mpl_regress_options *options)
{
    mpl_regression *const r = &mk->own->all;
    if (!options || !options->mods)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--mods is needed: the moderators, e.g. --mods 'ablat + alloc'");
    r->options = *options;
    r->options.mods = mpl__arena_copy(mk->keep, options->mods);
    r->options.predict = mpl__arena_copy(mk->keep, options->predict);
    if (!r->options.mods || (options->predict && !r->options.predict))
        return no_memory(mk);
    MPL_TRY(mpl__formula_read(r->options.mods, mk->data, mk->scratch, &mk->formula, mk->err));
    MPL_TRY(keep_complete(mk, effects));
    MPL_TRY(mpl__formula_design(mk->formula, r->effects, r->options.drop_redundant, mk->scratch, &mk->notes,
                                &mk->matrix, mk->err));
    MPL_TRY(mpl_fit_new(r->effects, &mk->matrix.design, mk->fit_options, &mk->own->fit, mk->err));
    r->fit = mk->own->fit;
    MPL_TRY(keep_design(mk));
    mpl_fit_options plain = r->fit->options;
    plain.test = "z";
    plain.pi = "none";
    MPL_TRY(mpl_fit_new(r->effects, NULL, &plain, &mk->own->baseline, mk->err));
    r->baseline = mk->own->baseline;
    explained(mk);
    MPL_TRY(test_terms(mk));
    MPL_TRY(predict(mk));
    r->notes = mk->notes.items;
    r->n_notes = mk->notes.n;
    return mk->notes.failed ? no_memory(mk) : MPL_OK;
}

mpl_status mpl_regress_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_fit_options *fit_options,
                           const mpl_regress_options *options, mpl_regression **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    owner *const own = MPL_NEW(keep, owner, 1);
    mpl_status s;
    if (own && scratch) {
        maker mk = { .data = data, .fit_options = fit_options, .keep = keep, .scratch = scratch, .own = own,
                     .notes = { .arena = keep }, .err = err };
        own->all.arena = keep;
        s = run(&mk, effects, options);
    } else {
        s = mpl__fail_nomem(err, "the regression");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = &own->all;
    else if (own && own->all.arena)
        mpl_regress_free(&own->all);
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_regress_free(mpl_regression *regression)
{
    if (!regression)
        return;
    owner *const own = (owner *)regression;
    mpl_effects_free(own->effects);
    mpl_fit_free(own->fit);
    mpl_fit_free(own->baseline);
    mpl__arena_free(own->all.arena);
}
