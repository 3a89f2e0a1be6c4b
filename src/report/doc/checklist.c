/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the items of PRISMA 2020 are, and what this program does not do. */
#include <string.h>

#include "report/doc/doc.h"

typedef struct prisma_item {
    const char *number, *topic, *section, *rest;
} prisma_item;

static const prisma_item items[] = {
#define MPL_ITEM(number, topic, section, rest) { number, topic, section, rest },
#include "report/doc/prisma.def"
#undef MPL_ITEM
};

/* "Methods: Synthesis"; NULL if the document has no such section. */
static const char *place(mpl__doc *d, const char *id)
{
    for (size_t i = 0; mpl__doc_section_at(i); i++) {
        const mpl__doc_section *const s = mpl__doc_section_at(i);
        if (!id || strcmp(s->method.id, id))
            continue;
        if (!mpl__doc_shows(d, s))
            return mpl__build_format(&d->b, "on demand: %s", s->method.title);
        for (const mpl__part_heading *p = d->house->parts; p->part != MPL__PART_END; p++)
            if (p->part == s->part)
                return s->heading ? mpl__build_format(&d->b, "%s: %s", p->heading, s->heading) : p->heading;
    }
    return NULL;
}

static mpl_status build(mpl__doc *d, mpl_error *err)
{
    static const mpl__stat stats[] = {
        MPL__STAT("item", "Item", TEXT, prisma_item, number),
        MPL__STAT("topic", "Topic", TEXT, prisma_item, topic),
        MPL__STAT("section", "In this document", TEXT, prisma_item, section),
        MPL__STAT("rest", "Left to the authors", TEXT, prisma_item, rest),
    };
    (void)err;
    mpl__doc_say(d, "This document covers the statistical synthesis of a review. The program does not search, screen, "
                 "assess risk of bias or judge certainty; the table says item by item what is here and what is not "
                 "(Page et al. 2021, BMJ 372:n71).");
    mpl__table t = mpl__build_table(&d->b, (mpl_report_table){ .key = "prisma", .label = "Items of PRISMA 2020",
                                                               .n_rows = MPL__COUNT(items) },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < MPL__COUNT(items); i++) {
        prisma_item item = items[i];
        item.section = place(d, item.section);
        mpl__table_row(&t, &item);
    }
    return MPL_OK;
}

const mpl__doc_section mpl__doc_checklist = {
    .method = { .id = "checklist", .title = "items of PRISMA 2020", .cite = "Page et al. 2021, BMJ 372:n71" },
    .part = MPL__PART_OTHER,
    .heading = "PRISMA 2020 checklist",
    .build = build,
};
