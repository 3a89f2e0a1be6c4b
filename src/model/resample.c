/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests from draws.
 *
 * Permutations: if the mean is 0, the sign of each effect is as likely to be the other one; if moderators explain
 * nothing, every order of their rows is as likely. A p-value is the part of all data sets, the observed one among
 * them, whose statistic is at least as large (Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39).
 *
 * A value b of a coefficient is in its interval if the same test of the effects less b xij does not reject it; the
 * limits are where that changes.
 *
 * Bootstrap: (b - beta)/se has a distribution that does not depend on beta, and is symmetric; it is drawn from normal
 * effects with variances vi + tau2, tau2 estimated anew each time. p-values and intervals are from the same draws.
 */
#include <math.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/draws.h"

static mpl_term *terms_of(mpl__fit_job *job, mpl_fit *fit, const mpl__draws *draws, mpl_error *err)
{
    mpl_term *const terms = MPL_NEW(fit->arena, mpl_term, fit->p);
    if (!terms) {
        (void)mpl__fail_nomem(err, "the coefficients");
        return NULL;
    }
    for (size_t j = 0; j < fit->p; j++)
        terms[j] = fit->terms[j];
    fit->terms = terms;
    fit->n_draws = draws->n;
    fit->n_draws_wanted = draws->wanted;
    fit->draws_exact = draws->is_exact;
    if (draws->n < draws->wanted)
        mpl__note_add(&job->notes, "draws-partial",
                      "%zu of %zu draws were made before the work was stopped, or could be fitted: p-values are of "
                      "these", draws->n, draws->wanted);
    return terms;
}

typedef struct inversion {
    mpl__fit_job *job;
    const mpl_fit *fit;
    size_t j;
    double *y; /* [k] */
} inversion;

static mpl_status is_kept(const inversion *v, double b, bool *kept, mpl_error *err)
{
    const mpl__fit_job *const job = v->job;
    mpl__draws draws;
    for (size_t i = 0; i < v->fit->k; i++)
        v->y[i] = job->effects->yi[i] - b * (job->pb.is_mean ? 1 : job->design->x[i * v->fit->p + v->j]);
    MPL_TRY(mpl__draws_permute_effects(job, v->fit, v->y, &draws, err));
    *kept = (1 + (double)draws.beyond[v->j]) / (1 + (double)draws.n) > (1 - job->level) * (1 + 1e-12);
    return MPL_OK;
}

/* Where values stop being kept on one side of the estimate; infinite if that is nowhere. */
static mpl_status permutation_limit(const inversion *v, double side, double *out, mpl_error *err)
{
    const mpl_term *const term = &v->fit->terms[v->j];
    double near = 0, far = 2 * term->se;
    bool kept = true;
    for (int i = 0; i < 30; i++, near = far, far *= 2) {
        MPL_TRY(is_kept(v, term->estimate + side * far, &kept, err));
        if (!kept)
            break;
    }
    while (!kept && far - near > 1e-7 * far) {
        const double middle = near + 0.5 * (far - near);
        bool is_in;
        MPL_TRY(is_kept(v, term->estimate + side * middle, &is_in, err));
        *(is_in ? &near : &far) = middle;
    }
    *out = kept ? side * INFINITY : term->estimate + side * near;
    return MPL_OK;
}

static mpl_status permutation_limits(mpl__fit_job *job, const mpl_fit *fit, mpl_term *terms, mpl_error *err)
{
    inversion v = { .job = job, .fit = fit, .y = MPL_NEW(job->scratch, double, fit->k) };
    bool is_infinite = false;
    if (!v.y)
        return mpl__fail_nomem(err, "the limits");
    for (v.j = 0; v.j < fit->p; v.j++) {
        if (!(terms[v.j].se > 0))
            continue;
        MPL_TRY(permutation_limit(&v, -1, &terms[v.j].ci_lb, err));
        MPL_TRY(permutation_limit(&v, 1, &terms[v.j].ci_ub, err));
        is_infinite = is_infinite || isinf(terms[v.j].ci_lb) || isinf(terms[v.j].ci_ub);
    }
    if (is_infinite)
        mpl__note_add(&job->notes, "permutation-limits", "there are so few permutations that no value is rejected at "
                      "this level: a limit is infinite");
    return MPL_OK;
}

