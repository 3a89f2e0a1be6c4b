/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test of excess significance: are there more findings than the studies' power allows, if the pooled mean is right
 * (Ioannidis & Trikalinos 2007, Clin Trials 4:245-253)? The power of a study is averaged over the distribution of true
 * effects, in closed form. The number of findings is Poisson-binomial; its distribution follows by adding one study
 * after another, so the test is exact for any number of studies.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "diag/bias_impl.h"
#include "num/brent.h"
#include "num/dist.h"

enum { EXACT_K = 5000, N_SCAN = 400 };

static const double LIMIT_P = 0.1; /* the p-value that the limit estimate has */

typedef double (*tail)(const double *power, size_t k, double found, double expected, double *work);

typedef struct excess {
    const mpl_effects *effects;
    double null_value, tau;
    double critical;   /* z of a finding */
    bool below, above; /* findings that count */
    double found;
    double *power, *work; /* [k], [k + 1] */
    tail p;
} excess;

/*
 * Probability of a finding by a study with standard error se when true effects are normal about theta: its effect then
 * is so, too, with standard deviation sqrt(tau2 + se^2).
 */
static double power_at(const excess *ex, double theta, double se)
{
    const double sd = hypot(ex->tau, se), off = theta - ex->null_value;
    double p = 0;
    if (ex->above)
        p += mpl__norm_p((ex->critical * se - off) / sd, MPL__UPPER);
    if (ex->below)
        p += mpl__norm_p((-ex->critical * se - off) / sd, MPL__LOWER);
    return p;
}

static double p_of(excess *ex, double theta, double *expected)
{
    const size_t k = ex->effects->k;
    *expected = 0;
    for (size_t i = 0; i < k; i++) {
        ex->power[i] = power_at(ex, theta, sqrt(ex->effects->vi[i]));
        *expected += ex->power[i];
    }
    return ex->p(ex->power, k, ex->found, *expected, ex->work);
}

static double count_findings(const excess *ex)
{
    double found = 0;
    for (size_t i = 0; i < ex->effects->k; i++) {
        const double z = (ex->effects->yi[i] - ex->null_value) / sqrt(ex->effects->vi[i]);
        found += (ex->above && z >= ex->critical) || (ex->below && z <= -ex->critical);
    }
    return found;
}

/* ---- tails: P(at least as many findings) */

static double exact_tail(const double *power, size_t k, double found, double expected, double *work)
{
    (void)expected;
    memset(work, 0, (k + 1) * sizeof *work);
    work[0] = 1;
    for (size_t i = 0; i < k; i++)
        for (size_t j = i + 1; j-- > 0;) {
            work[j + 1] += work[j] * power[i];
            work[j] *= 1 - power[i];
        }
    double upper = 0;
    for (size_t j = k + 1; j-- > (size_t)found;)
        upper += work[j];
    return fmin(upper, 1);
}

static double chisq_tail(const double *power, size_t k, double found, double expected, double *work)
{
    (void)power;
    (void)work;
    const double rest = (double)k - expected;
    return mpl__norm_p((found - expected) * sqrt(1 / expected + 1 / rest), MPL__UPPER);
}

static double binomial_tail(const double *power, size_t k, double found, double expected, double *work)
{
    (void)power;
    (void)work;
    const double n = (double)k;
    return found == 0 ? 1 : mpl__beta_p(expected / n, found, n - found + 1, MPL__LOWER);
}

/* ---- limit: the mean, on the way from no effect through the pooled one, at which p is 0.1 */

static double p_less_limit(double theta, void *ctx)
{
    double expected;
    return p_of(ctx, theta, &expected) - LIMIT_P;
}

static double limit_of(excess *ex, double mean)
{
    const double from = ex->null_value, to = from + 4 * (mean - from);
    double at = from, p = p_less_limit(from, ex);
    for (size_t i = 1; i <= N_SCAN && mean != from; i++) {
        const double next = from + (to - from) * (double)i / N_SCAN, p_next = p_less_limit(next, ex);
        if ((p < 0) != (p_next < 0))
            return mpl__brent_root(p_less_limit, ex, at, next);
        at = next;
        p = p_next;
    }
    return NAN;
}

static mpl_status test(mpl__bias_job *job, tail p, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const char *const alternative = job->bias->options.alternative;
    const double mean = job->fit->terms[0].estimate;
    excess ex = { .effects = es, .null_value = es->measure->null_value,
                  .tau = job->fit->tau2 > 0 ? sqrt(job->fit->tau2) : 0, .below = strcmp(alternative, "greater") != 0,
                  .above = strcmp(alternative, "less") != 0, .power = MPL_NEW(job->scratch, double, es->k),
                  .work = MPL_NEW(job->scratch, double, es->k + 1), .p = p };
    if (!ex.power || !ex.work)
        return mpl__fail_nomem(err, "the test of excess");
    const double alpha = job->bias->options.alpha;
    ex.critical = mpl__norm_q(ex.below && ex.above ? alpha / 2 : alpha, MPL__UPPER);
    if (isnan(ex.null_value))
        return mpl__bias_refuse(job, row, err, "measure %s has no value that means no effect", es->measure->method.id);
    if (p == exact_tail && es->k > EXACT_K)
        return mpl__bias_refuse(job, row, err, "more than %d studies; see tes-chisq", EXACT_K);
    for (size_t i = 0; i < es->k; i++)
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
    ex.found = row->value = count_findings(&ex);
    mpl_term *const t = &row->coefficient;
    t->term = "excess";
    t->df = INFINITY;
    t->pval = p_of(&ex, mean, &row->expected);
    t->log_pval = log(t->pval);
    char expected[350];
    mpl__number_significant(row->expected, 3, expected);
    row->reading = mpl__arena_format(job->keep, "%zu findings, %s expected", (size_t)ex.found, expected);
    if (!row->reading)
        return mpl__fail_nomem(err, "the test of excess");
    row->adjusted.term = "limit";
    if (es->k <= EXACT_K / 10)
        row->adjusted.estimate = limit_of(&ex, mean);
    return MPL_OK;
}

static mpl_status tes(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return test(job, exact_tail, row, err);
}

static mpl_status tes_chisq(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return test(job, chisq_tail, row, err);
}

static mpl_status tes_binomial(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    return test(job, binomial_tail, row, err);
}

#define CAUTION "an excess of findings has other causes than selection, too"

const mpl__bias_def mpl__bias_tes = {
    .pub = { { "tes", "test of excess significance, exact", "Ioannidis & Trikalinos 2007, Clin Trials 4:245-253", NULL,
               "Findings against the sum of the studies' powers at the pooled mean; Poisson-binomial." },
             MPL_BIAS_TEST, CAUTION },
    .min_k = 2, .compute = tes,
};

const mpl__bias_def mpl__bias_tes_chisq = {
    .pub = { { "tes-chisq", "test of excess significance, chi-squared",
               "Ioannidis & Trikalinos 2007, Clin Trials 4:245-253", NULL,
               "The same by the normal distribution; poor where few findings are expected." },
             MPL_BIAS_TEST, CAUTION },
    .min_k = 2, .compute = tes_chisq,
};

const mpl__bias_def mpl__bias_tes_binomial = {
    .pub = { { "tes-binomial", "test of excess significance, binomial",
               "Ioannidis & Trikalinos 2007, Clin Trials 4:245-253", "tes-binom",
               "The same as if all studies had the mean power." },
             MPL_BIAS_TEST, CAUTION },
    .min_k = 2, .compute = tes_binomial,
};
