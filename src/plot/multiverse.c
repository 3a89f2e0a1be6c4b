/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The specification curve of an analysis: every distinct interval of the mean in order of the estimates, and below
 * them, for each choice, which of its values give that interval.
 */
#include "plot/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_multiverse_option_table, multiverse);
static const double nowhere[1]; /* ticks of an axis without any */
static const double WIDTH = 44;

/* One distinct interval and its place in the figure. */
typedef struct column {
    size_t set;
    const mpl_alternative *a;
} column;

static int by_estimate(const void *a, const void *b)
{
    const column *const x = a, *const y = b;
    if (x->a->mean.estimate != y->a->mean.estimate)
        return x->a->mean.estimate < y->a->mean.estimate ? -1 : 1;
    return (x->set > y->set) - (x->set < y->set);
}

static mpl_status list_columns(mpl__chart *c, const mpl_multiverse *m, column **out, mpl_error *err)
{
    column *const columns = *out = MPL_NEW(c->scratch, column, m->n_mean_sets);
    if (!columns)
        return mpl__fail_nomem(err, "the figure");
    for (size_t i = 0; i < m->n_mean_sets; i++)
        columns[i] = (column){ i, &m->analyses[m->mean_sets[i].first] };
    qsort(columns, m->n_mean_sets, sizeof *columns, by_estimate);
    return MPL_OK;
}

/* Points do not hide their neighbours. */
static double marker(size_t n_columns)
{
    return fmin(0.55, WIDTH / (double)n_columns);
}

/* A panel as wide as the others, without an axis of its own below. */
static mpl_status add_panel(mpl__chart *c, const char *key, size_t row, size_t n, mpl__panel **out, mpl_error *err)
{
    MPL_TRY(mpl__chart_panel(c, key, out, err));
    (*out)->p.row = row;
    (*out)->p.width = WIDTH;
    (*out)->x_min = (mpl_maybe){ true, 0.5 };
    (*out)->x_max = (mpl_maybe){ true, (double)n + 0.5 };
    (*out)->p.x.ticks = nowhere;
    return MPL_OK;
}

/* ---- the curve */

/* Effects as the axis shows them; coefficients as they are. */
static double shown(const mpl__chart *c, const mpl_multiverse *m, double x)
{
    return m->coef ? x : mpl__chart_effect(c, x);
}

typedef enum look { OWN, DISTRIBUTION, COMMON } look;

static look look_of(const mpl_multiverse *m, const column *col)
{
    return m->mean_sets[col->set].has_default ? OWN : col->a->is_common ? COMMON : DISTRIBUTION;
}

/* Estimates and intervals of one look. */
static mpl_status add_curve(mpl__chart *c, mpl__panel *panel, const mpl_multiverse *m, const column *columns,
                            look which, mpl_error *err)
{
    static const char *const keys[] = { "analysis", "random-effects", "common-effect" };
    static const char *const labels[] = { "The analysis itself", "Random effects", "One common effect" };
    static const mpl_shape shapes[] = { MPL_SHAPE_DIAMOND, MPL_SHAPE_CIRCLE, MPL_SHAPE_SQUARE };
    mpl__curve *lines, *points;
    size_t n = 0;
    for (size_t i = 0; i < m->n_mean_sets; i++)
        n += look_of(m, &columns[i]) == which;
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_SEGMENTS, "intervals", NULL, n, &lines, err));
    MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, keys[which], labels[which], n, &points, err));
    n = 0;
    for (size_t i = 0; i < m->n_mean_sets; i++) {
        const mpl_alternative *const a = columns[i].a;
        if (look_of(m, &columns[i]) != which)
            continue;
        lines->x[n] = lines->x2[n] = points->x[n] = (double)(i + 1);
        lines->y[n] = shown(c, m, a->mean.ci_lb);
        lines->y2[n] = shown(c, m, a->mean.ci_ub);
        points->y[n++] = shown(c, m, a->mean.estimate);
    }
    lines->s.hue = points->s.hue = which == OWN ? 0 : which == COMMON ? 2 : 1;
    lines->s.thickness = which == OWN ? 1.8 : 0.9;
    lines->s.tint = which == OWN ? 0 : 0.35;
    points->s.shape = shapes[which];
    points->s.hollow = which == COMMON;
    points->s.size = which == OWN ? 0.9 : marker(m->n_mean_sets);
    return MPL_OK;
}

