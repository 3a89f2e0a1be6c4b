/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a multiverse: choices, sets of analyses that agree, all analyses. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "report/from_multiverse.h"

enum { MOST_CHOICES = 12 };

const char *mpl__multiverse_estimate(const mpl_multiverse *m)
{
    return m->all.measure ? mpl__estimate_label(m->analyses[0].measure) : "Effect";
}

const char *mpl__multiverse_threshold(mpl__build *b, const mpl_multiverse *m)
{
    char number[32];
    return isnan(m->threshold) ? "the null" : mpl__build_format(b, "%s", mpl__show(m->threshold, number));
}

/* "95% CI vs 1" */
static const char *side_label(mpl__build *b, const mpl_multiverse *m, const char *what)
{
    return mpl__build_format(b, "%s %s vs %s", mpl__percent(b, m->fit->level), what, mpl__multiverse_threshold(b, m));
}

static size_t excluding(const mpl_sides *sides)
{
    return sides->n_below + sides->n_above;
}

/* ---- ranges */

typedef struct range_row {
    mpl_multiverse_range r;
    const char *kind;
    size_t ci_excludes, pi_excludes;
} range_row;

static void add_ranges(mpl__build *b, const mpl_multiverse *m)
{
    static const mpl__stat stats[] = {
        MPL__STAT("model", "Model", TEXT, range_row, kind),
        MPL__STAT("measure", NULL, TEXT, range_row, r.measure),
        MPL__STAT("n_means", "Analyses", COUNT, range_row, r.n_means),
        MPL__STAT("n_distinct", "Distinct", COUNT, range_row, r.n_distinct),
        MPL__STAT("k_least", NULL, COUNT, range_row, r.k_least),
        MPL__STAT("k_most", NULL, COUNT, range_row, r.k_most),
        MPL__STAT_LB("display_estimate_least", "Estimates", EFFECT, range_row, r.estimate.lb),
        MPL__STAT("display_estimate_most", NULL, EFFECT, range_row, r.estimate.ub),
        MPL__STAT_LB("display_ci_lb_least", "Lower limits", EFFECT, range_row, r.ci_lb.lb),
        MPL__STAT("display_ci_lb_most", NULL, EFFECT, range_row, r.ci_lb.ub),
        MPL__STAT_LB("display_ci_ub_least", "Upper limits", EFFECT, range_row, r.ci_ub.lb),
        MPL__STAT("display_ci_ub_most", NULL, EFFECT, range_row, r.ci_ub.ub),
        MPL__STAT_LB("tau2_least", "τ²", VARIANCE, range_row, r.tau2.lb),
        MPL__STAT("tau2_most", NULL, VARIANCE, range_row, r.tau2.ub),
        MPL__STAT("pval_least", NULL, PVALUE, range_row, r.pval.lb),
        MPL__STAT("pval_most", "p at most", PVALUE, range_row, r.pval.ub),
        MPL__STAT("ci_excludes", "CI excludes", COUNT, range_row, ci_excludes),
        MPL__STAT("n_predictions", "PIs", COUNT, range_row, r.n_predictions),
        MPL__STAT("display_pi_lb_least", NULL, EFFECT, range_row, r.pi_lb.lb),
        MPL__STAT("display_pi_lb_most", NULL, EFFECT, range_row, r.pi_lb.ub),
        MPL__STAT("display_pi_ub_least", NULL, EFFECT, range_row, r.pi_ub.lb),
        MPL__STAT("display_pi_ub_most", NULL, EFFECT, range_row, r.pi_ub.ub),
        MPL__STAT("pi_excludes", "PI excludes", COUNT, range_row, pi_excludes),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "ranges", .label = "By model",
                                                           .not_text = m->n_ranges == 1, .n_rows = m->n_ranges },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_ranges; i++) {
        const mpl_multiverse_range *const r = &m->ranges[i];
        mpl__table_row(&t, &(range_row){ .r = *r, .kind = r->is_common ? "common effect" : "random effects",
                                         .ci_excludes = excluding(&r->ci), .pi_excludes = excluding(&r->pi) });
    }
    if (!m->all.measure)
        mpl__table_label(&t, "measure", "Measure");
}

