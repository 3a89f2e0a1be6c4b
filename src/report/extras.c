/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a method tests and estimates beside the coefficients. */
#include "report/from_fit.h"

static void add_hypotheses(mpl__build *b, const mpl_fit *fit)
{
    static const mpl__stat stats[] = {
        MPL__STAT("hypothesis", NULL, TEXT, mpl_hypothesis, id),
        MPL__STAT("title", "Test", TEXT, mpl_hypothesis, title),
        MPL__STAT("cite", NULL, TEXT, mpl_hypothesis, cite),
        MPL__STAT("statistic", "Statistic", STATISTIC, mpl_hypothesis, statistic),
        MPL__STAT("df", "df", DF, mpl_hypothesis, df),
        MPL__STAT("df2", NULL, DF, mpl_hypothesis, df2),
        MPL__STAT("pval", "p", PVALUE, mpl_hypothesis, pval),
        MPL__STAT("log_pval", NULL, LOG_PVALUE, mpl_hypothesis, log_pval),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "hypotheses", .label = "Tests",
                                                           .row_type = "hypothesis", .n_rows = fit->n_hypotheses },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < fit->n_hypotheses; i++)
        mpl__table_row(&t, &fit->hypotheses[i]);
}

static void add_quantities(mpl__build *b, const mpl_fit *fit)
{
    static const mpl__stat stats[] = {
        MPL__STAT("quantity", NULL, TEXT, mpl_quantity, id),
        MPL__STAT("title", "Also estimated", TEXT, mpl_quantity, title),
        MPL__STAT("cite", NULL, TEXT, mpl_quantity, cite),
        MPL__STAT("value", "Value", NUMBER, mpl_quantity, value),
        MPL__STAT("se", "SE", NUMBER, mpl_quantity, se),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, mpl_quantity, ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, mpl_quantity, ci_ub),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "quantities", .row_type = "quantity",
                                                           .n_rows = fit->n_quantities },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < fit->n_quantities; i++)
        mpl__table_row(&t, &fit->quantities[i]);
}

void mpl__fit_extras(mpl__build *b, const mpl_fit *fit)
{
    if (!fit->n_hypotheses && !fit->n_quantities)
        return;
    mpl__build_section(b, NULL, NULL);
    if (fit->n_quantities)
        add_quantities(b, fit);
    if (fit->n_hypotheses)
        add_hypotheses(b, fit);
}
