/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Means corrected for selection of a known severity: affirmative studies count 1/severity of what the others do
 * (Mathur & VanderWeele 2020, J R Stat Soc C 69:1091-1119), or the likelihood of a step selection model has these
 * chances of publication; and patterns of selection with known weights (Vevea & Woods 2005).
 */
#include <math.h>

#include <metapool/select.h>
#include "base/error.h"
#include "base/number.h"
#include "diag/tipping_impl.h"
#include "model/fit_impl.h"
#include "num/sum.h"

static mpl_status check_variances(const mpl__stratum *s, mpl_error *err)
{
    for (size_t i = 0; i < s->effects->k; i++)
        if (s->effects->vi[i] == 0)
            return mpl__fail(err, MPL_ERR_DATA, "a sampling variance is 0");
    return MPL_OK;
}

static double chance(const mpl__stratum *s, size_t i, double severity)
{
    return s->affirmative[i] ? 1 / severity : 1;
}

static mpl_status check_weight(double sum, mpl_error *err)
{
    return sum > 0 ? MPL_OK : mpl__fail(err, MPL_ERR_TOO_FEW, "every study is affirmative");
}

/* Weights 1/v; the variance is that of a weighted sum of effects whose variances are v. */
static mpl_status fixed(const mpl__stratum *s, double severity, mpl_term *out, double *tau2, mpl_error *err)
{
    const mpl_effects *const es = s->effects;
    mpl__sum w = { 0 }, wy = { 0 }, w2v = { 0 };
    MPL_TRY(check_variances(s, err));
    for (size_t i = 0; i < es->k; i++) {
        const double omega = chance(s, i, severity), wi = omega / es->vi[i];
        mpl__sum_add(&w, wi);
        mpl__sum_add(&wy, wi * (es->yi[i] - s->null));
        mpl__sum_add(&w2v, omega * wi);
    }
    const double sum = mpl__sum_get(&w);
    MPL_TRY(check_weight(sum, err));
    *out = mpl__term_make("fixed", mpl__sum_get(&wy) / sum + s->null, sqrt(mpl__sum_get(&w2v)) / sum, INFINITY,
                          s->fit->level);
    *tau2 = 0;
    return MPL_OK;
}

/* Sums over the shares h of the studies: the working covariance of their residuals is v - hv - hv' + S. */
typedef struct residuals {
    double s;              /* sum of h^2 v */
    double se2;            /* robust variance */
    double b0, b1, b2, d1, d2; /* with b = h^2 v/B: sums of b, b u, b u^2, of P_ii, and what they lack in P_ii^2 */
} residuals;

/*
 * CR2 of a weighted mean, with working variances v: residual i is stretched by sqrt(v/B), B its working variance.
 * Degrees of freedom (sum P_ii)^2/(sum P_ij^2), where P_ij = a_i a_j (S - u_i - u_j) beside the diagonal, u = h v and
 * a^2 = b; the double sum falls apart into products of sums (Tipton 2015, Psychol Methods 20:375-393).
 */
static void add_residual(residuals *r, double h, double v, double e)
{
    const double big = v * (1 - 2 * h) + r->s, u = h * v;
    if (!(big > 1e-10 * v))
        return; /* one study has all the weight */
    const double b = h * h * v / big, own = b * big, other = b * (r->s - 2 * u);
    r->se2 += b * e * e;
    r->b0 += b;
    r->b1 += b * u;
    r->b2 += b * u * u;
    r->d1 += own;
    r->d2 += own * own - other * other;
}

static mpl_status robust(const mpl__stratum *s, double severity, mpl_term *out, double *tau2, mpl_error *err)
{
    const mpl_effects *const es = s->effects;
    mpl__sum w = { 0 }, wy = { 0 }, h2v = { 0 };
    residuals r = { 0 };
    MPL_TRY(check_variances(s, err));
    *tau2 = s->fit->tau2 > 0 ? s->fit->tau2 : 0;
    for (size_t i = 0; i < es->k; i++) {
        const double wi = chance(s, i, severity) / (es->vi[i] + *tau2);
        mpl__sum_add(&w, wi);
        mpl__sum_add(&wy, wi * (es->yi[i] - s->null));
    }
    const double sum = mpl__sum_get(&w);
    MPL_TRY(check_weight(sum, err));
    const double mean = mpl__sum_get(&wy) / sum;
    for (size_t i = 0; i < es->k; i++) {
        const double h = chance(s, i, severity) / (es->vi[i] + *tau2) / sum;
        mpl__sum_add(&h2v, h * h * es->vi[i]);
    }
    r.s = mpl__sum_get(&h2v);
    for (size_t i = 0; i < es->k; i++)
        add_residual(&r, chance(s, i, severity) / (es->vi[i] + *tau2) / sum, es->vi[i], es->yi[i] - s->null - mean);
    const double all = r.s * r.s * r.b0 * r.b0 + 2 * r.b2 * r.b0 + 2 * r.b1 * r.b1 - 4 * r.s * r.b1 * r.b0 + r.d2;
    const double se = r.se2 > 0 ? sqrt(r.se2) : (double)NAN, df = r.d1 * r.d1 / all;
    *out = mpl__term_make("robust", mean + s->null, se, df, s->fit->level);
    return MPL_OK;
}

