/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a multiverse that sum up: ranges, choices and their values, distances. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/from_multiverse.h"

enum { FEW_VALUES = 16 };

const char *mpl__multiverse_estimate(const mpl_multiverse *m)
{
    return m->coef ? "Coefficient" : m->all.measure ? mpl__estimate_label(m->analyses[0].measure) : "Effect";
}

const char *mpl__multiverse_threshold(mpl__build *b, const mpl_multiverse *m)
{
    char number[32];
    return isnan(m->threshold) ? "the null" : mpl__build_format(b, "%s", mpl__show(m->threshold, number));
}

const mpl__stat *mpl__multiverse_stats(mpl__build *b, const mpl_multiverse *m, const mpl__stat *stats, size_t n)
{
    mpl__stat *const own = m->coef ? MPL_NEW(b->arena, mpl__stat, n) : NULL;
    b->failed = b->failed || (m->coef && !own);
    if (!own)
        return stats;
    for (size_t i = 0; i < n; i++) {
        own[i] = stats[i];
        if (own[i].column.kind == MPL_KIND_EFFECT)
            own[i].column.kind = MPL_KIND_NUMBER;
    }
    return own;
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
        MPL__STAT("n_distinct", NULL, COUNT, range_row, r.n_distinct),
        MPL__STAT("k_least", NULL, COUNT, range_row, r.k_least),
        MPL__STAT("k_most", NULL, COUNT, range_row, r.k_most),
        MPL__STAT_LB("display_estimate_least", "Estimates", EFFECT, range_row, r.estimate.lb),
        MPL__STAT("display_estimate_most", NULL, EFFECT, range_row, r.estimate.ub),
        MPL__STAT("display_estimate_median", "Median", EFFECT, range_row, r.median_estimate),
        MPL__STAT_LB("display_ci_lb_least", "Lower limits", EFFECT, range_row, r.ci_lb.lb),
        MPL__STAT("display_ci_lb_most", NULL, EFFECT, range_row, r.ci_lb.ub),
        MPL__STAT_LB("display_ci_ub_least", "Upper limits", EFFECT, range_row, r.ci_ub.lb),
        MPL__STAT("display_ci_ub_most", NULL, EFFECT, range_row, r.ci_ub.ub),
        MPL__STAT("tau2_least", NULL, VARIANCE, range_row, r.tau2.lb),
        MPL__STAT("tau2_most", NULL, VARIANCE, range_row, r.tau2.ub),
        MPL__STAT("pval_least", NULL, PVALUE, range_row, r.pval.lb),
        MPL__STAT("pval_median", NULL, PVALUE, range_row, r.median_pval),
        MPL__STAT("pval_most", "p at most", PVALUE, range_row, r.pval.ub),
        MPL__STAT("ci_excludes", "CI excludes", COUNT, range_row, ci_excludes),
        MPL__STAT("n_predictions", NULL, COUNT, range_row, r.n_predictions),
        MPL__STAT("display_pi_lb_least", NULL, EFFECT, range_row, r.pi_lb.lb),
        MPL__STAT("display_pi_lb_most", NULL, EFFECT, range_row, r.pi_lb.ub),
        MPL__STAT("display_pi_ub_least", NULL, EFFECT, range_row, r.pi_ub.lb),
        MPL__STAT("display_pi_ub_most", NULL, EFFECT, range_row, r.pi_ub.ub),
        MPL__STAT("pi_excludes", NULL, COUNT, range_row, pi_excludes),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "ranges", .label = "By model",
                                                           .not_text = m->n_ranges == 1, .n_rows = m->n_ranges },
                                    mpl__multiverse_stats(b, m, stats, MPL__COUNT(stats)), MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_ranges; i++) {
        const mpl_multiverse_range *const r = &m->ranges[i];
        mpl__table_row(&t, &(range_row){ .r = *r, .kind = r->is_common ? "common effect" : "random effects",
                                         .ci_excludes = excluding(&r->sides[MPL_CONCLUDE_CI]),
                                         .pi_excludes = excluding(&r->sides[MPL_CONCLUDE_PI]) });
    }
    if (!m->all.measure) {
        mpl__table_label(&t, "measure", "Measure");
        mpl__table_label(&t, "pval_most", NULL);
        mpl__table_label(&t, "display_estimate_median", NULL);
    }
}

/* ---- choices */

typedef struct choice_row {
    mpl_choice c;
    const char *choice, *title;
    struct {
        double changes, settings; /* NaN = nothing to compare */
    } turns[MPL_CONCLUSIONS];
} choice_row;

#define TURNS(id, what, label)                                                                                       \
    MPL__STAT("n_" id "changes", label, COUNT, choice_row, turns[what].changes),                                     \
    MPL__STAT("n_" id "settings", label ? "of" : NULL, COUNT, choice_row, turns[what].settings)

