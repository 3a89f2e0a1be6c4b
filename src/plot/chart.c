/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a chart; see chart.h. */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/axis.h"

static const double PAD = 0.04, WIDTH = 36, HEIGHT = 25;

mpl__chart mpl__chart_start(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                            mpl__arena *scratch)
{
    return (mpl__chart){ .analysis = analysis, .options = options, .plot = plot, .keep = plot->arena,
                         .scratch = scratch };
}

mpl_status mpl__chart_panel(mpl__chart *c, const char *key, mpl__panel **out, mpl_error *err)
{
    mpl__panel *const panel = *out = MPL_NEW(c->scratch, mpl__panel, 1);
    if (!panel)
        return mpl__fail_nomem(err, "the figure");
    panel->p = (mpl_plot_panel){ .key = key, .width = WIDTH, .height = HEIGHT };
    panel->p.x.null_value = panel->p.y.null_value = (double)NAN;
    if (c->last)
        c->last->next = panel;
    else
        c->first = panel;
    c->last = panel;
    return MPL_OK;
}

static double *numbers(mpl__chart *c, size_t n)
{
    double *const x = MPL_NEW(c->keep, double, n);
    for (size_t i = 0; x && i < n; i++)
        x[i] = (double)NAN;
    return x;
}

mpl_status mpl__chart_add(mpl__chart *c, mpl__panel *panel, mpl_series_kind kind, const char *key, const char *label,
                          size_t n, mpl__curve **out, mpl_error *err)
{
    const bool is_point = kind == MPL_SERIES_POINTS || kind == MPL_SERIES_TEXTS;
    const bool is_pair = kind == MPL_SERIES_BARS || kind == MPL_SERIES_SEGMENTS;
    mpl__curve *const curve = *out = MPL_NEW(c->scratch, mpl__curve, 1);
    if (!curve)
        return mpl__fail_nomem(err, "the figure");
    curve->s = (mpl_series){ .kind = kind, .key = key, .label = label, .n = n };
    curve->x = numbers(c, n);
    curve->y = numbers(c, n);
    curve->x2 = is_pair ? numbers(c, n) : NULL;
    curve->y2 = is_pair ? numbers(c, n) : NULL;
    curve->area = is_point ? numbers(c, n) : NULL;
    curve->texts = is_point ? MPL_NEW(c->keep, const char *, n) : NULL;
    curve->named = is_point ? MPL_NEW(c->keep, bool, n) : NULL;
    if (!curve->x || !curve->y || (is_pair && (!curve->x2 || !curve->y2)) ||
        (is_point && (!curve->area || !curve->texts || !curve->named)))
        return mpl__fail_nomem(err, "the figure");
    if (panel->last)
        panel->last->next = curve;
    else
        panel->first = curve;
    panel->last = curve;
    return MPL_OK;
}

mpl_status mpl__chart_rule(mpl__chart *c, mpl__panel *panel, const char *key, const char *label, double x, double y,
                           mpl_dash dash, mpl_error *err)
{
    mpl__curve *line;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, key, label, 2, &line, err));
    for (size_t i = 0; i < 2; i++) {
        const double end = i ? INFINITY : -INFINITY;
        line->x[i] = isnan(x) ? end : x;
        line->y[i] = isnan(x) ? y : end;
    }
    line->s.dash = dash;
    line->loose = true;
    return MPL_OK;
}

mpl_status mpl__chart_studies(mpl__chart *c, mpl__panel *panel, const char *label, bool weighted, mpl__curve **out,
                              mpl_error *err)
{
    const mpl_effects *const es = c->analysis->effects;
    const double *const weights = c->analysis->fit->weights;
    mpl__curve *curve;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "studies", label, es->k, &curve, err));
    double largest = 0;
    for (size_t i = 0; weights && i < es->k; i++)
        largest = fmax(largest, weights[i]);
    curve->weighted = weighted && largest > 0;
    for (size_t i = 0; i < es->k; i++) {
        curve->area[i] = curve->weighted ? fmax(weights[i], 0) / largest : 1;
        curve->texts[i] = mpl__plot_text(c->keep, es->slab[i]);
        if (!curve->texts[i])
            return mpl__fail_nomem(err, "the names of the studies");
    }
    curve->s.hue = 1;
    *out = curve;
    return MPL_OK;
}

static bool is_ratio(const mpl_measure *m)
{
    return m->transform && m->transform->is_ratio && m->transform->apply;
}

