/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pooled result as one row; see pooled.h. */
#include "report/pooled.h"

#include <math.h>

mpl__pooled mpl__pooled_of(const mpl_measure *measure, const mpl_fit *fit)
{
    mpl__pooled row = { .type = "overall", .term = fit->terms[0], .fit = *fit };
    row.shown = mpl__display(measure, fit->tau2, row.term.estimate, row.term.ci_lb, row.term.ci_ub);
    row.shown_pi = mpl__display(measure, NAN, NAN, fit->pi_lb, fit->pi_ub);
    return row;
}

mpl__pooled mpl__pooled_none(size_t k)
{
    const mpl_interval none = { NAN, NAN };
    return (mpl__pooled){
        .term = { NULL, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN },
        .fit = { .k = k, .pi_lb = NAN, .pi_ub = NAN, .tau2 = NAN, .se_tau2 = NAN, .tau2_ci = none, .i2 = NAN,
                 .i2_ci = none, .h2 = NAN, .q = NAN, .q_df = NAN, .q_pval = NAN, .q_log_pval = NAN },
        .shown = { NAN, NAN, NAN },
        .shown_pi = { NAN, NAN, NAN },
    };
}

const mpl__stat *mpl__pooled_stats(size_t *n)
{
    static const mpl__stat stats[] = {
        MPL__STAT("type", NULL, TEXT, mpl__pooled, type),
        MPL__STAT("group", "Group", TEXT, mpl__pooled, group),
        MPL__STAT("k", "k", COUNT, mpl__pooled, fit.k),
        MPL__STAT("estimate", NULL, EFFECT, mpl__pooled, term.estimate),
        MPL__STAT("se", NULL, EFFECT, mpl__pooled, term.se),
        MPL__STAT("ci_lb", NULL, EFFECT, mpl__pooled, term.ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, mpl__pooled, term.ci_ub),
        MPL__STAT("display_estimate", "Estimate", EFFECT, mpl__pooled, shown.x),
        MPL__STAT_LB("display_ci_lb", "CI", EFFECT, mpl__pooled, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, mpl__pooled, shown.ub),
        MPL__STAT("statistic", NULL, STATISTIC, mpl__pooled, term.statistic),
        MPL__STAT("df", NULL, DF, mpl__pooled, term.df),
        MPL__STAT("pval", "p", PVALUE, mpl__pooled, term.pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl__pooled, term.log_pval),
        MPL__STAT("pi_lb", NULL, EFFECT, mpl__pooled, fit.pi_lb),
        MPL__STAT("pi_ub", NULL, EFFECT, mpl__pooled, fit.pi_ub),
        MPL__STAT_LB("display_pi_lb", "Prediction", EFFECT, mpl__pooled, shown_pi.lb),
        MPL__STAT("display_pi_ub", NULL, EFFECT, mpl__pooled, shown_pi.ub),
        MPL__STAT("tau2", "τ²", VARIANCE, mpl__pooled, fit.tau2),
        MPL__STAT("se_tau2", NULL, VARIANCE, mpl__pooled, fit.se_tau2),
        MPL__STAT("tau2_ci_lb", NULL, VARIANCE, mpl__pooled, fit.tau2_ci.lb),
        MPL__STAT("tau2_ci_ub", NULL, VARIANCE, mpl__pooled, fit.tau2_ci.ub),
        MPL__STAT("i2", "I²", PERCENT, mpl__pooled, fit.i2),
        MPL__STAT("i2_ci_lb", NULL, PERCENT, mpl__pooled, fit.i2_ci.lb),
        MPL__STAT("i2_ci_ub", NULL, PERCENT, mpl__pooled, fit.i2_ci.ub),
        MPL__STAT("h2", NULL, STATISTIC, mpl__pooled, fit.h2),
        MPL__STAT("q", "Q", STATISTIC, mpl__pooled, fit.q),
        MPL__STAT("q_df", NULL, DF, mpl__pooled, fit.q_df),
        MPL__STAT("q_pval", NULL, PVALUE, mpl__pooled, fit.q_pval),
        MPL__STAT("q_log_pval", NULL, LOG_PVALUE, mpl__pooled, fit.q_log_pval),
    };
    *n = MPL__COUNT(stats);
    return stats;
}

void mpl__pooled_label(mpl__table *t, const mpl_measure *measure, const mpl_fit *fit)
{
    const char *percent = mpl__percent(t->b, fit->level);
    mpl__table_label(t, "display_estimate", mpl__estimate_label(measure));
    mpl__table_label(t, "display_ci_lb", mpl__build_format(t->b, "%s CI", percent));
    mpl__table_label(t, "display_pi_lb", isnan(fit->pi_lb) ? NULL : mpl__build_format(t->b, "%s PI", percent));
}
