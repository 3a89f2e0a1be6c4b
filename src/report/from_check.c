/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks wrong in a dataset, as a report: findings with their place, and the sources of the rules that spoke. */
#include <math.h>

#include "report/parts.h"

typedef struct finding_row {
    const char *severity, *rule, *title, *study, *column, *value, *reason;
    double row, line;
} finding_row;

static void add_findings(mpl__build *b, const mpl_check *check)
{
    static const mpl__stat stats[] = {
        MPL__STAT("severity", "Severity", TEXT, finding_row, severity),
        MPL__STAT("row", "Row", COUNT, finding_row, row),
        MPL__STAT("line", NULL, COUNT, finding_row, line),
        MPL__STAT("study", "Study", TEXT, finding_row, study),
        MPL__STAT("column", "Column", TEXT, finding_row, column),
        MPL__STAT("value", "Value", TEXT, finding_row, value),
        MPL__STAT("reason", "Reason", TEXT, finding_row, reason),
        MPL__STAT("rule", "Rule", TEXT, finding_row, rule),
    };
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "findings", .label = "Findings",
                                                           .row_type = "finding", .n_rows = check->n_findings },
                                    stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; i < check->n_findings; i++) {
        const mpl_finding *f = &check->findings[i];
        mpl__table_row(&t, &(finding_row){
            .severity = mpl_severity_text(f->severity), .rule = f->rule->method.id, .study = f->study,
            .column = f->column, .value = f->value, .reason = f->reason,
            .row = f->row ? (double)f->row : NAN, .line = f->line ? (double)f->line : NAN });
    }
}

static bool spoke(const mpl_check *check, const mpl_rule *rule)
{
    for (size_t i = 0; i < check->n_findings; i++)
        if (check->findings[i].rule == rule)
            return true;
    return false;
}

/* The rules that found something, with their sources. */
static void add_rules(mpl__build *b, const mpl_check *check)
{
    static const mpl__stat stats[] = {
        MPL__STAT("id", "Rule", TEXT, mpl_method, id),
        MPL__STAT("title", "What it finds", TEXT, mpl_method, title),
        MPL__STAT("cite", "Source", TEXT, mpl_method, cite),
    };
    const mpl_method *m;
    size_t n = 0;
    for (size_t i = 0; (m = mpl_rule_method(i)); i++)
        n += spoke(check, mpl_rule_find(m->id)) ? 1 : 0;
    mpl__table t = mpl__build_table(b, (mpl_report_table){ .key = "rules", .label = "Rules", .n_rows = n,
                                                           .shape = MPL_TABLE_ENTRIES }, stats, MPL__COUNT(stats), 0);
    for (size_t i = 0; (m = mpl_rule_method(i)); i++)
        if (spoke(check, mpl_rule_find(m->id)))
            mpl__table_row(&t, m);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

mpl_status mpl_report_new_check(const mpl_dataset *data, const mpl_check *check, mpl_report **out, mpl_error *err)
{
    mpl__build b;
    mpl__build_start(&b, "check", check->title ? check->title : check->data_name);
    mpl__part_data(&b, data->info, data->name);
    mpl__build_section(&b, "check", NULL);
    mpl__build_number(&b, "n_rows", NULL, MPL_KIND_COUNT, (double)check->n_rows);
    mpl__build_number(&b, "n_serious", NULL, MPL_KIND_COUNT, (double)check->n_serious);
    mpl__build_number(&b, "n_warnings", NULL, MPL_KIND_COUNT, (double)check->n_warnings);
    mpl__build_number(&b, "n_remarks", NULL, MPL_KIND_COUNT, (double)check->n_remarks);
    mpl__build_text(&b, "measure", NULL, check->measure ? check->measure->method.id : NULL);
    mpl__build_text(&b, "no_effects", NULL, check->no_effects);
    mpl__build_line(&b, "Checked", mpl__build_format(&b, "{n_rows} row%s: {n_serious} serious finding%s, {n_warnings} "
                                                         "warning%s, {n_remarks} remark%s", plural(check->n_rows),
                                                     plural(check->n_serious), plural(check->n_warnings),
                                                     plural(check->n_remarks)));
    if (check->no_effects)
        mpl__build_line(&b, "Effects", "not looked at: {no_effects}");
    else
        mpl__build_line(&b, "Effects", "looked at as {measure}");
    mpl__build_section(&b, NULL, NULL);
    add_findings(&b, check);
    add_rules(&b, check);
    return mpl__build_done(&b, out, err);
}
