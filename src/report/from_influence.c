/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The diagnostics of studies as a report. */
#include <math.h>
#include <string.h>

#include "report/format.h"
#include "report/pooled.h"

static const mpl_diagnostic *diagnostic(size_t j)
{
    return (const mpl_diagnostic *)(const void *)mpl_diagnostic_method(j);
}

static mpl_kind kind_of(const mpl_diagnostic *d)
{
    static const mpl_kind kinds[] = {
        [MPL_DIAGNOSTIC_EFFECT] = MPL_KIND_EFFECT, [MPL_DIAGNOSTIC_VARIANCE] = MPL_KIND_VARIANCE,
        [MPL_DIAGNOSTIC_PERCENT] = MPL_KIND_PERCENT, [MPL_DIAGNOSTIC_RATIO] = MPL_KIND_STATISTIC,
        [MPL_DIAGNOSTIC_STATISTIC] = MPL_KIND_STATISTIC,
    };
    return kinds[d->kind];
}

static const char *unless_empty(const char *text)
{
    return text && *text ? text : NULL;
}

static void add_diagnostics(mpl__build *b, const mpl_influence *inf, bool has_moderators, bool is_listed)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, mpl_influence_row, study),
        MPL__STAT("row", NULL, COUNT, mpl_influence_row, row),
        MPL__STAT("changes", NULL, TEXT, mpl_influence_row, changes),
        MPL__STAT("ci_includes", NULL, BOOL, mpl_influence_row, ci_includes),
        MPL__STAT("pi_includes", NULL, BOOL, mpl_influence_row, pi_includes),
        MPL__STAT("why", NULL, TEXT, mpl_influence_row, why),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Diagnostics",
                                                           .row_type = "study", .not_text = !is_listed,
                                                           .n_rows = inf->k },
                                    stats, MPL__COUNT(stats), inf->n_diagnostics + 1);
    for (size_t i = 0; i < inf->k; i++)
        mpl__table_row(&t, &inf->rows[i]);
    for (size_t j = 0; j < inf->n_diagnostics; j++) {
        const mpl_diagnostic *const d = diagnostic(j);
        const bool is_shown = !d->is_minor && (has_moderators || !d->is_of_rest);
        mpl__table_extra(&t, j, d->method.id, is_shown ? d->label : NULL, kind_of(d));
        for (size_t i = 0; i < inf->k; i++)
            mpl__table_extra_cell(&t, j, i, (mpl_value){ .number = inf->rows[i].values[j] });
    }
    mpl__table_extra(&t, inf->n_diagnostics, "flags", "Flagged by", MPL_KIND_TEXT);
    for (size_t i = 0; i < inf->k; i++)
        mpl__table_extra_cell(&t, inf->n_diagnostics, i, (mpl_value){ .text = unless_empty(inf->rows[i].flags) });
}

/* ---- what is left without each study */

typedef struct without_row {
    mpl__pooled p; /* first, so that its stats fit */
    const char *study, *changes, *why;
    size_t data_row;
} without_row;

static void add_means(mpl__build *b, const mpl_influence *inf, bool is_listed)
{
    static const mpl__stat own[] = {
        MPL__STAT("study", "Without", TEXT, without_row, study),
        MPL__STAT("row", NULL, COUNT, without_row, data_row),
        MPL__STAT("changes", "Changes", TEXT, without_row, changes),
        MPL__STAT("why", NULL, TEXT, without_row, why),
    };
    size_t n;
    const mpl__stat *const pooled = mpl__pooled_stats(&n) + MPL__POOLED_RESULTS;
    n -= MPL__POOLED_RESULTS;
    mpl__stat *const stats = MPL_NEW(b->arena, mpl__stat, MPL__COUNT(own) + n);
    if (!stats) {
        b->failed = true;
        return;
    }
    memcpy(stats, own, 2 * sizeof *own);
    memcpy(stats + 2, pooled, n * sizeof *stats);
    memcpy(stats + 2 + n, own + 2, 2 * sizeof *own);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "without", .label = "Without each study",
                                                           .row_type = "without", .not_text = !is_listed,
                                                           .n_rows = inf->k },
                                    stats, MPL__COUNT(own) + n, 0);
    for (size_t i = 0; i < inf->k; i++) {
        const mpl_influence_row *const row = &inf->rows[i];
        mpl__table_row(&t, &(without_row){
            .p = row->without ? mpl__pooled_of(inf->effects->measure, row->without) : mpl__pooled_none(inf->fit->k - 1),
            .study = row->study, .data_row = row->row, .changes = unless_empty(row->changes), .why = row->why });
    }
    mpl__pooled_label(&t, inf->effects->measure, inf->fit);
}

