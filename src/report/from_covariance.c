/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Covariances of effects as a report: the effects, their clusters, and the matrix. */
#include <string.h>

#include "base/error.h"
#include "base/note.h"
#include "report/parts.h"

enum {
    MOST = 2000,     /* effects whose whole matrix is written: 4 million numbers */
    MOST_IN_TEXT = 20
};

typedef struct effect_row {
    const char *study, *cluster;
    size_t row;
    double yi, vi;
} effect_row;

static void add_effects(mpl__build *b, const mpl_effects *effects, const mpl_covariance *cov)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, effect_row, study),
        MPL__STAT("row", "Row", COUNT, effect_row, row),
        MPL__STAT("cluster", "Cluster", TEXT, effect_row, cluster),
        MPL__STAT("yi", "yi", EFFECT, effect_row, yi),
        MPL__STAT("vi", "vi", VARIANCE, effect_row, vi),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Effects", .n_rows = cov->k },
                                    stats, MPL__COUNT(stats), 0);
    const char **cluster = MPL_NEW(b->arena, const char *, cov->k);
    if (!cluster) {
        b->failed = true;
        return;
    }
    for (size_t c = 0; c < cov->n_clusters; c++)
        for (size_t a = 0; a < cov->clusters[c].n; a++)
            cluster[cov->clusters[c].index[a]] = cov->clusters[c].name;
    for (size_t i = 0; i < cov->k; i++)
        mpl__table_row(&t, &(effect_row){ cov->slab[i], cluster[i], cov->row[i], effects->yi[i], cov->vi[i] });
}

static void add_matrix(mpl__build *b, const mpl_covariance *cov)
{
    const mpl_report_table shape = { .key = "V", .label = "Covariances", .row_type = "covariance",
                                     .shape = MPL_TABLE_MATRIX, .not_text = cov->k > MOST_IN_TEXT, .n_rows = cov->k };
    mpl__table t = mpl__build_table(b, shape, NULL, 0, cov->k);
    for (size_t j = 0; j < cov->k; j++) {
        const char *key = mpl__build_format(b, "v%zu", j + 1);
        mpl__table_extra(&t, j, key, key, MPL_KIND_VARIANCE);
        for (size_t i = 0; i < cov->k; i++)
            mpl__table_extra_cell(&t, j, i, (mpl_value){ .number = 0 });
    }
    for (size_t c = 0; c < cov->n_clusters; c++) {
        const mpl_cluster *g = &cov->clusters[c];
        for (size_t i = 0; i < g->n; i++)
            for (size_t j = 0; j < g->n; j++)
                mpl__table_extra_cell(&t, g->index[j], g->index[i], (mpl_value){ .number = g->v[i * g->n + j] });
    }
}

/* That rows of one study count as independent is what this report is against. */
static void add_notes(mpl__build *b, const mpl_effects *effects, const mpl_covariance *cov)
{
    mpl__notes notes = { .arena = b->arena };
    for (size_t i = 0; i < effects->n_notes; i++)
        if (strcmp(effects->notes[i].code, "label-repeated"))
            mpl__note_add_all(&notes, &effects->notes[i], 1);
    mpl__note_add_all(&notes, cov->notes, cov->n_notes);
    mpl__part_notes_of(b, NULL, &notes);
}

mpl_status mpl_report_new_covariance(const mpl_dataset *data, const mpl_effects *effects, const mpl_covariance *cov,
                                     mpl_report **out, mpl_error *err)
{
    *out = NULL;
    if (cov->k > MOST)
        return mpl__fail(err, MPL_ERR_LIMIT, "the matrix of %zu effects is too large to write; at most %d", cov->k,
                         (int)MOST);
    mpl__build b;
    mpl__build_start(&b, "covariance", data->info->title ? data->info->title : data->name);
    mpl__part_data(&b, data->info, data->name);
    mpl__part_effects(&b, effects);
    mpl__build_section(&b, "covariance", NULL);
    mpl__build_text(&b, "struct", NULL, cov->structure->id);
    mpl__build_text(&b, "struct_title", NULL, cov->structure->title);
    mpl__build_text(&b, "cluster", NULL, cov->column);
    mpl__build_number(&b, "k", NULL, MPL_KIND_COUNT, (double)cov->k);
    mpl__build_number(&b, "n_clusters", NULL, MPL_KIND_COUNT, (double)cov->n_clusters);
    mpl__build_number(&b, "n_shared", NULL, MPL_KIND_COUNT, (double)cov->n_shared);
    mpl__build_line(&b, "Covariances", "of {k} effects in {n_clusters} clusters by column {cluster}; structure "
                                       "{struct}, {struct_title}; pairs with a shared control group: {n_shared}");
    if (cov->k > MOST_IN_TEXT)
        mpl__build_line(&b, "Matrix", "in JSON and CSV");
    mpl__build_section(&b, NULL, NULL);
    add_effects(&b, effects, cov);
    add_matrix(&b, cov);
    mpl__part_excluded(&b, NULL, &effects, 1);
    add_notes(&b, effects, cov);
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &effects->options },
                                     { mpl_covariance_option_table(), &cov->options } };
    mpl__part_options(&b, sets, MPL__COUNT(sets), effects->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
