/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A multiverse in words, then its tables. */
#include "report/from_multiverse.h"

#include <math.h>
#include <string.h>

#include "report/format.h"

/* "7 methods x 3 tests": the choices that vary. */
static const char *name_choices(mpl__build *b, const mpl_multiverse *m)
{
    const char *names = NULL;
    for (size_t c = 0; c < m->n_choices; c++) {
        const char *const id = m->choices[c].method->id;
        if (m->choices[c].n_values < 2 || !strcmp(id, "pi"))
            continue;
        const char *const word = !strcmp(id, "zeros") ? "rules for zero cells"
                                 : !strcmp(id, "studies") ? "sets of studies" : mpl__build_format(b, "%ss", id);
        names = mpl__build_format(b, "%s%s%zu %s", names ? names : "", names ? ", " : "", m->choices[c].n_values, word);
    }
    return names;
}

/* "lies below 1 in 18 and includes it in 2 of 20" */
static const char *say_sides(mpl__build *b, const char *of, const mpl_sides *s)
{
    const struct {
        const char *verb;
        size_t n;
    } parts[] = { { "lies below", s->n_below }, { "includes", s->n_includes }, { "lies above", s->n_above } };
    const char *said = NULL;
    for (size_t i = 0; i < MPL__COUNT(parts); i++) {
        if (parts[i].n == s->n)
            return mpl__build_format(b, "%s %s in all %zu", parts[i].verb, of, s->n);
        if (parts[i].n)
            said = said ? mpl__build_format(b, "%s, %s it in %zu", said, parts[i].verb, parts[i].n)
                        : mpl__build_format(b, "%s %s in %zu", parts[i].verb, of, parts[i].n);
    }
    return mpl__build_format(b, "%s, of %zu", said, s->n);
}

static const mpl__stat counts[] = {
    MPL__STAT("n_combinations", NULL, COUNT, mpl_multiverse, n_planned),
    MPL__STAT("n_analyses", NULL, COUNT, mpl_multiverse, n),
    MPL__STAT("n_left_out", NULL, COUNT, mpl_multiverse, n_left_out),
    MPL__STAT("partial", NULL, BOOL, mpl_multiverse, is_partial),
    MPL__STAT("n_means", NULL, COUNT, mpl_multiverse, all.n_means),
    MPL__STAT("n_distinct", NULL, COUNT, mpl_multiverse, all.n_distinct),
    MPL__STAT("n_predictions", NULL, COUNT, mpl_multiverse, all.n_predictions),
    MPL__STAT("threshold", NULL, NUMBER, mpl_multiverse, threshold),
    MPL__STAT("n_ci_below", NULL, COUNT, mpl_multiverse, all.ci.n_below),
    MPL__STAT("n_ci_includes", NULL, COUNT, mpl_multiverse, all.ci.n_includes),
    MPL__STAT("n_ci_above", NULL, COUNT, mpl_multiverse, all.ci.n_above),
    MPL__STAT("n_pi_below", NULL, COUNT, mpl_multiverse, all.pi.n_below),
    MPL__STAT("n_pi_includes", NULL, COUNT, mpl_multiverse, all.pi.n_includes),
    MPL__STAT("n_pi_above", NULL, COUNT, mpl_multiverse, all.pi.n_above),
    MPL__STAT("display_estimate_least", NULL, EFFECT, mpl_multiverse, all.estimate.lb),
    MPL__STAT("display_estimate_most", NULL, EFFECT, mpl_multiverse, all.estimate.ub),
    MPL__STAT("display_ci_lb_least", NULL, EFFECT, mpl_multiverse, all.ci_lb.lb),
    MPL__STAT("display_ci_lb_most", NULL, EFFECT, mpl_multiverse, all.ci_lb.ub),
    MPL__STAT("display_ci_ub_least", NULL, EFFECT, mpl_multiverse, all.ci_ub.lb),
    MPL__STAT("display_ci_ub_most", NULL, EFFECT, mpl_multiverse, all.ci_ub.ub),
    MPL__STAT("pval_least", NULL, PVALUE, mpl_multiverse, all.pval.lb),
    MPL__STAT("pval_most", NULL, PVALUE, mpl_multiverse, all.pval.ub),
    MPL__STAT("ci_turns", NULL, TEXT, mpl_multiverse, ci_turns),
    MPL__STAT("pi_turns", NULL, TEXT, mpl_multiverse, pi_turns),
};

