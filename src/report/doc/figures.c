/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forest and funnel plot. */
#include "base/error.h"
#include "report/doc/doc.h"

static mpl_status forest(mpl__doc *d, mpl_error *err)
{
    mpl_plot_options options = d->plot_options ? *d->plot_options : (mpl_plot_options){ 0 };
    options.title = "none"; /* the caption says it */
    if (!d->is_listed) {
        mpl__doc_say(d, "The studies are too many for a figure that can be read; --studies all draws them.");
        return MPL_OK;
    }
    return mpl__doc_figure(d, "forest", &options, "Forest plot: effect of each study with its interval and weight, and "
                                                  "the pooled result.", err);
}

const mpl__doc_section mpl__doc_forest = {
    .method = { .id = "forest", .title = "forest plot", .cite = "Lewis & Clarke 2001, BMJ 322:1479-1480" },
    .part = MPL__PART_RESULTS,
    .heading = "Forest plot",
    .on_demand = true,
    .build = forest,
};

static mpl_status funnel(mpl__doc *d, mpl_error *err)
{
    MPL_TRY(mpl__doc_figure(d, "funnel", &(mpl_plot_options){ .title = "none" },
                            "Funnel plot: effects by their standard errors, and the region in which most would lie if "
                            "all studies shared the pooled effect.", err));
    mpl__build_number(&d->b, "k", NULL, MPL_KIND_COUNT, (double)d->a->effects->k);
    mpl__doc_say(d, "Asymmetry has many causes: small studies may differ in their patients, methods or selection, and "
                 "some measures are tied to their standard errors%s.%s",
                 mpl__doc_cite(d, "Sterne et al. 2011, BMJ 343:d4002"),
                 d->a->effects->k < 10 ? " With {k} studies, fewer than ten, it can hardly be told from chance." : "");
    return MPL_OK;
}

const mpl__doc_section mpl__doc_funnel = {
    .method = { .id = "funnel", .title = "funnel plot", .cite = "Sterne et al. 2011, BMJ 343:d4002" },
    .part = MPL__PART_RESULTS,
    .heading = "Funnel plot",
    .on_demand = true,
    .build = funnel,
};
