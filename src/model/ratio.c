/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests and intervals of a coefficient from the likelihood ratio W(b) = 2 [l(maximum) - l(maximum given beta_j = b)]
 * and its signed root r = sign(beta_j - b) sqrt(W), which is about standard normal.
 *
 * The maximum given b is that of y - b x_j on the design without column j. Bartlett divides W by its expectation to
 * the next order, 1 + D(X) - D(X without j), where with Sr = sum wi^r, Ar = X'W^rX
 *
 *     D(X) = 2/S2 [tr(A^-1 A3) - tr(A^-1 A2 A^-1 A2)/2 + tr(A^-1 A2)^2/4]
 *
 * (Lawley's formula for this model; for a mean D = 2 S3/(S1 S2) - S2/(2 S1^2)). Skovgaard takes r + ln(u/r)/r; his u
 * (Guolo 2012, section 3) comes down to
 *
 *     u = |d_j - c_j (S1~ - S1^)/S2~| sqrt(J^/J~) S2~/S2^ sqrt(|A~|/|A^| / (A~^-1)_jj),
 *
 * ^ at the maximum, ~ at the one given b, d the difference of their coefficients, c the coefficients of the weighted
 * regression of W~Xd on X at ~, and J = y'PPPy - S2/2, each in its own model.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/fit_impl.h"
#include "num/brent.h"
#include "num/dist.h"

typedef enum ratio_kind { PLAIN, BARTLETT, SKOVGAARD } ratio_kind;

typedef struct ratio {
    const mpl__fit_job *job;
    const mpl_fit *fit;
    ratio_kind kind;
    size_t j;
    mpl__problem sub, full; /* the design without column j; a copy of the job's */
    double *y, *beta, *vb, *beta_full, *vb_full;
    double ll, divisor, target;
    double at_maximum; /* the correction near the maximum, where r passes 0; NaN = not known yet */
} ratio;

static double x_at(const ratio *f, size_t i, size_t j)
{
    return f->job->design && !f->job->pb.is_mean ? f->job->design->x[i * f->fit->p + j] : 1;
}

/* D(X) at t. */
static double lawley(mpl__problem *pb, double t)
{
    if (pb->p == 0)
        return 0;
    const size_t k = pb->k, p = pb->p;
    const mpl__at at = mpl__evaluate(pb, t);
    double t1 = 0, t2 = 0, a3 = 0;
    for (size_t i = 0; i < k; i++) {
        const double w = 1 / (pb->v[i] + t);
        double h = pb->is_mean ? w / at.sum_w : 0;
        for (size_t l = 0; l < p && !pb->is_mean; l++)
            h += pb->u[l * k + i] * pb->u[l * k + i];
        t1 += w * h;
        a3 += w * w * h;
    }
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++) {
            double c = pb->is_mean ? t1 : 0;
            for (size_t i = 0; i < k && !pb->is_mean; i++)
                c += pb->u[a * k + i] * pb->u[b * k + i] / (pb->v[i] + t);
            t2 += c * c;
        }
    return 2 / at.sum_w2 * (a3 - t2 / 2 + t1 * t1 / 4);
}

/* Skovgaard's u over |r| >= 0, as a logarithm; NaN if the information is not positive. */
static double log_u(ratio *f, double b, double t, const mpl__at *at)
{
    const mpl__fit_job *const job = f->job;
    const size_t k = f->fit->k, p = f->fit->p;
    mpl__coefficients(&f->sub, at, f->beta, f->vb);
    for (size_t i = 0; i < k; i++) {
        double delta = x_at(f, i, f->j) * (f->fit->terms[f->j].estimate - b);
        for (size_t l = 0, m = 0; l < p; l++)
            if (l != f->j)
                delta += x_at(f, i, l) * (f->fit->terms[l].estimate - f->beta[m++]);
        f->y[i] = delta / (mpl__variance_scaled(&job->pb, job->effects->vi[i]) + t);
    }
    if (mpl__problem_renew(&f->full, f->y, job->effects->vi, NULL) != MPL_OK)
        return NAN;
    const mpl__at full = mpl__evaluate(&f->full, t), *const top = &job->at;
    mpl__coefficients(&f->full, &full, f->beta_full, f->vb_full);
    const double shift = (at->sum_w - top->sum_w) / at->sum_w2;
    const double x = f->fit->terms[f->j].estimate - b - shift * f->beta_full[f->j];
    const double information = (top->yppp - top->sum_w2 / 2) / (at->yppp - at->sum_w2 / 2);
    return log(fabs(x)) + 0.5 * log(information) + log(at->sum_w2 / top->sum_w2) +
           0.5 * (full.log_det - top->log_det) - 0.5 * log(f->vb_full[f->j * p + f->j]);
}

/* The statistic for beta_j = b; *root is r. NaN if it cannot be had. */
static double statistic(ratio *f, double b, double *root)
{
    mpl_tau2 tau2;
    const mpl_effects *const es = f->job->effects;
    for (size_t i = 0; i < f->fit->k; i++)
        f->y[i] = es->yi[i] - b * x_at(f, i, f->j);
    if (mpl__problem_renew(&f->sub, f->y, es->vi, NULL) != MPL_OK ||
        mpl__maximise_likelihood(&f->sub, false, &tau2, NULL) != MPL_OK)
        return NAN;
    (void)mpl__evaluate(&f->sub, tau2.tau2);
    const mpl__at at = mpl__evaluate(&f->sub, tau2.tau2);
    const double w = 2 * (f->ll - mpl__log_likelihood(&f->sub, &at, false));
    const double r = *root = copysign(sqrt(fmax(w, 0)), f->fit->terms[f->j].estimate - b);
    if (f->kind == SKOVGAARD)
        return r == 0 ? NAN : r + (log_u(f, b, tau2.tau2, &at) - log(fabs(r))) / r;
    return r / sqrt(f->divisor);
}

