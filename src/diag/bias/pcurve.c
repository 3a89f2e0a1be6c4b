/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * p-curve: the p-values of findings are uniform if nothing is there and pile up near 0 if there is (Simonsohn, Nelson &
 * Simmons 2014, J Exp Psychol Gen 143:534-547; 2015, 144:1146-1152). Each p-value becomes the probability of one as
 * small, given that it is a finding (the full curve) or in the lower half of those (the half curve), under no effect or
 * under an effect that studies would find with some power; Stouffer's sum of their normal quantiles tests all.
 */
#include <float.h>
#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/bias/findings.h"
#include "diag/bias/pcurve.h"
#include "num/brent.h"
#include "num/dist.h"

static const double THIRD = 1.0 / 3, LEAST_POWER = 0.05, MOST_POWER = 0.99;

/* P(|Z + delta| >= z). */
static double beyond(double z, double delta)
{
    return mpl__norm_p(z - delta, MPL__UPPER) + mpl__norm_p(-z - delta, MPL__LOWER);
}

typedef struct wanted {
    double critical, power;
} wanted;

static double off_power(double delta, void *ctx)
{
    const wanted *const w = ctx;
    return beyond(w->critical, delta) - w->power;
}

/* The mean of z at which |z| >= critical with that probability. */
static double delta_of(double critical, double power)
{
    wanted w = { critical, power };
    return off_power(0, &w) >= 0 ? 0 : mpl__brent_root(off_power, &w, 0, critical + 10);
}

/* Quantile of the probability 1 - `larger`, kept off 0 and 1 as the authors do. */
static double quantile(double larger)
{
    return mpl__norm_q(fmin(fmax(larger, DBL_EPSILON), 1 - DBL_EPSILON), MPL__UPPER);
}

/* Stouffer's z over the findings beyond `critical`, when z has mean delta; *n gets how many there are. */
static double stouffer(const mpl__findings *f, double critical, double delta, size_t *n)
{
    const double all = beyond(critical, delta);
    double sum = 0;
    *n = 0;
    for (size_t i = 0; i < f->n; i++) {
        const double z = f->all[i].y / f->all[i].se;
        if (z < critical)
            continue;
        sum += quantile(beyond(z, delta) / all);
        (*n)++;
    }
    return sum / sqrt((double)*n);
}

typedef struct curve {
    double critical, half; /* z of the largest p-value, and of half of it */
    size_t n, n_half;
    double full_z, half_z, flat_z, flat_half_z; /* all negative where the p-values speak against what is tested */
    double share_half;     /* of findings with p in the lower half, at a power of a third */
} curve;

/* What a test makes of the curve. */
typedef mpl_status judge(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, const curve *c,
                         mpl_error *err);

static mpl_status look(mpl__bias_job *job, mpl_bias_row *row, judge *test, mpl_error *err)
{
    mpl__findings f;
    MPL_TRY(mpl__findings_of(job, 1, row, &f, err));
    if (row->why)
        return MPL_OK;
    curve c = { .critical = f.critical, .half = mpl__norm_q(f.alpha / 4, MPL__UPPER) };
    const double third = delta_of(c.critical, THIRD);
    c.full_z = -stouffer(&f, c.critical, 0, &c.n);
    c.half_z = -stouffer(&f, c.half, 0, &c.n_half);
    c.flat_z = stouffer(&f, c.critical, third, &c.n);
    c.flat_half_z = stouffer(&f, c.half, third, &c.n_half);
    c.share_half = beyond(c.half, third) / THIRD;
    return test(job, row, &f, &c, err);
}

/* P(at least x of n), or at most. */
static double binomial(double x, double n, double p, bool at_least)
{
    if (at_least)
        return x == 0 ? 1 : mpl__beta_p(p, x, n - x + 1, MPL__LOWER);
    return x == n ? 1 : mpl__beta_p(p, x + 1, n - x, MPL__UPPER);
}

static double p_of(double z)
{
    return mpl__norm_p(z, MPL__LOWER);
}

static mpl_status fill(mpl__bias_job *job, mpl_bias_row *row, double z, size_t n, const char *reading, mpl_error *err)
{
    mpl_term *const t = &row->coefficient;
    row->k = n;
    if (n == 0)
        return mpl__bias_refuse(job, row, err, "no finding has a p-value in the lower half");
    t->term = "p-curve";
    t->statistic = z;
    t->df = INFINITY;
    t->pval = p_of(z);
    t->log_pval = mpl__norm_log_p(z, MPL__LOWER);
    row->reading = reading;
    return reading ? MPL_OK : mpl__fail_nomem(err, "a p-curve");
}

static const char *how_many(mpl__bias_job *job, const mpl__findings *f, const curve *c, double p)
{
    char half[350], binomial_p[350];
    mpl__number_significant(f->alpha / 2, 3, half);
    mpl__number_significant(p, 2, binomial_p);
    return mpl__arena_format(job->keep, "%zu of %zu findings have p < %s (binomial p = %s)", c->n_half, c->n, half,
                             binomial_p);
}

static mpl_status judge_right_skew(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, const curve *c,
                                   mpl_error *err)
{
    const double p = binomial((double)c->n_half, (double)c->n, 0.5, true);
    return fill(job, row, c->full_z, c->n, how_many(job, f, c, p), err);
}

static mpl_status right_skew(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return look(job, row, judge_right_skew, err);
}

