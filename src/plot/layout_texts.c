/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of a page outside its rows: title, headings, ticks, what is below the axis; see layout.h. */
#include "plot/layout_build.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/metrics.h"

/* In units of the font size. */
static const double TICK_LABEL = 1.25;

const char *mpl__page_fit(mpl__page_builder *b, const char *text, double size, bool bold, double width)
{
    const char *const fitted = mpl__text_fit(b->arena, text, size, bold, width);
    b->failed = b->failed || !fitted;
    return fitted ? fitted : "";
}

static void add_rule(mpl__page_builder *b, double from, double to, double y)
{
    double *const rule = b->page->rules[b->page->n_rules++];
    rule[0] = from;
    rule[1] = to;
    rule[2] = y;
}

static void add_text(mpl__page_builder *b, mpl__page_text text)
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
static double add_wrapped(mpl__page_builder *b, const char *role, const char *text, double size, bool bold, double y)
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
void mpl__page_head(mpl__page_builder *b)
{
    mpl__layout *const page = b->page;
    double y = page->left;
    if (b->plot->title)
        y = add_wrapped(b, "title", b->plot->title, page->large, true, y) + 0.2 * page->font;
    if (b->plot->subtitle)
        y = add_wrapped(b, "subtitle", b->plot->subtitle, page->font, true, y) + 0.2 * page->font;
    bool grouped = b->plot->marks_group || b->plot->axis.favours == MPL_FAVOURS_ABOVE;
    for (size_t j = 0; j < page->n_columns; j++)
        grouped = grouped || b->plot->columns[page->columns[j].source].group;
    y += 0.4 * page->font;
    if (grouped)
        y += 1.4 * page->font;
    page->heading_y = y + 0.8 * page->font;
    page->top = y + 1.8 * page->font;
}

/* A text above the marks, in two lines if it must be. */
static void place_above(mpl__page_builder *b, const char *text, double x, mpl__anchor anchor, double room)
{
    const double size = b->page->font;
    if (!text)
        return;
    const size_t n = mpl__text_line(text, size, true, room);
    const char *const rest = text + n + strspn(text + n, " ");
    const char *const first = *rest ? mpl__arena_copyn(b->arena, text, n) : NULL;
    b->failed = b->failed || (*rest && !first);
    if (first)
        add_text(b, (mpl__page_text){ "favours", x, b->page->heading_y - 1.4 * size, anchor, size, true, first });
    add_text(b, (mpl__page_text){ "favours", x, b->page->heading_y, anchor, size, true,
                                  mpl__page_fit(b, *rest ? rest : text, size, true, room) });
}

/* What is above the marks: their heading, in one line or two, or what is favoured. */
static void place_marks_heading(mpl__page_builder *b)
{
    const mpl_plot *const plot = b->plot;
    mpl__layout *const page = b->page;
    const mpl_plot_axis *const axis = &plot->axis;
    const double centre = (page->axis_left + page->axis_right) / 2, width = page->axis_right - page->axis_left;
    const char *const lines[] = { plot->marks_heading, plot->marks_group };
    for (int i = 0; i < 2; i++)
        if (lines[i] && (!b->setup->tight || mpl__text_width(lines[i], page->font, true) <= width))
            add_text(b, (mpl__page_text){ "marks", centre, page->heading_y - i * 1.4 * page->font, MPL__MIDDLE,
                                          page->font, true, mpl__page_fit(b, lines[i], page->font, true, width) });
    if (axis->favours != MPL_FAVOURS_ABOVE)
        return;
    const bool in_view = axis->null_value >= axis->min && axis->null_value <= axis->max;
    const double middle = in_view ? mpl__layout_x(page, axis, axis->null_value) : centre, gap = 0.6 * page->font;
    place_above(b, axis->favours_left, middle - gap, MPL__END, middle - gap - page->axis_left);
    place_above(b, axis->favours_right, middle + gap, MPL__START, page->axis_right - middle - gap);
}

