/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences of a forest plot: test and heterogeneity lines, footnotes, and what a screen reader says. */
#include "plot/forest.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

/* Text that grows, then moves to the arena. */
static const char *keep_text(mpl__arena *keep, mpl__text *t)
{
    const char *const copy = t->failed ? NULL : mpl__arena_copyn(keep, t->data ? t->data : "", t->size);
    mpl__text_free(t);
    return copy;
}

/* A number in text; see mpl__plot_number. */
static void add_number(mpl__text *t, mpl__arena *keep, double x, size_t digits)
{
    const char *const number = mpl__plot_number(keep, x, digits);
    if (number)
        mpl__text_add(t, number);
    else
        t->failed = true;
}

static void add_pvalue(mpl__text *t, mpl__arena *keep, double p)
{
    const char *const text = mpl__plot_pvalue(keep, p);
    if (text)
        mpl__text_add(t, text);
    else
        t->failed = true;
}

static void add_percent(mpl__text *t, double level)
{
    char number[350];
    mpl__number_significant(100 * level, 6, number);
    mpl__text_format(t, "%s%%", number);
}

/* A variance, whose size is not known beforehand: four decimals, fewer where large, more where small. */
static void add_variance(mpl__text *t, mpl__arena *keep, double x)
{
    const int order = x > 0 ? (int)floor(log10(x)) : -1;
    const int decimals = order >= 0 ? 3 - order : order < -2 ? 2 - order : 4;
    add_number(t, keep, x, x == 0 || decimals < 0 ? 0 : (size_t)(decimals < 12 ? decimals : 12));
}

/* Degrees of freedom: whole where they are. */
static void add_df(mpl__text *t, mpl__arena *keep, double df)
{
    add_number(t, keep, df, df == floor(df) ? 0 : 1);
}

const char *mpl__forest_interval(mpl__arena *keep, double x, double lb, double ub, size_t digits)
{
    mpl__text t = { 0 };
    if (isnan(lb) || isnan(ub)) {
        add_number(&t, keep, x, digits);
        return keep_text(keep, &t);
    }
    if (!isnan(x)) {
        add_number(&t, keep, x, digits);
        mpl__text_char(&t, ' ');
    }
    mpl__text_char(&t, '[');
    add_number(&t, keep, lb, digits);
    mpl__text_add(&t, ", ");
    add_number(&t, keep, ub, digits);
    mpl__text_char(&t, ']');
    return keep_text(keep, &t);
}

const char *mpl__forest_heterogeneity(mpl__arena *keep, const mpl_fit *fit)
{
    mpl__text t = { 0 };
    mpl__text_add(&t, "Heterogeneity: ");
    if (fit->k < 2) {
        mpl__text_add(&t, "not estimable from one study");
        return keep_text(keep, &t);
    }
    if (!isnan(fit->tau2)) {
        mpl__text_add(&t, "τ² = ");
        add_variance(&t, keep, fit->tau2);
    }
    if (!isnan(fit->i2)) {
        mpl__text_add(&t, ", I² = ");
        add_number(&t, keep, fit->i2, 1);
        mpl__text_char(&t, '%');
    }
    if (!isnan(fit->q)) {
        mpl__text_add(&t, ", Q(");
        add_df(&t, keep, fit->q_df);
        mpl__text_add(&t, ") = ");
        add_number(&t, keep, fit->q, 2);
        mpl__text_add(&t, ", ");
        add_pvalue(&t, keep, fit->q_pval);
    }
    return keep_text(keep, &t);
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
    add_number(&t, keep, mean->statistic, 2);
    mpl__text_add(&t, ", ");
    add_pvalue(&t, keep, mean->pval);
    return keep_text(keep, &t);
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
    add_number(&t, keep, subgroups->q, 2);
    mpl__text_add(&t, ", ");
    add_pvalue(&t, keep, subgroups->q_pval);
    return keep_text(keep, &t);
}

