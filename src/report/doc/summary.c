/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result in a few sentences, before everything else. */
#include <math.h>

#include "report/doc/doc.h"

/* Sum of the sample sizes; NaN if a study does not say. */
static double participants(const mpl_effects *es)
{
    double n = 0;
    for (size_t i = 0; i < es->k; i++)
        n += es->ni[i];
    return n;
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    mpl__build *const b = &d->b;
    const mpl_fit *const fit = d->a->fit;
    const char *const outcome = d->options->outcome ? "Outcome: {outcome}. " : "";
    mpl__doc_numbers(d);
    mpl__build_text(b, "outcome", NULL, d->options->outcome);
    mpl__build_number(b, "participants", NULL, MPL_KIND_COUNT, participants(d->a->effects));
    const char *const people = isnan(participants(d->a->effects)) ? "" : " with {participants} participants";
    const bool is_tested = !isnan(fit->terms[0].pval) && !isnan(d->a->effects->measure->null_value);
    const char *const p = is_tested ? "; {p:pval}" : "";
    if (fit->k < 2) {
        mpl__doc_say(d, "%sOne study%s could be used, so nothing was pooled; its own result is %s%s.", outcome, people,
                     mpl__doc_estimate(d, ""), p);
        return MPL_OK;
    }
    mpl__doc_say(d, "%s{k} studies%s were pooled: %s%s.", outcome, people, mpl__doc_estimate(d, ""), p);
    if (!isnan(fit->pi_lb))
        mpl__doc_say(d, "The true effect in a new study is expected to lie within {display_pi_lb..display_pi_ub} (%s "
                     "prediction interval). Between-study variance: τ² = {tau2}; I² = {i2}.",
                     mpl__percent(b, fit->level));
    else if (d->is_common)
        mpl__doc_say(d, "The model takes the true effects of all studies as equal%s.",
                     isnan(fit->i2) ? "" : "; of the variability of the observed ones, I² = {i2} is more than chance "
                                           "explains");
    else if (!isnan(fit->tau2))
        mpl__doc_say(d, "Between-study variance: τ² = {tau2}; I² = {i2}.");
    if (fit->k < 5)
        mpl__doc_say(d, "Caution: {k} studies are few. The between-study variance, and every interval that rests on "
                     "it, is poorly known, and one more study may change the result.");
    return MPL_OK;
}

const mpl__doc_section mpl__doc_summary = {
    .method = { .id = "summary", .title = "the result in a few sentences", .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_SUMMARY,
    .build = build,
};
