/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From columns to studies.
 *
 * Which values are possible depends on the role, and for roles that metafor uses for two things (di is a cell count
 * or Cohen's d) on the measure. Values are checked column by column before any study is computed.
 */
#include "effect/input.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/converted.h"

typedef struct kind {
    const char *name;
    bool (*allows)(double x); /* x is finite */
    const char *expected;
    bool (*allows_fraction)(double x); /* with option allow-fractional; NULL = the same */
} kind;

static bool any(double x)
{
    return isfinite(x);
}

static bool at_least_0(double x)
{
    return x >= 0;
}

static bool above_0(double x)
{
    return x > 0;
}

static bool whole(double x)
{
    return x >= 0 && x == floor(x);
}

static bool whole_above_0(double x)
{
    return x > 0 && x == floor(x);
}

static bool has_square(double x)
{
    return x >= 0 && isfinite(x * x) && (x == 0 || x * x > 0);
}

static bool within_1(double x)
{
    return fabs(x) <= 1;
}

static bool within_0_1(double x)
{
    return x >= 0 && x <= 1;
}

static bool at_most_1(double x)
{
    return x <= 1;
}


#define MPL_KINDS(KIND)                                                                                              \
    KIND(real, any, "a finite number", NULL)                                                                         \
    KIND(count, whole, "a whole number of at least 0", at_least_0)                                                   \
    KIND(whole, whole_above_0, "a whole number above 0", above_0)                                                    \
    KIND(size, above_0, "a number above 0", NULL)                                                                    \
    KIND(time, above_0, "a time above 0", NULL)                                                                      \
    KIND(spread, at_least_0, "a standard deviation of at least 0", NULL)                                             \
    KIND(variance, at_least_0, "a number of at least 0", NULL)                                                       \
    KIND(error, has_square, "a standard error of at least 0 whose square a double can hold", NULL)                   \
    KIND(correlation, within_1, "a correlation from -1 to 1", NULL)                                                  \
    KIND(share, within_0_1, "a number from 0 to 1", NULL)                                                            \
    KIND(alpha, at_most_1, "a reliability of at most 1", NULL)                                                       \
    KIND(pvalue, within_1, "a two-sided p-value from -1 to 1, its sign the effect's", NULL)

#define KIND(name, allows, expected, fraction) static const kind kind_##name = { #name, allows, expected, fraction };
MPL_KINDS(KIND)
#undef KIND

static const kind *const kinds[] = {
#define KIND(name, allows, expected, fraction) &kind_##name,
    MPL_KINDS(KIND)
#undef KIND
};

static const struct input {
    const char *role;
    size_t offset;
    const kind *kind;
} inputs[] = {
#define MPL_INPUT(id, kind) { #id, offsetof(mpl__study, id), &kind_##kind },
#include "effect/inputs.def"
#undef MPL_INPUT
};

#define N_INPUTS (sizeof inputs / sizeof *inputs)
_Static_assert(N_INPUTS <= (size_t)MPL__MAX_INPUTS, "one bit for each input");

/* The kind that the measure's `as` ("di:real ti:time") gives a role, else the role's own. */
static const kind *kind_for(const mpl__measure *measure, const struct input *in)
{
    const size_t length = strlen(in->role);
    size_t n;
    for (const char *p = measure->as, *word; (word = mpl__next_word(&p, &n));)
        if (n > length && word[length] == ':' && !strncmp(word, in->role, length))
            for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
                if (strlen(kinds[i]->name) == n - length - 1 &&
                    !strncmp(kinds[i]->name, word + length + 1, n - length - 1))
                    return kinds[i];
    return in->kind;
}

/* By role alone: a column that merely has the name of a role was given another one on purpose. */
static const mpl_column *column_for(const mpl_dataset *data, const char *role, size_t n)
{
    for (size_t j = 0; j < data->n_columns; j++) {
        const char *has = data->columns[j].role;
        if (has && strlen(has) == n && !strncmp(has, role, n))
            return &data->columns[j];
    }
    return NULL;
}

/* True where the route takes di for a standardized difference, but beside bi or ci it is a cell of a 2x2 table. */
static bool takes_cell(const mpl_route *route, const mpl_dataset *data)
{
    return mpl__has_word(route->inputs, "di") && !mpl__has_word(route->inputs, "ci") &&
           (column_for(data, "bi", 2) || column_for(data, "ci", 2));
}

bool mpl__route_exists(const mpl_route *route, const mpl_dataset *data)
{
    size_t n;
    if (takes_cell(route, data))
        return false;
    for (const char *p = route->inputs, *role; (role = mpl__next_word(&p, &n));)
        if (!column_for(data, role, n) && !mpl__converted_gives(data, role, n))
            return false;
    return true;
}

size_t mpl__route_lacks(const mpl_route *route, const mpl_dataset *data, char text[MPL__LACK_SIZE], size_t *present)
{
    size_t n, lacking = 0, used = 0;
    *present = 0;
    for (const char *p = route->inputs, *role; (role = mpl__next_word(&p, &n));) {
        if (column_for(data, role, n) || mpl__converted_gives(data, role, n)) {
            ++*present;
            continue;
        }
        lacking++;
        if (used + n + 2 < MPL__LACK_SIZE) {
            if (used)
                text[used++] = ' ';
            memcpy(text + used, role, n);
            used += n;
        }
    }
    text[used] = '\0';
    return lacking;
}

bool mpl__route_is_reported(const mpl_route *route)
{
    return route->prepare == mpl__route_vi || route->prepare == mpl__route_sei || route->prepare == mpl__route_ci ||
           route->prepare == mpl__route_zval || route->prepare == mpl__route_pval;
}

static double *slot(const mpl__bound *in, mpl__study *study)
{
    return (double *)((char *)study + in->offset);
}

/* Index of a role among the bound inputs, or n_inputs. */
static size_t find_input(const mpl__source *src, const char *role, size_t n)
{
    size_t i = 0;
    while (i < src->n_inputs && (strlen(src->input[i].role) != n || strncmp(src->input[i].role, role, n)))
        i++;
    return i;
}

static void bind(mpl__source *src, const char *role, size_t n, const double *number)
{
    for (size_t i = 0; i < N_INPUTS; i++)
        if (strlen(inputs[i].role) == n && !strncmp(inputs[i].role, role, n))
            src->input[src->n_inputs++] = (mpl__bound){ .role = inputs[i].role, .offset = inputs[i].offset,
                                                        .number = number };
}

/* Bits of the inputs that a route needs; false if one has no column and no option fills it. */
static bool needs(mpl__source *src, const mpl_route *route, uint64_t *bits)
{
    size_t n;
    *bits = 0;
    if (takes_cell(route, src->data))
        return false;
    for (const char *p = route->inputs, *role; (role = mpl__next_word(&p, &n));) {
        size_t i = find_input(src, role, n);
        if (i == src->n_inputs) {
            if (!src->measure->takes_ri || n != 2 || strncmp(role, "ri", 2))
                return false;
            bind(src, role, n, NULL);
        }
        *bits |= (uint64_t)1 << i;
    }
    return true;
}

/* "measure SMD has no route "x"; one of: means d t p r vi sei ci zval pval" */
static mpl_status fail_route(const mpl_measure *pub, const char *only, mpl_error *err)
{
    char text[200], cut[MPL_SHOWN_SIZE];
    size_t used = 0;
    for (size_t r = 0; r < pub->n_routes; r++) {
        const size_t n = strlen(pub->routes[r].id);
        if ((r > 0 && !strcmp(pub->routes[r].id, pub->routes[r - 1].id)) || used + n + 2 > sizeof text)
            continue;
        text[used++] = ' ';
        memcpy(text + used, pub->routes[r].id, n);
        used += n;
    }
    text[used] = '\0';
    return mpl__fail(err, MPL_ERR_NAME, "measure %s has no route \"%s\"; one of:%s", pub->method.id,
                     mpl_text_to_shown(only, cut), text);
}

/* "measure OR needs columns for ai bi ci di, or ai n1i ci n2i; ..." with what the nearest route lacks. */
static mpl_status fail_no_route(const mpl__source *src, const char *only, mpl_error *err)
{
    const mpl_measure *pub = &src->measure->pub;
    char text[400], lack[MPL__LACK_SIZE];
    size_t used = 0, best = 0, least = SIZE_MAX, present;
    for (size_t r = 0; r < pub->n_routes; r++) {
        if (only && strcmp(pub->routes[r].id, only))
            continue;
        const size_t lacking = mpl__route_lacks(&pub->routes[r], src->data, lack, &present);
        const bool named = r == 0 || !mpl__route_is_reported(&pub->routes[r]) || only;
        if (named && lacking < least) {
            least = lacking;
            best = r;
        }
        const size_t n = strlen(pub->routes[r].inputs);
        if (named && used + n + 8 < sizeof text) {
            memcpy(text + used, used ? ", or " : "", used ? 5 : 0);
            used += used ? 5 : 0;
            memcpy(text + used, pub->routes[r].inputs, n);
            used += n;
        }
    }
    if (least == SIZE_MAX) {
        return fail_route(pub, only, err);
    }
    text[used] = '\0';
    (void)mpl__route_lacks(&pub->routes[best], src->data, lack, &present);
    return mpl__fail(err, MPL_ERR_NAME, "measure %s needs columns %s; not found: %s (name them with --columns)",
                     pub->method.id, text, lack);
}

mpl_status mpl__blame(const mpl_dataset *data, size_t i, const mpl_column *column, mpl_status status, mpl_error *err)
{
    char label[MPL_SHOWN_SIZE];
    const size_t line = data->line[i];
    mpl__within(err, status, "%s %s %zu: study '%s'", data->name, line ? "line" : "row", line ? line : data->row[i],
                mpl_text_to_shown(data->label[i], label));
    if (err) {
        err->line = line;
        err->column = column ? (size_t)(column - data->columns) + 1 : 0;
    }
    return status;
}

static mpl_status fail_value(const mpl_column *column, size_t i, const char *expected, mpl_error *err)
{
    char x[MPL_SHOWN_SIZE], name[MPL_SHOWN_SIZE];
    return mpl__fail(err, MPL_ERR_DATA, "%s = %s; need %s", mpl_text_to_shown(column->name, name),
                     mpl_text_to_shown(column->text[i], x), expected);
}

static bool is_impossible(double x, bool (*allows)(double))
{
    return !isnan(x) && (isinf(x) || !allows(x));
}

static mpl_status check_column(const mpl__source *src, mpl__bound *in, const kind *k, bool fractional, mpl_error *err)
{
    const mpl_column *const column = column_for(src->data, in->role, strlen(in->role));
    MPL_TRY(mpl_column_check_number(src->data, column, err));
    bool (*const allows)(double) = fractional && k->allows_fraction ? k->allows_fraction : k->allows;
    for (size_t i = 0; i < src->data->n_rows && !in->impossible; i++) {
        if (!is_impossible(column->number[i], allows))
            continue;
        if (!src->omits)
            return mpl__blame(src->data, i, column, fail_value(column, i, k->expected, err), err);
        in->impossible = column;
        in->allows = allows;
        in->expected = k->expected;
    }
    return MPL_OK;
}

mpl_status mpl__source_open(mpl__source *src, const mpl_dataset *data, const mpl__measure *measure,
                            const mpl_effect_options *options, mpl_error *err)
{
    memset(src, 0, sizeof *src);
    src->data = data;
    src->measure = measure;
    src->ri = options->ri;
    src->omits = options->omit_impossible;
    for (size_t i = 0; i < N_INPUTS; i++) {
        const mpl_column *column = column_for(data, inputs[i].role, strlen(inputs[i].role));
        if (column)
            bind(src, inputs[i].role, strlen(inputs[i].role), column->number);
    }
    uint64_t used = 0;
    for (size_t r = 0; r < measure->pub.n_routes && src->n_routes < MPL__MAX_ROUTES; r++) {
        const mpl_route *route = &measure->pub.routes[r];
        uint64_t bits;
        if ((options->route && strcmp(options->route, route->id)) || !needs(src, route, &bits))
            continue;
        src->route[src->n_routes] = route;
        src->needs[src->n_routes++] = bits;
        used |= bits;
    }
    if (src->n_routes == 0)
        return fail_no_route(src, options->route, err);
    for (size_t i = 0; i < src->n_inputs; i++) {
        const char *role = src->input[i].role;
        if (!(used >> i & 1) || !src->input[i].number)
            continue;
        for (size_t j = 0; j < N_INPUTS; j++)
            if (inputs[j].role == role)
                MPL_TRY(check_column(src, &src->input[i], kind_for(measure, &inputs[j]), options->fractional, err));
    }
    return MPL_OK;
}

mpl_status mpl__source_read(const mpl__source *src, const mpl__how *how, size_t i, mpl__study *study,
                            const mpl_route **route, mpl_error *err)
{
    static const mpl__study blank = {
#define MPL_INPUT(id, kind) .id = NAN,
#include "effect/inputs.def"
#undef MPL_INPUT
        .d = NAN, .m = NAN, .s2 = NAN,
    };
    uint64_t present = 0;
    *study = blank;
    for (size_t j = 0; j < src->n_inputs; j++) {
        double x = src->input[j].number ? src->input[j].number[i] : NAN;
        if (isnan(x) && src->ri.given && src->measure->takes_ri && src->input[j].offset == offsetof(mpl__study, ri)) {
            x = src->ri.value;
            study->flags |= MPL__RI_ASSUMED;
        }
        *slot(&src->input[j], study) = x;
        present |= (uint64_t)!isnan(x) << j;
    }
    *route = NULL;
    for (size_t j = 0; j < src->n_inputs; j++)
        if (src->input[j].impossible && is_impossible(src->input[j].number[i], src->input[j].allows))
            return fail_value(src->input[j].impossible, i, src->input[j].expected, err);
    for (size_t r = 0; r < src->n_routes; r++)
        if ((present & src->needs[r]) == src->needs[r]) {
            *route = src->route[r];
            if (study->flags && !mpl__has_word((*route)->inputs, "ri"))
                study->flags &= ~(unsigned)MPL__RI_ASSUMED;
            return (*route)->prepare ? (*route)->prepare(study, how, err) : MPL_OK;
        }
    return MPL_OK;
}

/* "sd1i", or "baseline_sd (sd1i)" where the user's column has another name than its role. */
static const char *name_input(const mpl__source *src, const mpl__bound *in, mpl__arena *arena)
{
    char cut[MPL_SHOWN_SIZE];
    const mpl_column *column = column_for(src->data, in->role, strlen(in->role));
    if (!column || !strcmp(column->name, in->role))
        return in->role;
    return mpl__arena_format(arena, "%s (%s)", mpl_text_to_shown(column->name, cut), in->role);
}

/* "sd1i", "sd1i and n1i", "m1i, sd1i and n1i": what the route lacks in this row, in its own order. NULL: no memory. */
static const char *list_missing(const mpl__source *src, size_t r, const mpl__study *study, mpl__arena *arena,
                                size_t *n, bool *only_ri)
{
    const char *text = "";
    size_t left = 0;
    *n = 0;
    *only_ri = false;
    for (size_t pass = 0; pass < 2; pass++) {
        size_t length;
        for (const char *p = src->route[r]->inputs, *role; (role = mpl__next_word(&p, &length));) {
            const mpl__bound *in = &src->input[find_input(src, role, length)];
            if (!isnan(*(const double *)((const char *)study + in->offset)))
                continue;
            if (pass == 0) {
                left = ++*n;
                *only_ri = *n == 1 && !strcmp(in->role, "ri");
                continue;
            }
            const char *name = name_input(src, in, arena);
            text = name ? mpl__arena_format(arena, "%s%s%s", text, name, left > 2 ? ", " : left == 2 ? " and " : "")
                        : NULL;
            if (!text)
                return NULL;
            left--;
        }
    }
    return text;
}

const char *mpl__source_lack(const mpl__source *src, const mpl__study *study, mpl__arena *arena, bool *only_ri)
{
    const char *text = NULL;
    *only_ri = false;
    for (size_t r = 0; r < src->n_routes; r++) {
        size_t n;
        bool ri_alone;
        const char *missing = list_missing(src, r, study, arena, &n, &ri_alone);
        if (!missing)
            return NULL;
        if (src->measure->takes_ri && ri_alone)
            *only_ri = true;
        if (src->n_routes == 1)
            return mpl__arena_format(arena, "%s %s missing", missing, n == 1 ? "is" : "are");
        text = !text ? mpl__arena_format(arena, "%s lacks %s", src->route[r]->id, missing)
                     : mpl__arena_format(arena, "%s; %s lacks %s", text, src->route[r]->id, missing);
        if (!text)
            return NULL;
    }
    return text ? mpl__arena_format(arena, "no route: %s", text) : NULL;
}
