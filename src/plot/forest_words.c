/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences of a forest plot: test and heterogeneity lines, footnotes, and what a screen reader says. */
#include "plot/forest.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

/* A variance, whose size is not known beforehand: four decimals, fewer where large, more where small. */
static void add_variance(mpl__text *t, mpl__arena *keep, double x)
{
    const int order = x > 0 ? (int)floor(log10(x)) : -1;
    const int decimals = order >= 0 ? 3 - order : order < -2 ? 2 - order : 4;
    mpl__plot_add_number(t, keep, x, x == 0 || decimals < 0 ? 0 : (size_t)(decimals < 12 ? decimals : 12));
}

/* Degrees of freedom: whole where they are. */
static void add_df(mpl__text *t, mpl__arena *keep, double df)
{
    mpl__plot_add_number(t, keep, df, df == floor(df) ? 0 : 1);
}

const char *mpl__forest_interval(mpl__arena *keep, double x, double lb, double ub, size_t digits)
{
    mpl__text t = { 0 };
    if (isnan(lb) || isnan(ub)) {
        mpl__plot_add_number(&t, keep, x, digits);
        return mpl__plot_keep(keep, &t);
    }
    if (!isnan(x)) {
        mpl__plot_add_number(&t, keep, x, digits);
        mpl__text_char(&t, ' ');
    }
    mpl__text_char(&t, '[');
    mpl__plot_add_number(&t, keep, lb, digits);
    mpl__text_add(&t, ", ");
    mpl__plot_add_number(&t, keep, ub, digits);
    mpl__text_char(&t, ']');
    return mpl__plot_keep(keep, &t);
}

const char *mpl__forest_heterogeneity(mpl__arena *keep, const mpl_fit *fit)
{
    mpl__text t = { 0 };
    mpl__text_add(&t, "Heterogeneity: ");
    if (fit->k < 2) {
        mpl__text_add(&t, "not estimable from one study");
        return mpl__plot_keep(keep, &t);
    }
    if (!isnan(fit->tau2)) {
        mpl__text_add(&t, "τ² = ");
        add_variance(&t, keep, fit->tau2);
    }
    if (!isnan(fit->i2)) {
        mpl__text_add(&t, ", I² = ");
        mpl__plot_add_number(&t, keep, fit->i2, 1);
        mpl__text_char(&t, '%');
    }
    if (!isnan(fit->q)) {
        mpl__text_add(&t, ", Q(");
        add_df(&t, keep, fit->q_df);
        mpl__text_add(&t, ") = ");
        mpl__plot_add_number(&t, keep, fit->q, 2);
        mpl__text_add(&t, ", ");
        mpl__plot_add_pvalue(&t, keep, fit->q_pval);
    }
    return mpl__plot_keep(keep, &t);
}

const char *mpl__forest_overall_test(mpl__arena *keep, const mpl_measure *measure, const mpl_fit *fit, bool *none)
{
    const mpl_term *const mean = &fit->terms[0];
    *none = measure->null_value != 0 || isnan(mean->pval); /* tests are against 0 on the analysis scale */
    if (*none)
        return NULL;
    mpl__text t = { 0 };
    mpl__text_add(&t, isinf(mean->df) ? "Overall effect: z" : "Overall effect: t(");
    if (!isinf(mean->df)) {
        add_df(&t, keep, mean->df);
        mpl__text_char(&t, ')');
    }
    mpl__text_add(&t, " = ");
    mpl__plot_add_number(&t, keep, mean->statistic, 2);
    mpl__text_add(&t, ", ");
    mpl__plot_add_pvalue(&t, keep, mean->pval);
    return mpl__plot_keep(keep, &t);
}

const char *mpl__forest_between_test(mpl__arena *keep, const mpl_subgroups *subgroups, bool *none)
{
    *none = isnan(subgroups->q) || isnan(subgroups->q_pval);
    if (*none)
        return NULL;
    const bool is_f = isfinite(subgroups->q_df2);
    mpl__text t = { 0 };
    mpl__text_add(&t, is_f ? "Subgroup differences: F(" : "Subgroup differences: Q(");
    add_df(&t, keep, subgroups->q_df);
    if (is_f) {
        mpl__text_add(&t, ", ");
        add_df(&t, keep, subgroups->q_df2);
    }
    mpl__text_add(&t, ") = ");
    mpl__plot_add_number(&t, keep, subgroups->q, 2);
    mpl__text_add(&t, ", ");
    mpl__plot_add_pvalue(&t, keep, subgroups->q_pval);
    return mpl__plot_keep(keep, &t);
}