/* "0.49 (0.34 to 0.70)": brackets are not read aloud. */
static void add_spoken(mpl__text *t, mpl__arena *keep, const mpl_plot_row *row, size_t digits)
{
    if (!isnan(row->x)) {
        add_number(t, keep, row->x, digits);
        mpl__text_add(t, ", ");
    }
    add_number(t, keep, row->lb, digits);
    mpl__text_add(t, " to ");
    add_number(t, keep, row->ub, digits);
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
        add_percent(&t, an->fit->level);
        mpl__text_add(&t, row->kind == MPL_ROW_SUMMARY ? " confidence interval)." : ").");
    }
    if (plot->subtitle)
        mpl__text_format(&t, " %s.", plot->subtitle);
    return keep_text(keep, &t);
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
        add_percent(&t, an->fit->level);
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
        add_percent(&t, an->fit->level);
        mpl__text_add(&t, mark[MPL_MARK_DIAMOND] == 1 ? " confidence interval. " : " confidence intervals. ");
    }
    if (mark[MPL_MARK_BAR]) {
        mpl__text_add(&t, "Bar: ");
        add_percent(&t, an->fit->level);
        mpl__text_add(&t, " prediction interval. ");
    }
    if (clipped)
        mpl__text_add(&t, "Arrows: the interval continues beyond the axis. ");
    if (t.size)
        t.data[--t.size] = '\0';
    return keep_text(plot->arena, &t);
}

static bool is_simulated(const mpl_dataset_info *info)
{
    return info && info->kind && strcmp(info->kind, "simulated") == 0;
}

/* Where the data come from and what must be known of them; NULL where memory ran out. */
static size_t add_provenance(const mpl_dataset_info *info, mpl__arena *keep, const char **out)
{
    size_t n = 0;
    const char *const kind = info->kind ? mpl__plot_text(keep, info->kind) : NULL;
    const char *const source = info->source ? mpl__plot_text(keep, info->source) : NULL;
    if ((info->kind && !kind) || (info->source && !source))
        out[n++] = NULL;
    else if (kind && source)
        out[n++] = mpl__arena_format(keep, "Data (%s): %s", kind, source);
    else if (kind || source)
        out[n++] = mpl__arena_format(keep, "Data: %s", kind ? kind : source);
    for (size_t i = 0; i < info->n_warnings; i++) {
        const char *const warning = mpl__plot_text(keep, info->warnings[i]);
        out[n++] = warning ? mpl__arena_format(keep, "Note: %s", warning) : NULL;
    }
    return n;
}

/* Studies whose counts are not those reported, by name while these are few; NULL with *none set if there are none. */
static const char *describe_corrected(const mpl_effects *es, mpl__arena *keep, bool *none)
{
    enum { MOST_NAMED = 3 };
    size_t n = 0;
    mpl__text t = { 0 }, names = { 0 };
    for (size_t i = 0; es->corrected && i < es->k; i++) {
        if (!es->corrected[i])
            continue;
        mpl__text_add(&names, n ? "; " : "");
        if (n++ < MOST_NAMED)
            mpl__text_visible(&names, es->slab[i]);
    }
    *none = n == 0;
    if (*none)
        return NULL;
    mpl__text_real(&t, es->options.add.value);
    mpl__text_format(&t, " was added to the counts of %zu %s", n, n == 1 ? "study" : "studies");
    if (n <= MOST_NAMED)
        mpl__text_format(&t, ": %s", names.data ? names.data : "");
    t.failed = t.failed || names.failed;
    mpl__text_free(&names);
    return keep_text(keep, &t);
}

mpl_status mpl__forest_caption(const mpl_analysis *an, const mpl_plot_options *options, mpl_plot *plot,
                               size_t n_filtered, mpl_error *err)
{
    mpl__arena *const keep = plot->arena;
    const mpl_dataset_info *const info = an->effects->info;
    const char *const title = options->title ? options->title : info ? info->title : NULL;
    const bool untitled = !title || !*title || strcmp(title, "none") == 0;
    plot->title = untitled ? NULL : mpl__plot_text(keep, title);
    plot->subtitle = is_simulated(info) ? "SIMULATED DATA" : NULL;
    plot->desc = describe(an, plot, options->digits);

    const char **const notes = MPL_NEW(keep, const char *, 5 + (info ? 1 + info->n_warnings : 0));
    if (!notes || !plot->desc || (!untitled && !plot->title))
        return mpl__fail_nomem(err, "the words of the figure");
    size_t n = 0;
    char method[1024];
    MPL_TRY(mpl_fit_describe(an->fit, method, sizeof method, err));
    notes[n++] = mpl__plot_text(keep, method);
    notes[n++] = legend(an, plot);
    bool none;
    const char *const corrected = describe_corrected(an->effects, keep, &none);
    if (!none)
        notes[n++] = corrected;
    if (n_filtered)
        notes[n++] = mpl__arena_format(keep, "%zu %s left out by a filter.", n_filtered,
                                       n_filtered == 1 ? "row was" : "rows were");
    if (info)
        n += add_provenance(info, keep, notes + n);
    for (size_t i = 0; i < n; i++)
        if (!notes[i])
            return mpl__fail_nomem(err, "the words of the figure");
    plot->footnotes = notes;
    plot->n_footnotes = n;
    return MPL_OK;
}
