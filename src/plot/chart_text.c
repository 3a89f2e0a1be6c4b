/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart for the terminal: one panel below the other, markers as characters, lines as dots, areas as shades. */
#include "plot/canvas.h"
#include "plot/tty.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "plot/axis.h"
#include "plot/chart_page.h"

enum { WIDEST = 76, NARROWEST = 24, HIGHEST = 32, LOWEST = 6, WIDEST_NAME = 20, WIDEST_TICK = 16 };

typedef struct looks {
    const char *filled[MPL_SHAPE_CROSS + 1], *hollow[MPL_SHAPE_CROSS + 1];
    const char *shades[3];   /* from light to dark */
    const char *up, *down, *left, *right; /* points beyond the panel */
    const char *side, *tick, *corner, *floor, *mark; /* axes */
    const char *lines[3], *bar;     /* samples in the legend */
} looks;

static const looks unicode = {
    { "●", "■", "▲", "◆", "▼", "+", "×" }, { "○", "□", "△", "◇", "▽", "+", "×" }, { "·", "░", "▒" },
    "▲", "▼", "◄", "►", "│", "┤", "└", "─", "┬", { "⠒⠒⠒", "⠒⠂⠒", "⠂⠂⠂" }, "⣿⣿⣿",
};
static const looks ascii = {
    { "*", "#", "A", "@", "V", "+", "x" }, { "o", "=", "^", "0", "v", "+", "x" }, { ".", ":", "%" },
    "^", "v", "<", ">", "|", "+", "+", "-", "+", { "---", "- -", ". ." }, "###",
};

typedef struct drawing {
    mpl__tty *tty;
    const looks *looks;
    mpl__canvas canvas;
    const mpl_plot_panel *panel;
} drawing;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static double at_x(const drawing *d, double x)
{
    return mpl__axis_share(&d->panel->x, x);
}

static double at_y(const drawing *d, double y)
{
    return mpl__axis_share(&d->panel->y, y);
}

/* ---- series ---- */

static const char *shade_of(const looks *l, const mpl_series *s)
{
    return l->shades[s->tint > 0.87 ? 0 : s->tint > 0.72 ? 1 : 2];
}

/* True if (x, y) is inside by the even-odd rule, in shares of the axes. */
static bool inside(const drawing *d, const mpl_series *s, double x, double y)
{
    bool in = false;
    size_t first = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (isnan(s->x[i])) {
            first = i + 1;
            continue;
        }
        const size_t next = i + 1 < s->n && !isnan(s->x[i + 1]) ? i + 1 : first;
        const double x1 = at_x(d, s->x[i]), y1 = at_y(d, s->y[i]), x2 = at_x(d, s->x[next]), y2 = at_y(d, s->y[next]);
        if ((y1 > y) != (y2 > y) && x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
            in = !in;
    }
    return in;
}

static void draw_area(drawing *d, const mpl_series *s)
{
    mpl__canvas *const c = &d->canvas;
    const char *const glyph = s->tint > 0.985 ? " " : shade_of(d->looks, s);
    for (size_t row = 0; row < c->height; row++)
        for (size_t i = 0; i < c->width; i++)
            if (inside(d, s, ((double)i + 0.5) / (double)c->width, 1 - ((double)row + 0.5) / (double)c->height))
                mpl__canvas_shade(c, i, row, glyph);
}

/* A faint line is dotted. */
static mpl_dash dash_of(const mpl_series *s)
{
    return s->tint > 0.4 ? MPL_DASH_DOTTED : s->dash;
}

static void stroke(drawing *d, const mpl_series *s, double x1, double y1, double x2, double y2, size_t *phase)
{
    static const size_t on[] = { 1, 4, 1 }, period[] = { 1, 6, 3 };
    mpl__canvas_line(&d->canvas, at_x(d, x1), at_y(d, y1), at_x(d, x2), at_y(d, y2), on[dash_of(s)],
                     period[dash_of(s)], phase);
}

static void draw_lines(drawing *d, const mpl_series *s)
{
    size_t phase = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->kind == MPL_SERIES_SEGMENTS) {
            phase = 0;
            stroke(d, s, s->x[i], s->y[i], s->x2[i], s->y2[i], &phase);
        } else if (i + 1 < s->n && !isnan(s->x[i]) && !isnan(s->x[i + 1])) {
            stroke(d, s, s->x[i], s->y[i], s->x[i + 1], s->y[i + 1], &phase);
        }
    }
}

