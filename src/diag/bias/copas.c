/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copas's selection model (Copas & Shi 2000, Biostatistics 1:247-262; 2001, Stat Methods Med Res 10:251-265). A study
 * with standard error s is published if u + d > 0, u = g0 + g1/s and d standard normal, correlated by rho with the
 * error of its effect; g0 and g1 cannot be estimated and are varied. Selection makes the published errors smaller than
 * they were: sigma^2 = s^2/(1 - rho^2 c), c = L(u)(u + L(u)), L = phi/Phi.
 *
 * The path leads from no selection to the far corner of Carpenter et al.'s range (2009, J Clin Epidemiol 62:624-631):
 * there the largest study is published with probability 0.85 and the smallest with 0.40. The adjusted mean is that of
 * the first point at which the effects no longer lean on their standard errors.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "num/brent.h"
#include "num/chol.h"
#include "num/dist.h"
#include "num/minimum.h"

enum { STEPS = 20, MU = 0, TAU = 1, RHO = 2, SLOPE = 3 };

static const double LARGEST_RHO = 0.9999, RESIDUAL_P = 0.1, MOST_G0 = 2, LEAST_U = -0.25, SPREAD_U = 1.29;
static const double LOG_2PI = 1.8378770664093454836;

/* A study at one point. */
typedef struct study {
    double y, se, u, c, log_p;
} study;

typedef struct model {
    size_t k;
    study *all;
    double unit;            /* of mean, tau and slope */
    double last[2][4];      /* where the last searches ended, without and with a slope */
    double start[2], lean[2]; /* mean and tau without selection; mean and slope where there is one */
    bool is_all_published;
} model;

static double hazard(double x)
{
    return exp(-0.5 * (x * x + LOG_2PI) - mpl__norm_log_p(x, MPL__LOWER));
}

/* Minus the log-likelihood at x = mean, tau, rho, slope on the standard error. */
static double cost(void *ctx, const double *x, double *gradient)
{
    const model *const m = ctx;
    const double mu = x[MU] * m->unit, tau = x[TAU] * m->unit, rho = x[RHO], slope = x[SLOPE];
    double ll = 0, by_mu = 0, by_tau = 0, by_rho = 0, by_slope = 0;
    for (size_t i = 0; i < m->k; i++) {
        const study *const at = &m->all[i];
        const double kept = 1 - rho * rho * at->c, sigma2 = at->se * at->se / kept, s2 = sigma2 + tau * tau;
        const double s = sqrt(s2), sigma = sqrt(sigma2), bend = sigma2 * rho * at->c / kept; /* sigma dsigma/drho */
        const double e = (at->y - mu - slope * at->se) / s, r = rho * sigma / s, w = 1 / sqrt(1 - r * r);
        const double t = (at->u + r * e) * w, h = m->is_all_published ? 0 : hazard(t);
        ll -= log(s) + 0.5 * e * e + at->log_p - (m->is_all_published ? 0 : mpl__norm_log_p(t, MPL__LOWER));
        const double by_e = h * r * w - e, by_r = h * w * w * w * (e + at->u * r);
        by_mu -= by_e / s;
        by_slope -= by_e * at->se / s;
        by_tau -= (1 + by_e * e + by_r * r) * tau / s2;
        by_rho += by_r * (sigma / s + bend / sigma * rho * tau * tau / (s2 * s)) - (1 + by_e * e) * bend / s2;
    }
    if (gradient) {
        gradient[MU] = -by_mu * m->unit;
        gradient[TAU] = -by_tau * m->unit;
        gradient[RHO] = -by_rho;
        gradient[SLOPE] = -by_slope;
    }
    return isfinite(ll) ? -ll : INFINITY;
}

static void set_point(model *m, double g0, double g1)
{
    m->is_all_published = isinf(g0);
    for (size_t i = 0; i < m->k; i++) {
        study *const at = &m->all[i];
        at->u = g0 + g1 / at->se;
        at->c = at->log_p = 0;
        if (!m->is_all_published) {
            const double l = hazard(at->u);
            at->c = fmin(fmax(l * (at->u + l), 0), 1 - 1e-12);
            at->log_p = mpl__norm_log_p(at->u, MPL__LOWER);
        }
    }
    if (m->is_all_published)
        for (size_t i = 0; i < m->k; i++)
            m->all[i].u = 0; /* of no effect */
}

static const double scale[] = { 0.5, 0.5, 0.2, 0.5 };

