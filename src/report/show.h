/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values for people: digits by kind, sentences with their holes filled, lines that fit a width. */
#ifndef MPL_REPORT_SHOW_H
#define MPL_REPORT_SHOW_H

#include <math.h>
#include <metapool/report.h>
#include "base/text.h"
#include "base/thousands.h"
#include "report/style.h"

/* How a writer for people shows values. */
typedef struct mpl__style {
    size_t digits;                                     /* decimals of effects */
    const mpl__thousands *thousands;                   /* of counts; NULL = not divided */
    const mpl__house *house;                           /* NULL = the default one */
    void (*put)(mpl__text *t, const char *data);       /* texts that are data, made harmless for the format */
    void (*put_own)(mpl__text *t, const char *words);  /* our own sentences */
    void (*put_label)(mpl__text *t, const char *text); /* headings, which may hold the name of a column */
    void (*put_link)(mpl__text *t, const char *target, const char *words); /* to another place; NULL = words only */
} mpl__style;

/** Adds our own words without typography: for styles of plain terminals. */
void mpl__put_ascii(mpl__text *t, const char *words);

/** True for what is not estimable or not there: null in JSON, empty in CSV, "-" for people. */
static inline bool mpl__value_missing(mpl_kind kind, mpl_value value)
{
    return kind == MPL_KIND_TEXT ? value.text == NULL : isnan(value.number) != 0;
}

/** Adds a value as people read it. */
void mpl__show_value(mpl__text *t, mpl_kind kind, mpl_value value, const mpl__style *style);

/** Adds "[lb, ub]", or "-" if neither limit is there. */
void mpl__show_interval(mpl__text *t, mpl_kind kind, mpl_value lb, mpl_value ub, const mpl__style *style);

/**
 * Adds a sentence of the section with its holes filled. Beside "{key}", where a p-value comes with its relation
 * "= 0.012", there are "{lb..ub}" for an interval, "{p:key}" for "p = 0.012", and "{#target|words}" for a link.
 */
void mpl__show_line(mpl__text *t, const mpl_report *report, const mpl_section *section, const char *line,
                    const mpl__style *style);

/**
 * Adds note i of a table of notes, joined with the notes that follow it with the same text: "Aronson (row 3): ..." or
 * "...: Aronson (row 3), Ferguson (row 4)". Returns the index of the next note to show.
 */
size_t mpl__show_notes(mpl__text *t, const mpl_report_table *notes, size_t i, const mpl__style *style);

/** Adds the letter of p-values. */
void mpl__show_p(mpl__text *t, const mpl__style *style);

/** True for what is true or false. */
static inline bool mpl__kind_is_truth(mpl_kind kind)
{
    return kind == MPL_KIND_BOOL || kind == MPL_KIND_MARK;
}

/** True for numbers, which stand right in a column. */
bool mpl__kind_is_number(mpl_kind kind);

/**
 * Bytes of `s` that go on the first line of at most `width` columns (at least one character); *rest is where the next
 * line starts, NULL at the end. Breaks at blanks, but not inside [brackets] and not beside = < >; a long word is cut.
 */
size_t mpl__wrap(const char *s, size_t width, const char **rest);

/** Adds `s` wrapped to `width`, every line but the first after `indent` blanks; the first starts at `indent`. */
void mpl__show_wrapped(mpl__text *t, const char *s, size_t indent, size_t width);

#endif