static void draw_points(drawing *d, const mpl_series *s)
{
    const looks *const l = d->looks;
    for (size_t i = 0; i < s->n; i++) {
        const unsigned clip = s->clip ? s->clip[i] : 0;
        const char *const glyph = clip & MPL_CLIP_LEFT    ? l->left
                                  : clip & MPL_CLIP_RIGHT ? l->right
                                  : clip & MPL_CLIP_ABOVE ? l->up
                                  : clip & MPL_CLIP_BELOW ? l->down
                                  : s->hollow             ? l->hollow[s->shape]
                                                          : l->filled[s->shape];
        mpl__canvas_mark(&d->canvas, at_x(d, s->x[i]), at_y(d, s->y[i]), glyph);
    }
}

static void draw_bars(drawing *d, const mpl_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        mpl__canvas_bar(&d->canvas, at_x(d, s->x[i]), at_y(d, s->y[i]), at_x(d, s->x2[i]), at_y(d, s->y2[i]));
}

/* A text of at most `most` columns, as the terminal can show it; NULL if memory ran out. */
static const char *shortened(drawing *d, const char *text, size_t most)
{
    mpl__text t = { 0 }, *const out = d->tty->out;
    const char *const shown = mpl__tty_shown(d->tty, text);
    if (!shown)
        return NULL;
    d->tty->out = &t;
    mpl__tty_field(d->tty, shown, strlen(shown), smaller(mpl__utf8_width(shown), most), false);
    d->tty->out = out;
    return mpl__plot_keep(d->tty->arena, &t);
}

static void draw_texts(drawing *d, const mpl_series *s)
{
    mpl__canvas *const c = &d->canvas;
    for (size_t i = 0; s->texts && i < s->n; i++) {
        const bool beside = s->kind == MPL_SERIES_POINTS;
        if (!s->texts[i] || (beside && (!s->named || !s->named[i])))
            continue;
        const char *const text = shortened(d, s->texts[i], beside ? WIDEST_NAME : c->width);
        d->tty->failed = d->tty->failed || !text;
        const long wide = text ? (long)mpl__utf8_width(text) : 0;
        const long column = (long)mpl__canvas_cell(at_x(d, s->x[i]), c->width);
        const long row = (long)mpl__canvas_cell(1 - at_y(d, s->y[i]), c->height);
        const long start = s->align == MPL_ALIGN_LEFT ? column : s->align == MPL_ALIGN_RIGHT ? column - wide + 1
                                                                                             : column - wide / 2;
        if (!text || !*text)
            continue;
        if (!beside)
            mpl__canvas_text(c, start < 0 ? 0 : start, row, text, d->tty->arena);
        else if (!mpl__canvas_text(c, column + 2, row, text, d->tty->arena) &&
                 !mpl__canvas_text(c, column - wide - 1, row, text, d->tty->arena) &&
                 !mpl__canvas_text(c, column - wide / 2, row - 1, text, d->tty->arena))
            mpl__canvas_text(c, column - wide / 2, row + 1, text, d->tty->arena);
    }
}

static void draw_series(drawing *d)
{
    const mpl_plot_panel *const p = d->panel;
    for (size_t s = 0; s < p->n_series; s++)
        if (p->series[s].kind == MPL_SERIES_AREA)
            draw_area(d, &p->series[s]);
    for (size_t s = 0; s < p->n_series; s++) {
        const mpl_series *const series = &p->series[s];
        if (series->kind == MPL_SERIES_BARS)
            draw_bars(d, series);
        if (series->kind == MPL_SERIES_LINE || series->kind == MPL_SERIES_SEGMENTS)
            draw_lines(d, series);
        if (series->kind == MPL_SERIES_POINTS)
            draw_points(d, series);
    }
    for (size_t s = 0; s < p->n_series; s++)
        draw_texts(d, &p->series[s]);
}

/* ---- axes ---- */

/* The label of the tick in a row of cells; NULL if there is none. */
static const char *tick_in_row(const drawing *d, size_t row)
{
    const mpl_plot_axis *const y = &d->panel->y;
    for (size_t i = 0; i < y->n_ticks; i++)
        if (mpl__canvas_cell(1 - at_y(d, y->ticks[i]), d->canvas.height) == row)
            return y->tick_labels[i];
    return NULL;
}

