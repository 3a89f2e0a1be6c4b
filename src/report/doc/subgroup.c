/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subgroups and the differences between them. */
#include "report/from_fit.h"
#include "report/doc/doc.h"

static bool has(const mpl__doc *d)
{
    return d->a->subgroups != NULL;
}

static void methods(mpl__doc *d)
{
    const mpl_subgroups *const sg = d->a->subgroups;
    const mpl_method *const pooling = mpl_method_find(mpl_pooling_method, sg->options.pooling);
    mpl__build_text(&d->b, "subgroup_column", NULL, sg->column);
    mpl__doc_say(d, "Subgroups by {subgroup_column} were pooled with %s%s and compared by %s.",
                 pooling ? pooling->title : "separate τ²", mpl__doc_cite(d, pooling ? pooling->cite : NULL),
                 sg->between ? sg->between->title : "no test");
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    const mpl_subgroups *const sg = d->a->subgroups;
    size_t fewest = d->a->effects->k;
    for (size_t g = 0; g < sg->n_groups; g++)
        fewest = sg->groups[g].k < fewest ? sg->groups[g].k : fewest;
    mpl__build_number(&d->b, "fewest", NULL, MPL_KIND_COUNT, (double)fewest);
    mpl__doc_say(d, "Differences between subgroups are observational: groups differ in more than what divides them.%s",
                 fewest < 5 ? " The smallest group has {fewest}; intervals of small groups are hardly known." : "");
    mpl__build_section(&d->b, NULL, NULL);
    mpl__build_tables_first(&d->b);
    mpl__fit_subgroups(&d->b, d->a);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_subgroup = {
    .method = { .id = "subgroup", .title = "subgroups, where --subgroup names a column",
                .cite = "Borenstein & Higgins 2013, Prev Sci 14:134-143" },
    .part = MPL__PART_RESULTS,
    .heading = "Subgroups",
    .has = has,
    .needs = "there are no subgroups; give --subgroup and a column",
    .methods = methods,
    .build = build,
};
