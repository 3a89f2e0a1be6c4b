/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page layout; see layout.h. All constants are in units of the font size. */
#include "plot/layout.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/metrics.h"

static const double MARGIN = 1.2, GAP = 1.1, AXIS_GAP = 1.5, AXIS_WIDTH = 22, SPAN_WIDENS = 0.5;
static const double ROW = MPL__PAGE_ROW, TEXT_ROW = 1.4, BLANK_ROW = 0.6, SUMMARY_GAP = 0.35, INDENT = 0.8;
static const double WIDEST_STUDY = 60, WIDEST_COLUMN = 15, PART_GAP = 0.3;
static const double TICK_LABEL = 1.25;

/* A model column on its way to the page. */
typedef struct column {
    double width;
    double *parts; /* [n_parts] widths */
} column;

typedef struct builder {
    const mpl_plot *plot;
    mpl__layout *page;
    mpl__arena *arena;
    column *columns;  /* [n_columns] of the model */
    size_t n_printed; /* columns of the page */
    bool failed;
} builder;

static bool spans(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_TEXT;
}

static bool is_bold(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_SUMMARY;
}

/* Cells of an excluded study that are shown as cells: the last is the reason. */
static bool in_columns(const mpl_plot *plot, const mpl_plot_row *row, size_t j)
{
    return !spans(row) && row->cells[j] && !(row->kind == MPL_ROW_EXCLUDED && j > 0 && j == plot->n_columns - 1);
}

static const char *fit(builder *b, const char *text, double size, bool bold, double width)
{
    const char *const fitted = mpl__text_fit(b->arena, text, size, bold, width);
    b->failed = b->failed || !fitted;
    return fitted ? fitted : "";
}

/* ---- columns ---- */

static const char *copy_part(builder *b, size_t j, const char *cell, size_t part)
{
    size_t length;
    const char *const s = mpl__cell_part(cell, part, b->plot->columns[j].n_parts, &length);
    const char *const copy = s ? mpl__arena_copyn(b->arena, s, length) : "";
    b->failed = b->failed || !copy;
    return copy ? copy : "";
}

/* Widths as the longest cell needs them, within bounds. */
static void measure_column(builder *b, size_t j)
{
    const mpl_plot_column *const c = &b->plot->columns[j];
    const double font = b->page->font, widest = (j == 0 ? WIDEST_STUDY : WIDEST_COLUMN) * font;
    column *const to = &b->columns[j];
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
}

/* Columns with one heading above them share at least its width. */
static void widen_groups(builder *b)
{
    const double font = b->page->font;
    for (size_t j = 0; j < b->plot->n_columns; j++) {
        const mpl_plot_column *const c = &b->plot->columns[j];
        if (!c->group || (j && c[-1].group && strcmp(c[-1].group, c->group) == 0))
            continue;
        double width = -GAP * font;
        size_t end = j;
        for (; end < b->plot->n_columns && b->plot->columns[end].group &&
               strcmp(b->plot->columns[end].group, c->group) == 0; end++)
            width += b->columns[end].width + GAP * font;
        const double wanted = fmin(mpl__text_width(c->group, font, true), WIDEST_COLUMN * font);
        if (wanted > width)
            b->columns[end - 1].width += wanted - width;
    }
}

/* Places one model column whose left edge is x; returns its right edge. */
static double place_column(builder *b, size_t j, double x)
{
    const mpl_plot_column *const c = &b->plot->columns[j];
    const double end = x + b->columns[j].width, font = b->page->font;
    double right = end;
    for (size_t part = c->n_parts; part-- > 0;) {
        mpl__page_column *const to = &b->page->columns[b->page->n_columns + part];
        to->source = j;
        to->right = c->align_right;
        to->x = c->align_right ? right : x;
        if (part == c->n_parts - 1)
            to->heading = fit(b, c->heading, font, true, b->columns[j].width);
        right -= b->columns[j].parts[part] + PART_GAP * font;
    }
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        const mpl__page_row *const at = &b->page->rows[i];
        const double width = b->columns[j].width - (j == 0 ? at->indent : 0);
        for (size_t part = 0; part < c->n_parts; part++) {
            const char *text = "";
            if (in_columns(b->plot, row, j))
                text = fit(b, copy_part(b, j, row->cells[j], part), at->size, at->bold, width);
            b->page->cells[i * b->n_printed + b->page->n_columns + part] = text;
        }
    }
    b->page->n_columns += c->n_parts;
    return end;
}