/* ---- choices */

typedef struct choice_row {
    mpl_choice c;
    const char *choice, *title;
    double changes, settings, pi_changes, pi_settings; /* NaN = nothing to compare */
} choice_row;

static void add_moves(mpl__build *b, const mpl_multiverse *m, size_t n)
{
    static const mpl__stat stats[] = {
        MPL__STAT("choice", "Choice", TEXT, choice_row, choice),
        MPL__STAT("title", NULL, TEXT, choice_row, title),
        MPL__STAT("n_values", "Values", COUNT, choice_row, c.n_values),
        MPL__STAT_LB("display_estimate_least", "Moves it most", EFFECT, choice_row, c.estimate.lb),
        MPL__STAT("display_estimate_most", NULL, EFFECT, choice_row, c.estimate.ub),
        MPL__STAT("share", "Explains", PERCENT, choice_row, c.share),
        MPL__STAT("width_ratio", "CI width ratio", STATISTIC, choice_row, c.width_ratio),
        MPL__STAT("width_share", "Explains", PERCENT, choice_row, c.width_share),
        MPL__STAT("n_changes", "CI turns in", COUNT, choice_row, changes),
        MPL__STAT("n_settings", "of", COUNT, choice_row, settings),
        MPL__STAT("n_pi_changes", "PI turns in", COUNT, choice_row, pi_changes),
        MPL__STAT("n_pi_settings", "of", COUNT, choice_row, pi_settings),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "choices", .n_rows = n,
                                                           .label = "What each choice moves, all others kept" },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_choices; i++) {
        const mpl_choice *const c = &m->choices[i];
        const bool is_mean = c->n_settings > 0, is_pi = c->n_pi_settings > 0;
        if (c->n_values > 1)
            mpl__table_row(&t, &(choice_row){ .c = *c, .choice = c->method->id, .title = c->method->title,
                                              .changes = is_mean ? (double)c->n_changes : NAN,
                                              .settings = is_mean ? (double)c->n_settings : NAN,
                                              .pi_changes = is_pi ? (double)c->n_pi_changes : NAN,
                                              .pi_settings = is_pi ? (double)c->n_pi_settings : NAN });
    }
    if (m->all.measure)
        mpl__table_label(&t, "display_estimate_least",
                         mpl__build_format(b, "%s moves at most", mpl__multiverse_estimate(m)));
}

typedef struct value_row {
    mpl_choice_value v;
    const char *choice;
    bool is_default;
    double means, ci_excludes, pi_excludes; /* NaN = the choice has no say in it */
} value_row;

static bool all_agree(const mpl_sides *s)
{
    return s->n_below == s->n || s->n_includes == s->n || s->n_above == s->n;
}

static void add_values(mpl__build *b, const mpl_multiverse *m, size_t n)
{
    static const mpl__stat stats[] = {
        MPL__STAT("default", "", MARK, value_row, is_default),
        MPL__STAT("choice", "Choice", TEXT, value_row, choice),
        MPL__STAT("value", "Value", TEXT, value_row, v.id),
        MPL__STAT("title", NULL, TEXT, value_row, v.title),
        MPL__STAT_LB("display_estimate_least", "Estimates", EFFECT, value_row, v.estimate.lb),
        MPL__STAT("display_estimate_most", NULL, EFFECT, value_row, v.estimate.ub),
        MPL__STAT("n_ci_excludes", "CI excludes", COUNT, value_row, ci_excludes),
        MPL__STAT("n_means", "of", COUNT, value_row, means),
        MPL__STAT("n_pi_excludes", "PI excludes", COUNT, value_row, pi_excludes),
        MPL__STAT("n_predictions", "of", COUNT, value_row, v.n_predictions),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "values", .n_rows = n,
                                                           .label = "What comes out under each value",
                                                           .not_text = all_agree(&m->all.ci) &&
                                                                       all_agree(&m->all.pi) },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t c = 0; c < m->n_choices; c++)
        for (size_t i = 0; m->choices[c].n_values > 1 && i < m->choices[c].n_values; i++) {
            const mpl_choice_value *const v = &m->choices[c].values[i];
            const bool is_default = m->analyses[0].values[c] == i;
            mpl__table_row(&t, &(value_row){
                .v = *v, .choice = m->choices[c].method->id, .is_default = is_default,
                .means = v->n_means ? (double)v->n_means : NAN,
                .ci_excludes = v->ci.n ? (double)excluding(&v->ci) : NAN,
                .pi_excludes = v->pi.n ? (double)excluding(&v->pi) : NAN });
        }
    mpl__table_label(&t, "display_estimate_least", mpl__multiverse_estimate(m));
}

