/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How tau2 depends on columns, in the report of a regression. */
#include <math.h>

#include "report/from_regression.h"

typedef struct summary {
    mpl_scale_model scale;
    const char *link, *ci;
    double tau2_min, tau2_max, same_tau2, same_ll, same_aic;
} summary;

static summary summary_of(const mpl_regression *r)
{
    const mpl_scale_model *const s = r->scale;
    summary out = { .scale = *s, .link = s->link->id, .ci = s->ci->id, .tau2_min = INFINITY, .tau2_max = 0,
                    .same_tau2 = s->same->tau2, .same_ll = s->same->ll, .same_aic = s->same->aic };
    for (size_t i = 0; i < r->fit->k; i++) {
        out.tau2_min = fmin(out.tau2_min, s->tau2[i]);
        out.tau2_max = fmax(out.tau2_max, s->tau2[i]);
    }
    return out;
}

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
    const mpl_scale_model *const s = r->scale;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "coefficients", .row_type = "scale",
                                                           .label = mpl__build_format(b, "Scale (%s)", s->link->title),
                                                           .n_rows = s->q },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < s->q; i++)
        mpl__table_row(&t, &s->terms[i]);
    mpl__table_label(&t, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}

void mpl__regression_scale(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("formula", NULL, TEXT, summary, scale.formula),
        MPL__STAT("link", NULL, TEXT, summary, link),
        MPL__STAT("ci", NULL, TEXT, summary, ci),
        MPL__STAT("q", NULL, STATISTIC, summary, scale.test.q),
        MPL__STAT("df", NULL, DF, summary, scale.test.df),
        MPL__STAT("df2", NULL, DF, summary, scale.test.df2),
        MPL__STAT("pval", NULL, PVALUE, summary, scale.test.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, summary, scale.test.log_pval),
        MPL__STAT("lrt", NULL, STATISTIC, summary, scale.lrt),
        MPL__STAT("lrt_df", NULL, DF, summary, scale.lrt_df),
        MPL__STAT("lrt_pval", NULL, PVALUE, summary, scale.lrt_pval),
        MPL__STAT("lrt_log_pval", NULL, LOG_PVALUE, summary, scale.lrt_log_pval),
        MPL__STAT("tau2_min", NULL, VARIANCE, summary, tau2_min),
        MPL__STAT("tau2_max", NULL, VARIANCE, summary, tau2_max),
        MPL__STAT("tau2_same", NULL, VARIANCE, summary, same_tau2),
        MPL__STAT("ll_same", NULL, NUMBER, summary, same_ll),
        MPL__STAT("aic_same", NULL, NUMBER, summary, same_aic),
        MPL__STAT("converged", NULL, BOOL, summary, scale.converged),
    };
    if (!r->scale)
        return;
    const summary s = summary_of(r);
    mpl__build_section(b, "scale", NULL);
    mpl__build_fields(b, stats, MPL__COUNT(stats), &s);
    add_coefficients(b, r);
    mpl__build_line(b, "Scale", "{formula}; τ² from {tau2_min} to {tau2_max}, {tau2_same} if it is the same for all");
    if (!isnan(s.scale.test.q))
        mpl__build_line(b, NULL, isfinite(s.scale.test.df2) ? "all its terms: F({df}, {df2}) = {q}, {p:pval}"
                                                            : "all its terms: χ²({df}) = {q}, {p:pval}");
    if (!isnan(s.scale.lrt))
        mpl__build_line(b, NULL, "likelihood-ratio test against one τ²: χ²({lrt_df}) = {lrt}, {p:lrt_pval}; its AIC "
                                 "{aic_same}");
}

void mpl__regression_scale_predictions(mpl__build *b, const mpl_regression *r)
{
    static const mpl__stat stats[] = {
        MPL__STAT("at", "At", TEXT, mpl_scale_prediction, at),
        MPL__STAT("tau2", "τ²", VARIANCE, mpl_scale_prediction, tau2),
        MPL__STAT_LB("ci_lb", "CI", VARIANCE, mpl_scale_prediction, ci_lb),
        MPL__STAT("ci_ub", NULL, VARIANCE, mpl_scale_prediction, ci_ub),
    };
    if (!r->scale || r->scale->n_predictions == 0)
        return;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "tau2_predictions", .row_type = "tau2_prediction",
                                                           .label = "τ² at these values",
                                                           .n_rows = r->scale->n_predictions },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < r->scale->n_predictions; i++)
        mpl__table_row(&t, &r->scale->predictions[i]);
    mpl__table_label(&t, "ci_lb", mpl__build_format(b, "%s CI", mpl__percent(b, r->fit->level)));
}
