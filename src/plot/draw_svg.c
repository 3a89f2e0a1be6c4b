/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SVG, monochrome, without style sheets or ids so that several figures may stand in one document. Text is escaped and
 * stays text. The model is in <metadata> as JSON.
 */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/layout.h"

#define FONTS "DejaVu Sans, Arial, Helvetica, sans-serif"
#define INK "#000000"
#define PAPER "#ffffff"
#define GREY "#6b6b6b"
#define SQUARE_INK "#555555"
#define LINE_INK "#8c8c8c"

static const double ARROW = 0.62; /* length of an arrow head in units of the font size */

/* XML text: markup escaped; what XML 1.0 or a reader cannot take becomes U+FFFD. */
static void escape(mpl__text *out, const char *s)
{
    for (size_t left = strlen(s); left;) {
        uint32_t code;
        const size_t n = mpl__utf8_next(s, left, &code);
        if (n == 0 || (mpl__utf8_is_control(code) && code != '\n'))
            mpl__text_add(out, "\xEF\xBF\xBD");
        else if (code == '&')
            mpl__text_add(out, "&amp;");
        else if (code == '<')
            mpl__text_add(out, "&lt;");
        else if (code == '>')
            mpl__text_add(out, "&gt;");
        else if (code == '"')
            mpl__text_add(out, "&quot;");
        else
            mpl__text_addn(out, s, n);
        s += n ? n : 1;
        left -= n ? n : 1;
    }
}

static void element(mpl__text *out, const char *name, const char *content)
{
    mpl__text_format(out, "<%s>", name);
    escape(out, content);
    mpl__text_format(out, "</%s>\n", name);
}

/* ` name="1.23"`: coordinates have two decimals, a seven-hundredth of a millimetre. */
static void attribute(mpl__text *out, const char *name, double x)
{
    mpl__text_format(out, " %s=\"", name);
    mpl__text_fixed(out, x, 2);
    mpl__text_char(out, '"');
}

static void add_line(mpl__text *out, double x1, double y1, double x2, double y2)
{
    mpl__text_add(out, "<line");
    attribute(out, "x1", x1);
    attribute(out, "y1", y1);
    attribute(out, "x2", x2);
    attribute(out, "y2", y2);
    mpl__text_add(out, "/>\n");
}

static void add_point(mpl__text *out, double x, double y)
{
    mpl__text_fixed(out, x, 2);
    mpl__text_char(out, ',');
    mpl__text_fixed(out, y, 2);
    mpl__text_char(out, ' ');
}

/* y is the middle of the line; the baseline is a third of the letter size below. */
static void add_text(mpl__text *out, const mpl__page_text *t, double font)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    mpl__text_add(out, "<text");
    attribute(out, "x", t->x);
    attribute(out, "y", t->y + 0.36 * t->size);
    mpl__text_add(out, anchors[t->anchor]);
    if (t->size != font)
        attribute(out, "font-size", t->size);
    if (t->bold)
        mpl__text_add(out, " font-weight=\"bold\"");
    mpl__text_char(out, '>');
    escape(out, t->text);
    mpl__text_add(out, "</text>\n");
}

static void begin(mpl__text *out, const char *class, const char *attributes)
{
    mpl__text_format(out, "<g class=\"%s\"%s%s>\n", class, *attributes ? " " : "", attributes);
}

static void end(mpl__text *out)
{
    mpl__text_add(out, "</g>\n");
}

static void draw_head(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    mpl__text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"");
    mpl__text_fixed(out, page->width, 2);
    mpl__text_add(out, "pt\" height=\"");
    mpl__text_fixed(out, page->height, 2);
    mpl__text_add(out, "pt\" viewBox=\"0 0 ");
    mpl__text_fixed(out, page->width, 2);
    mpl__text_char(out, ' ');
    mpl__text_fixed(out, page->height, 2);
    mpl__text_add(out, "\" font-family=\"" FONTS "\"");
    attribute(out, "font-size", page->font);
    mpl__text_add(out, ">\n");
    element(out, "title", plot->title ? plot->title : plot->type->title);
    element(out, "desc", plot->desc);
    mpl__text json = { 0 };
    mpl__plot_json(plot, 0, &json);
    if (json.failed)
        out->failed = true;
    else
        element(out, "metadata", json.data);
    mpl__text_free(&json);
    mpl__text_add(out, "<rect width=\"100%\" height=\"100%\" fill=\"" PAPER "\"/>\n");
}

