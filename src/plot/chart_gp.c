/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gnuplot 5.4 script that draws a chart from its data file and is meant to be edited: each panel with axes of its
 * own, then all texts in points from the top left corner of the page.
 */
#include "plot/gnuplot.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/chart_page.h"
#include "plot/palette.h"

typedef struct script {
    mpl__text *out;
    const mpl__chart_page *page;
    const char *palette;
    bool missing; /* texts go through shown() */
} script;

/* Dashes in units of the line's width, as in the SVG. */
static const char *const dashes[] = { " dashtype solid", " dashtype (6, 4)", " dashtype (1.2, 2.8)" };

static void add_colour(const script *g, const mpl_series *s)
{
    mpl__text_format(g->out, " linecolor rgb '#%06x'", mpl__palette_colour(g->palette, s->hue, s->tint));
}

static void add_stroke(const script *g, const mpl_series *s)
{
    mpl__gp_fixed(g->out, " linewidth ", s->thickness);
    mpl__text_add(g->out, dashes[s->dash]);
    add_colour(g, s);
}

/* ---- axes ---- */

static void add_value(mpl__text *out, const char *before, double x)
{
    mpl__text_add(out, before);
    mpl__text_real(out, x);
}

static void add_ticks(const script *g, const char *letter, const mpl_plot_axis *axis, const bool *shown)
{
    mpl__text *const out = g->out;
    if (axis->n_ticks == 0) {
        mpl__text_format(out, "unset %stics\n", letter);
        return;
    }
    mpl__text_format(out, "set %stics nomirror out scale 0.5 offset %s\nset %stics (", letter,
                     *letter == 'x' ? "0, 0.3" : "0.4, 0", letter);
    for (size_t i = 0; i < axis->n_ticks; i++) {
        mpl__text_add(out, i ? ", " : "");
        mpl__gp_quote(out, shown[i] ? axis->tick_labels[i] : "");
        add_value(out, " ", axis->ticks[i]);
    }
    mpl__text_add(out, ") noenhanced font small\n");
}

static void add_range(mpl__text *out, const char *letter, const mpl_plot_axis *axis)
{
    if (axis->scale == MPL_SCALE_LOG)
        mpl__text_format(out, "set logscale %s\n", letter);
    if (axis->scale == MPL_SCALE_SQRT)
        mpl__text_format(out, "set nonlinear %s via sqrt(%s) inverse %s*%s\n", letter, letter, letter, letter);
    mpl__text_format(out, "set %srange [", letter);
    add_value(out, "", axis->reversed ? axis->max : axis->min);
    add_value(out, ":", axis->reversed ? axis->min : axis->max);
    mpl__text_add(out, "]\n");
}

/* ---- series ---- */

static const struct {
    int filled, hollow;
    double size; /* markers of one size are alike in area */
} markers[] = {
    [MPL_SHAPE_CIRCLE] = { 7, 6, 1 },       [MPL_SHAPE_SQUARE] = { 5, 4, 0.89 },
    [MPL_SHAPE_TRIANGLE] = { 9, 8, 0.87 },  [MPL_SHAPE_DIAMOND] = { 13, 12, 0.92 },
    [MPL_SHAPE_DOWN] = { 11, 10, 0.87 },    [MPL_SHAPE_PLUS] = { 1, 1, 1.2 },
    [MPL_SHAPE_CROSS] = { 2, 2, 0.85 },
};

static void add_points(const script *g, const mpl_series *s, size_t index)
{
    const bool lines = s->shape == MPL_SHAPE_PLUS || s->shape == MPL_SHAPE_CROSS;
    for (int outline = 0; outline <= (s->hollow && !lines); outline++) {
        const int type = s->hollow && !outline ? markers[s->shape].filled : outline ? markers[s->shape].hollow
                                                                                    : markers[s->shape].filled;
        mpl__text_format(g->out, "%sdata index %zu using 1:2:(", outline ? ", \\\n     " : "", index);
        mpl__gp_fixed(g->out, "", markers[s->shape].size);
        mpl__text_format(g->out, "*$3/dot) with points pointtype %d pointsize variable", type);
        mpl__gp_fixed(g->out, " linewidth ", s->thickness);
        if (s->hollow && !lines && !outline)
            mpl__text_add(g->out, " linecolor rgb '#ffffff'");
        else
            add_colour(g, s);
    }
}

