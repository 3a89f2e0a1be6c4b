/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a multiverse that list: sets of analyses that agree, what was left out, all analyses. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "report/from_multiverse.h"

enum { MOST_CHOICES = 12, FEW_REASONS = 6 };

/* "95% CI vs 1" */
static const char *side_label(mpl__build *b, const mpl_multiverse *m, const char *what)
{
    return mpl__build_format(b, "%s %s vs %s", mpl__percent(b, m->fit->level), what, mpl__multiverse_threshold(b, m));
}

/* ---- rows that begin with the value of each choice */

typedef struct chosen_row {
    const char *values[MOST_CHOICES];
    const char *kind, *direction, *p, *ci, *pi, *omnibus, *why;
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
    MPL__STAT("pval_side", NULL, TEXT, chosen_row, p),
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
    MPL__STAT("qm", NULL, STATISTIC, chosen_row, a.qm),
    MPL__STAT("qm_df", NULL, DF, chosen_row, a.qm_df),
    MPL__STAT("qm_df2", NULL, DF, chosen_row, a.qm_df2),
    MPL__STAT("qm_pval", NULL, PVALUE, chosen_row, a.qm_pval),
    MPL__STAT("n_changed", NULL, COUNT, chosen_row, a.n_changed),
    MPL__STAT("shift", NULL, STATISTIC, chosen_row, a.shift),
    MPL__STAT("threshold", NULL, NUMBER, chosen_row, a.threshold),
    MPL__STAT("direction", NULL, TEXT, chosen_row, direction),
    MPL__STAT("pval_side", NULL, TEXT, chosen_row, p),
    MPL__STAT("omnibus_side", NULL, TEXT, chosen_row, omnibus),
    MPL__STAT("ci_side", NULL, TEXT, chosen_row, ci),
    MPL__STAT("pi_side", NULL, TEXT, chosen_row, pi),
    MPL__STAT("mean_set", NULL, COUNT, chosen_row, mean_set),
    MPL__STAT("prediction_set", NULL, COUNT, chosen_row, prediction_set),
};

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
        all[1 + c] = (mpl__stat){ .column = { .key = id, .label = is_shown ? m->choices[c].heading : NULL,
                                              .kind = MPL_KIND_TEXT },
                                  .offset = offsetof(chosen_row, values) + c * sizeof(const char *), .type = 's' };
    }
    memcpy(all + before, mpl__multiverse_stats(b, m, stats, n), n * sizeof *stats);
    return mpl__build_table(b, shape, all, before + n, 0);
}

static double number_of(size_t set)
{
    return set == SIZE_MAX ? (double)NAN : (double)set + 1;
}

static chosen_row row_of(const mpl_multiverse *m, size_t i)
{
    const mpl_alternative *const a = &m->analyses[i];
    chosen_row row = { .a = *a, .is_default = i == 0, .direction = mpl_side_text(a->sides[MPL_CONCLUDE_DIRECTION]),
                       .p = mpl_side_text(a->sides[MPL_CONCLUDE_P]), .ci = mpl_side_text(a->sides[MPL_CONCLUDE_CI]),
                       .pi = mpl_side_text(a->sides[MPL_CONCLUDE_PI]),
                       .omnibus = mpl_side_text(a->sides[MPL_CONCLUDE_OMNIBUS]),
                       .kind = a->is_common ? "common effect" : "random effects",
                       .mean_set = number_of(a->mean_set), .prediction_set = number_of(a->prediction_set), .n = 1 };
    for (size_t c = 0; c < m->n_choices && c < MOST_CHOICES; c++)
        row.values[c] = a->values[c] == SIZE_MAX ? NULL : m->choices[c].values[a->values[c]].id;
    return row;
}

static chosen_row set_row(const mpl_multiverse *m, const mpl_alternative_set *set, bool is_pi)
{
    const mpl_conclusion what = is_pi ? MPL_CONCLUDE_PI : MPL_CONCLUDE_CI;
    const mpl_side first = m->analyses[0].sides[what];
    chosen_row row = row_of(m, set->first);
    const mpl_side side = row.a.sides[what];
    memcpy(row.values, set->values, (m->n_choices < MOST_CHOICES ? m->n_choices : MOST_CHOICES) * sizeof *row.values);
    row.n = set->n;
    row.is_default = set->has_default;
    row.turns = first != MPL_SIDE_UNKNOWN && side != MPL_SIDE_UNKNOWN && side != first;
    row.why = set->why;
    return row;
}

/* ---- those that a reader looks for */

