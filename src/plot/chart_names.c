/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names beside points, each at the first of eight places where it touches no point, no other text and no edge. */
#include "plot/chart_page.h"

#include <math.h>

#include "base/error.h"
#include "plot/metrics.h"

static const double WIDEST = 14; /* of a name, in units of the font size */

typedef struct box {
    double x0, x1, y0, y1;
} box;

typedef struct boxes {
    size_t n;
    box *at;
} boxes;

static bool overlaps(const box *a, const box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool is_free(const boxes *taken, const box *b, const mpl__frame *f)
{
    if (b->x0 < f->left || b->x1 > f->right || b->y0 < f->top || b->y1 > f->bottom)
        return false;
    for (size_t i = 0; i < taken->n; i++)
        if (overlaps(&taken->at[i], b))
            return false;
    return true;
}

/* A point that lies beyond the panel is drawn at its edge. */
static box point_box(const mpl__chart_page *page, const mpl_plot_panel *p, const mpl__frame *f, const mpl_series *s,
                     size_t i)
{
    const double x = mpl__frame_x(f, p, s->x[i]), y = mpl__frame_y(f, p, s->y[i]);
    const double r = mpl__chart_radius(page, s, i);
    return (box){ x - r, x + r, y - r, y + r };
}

/* Tries the places around a point; true if one is free, with the text's middle line and start in *text. */
static bool find_place(const boxes *taken, const mpl__frame *f, const box *point, double wide, double size,
                       mpl__page_text *text)
{
    static const signed char sides[8][2] = { { 1, 0 },  { -1, 0 }, { 0, -1 }, { 0, 1 },
                                             { 1, -1 }, { -1, -1 }, { 1, 1 }, { -1, 1 } };
    const double x = (point->x0 + point->x1) / 2, y = (point->y0 + point->y1) / 2, r = x - point->x0;
    const double gap = 0.25 * size, half = 0.5 * size;
    for (size_t i = 0; i < 8; i++) {
        const double slant = sides[i][0] && sides[i][1] ? 0.7 : 1;
        const double dx = sides[i][0] * (slant * r + gap), dy = sides[i][1] * (slant * r + gap + half);
        const double start = sides[i][0] > 0 ? x + dx : sides[i][0] < 0 ? x + dx - wide : x - wide / 2;
        const box b = { start, start + wide, y + dy - half, y + dy + half };
        if (!is_free(taken, &b, f))
            continue;
        text->x = start;
        text->y = y + dy;
        return true;
    }
    return false;
}

static size_t count_points(const mpl_plot_panel *p, bool *any_named)
{
    size_t n = 0;
    for (size_t s = 0; s < p->n_series; s++) {
        n += p->series[s].kind == MPL_SERIES_POINTS || p->series[s].kind == MPL_SERIES_TEXTS ? p->series[s].n : 0;
        *any_named = *any_named || p->series[s].named;
    }
    return n;
}

static box text_box(const mpl__page_text *t)
{
    const double wide = mpl__text_width(t->text, t->size, t->bold);
    const double start = t->anchor == MPL__START ? t->x : t->anchor == MPL__END ? t->x - wide : t->x - wide / 2;
    return (box){ start, start + wide, t->y - t->size / 2, t->y + t->size / 2 };
}

/* All points and texts of a panel are in the way. */
static mpl_status collect(const mpl__chart_page *page, const mpl_plot_panel *p, const mpl__frame *f, size_t n_points,
                          mpl__arena *arena, boxes *taken, mpl_error *err)
{
    taken->at = MPL_NEW(arena, box, 2 * n_points + page->n_words);
    if (!taken->at)
        return mpl__fail_nomem(err, "the page");
    for (size_t s = 0; s < p->n_series; s++)
        for (size_t i = 0; p->series[s].kind == MPL_SERIES_POINTS && i < p->series[s].n; i++)
            taken->at[taken->n++] = point_box(page, p, f, &p->series[s], i);
    for (size_t i = 0; i < page->n_words; i++)
        if (!page->words[i].turned)
            taken->at[taken->n++] = text_box(&page->words[i].text);
    return MPL_OK;
}

mpl_status mpl__chart_page_names(mpl__chart_page *page, const mpl_plot *plot, mpl__arena *arena, mpl_error *err)
{
    for (size_t k = 0; k < plot->n_panels; k++) {
        const mpl_plot_panel *const p = &plot->panels[k];
        const mpl__frame *const f = &page->frames[k];
        bool any = false;
        boxes taken = { 0, NULL };
        const size_t n_points = count_points(p, &any);
        if (!any)
            continue;
        MPL_TRY(collect(page, p, f, n_points, arena, &taken, err));
        for (size_t s = 0; s < p->n_series; s++) {
            const mpl_series *const series = &p->series[s];
            for (size_t i = 0; series->named && i < series->n; i++) {
                if (!series->named[i] || !series->texts[i] || !*series->texts[i])
                    continue;
                const char *const name = mpl__text_fit(arena, series->texts[i], page->small, false,
                                                       WIDEST * page->font);
                const box point = point_box(page, p, f, series, i);
                mpl__page_text text = { "name", 0, 0, MPL__START, page->small, false, name };
                if (!name)
                    return mpl__fail_nomem(err, "the page");
                if (!find_place(&taken, f, &point, mpl__text_width(name, page->small, false), page->small, &text))
                    continue;
                taken.at[taken.n++] = text_box(&text);
                MPL_TRY(mpl__chart_page_add(page, arena, (mpl__chart_word){ text, false }, err));
            }
        }
    }
    return MPL_OK;
}
