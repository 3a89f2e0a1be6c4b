/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sources that the document cites; the last section, so that all are known. */
#include <string.h>

#include "report/doc/doc.h"

typedef struct source {
    const char *text;
    size_t number; /* in order of citation, which links know */
} source;

/* By name where sources are cited so. */
static void sort(source *all, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && strcmp(all[j - 1].text, all[j].text) > 0; j--) {
            const source s = all[j];
            all[j] = all[j - 1];
            all[j - 1] = s;
        }
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    static const mpl__stat stats[] = {
        MPL__STAT("source", "Source", TEXT, source, text),
        MPL__STAT("number", NULL, COUNT, source, number),
    };
    source *const all = MPL_NEW(d->b.arena, source, d->n_sources);
    (void)err;
    if (!all) {
        d->b.failed = true;
        return MPL_OK;
    }
    for (size_t i = 0; i < d->n_sources; i++)
        all[i] = (source){ d->sources[i], i + 1 };
    if (d->house->year)
        sort(all, d->n_sources);
    mpl__table t = mpl__build_table(&d->b, (mpl_report_table){ .key = "references", .shape = MPL_TABLE_NUMBERED,
                                                               .n_rows = d->n_sources },
                                    stats, d->house->year ? 2 : 1, 0);
    for (size_t i = 0; i < d->n_sources; i++)
        mpl__table_row(&t, &all[i]);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_references = {
    .method = { .id = "references", .title = "the sources that are cited", .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_REFERENCES,
    .build = build,
};