static void add_moves(mpl__build *b, const mpl_multiverse *m, size_t n)
{
    static const mpl__stat stats[] = {
        MPL__STAT("choice", "Choice", TEXT, choice_row, choice),
        MPL__STAT("title", NULL, TEXT, choice_row, title),
        MPL__STAT("n_values", "Values", COUNT, choice_row, c.n_values),
        MPL__STAT_LB("display_estimate_least", "Moves it most", EFFECT, choice_row, c.estimate.lb),
        MPL__STAT("display_estimate_most", NULL, EFFECT, choice_row, c.estimate.ub),
        MPL__STAT("share", "of variance", PERCENT, choice_row, c.share),
        MPL__STAT("main_share", NULL, PERCENT, choice_row, c.main_share),
        MPL__STAT("width_ratio", "Width ratio", STATISTIC, choice_row, c.width_ratio),
        MPL__STAT("width_share", "of variance", PERCENT, choice_row, c.width_share),
        TURNS("direction_", MPL_CONCLUDE_DIRECTION, NULL),
        TURNS("pval_", MPL_CONCLUDE_P, NULL),
        TURNS("", MPL_CONCLUDE_CI, "CI turns"),
        TURNS("pi_", MPL_CONCLUDE_PI, "PI turns"),
        TURNS("omnibus_", MPL_CONCLUDE_OMNIBUS, NULL),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "choices", .n_rows = n,
                                                           .label = "What each choice moves, all others kept" },
                                    mpl__multiverse_stats(b, m, stats, MPL__COUNT(stats)), MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_choices; i++) {
        const mpl_choice *const c = &m->choices[i];
        choice_row row = { .c = *c, .choice = c->method->id, .title = c->method->title };
        for (size_t what = 0; what < MPL_CONCLUSIONS; what++) {
            row.turns[what].changes = c->turns[what].n ? (double)c->turns[what].n_turns : NAN;
            row.turns[what].settings = c->turns[what].n ? (double)c->turns[what].n : NAN;
        }
        if (c->n_values > 1)
            mpl__table_row(&t, &row);
    }
    if (m->all.measure)
        mpl__table_label(&t, "display_estimate_least",
                         mpl__build_format(b, "%s moves", mpl__multiverse_estimate(m)));
    if (mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_DIRECTION]))
        mpl__table_label(&t, "n_direction_changes", "Side turns");
    if (mpl__multiverse_p_differs(m))
        mpl__table_label(&t, "n_pval_changes", "p turns");
    if (m->coef) {
        mpl__table_label(&t, "n_omnibus_changes", "All turn");
        mpl__table_label(&t, "n_pi_changes", NULL);
        mpl__table_label(&t, "n_pi_settings", NULL);
    }
}

typedef struct value_row {
    mpl_choice_value v;
    const char *choice;
    bool is_default;
    double means, p_excludes, ci_excludes, pi_excludes; /* NaN = the choice has no say in it */
} value_row;

static const mpl__stat value_stats[] = {
    MPL__STAT("default", "", MARK, value_row, is_default),
    MPL__STAT("choice", "Choice", TEXT, value_row, choice),
    MPL__STAT("value", "Value", TEXT, value_row, v.id),
    MPL__STAT("title", NULL, TEXT, value_row, v.title),
    MPL__STAT_LB("display_estimate_least", "Estimates", EFFECT, value_row, v.estimate.lb),
    MPL__STAT("display_estimate_most", NULL, EFFECT, value_row, v.estimate.ub),
    MPL__STAT("n_pval_excludes", NULL, COUNT, value_row, p_excludes),
    MPL__STAT("n_ci_excludes", "CI excludes", COUNT, value_row, ci_excludes),
    MPL__STAT("n_means", "of", COUNT, value_row, means),
    MPL__STAT("n_pi_excludes", "PI excludes", COUNT, value_row, pi_excludes),
    MPL__STAT("n_predictions", "of", COUNT, value_row, v.n_predictions),
};

/* Whether some analysis with it concludes otherwise than the analysis itself. */
static bool is_against(const mpl_multiverse *m, const mpl_choice_value *v)
{
    for (size_t what = MPL_CONCLUDE_P; what <= MPL_CONCLUDE_PI; what++) {
        const mpl_sides *const s = &v->sides[what];
        const mpl_side own = m->analyses[0].sides[what];
        if (own && s->n && (own == MPL_SIDE_BELOW ? s->n_below : own == MPL_SIDE_ABOVE ? s->n_above
                                                                                       : s->n_includes) < s->n)
            return true;
    }
    return false;
}

static double number_of(bool is_known, size_t n)
{
    return is_known ? (double)n : NAN;
}

