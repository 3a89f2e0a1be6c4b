/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rank tests of asymmetry: Kendall's correlation of a standardized effect with its variance. */
#include <math.h>

#include "base/error.h"
#include "diag/bias_impl.h"
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

/* ---- counts given both margins, when the odds ratio is `ratio`: Fisher's non-central hypergeometric distribution */

typedef struct moments {
    double mean, variance;
} moments;

/* Probability of a + 1 over that of a. */
static double step(double a, double n1, double n2, double events, double ratio)
{
    return ratio * ((n1 - a) / (a + 1)) * ((events - a) / (n2 - events + a + 1));
}

static moments hypergeometric(double n1, double n2, double events, double ratio)
{
    const double least = fmax(0, events - n2), most = fmin(n1, events);
    double lo = least, hi = most; /* the mode: the first a after which the probability falls */
    while (lo < hi) {
        const double mid = floor((lo + hi) / 2);
        if (step(mid, n1, n2, events, ratio) > 1)
            lo = mid + 1;
        else
            hi = mid;
    }
    const double mode = lo;
    double total = 1, first = 0, second = 0, p = 1;
    for (double a = mode; a < most && p > 1e-20; a++) {
        p *= step(a, n1, n2, events, ratio);
        const double d = a + 1 - mode;
        total += p;
        first += p * d;
        second += p * d * d;
    }
    p = 1;
    for (double a = mode; a > least && p > 1e-20; a--) {
        p /= step(a - 1, n1, n2, events, ratio);
        const double d = a - 1 - mode;
        total += p;
        first += p * d;
        second += p * d * d;
    }
    const double shift = first / total;
    return (moments){ .mean = mode + shift, .variance = second / total - shift * shift };
}

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
        const moments m = hypergeometric(c->n1[i], c->n2[i], c->x1[i] + c->x2[i], r / s);
        if (!(m.variance > 0))
            continue;
        y[n] = (c->x1[i] - m.mean) / sqrt(m.variance);
        v[n++] = 1 / m.variance;
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
