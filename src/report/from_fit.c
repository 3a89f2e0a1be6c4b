/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pooled analysis as a report. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/fit_impl.h"
#include "report/format.h"
#include "report/from_fit.h"
#include "report/pooled.h"

/* Group of each study; NULL = none. */
static const char **groups_of_studies(mpl__build *b, const mpl_analysis *a)
{
    const char **group = MPL_NEW(b->arena, const char *, a->effects->k);
    if (!group) {
        b->failed = true;
        return NULL;
    }
    for (size_t g = 0; a->subgroups && g < a->subgroups->n_groups; g++)
        for (size_t i = 0; i < a->subgroups->groups[g].k; i++)
            group[a->subgroups->groups[g].index[i]] = a->subgroups->groups[g].label;
    return group;
}

static mpl__table add_studies(mpl__build *b, const mpl_analysis *a, bool in_plot)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, mpl__study_row, study),
        MPL__STAT("row", NULL, COUNT, mpl__study_row, row),
        MPL__STAT("group", "Group", TEXT, mpl__study_row, group),
        MPL__STAT("yi", NULL, EFFECT, mpl__study_row, yi),
        MPL__STAT("vi", NULL, VARIANCE, mpl__study_row, vi),
        MPL__STAT("sei", NULL, EFFECT, mpl__study_row, sei),
        MPL__STAT("ci_lb", NULL, EFFECT, mpl__study_row, ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, mpl__study_row, ci_ub),
        MPL__STAT("ni", NULL, COUNT, mpl__study_row, ni),
        MPL__STAT("display_yi", "Effect", EFFECT, mpl__study_row, shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, mpl__study_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, mpl__study_row, shown.ub),
        MPL__STAT("weight", "Weight", WEIGHT, mpl__study_row, weight),
        MPL__STAT("route", NULL, TEXT, mpl__study_row, route),
        MPL__STAT("corrected", NULL, BOOL, mpl__study_row, corrected),
    };
    const char **group = groups_of_studies(b, a);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Studies", .row_type = "study",
                                                           .in_plot = in_plot, .n_rows = a->effects->k },
                                    stats, MPL__COUNT(stats), 0);
    const mpl__interval_how how = mpl__interval_how_at(a->effects, a->fit->level);
    for (size_t i = 0; i < a->effects->k && group; i++) {
        mpl__study_row study = mpl__study_at(a->effects, i, &how);
        study.group = group[i];
        study.weight = a->fit->weights[i];
        mpl__table_row(&t, &study);
    }
    mpl__table_label(&t, "group", a->subgroups ? a->subgroups->column : NULL);
    mpl__table_label(&t, "display_yi", mpl__estimate_label(a->effects->measure));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, a->fit->level)));
    return t;
}

void mpl__fit_studies(mpl__build *b, const mpl_analysis *a)
{
    mpl__table t = add_studies(b, a, false);
    mpl__table_label(&t, "yi", a->effects->measure->transform ? a->effects->measure->scale : NULL);
    mpl__table_label(&t, "sei", "SE");
    mpl__table_label(&t, "route", "Computed from");
}

/* A coefficient; a mean also as it is read. */
typedef struct coefficient {
    mpl_term term;
    mpl__shown shown;
} coefficient;

static const mpl__stat coefficient_stats[] = {
    MPL__STAT("term", "Term", TEXT, coefficient, term.term),
    MPL__STAT("estimate", "Estimate", EFFECT, coefficient, term.estimate),
    MPL__STAT("se", "SE", EFFECT, coefficient, term.se),
    MPL__STAT("statistic", "Statistic", STATISTIC, coefficient, term.statistic),
    MPL__STAT("df", "df", DF, coefficient, term.df),
    MPL__STAT("pval", "p", PVALUE, coefficient, term.pval),
    MPL__STAT("log_pval", NULL, LOG_PVALUE, coefficient, term.log_pval),
    MPL__STAT_LB("ci_lb", "CI", EFFECT, coefficient, term.ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, coefficient, term.ci_ub),
    MPL__STAT("display_estimate", NULL, EFFECT, coefficient, shown.x),
    MPL__STAT("display_ci_lb", NULL, EFFECT, coefficient, shown.lb),
    MPL__STAT("display_ci_ub", NULL, EFFECT, coefficient, shown.ub),
};