/* ---- rows ---- */

/* Sizes and weights, which columns are measured with; positions follow. Rows of a group are indented. */
static void style_rows(builder *b)
{
    bool in_group = false;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        mpl__page_row *const at = &b->page->rows[i];
        if (row->kind == MPL_ROW_HEADING || row->kind == MPL_ROW_BLANK)
            in_group = false;
        const bool small = row->kind == MPL_ROW_TEXT, blank = row->kind == MPL_ROW_BLANK;
        at->size = small ? b->page->small : b->page->font;
        at->height = (blank ? BLANK_ROW : small ? TEXT_ROW : ROW) * b->page->font;
        at->bold = is_bold(row);
        at->grey = row->kind == MPL_ROW_EXCLUDED;
        at->indent = in_group ? INDENT * b->page->font : 0;
        if (row->kind == MPL_ROW_HEADING)
            in_group = true;
    }
}

/* Stacks the rows below `top`; the overall estimate stands a little apart. */
static void place_rows(builder *b)
{
    double y = b->page->top + 0.3 * b->page->font;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        mpl__page_row *const at = &b->page->rows[i];
        if (i == b->plot->overall && i > 0 && b->plot->rows[i - 1].kind != MPL_ROW_BLANK)
            y += SUMMARY_GAP * b->page->font;
        at->y = y + at->height / 2;
        y += at->height;
    }
    b->page->bottom = y + 0.4 * b->page->font;
}

static void place_spans(builder *b)
{
    const mpl__layout *const page = b->page;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        mpl__page_row *const at = &page->rows[i];
        if (spans(row))
            at->span = fit(b, row->cells[0], at->size, at->bold, page->right - page->left - at->indent);
        else if (row->kind == MPL_ROW_EXCLUDED && b->plot->n_columns > 1)
            at->note = fit(b, row->cells[b->plot->n_columns - 1], at->size, false, page->right - page->axis_left);
    }
}

/* How much wider the page must be for texts that span it, and for reasons, which begin with the axis at `left`. */
static double missing_width(const builder *b, double left, double content)
{
    const size_t last = b->plot->n_columns - 1;
    double most = 0;
    for (size_t i = 0; i < b->plot->n_rows; i++) {
        const mpl_plot_row *const row = &b->plot->rows[i];
        const mpl__page_row *const at = &b->page->rows[i];
        if (spans(row))
            most = fmax(most, at->indent + mpl__text_width(row->cells[0], at->size, at->bold) - content);
        else if (row->kind == MPL_ROW_EXCLUDED && last > 0 && row->cells[last])
            most = fmax(most, left + mpl__text_width(row->cells[last], at->size, false) - content);
    }
    return most;
}

/* ---- texts outside the rows ---- */

static void add_rule(builder *b, double from, double to, double y)
{
    double *const rule = b->page->rules[b->page->n_rules++];
    rule[0] = from;
    rule[1] = to;
    rule[2] = y;
}

static void add_text(builder *b, mpl__page_text text)
{
    b->page->texts[b->page->n_texts++] = text;
}

/* Lines of wrapped text that fit into `width`; an upper bound is one per byte. */
static size_t count_lines(const char *text, double size, bool bold, double width)
{
    size_t n = 0;
    while (*text) {
        text += mpl__text_line(text, size, bold, width);
        text += strspn(text, " ");
        n++;
    }
    return n;
}

/* Wraps a text below y; returns the y below it. */
static double add_wrapped(builder *b, const char *role, const char *text, double size, bool bold, double y)
{
    const double width = b->page->right - b->page->left;
    while (*text) {
        const size_t n = mpl__text_line(text, size, bold, width);
        const char *const line = mpl__arena_copyn(b->arena, text, n);
        b->failed = b->failed || !line;
        add_text(b, (mpl__page_text){ role, b->page->left, y + size * 0.7, MPL__START, size, bold, line ? line : "" });
        text += n;
        text += strspn(text, " ");
        y += 1.4 * size;
    }
    return y;
}

/* Title, subtitle and column headings; sets `top`. */
static void place_head(builder *b)
{
    mpl__layout *const page = b->page;
    double y = page->left;
    if (b->plot->title)
        y = add_wrapped(b, "title", b->plot->title, page->large, true, y) + 0.2 * page->font;
    if (b->plot->subtitle)
        y = add_wrapped(b, "subtitle", b->plot->subtitle, page->font, true, y) + 0.2 * page->font;
    bool grouped = false;
    for (size_t j = 0; j < page->n_columns; j++)
        grouped = grouped || b->plot->columns[page->columns[j].source].group;
    y += 0.4 * page->font;
    if (grouped)
        y += 1.4 * page->font;
    page->heading_y = y + 0.8 * page->font;
    page->top = y + 1.8 * page->font;
}