void mpl__multiverse_choices(mpl__build *b, const mpl_multiverse *m)
{
    size_t n = 0, n_values = 0;
    for (size_t c = 0; c < m->n_choices; c++) {
        n += m->choices[c].n_values > 1;
        n_values += m->choices[c].n_values > 1 ? m->choices[c].n_values : 0;
    }
    add_ranges(b, m);
    add_moves(b, m, n);
    add_values(b, m, n_values);
}

/* ---- rows that begin with the value of each choice */

typedef struct chosen_row {
    const char *values[MOST_CHOICES];
    const char *kind, *ci, *pi, *why;
    size_t n;
    double mean_set, prediction_set; /* numbers of the sets; NaN = none */
    bool is_default, turns;
    mpl_alternative a;
} chosen_row;

static const mpl__stat mean_stats[] = {
    MPL__STAT("n", "Analyses", COUNT, chosen_row, n),
    MPL__STAT("k", NULL, COUNT, chosen_row, a.k),
    MPL__STAT("estimate", NULL, EFFECT, chosen_row, a.mean.estimate),
    MPL__STAT("se", NULL, EFFECT, chosen_row, a.mean.se),
    MPL__STAT("ci_lb", NULL, EFFECT, chosen_row, a.mean.ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, chosen_row, a.mean.ci_ub),
    MPL__STAT("display_estimate", "Estimate", EFFECT, chosen_row, a.display_estimate),
    MPL__STAT_LB("display_ci_lb", "CI", EFFECT, chosen_row, a.display_ci_lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, chosen_row, a.display_ci_ub),
    MPL__STAT("statistic", NULL, STATISTIC, chosen_row, a.mean.statistic),
    MPL__STAT("df", NULL, DF, chosen_row, a.mean.df),
    MPL__STAT("pval", "p", PVALUE, chosen_row, a.mean.pval),
    MPL__STAT("log_pval", NULL, LOG_PVALUE, chosen_row, a.mean.log_pval),
    MPL__STAT("tau2", "τ²", VARIANCE, chosen_row, a.tau2),
    MPL__STAT("ci_side", "CI vs", TEXT, chosen_row, ci),
    MPL__STAT("turns", "Turned", MARK, chosen_row, turns),
};

static const mpl__stat prediction_stats[] = {
    MPL__STAT("n", "Analyses", COUNT, chosen_row, n),
    MPL__STAT("pi_lb", NULL, EFFECT, chosen_row, a.pi_lb),
    MPL__STAT("pi_ub", NULL, EFFECT, chosen_row, a.pi_ub),
    MPL__STAT_LB("display_pi_lb", "PI", EFFECT, chosen_row, a.display_pi_lb),
    MPL__STAT("display_pi_ub", NULL, EFFECT, chosen_row, a.display_pi_ub),
    MPL__STAT("pi_side", "PI vs", TEXT, chosen_row, pi),
    MPL__STAT("turns", "Turned", MARK, chosen_row, turns),
};

static const mpl__stat left_out_stats[] = {
    MPL__STAT("n", "Combinations", COUNT, chosen_row, n),
    MPL__STAT("reason", "Reason", TEXT, chosen_row, why),
};

