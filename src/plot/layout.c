/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page layout; see layout.h. All constants are in units of the font size. */
#include "plot/layout_build.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/metrics.h"

static const double SPAN_WIDENS = 0.5, SMALLEST_SMALL = 7;
static const double ROW = MPL__PAGE_ROW, TEXT_ROW = 1.4, BLANK_ROW = 0.6, MORE_ROW = 1.1, INDENT = 0.8;
static const double WIDEST_COLUMN = 15, PART_GAP = 0.3;

/* Between the page's edge and its content, between columns, and between columns and the axis. */
static const struct { double margin, column, axis; } gaps[] = { { 1.2, 1.1, 1.5 }, { 0.4, 0.7, 0.9 } };

bool mpl__row_spans(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_TEXT;
}

bool mpl__row_continues(const mpl_plot *plot, size_t i)
{
    const mpl_plot_row *const row = &plot->rows[i];
    if (row->kind == MPL_ROW_BLANK || row->kind == MPL_ROW_EXCLUDED || row->mark != MPL_MARK_NONE || i == 0)
        return false;
    for (size_t j = 1; j < plot->n_columns; j++)
        if (row->cells[j])
            return false;
    return plot->rows[i - 1].kind == row->kind && plot->n_columns > 1;
}

static bool is_bold(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_SUMMARY;
}

/* Cells of an excluded study that are shown as cells: the last is the reason. */
static bool in_columns(const mpl_plot *plot, const mpl_plot_row *row, size_t j)
{
    const bool is_reason = row->kind == MPL_ROW_EXCLUDED && j > 0 && j == plot->n_columns - 1;
    return !mpl__row_spans(row) && row->cells[j] && !is_reason;
}

/* ---- columns ---- */

static const char *copy_part(mpl__page_builder *b, size_t j, const char *cell, size_t part)
{
    size_t length;
    const char *const s = mpl__cell_part(cell, part, b->plot->columns[j].n_parts, &length);
    const char *const copy = s ? mpl__arena_copyn(b->arena, s, length) : "";
    b->failed = b->failed || !copy;
    return copy ? copy : "";
}

/* Widths as the longest cell needs them, within bounds. */
static void measure_column(mpl__page_builder *b, size_t j)
{
    const mpl_plot_column *const c = &b->plot->columns[j];
    const double font = b->page->font, widest = (j == 0 ? b->page->label_ems : WIDEST_COLUMN) * font;
    mpl__page_width *const to = &b->columns[j];
    to->parts = MPL_NEW(b->arena, double, c->n_parts);
    if (!to->parts) {
        b->failed = true;
        return;
    }
    double sum = PART_GAP * font * (double)(c->n_parts - 1);
    for (size_t part = 0; part < c->n_parts; part++) {
        for (size_t i = 0; i < b->plot->n_rows; i++) {
            const mpl_plot_row *const row = &b->plot->rows[i];
            if (!in_columns(b->plot, row, j))
                continue;
            const char *const text = c->n_parts == 1 ? row->cells[j] : copy_part(b, j, row->cells[j], part);
            const double width = mpl__text_width(text, font, is_bold(row)) + (j == 0 ? b->page->rows[i].indent : 0);
            to->parts[part] = fmax(to->parts[part], fmin(width, widest));
        }
        sum += to->parts[part];
    }
    to->width = fmax(sum, fmin(mpl__text_width(c->heading, font, true), widest));
    if (c->is_judgement)
        to->width = fmax(to->width, 2 * mpl__layout_disc(b->page));
}

/* Columns with one heading above them share at least its width. */
static void widen_groups(mpl__page_builder *b)
{
    const double font = b->page->font;
    for (size_t j = 0; j < b->plot->n_columns; j++) {
        const mpl_plot_column *const c = &b->plot->columns[j];
        if (!c->group || (j && c[-1].group && strcmp(c[-1].group, c->group) == 0))
            continue;
        const double gap = gaps[b->setup->tight].column * font;
        double width = -gap;
        size_t end = j;
        for (; end < b->plot->n_columns && b->plot->columns[end].group &&
               strcmp(b->plot->columns[end].group, c->group) == 0; end++)
            width += b->columns[end].width + gap;
        const double wanted = fmin(mpl__text_width(c->group, font, true), WIDEST_COLUMN * font);
        if (wanted > width)
            b->columns[end - 1].width += wanted - width;
    }
}