/* One coefficient without one study. */
typedef struct coefficient_row {
    const char *study;
    size_t data_row;
    double dfbetas;
    mpl_term term;
} coefficient_row;

static void add_coefficients(mpl__build *b, const mpl_influence *inf)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Without", TEXT, coefficient_row, study),
        MPL__STAT("row", NULL, COUNT, coefficient_row, data_row),
        MPL__STAT("term", "Term", TEXT, coefficient_row, term.term),
        MPL__STAT("dfbetas", "DFBETAS", STATISTIC, coefficient_row, dfbetas),
        MPL__STAT("estimate", "Estimate", NUMBER, coefficient_row, term.estimate),
        MPL__STAT("se", "SE", NUMBER, coefficient_row, term.se),
        MPL__STAT("pval", "p", PVALUE, coefficient_row, term.pval),
        MPL__STAT_LB("ci_lb", "CI", NUMBER, coefficient_row, term.ci_lb),
        MPL__STAT("ci_ub", NULL, NUMBER, coefficient_row, term.ci_ub),
    };
    const size_t p = inf->fit->p;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "coefficients", .row_type = "coefficient",
                                                           .not_text = true, .n_rows = inf->k * p },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < inf->k; i++)
        for (size_t j = 0; j < p; j++) {
            const mpl_influence_row *const row = &inf->rows[i];
            coefficient_row c = { .study = row->study, .data_row = row->row, .dfbetas = row->dfbetas[j],
                                  .term = mpl__pooled_none(0).term };
            if (row->without)
                c.term = row->without->terms[j];
            c.term.term = inf->fit->terms[j].term;
            mpl__table_row(&t, &c);
        }
}

/* ---- what a reader looks for */

typedef struct limit_row {
    const char *id, *rule, *cite;
    double limit;
} limit_row;

static void add_limits(mpl__build *b, const mpl_influence *inf)
{
    static const mpl__stat stats[] = {
        MPL__STAT("diagnostic", NULL, TEXT, limit_row, id),
        MPL__STAT("rule", "Flagged where", TEXT, limit_row, rule),
        MPL__STAT("limit", "Limit", STATISTIC, limit_row, limit),
        MPL__STAT("cite", NULL, TEXT, limit_row, cite),
    };
    size_t n = 0;
    for (size_t j = 0; j < inf->n_diagnostics; j++)
        n += isnan(inf->limits[j]) ? 0 : 1;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "limits", .row_type = "limit", .n_rows = n,
                                                           .label = b->numbers ? "Limits" : NULL },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t j = 0; j < inf->n_diagnostics; j++)
        if (!isnan(inf->limits[j]))
            mpl__table_row(&t, &(limit_row){ diagnostic(j)->method.id, diagnostic(j)->rule, diagnostic(j)->method.cite,
                                             inf->limits[j] });
}

enum { MOST_NAMES = 8 };

/* "Aronson (cook dffits); Hart (hat)": the studies of which `words` says something. */
static const char *name_studies(mpl__build *b, const mpl_influence *inf,
                                const char *(*words)(const mpl_influence_row *))
{
    const char *names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < inf->k; i++) {
        const char *const word = words(&inf->rows[i]);
        if (!word || !*word || n++ >= MOST_NAMES)
            continue;
        names = mpl__build_format(b, "%s%s%s (%s)", names ? names : "", names ? "; " : "", inf->rows[i].study, word);
    }
    return n > MOST_NAMES ? mpl__build_format(b, "%s and %zu more", names, n - MOST_NAMES) : names;
}

static const char *flags_of(const mpl_influence_row *row)
{
    return row->flags;
}

static const char *changes_of(const mpl_influence_row *row)
{
    return row->changes;
}

