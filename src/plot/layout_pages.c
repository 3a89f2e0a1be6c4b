/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a figure on several pages. A page ends before a subgroup where that leaves it more than half full; no
 * heading stands alone at its foot and no pooled estimate without two of its studies at its head.
 */
#include "plot/layout_build.h"

#include <math.h>
#include <stdint.h>

#include "base/error.h"

static const double FULL_ENOUGH = 0.55;

typedef struct divider {
    const mpl__page_setup *setup;
    const mpl__layout *whole;
    mpl__arena *arena;
    size_t per_page;   /* studies; 0 = as many as fit */
    double high;
    double middle, last; /* room for rows on the last page and on others */
    size_t n;
    size_t *ends;      /* [n] rows after each page */
} divider;

static bool is_study(const divider *d, size_t i)
{
    const mpl_row_kind kind = d->setup->plot->rows[i].kind;
    return (kind == MPL_ROW_STUDY || kind == MPL_ROW_EXCLUDED) && !mpl__row_continues(d->setup->plot, i);
}

static double height_of(const divider *d, size_t i)
{
    const bool apart = i == d->setup->plot->overall;
    return d->whole->rows[i].height + (apart ? MPL__SUMMARY_GAP * d->whole->font : 0);
}

/* Index of the next row after i that does not continue it. */
static size_t after(const divider *d, size_t i)
{
    for (i++; i < d->setup->plot->n_rows && mpl__row_continues(d->setup->plot, i);)
        i++;
    return i;
}

/* Whether a page may begin with row i, which is not the first. */
static bool may_begin(const divider *d, size_t first, size_t i)
{
    const mpl_plot *const plot = d->setup->plot;
    const mpl_plot_row *const row = &plot->rows[i], *const before = &plot->rows[i - 1];
    if (mpl__row_continues(plot, i))
        return false;
    if (row->kind == MPL_ROW_HEADING)
        return true;
    if (row->kind == MPL_ROW_SUMMARY) /* one of many */
        return before->kind == MPL_ROW_SUMMARY && i != plot->overall;
    if (!is_study(d, i) || before->kind == MPL_ROW_HEADING)
        return false;
    size_t second = i - 1;
    while (second > first && mpl__row_continues(plot, second))
        second--;
    const size_t next = after(d, i);
    return !(second > first && plot->rows[second - 1].kind == MPL_ROW_HEADING) &&
           (next == plot->n_rows || is_study(d, next));
}

/* Whether all rows from `first` on have room on one page, and it is the last. */
static bool rest_fits(const divider *d, size_t first)
{
    double y = 0;
    size_t studies = 0;
    for (size_t i = first; i < d->setup->plot->n_rows; i++) {
        y += height_of(d, i);
        studies += is_study(d, i);
    }
    return y <= d->last && (!d->per_page || studies <= d->per_page);
}

/* Where the page that begins with row `first` ends. */
static size_t end_of(const divider *d, size_t first)
{
    const mpl_plot *const plot = d->setup->plot;
    double y = 0;
    size_t studies = 0, best = 0, best_group = 0, i = first;
    for (; i + 1 < plot->n_rows; i++) {
        y += height_of(d, i);
        studies += is_study(d, i);
        if (y > d->middle || (d->per_page && studies > d->per_page))
            break;
        if (!may_begin(d, first, i + 1))
            continue;
        best = i + 1;
        const double full = d->per_page ? fmax(y / d->middle, (double)studies / (double)d->per_page) : y / d->middle;
        if (plot->rows[i + 1].kind == MPL_ROW_HEADING && full >= FULL_ENOUGH)
            best_group = i + 1;
    }
    return best_group ? best_group : best ? best : i > first ? i : first + 1;
}