mpl_status mpl__chart_effect_axis(mpl__chart *c, mpl_plot_axis *axis, mpl_error *err)
{
    const mpl_measure *const m = c->analysis->effects->measure;
    axis->scale = is_ratio(m) ? MPL_SCALE_LOG : MPL_SCALE_LINEAR;
    axis->null_value = isnan(m->null_value) ? m->null_value : mpl__chart_effect(c, m->null_value);
    axis->label = is_ratio(m) ? mpl__arena_format(c->keep, "%s (log scale)", m->label)
                              : mpl__arena_copy(c->keep, m->transform && m->scale ? m->scale : m->label);
    return axis->label ? MPL_OK : mpl__fail_nomem(err, "the axis");
}

double mpl__chart_effect(const mpl__chart *c, double yi)
{
    const mpl_measure *const m = c->analysis->effects->measure;
    return is_ratio(m) ? mpl_measure_display(m, yi) : yi;
}

/* ---- axes ---- */

static void widen(const mpl_plot_axis *axis, double value, double *lo, double *hi)
{
    const double at = mpl__axis_position(axis, value);
    if (isfinite(at)) {
        *lo = fmin(*lo, at);
        *hi = fmax(*hi, at);
    }
}

/* What the curves need of one axis, as positions; lo > hi if nothing. */
static void extent(const mpl__panel *panel, bool vertical, double *lo, double *hi)
{
    const mpl_plot_axis *const axis = vertical ? &panel->p.y : &panel->p.x;
    *lo = INFINITY;
    *hi = -INFINITY;
    for (const mpl__curve *c = panel->first; c; c = c->next)
        for (size_t i = 0; i < c->s.n && !c->loose; i++) {
            widen(axis, vertical ? c->y[i] : c->x[i], lo, hi);
            if (c->x2)
                widen(axis, vertical ? c->y2[i] : c->x2[i], lo, hi);
        }
}

static mpl_status fit_axis(mpl_plot_axis *axis, double lo, double hi, const mpl_maybe *min, const mpl_maybe *max,
                           mpl_error *err)
{
    if (min->given)
        lo = mpl__axis_position(axis, min->value);
    if (max->given)
        hi = mpl__axis_position(axis, max->value);
    if (!(lo <= hi)) { /* nothing to show */
        lo = axis->scale == MPL_SCALE_LOG ? -1 : 0;
        hi = 1;
    }
    MPL_TRY(mpl__axis_fit(axis, lo, hi, PAD, err));
    axis->min = min->given ? min->value : axis->min;
    axis->max = max->given ? max->value : axis->max;
    return MPL_OK;
}

static mpl_status label_axis(mpl__chart *c, mpl_plot_axis *axis, const char *asked, mpl_error *err)
{
    if (!asked)
        return MPL_OK;
    axis->label = *asked ? mpl__plot_text(c->keep, asked) : NULL;
    return axis->label || !*asked ? MPL_OK : mpl__fail_nomem(err, "the axis");
}

static mpl_status finish_axes(mpl__chart *c, mpl__panel *panel, mpl_error *err)
{
    mpl_plot_axis *const x = &panel->p.x, *const y = &panel->p.y;
    const bool main = panel == c->first;
    double x_lo, x_hi, y_lo, y_hi;
    extent(panel, false, &x_lo, &x_hi);
    extent(panel, true, &y_lo, &y_hi);
    if (panel->square) {
        x_lo = y_lo = fmin(x_lo, y_lo);
        x_hi = y_hi = fmax(x_hi, y_hi);
    }
    MPL_TRY(fit_axis(x, x_lo, x_hi, &panel->x_min, &panel->x_max, err));
    MPL_TRY(fit_axis(y, y_lo, y_hi, &panel->y_min, &panel->y_max, err));
    if (main && c->options->xlim)
        MPL_TRY(mpl__axis_read(x, "xlim", c->options->xlim, err));
    if (main && c->options->chart.ylim)
        MPL_TRY(mpl__axis_read(y, "ylim", c->options->chart.ylim, err));
    if (main) {
        if (c->options->xticks)
            MPL_TRY(mpl__axis_read_ticks(x, c->options->xticks, c->keep, err));
        MPL_TRY(label_axis(c, x, c->options->chart.xlabel, err));
        MPL_TRY(label_axis(c, y, c->options->chart.ylabel, err));
    }
    if (!x->ticks)
        MPL_TRY(mpl__axis_ticks(x, c->keep, err));
    return y->ticks ? MPL_OK : mpl__axis_ticks(y, c->keep, err);
}

/* ---- the whole ---- */

static void choose_names(const mpl__chart *c, mpl__curve *curve)
{
    const char *const which = c->options->chart.names;
    for (size_t i = 0; curve->named && which && i < curve->s.n; i++)
        if (strcmp(which, "some") != 0)
            curve->named[i] = strcmp(which, "all") == 0 && curve->texts[i];
}

static bool any_text(const mpl__curve *curve)
{
    for (size_t i = 0; curve->texts && i < curve->s.n; i++)
        if (curve->texts[i])
            return true;
    return false;
}

