/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A meta-regression beside the pooled result. */
#include <string.h>

#include "base/error.h"
#include "report/from_regression.h"
#include "report/doc/doc.h"

static bool has(const mpl__doc *d)
{
    return d->regression != NULL;
}

static void methods(mpl__doc *d)
{
    const mpl_fit *const fit = d->regression->fit;
    mpl__build_text(&d->b, "mods", NULL, d->regression->options.mods);
    mpl__doc_say(d, "Effects were regressed on {mods} in a mixed-effects model, its τ² by %s%s, its coefficients with "
                 "intervals by %s%s.", fit->method->title, mpl__doc_cite(d, fit->method->cite), fit->test->title,
                 mpl__doc_cite(d, fit->test->cite));
}

/* A bubble plot, if the formula is one column of numbers. */
static mpl_status add_figure(mpl__doc *d, mpl_error *err)
{
    const char *const mods = d->regression->options.mods;
    const mpl_column *const c = mpl_dataset_find(d->a->data, mods);
    const mpl_plot_options options = { .title = "none", .bubble = { .mods = mods } };
    if (!c || !c->is_number || strcmp(c->name, mods))
        return MPL_OK;
    return mpl__doc_figure(d, "bubble", &options, "Bubble plot: effects along the moderator, with the fitted line, its "
                                                  "interval and the prediction band.", err);
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    const mpl_regression *const r = d->regression;
    mpl__build_number(&d->b, "k", NULL, MPL_KIND_COUNT, (double)r->fit->k);
    mpl__build_number(&d->b, "p", NULL, MPL_KIND_COUNT, (double)r->fit->p);
    mpl__doc_say(d, "The regression has {p} coefficients and {k} studies; what it shows is an association between "
                 "studies, not within them.%s",
                 r->fit->k < 10 * (r->fit->p - 1) ? " Fewer than ten studies for each moderator make it unstable."
                                                  : "");
    MPL_TRY(add_figure(d, err));
    mpl__part_regression(&d->b, r);
    mpl__part_regression_notes(&d->b, NULL, r);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_regression = {
    .method = { .id = "regression", .title = "meta-regression, where --mods names moderators",
                .cite = "Thompson & Higgins 2002, Stat Med 21:1559-1573" },
    .part = MPL__PART_RESULTS,
    .heading = "Meta-regression",
    .has = has,
    .needs = "there are no moderators; give --mods and a formula",
    .methods = methods,
    .build = build,
};