/* The heading that row `first` is under, unless it is one. */
static size_t group_of(const divider *d, size_t first)
{
    const mpl_plot *const plot = d->setup->plot;
    size_t group = SIZE_MAX;
    for (size_t i = 0; i <= first && i < plot->n_rows; i++)
        if (plot->rows[i].kind == MPL_ROW_HEADING && (i == 0 || !mpl__row_continues(plot, i)))
            group = i == first ? SIZE_MAX : i;
        else if (plot->rows[i].kind == MPL_ROW_BLANK)
            group = SIZE_MAX;
    return group;
}

static size_t first_of(const divider *d, size_t page)
{
    const mpl_plot *const plot = d->setup->plot;
    size_t first = page > 1 ? d->ends[page - 2] : 0;
    while (page > 1 && first + 1 < plot->n_rows && plot->rows[first].kind == MPL_ROW_BLANK)
        first++;
    return first;
}

/* Page `page`, from 1, between these rows. */
static mpl_status make(const divider *d, size_t page, size_t first, size_t end, mpl__layout *out, mpl_error *err)
{
    const mpl_plot *const whole = d->setup->plot;
    mpl__page_setup setup = *d->setup;
    setup.plot = mpl__view_page(whole, first, end, end > first ? group_of(d, first) : SIZE_MAX, page, d->n, d->arena);
    if (!setup.plot)
        return mpl__fail_nomem(err, "the page");
    setup.like = d->whole;
    setup.overall = whole->overall < whole->n_rows ? whole->rows[whole->overall].x : (double)NAN;
    MPL_TRY(mpl__page_compute(&setup, d->arena, out, err));
    out->n_pages = d->n;
    return MPL_OK;
}

/* Room for rows: what pages without rows leave, and a repeated heading takes. */
static mpl_status find_room(divider *d, mpl_error *err)
{
    const size_t n_rows = d->setup->plot->n_rows;
    mpl__layout page;
    MPL_TRY(make(d, 2, 0, 0, &page, err));
    d->middle = d->high - page.height - MPL__PAGE_ROW * page.font;
    MPL_TRY(make(d, 2, n_rows, n_rows, &page, err));
    d->last = d->high - page.height - MPL__PAGE_ROW * page.font;
    const double least = 4 * MPL__PAGE_ROW * page.font;
    const double needed = d->high - fmin(d->middle, d->last) + least;
    return fmin(d->middle, d->last) >= least ? MPL_OK : mpl__plot_too_large("high", needed, d->high, err);
}

mpl_status mpl__page_divide(const mpl__page_setup *setup, const mpl_draw_options *options, double high,
                            mpl__arena *arena, mpl__layout *page, mpl_error *err)
{
    const mpl__layout whole = *page;
    divider d = { .setup = setup, .whole = &whole, .arena = arena, .per_page = options->per_page, .high = high };
    MPL_TRY(find_room(&d, err));
    d.ends = MPL_NEW(arena, size_t, setup->plot->n_rows + 1);
    if (!d.ends)
        return mpl__fail_nomem(err, "the pages");
    for (d.n = 1; !rest_fits(&d, first_of(&d, d.n)); d.n++)
        d.ends[d.n - 1] = end_of(&d, first_of(&d, d.n));
    d.ends[d.n - 1] = setup->plot->n_rows;
    if (d.n > 1 && !options->page)
        return mpl__fail(err, MPL_ERR_ARG, "the figure has %zu pages, and none is chosen", d.n);
    if (options->page > d.n)
        return mpl__fail(err, MPL_ERR_ARG, "the figure has %zu pages, and there is no page %zu", d.n, options->page);
    double highest = 0;
    for (size_t i = 1; options->one_file && i <= d.n; i++) {
        MPL_TRY(make(&d, i, first_of(&d, i), d.ends[i - 1], page, err));
        highest = fmax(highest, page->height);
    }
    const size_t wanted = options->page ? options->page : 1;
    MPL_TRY(make(&d, wanted, first_of(&d, wanted), d.ends[wanted - 1], page, err));
    page->height = fmax(page->height, highest);
    return MPL_OK;
}
