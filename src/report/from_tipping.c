/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tipping points as a report: of publication bias, then of confounding. */
#include <math.h>

#include "base/number.h"
#include "report/parts.h"

/* A mean on both scales with what else stands in its row. */
typedef struct mean_row {
    const char *method, *title, *cite, *group, *why, *reading;
    const char *estimate_text, *limit_text;
    size_t k, k_affirmative;
    double severity, tau2, tips_estimate, tips_limit;
    bool estimate_reaches, limit_reaches;
    mpl_term term;
    mpl__shown shown;
} mean_row;

#define ESTIMATES                                                                                                    \
    MPL__STAT("display_estimate", NULL, EFFECT, mean_row, shown.x),                                                  \
        MPL__STAT_LB("display_ci_lb", NULL, EFFECT, mean_row, shown.lb),                                             \
        MPL__STAT("display_ci_ub", NULL, EFFECT, mean_row, shown.ub),                                                \
        MPL__STAT("estimate", NULL, EFFECT, mean_row, term.estimate),                                                \
        MPL__STAT("se", NULL, EFFECT, mean_row, term.se),                                                            \
        MPL__STAT("df", NULL, DF, mean_row, term.df), MPL__STAT("pval", NULL, PVALUE, mean_row, term.pval),          \
        MPL__STAT("ci_lb", NULL, EFFECT, mean_row, term.ci_lb),                                                      \
        MPL__STAT("ci_ub", NULL, EFFECT, mean_row, term.ci_ub)

static mean_row row_of(const mpl_tipping *t, const mpl_method *m, const mpl_term *term, double tau2, const char *why)
{
    return (mean_row){ .method = m->id, .title = m->title, .cite = m->cite, .term = *term, .tau2 = tau2, .why = why,
                       .severity = NAN, .tips_estimate = NAN, .tips_limit = NAN,
                       .shown = mpl__display(t->analysis->effects->measure, NAN, term->estimate, term->ci_lb,
                                             term->ci_ub) };
}

static void label_mean(mpl__build *b, mpl__table *table, const mpl_tipping *t, const char *before)
{
    const mpl_analysis *const a = t->analysis;
    mpl__table_label(table, "display_estimate", mpl__build_format(b, "%s%s", before,
                                                                  mpl__estimate_label(a->effects->measure)));
    mpl__table_label(table, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, a->fit->level)));
}

static const char *tip_text(mpl__build *b, double severity)
{
    char number[350];
    if (isnan(severity))
        return NULL;
    if (isinf(severity))
        return "at none";
    if (severity == 1)
        return "already there";
    mpl__number_significant(severity, severity < 100 ? 3 : 4, number);
    return mpl__build_format(b, "%s", number);
}

static void add_points(mpl__build *b, const mpl_tipping *t)
{
    static const mpl__stat stats[] = {
        MPL__STAT("method", NULL, TEXT, mean_row, method),
        MPL__STAT("title", "Correction", TEXT, mean_row, title),
        MPL__STAT("cite", NULL, TEXT, mean_row, cite),
        MPL__STAT("group", NULL, TEXT, mean_row, group),
        MPL__STAT("k", "k", COUNT, mean_row, k),
        MPL__STAT("k_affirmative", "Affirmative", COUNT, mean_row, k_affirmative),
        MPL__STAT("tips_estimate", NULL, NUMBER, mean_row, tips_estimate),
        MPL__STAT("tips_limit", NULL, NUMBER, mean_row, tips_limit),
        MPL__STAT("reading_estimate", "Estimate tips", TEXT, mean_row, estimate_text),
        MPL__STAT("reading_limit", "Limit tips", TEXT, mean_row, limit_text),
        ESTIMATES,
        MPL__STAT("reason", NULL, TEXT, mean_row, why),
    };
    mpl__table table = mpl__build_table(b, (mpl_report_table){ .key = "tipping_points", .row_type = "tipping_point",
                                                               .label = "Severity at which the target is reached",
                                                               .n_rows = t->n_points }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < t->n_points; i++) {
        const mpl_tipping_point *const p = &t->points[i];
        mean_row row = row_of(t, p->method, &p->worst.mean, NAN, p->worst.why);
        row.group = p->group;
        row.k = p->k;
        row.k_affirmative = p->k_affirmative;
        row.tips_estimate = isinf(p->estimate) ? NAN : p->estimate;
        row.tips_limit = isinf(p->limit) ? NAN : p->limit;
        row.estimate_text = tip_text(b, p->estimate);
        row.limit_text = tip_text(b, p->limit);
        mpl__table_row(&table, &row);
    }
    if (t->analysis->subgroups)
        mpl__table_label(&table, "group", t->analysis->subgroups->column);
    label_mean(b, &table, t, "At worst: ");
}

