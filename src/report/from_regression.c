/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A meta-regression as a report. */
#include <math.h>

#include "base/error.h"
#include "report/format.h"
#include "report/from_fit.h"

typedef struct fitted_row {
    mpl__study_row study;
    double fitted, residual;
    mpl__shown shown; /* the fitted value */
} fitted_row;

static void add_studies(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, fitted_row, study.study),
        MPL__STAT("row", NULL, COUNT, fitted_row, study.row),
        MPL__STAT("yi", NULL, EFFECT, fitted_row, study.yi),
        MPL__STAT("vi", NULL, VARIANCE, fitted_row, study.vi),
        MPL__STAT("sei", NULL, EFFECT, fitted_row, study.sei),
        MPL__STAT("ci_lb", NULL, EFFECT, fitted_row, study.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, fitted_row, study.ci_ub),
        MPL__STAT("ni", NULL, COUNT, fitted_row, study.ni),
        MPL__STAT("display_yi", "Effect", EFFECT, fitted_row, study.shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, fitted_row, study.shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, fitted_row, study.shown.ub),
        MPL__STAT("fitted", NULL, EFFECT, fitted_row, fitted),
        MPL__STAT("residual", NULL, EFFECT, fitted_row, residual),
        MPL__STAT("display_fitted", "Fitted", EFFECT, fitted_row, shown.x),
        MPL__STAT("weight", "Weight", WEIGHT, fitted_row, study.weight),
        MPL__STAT("route", NULL, TEXT, fitted_row, study.route),
        MPL__STAT("corrected", NULL, BOOL, fitted_row, study.corrected),
    };
    const mpl_measure *const measure = r->effects->measure;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Studies", .row_type = "study",
                                                           .n_rows = r->effects->k },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->effects->k; i++) {
        fitted_row row = { .study = mpl__study_at(r->effects, i, r->fit->level), .fitted = r->fit->fitted[i] };
        row.residual = row.study.yi - row.fitted;
        row.study.weight = r->fit->weights[i];
        row.shown = mpl__display(measure, r->fit->tau2, row.fitted, NAN, NAN);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_yi", mpl__estimate_label(measure));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}

/* On the analysis scale: a coefficient of a log odds ratio is no odds ratio of its own. */
static void add_coefficients(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("term", "Term", TEXT, mpl_term, term),
        MPL__STAT("estimate", "Estimate", NUMBER, mpl_term, estimate),
        MPL__STAT("se", "SE", NUMBER, mpl_term, se),
        MPL__STAT("statistic", "Statistic", STATISTIC, mpl_term, statistic),
        MPL__STAT("df", "df", DF, mpl_term, df),
        MPL__STAT("pval", "p", PVALUE, mpl_term, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_term, log_pval),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, mpl_term, ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, mpl_term, ci_ub),
    };
    const char *const scale = r->effects->measure->scale;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "coefficients", .row_type = "coefficient",
                                                           .n_rows = r->fit->p,
                                                           .label = mpl__build_format(b, "Coefficients (%s)", scale) },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->fit->p; i++)
        mpl__table_row(&t, &r->fit->terms[i]);
    mpl__table_label(&t, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}

static void add_moderators(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("term", "Term", TEXT, mpl_moderator, term),
        MPL__STAT("n_coefficients", NULL, COUNT, mpl_moderator, n),
        MPL__STAT("q", "Statistic", STATISTIC, mpl_moderator, test.q),
        MPL__STAT("df", "df", DF, mpl_moderator, test.df),
        MPL__STAT("df2", "df2", DF, mpl_moderator, test.df2),
        MPL__STAT("pval", "p", PVALUE, mpl_moderator, test.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_moderator, test.log_pval),
    };
    const bool is_f = isfinite(r->fit->terms[0].df);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "moderators", .row_type = "moderator",
                                                           .label = "Tests of terms (Wald)",
                                                           .n_rows = r->n_moderators },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->n_moderators; i++)
        mpl__table_row(&t, &r->moderators[i]);
    mpl__table_label(&t, "q", is_f ? "F" : "χ²");
}

static void add_model(mpl__build *b, const mpl_regression *r)
{
    mpl__fit_model(b, r->fit);
    mpl__build_text(b, "formula", NULL, r->options.mods);
    mpl__build_line(b, "Moderators", "{formula}");
    add_coefficients(b, r);
    if (isnan(r->fit->qm))
        return;
    mpl__build_line(b, "All terms", isfinite(r->fit->qm_df2) ? "F({qm_df}, {qm_df2}) = {qm}, p {qm_pval}"
                                                             : "QM({qm_df}) = {qm}, p {qm_pval}");
}