static const mpl__stat analysis_stats[] = {
    MPL__STAT("model", NULL, TEXT, chosen_row, kind),
    MPL__STAT("k", NULL, COUNT, chosen_row, a.k),
    MPL__STAT("estimate", NULL, EFFECT, chosen_row, a.mean.estimate),
    MPL__STAT("se", NULL, EFFECT, chosen_row, a.mean.se),
    MPL__STAT("ci_lb", NULL, EFFECT, chosen_row, a.mean.ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, chosen_row, a.mean.ci_ub),
    MPL__STAT("display_estimate", NULL, EFFECT, chosen_row, a.display_estimate),
    MPL__STAT("display_ci_lb", NULL, EFFECT, chosen_row, a.display_ci_lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, chosen_row, a.display_ci_ub),
    MPL__STAT("statistic", NULL, STATISTIC, chosen_row, a.mean.statistic),
    MPL__STAT("df", NULL, DF, chosen_row, a.mean.df),
    MPL__STAT("pval", NULL, PVALUE, chosen_row, a.mean.pval),
    MPL__STAT("log_pval", NULL, LOG_PVALUE, chosen_row, a.mean.log_pval),
    MPL__STAT("tau2", NULL, VARIANCE, chosen_row, a.tau2),
    MPL__STAT("i2", NULL, PERCENT, chosen_row, a.i2),
    MPL__STAT("pi_lb", NULL, EFFECT, chosen_row, a.pi_lb),
    MPL__STAT("pi_ub", NULL, EFFECT, chosen_row, a.pi_ub),
    MPL__STAT("display_pi_lb", NULL, EFFECT, chosen_row, a.display_pi_lb),
    MPL__STAT("display_pi_ub", NULL, EFFECT, chosen_row, a.display_pi_ub),
    MPL__STAT("threshold", NULL, NUMBER, chosen_row, a.threshold),
    MPL__STAT("ci_side", NULL, TEXT, chosen_row, ci),
    MPL__STAT("pi_side", NULL, TEXT, chosen_row, pi),
    MPL__STAT("mean_set", NULL, COUNT, chosen_row, mean_set),
    MPL__STAT("prediction_set", NULL, COUNT, chosen_row, prediction_set),
};

/* "method" -> "Method", "pi" -> "PI" */
static const char *heading(mpl__build *b, const char *id)
{
    if (!strcmp(id, "pi"))
        return "PI";
    if (!strcmp(id, "zeros"))
        return "Zero cells";
    return mpl__build_format(b, "%c%s", id[0] - 'a' + 'A', id + 1);
}

/* A table with the mark of the default, a column for each choice, and `stats`. People see the choices that have several
 * values, but not `hidden`. */
static mpl__table choice_table(mpl__build *b, const mpl_multiverse *m, mpl_report_table shape, const char *hidden,
                               const mpl__stat *stats, size_t n)
{
    static const mpl__stat own[] = { MPL__STAT("default", "", MARK, chosen_row, is_default) };
    const size_t n_choices = m->n_choices < MOST_CHOICES ? m->n_choices : MOST_CHOICES, before = 1 + n_choices;
    mpl__stat *const all = MPL_NEW(b->arena, mpl__stat, before + n);
    if (!all) {
        b->failed = true;
        return (mpl__table){ .b = b };
    }
    memcpy(all, own, sizeof own);
    for (size_t c = 0; c < n_choices; c++) {
        const char *const id = m->choices[c].method->id;
        const bool is_shown = m->choices[c].n_values > 1 && strcmp(id, hidden) != 0;
        all[1 + c] = (mpl__stat){ .column = { .key = id, .label = is_shown ? heading(b, id) : NULL,
                                              .kind = MPL_KIND_TEXT },
                                  .offset = offsetof(chosen_row, values) + c * sizeof(const char *), .type = 's' };
    }
    memcpy(all + before, stats, n * sizeof *stats);
    return mpl__build_table(b, shape, all, before + n, 0);
}

