/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences of a figure of rows: test and heterogeneity lines, footnotes, and what a screen reader says. */
#include "plot/rows.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

void mpl__rows_heterogeneity(mpl__rows *r, const mpl_fit *fit)
{
    if (fit->k < 2) {
        mpl__rows_text(r, MPL_ROW_TEXT, "Heterogeneity: not estimable from one study");
        return;
    }
    const mpl__slot slots[] = { { "tau2", fit->tau2, NULL },       { "i2", fit->i2, NULL }, { "q", fit->q, NULL },
                                { "df", fit->q_df, NULL },         { "p", fit->q_pval, NULL },
                                { "h2", fit->h2, NULL },           { NULL, 0, NULL } };
    const char *text = mpl__look_fill(r->look, r->look->heterogeneity, slots, r->keep);
    const char *const colon = text && fit->p > 1 ? strchr(text, ':') : NULL;
    if (colon)
        text = mpl__arena_format(r->keep, "%.*s (residual)%s", (int)(colon - text), text, colon);
    mpl__rows_text(r, MPL_ROW_TEXT, text);
}

static void add_moderators_test(mpl__rows *r, const mpl_fit *fit)
{
    const double none = (double)NAN;
    if (fit->p < 2 || isnan(fit->qm) || isnan(fit->qm_pval))
        return;
    const bool is_f = isfinite(fit->qm_df2);
    const mpl__slot slots[] = { { "f", is_f ? fit->qm : none, NULL },
                                { "q", is_f ? none : fit->qm, NULL },
                                { "df", fit->qm_df, NULL },
                                { "df2", is_f ? fit->qm_df2 : none, NULL },
                                { "p", fit->qm_pval, NULL },
                                { NULL, 0, NULL } };
    static const char pattern[] = "Moderators: |F({df}, {df2}) = {f:2}|Q({df}) = {q:2}|, {p}";
    mpl__rows_text(r, MPL_ROW_TEXT, mpl__look_fill(r->look, pattern, slots, r->keep));
}

/* Tests are against 0 on the analysis scale. */
static void add_overall_test(mpl__rows *r, const mpl_fit *fit)
{
    const mpl_term *const mean = &fit->terms[0];
    const double none = (double)NAN;
    if (fit->p != 1 || r->analysis->effects->measure->null_value != 0 || isnan(mean->pval))
        return;
    const mpl__slot slots[] = { { "t", isinf(mean->df) ? none : mean->statistic, NULL },
                                { "z", isinf(mean->df) ? mean->statistic : none, NULL },
                                { "df", isinf(mean->df) ? none : mean->df, NULL },
                                { "p", mean->pval, NULL },
                                { NULL, 0, NULL } };
    mpl__rows_text(r, MPL_ROW_TEXT, mpl__look_fill(r->look, r->look->overall, slots, r->keep));
}

static void add_between_test(mpl__rows *r, const mpl_subgroups *sub)
{
    const double none = (double)NAN;
    if (!sub || isnan(sub->q) || isnan(sub->q_pval))
        return;
    const bool is_f = isfinite(sub->q_df2);
    const mpl__slot slots[] = { { "f", is_f ? sub->q : none, NULL },
                                { "q", is_f ? none : sub->q, NULL },
                                { "df", sub->q_df, NULL },
                                { "df2", is_f ? sub->q_df2 : none, NULL },
                                { "p", sub->q_pval, NULL },
                                { "i2", is_f ? none : sub->q > 0 ? 100 * fmax(0, 1 - sub->q_df / sub->q) : 0, NULL },
                                { NULL, 0, NULL } };
    mpl__rows_text(r, MPL_ROW_TEXT, mpl__look_fill(r->look, r->look->between_groups, slots, r->keep));
}

