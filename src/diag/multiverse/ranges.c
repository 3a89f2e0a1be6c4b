/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out over all analyses, and over those of one kind. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/multiverse/maker.h"

static mpl_status no_memory(const mpl__maker *mk)
{
    return mpl__fail_nomem(mk->err, "the summary of the analyses");
}

static const mpl_interval nothing = { (double)NAN, (double)NAN };

static void add_to_range(mpl_multiverse_range *r, const mpl_alternative *a, bool is_mean)
{
    if (is_mean) {
        r->n_means++;
        mpl__widen(&r->estimate, a->display_estimate);
        mpl__widen(&r->ci_lb, a->display_ci_lb);
        mpl__widen(&r->ci_ub, a->display_ci_ub);
        mpl__widen(&r->pval, a->mean.pval);
        mpl__widen(&r->tau2, a->tau2);
        for (size_t what = 0; what < MPL_CONCLUSIONS; what++)
            if (what != MPL_CONCLUDE_PI)
                mpl__count_side(&r->sides[what], a->sides[what]);
        r->k_least = a->k < r->k_least ? a->k : r->k_least;
        r->k_most = a->k > r->k_most ? a->k : r->k_most;
    }
    r->n_predictions += isnan(a->pi_lb) ? 0 : 1;
    mpl__widen(&r->pi_lb, a->display_pi_lb);
    mpl__widen(&r->pi_ub, a->display_pi_ub);
    mpl__count_side(&r->sides[MPL_CONCLUDE_PI], a->sides[MPL_CONCLUDE_PI]);
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
                                   .pi_ub = nothing, .pval = nothing, .tau2 = nothing, .median_estimate = (double)NAN,
                                   .median_pval = (double)NAN };
}

/* ---- medians */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *x, size_t n)
{
    if (n == 0)
        return (double)NAN;
    qsort(x, n, sizeof *x, by_size);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Over analyses of one range; `kind` SIZE_MAX = all. */
static void find_medians(const mpl__maker *mk, size_t kind, double *room, mpl_multiverse_range *r)
{
    for (int is_pval = 0; is_pval < 2; is_pval++) {
        size_t n = 0;
        for (size_t i = 0; i < mk->own->n; i++) {
            const mpl_alternative *const a = &mk->all[i];
            const double x = is_pval ? a->mean.pval : a->display_estimate;
            if (mpl__is_mean(mk, i) && !isnan(x) && (kind == SIZE_MAX || kind == 2 * a->values[MPL__MEASURE] +
                                                                               a->is_common))
                room[n++] = x;
        }
        *(is_pval ? &r->median_pval : &r->median_estimate) = median_of(room, n);
    }
}

/* Where the analysis itself stands among the estimates. */
static double rank_of(const mpl__maker *mk)
{
    const double own = mk->all[0].mean.estimate, same = 1e-8 * (mk->all[0].mean.ci_ub - mk->all[0].mean.ci_lb);
    double less = 0, n = 0;
    for (size_t i = 0; i < mk->own->n; i++)
        if (mpl__is_mean(mk, i)) {
            const double above = mk->all[i].mean.estimate - own;
            less += fabs(above) <= same ? 0.5 : above < 0;
            n++;
        }
    return 100 * less / n;
}

mpl_status mpl__multiverse_sum_up(mpl__maker *mk)
{
    const size_t n_measures = mk->values[MPL__MEASURE].n, room = 2 * n_measures;
    mpl_multiverse_range *const ranges = MPL_NEW(mk->keep, mpl_multiverse_range, room), *const all = &mk->own->all;
    double *const values = MPL_NEW(mk->scratch, double, mk->own->n);
    if (!ranges || !values)
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
    find_medians(mk, SIZE_MAX, values, all);
    mk->own->rank = n_measures == 1 ? rank_of(mk) : (double)NAN;
    if (n_measures > 1) { /* on different scales */
        all->estimate = all->ci_lb = all->ci_ub = all->pi_lb = all->pi_ub = all->tau2 = nothing;
        all->median_estimate = (double)NAN;
    }
    count_distinct(mk, ranges);
    for (size_t i = 0; i < room; i++)
        all->n_distinct += ranges[i].n_distinct;
    for (size_t i = 0; i < room; i++)
        if (ranges[i].n_means) {
            find_medians(mk, i, values, &ranges[i]);
            ranges[mk->own->n_ranges++] = ranges[i];
        }
    mk->own->ranges = ranges;
    mk->own->threshold = n_measures == 1 || mk->own->coef ? mk->all[0].threshold : (double)NAN;
    return MPL_OK;
}