/* What a search may vary beside tau and rho. */
typedef struct range {
    double mu_lo, mu_hi, slope;
} range;

static const range ANY_MEAN = { -INFINITY, INFINITY, 0 }, ANY_LINE = { -INFINITY, INFINITY, INFINITY };

typedef struct start {
    double x[4], value;
} start;

static int by_value(const void *a, const void *b)
{
    const start *const x = a, *const y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* The least cost; x gets the place. Starts include the best point of the last search; the best few are polished. */
static mpl__minimum search(model *m, const range *over, double *x)
{
    static const double rhos[] = { 0, 0.5, -0.5, 0.95, -0.95, 0.9999, -0.9999 }, taus[] = { 1, 1, 1, 0.3, 0.3, 0, 0 };
    enum { N_RHOS = sizeof rhos / sizeof *rhos, POLISHED = 3 };
    const double edge = m->is_all_published ? 0 : LARGEST_RHO;
    const double lo[] = { over->mu_lo, 0, -edge, -over->slope }, hi[] = { over->mu_hi, INFINITY, edge, over->slope };
    const size_t n_starts = over->slope > 0 ? 3 * N_RHOS : N_RHOS;
    start all[3 * N_RHOS + 1];
    mpl__minimum best = { .value = INFINITY };
    for (size_t s = 0; s <= n_starts; s++) {
        double *const at = all[s].x;
        const double lean = 0.7 * (double)(s / N_RHOS); /* none, less than Egger's line, more */
        at[MU] = m->start[0] + lean * (m->lean[0] - m->start[0]);
        at[TAU] = taus[s % N_RHOS] * (m->start[1] + 0.05); /* where it starts at 0 it stays there */
        at[RHO] = rhos[s % N_RHOS];
        at[SLOPE] = lean * m->lean[1];
        if (s == n_starts)
            memcpy(at, m->last[over->slope > 0], sizeof all[s].x);
        if (fabs(at[RHO]) >= LARGEST_RHO) { /* a corner is reached along its edge */
            const double edge_lo[] = { lo[MU], 0, at[RHO], lo[SLOPE] }, edge_hi[] = { hi[MU], 0, at[RHO], hi[SLOPE] };
            (void)mpl__minimum_search(cost, m, at, scale, edge_lo, edge_hi, 4);
        }
        all[s].value = mpl__minimum_search(cost, m, at, scale, lo, hi, 4).value;
    }
    qsort(all, n_starts + 1, sizeof *all, by_value);
    for (size_t s = 0, n = 0; s <= n_starts && n < POLISHED && isfinite(all[s].value); s++) {
        if (s > 0 && all[s].value < all[s - 1].value + 1e-6) /* the same place, most likely */
            continue;
        const mpl__minimum found = mpl__minimum_polish(cost, m, all[s].x, scale, lo, hi, 4);
        n++;
        if (found.value < best.value) {
            best = found;
            memcpy(x, all[s].x, sizeof all[s].x);
        }
    }
    return best;
}

/* The standard error of the mean from the inverse Hessian of mean, tau and rho; NaN where rho is at its bound. */
static double error_of(model *m, const double *x)
{
    double all[16], part[9], e[3] = { 1, 0, 0 };
    size_t free[3] = { MU }, n = 1;
    mpl__hessian(cost, m, x, scale, 4, all);
    if (!m->is_all_published && fabs(x[RHO]) > LARGEST_RHO - 1e-6)
        return NAN;
    if (x[TAU] > 1e-4)
        free[n++] = TAU;
    if (!m->is_all_published)
        free[n++] = RHO;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            part[i * n + j] = all[free[i] * 4 + free[j]];
    if (!mpl__cholesky(part, n))
        return NAN;
    mpl__lower_solve(part, n, e);
    double v = 0;
    for (size_t i = 0; i < n; i++)
        v += e[i] * e[i];
    return sqrt(v) * m->unit;
}

typedef struct profile {
    model *m;
    double goal;
} profile;

static double off_goal(double mu, void *ctx)
{
    const profile *const p = ctx;
    double x[4];
    return search(p->m, &(range){ mu, mu, 0 }, x).value - p->goal;
}

/* Where the likelihood of the mean has fallen to `goal`, from x on. */
static double limit_of(profile *p, double from, double by)
{
    for (int i = 0; i < 40; i++, by *= 1.5) {
        if (off_goal(from + by, p) > 0)
            return mpl__brent_root(off_goal, p, from, from + by);
        from += by;
    }
    return by > 0 ? INFINITY : -INFINITY;
}

typedef struct walker {
    const mpl__bias_job *job;
    model m;
    double least_se, largest_se, g0, g1; /* and the far corner */
    double null_value;
} walker;

/* The point at (g0, g1). `with_limits`: an interval also where rho is at its bound, from the likelihood. */
static mpl_copas_point fit_point(walker *to, double g0, double g1, bool with_limits)
{
    model *const m = &to->m;
    const double level = to->job->level, half = mpl__norm_q((1 - level) / 2, MPL__UPPER);
    double x[4], y[4];
    set_point(m, g0, g1);
    const mpl__minimum best = search(m, &ANY_MEAN, x);
    memcpy(m->last[0], x, sizeof x);
    const mpl__minimum leaning = search(m, &ANY_LINE, y);
    memcpy(m->last[1], y, sizeof y);
    mpl_copas_point p = { .gamma0 = g0, .gamma1 = g1, .se = error_of(m, x), .rho = m->is_all_published ? 0 : x[RHO],
                          .tau2 = x[TAU] * x[TAU] * m->unit * m->unit, .ll = -best.value - 0.5 * LOG_2PI * (double)m->k,
                          .p_largest = mpl__norm_p(g0 + g1 / to->largest_se, MPL__LOWER),
                          .p_smallest = mpl__norm_p(g0 + g1 / to->least_se, MPL__LOWER) };
    p.estimate = to->null_value + x[MU] * m->unit;
    p.ci_lb = p.estimate - half * p.se;
    p.ci_ub = p.estimate + half * p.se;
    p.residual_pval = mpl__chisq_p(fmax(2 * (best.value - leaning.value), 0), 1, MPL__UPPER);
    if (with_limits && isnan(p.se)) {
        profile at = { m, best.value + 0.5 * mpl__chisq_q(1 - level, 1, MPL__UPPER) };
        p.ci_lb = to->null_value + m->unit * limit_of(&at, x[MU], -0.5);
        p.ci_ub = to->null_value + m->unit * limit_of(&at, x[MU], 0.5);
    }
    for (size_t i = 0; i < m->k && !m->is_all_published; i++)
        p.unpublished += exp(mpl__norm_log_p(m->all[i].u, MPL__UPPER) - m->all[i].log_p);
    return p;
}

static mpl_status set_up(mpl__bias_job *job, walker *to, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const mpl_fit_options ml = { .method = "ML", .test = "z", .pi = "none", .level = job->level };
    model *const m = &to->m;
    mpl_fit *fit;
    to->null_value = isnan(es->measure->null_value) ? 0 : es->measure->null_value;
    to->least_se = INFINITY;
    m->k = es->k;
    m->all = MPL_NEW(job->scratch, study, es->k);
    if (!m->all)
        return mpl__fail_nomem(err, "Copas's model");
    for (size_t i = 0; i < es->k; i++) {
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
        m->all[i] = (study){ .y = es->yi[i] - to->null_value, .se = sqrt(es->vi[i]) };
        to->least_se = fmin(to->least_se, m->all[i].se);
        to->largest_se = fmax(to->largest_se, m->all[i].se);
    }
    if (!(to->largest_se > to->least_se * 1.01))
        return mpl__bias_refuse(job, row, err, "all studies have nearly the same standard error");
    to->g1 = SPREAD_U / (1 / to->least_se - 1 / to->largest_se);
    to->g0 = LEAST_U - to->g1 / to->largest_se;
    MPL_TRY(mpl__bias_line(es->yi, es->vi, NULL, es->k, &ml, &fit, err));
    m->unit = fmax(fit->terms[0].se, to->largest_se / sqrt((double)es->k));
    m->start[0] = m->last[0][MU] = (fit->terms[0].estimate - to->null_value) / m->unit;
    m->start[1] = m->last[0][TAU] = sqrt(fit->tau2) / m->unit;
    mpl_fit_free(fit);
    double *const sei = MPL_NEW(job->scratch, double, es->k);
    if (!sei)
        return mpl__fail_nomem(err, "Copas's model");
    for (size_t i = 0; i < es->k; i++)
        sei[i] = m->all[i].se;
    MPL_TRY(mpl__bias_line(es->yi, es->vi, sei, es->k, &ml, &fit, err));
    m->lean[0] = (fit->terms[0].estimate - to->null_value) / m->unit;
    m->lean[1] = fit->terms[1].estimate;
    memcpy(m->last[1], m->last[0], sizeof m->last[1]);
    mpl_fit_free(fit);
    return MPL_OK;
}

/* From everything published along a line to the far corner; ends at the first point without a trend unless `all`. */
static const mpl_copas_point *walk(walker *to, bool all, mpl_copas_point *path)
{
    const mpl_copas_point *first = NULL;
    for (int i = 0; i <= STEPS && (all || !first); i++) {
        const double share = (double)(i - 1) / (STEPS - 1);
        path[i] = i == 0 ? fit_point(to, INFINITY, 0, true)
                         : fit_point(to, MOST_G0 + share * (to->g0 - MOST_G0), share * to->g1, true);
        if (!first && path[i].residual_pval >= RESIDUAL_P)
            first = &path[i];
    }
    return first;
}

/* Every second row backwards, so that each point starts from a neighbour. */
static void cover(walker *to, mpl_copas_point *grid)
{
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < STEPS; j++) {
            const int at = i % 2 ? STEPS - 1 - j : j;
            grid[i * STEPS + at] = fit_point(to, MOST_G0 + i * (to->g0 - MOST_G0) / (STEPS - 1),
                                             at * to->g1 / (STEPS - 1), false);
        }
}