static mpl_status add_effects(mpl__chart *c, const mpl_multiverse *m, const column *columns, mpl_error *err)
{
    mpl__panel *panel;
    MPL_TRY(add_panel(c, "effects", 0, m->n_mean_sets, &panel, err));
    if (!m->coef) {
        MPL_TRY(mpl__chart_effect_axis(c, &panel->p.y, err));
    } else {
        panel->p.y.label = mpl__arena_format(c->keep, "Coefficient of %s", m->coef);
        if (!panel->p.y.label)
            return mpl__fail_nomem(err, "the axis");
    }
    panel->p.height = 18;
    panel->p.y.null_value = (double)NAN; /* the threshold is drawn instead */
    MPL_TRY(mpl__chart_rule(c, panel, "threshold", m->options.threshold.given ? "Threshold" : "No effect", (double)NAN,
                            m->threshold, MPL_DASH_DOTTED, err));
    panel->last->loose = isnan(m->threshold);
    MPL_TRY(add_curve(c, panel, m, columns, DISTRIBUTION, err));
    MPL_TRY(add_curve(c, panel, m, columns, COMMON, err));
    return add_curve(c, panel, m, columns, OWN, err);
}

/* ---- the choices */

static mpl_status name_values(mpl__chart *c, mpl_plot_axis *axis, const mpl_choice *choice, mpl_error *err)
{
    double *const ticks = MPL_NEW(c->keep, double, choice->n_values);
    const char **const labels = MPL_NEW(c->keep, const char *, choice->n_values);
    if (!ticks || !labels)
        return mpl__fail_nomem(err, "the axis");
    for (size_t v = 0; v < choice->n_values; v++) {
        ticks[v] = (double)(v + 1);
        labels[v] = mpl__plot_text(c->keep, choice->values[v].id);
        if (!labels[v])
            return mpl__fail_nomem(err, "the axis");
    }
    axis->reversed = true;
    axis->ticks = ticks;
    axis->tick_labels = labels;
    axis->n_ticks = choice->n_values;
    return MPL_OK;
}

/* Which values the sets have: [n_mean_sets x n_values] flags, in the order of the columns. */
static mpl_status find_values(mpl__chart *c, const mpl_multiverse *m, size_t choice, const column *columns,
                              bool **out, size_t *n, mpl_error *err)
{
    const size_t n_values = m->choices[choice].n_values;
    bool *const has = *out = MPL_NEW(c->scratch, bool, m->n_mean_sets * n_values);
    size_t *const place = MPL_NEW(c->scratch, size_t, m->n_mean_sets);
    *n = 0;
    if (!has || !place)
        return mpl__fail_nomem(err, "the figure");
    for (size_t i = 0; i < m->n_mean_sets; i++)
        place[columns[i].set] = i;
    for (size_t i = 0; i < m->n; i++) {
        bool *const flag = &has[place[m->analyses[i].mean_set] * n_values + m->analyses[i].values[choice]];
        *n += !*flag;
        *flag = true;
    }
    return MPL_OK;
}

/* Whether its interval concludes otherwise than that of the analysis itself. */
static bool is_turned(const mpl_multiverse *m, const column *col)
{
    const mpl_side own = m->analyses[0].sides[MPL_CONCLUDE_CI], side = col->a->sides[MPL_CONCLUDE_CI];
    return own && side && side != own;
}