static void draw_frame(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    begin(out, "rules", "stroke=\"" INK "\" stroke-width=\"0.6\"");
    for (size_t i = 0; i < page->n_rules; i++)
        add_line(out, page->rules[i][0], page->rules[i][2], page->rules[i][1], page->rules[i][2]);
    end(out);
    begin(out, "texts", "");
    for (size_t i = 0; i < page->n_texts; i++)
        add_text(out, &page->texts[i], page->font);
    for (size_t j = 0; j < page->n_columns; j++)
        if (page->columns[j].heading)
            add_text(out, &(mpl__page_text){ .x = page->columns[j].x, .y = page->heading_y, .bold = true,
                                             .anchor = page->columns[j].right ? MPL__END : MPL__START,
                                             .size = page->font, .text = page->columns[j].heading }, page->font);
    end(out);
    begin(out, "axis", "stroke=\"" INK "\" stroke-width=\"0.8\"");
    add_line(out, page->axis_left, page->bottom, page->axis_right, page->bottom);
    for (size_t i = 0; i < plot->axis.n_ticks; i++) {
        const double x = mpl__layout_x(page, &plot->axis, plot->axis.ticks[i]);
        add_line(out, x, page->bottom, x, page->bottom + 0.35 * page->font);
    }
    end(out);
    begin(out, "ticks", "");
    for (size_t i = 0; i < plot->axis.n_ticks; i++)
        if (page->tick_shown[i])
            add_text(out, &(mpl__page_text){ .x = mpl__layout_x(page, &plot->axis, plot->axis.ticks[i]),
                                             .y = page->bottom + 1.05 * page->small, .anchor = MPL__MIDDLE,
                                             .size = page->small, .text = plot->axis.tick_labels[i] }, page->font);
    end(out);
}

static void draw_line(mpl__text *out, const char *class, const char *attributes, const mpl__page_line *line)
{
    if (!line->shown)
        return;
    begin(out, class, attributes);
    for (size_t i = 0; i < line->n; i++)
        add_line(out, line->x, line->from_to[i][0], line->x, line->from_to[i][1]);
    end(out);
}

/* An arrow head with its tip at x, pointing left (-1) or right (1). */
static void add_arrow(mpl__text *out, double x, double y, double size, int side)
{
    mpl__text_add(out, "<polygon class=\"arrow\" fill=\"" INK "\" stroke=\"none\" points=\"");
    add_point(out, x, y);
    add_point(out, x - side * size, y - 0.45 * size);
    add_point(out, x - side * size, y + 0.45 * size);
    mpl__text_add(out, "\"/>\n");
}

/* The interval of a row as far as the axis goes, with arrow heads where it goes on. */
static void add_interval(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i, double caps)
{
    const mpl_plot_row *const row = &plot->rows[i];
    const double y = page->rows[i].y, size = ARROW * page->font, least = 2 * size;
    double x1 = mpl__layout_x(page, &plot->axis, row->lb), x2 = mpl__layout_x(page, &plot->axis, row->ub);
    if (row->clip_ub && x2 - x1 < least)
        x1 = x2 - least;
    if (row->clip_lb && x2 - x1 < least)
        x2 = x1 + least;
    add_line(out, x1 + (row->clip_lb ? size / 2 : 0), y, x2 - (row->clip_ub ? size / 2 : 0), y);
    if (row->clip_lb)
        add_arrow(out, x1, y, size, -1);
    else if (caps > 0)
        add_line(out, x1, y - caps, x1, y + caps);
    if (row->clip_ub)
        add_arrow(out, x2, y, size, 1);
    else if (caps > 0)
        add_line(out, x2, y - caps, x2, y + caps);
}

static bool in_view(const mpl_plot_axis *axis, double x)
{
    return x >= axis->min && x <= axis->max;
}

