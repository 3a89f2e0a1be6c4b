/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative plot: the pooled estimate as one study after the other is added, in the order of --sort. */
#include "plot/refits_rows.h"

#include "base/error.h"

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    static const mpl__refits_words words = { "Study added", "Cumulative plot",
                                             "pooled estimates of the studies so far", "k" };
    const mpl_cumulative_options own = { .order = options->forest.sort };
    mpl_refits *refits;
    MPL_TRY(mpl__within(err, mpl_cumulative_new(analysis, &own, &refits, err), "--sort"));
    const mpl_status s = mpl__refits_build(refits, &words, analysis, options, plot, scratch, err);
    mpl_refits_free(refits);
    return s;
}

const mpl__plot_def mpl__plot_cumulative = {
    .method = { .id = "cumulative", .title = "the pooled estimate as studies are added in the order of --sort",
                .cite = "Lau et al. 1992, N Engl J Med 327:248-254" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, NULL },
    .build = build,
};
