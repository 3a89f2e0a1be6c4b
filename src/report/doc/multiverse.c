/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same data under every combination of the usual choices, and the specification curve. */
#include <metapool/multiverse.h>

#include "base/error.h"
#include "report/doc/doc.h"
#include "report/from_multiverse.h"

static bool has_two(const mpl__doc *d)
{
    return d->a->fit->k >= 2 && d->a->fit->p == 1;
}

static void methods(mpl__doc *d)
{
    mpl__doc_say(d, "A multiverse analysis pooled the same data under every combination of the usual methods, tests, "
                 "prediction intervals and, with zero cells, rules for these%s; combinations that contradict "
                 "themselves were left out.", mpl__doc_cite(d, mpl__doc_multiverse.method.cite));
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    mpl_multiverse *m;
    MPL_TRY(mpl_multiverse_new(d->a, NULL, &d->a->fit->options.run, &m, err));
    mpl_status s = MPL_OK;
    if (m->all.measure && m->n_mean_sets > 1)
        s = mpl__doc_figure(d, "multiverse", &(mpl_plot_options){ .title = "none" },
                            "Specification curve: every distinct result in order of the estimate, and the choices "
                            "that lead to it.", err);
    if (s == MPL_OK)
        mpl__part_multiverse(&d->b, m, NULL, true);
    mpl_multiverse_free(m);
    return s;
}

const mpl__doc_section mpl__doc_multiverse = {
    .method = { .id = "multiverse", .title = "the result under other methods, tests and rules, with a figure",
                .cite = "Steegen et al. 2016, Perspect Psychol Sci 11:702-712" },
    .part = MPL__PART_RESULTS,
    .heading = "Under other choices of methods",
    .on_demand = true,
    .has = has_two,
    .needs = "other choices need two studies",
    .methods = methods,
    .build = build,
};
