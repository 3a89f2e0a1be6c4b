/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Weights, and their mean over the distribution of an effect: sums of normal probabilities for step functions,
 * Gauss-Legendre quadrature between points where smooth weights bend.
 */
#include "diag/selection/weight.h"

#include <math.h>

#include "base/method.h"
#include "num/dist.h"
#include "num/legendre.h"

static double beta(double p, const double *d)
{
    return pow(p, d[0] - 1) * pow(1 - p, d[1] - 1);
}

static double halfnorm(double p, const double *d)
{
    return exp(-d[0] * p * p);
}

static double negexp(double p, const double *d)
{
    return exp(-d[0] * p);
}

static double logistic(double p, const double *d)
{
    const double e = exp(-d[0] * p);
    return 2 * e / (1 + e);
}

static double power(double p, const double *d)
{
    return pow(1 - p, d[0]);
}

static double negexppow(double p, const double *d)
{
    return exp(-d[0] * pow(p, 1 / d[1]));
}

static const mpl__weight_def registry[] = {
#define MPL_WEIGHT(id, title, cite, aliases, about, weight, of_effect, n, none, clip)                                \
    { { id, title, cite, aliases, about }, weight, of_effect, n, none, clip },
#include "diag/selection/selection.def"
#undef MPL_WEIGHT
};

const mpl_method *mpl_selection_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i].method : NULL;
}

mpl_status mpl__weight_find(const char *id, const mpl__weight_def **out, mpl_error *err)
{
    const mpl_method *method;
    const mpl_status s = mpl__method_get(mpl_selection_method, "selection model", id, &method, err);
    for (size_t i = 0; s == MPL_OK && i < sizeof registry / sizeof *registry; i++)
        if (&registry[i].method == method)
            *out = &registry[i];
    return s;
}

double mpl__selector_p(const mpl__selector *s, double z)
{
    return s->two_sided ? 2 * mpl__norm_p(fabs(z), MPL__UPPER) : mpl__norm_p(z, MPL__UPPER);
}

size_t mpl__selector_interval(const mpl__selector *s, double p)
{
    size_t i = 0;
    while (i < s->n_steps && p > s->steps[i])
        i++;
    return i;
}

/* A smooth weight, which may be 1 up to a first step and continues from there. */
static double smooth(const mpl__selector *s, double p, const double *d)
{
    const double clip = s->def->clip;
    if (s->n_steps > 0 && p <= s->steps[0])
        return 1;
    const double w = s->def->weight(fmin(fmax(p, clip), 1 - clip), d);
    return s->n_steps > 0 ? w / s->def->weight(s->steps[0], d) : w;
}

double mpl__selector_log_weight(const mpl__selector *s, double z, const double *d)
{
    if (s->def->of_effect)
        return z < 0 ? log(d[0]) : 0;
    const double p = mpl__selector_p(s, z);
    if (!s->def->weight)
        return log(d[mpl__selector_interval(s, p)]);
    return log(smooth(s, p, d));
}

/* ---- the mean weight */

static double between(double lo, double hi, double mu, double sd)
{
    const double a = (lo - mu) / sd, b = (hi - mu) / sd;
    return a > 0 ? mpl__norm_p(a, MPL__UPPER) - mpl__norm_p(b, MPL__UPPER)
                 : mpl__norm_p(b, MPL__LOWER) - mpl__norm_p(a, MPL__LOWER);
}

/* Interval j of p is where z lies between cuts[j] and cuts[j - 1]; two-sided also the mirror image. */
static double steps_mean(const mpl__selector *s, double mu, double sd, double se, const double *d)
{
    double mean = 0, above = INFINITY;
    for (size_t j = 0; j <= s->n_steps; j++) {
        const double below = j < s->n_steps ? s->cuts[j] * se : s->two_sided ? 0 : -INFINITY;
        mean += d[j] * between(below, above, mu, sd);
        if (s->two_sided)
            mean += d[j] * between(-above, -below, mu, sd);
        above = below;
    }
    return mean;
}

typedef struct mean_of {
    const mpl__selector *s;
    double mu, sd, se;
    const double *d;
} mean_of;

static double weighted_density(double y, void *ctx)
{
    const mean_of *const m = ctx;
    const double p = mpl__selector_p(m->s, y / m->se);
    return smooth(m->s, p, m->d) * mpl__norm_density((y - m->mu) / m->sd) / m->sd;
}

/* Between points a few standard errors from 0, where p turns, and the ends of the distribution; and at the step. */
static double smooth_mean(const mpl__selector *s, double mu, double sd, double se, const double *d)
{
    static const double bends[] = { -6, -3, -1.5, 0, 1.5, 3, 6 };
    enum { N_BENDS = sizeof bends / sizeof *bends };
    mean_of m = { s, mu, sd, se, d };
    double points[N_BENDS + 8];
    size_t n = 0;
    points[n++] = mu - 9 * sd;
    points[n++] = mu - 3 * sd;
    points[n++] = mu + 3 * sd;
    points[n++] = mu + 9 * sd;
    for (size_t i = 0; i < N_BENDS; i++)
        points[n++] = bends[i] * se;
    if (s->n_steps > 0) {
        points[n++] = s->cuts[0] * se;
        points[n++] = -s->cuts[0] * se;
    }
    if (s->def->clip > 0) {
        const double z = mpl__norm_q(s->two_sided ? s->def->clip / 2 : s->def->clip, MPL__UPPER);
        points[n++] = z * se;
        points[n++] = -z * se;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && points[j] < points[j - 1]; j--) {
            const double swap = points[j];
            points[j] = points[j - 1];
            points[j - 1] = swap;
        }
    double mean = 0;
    const double lo = mu - 9 * sd, hi = mu + 9 * sd;
    for (size_t i = 0; i + 1 < n; i++) {
        const double from = fmax(points[i], lo), to = fmin(points[i + 1], hi);
        if (to > from)
            mean += mpl__legendre(weighted_density, &m, from, to);
    }
    return mean;
}

double mpl__selector_log_mean(const mpl__selector *s, double mu, double sd, double se, const double *d)
{
    if (s->def->of_effect)
        return log(mpl__norm_p(-mu / sd, MPL__UPPER) + d[0] * mpl__norm_p(-mu / sd, MPL__LOWER));
    return log(s->def->weight ? smooth_mean(s, mu, sd, se, d) : steps_mean(s, mu, sd, se, d));
}
