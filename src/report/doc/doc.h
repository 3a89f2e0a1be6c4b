/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document: an analysis told in sections, each in a file of its own and a row of sections.def.
 *
 * A section says which part it belongs to, whether it is there by itself or on demand, what it adds to the methods,
 * and what it tells. It computes nothing that the library computes: it calls it. Sentences have holes for numbers, so
 * that each number is that of a result, written as the style says.
 */
#ifndef MPL_REPORT_DOC_H
#define MPL_REPORT_DOC_H

#include "report/parts.h"
#include "report/style.h"

typedef struct mpl__doc {
    mpl__build b;
    const mpl_analysis *a;
    const mpl_regression *regression; /* NULL = none */
    const mpl_document_options *options; /* resolved */
    const mpl_plot_options *plot_options;
    const mpl__house *house;
    bool is_common;                   /* a model in which all studies share one effect */
    bool is_listed;                   /* studies are few enough to be listed and drawn */
    const char **sources;             /* cited so far */
    size_t n_sources, n_figures;
} mpl__doc;

typedef struct mpl__doc_section {
    mpl_method method;        /* id for --with, and what it is */
    mpl__part part;
    const char *heading;      /* NULL = that of the part is enough */
    bool on_demand;           /* only where --with names it */
    bool (*has)(const mpl__doc *d); /* whether the analysis has what it tells; NULL = always */
    const char *needs;        /* what to give where it has not */
    void (*methods)(mpl__doc *d); /* adds to the methods; NULL = nothing */
    mpl_status (*build)(mpl__doc *d, mpl_error *err); /* fills the section, which is open */
} mpl__doc_section;

/** Section i in order; NULL past the end. */
const mpl__doc_section *mpl__doc_section_at(size_t i);

/** Whether the document has this section. */
bool mpl__doc_shows(const mpl__doc *d, const mpl__doc_section *section);

/** A paragraph; printf without floating conversions. Holes are those of mpl__show_line(). */
void mpl__doc_say(mpl__doc *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Marks of sources, " [1,2]" or " (Harville 1977)", which go into the references; "" for NULL. */
const char *mpl__doc_cite(mpl__doc *d, const char *cite);

/** "RR 0.49, 95% CI [0.33, 0.73]" as the style says it, from hidden fields: `prefix` stands before their names. */
const char *mpl__doc_estimate(mpl__doc *d, const char *prefix);

/** The interval alone: "95% CI [0.33, 0.73]". */
const char *mpl__doc_interval(mpl__doc *d, const char *name, const char *lb, const char *ub);

/** The pooled result as hidden fields of the section: display_estimate, tau2, i2, ... */
void mpl__doc_numbers(mpl__doc *d);

/** A figure of type `type` with a numbered caption; where it cannot be drawn, the section says why. */
mpl_status mpl__doc_figure(mpl__doc *d, const char *type, const mpl_plot_options *options, const char *caption,
                           mpl_error *err);

/** What the estimate is called: "RR". */
const char *mpl__doc_name(const mpl__doc *d);

#define MPL_SECTION(sym) extern const mpl__doc_section mpl__doc_##sym;
#include "report/doc/sections.def"
#undef MPL_SECTION

#endif
