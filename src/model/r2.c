/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What part of the heterogeneity, of the variance of the effects, or of the likelihood the moderators explain.
 *
 * Definitions differ in what they divide by: tau2_0 and l_0 are those of the same method without moderators, v is the
 * harmonic mean of the sampling variances, var(f) the variance of the fitted values. None can be below 0.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include <metapool/option.h>
#include "model/regress_impl.h"
#include "num/dist.h"
#include "num/sum.h"

typedef struct ingredients {
    const mpl_fit *fit, *base;
    double tau2_0, tau2, v, var_f; /* var_f: of the fitted values */
    double r, weighted_r;          /* correlations of effects and fitted values */
    double saturated;              /* log-likelihood of a model that fits every effect */
} ingredients;

static double of_tau2(const ingredients *i)
{
    return (i->tau2_0 - i->tau2) / i->tau2_0;
}

static double of_tau2_total(const ingredients *i)
{
    return (i->tau2_0 - i->tau2) / (i->tau2_0 + i->v);
}

static double of_component(const ingredients *i)
{
    return i->var_f / (i->var_f + i->tau2);
}

static double of_component_total(const ingredients *i)
{
    return i->var_f / (i->var_f + i->tau2 + i->v);
}

static double of_fitted(const ingredients *i)
{
    return i->var_f / i->tau2_0;
}

static double of_fitted_total(const ingredients *i)
{
    return i->var_f / (i->tau2_0 + i->v);
}

static double of_correlation(const ingredients *i)
{
    return i->r * i->r;
}

static double of_weighted_correlation(const ingredients *i)
{
    return i->weighted_r * i->weighted_r;
}

static double of_mcfadden(const ingredients *i)
{
    return 1 - i->fit->ll / i->base->ll;
}

static double of_cox_snell(const ingredients *i)
{
    return -expm1(2 * (i->base->ll - i->fit->ll) / (double)i->fit->k);
}

static double of_nagelkerke(const ingredients *i)
{
    return of_cox_snell(i) / -expm1(2 * i->base->ll / (double)i->fit->k);
}

static double of_saturated(const ingredients *i)
{
    return (i->fit->ll - i->base->ll) / (i->saturated - i->base->ll);
}

#define RAUDENBUSH "Raudenbush 1994, in: The Handbook of Research Synthesis, 301-321"
#define ALOE "Aloe, Becker & Pigott 2010, Res Synth Methods 1:272-283"

static const struct {
    mpl_method method;
    double (*part)(const ingredients *i);
    bool by_likelihood;
    const char *definition;
} registry[] = {
    { { "tau2", "part of tau2", RAUDENBUSH, "1", NULL }, of_tau2, false,
      "1 - tau2/tau2 without moderators, at least 0" },
    { { "tau2-total", "fall of tau2 as a part of all variance", RAUDENBUSH, "1v", NULL }, of_tau2_total, false,
      "the fall of tau2 over tau2 without moderators plus a typical sampling variance, at least 0" },
    { { "component", "fitted values as a part of true effects", ALOE, "2", NULL }, of_component, false,
      "var(fitted)/(var(fitted) + tau2)" },
    { { "component-total", "fitted values as a part of all variance", ALOE, "2v", NULL }, of_component_total, false,
      "var(fitted)/(var(fitted) + tau2 + a typical sampling variance)" },
    { { "fitted", "fitted values over tau2", ALOE, "3", NULL }, of_fitted, false,
      "var(fitted)/tau2 without moderators" },
    { { "fitted-total", "fitted values over tau2 and sampling variance", ALOE, "3v", NULL }, of_fitted_total, false,
      "var(fitted)/(tau2 without moderators + a typical sampling variance)" },
    { { "correlation", "squared correlation", ALOE, "4", NULL }, of_correlation, false,
      "the squared correlation of effects and fitted values" },
    { { "weighted-correlation", "squared weighted correlation", ALOE, "4w", NULL }, of_weighted_correlation, false,
      "the squared weighted correlation of effects and fitted values" },
    { { "mcfadden", "McFadden's", "McFadden 1974, in: Frontiers in Econometrics, 105-142", "5", NULL }, of_mcfadden,
      true, "1 - log-likelihood over that without moderators, at least 0 (McFadden)" },
    { { "cox-snell", "Cox and Snell's", "Cox & Snell 1989, Analysis of Binary Data, 2nd ed.", "6", NULL }, of_cox_snell,
      true, "1 - (likelihood without moderators over that with them)^(2/k) (Cox and Snell)" },
    { { "nagelkerke", "Nagelkerke's", "Nagelkerke 1991, Biometrika 78:691-692", "7", NULL }, of_nagelkerke, true,
      "Cox and Snell's over its largest value (Nagelkerke)" },
    { { "saturated", "of the way to the saturated model", "Cameron & Windmeijer 1997, J Econom 77:329-342", "8", NULL },
      of_saturated, true, "the rise of the log-likelihood over that of a model that fits every effect, at least 0" },
};

const mpl_method *mpl_r2_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

