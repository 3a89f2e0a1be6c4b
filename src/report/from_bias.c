/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects as a report: a table for each kind of method, the studies filled in, what could not be done. */
#include <math.h>
#include <string.h>

#include "report/parts.h"

typedef struct bias_row {
    mpl_bias_row row;
    const char *id, *title, *caution, *cite, *kind;
    double k;
    mpl__shown shown;
} bias_row;

static const char *const kinds[] = { [MPL_BIAS_TEST] = "test", [MPL_BIAS_ADJUSTED] = "adjusted",
                                     [MPL_BIAS_NUMBER] = "number" };

static bias_row row_of(const mpl_bias *bias, size_t i)
{
    const mpl_bias_row *const r = &bias->rows[i];
    const mpl_method *const m = &r->method->method;
    const mpl_term *const t = &r->adjusted;
    return (bias_row){ .row = *r, .id = m->id, .title = m->title, .caution = r->method->caution, .cite = m->cite,
                       .kind = kinds[r->method->kind], .k = r->why ? NAN : (double)r->k,
                       .shown = mpl__display(bias->effects->measure, NAN, t->estimate, t->ci_lb, t->ci_ub) };
}

/* Stats of every kind of row for machines; each table shows people its own. */
static const mpl__stat row_stats[] = {
    MPL__STAT("method", NULL, TEXT, bias_row, id),
    MPL__STAT("title", "Method", TEXT, bias_row, title),
    MPL__STAT("k", "k", COUNT, bias_row, k),
    MPL__STAT("slope", NULL, NUMBER, bias_row, row.coefficient.estimate),
    MPL__STAT("slope_se", NULL, NUMBER, bias_row, row.coefficient.se),
    MPL__STAT("statistic", NULL, STATISTIC, bias_row, row.coefficient.statistic),
    MPL__STAT("df", NULL, DF, bias_row, row.coefficient.df),
    MPL__STAT("pval", NULL, PVALUE, bias_row, row.coefficient.pval),
    MPL__STAT("log_pval", NULL, LOG_PVALUE, bias_row, row.coefficient.log_pval),
    MPL__STAT("value", NULL, NUMBER, bias_row, row.value),
    MPL__STAT_LB("value_lb", NULL, NUMBER, bias_row, row.value_lb),
    MPL__STAT("value_ub", NULL, NUMBER, bias_row, row.value_ub),
    MPL__STAT("expected", NULL, NUMBER, bias_row, row.expected),
    MPL__STAT("display_estimate", NULL, EFFECT, bias_row, shown.x),
    MPL__STAT_LB("display_ci_lb", NULL, EFFECT, bias_row, shown.lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, bias_row, shown.ub),
    MPL__STAT("estimate", NULL, EFFECT, bias_row, row.adjusted.estimate),
    MPL__STAT("se", NULL, EFFECT, bias_row, row.adjusted.se),
    MPL__STAT("ci_lb", NULL, EFFECT, bias_row, row.adjusted.ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, bias_row, row.adjusted.ci_ub),
    MPL__STAT("estimate_pval", NULL, PVALUE, bias_row, row.adjusted.pval),
    MPL__STAT("tau2", NULL, VARIANCE, bias_row, row.tau2),
    MPL__STAT("reading", "Reading", TEXT, bias_row, row.reading),
    MPL__STAT("caution", NULL, TEXT, bias_row, caution),
    MPL__STAT("cite", NULL, TEXT, bias_row, cite),
};

static size_t count(const mpl_bias *bias, mpl_bias_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < bias->n_rows; i++)
        n += bias->rows[i].method->kind == kind && !bias->rows[i].why;
    return n;
}

static mpl__table add_rows(mpl__build *b, const mpl_bias *bias, mpl_bias_kind kind, const char *key, const char *label)
{
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = key, .label = label, .row_type = kinds[kind],
                                                           .n_rows = count(bias, kind) },
                                    row_stats, MPL__COUNT(row_stats), 0);
    for (size_t i = 0; i < bias->n_rows; i++)
        if (bias->rows[i].method->kind == kind && !bias->rows[i].why) {
            const bias_row row = row_of(bias, i);
            mpl__table_row(&t, &row);
        }
    return t;
}