static bool any_named(const mpl__curve *curve)
{
    for (size_t i = 0; curve->s.kind == MPL_SERIES_POINTS && i < curve->s.n; i++)
        if (curve->named[i] && curve->texts[i])
            return true;
    return false;
}

static mpl_status finish_panel(mpl__chart *c, mpl__panel *panel, mpl_plot_panel *out, size_t *n_beyond, mpl_error *err)
{
    size_t n = 0;
    for (const mpl__curve *curve = panel->first; curve; curve = curve->next)
        n++;
    mpl_series *const series = MPL_NEW(c->keep, mpl_series, n);
    if (!series)
        return mpl__fail_nomem(err, "the figure");
    MPL_TRY(finish_axes(c, panel, err));
    n = 0;
    for (mpl__curve *curve = panel->first; curve; curve = curve->next) {
        choose_names(c, curve);
        MPL_TRY(mpl__chart_clip(curve, panel, c->keep, c->scratch, err));
        for (size_t i = 0; curve->s.clip && i < curve->s.n; i++)
            *n_beyond += curve->s.clip[i] != 0;
        if (curve->s.n == 0)
            continue;
        mpl_series *const s = &series[n++];
        *s = curve->s;
        s->x = curve->x;
        s->y = curve->y;
        s->x2 = curve->x2;
        s->y2 = curve->y2;
        s->area = curve->weighted ? curve->area : NULL;
        s->texts = any_text(curve) ? curve->texts : NULL;
        s->named = any_named(curve) ? curve->named : NULL;
        s->thickness = s->thickness > 0 ? s->thickness : 1;
        s->size = s->size > 0 ? s->size : 0.6;
    }
    *out = panel->p;
    out->series = series;
    out->n_series = n;
    return MPL_OK;
}

static mpl_status add_notes(mpl__chart *c, const char *const *notes, size_t n_notes, size_t n_beyond, mpl_error *err)
{
    const size_t most = n_notes + 2 + mpl__plot_most_notes(c->analysis, c->options);
    const char **const all = MPL_NEW(c->keep, const char *, most);
    if (!all)
        return mpl__fail_nomem(err, "the words of the figure");
    size_t n = 0, missing = 0;
    const mpl_effects *const es = c->analysis->effects;
    for (; n < n_notes; n++)
        all[n] = notes[n];
    for (size_t i = 0; i < es->n_excluded; i++)
        missing += !c->analysis->data || mpl__plot_find_row(c->analysis->data, es->excluded[i].row) <
                                             c->analysis->data->n_rows;
    if (n_beyond)
        all[n++] = mpl__arena_format(c->keep, "Arrows at the edge: %zu %s beyond it.", n_beyond,
                                     n_beyond == 1 ? "point lies" : "points lie");
    if (missing)
        all[n++] = mpl__arena_format(c->keep, "Not shown: %zu %s without an effect; the report lists %s with the "
                                     "reason%s.", missing, missing == 1 ? "study" : "studies",
                                     missing == 1 ? "it" : "them", missing == 1 ? "" : "s");
    n += mpl__plot_notes(c->analysis, c->options, c->keep, all + n);
    for (size_t i = 0; i < n; i++)
        if (!all[i])
            return mpl__fail_nomem(err, "the words of the figure");
    c->plot->footnotes = all;
    c->plot->n_footnotes = n;
    return MPL_OK;
}

mpl_status mpl__chart_finish(mpl__chart *c, const char *desc, const char *const *notes, size_t n_notes, mpl_error *err)
{
    size_t n = 0, n_beyond = 0;
    for (const mpl__panel *panel = c->first; panel; panel = panel->next)
        n++;
    mpl_plot_panel *const panels = MPL_NEW(c->keep, mpl_plot_panel, n);
    if (!panels || !desc)
        return mpl__fail_nomem(err, "the figure");
    n = 0;
    for (mpl__panel *panel = c->first; panel; panel = panel->next)
        MPL_TRY(finish_panel(c, panel, &panels[n++], &n_beyond, err));
    MPL_TRY(mpl__plot_head(c->analysis, c->options, c->plot, err));
    MPL_TRY(add_notes(c, notes, n_notes, n_beyond, err));
    c->plot->desc = c->plot->subtitle ? mpl__arena_format(c->keep, "%s %s.", desc, c->plot->subtitle) : desc;
    if (!c->plot->desc)
        return mpl__fail_nomem(err, "the words of the figure");
    c->plot->panels = panels;
    c->plot->n_panels = n;
    c->plot->no_legend = c->options->chart.no_legend;
    c->plot->palette = c->options->palette;
    return MPL_OK;
}