static void add_numbers(mpl__build *b, const mpl_multiverse *m)
{
    const char *const choices = name_choices(b, m);
    const char *said = mpl__build_format(b, "{n_means} of %zu studies%s%s%s", m->fit->k, choices ? " (" : "",
                                         choices ? choices : "", choices ? ")" : "");
    if (m->all.n_distinct < m->all.n_means)
        said = mpl__build_format(b, "%s, {n_distinct} of them distinct", said);
    if (m->all.measure)
        said = mpl__build_format(b, "%s: %s from {display_estimate_least} to {display_estimate_most}, lower limits "
                                 "from {display_ci_lb_least} to {display_ci_lb_most}, upper limits from "
                                 "{display_ci_ub_least} to {display_ci_ub_most}", said, mpl__multiverse_estimate(m));
    if (!isnan(m->all.pval.lb))
        said = mpl__build_format(b, "%s, p {pval_least} to p {pval_most}", said);
    mpl__build_line(b, "Analyses", said);
}

static void add_conclusion(mpl__build *b, const mpl_multiverse *m, bool is_pi)
{
    static const char *const verbs[] = { NULL, "lies below", "includes", "lies above" };
    const mpl_sides *const sides = is_pi ? &m->all.pi : &m->all.ci;
    const mpl_side own = is_pi ? m->analyses[0].pi : m->analyses[0].ci;
    const char *const turns = is_pi ? m->pi_turns : m->ci_turns;
    if (sides->n == 0)
        return;
    const char *said = mpl__build_format(b, "the %s %s %s", mpl__percent(b, m->fit->level), is_pi ? "PI" : "CI",
                                         say_sides(b, mpl__multiverse_threshold(b, m), sides));
    if (own != MPL_SIDE_UNKNOWN && sides->n_below != sides->n && sides->n_includes != sides->n &&
        sides->n_above != sides->n) {
        said = mpl__build_format(b, "%s; that of the analysis itself (*) %s it, ", said, verbs[own]);
        said = turns && *turns ? mpl__build_format(b, "%sand not so with one change alone: {%s}", said,
                                                   is_pi ? "pi_turns" : "ci_turns")
                               : mpl__build_format(b, "%sand no single change turns that", said);
    }
    mpl__build_line(b, is_pi ? "Prediction" : "Conclusion", said);
}

static void add_summary(mpl__build *b, const mpl_multiverse *m, bool is_listed)
{
    mpl__build_section(b, "multiverse", NULL);
    mpl__build_fields(b, counts, MPL__COUNT(counts), m);
    add_numbers(b, m);
    add_conclusion(b, m, false);
    add_conclusion(b, m, true);
    if (!is_listed)
        mpl__build_line(b, NULL, "the analyses are not listed here; --studies all lists them");
    mpl__multiverse_choices(b, m);
    mpl__multiverse_sets(b, m, is_listed);
}

mpl_status mpl_report_new_multiverse(const mpl_multiverse *m, const mpl_write_options *write, mpl_report **out,
                                     mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = m->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &m->fit->options },
                                     { mpl_multiverse_option_table(), &m->options } };
    const size_t longest = m->n_mean_sets > m->n_prediction_sets ? m->n_mean_sets : m->n_prediction_sets;
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "compare", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, m->fit);
    mpl__build_line(&b, "The analysis *", "{description}");
    add_summary(&b, m, mpl__format_needs_of(write, longest).studies);
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
