/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the rules of plausibility: those on cells and rows first, then those on the effects of the rows left over. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/number.h"
#include "effect/check/rule.h"

static const mpl__rule *const rules[] = {
#define MPL_RULE(symbol) &mpl__rule_##symbol,
#include "effect/check/rules.def"
#undef MPL_RULE
};

enum { N_RULES = sizeof rules / sizeof *rules };

const mpl_method *mpl_rule_method(size_t i)
{
    return i < N_RULES ? &rules[i]->pub.method : NULL;
}

const mpl_rule *mpl_rule_find(const char *id)
{
    const mpl_method *m = mpl_method_find(mpl_rule_method, id);
    return m ? (const mpl_rule *)((const char *)m - offsetof(mpl_rule, method)) : NULL;
}

const char *mpl_severity_text(mpl_severity severity)
{
    static const char *const texts[] = { "remark", "warning", "serious" };
    return texts[severity];
}

static const mpl_option table[] = {
    { .name = "only", MPL_MEMBER(TEXT, mpl_check_options, only), .arg = "RULES",
      .help = "run these rules only, separated by commas; see 'metapool list rules'", .since = "0.1.0" },
    { .name = "skip", MPL_MEMBER(TEXT, mpl_check_options, skip), .arg = "RULES", .help = "leave these rules out",
      .since = "0.1.0" },
    { .name = "cluster", MPL_MEMBER(TEXT, mpl_check_options, cluster), .arg = "COLUMN",
      .help = "column that names the study, for control groups used twice", .since = "0.1.0" },
    { .name = "items", MPL_MEMBER(COUNT, mpl_check_options, items), .min = 1, .max = 1000, .arg = "N",
      .help = "means are of N whole-number items: check that they are possible (GRIM)", .since = "0.1.0" },
    { .name = "scale-min", MPL_MEMBER(MAYBE, mpl_check_options, scale_min), .arg = "NUM",
      .help = "least possible score; otherwise the column scale_min, if there is one", .since = "0.1.0" },
    { .name = "scale-max", MPL_MEMBER(MAYBE, mpl_check_options, scale_max), .arg = "NUM",
      .help = "greatest possible score; otherwise the column scale_max", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_check_option_table(void)
{
    return table;
}

static bool grow(mpl__checker *c)
{
    const size_t capacity = c->capacity ? 2 * c->capacity : 32;
    mpl_finding *grown = MPL_NEW(c->scratch, mpl_finding, capacity);
    c->failed = !grown;
    if (c->failed)
        return false;
    if (c->n > 0)
        memcpy(grown, c->findings, c->n * sizeof *grown);
    c->findings = grown;
    c->capacity = capacity;
    return true;
}

static void add(mpl__checker *c, mpl_finding finding, const char *fmt, va_list args)
{
    char reason[1024];
    vsnprintf(reason, sizeof reason, fmt, args);
    if (c->failed || (c->n == c->capacity && !grow(c)))
        return;
    const mpl_finding given = finding;
    finding.rule = &c->rule->pub;
    finding.study = mpl__arena_copy(c->keep, given.study);
    finding.column = mpl__arena_copy(c->keep, given.column);
    finding.value = mpl__arena_copy(c->keep, given.value);
    finding.reason = mpl__arena_copy(c->keep, reason);
    c->failed = !finding.reason || !finding.study != !given.study || !finding.column != !given.column ||
                !finding.value != !given.value;
    c->findings[c->n++] = finding;
}

void mpl__found(mpl__checker *c, mpl_severity severity, size_t row, const mpl_column *column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add(c, (mpl_finding){ .severity = severity, .row = c->data->row[row], .line = c->data->line[row],
                          .study = c->data->label[row], .column = column ? column->name : NULL,
                          .value = column ? column->text[row] : NULL }, fmt, args);
    va_end(args);
    if (severity == MPL_SERIOUS && !c->rule->on_effects)
        c->bad[row] = true;
}

void mpl__found_in(mpl__checker *c, mpl_severity severity, const mpl_column *column, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add(c, (mpl_finding){ .severity = severity, .column = column ? column->name : NULL }, fmt, args);
    va_end(args);
}

const char *mpl__digits(mpl__checker *c, double x)
{
    char text[350];
    const bool is_long = fabs(x) >= 1000 && fabs(x) < 1e9;
    mpl__number_significant(is_long ? rint(x) : x, is_long ? 9 : 3, text);
    const char *copy = mpl__arena_copy(c->scratch, text);
    c->failed = c->failed || !copy;
    return copy ? copy : "";
}

const mpl_column *mpl__role(const mpl__checker *c, const char *role)
{
    for (size_t j = 0; j < c->data->n_columns; j++)
        if (c->data->columns[j].role && !strcmp(c->data->columns[j].role, role))
            return &c->data->columns[j];
    return NULL;
}

double mpl__role_at(const mpl__checker *c, const char *role, size_t row)
{
    const mpl_column *column = mpl__role(c, role);
    return column ? column->number[row] : NAN;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double mpl__median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, ascending);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static void run_rules(mpl__checker *c, bool on_effects)
{
    for (size_t i = 0; i < N_RULES && !c->failed; i++) {
        const mpl_method *const rule = &rules[i]->pub.method;
        const char *const only = c->options->only;
        c->rule = rules[i];
        if (rules[i]->on_effects == on_effects && (!only || mpl__list_has(only, mpl_rule_method, rule)) &&
            !mpl__list_has(c->options->skip, mpl_rule_method, rule))
            rules[i]->run(c);
    }
}

/* A column of the rows at `index`, borrowing its texts. */
static bool pick(mpl__checker *c, const mpl_column *from, const size_t *index, size_t n, mpl_column *to)
{
    const char **text = MPL_NEW(c->scratch, const char *, n);
    double *number = MPL_NEW(c->scratch, double, n);
    if (!text || !number)
        return false;
    *to = *from;
    to->is_number = true;
    to->n_missing = 0;
    for (size_t i = 0; i < n; i++) {
        text[i] = from->text[index[i]];
        number[i] = from->number[index[i]];
        to->n_missing += !text[i];
        to->is_number = to->is_number && (!text[i] || !isnan(number[i]));
    }
    to->text = text;
    to->number = number;
    return true;
}

/* The rows that are not bad, as a dataset that borrows everything. */
static bool good_rows(mpl__checker *c, mpl_dataset *view)
{
    const mpl_dataset *data = c->data;
    size_t *index = MPL_NEW(c->scratch, size_t, data->n_rows), *row = MPL_NEW(c->scratch, size_t, data->n_rows);
    size_t *line = MPL_NEW(c->scratch, size_t, data->n_rows), n = 0;
    const char **label = MPL_NEW(c->scratch, const char *, data->n_rows);
    mpl_column *columns = MPL_NEW(c->scratch, mpl_column, data->n_columns);
    if (!index || !row || !line || !label || !columns)
        return false;
    for (size_t i = 0; i < data->n_rows; i++)
        if (!c->bad[i]) {
            row[n] = data->row[i];
            line[n] = data->line[i];
            label[n] = data->label[i];
            index[n++] = i;
        }
    for (size_t j = 0; j < data->n_columns; j++)
        if (!pick(c, &data->columns[j], index, n, &columns[j]))
            return false;
    *view = *data;
    view->n_rows = n;
    view->columns = columns;
    view->row = row;
    view->line = line;
    view->label = label;
    c->origin = index;
    return true;
}

static mpl_status sort_and_count(mpl__checker *c, mpl_check *out, mpl_error *err)
{
    mpl_finding *sorted = MPL_NEW(c->keep, mpl_finding, c->n);
    size_t n = 0, *const count[] = { &out->n_remarks, &out->n_warnings, &out->n_serious };
    if (!sorted || c->failed)
        return mpl__fail_nomem(err, "findings");
    for (int severity = MPL_SERIOUS; severity >= MPL_REMARK; severity--)
        for (size_t i = 0; i < c->n; i++)
            if ((int)c->findings[i].severity == severity) {
                sorted[n++] = c->findings[i];
                ++*count[severity];
            }
    out->findings = sorted;
    out->n_findings = n;
    return MPL_OK;
}

/* Effects of what is left, or why there are none; a failure is part of the answer. */
static mpl_status compute_effects(mpl__checker *c, mpl_effects **effects, mpl_check *out, mpl_error *err)
{
    mpl_dataset view;
    mpl_error why;
    if (!good_rows(c, &view))
        return mpl__fail_nomem(err, "the rows to check");
    const mpl_status s = mpl_effects_new(&view, c->effect_options, effects, &why);
    if (s == MPL_ERR_NOMEM)
        return mpl__fail_nomem(err, "effects");
    const char *reason = s != MPL_OK ? why.message : (*effects)->k == 0 ? "no row gives an effect" : NULL;
    if (s == MPL_OK)
        c->measure = (*effects)->measure;
    c->effects = s == MPL_OK ? *effects : NULL;
    out->measure = reason ? NULL : mpl_measure_find(c->measure->method.id); /* the effects' own copy is freed */
    out->no_effects = mpl__arena_copy(c->keep, reason);
    return reason && !out->no_effects ? mpl__fail_nomem(err, "findings") : MPL_OK;
}

static mpl_status check(mpl__checker *c, mpl_check *out, mpl_error *err)
{
    const mpl_dataset *data = c->data;
    c->bad = MPL_NEW(c->scratch, bool, data->n_rows);
    out->data_name = mpl__arena_copy(c->keep, data->name);
    out->title = mpl__arena_copy(c->keep, data->info->title);
    if (!c->bad || !out->data_name || (data->info->title && !out->title))
        return mpl__fail_nomem(err, "findings");
    const char *measure = c->effect_options && c->effect_options->measure ? c->effect_options->measure
                                                                          : data->info->measure;
    c->measure = measure ? mpl_measure_find(measure) : NULL;
    out->n_rows = data->n_rows;
    run_rules(c, false);
    mpl_effects *effects = NULL;
    mpl_status s = compute_effects(c, &effects, out, err);
    if (s == MPL_OK) {
        run_rules(c, true);
        s = sort_and_count(c, out, err);
    }
    mpl_effects_free(effects);
    return s;
}

/* Texts of the options are copied, so that the result needs nothing else. */
static mpl_status keep_options(const mpl_check_options *o, mpl__arena *keep, mpl_check *out, mpl_error *err)
{
    out->options = *o;
    out->options.only = mpl__arena_copy(keep, o->only);
    out->options.skip = mpl__arena_copy(keep, o->skip);
    out->options.cluster = mpl__arena_copy(keep, o->cluster);
    out->arena = keep;
    return (o->only && !out->options.only) || (o->skip && !out->options.skip) || (o->cluster && !out->options.cluster)
               ? mpl__fail_nomem(err, "options")
               : MPL_OK;
}

mpl_status mpl_check_new(const mpl_dataset *data, const mpl_effect_options *effect_options,
                         const mpl_check_options *options, mpl_check **out, mpl_error *err)
{
    *out = NULL;
    mpl_check_options o = options ? *options : (mpl_check_options){ 0 };
    const mpl_column *column;
    MPL_TRY(mpl_options_resolve(table, &o, sizeof o, NULL, err));
    MPL_TRY(mpl__list_check(o.only, mpl_rule_method, "rule", "only", err));
    MPL_TRY(mpl__list_check(o.skip, mpl_rule_method, "rule", "skip", err));
    if (o.cluster)
        MPL_TRY(mpl__within(err, mpl_dataset_get(data, o.cluster, &column, err), "--cluster"));
    if (o.scale_min.given && o.scale_max.given && !(o.scale_min.value < o.scale_max.value))
        return mpl__fail(err, MPL_ERR_ARG, "--scale-min is not below --scale-max");
    mpl__checker c = { .data = data, .effect_options = effect_options, .options = &o, .keep = mpl__arena_new(),
                       .scratch = mpl__arena_new() };
    mpl_check *made = MPL_NEW(c.keep, mpl_check, 1);
    mpl_status s = made && c.scratch ? keep_options(&o, c.keep, made, err) : mpl__fail_nomem(err, "findings");
    if (s == MPL_OK)
        s = check(&c, made, err);
    mpl__arena_free(c.scratch);
    if (s == MPL_OK)
        *out = made;
    else
        mpl__arena_free(c.keep);
    return s;
}

void mpl_check_free(mpl_check *check)
{
    if (check)
        mpl__arena_free(check->arena);
}
