/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page of a chart; see chart_page.h. Constants are in units of the font size. */
#include "plot/chart_page.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/axis.h"
#include "plot/metrics.h"

static const double MARGIN = 1.2, TICK = 0.35, TICK_GAP = 0.3, GUTTER = 1.6, LINE = 1.4, NARROWEST = 36;
static const double SMALLEST_POINT = 0.18, LEGEND_GAP = 1.6;
static const double LEAST_STRETCH = 0.6, MOST_STRETCH = 2.5, SMALLEST_FONT = 7;
enum { MOST_TRIES = 12 };

double mpl__frame_x(const mpl__frame *frame, const mpl_plot_panel *panel, double x)
{
    return frame->left + fmin(fmax(mpl__axis_share(&panel->x, x), 0), 1) * (frame->right - frame->left);
}

double mpl__frame_y(const mpl__frame *frame, const mpl_plot_panel *panel, double y)
{
    return frame->bottom - fmin(fmax(mpl__axis_share(&panel->y, y), 0), 1) * (frame->bottom - frame->top);
}

double mpl__chart_radius(const mpl__chart_page *page, const mpl_series *series, size_t i)
{
    const double side = series->size * (series->area ? sqrt(series->area[i]) : 1);
    return fmax(side, SMALLEST_POINT) * page->font / 2;
}

mpl_status mpl__chart_page_add(mpl__chart_page *page, mpl__arena *arena, mpl__chart_word word, mpl_error *err)
{
    if (page->n_words == page->room) {
        const size_t room = page->room ? 2 * page->room : 64;
        mpl__chart_word *const words = MPL_NEW(arena, mpl__chart_word, room);
        if (!words)
            return mpl__fail_nomem(err, "the page");
        for (size_t i = 0; i < page->n_words; i++)
            words[i] = page->words[i];
        page->words = words;
        page->room = room;
    }
    if (!word.text.text)
        return mpl__fail_nomem(err, "the page");
    page->words[page->n_words++] = word;
    return MPL_OK;
}

/* Wraps a text below *y, which moves below it. */
static mpl_status add_wrapped(mpl__chart_page *page, mpl__arena *arena, const char *role, const char *text,
                              double size, bool bold, double *y, mpl_error *err)
{
    const double width = page->content_right - page->left;
    while (*text) {
        const size_t n = mpl__text_line(text, size, bold, width);
        const mpl__page_text line = { role, page->left, *y + size * 0.7, MPL__START, size, bold,
                                      mpl__arena_copyn(arena, text, n) };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ line, false }, err));
        text += n;
        text += strspn(text, " ");
        *y += LINE * size;
    }
    return MPL_OK;
}

/* ---- the grid of panels ---- */

typedef struct gutters {
    double left, right, top, bottom;
} gutters;

static double widest_label(const mpl_plot_axis *axis, double size)
{
    double most = 0;
    for (size_t i = 0; i < axis->n_ticks; i++)
        most = fmax(most, mpl__text_width(axis->tick_labels[i], size, false));
    return most;
}

/* What a panel needs around its frame. */
static gutters around(const mpl__chart_page *page, const mpl_plot_panel *p)
{
    const double font = page->font, small = page->small;
    gutters g = { 0, 0, p->title ? 1.6 * font : 0.4 * font, 0 };
    if (p->y.n_ticks)
        g.left = (TICK + TICK_GAP) * font + widest_label(&p->y, small);
    if (p->y.label)
        g.left += 1.7 * small;
    if (p->x.n_ticks) {
        g.bottom = TICK * font + 1.4 * small;
        g.right = mpl__text_width(p->x.tick_labels[p->x.n_ticks - 1], small, false) / 2;
    }
    if (p->x.favours_left || p->x.favours_right)
        g.bottom += LINE * small;
    if (p->x.label)
        g.bottom += 1.5 * small;
    return g;
}