/* All values, or those that someone would ask about. */
static void fill_values(mpl__build *b, const mpl_multiverse *m, mpl_report_table shape, bool only_against)
{
    mpl__table t = mpl__build_table(b, shape, mpl__multiverse_stats(b, m, value_stats, MPL__COUNT(value_stats)),
                                    MPL__COUNT(value_stats), 0);
    for (size_t c = 0; c < m->n_choices; c++)
        for (size_t i = 0; m->choices[c].n_values > 1 && i < m->choices[c].n_values; i++) {
            const mpl_choice_value *const v = &m->choices[c].values[i];
            const mpl_sides *const s = v->sides;
            const bool is_default = m->analyses[0].values[c] == i;
            if (only_against && !is_default && !is_against(m, v))
                continue;
            mpl__table_row(&t, &(value_row){
                .v = *v, .choice = m->choices[c].method->id, .is_default = is_default,
                .means = number_of(v->n_means, v->n_means),
                .p_excludes = number_of(s[MPL_CONCLUDE_P].n, excluding(&s[MPL_CONCLUDE_P])),
                .ci_excludes = number_of(s[MPL_CONCLUDE_CI].n, excluding(&s[MPL_CONCLUDE_CI])),
                .pi_excludes = number_of(s[MPL_CONCLUDE_PI].n, excluding(&s[MPL_CONCLUDE_PI])) });
        }
    mpl__table_label(&t, "display_estimate_least", mpl__multiverse_estimate(m));
    if (mpl__multiverse_p_differs(m))
        mpl__table_label(&t, "n_pval_excludes",
                         mpl__build_format(b, "p < %s", mpl__percent(b, 1 - m->fit->level)));
    if (m->coef) {
        mpl__table_label(&t, "n_pi_excludes", NULL);
        mpl__table_label(&t, "n_predictions", NULL);
    }
}

static void add_values(mpl__build *b, const mpl_multiverse *m, size_t n, bool lists_all)
{
    const bool agree = !mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_P]) &&
                       !mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_CI]) &&
                       !mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_PI]);
    const bool is_short = n > FEW_VALUES && !lists_all;
    size_t n_against = 0;
    for (size_t c = 0; c < m->n_choices; c++)
        for (size_t i = 0; m->choices[c].n_values > 1 && i < m->choices[c].n_values; i++)
            n_against += m->analyses[0].values[c] == i || is_against(m, &m->choices[c].values[i]);
    fill_values(b, m, (mpl_report_table){ .key = "values", .n_rows = n, .label = "What comes out under each value",
                                          .not_text = agree || is_short }, false);
    if (!agree && is_short)
        fill_values(b, m, (mpl_report_table){ .key = "values_against", .n_rows = n_against, .not_json = true,
                                              .label = "Values with which some analyses conclude otherwise" }, true);
}

/* ---- distances */

typedef struct step_row {
    mpl_multiverse_step s;
    double turned[MPL_CONCLUSIONS];
} step_row;

static bool has_turns(const mpl_multiverse *m)
{
    for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
        if (mpl__multiverse_turns(&m->all.sides[what]))
            return true;
    return false;
}

static void add_steps(mpl__build *b, const mpl_multiverse *m)
{
    static const mpl__stat stats[] = {
        MPL__STAT("n_changed", "Choices changed", COUNT, step_row, s.n_changed),
        MPL__STAT("n_means", "Analyses", COUNT, step_row, s.n_means),
        MPL__STAT("shift", "Largest shift (SE)", STATISTIC, step_row, s.shift),
        MPL__STAT("n_direction_turned", NULL, COUNT, step_row, turned[MPL_CONCLUDE_DIRECTION]),
        MPL__STAT("n_pval_turned", NULL, COUNT, step_row, turned[MPL_CONCLUDE_P]),
        MPL__STAT("n_ci_turned", "CI turned", COUNT, step_row, turned[MPL_CONCLUDE_CI]),
        MPL__STAT("n_pi_turned", "PI turned", COUNT, step_row, turned[MPL_CONCLUDE_PI]),
        MPL__STAT("n_pi", "of", COUNT, step_row, s.turns[MPL_CONCLUDE_PI].n),
        MPL__STAT("n_omnibus_turned", NULL, COUNT, step_row, turned[MPL_CONCLUDE_OMNIBUS]),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "distances", .n_rows = m->n_steps,
                                                           .label = "How far from the analysis itself",
                                                           .not_text = !has_turns(m) },
                                    mpl__multiverse_stats(b, m, stats, MPL__COUNT(stats)), MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_steps; i++) {
        step_row row = { .s = m->steps[i] };
        for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
            row.turned[what] = number_of(row.s.turns[what].n, row.s.turns[what].n_turns);
        mpl__table_row(&t, &row);
    }
    if (mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_DIRECTION]))
        mpl__table_label(&t, "n_direction_turned", "Side turned");
    if (mpl__multiverse_p_differs(m))
        mpl__table_label(&t, "n_pval_turned", "p turned");
    if (m->coef) {
        mpl__table_label(&t, "n_omnibus_turned", "All turned");
        mpl__table_label(&t, "n_pi", NULL);
    }
}

void mpl__multiverse_choices(mpl__build *b, const mpl_multiverse *m, bool lists_all)
{
    size_t n = 0, n_values = 0;
    for (size_t c = 0; c < m->n_choices; c++) {
        n += m->choices[c].n_values > 1;
        n_values += m->choices[c].n_values > 1 ? m->choices[c].n_values : 0;
    }
    add_ranges(b, m);
    add_moves(b, m, n);
    add_values(b, m, n_values, lists_all);
    add_steps(b, m);
}
