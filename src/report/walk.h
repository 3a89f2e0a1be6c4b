/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order in which people read a report: headings, figures, sentences, tables. The walk decides what is shown and
 * says it with the style's escapes; a format says how each piece looks. So formats differ in looks alone.
 */
#ifndef MPL_REPORT_WALK_H
#define MPL_REPORT_WALK_H

#include <metapool/report.h>
#include "base/text.h"
#include "report/grid.h"

/* What every format has; the first member of a format's own page. */
typedef struct mpl__page {
    mpl__text text;
    FILE *out;
    const mpl_report *report;
    const mpl_write_options *options;
    mpl__style style;
} mpl__page;

/* How the pieces look. Texts named `shown` went through the style; labels did not. */
typedef struct mpl__looks {
    const char *equals, *between; /* of pairs in one line: "=" and " " */
    bool has_captions;            /* labels of tables stand with them; else they are headings */
    /** level 2 for sections, 3 for parts of one, 4 for a table; id NULL = none. A label "" only sets apart. */
    void (*heading)(mpl__page *p, const char *label, unsigned level, const char *id);
    void (*paragraph)(mpl__page *p, const char *shown);
    /** Fact i of n under one label, which is NULL where there is none. */
    void (*item)(mpl__page *p, const char *label, const char *shown, size_t i, size_t n);
    /** A member of a list; numbered from 1, else 0. `key` and `anchor` are what links lead to; anchor 0 = none do. */
    void (*bullet)(mpl__page *p, const char *key, size_t anchor, size_t number, const char *shown);
    mpl_status (*rows)(mpl__page *p, const mpl_report_table *table, const mpl__grid *grid, mpl__arena *scratch,
                       mpl_error *err);
    void (*entries)(mpl__page *p, const mpl_report_table *table); /* NULL = as rows */
    mpl_status (*plot)(mpl__page *p, const mpl_section *section, mpl_error *err); /* NULL = tables in its place */
} mpl__looks;

/** On how many pages a figure stands, and how each is drawn; a long forest that nothing is asked of is divided so that
 *  each fits on paper. */
mpl_status mpl__walk_figure(const mpl__page *page, const mpl_plot *plot, mpl_draw_options *draw, size_t *n,
                            mpl_error *err);

/** The label of page i of n: ", page 2 of 3" behind it if there are several. */
void mpl__walk_label(mpl__page *page, const char *label, size_t i, size_t n);

mpl_status mpl__walk_report(mpl__page *page, const mpl__looks *looks, mpl_error *err);

#endif
