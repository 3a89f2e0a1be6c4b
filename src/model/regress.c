/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Meta-regression: a fit on the design of a formula, beside the same studies without moderators.
 *
 * A term is tested by b'V^-1 b of its coefficients, against
 * chi-squared, or divided by their number against F where the test in force is a t test (Knapp & Hartung 2003).
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include <metapool/option.h>
#include "model/regress_impl.h"
#include "num/dist.h"

const mpl_option *mpl_moderator_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "mods", MPL_MEMBER(TEXT, mpl_regress_options, mods), .arg = "FORMULA",
          .help = "the moderators, e.g. 'ablat + alloc', 'dose * source', 'ref(alloc, random) - 1'", .since = "0.1.0" },
        { .name = "drop-redundant", MPL_MEMBER(FLAG, mpl_regress_options, drop_redundant),
          .help = "leave out columns that are combinations of others, instead of failing", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

const mpl_option *mpl_regress_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "predict", MPL_MEMBER(TEXT, mpl_regress_options, predict), .arg = "VALUES",
          .help = "predict at these values, e.g. 'ablat=30,alloc=random; ablat=50,alloc=random'", .since = "0.1.0" },
        { .name = "predict-grid", MPL_MEMBER(TEXT, mpl_regress_options, grid), .arg = "COLUMN",
          .help = "the model along a column, others at their mean: 'ablat', 'ablat, alloc', 'ablat, year=1960'",
          .since = "0.1.0" },
        { .name = "grid-points", MPL_MEMBER(COUNT, mpl_regress_options, grid_points), .min = 2, .max = 10000,
          .arg = "N", .dflt = "50", .help = "points of each curve of --predict-grid", .since = "0.1.0" },
        { .name = "test-terms", MPL_MEMBER(TEXT, mpl_regress_options, together), .arg = "LIST",
          .help = "test terms together, e.g. 'ablat + alloc' or 'ablat + ablat:alloc; alloc=random'",
          .since = "0.1.0" },
        { .name = "means", MPL_MEMBER(TEXT, mpl_regress_options, means), .arg = "FACTOR",
          .help = "the mean at each level of a factor, other moderators at their mean", .since = "0.1.0" },
        { .name = "means-weights", MPL_MEMBER(CHOICE, mpl_regress_options, weights), .choice = mpl_averaging_method,
          .arg = "HOW", .dflt = "equal", .help = "how the levels of other factors count in these means",
          .since = "0.1.0" },
        { .name = "pairwise", MPL_MEMBER(TEXT, mpl_regress_options, pairwise), .arg = "FACTOR",
          .help = "every difference between the means at the levels of a factor", .since = "0.1.0" },
        { .name = "contrast", MPL_MEMBER(TEXT, mpl_regress_options, contrast), .arg = "LIST",
          .help = "combinations of coefficients, e.g. 'alloc=random - alloc=systematic; intercept + 30*ablat'",
          .since = "0.1.0" },
        { .name = "delta", MPL_MEMBER(TEXT, mpl_regress_options, delta), .arg = "LIST",
          .help = "functions of coefficients by the delta method, e.g. 'exp(intercept + 40*ablat); -intercept/ablat'",
          .since = "0.1.0" },
        { .name = "adjust", MPL_MEMBER(CHOICE, mpl_regress_options, adjust), .choice = mpl_adjust_method,
          .arg = "METHOD", .dflt = "holm", .help = "how p-values of contrasts are adjusted for their number",
          .since = "0.1.0" },
        { .name = "r2", MPL_MEMBER(CHOICE, mpl_regress_options, r2), .choice = mpl_r2_method, .arg = "DEFINITION",
          .dflt = "tau2", .help = "what R2 is a part of; see 'metapool list r2'", .since = "0.1.0" },
        { .name = "r2-draws", MPL_MEMBER(COUNT, mpl_regress_options, r2_draws), .min = 100, .max = 1e7, .arg = "N",
          .help = "also an interval of R2, from N samples of the studies drawn with replacement", .since = "0.1.0" },
        { .name = "versus", MPL_MEMBER(TEXT, mpl_regress_options, versus), .arg = "FORMULA",
          .help = "compare with this formula on the same studies, e.g. 'ablat', or '1' for none", .since = "0.1.0" },
        { .name = "residuals", MPL_MEMBER(FLAG, mpl_regress_options, residuals),
          .help = "residuals of the studies: raw, standardized, studentized with the study left out; and hat values",
          .since = "0.1.0" },
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
    const mpl__variable *v = mpl__formula_missing(job->own->formula, index);
    if (!v && job->own->versus)
        v = mpl__formula_missing(job->own->versus, index);
    if (!v && job->own->scale_formula)
        v = mpl__formula_missing(job->own->scale_formula, index);
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

