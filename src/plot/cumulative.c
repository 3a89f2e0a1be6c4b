/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative plot: the pooled estimate as one study after the other is added, in the order of --order. */
#include "plot/refits_rows.h"

#include "base/error.h"

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    static const mpl__refits_words words = { "Study added", "Added", "Cumulative plot",
                                             "pooled estimates of the studies so far", "k" };
    mpl_refits *refits;
    if (options->forest.sort)
        return mpl__fail(err, MPL_ERR_ARG,
                         "--sort: the order of a cumulative plot changes what is pooled; it is --order");
    MPL_TRY(mpl_cumulative_new(analysis, &options->cumulative, &refits, err));
    const mpl_status s = mpl__refits_build(refits, &words, analysis, options, plot, scratch, err);
    mpl_refits_free(refits);
    return s;
}

static const mpl__plot_group own_group = MPL__PLOT_GROUP(mpl_cumulative_option_table, cumulative);

const mpl__plot_def mpl__plot_cumulative = {
    .method = { .id = "cumulative", .title = "the pooled estimate as studies are added in the order of --order",
                .cite = "Lau et al. 1992, N Engl J Med 327:248-254" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, &own_group, NULL },
    .build = build,
};
