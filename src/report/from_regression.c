/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A meta-regression as a report. */
#include <math.h>
#include <string.h>

#include <metapool/influence.h>

#include "base/error.h"
#include "report/format.h"
#include "report/from_regression.h"

typedef struct fitted_row {
    mpl__study_row study;
    double fitted, residual, tau2, i2, rstandard, rstudent, hat;
    mpl__shown shown; /* the fitted value */
} fitted_row;

/* The hat value of study i, and its residual over the standard error that it has. */
static void standardize(const mpl_regression *r, size_t i, fitted_row *row)
{
    const double *const x = r->design->x + i * r->fit->p, all = row->study.vi + row->tau2;
    double form = 0;
    for (size_t a = 0; a < r->fit->p; a++)
        for (size_t c = 0; c < r->fit->p; c++)
            form += x[a] * x[c] * r->fit->vb[a * r->fit->p + c];
    row->hat = form / r->fit->vb_factor / all;
    row->rstandard = row->hat < 1 - 1e-9 ? row->residual / sqrt(all * (1 - row->hat)) : NAN;
}

/* From the refits, which know any weights; studies that differ in tau2 have no refits. */
static void take_residuals(const mpl_regression *r, const mpl_influence *refits, size_t i, fitted_row *row)
{
    row->rstandard = row->rstudent = row->hat = NAN;
    if (r->options.residuals && !refits)
        standardize(r, i, row);
    for (size_t d = 0; refits && d < refits->n_diagnostics; d++) {
        const char *const id = mpl_diagnostic_method(d)->id;
        double *const to = !strcmp(id, "rstandard") ? &row->rstandard : !strcmp(id, "rstudent") ? &row->rstudent
                           : !strcmp(id, "hat")     ? &row->hat       : NULL;
        if (to)
            *to = refits->rows[i].values[d];
    }
}

static void add_studies(mpl__build *b, const mpl_regression *r, const mpl_influence *refits)
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
        MPL__STAT("display_fitted", "Fitted", EFFECT, fitted_row, shown.x),
        MPL__STAT("residual", "Residual", EFFECT, fitted_row, residual),
        MPL__STAT("rstandard", "Standardized", STATISTIC, fitted_row, rstandard),
        MPL__STAT("rstudent", "Deleted", STATISTIC, fitted_row, rstudent),
        MPL__STAT("hat", "Hat", STATISTIC, fitted_row, hat),
        MPL__STAT("tau2", "τ²", VARIANCE, fitted_row, tau2),
        MPL__STAT("i2", "I²", PERCENT, fitted_row, i2),
        MPL__STAT("weight", "Weight", WEIGHT, fitted_row, study.weight),
        MPL__STAT("route", NULL, TEXT, fitted_row, study.route),
        MPL__STAT("corrected", NULL, BOOL, fitted_row, study.corrected),
    };
    const mpl_measure *const measure = r->effects->measure;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Studies", .row_type = "study",
                                                           .n_rows = r->effects->k },
                                    stats, MPL__COUNT(stats), 0);
    const mpl__interval_how how = mpl__interval_how_at(r->effects, r->fit->level);
    for (size_t i = 0; i < r->effects->k; i++) {
        fitted_row row = { .study = mpl__study_at(r->effects, i, &how), .fitted = r->fit->fitted[i] };
        row.residual = row.study.yi - row.fitted;
        row.tau2 = r->scale ? r->scale->tau2[i] : r->fit->tau2;
        row.i2 = 100 * row.tau2 / (row.tau2 + r->fit->v_typical);
        row.study.weight = r->fit->weights[i];
        take_residuals(r, refits, i, &row);
        row.shown = mpl__display(measure, row.tau2, row.fitted, NAN, NAN);
        mpl__table_row(&t, &row);
    }
    if (!r->scale) {
        mpl__table_label(&t, "tau2", NULL);
        mpl__table_label(&t, "i2", NULL);
    }
    static const char *const asked[] = { "residual", "rstandard", "rstudent", "hat" };
    for (size_t i = 0; i < MPL__COUNT(asked) && !r->options.residuals; i++)
        mpl__table_label(&t, asked[i], NULL);
    if (!refits)
        mpl__table_label(&t, "rstudent", NULL);
    mpl__table_label(&t, "display_yi", mpl__estimate_label(measure));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}

typedef struct coefficient_row {
    mpl_term term;
    double vif;
} coefficient_row;

