/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Mantel-Haenszel method: one ratio or difference from sums over all tables (Mantel & Haenszel 1959).
 *
 * In a table a of n1 and c of n2 have an event, b = n1 - a, d = n2 - c, N = n1 + n2; in person-time a and c are events
 * in times n1 and n2. Variances are those of Robins, Breslow & Greenland (1986) for OR, Greenland & Robins (1985) for
 * the rest, and by default Sato's (1989) for RD. Everything is divided by N before it is multiplied: counts may be
 * huge. A zero cell is no obstacle, so nothing is added to the counts, unless asked for; Q, about the estimate, is made
 * of the studies' own effects, which may be corrected. The tests are in mh_tests.c.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/counts.h"
#include "effect/measure.h"
#include "model/mh_impl.h"
#include "num/sum.h"

static const mpl_method counts_registry[] = {
    { "reported", "the counts that studies report",
      "Cochrane Handbook 6.5 (2024), section 10.4.4.2; Bradburn et al. 2007, Stat Med 26:53-77", NULL,
      "Zero cells need no correction here, and without one there is less bias with rare events." },
    { "corrected", "the counts with what --add and --to add to them",
      "Deeks & Higgins 2010, Statistical algorithms in Review Manager 5", NULL, "As RevMan and R's meta do." },
};

const mpl_method *mpl_mh_counts_method(size_t i)
{
    return i < sizeof counts_registry / sizeof *counts_registry ? &counts_registry[i] : NULL;
}

static const mpl_method variance_registry[] = {
    { "sato", "Sato's variance", "Sato, Greenland & Robins 1989, Biometrics 45:1323-1324", NULL,
      "Right for few large tables and for many small ones." },
    { "greenland-robins", "the variance of Greenland and Robins", "Greenland & Robins 1985, Biometrics 41:55-68", "gr",
      "For few large tables; RevMan and R's meta use it." },
};

const mpl_method *mpl_rd_variance_method(size_t i)
{
    return i < sizeof variance_registry / sizeof *variance_registry ? &variance_registry[i] : NULL;
}

/* Terms of one table: r and s of the estimate, v of its variance. */
typedef struct term {
    double r, s, v[3];
} term;

typedef struct recipe {
    const char *measure;
    term (*terms)(double a, double n1, double c, double n2);
    double (*variance)(double r, double s, const double v[3], bool is_sato);
    bool is_ratio; /* ln(r/s), else r/s */
    const char *no_r, *no_s; /* why a sum is 0 */
} recipe;

static term odds(double a, double n1, double c, double n2)
{
    const double n = n1 + n2, b = n1 - a, d = n2 - c;
    const double p = (a + d) / n, q = (b + c) / n, r = a / n * d, s = b / n * c;
    return (term){ r, s, { p * r, p * s + q * r, q * s } };
}

static double variance_odds(double r, double s, const double v[3], bool is_sato)
{
    (void)is_sato;
    return (v[0] / r / r + v[1] / r / s + v[2] / s / s) / 2;
}

static term risks(double a, double n1, double c, double n2)
{
    const double n = n1 + n2;
    return (term){ a * (n2 / n), c * (n1 / n), { n1 / n * (n2 / n) * (a + c) - a / n * c, 0, 0 } };
}

static term rates(double a, double t1, double c, double t2)
{
    const double t = t1 + t2;
    return (term){ a * (t2 / t), c * (t1 / t), { t1 / t * (t2 / t) * (a + c), 0, 0 } };
}

static double variance_ratio(double r, double s, const double v[3], bool is_sato)
{
    (void)is_sato;
    return v[0] / r / s;
}

static term risk_difference(double a, double n1, double c, double n2)
{
    const double n = n1 + n2, f1 = n1 / n, f2 = n2 / n, b = n1 - a, d = n2 - c;
    return (term){ a * f2 - c * f1, n1 * f2,
                   { c * f1 * f1 - a * f2 * f2 + f1 * f2 * (n2 - n1) / 2, (a * (d / n) + c * (b / n)) / 2,
                     a * (b / n1) * f2 * f2 + c * (d / n2) * f1 * f1 } };
}