static void add_series(const script *g, const mpl_series *s, size_t index)
{
    switch (s->kind) {
    case MPL_SERIES_POINTS:
        add_points(g, s, index);
        return;
    case MPL_SERIES_LINE:
        mpl__text_format(g->out, "data index %zu using 1:2 with lines", index);
        add_stroke(g, s);
        return;
    case MPL_SERIES_SEGMENTS:
        mpl__text_format(g->out, "data index %zu using 1:2:($3 - $1):($4 - $2) with vectors nohead", index);
        add_stroke(g, s);
        return;
    case MPL_SERIES_AREA:
        mpl__text_format(g->out, "data index %zu using 1:2 with filledcurves closed fillstyle solid noborder", index);
        add_colour(g, s);
        return;
    case MPL_SERIES_BARS:
        mpl__text_format(g->out, "data index %zu using (($1 + $3)/2):(($2 + $4)/2):1:3:2:4 with boxxyerror fillstyle ",
                         index);
        mpl__text_add(g->out, s->hollow ? "empty border" : "solid border linecolor rgb '#ffffff'");
        if (!s->hollow)
            mpl__text_format(g->out, " fillcolor rgb '#%06x' linewidth 0.4",
                             mpl__palette_colour(g->palette, s->hue, s->tint));
        else
            add_stroke(g, s);
        return;
    case MPL_SERIES_TEXTS:
        break;
    }
}

/* False where gnuplot would complain of a block without a single point. */
static bool is_drawn(const mpl_series *s)
{
    size_t within = 0;
    for (size_t i = 0; i < s->n; i++)
        within += !s->clip || !s->clip[i];
    return within > 0 && s->kind != MPL_SERIES_TEXTS;
}

static void add_panel(const script *g, const mpl_plot_panel *p, const mpl__frame *f, size_t *index)
{
    mpl__text *const out = g->out;
    mpl__text_format(out, "\n# ---- panel %s ----\n", p->key);
    mpl__gp_fixed(out, "set lmargin at screen ", f->left);
    mpl__gp_fixed(out, "/width; set rmargin at screen ", f->right);
    mpl__gp_fixed(out, "/width\nset tmargin at screen 1 - ", f->top);
    mpl__gp_fixed(out, "/height; set bmargin at screen 1 - ", f->bottom);
    mpl__text_add(out, "/height\nset border 15 linewidth 0.8\n");
    add_range(out, "x", &p->x);
    add_range(out, "y", &p->y);
    add_ticks(g, "x", &p->x, f->x_shown);
    add_ticks(g, "y", &p->y, f->y_shown);
    size_t drawn = 0;
    for (size_t s = 0; s < p->n_series; s++, ++*index) {
        if (!is_drawn(&p->series[s]))
            continue;
        mpl__text_add(out, drawn++ ? ", \\\n     " : "plot ");
        add_series(g, &p->series[s], *index);
    }
    mpl__text_add(out, drawn ? "\n" : "plot NaN\n");
    if (p->x.scale == MPL_SCALE_LOG || p->y.scale == MPL_SCALE_LOG)
        mpl__text_add(out, "unset logscale\n");
    mpl__text_add(out, p->x.scale == MPL_SCALE_SQRT ? "unset nonlinear x\n" : "");
    mpl__text_add(out, p->y.scale == MPL_SCALE_SQRT ? "unset nonlinear y\n" : "");
}

/* ---- texts and legend, in points ---- */

static void add_word(const script *g, const mpl__chart_word *w)
{
    static const char *const anchors[] = { "left", "center", "right" };
    const mpl__page_text *const t = &w->text;
    mpl__text_add(g->out, g->missing ? "set label shown(" : "set label ");
    mpl__gp_quote(g->out, t->text);
    mpl__gp_fixed(g->out, g->missing ? ") at " : " at ", t->x);
    mpl__gp_fixed(g->out, ", ", t->y);
    mpl__text_format(g->out, " %s%s noenhanced font %s front\n", anchors[t->anchor], w->turned ? " rotate by 90" : "",
                     t->size == g->page->large   ? "large"
                     : t->bold                   ? "bold"
                     : t->size == g->page->small ? "small"
                                                 : "regular");
}

static void add_segment(const script *g, double x1, double y1, double x2, double y2, const char *what)
{
    mpl__gp_fixed(g->out, "set arrow from ", x1);
    mpl__gp_fixed(g->out, ", ", y1);
    mpl__gp_fixed(g->out, " to ", x2);
    mpl__gp_fixed(g->out, ", ", y2);
    mpl__text_add(g->out, what);
}

static void add_sample(const script *g, const mpl__sample *at)
{
    const mpl_series *const s = at->series;
    const double font = g->page->font, wide = MPL__SAMPLE * font;
    if (s->kind == MPL_SERIES_LINE || s->kind == MPL_SERIES_SEGMENTS) {
        add_segment(g, at->x, at->y, at->x + wide, at->y, " nohead");
        add_stroke(g, s);
        mpl__text_char(g->out, '\n');
    } else if (s->kind == MPL_SERIES_POINTS) {
        mpl__gp_fixed(g->out, "set label '' at ", at->x + wide / 2);
        mpl__gp_fixed(g->out, ", ", at->y);
        mpl__text_format(g->out, " point pointtype %d",
                         s->hollow ? markers[s->shape].hollow : markers[s->shape].filled);
        mpl__gp_fixed(g->out, " pointsize ", markers[s->shape].size * fmin(s->size, 0.8) * font);
        mpl__gp_fixed(g->out, "/dot linewidth ", s->thickness);
        add_colour(g, s);
        mpl__text_char(g->out, '\n');
    } else {
        mpl__gp_fixed(g->out, "set object rectangle from ", at->x);
        mpl__gp_fixed(g->out, ", ", at->y - 0.4 * font);
        mpl__gp_fixed(g->out, " to ", at->x + wide);
        mpl__gp_fixed(g->out, ", ", at->y + 0.4 * font);
        mpl__text_format(g->out, " fillcolor rgb '#%06x' fillstyle solid border linecolor rgb '#8c8c8c' linewidth "
                         "0.4\n", s->hollow ? 0xffffff : mpl__palette_colour(g->palette, s->hue, s->tint));
    }
}

