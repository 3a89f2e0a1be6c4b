/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversions over a dataset: options, registries, and the walk over rows and groups. */
#include <metapool/convert.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "base/text.h"
#include "effect/convert/bind.h"
#include "effect/convert/conversion.h"
#include "effect/convert/frame.h"

static const mpl_method targets[] = {
#define MPL_TARGET(id_, title_) { .id = id_, .title = title_ },
#include "effect/convert/targets.def"
#undef MPL_TARGET
};

static const char shi[] = "Shi et al. 2023, Stat Methods Med Res 32:1338-1360";

static const mpl_method skewed[] = {
    { .id = "mark", .title = "convert and mark the row", .cite = shi },
    { .id = "drop", .title = "leave the row unconverted", .cite = shi },
    { .id = "ignore", .title = "convert without a test" },
};

static const mpl__conversion *const conversions[] = {
#define MPL_CONVERSION(symbol) &mpl__conversion_##symbol,
#include "effect/convert/conversions.def"
#undef MPL_CONVERSION
};

const mpl_method *mpl_target_method(size_t i)
{
    return i < sizeof targets / sizeof *targets ? &targets[i] : NULL;
}

const mpl_method *mpl_skewed_method(size_t i)
{
    return i < sizeof skewed / sizeof *skewed ? &skewed[i] : NULL;
}

const mpl_method *mpl_conversion_method(size_t i)
{
    return i < sizeof conversions / sizeof *conversions ? &conversions[i]->pub.method : NULL;
}

const mpl_conversion *mpl_conversion_find(const char *id)
{
    const mpl_method *m = mpl_method_find(mpl_conversion_method, id);
    return m ? (const mpl_conversion *)((const char *)m - offsetof(mpl_conversion, method)) : NULL;
}

