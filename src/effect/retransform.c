/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects on a display scale that is asked for, with what its transform needs. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/method.h"
#include "base/note.h"
#include "base/number.h"
#include "effect/measure.h"

static const mpl_option table[] = {
    { .name = "transform", MPL_MEMBER(CHOICE, mpl_transform_options, transform), .choice = mpl_transform_method,
      .arg = "ID", .help = "show effects through this transform instead of the measure's own", .since = "0.1.0" },
    { .name = "transform-args", MPL_MEMBER(TEXT, mpl_transform_options, args), .arg = "NAME=NUM,...",
      .help = "what the transform needs: n1, n2, n, share, sd, baseline, tau2", .since = "0.1.0" },
    { .name = NULL }
};

const mpl_option *mpl_transform_option_table(void)
{
    return table;
}

static const struct {
    mpl_method method;
    size_t offset;
    double min, max;
} arguments[] = {
    { { .id = "n1", .title = "size of group 1" }, offsetof(mpl_transform_args, n1), 1, INFINITY },
    { { .id = "n2", .title = "size of group 2" }, offsetof(mpl_transform_args, n2), 1, INFINITY },
    { { .id = "n", .title = "sample size or person-time" }, offsetof(mpl_transform_args, n), 0, INFINITY },
    { { .id = "share", .title = "share of group 1" }, offsetof(mpl_transform_args, share), 0, 1 },
    { { .id = "sd", .title = "standard deviation" }, offsetof(mpl_transform_args, sd), 0, INFINITY },
    { { .id = "baseline", .title = "risk in group 2" }, offsetof(mpl_transform_args, baseline), DBL_MIN,
      1 - DBL_EPSILON / 2 },
    { { .id = "tau2", .title = "between-study variance" }, offsetof(mpl_transform_args, tau2), 0, INFINITY },
};

enum { N_ARGUMENTS = sizeof arguments / sizeof *arguments };

static const mpl_method *argument(size_t i)
{
    return i < N_ARGUMENTS ? &arguments[i].method : NULL;
}

static double *slot(mpl_transform_args *args, size_t i)
{
    return (double *)((char *)args + arguments[i].offset);
}

static mpl_status read_one(const char *p, size_t length, mpl_transform_args *args, mpl_error *err)
{
    char name[32], x[MPL_SHOWN_SIZE];
    const size_t n = strcspn(p, "=");
    const mpl_method *found;
    if (n >= length || n >= sizeof name)
        return mpl__fail(err, MPL_ERR_ARG, "--transform-args: '%s' is not NAME=NUM,NAME=NUM", mpl_text_to_shown(p, x));
    memcpy(name, p, n);
    name[n] = '\0';
    MPL_TRY(mpl__within(err, mpl__method_get(argument, "argument", name, &found, err), "--transform-args"));
    size_t i = 0;
    while (&arguments[i].method != found)
        i++;
    double value;
    const bool is_number = mpl__number_read(p + n + 1, length - n - 1, '.', &value) == MPL__NUMBER_OK;
    if (!is_number || !(value >= arguments[i].min) || !(value <= arguments[i].max))
        return mpl__fail(err, MPL_ERR_ARG, "--transform-args: '%s' is not a possible %s",
                             mpl_text_to_shown(p + n + 1, x),
                         arguments[i].method.title);
    *slot(args, i) = value;
    return MPL_OK;
}

mpl_status mpl_transform_args_read(const char *text, mpl_transform_args *out, mpl_error *err)
{
    mpl_transform_args args = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    for (const char *p = text; p && *p;) {
        const size_t length = strcspn(p, ",");
        MPL_TRY(read_one(p, length, &args, err));
        p += length + (p[length] == ',' ? 1 : 0);
    }
    *out = args;
    return MPL_OK;
}

static mpl_status check_needs(const mpl_transform *transform, mpl_transform_args *args, mpl_error *err)
{
    for (size_t i = 0; i < N_ARGUMENTS; i++)
        if (mpl__has_word(transform->needs, arguments[i].method.id) && isnan(*slot(args, i)))
            return mpl__fail(err, MPL_ERR_ARG, "--transform %s needs the %s: --transform-args %s=NUM",
                             transform->method.id, arguments[i].method.title, arguments[i].method.id);
    return MPL_OK;
}

