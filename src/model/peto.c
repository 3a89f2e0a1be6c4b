/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Peto's one-step odds ratio: ln OR = sum(a - E)/sum V with a's mean E and variance V in a table with fixed margins
 * (Yusuf et al. 1985); its variance is 1/sum V. Nothing is added to the counts. It is close to the odds ratio where
 * the effect is small and the groups are of similar size (Greenland & Salvan 1990, Stat Med 9:247-252).
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/count_pool.h"
#include "num/sum.h"

/* Beyond these the one-step estimate is visibly biased. */
static const double LARGE_EFFECT = 1, UNBALANCED = 2;

typedef struct sums {
    double difference, variance; /* of a - E, V */
    size_t n_tables;             /* with V > 0 */
} sums;

static sums add_up(const mpl_counts *c, double *weight)
{
    mpl__sum difference = { 0 }, variance = { 0 };
    sums out = { .n_tables = 0 };
    for (size_t i = 0; i < c->n; i++) {
        const double n = c->n1[i] + c->n2[i], f1 = c->n1[i] / n, f2 = c->n2[i] / n, m = c->x1[i] + c->x2[i];
        const double d = c->x1[i] * f2 - c->x2[i] * f1, v = n > 1 ? f1 * f2 * m * ((n - m) / (n - 1)) : 0;
        weight[i] = v;
        if (!(v > 0))
            continue;
        mpl__sum_add(&difference, d);
        mpl__sum_add(&variance, v);
        out.n_tables++;
    }
    out.difference = mpl__sum_get(&difference);
    out.variance = mpl__sum_get(&variance);
    return out;
}

/* sum (a - E)^2/V - (sum(a - E))^2/sum V as squares about the estimate, which do not cancel. */
static double q_about(const mpl_counts *c, const double *v, double estimate)
{
    mpl__sum q = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        const double n = c->n1[i] + c->n2[i], d = c->x1[i] * (c->n2[i] / n) - c->x2[i] * (c->n1[i] / n);
        if (v[i] > 0)
            mpl__sum_add(&q, v[i] * (d / v[i] - estimate) * (d / v[i] - estimate));
    }
    return mpl__sum_get(&q);
}

static mpl_status add_notes(mpl__fit_job *job, const mpl_fit *fit, const double *v, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    bool *const flag = MPL_NEW(job->scratch, bool, c->n);
    if (!flag)
        return mpl__fail_nomem(err, "the notes");
    for (size_t i = 0; i < c->n; i++)
        flag[i] = !(v[i] > 0);
    mpl__count_note(job, "no-information",
                    "no events, or only events, in both groups say nothing about a ratio; without part in the result:",
                    flag);
    if (isnan(fit->terms->estimate)) {
        mpl__note_add(&job->notes, "not-estimable", "the pooled estimate does not exist: no study has both events and "
                      "non-events");
        return MPL_OK;
    }
    if (fabs(fit->terms->estimate) > LARGE_EFFECT)
        mpl__note_add(&job->notes, "peto-large-effect", "Peto's method is biased towards no effect where the effect is "
                      "as large as here (|ln OR| above 1); compare method MH");
    for (size_t i = 0; i < c->n; i++)
        flag[i] = v[i] > 0 && fmax(c->n1[i], c->n2[i]) > UNBALANCED * fmin(c->n1[i], c->n2[i]);
    mpl__count_note(job, "peto-unbalanced",
                    "Peto's method is biased where groups differ in size; one is more than twice the other in", flag);
    return MPL_OK;
}

static mpl_status pool(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    MPL_TRY(mpl__count_check(job, err));
    mpl__count_note_exact(job);
    const mpl_counts *const c = job->effects->counts;
    double *const v = MPL_NEW(job->scratch, double, c->n);
    if (!v)
        return mpl__fail_nomem(err, "the weights");
    const sums at = add_up(c, v);
    const double estimate = at.n_tables ? at.difference / at.variance : NAN;
    MPL_TRY(mpl__count_fill(job, fit, estimate, 1 / at.variance, v, err));
    mpl__count_heterogeneity(fit, at.n_tables > 1 ? q_about(c, v, estimate) : 0,
                             at.n_tables ? (double)(at.n_tables - 1) : NAN);
    return add_notes(job, fit, v, err);
}

const mpl__method_def mpl__method_peto = {
    .method = { "PETO", "Peto's one-step method", "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371", NULL,
                "Pools observed minus expected events of 2x2 tables (measure PETO); needs no correction of zero "
                "cells. For rare events, small effects and groups of similar size; one true effect is assumed." },
    .is_common = true,
    .weighting = "Peto, Fixed",
    .pool = pool,
    .measures = "PETO",
};