static void add_rows(drawing *d, size_t gutter)
{
    mpl__tty *const p = d->tty;
    for (size_t row = 0; row < d->canvas.height; row++) {
        const char *const label = tick_in_row(d, row), *const shown = label ? mpl__tty_shown(p, label) : "";
        mpl__tty_field(p, shown ? shown : "", shown ? strlen(shown) : 0, gutter, true);
        mpl__text_format(p->out, " %s", label ? d->looks->tick : d->looks->side);
        mpl__canvas_write(&d->canvas, row, p->out);
        mpl__tty_end_line(p);
    }
}

static void add_floor(drawing *d, size_t gutter)
{
    mpl__tty *const p = d->tty;
    const mpl_plot_axis *const x = &d->panel->x;
    mpl__tty_pad(p, gutter + 1);
    mpl__text_add(p->out, d->looks->corner);
    for (size_t c = 0; c < d->canvas.width; c++) {
        bool tick = false;
        for (size_t i = 0; i < x->n_ticks; i++)
            tick = tick || mpl__canvas_cell(at_x(d, x->ticks[i]), d->canvas.width) == c;
        mpl__text_add(p->out, tick ? d->looks->mark : d->looks->floor);
    }
    mpl__tty_end_line(p);
    if (!x->n_ticks)
        return;
    size_t at = 0;
    for (size_t n = 0; n < x->n_ticks; n++) {
        const size_t i = x->reversed ? x->n_ticks - 1 - n : n;
        const char *const label = mpl__tty_shown(p, x->tick_labels[i]);
        const size_t width = label ? mpl__utf8_width(label) : 0;
        const size_t centre = gutter + 2 + mpl__canvas_cell(at_x(d, x->ticks[i]), d->canvas.width);
        const size_t from = centre > width / 2 ? centre - width / 2 : 0;
        if (!label || from < at + (at > 0))
            continue;
        mpl__tty_pad(p, from - at);
        mpl__text_add(p->out, label);
        at = from + width;
    }
    mpl__tty_end_line(p);
}

/* A text centred below the axis. */
static void add_below(drawing *d, size_t gutter, const char *text)
{
    const char *const shown = shortened(d, text, d->tty->width);
    const size_t width = shown ? mpl__utf8_width(shown) : 0, centre = gutter + 2 + d->canvas.width / 2;
    d->tty->failed = d->tty->failed || !shown;
    const size_t most = d->tty->width - smaller(width, d->tty->width);
    mpl__tty_pad(d->tty, smaller(centre > width / 2 ? centre - width / 2 : 0, most));
    mpl__text_add(d->tty->out, shown ? shown : "");
    mpl__tty_end_line(d->tty);
}

static void add_favours(drawing *d, size_t gutter)
{
    const mpl_plot_axis *const x = &d->panel->x;
    const char *const left = x->favours_left ? x->favours_left : "", *const right = x->favours_right ? x->favours_right
                                                                                                    : "";
    const bool in_view = x->null_value >= x->min && x->null_value <= x->max;
    const size_t null = gutter + 2 + (in_view ? mpl__canvas_cell(at_x(d, x->null_value), d->canvas.width)
                                              : d->canvas.width / 2);
    const char *const a = mpl__tty_shown(d->tty, left), *const b = mpl__tty_shown(d->tty, right);
    mpl__tty_field(d->tty, a ? a : "", a ? strlen(a) : 0, null - 1, true);
    mpl__tty_pad(d->tty, 3);
    const size_t room = d->tty->width > null + 2 ? d->tty->width - null - 2 : 0;
    mpl__tty_field(d->tty, b ? b : "", b ? strlen(b) : 0, room, false);
    mpl__tty_end_line(d->tty);
}

/* Panels of one column of the page begin at the same place. */
static size_t gutter_of(const mpl_plot *plot, size_t column)
{
    size_t gutter = 0;
    for (size_t p = 0; p < plot->n_panels; p++)
        for (size_t i = 0; i < plot->panels[p].y.n_ticks && plot->panels[p].column == column; i++) {
            const size_t width = mpl__utf8_width(plot->panels[p].y.tick_labels[i]);
            gutter = width > gutter ? smaller(width, WIDEST_TICK) : gutter;
        }
    return gutter;
}

/* Lists of names take a line each. */
static size_t lowest(const mpl_plot_panel *panel)
{
    return panel->x.n_ticks ? LOWEST : smaller(panel->y.n_ticks, LOWEST);
}

