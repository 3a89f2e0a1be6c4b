/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What text columns show; see fields.h. */
#include "plot/fields.h"

#include <math.h>
#include <string.h>

#include "plot/lights.h"

bool mpl__field_is_value(const mpl__field *field)
{
    return field->kind >= MPL__FIELD_ESTIMATE && field->kind <= MPL__FIELD_K;
}

static const char *divided(const mpl__field *field, const char *number, mpl__arena *keep)
{
    mpl__text t = { 0 };
    if (!field->thousands || !number)
        return number;
    mpl__thousands_add(&t, field->thousands, number);
    return mpl__plot_keep(keep, &t);
}

static const char *number(const mpl__field *field, double x, int decimals, mpl__arena *keep)
{
    return divided(field, mpl__plot_number(keep, x, (size_t)(decimals < 0 ? 0 : decimals)), keep);
}

const char *mpl__field_value(const mpl__field *field, const mpl__look *look, const mpl__values *v, mpl__arena *keep)
{
    const size_t digits = field->decimals < 0 ? 0 : (size_t)field->decimals;
    switch (field->kind) {
    case MPL__FIELD_ESTIMATE:
        return mpl__look_interval(look, keep, v->x, v->lb, v->ub, digits);
    case MPL__FIELD_CI:
        return isnan(v->lb) || isnan(v->ub) ? "" : mpl__look_interval(look, keep, (double)NAN, v->lb, v->ub, digits);
    case MPL__FIELD_PVALUE: /* the heading has the letter */
        return isnan(v->p) ? "" : mpl__look_pnumber(look, keep, v->p);
    case MPL__FIELD_WEIGHT: {
        const char *const weight = mpl__plot_number(keep, v->weight, digits);
        return weight && *weight ? mpl__arena_format(keep, "%s%s", weight, look->percent) : weight;
    }
    case MPL__FIELD_EFFECT:
        return mpl__plot_number(keep, v->x, digits);
    case MPL__FIELD_SE:
        return mpl__plot_number(keep, v->se, digits);
    case MPL__FIELD_TAU2:
        return mpl__plot_number(keep, v->tau2, digits);
    case MPL__FIELD_I2:
        return mpl__plot_number(keep, v->i2, digits);
    default:
        return number(field, v->k, 0, keep);
    }
}

static const char *ratio(const mpl__field *field, double a, double b, mpl__arena *keep)
{
    const int decimals = b < 1e7 && b != floor(b) ? 1 : 0;
    const char *const above = number(field, a, a != floor(a), keep), *const below = number(field, b, decimals, keep);
    return above && below ? mpl__arena_format(keep, "%s/%s", above, below) : NULL;
}

/* A ratio, or one part of it. */
static const char *parts(const mpl__field *field, double a, double b, mpl__arena *keep)
{
    const double below = field->b_is_rest ? a + b : b;
    if (isnan(a) || isnan(b))
        return "";
    if (field->part == MPL__PART_BOTH)
        return ratio(field, a, below, keep);
    const double x = field->part == MPL__PART_A ? a : below;
    return number(field, x, x < 1e7 && x != floor(x) ? 1 : 0, keep);
}

/* As written; only the thousands of a count are divided. */
static const char *as_written(const mpl__field *field, const char *text, mpl__arena *keep)
{
    const bool is_count = field->thousands && *text && strspn(text, "0123456789") == strlen(text);
    return is_count ? divided(field, text, keep) : mpl__plot_text(keep, text);
}

const char *mpl__field_size(const mpl__field *field, double size, mpl__arena *keep)
{
    return isnan(size) ? "" : number(field, size, 0, keep);
}

const char *mpl__field_cell(const mpl__field *field, size_t row, mpl__arena *keep)
{
    if (!field->a->text[row])
        return "";
    if (field->kind == MPL__FIELD_RATIO)
        return parts(field, field->a->number[row], field->b->number[row], keep);
    if (field->kind == MPL__FIELD_LIGHT) {
        const char *const sign = mpl__light_sign(field->a->text[row]);
        return sign ? sign : mpl__plot_text(keep, field->a->text[row]);
    }
    if (field->decimals < 0 || !field->a->is_number)
        return as_written(field, field->a->text[row], keep);
    return number(field, field->a->number[row], field->decimals, keep);
}

const char *mpl__field_total(const mpl__field *field, const mpl_effects *effects, const size_t *index, size_t n,
                             mpl__arena *keep)
{
    double a = 0, b = 0;
    if (!field->additive || n == 0)
        return "";
    for (size_t i = 0; i < n; i++) {
        const size_t row = effects->index[index[i]];
        a += field->kind == MPL__FIELD_SIZE ? effects->ni[index[i]] : field->a->number[row];
        b += field->kind == MPL__FIELD_RATIO ? field->b->number[row] : 0;
    }
    if (field->kind == MPL__FIELD_RATIO)
        return parts(field, a, b, keep);
    return isnan(a) ? "" : number(field, a, field->decimals, keep);
}

size_t mpl__fields_lights(const mpl__field *fields, size_t n)
{
    size_t lights = 0;
    for (size_t j = 0; j < n; j++)
        lights += fields[j].kind == MPL__FIELD_LIGHT;
    return lights;
}

/* "D1 randomization; D2 missing data": names without their prefix. */
const char *mpl__fields_lights_note(const mpl__field *fields, size_t n, mpl__arena *keep)
{
    mpl__text t = { 0 };
    mpl__text_add(&t, "Risk of bias:");
    for (size_t j = 0; j < n; j++) {
        if (fields[j].kind != MPL__FIELD_LIGHT)
            continue;
        const char *name = fields[j].a->name + strlen("rob");
        name += strspn(name, "_.- ");
        mpl__text_format(&t, " %s", fields[j].column.heading);
        mpl__text_char(&t, *name ? ' ' : ';');
        for (; *name; name++)
            mpl__text_addn(&t, *name == '_' ? " " : name, 1);
        if (t.size && t.data && t.data[t.size - 1] != ';')
            mpl__text_char(&t, ';');
    }
    mpl__text_add(&t, " + low, ? some concerns or unclear, \xE2\x88\x92 high.");
    const char *const text = t.failed ? NULL : mpl__plot_text(keep, t.data);
    mpl__text_free(&t);
    return text;
}
