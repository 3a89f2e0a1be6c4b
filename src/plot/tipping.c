/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tipping plot: the mean that is left, by how much more likely affirmative studies are to be published. */
#include "plot/chart.h"

#include <math.h>

#include <metapool/tipping.h>
#include "base/error.h"
#include "base/number.h"

enum { STEPS = 48 };

static const double FAR = 100; /* severity up to which means are shown, if nothing tips beyond */

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_tipping_option_table, tipping);

/* Severities from 1 to `most`, evenly by their logarithm, as a list. */
static const char *severities(mpl__arena *arena, double most)
{
    mpl__text t = { 0 };
    for (size_t i = 0; i <= STEPS; i++) {
        char number[MPL__NUMBER_SIZE];
        mpl__number_write(exp(log(most) * (double)i / STEPS), number);
        mpl__text_add(&t, i ? "," : "");
        mpl__text_add(&t, number);
    }
    return mpl__plot_keep(arena, &t);
}

/* The band of the method's intervals, behind its line. */
static mpl_status add_band(mpl__chart *c, mpl__panel *panel, const mpl_tipping_row *rows, size_t n, size_t hue,
                           mpl_error *err)
{
    mpl__curve *band;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_AREA, "interval", NULL, 2 * n, &band, err));
    for (size_t i = 0; i < n; i++) {
        band->x[i] = band->x[2 * n - 1 - i] = rows[i].severity;
        band->y[i] = mpl__chart_effect(c, rows[i].mean.ci_lb);
        band->y[2 * n - 1 - i] = mpl__chart_effect(c, rows[i].mean.ci_ub);
    }
    band->s.hue = hue;
    band->s.tint = 0.85;
    return MPL_OK;
}

/* Estimates as a line; the limit next to the target as a thin one of its kind. */
static mpl_status add_line(mpl__chart *c, mpl__panel *panel, const mpl_tipping *t, const mpl_tipping_row *rows,
                           size_t n, bool of_limit, size_t which, mpl_error *err)
{
    static const mpl_dash dashes[] = { MPL_DASH_SOLID, MPL_DASH_DASHED, MPL_DASH_DOTTED };
    mpl__curve *line;
    char *const title = mpl__arena_copy(c->keep, rows->method->title);
    if (!title)
        return mpl__fail_nomem(err, "the legend");
    title[0] = (char)(title[0] - 'a' + 'A'); /* titles start in lower case */
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_LINE, of_limit ? "limit" : rows->method->id, of_limit ? NULL : title,
                           n, &line, err));
    for (size_t i = 0; i < n; i++) {
        const mpl_term *const m = &rows[i].mean;
        line->x[i] = rows[i].severity;
        line->y[i] = mpl__chart_effect(c, !of_limit ? m->estimate : t->sign > 0 ? m->ci_lb : m->ci_ub);
    }
    line->s.hue = which + 1;
    line->s.dash = dashes[which % 3];
    line->s.thickness = of_limit ? 0.7 : 1.8;
    return MPL_OK;
}

static mpl_status make(mpl__chart *c, const mpl_tipping *t, mpl_error *err)
{
    mpl__panel *panel;
    size_t n = 0;
    while (n < t->n_rows && t->rows[n].method == t->rows[0].method)
        n++;
    const size_t n_methods = t->n_rows / n;
    MPL_TRY(mpl__chart_panel(c, "main", &panel, err));
    MPL_TRY(mpl__chart_effect_axis(c, &panel->p.y, err));
    panel->p.x.scale = MPL_SCALE_LOG;
    panel->p.x.label = "Severity of selection (log scale)";
    for (size_t i = 0; i < n_methods; i++)
        if (t->rows[i * n].method == mpl_tipping_method(1))
            MPL_TRY(add_band(c, panel, &t->rows[i * n], n, i + 1, err));
    MPL_TRY(mpl__chart_rule(c, panel, "target", "Target", (double)NAN, mpl__chart_effect(c, t->target),
                            MPL_DASH_DOTTED, err));
    for (size_t i = 0; i < n_methods; i++)
        for (size_t of_limit = 0; of_limit < 2; of_limit++)
            MPL_TRY(add_line(c, panel, t, &t->rows[i * n], n, of_limit, i, err));
    if (!t->worst_why)
        MPL_TRY(mpl__chart_rule(c, panel, "worst", "Only studies that are not affirmative", (double)NAN,
                                mpl__chart_effect(c, t->worst.estimate), MPL_DASH_DASHED, err));
    const char *const note = mpl__arena_format(
        c->keep, "Severity: how many times as likely the %zu affirmative of %zu studies are to be published. Thick "
        "lines: estimates; thin lines: the %s limits of their intervals; band: intervals with random-effects weights.",
        t->k_affirmative, t->k, t->sign > 0 ? "lower" : "upper");
    const char *const desc = mpl__arena_format(c->keep, "Tipping plot of %zu studies: the mean that is left against "
                                               "the severity of selection for publication, by %zu corrections.", t->k,
                                               n_methods);
    if (!note)
        return mpl__fail_nomem(err, "the figure");
    return mpl__chart_finish(c, desc, &note, 1, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_tipping_options o = options->tipping;
    mpl_analysis all = *analysis;
    mpl_tipping *tipping;
    all.subgroups = NULL;
    if (!o.severities && !(o.severities = severities(scratch, FAR)))
        return mpl__fail_nomem(err, "the figure");
    MPL_TRY(mpl_tipping_new(&all, &o, &tipping, err));
    const mpl_status s = make(&c, tipping, err);
    mpl_tipping_free(tipping);
    return s;
}

const mpl__plot_def mpl__plot_tipping = {
    .method = { .id = "tipping", .title = "means by severity of selection for publication",
                .cite = "Mathur & VanderWeele 2020, J R Stat Soc C 69:1091-1119" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