/* On the analysis scale: a coefficient of a log odds ratio is no odds ratio of its own. */
static void add_coefficients(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("term", "Term", TEXT, coefficient_row, term.term),
        MPL__STAT("estimate", "Estimate", NUMBER, coefficient_row, term.estimate),
        MPL__STAT("se", "SE", NUMBER, coefficient_row, term.se),
        MPL__STAT("statistic", "Statistic", STATISTIC, coefficient_row, term.statistic),
        MPL__STAT("df", "df", DF, coefficient_row, term.df),
        MPL__STAT("pval", "p", PVALUE, coefficient_row, term.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, coefficient_row, term.log_pval),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, coefficient_row, term.ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, coefficient_row, term.ci_ub),
        MPL__STAT("vif", NULL, NUMBER, coefficient_row, vif),
    };
    const char *const scale = r->effects->measure->scale;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "coefficients", .row_type = "coefficient",
                                                           .n_rows = r->fit->p,
                                                           .label = mpl__build_format(b, "Coefficients (%s)", scale) },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->fit->p; i++)
        mpl__table_row(&t, &(coefficient_row){ r->fit->terms[i], r->vif[i] });
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
        MPL__STAT("gvif", "GVIF", STATISTIC, mpl_moderator, gvif),
        MPL__STAT("gsif", "GSIF", STATISTIC, mpl_moderator, gsif),
    };
    const bool is_f = isfinite(r->fit->terms[0].df);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "moderators", .row_type = "moderator",
                                                           .label = "Tests of terms (Wald)",
                                                           .n_rows = r->n_moderators },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->n_moderators; i++)
        mpl__table_row(&t, &r->moderators[i]);
    mpl__table_label(&t, "q", is_f ? "F" : "χ²");
    mpl__table_label(&t, "df2", is_f ? "df2" : NULL);
    if (r->n_moderators < 2) { /* nothing to inflate a variance */
        mpl__table_label(&t, "gvif", NULL);
        mpl__table_label(&t, "gsif", NULL);
    }
}

static void add_groups(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("terms", "Terms", TEXT, mpl_term_group, terms),
        MPL__STAT("n_coefficients", NULL, COUNT, mpl_term_group, n),
        MPL__STAT("q", "Statistic", STATISTIC, mpl_term_group, test.q),
        MPL__STAT("df", "df", DF, mpl_term_group, test.df),
        MPL__STAT("df2", "df2", DF, mpl_term_group, test.df2),
        MPL__STAT("pval", "p", PVALUE, mpl_term_group, test.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_term_group, test.log_pval),
    };
    const bool is_f = isfinite(r->fit->terms[0].df);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "term_tests", .row_type = "term_test",
                                                           .label = "Tests of terms together (Wald)",
                                                           .n_rows = r->n_groups },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->n_groups; i++)
        mpl__table_row(&t, &r->groups[i]);
    mpl__table_label(&t, "q", is_f ? "F" : "χ²");
    mpl__table_label(&t, "df2", is_f ? "df2" : NULL);
}

static void add_model(mpl__build *b, const mpl_regression *r)
{
    mpl__fit_model(b, r->fit);
    mpl__build_text(b, "formula", NULL, r->options.mods);
    mpl__build_line(b, "Moderators", "{formula}");
    add_coefficients(b, r);
    if (!isnan(r->fit->qm))
        mpl__build_line(b, "All terms", isfinite(r->fit->qm_df2) ? "F({qm_df}, {qm_df2}) = {qm}, {p:qm_pval}"
                                                                 : "QM({qm_df}) = {qm}, {p:qm_pval}");
    if (!isnan(r->fit->aic))
        mpl__build_line(b, "Likelihood", "logarithm {ll}, AIC {aic}, AICc {aicc}, BIC {bic}");
}

static void add_explained(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("r2", NULL, PERCENT, mpl_regression, r2),
        MPL__STAT("r2_ci_lb", NULL, PERCENT, mpl_regression, r2_ci.lb),
        MPL__STAT("r2_ci_ub", NULL, PERCENT, mpl_regression, r2_ci.ub),
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
    if (r->scale)
        return;
    const char *const interval = isnan(r->r2_ci.lb) ? "" : " {r2_ci_lb..r2_ci_ub}";
    mpl__build_line(b, "Explained", isnan(r->r2) ? "R² is not defined for this model; τ² = {tau2_without} without "
                                                   "moderators"
                                                 : mpl__build_format(b, "R² = {r2}%s, which is {r2_definition}; τ² = "
                                                                        "{tau2_without} without moderators", interval));
    if (!isnan(r->lrt))
        mpl__build_line(b, NULL, "likelihood-ratio test against no moderators: χ²({lrt_df}) = {lrt}, {p:lrt_pval}");
}

