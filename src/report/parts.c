/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections that several reports share; see parts.h. */
#include "report/parts.h"

#include <math.h>
#include <string.h>

#include "base/note.h"
#include "base/number.h"

static const mpl__stat warning_stats[] = { MPL__STAT("text", "Warning", TEXT, mpl_note, text) };

void mpl__part_data(mpl__build *b, const mpl_dataset_info *info, const char *name)
{
    static const mpl__stat stats[] = {
        MPL__STAT("id", NULL, TEXT, mpl_dataset_info, id),
        MPL__STAT("title", NULL, TEXT, mpl_dataset_info, title),
        MPL__STAT("kind", NULL, TEXT, mpl_dataset_info, kind),
        MPL__STAT("source", NULL, TEXT, mpl_dataset_info, source),
        MPL__STAT("doi", NULL, TEXT, mpl_dataset_info, doi),
        MPL__STAT("licence", NULL, TEXT, mpl_dataset_info, licence),
    };
    mpl__build_section(b, "data", NULL);
    mpl__build_text(b, "name", NULL, name);
    mpl__build_fields(b, stats, MPL__COUNT(stats), info);
    const char *what = !info->kind ? NULL : strcmp(info->kind, "characteristics") ? "{kind} data"
                                                                                  : "characteristics of studies";
    mpl__build_line(b, "Data", what ? mpl__build_format(b, "{id}, %s%s", what, info->source ? ": {source}" : "")
                                    : "{name}");
    const mpl_report_table shape = { .key = "warnings", .label = info->n_warnings > 1 ? "Warnings" : "Warning",
                                     .shape = MPL_TABLE_LIST, .n_rows = info->n_warnings };
    mpl__table t = mpl__build_table(b, shape, warning_stats, MPL__COUNT(warning_stats), 0);
    for (size_t i = 0; i < info->n_warnings; i++)
        mpl__table_row(&t, &(mpl_note){ .text = info->warnings[i] });
}

/* The warnings once more, at the end of CSV, so that the columns of the studies come first. */
void mpl__part_warnings(mpl__build *b, const mpl_dataset_info *info)
{
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "warning_rows", .row_type = "warning",
                                                           .not_json = true, .not_text = true,
                                                           .n_rows = info->n_warnings },
                                    warning_stats, MPL__COUNT(warning_stats), 0);
    for (size_t i = 0; i < info->n_warnings; i++)
        mpl__table_row(&t, &(mpl_note){ .text = info->warnings[i] });
}

const char *mpl__estimate_label(const mpl_measure *measure)
{
    if (measure->is_generic || measure->args) /* a transform that was asked for */
        return measure->label;
    const bool is_ratio = measure->transform && measure->transform->is_ratio;
    return measure->transform && !is_ratio ? measure->label : measure->method.id;
}

const char *mpl__percent(mpl__build *b, double level)
{
    char number[350];
    mpl__number_significant(100 * level, 6, number);
    return mpl__build_format(b, "%s%%", number);
}

mpl__shown mpl__display(const mpl_measure *measure, double tau2, double x, double lb, double ub)
{
    mpl__shown shown = { x, lb, ub };
    mpl_measure_display_interval(measure, tau2, &shown.x, &shown.lb, &shown.ub);
    return shown;
}

mpl__study_row mpl__study_at(const mpl_effects *effects, size_t i, const mpl__interval_how *how)
{
    const mpl_study_interval at = mpl__interval_of(effects, i, how);
    const char *const conversion = effects->conversion ? effects->conversion[i] : NULL;
    const char *const route = conversion ? conversion : effects->route[i];
    return (mpl__study_row){ .study = effects->slab[i], .measure = effects->measure->method.id,
                             .route = route, .row = effects->row[i], .yi = at.yi, .vi = effects->vi[i],
                             .sei = sqrt(effects->vi[i]), .ci_lb = at.ci_lb, .ci_ub = at.ci_ub, .weight = NAN,
                             .ni = effects->ni[i], .corrected = effects->corrected[i],
                             .shown = { at.display_yi, at.display_ci_lb, at.display_ci_ub } };
}

/* How many studies took each route, in the measure's order. */
typedef struct route_count {
    const char *route, *inputs;
    size_t k;
} route_count;

static size_t route_index(const mpl_measure *m, const char *id, size_t last)
{
    if (!strcmp(m->routes[last].id, id)) /* neighbours mostly share their route */
        return last;
    size_t i = 0;
    while (i + 1 < m->n_routes && strcmp(m->routes[i].id, id))
        i++;
    return i;
}

