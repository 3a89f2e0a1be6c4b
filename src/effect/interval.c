/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Intervals of single studies.
 *
 * Wald's comes from yi and vi. The others come from the counts that a study reports, before anything is added to
 * them, and so does the estimate they are shown with: x/n and its interval belong together also where yi is that of
 * corrected counts. A limit on the scale of analysis is the measure of a study whose proportion or rate is the limit.
 * The model never uses them: its weights are of vi.
 */
#include "effect/interval.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/method.h"
#include "num/dist.h"

typedef struct limits {
    double lb, ub;
} limits;

/* x events, n trials or t of time; each tail has this probability, beyond the normal quantile z. */

static limits wald(double x, double n, double tail, double z)
{
    (void)x, (void)n, (void)tail, (void)z;
    return (limits){ NAN, NAN };
}

/* Tails of the binomial distribution as quantiles of the beta distribution. */
static limits clopper_pearson(double x, double n, double tail, double z)
{
    (void)z;
    return (limits){ x > 0 ? mpl__beta_q(tail, x, n - x + 1, MPL__LOWER) : 0,
                     x < n ? mpl__beta_q(tail, x + 1, n - x, MPL__UPPER) : 1 };
}

/* Roots of (x/n - p)^2 = z^2 p (1 - p)/n: the upper without cancellation, the lower from the product of both. */
static limits wilson(double x, double n, double tail, double z)
{
    (void)tail;
    const double sum = x + z * z / 2 + z * sqrt(x * (n - x) / n + z * z / 4);
    return (limits){ x / n * x / sum, x < n ? fmin(1, sum / (n + z * z)) : 1 };
}

static limits agresti_coull(double x, double n, double tail, double z)
{
    (void)tail;
    const double all = n + z * z, p = (x + z * z / 2) / all, half = z * sqrt(p * (1 - p) / all);
    return (limits){ fmax(0, p - half), fmin(1, p + half) };
}

static limits jeffreys(double x, double n, double tail, double z)
{
    (void)z;
    return (limits){ x > 0 ? mpl__beta_q(tail, x + 0.5, n - x + 0.5, MPL__LOWER) : 0,
                     x < n ? mpl__beta_q(tail, x + 0.5, n - x + 0.5, MPL__UPPER) : 1 };
}

/* Tails of the Poisson distribution as quantiles of the chi-squared distribution. */
static limits garwood(double x, double t, double tail, double z)
{
    (void)z;
    return (limits){ x > 0 ? mpl__chisq_q(tail, 2 * x, MPL__LOWER) / 2 / t : 0,
                     mpl__chisq_q(tail, 2 * x + 2, MPL__UPPER) / 2 / t };
}

/* The cube root of a chi-squared variable is nearly normal (Wilson & Hilferty 1931). */
static double byar_limit(double x, double z)
{
    const double root = 1 - 1 / (9 * x) + z / (3 * sqrt(x));
    return root > 0 ? x * root * root * root : 0;
}

static limits byar(double x, double t, double tail, double z)
{
    (void)tail;
    return (limits){ x > 0 ? byar_limit(x, -z) / t : 0, byar_limit(x + 1, z) / t };
}

typedef struct mpl__study_ci {
    mpl_method method;
    mpl__counted of;
    limits (*find)(double x, double n, double tail, double z);
} study_ci;

static const study_ci registry[] = {
#define MPL_STUDY_CI(fn, id_, of_, title_, cite_, about_)                                                            \
    { { .id = id_, .title = title_, .cite = cite_, .about = about_ }, .of = MPL__COUNTED_##of_, .find = fn },
#include "effect/intervals.def"
#undef MPL_STUDY_CI
};

const mpl_method *mpl_study_ci_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

static const study_ci *find(const char *id)
{
    return (const study_ci *)mpl_method_find(mpl_study_ci_method, id ? id : registry[0].method.id);
}

mpl__counted mpl__study_ci_counts(const char *id)
{
    return find(id)->of;
}

/* What is displayed is the limits themselves, unless another scale was asked for. */
static mpl_study_interval displayed(const mpl_effects *effects, double yi, double lb, double ub)
{
    mpl_study_interval at = { yi, lb, ub, yi, lb, ub };
    mpl_measure_display_interval(effects->measure, NAN, &at.display_yi, &at.display_ci_lb, &at.display_ci_ub);
    return at;
}

/* The measure of a study with this proportion of n, or this rate in n. */
static double measure_of(const mpl__measure *measure, double value, double n)
{
    const mpl__how how = { .mean = { NAN, NAN }, .mean_all = NAN };
    const mpl__study s = { .xi = value * n, .ni = n, .ti = n };
    mpl__effect e = { .yi = NAN };
    measure->compute(&s, &how, &e);
    return e.yi;
}

mpl__interval_how mpl__interval_how_at(const mpl_effects *effects, double level)
{
    const double tail = (1 - level) / 2;
    return (mpl__interval_how){ find(effects->options.study_ci), tail, mpl__norm_q(tail, MPL__UPPER) };
}

mpl_study_interval mpl__interval_of(const mpl_effects *effects, size_t i, const mpl__interval_how *how)
{
    const double tail = how->tail, z = how->z;
    const study_ci *const ci = how->ci;
    const size_t at_count = ci->of == MPL__COUNTED_NOTHING ? SIZE_MAX : mpl_counts_find(effects, i);
    if (at_count == SIZE_MAX) {
        const double yi = effects->yi[i], half = z * sqrt(effects->vi[i]);
        return displayed(effects, yi, yi - half, yi + half);
    }
    /* by id: effects may have a copy of the public part */
    const mpl_measure *own = mpl_measure_find(effects->measure->method.id);
    const mpl__measure *measure = mpl__measure_of(own);
    const double x = effects->counts->x1[at_count], n = effects->counts->n1[at_count];
    const limits at = ci->find(x, n, tail, z);
    const double lb = measure_of(measure, at.lb, n), ub = measure_of(measure, at.ub, n);
    if (effects->measure->transform == own->transform)
        return (mpl_study_interval){ effects->yi[i], lb, ub, x / n, at.lb, at.ub };
    mpl_study_interval at_n = displayed(effects, measure_of(measure, x / n, n), lb, ub);
    at_n.yi = effects->yi[i];
    return at_n;
}

mpl_study_interval mpl_effects_interval(const mpl_effects *effects, size_t i, double level)
{
    const mpl__interval_how how = mpl__interval_how_at(effects, level);
    return mpl__interval_of(effects, i, &how);
}