static mpl_status fill(mpl__bias_job *job, const mpl_copas_point *at, walker *to, mpl_bias_row *row, mpl_error *err)
{
    mpl_term *const t = &row->adjusted;
    *t = (mpl_term){ .term = "Copas", .estimate = at->estimate, .se = at->se, .df = INFINITY, .ci_lb = at->ci_lb,
                     .ci_ub = at->ci_ub };
    t->statistic = (t->estimate - to->null_value) / t->se;
    t->pval = mpl__two_sided(t->statistic, INFINITY, &t->log_pval);
    if (isnan(at->se)) {
        profile p = { &to->m, -at->ll - 0.5 * LOG_2PI * (double)to->m.k };
        set_point(&to->m, at->gamma0, at->gamma1);
        const double chi2 = fmax(2 * off_goal(0, &p), 0);
        t->statistic = NAN;
        t->pval = mpl__chisq_p(chi2, 1, MPL__UPPER);
        t->log_pval = mpl__chisq_log_p(chi2, 1, MPL__UPPER);
    }
    row->tau2 = at->tau2;
    row->value = at->unpublished;
    row->reading = isinf(at->gamma0) ? "no selection is needed"
                                     : mpl__arena_format(job->keep, "about %zu unpublished%s",
                                                         (size_t)(at->unpublished + 0.5),
                                                         isnan(at->se) ? "; interval from the likelihood" : "");
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "Copas's model");
}

