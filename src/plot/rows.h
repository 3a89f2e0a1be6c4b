/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a figure of rows: mpl__rows_start() chooses columns, a plot type adds rows, mpl__rows_finish() chooses the
 * axis and adds what every such figure has.
 */
#ifndef MPL_PLOT_ROWS_H
#define MPL_PLOT_ROWS_H

#include "plot/fields.h"
#include "plot/look.h"

typedef struct mpl__rows {
    const mpl_analysis *analysis;
    const mpl_plot_options *options;
    const mpl__look *look;
    mpl_plot *plot;
    mpl__arena *keep, *scratch;
    const mpl__field *fields;
    mpl_plot_column *columns; /* [n_fields] */
    size_t n_fields;
    mpl_plot_row *rows; /* [room] */
    size_t n_rows, room;
    const char *what;   /* "Forest plot of 13 studies." */
    bool several;       /* of which the analysis is only the first: nothing is said about its data and method */
    bool simulated;     /* some of these data are */
    const char *squares; /* what these are, for the legend; NULL = studies */
    bool failed;        /* memory ran out: */
    mpl_plot_row lost;  /* then rows end here */
    const char **lost_cells;
} mpl__rows;

/** @param left, right  columns where neither an option nor the layout is asked; NULL = ask */
mpl_status mpl__rows_start(mpl__rows *r, const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                           mpl__arena *scratch, const char *left, const char *right, mpl_error *err);

/** A row without a mark. *cells is [n_fields]; where memory ran out both can be written to and are lost. */
mpl_plot_row *mpl__rows_add(mpl__rows *r, mpl_row_kind kind, const char ***cells);

/** A row with one text. */
void mpl__rows_text(mpl__rows *r, mpl_row_kind kind, const char *text);

/** `text`, remembering that memory ran out where it is NULL. */
const char *mpl__rows_checked(mpl__rows *r, const char *text);

/** Effect and interval from the scale of analysis. @param tau2  around a mean; NaN for a prediction */
void mpl__rows_place(mpl__rows *r, mpl_plot_row *row, mpl_mark mark, double tau2, double x, double lb, double ub);

/** A row for the mean of a fit. `index` are its n studies among the effects, for sums; NULL = none are shown. */
mpl_plot_row *mpl__rows_mean(mpl__rows *r, mpl_row_kind kind, mpl_mark mark, const mpl_fit *fit, const char *label,
                             const size_t *index, size_t n, const char ***cells);

/** A pattern of the layout about a set of k studies: "Overall (k = {k})". */
const char *mpl__rows_pattern(mpl__rows *r, const char *pattern, size_t k);

/** Lines under pooled estimates; nothing where there is no such test. */
void mpl__rows_heterogeneity(mpl__rows *r, const mpl_fit *fit);
void mpl__rows_tests(mpl__rows *r);

/** Axis, lines, bands, title, description and footnotes. @param notes  [n_notes] of the plot type, in the arena */
mpl_status mpl__rows_finish(mpl__rows *r, const char *const *notes, size_t n_notes, mpl_error *err);

/** The part of that which is words (rows_words.c). */
mpl_status mpl__rows_caption(mpl__rows *r, const char *const *notes, size_t n_notes, mpl_error *err);

#endif