/* The arrow head of a cut diamond stands outside, where it cannot be taken for a part of it. */
static void add_diamond(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    const double size = ARROW * page->font, y = page->rows[i].y;
    double corners[MPL__MOST_CORNERS][2];
    const size_t n = mpl__layout_diamond(page, plot, i, corners);
    if (n == 0)
        return;
    mpl__text_format(out, "<polygon class=\"diamond\" fill=\"%s\" points=\"", i == plot->overall ? INK : PAPER);
    for (size_t c = 0; c < n; c++)
        add_point(out, mpl__layout_x(page, &plot->axis, corners[c][0]), corners[c][1]);
    mpl__text_add(out, "\"/>\n");
    if (plot->rows[i].clip_lb)
        add_arrow(out, page->axis_left - size, y, size, -1);
    if (plot->rows[i].clip_ub)
        add_arrow(out, page->axis_right + size, y, size, 1);
}

static void draw_mark(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    const mpl_plot_row *const row = &plot->rows[i];
    if (row->mark == MPL_MARK_SQUARE && in_view(&plot->axis, row->x)) {
        const double side = mpl__layout_side(page, row->area);
        mpl__text_add(out, "<rect");
        attribute(out, "x", mpl__layout_x(page, &plot->axis, row->x) - side / 2);
        attribute(out, "y", page->rows[i].y - side / 2);
        attribute(out, "width", side);
        attribute(out, "height", side);
        mpl__text_add(out, " fill=\"" SQUARE_INK "\" stroke=\"none\"/>\n");
    }
    if (row->mark == MPL_MARK_SQUARE)
        add_interval(out, plot, page, i, 0);
    if (row->mark == MPL_MARK_BAR)
        add_interval(out, plot, page, i, 0.3 * page->font);
    if (row->mark == MPL_MARK_DIAMOND)
        add_diamond(out, plot, page, i);
}

static void draw_row(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    const mpl_plot_row *const row = &plot->rows[i];
    const mpl__page_row *const at = &page->rows[i];
    if (row->kind == MPL_ROW_BLANK)
        return;
    begin(out, mpl__row_kind_name(row->kind), at->grey ? "fill=\"" GREY "\"" : "");
    const bool cut = row->cells[0] && !at->span && strcmp(page->cells[i * page->n_columns], row->cells[0]) != 0;
    if (cut) /* a shortened label is readable in full by pointing at it */
        element(out, "title", row->cells[0]);
    if (at->span)
        add_text(out, &(mpl__page_text){ .x = page->left + at->indent, .y = at->y, .size = at->size, .bold = at->bold,
                                         .text = at->span }, page->font);
    if (at->note)
        add_text(out, &(mpl__page_text){ .x = page->axis_left, .y = at->y, .size = at->size, .text = at->note },
                 page->font);
    for (size_t j = 0; j < page->n_columns; j++) {
        const mpl__page_column *const c = &page->columns[j];
        const char *const cell = page->cells[i * page->n_columns + j];
        if (*cell)
            add_text(out, &(mpl__page_text){ .x = c->x + (j == 0 ? at->indent : 0), .y = at->y, .size = at->size,
                                             .anchor = c->right ? MPL__END : MPL__START, .bold = at->bold,
                                             .text = cell }, page->font);
    }
    if (row->mark != MPL_MARK_NONE) {
        begin(out, "mark", "stroke=\"" INK "\" stroke-width=\"1\"");
        draw_mark(out, plot, page, i);
        end(out);
    }
    end(out);
}

static mpl_status draw(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    mpl__layout page;
    const mpl_status s = mpl__layout_compute(plot, options, scratch, &page, err);
    if (s != MPL_OK)
        return s;
    draw_head(out, plot, &page);
    draw_frame(out, plot, &page);
    draw_line(out, "null", "stroke=\"" LINE_INK "\" stroke-width=\"0.8\"", &page.null_line);
    draw_line(out, "overall", "stroke=\"" INK "\" stroke-width=\"0.6\" stroke-dasharray=\"1.5 2\"",
              &page.overall_line);
    for (size_t i = 0; i < plot->n_rows; i++)
        draw_row(out, plot, &page, i);
    mpl__text_add(out, "</svg>\n");
    return MPL_OK;
}

const mpl__renderer mpl__draw_svg = {
    .method = { .id = "svg", .title = "Scalable Vector Graphics: opens in browsers and word processors",
                .cite = "W3C SVG 1.1, second edition (2011)" },
    .draw = draw,
};