/* Headings centred above groups of columns. `edge` holds left and right of each model column. */
void mpl__page_groups(mpl__page_builder *b, double (*edge)[2])
{
    place_marks_heading(b);
    const size_t n = b->plot->n_columns;
    const mpl_plot_column *const c = b->plot->columns;
    for (size_t j = 0; j < n;) {
        size_t end = j + 1;
        while (c[j].group && end < n && c[end].group && strcmp(c[end].group, c[j].group) == 0)
            end++;
        if (c[j].group) {
            const double x0 = edge[j][0], x1 = edge[end - 1][1];
            const char *const text = mpl__page_fit(b, c[j].group, b->page->font, true, x1 - x0);
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
void mpl__page_ticks(mpl__page_builder *b)
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

/* What is favoured, below the axis: on both sides of the null line, or at the ends. */
static void place_favours(mpl__page_builder *b, double y)
{
    const mpl_plot_axis *const axis = &b->plot->axis;
    const mpl__layout *const page = b->page;
    const bool at_null = axis->favours == MPL_FAVOURS_NULL && axis->null_value >= axis->min &&
                         axis->null_value <= axis->max;
    const double null = mpl__layout_x(page, axis, axis->null_value), gap = 0.6 * page->font;
    const double half = (page->axis_right - page->axis_left) / 2 - gap;
    if (axis->favours_left) {
        const double x = at_null ? null - gap : page->axis_left;
        const double room = at_null ? x - page->left : half;
        add_text(b, (mpl__page_text){ "favours", x, y, at_null ? MPL__END : MPL__START, page->small, false,
                                      mpl__page_fit(b, axis->favours_left, page->small, false, room) });
    }
    if (axis->favours_right) {
        const double x = at_null ? null + gap : page->axis_right;
        const double room = at_null ? page->right - x : half;
        add_text(b, (mpl__page_text){ "favours", x, y, at_null ? MPL__START : MPL__END, page->small, false,
                                      mpl__page_fit(b, axis->favours_right, page->small, false, room) });
    }
}

/* Texts below the axis. */
void mpl__page_foot(mpl__page_builder *b)
{
    const mpl_plot_axis *const axis = &b->plot->axis;
    mpl__layout *const page = b->page;
    const bool below = axis->favours != MPL_FAVOURS_ABOVE;
    double y = page->bottom + TICK_LABEL * page->small + 0.7 * page->small;
    if (below && (axis->favours_left || axis->favours_right)) {
        y += 1.4 * page->small;
        place_favours(b, y - 0.5 * page->small);
    }
    if (axis->label) {
        const char *const text = mpl__page_fit(b, axis->label, page->small, false, page->right - page->left);
        const double half = mpl__text_width(text, page->small, false) / 2;
        const double centre = fmax((page->axis_left + page->axis_right) / 2, page->left + half);
        y += 1.5 * page->small;
        add_text(b, (mpl__page_text){ "axis-label", fmin(centre, page->right - half), y - 0.5 * page->small,
                                      MPL__MIDDLE, page->small, false, text });
    }
    y += 0.8 * page->font;
    for (size_t i = 0; i < b->plot->n_footnotes; i++)
        y = add_wrapped(b, "footnote", b->plot->footnotes[i], page->small, false, y) + 0.15 * page->small;
    page->height = y + page->left * 0.7;
}

/* Room for all texts outside the rows, found by wrapping once without writing. */
mpl_status mpl__page_make_texts(mpl__page_builder *b, mpl_error *err)
{
    const mpl__layout *const page = b->page;
    const double width = page->right - page->left;
    size_t n = b->plot->n_columns + 7;
    n += b->plot->title ? count_lines(b->plot->title, page->large, true, width) : 0;
    n += b->plot->subtitle ? count_lines(b->plot->subtitle, page->font, true, width) : 0;
    for (size_t i = 0; i < b->plot->n_footnotes; i++)
        n += count_lines(b->plot->footnotes[i], page->small, false, width);
    b->page->texts = MPL_NEW(b->arena, mpl__page_text, n);
    b->page->rules = (double(*)[3])mpl__arena_alloc(b->arena, b->plot->n_columns + 1, sizeof(double[3]));
    return b->page->texts && b->page->rules ? MPL_OK : mpl__fail_nomem(err, "the page");
}
