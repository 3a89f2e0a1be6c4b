/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chart as a report: the figure for people, the coordinates of its points, and for machines those of its lines. */
#include <math.h>

#include "plot/plot.h"
#include "report/format.h"
#include "report/parts.h"

static const char *const scales[] = { [MPL_SCALE_LINEAR] = "linear", [MPL_SCALE_LOG] = "log",
                                      [MPL_SCALE_SQRT] = "sqrt" };
static const char *const kinds[] = { [MPL_SERIES_AREA] = "area", [MPL_SERIES_BARS] = "bars",
                                     [MPL_SERIES_LINE] = "line", [MPL_SERIES_SEGMENTS] = "segments",
                                     [MPL_SERIES_POINTS] = "points", [MPL_SERIES_TEXTS] = "texts" };

/* A point of a series. */
typedef struct chart_row {
    const char *panel, *series, *kind, *text;
    double x, y, x2, y2, area;
} chart_row;

static const mpl__stat row_stats[] = {
    MPL__STAT("panel", NULL, TEXT, chart_row, panel),   MPL__STAT("series", NULL, TEXT, chart_row, series),
    MPL__STAT("kind", NULL, TEXT, chart_row, kind),     MPL__STAT("text", "Study", TEXT, chart_row, text),
    MPL__STAT("x", "x", NUMBER, chart_row, x),          MPL__STAT("y", "y", NUMBER, chart_row, y),
    MPL__STAT("x2", NULL, NUMBER, chart_row, x2),       MPL__STAT("y2", NULL, NUMBER, chart_row, y2),
    MPL__STAT("area", NULL, NUMBER, chart_row, area),
};

static size_t count(const mpl_plot *plot, bool points, size_t *n_series)
{
    size_t n = 0;
    *n_series = 0;
    for (size_t p = 0; p < plot->n_panels; p++)
        for (size_t s = 0; s < plot->panels[p].n_series; s++)
            if ((plot->panels[p].series[s].kind == MPL_SERIES_POINTS) == points) {
                n += plot->panels[p].series[s].n;
                ++*n_series;
            }
    return n;
}

static void add_series(mpl__build *b, const mpl_plot *plot, bool points)
{
    size_t n_series;
    const size_t n = count(plot, points, &n_series);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = points ? "points" : "lines",
                                                           .label = points ? "Coordinates" : NULL,
                                                           .row_type = points ? "point" : "line", .not_text = !points,
                                                           .n_rows = n }, row_stats, MPL__COUNT(row_stats), 0);
    for (size_t p = 0; p < plot->n_panels; p++)
        for (size_t s = 0; s < plot->panels[p].n_series; s++) {
            const mpl_series *const from = &plot->panels[p].series[s];
            for (size_t i = 0; i < from->n && (from->kind == MPL_SERIES_POINTS) == points; i++)
                mpl__table_row(&t, &(chart_row){ .panel = plot->panels[p].key, .series = from->key,
                                                 .kind = kinds[from->kind], .text = from->texts ? from->texts[i] : NULL,
                                                 .x = from->x[i], .y = from->y[i], .x2 = from->x2 ? from->x2[i] : NAN,
                                                 .y2 = from->y2 ? from->y2[i] : NAN,
                                                 .area = from->area ? from->area[i] : NAN });
        }
    if (points && plot->n_panels > 1)
        mpl__table_label(&t, "panel", "Panel");
    if (points && n_series > plot->n_panels)
        mpl__table_label(&t, "series", "Series");
}

/* A panel and its axes. */
typedef struct panel_row {
    const char *panel, *x_label, *x_scale, *y_label, *y_scale;
} panel_row;

static void add_axes(mpl__build *b, const mpl_plot *plot)
{
    static const mpl__stat stats[] = {
        MPL__STAT("panel", NULL, TEXT, panel_row, panel),     MPL__STAT("x_label", NULL, TEXT, panel_row, x_label),
        MPL__STAT("x_scale", NULL, TEXT, panel_row, x_scale), MPL__STAT("y_label", NULL, TEXT, panel_row, y_label),
        MPL__STAT("y_scale", NULL, TEXT, panel_row, y_scale),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "axes", .not_text = true, .row_type = "axes",
                                                           .n_rows = plot->n_panels }, stats, MPL__COUNT(stats), 0);
    for (size_t p = 0; p < plot->n_panels; p++) {
        const mpl_plot_panel *const panel = &plot->panels[p];
        mpl__table_row(&t, &(panel_row){ panel->key, panel->x.label, scales[panel->x.scale], panel->y.label,
                                         scales[panel->y.scale] });
    }
}

/* What x and y are, and what the figure says below it and no other part of the report does. */
static void add_words(mpl__build *b, const mpl_analysis *a, mpl_plot *plot)
{
    const mpl_plot_panel *const first = &plot->panels[0];
    const char **const common = MPL_NEW(b->arena, const char *, mpl__plot_most_notes(a, NULL) + 1);
    const size_t n_common = common ? mpl__plot_notes(a, NULL, b->arena, common) : 0;
    b->failed |= !common;
    for (size_t i = 0; i < n_common; i++)
        b->failed |= !common[i];
    if (first->x.label)
        mpl__build_line(b, "x", first->x.label);
    if (first->y.label)
        mpl__build_line(b, "y", first->y.label);
    for (size_t i = 0; i + n_common < plot->n_footnotes; i++)
        mpl__build_line(b, i ? NULL : "About", plot->footnotes[i]);
    plot->n_footnotes = 0;
}

mpl_status mpl_report_new_chart(const char *type, const mpl_analysis *a, const mpl_plot_options *options,
                                const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    mpl_plot *plot;
    const mpl_effects *const es = a->effects;
    const mpl_status s = mpl_plot_new(type, a, options, &plot, err);
    if (s != MPL_OK)
        return s;
    mpl__build b;
    mpl__build_start(&b, type, plot->title ? plot->title : es->info->title ? es->info->title : es->data_name);
    plot->title = plot->subtitle = NULL; /* the report says it */
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, a->fit);
    mpl__build_section(&b, "chart", NULL);
    mpl__build_text(&b, "type", NULL, plot->type->id);
    mpl__build_text(&b, "title", NULL, plot->type->title);
    mpl__build_text(&b, "cite", NULL, plot->type->cite);
    add_words(&b, a, plot);
    mpl__build_section(&b, NULL, NULL);
    add_series(&b, plot, true);
    add_series(&b, plot, false);
    add_axes(&b, plot);
    if (mpl__format_needs_of(write, es->k).plot)
        mpl__build_plot(&b, plot, NULL);
    else
        mpl_plot_free(plot);
    mpl__part_notes(&b, "note", a, NULL);
    mpl__part_excluded(&b, "excluded", &a->effects, 1);
    mpl__part_provenance(&b, es, a->fit, NULL, NULL);
    return mpl__build_done(&b, out, err);
}
