/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of a fit that are alike for methods that pool counts. */
#include "model/count_pool.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "num/dist.h"
#include "num/sum.h"

enum { MOST_NAMES = 20 };

/* "2 studies: A, B" of those with a flag; labels may be any text. */
static void note_studies(mpl__notes *notes, const char *code, const char *text, const char *const *slab,
                         const bool *flag, size_t n)
{
    size_t all = 0, listed = 0;
    mpl__text t = { 0 };
    for (size_t i = 0; i < n; i++)
        all += flag[i];
    if (all == 0)
        return;
    mpl__text_format(&t, "%s %zu %s: ", text, all, all == 1 ? "study" : "studies");
    for (size_t i = 0; i < n && listed < MOST_NAMES; i++)
        if (flag[i])
            mpl__text_format(&t, "%s%s", listed++ ? ", " : "", slab[i]);
    if (all > listed)
        mpl__text_format(&t, " and %zu more", all - listed);
    if (t.failed)
        notes->failed = true;
    else
        mpl__note_add(notes, code, "%s", t.data);
    mpl__text_free(&t);
}

void mpl__count_note(mpl__fit_job *job, const char *code, const char *text, const bool *flag)
{
    const mpl_counts *const c = job->effects->counts;
    note_studies(&job->notes, code, text, c->slab, flag, c->n);
}

void mpl__count_note_exact(mpl__fit_job *job)
{
    const mpl_effects *const es = job->effects;
    for (size_t i = 0; i < es->k; i++)
        if (es->corrected[i]) {
            mpl__note_add(&job->notes, "counts-as-reported",
                          "method %s pools the counts as reported: what was added to some is in those studies' own "
                          "effects, and not in the pooled one", job->method->method.id);
            return;
        }
}

bool mpl__count_is_empty(const mpl_counts *c, size_t i)
{
    return (c->x1[i] == 0 && c->x2[i] == 0) ||
           (c->shape == MPL_COUNTS_2X2 && c->x1[i] == c->n1[i] && c->x2[i] == c->n2[i]);
}

mpl_status mpl__count_check(mpl__fit_job *job, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    if (!job->test->is_normal)
        return mpl__fail(err, MPL_ERR_ARG, "method %s has intervals by test z only, not by %s", job->method->method.id,
                         job->test->method.id);
    if (!es->counts)
        return mpl__fail(err, MPL_ERR_DATA, "method %s pools counts, and no study reports any", job->method->method.id);
    bool *const without = MPL_NEW(job->scratch, bool, es->k);
    if (!without)
        return mpl__fail_nomem(err, "the studies without counts");
    for (size_t i = 0; i < es->k; i++)
        without[i] = mpl_counts_find(es, i) == SIZE_MAX;
    note_studies(&job->notes, "not-pooled", "an effect is reported, but no counts, so that it is not pooled, in",
                 es->slab, without, es->k);
    return MPL_OK;
}

mpl_status mpl__count_fill(mpl__fit_job *job, mpl_fit *fit, double estimate, double variance, const double *weight,
                           mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    mpl_term *const term = MPL_NEW(fit->arena, mpl_term, 1);
    double *const vb = MPL_NEW(fit->arena, double, 1);
    double *const w = MPL_NEW(fit->arena, double, fit->k), *const fitted = MPL_NEW(fit->arena, double, fit->k);
    mpl__sum all = { 0 };
    if (!term || !vb || !w || !fitted)
        return mpl__fail_nomem(err, "the fit");
    const bool is_estimable = isfinite(estimate) && variance > 0 && isfinite(variance);
    *vb = is_estimable ? variance : NAN;
    *term = mpl__term_make("intercept", isfinite(estimate) ? estimate : NAN, sqrt(*vb), INFINITY, job->level);
    for (size_t i = 0; i < c->n; i++)
        mpl__sum_add(&all, weight[i]);
    for (size_t i = 0; i < fit->k; i++)
        fitted[i] = term->estimate;
    for (size_t i = 0; i < c->n; i++)
        if (c->effect[i] != SIZE_MAX)
            w[c->effect[i]] = 100 * (weight[i] / mpl__sum_get(&all));
    fit->terms = term;
    fit->vb = vb;
    fit->vb_factor = 1;
    fit->weights = w;
    fit->fitted = fitted;
    fit->wald = *term;
    fit->hksj = mpl__term_make("intercept", NAN, NAN, NAN, job->level);
    fit->s2w = job->s2w = fit->se_tau2 = fit->ll = fit->aic = fit->aicc = fit->bic = NAN;
    fit->qm = fit->qm_df = fit->qm_df2 = fit->qm_pval = fit->qm_log_pval = NAN;
    fit->tau2_ci = fit->tau_ci = fit->i2_ci = fit->h2_ci = (mpl_interval){ NAN, NAN };
    fit->tau2 = fit->tau = 0;
    fit->converged = true;
    job->se = term->se;
    job->scaling = (mpl__scaling){ 1, INFINITY };
    return MPL_OK;
}

void mpl__count_heterogeneity(mpl_fit *fit, double q, double df)
{
    fit->q = q;
    fit->q_df = df;
    fit->q_pval = fit->q_log_pval = fit->i2 = fit->h2 = NAN;
    if (isnan(q) || isnan(df))
        return;
    fit->q_pval = df > 0 ? mpl__chisq_p(q, df, MPL__UPPER) : 1;
    fit->q_log_pval = df > 0 ? mpl__chisq_log_p(q, df, MPL__UPPER) : 0;
    if (df > 0) {
        fit->i2 = q > 0 ? 100 * fmax(0, (q - df) / q) : 0;
        fit->h2 = q / df;
    }
}

mpl_hypothesis mpl__chisq_test(const char *id, const char *title, const char *cite, double statistic, double df)
{
    mpl_hypothesis h = { .id = id, .title = title, .cite = cite, .statistic = statistic, .df = df, .df2 = INFINITY,
                         .pval = NAN, .log_pval = NAN };
    if (df > 0 && !isnan(statistic)) {
        h.pval = mpl__chisq_p(statistic, df, MPL__UPPER);
        h.log_pval = mpl__chisq_log_p(statistic, df, MPL__UPPER);
    }
    return h;
}