static void add_tests(mpl__build *b, const mpl_bias *bias)
{
    mpl__table t = add_rows(b, bias, MPL_BIAS_TEST, "tests", "Tests of small-study effects");
    mpl__table_label(&t, "slope", "Slope");
    mpl__table_label(&t, "statistic", "Statistic");
    mpl__table_label(&t, "df", "df");
    mpl__table_label(&t, "pval", "p");
}

static void label_estimate(mpl__build *b, mpl__table *t, const mpl_bias *bias)
{
    mpl__table_label(t, "display_estimate", mpl__estimate_label(bias->effects->measure));
    mpl__table_label(t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, bias->fit->level)));
}

static void add_adjusted(mpl__build *b, const mpl_bias *bias)
{
    mpl__table t = add_rows(b, bias, MPL_BIAS_ADJUSTED, "adjusted", "Adjusted means");
    label_estimate(b, &t, bias);
    mpl__table_label(&t, "estimate_pval", "p");
    mpl__table_label(&t, "tau2", "τ²");
}

static void add_numbers(mpl__build *b, const mpl_bias *bias)
{
    mpl__table t = add_rows(b, bias, MPL_BIAS_NUMBER, "numbers", "Fail-safe numbers and indices");
    mpl__table_label(&t, "k", NULL);
    mpl__table_label(&t, "value", "Value");
    mpl__table_label(&t, "value_lb", mpl__build_format(b, "%s CI", mpl__percent(b, bias->fit->level)));
}

static void add_filled(mpl__build *b, const mpl_bias *bias)
{
    typedef struct filled_row {
        const char *mirrors;
        double yi, vi, shown;
    } filled_row;
    static const mpl__stat stats[] = {
        MPL__STAT("mirrors", "Mirror image of", TEXT, filled_row, mirrors),
        MPL__STAT("yi", NULL, EFFECT, filled_row, yi),
        MPL__STAT("vi", "Variance", VARIANCE, filled_row, vi),
        MPL__STAT("display_yi", "Effect", EFFECT, filled_row, shown),
    };
    if (!bias->filled_side)
        return;
    mpl__build_text(b, "filled_side", NULL, bias->filled_side);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "filled", .label = "Studies filled in",
                                                           .row_type = "filled", .n_rows = bias->n_filled },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < bias->n_filled; i++) {
        const mpl_filled *const f = &bias->filled[i];
        mpl__table_row(&t, &(filled_row){ .mirrors = bias->effects->slab[f->mirrors], .yi = f->yi, .vi = f->vi,
                                          .shown = mpl_measure_display(bias->effects->measure, f->yi) });
    }
    mpl__table_label(&t, "display_yi", mpl__estimate_label(bias->effects->measure));
}

typedef struct copas_row {
    mpl_copas_point at;
    mpl__shown shown;
} copas_row;

static const mpl__stat copas_stats[] = {
    MPL__STAT("gamma0", NULL, NUMBER, copas_row, at.gamma0),
    MPL__STAT("gamma1", NULL, NUMBER, copas_row, at.gamma1),
    MPL__STAT("p_smallest", "P(smallest SE)", PVALUE, copas_row, at.p_smallest),
    MPL__STAT("p_largest", "P(largest SE)", PVALUE, copas_row, at.p_largest),
    MPL__STAT("unpublished", "Unpublished", STATISTIC, copas_row, at.unpublished),
    MPL__STAT("display_estimate", NULL, EFFECT, copas_row, shown.x),
    MPL__STAT_LB("display_ci_lb", NULL, EFFECT, copas_row, shown.lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, copas_row, shown.ub),
    MPL__STAT("estimate", NULL, EFFECT, copas_row, at.estimate),
    MPL__STAT("se", NULL, EFFECT, copas_row, at.se),
    MPL__STAT("ci_lb", NULL, EFFECT, copas_row, at.ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, copas_row, at.ci_ub),
    MPL__STAT("tau2", "τ²", VARIANCE, copas_row, at.tau2),
    MPL__STAT("rho", "ρ", STATISTIC, copas_row, at.rho),
    MPL__STAT("ll", NULL, NUMBER, copas_row, at.ll),
    MPL__STAT("residual_pval", "Residual p", PVALUE, copas_row, at.residual_pval),
};

