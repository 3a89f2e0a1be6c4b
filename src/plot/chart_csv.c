/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The points of a chart as a table (RFC 4180), one line for each. */
#include "plot/csv.h"

#include <math.h>

static void add_series(mpl__text *out, const char *panel, const mpl_series *s)
{
    for (size_t i = 0; i < s->n; i++) {
        mpl__text_format(out, "%s,%s,%s", panel, s->key, mpl__series_kind_name(s->kind));
        mpl__csv_real(out, s->x[i]);
        mpl__csv_real(out, s->y[i]);
        mpl__csv_real(out, s->x2 ? s->x2[i] : (double)NAN);
        mpl__csv_real(out, s->y2 ? s->y2[i] : (double)NAN);
        mpl__csv_real(out, s->area ? s->area[i] : (double)NAN);
        mpl__text_format(out, ",%u,", s->clip ? s->clip[i] : 0u);
        mpl__csv_text(out, s->texts ? s->texts[i] : NULL);
        mpl__text_char(out, '\n');
    }
}

mpl_status mpl__chart_csv(const mpl_plot *plot, const mpl_draw_options *options, mpl__arena *scratch, mpl__text *out,
                          mpl_error *err)
{
    (void)options, (void)scratch, (void)err;
    mpl__text_add(out, "panel,series,kind,x,y,x2,y2,area,clip,text\n");
    for (size_t p = 0; p < plot->n_panels; p++)
        for (size_t s = 0; s < plot->panels[p].n_series; s++)
            add_series(out, plot->panels[p].key, &plot->panels[p].series[s]);
    return MPL_OK;
}