/* Headings centred above groups of columns. `edge` holds left and right of each model column. */
static void place_groups(builder *b, double (*edge)[2])
{
    const size_t n = b->plot->n_columns;
    const mpl_plot_column *const c = b->plot->columns;
    for (size_t j = 0; j < n;) {
        size_t end = j + 1;
        while (c[j].group && end < n && c[end].group && strcmp(c[end].group, c[j].group) == 0)
            end++;
        if (c[j].group) {
            const double x0 = edge[j][0], x1 = edge[end - 1][1];
            const char *const text = fit(b, c[j].group, b->page->font, true, x1 - x0);
            add_text(b, (mpl__page_text){ "group", end - j > 1 ? (x0 + x1) / 2 : x1,
                                          b->page->heading_y - 1.4 * b->page->font,
                                          end - j > 1 ? MPL__MIDDLE : MPL__END, b->page->font, true, text });
            if (end - j > 1)
                add_rule(b, x0, x1, b->page->heading_y - 0.65 * b->page->font);
        }
        j = end;
    }
    add_rule(b, b->page->left, b->page->right, b->page->top);
}

/* Labels from left to right where they do not touch the one before; the null's label goes first. */
static void choose_ticks(builder *b)
{
    const mpl_plot_axis *const axis = &b->plot->axis;
    const mpl__layout *const page = b->page;
    const double apart = 0.5 * page->small;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < axis->n_ticks; i++) {
            if (pass == 0 && axis->ticks[i] != axis->null_value)
                continue;
            const double x = mpl__layout_x(page, axis, axis->ticks[i]);
            const double half = mpl__text_width(axis->tick_labels[i], page->small, false) / 2;
            bool free = true;
            for (size_t j = 0; j < axis->n_ticks; j++) {
                const double other = mpl__text_width(axis->tick_labels[j], page->small, false) / 2;
                if (j != i && page->tick_shown[j] &&
                    fabs(mpl__layout_x(page, axis, axis->ticks[j]) - x) < half + other + apart)
                    free = false;
            }
            page->tick_shown[i] = free;
        }
}

/* Texts below the axis. */
static void place_foot(builder *b)
{
    const mpl_plot_axis *const axis = &b->plot->axis;
    mpl__layout *const page = b->page;
    const bool in_view = axis->null_value >= axis->min && axis->null_value <= axis->max;
    const double null = mpl__layout_x(page, axis, axis->null_value), gap = 0.6 * page->font;
    double y = page->bottom + TICK_LABEL * page->small + 0.7 * page->small;
    if (axis->favours_left || axis->favours_right)
        y += 1.4 * page->small;
    if (axis->favours_left) {
        const double x = in_view ? null - gap : page->axis_left;
        const double room = in_view ? x - page->left : (page->axis_right - page->axis_left) / 2 - gap;
        add_text(b, (mpl__page_text){ "favours", x, y - 0.5 * page->small, in_view ? MPL__END : MPL__START, page->small,
                                      false, fit(b, axis->favours_left, page->small, false, room) });
    }
    if (axis->favours_right) {
        const double x = in_view ? null + gap : page->axis_right;
        const double room = in_view ? page->right - x : (page->axis_right - page->axis_left) / 2 - gap;
        add_text(b, (mpl__page_text){ "favours", x, y - 0.5 * page->small, in_view ? MPL__START : MPL__END, page->small,
                                      false, fit(b, axis->favours_right, page->small, false, room) });
    }
    if (axis->label) {
        const double centre = (page->axis_left + page->axis_right) / 2;
        const double room = 2 * fmin(centre - page->left, page->right - centre);
        y += 1.5 * page->small;
        add_text(b, (mpl__page_text){ "axis-label", centre, y - 0.5 * page->small, MPL__MIDDLE, page->small, false,
                                      fit(b, axis->label, page->small, false, room) });
    }
    y += 0.8 * page->font;
    for (size_t i = 0; i < b->plot->n_footnotes; i++)
        y = add_wrapped(b, "footnote", b->plot->footnotes[i], page->small, false, y) + 0.15 * page->small;
    page->height = y + page->left * 0.7;
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
static void place_line(builder *b, mpl__page_line *line, double value, double end)
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

/* ---- the whole ---- */

/* Columns from left to right with the axis between the sides; edges of each column for the headings above them. */
static void place_columns(builder *b, double (*edge)[2])
{
    mpl__layout *const page = b->page;
    const double font = page->font, gap = GAP * font;
    double content = AXIS_WIDTH * font + 2 * AXIS_GAP * font - 2 * gap, left = AXIS_GAP * font - gap;
    for (size_t j = 0; j < b->plot->n_columns; j++) {
        content += b->columns[j].width + (j ? gap : 0);
        left += b->plot->columns[j].right_of_marks ? 0 : b->columns[j].width + gap;
    }
    const double missing = missing_width(b, left, content);
    const double axis = AXIS_WIDTH * font * (1 + fmin(fmax(missing / (AXIS_WIDTH * font), 0), SPAN_WIDENS));
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
            page->axis_left = x - gap + AXIS_GAP * font;
            page->axis_right = page->axis_left + axis;
            x = page->axis_right + AXIS_GAP * font;
        }
    }
    page->right = x - gap < page->axis_right ? page->axis_right : x - gap;
    page->width = page->right + page->left;
}