static mpl_status add_choice(mpl__chart *c, const mpl_multiverse *m, size_t choice, size_t row, const column *columns,
                             mpl_error *err)
{
    const bool is_first_turned = row == 1;
    const size_t n_values = m->choices[choice].n_values;
    mpl__panel *panel;
    mpl__curve *dots;
    bool *has;
    size_t n;
    MPL_TRY(find_values(c, m, choice, columns, &has, &n, err));
    MPL_TRY(add_panel(c, m->choices[choice].method->id, row, m->n_mean_sets, &panel, err));
    MPL_TRY(name_values(c, &panel->p.y, &m->choices[choice], err));
    panel->p.title = m->choices[choice].method->id;
    panel->p.height = 1.3 * (double)n_values;
    panel->y_min = (mpl_maybe){ true, 0.5 };
    panel->y_max = (mpl_maybe){ true, (double)n_values + 0.5 };
    for (int turned = 0; turned < 2; turned++) {
        size_t n_dots = 0;
        for (size_t i = 0; i < m->n_mean_sets * n_values; i++)
            n_dots += has[i] && is_turned(m, &columns[i / n_values]) == (turned == 1);
        if (turned && n_dots == 0)
            continue;
        MPL_TRY(mpl__chart_add(c, panel, MPL_SERIES_POINTS, turned ? "turned" : "values",
                               turned && is_first_turned ? "Concludes otherwise" : NULL, n_dots, &dots, err));
        n_dots = 0;
        for (size_t i = 0; i < m->n_mean_sets * n_values; i++)
            if (has[i] && is_turned(m, &columns[i / n_values]) == (turned == 1)) {
                dots->x[n_dots] = (double)(i / n_values + 1);
                dots->y[n_dots++] = (double)(i % n_values + 1);
            }
        dots->s.size = marker(m->n_mean_sets);
        dots->s.hollow = turned;
    }
    return MPL_OK;
}

static mpl_status make(mpl__chart *c, const mpl_multiverse *m, mpl_error *err)
{
    column *columns;
    size_t row = 1;
    if (!m->all.measure)
        return mpl__fail(err, MPL_ERR_ARG, "a multiverse plot shows one measure; effects of several are on different "
                         "scales");
    MPL_TRY(list_columns(c, m, &columns, err));
    MPL_TRY(add_effects(c, m, columns, err));
    for (size_t i = 0; i < m->n_choices; i++)
        if (m->choices[i].n_values > 1 && !m->choices[i].is_of_prediction)
            MPL_TRY(add_choice(c, m, i, row++, columns, err));
    c->last->p.x.label = "Distinct results, in order of the estimate";
    mpl__text t = { 0 };
    mpl__text_format(&t, "%zu analyses, %zu distinct intervals. Several dots of one choice below an "
                     "interval: these values give the same. The ", m->all.n_means, m->n_mean_sets);
    mpl__plot_add_percent(&t, m->fit->level);
    mpl__text_format(&t, " interval lies on one side of the dotted line in %zu of %zu analyses.%s",
                     m->all.sides[MPL_CONCLUDE_CI].n_below + m->all.sides[MPL_CONCLUDE_CI].n_above, m->all.n_means,
                     m->is_partial ? " Stopped before the end." : "");
    const char *const note = mpl__plot_keep(c->keep, &t);
    const char *const desc = mpl__arena_format(c->keep, "Specification curve: %zu distinct pooled estimates of %zu "
                                               "analyses in order, and the choices that lead to each.",
                                               m->n_mean_sets, m->all.n_means);
    return note ? mpl__chart_finish(c, desc, &note, 1, err) : mpl__fail_nomem(err, "the words of the figure");
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__chart c = mpl__chart_start(analysis, options, plot, scratch);
    mpl_multiverse *m;
    MPL_TRY(mpl_multiverse_new(analysis, &options->multiverse, &analysis->fit->options.run, &m, err));
    const mpl_status s = make(&c, m, err);
    mpl_multiverse_free(m);
    return s;
}

const mpl__plot_def mpl__plot_multiverse = {
    .method = { .id = "multiverse", .title = "the estimates of all combinations of choices, and the choices",
                .cite = "Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208-1214" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_chart, &group, NULL },
    .build = build,
};