/* What CSV has of the model: one row. */
typedef struct model_row {
    mpl_fit fit;
    double r2;
} model_row;

static void add_model_row(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("k", NULL, COUNT, model_row, fit.k),
        MPL__STAT("p", NULL, COUNT, model_row, fit.p),
        MPL__STAT("tau2", NULL, VARIANCE, model_row, fit.tau2),
        MPL__STAT("se_tau2", NULL, VARIANCE, model_row, fit.se_tau2),
        MPL__STAT("tau2_ci_lb", NULL, VARIANCE, model_row, fit.tau2_ci.lb),
        MPL__STAT("tau2_ci_ub", NULL, VARIANCE, model_row, fit.tau2_ci.ub),
        MPL__STAT("i2", NULL, PERCENT, model_row, fit.i2),
        MPL__STAT("h2", NULL, STATISTIC, model_row, fit.h2),
        MPL__STAT("qe", NULL, STATISTIC, model_row, fit.q),
        MPL__STAT("qe_df", NULL, DF, model_row, fit.q_df),
        MPL__STAT("qe_pval", NULL, PVALUE, model_row, fit.q_pval),
        MPL__STAT("qm", NULL, STATISTIC, model_row, fit.qm),
        MPL__STAT("qm_df", NULL, DF, model_row, fit.qm_df),
        MPL__STAT("qm_df2", NULL, DF, model_row, fit.qm_df2),
        MPL__STAT("qm_pval", NULL, PVALUE, model_row, fit.qm_pval),
        MPL__STAT("r2", NULL, PERCENT, model_row, r2),
        MPL__STAT("ll", NULL, NUMBER, model_row, fit.ll),
        MPL__STAT("aic", NULL, NUMBER, model_row, fit.aic),
        MPL__STAT("aicc", NULL, NUMBER, model_row, fit.aicc),
        MPL__STAT("bic", NULL, NUMBER, model_row, fit.bic),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "model_row", .row_type = "model", .n_rows = 1,
                                                           .not_json = true, .not_text = true },
                                    stats, MPL__COUNT(stats), 0);
    mpl__table_row(&t, &(model_row){ *r->fit, r->r2 });
}

static void add_results(mpl__build *b, const mpl_regression *r)
{
    add_moderators(b, r);
    if (r->n_groups)
        add_groups(b, r);
    mpl__regression_predictions(b, r, "predictions", "Predictions", "prediction", r->predictions, r->n_predictions);
    mpl__regression_scale_predictions(b, r);
    mpl__regression_combinations(b, r);
    mpl__regression_curve(b, r);
    mpl__regression_versus(b, r);
}

void mpl__part_regression(mpl__build *b, const mpl_regression *r)
{
    add_model(b, r);
    mpl__fit_heterogeneity(b, r->fit, true);
    mpl__regression_scale(b, r);
    add_explained(b, r);
    mpl__build_section(b, NULL, NULL);
    add_results(b, r);
}

mpl_status mpl_report_new_regression(const mpl_regression *r, const mpl_write_options *write, mpl_report **out,
                                     mpl_error *err)
{
    *out = NULL;
    const mpl_dataset_info *const info = r->effects->info;
    mpl_influence *refits = NULL;
    mpl__build b;
    if (r->options.residuals && !r->scale)
        MPL_TRY(mpl_influence_new(r->effects, r->design, r->fit, NULL, &refits, err));
    mpl__build_start(&b, "regress", info->title ? info->title : r->effects->data_name);
    mpl__part_data(&b, info, r->effects->data_name);
    mpl__part_effects(&b, r->effects);
    mpl__build_section(&b, NULL, NULL);
    if (mpl__format_needs_of(write, r->effects->k).studies)
        add_studies(&b, r, refits);
    else
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    add_model(&b, r);
    mpl__fit_heterogeneity(&b, r->fit, true);
    mpl__regression_scale(&b, r);
    mpl__fit_extras(&b, r->fit);
    add_explained(&b, r);
    add_model_row(&b, r);
    mpl__build_section(&b, NULL, NULL);
    mpl__build_line(&b, "Method", "{model.description}");
    add_results(&b, r);
    mpl__part_regression_notes(&b, "note", r);
    mpl__part_excluded(&b, "excluded", &r->effects, 1);
    mpl__part_regression_provenance(&b, r);
    mpl_influence_free(refits);
    return mpl__build_done(&b, out, err);
}