/* Places one model column whose left edge is x; returns its right edge. */
static double place_column(mpl__page_builder *b, size_t j, double x)
{
    const mpl_plot_column *const c = &b->plot->columns[j];
    const double end = x + b->columns[j].width, font = b->page->font;
    double right = end;
    for (size_t part = c->n_parts; part-- > 0;) {
        mpl__page_column *const to = &b->page->columns[b->page->n_columns + part];
        to->source = j;
        to->right = c->align_right;
        to->centre = c->is_judgement;
        to->x = c->is_judgement ? (x + end) / 2 : c->align_right ? right : x;
        if (part == c->n_parts - 1)
            to->heading = mpl__page_fit(b, c->heading, font, true, b->columns[j].width);
        right -= b->columns[j].parts[part] + PART_GAP * font;
    }
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        const mpl__page_row *const at = &b->page->rows[i];
        const double width = b->columns[j].width - (j == 0 ? at->indent : 0);
        for (size_t part = 0; part < c->n_parts; part++) {
            const char *text = "";
            if (in_columns(b->plot, row, j))
                text = mpl__page_fit(b, copy_part(b, j, row->cells[j], part), at->size, at->bold, width);
            b->page->cells[i * b->n_printed + b->page->n_columns + part] = text;
        }
    }
    b->page->n_columns += c->n_parts;
    return end;
}

/* ---- rows ---- */

/* Sizes and weights, which columns are measured with; positions follow. Rows of a group are indented. */
static void style_rows(mpl__page_builder *b)
{
    bool in_group = false;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        mpl__page_row *const at = &b->page->rows[i];
        if (row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_BLANK)
            in_group = false;
        const bool small = row->kind == MPL_ROW_TEXT, blank = row->kind == MPL_ROW_BLANK;
        const bool more = !mpl__row_spans(row) && mpl__row_continues(b->plot, i);
        at->size = small ? b->page->small : b->page->font;
        at->height = (blank ? BLANK_ROW : more ? MORE_ROW : small ? TEXT_ROW : ROW) * b->page->font;
        at->bold = is_bold(row);
        at->grey = row->kind == MPL_ROW_EXCLUDED;
        at->indent = in_group ? INDENT * b->page->font : 0;
        if (row->kind == MPL_ROW_HEADING)
            in_group = true;
    }
}

/* Stacks the rows below `top`; the overall estimate stands a little apart. */
static void place_rows(mpl__page_builder *b)
{
    double y = b->page->top + 0.3 * b->page->font;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        mpl__page_row *const at = &b->page->rows[i];
        if (i == b->plot->overall && i > 0 && b->plot->rows[i - 1].kind != MPL_ROW_BLANK)
            y += MPL__SUMMARY_GAP * b->page->font;
        at->y = y + at->height / 2;
        y += at->height;
    }
    b->page->bottom = y + 0.4 * b->page->font;
}

static void place_spans(mpl__page_builder *b)
{
    const mpl__layout *const page = b->page;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        mpl__page_row *const at = &page->rows[i];
        if (mpl__row_spans(row))
            at->span = mpl__page_fit(b, row->cells[0], at->size, at->bold, page->right - page->left - at->indent);
        else if (row->kind == MPL_ROW_EXCLUDED && b->plot->n_columns > 1)
            at->note = mpl__page_fit(b, row->cells[b->plot->n_columns - 1], at->size, false,
                                     page->right - page->axis_left);
    }
}

