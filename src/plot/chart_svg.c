/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart as SVG: one group per series, in the order of the model; each point says its name to who points at it. */
#include "plot/svg.h"

#include <math.h>

#include "base/error.h"
#include "plot/chart_page.h"
#include "plot/palette.h"

typedef struct canvas {
    mpl__text *out;
    const mpl__chart_page *page;
    const char *palette;
    mpl__arena *scratch;
} canvas;

static const char *const dashes[] = { "", " stroke-dasharray=\"5 3\"", " stroke-dasharray=\"1 2.2\"" };

static void colour(const canvas *c, const char *name, size_t hue, double tint)
{
    mpl__text_format(c->out, " %s=\"#%06x\"", name, mpl__palette_colour(c->palette, hue, tint));
}

/* The attributes that all marks of a series share. */
static void begin_series(const canvas *c, const mpl_series *s)
{
    const bool stroked = s->kind == MPL_SERIES_LINE || s->kind == MPL_SERIES_SEGMENTS;
    const bool is_line = stroked || s->shape == MPL_SHAPE_PLUS || s->shape == MPL_SHAPE_CROSS;
    mpl__text_format(c->out, "<g class=\"%s %s\"", mpl__series_kind_name(s->kind), s->key);
    if (is_line)
        mpl__text_add(c->out, " fill=\"none\"");
    else if (s->hollow)
        mpl__text_add(c->out, " fill=\"" MPL__SVG_PAPER "\"");
    else
        colour(c, "fill", s->hue, s->tint);
    if (is_line || s->hollow) {
        colour(c, "stroke", s->hue, s->tint);
        mpl__svg_attribute(c->out, "stroke-width", s->thickness);
    } else if (s->kind == MPL_SERIES_POINTS || s->kind == MPL_SERIES_BARS) { /* so that neighbours do not merge */
        mpl__text_add(c->out, " stroke=\"" MPL__SVG_PAPER "\" stroke-width=\"0.4\"");
    }
    mpl__text_format(c->out, "%s>\n", stroked ? dashes[s->dash] : "");
}

static void move(const canvas *c, char letter, double x, double y)
{
    mpl__text_char(c->out, letter);
    mpl__text_fixed(c->out, x, 2);
    mpl__text_char(c->out, ' ');
    mpl__text_fixed(c->out, y, 2);
}

/* ---- marks ---- */

static void add_corners(const canvas *c, double x, double y, double r, const double (*corners)[2], size_t n)
{
    mpl__text_add(c->out, "<polygon points=\"");
    for (size_t i = 0; i < n; i++)
        mpl__svg_point(c->out, x + r * corners[i][0], y + r * corners[i][1]);
    mpl__text_char(c->out, '"');
}

/* A marker without the end of its tag. Shapes of one size look alike in area. Returns the name of the tag. */
static const char *add_marker(const canvas *c, mpl_shape shape, double x, double y, double r)
{
    static const double up[][2] = { { 0, -1.2 }, { 1.1, 0.8 }, { -1.1, 0.8 } };
    static const double down[][2] = { { 0, 1.2 }, { 1.1, -0.8 }, { -1.1, -0.8 } };
    static const double diamond[][2] = { { 0, -1.3 }, { 1.3, 0 }, { 0, 1.3 }, { -1.3, 0 } };
    const double side = 0.89 * r, arm = shape == MPL_SHAPE_PLUS ? 1.2 * r : 0.85 * r;
    switch (shape) {
    case MPL_SHAPE_CIRCLE:
        mpl__text_add(c->out, "<circle");
        mpl__svg_attribute(c->out, "cx", x);
        mpl__svg_attribute(c->out, "cy", y);
        mpl__svg_attribute(c->out, "r", r);
        return "circle";
    case MPL_SHAPE_SQUARE:
        mpl__text_add(c->out, "<rect");
        mpl__svg_attribute(c->out, "x", x - side);
        mpl__svg_attribute(c->out, "y", y - side);
        mpl__svg_attribute(c->out, "width", 2 * side);
        mpl__svg_attribute(c->out, "height", 2 * side);
        return "rect";
    case MPL_SHAPE_TRIANGLE:
    case MPL_SHAPE_DOWN:
        add_corners(c, x, y, r, shape == MPL_SHAPE_DOWN ? down : up, 3);
        return "polygon";
    case MPL_SHAPE_DIAMOND:
        add_corners(c, x, y, r, diamond, 4);
        return "polygon";
    case MPL_SHAPE_PLUS:
    case MPL_SHAPE_CROSS:
        break;
    }
    mpl__text_add(c->out, "<path d=\"");
    move(c, 'M', x - arm, shape == MPL_SHAPE_PLUS ? y : y - arm);
    move(c, 'L', x + arm, shape == MPL_SHAPE_PLUS ? y : y + arm);
    move(c, 'M', shape == MPL_SHAPE_PLUS ? x : x - arm, y + arm);
    move(c, 'L', shape == MPL_SHAPE_PLUS ? x : x + arm, y - arm);
    mpl__text_char(c->out, '"');
    return "path";
}