/* "risk ratio" of "risk ratio of a log odds ratio at a baseline risk": what heads columns and axes. */
static const char *short_title(const mpl_transform *t, mpl__arena *arena)
{
    const char *const title = t->method.title, *const of = strstr(title, " of a ");
    size_t n = of ? (size_t)(of - title) : strlen(title);
    n -= n > 0 && title[n - 1] == ',';
    return mpl__arena_copyn(arena, title, n);
}

/* Transforms of one kind of effect, by the beginning of their names; effects of measure GEN may be anything. */
static const struct {
    const char *start, *measures, *what;
} kinds[] = {
    { "lnor", "OR PETO MPOR MPORC MPORM MPPETO D2ORL D2ORN VEOR", "log odds ratios" },
    { "lnrr", "RR MPRR VE", "log risk ratios" },
    { "lnhr", "HR", "log hazard ratios" },
    { "rdto", "RD MPRD", "risk differences" },
    { "dto", "SMD SMDH SMD1 SMD1H SMCC SMCR SMCRH SMCRP SMCRPH SMN OR2DL OR2DN PBIT", "standardized differences" },
    { "rpbto", "RPB", "point-biserial correlations" },
};

/* What the reader of transformed effects must know. */
static void add_notes(const mpl_effects *e, const mpl_transform *t, mpl__notes *notes)
{
    const char *const id = e->measure->method.id;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strncmp(t->method.id, kinds[i].start, strlen(kinds[i].start)) && !e->measure->is_generic &&
            !mpl__has_word(kinds[i].measures, id))
            mpl__note_add(notes, "transform", "--transform %s is for %s, and these effects are another kind, %s",
                          t->method.id, kinds[i].what, id);
    if (t->through_infinity)
        mpl__note_add(notes, "number-to-treat", "numbers needed to treat: above 0 so many treated have one event less, "
                      "below 0 one more (harm); an interval \"A to ∞ to B\" goes from A through infinity, no "
                      "difference, to B (Altman 1998, BMJ 317:1309-1312); figures keep to the scale of the effects");
}

mpl_status mpl_effects_transform(mpl_effects *effects, const mpl_transform_options *options, mpl_error *err)
{
    mpl_transform_options o = options ? *options : (mpl_transform_options){ 0 };
    mpl_transform_args args;
    MPL_TRY(mpl_options_resolve(table, &o, sizeof o, NULL, err));
    if (!o.transform)
        return o.args ? mpl__fail(err, MPL_ERR_ARG, "--transform-args is for --transform") : MPL_OK;
    const mpl_transform *transform = mpl_transform_find(o.transform);
    MPL_TRY(mpl_transform_args_read(o.args, &args, err));
    MPL_TRY(check_needs(transform, &args, err));
    mpl_measure *measure = MPL_NEW(effects->arena, mpl_measure, 1);
    mpl_transform_args *kept = MPL_NEW(effects->arena, mpl_transform_args, 1);
    if (!measure || !kept)
        return mpl__fail_nomem(err, "a transform");
    *kept = args;
    *measure = *effects->measure;
    measure->transform = transform;
    measure->args = kept;
    measure->label = short_title(transform, effects->arena);
    measure->args_text = o.args && *o.args ? mpl__arena_copy(effects->arena, o.args) : NULL;
    if (!measure->label || (o.args && *o.args && !measure->args_text))
        return mpl__fail_nomem(err, "a transform");
    mpl__notes notes = { .arena = effects->arena };
    mpl__note_add_all(&notes, effects->notes, effects->n_notes);
    add_notes(effects, transform, &notes);
    if (notes.failed)
        return mpl__fail_nomem(err, "a transform");
    effects->notes = notes.items;
    effects->n_notes = notes.n;
    effects->measure = measure;
    return MPL_OK;
}
