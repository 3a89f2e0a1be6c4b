/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects. */
#include "base/error.h"
#include "report/parts.h"
#include "report/doc/doc.h"

static bool has(const mpl__doc *d)
{
    return d->a->fit->k >= 2;
}

static void methods(mpl__doc *d)
{
    mpl__doc_say(d, "Small-study effects were looked for by every test, adjusted mean and index that the data allow; "
                 "their sources stand with the results.");
}

/* The sources of what was computed. */
static void cite_rows(mpl__doc *d, const mpl_bias *bias)
{
    const char *marks = "";
    for (size_t i = 0; i < bias->n_rows; i++)
        if (!bias->rows[i].why)
            marks = mpl__build_format(&d->b, "%s%s %s%s", marks, *marks ? ";" : "",
                                      bias->rows[i].method->method.title,
                                      mpl__doc_cite(d, bias->rows[i].method->method.cite));
    if (*marks)
        mpl__doc_say(d, "Sources:%s.", marks);
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    mpl_bias *bias;
    MPL_TRY(mpl_bias_new(d->a->data, d->a->effects, d->a->fit, NULL, &bias, err));
    mpl__build_number(&d->b, "k", NULL, MPL_KIND_COUNT, (double)d->a->fit->k);
    mpl__doc_say(d, "No test tells selective publication from other causes of asymmetry, and many tests beside each "
                 "other find something by chance%s.%s", mpl__doc_cite(d, "Sterne et al. 2011, BMJ 343:d4002"),
                 d->a->fit->k < 10 ? " With {k} studies, fewer than ten, none of them has power." : "");
    cite_rows(d, bias);
    mpl__part_bias(&d->b, bias);
    mpl_bias_free(bias);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_bias = {
    .method = { .id = "bias", .title = "small-study effects: tests, adjusted means, indices",
                .cite = "Sterne et al. 2011, BMJ 343:d4002" },
    .part = MPL__PART_RESULTS,
    .heading = "Small-study effects",
    .on_demand = true,
    .has = has,
    .needs = "small-study effects need two studies",
    .methods = methods,
    .build = build,
};