const char *mpl__part_routes(mpl__build *b, const mpl_effects *effects, bool for_people)
{
    static const mpl__stat stats[] = {
        MPL__STAT("route", "Route", TEXT, route_count, route),
        MPL__STAT("inputs", "Columns", TEXT, route_count, inputs),
        MPL__STAT("k", "Studies", COUNT, route_count, k),
    };
    const mpl_measure *m = effects->measure;
    route_count *count = MPL_NEW(b->arena, route_count, m->n_routes);
    if (!count) {
        b->failed = true;
        return "";
    }
    size_t used = 0;
    for (size_t i = 0, last = 0; i < effects->k; i++) {
        last = route_index(m, effects->route[i], last);
        used += count[last].k++ == 0;
    }
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "routes",
                                                           .label = "What effect sizes were computed from",
                                                           .not_text = !for_people, .n_rows = used },
                                    stats, MPL__COUNT(stats), 0);
    const char *from = "";
    for (size_t j = 0; j < m->n_routes; j++) {
        if (count[j].k == 0)
            continue;
        count[j].route = m->routes[j].id;
        count[j].inputs = m->routes[j].inputs;
        mpl__table_row(&t, &count[j]);
        from = used == 1 ? count[j].inputs : mpl__build_format(b, "%s%s%s (%zu)", from, *from ? ", or " : "",
                                                               count[j].inputs, count[j].k);
    }
    return from;
}

void mpl__part_effects(mpl__build *b, const mpl_effects *effects)
{
    const mpl_measure *m = effects->measure;
    const mpl_transform *transform = m->transform;
    const char *asked = effects->options.study_ci;
    const mpl_method *study_ci = asked ? mpl_method_find(mpl_study_ci_method, asked) : mpl_study_ci_method(0);
    mpl__build_section(b, "effects", NULL);
    mpl__build_text(b, "measure", NULL, m->method.id);
    mpl__build_text(b, "measure_title", NULL, m->method.title);
    mpl__build_text(b, "measure_reason", NULL, effects->measure_reason);
    mpl__build_text(b, "scale", NULL, m->scale);
    mpl__build_text(b, "display_scale", NULL, m->label);
    mpl__build_text(b, "transform", NULL, transform ? transform->method.id : NULL);
    mpl__build_text(b, "vtype", NULL, effects->options.vtype);
    mpl__build_text(b, "study_ci", NULL, study_ci->id);
    mpl__build_text(b, "study_ci_title", NULL, study_ci->title);
    mpl__build_number(b, "null_value", NULL, MPL_KIND_EFFECT, m->null_value);
    mpl__build_number(b, "k", NULL, MPL_KIND_COUNT, (double)effects->k);
    mpl__build_number(b, "n_excluded", NULL, MPL_KIND_COUNT, (double)effects->n_excluded);
    mpl__build_line(b, "Studies", effects->n_excluded ? "{k}, with {n_excluded} left out (listed below)"
                                                      : "{k}, none left out");
    const char *from = mpl__part_routes(b, effects, false);
    mpl__build_line(b, "Effect", mpl__build_format(b, "{display_scale} ({measure}), {measure_reason}%s%s%s",
                                                   transform ? "; analysed as {scale}" : "",
                                                   *from ? "; from the columns " : "", from));
    if (m->args) {
        mpl__build_text(b, "transform_title", NULL, transform->method.title);
        mpl__build_text(b, "transform_args", NULL, m->args_text);
        mpl__build_line(b, "Transform", m->args_text ? "{transform}: {transform_title}, with {transform_args}"
                                                     : "{transform}: {transform_title}");
    }
    if (study_ci != mpl_study_ci_method(0))
        mpl__build_line(b, "Intervals", "of single studies: {study_ci_title}; weights and pooled results do not depend "
                                        "on them");
}

/* A row of the data and what is said of it. */
typedef struct remark {
    double row, line; /* NaN = none */
    const char *code, *study, *reason;
} remark;

static remark excluded_at(const mpl_exclusion *x)
{
    return (remark){ .row = (double)x->row, .line = x->line ? (double)x->line : NAN, .study = x->study,
                           .reason = x->reason };
}

/* Marks the rows of all lists, so that each is told once; the number of them. */
static size_t count_excluded(mpl__build *b, const mpl_effects *const *effects, size_t n, bool **told)
{
    size_t last = 0, found = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t i = 0; i < effects[a]->n_excluded; i++)
            last = effects[a]->excluded[i].row > last ? effects[a]->excluded[i].row : last;
    *told = MPL_NEW(b->arena, bool, last + 1);
    if (!*told) {
        b->failed = true;
        return 0;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t i = 0; i < effects[a]->n_excluded; i++) {
            bool *mark = &(*told)[effects[a]->excluded[i].row];
            found += !*mark;
            *mark = true;
        }
    return found;
}

