/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Method GLMM: counts to cells, the search, and what of it goes into a fit. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/measure.h"
#include "model/fit_impl.h"
#include "model/glmm/glmm.h"
#include "num/chol.h"
#include "num/dist.h"

#define MPL_GLMM(id) extern const mpl__glmm_model mpl__glmm_##id;
#include "model/glmm/glmm.def"
#undef MPL_GLMM

static const mpl__glmm_model *const registry[] = {
#define MPL_GLMM(id) &mpl__glmm_##id,
#include "model/glmm/glmm.def"
#undef MPL_GLMM
};

const mpl_method *mpl_glmm_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i]->method : NULL;
}

typedef struct pool {
    mpl__fit_job *job;
    mpl_fit *fit;
    const mpl__glmm_model *model;
    mpl__glmm g;
    mpl__glmm_profile at;
    double coding, fixed; /* tau; negative = estimated */
    bool is_tau2_free, is_correlated;
} pool;

/* The model asked for, or the first one that the measure has. */
static mpl_status choose_model(pool *p, mpl_error *err)
{
    const char *const measure = mpl__measure_like(p->job->effects->measure), *const id = p->fit->options.glmm_model;
    const mpl_method *asked = NULL;
    if (id)
        MPL_TRY(mpl__method_get(mpl_glmm_method, "model", id, &asked, err));
    for (size_t i = 0; i < sizeof registry / sizeof *registry && !p->model; i++)
        if (asked ? &registry[i]->method == asked : mpl__has_word(registry[i]->measures, measure))
            p->model = registry[i];
    if (!p->model || !mpl__has_word(p->model->measures, measure))
        return mpl__fail(err, MPL_ERR_ARG, "model %s is not defined for measure %s", id ? id : "?", measure);
    p->fit->options.glmm_model = p->model->method.id;
    return MPL_OK;
}

static mpl_status check_options(const pool *p, mpl_error *err)
{
    const mpl__fit_job *const job = p->job;
    const mpl_fit_options *const o = &p->fit->options;
    if (!job->test->is_wald)
        return mpl__fail(err, MPL_ERR_ARG, "test %s rests on weights 1/(vi + tau2); method GLMM has tests z and t",
                         job->test->method.id);
    if (job->pi->compute || job->pi->se == MPL__PI_HKSJ || job->pi->se == MPL__PI_KR)
        return mpl__fail(err, MPL_ERR_ARG, "prediction interval '%s' rests on weights 1/(vi + tau2), which method GLMM "
                         "does not have", job->pi->method.id);
    if (o->glmm_cor && !p->model->has_random_intercept)
        return mpl__fail(err, MPL_ERR_ARG, "model %s has no random intercepts that effects could correlate with",
                         p->model->method.id);
    if (!job->effects->counts)
        return mpl__fail(err, MPL_ERR_DATA, "method GLMM models counts, and no study reports any");
    return MPL_OK;
}

/* True if nobody, or everybody, has the event. */
static bool is_one_sided(const mpl_counts *c, size_t i)
{
    const double x = c->x1[i] + (c->x2 ? c->x2[i] : 0), n = c->n1[i] + (c->n2 ? c->n2[i] : 0);
    return x == 0 || ((c->shape == MPL_COUNTS_2X2 || c->shape == MPL_COUNTS_PROPORTION) && x == n);
}

static bool is_whole(const mpl_counts *c, size_t i)
{
    return c->x1[i] == floor(c->x1[i]) && c->n1[i] == floor(c->n1[i]) && c->x2[i] == floor(c->x2[i]) &&
           c->n2[i] == floor(c->n2[i]);
}

