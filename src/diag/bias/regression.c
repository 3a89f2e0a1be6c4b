/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Regression tests of asymmetry: a line through the effects over a measure of how small the studies are. They differ in
 * what is regressed on what and with which weights, so each is a function that fills y, v and x of a study; weighted
 * least squares with a free dispersion is the equal-effects line with the Hartung-Knapp factor. Where x goes to 0 for
 * infinitely large studies, the intercept is the adjusted mean (PET with x = se, PEESE with x = se^2).
 */
#include <math.h>
#include <stdint.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "effect/measure.h"

/* One study on the line. */
typedef struct point {
    double y, v, x;
} point;

/* The counts of one study's table. */
typedef struct table {
    double a, n1, c, n2, n, events, rest;
} table;

typedef struct line {
    bool (*fill)(const mpl__bias_job *job, size_t i, point *out); /* study i; false = it takes no part */
    bool of_counts;   /* i counts tables, else effects */
    bool as_fit;      /* method and test of the pooled fit, else least squares */
    const char *test; /* with as_fit: this test instead; NULL = the fit's */
    bool has_limit;   /* the intercept is the mean of infinitely large studies */
} line;

/* ---- predictors of Egger's tests */

typedef struct predictor {
    mpl_method method;
    double (*of)(double vi, double ni);
    bool has_limit, needs_sizes;
} predictor;

static double of_sei(double vi, double ni)
{
    (void)ni;
    return sqrt(vi);
}

static double of_vi(double vi, double ni)
{
    (void)ni;
    return vi;
}

static double of_ni(double vi, double ni)
{
    (void)vi;
    return ni;
}

static double of_ninv(double vi, double ni)
{
    (void)vi;
    return 1 / ni;
}

static double of_sqrtni(double vi, double ni)
{
    (void)vi;
    return sqrt(ni);
}

static double of_sqrtninv(double vi, double ni)
{
    (void)vi;
    return 1 / sqrt(ni);
}

static const predictor predictors[] = {
    { { "sei", "the standard error", "Egger et al. 1997, BMJ 315:629-634", NULL, NULL }, of_sei, true, false },
    { { "vi", "the sampling variance", "Moreno et al. 2009, BMC Med Res Methodol 9:2", NULL, NULL },
      of_vi, true, false },
    { { "ni", "the sample size", "Macaskill, Walter & Irwig 2001, Stat Med 20:641-654", NULL, NULL },
      of_ni, false, true },
    { { "ninv", "one over the sample size", "Peters et al. 2006, JAMA 295:676-680", NULL, NULL }, of_ninv, true, true },
    { { "sqrtni", "the root of the sample size", "Moreno et al. 2009, BMC Med Res Methodol 9:2", NULL, NULL },
      of_sqrtni, false, true },
    { { "sqrtninv", "one over the root of the sample size", "Pustejovsky & Rodgers 2019, Res Synth Methods 10:57-71",
        NULL, NULL }, of_sqrtninv, true, true },
};

enum { N_PREDICTORS = sizeof predictors / sizeof *predictors };

const mpl_method *mpl_bias_predictor(size_t i)
{
    return i < N_PREDICTORS ? &predictors[i].method : NULL;
}

static const predictor *chosen(const mpl__bias_job *job)
{
    return &predictors[mpl__bias_index(mpl_bias_predictor, job->bias->options.predictor)];
}

/* ---- what each test puts on its line */

static table table_at(const mpl__bias_job *job, size_t i)
{
    const mpl_counts *const c = job->effects->counts;
    table t = { .a = c->x1[i], .n1 = c->n1[i], .c = c->x2[i], .n2 = c->n2[i] };
    t.n = t.n1 + t.n2;
    t.events = t.a + t.c;
    t.rest = t.n - t.events;
    return t;
}

static point effect_at(const mpl__bias_job *job, size_t i)
{
    return (point){ .y = job->effects->yi[i], .v = job->effects->vi[i], .x = sqrt(job->effects->vi[i]) };
}

/* The effect that belongs to table i; false if it has none. */
static bool effect_of_table(const mpl__bias_job *job, size_t i, point *out)
{
    const size_t e = job->effects->counts->effect[i];
    if (e == SIZE_MAX)
        return false;
    *out = effect_at(job, e);
    return true;
}