/* "0.49 (0.34 to 0.70)": brackets are not read aloud. */
static void add_spoken(mpl__text *t, mpl__arena *keep, const mpl_plot_row *row, size_t digits)
{
    if (!isnan(row->x)) {
        mpl__plot_add_number(t, keep, row->x, digits);
        mpl__text_add(t, ", ");
    }
    mpl__plot_add_number(t, keep, row->lb, digits);
    mpl__text_add(t, " to ");
    mpl__plot_add_number(t, keep, row->ub, digits);
}

static const char *describe(const mpl_analysis *an, const mpl_plot *plot, size_t digits)
{
    mpl__arena *const keep = plot->arena;
    mpl__text t = { 0 };
    mpl__text_format(&t, "Forest plot of %zu %s. Measure: %s.", an->effects->k,
                     an->effects->k == 1 ? "study" : "studies", an->effects->measure->method.title);
    const char *heading = NULL;
    for (size_t i = 0; i < plot->n_rows; i++) {
        const mpl_plot_row *const row = &plot->rows[i];
        if (row->kind == MPL_ROW_HEADING)
            heading = row->cells[0];
        if (row->kind != MPL_ROW_SUMMARY && row->kind != MPL_ROW_PREDICTION)
            continue;
        mpl__text_char(&t, ' ');
        if (heading && i < plot->overall)
            mpl__text_format(&t, "%s: ", heading);
        mpl__text_format(&t, "%s: ", row->cells[0]);
        add_spoken(&t, keep, row, digits);
        mpl__text_add(&t, " (");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, row->kind == MPL_ROW_SUMMARY ? " confidence interval)." : ").");
    }
    if (plot->subtitle)
        mpl__text_format(&t, " %s.", plot->subtitle);
    return mpl__plot_keep(keep, &t);
}

static const char *legend(const mpl_analysis *an, const mpl_plot *plot)
{
    size_t mark[MPL_MARK_BAR + 1] = { 0 };
    bool clipped = false;
    for (size_t i = 0; i < plot->n_rows; i++) {
        mark[plot->rows[i].mark]++;
        clipped = clipped || plot->rows[i].clip_lb || plot->rows[i].clip_ub;
    }
    mpl__text t = { 0 };
    if (mark[MPL_MARK_SQUARE]) {
        mpl__text_add(&t, mark[MPL_MARK_SQUARE] == 1 ? "Square: study with "
                                                     : "Squares: studies, area in proportion to weight, with ");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, mark[MPL_MARK_SQUARE] == 1 ? " confidence interval" : " confidence intervals");
        const mpl_method *const ci = mpl_study_ci_method(0);
        const char *const id = an->effects->options.study_ci;
        if (id && strcmp(id, ci->id) != 0)
            mpl__text_format(&t, ": %s", mpl_method_find(mpl_study_ci_method, id)->title);
        mpl__text_add(&t, ". ");
    }
    if (mark[MPL_MARK_DIAMOND]) {
        mpl__text_add(&t, mark[MPL_MARK_DIAMOND] == 1 ? "Diamond: pooled estimate with "
                                                      : "Diamonds: pooled estimates with ");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, mark[MPL_MARK_DIAMOND] == 1 ? " confidence interval. " : " confidence intervals. ");
    }
    if (mark[MPL_MARK_BAR]) {
        mpl__text_add(&t, "Bar: ");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, " prediction interval. ");
    }
    if (clipped)
        mpl__text_add(&t, "Arrows: the interval continues beyond the axis. ");
    if (t.size)
        t.data[--t.size] = '\0';
    return mpl__plot_keep(plot->arena, &t);
}

mpl_status mpl__forest_caption(const mpl_analysis *an, const mpl_plot_options *options, mpl_plot *plot,
                               mpl_error *err)
{
    mpl__arena *const keep = plot->arena;
    MPL_TRY(mpl__plot_head(an, options, plot, err));
    plot->desc = describe(an, plot, options->forest.digits);
    const char **const notes = MPL_NEW(keep, const char *, 2 + mpl__plot_most_notes(an));
    if (!notes || !plot->desc)
        return mpl__fail_nomem(err, "the words of the figure");
    size_t n = 0;
    char method[1024];
    MPL_TRY(mpl_fit_describe(an->fit, method, sizeof method, err));
    notes[n++] = mpl__plot_text(keep, method);
    notes[n++] = legend(an, plot);
    n += mpl__plot_notes(an, keep, notes + n);
    for (size_t i = 0; i < n; i++)
        if (!notes[i])
            return mpl__fail_nomem(err, "the words of the figure");
    plot->footnotes = notes;
    plot->n_footnotes = n;
    return MPL_OK;
}