/* How much wider the page must be for texts that span it, and for reasons, which begin with the axis at `left`. */
static double missing_width(const mpl__page_builder *b, double left, double content)
{
    const size_t last = b->plot->n_columns - 1;
    double most = 0;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        const mpl__page_row *const at = &b->page->rows[i];
        if (mpl__row_spans(row) && !b->setup->bounded) /* else it is continued below */
            most = fmax(most, at->indent + mpl__text_width(row->cells[0], at->size, at->bold) - content);
        else if (row->kind == MPL_ROW_EXCLUDED && last > 0 && row->cells[last])
            most = fmax(most, left + mpl__text_width(row->cells[last], at->size, false) - content);
    }
    return most;
}

/* ---- lines ---- */

static void add_piece(mpl__page_line *line, double from, double to)
{
    if (to - from > 0.5) {
        line->from_to[line->n][0] = from;
        line->from_to[line->n++][1] = to;
    }
}

/* A vertical line at `value` from the top to y `end`, interrupted where a text crosses it. */
static void place_line(mpl__page_builder *b, mpl__page_line *line, double value, double end)
{
    const mpl_plot_axis *const axis = &b->plot->axis;
    const mpl__layout *const page = b->page;
    if (!(value >= axis->min && value <= axis->max))
        return;
    line->shown = true;
    line->x = mpl__layout_x(page, axis, value);
    line->from_to = (double(*)[2])mpl__arena_alloc(b->arena, b->plot->n_rows + 1, sizeof(double[2]));
    if (!line->from_to) {
        b->failed = true;
        return;
    }
    double from = page->top;
    for (size_t i = 0; i < b->plot->n_rows && page->rows[i].y < end; i++) {
        const mpl__page_row *const at = &page->rows[i];
        const char *const text = at->span ? at->span : at->note;
        if (!text)
            continue;
        const double start = at->span ? page->left + at->indent : page->axis_left;
        if (line->x < start - 2 || line->x > start + mpl__text_width(text, at->size, at->bold) + 2)
            continue;
        add_piece(line, from, at->y - at->height / 2);
        from = at->y + at->height / 2;
    }
    add_piece(line, from, end);
}

/* Reference lines and bands. */
static void place_bands(mpl__page_builder *b)
{
    mpl__layout *const page = b->page;
    const mpl_plot_axis *const axis = &b->plot->axis;
    page->lines = MPL_NEW(b->arena, mpl__page_line, b->plot->n_bands);
    page->bands = MPL_NEW(b->arena, mpl__page_band, b->plot->n_bands);
    b->failed = b->failed || !page->lines || !page->bands;
    for (size_t i = 0; i < b->plot->n_bands && !b->failed; i++) {
        const mpl_plot_band *const band = &b->plot->bands[i];
        if (band->lo == band->hi)
            place_line(b, &page->lines[i], band->lo, page->bottom);
        else if (band->lo < axis->max && band->hi > axis->min)
            page->bands[i] = (mpl__page_band){ mpl__layout_x(page, axis, band->lo),
                                               mpl__layout_x(page, axis, band->hi) };
    }
}

/* ---- the whole ---- */

/* Columns from left to right with the axis between the sides; edges of each column for the headings above them. */
static void place_columns(mpl__page_builder *b, double (*edge)[2])
{
    mpl__layout *const page = b->page;
    const double font = page->font, gap = gaps[b->setup->tight].column * font;
    const double axis_gap = gaps[b->setup->tight].axis * font;
    double content = page->axis_ems * font + 2 * axis_gap - 2 * gap, left = axis_gap - gap;
    for (size_t j = 0; j < b->plot->n_columns; j++) {
        content += b->columns[j].width + (j ? gap : 0);
        left += b->plot->columns[j].right_of_marks ? 0 : b->columns[j].width + gap;
    }
    const double missing = missing_width(b, left, content), least = page->axis_ems * font;
    const double axis = b->setup->like ? b->setup->like->axis_right - b->setup->like->axis_left
                                       : least * (1 + fmin(fmax(missing / least, 0), SPAN_WIDENS));
    double x = page->left;
    for (int side = 0; side < 2; side++) {
        for (size_t j = 0; j < b->plot->n_columns; j++) {
            if (b->plot->columns[j].right_of_marks != side)
                continue;
            edge[j][0] = x;
            edge[j][1] = place_column(b, j, x);
            x = edge[j][1] + gap;
        }
        if (side == 0) {
            page->axis_left = x - gap + axis_gap;
            page->axis_right = page->axis_left + axis;
            x = page->axis_right + axis_gap;
        }
    }
    const mpl_plot_axis *const marks = &b->plot->axis;
    const double label = marks->n_ticks ? mpl__text_width(marks->tick_labels[marks->n_ticks - 1], page->small, false)
                                        : 0;
    page->right = x - gap < page->axis_right ? page->axis_right + fmax(0, label / 2 - page->left) : x - gap;
    page->width = page->right + page->left;
}