static void add_rows(mpl__build *b, const mpl_tipping *t)
{
    static const mpl__stat stats[] = {
        MPL__STAT("method", NULL, TEXT, mean_row, method),
        MPL__STAT("title", "Correction", TEXT, mean_row, title),
        MPL__STAT("severity", "Severity", NUMBER, mean_row, severity),
        ESTIMATES,
        MPL__STAT("tau2", "τ²", VARIANCE, mean_row, tau2),
        MPL__STAT("estimate_reaches", NULL, BOOL, mean_row, estimate_reaches),
        MPL__STAT("limit_reaches", NULL, BOOL, mean_row, limit_reaches),
        MPL__STAT("reading", "Reaches the target", TEXT, mean_row, reading),
        MPL__STAT("reason", NULL, TEXT, mean_row, why),
    };
    mpl__table table = mpl__build_table(b, (mpl_report_table){ .key = "severities", .row_type = "severity",
                                                               .label = "Means by severity", .n_rows = t->n_rows },
                                        stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < t->n_rows; i++) {
        const mpl_tipping_row *const r = &t->rows[i];
        mean_row row = row_of(t, r->method, &r->mean, r->tau2, r->why);
        row.severity = r->severity;
        row.estimate_reaches = r->estimate_reaches;
        row.limit_reaches = r->limit_reaches;
        row.reading = r->why ? r->why : r->estimate_reaches ? "estimate" : r->limit_reaches ? "limit" : NULL;
        mpl__table_row(&table, &row);
    }
    label_mean(b, &table, t, "");
}

static void add_scenarios(mpl__build *b, const mpl_tipping *t)
{
    static const mpl__stat stats[] = {
        MPL__STAT("pattern", NULL, TEXT, mean_row, method),
        MPL__STAT("title", "Pattern of selection", TEXT, mean_row, title),
        MPL__STAT("cite", NULL, TEXT, mean_row, cite),
        ESTIMATES,
        MPL__STAT("tau2", "τ²", VARIANCE, mean_row, tau2),
        MPL__STAT("reason", NULL, TEXT, mean_row, why),
    };
    mpl__table table = mpl__build_table(b, (mpl_report_table){ .key = "patterns", .row_type = "pattern",
                                                               .label = "Means under known weights (Vevea & Woods "
                                                                        "2005)", .n_rows = t->n_scenarios },
                                        stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < t->n_scenarios; i++) {
        const mpl_tipping_scenario *const s = &t->scenarios[i];
        const mean_row row = row_of(t, s->method, &s->mean, s->tau2, s->why);
        mpl__table_row(&table, &row);
    }
    label_mean(b, &table, t, "");
}

