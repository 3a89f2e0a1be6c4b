/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How effects were pooled, in sentences with their sources, and what the other sections add to that. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/fit_impl.h"
#include "report/doc/doc.h"

static const mpl_method *chosen(mpl_registry registry, const char *id)
{
    return id ? mpl_method_find(registry, id) : registry(0);
}

static void say_model(mpl__doc *d, const mpl__method_def *method)
{
    const mpl_fit *const fit = d->a->fit;
    const mpl_method *const weights = chosen(mpl_weights_method, fit->options.weights);
    const mpl_method *const glmm = fit->options.glmm_model ? mpl_method_find(mpl_glmm_method, fit->options.glmm_model)
                                                            : NULL;
    const bool has_weights = !method->pool && !method->is_common && !isnan(fit->tau2); /* cited first, said first */
    const char *const weights_cite = mpl__doc_cite(d, has_weights ? weights->cite : NULL);
    const bool is_fixed = fit->options.tau2.given || fit->options.i2.given;
    const char *const cite = mpl__doc_cite(d, has_weights && is_fixed ? NULL : fit->method->cite);
    if (method->pool)
        mpl__doc_say(d, "Counts were pooled by %s%s%s%s.", fit->method->title, cite, glmm ? ": " : "",
                     glmm ? mpl__build_format(&d->b, "%s%s", glmm->title, mpl__doc_cite(d, glmm->cite)) : "");
    else if (isnan(fit->tau2))
        mpl__doc_say(d, "A single study is shown with its own effect and variance; nothing was pooled.");
    else if (method->is_common)
        mpl__doc_say(d, "Effects were pooled with %s in a model of %s%s, in which no between-study variance is "
                     "estimated.", weights->title, fit->method->title, cite);
    else if (is_fixed)
        mpl__doc_say(d, "Effects were pooled in a random-effects model with %s%s and the between-study variance fixed "
                     "at τ² = {tau2}.", weights->title, weights_cite);
    else
        mpl__doc_say(d, "Effects were pooled in a random-effects model with %s%s; the between-study variance τ² was "
                     "estimated by %s%s.", weights->title, weights_cite, fit->method->title, cite);
}

static void say_test(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    const mpl__test_def *test;
    const bool known = mpl__test_find(fit->test->id, &test, NULL) == MPL_OK && !test->refine;
    mpl__build_number(&d->b, "df", NULL, MPL_KIND_DF, fit->terms[0].df);
    mpl__doc_say(d, "%s confidence intervals and two-sided p-values are by %s%s%s. No p-value is read as the presence "
                 "or absence of an effect.", mpl__percent(&d->b, fit->level), fit->test->title,
                 mpl__doc_cite(d, fit->test->cite),
                 !known                      ? ""
                 : fit->is_kenward           ? ", from t distributions with degrees of freedom for each coefficient"
                 : isinf(fit->terms[0].df) ? ", from the normal distribution"
                                             : ", from the t distribution with {df} degrees of freedom");
}

static void say_heterogeneity(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    const mpl_method *const i2 = chosen(mpl_i2_method, fit->options.i2_def);
    if (fit->k < 2 || isnan(fit->tau2))
        return;
    const char *const ci = isnan(fit->tau2_ci.ub) ? "" : mpl__build_format(&d->b, " with an interval by %s%s",
                                                                           fit->tau2_ci_method->title,
                                                                           mpl__doc_cite(d, fit->tau2_ci_method->cite));
    if (d->is_common)
        mpl__doc_say(d, "Heterogeneity is described by Q%s.",
                     isnan(fit->i2) ? "" : mpl__build_format(&d->b, " and I²%s", mpl__doc_cite(d, i2->cite)));
    else if (isnan(fit->i2))
        mpl__doc_say(d, "Heterogeneity is described by τ²%s.", ci);
    else
        mpl__doc_say(d, "Heterogeneity is described by τ²%s, and by I², which compares τ² with %s%s.", ci, i2->title,
                     mpl__doc_cite(d, i2->cite));
}

static void say_prediction(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    if (!isnan(fit->pi_ub))
        mpl__doc_say(d, "The prediction interval, within which the true effect of a new study is expected with %s "
                     "probability, is by %s%s.", mpl__percent(&d->b, fit->level), fit->pi->title,
                     mpl__doc_cite(d, fit->pi->cite));
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(d->a->fit->options.method, &method, err));
    mpl__build_number(&d->b, "tau2", NULL, MPL_KIND_VARIANCE, d->a->fit->tau2);
    say_model(d, method);
    say_test(d);
    say_heterogeneity(d);
    say_prediction(d);
    for (size_t i = 0; mpl__doc_section_at(i); i++)
        if (mpl__doc_section_at(i)->methods && mpl__doc_shows(d, mpl__doc_section_at(i)))
            mpl__doc_section_at(i)->methods(d);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_synthesis = {
    .method = { .id = "synthesis", .title = "how effects were pooled, from the options in force",
                .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_METHODS,
    .heading = "Synthesis",
    .build = build,
};
