/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading, writing and defaulting the members that option rows describe.
 *
 * `set` of a profile names options of all tables; mpl_options_resolve() takes what concerns its own table.
 */
#include <metapool/option.h>

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/method.h"
#include "base/number.h"

static const mpl_profile profiles[] = {
#define MPL_PROFILE(id_, title_, cite_, about_, set_)                                                                \
    { .method = { .id = id_, .title = title_, .cite = cite_, .about = about_ }, .set = set_ },
#include "base/profiles.def"
#undef MPL_PROFILE
};

const mpl_method *mpl_profile_method(size_t i)
{
    return i < sizeof profiles / sizeof *profiles ? &profiles[i].method : NULL;
}

const mpl_profile *mpl_profile_find(const char *id)
{
    if (!id)
        return &profiles[0];
    const mpl_method *m = mpl_method_find(mpl_profile_method, id);
    return m ? (const mpl_profile *)((const char *)m - offsetof(mpl_profile, method)) : NULL;
}

static void *member(const mpl_option *row, void *options)
{
    return (char *)options + row->offset;
}

static const void *member_const(const mpl_option *row, const void *options)
{
    return (const char *)options + row->offset;
}

static const char *show_option(const mpl_option *row, char out[MPL_SHOWN_SIZE])
{
    char name[MPL_SHOWN_SIZE];
    mpl_text_to_shown(row->name, name);
    memcpy(out, "--", 2);
    memcpy(out + 2, name, MPL_SHOWN_SIZE - 2);
    out[MPL_SHOWN_SIZE - 1] = '\0';
    return out;
}

static bool has_range(const mpl_option *row)
{
    return row->min != 0 || row->max != 0;
}

static mpl_status refuse_number(const mpl_option *row, const char *text, const char *what, mpl_error *err)
{
    char name[MPL_SHOWN_SIZE], cut[MPL_SHOWN_SIZE], lo[32], hi[32];
    show_option(row, name);
    mpl_text_to_shown(text, cut);
    if (!has_range(row))
        return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' is not %s", name, cut, what);
    mpl__show(row->min, lo);
    mpl__show(row->max, hi);
    if (isinf(row->max))
        return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' is not %s of at least %s", name, cut, what, lo);
    return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' is not %s from %s to %s", name, cut, what, lo, hi);
}

static mpl_status read_number(const mpl_option *row, const char *text, const char *what, double *out,
                              mpl_error *err)
{
    double x;
    if (mpl__number_read(text, strlen(text), '.', &x) != MPL__NUMBER_OK ||
        (has_range(row) && !(x >= row->min && x <= row->max)))
        return refuse_number(row, text, what, err);
    *out = x;
    return MPL_OK;
}

/* A percentage is read with its exponent lowered by two, so that 99.9 is the double nearest to 0.999. */
static bool read_percent(const char *text, size_t n, double *out)
{
    char lowered[64];
    if (n + 4 > sizeof lowered || memchr(text, 'e', n) || memchr(text, 'E', n))
        return false;
    memcpy(lowered, text, n);
    memcpy(lowered + n, "e-2", 3);
    return mpl__number_read(lowered, n + 3, '.', out) == MPL__NUMBER_OK;
}

static mpl_status read_level(const mpl_option *row, const char *text, double *out, mpl_error *err)
{
    char cut[MPL_SHOWN_SIZE], name[MPL_SHOWN_SIZE];
    const size_t n = strlen(text);
    double level = 0;
    bool ok = false;
    if (n > 1 && text[n - 1] == '%')
        ok = read_percent(text, n - 1, &level);
    else if (mpl__number_read(text, n, '.', &level) == MPL__NUMBER_OK)
        ok = level < 1 || (level > 1 && read_percent(text, n, &level));
    if (!ok || !(level > 0 && level < 1))
        return mpl__fail(err, MPL_ERR_ARG, "%s: '%s' is not a level, such as 0.95 or 95", show_option(row, name),
                         mpl_text_to_shown(text, cut));
    *out = level;
    return MPL_OK;
}

