/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a figure in the terminal: texts in fields that are as wide as they look, and which columns have room. */
#ifndef MPL_PLOT_TTY_H
#define MPL_PLOT_TTY_H

#include "plot/plot.h"

enum { MPL__TTY_GAP = 2, MPL__TTY_MOST_MARKS = 61 };

/* What figures are drawn with. */
typedef struct mpl__glyphs {
    const char *line, *start, *end, *cross, *left, *right, *square, *dot; /* intervals */
    const char *heavy, *heavy_start, *heavy_end, *diamond;                /* pooled estimates */
    const char *dash;                                                     /* prediction intervals */
    const char *fitted, *line_at, *band;                                  /* values of a model; reference lines */
    const char *null, *overall, *rule, *tick, *ellipsis;
} mpl__glyphs;

extern const mpl__glyphs mpl__glyphs_unicode, mpl__glyphs_ascii;

typedef struct mpl__tty_column {
    bool shown;
    size_t width;
    size_t *parts; /* [n_parts] widths */
} mpl__tty_column;

typedef struct mpl__tty {
    const mpl_plot *plot;
    const mpl__glyphs *g;
    bool colour, failed;
    mpl__arena *arena;
    mpl__text *out;
    mpl__tty_column *columns;      /* [n_columns] */
    const char **cells;   /* [n_rows x n_columns] as shown; NULL = empty */
    const char **headings;
    size_t *indent;       /* [n_rows] rows of a group stand to the right of its heading */
    size_t marks, left;   /* width of the marks, and of what stands left of them */
    size_t width;
} mpl__tty;

/** Text as the terminal can show it. NULL if out of memory, which is remembered. */
const char *mpl__tty_shown(mpl__tty *p, const char *text);

void mpl__tty_pad(mpl__tty *p, size_t n);

/** n bytes of text in a field of so many columns, shortened visibly if need be. */
void mpl__tty_field(mpl__tty *p, const char *text, size_t n, size_t width, bool right);

/** Bold 1, dim 2; 0 ends it. */
void mpl__tty_style(mpl__tty *p, int code);

/** Ends a line without blanks at its end. */
void mpl__tty_end_line(mpl__tty *p);

/** A text in as many lines as it needs, all but the first after `indent` blanks; the last is not ended. */
void mpl__tty_wrap(mpl__tty *p, const char *text, size_t indent);

/** True for rows whose text goes across the columns. */
bool mpl__tty_spans(const mpl_plot_row *row);

/** What a row shows in a model column; NULL = nothing. */
const char *mpl__tty_cell(const mpl__tty *p, size_t i, size_t j);

/** Texts, indents and widths of everything that stands in columns. */
mpl_status mpl__tty_measure(mpl__tty *p, mpl_error *err);

/** Makes room for the marks: shorter labels, fewer data columns, labels that are shorter still. */
void mpl__tty_squeeze(mpl__tty *p);

#endif
