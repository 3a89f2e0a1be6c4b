/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SVG without style sheets or ids so that several figures may stand in one document. Text is escaped and
 * stays text. The model is in <metadata> as JSON.
 */
#include "plot/plot.h"

#include <math.h>
#include <string.h>

#include "plot/palette.h"
#include "plot/svg.h"

#define GREY "#6b6b6b"
#define LINE_INK "#8c8c8c"

static const double ARROW = 0.62; /* length of an arrow head in units of the font size */

static void add_fill(mpl__text *out, const mpl_plot *plot, mpl__role role)
{
    mpl__text_format(out, " fill=\"#%06x\"", mpl__palette_role(plot->palette, role));
}

static void draw_bands(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    for (size_t i = 0; i < plot->n_bands; i++) {
        const mpl__page_band *const band = &page->bands[i];
        if (!(band->to > band->from))
            continue;
        mpl__text_add(out, "<rect class=\"band\"");
        mpl__svg_attribute(out, "x", band->from);
        mpl__svg_attribute(out, "y", page->top);
        mpl__svg_attribute(out, "width", band->to - band->from);
        mpl__svg_attribute(out, "height", page->bottom - page->top);
        add_fill(out, plot, MPL__ROLE_FITTED);
        mpl__text_add(out, " stroke=\"none\"/>\n");
    }
}

static void draw_frame(mpl__text *out, const mpl_plot *plot, const mpl__layout *page)
{
    mpl__svg_begin(out, "rules", "stroke=\"" MPL__SVG_INK "\" stroke-width=\"0.6\"");
    for (size_t i = 0; i < page->n_rules; i++)
        mpl__svg_line(out, page->rules[i][0], page->rules[i][2], page->rules[i][1], page->rules[i][2]);
    mpl__svg_end(out);
    mpl__svg_begin(out, "texts", "");
    for (size_t i = 0; i < page->n_texts; i++)
        mpl__svg_text(out, &page->texts[i], page->font);
    for (size_t j = 0; j < page->n_columns; j++)
        if (page->columns[j].heading)
            mpl__svg_text(out, &(mpl__page_text){ .x = page->columns[j].x, .y = page->heading_y, .bold = true,
                                             .anchor = mpl__layout_anchor(&page->columns[j]),
                                             .size = page->font, .text = page->columns[j].heading }, page->font);
    mpl__svg_end(out);
    mpl__svg_begin(out, "axis", "stroke=\"" MPL__SVG_INK "\" stroke-width=\"0.8\"");
    mpl__svg_line(out, page->axis_left, page->bottom, page->axis_right, page->bottom);
    for (size_t i = 0; i < plot->axis.n_ticks; i++) {
        const double x = mpl__layout_x(page, &plot->axis, plot->axis.ticks[i]);
        mpl__svg_line(out, x, page->bottom, x, page->bottom + 0.35 * page->font);
    }
    mpl__svg_end(out);
    mpl__svg_begin(out, "ticks", "");
    for (size_t i = 0; i < plot->axis.n_ticks; i++)
        if (page->tick_shown[i])
            mpl__svg_text(out, &(mpl__page_text){ .x = mpl__layout_x(page, &plot->axis, plot->axis.ticks[i]),
                                             .y = page->bottom + 1.05 * page->small, .anchor = MPL__MIDDLE,
                                             .size = page->small, .text = plot->axis.tick_labels[i] }, page->font);
    mpl__svg_end(out);
}

static void draw_line(mpl__text *out, const char *class, const char *attributes, const mpl__page_line *line)
{
    if (!line->shown)
        return;
    mpl__svg_begin(out, class, attributes);
    for (size_t i = 0; i < line->n; i++)
        mpl__svg_line(out, line->x, line->from_to[i][0], line->x, line->from_to[i][1]);
    mpl__svg_end(out);
}

/* An arrow head with its tip at x, pointing left (-1) or right (1). */
static void add_arrow(mpl__text *out, double x, double y, double size, int side)
{
    mpl__text_add(out, "<polygon class=\"arrow\" fill=\"" MPL__SVG_INK "\" stroke=\"none\" points=\"");
    mpl__svg_point(out, x, y);
    mpl__svg_point(out, x - side * size, y - 0.45 * size);
    mpl__svg_point(out, x - side * size, y + 0.45 * size);
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
    mpl__svg_line(out, x1 + (row->clip_lb ? size / 2 : 0), y, x2 - (row->clip_ub ? size / 2 : 0), y);
    if (row->clip_lb)
        add_arrow(out, x1, y, size, -1);
    else if (caps > 0)
        mpl__svg_line(out, x1, y - caps, x1, y + caps);
    if (row->clip_ub)
        add_arrow(out, x2, y, size, 1);
    else if (caps > 0)
        mpl__svg_line(out, x2, y - caps, x2, y + caps);
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
    const size_t n = mpl__layout_diamond(page, plot, i, false, corners);
    if (n == 0)
        return;
    mpl__text_add(out, "<polygon class=\"diamond\"");
    add_fill(out, plot, i == plot->overall ? MPL__ROLE_OVERALL : MPL__ROLE_SUBGROUP);
    mpl__text_add(out, " points=\"");
    for (size_t c = 0; c < n; c++)
        mpl__svg_point(out, mpl__layout_x(page, &plot->axis, corners[c][0]), corners[c][1]);
    mpl__text_add(out, "\"/>\n");
    if (plot->rows[i].clip_lb)
        add_arrow(out, page->axis_left - size, y, size, -1);
    if (plot->rows[i].clip_ub)
        add_arrow(out, page->axis_right + size, y, size, 1);
}

