/* SPDX-License-Identifier: GPL-3.0-or-later */
/* House styles: how a journal writes numbers, and in which order a document tells its parts. A row of styles.def. */
#ifndef MPL_REPORT_STYLE_H
#define MPL_REPORT_STYLE_H

#include <metapool/report.h>

/* Parts of a document; each section belongs to one. */
typedef enum mpl__part {
    MPL__PART_END,
    MPL__PART_SUMMARY,
    MPL__PART_FINDINGS,
    MPL__PART_METHODS,
    MPL__PART_RESULTS,
    MPL__PART_OTHER,
    MPL__PART_REFERENCES
} mpl__part;

typedef struct mpl__part_heading {
    mpl__part part;
    const char *heading;
} mpl__part_heading;

typedef struct mpl__house {
    mpl_method method;
    const char *p;                      /* the letter of a p-value */
    const char *gap;                    /* on both sides of = and < behind it */
    bool no_zero;                       /* p = .03 */
    bool short_p;                       /* two decimals from 0.01 up */
    const char *open, *between, *close; /* of an interval */
    const char *estimate;               /* $name, $x, $level and $ci in a sentence */
    const char *year;                   /* sources by name and year, with this between; NULL = by number */
    mpl__part_heading parts[7];         /* in order; ends with MPL__PART_END */
} mpl__house;

/** By id; NULL is the first, in which all reports are written. */
const mpl__house *mpl__house_find(const char *id);

#endif
