/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models that pages show in place of the whole: without some columns, with continued lines, some of the rows. */
#include "plot/layout_build.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "plot/metrics.h"

enum { LINES_OF_LABEL = 2 };

static mpl_plot *copy_of(const mpl_plot *plot, mpl__arena *arena)
{
    mpl_plot *const copy = MPL_NEW(arena, mpl_plot, 1);
    if (copy)
        *copy = *plot;
    return copy;
}

/* ---- fewer columns ---- */

static bool stays(const mpl_plot_column *column, const size_t *spare, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (column->spare == spare[i])
            return false;
    return true;
}

/* The cells [n] of the columns [n] that stay; the last cell of a study that is not pooled is its reason. */
static const char *const *chosen_cells(const mpl_plot *plot, const mpl_plot_row *row, const size_t *columns, size_t n,
                                       mpl__arena *arena)
{
    const char **const cells = MPL_NEW(arena, const char *, n);
    for (size_t j = 0; cells && j < n; j++)
        cells[j] = row->cells[columns[j]];
    if (cells && row->kind == MPL_ROW_EXCLUDED && n > 1)
        cells[n - 1] = row->cells[plot->n_columns - 1];
    return cells;
}

const mpl_plot *mpl__view_without(const mpl_plot *plot, const size_t *spare, size_t n_spare, mpl__arena *arena)
{
    size_t *const kept = MPL_NEW(arena, size_t, plot->n_columns);
    size_t n = 0;
    for (size_t j = 0; kept && j < plot->n_columns; j++)
        if (stays(&plot->columns[j], spare, n_spare))
            kept[n++] = j;
    if (n == plot->n_columns)
        return plot;
    mpl_plot *const copy = copy_of(plot, arena);
    mpl_plot_row *const rows = MPL_NEW(arena, mpl_plot_row, plot->n_rows);
    mpl_plot_column *const columns = MPL_NEW(arena, mpl_plot_column, n);
    if (!kept || !copy || !rows || !columns)
        return NULL;
    for (size_t j = 0; j < n; j++)
        columns[j] = plot->columns[kept[j]];
    for (size_t i = 0; i < plot->n_rows; i++) {
        rows[i] = plot->rows[i];
        rows[i].cells = chosen_cells(plot, &plot->rows[i], kept, n, arena);
        if (!rows[i].cells)
            return NULL;
    }
    copy->rows = rows;
    copy->columns = columns;
    copy->n_columns = n;
    return copy;
}

const mpl_plot *mpl__view_noted(const mpl_plot *plot, const char *note, mpl__arena *arena)
{
    mpl_plot *const copy = copy_of(plot, arena);
    const char **const notes = MPL_NEW(arena, const char *, plot->n_footnotes + 1);
    if (!copy || !notes)
        return NULL;
    for (size_t i = 0; i < plot->n_footnotes; i++)
        notes[i] = plot->footnotes[i];
    notes[copy->n_footnotes++] = note;
    copy->footnotes = notes;
    return copy;
}

/* ---- continued lines ---- */

typedef struct wrapper {
    const mpl_plot *plot;
    const mpl__layout *page;
    mpl__arena *arena;
    mpl_plot_row *rows; /* NULL = only count */
    size_t n;
    bool failed;
} wrapper;

static void add_line(wrapper *w, const mpl_plot_row *row, bool first, const char *text, size_t length)
{
    if (!w->rows) {
        w->n++;
        return;
    }
    const char **const cells = MPL_NEW(w->arena, const char *, w->plot->n_columns);
    const char *const line = mpl__arena_copyn(w->arena, text, length);
    if (!cells || !line) {
        w->failed = true;
        return;
    }
    for (size_t j = 1; first && j < w->plot->n_columns; j++)
        cells[j] = row->cells[j];
    cells[0] = line;
    mpl_plot_row *const to = &w->rows[w->n++];
    *to = *row;
    to->cells = cells;
    if (!first) {
        to->mark = MPL_MARK_NONE;
        to->x = to->lb = to->ub = to->fit_x = to->fit_lb = to->fit_ub = (double)NAN;
        to->clip_lb = to->clip_ub = false;
    }
}

