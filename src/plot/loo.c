/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leave-one-out plot: the pooled estimate without each study in turn. */
#include "plot/refits_rows.h"

#include "base/error.h"

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    static const mpl__refits_words words = { "Study left out", "Left out", "Leave-one-out plot",
                                             "pooled estimates without the study", "none" };
    mpl_refits *refits;
    if (options->forest.sort)
        return mpl__fail(err, MPL_ERR_ARG, "--sort: a loo plot leaves out the studies in the order of the file");
    MPL_TRY(mpl_loo_new(analysis, &options->loo, &refits, err));
    const mpl_status s = mpl__refits_build(refits, &words, analysis, options, plot, scratch, err);
    mpl_refits_free(refits);
    return s;
}

static const mpl__plot_group own_group = MPL__PLOT_GROUP(mpl_loo_option_table, loo);

const mpl__plot_def mpl__plot_loo = {
    .method = { .id = "loo", .title = "the pooled estimate without each study in turn",
                .cite = "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125", .aliases = "leave-one-out" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, &own_group, NULL },
    .build = build,
};