/* With a scratch of its own: what it takes to find the columns is not needed while they are fitted. */
static mpl_status make_design(mpl__regress_job *job, bool drop_redundant)
{
    mpl__arena *const scratch = mpl__arena_new();
    const mpl_status s = !scratch ? no_memory(job)
                                  : mpl__formula_design(job->own->formula, job->own->effects, drop_redundant, job->keep,
                                                        scratch, &job->notes, &job->own->matrix, job->err);
    mpl__arena_free(scratch);
    return s;
}

/* ---- what a regression adds to a fit */

static mpl_status test_term(const mpl__regress_job *job, mpl_moderator *m)
{
    const mpl_fit *const fit = job->own->fit;
    double *const l = MPL_NEW(job->scratch, double, m->n * fit->p);
    if (!l)
        return no_memory(job);
    for (size_t i = 0; i < m->n; i++)
        l[i * fit->p + m->first + i] = 1;
    return mpl__fit_wald(fit, l, m->n, job->scratch, &m->test, job->err);
}

static mpl_status test_terms(mpl__regress_job *job)
{
    const mpl__formula *const f = job->own->formula;
    mpl_moderator *const all = MPL_NEW(job->keep, mpl_moderator, f->n_terms);
    if (!all)
        return no_memory(job);
    job->own->all.moderators = job->moderators = all;
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

static mpl_status inflation(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const size_t p = r->fit->p, skip = job->own->formula->has_intercept, n = p - skip;
    double *const vif = MPL_NEW(job->keep, double, p), *const v = MPL_NEW(job->scratch, double, n * n);
    double *const work = MPL_NEW(job->scratch, double, 2 * n * n);
    bool *const set = MPL_NEW(job->scratch, bool, n);
    if (!vif || !v || !work || !set)
        return no_memory(job);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = r->fit->vb[(i + skip) * p + j + skip];
    for (size_t j = 0; j < p; j++) {
        vif[j] = NAN;
        if (j < skip || n < 2)
            continue;
        set[j - skip] = true;
        vif[j] = mpl__variance_inflation(v, n, set, work);
        set[j - skip] = false;
    }
    for (size_t t = 0; t < r->n_moderators; t++) {
        mpl_moderator *const m = &job->moderators[t];
        m->gvif = m->gsif = NAN;
        if (m->n == 0 || m->n == n)
            continue;
        for (size_t j = 0; j < m->n; j++)
            set[m->first - skip + j] = true;
        m->gvif = mpl__variance_inflation(v, n, set, work);
        m->gsif = pow(m->gvif, 0.5 / (double)m->n);
        memset(set, 0, n * sizeof *set);
    }
    r->vif = vif;
    return MPL_OK;
}

/* ---- all of it */

static mpl_status copy_text(const mpl__regress_job *job, const char **text)
{
    const char *const given = *text;
    *text = mpl__arena_copy(job->keep, given);
    return !given || *text ? MPL_OK : no_memory(job);
}

/* The options belong to the result from now on. */
static mpl_status take_options(const mpl__regress_job *job, const mpl_regress_options *options)
{
    mpl_regress_options *const o = &job->own->all.options;
    const char **const texts[] = { &o->mods, &o->predict, &o->grid, &o->means, &o->pairwise, &o->contrast, &o->delta,
                                   &o->versus, &o->scale.scale, &o->together };
    if (!options || !(options->mods || options->scale.scale))
        return mpl__fail(job->err, MPL_ERR_ARG, "--mods is needed: the moderators, e.g. --mods 'ablat + alloc'");
    *o = *options;
    if (!o->mods)
        o->mods = "1";
    MPL_TRY(mpl__scale_take_options(job, o));
    MPL_TRY(mpl_options_resolve(mpl_moderator_option_table(), o, sizeof *o, NULL, job->err));
    MPL_TRY(mpl_options_resolve(mpl_regress_option_table(), o, sizeof *o, NULL, job->err));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        MPL_TRY(copy_text(job, texts[i]));
    if (!o->grid) /* what has no part in the result is not shown as an option in force */
        o->grid_points = 0;
    if (!o->means && !o->pairwise)
        o->weights = NULL;
    if (!o->contrast && !o->pairwise)
        o->adjust = NULL;
    return MPL_OK;
}

/* Whether a model that fits every effect exactly is one: if no variance is estimated from what is left. */
static bool may_be_saturated(const mpl_fit_options *options)
{
    const char *const id = options ? options->method : NULL;
    const mpl_method *const asked = id ? mpl_method_find(mpl_fit_method, id) : NULL;
    const mpl__method_def *def;
    for (size_t i = 0; asked && (def = mpl__method_at(i)); i++)
        if (&def->method == asked && def->is_common && !def->is_multiplicative)
            return true;
    return options && options->tau2.given;
}

/* Draws and likelihood ratios are of coefficients. */
static mpl_status note_wald(mpl__regress_job *job)
{
    const mpl_fit *const fit = job->own->fit;
    const mpl__test_def *test;
    MPL_TRY(mpl__test_find(fit->options.test, &test, job->err));
    if (test->refine)
        mpl__note_add(&job->notes, "wald-elsewhere", "%s: this is for the coefficients%s; tests of terms, predictions "
                      "and contrasts are by Wald", test->method.title,
                      test->refine == mpl__refine_permutation ? " and for all terms together" : "");
    return MPL_OK;
}

/* The fit that everything starts from. Permutations of a model of tau2 are its own, and not of that fit. */
static mpl_status fit_location(mpl__regress_job *job)
{
    const mpl_effects *const es = job->own->effects;
    mpl_fit_options options = job->fit_options ? *job->fit_options : (mpl_fit_options){ 0 };
    const mpl_method *const test = options.test ? mpl_method_find(mpl_test_method, options.test) : NULL;
    if (job->own->scale_formula && test && !strcmp(test->id, "permutation")) {
        mpl_fit_options resolved = options;
        MPL_TRY(mpl_options_resolve(mpl_fit_option_table(), &resolved, sizeof resolved, options.profile, job->err));
        job->draws = resolved.draws;
        options.test = "z";
        options.draws = 0;
    }
    return mpl_fit_new(es, &job->own->matrix.design, &options, &job->own->fit, job->err);
}

static mpl_status run(mpl__regress_job *job, const mpl_effects *effects, const mpl_regress_options *options)
{
    mpl_regression *const r = &job->own->all;
    MPL_TRY(take_options(job, options));
    const char *const scale = r->options.scale.scale;
    MPL_TRY(mpl__formula_read(r->options.mods, "--mods", scale, job->data, job->keep, &job->own->formula, job->err));
    if (scale)
        MPL_TRY(mpl__formula_read(scale, "--scale", true, job->data, job->keep, &job->own->scale_formula, job->err));
    if (r->options.versus)
        MPL_TRY(mpl__formula_read(r->options.versus, "--versus", true, job->data, job->scratch, &job->own->versus,
                                  job->err));
    job->own->formula->may_be_saturated = !scale && may_be_saturated(job->fit_options);
    if (job->own->versus)
        job->own->versus->may_be_saturated = job->own->formula->may_be_saturated;
    MPL_TRY(keep_complete(job, effects));
    MPL_TRY(make_design(job, r->options.drop_redundant));
    r->design = &job->own->matrix.design;
    MPL_TRY(fit_location(job));
    MPL_TRY(mpl__regress_scale(job));
    r->fit = job->own->fit;
    const mpl_fit_options plain = mpl__fit_plain(r->fit->options);
    MPL_TRY(mpl_fit_new(r->effects, NULL, &plain, &job->own->baseline, job->err));
    r->baseline = job->own->baseline;
    MPL_TRY(mpl__regress_explained(job));
    MPL_TRY(test_terms(job));
    MPL_TRY(note_wald(job));
    MPL_TRY(mpl__regress_terms(job));
    MPL_TRY(inflation(job));
    MPL_TRY(mpl__regress_predict(job));
    MPL_TRY(mpl__regress_combine(job));
    MPL_TRY(mpl__regress_delta(job));
    MPL_TRY(mpl__regress_versus(job));
    if (r->options.grid) {
        MPL_TRY(mpl_curve_new(r, r->options.grid, r->options.grid_points, &job->own->curve, job->err));
        r->curve = job->own->curve;
    }
    job->own->versus = NULL; /* was on the scratch */
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
    mpl_fit_free(own->other);
    mpl_fit_free(own->same);
    mpl_curve_free(own->curve);
    mpl__arena_free(own->all.arena);
}