void mpl__part_excluded(mpl__build *b, const char *row_type, const mpl_effects *const *effects, size_t n)
{
    static const mpl__stat stats[] = {
        MPL__STAT("row", "Row", COUNT, remark, row),
        MPL__STAT("line", NULL, COUNT, remark, line),
        MPL__STAT("study", "Study", TEXT, remark, study),
        MPL__STAT("reason", "Reason", TEXT, remark, reason),
    };
    bool *told;
    const size_t found = count_excluded(b, effects, n, &told);
    mpl__build_section(b, NULL, NULL);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "excluded", .label = "Left out",
                                                           .row_type = row_type, .n_rows = found },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t a = 0; a < n && told; a++)
        for (size_t i = 0; i < effects[a]->n_excluded; i++) {
            const remark row = excluded_at(&effects[a]->excluded[i]);
            if (told[effects[a]->excluded[i].row])
                mpl__table_row(&t, &row);
            told[effects[a]->excluded[i].row] = false;
        }
}

void mpl__part_notes_of(mpl__build *b, const char *row_type, const mpl__notes *notes)
{
    static const mpl__stat stats[] = {
        MPL__STAT("code", NULL, TEXT, remark, code),
        MPL__STAT("row", "Row", COUNT, remark, row),
        MPL__STAT("study", "Study", TEXT, remark, study),
        MPL__STAT("text", "Note", TEXT, remark, reason),
    };
    b->failed |= notes->failed;
    mpl__build_section(b, NULL, NULL);
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "notes", .label = "Notes", .row_type = row_type,
                                                           .shape = MPL_TABLE_NOTES, .n_rows = notes->n },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < notes->n; i++) {
        const mpl_note *note = &notes->items[i];
        mpl__table_row(&t, &(remark){ .code = note->code, .row = note->row ? (double)note->row : NAN,
                                      .study = note->study, .reason = note->text });
    }
}

/* Notes on an assumption that is varied, such as "ri-assumed" for "ri", would be of one of its values. */
static void collect(mpl__notes *notes, const mpl_note *items, size_t n, const char *varied)
{
    const size_t length = varied ? strlen(varied) : 0;
    for (size_t i = 0; i < n; i++)
        if (!varied || strncmp(items[i].code, varied, length) || items[i].code[length] != '-')
            mpl__note_add_all(notes, &items[i], 1);
}

/* A note of all studies in the same words holds for their groups, too. */
static bool is_said(const mpl_fit *fit, const mpl_note *note)
{
    for (size_t i = 0; fit && i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].text, note->text))
            return true;
    return false;
}

void mpl__part_notes(mpl__build *b, const char *row_type, const mpl_analysis *a, const char *varied)
{
    const mpl_subgroups *sg = a->subgroups;
    mpl__notes notes = { .arena = b->arena };
    collect(&notes, a->effects->notes, a->effects->n_notes, varied);
    if (a->fit)
        collect(&notes, a->fit->notes, a->fit->n_notes, varied);
    if (sg)
        collect(&notes, sg->notes, sg->n_notes, varied);
    for (size_t g = 0; sg && g < sg->n_groups; g++)
        for (size_t i = 0; i < sg->groups[g].fit->n_notes; i++)
            if (!is_said(a->fit, &sg->groups[g].fit->notes[i]))
                mpl__note_add(&notes, sg->groups[g].fit->notes[i].code, "group %s: %s", sg->groups[g].label,
                              sg->groups[g].fit->notes[i].text);
    mpl__part_notes_of(b, row_type, &notes);
    if (row_type)
        mpl__part_warnings(b, a->effects->info);
}

void mpl__part_regression_notes(mpl__build *b, const char *row_type, const mpl_regression *r)
{
    mpl__notes notes = { .arena = b->arena };
    mpl__note_add_all(&notes, r->effects->notes, r->effects->n_notes);
    mpl__note_add_all(&notes, r->fit->notes, r->fit->n_notes);
    mpl__note_add_all(&notes, r->notes, r->n_notes);
    mpl__part_notes_of(b, row_type, &notes);
    mpl__part_warnings(b, r->effects->info);
}

void mpl__part_data_notes(mpl__build *b, const mpl_dataset *data)
{
    mpl__notes notes = { .arena = b->arena };
    const mpl_effects filtered = { .n_excluded = data->n_dropped, .excluded = data->dropped };
    const mpl_effects *const list = &filtered;
    mpl__note_add_all(&notes, data->notes, data->n_notes);
    mpl__part_notes_of(b, NULL, &notes);
    mpl__part_excluded(b, NULL, &list, 1);
}

void mpl__part_model(mpl__build *b, const mpl_fit *fit)
{
    char sentence[2048] = "";
    if (mpl_fit_describe(fit, sentence, sizeof sentence, NULL) != MPL_OK)
        b->failed = true;
    mpl__build_section(b, "model", "");
    mpl__build_text(b, "method", NULL, fit->method->id);
    mpl__build_text(b, "method_title", NULL, fit->method->title);
    mpl__build_text(b, "test", NULL, fit->test->id);
    mpl__build_text(b, "test_title", NULL, fit->test->title);
    mpl__build_text(b, "description", NULL, sentence);
}