mpl_status mpl__refine_permutation(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    mpl__draws draws;
    MPL_TRY(mpl__draws_permute(job, fit, &draws, err));
    mpl_term *const terms = terms_of(job, fit, &draws, err);
    if (!terms)
        return MPL_ERR_NOMEM;
    const double n = (double)draws.n + 1;
    for (size_t j = 0; j < fit->p; j++) {
        terms[j].pval = isnan(terms[j].statistic) ? NAN : (1 + (double)draws.beyond[j]) / n;
        terms[j].log_pval = log(terms[j].pval);
    }
    if (!isnan(fit->qm)) {
        fit->qm_pval = (1 + (double)draws.beyond[fit->p]) / n;
        fit->qm_log_pval = log(fit->qm_pval);
    }
    if (fit->options.permutation_ci)
        MPL_TRY(permutation_limits(job, fit, terms, err));
    const char *const intervals = fit->options.permutation_ci ? "the intervals hold the values that they do not reject"
                                                              : "the intervals are those without permutations";
    const char *const what = job->pb.is_mean ? "sign changes" : "orders of the moderators";
    const size_t all = (draws.n + 1) * (job->pb.is_mean && draws.is_exact ? 2 : 1);
    if (draws.is_exact && draws.n == draws.wanted)
        mpl__note_add(&job->notes, "permutation-exact", "p-values are exact: from all %zu %s; %s", all, what,
                      intervals);
    else
        mpl__note_add(&job->notes, "permutation-sampled", "p-values are from %zu %s, drawn from seed %llu; %s", all,
                      what, (unsigned long long)mpl__run_seed(&job->options->run), intervals);
    return MPL_OK;
}

mpl_status mpl__refine_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    mpl__draws draws;
    if (isnan(fit->tau2))
        return MPL_OK;
    MPL_TRY(mpl__draws_bootstrap(job, fit, &draws, err));
    mpl_term *const terms = terms_of(job, fit, &draws, err);
    double *const t = MPL_NEW(job->scratch, double, draws.n);
    if (!terms || !t)
        return mpl__fail_nomem(err, "the draws");
    for (size_t j = 0; j < fit->p; j++) {
        size_t beyond = 0;
        for (size_t i = 0; i < draws.n; i++) {
            t[i] = draws.t[i * fit->p + j];
            beyond += t[i] >= fabs(terms[j].statistic);
        }
        mpl__draws_sort(t, draws.n);
        const double half = mpl__draws_quantile(t, draws.n, fit->level) * terms[j].se;
        terms[j].pval = isnan(terms[j].statistic) ? NAN : (1 + (double)beyond) / (double)(draws.n + 1);
        terms[j].log_pval = log(terms[j].pval);
        terms[j].ci_lb = terms[j].estimate - half;
        terms[j].ci_ub = terms[j].estimate + half;
    }
    mpl__note_add(&job->notes, "bootstrap", "p-values and intervals of coefficients are from %zu bootstrap samples, "
                  "drawn from seed %llu", draws.n, (unsigned long long)mpl__run_seed(&job->options->run));
    return MPL_OK;
}

mpl_status mpl__tau2_limits_bootstrap(mpl__fit_job *job, mpl_fit *fit, mpl__tau2_limits *out, mpl_error *err)
{
    mpl__draws draws;
    job->scaling = (mpl__scaling){ 1, INFINITY };
    MPL_TRY(mpl__draws_bootstrap(job, fit, &draws, err));
    mpl__draws_sort(draws.tau2, draws.n);
    out->lb = mpl__draws_quantile(draws.tau2, draws.n, (1 - job->level) / 2);
    out->ub = mpl__draws_quantile(draws.tau2, draws.n, (1 + job->level) / 2);
    mpl__note_add(&job->notes, "bootstrap-tau2", "the interval of tau2 is from %zu bootstrap samples, drawn from seed "
                  "%llu", draws.n, (unsigned long long)mpl__run_seed(&job->options->run));
    return MPL_OK;
}
