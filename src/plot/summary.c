/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Summary forest: one row for each of several analyses, of the levels of columns and of selections of the rows. */
#include "plot/rows.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

static const mpl_option table[] = {
    { .name = "by", MPL_MEMBER(TEXT, mpl_summary_options, by), .arg = "COLUMNS",
      .help = "columns whose levels have a row each, e.g. alloc,region", .since = "0.1.0" },
    { .name = "select", MPL_MEMBER(TEXT, mpl_summary_options, select), .arg = "NAME:EXPR;...",
      .help = "selections of rows as for --where, e.g. \"Tropics: ablat < 23.5; Since 1960: year >= 1960\"",
      .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_summary_option_table(void)
{
    return table;
}

static const mpl__plot_group group = MPL__PLOT_GROUP(mpl_summary_option_table, summary);

/* What the largest square stands for. */
static double most_studies(const mpl__rows *r)
{
    double most = (double)r->analysis->fit->k;
    for (size_t i = 0; i < r->options->summary.n_more; i++)
        most = fmax(most, (double)r->options->summary.more[i].fit->k);
    return most;
}

static void add_fit(mpl__rows *r, const mpl_fit *fit, const char *label)
{
    const char **cells;
    mpl__rows_checked(r, label);
    mpl_plot_row *const row = mpl__rows_mean(r, MPL_ROW_STUDY, MPL_MARK_SQUARE, fit, label, NULL, 0, &cells);
    row->area = fmin(1, (double)fit->k / most_studies(r));
}

/* The levels of one column. */
static mpl_status add_column(mpl__rows *r, const char *column, mpl_error *err)
{
    const mpl_analysis *const an = r->analysis;
    const mpl_subgroup_options options = { .subgroup = column };
    mpl_subgroups *sub;
    MPL_TRY(mpl__within(err, mpl_subgroups_new(an->data, an->effects, &an->fit->options, &options, &sub, err), "--by"));
    const char *const name = mpl__rows_checked(r, mpl__plot_text(r->keep, column));
    const bool tested = sub->q_pval >= 0;
    const char *const p = tested ? mpl__rows_checked(r, mpl__look_pvalue(r->look, r->keep, sub->q_pval)) : NULL;
    mpl__rows_text(r, MPL_ROW_HEADING,
                   p ? mpl__arena_format(r->keep, "%s (differences: %s)", name ? name : "", p) : name);
    for (size_t g = 0; g < sub->n_groups; g++)
        add_fit(r, sub->groups[g].fit, mpl__plot_text(r->keep, sub->groups[g].label));
    mpl__rows_text(r, MPL_ROW_BLANK, "");
    mpl_subgroups_free(sub);
    return MPL_OK;
}

/* Rows of a filtered dataset. */
static bool is_selected(void *ctx, size_t index, mpl_exclusion *why)
{
    const mpl_dataset *const *const data = ctx; /* all, selected */
    (void)why;
    return mpl__plot_find_row(data[1], data[0]->row[index]) < data[1]->n_rows;
}

static mpl_status add_selected(mpl__rows *r, const char *expression, const char *label, mpl_error *err)
{
    const mpl_analysis *const an = r->analysis;
    mpl_dataset *data = NULL;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_status s = mpl_dataset_filter(an->data, expression, &data, err);
    const mpl_dataset *both[] = { an->data, data };
    if (s == MPL_OK)
        s = mpl_effects_subset(an->effects, is_selected, both, &effects, err);
    if (s == MPL_OK && effects->k == 0)
        s = mpl__fail(err, MPL_ERR_TOO_FEW, "no study is left for '%s'", label);
    if (s == MPL_OK)
        s = mpl_fit_new(effects, NULL, &an->fit->options, &fit, err);
    if (s == MPL_OK)
        add_fit(r, fit, mpl__plot_text(r->keep, label));
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return s == MPL_ERR_PARSE ? MPL_ERR_ARG : s;
}

/* One row for each of several datasets. */
static mpl_status add_datasets(mpl__rows *r, mpl_error *err)
{
    const mpl_summary_options *const o = &r->options->summary;
    for (size_t i = 0; i <= o->n_more; i++) {
        const mpl_analysis *const an = i ? &o->more[i - 1] : r->analysis;
        const mpl_effects *const es = an->effects;
        const char *const id = es->measure->method.id, *const want = r->analysis->effects->measure->method.id;
        if (strcmp(id, want) != 0)
            return mpl__fail(err, MPL_ERR_ARG, "%s has the measure %s and not %s: a summary plot has one axis; give "
                                               "--measure", es->data_name ? es->data_name : "a dataset", id, want);
        if (an->fit->p != 1)
            return mpl__fail(err, MPL_ERR_ARG, "a summary plot shows means; a model with moderators has none");
        const char *const title = es->info ? es->info->title : NULL;
        const char *const name = title ? title : es->data_name ? es->data_name : "Data";
        r->simulated = r->simulated || mpl__plot_is_simulated(es->info);
        add_fit(r, an->fit, mpl__plot_text(r->keep, name));
    }
    return MPL_OK;
}

/* "NAME: EXPR", or an expression that is its own name. */
static mpl_status add_selection(mpl__rows *r, const char *entry, size_t length, mpl_error *err)
{
    const char *const colon = memchr(entry, ':', length);
    const char *const from = colon ? colon + 1 : entry;
    const size_t skip = strspn(from, " "), start = strspn(entry, " ");
    const char *const expression = mpl__arena_copyn(r->keep, from + skip, length - (size_t)(from - entry) - skip);
    const char *const label = colon ? mpl__arena_copyn(r->keep, entry + start, (size_t)(colon - entry) - start)
                                    : expression;
    if (!label || !expression)
        return mpl__fail_nomem(err, "the selections");
    return mpl__within(err, add_selected(r, expression, label, err), "--select");
}

static mpl_status add_rows(mpl__rows *r, mpl_error *err)
{
    const mpl_summary_options *const o = &r->options->summary;
    for (const char *s = o->by; s && *s;) {
        const size_t n = strcspn(s, ",");
        const char *const column = mpl__arena_copyn(r->keep, s, n);
        if (!column)
            return mpl__fail_nomem(err, "the columns");
        MPL_TRY(add_column(r, column, err));
        s += n + (s[n] == ',');
    }
    if (o->select && *o->select)
        mpl__rows_text(r, MPL_ROW_HEADING, "Selections");
    for (const char *s = o->select; s && *s;) {
        const size_t n = strcspn(s, ";");
        if (n > strspn(s, " "))
            MPL_TRY(add_selection(r, s, n, err));
        s += n + (s[n] == ';');
    }
    if (o->select && *o->select)
        mpl__rows_text(r, MPL_ROW_BLANK, "");
    return MPL_OK;
}

/* Several datasets have no diamond of all, and no method of all. */
static mpl_status make_several(mpl__rows *r, mpl_error *err)
{
    const mpl_fit *const fit = r->analysis->fit;
    const char *const note = mpl__rows_checked(r, mpl__arena_format(r->keep, "Each analysis by itself: %s; %s.",
                                                                    fit->method->title, fit->test->title));
    if (r->options->summary.by || r->options->summary.select)
        return mpl__fail(err, MPL_ERR_ARG, "--by and --select are for one dataset");
    r->several = true;
    MPL_TRY(add_datasets(r, err));
    return mpl__rows_finish(r, &note, 1, err);
}

static mpl_status build(const mpl_analysis *analysis, const mpl_plot_options *options, mpl_plot *plot,
                        mpl__arena *scratch, mpl_error *err)
{
    mpl__rows r;
    const char **cells;
    const mpl_summary_options *const own = &options->summary;
    if (!own->by && !own->select && !own->n_more)
        return mpl__fail(err, MPL_ERR_ARG, "a summary plot needs --by COLUMNS, --select \"NAME: EXPR; ...\", or "
                                           "several files");
    if (!analysis->data || analysis->fit->p != 1)
        return mpl__fail(err, MPL_ERR_ARG, "a summary plot needs the dataset, and a mean without moderators");
    MPL_TRY(mpl__rows_start(&r, analysis, options, plot, scratch, "k", "estimate,p,i2", err));
    r.columns[0].heading = "Analysis";
    r.squares = "pooled estimates, area in proportion to the number of studies,";
    r.what = own->n_more ? mpl__arena_format(r.keep, "Summary of analyses of %zu datasets.", own->n_more + 1)
                         : mpl__arena_format(r.keep, "Summary of analyses of %zu studies.", analysis->effects->k);
    mpl__rows_checked(&r, r.what);
    if (own->n_more)
        return make_several(&r, err);
    MPL_TRY(add_rows(&r, err));
    plot->overall = r.n_rows;
    mpl__rows_mean(&r, MPL_ROW_SUMMARY, MPL_MARK_DIAMOND, analysis->fit, "All studies", NULL, 0, &cells);
    return mpl__rows_finish(&r, NULL, 0, err);
}

const mpl__plot_def mpl__plot_summary = {
    .method = { .id = "summary", .title = "one row for each of several analyses: levels of columns, selections of rows",
                .cite = "Borenstein et al. 2009, Introduction to Meta-Analysis, ch. 41" },
    .groups = (const mpl__plot_group *const[]){ &mpl__group_forest, &group, NULL },
    .build = build,
};
