/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the result owes to single studies: leaving each out, diagnostics, adding one after the other. */
#include <string.h>

#include "base/error.h"
#include "report/parts.h"
#include "report/doc/doc.h"

static bool has_two(const mpl__doc *d)
{
    return d->a->fit->k >= 2;
}

static void add_refits(mpl__doc *d, mpl_refits *refits)
{
    mpl__part_refits(&d->b, refits, d->is_listed);
    mpl_refits_free(refits);
}

static void loo_methods(mpl__doc *d)
{
    mpl__doc_say(d, "Each study was left out in turn and the others pooled by the same methods.");
}

static mpl_status loo(mpl__doc *d, mpl_error *err)
{
    mpl_refits *refits;
    MPL_TRY(mpl_loo_new(d->a, NULL, &refits, err));
    add_refits(d, refits);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_loo = {
    .method = { .id = "loo", .title = "the result without each study", .cite = "Viechtbauer & Cheung 2010, Res Synth "
                                                                               "Methods 1:112-125" },
    .part = MPL__PART_RESULTS,
    .heading = "Without each study",
    .on_demand = true,
    .has = has_two,
    .needs = "leaving one out needs two studies",
    .methods = loo_methods,
    .build = loo,
};

static void influence_methods(mpl__doc *d)
{
    mpl__doc_say(d, "Studies were looked at as cases: residuals, DFFITS, Cook's distance, hat values and DFBETAS%s.",
                 mpl__doc_cite(d, mpl__doc_influence.method.cite));
}

static mpl_status influence(mpl__doc *d, mpl_error *err)
{
    mpl_influence *inf;
    MPL_TRY(mpl_influence_new(d->a->effects, NULL, d->a->fit, NULL, &inf, err));
    mpl_status s = mpl__doc_figure(d, "influence", &(mpl_plot_options){ .title = "none" },
                                   "Diagnostics of each study, with the limits beyond which one is flagged.", err);
    if (s == MPL_OK)
        mpl__part_influence(&d->b, inf, d->is_listed, !mpl__doc_shows(d, &mpl__doc_loo));
    mpl_influence_free(inf);
    return s;
}

const mpl__doc_section mpl__doc_influence = {
    .method = { .id = "influence", .title = "diagnostics of each study, with a figure",
                .cite = "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125" },
    .part = MPL__PART_RESULTS,
    .heading = "Influence of single studies",
    .on_demand = true,
    .has = has_two,
    .needs = "diagnostics need two studies",
    .methods = influence_methods,
    .build = influence,
};

/* By year, if the data say it. */
static const char *order_of(const mpl__doc *d)
{
    const mpl_column *const year = mpl_dataset_find(d->a->data, "year");
    return year ? year->name : NULL;
}

static void cumulative_methods(mpl__doc *d)
{
    mpl__doc_say(d, "Studies were pooled one after the other in order of %s%s.", order_of(d) ? "year" : "the data",
                 mpl__doc_cite(d, mpl__doc_cumulative.method.cite));
}

static mpl_status cumulative(mpl__doc *d, mpl_error *err)
{
    mpl_refits *refits;
    const mpl_cumulative_options options = { .order = order_of(d) };
    MPL_TRY(mpl_cumulative_new(d->a, &options, &refits, err));
    add_refits(d, refits);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_cumulative = {
    .method = { .id = "cumulative", .title = "studies pooled one after the other, by year if there is one",
                .cite = "Lau et al. 1992, N Engl J Med 327:248-254" },
    .part = MPL__PART_RESULTS,
    .heading = "Studies added one by one",
    .on_demand = true,
    .has = has_two,
    .needs = "adding studies one by one needs two",
    .methods = cumulative_methods,
    .build = cumulative,
};