/* Variance of b under weights w (NULL = equal), and its correlation with a. */
static double variance(const double *a, const double *b, const double *w, size_t k, double *correlation)
{
    mpl__sum sum[3] = { { 0, 0 } }, squares[3] = { { 0, 0 } };
    for (size_t i = 0; i < k; i++) {
        const double wi = w ? w[i] : 1;
        mpl__sum_add(&sum[0], wi);
        mpl__sum_add(&sum[1], wi * a[i]);
        mpl__sum_add(&sum[2], wi * b[i]);
    }
    const double total = mpl__sum_get(&sum[0]), ma = mpl__sum_get(&sum[1]) / total, mb = mpl__sum_get(&sum[2]) / total;
    for (size_t i = 0; i < k; i++) {
        const double wi = w ? w[i] : 1, da = a[i] - ma, db = b[i] - mb;
        mpl__sum_add(&squares[0], wi * da * da);
        mpl__sum_add(&squares[1], wi * db * db);
        mpl__sum_add(&squares[2], wi * da * db);
    }
    const double aa = mpl__sum_get(&squares[0]), bb = mpl__sum_get(&squares[1]), ab = mpl__sum_get(&squares[2]);
    *correlation = aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
    return bb / ((double)k - 1);
}

static double part_of(const mpl_regression *r, size_t row)
{
    const mpl_effects *const es = r->effects;
    const mpl_fit *const fit = r->fit;
    ingredients in = { .fit = fit, .base = r->baseline, .tau2_0 = r->baseline->tau2, .tau2 = fit->tau2 };
    mpl__sum precision = { 0 }, saturated = { 0 };
    for (size_t i = 0; i < es->k; i++) {
        mpl__sum_add(&precision, 1 / es->vi[i]);
        mpl__sum_add(&saturated, -0.5 * log(2 * 3.14159265358979323846 * es->vi[i]));
    }
    in.v = (double)es->k / mpl__sum_get(&precision);
    in.saturated = strcmp(fit->options.method, "REML") ? mpl__sum_get(&saturated) : 0;
    in.var_f = variance(es->yi, fit->fitted, NULL, es->k, &in.r);
    (void)variance(es->yi, fit->fitted, fit->weights, es->k, &in.weighted_r);
    const double part = registry[row].part(&in);
    return isfinite(part) ? 100 * fmax(0, part) : in.tau2_0 == 0 ? 0 : NAN;
}

static mpl_status interval(mpl__regress_job *job, const mpl__method_def *method, size_t row)
{
    const char *const why = isnan(job->own->all.r2) ? "R2 is not defined for this model"
                            : method->is_common || row > 0 ? "it is made for R2 as part of tau2"
                            : method->needs_weights ? "the method needs weights of its own" : NULL;
    if (!why)
        return mpl__regress_r2_interval(job, method);
    mpl__note_add(&job->notes, "no-r2-interval", "there is no interval of R2: %s", why);
    return MPL_OK;
}

mpl_status mpl__regress_explained(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const mpl_fit *const fit = r->fit, *const base = r->baseline;
    const double df = (double)(fit->k - fit->p), df0 = (double)(fit->k - 1);
    const mpl__method_def *method;
    const mpl_method *asked;
    size_t row = 0;
    MPL_TRY(mpl__method_find(fit->options.method, &method, job->err));
    MPL_TRY(mpl__method_get(mpl_r2_method, "definition of R2", r->options.r2, &asked, job->err));
    while (&registry[row].method != asked)
        row++;
    r->r2_ci = (mpl_interval){ NAN, NAN };
    r->r2 = r->lrt = r->lrt_df = r->lrt_pval = r->lrt_log_pval = NAN;
    if (r->scale) {
        r->r2_definition = "not defined where studies differ in tau2";
        r->options.r2 = NULL;
        return MPL_OK;
    }
    if (method->is_common) {
        r->r2_definition = "1 - (QE/(k - p))/(Q/(k - 1)), at least 0";
        r->options.r2 = NULL;
        if (job->own->matrix.has_constant && df > 0)
            r->r2 = base->q > 0 ? 100 * fmax(0, 1 - (fit->q / df) / (base->q / df0)) : 0;
    } else {
        r->r2_definition = registry[row].definition;
        if (registry[row].by_likelihood && !method->is_ml && !method->is_reml)
            return mpl__fail(job->err, MPL_ERR_ARG, "--r2 %s is of the likelihood, which needs --method ML or REML",
                             asked->id);
        if (job->own->matrix.has_constant && !fit->options.tau2.given && !fit->options.i2.given)
            r->r2 = part_of(r, row);
    }
    if (r->options.r2_draws > 0)
        MPL_TRY(interval(job, method, row));
    if (!job->own->matrix.has_constant || strcmp(fit->options.method, "ML") || fit->p == 1)
        return MPL_OK;
    r->lrt = fmax(0, 2 * (fit->ll - base->ll));
    r->lrt_df = (double)(fit->p - 1);
    r->lrt_pval = mpl__chisq_p(r->lrt, r->lrt_df, MPL__UPPER);
    r->lrt_log_pval = mpl__chisq_log_p(r->lrt, r->lrt_df, MPL__UPPER);
    return MPL_OK;
}