static mpl_status fill(pool *p, mpl_error *err)
{
    static const double one = 1;
    const mpl_effects *const es = p->job->effects;
    const mpl_counts *const c = es->counts;
    size_t k = 0, effects = 0;
    for (size_t i = 0; i < c->n; i++) {
        mpl__glmm_study *const s = &p->g.study[k];
        if (p->model->is_whole && c->shape == MPL_COUNTS_2X2 && !is_whole(c, i))
            return mpl__fail(err, MPL_ERR_ARG, "row %zu: model %s needs whole numbers of people and events", c->row[i],
                             p->model->method.id);
        effects += c->effect[i] != SIZE_MAX;
        const bool is_dropped = es->options.drop00 && c->n2 && is_one_sided(c, i);
        if (is_dropped || !p->model->study(c, i, p->coding, s)) {
            mpl__note_add_row(&p->job->notes, "no-information", c->row[i], c->slab[i], "%s", is_dropped
                              ? "left out, as asked: nobody or everybody has the event"
                              : "nobody or everybody has the event: in this model the study says nothing");
            continue;
        }
        s->x = &one;
        s->count = i;
        k++;
    }
    if (effects < es->k)
        mpl__note_add(&p->job->notes, "effects-without-counts",
                      "%zu of %zu studies report effects and no counts: they are not in the model",
                      es->k - effects, es->k);
    p->g.k = k;
    if (k == 0)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "no study carries information for model %s", p->model->method.id);
    return MPL_OK;
}

/* -1 if the study's likelihood never falls as the effect goes to minus infinity, 1 for infinity, 0 otherwise. */
static int direction(const mpl__glmm_study *s)
{
    int down = 0, up = 0;
    for (size_t m = 0; m < s->n_cells; m++) {
        const int end = s->cell[m].family->extreme(&s->cell[m]) * (s->cell[m].load >= 0 && m == 0 ? 1 : -1);
        down += end < 0;
        up += end > 0;
    }
    return down && !up ? -1 : up && !down ? 1 : down && up ? 2 : 0;
}

static mpl_status check_separation(const pool *p, mpl_error *err)
{
    size_t down = 0, up = 0, neutral = 0;
    for (size_t i = 0; i < p->g.k; i++) {
        const int way = direction(&p->g.study[i]);
        down += way == -1;
        up += way == 1;
        neutral += way == 2;
    }
    if (down + neutral < p->g.k && up + neutral < p->g.k)
        return MPL_OK;
    const bool is_down = down >= up;
    const bool has_groups = p->job->effects->counts->n2;
    return mpl__fail(err, MPL_ERR_NUMERIC, "the effect has no finite estimate: in every study %s",
                     has_groups ? (is_down ? "group 1 has no events (or all of group 2 have one)"
                                           : "group 2 has no events (or all of group 1 have one)")
                                : (is_down ? "nobody has the event" : "everybody has the event"));
}

static mpl_status search(pool *p, mpl_error *err)
{
    mpl__glmm_search(&p->g, p->fit->options.quad_points, p->fixed, &p->at);
    if (p->at.is_unbounded || !isfinite(p->at.ll))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the likelihood of model %s has no maximum: these studies are "
                         "compatible with any variance between them", p->model->method.id);
    if (p->is_tau2_free) {
        const double drop = mpl__chisq_q(1 - p->job->level, 1, MPL__UPPER) / 2;
        mpl__glmm_tau_limits(&p->g, drop, &p->at);
    }
    return MPL_OK;
}

/* ---- results */

/* Covariance of beta, tau and the spreads that are not 0, from the observed information. */
static mpl_status covariance(const pool *p, double *variance, mpl_error *err)
{
    const mpl__glmm *const g = &p->g;
    const size_t n = g->n_shared;
    size_t at[MPL__CELLS + 4], m = 0;
    double a[(MPL__CELLS + 4) * (MPL__CELLS + 4)];
    for (size_t u = 0; u < n; u++) {
        variance[u] = NAN;
        const bool is_spread = u == g->s1 || u == g->s2 || u == g->tau;
        if (u == g->tau && (!p->is_tau2_free || p->at.tau == 0))
            continue;
        if (!is_spread || fabs(g->shared[u]) > 1e-5)
            at[m++] = u;
    }
    for (size_t u = 0; u < m; u++)
        for (size_t v = 0; v < m; v++)
            a[u * m + v] = -g->hessian[at[u] * n + at[v]];
    if (!mpl__cholesky(a, m))
        return mpl__fail(err, MPL_ERR_NUMERIC, "these studies do not tell the parameters of model %s apart: there "
                         "are no standard errors", p->model->method.id);
    for (size_t u = 0; u < m; u++) {
        double e[MPL__CELLS + 4] = { 0 };
        e[u] = 1;
        mpl__lower_solve(a, m, e);
        variance[at[u]] = 0;
        for (size_t v = u; v < m; v++)
            variance[at[u]] += e[v] * e[v];
    }
    return MPL_OK;
}