/* In place of a point beyond the panel: an arrow head at its edge that points to where it lies. */
static const char *add_arrow(const canvas *c, unsigned clip, double x, double y, double size)
{
    const double dx = (double)((clip & MPL_CLIP_RIGHT) != 0) - (double)((clip & MPL_CLIP_LEFT) != 0);
    const double dy = (double)((clip & MPL_CLIP_BELOW) != 0) - (double)((clip & MPL_CLIP_ABOVE) != 0);
    const double length = hypot(dx, dy), ux = dx / length, uy = dy / length;
    const double head[3][2] = { { 0, 0 }, { -ux - 0.45 * uy, -uy + 0.45 * ux }, { -ux + 0.45 * uy, -uy - 0.45 * ux } };
    add_corners(c, x, y, size, head, 3);
    mpl__text_add(c->out, " class=\"beyond\"");
    return "polygon";
}

static void draw_points(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const double x = mpl__frame_x(f, p, s->x[i]), y = mpl__frame_y(f, p, s->y[i]);
        const char *const tag = s->clip && s->clip[i]
                                    ? add_arrow(c, s->clip[i], x, y, 0.8 * c->page->font)
                                    : add_marker(c, s->shape, x, y, mpl__chart_radius(c->page, s, i));
        if (!s->texts || !s->texts[i]) {
            mpl__text_add(c->out, "/>\n");
            continue;
        }
        mpl__text_add(c->out, "><title>");
        mpl__svg_escape(c->out, s->texts[i]);
        mpl__text_format(c->out, "</title></%s>\n", tag);
    }
}

/* ---- lines and areas ---- */

static void draw_path(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s)
{
    const bool closed = s->kind == MPL_SERIES_AREA;
    bool open = false;
    for (size_t i = 0; i <= s->n; i++) {
        if (i == s->n || isnan(s->x[i]) || isnan(s->y[i])) {
            mpl__text_add(c->out, !open ? "" : closed ? "Z\"/>\n" : "\"/>\n");
            open = false;
            continue;
        }
        mpl__text_add(c->out, open ? "" : "<path d=\"");
        move(c, open ? 'L' : 'M', mpl__frame_x(f, p, s->x[i]), mpl__frame_y(f, p, s->y[i]));
        open = true;
    }
}

static void draw_segments(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        mpl__svg_line(c->out, mpl__frame_x(f, p, s->x[i]), mpl__frame_y(f, p, s->y[i]),
                      mpl__frame_x(f, p, s->x2[i]), mpl__frame_y(f, p, s->y2[i]));
}

static void draw_bars(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const double x1 = mpl__frame_x(f, p, s->x[i]), x2 = mpl__frame_x(f, p, s->x2[i]);
        const double y1 = mpl__frame_y(f, p, s->y[i]), y2 = mpl__frame_y(f, p, s->y2[i]);
        mpl__text_add(c->out, "<rect");
        mpl__svg_attribute(c->out, "x", fmin(x1, x2));
        mpl__svg_attribute(c->out, "y", fmin(y1, y2));
        mpl__svg_attribute(c->out, "width", fabs(x2 - x1));
        mpl__svg_attribute(c->out, "height", fabs(y2 - y1));
        mpl__text_add(c->out, "/>\n");
    }
}

static void draw_series(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s)
{
    if (s->kind == MPL_SERIES_TEXTS) /* among the words of the page */
        return;
    begin_series(c, s);
    if (s->kind == MPL_SERIES_POINTS)
        draw_points(c, p, f, s);
    else if (s->kind == MPL_SERIES_BARS)
        draw_bars(c, p, f, s);
    else if (s->kind == MPL_SERIES_SEGMENTS)
        draw_segments(c, p, f, s);
    else
        draw_path(c, p, f, s);
    mpl__svg_end(c->out);
}

/* ---- around them ---- */

