/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effect sizes as a report. In CSV they are a dataset again: every row of the file, with its other columns. */
#include <math.h>
#include <stdint.h>
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
    const mpl__interval_how how = mpl__interval_how_at(effects, 0.95);
    for (size_t i = 0; i < effects->k; i++) {
        const mpl__study_row row = mpl__study_at(effects, i, &how);
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

/* Where the rows of the dataset come from. */
typedef struct sheet {
    const mpl_dataset *data;
    const mpl_effects *effects;
    size_t n_kept;
    size_t *kept; /* [n_kept] indices of columns of the data */
} sheet;

static const sheet *new_sheet(mpl__build *b, const mpl_dataset *data, const mpl_effects *effects)
{
    const size_t n_columns = data ? data->n_columns : 0;
    sheet *const s = MPL_NEW(b->arena, sheet, 1);
    size_t *const kept = MPL_NEW(b->arena, size_t, n_columns);
    if (!s || !kept) {
        b->failed = true;
        return NULL;
    }
    *s = (sheet){ .data = data, .effects = effects, .kept = kept };
    for (size_t c = 0; c < n_columns; c++)
        if (is_kept(&data->columns[c]))
            kept[s->n_kept++] = c;
    return s;
}

/* How many of these rows, which ascend, come before `row` of the file. */
static size_t count_before(const size_t *rows, size_t n, size_t row)
{
    size_t lo = 0;
    for (size_t hi = n; lo < hi;) {
        const size_t middle = lo + (hi - lo) / 2;
        if (rows[middle] < row)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

/* How many of the first `at` rows of the sheet have no effect. */
static size_t count_excluded(const mpl_effects *effects, size_t at)
{
    size_t lo = 0;
    for (size_t hi = effects->n_excluded; lo < hi;) {
        const size_t x = lo + (hi - lo) / 2;
        if (x + count_before(effects->row, effects->k, effects->excluded[x].row) < at)
            lo = x + 1;
        else
            hi = x;
    }
    return lo;
}

/* Studies and rows without an effect, merged in file order; a row that a filter removed has no other cells. */
static void fill(const void *ctx, size_t first, size_t n, mpl_value *cell)
{
    const sheet *const s = ctx;
    const mpl_effects *const e = s->effects;
    const mpl__interval_how how = mpl__interval_how_at(e, 0.95);
    size_t x = count_excluded(e, first), done = first - x, at = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        const mpl_exclusion *const out = x < e->n_excluded ? &e->excluded[x] : NULL;
        mpl__study_row row = { .yi = NAN, .vi = NAN, .sei = NAN, .ci_lb = NAN, .ci_ub = NAN, .ni = NAN,
                               .corrected = NAN };
        if (out && (done == e->k || out->row < e->row[done])) {
            row.study = out->study;
            row.row = out->row;
            row.reason = out->reason;
            x++;
        } else {
            row = mpl__study_at(e, done++, &how);
        }
        for (size_t c = 0; c < MPL__COUNT(dataset_stats); c++)
            *cell++ = mpl__stat_value(&dataset_stats[c], &row);
        if (s->n_kept && at == SIZE_MAX)
            at = count_before(s->data->row, s->data->n_rows, row.row);
        while (s->n_kept && at < s->data->n_rows && s->data->row[at] < row.row)
            at++;
        const bool is_there = s->n_kept && at < s->data->n_rows && s->data->row[at] == row.row;
        for (size_t c = 0; c < s->n_kept; c++)
            *cell++ = (mpl_value){ .text = is_there ? s->data->columns[s->kept[c]].text[at] : NULL };
    }
}

static void add_dataset(mpl__build *b, const mpl_dataset *data, const mpl_effects *effects)
{
    const sheet *const s = new_sheet(b, data, effects);
    if (!s)
        return;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "dataset", .row_type = "row", .not_json = true,
                                                           .not_text = true, .n_rows = effects->k + effects->n_excluded,
                                                           .fill = fill, .ctx = s },
                                    dataset_stats, MPL__COUNT(dataset_stats), s->n_kept);
    for (size_t c = 0; c < s->n_kept; c++)
        mpl__table_extra(&t, c, data->columns[s->kept[c]].name, NULL, MPL_KIND_TEXT);
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