static void add_copas(mpl__build *b, const mpl_bias *bias, bool is_grid)
{
    const mpl_copas_point *const points = is_grid ? bias->copas_grid : bias->copas_path;
    const size_t n = is_grid ? bias->n_copas_grid : bias->n_copas_path;
    if (!points)
        return;
    mpl__table t = mpl__build_table(b, (mpl_report_table){
        .key = is_grid ? "copas_grid" : "copas_path", .row_type = is_grid ? "copas_grid" : "copas_path", .n_rows = n,
        .label = "Copas selection model: chance of publication, and the mean then",
        .not_text = is_grid }, copas_stats, MPL__COUNT(copas_stats), 0);
    for (size_t i = 0; i < n; i++) {
        copas_row row = { .at = points[i] };
        row.shown = mpl__display(bias->effects->measure, NAN, row.at.estimate, row.at.ci_lb, row.at.ci_ub);
        mpl__table_row(&t, &row);
    }
    label_estimate(b, &t, bias);
}

static void add_cautions(mpl__build *b, const mpl_bias *bias)
{
    static const mpl__stat refused[] = {
        MPL__STAT("method", NULL, TEXT, bias_row, id),
        MPL__STAT("title", "Method", TEXT, bias_row, title),
        MPL__STAT("reason", "Reason", TEXT, bias_row, row.why),
    };
    size_t n = 0;
    for (size_t i = 0; i < bias->n_rows; i++)
        n += bias->rows[i].why != NULL;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "not_computed", .label = "Not computed",
                                                           .row_type = "not_computed", .n_rows = n },
                                    refused, MPL__COUNT(refused), 0);
    for (size_t i = 0; i < bias->n_rows; i++)
        if (bias->rows[i].why) {
            const bias_row row = row_of(bias, i);
            mpl__table_row(&t, &row);
        }
}

/* Shares of draws in which a test finds something. */
static void add_power(mpl__build *b, const mpl_bias *bias, const mpl_power *power)
{
    typedef struct power_row {
        mpl_power_row row;
        const char *id, *title;
    } power_row;
    static const mpl__stat stats[] = {
        MPL__STAT("method", NULL, TEXT, power_row, id),
        MPL__STAT("title", "Method", TEXT, power_row, title),
        MPL__STAT("n_null", NULL, COUNT, power_row, row.n_null),
        MPL__STAT("n_selected", NULL, COUNT, power_row, row.n_selected),
        MPL__STAT("type1", "Type I error", PERCENT, power_row, row.type1),
        MPL__STAT("type1_mcse", "MC SE", PERCENT, power_row, row.type1_se),
        MPL__STAT("power", "Power", PERCENT, power_row, row.power),
        MPL__STAT("power_mcse", "MC SE", PERCENT, power_row, row.power_se),
    };
    mpl__build_section(b, NULL, NULL);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "power", .label = "What the tests can show",
                                                           .row_type = "power", .n_rows = power->n_rows },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < power->n_rows; i++)
        mpl__table_row(&t, &(power_row){ power->rows[i], power->rows[i].method->method.id,
                                         power->rows[i].method->method.title });
    mpl__build_section(b, "simulation", NULL);
    mpl__build_number(b, "draws", NULL, MPL_KIND_COUNT, (double)power->n_draws);
    mpl__build_number(b, "severity", NULL, MPL_KIND_NUMBER, power->options.severity);
    mpl__build_number(b, "level", NULL, MPL_KIND_PROBABILITY, power->options.level);
    mpl__build_number(b, "mean", NULL, MPL_KIND_EFFECT, power->mean);
    mpl__build_number(b, "tau2", NULL, MPL_KIND_VARIANCE, power->tau2);
    mpl__build_number(b, "display_mean", NULL, MPL_KIND_EFFECT,
                      mpl_measure_display(bias->effects->measure, power->mean));
    mpl__build_text(b, "drawn", NULL, power->by_counts ? "counts" : "effects");
    mpl__build_line(b, "Simulation", mpl__build_format(b, "{draws} draws of %s as in these studies, true effects about "
                                                          "%s {display_mean} with τ² = {tau2}; a test finds something "
                                                          "at p < {level}", power->by_counts ? "counts" : "effects",
                                                       mpl__estimate_label(bias->effects->measure)));
    mpl__build_line(b, "Type I error", "without selection");
    mpl__build_line(b, "Power", "studies with a finding on the side of the mean, p < 0.05, are {severity} times as "
                                "likely to be published as the others");
}

