/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Limit meta-analysis (Ruecker et al. 2011, Biostatistics 12:122-142): the radial line y/s = alpha + beta/s with
 * s = sqrt(v + tau2) says how effects lean on their standard errors. Studies of ever larger size keep their place among
 * the others, sqrt(tau2/(v + tau2)) of their distance from the line, and lose their sampling error.
 */
#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/bias_impl.h"
#include "num/dist.h"
#include "num/sum.h"

typedef struct radial {
    double tau2, alpha, beta;
    double *s;      /* [k] */
    double *y;      /* [k] the effects of the studies at their limit */
} radial;

static mpl_status fit_radial(mpl__bias_job *job, radial *r, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    double *const s2 = MPL_NEW(job->scratch, double, 3 * es->k);
    const mpl_fit_options options = mpl__bias_least_squares(job);
    mpl_fit *fit;
    if (!s2)
        return mpl__fail_nomem(err, "limit meta-analysis");
    *r = (radial){ .tau2 = job->fit->tau2 > 0 ? job->fit->tau2 : 0, .s = s2 + es->k, .y = s2 + 2 * es->k };
    for (size_t i = 0; i < es->k; i++) {
        s2[i] = es->vi[i] + r->tau2;
        r->s[i] = sqrt(s2[i]);
    }
    MPL_TRY(mpl__bias_line(es->yi, s2, r->s, es->k, &options, &fit, err));
    r->beta = fit->terms[0].estimate;
    r->alpha = fit->terms[1].estimate;
    mpl_fit_free(fit);
    for (size_t i = 0; i < es->k; i++)
        r->y[i] = r->beta + sqrt(r->tau2) / r->s[i] * (es->yi[i] - r->beta);
    return MPL_OK;
}

/* A study without sampling error still has s = tau; the variance is that of the prediction with residual variance 1. */
static mpl_status limit(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    radial r;
    MPL_TRY(fit_radial(job, &r, err));
    const double k = (double)es->k, tau = sqrt(r.tau2), estimate = r.beta + tau * r.alpha;
    mpl__sum w = { 0 }, root = { 0 }, spread = { 0 };
    for (size_t i = 0; i < es->k; i++) {
        mpl__sum_add(&w, 1 / (r.s[i] * r.s[i]));
        mpl__sum_add(&root, 1 / r.s[i]);
    }
    const double mean = mpl__sum_get(&root) / k;
    for (size_t i = 0; i < es->k; i++)
        mpl__sum_add(&spread, (1 / r.s[i] - mean) * (1 / r.s[i] - mean));
    const double variance = (1 + r.tau2 * mpl__sum_get(&w) / k - 2 * tau * mean) / mpl__sum_get(&spread);
    const double se = sqrt(variance), half = mpl__norm_q((1 - job->level) / 2, MPL__UPPER) * se;
    mpl_term *const t = &row->adjusted;
    *t = (mpl_term){ .term = "limit", .estimate = estimate, .se = se, .statistic = estimate / se, .df = INFINITY,
                     .ci_lb = estimate - half, .ci_ub = estimate + half };
    t->pval = mpl__two_sided(t->statistic, INFINITY, &t->log_pval);
    row->coefficient.estimate = r.alpha; /* the curve of the figure has beta + alpha sqrt(v + tau2) */
    row->tau2 = r.tau2;
    return MPL_OK;
}

/* The equal-effects model of effects, on a line in the standard error or of a mean. */
static mpl_status fit_equal(mpl__bias_job *job, const double *yi, bool is_line, mpl_fit **out, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const mpl_fit_options equal = { .method = "EE", .test = "z", .pi = "none", .level = job->level };
    double *const sei = MPL_NEW(job->scratch, double, es->k);
    if (!sei)
        return mpl__fail_nomem(err, "limit meta-analysis");
    for (size_t i = 0; i < es->k; i++)
        sei[i] = sqrt(es->vi[i]);
    return mpl__bias_line(yi, es->vi, is_line ? sei : NULL, es->k, &equal, out, err);
}

static mpl_status of_limits(mpl__bias_job *job, bool is_line, mpl_bias_row *row, mpl_error *err)
{
    radial r;
    mpl_fit *fit;
    MPL_TRY(fit_radial(job, &r, err));
    MPL_TRY(fit_equal(job, r.y, is_line, &fit, err));
    row->adjusted = fit->terms[0];
    row->adjusted.term = "limit";
    row->tau2 = r.tau2;
    mpl_fit_free(fit);
    return MPL_OK;
}

static mpl_status limit_slope(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return of_limits(job, true, row, err);
}

static mpl_status limit_mean(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return of_limits(job, false, row, err);
}

/* How much less Q is about a line in the standard error than about the mean; and G2, what no line explains. */
static mpl_status limit_test(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    radial r;
    mpl_fit *fit;
    double q[3]; /* about the mean, about the line; of the limits about theirs */
    MPL_TRY(fit_radial(job, &r, err));
    for (int i = 0; i < 3; i++) {
        MPL_TRY(fit_equal(job, i < 2 ? es->yi : r.y, i > 0, &fit, err));
        q[i] = fit->q;
        mpl_fit_free(fit);
    }
    mpl__sum sum = { 0 }, spread = { 0 };
    for (size_t i = 0; i < es->k; i++)
        mpl__sum_add(&sum, r.y[i] / sqrt(es->vi[i]));
    for (size_t i = 0; i < es->k; i++) {
        const double off = r.y[i] / sqrt(es->vi[i]) - mpl__sum_get(&sum) / (double)es->k;
        mpl__sum_add(&spread, off * off);
    }
    mpl_term *const t = &row->coefficient;
    t->term = "limit";
    t->statistic = fmax(q[0] - q[1], 0);
    t->df = 1;
    t->pval = mpl__chisq_p(t->statistic, 1, MPL__UPPER);
    t->log_pval = mpl__chisq_log_p(t->statistic, 1, MPL__UPPER);
    if (r.tau2 > 0)
        row->value = 100 * q[2] / mpl__sum_get(&spread);
    char g2[350];
    mpl__number_significant(row->value, 3, g2);
    row->reading = r.tau2 > 0 ? mpl__arena_format(job->keep, "G² = %s%%: heterogeneity beside small-study effects", g2)
                              : "taking effects to be equal but for them";
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "limit meta-analysis");
}

#define CITE "Ruecker et al. 2011, Biostatistics 12:122-142"

const mpl__bias_def mpl__bias_limit = {
    .pub = { { "limit", "limit meta-analysis", CITE, "limitmeta beta0",
               "The mean of studies without sampling error on the radial line with the pooled tau2." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 3, .compute = limit,
};

const mpl__bias_def mpl__bias_limit_slope = {
    .pub = { { "limit-slope", "limit meta-analysis, slope of limits", CITE, "betalim",
               "The slope of the radial line through the studies at their limit." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 3, .compute = limit_slope,
};

const mpl__bias_def mpl__bias_limit_mean = {
    .pub = { { "limit-mean", "limit meta-analysis, mean of limits", CITE, "mulim",
               "The mean, weights 1/vi, of the studies at their limit." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 3, .compute = limit_mean,
};

const mpl__bias_def mpl__bias_limit_test = {
    .pub = { { "limit-test", "Q of small-study effects", CITE, NULL,
               "Q about the equal-effects mean less Q about a line in the standard error; G2 is the share of the "
               "variation of limits that no such line explains." },
             MPL_BIAS_TEST, "takes effects to be equal" },
    .min_k = 3, .compute = limit_test,
};