static mpl_status set_mean(pool *p, const double *variance, mpl_error *err)
{
    mpl__fit_job *const job = p->job;
    mpl_fit *const fit = p->fit;
    double *const vb = MPL_NEW(fit->arena, double, 1);
    mpl_term *const term = MPL_NEW(fit->arena, mpl_term, 1);
    if (!vb || !term)
        return mpl__fail_nomem(err, "the coefficients");
    const double mean = p->g.shared[p->g.beta];
    job->df = (double)p->g.k - 1;
    vb[0] = variance[p->g.beta];
    job->se = sqrt(vb[0]);
    job->s2w = fit->s2w = NAN;
    if (job->test->needs_df && !(job->df > 0))
        return mpl__fail(err, MPL_ERR_TOO_FEW, "test %s needs at least 2 studies with information; there is 1",
                         job->test->method.id);
    MPL_TRY(job->test->scale(job, &job->scaling, err));
    fit->vb_factor = job->scaling.factor;
    *term = mpl__term_make("intercept", mean, job->se, job->scaling.df, job->level);
    fit->terms = term;
    fit->vb = vb;
    fit->wald = mpl__term_make("intercept", mean, job->se, INFINITY, job->level);
    fit->hksj = mpl__term_make("intercept", NAN, NAN, NAN, job->level);
    fit->qm = fit->qm_df = fit->qm_df2 = fit->qm_pval = fit->qm_log_pval = NAN;
    return MPL_OK;
}

/* The part of the information about the mean that each study has. */
static mpl_status set_weights(const pool *p, mpl_error *err)
{
    mpl_fit *const fit = p->fit;
    double *const w = MPL_NEW(fit->arena, double, fit->k), *const fitted = MPL_NEW(fit->arena, double, fit->k);
    double sum = 0;
    if (!w || !fitted)
        return mpl__fail_nomem(err, "the weights");
    for (size_t i = 0; i < p->g.k; i++)
        sum += p->g.share[i];
    for (size_t i = 0; i < p->g.k; i++) {
        const size_t effect = p->job->effects->counts->effect[p->g.study[i].count];
        if (effect != SIZE_MAX)
            w[effect] = 100 * (p->g.share[i] / sum);
    }
    for (size_t i = 0; i < fit->k; i++)
        fitted[i] = fit->terms[0].estimate;
    fit->weights = w;
    fit->fitted = fitted;
    return MPL_OK;
}

static void set_heterogeneity(pool *p, const double *variance)
{
    mpl__fit_job *const job = p->job;
    mpl_fit *const fit = p->fit;
    const mpl_interval none = { NAN, NAN };
    const double tau = p->at.tau;
    fit->tau = p->g.k > 1 || p->fixed > 0 ? tau : NAN;
    fit->tau2 = fit->tau * fit->tau;
    fit->se_tau2 = 2 * tau * sqrt(variance[p->g.tau]);
    fit->q = fit->q_df = fit->q_pval = fit->q_log_pval = fit->i2 = fit->h2 = NAN;
    fit->tau2_ci = fit->tau_ci = fit->i2_ci = fit->h2_ci = none;
    fit->n_maxima = p->is_tau2_free ? p->at.n_maxima : 0;
    fit->iter = p->g.evaluations;
    fit->converged = p->at.converged;
    fit->tau2_ci_method = mpl_method_find(mpl_tau2_ci_method, "PL");
    fit->options.tau2_ci = "PL"; /* of this likelihood: the others are made of yi and vi */
    if (p->is_tau2_free) {
        fit->tau_ci = (mpl_interval){ p->at.tau_lb, p->at.tau_ub };
        fit->tau2_ci = (mpl_interval){ p->at.tau_lb * p->at.tau_lb, p->at.tau_ub * p->at.tau_ub };
    }
    if (job->pb.n_zero || fit->k < 2 || isnan(tau))
        return;
    const mpl__at at0 = mpl__evaluate(&job->pb, 0);
    const double s2 = mpl__variance_original(&job->pb, (double)(fit->k - 1) / at0.tr_p);
    const double t2[] = { fit->tau2, fit->tau2_ci.lb, fit->tau2_ci.ub };
    double i2[3], h2[3];
    for (int j = 0; j < 3; j++) {
        i2[j] = isinf(t2[j]) ? 100 : 100 * (t2[j] / (s2 + t2[j]));
        h2[j] = 1 + t2[j] / s2;
    }
    fit->i2 = i2[0];
    fit->h2 = h2[0];
    fit->i2_ci = (mpl_interval){ i2[1], i2[2] };
    fit->h2_ci = (mpl_interval){ h2[1], h2[2] };
}

