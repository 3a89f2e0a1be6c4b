/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out over all analyses, and what each choice moves when it alone is changed. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "diag/multiverse/maker.h"
#include "num/sum.h"

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the summary of the analyses");
}

static void count(mpl_sides *sides, mpl_side side)
{
    sides->n += side != MPL_SIDE_UNKNOWN;
    sides->n_below += side == MPL_SIDE_BELOW;
    sides->n_includes += side == MPL_SIDE_INCLUDES;
    sides->n_above += side == MPL_SIDE_ABOVE;
}

/* Starts as NaN. */
static void widen(mpl_interval *range, double x)
{
    range->lb = fmin(range->lb, x);
    range->ub = fmax(range->ub, x);
}

static const mpl_interval nothing = { (double)NAN, (double)NAN };

/* ---- ranges */

static void add_to_range(mpl_multiverse_range *r, const mpl_alternative *a, bool is_mean)
{
    if (is_mean) {
        r->n_means++;
        widen(&r->estimate, a->display_estimate);
        widen(&r->ci_lb, a->display_ci_lb);
        widen(&r->ci_ub, a->display_ci_ub);
        widen(&r->pval, a->mean.pval);
        widen(&r->tau2, a->tau2);
        count(&r->ci, a->ci);
        r->k_least = a->k < r->k_least ? a->k : r->k_least;
        r->k_most = a->k > r->k_most ? a->k : r->k_most;
    }
    r->n_predictions += isnan(a->pi_lb) ? 0 : 1;
    widen(&r->pi_lb, a->display_pi_lb);
    widen(&r->pi_ub, a->display_pi_ub);
    count(&r->pi, a->pi);
}

static void count_distinct(const mpl__maker *mk, mpl_multiverse_range *ranges)
{
    for (size_t i = 0, last = SIZE_MAX; i < mk->own->n_mean_sets; i++) { /* sets that agree are neighbours */
        const mpl_alternative *const a = &mk->all[mk->own->mean_sets[i].first];
        const mpl_alternative *const b = last == SIZE_MAX ? NULL : &mk->all[mk->own->mean_sets[last].first];
        const bool is_new = !b || a->measure->method.id != b->measure->method.id || a->is_common != b->is_common ||
                            !(fabs(a->mean.ci_lb - b->mean.ci_lb) + fabs(a->mean.ci_ub - b->mean.ci_ub) <=
                              2e-8 * (b->mean.ci_ub - b->mean.ci_lb));
        ranges[2 * a->values[MPL__MEASURE] + a->is_common].n_distinct += is_new;
        last = i;
    }
}

static mpl_multiverse_range no_range(const char *measure, bool is_common)
{
    return (mpl_multiverse_range){ .measure = measure, .is_common = is_common, .k_least = SIZE_MAX,
                                   .estimate = nothing, .ci_lb = nothing, .ci_ub = nothing, .pi_lb = nothing,
                                   .pi_ub = nothing, .pval = nothing, .tau2 = nothing };
}

static mpl_status find_ranges(mpl__maker *mk)
{
    const size_t n_measures = mk->values[MPL__MEASURE].n, room = 2 * n_measures;
    mpl_multiverse_range *const ranges = MPL_NEW(mk->keep, mpl_multiverse_range, room), *const all = &mk->own->all;
    if (!ranges)
        return no_memory(mk);
    *all = no_range(n_measures == 1 ? mk->values[MPL__MEASURE].items[0].id : NULL, false);
    for (size_t i = 0; i < room; i++)
        ranges[i] = no_range(mk->values[MPL__MEASURE].items[i / 2].id, i % 2);
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        const bool is_mean = mpl__is_mean(mk, i);
        add_to_range(&ranges[2 * a->values[MPL__MEASURE] + a->is_common], a, is_mean);
        add_to_range(all, a, is_mean);
    }
    if (n_measures > 1) /* on different scales */
        all->estimate = all->ci_lb = all->ci_ub = all->pi_lb = all->pi_ub = all->tau2 = nothing;
    count_distinct(mk, ranges);
    for (size_t i = 0; i < room; i++)
        all->n_distinct += ranges[i].n_distinct;
    for (size_t i = 0; i < room; i++)
        if (ranges[i].n_means)
            ranges[mk->own->n_ranges++] = ranges[i];
    mk->own->ranges = ranges;
    return MPL_OK;
}

