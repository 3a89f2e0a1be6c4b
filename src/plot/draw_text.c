/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A figure for the terminal: one line per row, aligned by the columns that characters take. Where it is too wide,
 * labels are shortened first, then data columns are left out.
 */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "plot/axis.h"
#include "plot/tty.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void add_cell(mpl__tty *p, size_t i, size_t j)
{
    const mpl_plot_column *const c = &p->plot->columns[j];
    const char *const cell = mpl__tty_cell(p, i, j) ? mpl__tty_cell(p, i, j) : "";
    const size_t indent = j == 0 ? p->indent[i] : 0;
    mpl__tty_pad(p, indent);
    if (c->n_parts == 1) {
        mpl__tty_field(p, cell, strlen(cell), p->columns[j].width - indent, c->align_right);
        return;
    }
    size_t sum = c->n_parts - 1;
    for (size_t part = 0; part < c->n_parts; part++)
        sum += p->columns[j].parts[part];
    mpl__tty_pad(p, p->columns[j].width - smaller(sum, p->columns[j].width)); /* under a heading wider than the cells */
    for (size_t part = 0; part < c->n_parts; part++) {
        size_t length = 0;
        const char *const s = mpl__cell_part(cell, part, c->n_parts, &length);
        mpl__tty_pad(p, part > 0);
        mpl__tty_field(p, s ? s : "", s ? length : 0, p->columns[j].parts[part], true);
    }
}

/* ---- marks ---- */

/* Column of the marks where a value stands; the nearest end if it is beyond the axis. */
static size_t place(const mpl__tty *p, double value)
{
    const mpl_plot_axis *const axis = &p->plot->axis;
    const double lo = mpl__axis_position(axis, axis->min), hi = mpl__axis_position(axis, axis->max);
    const double at = (mpl__axis_position(axis, value) - lo) / (hi - lo) * (double)(p->marks - 1);
    return (size_t)(fmin(fmax(at, 0), (double)(p->marks - 1)) + 0.5);
}

static bool in_view(const mpl_plot_axis *axis, double value)
{
    return value >= axis->min && value <= axis->max;
}

static void set_interval(const mpl__tty *p, const mpl_plot_row *row, const char **at)
{
    const mpl__glyphs *const g = p->g;
    const bool heavy = row->mark == MPL_MARK_DIAMOND, dashed = row->mark == MPL_MARK_BAR;
    if (isnan(row->lb) || isnan(row->ub))
        return;
    const size_t from = place(p, row->lb), to = place(p, row->ub);
    for (size_t i = from; i <= to; i++)
        at[i] = heavy ? g->heavy : dashed ? g->dash : at[i] == g->null ? g->cross : g->line;
    at[from] = heavy ? g->heavy_start : g->start;
    at[to] = heavy ? g->heavy_end : g->end;
    if (row->clip_lb)
        at[from] = g->left;
    if (row->clip_ub)
        at[to] = g->right;
}

/* Ranges and reference lines, behind everything. */
static void set_bands(const mpl__tty *p, const char **at)
{
    const mpl_plot_axis *const axis = &p->plot->axis;
    for (size_t i = 0; i < p->plot->n_bands; i++) {
        const mpl_plot_band *const band = &p->plot->bands[i];
        if (!(band->lo <= axis->max && band->hi >= axis->min))
            continue;
        for (size_t c = place(p, band->lo); c <= place(p, band->hi); c++)
            at[c] = band->lo == band->hi ? p->g->line_at : p->g->band;
    }
}

static void add_marks(mpl__tty *p, size_t i)
{
    const mpl_plot *const plot = p->plot;
    const mpl_plot_row *const row = &plot->rows[i];
    const char *at[MPL__TTY_MOST_MARKS];
    for (size_t c = 0; c < p->marks; c++)
        at[c] = " ";
    set_bands(p, at);
    if (plot->overall < plot->n_rows && i < plot->overall && in_view(&plot->axis, plot->rows[plot->overall].x))
        at[place(p, plot->rows[plot->overall].x)] = p->g->overall;
    if (in_view(&plot->axis, plot->axis.null_value))
        at[place(p, plot->axis.null_value)] = p->g->null;
    if (row->mark != MPL_MARK_NONE)
        set_interval(p, row, at);
    if (in_view(&plot->axis, row->fit_x))
        at[place(p, row->fit_x)] = p->g->fitted;
    if (in_view(&plot->axis, row->x) && row->mark == MPL_MARK_SQUARE)
        at[place(p, row->x)] = row->area > 0.3 ? p->g->square : p->g->dot;
    if (in_view(&plot->axis, row->x) && row->mark == MPL_MARK_DIAMOND)
        at[place(p, row->x)] = p->g->diamond;
    for (size_t c = 0; c < p->marks; c++)
        mpl__text_add(p->out, at[c]);
}