void mpl__rows_tests(mpl__rows *r)
{
    add_overall_test(r, r->analysis->fit);
    add_moderators_test(r, r->analysis->fit);
    add_between_test(r, r->analysis->subgroups);
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

static const char *describe(const mpl__rows *r)
{
    const mpl_analysis *const an = r->analysis;
    const mpl_plot *const plot = r->plot;
    const size_t digits = r->options->forest.digits;
    mpl__arena *const keep = plot->arena;
    mpl__text t = { 0 };
    if (r->what)
        mpl__text_format(&t, "%s Measure: %s.", r->what, an->effects->measure->method.title);
    else
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

/* "Line: 0.8, smallest important effect. " */
static void add_bands(mpl__text *t, const mpl_plot *plot)
{
    for (size_t i = 0; i < plot->n_bands; i++) {
        const mpl_plot_band *const band = &plot->bands[i];
        const bool is_line = band->lo == band->hi;
        mpl__text_add(t, is_line ? "Dashed line: " : "Shaded: ");
        mpl__text_real(t, band->lo);
        if (!is_line) {
            mpl__text_add(t, " to ");
            mpl__text_real(t, band->hi);
        }
        mpl__text_format(t, "%s%s. ", band->label ? ", " : "", band->label ? band->label : "");
    }
}

static const char *legend(const mpl__rows *r)
{
    const mpl_analysis *const an = r->analysis;
    const mpl_plot *const plot = r->plot;
    bool fitted = false;
    size_t mark[MPL_MARK_BAR + 1] = { 0 };
    bool clipped = false;
    for (size_t i = 0; i < plot->n_rows; i++) {
        mark[plot->rows[i].mark]++;
        fitted = fitted || !isnan(plot->rows[i].fit_x);
        clipped = clipped || plot->rows[i].clip_lb || plot->rows[i].clip_ub;
    }
    mpl__text t = { 0 };
    if (mark[MPL_MARK_SQUARE] && r->squares) {
        mpl__text_format(&t, "Squares: %s with ", r->squares);
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, " confidence intervals. ");
    } else if (mark[MPL_MARK_SQUARE]) {
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
    if (fitted) {
        mpl__text_add(&t, "Pale diamonds: values of the model with ");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, " confidence intervals. ");
    }
    if (mark[MPL_MARK_BAR]) {
        mpl__text_add(&t, "Bar: ");
        mpl__plot_add_percent(&t, an->fit->level);
        mpl__text_add(&t, " prediction interval. ");
    }
    if (clipped)
        mpl__text_add(&t, "Arrows: the interval continues beyond the axis. ");
    add_bands(&t, plot);
    if (t.size)
        t.data[--t.size] = '\0';
    return mpl__plot_keep(plot->arena, &t);
}

mpl_status mpl__rows_caption(mpl__rows *r, const char *const *own, size_t n_own, mpl_error *err)
{
    const mpl_analysis *const an = r->analysis;
    mpl_plot *const plot = r->plot;
    mpl_effects plain = *an->effects; /* as if nothing were known about the data */
    plain.info = NULL;
    plain.corrected = NULL;
    const mpl_analysis first = { .effects = &plain, .fit = an->fit };
    const mpl_analysis *const about = r->several ? &first : an;
    MPL_TRY(mpl__plot_head(about, r->options, plot, err));
    plot->subtitle = r->simulated ? "SIMULATED DATA" : plot->subtitle;
    plot->desc = describe(r);
    const char **const notes = MPL_NEW(r->keep, const char *, 3 + n_own + mpl__plot_most_notes(an, r->options));
    if (!notes || !plot->desc)
        return mpl__fail_nomem(err, "the words of the figure");
    size_t n = 0;
    char method[1024];
    MPL_TRY(mpl_fit_describe(an->fit, method, sizeof method, err));
    if (!r->several)
        notes[n++] = mpl__plot_text(r->keep, method);
    for (size_t i = 0; i < n_own; i++)
        notes[n++] = own[i];
    notes[n] = legend(r);
    n += !notes[n] || *notes[n];
    if (mpl__fields_lights(r->fields, r->n_fields))
        notes[n++] = mpl__fields_lights_note(r->fields, r->n_fields, r->keep);
    n += mpl__plot_notes(about, r->options, r->keep, notes + n);
    for (size_t i = 0; i < n; i++)
        if (!notes[i])
            return mpl__fail_nomem(err, "the words of the figure");
    plot->footnotes = notes;
    plot->n_footnotes = n;
    return MPL_OK;
}