/* A line of n bytes that does not end between a name, its sign and its value. */
static size_t line_of(const char *text, size_t n)
{
    size_t cut = n;
    while (cut && text[n] && strchr("<=>", text[cut - 1]))
        for (int word = 0; word < 2; word++) {
            while (cut && text[cut - 1] != ' ')
                cut--;
            while (cut && text[cut - 1] == ' ')
                cut--;
        }
    return cut ? cut : n;
}

static void wrap_row(wrapper *w, size_t i)
{
    const mpl_plot_row *const row = &w->plot->rows[i];
    const mpl__page_row *const at = &w->page->rows[i];
    const bool is_line = mpl__row_spans(row);
    const bool is_label = row->kind == MPL_ROW_STUDY || row->kind == MPL_ROW_SUMMARY ||
                          row->kind == MPL_ROW_PREDICTION;
    const double width = (is_line ? w->page->right - w->page->left : w->page->widths[0].width) - at->indent;
    const char *text = row->cells[0];
    if (!text || !(is_line || (is_label && w->plot->n_columns > 1)) ||
        mpl__text_width(text, at->size, at->bold) <= width * (1 + 1e-9)) {
        if (w->rows)
            w->rows[w->n] = *row;
        w->n++;
        return;
    }
    for (size_t line = 1; *text; line++) {
        const bool last = is_label && line == LINES_OF_LABEL;
        const size_t n = last ? strlen(text) : line_of(text, mpl__text_line(text, at->size, at->bold, width));
        add_line(w, row, line == 1, text, n);
        text += n;
        text += strspn(text, " ");
    }
}

const mpl_plot *mpl__view_wrapped(const mpl_plot *plot, const mpl__layout *page, mpl__arena *arena)
{
    wrapper w = { .plot = plot, .page = page, .arena = arena };
    for (size_t i = 0; i < plot->n_rows; i++)
        wrap_row(&w, i);
    if (w.n == plot->n_rows)
        return plot;
    mpl_plot *const copy = copy_of(plot, arena);
    w.rows = MPL_NEW(arena, mpl_plot_row, w.n);
    if (!copy || !w.rows)
        return NULL;
    w.n = 0;
    for (size_t i = 0; i < plot->n_rows && !w.failed; i++) {
        if (i == plot->overall)
            copy->overall = w.n;
        wrap_row(&w, i);
    }
    copy->rows = w.rows;
    copy->n_rows = w.n;
    return w.failed ? NULL : copy;
}

/* ---- some of the rows ---- */

/* "Alternate (continued)" */
static bool continue_heading(const mpl_plot *plot, size_t group, mpl__arena *arena, mpl_plot_row *row)
{
    const char **const cells = MPL_NEW(arena, const char *, plot->n_columns);
    *row = plot->rows[group];
    row->cells = cells;
    if (cells)
        cells[0] = mpl__arena_format(arena, "%s (continued)", plot->rows[group].cells[0]);
    return cells && cells[0];
}

const mpl_plot *mpl__view_page(const mpl_plot *plot, size_t first, size_t end, size_t group, size_t page, size_t n,
                               mpl__arena *arena)
{
    const bool last = end == plot->n_rows, continued = group != SIZE_MAX;
    const char *const note = mpl__arena_format(arena, last ? "Page %zu of %zu." : "Page %zu of %zu; continued on the "
                                               "next page.", page, n);
    const mpl_plot bare = { .n_footnotes = 0 };
    const mpl_plot *const noted = mpl__view_noted(last ? plot : &bare, note, arena);
    mpl_plot *const copy = copy_of(plot, arena);
    mpl_plot_row *const rows = MPL_NEW(arena, mpl_plot_row, end - first + 1);
    if (!note || !noted || !copy || !rows || (continued && !continue_heading(plot, group, arena, rows)))
        return NULL;
    for (size_t i = first; i < end; i++)
        rows[i - first + continued] = plot->rows[i];
    if (page > 1 && plot->title) {
        copy->title = mpl__arena_format(arena, "%s (continued)", plot->title);
        if (!copy->title)
            return NULL;
    }
    copy->n_footnotes = noted->n_footnotes;
    copy->footnotes = noted->footnotes;
    copy->rows = rows;
    copy->n_rows = end - first + continued;
    copy->overall = plot->overall >= first && plot->overall < end ? plot->overall - first + continued : SIZE_MAX;
    return copy;
}