/* Counts are kept below 2^53, where doubles are exact. */
static mpl_status read_count(const mpl_option *row, const char *text, size_t *out, mpl_error *err)
{
    double x;
    if (mpl__number_read(text, strlen(text), '.', &x) != MPL__NUMBER_OK || x != floor(x) || x < 0 || x > 0x1p53 ||
        (has_range(row) && !(x >= row->min && x <= row->max)))
        return refuse_number(row, text, "a whole number", err);
    *out = (size_t)x;
    return MPL_OK;
}

mpl_status mpl_option_read(const mpl_option *row, void *options, const char *text, mpl_error *err)
{
    void *to = member(row, options);
    char name[MPL_SHOWN_SIZE], cut[MPL_SHOWN_SIZE];
    switch (row->kind) {
    case MPL_OPTION_FLAG:
        if (strcmp(text, "true") && strcmp(text, "false"))
            return mpl__fail(err, MPL_ERR_ARG, "%s takes no value, but got '%s'", show_option(row, name),
                             mpl_text_to_shown(text, cut));
        *(bool *)to = !strcmp(text, "true");
        return MPL_OK;
    case MPL_OPTION_COUNT:
        return read_count(row, text, to, err);
    case MPL_OPTION_REAL:
        return read_number(row, text, "a number", to, err);
    case MPL_OPTION_LEVEL:
        return read_level(row, text, to, err);
    case MPL_OPTION_MAYBE: {
        mpl_maybe given = { .given = true };
        MPL_TRY(read_number(row, text, "a number", &given.value, err));
        *(mpl_maybe *)to = given;
        return MPL_OK;
    }
    case MPL_OPTION_TEXT:
        if (!*text)
            return mpl__fail(err, MPL_ERR_ARG, "%s: an empty value", show_option(row, name));
        *(const char **)to = text;
        return MPL_OK;
    case MPL_OPTION_CHOICE: {
        const mpl_method *m;
        const mpl_status s = mpl__method_get(row->choice, "value", text, &m, err);
        if (s != MPL_OK)
            return mpl__within(err, s, "%s", show_option(row, name));
        *(const char **)to = m->id;
        return MPL_OK;
    }
    }
    return mpl__fail(err, MPL_ERR_ARG, "%s: unknown kind of option", show_option(row, name));
}

static size_t size_of(const mpl_option *row)
{
    static const size_t size[] = {
        [MPL_OPTION_FLAG] = sizeof(bool),        [MPL_OPTION_COUNT] = sizeof(size_t),
        [MPL_OPTION_REAL] = sizeof(double),      [MPL_OPTION_LEVEL] = sizeof(double),
        [MPL_OPTION_MAYBE] = sizeof(mpl_maybe),  [MPL_OPTION_TEXT] = sizeof(const char *),
        [MPL_OPTION_CHOICE] = sizeof(const char *),
    };
    return size[row->kind];
}

void mpl__option_clear(const mpl_option *row, void *options)
{
    memset(member(row, options), 0, size_of(row));
}

void mpl__option_copy(const mpl_option *row, const void *from, void *to)
{
    memcpy(member(row, to), member_const(row, from), size_of(row));
}

bool mpl_option_given(const mpl_option *row, const void *options)
{
    const void *from = member_const(row, options);
    switch (row->kind) {
    case MPL_OPTION_FLAG:
        return *(const bool *)from;
    case MPL_OPTION_COUNT:
        return *(const size_t *)from != 0;
    case MPL_OPTION_REAL:
    case MPL_OPTION_LEVEL:
        return *(const double *)from != 0;
    case MPL_OPTION_MAYBE:
        return ((const mpl_maybe *)from)->given;
    case MPL_OPTION_TEXT:
    case MPL_OPTION_CHOICE:
        return *(const char *const *)from != NULL;
    }
    return false;
}

static void copy_text(const char *text, char *out, size_t size)
{
    const size_t n = strlen(text) < size ? strlen(text) : size - 1;
    memcpy(out, text, n);
    out[n] = '\0';
}