static void add_terms(mpl__build *b, const mpl_analysis *a, mpl_report_table shape, const mpl_term *terms)
{
    const mpl_measure *m = a->effects->measure;
    mpl__table t = mpl__build_table(b, shape, coefficient_stats, MPL__COUNT(coefficient_stats), 0);
    for (size_t i = 0; i < shape.n_rows; i++) {
        coefficient row = { .term = terms[i], .shown = { NAN, NAN, NAN } };
        if (a->fit->p == 1)
            row.shown = mpl__display(m, a->fit->tau2, row.term.estimate, row.term.ci_lb, row.term.ci_ub);
        mpl__table_row(&t, &row);
    }
}

/* The line of a mean: "RR 0.49, 95% CI [0.33, 0.73], t(12) = -3.95, p = 0.002". */
static void add_mean_line(mpl__build *b, const mpl_analysis *a, const char *label, const char *key,
                          const mpl_term *term)
{
    const char *percent = mpl__percent(b, a->fit->level);
    const char *name = mpl__estimate_label(a->effects->measure);
    const char *interval = mpl__build_format(b, "%s {%s.display_estimate}, %s CI "
                                                "{%s.display_ci_lb..%s.display_ci_ub}", name, key, percent, key, key);
    if (isnan(term->ci_lb))
        mpl__build_line(b, label, mpl__build_format(b, "%s {%s.display_estimate}, no interval", name, key));
    else if (isnan(a->effects->measure->null_value)) /* nothing to test against */
        mpl__build_line(b, label, interval);
    else if (isinf(term->df))
        mpl__build_line(b, label, mpl__build_format(b, "%s, z = {%s.statistic}, {p:%s.pval}", interval, key, key));
    else
        mpl__build_line(b, label, mpl__build_format(b, "%s, t({%s.df}) = {%s.statistic}, {p:%s.pval}", interval, key,
                                                    key, key));
}

static void add_coefficients(mpl__build *b, const mpl_analysis *a)
{
    const mpl_fit *fit = a->fit;
    add_terms(b, a, (mpl_report_table){ .key = "coefficients", .label = "Coefficients", .not_text = fit->p == 1,
                                        .n_rows = fit->p }, fit->terms);
    if (fit->p > 1)
        return;
    mpl_report_table one = { .key = "wald", .shape = MPL_TABLE_ONE, .not_text = true, .n_rows = 1 };
    add_terms(b, a, one, &fit->wald);
    one.key = "hartung_knapp";
    add_terms(b, a, one, &fit->hksj);
    add_mean_line(b, a, "Pooled", "coefficients", &fit->terms[0]);
    if (!mpl__test_is_normal(fit->test) && fit->k > 1)
        add_mean_line(b, a, "By Wald", "wald", &fit->wald);
    else if (!isnan(fit->hksj.ci_lb))
        add_mean_line(b, a, "Hartung-Knapp", "hartung_knapp", &fit->hksj);
}

void mpl__fit_model(mpl__build *b, const mpl_fit *fit)
{
    static const mpl__stat stats[] = {
        MPL__STAT("k", NULL, COUNT, mpl_fit, k),
        MPL__STAT("p", NULL, COUNT, mpl_fit, p),
        MPL__STAT("level", NULL, PROBABILITY, mpl_fit, level),
        MPL__STAT("hksj_factor", NULL, NUMBER, mpl_fit, s2w),
        MPL__STAT("qm", NULL, STATISTIC, mpl_fit, qm),
        MPL__STAT("qm_df", NULL, DF, mpl_fit, qm_df),
        MPL__STAT("qm_df2", NULL, DF, mpl_fit, qm_df2),
        MPL__STAT("qm_pval", NULL, PVALUE, mpl_fit, qm_pval),
        MPL__STAT("qm_log_pval", NULL, LOG_PVALUE, mpl_fit, qm_log_pval),
        MPL__STAT("ll", NULL, NUMBER, mpl_fit, ll),
        MPL__STAT("aic", NULL, NUMBER, mpl_fit, aic),
        MPL__STAT("aicc", NULL, NUMBER, mpl_fit, aicc),
        MPL__STAT("bic", NULL, NUMBER, mpl_fit, bic),
        MPL__STAT("draws", NULL, COUNT, mpl_fit, n_draws),
        MPL__STAT("draws_exact", NULL, BOOL, mpl_fit, draws_exact),
        MPL__STAT("iter", NULL, COUNT, mpl_fit, iter),
        MPL__STAT("n_maxima", NULL, COUNT, mpl_fit, n_maxima),
        MPL__STAT("converged", NULL, BOOL, mpl_fit, converged),
    };
    mpl__part_model(b, fit);
    mpl__build_fields(b, stats, MPL__COUNT(stats), fit);
}

