/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effect sizes as a report. In CSV they are a dataset again: every row of the file, with its other columns. */
#include <math.h>
#include <string.h>

#include "base/method.h"
#include "report/format.h"
#include "report/parts.h"

static void add_studies(mpl__build *b, const mpl_effects *effects)
{
    static const mpl__stat stats[] = {
        MPL__STAT("study", "Study", TEXT, mpl__study_row, study),
        MPL__STAT("row", NULL, COUNT, mpl__study_row, row),
        MPL__STAT("display_yi", "Effect", EFFECT, mpl__study_row, shown.x),
        MPL__STAT_LB("display_ci_lb", "95% CI", EFFECT, mpl__study_row, shown.lb),
        MPL__STAT("display_ci_ub", NULL, EFFECT, mpl__study_row, shown.ub),
        MPL__STAT("yi", "yi", EFFECT, mpl__study_row, yi),
        MPL__STAT("vi", "vi", VARIANCE, mpl__study_row, vi),
        MPL__STAT("sei", "sei", EFFECT, mpl__study_row, sei),
        MPL__STAT("ci_lb", NULL, EFFECT, mpl__study_row, ci_lb),
        MPL__STAT("ci_ub", NULL, EFFECT, mpl__study_row, ci_ub),
        MPL__STAT("ni", "n", COUNT, mpl__study_row, ni),
        MPL__STAT("measure", NULL, TEXT, mpl__study_row, measure), /* so that JSON can be read back, too */
        MPL__STAT("route", "Route", TEXT, mpl__study_row, route),
        MPL__STAT("corrected", NULL, BOOL, mpl__study_row, corrected),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "studies", .label = "Effect sizes",
                                                           .n_rows = effects->k },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < effects->k; i++) {
        const mpl__study_row row = mpl__study_at(effects, i, 0.95);
        mpl__table_row(&t, &row);
    }
    mpl__table_label(&t, "display_yi", effects->measure->transform ? mpl__estimate_label(effects->measure) : NULL);
}

static const mpl__stat dataset_stats[] = {
    MPL__STAT("study", NULL, TEXT, mpl__study_row, study),
    MPL__STAT("row", NULL, COUNT, mpl__study_row, row),
    MPL__STAT("yi", NULL, EFFECT, mpl__study_row, yi),
    MPL__STAT("vi", NULL, VARIANCE, mpl__study_row, vi),
    MPL__STAT("sei", NULL, EFFECT, mpl__study_row, sei),
    MPL__STAT("ci_lb", NULL, EFFECT, mpl__study_row, ci_lb),
    MPL__STAT("ci_ub", NULL, EFFECT, mpl__study_row, ci_ub),
    MPL__STAT("ni", NULL, COUNT, mpl__study_row, ni),
    MPL__STAT("measure", NULL, TEXT, mpl__study_row, measure),
    MPL__STAT("route", NULL, TEXT, mpl__study_row, route),
    MPL__STAT("corrected", NULL, BOOL, mpl__study_row, corrected),
    MPL__STAT("reason", NULL, TEXT, mpl__study_row, reason), /* why a row has no effect */
};

/* True if effects are computed from columns with this role, or it holds the label. */
static bool is_input(const char *role)
{
    const mpl_method *method;
    for (size_t i = 0; (method = mpl_measure_method(i)); i++) {
        const mpl_measure *m = mpl_measure_find(method->id);
        for (size_t r = 0; r < m->n_routes; r++)
            if (mpl__has_word(m->routes[r].inputs, role))
                return true;
    }
    return !strcmp(role, "slab");
}

/* A column that a reader of the new dataset may want, and that cannot be taken for anything else. */
static bool is_kept(const mpl_column *column)
{
    if (column->role && is_input(column->role))
        return false;
    for (size_t i = 0; i < MPL__COUNT(dataset_stats); i++)
        if (mpl__same_nocase(column->name, dataset_stats[i].column.key))
            return false;
    return true;
}

/* Indices of the columns to keep; NULL if out of memory. */
static size_t *choose_columns(mpl__build *b, const mpl_dataset *data, size_t *n)
{
    const size_t n_columns = data ? data->n_columns : 0;
    size_t *kept = MPL_NEW(b->arena, size_t, n_columns);
    *n = 0;
    if (!kept)
        b->failed = true;
    for (size_t c = 0; kept && c < n_columns; c++)
        if (is_kept(&data->columns[c]))
            kept[(*n)++] = c;
    return kept;
}

/* Studies and rows without an effect, merged in file order; a row that a filter removed has no other cells. */
static void add_dataset(mpl__build *b, const mpl_dataset *data, const mpl_effects *effects)
{
    size_t n_kept, done = 0, at = 0;
    const size_t *kept = choose_columns(b, data, &n_kept);
    const size_t n_rows = effects->k + effects->n_excluded;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "dataset", .row_type = "row", .not_json = true,
                                                           .not_text = true, .n_rows = n_rows },
                                    dataset_stats, MPL__COUNT(dataset_stats), n_kept);
    for (size_t c = 0; c < n_kept; c++)
        mpl__table_extra(&t, c, data->columns[kept[c]].name, NULL, MPL_KIND_TEXT);
    for (size_t r = 0, x = 0; r < n_rows; r++) {
        const mpl_exclusion *out = x < effects->n_excluded ? &effects->excluded[x] : NULL;
        mpl__study_row row = { .yi = NAN, .vi = NAN, .sei = NAN, .ci_lb = NAN, .ci_ub = NAN, .ni = NAN,
                               .corrected = NAN };
        if (out && (done == effects->k || out->row < effects->row[done])) {
            row.study = out->study;
            row.row = out->row;
            row.reason = out->reason;
            x++;
        } else {
            row = mpl__study_at(effects, done++, 0.95);
        }
        mpl__table_row(&t, &row);
        while (n_kept && at < data->n_rows && data->row[at] < row.row)
            at++;
        for (size_t c = 0; c < n_kept && at < data->n_rows && data->row[at] == row.row; c++)
            mpl__table_extra_cell(&t, c, r, (mpl_value){ .text = data->columns[kept[c]].text[at] });
    }
}

mpl_status mpl_report_new_effects(const mpl_dataset *data, const mpl_effects *effects,
                                  const mpl_write_options *write, mpl_report **out, mpl_error *err)
{
    const mpl_dataset_info *info = effects->info;
    const mpl__format_needs needs = mpl__format_needs_of(write, effects->k);
    mpl__build b;
    mpl__build_start(&b, "effects", info->title ? info->title : effects->data_name);
    mpl__part_data(&b, info, effects->data_name);
    mpl__part_effects(&b, effects);
    mpl__build_section(&b, NULL, NULL);
    if (needs.rest && needs.studies)
        add_studies(&b, effects);
    else if (needs.rest)
        mpl__build_line(&b, NULL, "the studies are not listed here; --studies all lists them");
    if (needs.sheet)
        add_dataset(&b, data, effects);
    mpl__part_notes(&b, NULL, &(mpl_analysis){ .effects = effects }, NULL);
    mpl__part_excluded(&b, NULL, &effects, 1);
    mpl__part_provenance(&b, effects, NULL, NULL, NULL);
    return mpl__build_done(&b, out, err);
}