static void set_likelihood(const pool *p)
{
    mpl_fit *const fit = p->fit;
    const mpl__glmm *const g = &p->g;
    double parms = 1 + (double)p->is_tau2_free + (double)p->is_correlated, n = 0;
    parms += p->model->has_local ? (double)g->k : 2 * (double)p->model->has_random_intercept;
    fit->ll = p->at.ll;
    for (size_t i = 0; i < g->k; i++)
        for (size_t m = 0; m < g->study[i].n_cells; m++, n++)
            fit->ll += g->study[i].cell[m].family->constant(&g->study[i].cell[m]);
    const double corrected_n = fmax(n, parms + 2);
    fit->aic = -2 * fit->ll + 2 * parms;
    fit->aicc = -2 * fit->ll + 2 * parms * corrected_n / (corrected_n - parms - 1);
    fit->bic = -2 * fit->ll + parms * log(n);
}

static mpl_hypothesis chi_squared(const char *id, const char *title, const char *cite, double statistic, double df)
{
    return (mpl_hypothesis){ .id = id, .title = title, .cite = cite, .statistic = statistic, .df = df, .df2 = INFINITY,
                             .pval = mpl__chisq_p(statistic, df, MPL__UPPER),
                             .log_pval = mpl__chisq_log_p(statistic, df, MPL__UPPER) };
}

static mpl_status set_hypotheses(pool *p, mpl_error *err)
{
    mpl_fit *const fit = p->fit;
    mpl_hypothesis *const all = MPL_NEW(fit->arena, mpl_hypothesis, 3);
    mpl__glmm_saturated s;
    size_t n = 0;
    const double df = (double)p->g.k - 1;
    if (!all)
        return mpl__fail_nomem(err, "the tests of heterogeneity");
    if (p->g.k < 2)
        return MPL_OK;
    MPL_TRY(mpl__glmm_saturate(&p->g, p->job->scratch, fit->options.quad_points, p->at.ll_common, &s, err));
    all[n++] = chi_squared("heterogeneity-lr",
                           "heterogeneity: likelihood ratio of an effect for each study to one for all",
                           "Viechtbauer 2010, J Stat Softw 36(3):1-48", s.lrt, df);
    all[n++] = chi_squared("heterogeneity-wald", "heterogeneity: Wald test of the differences between studies",
                           "Viechtbauer 2010, J Stat Softw 36(3):1-48", s.wald, df);
    if (p->is_tau2_free && !p->is_correlated) { /* half the mass of the statistic is at 0 */
        const double lr = fmax(2 * (p->at.ll - p->at.ll_common), 0);
        all[n] = chi_squared("tau2-lr", "tau2 = 0: likelihood ratio of effects that vary to one for all",
                             "Self & Liang 1987, J Am Stat Assoc 82:605-610", lr, 1);
        all[n].pval = lr > 0 ? all[n].pval / 2 : 1;
        all[n].log_pval = lr > 0 ? all[n].log_pval - log(2) : 0;
        n++;
    }
    if (s.n_infinite)
        mpl__note_add(&p->job->notes, "wald-without-zeros",
                      "the effects of %zu of %zu studies on their own are infinite: they add to the degrees of freedom "
                      "of the Wald test of heterogeneity and nothing to its statistic; prefer the likelihood ratio",
                      s.n_infinite, p->g.k);
    fit->hypotheses = all;
    fit->n_hypotheses = n;
    return MPL_OK;
}