/* ---- the values of a choice */

static void describe_values(const mpl__maker *mk, size_t choice, mpl_choice_value *values)
{
    const bool is_one_scale = mk->values[MPL__MEASURE].n == 1;
    for (size_t v = 0; v < mk->values[choice].n; v++)
        values[v].estimate = nothing;
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        if (a->values[choice] == SIZE_MAX)
            continue;
        mpl_choice_value *const v = &values[a->values[choice]];
        if (mpl__is_mean(mk, i) && choice != MPL__PI) {
            v->n_means++;
            count(&v->ci, a->ci);
            if (is_one_scale)
                widen(&v->estimate, a->display_estimate);
        }
        v->n_predictions += isnan(a->pi_lb) ? 0 : 1;
        count(&v->pi, a->pi);
    }
}

/* ---- what a choice moves */

/* An analysis and the setting of the other choices. */
typedef struct member {
    size_t setting, at;
} member;

static int by_setting(const void *a, const void *b)
{
    const member *const x = a, *const y = b;
    if (x->setting != y->setting)
        return x->setting < y->setting ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Those that say something, of means or of prediction intervals, setting by setting. */
static size_t list_members(const mpl__maker *mk, size_t choice, bool is_pi, member *members)
{
    size_t n = 0;
    for (size_t i = 0; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        size_t slot = mk->slot_of[i];
        if (a->values[choice] == SIZE_MAX || (is_pi ? isnan(a->pi_lb) : !mpl__is_mean(mk, i)))
            continue;
        slot -= mpl__digit(mk, slot, choice) * mk->values[choice].stride;
        members[n++] = (member){ is_pi ? slot : mpl__mean_of(mk, slot), i };
    }
    qsort(members, n, sizeof *members, by_setting);
    return n;
}

static double width_of(const mpl_alternative *a)
{
    return a->mean.ci_ub - a->mean.ci_lb;
}

/* The means of one setting. */
static void compare_means(const mpl__maker *mk, mpl_choice *choice, const member *m, size_t n, double *most)
{
    const bool is_one_scale = mk->values[MPL__MEASURE].n == 1;
    bool differ = false;
    mpl_interval estimate = nothing, display = nothing, width = nothing;
    for (size_t j = 0; j < n; j++) {
        const mpl_alternative *const a = &mk->all[m[j].at];
        differ = differ || (a->ci != mk->all[m->at].ci && a->ci && mk->all[m->at].ci);
        widen(&estimate, a->mean.estimate);
        widen(&display, a->display_estimate);
        if (width_of(a) > 0)
            widen(&width, width_of(a));
    }
    choice->n_settings++;
    choice->n_changes += differ;
    if (!is_one_scale)
        return;
    choice->width_ratio = fmax(choice->width_ratio, width.ub / width.lb);
    if (!(estimate.ub - estimate.lb <= *most)) {
        *most = estimate.ub - estimate.lb;
        choice->estimate = display;
    }
}

static void compare_predictions(const mpl__maker *mk, mpl_choice *choice, const member *m, size_t n)
{
    bool differ = false;
    for (size_t j = 0; j < n; j++)
        differ = differ || mk->all[m[j].at].pi != mk->all[m->at].pi;
    choice->n_pi_settings++;
    choice->n_pi_changes += differ;
}

static void compare(const mpl__maker *mk, size_t which, bool is_pi, mpl_choice *choice, member *members)
{
    const size_t n = list_members(mk, which, is_pi, members);
    double most = (double)NAN;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && members[next].setting == members[i].setting;)
            next++;
        if (next - i < 2)
            continue;
        if (is_pi)
            compare_predictions(mk, choice, members + i, next - i);
        else
            compare_means(mk, choice, members + i, next - i, &most);
    }
}

/* Sum of squares about the mean of members from..to. */
static double squares(const mpl__maker *mk, const member *m, size_t n, bool of_width)
{
    mpl__sum sum = { 0 }, about = { 0 };
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < n; j++) {
            const mpl_alternative *const a = &mk->all[m[j].at];
            const double x = of_width ? log(width_of(a)) : a->mean.estimate;
            const double d = pass ? x - mpl__sum_get(&sum) / (double)n : 0;
            if (pass)
                mpl__sum_add(&about, d * d);
            else
                mpl__sum_add(&sum, x);
        }
    return mpl__sum_get(&about);
}

