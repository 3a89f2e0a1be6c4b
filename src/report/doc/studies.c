/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The studies: the data as they were read, the effect of each, and those that take no part. */
#include <string.h>

#include "data/role.h"
#include "report/from_fit.h"
#include "report/doc/doc.h"

enum { MOST_COLUMNS = 14 }; /* of the data; of a wider table those with a role */

static bool is_used(const mpl__doc *d, const mpl_column *c)
{
    const char *const group = d->a->subgroups ? d->a->subgroups->column : NULL;
    if (c->role && !strcmp(c->role, "slab")) /* the first column has it */
        return false;
    return d->a->data->n_columns <= MOST_COLUMNS || c->role || (group && !strcmp(group, c->name));
}

/* Whole numbers of people or events, written as these are: they may be divided into thousands. */
static bool is_count(const mpl_dataset *data, const mpl_column *c)
{
    for (size_t i = 0; i < data->n_rows; i++) {
        const char *const text = c->text[i];
        if (text && (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 15 ||
                     (*text == '0' && text[1])))
            return false;
    }
    return mpl__role_is_count(c->role);
}

static void add_column(mpl__table *t, size_t j, const mpl_dataset *data, const mpl_column *c)
{
    const bool counts = is_count(data, c);
    mpl__table_extra(t, j, c->name, c->name, counts ? MPL_KIND_COUNT : MPL_KIND_TEXT);
    for (size_t i = 0; i < data->n_rows; i++)
        mpl__table_extra_cell(t, j, i, counts ? (mpl_value){ .number = c->number[i] }
                                              : (mpl_value){ .text = c->text[i] });
}

static void add_data(mpl__doc *d)
{
    typedef struct row {
        const char *label;
    } row;
    static const mpl__stat stats[] = { MPL__STAT("study", "Study", TEXT, row, label) };
    const mpl_dataset *const data = d->a->data;
    size_t n = 0;
    for (size_t c = 0; c < data->n_columns; c++)
        n += is_used(d, &data->columns[c]);
    mpl__table t = mpl__build_table(&d->b, (mpl_report_table){ .key = "data", .label = "Data as read",
                                                               .n_rows = data->n_rows }, stats, 1, n);
    for (size_t i = 0; i < data->n_rows; i++)
        mpl__table_row(&t, &(row){ data->label[i] });
    for (size_t c = 0, j = 0; c < data->n_columns; c++)
        if (is_used(d, &data->columns[c]))
            add_column(&t, j++, data, &data->columns[c]);
    if (n < data->n_columns - 1)
        mpl__doc_say(d, "Of the {n_columns} columns of the data those are shown that the program gave a meaning.");
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    (void)err;
    mpl__build_number(&d->b, "n_columns", NULL, MPL_KIND_COUNT, (double)d->a->data->n_columns);
    if (!d->is_listed) {
        mpl__doc_say(d, "The studies are not listed here: they are many. --studies all lists them.");
    } else {
        add_data(d);
        mpl__fit_studies(&d->b, d->a);
    }
    mpl__part_excluded(&d->b, NULL, &d->a->effects, 1);
    return MPL_OK;
}

const mpl__doc_section mpl__doc_studies = {
    .method = { .id = "studies", .title = "data, effect of each study, and studies left out",
                .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_RESULTS,
    .heading = "Studies",
    .build = build,
};