/* Room for all texts outside the rows, found by wrapping once without writing. */
static mpl_status make_texts(builder *b, mpl_error *err)
{
    const mpl__layout *const page = b->page;
    const double width = page->right - page->left;
    size_t n = b->plot->n_columns + 3;
    n += b->plot->title ? count_lines(b->plot->title, page->large, true, width) : 0;
    n += b->plot->subtitle ? count_lines(b->plot->subtitle, page->font, true, width) : 0;
    for (size_t i = 0; i < b->plot->n_footnotes; i++)
        n += count_lines(b->plot->footnotes[i], page->small, false, width);
    b->page->texts = MPL_NEW(b->arena, mpl__page_text, n);
    b->page->rules = (double(*)[3])mpl__arena_alloc(b->arena, b->plot->n_columns + 1, sizeof(double[3]));
    return b->page->texts && b->page->rules ? MPL_OK : mpl__fail_nomem(err, "the page");
}

static mpl_status make_room(builder *b, mpl_error *err)
{
    const mpl_plot *const plot = b->plot;
    for (size_t j = 0; j < plot->n_columns; j++)
        b->n_printed += plot->columns[j].n_parts;
    b->columns = MPL_NEW(b->arena, column, plot->n_columns);
    b->page->columns = MPL_NEW(b->arena, mpl__page_column, b->n_printed);
    b->page->rows = MPL_NEW(b->arena, mpl__page_row, plot->n_rows);
    b->page->cells = MPL_NEW(b->arena, const char *, plot->n_rows * b->n_printed);
    b->page->tick_shown = MPL_NEW(b->arena, bool, plot->axis.n_ticks);
    return b->columns && b->page->columns && b->page->rows && b->page->cells && b->page->tick_shown
               ? MPL_OK
               : mpl__fail_nomem(err, "the page");
}

mpl_status mpl__layout_compute(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *arena,
                               mpl__layout *out, mpl_error *err)
{
    *out = (mpl__layout){ .font = options->font_size };
    out->small = fmax(7, 0.88 * out->font);
    out->large = 1.2 * out->font;
    out->left = MARGIN * out->font;
    builder b = { .plot = plot, .page = out, .arena = arena };
    MPL_TRY(make_room(&b, err));
    style_rows(&b);
    for (size_t j = 0; j < plot->n_columns && !b.failed; j++)
        measure_column(&b, j);
    double(*const edge)[2] = (double(*)[2])mpl__arena_alloc(arena, plot->n_columns, sizeof(double[2]));
    if (b.failed || !edge)
        return mpl__fail_nomem(err, "the page");
    widen_groups(&b);
    place_columns(&b, edge);
    MPL_TRY(make_texts(&b, err));
    place_head(&b);
    place_groups(&b, edge);
    place_rows(&b);
    place_spans(&b);
    choose_ticks(&b);
    place_foot(&b);
    place_line(&b, &out->null_line, plot->axis.null_value, out->bottom);
    if (plot->overall < plot->n_rows)
        place_line(&b, &out->overall_line, plot->rows[plot->overall].x, out->rows[plot->overall].y);
    return b.failed ? mpl__fail_nomem(err, "the page") : MPL_OK;
}