/* Columns and rows are as large as their largest panel with what is around it. */
static mpl_status place_frames(mpl__chart_page *page, const mpl_plot *plot, mpl__arena *arena, double *y,
                               mpl_error *err)
{
    size_t columns = 0, rows = 0;
    for (size_t i = 0; i < plot->n_panels; i++) {
        columns = plot->panels[i].column >= columns ? plot->panels[i].column + 1 : columns;
        rows = plot->panels[i].row >= rows ? plot->panels[i].row + 1 : rows;
    }
    double *const wide = MPL_NEW(arena, double, 2 * columns), *const tall = MPL_NEW(arena, double, 2 * rows);
    double *const x_at = MPL_NEW(arena, double, columns + 1), *const y_at = MPL_NEW(arena, double, rows + 1);
    if (!wide || !tall || !x_at || !y_at)
        return mpl__fail_nomem(err, "the page");
    double right = 0, sticking_out = 0;
    double *const before = wide + columns, *const above = tall + rows;
    for (size_t i = 0; i < plot->n_panels; i++) {
        const mpl_plot_panel *const p = &plot->panels[i];
        const gutters g = around(page, p);
        before[p->column] = fmax(before[p->column], g.left);
        above[p->row] = fmax(above[p->row], g.top);
        wide[p->column] = fmax(wide[p->column], p->width * page->stretch * page->font);
        tall[p->row] = fmax(tall[p->row], p->height * page->stretch * page->font + g.bottom);
        if (p->column + 1 == columns)
            sticking_out = fmax(sticking_out, g.right);
    }
    x_at[0] = page->left;
    for (size_t c = 0; c < columns; c++)
        x_at[c + 1] = x_at[c] + before[c] + wide[c] + (c + 1 < columns ? GUTTER * page->font : 0);
    y_at[0] = *y;
    for (size_t r = 0; r < rows; r++)
        y_at[r + 1] = y_at[r] + above[r] + tall[r] + (r + 1 < rows ? 0.5 * page->font : 0);
    for (size_t i = 0; i < plot->n_panels; i++) {
        const mpl_plot_panel *const p = &plot->panels[i];
        mpl__frame *const f = &page->frames[i];
        f->left = x_at[p->column] + before[p->column];
        f->right = f->left + p->width * page->stretch * page->font;
        f->top = y_at[p->row] + above[p->row];
        f->bottom = f->top + p->height * page->stretch * page->font;
        right = fmax(right, f->right);
    }
    *y = y_at[rows];
    const double least = NARROWEST * fmin(page->stretch, 1) * page->font;
    page->content_right = fmax(right + fmax(sticking_out - page->left, 0), page->left + least);
    page->width = page->content_right + page->left;
    return MPL_OK;
}

/* ---- texts of a panel ---- */

/* Labels from the null's and the first on, where they do not touch another; `places` are along the axis. */
static void choose_ticks(const mpl_plot_axis *axis, const double *places, const double *halves, double apart,
                         bool *shown)
{
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < axis->n_ticks; i++) {
            if (pass == 0 && axis->ticks[i] != axis->null_value)
                continue;
            bool is_free = true;
            for (size_t j = 0; j < axis->n_ticks; j++)
                if (j != i && shown[j] && fabs(places[i] - places[j]) < halves[i] + halves[j] + apart)
                    is_free = false;
            shown[i] = is_free;
        }
}

static mpl_status add_ticks(mpl__chart_page *page, const mpl_plot_panel *p, mpl__frame *f, bool vertical,
                            mpl__arena *arena, mpl_error *err)
{
    const mpl_plot_axis *const axis = vertical ? &p->y : &p->x;
    double *const places = MPL_NEW(arena, double, axis->n_ticks), *const halves = MPL_NEW(arena, double, axis->n_ticks);
    bool *const shown = MPL_NEW(arena, bool, axis->n_ticks);
    if (!places || !halves || !shown)
        return mpl__fail_nomem(err, "the page");
    const double font = page->font, small = page->small;
    for (size_t i = 0; i < axis->n_ticks; i++) {
        places[i] = vertical ? mpl__frame_y(f, p, axis->ticks[i]) : mpl__frame_x(f, p, axis->ticks[i]);
        halves[i] = vertical ? 0.5 * small : mpl__text_width(axis->tick_labels[i], small, false) / 2;
    }
    choose_ticks(axis, places, halves, vertical ? 0.1 * small : 0.5 * small, shown);
    for (size_t i = 0; i < axis->n_ticks; i++) {
        const mpl__page_text at =
            vertical ? (mpl__page_text){ "tick", f->left - (TICK + TICK_GAP) * font, places[i], MPL__END, small, false,
                                         axis->tick_labels[i] }
                     : (mpl__page_text){ "tick", places[i], f->bottom + TICK * font + 0.75 * small, MPL__MIDDLE, small,
                                         false, axis->tick_labels[i] };
        if (shown[i])
            MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ at, false }, err));
    }
    *(vertical ? &f->y_shown : &f->x_shown) = shown;
    return MPL_OK;
}

