/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pooled result, the heterogeneity beside it, and what to expect of a new study, in words. */
#include <math.h>
#include <string.h>

#include "model/fit_impl.h"
#include "report/from_fit.h"
#include "report/doc/doc.h"

/* Fields of a mean under another test. */
static void add_other(mpl__doc *d, const mpl_term *t)
{
    const mpl__shown shown = mpl__display(d->a->effects->measure, d->a->fit->tau2, t->estimate, t->ci_lb, t->ci_ub);
    mpl__build_number(&d->b, "other_display_estimate", NULL, MPL_KIND_EFFECT, shown.x);
    mpl__build_number(&d->b, "other_display_ci_lb", NULL, MPL_KIND_EFFECT, shown.lb);
    mpl__build_number(&d->b, "other_display_ci_ub", NULL, MPL_KIND_EFFECT, shown.ub);
    mpl__build_number(&d->b, "other_pval", NULL, MPL_KIND_PVALUE, t->pval);
}

/* "the interval excludes 1, the value of no effect". */
static const char *of_null(const mpl__doc *d, double lb, double ub)
{
    const double null = d->a->effects->measure->null_value;
    if (isnan(null) || isnan(lb))
        return "";
    return lb > null || ub < null ? " The interval excludes {null}, the value of no effect."
                                  : " The interval includes {null}, the value of no effect.";
}

static void say_mean(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    const mpl_term *const t = &fit->terms[0];
    const char *const statistic = isnan(t->pval) ? "" : isinf(t->df) ? "; z = {statistic}, {p:pval}"
                                                                      : "; t({df}) = {statistic}, {p:pval}";
    const char *const what = fit->k > 1 ? "The pooled result of {k} studies is" : "The result of the only study is";
    mpl__doc_say(d, "%s %s%s.%s", what, mpl__doc_estimate(d, ""), isnan(d->a->effects->measure->null_value) ? ""
                                                                                                            : statistic,
                 of_null(d, t->ci_lb, t->ci_ub));
    const bool is_z = mpl__test_is_normal(fit->test);
    const mpl_term *const other = is_z ? &fit->hksj : &fit->wald;
    if (fit->k < 2 || isnan(other->ci_lb))
        return;
    add_other(d, other);
    mpl__doc_say(d, "By %s, for comparison: %s%s.", is_z ? "the Hartung-Knapp method" : "Wald's method",
                 mpl__doc_estimate(d, "other_"), isnan(d->a->effects->measure->null_value) ? "" : "; {p:other_pval}");
}

static void say_heterogeneity(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    if (fit->k < 2 || isnan(fit->tau2)) {
        mpl__doc_say(d, "Heterogeneity cannot be estimated here.");
        return;
    }
    const char *const percent = mpl__percent(&d->b, fit->level);
    const char *const tau2 = isnan(fit->tau2_ci.lb) ? "τ² = {tau2}"
                                                    : mpl__build_format(&d->b, "τ² = {tau2} (%s CI "
                                                                               "{tau2_ci_lb..tau2_ci_ub})", percent);
    const char *const i2 = isnan(fit->i2_ci.lb) ? "I² = {i2}"
                                                : mpl__build_format(&d->b, "I² = {i2} (%s CI {i2_ci_lb..i2_ci_ub})",
                                                                    percent);
    if (d->is_common)
        mpl__doc_say(d, "The model takes the true effects of all studies as equal.");
    else if (fit->tau2 > 0)
        mpl__doc_say(d, "True effects differ between studies with variance %s, a standard deviation of τ = {tau} on "
                     "the scale of analysis ({scale}).", tau2);
    else
        mpl__doc_say(d, "No variance between true effects is estimated: %s.", tau2);
    if (!isnan(fit->i2))
        mpl__doc_say(d, "Of the variability of the observed effects, %s is more than chance explains. This share grows "
                     "with the size of the studies; how far apart effects are it does not say.", i2);
    if (!isnan(fit->q))
        mpl__doc_say(d, "Test of heterogeneity: Q({q_df}) = {q}, {p:q_pval}.");
}

static void say_prediction(mpl__doc *d)
{
    const mpl_fit *const fit = d->a->fit;
    const double null = d->a->effects->measure->null_value;
    const char *const percent = mpl__percent(&d->b, fit->level);
    if (isnan(fit->pi_lb)) {
        if (fit->k > 1 && !mpl__pi_is_none(fit->pi))
            mpl__doc_say(d, "No prediction interval can be estimated.");
        return;
    }
    const char *reading = "";
    if (!isnan(null))
        reading = fit->pi_lb > null || fit->pi_ub < null
                      ? " All of it is on one side of {null}, the value of no effect: effects of new studies are "
                        "expected to have the same direction."
                      : " It includes {null}, the value of no effect: in some settings there may be no effect, or one "
                        "in the other direction.";
    mpl__doc_say(d, "In a new study like these, the true effect is expected to lie within "
                 "{display_pi_lb..display_pi_ub} (%s prediction interval).%s", percent, reading);
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    const mpl_measure *const m = d->a->effects->measure;
    mpl__doc_numbers(d);
    mpl__build_number(&d->b, "tau", NULL, MPL_KIND_VARIANCE, d->a->fit->tau);
    mpl__build_number(&d->b, "null", NULL, MPL_KIND_NUMBER, mpl_measure_display(m, m->null_value));
    mpl__build_text(&d->b, "scale", NULL, m->scale);
    say_mean(d);
    say_heterogeneity(d);
    say_prediction(d);
    mpl__fit_extras(&d->b, d->a->fit);
    mpl__part_notes(&d->b, NULL, d->a, NULL);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_pooled = {
    .method = { .id = "pooled", .title = "the pooled result, heterogeneity and prediction in words",
                .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_RESULTS,
    .heading = "Pooled result",
    .build = build,
};