static void add_evalues(mpl__build *b, const mpl_tipping *t)
{
    static const mpl__stat stats[] = {
        MPL__STAT("group", NULL, TEXT, mpl_evalue, group),
        MPL__STAT("rr", "Risk ratio", EFFECT, mpl_evalue, rr),
        MPL__STAT_LB("rr_ci_lb", "CI", EFFECT, mpl_evalue, rr_lb),
        MPL__STAT("rr_ci_ub", NULL, EFFECT, mpl_evalue, rr_ub),
        MPL__STAT("rr_target", NULL, EFFECT, mpl_evalue, rr_target),
        MPL__STAT("evalue_estimate", "E-value", EFFECT, mpl_evalue, estimate),
        MPL__STAT("evalue_limit", "of the limit", EFFECT, mpl_evalue, limit),
    };
    mpl__table table = mpl__build_table(b, (mpl_report_table){ .key = "evalues", .row_type = "evalue",
                                                               .label = "E-values (VanderWeele & Ding 2017)",
                                                               .n_rows = t->n_evalues }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < t->n_evalues; i++)
        mpl__table_row(&table, &t->evalues[i]);
    if (t->analysis->subgroups)
        mpl__table_label(&table, "group", t->analysis->subgroups->column);
    mpl__table_label(&table, "rr_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, t->analysis->fit->level)));
}

static void add_quantities(mpl__build *b, const mpl_tipping *t)
{
    static const mpl__stat stats[] = {
        MPL__STAT("quantity", NULL, TEXT, mpl_quantity, id),
        MPL__STAT("title", "Of the true effects", TEXT, mpl_quantity, title),
        MPL__STAT("cite", NULL, TEXT, mpl_quantity, cite),
        MPL__STAT("value", "Value", NUMBER, mpl_quantity, value),
        MPL__STAT("se", "SE", NUMBER, mpl_quantity, se),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, mpl_quantity, ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, mpl_quantity, ci_ub),
    };
    mpl__table table = mpl__build_table(b, (mpl_report_table){ .key = "quantities", .row_type = "quantity",
                                                               .label = "Confounding of every study (Mathur & "
                                                                        "VanderWeele 2020)",
                                                               .n_rows = t->n_quantities },
                                        stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < t->n_quantities; i++)
        mpl__table_row(&table, &t->quantities[i]);
    mpl__table_label(&table, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, t->analysis->fit->level)));
}

static void add_bias(mpl__build *b, const mpl_tipping *t)
{
    const mpl_measure *const m = t->analysis->effects->measure;
    const mpl__shown worst = mpl__display(m, t->worst_tau2, t->worst.estimate, t->worst.ci_lb, t->worst.ci_ub);
    const bool is_fit = !t->worst_why;
    mpl__build_section(b, "tipping", "");
    mpl__build_number(b, "k", NULL, MPL_KIND_COUNT, (double)t->k);
    mpl__build_number(b, "k_affirmative", NULL, MPL_KIND_COUNT, (double)t->k_affirmative);
    mpl__build_text(b, "side", NULL, t->sign > 0 ? "greater" : "less");
    mpl__build_number(b, "target", NULL, MPL_KIND_EFFECT, t->target);
    mpl__build_number(b, "display_target", NULL, MPL_KIND_EFFECT, mpl_measure_display(m, t->target));
    mpl__build_number(b, "alpha", NULL, MPL_KIND_PROBABILITY, t->options.alpha);
    mpl__build_number(b, "worst_estimate", NULL, MPL_KIND_EFFECT, is_fit ? t->worst.estimate : NAN);
    mpl__build_number(b, "worst_ci_lb", NULL, MPL_KIND_EFFECT, is_fit ? t->worst.ci_lb : NAN);
    mpl__build_number(b, "worst_ci_ub", NULL, MPL_KIND_EFFECT, is_fit ? t->worst.ci_ub : NAN);
    mpl__build_number(b, "worst_tau2", NULL, MPL_KIND_VARIANCE, is_fit ? t->worst_tau2 : NAN);
    mpl__build_number(b, "display_worst_estimate", NULL, MPL_KIND_EFFECT, is_fit ? worst.x : NAN);
    mpl__build_number(b, "display_worst_ci_lb", NULL, MPL_KIND_EFFECT, is_fit ? worst.lb : NAN);
    mpl__build_number(b, "display_worst_ci_ub", NULL, MPL_KIND_EFFECT, is_fit ? worst.ub : NAN);
    mpl__build_text(b, "worst_reason", NULL, t->worst_why);
    mpl__build_line(b, "Target", mpl__build_format(b, "%s {display_target}", mpl__estimate_label(m)));
    mpl__build_line(b, "Affirmative", mpl__build_format(b, "{k_affirmative} of {k} studies: %s no effect, two-sided "
                                                           "p < {alpha}", t->sign > 0 ? "above" : "below"));
    mpl__build_line(b, "The others",
                    is_fit ? mpl__build_format(b, "alone, the worst case: %s {display_worst_estimate} "
                                                  "[{display_worst_ci_lb}, {display_worst_ci_ub}]",
                                               mpl__estimate_label(m))
                           : mpl__build_format(b, "have no mean: %s", t->worst_why));
    mpl__build_line(b, "Severity", "how many times as likely affirmative studies are to be published as the others");
    mpl__build_section(b, NULL, NULL);
    add_points(b, t);
    add_rows(b, t);
    add_scenarios(b, t);
}