static void add_prediction(mpl__build *b, const mpl_analysis *a)
{
    static const mpl__stat stats[] = {
        MPL__STAT("level", NULL, PROBABILITY, mpl_fit, level),
        MPL__STAT("pi_lb", NULL, EFFECT, mpl_fit, pi_lb),
        MPL__STAT("pi_ub", NULL, EFFECT, mpl_fit, pi_ub),
        MPL__STAT("df", NULL, DF, mpl_fit, pi_df),
        MPL__STAT("se", NULL, EFFECT, mpl_fit, pi_se),
    };
    const mpl_fit *fit = a->fit;
    const mpl__shown shown = mpl__display(a->effects->measure, NAN, NAN, fit->pi_lb, fit->pi_ub);
    const char *percent = mpl__percent(b, fit->level);
    mpl__build_section(b, "prediction", NULL);
    mpl__build_text(b, "method", NULL, fit->pi->id);
    mpl__build_text(b, "method_title", NULL, fit->pi->title);
    mpl__build_fields(b, stats, MPL__COUNT(stats), fit);
    mpl__build_number(b, "display_pi_lb", NULL, MPL_KIND_EFFECT, shown.lb);
    mpl__build_number(b, "display_pi_ub", NULL, MPL_KIND_EFFECT, shown.ub);
    if (!isnan(fit->pi_lb))
        mpl__build_line(b, "Prediction", mpl__build_format(b, "the true effect of a new study: %s interval "
                                                              "{display_pi_lb..display_pi_ub} ({method_title})",
                                                           percent));
    else if (!mpl__pi_is_none(fit->pi))
        mpl__build_line(b, "Prediction", "the interval for a new study is not estimable ({method_title})");
}

void mpl__fit_heterogeneity(mpl__build *b, const mpl_fit *fit, bool is_residual)
{
    static const mpl__stat stats[] = {
        MPL__STAT("tau2", NULL, VARIANCE, mpl_fit, tau2),
        MPL__STAT("se_tau2", NULL, VARIANCE, mpl_fit, se_tau2),
        MPL__STAT("tau2_ci_lb", NULL, VARIANCE, mpl_fit, tau2_ci.lb),
        MPL__STAT("tau2_ci_ub", NULL, VARIANCE, mpl_fit, tau2_ci.ub),
        MPL__STAT("tau2_ci_empty", NULL, BOOL, mpl_fit, tau2_ci_empty),
        MPL__STAT("tau2_ci_method", NULL, TEXT, mpl_fit, options.tau2_ci),
        MPL__STAT("tau", NULL, VARIANCE, mpl_fit, tau),
        MPL__STAT("tau_ci_lb", NULL, VARIANCE, mpl_fit, tau_ci.lb),
        MPL__STAT("tau_ci_ub", NULL, VARIANCE, mpl_fit, tau_ci.ub),
        MPL__STAT("i2", NULL, PERCENT, mpl_fit, i2),
        MPL__STAT("i2_ci_lb", NULL, PERCENT, mpl_fit, i2_ci.lb),
        MPL__STAT("i2_ci_ub", NULL, PERCENT, mpl_fit, i2_ci.ub),
        MPL__STAT("h2", NULL, STATISTIC, mpl_fit, h2),
        MPL__STAT("h2_ci_lb", NULL, STATISTIC, mpl_fit, h2_ci.lb),
        MPL__STAT("h2_ci_ub", NULL, STATISTIC, mpl_fit, h2_ci.ub),
        MPL__STAT("q", NULL, STATISTIC, mpl_fit, q),
        MPL__STAT("q_df", NULL, DF, mpl_fit, q_df),
        MPL__STAT("q_pval", NULL, PVALUE, mpl_fit, q_pval),
        MPL__STAT("q_log_pval", NULL, LOG_PVALUE, mpl_fit, q_log_pval),
    };
    mpl__build_section(b, "heterogeneity", NULL);
    mpl__build_fields(b, stats, MPL__COUNT(stats), fit);
    if (fit->k < 2) {
        mpl__build_line(b, "Heterogeneity", "not estimable from one study");
        return;
    }
    if (isnan(fit->tau2)) { /* it differs between studies */
        mpl__build_line(b, is_residual ? "Residual" : "Heterogeneity", isnan(fit->q) ? "QE is not defined"
                                                                                    : "QE({q_df}) = {q}, {p:q_pval}");
        return;
    }
    const char *tau2 = isnan(fit->tau2_ci.lb) ? "τ² = {tau2}" : "τ² = {tau2} {tau2_ci_lb..tau2_ci_ub}";
    const char *i2 = isnan(fit->i2_ci.lb) ? "I² = {i2}" : "I² = {i2} {i2_ci_lb..i2_ci_ub}";
    mpl__build_line(b, is_residual ? "Residual" : "Heterogeneity",
                    isnan(fit->q) ? mpl__build_format(b, "%s, τ = {tau}, %s, H² = {h2}", tau2, i2)
                                  : mpl__build_format(b, "%s, τ = {tau}, %s, H² = {h2}, %s({q_df}) = {q}, {p:q_pval}",
                                                      tau2, i2, is_residual ? "QE" : "Q"));
}

