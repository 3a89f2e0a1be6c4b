/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the role lists of conversions, "min# [q1#] n# | ...", and finds their columns. */
#include "effect/convert/bind.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/convert/sharing.h"

/* What "#" stands for, and how a reader calls it. */
static const struct {
    const char *suffix, *title;
} arms[] = { { "1i", "group 1" }, { "2i", "group 2" }, { "i", "" } };

/* One word of a list to a role name; returns whether it stood in brackets. */
static bool expand(const char *word, size_t n, const char *suffix, char role[MPL__MAX_ROLE])
{
    const bool optional = n > 2 && word[0] == '[';
    const char *end = word + n - optional;
    char *to = role;
    for (word += optional; word < end && to < role + MPL__MAX_ROLE - 4; word++) {
        if (*word == '#') {
            memcpy(to, suffix, strlen(suffix));
            to += strlen(suffix);
        } else {
            *to++ = *word;
        }
    }
    *to = '\0';
    return optional;
}

static size_t add_role(mpl__bound *b, const char *role)
{
    size_t k = 0;
    while (k < b->n_in && strcmp(b->role[k], role))
        k++;
    if (k == b->n_in && k < MPL__MAX_ROLES) {
        memcpy(b->role[k], role, MPL__MAX_ROLE);
        b->n_in++;
    }
    return k;
}

static mpl_status find_input(mpl__frame *f, const mpl_convert_options *options, const char *role, const double **out,
                             mpl_error *err)
{
    *out = NULL;
    if (!strcmp(role, MPL__SHARING))
        return options->cluster ? mpl__sharing_count(f, options->cluster, out, err) : MPL_OK;
    const size_t c = mpl__frame_find(f, role);
    if (c == SIZE_MAX)
        return MPL_OK;
    if (c < f->from->n_columns)
        MPL_TRY(mpl_column_check_number(f->from, &f->from->columns[c], err));
    *out = f->number[c];
    return MPL_OK;
}

/* Fills the alternatives whose columns exist; n_need = 0 if there is none. */
static mpl_status bind_one(mpl__frame *f, const mpl_convert_options *options, const mpl__conversion *conversion,
                           const char *suffix, mpl__bound *b, mpl_error *err)
{
    *b = (mpl__bound){ .conversion = conversion };
    unsigned need[MPL__MAX_ALTERNATIVES] = { 0 };
    size_t n, n_alternatives = 1;
    char role[MPL__MAX_ROLE];
    for (const char *p = conversion->pub.inputs, *word; (word = mpl__next_word(&p, &n));) {
        if (*word == '|') {
            n_alternatives++;
            continue;
        }
        const bool optional = expand(word, n, suffix, role);
        const size_t k = add_role(b, role);
        need[n_alternatives - 1] |= optional ? 0 : 1u << k;
    }
    for (const char *p = conversion->pub.outputs, *word; (word = mpl__next_word(&p, &n)); b->n_out++)
        b->must |= expand(word, n, suffix, b->out[b->n_out]) ? 0 : 1u << b->n_out;
    unsigned have = 0;
    for (size_t k = 0; k < b->n_in; k++) {
        MPL_TRY(find_input(f, options, b->role[k], &b->in[k], err));
        have |= b->in[k] ? 1u << k : 0;
    }
    for (size_t a = 0; a < n_alternatives; a++)
        if ((need[a] & ~have) == 0)
            b->need[b->n_need++] = need[a];
    return MPL_OK;
}

/* `conversions` lead to several targets; those to the one asked for are told, as long as they are not too many. */
static mpl_status no_columns(const mpl__frame *f, const mpl_convert_options *o, const mpl__conversion *first,
                             const mpl__conversion *const *conversions, size_t n, mpl_error *err)
{
    enum { TOLD = 3 };
    const char *list = "", *last = "";
    size_t told = 0, more = 0;
    bool needs_yi = false, has_yi = false;
    if (o->conversion)
        return mpl__fail(err, MPL_ERR_DATA, "conversion %s needs the columns %s%s", first->pub.method.id,
                         first->pub.inputs, strchr(first->pub.inputs, '#') ? " with 1i, 2i or i for #" : "");
    for (size_t i = 0; list && i < n; i++) {
        const mpl__conversion *const c = conversions[i];
        if (strcmp(c->pub.target, o->to) || c->on_request || !strcmp(c->pub.inputs, last))
            continue;
        needs_yi = needs_yi || mpl__has_word(c->pub.inputs, "yi");
        last = c->pub.inputs;
        more += told == TOLD;
        if (told < TOLD)
            list = mpl__arena_format(f->table.scratch, "%s%s%s", list, told++ ? " | " : "", c->pub.inputs);
    }
    if (!list)
        return mpl__fail_nomem(err, "a message");
    for (size_t c = 0; c < f->from->n_columns; c++)
        has_yi = has_yi || (f->from->columns[c].role && !strcmp(f->from->columns[c].role, "yi"));
    return mpl__fail(err, MPL_ERR_DATA, "the columns allow no conversion to %s, which is from %s%s%s%s", o->to, list,
                     more ? " | ..." : "", strchr(list, '#') ? " with 1i, 2i or i for #" : "",
                     needs_yi && !has_yi ? "; 'metapool effects' computes yi and vi of raw data"
                                         : "; see 'metapool list conversions'");
}

