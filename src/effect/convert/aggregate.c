/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per study: from effects and their covariances. */
#include <metapool/convert.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "effect/convert/frame.h"
#include "effect/convert/rows.h"
#include "num/chol.h"

/* Weights proportional to V^-1 1, or all the same. */
static mpl_status pool(const mpl_cluster *c, const double *yi, bool unweighted, mpl__arena *scratch, double *mean,
                       double *v, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE];
    const double n = (double)c->n;
    double *l = MPL_NEW(scratch, double, c->n * c->n), *one = MPL_NEW(scratch, double, c->n);
    double *y = MPL_NEW(scratch, double, c->n);
    if (!l || !one || !y)
        return mpl__fail_nomem(err, "aggregated effects");
    double sum = 0, sum_v = 0, centre = 0;
    for (size_t a = 0; a < c->n; a++)
        centre += yi[c->index[a]] / n;
    for (size_t a = 0; a < c->n; a++) {
        one[a] = 1;
        y[a] = yi[c->index[a]] - centre;
        sum += y[a];
    }
    for (size_t a = 0; a < c->n * c->n; a++)
        sum_v += l[a] = c->v[a];
    if (unweighted) {
        *mean = centre + sum / n;
        *v = sum_v / (n * n);
        return MPL_OK;
    }
    if (!mpl__cholesky(l, c->n))
        return mpl__fail(err, MPL_ERR_NUMERIC, "cluster %s: the covariances of its %zu effects are not positive "
                                               "definite", mpl_text_to_shown(c->name, x), c->n);
    mpl__lower_solve(l, c->n, one);
    mpl__lower_solve(l, c->n, y);
    double oo = 0, oy = 0;
    for (size_t a = 0; a < c->n; a++) {
        oo += one[a] * one[a];
        oy += one[a] * y[a];
    }
    *mean = centre + oy / oo;
    *v = 1 / oo;
    return MPL_OK;
}

/* One of the columns that hold the blocks of the studies. */
static bool is_block(const mpl_covariance_options *options, const mpl_column *column)
{
    const char *p = options->rvars ? options->rvars : options->vvars;
    const size_t n = strlen(column->name);
    while (p && *p) {
        const size_t length = strcspn(p, ",");
        if (length == n && !memcmp(p, column->name, n))
            return true;
        p += length + (p[length] == ',');
    }
    return false;
}

/* What describes a study stays; what its effects were computed from does not describe their average. */
static bool stays(const char *role)
{
    static const char *const kept[] = { "slab", "author", "year", "ni" };
    for (size_t i = 0; role && i < sizeof kept / sizeof *kept; i++)
        if (!strcmp(role, kept[i]))
            return true;
    return !role;
}

static mpl_status fill(mpl__frame *f, const mpl_effects *effects, const mpl_covariance *cov, mpl_error *err)
{
    const mpl_dataset *data = f->from;
    size_t widest = 1;
    for (size_t c = 0; c < cov->n_clusters; c++)
        widest = cov->clusters[c].n > widest ? cov->clusters[c].n : widest;
    size_t *rows = MPL_NEW(f->table.scratch, size_t, widest);
    if (!rows)
        return mpl__fail_nomem(err, "aggregated effects");
    const size_t label = mpl__rows_label(f, cov->column);
    const size_t yi = mpl__frame_column(f, "yi"), vi = mpl__frame_column(f, "vi"), k = mpl__frame_column(f, "k");
    for (size_t c = 0; c < cov->n_clusters; c++) {
        const mpl_cluster *cluster = &cov->clusters[c];
        double mean = NAN, v = NAN;
        for (size_t a = 0; a < cluster->n; a++)
            rows[a] = effects->index[cluster->index[a]];
        for (size_t j = 0; j < data->n_columns; j++)
            if (stays(data->columns[j].role) && !is_block(&cov->options, &data->columns[j]))
                mpl__rows_summarise(f, j, c, rows, cluster->n);
        MPL_TRY(pool(cluster, effects->yi, cov->options.unweighted, f->table.scratch, &mean, &v, err));
        mpl__frame_text(f, label, c, cluster->name);
        mpl__frame_number(f, yi, c, mean);
        mpl__frame_number(f, vi, c, v);
        mpl__frame_number(f, k, c, (double)cluster->n);
    }
    mpl__note_add(&f->table.notes, "aggregated", "%zu effect%s of %zu cluster%s by column \"%s\" were aggregated",
                  cov->k, cov->k == 1 ? "" : "s", cov->n_clusters, cov->n_clusters == 1 ? "" : "s", cov->column);
    return MPL_OK;
}

mpl_status mpl_dataset_aggregate(const mpl_dataset *data, const mpl_effects *effects,
                                 const mpl_covariance *covariance, mpl_dataset **out, mpl_error *err)
{
    *out = NULL;
    size_t *first = mpl__realloc(NULL, covariance->n_clusters + 1, sizeof *first);
    if (!first)
        return mpl__fail_nomem(err, "aggregated effects");
    for (size_t c = 0; c < covariance->n_clusters; c++)
        first[c] = effects->index[covariance->clusters[c].index[0]];
    mpl__frame f;
    mpl_status s = mpl__frame_open(&f, data, first, covariance->n_clusters, 4, err);
    if (s == MPL_OK)
        s = fill(&f, effects, covariance, err);
    mpl__free(first);
    if (s == MPL_OK)
        mpl__rows_prune(&f);
    return mpl__frame_close(&f, s, out, err);
}