/* Where r is nearly 0 the correction is the one on both sides of the maximum. */
static double statistic_anywhere(ratio *f, double b)
{
    const mpl_term *const term = &f->fit->terms[f->j];
    double r, left, right;
    if (f->kind != SKOVGAARD || fabs(b - term->estimate) > 0.1 * term->se)
        return statistic(f, b, &r);
    if (isnan(f->at_maximum)) {
        const double above = statistic(f, term->estimate - 0.1 * term->se, &left);
        const double below = statistic(f, term->estimate + 0.1 * term->se, &right);
        f->at_maximum = 0.5 * (above - left + below - right);
    }
    (void)statistic(f, b, &r);
    return r + f->at_maximum;
}

static double distance(double b, void *ctx)
{
    ratio *const f = ctx;
    return statistic_anywhere(f, b) - f->target;
}

/* The statistic falls in b; it passes z below the estimate and -z above. */
static double limit(ratio *f, double side)
{
    const mpl_term *const term = &f->fit->terms[f->j];
    double near = term->estimate, step = term->se;
    f->target = -side * f->job->z;
    for (int i = 0; i < 200; i++, step *= 1.5) {
        const double far = term->estimate + side * step, value = side * distance(far, f);
        if (isnan(value))
            return NAN;
        if (value <= 0)
            return mpl__brent_root(distance, f, near, far);
        near = far;
    }
    return side * INFINITY;
}

static mpl_status prepare(mpl__fit_job *job, const mpl_fit *fit, size_t j, ratio *f, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const size_t k = fit->k, p = fit->p, others = p - 1;
    double *const x = MPL_NEW(job->scratch, double, k * p), *const own = MPL_NEW(job->scratch, double, k + 4 * p * p);
    if (!x || !own)
        return mpl__fail_nomem(err, "the likelihood ratio");
    *f = (ratio){ .job = job, .fit = fit, .kind = f->kind, .j = j, .y = own, .beta = own + k, .vb = own + k + p,
                  .beta_full = own + k + p + p * p, .vb_full = own + k + 2 * p + p * p,
                  .ll = mpl__log_likelihood(&job->pb, &job->at, false), .divisor = 1, .at_maximum = NAN };
    for (size_t i = 0; i < k; i++)
        for (size_t l = 0, m = 0; l < p; l++)
            if (l != j)
                x[i * others + m++] = x_at(f, i, l);
    MPL_TRY(mpl__problem_copy(&f->full, &job->pb, job->scratch, err));
    f->full.keeps_unit = true;
    MPL_TRY(mpl__problem_renew(&f->full, es->yi, es->vi, err));
    if (others == 0)
        MPL_TRY(mpl__problem_init_known(&f->sub, job->scratch, es->yi, es->vi, es->slab, k, err));
    else
        MPL_TRY(mpl__problem_init(&f->sub, job->scratch, es->yi, es->vi, es->slab, k, x, others, NULL, err));
    f->sub.exponent = job->pb.exponent; /* sums of all three are compared */
    f->sub.keeps_unit = true;
    if (f->kind == BARTLETT)
        f->divisor = 1 + lawley(&f->full, job->at.t) - lawley(&f->sub, job->at.t);
    return MPL_OK;
}

static mpl_status refine(mpl__fit_job *job, mpl_fit *fit, ratio_kind kind, mpl_error *err)
{
    mpl_term *const terms = MPL_NEW(fit->arena, mpl_term, fit->p);
    if (!terms)
        return mpl__fail_nomem(err, "the likelihood ratio");
    if (isnan(fit->tau2))
        return MPL_OK;
    if (kind == SKOVGAARD && (fit->tau2 == 0 || job->df < 2)) {
        mpl__note_add(&job->notes, "skovgaard-boundary", "%s: p-values and intervals are of the likelihood ratio "
                      "without it", fit->tau2 == 0 ? "tau2 is 0, where Skovgaard's correction is not defined"
                      : "Skovgaard's correction needs two studies more than coefficients");
        kind = PLAIN;
    }
    for (size_t j = 0; j < fit->p; j++) {
        ratio f = { .kind = kind };
        MPL_TRY(prepare(job, fit, j, &f, err));
        terms[j] = fit->terms[j];
        terms[j].statistic = statistic_anywhere(&f, 0);
        terms[j].pval = mpl__two_sided(terms[j].statistic, INFINITY, &terms[j].log_pval);
        terms[j].ci_lb = limit(&f, -1);
        terms[j].ci_ub = limit(&f, 1);
        if (isnan(terms[j].ci_lb) || isnan(terms[j].ci_ub) || isnan(terms[j].statistic))
            mpl__note_add(&job->notes, "ratio-not-estimable", "%s: the corrected likelihood ratio is not defined "
                          "everywhere, since the likelihood is not concave there", terms[j].term);
    }
    fit->terms = terms;
    return MPL_OK;
}

mpl_status mpl__refine_pl(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    return refine(job, fit, PLAIN, err);
}

mpl_status mpl__refine_bartlett(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    return refine(job, fit, BARTLETT, err);
}

mpl_status mpl__refine_skovgaard(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    return refine(job, fit, SKOVGAARD, err);
}