/* "AT-MSC minus BM-MSC": on the analysis scale, and for ratios as the ratio of both. */
typedef struct contrast_row {
    mpl_contrast c;
    const char *a, *b;
    mpl__shown shown;
} contrast_row;

static void add_contrasts(mpl__build *b, const mpl_analysis *a)
{
    static const mpl__stat stats[] = {
        MPL__STAT("contrast", "Contrast", TEXT, contrast_row, c.diff.term),
        MPL__STAT("a", NULL, TEXT, contrast_row, a),
        MPL__STAT("b", NULL, TEXT, contrast_row, b),
        MPL__STAT("estimate", NULL, EFFECT, contrast_row, c.diff.estimate),
        MPL__STAT("se", NULL, EFFECT, contrast_row, c.diff.se),
        MPL__STAT("ci_lb", NULL, EFFECT, contrast_row, c.diff.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, contrast_row, c.diff.ci_ub),
        MPL__STAT("display_estimate", "Difference", EFFECT, contrast_row, shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, contrast_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, contrast_row, shown.ub),
        MPL__STAT("statistic", NULL, STATISTIC, contrast_row, c.diff.statistic),
        MPL__STAT("df", NULL, DF, contrast_row, c.diff.df),
        MPL__STAT("pval", "p", PVALUE, contrast_row, c.diff.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, contrast_row, c.diff.log_pval),
        MPL__STAT("pval_holm", "p (Holm)", PVALUE, contrast_row, c.pval_holm),
    };
    const mpl_subgroups *sg = a->subgroups;
    const mpl_transform *transform = a->effects->measure->transform;
    const bool ratio = transform && transform->is_ratio && !transform->apply_args; /* a ratio of ratios */
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "contrasts", .label = "Contrasts between groups",
                                                           .row_type = "contrast", .n_rows = sg->n_contrasts },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < sg->n_contrasts; i++) {
        const mpl_term *d = &sg->contrasts[i].diff;
        const contrast_row row = { .c = sg->contrasts[i],
                                   .a = sg->groups[sg->contrasts[i].a].label,
                                   .b = sg->groups[sg->contrasts[i].b].label,
                                   .shown =
                                       ratio ? mpl__display(a->effects->measure, NAN, d->estimate, d->ci_lb, d->ci_ub)
                                             : (mpl__shown){ d->estimate, d->ci_lb, d->ci_ub } };
        mpl__table_row(&t, &row);
    }
    const char *label = mpl__estimate_label(a->effects->measure);
    if (ratio)
        mpl__table_label(&t, "display_estimate", strcmp(label, "Ratio") ? mpl__build_format(b, "Ratio of %ss", label)
                                                                        : "Ratio of ratios");
    else if (transform) /* differences are shown where they are computed */
        mpl__table_label(&t, "display_estimate", mpl__build_format(b, "Difference in %s", a->effects->measure->scale));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, a->fit->level)));
}

