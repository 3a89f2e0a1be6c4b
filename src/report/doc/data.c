/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the data come from, how a reader knows that they are the same, and what took no part. */
#include "report/parts.h"
#include "report/doc/doc.h"

static void add_facts(mpl__doc *d)
{
    static const mpl__stat stats[] = {
        MPL__STAT("title", "Title", TEXT, mpl_dataset_info, title),
        MPL__STAT("kind", "Kind of data", TEXT, mpl_dataset_info, kind),
        MPL__STAT("source", "Source", TEXT, mpl_dataset_info, source),
        MPL__STAT("doi", "DOI", TEXT, mpl_dataset_info, doi),
        MPL__STAT("licence", "Licence", TEXT, mpl_dataset_info, licence),
        MPL__STAT("sha256", "SHA-256", TEXT, mpl_dataset_info, sha256),
    };
    const mpl_dataset_info *const info = d->a->effects->info;
    mpl__build_text(&d->b, "name", "Read from", d->a->effects->data_name);
    for (size_t i = 0; i < MPL__COUNT(stats); i++)
        if (*(const char *const *)(const void *)((const char *)info + stats[i].offset))
            mpl__build_fields(&d->b, &stats[i], 1, info);
}

static void add_warnings(mpl__doc *d)
{
    static const mpl__stat stats[] = { MPL__STAT("text", "Warning", TEXT, mpl_note, text) };
    const mpl_dataset_info *const info = d->a->effects->info;
    mpl__table t = mpl__build_table(&d->b, (mpl_report_table){ .key = "warnings", .shape = MPL_TABLE_LIST,
                                                               .label = "What to know", .n_rows = info->n_warnings },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < info->n_warnings; i++)
        mpl__table_row(&t, &(mpl_note){ .text = info->warnings[i] });
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    const mpl_effects *const es = d->a->effects;
    mpl__build_number(&d->b, "rows", NULL, MPL_KIND_COUNT, (double)(d->a->data->n_rows + d->a->data->n_dropped));
    mpl__build_number(&d->b, "k", NULL, MPL_KIND_COUNT, (double)es->k);
    mpl__build_number(&d->b, "n_excluded", NULL, MPL_KIND_COUNT, (double)es->n_excluded);
    mpl__doc_say(d, "The data have {rows} rows. %s",
                 es->n_excluded ? "{k} give an effect size; {n_excluded} do not take part, and each is listed with the "
                                  "reason among the studies."
                                : "Each gives an effect size; none was left out.");
    add_facts(d);
    add_warnings(d);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_data = {
    .method = { .id = "data", .title = "where the data come from, with their SHA-256",
                .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_METHODS,
    .heading = "Data",
    .build = build,
};
