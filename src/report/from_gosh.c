/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pooled results of subsets as a report. */
#include <math.h>

#include "report/format.h"
#include "report/parts.h"

static void add_statistics(mpl__build *b, const mpl_gosh *g)
{
    static const mpl__stat stats[] = {
        MPL__STAT("statistic", NULL, TEXT, mpl_gosh_statistic, id),
        MPL__STAT("title", "Over the subsets", TEXT, mpl_gosh_statistic, title),
        MPL__STAT("n", NULL, COUNT, mpl_gosh_statistic, n),
        MPL__STAT("mean", "Mean", NUMBER, mpl_gosh_statistic, mean),
        MPL__STAT("sd", "SD", NUMBER, mpl_gosh_statistic, sd),
        MPL__STAT("min", "Least", NUMBER, mpl_gosh_statistic, min),
        MPL__STAT("q05", NULL, NUMBER, mpl_gosh_statistic, q05),
        MPL__STAT("q25", "25%", NUMBER, mpl_gosh_statistic, q25),
        MPL__STAT("median", "Median", NUMBER, mpl_gosh_statistic, median),
        MPL__STAT("q75", "75%", NUMBER, mpl_gosh_statistic, q75),
        MPL__STAT("q95", NULL, NUMBER, mpl_gosh_statistic, q95),
        MPL__STAT("max", "Largest", NUMBER, mpl_gosh_statistic, max),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "statistics", .row_type = "statistic",
                                                           .n_rows = g->n_statistics },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < g->n_statistics; i++)
        mpl__table_row(&t, &g->statistics[i]);
}

typedef struct study_row {
    mpl_gosh_study study;
    mpl__shown with, without; /* median, quartiles */
} study_row;

static void add_studies(mpl__build *b, const mpl_gosh *g, bool is_listed)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, study_row, study.study),
        MPL__STAT("row", NULL, COUNT, study_row, study.row),
        MPL__STAT("n_with", NULL, COUNT, study_row, study.n_with),
        MPL__STAT("n_without", NULL, COUNT, study_row, study.n_without),
        MPL__STAT("q25_with", NULL, EFFECT, study_row, study.q25_with),
        MPL__STAT("median_with", NULL, EFFECT, study_row, study.median_with),
        MPL__STAT("q75_with", NULL, EFFECT, study_row, study.q75_with),
        MPL__STAT("q25_without", NULL, EFFECT, study_row, study.q25_without),
        MPL__STAT("median_without", NULL, EFFECT, study_row, study.median_without),
        MPL__STAT("q75_without", NULL, EFFECT, study_row, study.q75_without),
        MPL__STAT("display_median_with", "With it", EFFECT, study_row, with.x),
        MPL__STAT_LB("display_lower_with", "Middle half", EFFECT, study_row, with.lb),
        MPL__STAT("display_upper_with", NULL, EFFECT, study_row, with.ub),
        MPL__STAT("display_median_without", "Without", EFFECT, study_row, without.x),
        MPL__STAT_LB("display_lower_without", "Middle half", EFFECT, study_row, without.lb),
        MPL__STAT("display_upper_without", NULL, EFFECT, study_row, without.ub),
        MPL__STAT("share", "Explains", PERCENT, study_row, study.share),
        MPL__STAT("separates", NULL, BOOL, study_row, study.separates),
    };
    const mpl_measure *const m = g->effects->measure;
    mpl__table t = mpl__build_table(b, (mpl_report_table){
        .key = "studies", .row_type = "study", .not_text = !is_listed, .n_rows = g->effects->k,
        .label = mpl__build_format(b, "Median %s of the subsets with and without each study", mpl__estimate_label(m)) },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < g->effects->k; i++) {
        const mpl_gosh_study *const s = &g->studies[i];
        mpl__table_row(&t, &(study_row){
            *s, mpl__display(m, NAN, s->median_with, s->q25_with, s->q75_with),
            mpl__display(m, NAN, s->median_without, s->q25_without, s->q75_without) });
    }
}

static void add_machine_tables(mpl__build *b, const mpl_gosh *g)
{
    static const mpl__stat bins[] = {
        MPL__STAT("from", NULL, EFFECT, mpl_gosh_bin, from),
        MPL__STAT("to", NULL, EFFECT, mpl_gosh_bin, to),
        MPL__STAT("count", NULL, COUNT, mpl_gosh_bin, n),
    };
    static const mpl__stat points[] = {
        MPL__STAT("k", NULL, COUNT, mpl_gosh_point, k),
        MPL__STAT("estimate", NULL, EFFECT, mpl_gosh_point, estimate),
        MPL__STAT("tau2", NULL, VARIANCE, mpl_gosh_point, tau2),
        MPL__STAT("i2", NULL, PERCENT, mpl_gosh_point, i2),
        MPL__STAT("q", NULL, STATISTIC, mpl_gosh_point, q),
        MPL__STAT("members", NULL, TEXT, mpl_gosh_point, members),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "histogram", .row_type = "bin", .not_text = true,
                                                           .n_rows = g->n_bins }, bins, MPL__COUNT(bins), 0);
    for (size_t i = 0; i < g->n_bins; i++)
        mpl__table_row(&t, &g->bins[i]);
    mpl__table p = mpl__build_table(b, (mpl_report_table){ .key = "subsets", .row_type = "subset", .not_text = true,
                                                           .n_rows = g->n_points }, points, MPL__COUNT(points), 0);
    for (size_t i = 0; i < g->n_points; i++)
        mpl__table_row(&p, &g->points[i]);
}

static void add_counts(mpl__build *b, const mpl_gosh *g)
{
    static const mpl__stat stats[] = {
        MPL__STAT("n_subsets", NULL, COUNT, mpl_gosh, n),
        MPL__STAT("n_possible", NULL, NUMBER, mpl_gosh, n_possible),
        MPL__STAT("n_failed", NULL, COUNT, mpl_gosh, n_failed),
        MPL__STAT("all", NULL, BOOL, mpl_gosh, is_all),
        MPL__STAT("partial", NULL, BOOL, mpl_gosh, is_partial),
    };
    mpl__build_section(b, "gosh", NULL);
    mpl__build_fields(b, stats, MPL__COUNT(stats), g);
    mpl__build_line(b, "Subsets", g->is_all       ? "all {n_subsets}"
                                  : g->is_partial ? "{n_subsets} of {n_possible}; stopped before the end"
                                                  : "{n_subsets} random ones of {n_possible}");
    mpl__build_line(b, NULL, mpl__build_format(b, "effects below are on the scale of analysis, %s",
                                               g->effects->measure->scale));
    add_statistics(b, g);
}

mpl_status mpl_report_new_gosh(const mpl_gosh *g, const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = g->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &g->fit->options },
                                     { mpl_gosh_option_table(), &g->options },
                                     { mpl_run_option_table(), &g->run } };
    mpl__notes notes = { 0 };
    mpl__build b;
    mpl__build_start(&b, "gosh", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, g->fit);
    mpl__build_line(&b, "Method", "{description}");
    add_counts(&b, g);
    mpl__build_section(&b, NULL, NULL);
    add_studies(&b, g, mpl__format_needs_of(write, es->k).studies);
    add_machine_tables(&b, g);
    notes.arena = b.arena;
    mpl__note_add_all(&notes, es->notes, es->n_notes);
    mpl__note_add_all(&notes, g->fit->notes, g->fit->n_notes);
    mpl__note_add_all(&notes, g->notes, g->n_notes);
    mpl__part_notes_of(&b, "note", &notes);
    mpl__part_warnings(&b, es->info);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, MPL__COUNT(sets), g->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