static void add_confounding(mpl__build *b, const mpl_tipping *t)
{
    mpl__build_section(b, NULL, NULL);
    add_evalues(b, t);
    if (t->n_quantities == 0)
        return;
    add_quantities(b, t);
    mpl__build_section(b, "confounding", NULL);
    mpl__build_number(b, "meaningful", NULL, MPL_KIND_EFFECT, t->options.meaningful);
    mpl__build_number(b, "share", NULL, MPL_KIND_PERCENT, 100 * t->options.share);
    mpl__build_line(b, "Meaningful", "a risk ratio of {meaningful}, or its inverse; no more than {share} of the true "
                                     "effects beyond it");
}

static void add_notes(mpl__build *b, const mpl_tipping *t)
{
    const mpl_effects *const es = t->analysis->effects;
    mpl__notes notes = { .arena = b->arena };
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, t->analysis->fit->notes, t->analysis->fit->n_notes);
    mpl__note_add_all(&notes, t->notes, t->n_notes);
    if (t->evalue_why)
        mpl__note_add(&notes, "no-evalues", "%s", t->evalue_why);
    mpl__part_notes_of(b, "note", &notes);
    mpl__part_warnings(b, es->info);
}

mpl_status mpl_report_new_tipping(const mpl_tipping *t, mpl_report **out, mpl_error *err)
{
    const mpl_analysis *const a = t->analysis;
    const mpl_effects *const es = a->effects;
    const mpl_term *const mean = &a->fit->terms[0];
    const mpl__shown shown = mpl__display(es->measure, a->fit->tau2, mean->estimate, mean->ci_lb, mean->ci_ub);
    *out = NULL;
    mpl__build b;
    mpl__build_start(&b, "tipping", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, a->fit);
    mpl__build_number(&b, "estimate", NULL, MPL_KIND_EFFECT, mean->estimate);
    mpl__build_number(&b, "display_estimate", NULL, MPL_KIND_EFFECT, shown.x);
    mpl__build_number(&b, "display_ci_lb", NULL, MPL_KIND_EFFECT, shown.lb);
    mpl__build_number(&b, "display_ci_ub", NULL, MPL_KIND_EFFECT, shown.ub);
    mpl__build_number(&b, "tau2", NULL, MPL_KIND_VARIANCE, a->fit->tau2);
    mpl__build_line(&b, "Pooled", mpl__build_format(&b, "%s {display_estimate}, %s CI [{display_ci_lb}, "
                                                        "{display_ci_ub}]; τ² = {tau2}",
                                                    mpl__estimate_label(es->measure), mpl__percent(&b, a->fit->level)));
    mpl__build_line(&b, "Method", "{description}");
    add_bias(&b, t);
    add_confounding(&b, t);
    add_notes(&b, t);
    mpl__part_excluded(&b, "excluded", &a->effects, 1);
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &a->fit->options },
                                     { mpl_tipping_option_table(), &t->options } };
    mpl__part_options(&b, sets, MPL__COUNT(sets), a->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