static bool fill_chosen(const mpl__bias_job *job, size_t i, point *out)
{
    *out = effect_at(job, i);
    out->x = chosen(job)->of(job->effects->vi[i], job->effects->ni[i]);
    return isfinite(out->x);
}

static bool fill_sei(const mpl__bias_job *job, size_t i, point *out)
{
    *out = effect_at(job, i);
    return true;
}

static bool fill_vi(const mpl__bias_job *job, size_t i, point *out)
{
    *out = effect_at(job, i);
    out->x = out->v;
    return true;
}

/* sqrt(1/n1 + 1/n2), the part of the standard error that does not depend on the effect. */
static bool fill_pustejovsky(const mpl__bias_job *job, size_t i, point *out)
{
    const mpl_column *const n1 = job->data ? mpl_dataset_find(job->data, "n1i") : NULL;
    const mpl_column *const n2 = job->data ? mpl_dataset_find(job->data, "n2i") : NULL;
    const size_t row = job->effects->index[i];
    *out = effect_at(job, i);
    out->x = n1 && n2 ? sqrt(1 / n1->number[row] + 1 / n2->number[row]) : NAN;
    return isfinite(out->x);
}

/* Score Z and its variance V under no effect: for odds ratios Peto's, for risk ratios that of the ratio itself. */
static bool fill_harbord(const mpl__bias_job *job, size_t i, point *out)
{
    const table t = table_at(job, i);
    double z, v;
    if (mpl__measure_like(job->effects->measure)[0] == 'R') {
        z = (t.a * t.n - t.events * t.n1) / t.rest;
        v = t.n1 * t.n2 * (t.events / (t.n * t.rest));
    } else {
        z = t.a - t.events / t.n * t.n1;
        v = t.n1 / t.n * (t.n2 / t.n) * t.events * (t.rest / (t.n - 1));
    }
    *out = (point){ .y = z / v, .v = 1 / v, .x = 1 / sqrt(v) };
    return v > 0 && isfinite(out->y);
}

static bool fill_peters(const mpl__bias_job *job, size_t i, point *out)
{
    const table t = table_at(job, i);
    if (!effect_of_table(job, i, out))
        return false;
    out->x = 1 / t.n;
    out->v = 1 / t.events + 1 / t.rest;
    return isfinite(out->v);
}

static bool fill_macaskill(const mpl__bias_job *job, size_t i, point *out)
{
    const table t = table_at(job, i);
    if (!effect_of_table(job, i, out))
        return false;
    out->x = t.n;
    out->v = t.n / t.events / t.rest;
    return isfinite(out->v);
}

static bool fill_deeks(const mpl__bias_job *job, size_t i, point *out)
{
    const table t = table_at(job, i);
    if (!effect_of_table(job, i, out))
        return false;
    const double ess = 4 * t.n1 * (t.n2 / t.n);
    out->x = 1 / sqrt(ess);
    out->v = 1 / ess;
    return true;
}

/* ---- a line to a row */

/* Fits the line; NULL with a reason in the row where it has none. */
static mpl_status fit_line(mpl__bias_job *job, const line *ln, mpl_bias_row *row, mpl_fit **out, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const size_t n_all = ln->of_counts ? es->counts->n : es->k;
    double *const y = MPL_NEW(job->scratch, double, 3 * n_all), *const v = y + n_all, *const x = v + n_all;
    *out = NULL;
    if (!y)
        return mpl__fail_nomem(err, "a regression");
    size_t n = 0;
    for (size_t i = 0; i < n_all; i++) {
        point p;
        if (!ln->fill(job, i, &p))
            continue;
        y[n] = p.y;
        v[n] = p.v;
        x[n++] = p.x;
    }
    row->k = n;
    if (n < 3)
        return mpl__bias_refuse(job, row, err, "a line needs at least 3 studies; there %s %zu",
                                n == 1 ? "is" : "are", n);
    mpl_fit_options options = mpl__bias_least_squares(job);
    if (ln->as_fit) {
        options = job->fit->options;
        options.pi = "none";
        if (ln->test)
            options.test = ln->test;
    }
    const mpl_status s = mpl__bias_line(y, v, x, n, &options, out, err);
    return s == MPL_OK ? MPL_OK : mpl__bias_failed(job, row, s, err);
}

