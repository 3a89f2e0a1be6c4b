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
#include "model/regress_impl.h"
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

static mpl_status no_memory(const mpl__regress_job *job)
{
    return mpl__fail_nomem(job->err, "the regression");
}

/* ---- studies */

/* Rows that lack a moderator are excluded for it. */
static bool is_complete(void *ctx, size_t index, mpl_exclusion *why)
{
    mpl__regress_job *const job = ctx;
    const mpl__variable *const v = mpl__formula_missing(job->own->formula, index);
    if (!v)
        return true;
    why->line = job->data->line ? job->data->line[index] : 0;
    why->reason = mpl__arena_format(job->keep, "%s is missing", v->column->name);
    job->failed |= !why->reason;
    return false;
}

static mpl_status keep_complete(mpl__regress_job *job, const mpl_effects *from)
{
    MPL_TRY(mpl_effects_subset(from, is_complete, job, &job->own->effects, job->err));
    job->own->all.effects = job->own->effects;
    return job->failed ? no_memory(job) : MPL_OK;
}

/* ---- what a regression adds to a fit */

static void explained(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const mpl_fit *const fit = r->fit, *const base = r->baseline;
    const double df = (double)(fit->k - fit->p), df0 = (double)(fit->k - 1);
    const mpl__method_def *method;
    r->r2 = r->lrt = r->lrt_df = r->lrt_pval = r->lrt_log_pval = NAN;
    if (mpl__method_find(fit->options.method, &method, NULL) != MPL_OK)
        return;
    if (method->is_common) {
        r->r2_definition = "1 - (QE/(k - p))/(Q/(k - 1)), at least 0";
        if (job->own->matrix.has_constant)
            r->r2 = base->q > 0 ? 100 * fmax(0, 1 - (fit->q / df) / (base->q / df0)) : 0;
    } else {
        r->r2_definition = "1 - tau2/tau2 without moderators, at least 0";
        if (job->own->matrix.has_constant && !fit->options.tau2.given)
            r->r2 = base->tau2 > 0 ? 100 * fmax(0, (base->tau2 - fit->tau2) / base->tau2) : 0;
    }
    if (!job->own->matrix.has_constant || strcmp(fit->options.method, "ML") || fit->p == 1)
        return;
    r->lrt = fmax(0, 2 * (fit->ll - base->ll));
    r->lrt_df = (double)(fit->p - 1);
    r->lrt_pval = mpl__chisq_p(r->lrt, r->lrt_df, MPL__UPPER);
    r->lrt_log_pval = mpl__chisq_log_p(r->lrt, r->lrt_df, MPL__UPPER);
}

static mpl_status test_term(const mpl__regress_job *job, mpl_moderator *m)
{
    const mpl_fit *const fit = job->own->fit;
    const size_t n = m->n;
    double *const v = MPL_NEW(job->scratch, double, n * n), *const b = MPL_NEW(job->scratch, double, n);
    if (!v || !b)
        return no_memory(job);
    for (size_t i = 0; i < n; i++) {
        b[i] = fit->terms[m->first + i].estimate;
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = fit->vb[(m->first + i) * fit->p + m->first + j];
    }
    return mpl__wald_test(b, v, n, fit->terms[0].df, job->scratch, &m->test, job->err);
}

static mpl_status test_terms(mpl__regress_job *job)
{
    const mpl__formula *const f = job->own->formula;
    mpl_moderator *const all = MPL_NEW(job->keep, mpl_moderator, f->n_terms);
    if (!all)
        return no_memory(job);
    job->own->all.moderators = all;
    job->own->all.n_moderators = f->n_terms;
    for (size_t t = 0; t < f->n_terms; t++) {
        const char *name = NULL;
        for (size_t i = 0; i < f->n_variables; i++)
            if (f->terms[t] >> i & 1) {
                name = name ? mpl__arena_format(job->keep, "%s:%s", name, f->variables[i].name)
                            : mpl__arena_copy(job->keep, f->variables[i].name);
                if (!name)
                    return no_memory(job);
            }
        all[t].term = name;
        for (size_t j = job->own->matrix.design.n_cols; j-- > 0;)
            if (job->own->matrix.columns[j].term == t) {
                all[t].first = j;
                all[t].n++;
            }
        MPL_TRY(test_term(job, &all[t]));
    }
    return MPL_OK;
}

/* ---- all of it */

static mpl_status run(mpl__regress_job *job, const mpl_effects *effects, const mpl_regress_options *options)
{
    mpl_regression *const r = &job->own->all;
    if (!options || !options->mods)
        return mpl__fail(job->err, MPL_ERR_ARG, "--mods is needed: the moderators, e.g. --mods 'ablat + alloc'");
    r->options = *options;
    r->options.mods = mpl__arena_copy(job->keep, options->mods);
    r->options.predict = mpl__arena_copy(job->keep, options->predict);
    if (!r->options.mods || (options->predict && !r->options.predict))
        return no_memory(job);
    MPL_TRY(mpl__formula_read(r->options.mods, "--mods", false, job->data, job->keep, &job->own->formula, job->err));
    MPL_TRY(keep_complete(job, effects));
    MPL_TRY(mpl__formula_design(job->own->formula, r->effects, r->options.drop_redundant, job->keep, job->scratch,
                                &job->notes, &job->own->matrix, job->err));
    r->design = &job->own->matrix.design;
    MPL_TRY(mpl_fit_new(r->effects, &job->own->matrix.design, job->fit_options, &job->own->fit, job->err));
    r->fit = job->own->fit;
    mpl_fit_options plain = r->fit->options;
    plain.test = "z";
    plain.pi = "none";
    MPL_TRY(mpl_fit_new(r->effects, NULL, &plain, &job->own->baseline, job->err));
    r->baseline = job->own->baseline;
    explained(job);
    MPL_TRY(test_terms(job));
    MPL_TRY(mpl__regress_predict(job));
    r->notes = job->notes.items;
    r->n_notes = job->notes.n;
    return job->notes.failed ? no_memory(job) : MPL_OK;
}

mpl_status mpl_regress_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_fit_options *fit_options,
                           const mpl_regress_options *options, mpl_regression **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl__regression *const own = MPL_NEW(keep, mpl__regression, 1);
    mpl_status s;
    if (own && scratch) {
        mpl__regress_job job = { .data = data, .fit_options = fit_options, .keep = keep, .scratch = scratch, .own = own,
                     .notes = { .arena = keep }, .err = err };
        own->all.arena = keep;
        own->data = data;
        s = run(&job, effects, options);
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
    mpl__regression *const own = (mpl__regression *)regression;
    mpl_effects_free(own->effects);
    mpl_fit_free(own->fit);
    mpl_fit_free(own->baseline);
    mpl__arena_free(own->all.arena);
}
