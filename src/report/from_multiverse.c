/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A multiverse in words, then its tables. */
#include "report/from_multiverse.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "report/format.h"

enum { SHORT_LIST = 20 };

/* "7 methods, 3 tests": the choices that vary. */
const char *mpl__multiverse_varied(mpl__build *b, const mpl_multiverse *m, bool with_pi)
{
    const char *names = NULL;
    for (size_t c = 0; c < m->n_choices; c++) {
        const mpl_choice *const choice = &m->choices[c];
        if (choice->n_values < 2 || (!with_pi && choice->is_of_prediction))
            continue;
        names = mpl__build_format(b, "%s%s%zu %s", names ? names : "", names ? ", " : "", choice->n_values,
                                  choice->names);
    }
    return names;
}

/* "lies below 1 in 18 and includes it in 2 of 20" */
static const char *say_sides(mpl__build *b, const char *const verbs[3], const char *of, const mpl_sides *s)
{
    const size_t n[] = { s->n_below, s->n_includes, s->n_above };
    const char *said = NULL;
    for (size_t i = 0; i < 3; i++) {
        if (n[i] == s->n)
            return mpl__build_format(b, "%s %s in %s%zu", verbs[i], of, s->n > 1 ? "all " : "the only one, of ", s->n);
        if (n[i])
            said = said ? mpl__build_format(b, "%s, %s it in %zu", said, verbs[i], n[i])
                        : mpl__build_format(b, "%s %s in %zu", verbs[i], of, n[i]);
    }
    return mpl__build_format(b, "%s, of %zu", said, s->n);
}

#define SIDES(id, what)                                                                                              \
    MPL__STAT("n_" id "_below", NULL, COUNT, mpl_multiverse, all.sides[what].n_below),                               \
    MPL__STAT("n_" id "_includes", NULL, COUNT, mpl_multiverse, all.sides[what].n_includes),                         \
    MPL__STAT("n_" id "_above", NULL, COUNT, mpl_multiverse, all.sides[what].n_above),                               \
    MPL__STAT(id "_turns", NULL, TEXT, mpl_multiverse, turns[what])

static const mpl__stat counts[] = {
    MPL__STAT("coefficient", NULL, TEXT, mpl_multiverse, coef),
    MPL__STAT("mods", NULL, TEXT, mpl_multiverse, options.mods),
    MPL__STAT("n_combinations", NULL, COUNT, mpl_multiverse, n_planned),
    MPL__STAT("n_analyses", NULL, COUNT, mpl_multiverse, n),
    MPL__STAT("n_left_out", NULL, COUNT, mpl_multiverse, n_left_out),
    MPL__STAT("partial", NULL, BOOL, mpl_multiverse, is_partial),
    MPL__STAT("n_means", NULL, COUNT, mpl_multiverse, all.n_means),
    MPL__STAT("n_distinct", NULL, COUNT, mpl_multiverse, all.n_distinct),
    MPL__STAT("n_predictions", NULL, COUNT, mpl_multiverse, all.n_predictions),
    MPL__STAT("threshold", NULL, NUMBER, mpl_multiverse, threshold),
    SIDES("direction", MPL_CONCLUDE_DIRECTION),
    SIDES("pval", MPL_CONCLUDE_P),
    SIDES("ci", MPL_CONCLUDE_CI),
    SIDES("pi", MPL_CONCLUDE_PI),
    SIDES("omnibus", MPL_CONCLUDE_OMNIBUS),
    MPL__STAT("display_estimate_least", NULL, EFFECT, mpl_multiverse, all.estimate.lb),
    MPL__STAT("display_estimate_median", NULL, EFFECT, mpl_multiverse, all.median_estimate),
    MPL__STAT("display_estimate_most", NULL, EFFECT, mpl_multiverse, all.estimate.ub),
    MPL__STAT("display_ci_lb_least", NULL, EFFECT, mpl_multiverse, all.ci_lb.lb),
    MPL__STAT("display_ci_lb_most", NULL, EFFECT, mpl_multiverse, all.ci_lb.ub),
    MPL__STAT("display_ci_ub_least", NULL, EFFECT, mpl_multiverse, all.ci_ub.lb),
    MPL__STAT("display_ci_ub_most", NULL, EFFECT, mpl_multiverse, all.ci_ub.ub),
    MPL__STAT("pval_least", NULL, PVALUE, mpl_multiverse, all.pval.lb),
    MPL__STAT("pval_median", NULL, PVALUE, mpl_multiverse, all.median_pval),
    MPL__STAT("pval_most", NULL, PVALUE, mpl_multiverse, all.pval.ub),
    MPL__STAT("tau2_least", NULL, VARIANCE, mpl_multiverse, all.tau2.lb),
    MPL__STAT("tau2_most", NULL, VARIANCE, mpl_multiverse, all.tau2.ub),
    MPL__STAT("rank", NULL, PERCENT, mpl_multiverse, rank),
    MPL__STAT("n_curve_tested", NULL, COUNT, mpl_multiverse, n_curve_tested),
    MPL__STAT("n_curve_flips", NULL, COUNT, mpl_multiverse, n_curve_flips),
    MPL__STAT("curve_exact", NULL, BOOL, mpl_multiverse, curve_exact),
};