/* What the single methods warn of, as notes. */
static void add_notes(mpl__build *b, const mpl_bias *bias, const mpl_power *power)
{
    mpl__notes notes = { .arena = b->arena };
    mpl__note_add_all(&notes, bias->effects->notes, bias->effects->n_notes);
    mpl__note_add_all(&notes, bias->fit->notes, bias->fit->n_notes);
    mpl__note_add_all(&notes, bias->notes, bias->n_notes);
    for (size_t i = 0; i < bias->n_rows; i++) {
        const mpl_bias_method *const m = bias->rows[i].method;
        const char *const before = i > 0 ? bias->rows[i - 1].method->caution : NULL;
        if (!bias->rows[i].why && m->caution && (!before || strcmp(before, m->caution) != 0))
            mpl__note_add(&notes, "caution", "%s: %s", m->method.id, m->caution);
    }
    if (power)
        mpl__note_add_all(&notes, power->notes, power->n_notes);
    mpl__part_notes_of(b, "note", &notes);
    mpl__part_warnings(b, bias->effects->info);
}

void mpl__part_bias(mpl__build *b, const mpl_bias *bias)
{
    mpl__build_section(b, NULL, NULL);
    add_tests(b, bias);
    add_adjusted(b, bias);
    add_numbers(b, bias);
    add_filled(b, bias);
    add_copas(b, bias, false);
    add_copas(b, bias, true);
    add_cautions(b, bias);
}

mpl_status mpl_report_new_bias(const mpl_bias *bias, const mpl_power *power, mpl_report **out, mpl_error *err)
{
    const mpl_effects *const es = bias->effects;
    const mpl_fit *const fit = bias->fit;
    const mpl_term *const t = &fit->terms[0];
    const mpl__shown shown = mpl__display(es->measure, fit->tau2, t->estimate, t->ci_lb, t->ci_ub);
    *out = NULL;
    mpl__build b;
    mpl__build_start(&b, "bias", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, fit);
    mpl__build_number(&b, "estimate", NULL, MPL_KIND_EFFECT, t->estimate);
    mpl__build_number(&b, "display_estimate", NULL, MPL_KIND_EFFECT, shown.x);
    mpl__build_number(&b, "display_ci_lb", NULL, MPL_KIND_EFFECT, shown.lb);
    mpl__build_number(&b, "display_ci_ub", NULL, MPL_KIND_EFFECT, shown.ub);
    mpl__build_number(&b, "tau2", NULL, MPL_KIND_VARIANCE, fit->tau2);
    mpl__build_number(&b, "i2", NULL, MPL_KIND_PERCENT, fit->i2);
    mpl__build_line(&b, "Pooled", mpl__build_format(&b, "%s {display_estimate}, %s CI [{display_ci_lb}, "
                                                        "{display_ci_ub}]; τ² = {tau2}, I² = {i2}",
                                                    mpl__estimate_label(es->measure), mpl__percent(&b, fit->level)));
    mpl__build_line(&b, "Method", "{description}");
    mpl__part_bias(&b, bias);
    if (power)
        add_power(&b, bias, power);
    add_notes(&b, bias, power);
    mpl__part_excluded(&b, "excluded", &bias->effects, 1);
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &fit->options },
                                     { mpl_bias_option_table(), &bias->options },
                                     { mpl_power_option_table(), power ? &power->options : NULL },
                                     { mpl_run_option_table(), power ? &power->run : NULL } };
    mpl__part_options(&b, sets, power ? MPL__COUNT(sets) : 3, fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
