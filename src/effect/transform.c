/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transformations between the scale of analysis and the scale of display. */
#include <math.h>

#include "effect/measure.h"
#include "num/dist.h"

static double exp_to(double x)
{
    return exp(x);
}

static double exp_from(double y)
{
    return log(y);
}

static double ve_to(double x)
{
    return -expm1(x);
}

static double ve_from(double y)
{
    return log1p(-y);
}

/* Both branches keep relative accuracy in the tail that is near 0. */
static double ilogit_to(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static double ilogit_from(double y)
{
    return log(y) - log1p(-y);
}

static double iprobit_to(double x)
{
    return mpl__norm_p(x, MPL__LOWER);
}

static double iprobit_from(double y)
{
    return mpl__norm_q(y, MPL__LOWER);
}

static double clip(double x, double lowest, double highest)
{
    return x < lowest ? lowest : x > highest ? highest : x;
}

static double sin2_to(double x)
{
    const double s = sin(clip(x, 0, M_PI_2));
    return s * s;
}

static double sin2_from(double y)
{
    return asin(sqrt(y));
}

/* Without a sample size: the limit for large ones. */
static double ipft_to(double x)
{
    return sin2_to(x);
}

static double ipft_from(double y)
{
    return sin2_from(y);
}

static double pft(double x, double n)
{
    return (asin(sqrt(x / (n + 1))) + asin(sqrt((x + 1) / (n + 1)))) / 2;
}

/* Values beyond what 0 or n events would have given are 0 or 1. */
static double ipft_at(double x, double n)
{
    if (isnan(n) || isinf(n))
        return ipft_to(x);
    if (x <= pft(0, n) || x >= pft(n, n))
        return x <= pft(0, n) ? 0 : 1;
    const double t = sin(2 * x), inner = t + (t - 1 / t) / n;
    return (1 - copysign(sqrt(fmax(0, 1 - inner * inner)), cos(2 * x))) / 2;
}

static double square_to(double x)
{
    return x > 0 ? x * x : 0;
}

static double square_from(double y)
{
    return sqrt(y);
}

static double iirft_to(double x)
{
    return square_to(x);
}

static double iirft_from(double y)
{
    return square_from(y);
}

/* With a = sqrt(x/t), b = sqrt((x + 1)/t): a + b = 2y and b - a = (b^2 - a^2)/(2y) = 1/(2yt). */
static double iirft_at(double x, double t)
{
    if (isnan(t) || isinf(t))
        return iirft_to(x);
    return x * x <= 1 / (4 * t) || x <= 0 ? 0 : mpl__sq(x - 1 / (4 * x * t));
}

static double tanh_to(double x)
{
    return tanh(x);
}

static double tanh_from(double y)
{
    return atanh(y);
}

static double tanh2_to(double x)
{
    return mpl__sq(tanh(fmax(x, 0)));
}

static double tanh2_from(double y)
{
    return atanh(sqrt(y));
}

static double iahw_to(double x)
{
    return 1 - (1 - x) * (1 - x) * (1 - x);
}

static double iahw_from(double y)
{
    return 1 - cbrt(1 - y);
}

static double iabt_to(double x)
{
    return -expm1(-x);
}

static double iabt_from(double y)
{
    return -log1p(-y);
}

#define MPL_TRANSFORM(id_, alias_, title_, cite_, ratio_, at_)                                                       \
    const mpl_transform mpl__transform_##id_ = {                                                                     \
        .method = { .id = #id_, .title = title_, .cite = cite_, .aliases = alias_ },                                 \
        .apply = id_##_to,                                                                                           \
        .inverse = id_##_from,                                                                                       \
        .is_ratio = ratio_,                                                                                          \
        .apply_n = at_,                                                                                              \
    };
#include "effect/transforms.def"
#undef MPL_TRANSFORM

static const mpl_transform *const registry[] = {
#define MPL_TRANSFORM(id_, alias_, title_, cite_, ratio_, at_) &mpl__transform_##id_,
#include "effect/transforms.def"
#undef MPL_TRANSFORM
};

const mpl_method *mpl_transform_method(size_t i)
{
    const size_t n = sizeof registry / sizeof *registry;
    return i < n ? &registry[i]->method : mpl__transform_more(i - n);
}

const mpl_transform *mpl_transform_find(const char *id)
{
    const mpl_method *m = mpl_method_find(mpl_transform_method, id);
    return m ? (const mpl_transform *)((const char *)m - offsetof(mpl_transform, method)) : NULL;
}

double mpl_transform_compute(const mpl_transform *transform, double x, const mpl_transform_args *args)
{
    const mpl_transform_args none = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    if (transform->apply_args)
        return transform->apply_args(x, args ? args : &none);
    return transform->apply_n && args && args->n > 0 ? transform->apply_n(x, args->n) : transform->apply(x);
}

double mpl_measure_display(const mpl_measure *measure, double y)
{
    const mpl_transform *transform = measure->transform;
    if (!transform)
        return y;
    if (transform->apply_n && measure->unit > 0)
        return transform->apply_n(y, measure->unit);
    return mpl_transform_compute(transform, y, measure->args);
}

void mpl_measure_display_interval(const mpl_measure *measure, double tau2, double *x, double *lb, double *ub)
{
    if (!measure->transform)
        return;
    mpl_measure with_tau2 = *measure;
    mpl_transform_args args;
    if (measure->args && isnan(measure->args->tau2)) {
        args = *measure->args;
        args.tau2 = tau2;
        with_tau2.args = &args;
    }
    const bool across = measure->transform->turns_at_0 && *lb < 0 && *ub > 0;
    const bool turned = measure->transform->through_infinity;
    const double low = *lb == 0 ? 0.0 : *lb, high = *ub == 0 ? -0.0 : *ub; /* the sides of 0 that are inside */
    const double a = mpl_measure_display(&with_tau2, low), b = mpl_measure_display(&with_tau2, high);
    const double turn = across ? mpl_measure_display(&with_tau2, 0) : a;
    *x = mpl_measure_display(&with_tau2, *x);
    const bool both = !isnan(a) && !isnan(b) && !turned;
    *lb = both ? fmin(fmin(a, b), turn) : a;
    *ub = both ? fmax(fmax(a, b), turn) : b;
}