void mpl_option_write(const mpl_option *row, const void *options, char *out, size_t size)
{
    char number[MPL__NUMBER_SIZE];
    if (size == 0)
        return;
    out[0] = '\0';
    if (!mpl_option_given(row, options))
        return;
    const void *from = member_const(row, options);
    switch (row->kind) {
    case MPL_OPTION_FLAG:
        copy_text("true", out, size);
        return;
    case MPL_OPTION_COUNT:
        mpl__number_write((double)*(const size_t *)from, number);
        break;
    case MPL_OPTION_REAL:
    case MPL_OPTION_LEVEL:
        mpl__number_write(*(const double *)from, number);
        break;
    case MPL_OPTION_MAYBE:
        mpl__number_write(((const mpl_maybe *)from)->value, number);
        break;
    case MPL_OPTION_TEXT:
    case MPL_OPTION_CHOICE:
        copy_text(*(const char *const *)from, out, size);
        return;
    }
    copy_text(number, out, size);
}

/* A value set in C has not passed mpl_option_read(): same range, same registry, canonical id. */
static mpl_status check_given(const mpl_option *row, void *options, mpl_error *err)
{
    void *at = member(row, options);
    double x;
    char number[MPL__NUMBER_SIZE];
    switch (row->kind) {
    case MPL_OPTION_FLAG:
    case MPL_OPTION_TEXT:
        return MPL_OK;
    case MPL_OPTION_CHOICE:
        return mpl_option_read(row, options, *(const char *const *)at, err);
    case MPL_OPTION_LEVEL:
        mpl__number_write(*(const double *)at, number);
        return mpl_option_read(row, options, number, err);
    case MPL_OPTION_COUNT:
        x = (double)*(const size_t *)at;
        break;
    case MPL_OPTION_REAL:
        x = *(const double *)at;
        break;
    case MPL_OPTION_MAYBE:
        x = ((const mpl_maybe *)at)->value;
        break;
    default:
        return MPL_OK;
    }
    mpl__show(x, number);
    if (!isfinite(x) || (has_range(row) && !(x >= row->min && x <= row->max)))
        return refuse_number(row, number, "a number", err);
    return MPL_OK;
}

static const mpl_option *find_row(const mpl_option *table, const char *name, size_t n)
{
    for (; table->name; table++)
        if (*table->name == *name && strncmp(table->name, name, n) == 0 && !table->name[n])
            return table;
    return NULL;
}

/* A profile, "name=value" words, replaces defaults: what has none, it does not mean (--to of another command). */
static mpl_status take_profile(const mpl_option *table, void *options, const mpl_profile *profile, mpl_error *err)
{
    size_t n;
    for (const char *p = profile->set, *word; (word = mpl__next_word(&p, &n));) {
        const char *const sign = memchr(word, '=', n);
        const mpl_option *const row = sign ? find_row(table, word, (size_t)(sign - word)) : NULL;
        if (!row || !row->dflt || mpl_option_given(row, options))
            continue;
        char value[64];
        const size_t length = (size_t)(word + n - sign - 1);
        if (row->kind == MPL_OPTION_TEXT || length >= sizeof value) /* would borrow a local */
            return mpl__fail(err, MPL_ERR_ARG, "profile %s cannot set --%s", profile->method.id, row->name);
        memcpy(value, sign + 1, length);
        value[length] = '\0';
        MPL_TRY(mpl_option_read(row, options, value, err));
    }
    return MPL_OK;
}

static mpl_status resolve_row(const mpl_option *row, void *options, mpl_error *err)
{
    if (mpl_option_given(row, options))
        return check_given(row, options, err);
    return row->dflt ? mpl_option_read(row, options, row->dflt, err) : MPL_OK;
}

mpl_status mpl_options_resolve(const mpl_option *table, void *options, size_t size, const char *profile,
                               mpl_error *err)
{
    const mpl_profile *found = mpl_profile_find(profile);
    if (!found) {
        const mpl_method *none;
        return mpl__method_get(mpl_profile_method, "profile", profile, &none, err);
    }
    void *work = mpl__realloc(NULL, size, 1);
    if (!work)
        return mpl__fail_nomem(err, "options");
    memcpy(work, options, size);
    mpl_status s = take_profile(table, work, found, err);
    for (const mpl_option *row = table; row->name && s == MPL_OK; row++)
        s = resolve_row(row, work, err);
    if (s == MPL_OK)
        memcpy(options, work, size);
    mpl__free(work);
    return s;
}
