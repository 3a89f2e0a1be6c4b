/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The diagnostics of a study, one function each. Limits are those of Viechtbauer & Cheung 2010 (Res Synth Methods
 * 1:112-125) as metafor applies them: a study beyond any of them is flagged.
 */
#include "diag/diagnostic.h"

#include <math.h>

#include "num/dist.h"

#define SOURCE "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125"

static double residual(const mpl__deletion *d)
{
    return d->yi - d->fitted;
}

static double weight(const mpl__deletion *d)
{
    return d->weight;
}

static double pearson(const mpl__deletion *d)
{
    return residual(d) / sqrt(d->vi + d->tau2);
}

/* Methods that pool counts have no hat values: their residuals are taken against the effect's own variance. */
/* What rounding leaves of 1 - hat where a fitted value is the effect itself, and no residual is left. */
static const double ALL_ITS_OWN = 1e-9;

static double rstandard(const mpl__deletion *d)
{
    const double free = isnan(d->hat) ? 1 : 1 - d->hat;
    return free > ALL_ITS_OWN ? residual(d) / sqrt((d->vi + d->tau2) * free) : (double)NAN;
}

static double rstudent(const mpl__deletion *d)
{
    const double factor = d->without && !isnan(d->hat) ? d->without->vb_factor : 1;
    return (d->yi - d->fitted_del) / sqrt(factor * (d->vi + d->tau2_del) + d->var_fitted_del);
}

static double hat(const mpl__deletion *d)
{
    return d->hat;
}

static double dffits(const mpl__deletion *d)
{
    const double factor = d->without ? d->without->vb_factor : (double)NAN;
    return (d->fitted - d->fitted_del) / sqrt(factor * d->hat * (d->vi + d->tau2_del));
}

static double cook(const mpl__deletion *d)
{
    return d->cook;
}

static double covratio(const mpl__deletion *d)
{
    return exp(d->log_det_ratio);
}

static double dfbetas(const mpl__deletion *d)
{
    double largest = (double)NAN;
    for (size_t j = 0; j < d->fit->p; j++)
        if (!(fabs(d->dfbetas[j]) <= fabs(largest)))
            largest = d->dfbetas[j];
    return largest;
}

static double tau2_del(const mpl__deletion *d)
{
    return d->without ? d->without->tau2 : (double)NAN;
}

static double q_del(const mpl__deletion *d)
{
    return d->without ? d->without->q : (double)NAN;
}

static double i2_del(const mpl__deletion *d)
{
    return d->without ? d->without->i2 : (double)NAN;
}

static double dffits_limit(double k, double p)
{
    return 3 * sqrt(p / (k - p));
}

static double cook_limit(double k, double p)
{
    (void)k;
    return mpl__chisq_q(0.5, p, MPL__LOWER);
}

static double hat_limit(double k, double p)
{
    return 3 * p / k;
}

static double dfbetas_limit(double k, double p)
{
    (void)k;
    (void)p;
    return 1;
}

static const mpl_diagnostic registry[] = {
    { .method = { "weight", "weight of the study in the pooled result",
                  SOURCE, NULL, NULL },
      .label = "Weight", .kind = MPL_DIAGNOSTIC_PERCENT, .compute = weight },
    { .method = { "residual", "effect minus its fitted value",
                  SOURCE, NULL, NULL },
      .label = "Residual", .kind = MPL_DIAGNOSTIC_EFFECT, .is_minor = true, .compute = residual },
    { .method = { "pearson", "residual in units of the standard deviation of the effect",
                  SOURCE, NULL, NULL },
      .label = "Pearson", .kind = MPL_DIAGNOSTIC_RATIO, .is_minor = true, .compute = pearson },
    { .method = { "rstandard", "residual in units of its own standard error",
                  SOURCE, NULL, NULL },
      .label = "Standardized", .kind = MPL_DIAGNOSTIC_RATIO, .compute = rstandard },
    { .method = { "rstudent", "distance from the prediction made without the study, in units of its standard error",
                  SOURCE, NULL, NULL },
      .label = "Deleted", .kind = MPL_DIAGNOSTIC_RATIO, .compute = rstudent },
    { .method = { "dffits", "change of the study's fitted value when it is left out, in standard errors",
                  SOURCE, NULL, NULL },
      .label = "DFFITS", .kind = MPL_DIAGNOSTIC_RATIO, .compute = dffits,
      .rule = "|DFFITS| > 3 sqrt(p/(k - p))", .limit = dffits_limit },
    { .method = { "cook", "Cook's distance: squared change of all coefficients in units of their covariance",
                  SOURCE, NULL, NULL },
      .label = "Cook", .kind = MPL_DIAGNOSTIC_RATIO, .compute = cook,
      .rule = "Cook's distance beyond the median of chi-squared on p degrees of freedom",
      .limit = cook_limit },
    { .method = { "covratio", "determinant of the covariance of the coefficients without the study over that with it",
                  SOURCE, NULL, NULL },
      .label = "Cov. ratio", .kind = MPL_DIAGNOSTIC_RATIO, .compute = covratio },
    { .method = { "hat", "leverage: how much the fitted value follows the study's own effect",
                  SOURCE, NULL, NULL },
      .label = "Hat", .kind = MPL_DIAGNOSTIC_RATIO, .compute = hat,
      .rule = "hat value > 3 p/k", .limit = hat_limit },
    { .method = { "dfbetas", "change of a coefficient when the study is left out, in standard errors: the largest",
                  SOURCE, NULL, NULL },
      .label = "DFBETAS", .kind = MPL_DIAGNOSTIC_RATIO, .compute = dfbetas,
      .rule = "|DFBETAS| > 1 for any coefficient", .limit = dfbetas_limit },
    { .method = { "tau2_del", "between-study variance without the study",
                  SOURCE, NULL, NULL },
      .label = "τ² without", .kind = MPL_DIAGNOSTIC_VARIANCE, .is_of_rest = true, .compute = tau2_del },
    { .method = { "i2_del", "I2 without the study",
                  SOURCE, NULL, NULL },
      .label = "I² without", .kind = MPL_DIAGNOSTIC_PERCENT, .is_minor = true, .is_of_rest = true, .compute = i2_del },
    { .method = { "q_del", "Cochran's Q, or QE, without the study",
                  SOURCE, NULL, NULL },
      .label = "Q without", .kind = MPL_DIAGNOSTIC_STATISTIC, .is_of_rest = true, .compute = q_del },
};

const mpl_method *mpl_diagnostic_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}
