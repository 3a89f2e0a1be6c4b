/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rank tests of asymmetry: Kendall's correlation of a standardized effect with its variance. */
#include <math.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "model/glmm/cell.h"
#include "num/dist.h"
#include "num/kendall.h"

enum { EXACT_K = 300 };

static mpl_status correlate(mpl__bias_job *job, const double *y, const double *v, size_t n, mpl_bias_row *row,
                            mpl_error *err)
{
    mpl__kendall tau;
    if (!mpl__kendall_test(job->scratch, y, v, n, EXACT_K, &tau))
        return mpl__fail_nomem(err, "a rank test");
    if (isnan(tau.tau))
        return mpl__fail(err, MPL_ERR_NUMERIC, "all studies have the same variance or the same standardized effect");
    mpl_term *const t = &row->coefficient;
    row->k = n;
    t->term = "tau";
    t->estimate = tau.tau;
    t->statistic = tau.s / tau.se;
    t->df = INFINITY;
    t->pval = tau.pval;
    t->log_pval = log(tau.pval);
    row->reading = tau.exact ? "exact p" : "p by the normal distribution";
    return MPL_OK;
}

/* Effects less the equal-effects mean, over the standard error of that difference. */
static mpl_status begg(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    double *const y = MPL_NEW(job->scratch, double, es->k);
    mpl_fit *fit;
    if (!y)
        return mpl__fail_nomem(err, "a rank test");
    const mpl_fit_options equal = { .method = "EE", .test = "z", .pi = "none", .level = job->level };
    MPL_TRY(mpl__bias_line(es->yi, es->vi, NULL, es->k, &equal, &fit, err));
    const double mean = fit->terms[0].estimate, variance = fit->terms[0].se * fit->terms[0].se;
    mpl_fit_free(fit);
    for (size_t i = 0; i < es->k; i++)
        y[i] = (es->yi[i] - mean) / sqrt(es->vi[i] - variance);
    return correlate(job, y, es->vi, es->k, row, err);
}

/* Events given both margins, when the odds ratio is the Mantel-Haenszel one. */
static mpl_status schwarzer(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    double *const y = MPL_NEW(job->scratch, double, 2 * c->n), *const v = y + c->n;
    if (!y)
        return mpl__fail_nomem(err, "a rank test");
    double r = 0, s = 0;
    for (size_t i = 0; i < c->n; i++) {
        const double n = c->n1[i] + c->n2[i];
        r += c->x1[i] / n * (c->n2[i] - c->x2[i]);
        s += c->x2[i] / n * (c->n1[i] - c->x1[i]);
    }
    if (!(r > 0 && s > 0))
        return mpl__bias_refuse(job, row, err, "the Mantel-Haenszel odds ratio is not finite");
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const mpl__cell cell = { .family = &mpl__family_hypergeometric, .x = c->x1[i], .n = c->n1[i], .n2 = c->n2[i],
                                 .m = c->x1[i] + c->x2[i] };
        const mpl__slope given = mpl__cell_at(&cell, log(r / s)); /* d1: events less their mean; -d2: their variance */
        if (!(given.d2 < 0))
            continue;
        y[n] = given.d1 / sqrt(-given.d2);
        v[n++] = -1 / given.d2;
    }
    if (n < 3)
        return mpl__bias_refuse(job, row, err, "fewer than 3 studies have events");
    return correlate(job, y, v, n, row, err);
}

const mpl__bias_def mpl__bias_begg = {
    .pub = { { "begg", "Begg and Mazumdar's rank correlation", "Begg & Mazumdar 1994, Biometrics 50:1088-1101", "rank",
               "Kendall's correlation of standardized effect and variance; exact where there are no ties." },
             MPL_BIAS_TEST, "low power" },
    .min_k = 3, .compute = begg,
};

const mpl__bias_def mpl__bias_schwarzer = {
    .pub = { { "schwarzer", "Schwarzer's rank correlation of counts",
               "Schwarzer, Antes & Schumacher 2007, Stat Med 26:721-733", NULL,
               "Events less those expected at the Mantel-Haenszel odds ratio given the margins; for sparse data." },
             MPL_BIAS_TEST, "low power" },
    .measures = "OR PETO RR RD", .needs_counts = true, .min_k = 3, .compute = schwarzer,
};