static mpl_status copas(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    mpl_bias *const bias = job->bias;
    const bool is_named = bias->options.only != NULL;
    walker to = { .job = job };
    MPL_TRY(set_up(job, &to, row, err));
    if (row->why)
        return MPL_OK;
    mpl_copas_point *const path = MPL_NEW(job->keep, mpl_copas_point, STEPS + 1);
    mpl_copas_point *const grid = MPL_NEW(job->keep, mpl_copas_point, is_named ? STEPS * STEPS : 0);
    if (!path || !grid)
        return mpl__fail_nomem(err, "Copas's model");
    const mpl_copas_point *const first = walk(&to, is_named, path);
    if (is_named) {
        cover(&to, grid);
        bias->copas_path = path;
        bias->n_copas_path = STEPS + 1;
        bias->copas_grid = grid;
        bias->n_copas_grid = STEPS * STEPS;
    }
    if (!first)
        return mpl__bias_refuse(job, row, err, "effects lean on their standard errors however strong the selection");
    return fill(job, first, &to, row, err);
}

const mpl__bias_def mpl__bias_copas = {
    .pub = { { "copas", "Copas selection model",
               "Copas & Shi 2000, Biostatistics 1:247-262; Carpenter et al. 2009, J Clin Epidemiol 62:624-631", NULL,
               "The mean at the weakest selection by standard error and effect that leaves no trend, p >= 0.1; ML. "
               "Asked for by name, also along its whole path, and in JSON and CSV over a grid." },
             MPL_BIAS_ADJUSTED, "how strong selection is cannot be estimated: see how the mean changes along the path "
                                "(--only copas)" },
    .min_k = 3, .compute = copas,
};