/* What a model says about a study, behind its mark. */
static void add_fitted(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    double corners[MPL__MOST_CORNERS][2];
    const size_t n = isnan(plot->rows[i].fit_x) ? 0 : mpl__layout_diamond(page, plot, i, true, corners);
    if (n == 0)
        return;
    mpl__text_add(out, "<polygon class=\"fitted\" stroke=\"" LINE_INK "\" stroke-width=\"0.5\"");
    add_fill(out, plot, MPL__ROLE_FITTED);
    mpl__text_add(out, " points=\"");
    for (size_t c = 0; c < n; c++)
        mpl__svg_point(out, mpl__layout_x(page, &plot->axis, corners[c][0]), corners[c][1]);
    mpl__text_add(out, "\"/>\n");
}

/* The disc of a judgement. */
static void add_disc(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, double x, double y, mpl__role role)
{
    mpl__text_add(out, "<circle");
    mpl__svg_attribute(out, "cx", x);
    mpl__svg_attribute(out, "cy", y);
    mpl__svg_attribute(out, "r", mpl__layout_disc(page));
    add_fill(out, plot, role);
    mpl__text_add(out, " stroke=\"" LINE_INK "\" stroke-width=\"0.6\"/>\n");
}

static void draw_mark(mpl__text *out, const mpl_plot *plot, const mpl__layout *page, size_t i)
{
    const mpl_plot_row *const row = &plot->rows[i];
    add_fitted(out, plot, page, i);
    if (row->mark == MPL_MARK_SQUARE && in_view(&plot->axis, row->x)) {
        const double side = mpl__layout_side(page, row->area);
        mpl__text_add(out, "<rect");
        mpl__svg_attribute(out, "x", mpl__layout_x(page, &plot->axis, row->x) - side / 2);
        mpl__svg_attribute(out, "y", page->rows[i].y - side / 2);
        mpl__svg_attribute(out, "width", side);
        mpl__svg_attribute(out, "height", side);
        add_fill(out, plot, MPL__ROLE_SQUARE);
        mpl__text_add(out, " stroke=\"none\"/>\n");
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
    mpl__svg_begin(out, mpl__row_kind_name(row->kind), at->grey ? "fill=\"" GREY "\"" : "");
    const bool cut = row->cells[0] && !at->span && strcmp(page->cells[i * page->n_columns], row->cells[0]) != 0;
    if (cut) /* a shortened label is readable in full by pointing at it */
        mpl__svg_element(out, "title", row->cells[0]);
    if (at->span)
        mpl__svg_text(out, &(mpl__page_text){ .x = page->left + at->indent, .y = at->y, .size = at->size,
                                              .bold = at->bold, .text = at->span }, page->font);
    if (at->note)
        mpl__svg_text(out, &(mpl__page_text){ .x = page->axis_left, .y = at->y, .size = at->size, .text = at->note },
                 page->font);
    for (size_t j = 0; j < page->n_columns; j++) {
        const mpl__page_column *const c = &page->columns[j];
        const char *const cell = page->cells[i * page->n_columns + j];
        if (c->centre && mpl__palette_judgement(cell) < MPL__ROLES)
            add_disc(out, plot, page, c->x, at->y, mpl__palette_judgement(cell));
        if (*cell)
            mpl__svg_text(out, &(mpl__page_text){ .x = c->x + (j == 0 ? at->indent : 0), .y = at->y, .size = at->size,
                                             .anchor = mpl__layout_anchor(c), .bold = at->bold,
                                             .text = cell }, page->font);
    }
    if (row->mark != MPL_MARK_NONE) {
        mpl__svg_begin(out, "mark", "stroke=\"" MPL__SVG_INK "\" stroke-width=\"1\"");
        draw_mark(out, plot, page, i);
        mpl__svg_end(out);
    }
    mpl__svg_end(out);
}

static mpl_status draw(const mpl_plot *whole, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                       mpl_error *err)
{
    mpl__layout page;
    const mpl_status s = mpl__layout_compute(whole, options, scratch, &page, err);
    if (s != MPL_OK)
        return s;
    const mpl_plot *const plot = page.plot;
    mpl__svg_head(out, plot, page.width, page.height, page.font);
    draw_bands(out, plot, &page);
    draw_frame(out, plot, &page);
    draw_line(out, "null", "stroke=\"" LINE_INK "\" stroke-width=\"0.8\"", &page.null_line);
    draw_line(out, "overall", "stroke=\"" MPL__SVG_INK "\" stroke-width=\"0.6\" stroke-dasharray=\"1.5 2\"",
              &page.overall_line);
    for (size_t i = 0; i < plot->n_bands; i++)
        draw_line(out, "line", "stroke=\"" LINE_INK "\" stroke-width=\"0.8\" stroke-dasharray=\"4 2\"", &page.lines[i]);
    for (size_t i = 0; i < plot->n_rows; i++)
        draw_row(out, plot, &page, i);
    mpl__text_add(out, "</svg>\n");
    return MPL_OK;
}

const mpl__renderer mpl__draw_svg = {
    .method = { .id = "svg", .title = "Scalable Vector Graphics: opens in browsers and word processors",
                .cite = "W3C SVG 1.1, second edition (2011)" },
    .draw = draw,
    .chart = mpl__chart_svg,
    .has_pages = true,
};