static mpl_status judge_right_skew_half(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, const curve *c,
                                        mpl_error *err)
{
    (void)f;
    const double full = p_of(c->full_z), lower = p_of(c->half_z);
    return fill(job, row, c->half_z, c->n_half, lower < 0.05 || (lower < 0.1 && full < 0.1)
                ? "evidential value: half p < 0.05, or both < 0.1" : "evidential value is not shown", err);
}

static mpl_status right_skew_half(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return look(job, row, judge_right_skew_half, err);
}

static mpl_status judge_flat(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, const curve *c,
                             mpl_error *err)
{
    const double p = binomial((double)c->n_half, (double)c->n, c->share_half, false);
    return fill(job, row, c->flat_z, c->n, how_many(job, f, c, p), err);
}

static mpl_status flat(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return look(job, row, judge_flat, err);
}

static mpl_status judge_flat_half(mpl__bias_job *job, mpl_bias_row *row, const mpl__findings *f, const curve *c,
                                  mpl_error *err)
{
    (void)f;
    const double p = binomial((double)c->n_half, (double)c->n, c->share_half, false);
    const bool is_flat = p_of(c->flat_z) < 0.05 || (p_of(c->flat_half_z) < 0.1 && p < 0.1);
    return fill(job, row, c->flat_half_z, c->n_half, is_flat ? "evidential value is absent or inadequate"
                                                           : "not flatter than with a power of 33%", err);
}

static mpl_status flat_half(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return look(job, row, judge_flat_half, err);
}

/* ---- power */

typedef struct fit {
    const mpl__findings *f;
    double critical, goal;
} fit;

static double off_fit(double power, void *ctx)
{
    const fit *const c = ctx;
    size_t n;
    return stouffer(c->f, c->critical, delta_of(c->critical, power), &n) - c->goal;
}

/* The power at which the p-values lie in the `goal` quantile; it falls as the power rises. */
static double power_at(fit *c, double goal)
{
    c->goal = goal;
    if (off_fit(LEAST_POWER, c) <= 0)
        return LEAST_POWER;
    return off_fit(MOST_POWER, c) >= 0 ? MOST_POWER : mpl__brent_root(off_fit, c, LEAST_POWER, MOST_POWER);
}

mpl__power mpl__pcurve_power(const mpl__findings *f, double level)
{
    fit c = { f, f->critical, 0 };
    const double z = mpl__norm_q((1 - level) / 2, MPL__UPPER);
    return (mpl__power){ power_at(&c, 0), power_at(&c, z), power_at(&c, -z) };
}

double mpl__pcurve_share(double alpha, double p, double power)
{
    const double critical = mpl__norm_q(alpha / 2, MPL__UPPER), delta = delta_of(critical, power);
    return beyond(mpl__norm_q(p / 2, MPL__UPPER), delta) / beyond(critical, delta);
}

static mpl_status estimate_power(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    mpl__findings f;
    MPL_TRY(mpl__findings_of(job, 1, row, &f, err));
    if (row->why)
        return MPL_OK;
    const mpl__power p = mpl__pcurve_power(&f, job->level);
    row->value = p.value;
    row->value_lb = p.lb;
    row->value_ub = p.ub;
    row->reading = p.value <= LEAST_POWER ? "the least that is tried" : p.value >= MOST_POWER ? "the most that is tried"
                                                                                          : NULL;
    return MPL_OK;
}

/* ---- rows */

#define CITE_2014 "Simonsohn, Nelson & Simmons 2014, J Exp Psychol Gen 143:534-547"
#define CITE_2015 "Simonsohn, Simmons & Nelson 2015, J Exp Psychol Gen 144:1146-1152"
#define CAUTION                                                                                                      \
    "says whether findings hold something, not how much nor whether studies are missing; findings on one side count, " \
    "each once"

const mpl__bias_def mpl__bias_pcurve = {
    .pub = { { "pcurve", "p-curve, right skew", CITE_2014, NULL,
               "Stouffer's test of uniform p-values among findings; one-sided." },
             MPL_BIAS_TEST, CAUTION },
    .of_effects = true, .min_k = 1, .compute = right_skew,
};

const mpl__bias_def mpl__bias_pcurve_half = {
    .pub = { { "pcurve-half", "half p-curve, right skew", CITE_2015, NULL,
               "The same among findings with p below half of alpha, which no search for p-values just below alpha "
               "makes." },
             MPL_BIAS_TEST, CAUTION },
    .of_effects = true, .min_k = 1, .compute = right_skew_half,
};

const mpl__bias_def mpl__bias_pcurve_flat = {
    .pub = { { "pcurve-flat", "p-curve, flatter than with power 33%", CITE_2014, NULL,
               "Whether p-values of findings are larger than studies with a power of 33% have them; one-sided." },
             MPL_BIAS_TEST, CAUTION },
    .of_effects = true, .min_k = 1, .compute = flat,
};

const mpl__bias_def mpl__bias_pcurve_flat_half = {
    .pub = { { "pcurve-flat-half", "half p-curve, flatter than with power 33%", CITE_2015, NULL,
               "The same among findings with p below half of alpha." },
             MPL_BIAS_TEST, CAUTION },
    .of_effects = true, .min_k = 1, .compute = flat_half,
};

const mpl__bias_def mpl__bias_pcurve_power = {
    .pub = { { "pcurve-power", "power of the findings by p-curve", CITE_2014, NULL,
               "The power that makes the p-values of findings as large as they are; between 0.05 and 0.99." },
             MPL_BIAS_NUMBER, "takes all findings to have one power" },
    .min_k = 1, .compute = estimate_power,
};
