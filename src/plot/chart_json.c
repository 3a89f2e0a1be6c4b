/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panels of a chart as JSON, with every number at full precision, and axes of any plot. */
#include "plot/plot.h"

void mpl__json_axis(mpl__json *j, const char *key, const mpl_plot_axis *axis)
{
    static const char *const scales[] = { "linear", "log", "sqrt" };
    mpl__json_begin(j, key, '{');
    mpl__json_text(j, "label", axis->label);
    mpl__json_text(j, "scale", scales[axis->scale]);
    if (axis->reversed)
        mpl__json_bool(j, "reversed", true);
    mpl__json_real(j, "min", axis->min);
    mpl__json_real(j, "max", axis->max);
    mpl__json_real(j, "null_value", axis->null_value);
    mpl__json_begin(j, "ticks", '[');
    for (size_t i = 0; i < axis->n_ticks; i++)
        mpl__json_real(j, NULL, axis->ticks[i]);
    mpl__json_end(j);
    mpl__json_begin(j, "tick_labels", '[');
    for (size_t i = 0; i < axis->n_ticks; i++)
        mpl__json_text(j, NULL, axis->tick_labels[i]);
    mpl__json_end(j);
    mpl__json_text(j, "favours_left", axis->favours_left);
    mpl__json_text(j, "favours_right", axis->favours_right);
    mpl__json_end(j);
}

static void write_reals(mpl__json *j, const char *key, const double *x, size_t n)
{
    if (!x)
        return;
    mpl__json_begin(j, key, '[');
    for (size_t i = 0; i < n; i++)
        mpl__json_real(j, NULL, x[i]);
    mpl__json_end(j);
}

static void write_look(mpl__json *j, const mpl_series *s)
{
    static const char *const shapes[] = { "circle", "square", "triangle", "diamond", "down", "plus", "cross" };
    static const char *const dashes[] = { "solid", "dashed", "dotted" };
    static const char *const aligns[] = { "left", "centre", "right" };
    const bool is_line = s->kind == MPL_SERIES_LINE || s->kind == MPL_SERIES_SEGMENTS;
    mpl__json_begin(j, "look", '{');
    mpl__json_count(j, "hue", s->hue);
    mpl__json_real(j, "tint", s->tint);
    if (s->kind == MPL_SERIES_POINTS) {
        mpl__json_text(j, "shape", shapes[s->shape]);
        mpl__json_real(j, "size", s->size);
        mpl__json_bool(j, "hollow", s->hollow);
    }
    if (is_line) {
        mpl__json_text(j, "dash", dashes[s->dash]);
        mpl__json_real(j, "thickness", s->thickness);
    }
    if (s->kind == MPL_SERIES_TEXTS)
        mpl__json_text(j, "align", aligns[s->align]);
    mpl__json_end(j);
}

static void write_series(mpl__json *j, const mpl_series *s)
{
    mpl__json_begin(j, NULL, '{');
    mpl__json_text(j, "key", s->key);
    mpl__json_text(j, "kind", mpl__series_kind_name(s->kind));
    mpl__json_text(j, "label", s->label);
    write_look(j, s);
    write_reals(j, "x", s->x, s->n);
    write_reals(j, "y", s->y, s->n);
    write_reals(j, "x2", s->x2, s->n);
    write_reals(j, "y2", s->y2, s->n);
    write_reals(j, "area", s->area, s->n);
    if (s->texts) {
        mpl__json_begin(j, "texts", '[');
        for (size_t i = 0; i < s->n; i++)
            mpl__json_text(j, NULL, s->texts[i]);
        mpl__json_end(j);
    }
    if (s->clip) {
        mpl__json_begin(j, "clip", '[');
        for (size_t i = 0; i < s->n; i++)
            mpl__json_count(j, NULL, s->clip[i]);
        mpl__json_end(j);
    }
    mpl__json_end(j);
}

void mpl__json_panels(mpl__json *j, const mpl_plot *plot)
{
    mpl__json_begin(j, "panels", '[');
    for (size_t p = 0; p < plot->n_panels; p++) {
        const mpl_plot_panel *const panel = &plot->panels[p];
        mpl__json_begin(j, NULL, '{');
        mpl__json_text(j, "key", panel->key);
        mpl__json_text(j, "title", panel->title);
        mpl__json_count(j, "column", panel->column);
        mpl__json_count(j, "row", panel->row);
        mpl__json_axis(j, "x_axis", &panel->x);
        mpl__json_axis(j, "y_axis", &panel->y);
        mpl__json_begin(j, "series", '[');
        for (size_t s = 0; s < panel->n_series; s++)
            write_series(j, &panel->series[s]);
        mpl__json_end(j);
        mpl__json_end(j);
    }
    mpl__json_end(j);
}