static mpl_status test_line(mpl__bias_job *job, const line *ln, mpl_bias_row *row, mpl_error *err)
{
    mpl_fit *fit;
    MPL_TRY(fit_line(job, ln, row, &fit, err));
    if (!fit)
        return MPL_OK;
    row->coefficient = fit->terms[1];
    row->coefficient.term = "slope";
    if (ln->has_limit) {
        row->adjusted = fit->terms[0];
        row->adjusted.term = "limit";
        row->tau2 = fit->tau2;
    }
    mpl_fit_free(fit);
    return MPL_OK;
}

#define TEST(name, ...)                                                                                              \
    static mpl_status name(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)                                    \
    {                                                                                                                \
        static const line ln = { __VA_ARGS__ };                                                                      \
        return test_line(job, &ln, row, err);                                                                        \
    }

TEST(thompson, .fill = fill_sei, .as_fit = true, .test = "t", .has_limit = true)
TEST(pustejovsky, .fill = fill_pustejovsky, .has_limit = true)
TEST(harbord, .fill = fill_harbord, .of_counts = true)
TEST(peters, .fill = fill_peters, .of_counts = true)
TEST(macaskill, .fill = fill_macaskill, .of_counts = true)
TEST(deeks, .fill = fill_deeks, .of_counts = true)

static mpl_status egger_line(mpl__bias_job *job, bool as_fit, mpl_bias_row *row, mpl_error *err)
{
    const predictor *const p = chosen(job);
    const line ln = { .fill = fill_chosen, .as_fit = as_fit, .has_limit = p->has_limit };
    for (size_t i = 0; i < job->effects->k && p->needs_sizes; i++)
        if (!(job->effects->ni[i] > 0))
            return mpl__bias_refuse(job, row, err, "predictor %s needs the sample size of every study", p->method.id);
    return test_line(job, &ln, row, err);
}

static mpl_status egger(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return egger_line(job, false, row, err);
}

static mpl_status egger_re(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return egger_line(job, true, row, err);
}

/* ---- adjusted means: the intercept alone */

static mpl_status pet_line(mpl__bias_job *job, bool is_peese, mpl_bias_row *row, mpl_error *err)
{
    const line ln = { .fill = is_peese ? fill_vi : fill_sei };
    mpl_fit *fit;
    MPL_TRY(fit_line(job, &ln, row, &fit, err));
    if (!fit)
        return MPL_OK;
    row->adjusted = fit->terms[0];
    row->adjusted.term = is_peese ? "PEESE" : "PET";
    mpl_fit_free(fit);
    return MPL_OK;
}

static mpl_status pet(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return pet_line(job, false, row, err);
}

static mpl_status peese(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return pet_line(job, true, row, err);
}

/* PEESE where PET finds an effect, one-sided at 0.05 in the direction of the pooled mean, else PET. */
static mpl_status pet_peese(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    MPL_TRY(pet_line(job, false, row, err));
    if (row->why)
        return MPL_OK;
    const mpl_term *const t = &row->adjusted;
    const double null_value = isnan(job->effects->measure->null_value) ? 0 : job->effects->measure->null_value;
    const bool same_side = (t->estimate > null_value) == (job->fit->terms[0].estimate > null_value);
    const bool is_peese = same_side && t->pval < 0.1;
    if (is_peese)
        MPL_TRY(pet_line(job, true, row, err));
    row->reading = is_peese ? "PEESE, since PET finds an effect" : "PET, which finds no effect";
    return MPL_OK;
}

/* ---- rows */

const mpl__bias_def mpl__bias_egger = {
    .pub = { { "egger", "Egger's regression", "Egger et al. 1997, BMJ 315:629-634", "lm",
               "Effect on its standard error, weights 1/vi, free dispersion; t with k - 2 degrees of freedom." },
             MPL_BIAS_TEST, NULL },
    .min_k = 3, .compute = egger,
};

const mpl__bias_def mpl__bias_egger_re = {
    .pub = { { "egger-re", "Egger's regression in the model of the pooled mean",
               "Sterne & Egger 2005, in: Publication Bias in Meta-Analysis, ch. 6", "rma",
               "The predictor is a moderator beside tau2; method and test are those of the pooled mean." },
             MPL_BIAS_TEST, NULL },
    .min_k = 3, .compute = egger_re,
};