/* ---- lines ---- */

static void add_span(mpl__tty *p, size_t i)
{
    const char *const text = mpl__tty_shown(p, p->plot->rows[i].cells[0]);
    if (!text)
        return;
    const size_t width = p->width - p->indent[i];
    mpl__tty_pad(p, p->indent[i]);
    mpl__tty_field(p, text, strlen(text), smaller(mpl__utf8_width(text), width), false);
}

static void add_row(mpl__tty *p, size_t i)
{
    const mpl_plot_row *const row = &p->plot->rows[i];
    const size_t n = p->plot->n_columns;
    const bool bold = row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_SUMMARY;
    const bool dim = row->kind == MPL_ROW_EXCLUDED || row->kind == MPL_ROW_TEXT;
    if (bold || dim)
        mpl__tty_style(p, bold ? 1 : 2);
    if (mpl__tty_spans(row)) {
        add_span(p, i);
    } else if (row->kind != MPL_ROW_BLANK) {
        for (size_t j = 0; j < n; j++)
            if (p->columns[j].shown && !p->plot->columns[j].right_of_marks) {
                add_cell(p, i, j);
                mpl__tty_pad(p, MPL__TTY_GAP);
            }
        if (row->kind == MPL_ROW_EXCLUDED && n > 1) {
            mpl__tty_wrap(p, row->cells[n - 1], p->left);
        } else {
            add_marks(p, i);
            for (size_t j = 0; j < n; j++)
                if (p->columns[j].shown && p->plot->columns[j].right_of_marks) {
                    mpl__tty_pad(p, MPL__TTY_GAP);
                    add_cell(p, i, j);
                }
        }
    }
    if (bold || dim)
        mpl__tty_style(p, 0);
    mpl__tty_end_line(p);
}

/* Headings of groups of columns, centred above them. */
static void add_groups(mpl__tty *p)
{
    const mpl_plot_column *const c = p->plot->columns;
    bool any = false;
    for (size_t j = 0; j < p->plot->n_columns; j++)
        any = any || (p->columns[j].shown && c[j].group);
    if (!any)
        return;
    mpl__tty_style(p, p->colour);
    for (size_t j = 0; j < p->plot->n_columns;) {
        size_t end = j + 1, width = p->columns[j].width;
        while (c[j].group && end < p->plot->n_columns && p->columns[end].shown && c[end].group &&
               strcmp(c[end].group, c[j].group) == 0)
            width += MPL__TTY_GAP + p->columns[end++].width;
        if (p->columns[j].shown) {
            const char *const group = c[j].group ? mpl__tty_shown(p, c[j].group) : "";
            const size_t takes = group ? smaller(mpl__utf8_width(group), width) : 0;
            const size_t before = end - j > 1 ? (width - takes) / 2 : width - takes;
            mpl__tty_pad(p, before);
            mpl__tty_field(p, group ? group : "", group ? strlen(group) : 0, width - before, false);
            if (end == p->plot->n_columns || c[end].right_of_marks != c[j].right_of_marks)
                mpl__tty_pad(p, c[j].right_of_marks ? 0 : p->marks + MPL__TTY_GAP);
            mpl__tty_pad(p, MPL__TTY_GAP);
        }
        j = end;
    }
    mpl__tty_style(p, 0);
    mpl__tty_end_line(p);
}

static void add_headings(mpl__tty *p)
{
    add_groups(p);
    mpl__tty_style(p, p->colour);
    for (int side = 0; side < 2; side++) {
        for (size_t j = 0; j < p->plot->n_columns; j++)
            if (p->columns[j].shown && p->plot->columns[j].right_of_marks == side) {
                mpl__tty_pad(p, side ? MPL__TTY_GAP : 0);
                mpl__tty_field(p, p->headings[j], strlen(p->headings[j]), p->columns[j].width,
                          p->plot->columns[j].align_right);
                mpl__tty_pad(p, side ? 0 : MPL__TTY_GAP);
            }
        mpl__tty_pad(p, side ? 0 : p->marks);
    }
    mpl__tty_style(p, 0);
    mpl__tty_end_line(p);
}

static void add_rule(mpl__tty *p)
{
    size_t width = p->left + p->marks;
    for (size_t j = 0; j < p->plot->n_columns; j++)
        if (p->columns[j].shown && p->plot->columns[j].right_of_marks)
            width += MPL__TTY_GAP + p->columns[j].width;
    mpl__text_repeat(p->out, p->g->rule, width);
    mpl__tty_end_line(p);
}

/* Moves to a column of the line that now ends at *at. */
static void advance(mpl__tty *p, size_t *at, size_t to)
{
    mpl__tty_pad(p, to > *at ? to - *at : 0);
    *at = to > *at ? to : *at;
}

