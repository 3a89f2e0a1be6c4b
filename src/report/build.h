/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a report. A *stat* says how one member of a struct appears: key, label, kind. A list of stats and one struct
 * make fields; the same list and many structs make a table. So a new statistic is a member and one line.
 *
 *     static const mpl__stat stats[] = { MPL__STAT("tau2", "tau²", VARIANCE, mpl_fit, tau2), ... };
 *     mpl__build b;
 *     mpl__build_start(&b, "pool", title);
 *     mpl__build_section(&b, "heterogeneity", NULL);
 *     mpl__build_fields(&b, stats, MPL__COUNT(stats), fit);
 *     return mpl__build_done(&b, &report, err);
 *
 * Everything is copied into the report's arena. Failure to allocate is remembered, so that only the end has to check.
 */
#ifndef MPL_REPORT_BUILD_H
#define MPL_REPORT_BUILD_H

#include <stdarg.h>
#include <metapool/report.h>
#include "base/arena.h"

typedef struct mpl__stat {
    mpl_report_column column;
    size_t offset;
    char type; /* of the member: d(ouble), z (size_t), i(nt), b(ool), s(tring) */
} mpl__stat;

#define MPL__TYPE_OF(m) _Generic((m), double: 'd', size_t: 'z', int: 'i', bool: 'b', const char *: 's')

/* A label of NULL keeps a value out of text and Markdown. */
#define MPL__STAT_AS(key_, label_, kind_, type_, member_, interval_)                                                 \
    { .column = { .key = (key_), .label = (label_), .kind = MPL_KIND_##kind_, .interval = (interval_) },             \
      .offset = offsetof(type_, member_), .type = MPL__TYPE_OF(((type_ *)NULL)->member_) }
#define MPL__STAT(key, label, kind, type, member) MPL__STAT_AS(key, label, kind, type, member, false)

/* The lower limit of an interval whose upper one follows. */
#define MPL__STAT_LB(key, label, kind, type, member) MPL__STAT_AS(key, label, kind, type, member, true)

#define MPL__COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct mpl__list {
    void *items;
    size_t n;
} mpl__list;

typedef struct mpl__build {
    bool numbers; /* tables for people are "Table 1. ..." */
    size_t n_tables;
    struct mpl__report_owner *owner;
    mpl__arena *arena;
    mpl__list sections, lines, fields, tables; /* the last three of the section that is being filled */
    bool failed;
} mpl__build;

/* A table that is being filled. */
typedef struct mpl__table {
    mpl__build *b;
    const mpl__stat *stats;
    size_t n_stats, n_columns, n_rows, row; /* row: the next one */
    mpl_report_column *columns;
    mpl_value *cells;
    const char **seen; /* [n_stats] the text last copied into each column: a run of one text is copied once */
} mpl__table;

/** What a stat says of the struct at `from`; a text is borrowed. */
mpl_value mpl__stat_value(const mpl__stat *stat, const void *from);

void mpl__build_start(mpl__build *b, const char *command, const char *title);
void mpl__build_section(mpl__build *b, const char *key, const char *label);

/** People see the tables without headings first, then the sentences. */
void mpl__build_tables_first(mpl__build *b);

/** One field for each stat, from the struct at `from`. */
void mpl__build_fields(mpl__build *b, const mpl__stat *stats, size_t n, const void *from);

/** The same for sentences alone: no field is shown by itself. */
void mpl__build_hidden(mpl__build *b, const mpl__stat *stats, size_t n, const void *from);

/** One field; label NULL = machine formats only. */
void mpl__build_text(mpl__build *b, const char *key, const char *label, const char *text);
void mpl__build_number(mpl__build *b, const char *key, const char *label, mpl_kind kind, double x);

/** A sentence with holes. */
void mpl__build_line(mpl__build *b, const char *label, const char *text);

/** Running text with holes. */
void mpl__build_paragraph(mpl__build *b, const char *text);

/** Level of the heading of the section that is being filled. */
void mpl__build_level(mpl__build *b, unsigned level);

/** What every page must say; what style the report is a document of. */
void mpl__build_stamp(mpl__build *b, const char *stamp);
void mpl__build_style(mpl__build *b, const char *style);

/** The section takes the plot, also on failure. @param label  caption; NULL = none */
void mpl__build_plot(mpl__build *b, mpl_plot *plot, const char *label);

/**
 * Adds a table whose key, label, flags and n_rows are given, with a column for each stat and `extra` more; each row is
 * then filled by mpl__table_row(), unless the table is given a function that will.
 */
mpl__table mpl__build_table(mpl__build *b, mpl_report_table shape, const mpl__stat *stats, size_t n_stats,
                            size_t extra);
void mpl__table_row(mpl__table *t, const void *from);

/** Changes the label of a column; NULL = machine formats only. */
void mpl__table_label(mpl__table *t, const char *key, const char *label);

/** The i-th extra column, and its cell in row r. */
void mpl__table_extra(mpl__table *t, size_t i, const char *key, const char *label, mpl_kind kind);
void mpl__table_extra_cell(mpl__table *t, size_t i, size_t r, mpl_value value);

/** printf into the report's arena; "" if out of memory. No floating conversions. */
const char *mpl__build_format(mpl__build *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

const char *mpl__build_vformat(mpl__build *b, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/** Hands over the report, or frees it and fails. */
mpl_status mpl__build_done(mpl__build *b, mpl_report **out, mpl_error *err);

/** Frees what was built after another call failed; returns its status. */
mpl_status mpl__build_drop(mpl__build *b, mpl_status status);

#endif