const mpl__bias_def mpl__bias_thompson = {
    .pub = { { "thompson", "Thompson and Sharp's regression", "Thompson & Sharp 1999, Stat Med 18:2693-2708", NULL,
               "Effect on its standard error beside tau2; t with k - 2 degrees of freedom." },
             MPL_BIAS_TEST, NULL },
    .min_k = 3, .compute = thompson,
};

const mpl__bias_def mpl__bias_pustejovsky = {
    .pub = { { "pustejovsky", "Pustejovsky and Rodgers's regression",
               "Pustejovsky & Rodgers 2019, Res Synth Methods 10:57-71", NULL,
               "Standardized mean difference on sqrt(1/n1 + 1/n2), weights 1/vi, free dispersion." },
             MPL_BIAS_TEST, NULL },
    .measures = "SMD SMDH SMD1 SMD1H", .min_k = 3, .compute = pustejovsky,
};

const mpl__bias_def mpl__bias_harbord = {
    .pub = { { "harbord", "Harbord's regression of scores",
               "Harbord, Egger & Sterne 2006, Stat Med 25:3443-3457; Harbord, Harris & Sterne 2009, Stata J 9:197-210",
               NULL, "Z/V on 1/sqrt(V), weights V; Z and V are the score and its variance under no effect." },
             MPL_BIAS_TEST, NULL },
    .measures = "OR PETO RR", .needs_counts = true, .min_k = 3, .compute = harbord,
};

const mpl__bias_def mpl__bias_peters = {
    .pub = { { "peters", "Peters's regression", "Peters et al. 2006, JAMA 295:676-680", NULL,
               "Log ratio on 1/n, weights 1/(1/events + 1/non-events)." },
             MPL_BIAS_TEST, NULL },
    .measures = "OR PETO RR", .needs_counts = true, .min_k = 3, .compute = peters,
};

const mpl__bias_def mpl__bias_macaskill = {
    .pub = { { "macaskill", "Macaskill's regression", "Macaskill, Walter & Irwig 2001, Stat Med 20:641-654",
               NULL, "Log ratio on n, weights events x non-events/n." },
             MPL_BIAS_TEST, "low power" },
    .measures = "OR PETO RR", .needs_counts = true, .min_k = 3, .compute = macaskill,
};

const mpl__bias_def mpl__bias_deeks = {
    .pub = { { "deeks", "Deeks's regression on effective sample size",
               "Deeks, Macaskill & Irwig 2005, J Clin Epidemiol 58:882-893", NULL,
               "Log odds ratio on 1/sqrt(ESS), weights ESS = 4 n1 n2/n; for diagnostic odds ratios." },
             MPL_BIAS_TEST, NULL },
    .measures = "OR PETO", .needs_counts = true, .min_k = 3, .compute = deeks,
};

const mpl__bias_def mpl__bias_pet = {
    .pub = { { "pet", "PET, the precision-effect test", "Stanley & Doucouliagos 2014, Res Synth Methods 5:60-78", NULL,
               "The mean of studies with standard error 0 on Egger's line." },
             MPL_BIAS_ADJUSTED, "adjusts too much where there is an effect" },
    .min_k = 3, .compute = pet,
};

const mpl__bias_def mpl__bias_peese = {
    .pub = { { "peese", "PEESE, the precision-effect estimate with standard error",
               "Stanley & Doucouliagos 2014, Res Synth Methods 5:60-78", NULL,
               "The mean of studies with variance 0 on a line over the variance." },
             MPL_BIAS_ADJUSTED, "adjusts too little where there is no effect" },
    .min_k = 3, .compute = peese,
};

const mpl__bias_def mpl__bias_pet_peese = {
    .pub = { { "pet-peese", "PET-PEESE", "Stanley & Doucouliagos 2014, Res Synth Methods 5:60-78", NULL,
               "PEESE if PET finds an effect in the direction of the pooled mean, one-sided at 0.05; else PET." },
             MPL_BIAS_ADJUSTED, "unreliable with few studies or much heterogeneity (Stanley 2017, Soc Psychol "
                                  "Personal Sci 8:581-591)" },
    .min_k = 3, .compute = pet_peese,
};