mpl_status mpl__bind(mpl__frame *f, const mpl_convert_options *options, const mpl__conversion *const *conversions,
                     size_t n, mpl__binding *out, mpl_error *err)
{
    *out = (mpl__binding){ 0 };
    const mpl__conversion *wanted = NULL;
    const size_t n_arms = sizeof arms / sizeof *arms;
    for (size_t a = 0; a <= n_arms; a++) { /* the last round is for conversions without groups */
        mpl__group *group = &out->group[out->n_groups];
        *group = (mpl__group){ .title = a < n_arms ? arms[a].title : "", .is_whole = a == n_arms,
                               .bound = MPL_NEW(f->table.scratch, mpl__bound, n) };
        if (!group->bound)
            return mpl__fail_nomem(err, "conversions");
        for (size_t i = 0; i < n; i++) {
            const mpl__conversion *c = conversions[i];
            if (strcmp(c->pub.target, options->to) ||
                (options->conversion ? strcmp(c->pub.method.id, options->conversion) != 0 : c->on_request))
                continue;
            wanted = c;
            if ((strchr(c->pub.inputs, '#') != NULL) != (a < n_arms))
                continue;
            MPL_TRY(bind_one(f, options, c, a < n_arms ? arms[a].suffix : "", &group->bound[group->n], err));
            group->n += group->bound[group->n].n_need > 0;
        }
        out->n_groups += group->n > 0;
    }
    return out->n_groups > 0 ? MPL_OK : no_columns(f, options, wanted, conversions, n, err);
}

bool mpl__bound_is_reported(const mpl__bound *b, const mpl__frame *frame, size_t row)
{
    for (size_t k = 0; k < b->n_out; k++) {
        const size_t c = b->must >> k & 1 ? mpl__frame_find(frame, b->out[k]) : 0;
        if (b->must >> k & 1 && (c == SIZE_MAX || isnan(frame->number[c][row])))
            return false;
    }
    return true;
}

static unsigned row_has(const mpl__bound *b, size_t row)
{
    unsigned has = 0;
    for (size_t k = 0; k < b->n_in; k++)
        has |= b->in[k] && !isnan(b->in[k][row]) ? 1u << k : 0;
    return has;
}

bool mpl__bound_is_complete(const mpl__bound *b, size_t row)
{
    const unsigned has = row_has(b, row);
    for (size_t a = 0; a < b->n_need; a++)
        if ((b->need[a] & ~has) == 0)
            return true;
    return false;
}

static int count_bits(unsigned x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}

const char *mpl__group_lacks(const mpl__group *group, size_t row, char *out, size_t size)
{
    const mpl__bound *nearest = NULL;
    unsigned lacks = 0;
    int least = INT_MAX;
    for (size_t i = 0; i < group->n; i++) {
        const mpl__bound *b = &group->bound[i];
        const unsigned has = row_has(b, row);
        for (size_t a = 0; a < b->n_need; a++) {
            const int missing = count_bits(b->need[a] & ~has);
            if (missing < least && missing < count_bits(b->need[a])) {
                least = missing;
                lacks = b->need[a] & ~has;
                nearest = b;
            }
        }
    }
    if (!nearest)
        return "all that a conversion could use is missing";
    size_t used = 0;
    for (size_t k = 0; k < nearest->n_in; k++)
        if (lacks >> k & 1 && used + strlen(nearest->role[k]) + 16 < size) {
            memcpy(out + used, used ? ", " : "", used ? 2 : 0);
            used += used ? 2 : 0;
            memcpy(out + used, nearest->role[k], strlen(nearest->role[k]));
            used += strlen(nearest->role[k]);
        }
    const char *verb = least == 1 ? " is missing" : " are missing";
    memcpy(out + used, verb, strlen(verb) + 1);
    return out;
}