/* Texts under the axis on the two sides of the null value. */
static mpl_status add_favours(mpl__chart_page *page, const mpl_plot_panel *p, const mpl__frame *f, double y,
                              mpl__arena *arena, mpl_error *err)
{
    const bool in_view = p->x.null_value >= p->x.min && p->x.null_value <= p->x.max;
    const double middle = in_view ? mpl__frame_x(f, p, p->x.null_value) : (f->left + f->right) / 2;
    const double gap = 0.6 * page->font;
    const char *const texts[2] = { p->x.favours_left, p->x.favours_right };
    for (int side = 0; side < 2; side++) {
        if (!texts[side])
            continue;
        const double x = side ? middle + gap : middle - gap;
        const double room = side ? f->right - x : x - f->left;
        const mpl__page_text text = { "favours", x, y, side ? MPL__START : MPL__END, page->small, false,
                                      mpl__text_fit(arena, texts[side], page->small, false, room) };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ text, false }, err));
    }
    return MPL_OK;
}

static mpl_status add_texts(mpl__chart_page *page, const mpl_plot_panel *p, const mpl__frame *f, mpl__arena *arena,
                            mpl_error *err)
{
    static const mpl__anchor anchors[] = { MPL__START, MPL__MIDDLE, MPL__END };
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t i = 0; p->series[s].kind == MPL_SERIES_TEXTS && i < p->series[s].n; i++) {
            const mpl_series *const series = &p->series[s];
            const mpl__page_text text = { "text", mpl__frame_x(f, p, series->x[i]), mpl__frame_y(f, p, series->y[i]),
                                          anchors[series->align], page->small, false, series->texts[i] };
            if (series->texts && series->texts[i])
                MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ text, false }, err));
        }
    return MPL_OK;
}

static mpl_status add_panel(mpl__chart_page *page, const mpl_plot_panel *p, mpl__frame *f, mpl__arena *arena,
                            mpl_error *err)
{
    const double font = page->font, small = page->small, wide = f->right - f->left, tall = f->bottom - f->top;
    double y = f->bottom + (p->x.n_ticks ? TICK * font + 1.4 * small : 0);
    if (p->title) {
        const mpl__page_text title = { "panel", f->left, f->top - 0.75 * font, MPL__START, font, true,
                                       mpl__text_fit(arena, p->title, font, true, wide) };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ title, false }, err));
    }
    MPL_TRY(add_ticks(page, p, f, false, arena, err));
    MPL_TRY(add_ticks(page, p, f, true, arena, err));
    if (p->x.favours_left || p->x.favours_right) {
        MPL_TRY(add_favours(page, p, f, y + 0.6 * small, arena, err));
        y += LINE * small;
    }
    if (p->x.label) {
        const mpl__page_text label = { "axis-label", (f->left + f->right) / 2, y + 0.8 * small, MPL__MIDDLE, small,
                                       false, mpl__text_fit(arena, p->x.label, small, false, wide) };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ label, false }, err));
    }
    if (p->y.label) {
        const double labels = p->y.n_ticks ? (TICK + TICK_GAP) * font + widest_label(&p->y, small) : 0;
        const mpl__page_text label = { "axis-label", f->left - labels - 0.9 * small, (f->top + f->bottom) / 2,
                                       MPL__MIDDLE, small, false,
                                       mpl__text_fit(arena, p->y.label, small, false, tall) };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ label, true }, err));
    }
    return add_texts(page, p, f, arena, err);
}

/* ---- legend ---- */

size_t mpl__chart_legend(const mpl_plot *plot, const mpl_series **out)
{
    size_t n = 0;
    for (size_t p = 0; p < plot->n_panels && !plot->no_legend; p++)
        for (size_t s = 0; s < plot->panels[p].n_series; s++) {
            const mpl_series *const series = &plot->panels[p].series[s];
            bool seen = !series->label;
            for (size_t q = 0; q <= p && !seen; q++)
                for (size_t t = 0; t < (q < p ? plot->panels[q].n_series : s) && !seen; t++) {
                    const char *const other = plot->panels[q].series[t].label;
                    seen = other && strcmp(other, series->label) == 0;
                }
            if (seen)
                continue;
            if (out)
                out[n] = series;
            n++;
        }
    return n;
}

