/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regression was asked beside its coefficients: means, differences, contrasts, a curve, another formula. */
#include <math.h>
#include <string.h>

#include "report/from_regression.h"

typedef struct prediction_row {
    mpl_prediction p;
    double x;
    const char *group;
    mpl__shown shown, shown_pi;
} prediction_row;

static const mpl__stat prediction_stats[] = {
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
    MPL__STAT("tau2", "τ²", VARIANCE, prediction_row, p.tau2),
    MPL__STAT("x", NULL, NUMBER, prediction_row, x), /* of a curve */
    MPL__STAT("group", NULL, TEXT, prediction_row, group),
};
enum { OF_CURVES = 2 };

static prediction_row row_of(const mpl_regression *r, const mpl_prediction *p, double x, const char *group)
{
    const mpl_measure *const m = r->effects->measure;
    return (prediction_row){ .p = *p, .x = x, .group = group,
                             .shown = mpl__display(m, r->fit->tau2, p->estimate, p->ci_lb, p->ci_ub),
                             .shown_pi = mpl__display(m, NAN, NAN, p->pi_lb, p->pi_ub) };
}

void mpl__regression_predictions(mpl__build *b, const mpl_regression *r, const char *key, const char *label,
                                 const char *row_type, const mpl_prediction *all, size_t n)
{
    const char *const percent = mpl__percent(b, r->fit->level);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = key, .label = label, .row_type = row_type,
                                                           .n_rows = n },
                                    prediction_stats, MPL__COUNT(prediction_stats) - OF_CURVES, 0);
    for (size_t i = 0; i < n; i++) {
        const prediction_row row = row_of(r, &all[i], NAN, NULL);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_estimate", mpl__estimate_label(r->effects->measure));
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", percent));
    mpl__table_label(&t, "display_pi_lb", mpl__build_format(b, "%s PI", percent));
    if (!r->scale || all == r->predictions) /* a table of its own has that with its interval */
        mpl__table_label(&t, "tau2", NULL);
}

/* ---- combinations */

typedef struct combination_row {
    mpl_combination c;
    mpl__shown shown;
} combination_row;

static void add_combinations(mpl__build *b, const mpl_regression *r, mpl_report_table shape, const mpl_combination *all,
                             bool is_difference)
{
    static const mpl__stat stats[] = {
        MPL__STAT("contrast", "Contrast", TEXT, combination_row, c.term.term),
        MPL__STAT("estimate", NULL, NUMBER, combination_row, c.term.estimate),
        MPL__STAT("se", NULL, NUMBER, combination_row, c.term.se),
        MPL__STAT("ci_lb", NULL, NUMBER, combination_row, c.term.ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, combination_row, c.term.ci_ub),
        MPL__STAT("display_estimate", "Estimate", NUMBER, combination_row, shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", NUMBER, combination_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, NUMBER, combination_row, shown.ub),
        MPL__STAT("statistic", "Statistic", STATISTIC, combination_row, c.term.statistic),
        MPL__STAT("df", "df", DF, combination_row, c.term.df),
        MPL__STAT("pval", "p", PVALUE, combination_row, c.term.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, combination_row, c.term.log_pval),
        MPL__STAT("pval_adjusted", "p adjusted", PVALUE, combination_row, c.pval_adjusted),
    };
    const mpl_measure *const m = r->effects->measure;
    const bool is_ratio = is_difference && m->transform && m->transform->is_ratio && !m->transform->apply_args;
    mpl__table t = mpl__build_table(b, shape, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < shape.n_rows; i++) {
        const mpl_term *const d = &all[i].term;
        const combination_row row = { all[i], is_ratio ? mpl__display(m, NAN, d->estimate, d->ci_lb, d->ci_ub)
                                                       : (mpl__shown){ d->estimate, d->ci_lb, d->ci_ub } };
        mpl__table_row(&t, &row);
    }
    const char *const name = mpl__estimate_label(m);
    mpl__table_label(&t, "display_estimate",
                     is_ratio ? (strcmp(name, "Ratio") ? mpl__build_format(b, "Ratio of %ss", name) : "Ratio of ratios")
                              : is_difference ? "Difference" : "Estimate");
    mpl__table_label(&t, "display_ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
    const mpl_method *const how = mpl_method_find(mpl_adjust_method, r->options.adjust);
    mpl__table_label(&t, "pval_adjusted", how && strcmp(how->id, "none") ? mpl__build_format(b, "p (%s)", how->title)
                                                                          : NULL);
}

static void add_functions(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("function", "Function", TEXT, mpl_term, term),
        MPL__STAT("estimate", "Estimate", NUMBER, mpl_term, estimate),
        MPL__STAT("se", "SE", NUMBER, mpl_term, se),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, mpl_term, ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, mpl_term, ci_ub),
        MPL__STAT("statistic", "Statistic", STATISTIC, mpl_term, statistic),
        MPL__STAT("df", "df", DF, mpl_term, df),
        MPL__STAT("pval", "p", PVALUE, mpl_term, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_term, log_pval),
    };
    mpl__build_section(b, NULL, "Functions of coefficients (delta method)");
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "functions", .row_type = "function",
                                                           .n_rows = r->n_functions }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->n_functions; i++)
        mpl__table_row(&t, &r->functions[i]);
    mpl__table_label(&t, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}