static const mpl__stat own_stats[] = {
    MPL__STAT("display_estimate", NULL, EFFECT, mpl_alternative, display_estimate),
    MPL__STAT("display_ci_lb", NULL, EFFECT, mpl_alternative, display_ci_lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, mpl_alternative, display_ci_ub),
    MPL__STAT("pval", NULL, PVALUE, mpl_alternative, mean.pval),
};

static void add_numbers(mpl__build *b, const mpl_multiverse *m)
{
    const char *const choices = mpl__multiverse_varied(b, m, false);
    const char *said = mpl__build_format(b, "{n_means} of %zu studies%s%s%s", m->fit->k, choices ? " (" : "",
                                         choices ? choices : "", choices ? ")" : "");
    if (m->all.n_distinct < m->all.n_means)
        said = mpl__build_format(b, "%s, {n_distinct} of them distinct", said);
    if (m->n_left_out)
        said = mpl__build_format(b, "%s; %zu combination%s left out", said, m->n_left_out,
                                 m->n_left_out == 1 ? " is" : "s are");
    mpl__build_line(b, "Analyses", said);
    if (m->all.measure) {
        said = mpl__build_format(b, "%s from {display_estimate_least} to {display_estimate_most}, median "
                                 "{display_estimate_median}; {display_estimate} [{display_ci_lb}, {display_ci_ub}] in "
                                 "the analysis itself (*)", mpl__multiverse_estimate(m));
        if (m->all.n_means > 1)
            said = mpl__build_format(b, "%s; lower limits from {display_ci_lb_least} to {display_ci_lb_most}, upper "
                                     "limits from {display_ci_ub_least} to {display_ci_ub_most}; τ² from {tau2_least} "
                                     "to {tau2_most}", said);
        mpl__build_line(b, "Estimates", said);
    }
}

/* What is said of a conclusion: its label, its subject, and its verbs for below, includes and above. */
typedef struct wording {
    const char *label, *subject, *verbs[3];
} wording;

static wording wording_of(mpl__build *b, const mpl_multiverse *m, mpl_conclusion what)
{
    const char *const level = mpl__percent(b, m->fit->level);
    switch (what) {
    case MPL_CONCLUDE_DIRECTION:
        return (wording){ "Direction", "the estimate", { "lies below", "is", "lies above" } };
    case MPL_CONCLUDE_P:
        return (wording){ "p-values", "the test", { "puts it below", "does not tell it from", "puts it above" } };
    case MPL_CONCLUDE_OMNIBUS:
        return (wording){ "Moderators", "p of all moderators together", { "", "is at least", "is below" } };
    case MPL_CONCLUDE_PI:
        return (wording){ "Prediction", mpl__build_format(b, "the %s PI", level),
                          { "lies below", "includes", "lies above" } };
    default:
        return (wording){ "Conclusion", mpl__build_format(b, "the %s CI", level),
                          { "lies below", "includes", "lies above" } };
    }
}

static const char *object_of(mpl__build *b, const mpl_multiverse *m, mpl_conclusion what)
{
    if (what == MPL_CONCLUDE_OMNIBUS)
        return mpl__percent(b, 1 - m->fit->level);
    if (what == MPL_CONCLUDE_P)
        return mpl__build_format(b, "no effect at the %s level", mpl__percent(b, 1 - m->fit->level));
    return mpl__multiverse_threshold(b, m);
}

bool mpl__multiverse_turns(const mpl_sides *s)
{
    return s->n_below != s->n && s->n_includes != s->n && s->n_above != s->n;
}

/* p and the interval say the same unless there is a threshold, or they are made from different distributions. */
bool mpl__multiverse_p_differs(const mpl_multiverse *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->analyses[i].sides[MPL_CONCLUDE_P] != m->analyses[i].sides[MPL_CONCLUDE_CI])
            return true;
    return false;
}

