/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes with which a figure fits its place; see layout.h. All constants are in units of the font size. */
#include "plot/layout_build.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

static const double AXIS_WIDTH = 22, NARROW_AXIS = 10, NARROWEST_AXIS = 8, WIDEST_AXIS = 60;
static const double WIDEST_STUDY = 60, SHORT_LABEL = 13, SHORTEST_LABEL = 8, SMALLEST_FONT = 7;

typedef struct fitter {
    const mpl_plot *whole;
    mpl__page_setup setup;
    mpl__arena *arena;
    mpl__layout *page;
    double wide, high; /* of the place; wide 0 = any */
    mpl_error *err;
} fitter;

static mpl_status compute(fitter *f)
{
    return mpl__page_compute(&f->setup, f->arena, f->page, f->err);
}

static bool too_wide(const fitter *f)
{
    return f->wide > 0 && f->page->width > f->wide;
}

/* Smaller text, until the figure is as narrow as it must be. */
static mpl_status shrink(fitter *f)
{
    while (f->setup.font > SMALLEST_FONT && too_wide(f)) {
        const double factor = f->wide / f->page->width;
        f->setup.font = fmax(SMALLEST_FONT, fmin(f->setup.font * factor, f->setup.font - 0.1));
        MPL_TRY(compute(f));
    }
    return MPL_OK;
}

static mpl_status shorten(fitter *f, double shortest)
{
    while (too_wide(f) && f->setup.label_ems > shortest) {
        const double excess = (f->page->width - f->wide) / f->setup.font;
        f->setup.label_ems = fmax(shortest, f->setup.label_ems - fmax(1, 0.5 * excess));
        MPL_TRY(compute(f));
    }
    return MPL_OK;
}

/* One choice of columns, from text of `font`; without more to leave out, labels as short as can be. */
static mpl_status fit_columns(fitter *f, double font, bool last)
{
    f->setup.font = font;
    f->setup.axis_ems = AXIS_WIDTH;
    f->setup.label_ems = WIDEST_STUDY;
    f->setup.tight = false;
    MPL_TRY(compute(f));
    if (!too_wide(f))
        return MPL_OK;
    f->setup.axis_ems = NARROW_AXIS;
    MPL_TRY(compute(f));
    MPL_TRY(shrink(f));
    MPL_TRY(shorten(f, 2 * SHORT_LABEL));
    if (!too_wide(f))
        return MPL_OK;
    f->setup.axis_ems = NARROWEST_AXIS;
    f->setup.tight = true;
    MPL_TRY(compute(f));
    return shorten(f, last ? SHORTEST_LABEL : SHORT_LABEL);
}

/* Says what is missing, goes on in another line with what is too long, and widens the axis to the room that is left. */
static mpl_status finish(fitter *f)
{
    if (f->setup.plot != f->whole) {
        bool *const shown = MPL_NEW(f->arena, bool, f->whole->n_columns);
        for (size_t j = 0, kept = 0; shown && j < f->whole->n_columns; j++) {
            shown[j] = kept < f->setup.plot->n_columns &&
                       strcmp(f->setup.plot->columns[kept].key, f->whole->columns[j].key) == 0;
            kept += shown[j];
        }
        const char *const note = shown ? mpl__plot_left_out(f->whole, shown, f->arena) : NULL;
        f->setup.plot = note ? mpl__view_noted(f->setup.plot, note, f->arena) : NULL;
        if (!f->setup.plot)
            return mpl__fail_nomem(f->err, "the page");
    }
    for (int pass = 0; pass < 2; pass++) { /* the axis, which lines across the page are as wide as; then these */
        const double axis = (f->page->axis_right - f->page->axis_left + f->wide - f->page->width) / f->setup.font;
        if (f->wide - f->page->width > 1)
            f->setup.axis_ems = fmin(axis, WIDEST_AXIS);
        MPL_TRY(compute(f));
        const mpl_plot *const wrapped = mpl__view_wrapped(f->setup.plot, f->page, f->arena);
        if (!wrapped)
            return mpl__fail_nomem(f->err, "the page");
        f->setup.plot = wrapped;
    }
    return compute(f);
}

/* The whole without some columns. */
static mpl_status try_without(fitter *f, double font, const size_t *spare, size_t n, bool last)
{
    f->setup.plot = mpl__view_without(f->whole, spare, n, f->arena);
    return f->setup.plot ? fit_columns(f, font, last) : mpl__fail_nomem(f->err, "the page");
}

/* The largest number below `than` of columns that may be left out; 0 = there is none. */
static size_t next_spare(const mpl_plot *plot, size_t than)
{
    size_t most = 0;
    for (size_t j = 1; j < plot->n_columns; j++)
        if (plot->columns[j].spare < than && plot->columns[j].spare > most)
            most = plot->columns[j].spare;
    return most;
}

/* As wide as it must be, from text of `font`: columns go until the rest has room, then come back where they have. */
static mpl_status fit_width(fitter *f, double font)
{
    size_t *const spare = MPL_NEW(f->arena, size_t, f->whole->n_columns);
    size_t n = 0, next = next_spare(f->whole, SIZE_MAX);
    if (!spare)
        return mpl__fail_nomem(f->err, "the page");
    MPL_TRY(try_without(f, font, spare, n, next == 0));
    while (too_wide(f) && next) {
        spare[n++] = next;
        next = next_spare(f->whole, next);
        MPL_TRY(try_without(f, font, spare, n, next == 0));
    }
    if (too_wide(f))
        return mpl__plot_too_large("wide", f->page->width, f->wide, f->err);
    for (size_t i = n > 1 ? n - 1 : 0; i-- > 0;) {
        const fitter before = *f;
        const mpl__layout page = *f->page;
        const size_t back = spare[i];
        memmove(&spare[i], &spare[i + 1], (--n - i) * sizeof *spare);
        MPL_TRY(try_without(f, font, spare, n, false));
        if (!too_wide(f))
            continue;
        *f = before;
        *f->page = page;
        memmove(&spare[i + 1], &spare[i], (n++ - i) * sizeof *spare);
        spare[i] = back;
    }
    return f->wide > 0 ? finish(f) : MPL_OK;
}

mpl_status mpl__layout_compute(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *arena,
                               mpl__layout *out, mpl_error *err)
{
    fitter f = { .whole = plot, .arena = arena, .page = out, .err = err, .setup = { .overall = (double)NAN } };
    MPL_TRY(mpl__plot_place(options, &f.wide, &f.high, err));
    f.setup.bounded = f.wide > 0;
    MPL_TRY(fit_width(&f, options->font_size));
    if (!options->per_page && out->height > f.high) { /* somewhat smaller text on one page is better than two pages */
        const mpl__page_setup setup = f.setup;
        const mpl__layout page = *out;
        for (double font = setup.font; font > SMALLEST_FONT && out->height > f.high;) {
            font = fmax(SMALLEST_FONT, fmin(font * f.high / out->height, font - 0.1));
            MPL_TRY(fit_width(&f, font));
        }
        if (out->height > f.high) {
            f.setup = setup;
            *out = page;
        }
    }
    if (!options->per_page && !(out->height > f.high))
        return MPL_OK;
    return mpl__page_divide(&f.setup, options, f.high, arena, out, err);
}