/* Entries one beside the other, in as many lines as they need. */
static mpl_status add_legend(mpl__chart_page *page, const mpl_plot *plot, mpl__arena *arena, double *y, mpl_error *err)
{
    const size_t n = mpl__chart_legend(plot, NULL);
    const mpl_series **const series = MPL_NEW(arena, const mpl_series *, n);
    page->samples = MPL_NEW(arena, mpl__sample, n);
    if (!series || !page->samples)
        return mpl__fail_nomem(err, "the page");
    mpl__chart_legend(plot, series);
    const double font = page->font, small = page->small, start = fmin(page->frames[0].left, page->left + 4 * font);
    double x = start;
    *y += n ? 0.7 * font : 0;
    for (size_t i = 0; i < n; i++) {
        const double room = page->content_right - start - (MPL__SAMPLE + 0.5) * font;
        const char *const label = mpl__text_fit(arena, series[i]->label, small, false, room);
        if (!label)
            return mpl__fail_nomem(err, "the page");
        const double wide = (MPL__SAMPLE + 0.5) * font + mpl__text_width(label, small, false);
        if (x > start && x + wide > page->content_right) {
            x = start;
            *y += 1.5 * small;
        }
        page->samples[page->n_samples++] = (mpl__sample){ series[i], x, *y + 0.5 * small };
        const mpl__page_text text = { "legend", x + (MPL__SAMPLE + 0.5) * font, *y + 0.5 * small, MPL__START, small,
                                      false, label };
        MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ text, false }, err));
        x += wide + LEGEND_GAP * font;
    }
    *y += n ? 1.3 * small : 0;
    return MPL_OK;
}

/* ---- the whole ---- */

/* The page with text of this size, and frames so many times as large as they ask to be. */
static mpl_status compute(const mpl_plot *plot, double font, double stretch, mpl__arena *arena, mpl__chart_page *out,
                          mpl_error *err)
{
    *out = (mpl__chart_page){ .font = font, .stretch = stretch };
    out->small = fmax(7, 0.88 * out->font);
    out->large = 1.2 * out->font;
    out->left = MARGIN * out->font;
    out->frames = MPL_NEW(arena, mpl__frame, plot->n_panels);
    if (!out->frames)
        return mpl__fail_nomem(err, "the page");
    double y = 0;
    MPL_TRY(place_frames(out, plot, arena, &y, err));
    const double grid = y;
    y = out->left;
    if (plot->title) {
        MPL_TRY(add_wrapped(out, arena, "title", plot->title, out->large, true, &y, err));
        y += 0.2 * out->font;
    }
    if (plot->subtitle) {
        MPL_TRY(add_wrapped(out, arena, "subtitle", plot->subtitle, out->font, true, &y, err));
        y += 0.2 * out->font;
    }
    y += 0.3 * out->font;
    for (size_t i = 0; i < plot->n_panels; i++) {
        out->frames[i].top += y;
        out->frames[i].bottom += y;
        MPL_TRY(add_panel(out, &plot->panels[i], &out->frames[i], arena, err));
    }
    MPL_TRY(mpl__chart_page_names(out, plot, arena, err));
    y += grid;
    MPL_TRY(add_legend(out, plot, arena, &y, err));
    y += 0.6 * out->font;
    for (size_t i = 0; i < plot->n_footnotes; i++) {
        MPL_TRY(add_wrapped(out, arena, "footnote", plot->footnotes[i], out->small, false, &y, err));
        y += 0.15 * out->small;
    }
    out->height = y + out->left * 0.7;
    return MPL_OK;
}

/* Frames stretch or shrink to the width that is asked for, within reason; then text shrinks to 7 points. */
mpl_status mpl__chart_page_compute(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *arena,
                                   mpl__chart_page *out, mpl_error *err)
{
    double wide, high;
    MPL_TRY(mpl__plot_place(options, &wide, &high, err));
    MPL_TRY(compute(plot, options->font_size, 1, arena, out, err));
    if (wide <= 0)
        return MPL_OK;
    for (int i = 0; i < MOST_TRIES && (fabs(out->width - wide) > 0.5 || out->height > high); i++) {
        const double factor = fmin(wide / out->width, high / out->height);
        double font = out->font;
        double stretch = fmin(fmax(out->stretch * factor, LEAST_STRETCH), MOST_STRETCH);
        if (stretch <= LEAST_STRETCH && font > SMALLEST_FONT)
            font = fmax(SMALLEST_FONT, font * factor);
        if (fabs(stretch - out->stretch) < 1e-4 && fabs(font - out->font) < 1e-4)
            break;
        MPL_TRY(compute(plot, font, stretch, arena, out, err));
    }
    if (out->width > wide + 1)
        return mpl__plot_too_large("wide", out->width, wide, err);
    return out->height > high + 1 ? mpl__plot_too_large("high", out->height, high, err) : MPL_OK;
}
