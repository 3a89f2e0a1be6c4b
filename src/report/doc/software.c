/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions and options: with the data's SHA-256, all that it takes to get the same document again. */
#include "report/parts.h"
#include "report/doc/doc.h"

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    mpl__option_set sets[8] = { { mpl_effect_option_table(), &d->a->effects->options },
                                { mpl_fit_option_table(), &d->a->fit->options },
                                { mpl_document_option_table(), d->options } };
    size_t n = 3;
    if (d->a->subgroups)
        sets[n++] = (mpl__option_set){ mpl_subgroup_option_table(), &d->a->subgroups->options };
    if (d->regression) {
        sets[n++] = (mpl__option_set){ mpl_moderator_option_table(), &d->regression->options };
        sets[n++] = (mpl__option_set){ mpl_regress_option_table(), &d->regression->options };
        sets[n++] = (mpl__option_set){ mpl_scale_option_table(), &d->regression->options.scale };
    }
    if (d->plot_options)
        sets[n++] = (mpl__option_set){ mpl_forest_option_table(), &d->plot_options->forest };
    mpl__part_options_facts(&d->b, sets, n, d->a->fit->options.profile, NULL);
    mpl__doc_say(d, "The same data and options give the same document, byte by byte.");
    return MPL_OK;
}

const mpl__doc_section mpl__doc_software = {
    .method = { .id = "software", .title = "versions and options", .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_OTHER,
    .heading = "Software and options",
    .build = build,
};
