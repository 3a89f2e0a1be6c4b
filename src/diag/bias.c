/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of small-study effects: options, which rows apply, and what must be said beside them. */
#include "diag/bias_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/measure.h"
#include "model/fit_impl.h"

#define MPL_BIAS(id) extern const mpl__bias_def mpl__bias_##id;
#include "diag/bias.def"
#undef MPL_BIAS

static const mpl__bias_def *const registry[] = {
#define MPL_BIAS(id) &mpl__bias_##id,
#include "diag/bias.def"
#undef MPL_BIAS
};

enum { N_ROWS = sizeof registry / sizeof *registry, FEW = 10 };

const mpl_method *mpl_bias_registry(size_t i)
{
    return i < N_ROWS ? &registry[i]->pub.method : NULL;
}

const mpl_method *mpl_bias_side(size_t i)
{
    static const mpl_method all[] = {
        { "auto", "the side on which the slope of effect on standard error leaves a gap", NULL, NULL, NULL },
        { "left", "small effects are missing", NULL, NULL, NULL },
        { "right", "large effects are missing", NULL, NULL, NULL },
    };
    return i < sizeof all / sizeof *all ? &all[i] : NULL;
}

const mpl_method *mpl_bias_alternative(size_t i)
{
    static const mpl_method all[] = {
        { "two-sided", "findings in either direction count", NULL, NULL, NULL },
        { "greater", "findings above no effect count", NULL, NULL, NULL },
        { "less", "findings below no effect count", NULL, NULL, NULL },
    };
    return i < sizeof all / sizeof *all ? &all[i] : NULL;
}