/* Weights as texts, because that is how a selection model is told them. */
static mpl_status by_likelihood(const mpl__stratum *s, const char *steps, const char *delta, mpl_term *out,
                                double *tau2, mpl_error *err)
{
    const mpl_selection_options options = { .selection = "stepfun", .level = s->fit->level, .steps = steps,
                                            .delta = delta, .alternative = s->tipping->sign > 0 ? "greater" : "less" };
    mpl_selection *selection;
    MPL_TRY(mpl_selection_new(s->effects, NULL, &options, &selection, err));
    *out = selection->terms[0];
    out->term = "stepfun";
    *tau2 = selection->tau2;
    mpl_selection_free(selection);
    return MPL_OK;
}

static mpl_status stepfun(const mpl__stratum *s, double severity, mpl_term *out, double *tau2, mpl_error *err)
{
    char delta[MPL__NUMBER_SIZE + 2] = "1,", step[MPL__NUMBER_SIZE];
    mpl__number_write(1 / severity, delta + 2);
    mpl__number_write(s->tipping->options.alpha / 2, step);
    return by_likelihood(s, step, delta, out, tau2, err);
}

static const mpl__correction corrections[] = {
    { { .id = "fixed", .title = "weights, equal effects",
        .cite = "Mathur & VanderWeele 2020, J R Stat Soc C 69:1091-1119",
        .about = "Affirmative studies weigh 1/severity of what they would; inverse variances, z." },
      .largest = 1e6, .n_steps = 60, .mean = fixed },
    { { .id = "robust", .title = "weights, random effects, robust",
        .cite = "Mathur & VanderWeele 2020, J R Stat Soc C 69:1091-1119",
        .about = "The same with the tau2 of the pooled mean, and a variance that holds if it is wrong (CR2)." },
      .largest = 1e6, .n_steps = 60, .mean = robust },
    { { .id = "stepfun", .title = "step selection model",
        .cite = "Hedges 1992, Stat Sci 7:246-255; Vevea & Woods 2005, Psychol Methods 10:428-443",
        .about = "Maximum likelihood with these chances of publication taken as known; estimates its own tau2." },
      .largest = 1000, .n_steps = 14, .is_likelihood = true, .mean = stepfun },
};

enum { N_CORRECTIONS = sizeof corrections / sizeof *corrections };

const mpl__correction *mpl__correction_get(size_t i)
{
    return &corrections[i];
}

const mpl_method *mpl_tipping_method(size_t i)
{
    return i < N_CORRECTIONS ? &corrections[i].method : NULL;
}

/* ---- patterns */

static const char STEPS[] = "0.005,0.01,0.05,0.1,0.25,0.35,0.5,0.65,0.75,0.9,0.95,0.99,0.995";

typedef struct scenario {
    mpl_method method;
    const char *delta;
} scenario;

static const scenario scenarios[] = {
    { { .id = "moderate-one-tailed", .title = "moderate, one-tailed",
        .cite = "Vevea & Woods 2005, Psychol Methods 10:428-443" },
      "1,0.99,0.95,0.8,0.75,0.65,0.6,0.55,0.5,0.5,0.5,0.5,0.5,0.5" },
    { { .id = "severe-one-tailed", .title = "severe, one-tailed",
        .cite = "Vevea & Woods 2005, Psychol Methods 10:428-443" },
      "1,0.99,0.9,0.75,0.6,0.5,0.4,0.35,0.3,0.25,0.1,0.1,0.1,0.1" },
    { { .id = "moderate-two-tailed", .title = "moderate, two-tailed",
        .cite = "Vevea & Woods 2005, Psychol Methods 10:428-443" },
      "1,0.99,0.95,0.9,0.8,0.75,0.6,0.6,0.75,0.8,0.9,0.95,0.99,1" },
    { { .id = "severe-two-tailed", .title = "severe, two-tailed",
        .cite = "Vevea & Woods 2005, Psychol Methods 10:428-443" },
      "1,0.99,0.9,0.75,0.6,0.5,0.25,0.25,0.5,0.6,0.75,0.9,0.99,1" },
};

const mpl_method *mpl_scenario_method(size_t i)
{
    return i < sizeof scenarios / sizeof *scenarios ? &scenarios[i].method : NULL;
}

mpl_status mpl__scenario_mean(const mpl__stratum *s, size_t i, mpl_term *out, double *tau2, mpl_error *err)
{
    return by_likelihood(s, STEPS, scenarios[i].delta, out, tau2, err);
}