/* Subgroups and the overall line. JSON has the subgroups alone, beside the model. */
static void add_pooled(mpl__build *b, const mpl_analysis *a)
{
    size_t n;
    const mpl__stat *stats = mpl__pooled_stats(&n);
    const mpl_subgroups *sg = a->subgroups;
    const size_t n_groups = sg ? sg->n_groups : 0;
    mpl_report_table shape = { .key = "pooled", .label = b->numbers ? "Results by subgroup" : NULL,
                               .row_type = "overall", .not_json = true, .not_text = !sg, .n_rows = n_groups + 1 };
    mpl__table all = mpl__build_table(b, shape, stats, n, 0);
    mpl__table groups = { .b = b };
    if (sg) {
        shape = (mpl_report_table){ .key = "groups", .not_text = true, .n_rows = n_groups };
        groups = mpl__build_table(b, shape, stats + MPL__POOLED_GROUP, n - MPL__POOLED_GROUP, 0);
    }
    for (size_t g = 0; g < n_groups; g++) {
        mpl__pooled row = mpl__pooled_of(a->effects->measure, sg->groups[g].fit);
        row.type = "subgroup";
        row.group = sg->groups[g].label;
        mpl__table_row(&all, &row);
        mpl__table_row(&groups, &row);
    }
    mpl__pooled overall = mpl__pooled_of(a->effects->measure, a->fit);
    overall.group = sg ? "overall" : NULL;
    mpl__table_row(&all, &overall);
    mpl__pooled_label(&all, a->effects->measure, a->fit);
    mpl__table_label(&all, "group", sg ? sg->column : NULL);
}

/* The test between groups and the studies that are in none. */
static void add_between(mpl__build *b, const mpl_subgroups *sg)
{
    static const mpl__stat stats[] = {
        MPL__STAT("column", NULL, TEXT, mpl_subgroups, column),
        MPL__STAT("tau2", NULL, VARIANCE, mpl_subgroups, tau2),
        MPL__STAT("q", NULL, STATISTIC, mpl_subgroups, q),
        MPL__STAT("q_df", NULL, DF, mpl_subgroups, q_df),
        MPL__STAT("q_df2", NULL, DF, mpl_subgroups, q_df2),
        MPL__STAT("q_pval", NULL, PVALUE, mpl_subgroups, q_pval),
        MPL__STAT("q_log_pval", NULL, LOG_PVALUE, mpl_subgroups, q_log_pval),
        MPL__STAT("welch_f", NULL, STATISTIC, mpl_subgroups, welch_f),
        MPL__STAT("welch_df", NULL, DF, mpl_subgroups, welch_df),
        MPL__STAT("welch_df2", NULL, DF, mpl_subgroups, welch_df2),
        MPL__STAT("welch_pval", NULL, PVALUE, mpl_subgroups, welch_pval),
        MPL__STAT("welch_log_pval", NULL, LOG_PVALUE, mpl_subgroups, welch_log_pval),
    };
    static const mpl__stat ungrouped[] = {
        MPL__STAT("row", "Row", COUNT, mpl_exclusion, row),
        MPL__STAT("study", "Study", TEXT, mpl_exclusion, study),
        MPL__STAT("reason", "Reason", TEXT, mpl_exclusion, reason),
    };
    mpl__build_fields(b, stats, MPL__COUNT(stats), sg);
    mpl__table between = mpl__build_table(b, (mpl_report_table){ .key = "between", .row_type = "between", .n_rows = 1,
                                                                 .not_json = true, .not_text = true },
                                          stats, MPL__COUNT(stats), 0);
    mpl__table_row(&between, sg);
    mpl__build_text(b, "tau2_pooling", NULL, sg->options.pooling);
    mpl__build_text(b, "test", NULL, sg->between ? sg->between->id : NULL);
    mpl__build_text(b, "test_title", NULL, sg->between ? sg->between->title : NULL);
    if (isnan(sg->q))
        mpl__build_line(b, "Between groups", "no test: fewer than two groups with an estimate");
    else if (isfinite(sg->q_df2))
        mpl__build_line(b, "Between groups", "F({q_df}, {q_df2}) = {q}, {p:q_pval}; {test_title}; {tau2_pooling} τ²");
    else
        mpl__build_line(b, "Between groups", "Q({q_df}) = {q}, {p:q_pval}; {test_title}; {tau2_pooling} τ²");
    if (!isnan(sg->welch_f))
        mpl__build_line(b, "By Welch's test", "F({welch_df}, {welch_df2}) = {welch_f}, {p:welch_pval}; allows for few "
                        "studies in a group");
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "ungrouped", .label = "In no group",
                                                           .row_type = "ungrouped", .n_rows = sg->n_excluded },
                                    ungrouped, MPL__COUNT(ungrouped), 0);
    for (size_t i = 0; i < sg->n_excluded; i++)
        mpl__table_row(&t, &sg->excluded[i]);
}