/* Arrow heads at the edge for points beyond it. */
static void add_beyond(const script *g, const mpl_plot_panel *p, const mpl__frame *f)
{
    const double size = 0.8 * g->page->font;
    for (size_t n = 0; n < p->n_series; n++)
        for (size_t i = 0; p->series[n].clip && i < p->series[n].n; i++) {
            const mpl_series *const s = &p->series[n];
            const unsigned clip = s->clip[i];
            const double dx = (double)((clip & MPL_CLIP_RIGHT) != 0) - (double)((clip & MPL_CLIP_LEFT) != 0);
            const double dy = (double)((clip & MPL_CLIP_BELOW) != 0) - (double)((clip & MPL_CLIP_ABOVE) != 0);
            const double x = mpl__frame_x(f, p, s->x[i]), y = mpl__frame_y(f, p, s->y[i]), length = hypot(dx, dy);
            if (!clip)
                continue;
            add_segment(g, x - size * dx / length, y - size * dy / length, x, y, " head filled size screen ");
            mpl__gp_fixed(g->out, "", size);
            mpl__text_add(g->out, "/width, 24 front");
            add_colour(g, s);
            mpl__text_char(g->out, '\n');
        }
}

static void add_texts(const script *g, const mpl_plot *plot)
{
    mpl__text *const out = g->out;
    mpl__text_add(out,
        "\n# ---- texts, in points from the top left corner of the page ----\n"
        "set lmargin at screen 0; set rmargin at screen 1; set tmargin at screen 1; set bmargin at screen 0\n"
        "set xrange [0:width]; set yrange [height:0]\n"
        "unset border; unset tics\n");
    const char *last = "";
    for (size_t i = 0; i < g->page->n_words; i++) {
        const mpl__chart_word *const w = &g->page->words[i];
        if (strcmp(w->text.role, "tick") == 0) /* gnuplot's own */
            continue;
        if (strcmp(w->text.role, last) != 0)
            mpl__text_format(out, "# %s\n", w->text.role);
        last = w->text.role;
        add_word(g, w);
    }
    mpl__text_add(out, g->page->n_samples ? "# samples of the legend\n" : "");
    for (size_t i = 0; i < g->page->n_samples; i++)
        add_sample(g, &g->page->samples[i]);
    for (size_t i = 0; i < plot->n_panels; i++)
        add_beyond(g, &plot->panels[i], &g->page->frames[i]);
    mpl__text_add(out, "plot NaN\n");
}

static bool find_missing(const script *g)
{
    mpl__text found = { 0 };
    for (size_t i = 0; i < g->page->n_words; i++)
        mpl__gp_find_missing(&found, g->page->words[i].text.text);
    const bool any = mpl__gp_missing(g->out, &found);
    mpl__text_free(&found);
    return any;
}

mpl_status mpl__chart_gp(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                         mpl_error *err)
{
    mpl__chart_page page;
    char own[64];
    MPL_TRY(mpl__chart_page_compute(plot, options, scratch, &page, err));
    script g = { out, &page, plot->palette, false };
    mpl__gp_file(plot, ".dat", own);
    mpl__text_format(out, "# A %s plot for gnuplot 5.4. Made by metapool " MPL_VERSION "; meant to be edited.\n"
                          "# The points are in the data file, a block for each series.\n"
                          "reset\nset encoding utf8\nset decimalsign '.'\nset datafile separator \"\\t\"\ndata = ",
                     plot->type->id);
    MPL_TRY(mpl__gp_name(out, "the data file", options->companion ? options->companion : own, err));
    mpl__text_add(out, "\n\n");
    MPL_TRY(mpl__gp_output(out, plot, options, page.width, page.height,
                           (const double[]){ page.font, page.small, page.large }, err));
    g.missing = find_missing(&g);
    /* numbers in the data are rounded: a line along an edge must not be lost */
    mpl__text_add(out, "unset key\nset clip two\nset multiplot\n");
    size_t index = 0;
    for (size_t i = 0; i < plot->n_panels; i++)
        add_panel(&g, &plot->panels[i], &page.frames[i], &index);
    add_texts(&g, plot);
    mpl__text_add(out, "unset multiplot\nunset output\n");
    return MPL_OK;
}