static void add_conclusion(mpl__build *b, const mpl_multiverse *m, mpl_conclusion what)
{
    const mpl_sides *const sides = &m->all.sides[what];
    const mpl_side own = m->analyses[0].sides[what];
    const char *const turns = m->turns[what];
    const wording w = wording_of(b, m, what);
    if (sides->n == 0)
        return;
    const char *said = mpl__build_format(b, "%s %s", w.subject, say_sides(b, w.verbs, object_of(b, m, what), sides));
    if (own != MPL_SIDE_UNKNOWN && mpl__multiverse_turns(sides)) {
        said = mpl__build_format(b, "%s; in the analysis itself (*) it %s %s, ", said, w.verbs[own - MPL_SIDE_BELOW],
                                 object_of(b, m, what));
        said = turns && *turns ? mpl__build_format(b, "%sand not so with one change alone: {%s_turns}", said,
                                                   mpl_conclusion_method(what)->id)
                               : mpl__build_format(b, "%sand no single change turns that", said);
    }
    mpl__build_line(b, w.label, said);
}

static void add_conclusions(mpl__build *b, const mpl_multiverse *m)
{
    if (mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_DIRECTION]))
        add_conclusion(b, m, MPL_CONCLUDE_DIRECTION);
    if (mpl__multiverse_p_differs(m))
        add_conclusion(b, m, MPL_CONCLUDE_P);
    add_conclusion(b, m, MPL_CONCLUDE_CI);
    if (!isnan(m->all.pval.lb))
        mpl__build_line(b, NULL, "p {pval_least} to p {pval_most}, median p {pval_median}");
    add_conclusion(b, m, MPL_CONCLUDE_OMNIBUS);
    add_conclusion(b, m, MPL_CONCLUDE_PI);
}

typedef struct curve_row {
    const char *id, *title;
    mpl_curve_statistic s;
} curve_row;

/* One p-value for all of them. */
static void add_curve_test(mpl__build *b, const mpl_multiverse *m)
{
    static const mpl__stat stats[] = {
        MPL__STAT("statistic", NULL, TEXT, curve_row, id),
        MPL__STAT("title", "All analyses together", TEXT, curve_row, title),
        MPL__STAT("observed", "Observed", NUMBER, curve_row, s.observed),
        MPL__STAT("expected", "By chance", NUMBER, curve_row, s.expected),
        MPL__STAT("pval", "p", PVALUE, curve_row, s.pval),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "curve_test", .n_rows = m->n_curve,
                                                           .label = "If there were no effect in any study",
                                                           .not_text = !m->n_curve }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < m->n_curve; i++)
        mpl__table_row(&t, &(curve_row){ m->curve[i].method->id, m->curve[i].method->title, m->curve[i] });
    if (!m->n_curve)
        return;
    mpl__build_line(b, "All together", mpl__build_format(b, "%zu analyses against no effect in any study: median "
                    "estimate p {curve_p_median}, number with p below %s p {curve_p_share}, mean of z-values p "
                    "{curve_p_z} (Simonsohn et al. 2020)", m->n_curve_tested, mpl__percent(b, 1 - m->fit->level)));
    mpl__build_number(b, "curve_p_median", NULL, MPL_KIND_PVALUE, m->curve[0].pval);
    mpl__build_number(b, "curve_p_share", NULL, MPL_KIND_PVALUE, m->curve[1].pval);
    mpl__build_number(b, "curve_p_z", NULL, MPL_KIND_PVALUE, m->curve[2].pval);
}

/* The choice with the largest share; NULL = there is none. */
static const mpl_choice *most_of(const mpl_multiverse *m, bool is_width)
{
    const mpl_choice *most = NULL;
    for (size_t c = 0; c < m->n_choices; c++) {
        const mpl_choice *const choice = &m->choices[c];
        const double share = is_width ? choice->width_share : choice->share;
        if (!isnan(share) && (!most || share > (is_width ? most->width_share : most->share)))
            most = choice;
    }
    return most;
}

static const char *say_influence(mpl__build *b, const mpl_multiverse *m)
{
    const mpl_choice *const of_estimate = most_of(m, false), *const of_width = most_of(m, true);
    const char *said = NULL;
    if (of_estimate) {
        mpl__build_number(b, "most_share", NULL, MPL_KIND_PERCENT, of_estimate->share);
        mpl__build_text(b, "most_choice", NULL, of_estimate->method->id);
        said = mpl__build_format(b, "the %s moves the estimate most ({most_share} of the variance of all estimates)",
                                 of_estimate->name);
    }
    if (of_width) {
        mpl__build_number(b, "most_width_share", NULL, MPL_KIND_PERCENT, of_width->width_share);
        mpl__build_text(b, "most_width_choice", NULL, of_width->method->id);
        said = said && of_width == of_estimate
                   ? mpl__build_format(b, "%s and the width of its interval ({most_width_share})", said)
                   : mpl__build_format(b, "%s%sthe %s moves the width of its interval most ({most_width_share})",
                                       said ? said : "", said ? ", " : "", of_width->name);
    }
    return said;
}