static void add_decision(mpl__build *b, const mpl_influence *inf)
{
    const char *const percent = mpl__percent(b, inf->fit->level);
    const char *all = "the tests of the coefficients";
    mpl__build_number(b, "threshold", NULL, MPL_KIND_NUMBER, inf->threshold);
    mpl__build_number(b, "ci_includes", NULL, MPL_KIND_BOOL, inf->ci_includes);
    mpl__build_number(b, "pi_includes", NULL, MPL_KIND_BOOL, inf->pi_includes);
    mpl__build_text(b, "changing", NULL, name_studies(b, inf, changes_of));
    if (inf->ci_includes == inf->pi_includes) {
        all = mpl__build_format(b, "the %s CI and PI %s {threshold}", percent,
                                inf->ci_includes ? "include" : "exclude");
    } else if (!isnan(inf->ci_includes)) {
        all = mpl__build_format(b, "the %s CI %s {threshold}", percent, inf->ci_includes ? "includes" : "excludes");
        if (!isnan(inf->pi_includes))
            all = mpl__build_format(b, "%s and the %s PI %s it", all, percent,
                                    inf->pi_includes ? "includes" : "excludes");
    } else if (inf->fit->p == 1 && isnan(inf->threshold)) {
        return;
    }
    if (inf->n_changing)
        mpl__build_line(b, "Decision", mpl__build_format(b, "%s; not so without {changing}", all));
    else
        mpl__build_line(b, "Decision", mpl__build_format(b, "%s%s, whichever study is left out", all,
                                                         isnan(inf->ci_includes) ? " say the same" : ""));
}

static void add_summary(mpl__build *b, const mpl_influence *inf)
{
    mpl__build_section(b, "influential", NULL);
    mpl__build_number(b, "n_flagged", NULL, MPL_KIND_COUNT, (double)inf->n_flagged);
    mpl__build_number(b, "n_changing", NULL, MPL_KIND_COUNT, (double)inf->n_changing);
    mpl__build_text(b, "flagged", NULL, name_studies(b, inf, flags_of));
    mpl__build_line(b, "Flagged", inf->n_flagged ? "{flagged}" : "no study is beyond a limit");
    add_decision(b, inf);
    add_limits(b, inf);
}

static void add_notes(mpl__build *b, const mpl_influence *inf, const mpl_regression *regression)
{
    mpl__notes notes = { .arena = b->arena };
    mpl__note_add_all(&notes, inf->effects->notes, inf->effects->n_notes);
    mpl__note_add_all(&notes, inf->fit->notes, inf->fit->n_notes);
    if (regression)
        mpl__note_add_all(&notes, regression->notes, regression->n_notes);
    mpl__note_add_all(&notes, inf->notes, inf->n_notes);
    mpl__part_notes_of(b, "note", &notes);
    mpl__part_warnings(b, inf->effects->info);
}

void mpl__part_influence(mpl__build *b, const mpl_influence *inf, bool is_listed, bool has_means)
{
    mpl__build_section(b, NULL, NULL);
    add_diagnostics(b, inf, false, is_listed);
    if (has_means)
        add_means(b, inf, is_listed);
    add_summary(b, inf);
}

mpl_status mpl_report_new_influence(const mpl_influence *inf, const mpl_regression *regression,
                                    const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    *out = NULL;
    const mpl_effects *const es = inf->effects;
    const mpl__option_set sets[] = { { mpl_effect_option_table(), &es->options },
                                     { mpl_fit_option_table(), &inf->fit->options },
                                     { mpl_influence_option_table(), &inf->options },
                                     { mpl_moderator_option_table(), regression ? &regression->options : NULL } };
    const bool is_listed = mpl__format_needs_of(write, inf->k).studies;
    mpl__build b;
    mpl__build_start(&b, "influence", es->info->title ? es->info->title : es->data_name);
    mpl__part_data(&b, es->info, es->data_name);
    mpl__part_effects(&b, es);
    mpl__part_model(&b, inf->fit);
    mpl__build_line(&b, "Method", "{description}");
    if (regression) {
        mpl__build_text(&b, "formula", NULL, regression->options.mods);
        mpl__build_line(&b, "Moderators", "{formula}");
    }
    mpl__build_section(&b, NULL, NULL);
    if (!is_listed)
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    add_diagnostics(&b, inf, regression != NULL, is_listed);
    if (!regression)
        add_means(&b, inf, is_listed);
    add_coefficients(&b, inf);
    add_summary(&b, inf);
    add_notes(&b, inf, regression);
    mpl__part_excluded(&b, "excluded", &es, 1);
    mpl__part_options(&b, sets, regression ? 4 : 3, inf->fit->options.profile, NULL);
    return mpl__build_done(&b, out, err);
}