const mpl_option *mpl_bias_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "only", MPL_MEMBER(TEXT, mpl_bias_options, only), .arg = "LIST",
          .help = "only these methods, separated by commas, e.g. egger,trimfill", .since = "0.1.0" },
        { .name = "predictor", MPL_MEMBER(CHOICE, mpl_bias_options, predictor), .choice = mpl_bias_predictor,
          .arg = "WHAT", .dflt = "sei", .help = "what Egger's tests regress on", .since = "0.1.0" },
        { .name = "side", MPL_MEMBER(CHOICE, mpl_bias_options, side), .choice = mpl_bias_side, .arg = "SIDE",
          .dflt = "auto", .help = "where trim and fill looks for missing studies", .since = "0.1.0" },
        { .name = "k0", MPL_MEMBER(CHOICE, mpl_bias_options, k0), .choice = mpl_bias_k0,
          .arg = "ESTIMATOR", .dflt = "L0", .help = "how trim and fill counts missing studies", .since = "0.1.0" },
        { .name = "alternative", MPL_MEMBER(CHOICE, mpl_bias_options, alternative), .choice = mpl_bias_alternative,
          .arg = "WHAT", .dflt = "two-sided",
          .help = "which findings count in tests of excess, p-uniform and p-curve; the last two take one side, by "
                  "default that of the mean", .since = "0.1.0" },
        { .name = "puniform", MPL_MEMBER(CHOICE, mpl_bias_options, puniform), .choice = mpl_bias_puniform,
          .arg = "WHAT", .dflt = "P", .help = "how p-uniform judges that conditional p-values are uniform",
          .since = "0.1.0" },
        { .name = "alpha", MPL_MEMBER(LEVEL, mpl_bias_options, alpha), .arg = "ALPHA", .dflt = "0.05",
          .help = "p-value below which a study, or the mean, counts as a finding", .since = "0.1.0" },
        { .name = "target", MPL_MEMBER(MAYBE, mpl_bias_options, target), .arg = "VALUE",
          .help = "mean that Orwin's number leads to, on the scale shown; by default half of the estimate",
          .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

size_t mpl__bias_index(mpl_registry list, const char *id)
{
    size_t i = 0;
    while (list(i) && strcmp(list(i)->id, id) != 0)
        i++;
    return i;
}

/* ---- what rows are made with */

mpl_status mpl__bias_refuse(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    row->why = mpl__arena_copy(job->keep, text);
    return row->why ? MPL_OK : mpl__fail_nomem(err, "a reason");
}

mpl_status mpl__bias_failed(mpl__bias_job *job, mpl_bias_row *row, mpl_status s, mpl_error *err)
{
    if (s == MPL_ERR_NOMEM || !err)
        return s;
    row->why = mpl__arena_copy(job->keep, err->message);
    return row->why ? MPL_OK : mpl__fail_nomem(err, "a reason");
}

mpl_fit_options mpl__bias_least_squares(const mpl__bias_job *job)
{
    return (mpl_fit_options){ .method = "EE", .test = "hksj", .pi = "none", .level = job->level };
}

mpl_status mpl__bias_line(const double *yi, const double *vi, const double *x, size_t n, const mpl_fit_options *options,
                          mpl_fit **out, mpl_error *err)
{
    static const char *const terms[] = { "intercept", "slope" };
    mpl__arena *const scratch = mpl__arena_new();
    double *const columns = MPL_NEW(scratch, double, 2 * n);
    mpl_effects *effects = NULL;
    mpl_status s = columns ? mpl_effects_new_arrays(yi, vi, NULL, n, NULL, &effects, err)
                           : mpl__fail_nomem(err, "a regression");
    if (s == MPL_OK) {
        for (size_t i = 0; i < n && x; i++) {
            columns[2 * i] = 1;
            columns[2 * i + 1] = x[i];
        }
        const mpl_design line = { .n_rows = n, .n_cols = 2, .x = columns, .terms = terms };
        s = mpl_fit_new(effects, x ? &line : NULL, options, out, err);
    }
    mpl_effects_free(effects);
    mpl__arena_free(scratch);
    return s;
}

/* ---- which rows, and notes */

static bool has_sizes(const mpl_effects *es)
{
    for (size_t i = 0; i < es->k; i++)
        if (!(es->ni[i] > 0))
            return false;
    return true;
}

/* Rows that are for other measures are left out of the table unless they are asked for by name. */
static bool applies(const mpl__bias_def *def, const mpl_effects *es)
{
    if (def->measures && !mpl__has_word(def->measures, mpl__measure_like(es->measure)))
        return false;
    return !def->needs_counts || (es->counts && es->counts->n2);
}

static mpl_status compute(mpl__bias_job *job, const mpl__bias_def *def, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const mpl_term none = { NULL, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    *row = (mpl_bias_row){ .method = &def->pub, .k = es->k, .coefficient = none, .adjusted = none, .tau2 = NAN,
                           .value = NAN, .expected = NAN, .value_lb = NAN, .value_ub = NAN };
    if (def->measures && !mpl__has_word(def->measures, mpl__measure_like(es->measure)))
        return mpl__bias_refuse(job, row, err, "it is for the measures %s", def->measures);
    if (def->needs_counts && !(es->counts && es->counts->n2))
        return mpl__bias_refuse(job, row, err, "it needs the counts of both groups");
    if (def->needs_sizes && !has_sizes(es))
        return mpl__bias_refuse(job, row, err, "it needs the sample size of every study");
    if (es->k < def->min_k)
        return mpl__bias_refuse(job, row, err, "it needs at least %zu studies", def->min_k);
    const mpl_status s = def->compute(job, row, err);
    return s == MPL_OK ? MPL_OK : mpl__bias_failed(job, row, s, err);
}

static void add_notes(mpl__bias_job *job)
{
    const mpl_effects *const es = job->effects;
    const bool is_wide = job->fit->i2 > 75;
    if (es->k < FEW)
        mpl__note_add(&job->notes, "few-studies-for-bias",
                      "with fewer than %d studies tests of asymmetry have hardly any power, and adjusted means are "
                      "guesses (Sterne et al. 2011, BMJ 343:d4002)", FEW);
    if (is_wide)
        mpl__note_add(&job->notes, "heterogeneity-dominates",
                      "differences between studies dominate chance: asymmetry may well come from them, and methods "
                      "that assume equal effects are misled");
    const char *const measure = mpl__measure_like(es->measure);
    if (mpl__has_word("SMD SMDH SMD1 SMD1H", measure) && mpl__has_word("sei vi", job->bias->options.predictor))
        mpl__note_add(&job->notes, "smd-own-error",
                      "the standard error of a standardized mean difference depends on its size, which alone makes a "
                      "funnel asymmetric; pustejovsky and predictors made of sample sizes are not misled "
                      "(Pustejovsky & Rodgers 2019, Res Synth Methods 10:57-71)");
    if (mpl__has_word("OR RR PETO", measure) && es->counts)
        mpl__note_add(&job->notes, "ratio-own-error",
                      "the standard error of a log %s ratio depends on its size; harbord and peters are less misled "
                      "than egger and begg (Harbord et al. 2006, Stat Med 25:3443-3457)",
                      strcmp(measure, "RR") ? "odds" : "risk");
    if (mpl__has_word("PR PLN PLO", measure))
        mpl__note_add(&job->notes, "proportion-own-error",
                      "the standard error of a proportion depends on its size, which alone makes a funnel asymmetric; "
                      "predictors made of sample sizes are less misled (Hunter et al. 2014, J Clin Epidemiol "
                      "67:897-903)");
}

static mpl_status find_side(mpl__bias_job *job, mpl_error *err)
{
    const mpl_bias_options *const options = &job->bias->options;
    const mpl_effects *const es = job->effects;
    job->sign = strcmp(options->side, "right") ? 1 : -1;
    if (strcmp(options->side, "auto") != 0)
        return MPL_OK;
    double *const x = MPL_NEW(job->scratch, double, es->k);
    mpl_fit *fit = NULL;
    if (!x)
        return mpl__fail_nomem(err, "the side");
    for (size_t i = 0; i < es->k; i++)
        x[i] = sqrt(es->vi[i]);
    const mpl_fit_options as_fit = mpl__fit_plain(job->fit->options);
    const mpl_status s = mpl__bias_line(es->yi, es->vi, x, es->k, &as_fit, &fit, err);
    if (s == MPL_OK && fit->terms[1].estimate < 0)
        job->sign = -1;
    mpl_fit_free(fit);
    return s == MPL_ERR_NOMEM ? s : MPL_OK; /* without a slope there is no side; the default will do */
}

static mpl_status run(mpl__bias_job *job, const mpl_bias_options *given, mpl_error *err)
{
    mpl_bias *const bias = job->bias;
    bias->options = given ? *given : (mpl_bias_options){ 0 };
    if (job->fit->p != 1 || job->fit->k != job->effects->k)
        return mpl__fail(err, MPL_ERR_ARG, "small-study effects need a pooled mean of the same studies");
    MPL_TRY(mpl_options_resolve(mpl_bias_option_table(), &bias->options, sizeof bias->options,
                                job->fit->options.profile, err));
    MPL_TRY(mpl__list_check(bias->options.only, mpl_bias_registry, "method", "only", err));
    if (bias->options.only && !(bias->options.only = mpl__arena_copy(job->keep, bias->options.only)))
        return mpl__fail_nomem(err, "the options");
    MPL_TRY(find_side(job, err));
    mpl_bias_row *const rows = MPL_NEW(job->keep, mpl_bias_row, N_ROWS);
    if (!rows)
        return mpl__fail_nomem(err, "the table");
    bias->rows = rows;
    for (size_t i = 0; i < N_ROWS; i++) {
        const char *const only = bias->options.only;
        const bool is_wanted = only ? mpl__list_has(only, mpl_bias_registry, mpl_bias_registry(i))
                                    : applies(registry[i], job->effects);
        if (!is_wanted)
            continue;
        MPL_TRY(compute(job, registry[i], &rows[bias->n_rows], err));
        bias->n_rows++;
    }
    add_notes(job);
    bias->notes = job->notes.items;
    bias->n_notes = job->notes.n;
    return job->notes.failed ? mpl__fail_nomem(err, "the notes") : MPL_OK;
}

mpl_status mpl_bias_new(const mpl_dataset *data, const mpl_effects *effects, const mpl_fit *fit,
                        const mpl_bias_options *options, mpl_bias **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_bias *const bias = MPL_NEW(keep, mpl_bias, 1);
    mpl_error own = { 0 }; /* reasons are wanted even where the caller wants no message */
    mpl_status s;
    if (bias && scratch) {
        bias->arena = keep;
        bias->effects = effects;
        bias->fit = fit;
        mpl__bias_job job = { .data = data, .effects = effects, .fit = fit, .bias = bias, .keep = keep,
                              .scratch = scratch, .notes = { .arena = keep },
                              .level = fit->level };
        s = run(&job, options, &own);
    } else {
        s = mpl__fail_nomem(&own, "small-study effects");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = bias;
    else
        mpl__arena_free(keep);
    if (s != MPL_OK && err)
        *err = own;
    return s;
}

void mpl_bias_free(mpl_bias *bias)
{
    if (bias)
        mpl__arena_free(bias->arena);
}