static mpl_status add_panel(drawing *d, mpl_error *err)
{
    mpl__tty *const p = d->tty;
    const mpl_plot_panel *const panel = d->panel;
    const size_t gutter = gutter_of(p->plot, panel->column);
    const size_t room = p->width > gutter + 2 + NARROWEST ? p->width - gutter - 2 : NARROWEST;
    const size_t wide = smaller(room, WIDEST);
    const double tall = (double)wide * panel->height / panel->width * 0.48;
    const size_t high = (size_t)fmin(fmax(tall, (double)lowest(panel)), HIGHEST);
    if (!mpl__canvas_new(&d->canvas, wide, high, d->looks == &ascii, p->arena))
        return mpl__fail_nomem(err, "the figure");
    draw_series(d);
    p->failed = p->failed || d->canvas.failed;
    if (panel->title) {
        mpl__tty_style(p, 1);
        mpl__tty_wrap(p, panel->title, 0);
        mpl__tty_style(p, 0);
        mpl__tty_end_line(p);
    }
    if (panel->y.label) {
        mpl__tty_wrap(p, panel->y.label, 0);
        mpl__tty_end_line(p);
    }
    add_rows(d, gutter);
    add_floor(d, gutter);
    if (panel->x.favours_left || panel->x.favours_right)
        add_favours(d, gutter);
    if (panel->x.label)
        add_below(d, gutter, panel->x.label);
    return p->failed ? mpl__fail_nomem(err, "the figure") : MPL_OK;
}

/* ---- legend ---- */

static const char *sample_of(const looks *l, const mpl_series *s, mpl__arena *arena)
{
    if (s->kind == MPL_SERIES_POINTS || s->kind == MPL_SERIES_TEXTS)
        return s->hollow ? l->hollow[s->shape] : l->filled[s->shape];
    if (s->kind == MPL_SERIES_LINE || s->kind == MPL_SERIES_SEGMENTS)
        return l->lines[dash_of(s)];
    if (s->kind == MPL_SERIES_BARS)
        return l->bar;
    const char *const shade = s->tint > 0.985 ? " " : shade_of(l, s);
    return mpl__arena_format(arena, "[%s%s]", shade, shade);
}

static mpl_status add_legend(mpl__tty *p, const looks *l, mpl_error *err)
{
    const size_t n = mpl__chart_legend(p->plot, NULL);
    const mpl_series **const series = MPL_NEW(p->arena, const mpl_series *, n);
    if (!series)
        return mpl__fail_nomem(err, "the figure");
    mpl__chart_legend(p->plot, series);
    size_t at = 0;
    if (n)
        mpl__tty_end_line(p);
    for (size_t i = 0; i < n; i++) {
        const char *const sample = sample_of(l, series[i], p->arena);
        const char *const label = mpl__tty_shown(p, series[i]->label);
        if (!sample || !label)
            return mpl__fail_nomem(err, "the figure");
        const size_t width = mpl__utf8_width(sample) + 1 + mpl__utf8_width(label);
        if (at && at + 3 + width > p->width) {
            mpl__tty_end_line(p);
            at = 0;
        }
        mpl__tty_pad(p, at ? 3 : 0);
        mpl__text_format(p->out, "%s ", sample);
        mpl__tty_field(p, label, strlen(label), smaller(mpl__utf8_width(label), p->width - 4), false);
        at += width + (at ? 3 : 0);
    }
    if (n)
        mpl__tty_end_line(p);
    return MPL_OK;
}

mpl_status mpl__chart_text(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                           mpl_error *err)
{
    mpl__tty p = { .plot = plot, .g = options->ascii ? &mpl__glyphs_ascii : &mpl__glyphs_unicode,
                   .colour = options->colour, .arena = scratch, .out = out, .width = options->width };
    drawing d = { .tty = &p, .looks = options->ascii ? &ascii : &unicode };
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
    for (size_t i = 0; i < plot->n_panels; i++) {
        if (i || plot->title || plot->subtitle)
            mpl__tty_end_line(&p);
        d.panel = &plot->panels[i];
        MPL_TRY(add_panel(&d, err));
    }
    MPL_TRY(add_legend(&p, d.looks, err));
    if (plot->n_footnotes)
        mpl__tty_end_line(&p);
    for (size_t i = 0; i < plot->n_footnotes; i++) {
        mpl__tty_wrap(&p, plot->footnotes[i], 0);
        mpl__tty_end_line(&p);
    }
    return p.failed ? mpl__fail_nomem(err, "the figure") : MPL_OK;
}