static void draw_axes(const canvas *c, const mpl_plot_panel *p, const mpl__frame *f)
{
    const double tick = 0.35 * c->page->font;
    mpl__svg_begin(c->out, "axes", "stroke=\"" MPL__SVG_INK "\" stroke-width=\"0.8\" fill=\"none\"");
    mpl__text_add(c->out, "<rect");
    mpl__svg_attribute(c->out, "x", f->left);
    mpl__svg_attribute(c->out, "y", f->top);
    mpl__svg_attribute(c->out, "width", f->right - f->left);
    mpl__svg_attribute(c->out, "height", f->bottom - f->top);
    mpl__text_add(c->out, "/>\n");
    for (size_t i = 0; i < p->x.n_ticks; i++) {
        const double x = mpl__frame_x(f, p, p->x.ticks[i]);
        mpl__svg_line(c->out, x, f->bottom, x, f->bottom + tick);
    }
    for (size_t i = 0; i < p->y.n_ticks; i++) {
        const double y = mpl__frame_y(f, p, p->y.ticks[i]);
        mpl__svg_line(c->out, f->left, y, f->left - tick, y);
    }
    mpl__svg_end(c->out);
}

static void draw_sample(const canvas *c, const mpl__sample *at)
{
    const mpl_series *const s = at->series;
    const double font = c->page->font, wide = MPL__SAMPLE * font, x = at->x + wide / 2;
    mpl_series look = *s;
    look.kind = s->kind == MPL_SERIES_TEXTS ? MPL_SERIES_POINTS : s->kind;
    begin_series(c, &look);
    if (look.kind == MPL_SERIES_POINTS) {
        add_marker(c, s->shape, x, at->y, fmin(s->size, 0.8) * font / 2);
        mpl__text_add(c->out, "/>\n");
    } else if (s->kind == MPL_SERIES_LINE || s->kind == MPL_SERIES_SEGMENTS) {
        mpl__svg_line(c->out, at->x, at->y, at->x + wide, at->y);
    } else {
        mpl__text_add(c->out, "<rect");
        mpl__svg_attribute(c->out, "x", at->x);
        mpl__svg_attribute(c->out, "y", at->y - 0.4 * font);
        mpl__svg_attribute(c->out, "width", wide);
        mpl__svg_attribute(c->out, "height", 0.8 * font);
        if (s->kind == MPL_SERIES_AREA && !s->hollow)
            mpl__text_add(c->out, " stroke=\"#8c8c8c\" stroke-width=\"0.4\"");
        mpl__text_add(c->out, "/>\n");
    }
    mpl__svg_end(c->out);
}

/* A turned text reads upwards around its middle. */
static void draw_word(const canvas *c, const mpl__chart_word *w)
{
    if (!w->turned) {
        mpl__svg_text(c->out, &w->text, c->page->font);
        return;
    }
    mpl__text_add(c->out, "<g transform=\"translate(");
    mpl__text_fixed(c->out, w->text.x, 2);
    mpl__text_char(c->out, ' ');
    mpl__text_fixed(c->out, w->text.y, 2);
    mpl__text_add(c->out, ") rotate(-90)\">\n");
    mpl__page_text at = w->text;
    at.x = at.y = 0;
    mpl__svg_text(c->out, &at, c->page->font);
    mpl__svg_end(c->out);
}

mpl_status mpl__chart_svg(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                          mpl_error *err)
{
    mpl__chart_page page;
    MPL_TRY(mpl__chart_page_compute(plot, options, scratch, &page, err));
    const canvas c = { out, &page, plot->palette, scratch };
    mpl__svg_head(out, plot, page.width, page.height, page.font);
    for (size_t i = 0; i < plot->n_panels; i++) {
        const mpl_plot_panel *const p = &plot->panels[i];
        mpl__text_format(out, "<g class=\"panel %s\">\n", p->key);
        for (size_t s = 0; s < p->n_series; s++)
            draw_series(&c, p, &page.frames[i], &p->series[s]);
        draw_axes(&c, p, &page.frames[i]);
        mpl__svg_end(out);
    }
    mpl__svg_begin(out, "legend", "");
    for (size_t i = 0; i < page.n_samples; i++)
        draw_sample(&c, &page.samples[i]);
    mpl__svg_end(out);
    mpl__svg_begin(out, "texts", "");
    for (size_t i = 0; i < page.n_words; i++)
        draw_word(&c, &page.words[i]);
    mpl__svg_end(out);
    mpl__text_add(out, "</svg>\n");
    return MPL_OK;
}