static void add_explained(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("r2", NULL, PERCENT, mpl_regression, r2),
        MPL__STAT("r2_definition", NULL, TEXT, mpl_regression, r2_definition),
        MPL__STAT("lrt", NULL, STATISTIC, mpl_regression, lrt),
        MPL__STAT("lrt_df", NULL, DF, mpl_regression, lrt_df),
        MPL__STAT("lrt_pval", NULL, PVALUE, mpl_regression, lrt_pval),
        MPL__STAT("lrt_log_pval", NULL, LOG_PVALUE, mpl_regression, lrt_log_pval),
    };
    static const mpl__stat baseline[] = {
        MPL__STAT("tau2_without", NULL, VARIANCE, mpl_fit, tau2),
        MPL__STAT("i2_without", NULL, PERCENT, mpl_fit, i2),
        MPL__STAT("q_without", NULL, STATISTIC, mpl_fit, q),
    };
    mpl__build_section(b, "explained", NULL);
    mpl__build_fields(b, stats, MPL__COUNT(stats), r);
    mpl__build_fields(b, baseline, MPL__COUNT(baseline), r->baseline);
    mpl__build_line(b, "Explained", isnan(r->r2) ? "R² is not defined for this model; τ² = {tau2_without} without "
                                                   "moderators"
                                                 : "R² = {r2}, which is {r2_definition}; τ² = {tau2_without} without "
                                                   "moderators");
    if (!isnan(r->lrt))
        mpl__build_line(b, "Likelihood", "ratio test against no moderators: χ²({lrt_df}) = {lrt}, p {lrt_pval}");
}

typedef struct prediction_row {
    mpl_prediction p;
    mpl__shown shown, shown_pi;
} prediction_row;

static void add_predictions(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("at", "At", TEXT, prediction_row, p.at),
        MPL__STAT("estimate", NULL, EFFECT, prediction_row, p.estimate),
        MPL__STAT("se", NULL, EFFECT, prediction_row, p.se),
        MPL__STAT("df", NULL, DF, prediction_row, p.df),
        MPL__STAT("ci_lb", NULL, EFFECT, prediction_row, p.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, prediction_row, p.ci_ub),
        MPL__STAT("pi_lb", NULL, EFFECT, prediction_row, p.pi_lb),
        MPL__STAT("pi_ub", NULL, EFFECT, prediction_row, p.pi_ub),
        MPL__STAT("display_estimate", "Estimate", EFFECT, prediction_row, shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, prediction_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, prediction_row, shown.ub),
        MPL__STAT_LB("display_pi_lb", "PI", EFFECT, prediction_row, shown_pi.lb),
        MPL__STAT("display_pi_ub", NULL, EFFECT, prediction_row, shown_pi.ub),
    };
    const mpl_measure *const m = r->effects->measure;
    const char *const percent = mpl__percent(b, r->fit->level);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "predictions", .label = "Predictions",
                                                           .row_type = "prediction", .n_rows = r->n_predictions },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->n_predictions; i++) {
        const mpl_prediction *const p = &r->predictions[i];
        mpl__table_row(&t, &(prediction_row){ *p, mpl__display(m, r->fit->tau2, p->estimate, p->ci_lb, p->ci_ub),
                                              mpl__display(m, NAN, NAN, p->pi_lb, p->pi_ub) });
    }
    mpl__table_label(&t, "display_estimate", mpl__estimate_label(m));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", percent));
    mpl__table_label(&t, "display_pi_lb", mpl__build_format(b, "%s PI", percent));
}

mpl_status mpl_report_new_regression(const mpl_regression *r, const mpl_write_options *write, mpl_report **out,
                                     mpl_error *err)
{
    *out = NULL;
    const mpl_dataset_info *const info = r->effects->info;
    mpl__build b;
    mpl__build_start(&b, "regress", info->title ? info->title : r->effects->data_name);
    mpl__part_data(&b, info, r->effects->data_name);
    mpl__part_effects(&b, r->effects);
    mpl__build_section(&b, NULL, NULL);
    if (mpl__format_needs_of(write, r->effects->k).studies)
        add_studies(&b, r);
    else
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    add_model(&b, r);
    mpl__fit_heterogeneity(&b, r->fit, true);
    mpl__fit_extras(&b, r->fit);
    add_explained(&b, r);
    mpl__build_section(&b, NULL, NULL);
    mpl__build_line(&b, "Method", "{model.description}");
    add_moderators(&b, r);
    add_predictions(&b, r);
    mpl__part_regression_notes(&b, "note", r);
    mpl__part_excluded(&b, "excluded", &r->effects, 1);
    mpl__part_regression_provenance(&b, r);
    return mpl__build_done(&b, out, err);
}