/* The set whose number is the least, or the largest. */
static size_t extreme_of(const mpl_multiverse *m, size_t which)
{
    size_t found = SIZE_MAX;
    double best = 0;
    for (size_t i = 0; i < m->n_mean_sets; i++) {
        const mpl_alternative *const a = &m->analyses[m->mean_sets[i].first];
        const double width = a->mean.ci_ub - a->mean.ci_lb;
        const double keys[] = { -a->mean.estimate, a->mean.estimate, -width, width, a->mean.log_pval };
        if (!isnan(keys[which]) && (found == SIZE_MAX || keys[which] > best)) {
            found = i;
            best = keys[which];
        }
    }
    return found;
}

/* In place of the list. */
static void add_extremes(mpl__build *b, const mpl_multiverse *m)
{
    static const char *const names[] = { "least estimate", "largest estimate", "narrowest interval",
                                         "widest interval", "largest p" };
    static const mpl__stat stats[] = {
        MPL__STAT("kind", "Analysis", TEXT, chosen_row, kind),
        MPL__STAT("choices", "Choices", TEXT, chosen_row, why),
        MPL__STAT("display_estimate", "Estimate", EFFECT, chosen_row, a.display_estimate),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, chosen_row, a.display_ci_lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, chosen_row, a.display_ci_ub),
        MPL__STAT("pval", "p", PVALUE, chosen_row, a.mean.pval),
    };
    if (!m->all.measure || m->n_mean_sets < 2)
        return;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "extremes", .label = "At the ends", .not_json = true,
                                                           .n_rows = 1 + MPL__COUNT(names) },
                                    mpl__multiverse_stats(b, m, stats, MPL__COUNT(stats)), MPL__COUNT(stats), 0);
    for (size_t i = 0; i <= MPL__COUNT(names); i++) {
        const size_t set = i ? extreme_of(m, i - 1) : m->analyses[0].mean_set;
        chosen_row row = set_row(m, &m->mean_sets[set == SIZE_MAX ? m->analyses[0].mean_set : set], false);
        row.kind = i ? names[i - 1] : "the analysis itself *";
        row.why = NULL;
        for (size_t c = 0; c < m->n_choices && c < MOST_CHOICES; c++)
            if (m->choices[c].n_values > 1 && !m->choices[c].is_of_prediction && row.values[c])
                row.why = mpl__build_format(b, "%s%s%s", row.why ? row.why : "", row.why ? "; " : "", row.values[c]);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_estimate", mpl__multiverse_estimate(m));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, m->fit->level)));
}

static void add_means(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    const char *const percent = mpl__percent(b, m->fit->level);
    const char *const label = m->coef ? "Intervals of the coefficient" : "Intervals of the mean";
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "means", .label = label,
                                                          .not_text = !is_listed, .n_rows = m->n_mean_sets },
                                "pi", mean_stats, MPL__COUNT(mean_stats));
    for (size_t i = 0; i < m->n_mean_sets; i++) {
        const chosen_row row = set_row(m, &m->mean_sets[i], false);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_estimate", mpl__multiverse_estimate(m));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", percent));
    mpl__table_label(&t, "ci_side", side_label(b, m, "CI"));
    if (mpl__multiverse_p_differs(m))
        mpl__table_label(&t, "pval_side", "by p");
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

static void add_left_out(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    mpl__table t = choice_table(b, m, (mpl_report_table){ .key = "left_out", .label = "Combinations left out",
                                                          .not_text = !is_listed || !m->n_left_out_sets,
                                                          .row_type = "left-out",
                                                          .n_rows = m->n_left_out_sets },
                                "pi", left_out_stats, MPL__COUNT(left_out_stats));
    for (size_t i = 0; i < m->n_left_out_sets; i++) {
        const chosen_row row = set_row(m, &m->left_out_sets[i], false);
        mpl__table_row(&t, &row);
    }
}

/* Reasons say by themselves which choices they are about. */
static void add_reasons(mpl__build *b, const mpl_multiverse *m)
{
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "reasons", .label = "Combinations left out",
                                                           .not_json = true, .n_rows = m->n_left_out_sets },
                                    left_out_stats, MPL__COUNT(left_out_stats), 0);
    for (size_t i = 0; i < m->n_left_out_sets; i++)
        mpl__table_row(&t, &(chosen_row){ .n = m->left_out_sets[i].n, .why = m->left_out_sets[i].why });
}

void mpl__multiverse_sets(mpl__build *b, const mpl_multiverse *m, bool lists_all, bool lists_means,
                          bool lists_predictions)
{
    const bool lists_left_out = lists_all || m->n_left_out_sets <= FEW_REASONS;
    if (!lists_means)
        add_extremes(b, m);
    add_means(b, m, lists_means);
    add_predictions(b, m, lists_predictions);
    add_left_out(b, m, lists_left_out);
    if (!lists_left_out)
        add_reasons(b, m);
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