static term rate_difference(double a, double t1, double c, double t2)
{
    const double t = t1 + t2, f1 = t1 / t, f2 = t2 / t;
    return (term){ a * f2 - c * f1, t1 * f2, { 0, 0, a * f2 * f2 + c * f1 * f1 } };
}

static double variance_difference(double r, double s, const double v[3], bool is_sato)
{
    return (is_sato ? r / s * v[0] + v[1] : v[2]) / s / s;
}

static double variance_rate_difference(double r, double s, const double v[3], bool is_sato)
{
    (void)is_sato;
    return variance_difference(r, s, v, false);
}

static const recipe recipes[] = {
    { "OR", odds, variance_odds, true, "no study has both events in group 1 and non-events in group 2",
      "no study has both non-events in group 1 and events in group 2" },
    { "RR", risks, variance_ratio, true, "no study has events in group 1", "no study has events in group 2" },
    { "RD", risk_difference, variance_difference, false, NULL, NULL },
    { "IRR", rates, variance_ratio, true, "no study has events in group 1", "no study has events in group 2" },
    { "IRD", rate_difference, variance_rate_difference, false, NULL, NULL },
};

/* resolve() let only these measures pass. */
static const recipe *recipe_of(const char *measure)
{
    size_t i = 0;
    while (strcmp(recipes[i].measure, measure))
        i++;
    return &recipes[i];
}

/* The sums over tables and each table's weight; returns the estimate, NaN if there is none. */
static double add_up(const mpl__mh *mh, const recipe *of, double *weight, bool is_sato, double *variance)
{
    mpl__sum sum[5] = { { 0 } };
    for (size_t i = 0; i < mh->c.n; i++) {
        if (!mh->pooled[i])
            continue;
        const term t = of->terms(mh->c.x1[i], mh->c.n1[i], mh->c.x2[i], mh->c.n2[i]);
        const double part[5] = { t.r, t.s, t.v[0], t.v[1], t.v[2] };
        weight[i] = t.s;
        for (size_t j = 0; j < 5; j++)
            mpl__sum_add(&sum[j], part[j]);
    }
    const double r = mpl__sum_get(&sum[0]), s = mpl__sum_get(&sum[1]);
    const double v[3] = { mpl__sum_get(&sum[2]), mpl__sum_get(&sum[3]), mpl__sum_get(&sum[4]) };
    *variance = NAN;
    if (!(s > 0) || (of->is_ratio && !(r > 0)))
        return NAN;
    *variance = of->variance(r, s, v, is_sato);
    return of->is_ratio ? mpl__log_ratio(r, s) : r / s;
}

/* Q about the estimate, of the effects of pooled tables that tell something. */
static void heterogeneity(mpl__mh *mh, mpl_fit *fit, double estimate)
{
    const mpl_effects *const es = mh->job->effects;
    mpl__sum q = { 0 };
    size_t n = 0;
    bool is_zero = false;
    for (size_t i = 0; i < mh->c.n; i++) {
        const size_t e = mh->c.effect[i];
        if (e == SIZE_MAX || !mh->pooled[i] || (mh->is_ratio && mh->empty[i]))
            continue;
        const double d = es->yi[e] - estimate;
        is_zero |= es->vi[e] == 0;
        mpl__sum_add(&q, d / es->vi[e] * d);
        n++;
    }
    if (is_zero)
        mpl__note_add(&mh->job->notes, "zero-variance", "a study has variance 0: Q, I2 and H2 are not defined");
    mpl__count_heterogeneity(fit, is_zero ? NAN : n > 1 ? mpl__sum_get(&q) : 0, n > 0 ? (double)(n - 1) : NAN);
}

