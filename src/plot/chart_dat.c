/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data file of a chart's gnuplot script: one block per series, in the order in which they are drawn. */
#include "plot/gnuplot.h"

#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "plot/chart_page.h"

static void add_first(mpl__text *out, double x)
{
    char number[350];
    mpl__text_addn(out, number, mpl__number_significant(x, 8, number));
}

/* An empty line interrupts a line and separates areas. */
static void add_series(mpl__text *out, const mpl__chart_page *page, const mpl_series *s)
{
    const bool pairs = s->x2 != NULL, points = s->kind == MPL_SERIES_POINTS;
    mpl__text_format(out, "#x\ty%s%s%s\n", pairs ? "\tx2\ty2" : "", points ? "\tsize" : "", s->texts ? "\ttext" : "");
    for (size_t i = 0; i < s->n; i++) {
        if (isnan(s->x[i]) || isnan(s->y[i])) {
            mpl__text_char(out, '\n');
            continue;
        }
        add_first(out, s->x[i]);
        mpl__dat_real(out, s->y[i]);
        if (pairs) {
            mpl__dat_real(out, s->x2[i]);
            mpl__dat_real(out, s->y2[i]);
        }
        if (points) {
            mpl__text_char(out, '\t');
            mpl__text_fixed(out, 2 * mpl__chart_radius(page, s, i), 2);
        }
        if (s->texts)
            mpl__dat_text(out, s->texts[i] ? s->texts[i] : "");
        mpl__text_char(out, '\n');
    }
}

mpl_status mpl__chart_dat(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                          mpl_error *err)
{
    mpl__chart_page page;
    MPL_TRY(mpl__chart_page_compute(plot, options, scratch, &page, err));
    mpl__text_add(out, "# Data of a figure: one block per series, two empty lines between them; columns are separated "
                       "by tabs.\n# size: diameter of the marker in points\n");
    size_t index = 0;
    for (size_t p = 0; p < plot->n_panels; p++)
        for (size_t s = 0; s < plot->panels[p].n_series; s++) {
            const mpl_series *const series = &plot->panels[p].series[s];
            mpl__text_format(out, "%s\n# %zu: %s of panel %s, %s\n", index ? "\n" : "", index, series->key,
                             plot->panels[p].key, mpl__series_kind_name(series->kind));
            add_series(out, &page, series);
            index++;
        }
    return MPL_OK;
}