/* Percent of the variance of estimates, or of logarithms of widths, that is left within settings. */
static double share_of(const mpl__maker *mk, size_t choice, bool of_width, member *members)
{
    if (mk->values[MPL__MEASURE].n > 1 || mk->values[choice].n < 2 || choice == MPL__PI)
        return (double)NAN;
    size_t n = list_members(mk, choice, false, members), kept = 0;
    for (size_t i = 0; i < n; i++) /* all that have a width, for either share */
        if (width_of(&mk->all[members[i].at]) > 0)
            members[kept++] = members[i];
    n = kept;
    double within = 0;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && members[next].setting == members[i].setting;)
            next++;
        within += squares(mk, members + i, next - i, of_width);
    }
    const double total = squares(mk, members, n, of_width), scale = of_width ? 1 : mk->all[0].mean.se;
    if (!(total > 1e-20 * (double)n * scale * scale)) /* rounding errors are no variance */
        return (double)NAN;
    return 100 * fmin(within / total, 1);
}

static mpl_status describe_choices(mpl__maker *mk)
{
    mpl_choice *const choices = MPL_NEW(mk->keep, mpl_choice, MPL__CHOICES);
    member *const members = MPL_NEW(mk->scratch, member, mk->own->n);
    if (!choices || !members)
        return no_memory(mk);
    for (size_t c = 0; c < MPL__CHOICES; c++) {
        choices[c] = (mpl_choice){ .method = &mpl__choices[c].method, .n_values = mk->values[c].n,
                                   .values = mk->values[c].items, .estimate = nothing, .width_ratio = (double)NAN };
        describe_values(mk, c, mk->values[c].items);
        if (c != MPL__PI)
            compare(mk, c, false, &choices[c], members);
        compare(mk, c, true, &choices[c], members);
        choices[c].share = share_of(mk, c, false, members);
        choices[c].width_share = share_of(mk, c, true, members);
    }
    mk->own->choices = choices;
    mk->own->n_choices = MPL__CHOICES;
    return MPL_OK;
}

/* ---- one change */

/* The choice in which an analysis alone differs from the first; MPL__CHOICES if it is none or several. */
static size_t only_difference(const mpl__maker *mk, const mpl_alternative *a, bool is_pi)
{
    size_t found = MPL__CHOICES;
    for (size_t c = 0; c < MPL__CHOICES; c++) {
        const size_t mine = a->values[c], first = mk->all[0].values[c];
        if (mine == first || (c == MPL__PI && (!is_pi || mine == SIZE_MAX || first == SIZE_MAX)))
            continue;
        if (found != MPL__CHOICES)
            return MPL__CHOICES;
        found = c;
    }
    return found;
}

/* "test z; method DL": what turns the conclusion of the analysis. */
static mpl_status find_turns(mpl__maker *mk, bool is_pi, const char **out)
{
    const mpl_side first = is_pi ? mk->all[0].pi : mk->all[0].ci;
    mpl__text t = { 0 };
    *out = NULL;
    if (first == MPL_SIDE_UNKNOWN)
        return MPL_OK;
    for (size_t i = 1; i < mk->own->n; i++) {
        const mpl_alternative *const a = &mk->all[i];
        const mpl_side side = is_pi ? a->pi : a->ci;
        const size_t c = only_difference(mk, a, is_pi);
        if (side == MPL_SIDE_UNKNOWN || side == first || c == MPL__CHOICES || (!is_pi && !mpl__is_mean(mk, i)))
            continue;
        mpl__text_format(&t, "%s%s %s", t.size ? "; " : "", mpl__choices[c].method.id,
                         mk->values[c].items[a->values[c]].id);
    }
    *out = t.failed ? NULL : mpl__arena_copyn(mk->keep, t.data ? t.data : "", t.size);
    mpl__text_free(&t);
    return *out ? MPL_OK : no_memory(mk);
}

mpl_status mpl__multiverse_sum_up(mpl__maker *mk)
{
    const mpl_alternative *const first = &mk->all[0];
    mk->own->threshold = mk->values[MPL__MEASURE].n == 1 ? first->threshold : (double)NAN;
    MPL_TRY(find_ranges(mk));
    MPL_TRY(describe_choices(mk));
    MPL_TRY(find_turns(mk, false, &mk->own->ci_turns));
    return find_turns(mk, true, &mk->own->pi_turns);
}