static double number_of(size_t set)
{
    return set == SIZE_MAX ? (double)NAN : (double)set + 1;
}

static chosen_row row_of(const mpl_multiverse *m, size_t i)
{
    const mpl_alternative *const a = &m->analyses[i];
    chosen_row row = { .a = *a, .is_default = i == 0, .ci = mpl_side_text(a->ci),
                       .pi = mpl_side_text(a->pi), .kind = a->is_common ? "common effect" : "random effects",
                       .mean_set = number_of(a->mean_set), .prediction_set = number_of(a->prediction_set), .n = 1 };
    for (size_t c = 0; c < m->n_choices && c < MOST_CHOICES; c++)
        row.values[c] = a->values[c] == SIZE_MAX ? NULL : m->choices[c].values[a->values[c]].id;
    return row;
}

static chosen_row set_row(const mpl_multiverse *m, const mpl_alternative_set *set, bool is_pi)
{
    const mpl_side first = is_pi ? m->analyses[0].pi : m->analyses[0].ci;
    chosen_row row = row_of(m, set->first);
    const mpl_side side = is_pi ? row.a.pi : row.a.ci;
    memcpy(row.values, set->values, (m->n_choices < MOST_CHOICES ? m->n_choices : MOST_CHOICES) * sizeof *row.values);
    row.n = set->n;
    row.is_default = set->has_default;
    row.turns = first != MPL_SIDE_UNKNOWN && side != MPL_SIDE_UNKNOWN && side != first;
    row.why = set->why;
    return row;
}

static void add_means(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    const char *const percent = mpl__percent(b, m->fit->level);
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "means", .label = "Intervals of the mean",
                                                          .not_text = !is_listed, .n_rows = m->n_mean_sets },
                                "pi", mean_stats, MPL__COUNT(mean_stats));
    for (size_t i = 0; i < m->n_mean_sets; i++) {
        const chosen_row row = set_row(m, &m->mean_sets[i], false);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_estimate", mpl__multiverse_estimate(m));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", percent));
    mpl__table_label(&t, "ci_side", side_label(b, m, "CI"));
    if (m->all.k_least != m->all.k_most)
        mpl__table_label(&t, "k", "k");
    if (m->n_mean_sets == m->all.n_means)
        mpl__table_label(&t, "n", NULL);
}

static void add_predictions(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "predictions", .label = "Prediction intervals",
                                                          .not_text = !is_listed || !m->n_prediction_sets,
                                                          .n_rows = m->n_prediction_sets },
                                "", prediction_stats, MPL__COUNT(prediction_stats));
    for (size_t i = 0; i < m->n_prediction_sets; i++) {
        const chosen_row row = set_row(m, &m->prediction_sets[i], true);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_pi_lb", mpl__build_format(b, "%s PI", mpl__percent(b, m->fit->level)));
    mpl__table_label(&t, "pi_side", side_label(b, m, "PI"));
}

static void add_left_out(mpl__build *b, const mpl_multiverse *m)
{
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "left_out", .label = "Combinations left out",
                                                          .not_text = !m->n_left_out_sets, .row_type = "left-out",
                                                          .n_rows = m->n_left_out_sets },
                                "pi", left_out_stats, MPL__COUNT(left_out_stats));
    for (size_t i = 0; i < m->n_left_out_sets; i++) {
        const chosen_row row = set_row(m, &m->left_out_sets[i], false);
        mpl__table_row(&t, &row);
    }
}

void mpl__multiverse_sets(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    add_means(b, m, is_listed);
    add_predictions(b, m, is_listed);
    add_left_out(b, m);
}

void mpl__multiverse_analyses(mpl__build *b, const mpl_multiverse *m)
{
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "analyses", .row_type = "analysis", .not_text = true,
                                                          .n_rows = m->n }, "", analysis_stats,
                                MPL__COUNT(analysis_stats));
    for (size_t i = 0; i < m->n; i++) {
        const chosen_row row = row_of(m, i);
        mpl__table_row(&t, &row);
    }
}