static mpl_status make_room(mpl__page_builder *b, mpl_error *err)
{
    const mpl_plot *const plot = b->plot;
    for (size_t j = 0; j < plot->n_columns; j++)
        b->n_printed += plot->columns[j].n_parts;
    b->columns = MPL_NEW(b->arena, mpl__page_width, plot->n_columns);
    b->page->columns = MPL_NEW(b->arena, mpl__page_column, b->n_printed);
    b->page->rows = MPL_NEW(b->arena, mpl__page_row, plot->n_rows);
    b->page->cells = MPL_NEW(b->arena, const char *, plot->n_rows * b->n_printed);
    b->page->tick_shown = MPL_NEW(b->arena, bool, plot->axis.n_ticks);
    return b->columns && b->page->columns && b->page->rows && b->page->cells && b->page->tick_shown
               ? MPL_OK
               : mpl__fail_nomem(err, "the page");
}

/* Widths of the columns: those of the page that this one is like, or as their texts ask for. */
static void measure(mpl__page_builder *b)
{
    if (b->setup->like) {
        memcpy(b->columns, b->setup->like->widths, b->plot->n_columns * sizeof *b->columns);
        return;
    }
    for (size_t j = 0; j < b->plot->n_columns && !b->failed; j++)
        measure_column(b, j);
    if (!b->failed)
        widen_groups(b);
}

static void place_lines(mpl__page_builder *b)
{
    const mpl_plot *const plot = b->plot;
    mpl__layout *const page = b->page;
    place_bands(b);
    place_line(b, &page->null_line, plot->axis.null_value, page->bottom);
    page->overall = b->setup->overall;
    if (plot->overall < plot->n_rows) {
        page->overall = plot->rows[plot->overall].x;
        place_line(b, &page->overall_line, page->overall, page->rows[plot->overall].y);
    } else {
        place_line(b, &page->overall_line, page->overall, page->bottom);
    }
}

mpl_status mpl__page_compute(const mpl__page_setup *setup, mpl__arena *arena, mpl__layout *out, mpl_error *err)
{
    mpl__layout page = { .plot = setup->plot, .font = setup->font, .axis_ems = setup->axis_ems,
                         .label_ems = setup->label_ems, .n_pages = 1 };
    page.small = fmax(SMALLEST_SMALL, 0.88 * page.font);
    page.large = 1.2 * page.font;
    page.left = gaps[setup->tight].margin * page.font;
    mpl__page_builder b = { .setup = setup, .plot = setup->plot, .page = &page, .arena = arena };
    MPL_TRY(make_room(&b, err));
    style_rows(&b);
    measure(&b);
    double(*const edge)[2] = (double(*)[2])mpl__arena_alloc(arena, b.plot->n_columns, sizeof(double[2]));
    if (b.failed || !edge)
        return mpl__fail_nomem(err, "the page");
    place_columns(&b, edge);
    MPL_TRY(mpl__page_make_texts(&b, err));
    mpl__page_head(&b);
    mpl__page_groups(&b, edge);
    place_rows(&b);
    place_spans(&b);
    mpl__page_ticks(&b);
    mpl__page_foot(&b);
    place_lines(&b);
    page.widths = b.columns;
    *out = page;
    return b.failed ? mpl__fail_nomem(err, "the page") : MPL_OK;
}