static void add_axis(mpl__tty *p)
{
    const mpl_plot_axis *const axis = &p->plot->axis;
    size_t at = 0;
    advance(p, &at, p->left);
    for (size_t c = 0; c < p->marks; c++) {
        bool tick = false;
        for (size_t i = 0; i < axis->n_ticks; i++)
            tick = tick || place(p, axis->ticks[i]) == c;
        mpl__text_add(p->out, tick ? p->g->tick : p->g->rule);
    }
    mpl__tty_end_line(p);
    at = 0;
    for (size_t i = 0; i < axis->n_ticks; i++) {
        const char *const label = mpl__tty_shown(p, axis->tick_labels[i]);
        const size_t width = label ? mpl__utf8_width(label) : 0, centre = p->left + place(p, axis->ticks[i]);
        const size_t from = centre > width / 2 ? centre - width / 2 : 0;
        if (label && from >= at + (at > 0)) {
            advance(p, &at, from);
            mpl__text_add(p->out, label);
            at += width;
        }
    }
    mpl__tty_end_line(p);
}

/* One text in the middle of the marks, or as far to the left as it must be. */
static void add_centred(mpl__tty *p, const char *text)
{
    text = mpl__tty_shown(p, text);
    if (!text)
        return;
    const size_t width = smaller(mpl__utf8_width(text), p->width), centre = p->left + p->marks / 2;
    const size_t from = centre > width / 2 ? centre - width / 2 : 0;
    mpl__tty_pad(p, smaller(from, p->width - width));
    mpl__tty_field(p, text, strlen(text), width, false);
    mpl__tty_end_line(p);
}

static void add_favours(mpl__tty *p)
{
    const mpl_plot_axis *const axis = &p->plot->axis;
    const char *const left = axis->favours_left ? mpl__tty_shown(p, axis->favours_left) : "";
    const char *const right = axis->favours_right ? mpl__tty_shown(p, axis->favours_right) : "";
    if (!left || !right || (!*left && !*right))
        return;
    const bool seen = in_view(axis, axis->null_value);
    const size_t null = p->left + (seen ? place(p, axis->null_value) : p->marks / 2);
    const size_t room_left = null > 1 ? null - 1 : 0, room_right = p->width > null + 2 ? p->width - null - 2 : 0;
    mpl__tty_field(p, left, strlen(left), room_left, true);
    mpl__tty_pad(p, null + 2 - room_left);
    mpl__tty_field(p, right, strlen(right), room_right, false);
    mpl__tty_end_line(p);
}

static void add_footnotes(mpl__tty *p)
{
    const mpl_plot *const plot = p->plot;
    bool *const shown = MPL_NEW(p->arena, bool, plot->n_columns);
    for (size_t j = 0; shown && j < plot->n_columns; j++)
        shown[j] = p->columns[j].shown;
    const char *const left_out = shown ? mpl__plot_left_out(plot, shown, p->arena) : NULL;
    p->failed = p->failed || !left_out;
    if (plot->n_footnotes || (left_out && *left_out))
        mpl__tty_end_line(p);
    for (size_t i = 0; i < plot->n_footnotes; i++) {
        mpl__tty_wrap(p, plot->footnotes[i], 0);
        mpl__tty_end_line(p);
    }
    if (left_out && *left_out) {
        mpl__tty_wrap(p, left_out, 0);
        mpl__tty_end_line(p);
    }
}

static mpl_status draw(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    mpl__tty p = { .plot = plot, .g = options->ascii ? &mpl__glyphs_ascii : &mpl__glyphs_unicode,
                   .colour = options->colour, .arena = scratch, .out = out, .width = options->width };
    MPL_TRY(mpl__tty_measure(&p, err));
    mpl__tty_squeeze(&p);
    if (plot->title) {
        mpl__tty_style(&p, 1);
        mpl__tty_wrap(&p, plot->title, 0);
        mpl__tty_style(&p, 0);
        mpl__tty_end_line(&p);
    }
    if (plot->subtitle) {
        mpl__tty_wrap(&p, plot->subtitle, 0);
        mpl__tty_end_line(&p);
    }
    if (plot->title || plot->subtitle)
        mpl__tty_end_line(&p);
    add_headings(&p);
    add_rule(&p);
    for (size_t i = 0; i < plot->n_rows; i++)
        add_row(&p, i);
    add_axis(&p);
    add_favours(&p);
    add_centred(&p, plot->axis.label);
    add_footnotes(&p);
    return p.failed ? mpl__fail_nomem(err, "the figure") : MPL_OK;
}

const mpl__renderer mpl__draw_text = {
    .method = { .id = "text", .title = "a figure of characters for the terminal", .cite = "Unicode 15, box drawing",
                .aliases = "txt" },
    .draw = draw,
    .chart = mpl__chart_text,
    .width = 100,
};
