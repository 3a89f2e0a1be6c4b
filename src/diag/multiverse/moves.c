/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each choice moves when it alone is changed. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/multiverse/maker.h"
#include "num/sum.h"

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "what the choices move");
}

static const mpl_interval nothing = { (double)NAN, (double)NAN };

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
            for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
                if (what != MPL_CONCLUDE_PI)
                    mpl__count_side(&v->sides[what], a->sides[what]);
            if (is_one_scale)
                mpl__widen(&v->estimate, a->display_estimate);
        }
        v->n_predictions += isnan(a->pi_lb) ? 0 : 1;
        mpl__count_side(&v->sides[MPL_CONCLUDE_PI], a->sides[MPL_CONCLUDE_PI]);
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

/* Whether analyses of one setting that say something say different things. */
static void count_turn(const mpl__maker *mk, const member *m, size_t n, mpl_conclusion what, mpl_turns *turns)
{
    mpl_side first = MPL_SIDE_UNKNOWN;
    size_t known = 0;
    bool differ = false;
    for (size_t j = 0; j < n; j++) {
        const mpl_side side = mk->all[m[j].at].sides[what];
        if (side == MPL_SIDE_UNKNOWN)
            continue;
        first = known++ ? first : side;
        differ = differ || side != first;
    }
    turns->n += known > 1;
    turns->n_turns += differ;
}

/* The means of one setting. */
static void compare_means(const mpl__maker *mk, mpl_choice *choice, const member *m, size_t n, double *most)
{
    const bool is_one_scale = mk->values[MPL__MEASURE].n == 1;
    mpl_interval estimate = nothing, display = nothing, width = nothing;
    for (size_t j = 0; j < n; j++) {
        const mpl_alternative *const a = &mk->all[m[j].at];
        mpl__widen(&estimate, a->mean.estimate);
        mpl__widen(&display, a->display_estimate);
        if (width_of(a) > 0)
            mpl__widen(&width, width_of(a));
    }
    for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
        if (what != MPL_CONCLUDE_PI)
            count_turn(mk, m, n, what, &choice->turns[what]);
    if (!is_one_scale)
        return;
    choice->width_ratio = fmax(choice->width_ratio, width.ub / width.lb);
    if (!(estimate.ub - estimate.lb <= *most)) {
        *most = estimate.ub - estimate.lb;
        choice->estimate = display;
    }
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
            count_turn(mk, members + i, next - i, MPL_CONCLUDE_PI, &choice->turns[MPL_CONCLUDE_PI]);
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

/* Percent of the variance of estimates that is between the means of the values of a choice. */
static double main_share_of(const mpl__maker *mk, size_t choice, member *members)
{
    const size_t n = list_members(mk, choice, false, members);
    if (isnan(share_of(mk, choice, false, members)))
        return (double)NAN;
    for (size_t i = 0; i < n; i++) /* the value takes the place of the setting */
        members[i].setting = mk->all[members[i].at].values[choice];
    qsort(members, n, sizeof *members, by_setting);
    double within = 0;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && members[next].setting == members[i].setting;)
            next++;
        within += squares(mk, members + i, next - i, false);
    }
    return 100 * fmax(1 - within / squares(mk, members, n, false), 0);
}

mpl_status mpl__multiverse_compare(mpl__maker *mk)
{
    mpl_choice *const choices = MPL_NEW(mk->keep, mpl_choice, MPL__CHOICES);
    member *const members = MPL_NEW(mk->scratch, member, mk->own->n);
    if (!choices || !members)
        return no_memory(mk);
    for (size_t c = 0; c < MPL__CHOICES; c++) {
        choices[c] = (mpl_choice){ .method = &mpl__choices[c].method, .heading = mpl__choices[c].heading,
                                   .name = mpl__choices[c].name, .names = mpl__choices[c].names,
                                   .is_of_prediction = c == MPL__PI, .n_values = mk->values[c].n,
                                   .values = mk->values[c].items, .estimate = nothing, .width_ratio = (double)NAN };
        describe_values(mk, c, mk->values[c].items);
        if (c != MPL__PI)
            compare(mk, c, false, &choices[c], members);
        compare(mk, c, true, &choices[c], members);
        choices[c].share = share_of(mk, c, false, members);
        choices[c].width_share = share_of(mk, c, true, members);
        choices[c].main_share = main_share_of(mk, c, members);
    }
    mk->own->choices = choices;
    mk->own->n_choices = MPL__CHOICES;
    return MPL_OK;
}

