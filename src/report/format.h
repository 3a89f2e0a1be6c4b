/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a writer is: a row of formats.def. */
#ifndef MPL_REPORT_FORMAT_H
#define MPL_REPORT_FORMAT_H

#include <metapool/report.h>

typedef struct mpl__format {
    mpl_method method;
    bool for_people; /* long lists of studies can be left out */
    bool has_plot;
    bool is_sheet;   /* one rectangle: tables with a row_type, and nothing else */
    mpl_status (*write)(const mpl_report *report, const mpl_write_options *options, FILE *out, mpl_error *err);
} mpl__format;

/* What a report must hold for its writer. */
typedef struct mpl__format_needs {
    bool plot, studies;
    bool sheet; /* tables that are in nothing but a sheet */
    bool rest;  /* tables that are in no sheet */
} mpl__format_needs;

/** NULL options need everything. */
mpl__format_needs mpl__format_needs_of(const mpl_write_options *options, size_t k);

#define MPL_FORMAT(sym) extern const mpl__format mpl__format_##sym;
#include "report/formats.def"
#undef MPL_FORMAT

#endif
