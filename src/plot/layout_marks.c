/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From values on the axis to places and shapes on the page. */
#include "plot/layout.h"

#include <math.h>

#include "plot/axis.h"

/* In units of the font size, or of the row height. */
static const double SQUARE = 0.78, SMALLEST_SQUARE = 0.28, DIAMOND = 0.34, NARROWEST_DIAMOND = 0.3;
static const double DISC = 0.58;

double mpl__layout_x(const mpl__layout *page, const mpl_plot_axis *axis, double value)
{
    const double lo = mpl__axis_position(axis, axis->min), hi = mpl__axis_position(axis, axis->max);
    const double share = (mpl__axis_position(axis, value) - lo) / (hi - lo);
    return page->axis_left + fmin(fmax(share, 0), 1) * (page->axis_right - page->axis_left);
}

double mpl__layout_side(const mpl__layout *page, double area)
{
    return fmax(SQUARE * MPL__PAGE_ROW * sqrt(area), SMALLEST_SQUARE) * page->font;
}

/* Half of a diamond's height at a position: 0 at its ends, 1 at its estimate. */
static double half_height(double at, double lb, double x, double ub)
{
    const double rise = at >= x || isinf(lb) ? 1 : (at - lb) / (x - lb);
    const double fall = at <= x || isinf(ub) ? 1 : (ub - at) / (ub - x);
    return fmin(rise, fall);
}

mpl__anchor mpl__layout_anchor(const mpl__page_column *column)
{
    return column->centre ? MPL__MIDDLE : column->right ? MPL__END : MPL__START;
}

double mpl__layout_disc(const mpl__layout *page)
{
    return DISC * page->font;
}

size_t mpl__layout_diamond(const mpl__layout *page, const mpl_plot *plot, size_t row, bool fitted,
                           double corners[MPL__MOST_CORNERS][2])
{
    const mpl_plot_axis *const axis = &plot->axis;
    const mpl_plot_row *const r = &plot->rows[row];
    const double min = mpl__axis_position(axis, axis->min), max = mpl__axis_position(axis, axis->max);
    const double x = mpl__axis_position(axis, fitted ? r->fit_x : r->x);
    const double least = NARROWEST_DIAMOND * page->font * (max - min) / (page->axis_right - page->axis_left);
    const double lb = fmin(mpl__axis_position(axis, fitted ? r->fit_lb : r->lb), x - least);
    const double ub = fmax(mpl__axis_position(axis, fitted ? r->fit_ub : r->ub), x + least);
    const double from = fmax(lb, min), to = fmin(ub, max);
    const double tall = DIAMOND * MPL__PAGE_ROW * page->font, y = page->rows[row].y;
    double at[3];
    size_t n_at = 0, n = 0;
    if (!(from <= to) || isnan(x))
        return 0;
    at[n_at++] = from;
    if (x > from && x < to)
        at[n_at++] = x;
    at[n_at++] = to;
    for (size_t i = 0; i < n_at; i++) {
        corners[n][0] = mpl__axis_value(axis, at[i]);
        corners[n++][1] = y - tall * half_height(at[i], lb, x, ub);
    }
    for (size_t i = n_at; i-- > 0;) {
        const double height = tall * half_height(at[i], lb, x, ub);
        if (height > 0) { /* at a point both edges are one corner */
            corners[n][0] = mpl__axis_value(axis, at[i]);
            corners[n++][1] = y + height;
        }
    }
    return n;
}
