/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnostics of each study, a panel for each, with the limits beyond which studies are flagged. */
#include "plot/chart.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plot/diagnostics.h"

enum { COLUMNS = 2, MOST_TICKS = 12 };

/* Studies are numbered; every so many have a tick. */
static mpl_status number_axis(mpl__chart *c, mpl_plot_axis *axis, size_t k, mpl_error *err)
{
    const size_t every = (k + MOST_TICKS - 1) / MOST_TICKS, n = (k + every - 1) / every;
    double *const ticks = MPL_NEW(c->keep, double, n);
    const char **const labels = MPL_NEW(c->keep, const char *, n);
    if (!ticks || !labels)
        return mpl__fail_nomem(err, "the axis");
    for (size_t i = 0; i < n; i++) {
        ticks[i] = (double)(1 + i * every);
        labels[i] = mpl__arena_format(c->keep, "%zu", 1 + i * every);
        if (!labels[i])
            return mpl__fail_nomem(err, "the axis");
    }
    axis->ticks = ticks;
    axis->tick_labels = labels;
    axis->n_ticks = n;
    return MPL_OK;
}

/* A limit, on both sides of 0 where values are on both. */
static mpl_status add_limit(mpl__chart *c, mpl__panel *panel, double limit, bool both, mpl_error *err)
{
    for (int side = 0; side <= both && !isnan(limit); side++) {
        MPL_TRY(mpl__chart_rule(c, panel, "limit", "Limit beyond which studies are flagged", (double)NAN,
                                side ? -limit : limit, MPL_DASH_DASHED, err));
        panel->last->loose = false; /* infinite ends widen nothing */
    }
    return MPL_OK;
}

static mpl_status add_panel(mpl__chart *c, const mpl_influence *influence, size_t which, size_t at, mpl_error *err)
{
    const mpl_diagnostic *const d = (const mpl_diagnostic *)(const void *)mpl_diagnostic_method(which);
    mpl__panel *panel;
    mpl__curve *line, *studies;
    bool negative = false;
    MPL_TRY(mpl__chart_panel(c, d->method.id, &panel, err));
    panel->p.title = d->label;
    panel->p.column = at % COLUMNS;
    panel->p.row = at / COLUMNS;
    panel->p.width = 22;
    panel->p.height = 9;
    panel->x_min = (mpl_maybe){ true, 0.5 };
    panel->x_max = (mpl_maybe){ true, (double)influence->k + 0.5 };
    MPL_TRY(number_axis(c, &panel->p.x, influence->k, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, "joined", NULL, influence->k, &line, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, "studies", "Study, by its number", influence->k, &studies,
                            err));
    for (size_t i = 0; i < influence->k; i++) {
        const mpl_influence_row *const row = &influence->rows[i];
        line->x[i] = studies->x[i] = (double)(i + 1);
        line->y[i] = studies->y[i] = row->values[which];
        studies->texts[i] = mpl__plot_text(c->keep, row->study);
        studies->named[i] = fabs(row->values[which]) > influence->limits[which];
        negative = negative || row->values[which] < 0;
        if (!studies->texts[i])
            return mpl__fail_nomem(err, "the names of the studies");
    }
    line->s.tint = 0.5;
    line->s.thickness = 0.6;
    studies->s.size = 0.5;
    studies->s.hue = 1;
    return add_limit(c, panel, influence->limits[which], negative, err);
}

static mpl_status make(mpl__chart *c, const mpl_influence *influence, mpl_error *err)
{
    size_t at = 0;
    const mpl_method *method;
    for (size_t i = 0; (method = mpl_diagnostic_method(i)); i++) {
        const mpl_diagnostic *const d = (const mpl_diagnostic *)(const void *)method;
        bool any = false;
        for (size_t r = 0; r < influence->k; r++)
            any = any || isfinite(influence->rows[r].values[i]);
        if (!d->is_minor && any)
            MPL_TRY(add_panel(c, influence, i, at++, err));
    }
    mpl__text t = { 0 };
    for (size_t i = 0; i < influence->k; i++) {
        mpl__text_format(&t, "%s%zu ", i ? "; " : "Studies: ", i + 1);
        mpl__text_visible(&t, influence->rows[i].study);
    }
    mpl__text_char(&t, '.');
    const char *const note = mpl__plot_keep(c->keep, &t);
    const char *const desc = mpl__arena_format(c->keep, "Diagnostics of %zu studies, %zu of them flagged.",
                                               influence->k, influence->n_flagged);
    return mpl__chart_finish(c, desc, &note, 1, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_influence *influence;
    MPL_TRY(mpl_influence_new(analysis->effects, NULL, analysis->fit, NULL, &influence, err));
    const mpl_status s = make(&c, influence, err);
    mpl_influence_free(influence);
    return s;
}

const mpl__plot_def mpl__plot_influence = {
    .method = { .id = "influence", .title = "diagnostics of each study and what flags it",
                .cite = "Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, NULL },
    .build = build,
};