void mpl__fit_subgroups(mpl__build *b, const mpl_analysis *a)
{
    mpl__build_tables_first(b);
    add_pooled(b, a);
    add_between(b, a->subgroups);
    add_contrasts(b, a);
}

static void add_subgroups(mpl__build *b, const mpl_analysis *a)
{
    const mpl_subgroups *sg = a->subgroups;
    mpl__build_section(b, sg ? "subgroups" : NULL, sg ? mpl__build_format(b, "Subgroups by %s", sg->column) : NULL);
    if (sg) {
        mpl__fit_subgroups(b, a);
        return;
    }
    mpl__build_tables_first(b);
    add_pooled(b, a);
}

static bool is_drawn(const mpl_plot_row *row)
{
    return row->kind == MPL_ROW_STUDY || row->kind == MPL_ROW_SUMMARY || row->kind == MPL_ROW_PREDICTION;
}

/* The figure without what the report says around it: title, footnotes, and all that stands below the estimates. */
static mpl_status make_plot(const mpl_analysis *a, const mpl_plot_options *options, mpl_plot **plot, mpl_error *err)
{
    MPL_TRY(mpl_plot_new("forest", a, options, plot, err));
    mpl_plot *p = *plot;
    p->title = p->subtitle = NULL;
    p->n_footnotes = 0;
    while (p->n_rows && !is_drawn(&p->rows[p->n_rows - 1]))
        p->n_rows--;
    return MPL_OK;
}

static const char *title_of(const mpl_analysis *a, const mpl_plot_options *options)
{
    if (options && options->title && *options->title)
        return options->title;
    return a->effects->info->title ? a->effects->info->title : a->effects->data_name;
}

mpl_status mpl_report_new_pool(const mpl_analysis *a, const mpl_plot_options *plot_options,
                               const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    const mpl__format_needs needs = mpl__format_needs_of(write, a->effects->k);
    mpl_plot *plot = NULL;
    if (needs.plot)
        MPL_TRY(make_plot(a, plot_options, &plot, err));
    mpl__build b;
    mpl__build_start(&b, "pool", title_of(a, plot_options));
    mpl__part_data(&b, a->effects->info, a->effects->data_name);
    mpl__part_effects(&b, a->effects);
    mpl__build_section(&b, NULL, NULL);
    mpl__build_plot(&b, plot, NULL);
    if (needs.studies)
        add_studies(&b, a, plot != NULL);
    else
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    mpl__fit_model(&b, a->fit);
    add_coefficients(&b, a);
    add_prediction(&b, a);
    mpl__fit_heterogeneity(&b, a->fit, false);
    mpl__fit_extras(&b, a->fit);
    mpl__build_section(&b, NULL, NULL);
    mpl__build_line(&b, "Method", "{model.description}");
    add_subgroups(&b, a);
    mpl__part_notes(&b, "note", a, NULL);
    mpl__part_excluded(&b, "excluded", &a->effects, 1);
    mpl__part_provenance(&b, a->effects, a->fit, a->subgroups, NULL);
    return mpl__build_done(&b, out, err);
}