static mpl_status set_quantities(pool *p, const double *variance, mpl_error *err)
{
    const mpl__glmm *const g = &p->g;
    if (!p->model->has_random_intercept)
        return MPL_OK;
    mpl_quantity *const all = MPL_NEW(p->fit->arena, mpl_quantity, 3);
    if (!all)
        return mpl__fail_nomem(err, "the intercepts");
    const double s1 = g->s1 == SIZE_MAX ? 0 : g->shared[g->s1], s2 = g->shared[g->s2], sd = hypot(s1, s2);
    const double half = p->job->z * sqrt(variance[0]);
    size_t n = 0;
    all[n++] = (mpl_quantity){ "intercept", "mean of the study intercepts", NULL, g->shared[0], sqrt(variance[0]),
                               g->shared[0] - half, g->shared[0] + half };
    all[n++] = (mpl_quantity){ "intercept-variance", "variance of the study intercepts", NULL, sd * sd,
                               g->s1 == SIZE_MAX && sd > 1e-5 ? 2 * sd * sqrt(variance[g->s2]) : NAN, NAN, NAN };
    if (p->is_correlated)
        all[n++] = (mpl_quantity){ "correlation", "correlation of intercepts and effects", NULL,
                                   p->at.tau > 0 && sd > 0 ? s1 / sd : NAN, NAN, NAN, NAN };
    p->fit->quantities = all;
    p->fit->n_quantities = n;
    return MPL_OK;
}

static mpl_status pool_glmm(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    pool p = { .job = job, .fit = fit, .fixed = -1 };
    MPL_TRY(choose_model(&p, err));
    MPL_TRY(check_options(&p, err));
    p.coding = fit->options.glmm_coding.given ? fit->options.glmm_coding.value : 0.5;
    p.is_correlated = fit->options.glmm_cor;
    MPL_TRY(mpl__glmm_init(&p.g, job->scratch, job->effects->counts->n, 1,
                           p.model->has_local ? MPL__LOCAL_INTERCEPT : MPL__LOCAL_NONE, p.model->has_random_intercept,
                           p.is_correlated, err));
    MPL_TRY(fill(&p, err));
    MPL_TRY(check_separation(&p, err));
    p.is_tau2_free = !job->is_tau2_fixed && p.g.k > 1;
    if (!p.is_tau2_free)
        p.fixed = job->is_tau2_fixed ? sqrt(fit->options.tau2.value) : 0;
    MPL_TRY(search(&p, err));
    double *const variance = MPL_NEW(job->scratch, double, p.g.n_shared);
    if (!variance)
        return mpl__fail_nomem(err, "the standard errors");
    MPL_TRY(covariance(&p, variance, err));
    MPL_TRY(set_mean(&p, variance, err));
    set_heterogeneity(&p, variance);
    set_likelihood(&p);
    MPL_TRY(set_weights(&p, err));
    MPL_TRY(set_hypotheses(&p, err));
    return set_quantities(&p, variance, err);
}

const mpl__method_def mpl__method_glmm = {
    .method = { "GLMM", "maximum likelihood in a generalised linear mixed model",
                "Stijnen, Hamza & Oezdemir 2010, Stat Med 29:3046-3067; "
                "Jackson et al. 2018, Stat Med 37:1059-1085", NULL,
                "The counts themselves are modelled, without added halves; the model is chosen by --glmm-model." },
    .is_ml = true,
    .pool = pool_glmm,
    .measures = "OR IRR PLO IRLN",
    .options = "glmm-model glmm-coding glmm-cor quad-points",
};
