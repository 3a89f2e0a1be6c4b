/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The effect measure, from which columns it was computed, and what was converted or corrected on the way. */
#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "report/doc/doc.h"

static void say_measure(mpl__doc *d)
{
    const mpl_measure *const m = d->a->effects->measure;
    mpl__build_text(&d->b, "title", NULL, m->method.title);
    mpl__build_text(&d->b, "id", NULL, m->method.id);
    mpl__build_text(&d->b, "scale", NULL, m->scale);
    mpl__build_text(&d->b, "label", NULL, m->label);
    mpl__build_text(&d->b, "reason", NULL, d->a->effects->measure_reason);
    mpl__doc_say(d, "The effect measure is {id} ({title})%s: {reason}.%s", mpl__doc_cite(d, m->method.cite),
                 m->transform ? " Results are shown back-transformed ({label})." : "");
}

/* What was added to counts. */
static void say_corrections(mpl__doc *d)
{
    const mpl_effects *const es = d->a->effects;
    const mpl_method *const to = es->options.to ? mpl_method_find(mpl_correction_method, es->options.to) : NULL;
    size_t n = 0;
    for (size_t i = 0; i < es->k; i++)
        n += es->corrected[i];
    if (n == 0)
        return;
    mpl__build_number(&d->b, "n_corrected", NULL, MPL_KIND_COUNT, (double)n);
    mpl__build_number(&d->b, "add", NULL, MPL_KIND_NUMBER, es->options.add.given ? es->options.add.value : NAN);
    mpl__build_text(&d->b, "to", NULL, to ? to->title : NULL);
    mpl__doc_say(d, "%s was added to the counts of {n_corrected} %s%s.",
                 es->options.add.given ? "{add}" : "A correction", n == 1 ? "study" : "studies",
                 to ? mpl__build_format(&d->b, " (rule: {to})%s", mpl__doc_cite(d, to->cite)) : "");
}

static void say_study_intervals(mpl__doc *d)
{
    const char *const asked = d->a->effects->options.study_ci;
    const mpl_method *const ci = asked ? mpl_method_find(mpl_study_ci_method, asked) : mpl_study_ci_method(0);
    if (!ci || ci == mpl_study_ci_method(0))
        return;
    mpl__build_text(&d->b, "study_ci", NULL, ci->title);
    mpl__doc_say(d, "Intervals of single studies are by {study_ci}%s; weights and pooled results do not depend on "
                 "them.", mpl__doc_cite(d, ci->cite));
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    say_measure(d);
    say_corrections(d);
    say_study_intervals(d);
    mpl__part_routes(&d->b, d->a->effects, true);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_measures = {
    .method = { .id = "measures", .title = "the effect measure and how effect sizes were computed",
                .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_METHODS,
    .heading = "Effect sizes",
    .build = build,
};