/* A sentence with all that a paper has to say. */
static void add_sentence(mpl__build *b, const mpl_multiverse *m, const char *influence)
{
    const char *const choices = mpl__multiverse_varied(b, m, true);
    const mpl_sides *const ci = &m->all.sides[MPL_CONCLUDE_CI], *const pi = &m->all.sides[MPL_CONCLUDE_PI];
    const wording w = wording_of(b, m, MPL_CONCLUDE_CI), p = wording_of(b, m, MPL_CONCLUDE_PI);
    const char *const of = mpl__multiverse_threshold(b, m);
    const char *const label = mpl__multiverse_estimate(m);
    static const char *const past[] = { "lay below", "included", "lay above" };
    if (!choices || m->all.n_means < 2)
        return;
    const char *said = mpl__build_format(b, "In a multiverse analysis (Steegen et al. 2016; Voracek et al. 2019) of "
                                         "{n_means} analyses (%s)", choices);
    if (m->all.measure)
        said = mpl__build_format(b, "%s, the %s was between {display_estimate_least} and {display_estimate_most} "
                                 "(median {display_estimate_median}; pre-specified analysis {display_estimate}, %s CI "
                                 "{display_ci_lb} to {display_ci_ub})", said,
                                 m->coef ? "coefficient of {coefficient}" : !strcmp(label, "Effect") ? "pooled effect"
                                                                                                     : label,
                                 mpl__percent(b, m->fit->level));
    if (ci->n)
        said = mpl__build_format(b, "%s%s %s %s", said, m->all.measure ? ";" : ",", w.subject,
                                 say_sides(b, past, of, ci));
    if (pi->n)
        said = mpl__build_format(b, "%s; %s %s", said, p.subject, say_sides(b, past, of, pi));
    if (influence)
        said = mpl__build_format(b, "%s; %s", said, influence);
    mpl__build_line(b, "For a paper", mpl__build_format(b, "%s.", said));
}

static bool is_listed(const mpl_write_options *write, size_t n)
{
    return mpl__format_needs_of(write, n <= SHORT_LIST ? 0 : SIZE_MAX).studies;
}

void mpl__part_multiverse(mpl__build *b, const mpl_multiverse *m, const mpl_write_options *write, bool is_short)
{
    const bool lists_means = is_listed(write, m->n_mean_sets) && !is_short, lists_all = is_listed(write, SIZE_MAX);
    mpl__build_fields(b, mpl__multiverse_stats(b, m, counts, MPL__COUNT(counts)), MPL__COUNT(counts), m);
    mpl__build_hidden(b, mpl__multiverse_stats(b, m, own_stats, MPL__COUNT(own_stats)), MPL__COUNT(own_stats),
                      &m->analyses[0]);
    add_numbers(b, m);
    add_conclusions(b, m);
    add_curve_test(b, m);
    const char *const influence = say_influence(b, m);
    if (influence)
        mpl__build_line(b, "Influence", influence);
    if (!is_short)
        add_sentence(b, m, influence);
    if (!lists_means && !is_short)
        mpl__build_line(b, NULL, "the analyses are not listed here; --studies all lists them");
    mpl__multiverse_choices(b, m, lists_all);
    mpl__multiverse_sets(b, m, lists_all, lists_means, is_listed(write, m->n_prediction_sets) && !is_short &&
                         (lists_all || mpl__multiverse_turns(&m->all.sides[MPL_CONCLUDE_PI])));
}

mpl_status mpl_report_new_multiverse(const mpl_multiverse *m, const mpl_write_options *write, mpl_report **out,
                                     mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = m->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &m->fit->options },
                                     { mpl_fit_option_table(), &m->options.own },
                                     { mpl_multiverse_option_table(), &m->options } };
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "compare", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, m->fit);
    mpl__build_line(&b, "The analysis *", "{description}");
    mpl__build_section(&b, "multiverse", NULL);
    if (m->coef)
        mpl__build_line(&b, "Compared", "the coefficient of {coefficient} in a meta-regression on {mods}, on the "
                        "scale of analysis");
    mpl__part_multiverse(&b, m, write, false);
    mpl__build_section(&b, NULL, NULL);
    mpl__multiverse_analyses(&b, m);
    notes.arena = b.arena;
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, m->fit->notes, m->fit->n_notes);
    mpl__note_add_all(&notes, m->notes, m->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, MPL__COUNT(sets), m->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