static const mpl_option table[] = {
    { .name = "to", MPL_MEMBER(CHOICE, mpl_convert_options, to), .choice = mpl_target_method, .arg = "TARGET",
      .help = "what to compute; see 'metapool list targets'", .since = "0.1.0" },
    { .name = "conversion", MPL_MEMBER(CHOICE, mpl_convert_options, conversion), .choice = mpl_conversion_method,
      .arg = "ID", .help = "this conversion only; otherwise the best that the columns of each row allow",
      .since = "0.1.0" },
    { .name = "replace", MPL_MEMBER(FLAG, mpl_convert_options, replace),
      .help = "compute also what a row reports already", .since = "0.1.0" },
    { .name = "ci-level", MPL_MEMBER(LEVEL, mpl_convert_options, level), .arg = "LEVEL", .dflt = "0.95",
      .help = "level of the intervals in the data and of computed ones", .since = "0.1.0" },
    { .name = "ratio-scale", MPL_MEMBER(FLAG, mpl_convert_options, ratio_scale),
      .help = "yi, ci_lb and ci_ub in the data are ratios: take logarithms first", .since = "0.1.0" },
    { .name = "skewed", MPL_MEMBER(CHOICE, mpl_convert_options, skewed), .choice = mpl_skewed_method, .arg = "RULE",
      .dflt = "mark", .help = "what to do with quantiles too skewed for the method", .since = "0.1.0" },
    { .name = "uncertainty", MPL_MEMBER(FLAG, mpl_convert_options, uncertainty),
      .help = "add sem, the standard error of a mean that is estimated from quantiles", .since = "0.1.0" },
    { .name = "scale-min", MPL_MEMBER(MAYBE, mpl_convert_options, scale_min), .arg = "NUM",
      .help = "least possible score, for conversions that can use it", .since = "0.1.0" },
    { .name = "scale-max", MPL_MEMBER(MAYBE, mpl_convert_options, scale_max), .arg = "NUM",
      .help = "greatest possible score", .since = "0.1.0" },
    { .name = "no-yates", MPL_MEMBER(FLAG, mpl_convert_options, no_yates),
      .help = "chi-squared was computed without continuity correction", .since = "0.1.0" },
    { .name = "ri", MPL_MEMBER(MAYBE, mpl_convert_options, ri), .min = -1, .max = 1, .arg = "R",
      .help = "correlation between the occasions, where the data have none", .since = "0.1.0" },
    { .name = "icc", MPL_MEMBER(MAYBE, mpl_convert_options, icc), .max = 1, .arg = "R",
      .help = "intracluster correlation of cluster-randomized trials, where the data have none", .since = "0.1.0" },
    { .name = "cluster-size", MPL_MEMBER(MAYBE, mpl_convert_options, cluster_size), .min = 1, .max = 1e9, .arg = "NUM",
      .help = "mean size of their clusters, where the data have none", .since = "0.1.0" },
    { .name = "formula", MPL_MEMBER(TEXT, mpl_convert_options, formula), .arg = "EXPR",
      .help = "new yi as a formula of yi and other columns, e.g. 'exp(yi)'", .since = "0.1.0" },
    { .name = "cluster", MPL_MEMBER(TEXT, mpl_convert_options, cluster), .arg = "COLUMN",
      .help = "column that names the study, for control groups that rows share", .since = "0.1.0" },
    { .name = "transform", MPL_MEMBER(CHOICE, mpl_convert_options, transform), .choice = mpl_transform_method,
      .arg = "ID", .help = "transform of yi and its limits; see 'metapool list transforms'", .since = "0.1.0" },
    { .name = "transform-args", MPL_MEMBER(TEXT, mpl_convert_options, transform_args), .arg = "NAME=NUM,...",
      .help = "what the transform needs: n1, n2, n, share, sd, baseline, tau2", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_convert_option_table(void)
{
    return table;
}

/* How flags of a row show: in the conversion column, and as a note. */
static const struct {
    unsigned flag;
    const char *mark, *code, *text;
} flags[] = {
    { MPL__SKEWED, " (skewed)", "skewed",
      "the quantiles are too skewed for the distribution that the conversion assumes (Shi et al. 2023)" },
    { MPL__OFF_CENTRE, " (off centre)", "off-centre",
      "the estimate is more than a tenth of the interval's width off its middle: another scale, or a typing error?" },
};

typedef struct walk {
    mpl__frame *frame;
    const mpl__binding *binding;
    const mpl_convert_options *options;
    const mpl_formula *formula;
    const mpl_transform *transform;
    mpl_transform_args args;
    size_t *variable; /* [n_variables] columns of the formula */
    size_t n_converted_sd, used[sizeof conversions / sizeof *conversions]; /* how often each was applied */
} walk;

static void store(walk *w, const mpl__bound *b, size_t row, const double *out)
{
    for (size_t k = 0; k < b->n_out; k++) {
        if (isnan(out[k]))
            continue;
        const size_t c = mpl__frame_column(w->frame, b->out[k]);
        if (isnan(w->frame->number[c][row]) || w->options->replace || b->conversion->overwrites)
            mpl__frame_number(w->frame, c, row, out[k]);
    }
    size_t n;
    char role[32];
    for (const char *p = b->conversion->clears, *word; (word = mpl__next_word(&p, &n)) && n < sizeof role;) {
        memcpy(role, word, n);
        role[n] = '\0';
        const size_t c = mpl__frame_find(w->frame, role);
        if (c != SIZE_MAX)
            mpl__frame_number(w->frame, c, row, NAN);
    }
}

/* Applies one conversion to one row; NULL if it worked, with what it did in `did`. */
static const char *apply(walk *w, const mpl__bound *b, size_t row, mpl__text *did)
{
    double in[MPL__MAX_ROLES], out[MPL__MAX_ROLES], values[MPL__MAX_VARIABLES];
    for (size_t k = 0; k < b->n_in; k++)
        in[k] = b->in[k] ? b->in[k][row] : NAN;
    for (size_t k = 0; k < MPL__MAX_ROLES; k++)
        out[k] = NAN;
    for (size_t k = 0; w->formula && k < w->formula->n_variables; k++)
        values[k] = w->frame->number[w->variable[k]][row];
    mpl__convert c = { .in = in, .out = out, .options = w->options, .formula = w->formula, .values = values,
                       .transform = w->transform, .args = w->args };
    const char *why = b->conversion->apply(&c);
    if (why)
        return why;
    store(w, b, row, out);
    mpl__text_add(did, b->conversion->pub.method.id);
    if (c.detail) {
        mpl__text_add(did, ": ");
        mpl__text_add(did, c.detail);
    }
    for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
        if (c.flags & flags[k].flag) {
            mpl__text_add(did, flags[k].mark);
            mpl__note_add_row(&w->frame->table.notes, flags[k].code, w->frame->from->row[row],
                              w->frame->from->label[row], "%s", flags[k].text);
        }
    w->n_converted_sd += (c.flags & MPL__CONVERTED_SD) ? 1 : 0;
    for (size_t k = 0; k < sizeof conversions / sizeof *conversions; k++)
        w->used[k] += conversions[k] == b->conversion ? 1 : 0;
    return NULL;
}

typedef enum outcome { CONVERTED, REPORTED, FAILED } outcome;

/* The first conversion of the group that the row allows, and what it did; or in `did` why there is none. */
static outcome convert_group(walk *w, const mpl__group *group, size_t row, mpl__text *did)
{
    const char *why = NULL;
    char lacks[128];
    for (size_t i = 0; i < group->n; i++) {
        const mpl__bound *b = &group->bound[i];
        if (!w->options->replace && !b->conversion->overwrites && mpl__bound_is_reported(b, w->frame, row)) {
            mpl__text_add(did, "reported");
            return REPORTED;
        }
        if (!mpl__bound_is_complete(b, row))
            continue;
        why = apply(w, b, row, did);
        if (!why)
            return CONVERTED;
    }
    mpl__text_add(did, why ? why : mpl__group_lacks(group, row, lacks, sizeof lacks));
    return FAILED;
}

/* "luo+wan", or "group 1: luo+wan, group 2: reported" where they differ. */
static void describe(const walk *w, const outcome *outcomes, const mpl__text *did, mpl__text *all)
{
    const size_t n = w->binding->n_groups, start = all->size;
    bool same = true;
    for (size_t g = 1; g < n; g++)
        same = same && outcomes[g] == outcomes[0] && !strcmp(did[g].data, did[0].data);
    for (size_t g = 0; g < (same ? 1 : n); g++) {
        const mpl__group *group = &w->binding->group[g];
        if (outcomes[g] == FAILED || (!same && group->is_whole && outcomes[g] == REPORTED))
            continue;
        mpl__text_format(all, "%s%s%s%s", all->size > start ? ", " : "", same ? "" : group->title,
                         same || !*group->title ? "" : ": ", did[g].data);
    }
}

/* A failure of one group counts for nothing if the row as a whole could be converted. */
static void note_failures(walk *w, size_t row, const outcome *outcomes, const mpl__text *did)
{
    const mpl__group *last = &w->binding->group[w->binding->n_groups - 1];
    const bool whole = last->is_whole && w->binding->n_groups > 1;
    if (whole && outcomes[w->binding->n_groups - 1] == CONVERTED)
        return;
    for (size_t g = 0; g < w->binding->n_groups - whole; g++)
        if (outcomes[g] == FAILED)
            mpl__note_add_row(&w->frame->table.notes, "not-converted", w->frame->from->row[row],
                              w->frame->from->label[row], "not converted: %s%s%s", w->binding->group[g].title,
                              *w->binding->group[g].title ? ": " : "", did[g].data);
}

static void convert_row(walk *w, size_t column, size_t row)
{
    mpl__text did[MPL__MAX_GROUPS] = { { 0 } }, all = { 0 };
    outcome outcomes[MPL__MAX_GROUPS];
    const char *before = w->frame->table.cells[column][row];
    for (size_t g = 0; g < w->binding->n_groups; g++) {
        outcomes[g] = convert_group(w, &w->binding->group[g], row, &did[g]);
        w->frame->failed = w->frame->failed || did[g].failed;
    }
    if (!w->frame->failed) {
        if (before)
            mpl__text_format(&all, "%s; ", before);
        const size_t start = all.size;
        describe(w, outcomes, did, &all);
        note_failures(w, row, outcomes, did);
        if (all.size > start)
            mpl__frame_text(w->frame, column, row, all.data);
        w->frame->failed = w->frame->failed || all.failed;
    }
    for (size_t g = 0; g < w->binding->n_groups; g++)
        mpl__text_free(&did[g]);
    mpl__text_free(&all);
}

/* Logarithms of reported ratios, in place. */
static mpl_status take_logs(mpl__frame *f, mpl_error *err)
{
    static const char *const roles[] = { "yi", "ci_lb", "ci_ub" };
    for (size_t k = 0; k < sizeof roles / sizeof *roles; k++) {
        const size_t c = mpl__frame_find(f, roles[k]);
        if (c == SIZE_MAX)
            continue;
        MPL_TRY(mpl_column_check_number(f->from, &f->from->columns[c], err));
        for (size_t i = 0; i < f->table.n_rows; i++) {
            const double x = f->number[c][i];
            if (x <= 0)
                mpl__note_add_row(&f->table.notes, "not-a-ratio", f->from->row[i], f->from->label[i],
                                  "%s is not positive and so no ratio: it is taken as missing", roles[k]);
            if (!isnan(x))
                mpl__frame_number(f, c, i, x > 0 ? log(x) : NAN);
        }
    }
    mpl__note_add(&f->table.notes, "logarithms", "yi, ci_lb and ci_ub are logarithms of what the data report");
    return MPL_OK;
}

static const char *column_name(const void *ctx, size_t i)
{
    return ((const mpl_dataset *)ctx)->columns[i].name;
}

/* Columns of the formula's variables; one of them is yi. */
static mpl_status bind_formula(walk *w, mpl_error *err)
{
    bool has_yi = false;
    char x[MPL_SHOWN_SIZE], y[MPL_SHOWN_SIZE];
    for (size_t i = 0; i < w->formula->n_variables; i++) {
        const char *name = w->formula->variables[i];
        const size_t c = mpl__frame_find(w->frame, name);
        if (c == SIZE_MAX) {
            const mpl_dataset *data = w->frame->from;
            const char *near = mpl_nearest_find(name, data->n_columns, column_name, data);
            return near ? mpl__fail(err, MPL_ERR_NAME, "--formula: no column \"%s\"; did you mean \"%s\"?",
                                    mpl_text_to_shown(name, x), mpl_text_to_shown(near, y))
                        : mpl__fail(err, MPL_ERR_NAME, "--formula: no column \"%s\"", mpl_text_to_shown(name, x));
        }
        MPL_TRY(mpl_column_check_number(w->frame->from, &w->frame->from->columns[c], err));
        w->variable[i] = c;
        has_yi = has_yi || !strcmp(name, "yi");
    }
    return has_yi ? MPL_OK : mpl__fail(err, MPL_ERR_ARG, "--formula: '%s' does not contain yi",
                                       mpl_text_to_shown(w->formula->text, x));
}

static mpl_status walk_rows(walk *w, mpl_error *err)
{
    size_t variable[MPL__MAX_VARIABLES];
    w->variable = variable;
    if (w->formula)
        MPL_TRY(bind_formula(w, err));
    const size_t column = mpl__frame_column(w->frame, "conversion");
    for (size_t i = 0; i < w->frame->table.n_rows && !w->frame->failed; i++)
        convert_row(w, column, i);
    for (size_t k = 0; k < sizeof conversions / sizeof *conversions; k++) {
        const mpl_method *m = &conversions[k]->pub.method;
        if (w->used[k] > 0)
            mpl__note_add(&w->frame->table.notes, "converted", "%s, %zu time%s: %s (%s)", m->id, w->used[k],
                          w->used[k] == 1 ? "" : "s", m->title, m->cite);
    }
    if (w->transform && w->transform->through_infinity)
        mpl__note_add(&w->frame->table.notes, "number-to-treat", "%s: %s; then transformed_lb is above transformed_ub",
                      w->transform->method.id, w->transform->method.about);
    if (w->n_converted_sd > 0)
        mpl__note_add(&w->frame->table.notes, "estimated-means",
                      "%zu mean%s and standard deviation%s estimated from quantiles: the usual sampling variance is "
                      "too small for %s; 'metapool convert --uncertainty' gives the right standard error of the mean",
                      w->n_converted_sd, w->n_converted_sd == 1 ? "" : "s", w->n_converted_sd == 1 ? " is" : "s are",
                      w->n_converted_sd == 1 ? "it" : "them");
    return MPL_OK;
}

static mpl_status convert(mpl__frame *f, const mpl_convert_options *options, mpl_error *err)
{
    if (options->ratio_scale)
        MPL_TRY(take_logs(f, err));
    mpl__binding binding;
    MPL_TRY(mpl__bind(f, options, conversions, sizeof conversions / sizeof *conversions, &binding, err));
    walk w = { .frame = f, .binding = &binding, .options = options };
    w.transform = options->transform ? mpl_transform_find(options->transform) : NULL;
    MPL_TRY(mpl_transform_args_read(options->transform_args, &w.args, err));
    mpl_formula *formula = NULL;
    mpl_status s = options->formula ? mpl_formula_new(options->formula, &formula, err) : MPL_OK;
    if (s == MPL_ERR_PARSE || s == MPL_ERR_LIMIT) /* the formula is an option, not data */
        s = MPL_ERR_ARG;
    MPL_TRY(mpl__within(err, s, "--formula"));
    w.formula = formula;
    s = walk_rows(&w, err);
    mpl_formula_free(formula);
    return s;
}

/* Target and conversion belong together; one of them must be there. */
static mpl_status check_options(mpl_convert_options *o, mpl_error *err)
{
    const mpl_conversion *conversion = o->conversion ? mpl_conversion_find(o->conversion) : NULL;
    if (!o->to && !conversion)
        return mpl__fail(err, MPL_ERR_ARG, "nothing to convert to: give --to, e.g. --to mean-sd");
    if (!o->to)
        o->to = conversion->target;
    if (conversion && strcmp(conversion->target, o->to))
        return mpl__fail(err, MPL_ERR_ARG, "--conversion %s leads to %s, not to %s", conversion->method.id,
                         conversion->target, o->to);
    if (!strcmp(o->to, "formula") != !!o->formula)
        return mpl__fail(err, MPL_ERR_ARG, "--formula and --to formula go together");
    if (!strcmp(o->to, "transform") != !!o->transform || (o->transform_args && !o->transform))
        return mpl__fail(err, MPL_ERR_ARG, "--transform, with --transform-args, and --to transform go together");
    if (!strcmp(o->to, "split-control") && !o->cluster)
        return mpl__fail(err, MPL_ERR_ARG, "--to split-control needs --cluster, the column that names the study");
    if (o->scale_min.given != o->scale_max.given ||
        (o->scale_min.given && !(o->scale_min.value < o->scale_max.value)))
        return mpl__fail(err, MPL_ERR_ARG, "--scale-min and --scale-max go together, the lesser first");
    return MPL_OK;
}

mpl_status mpl_dataset_convert(const mpl_dataset *data, const mpl_convert_options *options, mpl_dataset **out,
                               mpl_error *err)
{
    *out = NULL;
    mpl_convert_options o = options ? *options : (mpl_convert_options){ 0 };
    MPL_TRY(mpl_options_resolve(table, &o, sizeof o, NULL, err));
    MPL_TRY(check_options(&o, err));
    mpl__frame f;
    mpl_status s = mpl__frame_open(&f, data, NULL, data->n_rows, 3 * MPL__MAX_ROLES, err);
    if (s == MPL_OK)
        s = convert(&f, &o, err);
    return mpl__frame_close(&f, s, out, err);
}