/* What is not as a reader of the list of studies would think. */
static mpl_status add_notes(mpl__mh *mh, const recipe *of, const mpl_fit *fit, const double *weight, mpl_error *err)
{
    const mpl_counts *const c = mh->job->effects->counts;
    mpl__notes *const notes = &mh->job->notes;
    bool *const flag = MPL_NEW(mh->job->scratch, bool, c->n);
    double r = 0;
    if (!flag)
        return mpl__fail_nomem(err, "the notes");
    for (size_t i = 0; i < c->n; i++) {
        flag[i] = mh->pooled[i] && c->effect[i] == SIZE_MAX && !(of->is_ratio && mh->empty[i]);
        if (mh->pooled[i])
            r += of->terms(mh->c.x1[i], mh->c.n1[i], mh->c.x2[i], mh->c.n2[i]).r;
    }
    mpl__count_note(mh->job, "pooled-by-counts", "their counts are pooled, though they give no effect of their own:",
                    flag);
    for (size_t i = 0; i < c->n; i++)
        flag[i] = of->is_ratio && mh->empty[i] && c->effect[i] != SIZE_MAX && weight[i] == 0;
    mpl__count_note(mh->job, "no-information",
                    "no events, or only events, in both groups say nothing about a ratio; without part in the result:",
                    flag);
    if (isnan(fit->terms->estimate))
        mpl__note_add(notes, "not-estimable", "the pooled estimate does not exist: %s",
                      r > 0 ? of->no_s : of->no_r);
    else if (isnan(fit->terms->se))
        mpl__note_add(notes, "not-estimable", "the standard error is not estimable: %s",
                      "the variance of the pooled difference is 0 in these tables");
    return MPL_OK;
}

static mpl_status open(mpl__mh *mh, const recipe *of, const mpl_fit *fit, mpl_error *err)
{
    const mpl_effects *const es = mh->job->effects;
    MPL_TRY(mpl__count_check(mh->job, err));
    const size_t n = es->counts->n;
    bool *const pooled = MPL_NEW(mh->job->scratch, bool, n), *const empty = MPL_NEW(mh->job->scratch, bool, n);
    if (!pooled || !empty)
        return mpl__fail_nomem(err, "the tables");
    for (size_t i = 0; i < n; i++) {
        empty[i] = mpl__count_is_empty(es->counts, i);
        pooled[i] = !(empty[i] && es->options.drop00);
    }
    mh->pooled = pooled;
    mh->empty = empty;
    mh->is_ratio = of->is_ratio;
    mh->c = *es->counts;
    if (!strcmp(fit->options.mh_counts, "corrected"))
        return mpl__counts_corrected(es, mh->job->scratch, &mh->c, err);
    mpl__count_note_exact(mh->job);
    return MPL_OK;
}

static mpl_status pool(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const recipe *const of = recipe_of(mpl__measure_like(job->effects->measure));
    mpl__mh mh = { .job = job };
    double variance;
    MPL_TRY(open(&mh, of, fit, err));
    double *const weight = MPL_NEW(job->scratch, double, mh.c.n);
    if (!weight)
        return mpl__fail_nomem(err, "the weights");
    const double estimate = add_up(&mh, of, weight, !strcmp(fit->options.rd_variance, "sato"), &variance);
    MPL_TRY(mpl__count_fill(job, fit, estimate, variance, weight, err));
    heterogeneity(&mh, fit, estimate);
    MPL_TRY(add_notes(&mh, of, fit, weight, err));
    return mpl__mh_tests(&mh, fit, err);
}

const mpl__method_def mpl__method_mh = {
    .method = { "MH", "the Mantel-Haenszel method",
                "Mantel & Haenszel 1959, J Natl Cancer Inst 22:719-748; Robins, Breslow & Greenland 1986, "
                "Biometrics 42:311-323; Greenland & Robins 1985, Biometrics 41:55-68; Sato, Greenland & Robins 1989, "
                "Biometrics 45:1323-1324",
                "mantel-haenszel",
                "Pools counts and not effects: studies with zero cells need no correction. For OR, RR, RD, IRR and "
                "IRD; one true effect is assumed." },
    .is_common = true,
    .weighting = "M-H, Fixed",
    .pool = pool,
    .measures = "OR RR RD IRR IRD",
    .options = "mh-counts rd-variance",
};
