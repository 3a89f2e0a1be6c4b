/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A selection model as a report: the adjusted mean beside the unadjusted one, the weights, the tests. */
#include <math.h>

#include "report/parts.h"

typedef struct mean_row {
    const char *what;
    mpl_term term;
    mpl__shown shown;
    double tau2, se_tau2, ll;
} mean_row;

static void add_means(mpl__build *b, const mpl_selection *s)
{
    static const mpl__stat stats[] = {
        MPL__STAT("model", "Model", TEXT, mean_row, what),
        MPL__STAT("term", NULL, TEXT, mean_row, term.term),
        MPL__STAT("display_estimate", NULL, EFFECT, mean_row, shown.x),
        MPL__STAT_LB("display_ci_lb", NULL, EFFECT, mean_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, mean_row, shown.ub),
        MPL__STAT("estimate", NULL, EFFECT, mean_row, term.estimate),
        MPL__STAT("se", NULL, EFFECT, mean_row, term.se),
        MPL__STAT("statistic", "z", STATISTIC, mean_row, term.statistic),
        MPL__STAT("pval", "p", PVALUE, mean_row, term.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mean_row, term.log_pval),
        MPL__STAT("ci_lb", NULL, EFFECT, mean_row, term.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, mean_row, term.ci_ub),
        MPL__STAT("tau2", "τ²", VARIANCE, mean_row, tau2),
        MPL__STAT("se_tau2", NULL, VARIANCE, mean_row, se_tau2),
        MPL__STAT("ll", "Log-likelihood", NUMBER, mean_row, ll),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "coefficients", .label = "Means",
                                                           .row_type = "coefficient", .n_rows = 2 * s->p },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < 2 * s->p; i++) {
        const bool selected = i < s->p;
        mean_row row = { .what = selected ? "with selection" : "without selection",
                         .term = selected ? s->terms[i] : s->fit->terms[i - s->p],
                         .tau2 = selected ? s->tau2 : s->fit->tau2,
                         .se_tau2 = selected ? s->se_tau2 : s->fit->se_tau2,
                         .ll = selected ? s->ll : s->ll_unselected };
        const mpl_term *const t1 = &row.term;
        row.shown = s->p > 1 ? (mpl__shown){ t1->estimate, t1->ci_lb, t1->ci_ub }
                             : mpl__display(s->effects->measure, NAN, t1->estimate, t1->ci_lb, t1->ci_ub);
        mpl__table_row(&t, &row);
    }
    if (s->p > 1)
        mpl__table_label(&t, "term", "Term");
    mpl__table_label(&t, "display_estimate", s->p > 1 ? "Estimate" : mpl__estimate_label(s->effects->measure));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, s->fit->level)));
}

static void add_weights(mpl__build *b, const mpl_selection *s)
{
    static const mpl__stat stats[] = {
        MPL__STAT("name", "Weight", TEXT, mpl_selection_weight, name),
        MPL__STAT("k", "Studies", COUNT, mpl_selection_weight, k),
        MPL__STAT("value", "Value", NUMBER, mpl_selection_weight, value),
        MPL__STAT("se", "SE", NUMBER, mpl_selection_weight, se),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, mpl_selection_weight, ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, mpl_selection_weight, ci_ub),
        MPL__STAT("known", NULL, BOOL, mpl_selection_weight, is_known),
        MPL__STAT("at_bound", NULL, BOOL, mpl_selection_weight, is_at_bound),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "weights", .label = "Chance of publication",
                                                           .row_type = "weight", .n_rows = s->n_weights },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < s->n_weights; i++)
        mpl__table_row(&t, &s->weights[i]);
    mpl__table_label(&t, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, s->fit->level)));
}

static void add_tests(mpl__build *b, const mpl_selection *s)
{
    static const mpl__stat stats[] = {
        MPL__STAT("hypothesis", NULL, TEXT, mpl_hypothesis, id),
        MPL__STAT("title", "Likelihood-ratio test of", TEXT, mpl_hypothesis, title),
        MPL__STAT("cite", NULL, TEXT, mpl_hypothesis, cite),
        MPL__STAT("statistic", "chi²", STATISTIC, mpl_hypothesis, statistic),
        MPL__STAT("df", "df", DF, mpl_hypothesis, df),
        MPL__STAT("df2", NULL, DF, mpl_hypothesis, df2),
        MPL__STAT("pval", "p", PVALUE, mpl_hypothesis, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_hypothesis, log_pval),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "hypotheses", .label = "Tests",
                                                           .row_type = "hypothesis",
                                                           .n_rows = s->lrt_tau2.id ? 2 : 1 },
                                    stats, MPL__COUNT(stats), 0);
    mpl__table_row(&t, &s->lrt);
    if (s->lrt_tau2.id)
        mpl__table_row(&t, &s->lrt_tau2);
}

mpl_status mpl_report_new_selection(const mpl_selection *s, mpl_report **out, mpl_error *err)
{
    const mpl_effects *const es = s->effects;
    *out = NULL;
    mpl__build b;
    mpl__build_start(&b, "select", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__build_section(&b, "selection", "");
    mpl__build_text(&b, "model", NULL, s->method->id);
    mpl__build_text(&b, "model_title", NULL, s->method->title);
    mpl__build_text(&b, "model_about", NULL, s->method->about);
    mpl__build_text(&b, "model_cite", NULL, s->method->cite);
    mpl__build_text(&b, "alternative", NULL, s->options.alternative);
    mpl__build_line(&b, "Selection", "{model_title} ({model_cite}); p-values: {alternative}; by maximum likelihood");
    mpl__build_line(&b, "Weights", "{model_about}");
    mpl__build_section(&b, NULL, NULL);
    add_means(&b, s);
    add_weights(&b, s);
    add_tests(&b, s);
    mpl__notes notes = { .arena = b.arena };
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, s->fit->notes, s->fit->n_notes);
    mpl__note_add_all(&notes, s->notes, s->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &s->effects, 1);
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_selection_option_table(), &s->options } };
    mpl__part_options(&b, sets, MPL__COUNT(sets), es->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