void mpl__regression_combinations(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat together[] = {
        MPL__STAT("q", NULL, STATISTIC, mpl_wald, q),
        MPL__STAT("df", NULL, DF, mpl_wald, df),
        MPL__STAT("df2", NULL, DF, mpl_wald, df2),
        MPL__STAT("pval", NULL, PVALUE, mpl_wald, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_wald, log_pval),
    };
    const char *const scale = r->effects->measure->scale;
    if (r->n_means) {
        const mpl_method *const how = mpl_method_find(mpl_averaging_method, r->options.weights);
        mpl__build_section(b, NULL, mpl__build_format(b, "Means by %s", r->options.means));
        mpl__build_tables_first(b);
        mpl__regression_predictions(b, r, "means", NULL, "mean", r->means, r->n_means);
        if (r->n_moderators > 1)
            mpl__build_line(b, NULL, mpl__build_format(b, "numbers at their mean; %s", how->title));
    }
    if (r->n_pairwise) {
        mpl__build_section(b, NULL, mpl__build_format(b, "Differences by %s", r->options.pairwise));
        add_combinations(b, r, (mpl_report_table){ .key = "pairwise", .row_type = "difference",
                                                   .n_rows = r->n_pairwise }, r->pairwise, true);
    }
    if (r->n_functions)
        add_functions(b, r);
    if (!r->n_contrasts)
        return;
    mpl__build_section(b, NULL, mpl__build_format(b, "Contrasts (%s)", scale));
    add_combinations(b, r, (mpl_report_table){ .key = "contrasts", .row_type = "contrast", .n_rows = r->n_contrasts },
                     r->contrasts, false);
    if (isnan(r->contrast_test.q))
        return;
    mpl__build_section(b, "contrast_test", NULL);
    mpl__build_fields(b, together, MPL__COUNT(together), &r->contrast_test);
    mpl__build_line(b, "All contrasts", isfinite(r->contrast_test.df2) ? "F({df}, {df2}) = {q}, {p:pval}"
                                                                       : "χ²({df}) = {q}, {p:pval}");
}

/* ---- curve */

void mpl__regression_curve(mpl__build *b, const mpl_regression *r)
{
    const mpl_curve *const c = r->curve;
    if (!c)
        return;
    mpl__build_section(b, "curve", NULL);
    mpl__build_text(b, "column", NULL, c->column);
    mpl__build_text(b, "by", NULL, c->by);
    mpl__build_text(b, "held", NULL, c->held);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "points", .row_type = "curve", .not_text = true,
                                                           .n_rows = c->n },
                                    prediction_stats + 1, MPL__COUNT(prediction_stats) - 1, 0);
    for (size_t i = 0; i < c->n; i++) {
        const prediction_row row = row_of(r, &c->points[i].at, c->points[i].x, c->points[i].group);
        mpl__table_row(&t, &row);
    }
    mpl__build_line(b, "Curve", mpl__build_format(b, "%zu points along {column}%s%s; they are listed by --format json "
                                                     "and csv", c->n, c->by ? " for each {by}" : "",
                                                  *c->held ? "; {held}" : ""));
}

/* ---- another formula */

void mpl__regression_versus(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat fit[] = {
        MPL__STAT("p", NULL, COUNT, mpl_fit, p),
        MPL__STAT("tau2", NULL, VARIANCE, mpl_fit, tau2),
        MPL__STAT("i2", NULL, PERCENT, mpl_fit, i2),
        MPL__STAT("q", NULL, STATISTIC, mpl_fit, q),
        MPL__STAT("ll", NULL, NUMBER, mpl_fit, ll),
        MPL__STAT("aic", NULL, NUMBER, mpl_fit, aic),
        MPL__STAT("aicc", NULL, NUMBER, mpl_fit, aicc),
        MPL__STAT("bic", NULL, NUMBER, mpl_fit, bic),
    };
    static const mpl__stat stats[] = {
        MPL__STAT("is_nested", NULL, BOOL, mpl_versus, is_nested),
        MPL__STAT("lrt", NULL, STATISTIC, mpl_versus, lrt),
        MPL__STAT("lrt_df", NULL, DF, mpl_versus, lrt_df),
        MPL__STAT("lrt_pval", NULL, PVALUE, mpl_versus, lrt_pval),
        MPL__STAT("lrt_log_pval", NULL, LOG_PVALUE, mpl_versus, lrt_log_pval),
        MPL__STAT("r2", NULL, PERCENT, mpl_versus, r2),
        MPL__STAT("difference_tau2", NULL, NUMBER, mpl_versus, tau2),
        MPL__STAT("difference_aic", NULL, NUMBER, mpl_versus, aic),
        MPL__STAT("difference_aicc", NULL, NUMBER, mpl_versus, aicc),
        MPL__STAT("difference_bic", NULL, NUMBER, mpl_versus, bic),
    };
    const mpl_versus *const v = r->versus;
    if (!v)
        return;
    mpl__build_section(b, "versus", NULL);
    mpl__build_text(b, "formula", NULL, v->formula);
    mpl__build_fields(b, fit, MPL__COUNT(fit), v->fit);
    mpl__build_fields(b, stats, MPL__COUNT(stats), v);
    if (!isnan(v->aic))
        mpl__build_line(b, "Compared", "{formula}: τ² = {tau2}, AIC {aic} (difference {difference_aic}), BIC {bic} "
                                       "(difference {difference_bic})");
    else
        mpl__build_line(b, "Compared", "{formula}: τ² = {tau2}");
    if (!isnan(v->r2))
        mpl__build_line(b, NULL, "the terms that one has and the other has not explain {r2} of the tau2 without them");
    if (!isnan(v->lrt))
        mpl__build_line(b, NULL, "likelihood-ratio test between the two: χ²({lrt_df}) = {lrt}, {p:lrt_pval}");
}
