/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Logistic regression with an intercept for each study and one log odds ratio, by the likelihood that Jeffreys' prior
 * penalises: l + ln|I|/2 (Firth 1993; Heinze & Schemper 2002). It has a finite maximum whatever the zeros. For single
 * proportions it is the pooled logit of (x + 1/2)/(n + 1).
 *
 * With w1 = n1 p1 q1 and w2 likewise, w = w1 + w2 and f = w1/w, the information is |I| = S prod(w), S = sum w1 w2/w,
 * and its inverse and the hat values h1 = f + w1 (1 - f)^2/S, h2 = 1 - f + w2 f^2/S take O(k). The maximum solves the
 * score equations with x + h/2 events among n + h people; a step is one of Fisher's, shortened until it climbs.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/count_pool.h"
#include "num/brent.h"
#include "num/sum.h"

enum { MOST_STEPS = 2000 };
static const double LAST_STEP = 1e-13, LONGEST_STEP = 3;

typedef struct firth {
    size_t k;
    const double *x1, *n1, *x2, *n2; /* group 2 is NULL for single proportions */
    double *alpha, *step, *from;     /* [k] intercepts, which are the logits of group 2 */
    double theta, s;                 /* log odds ratio; its information */
    double ll;                       /* penalised */
    int iter;
    bool converged;
    double cut;                      /* of the profile */
} firth;

static double expit(double eta)
{
    return eta >= 0 ? 1 / (1 + exp(-eta)) : exp(eta) / (1 + exp(eta));
}

/* ln(1 + exp(eta)) */
static double soft(double eta)
{
    return fmax(eta, 0) + log1p(exp(-fabs(eta)));
}

typedef struct cells {
    double p1, p2, w1, w2, w, f;
} cells;

static cells cells_at(const firth *m, size_t i)
{
    cells c = { .p1 = expit(m->alpha[i] + m->theta), .p2 = expit(m->alpha[i]) };
    c.w1 = m->n1[i] * c.p1 * expit(-m->alpha[i] - m->theta);
    c.w2 = m->n2[i] * c.p2 * expit(-m->alpha[i]);
    c.w = c.w1 + c.w2;
    c.f = c.w1 / c.w;
    return c;
}

static void evaluate(firth *m)
{
    mpl__sum ll = { 0 }, s = { 0 };
    for (size_t i = 0; i < m->k; i++) {
        const cells c = cells_at(m, i);
        const double eta = m->alpha[i] + m->theta;
        mpl__sum_add(&s, c.f * c.w2);
        mpl__sum_add(&ll, m->x1[i] * eta - m->n1[i] * soft(eta) + m->x2[i] * m->alpha[i] -
                              m->n2[i] * soft(m->alpha[i]) + log(c.w) / 2);
    }
    m->s = mpl__sum_get(&s);
    m->ll = mpl__sum_get(&ll) + log(m->s) / 2;
}

/* Fisher's step from the point: of the intercepts into step, of theta as the result; *size is the largest. */
static double find_step(firth *m, bool is_free, double *size)
{
    mpl__sum score = { 0 };
    double theta = 0;
    for (size_t i = 0; i < m->k; i++) { /* step holds the scores of the intercepts for now */
        const cells c = cells_at(m, i);
        const double h1 = c.f + c.w1 * (1 - c.f) * (1 - c.f) / m->s, h2 = 1 - c.f + c.w2 * c.f * c.f / m->s;
        const double u1 = m->x1[i] - m->n1[i] * c.p1 + h1 * (0.5 - c.p1);
        const double u2 = m->x2[i] - m->n2[i] * c.p2 + h2 * (0.5 - c.p2);
        mpl__sum_add(&score, u1 - c.f * (u1 + u2));
        m->step[i] = u1 + u2;
    }
    if (is_free)
        theta = mpl__sum_get(&score) / m->s;
    *size = fabs(theta);
    for (size_t i = 0; i < m->k; i++) {
        const cells c = cells_at(m, i);
        m->step[i] = m->step[i] / c.w - c.f * theta;
        *size = fmax(*size, fabs(m->step[i]));
    }
    return theta;
}

/* Climbs to the maximum over the intercepts, and over theta if it is free. */
static void maximise(firth *m, bool is_free)
{
    double size = INFINITY;
    evaluate(m);
    m->converged = false;
    for (int i = 0; i < MOST_STEPS && !m->converged; i++, m->iter++) {
        const double theta = m->theta, ll = m->ll, step = find_step(m, is_free, &size);
        double part = fmin(1, LONGEST_STEP / size);
        memcpy(m->from, m->alpha, m->k * sizeof *m->alpha);
        for (int half = 0; half < 60; half++, part /= 2) {
            m->theta = theta + part * step;
            for (size_t j = 0; j < m->k; j++)
                m->alpha[j] = m->from[j] + part * m->step[j];
            evaluate(m);
            if (m->ll >= ll - 1e-13 * (1 + fabs(ll)))
                break;
        }
        m->converged = size <= LAST_STEP * (1 + fabs(m->theta));
    }
    m->converged = m->converged || size < 1e-9; /* rounding in large tables keeps steps from getting smaller */
}

static void start(firth *m)
{
    double a = 0.5, b = 0.5, c = 0.5, d = 0.5;
    for (size_t i = 0; i < m->k; i++) {
        a += m->x1[i];
        b += m->n1[i] - m->x1[i];
        c += m->x2[i];
        d += m->n2[i] - m->x2[i];
        const double x = m->x1[i] + m->x2[i] + 0.5, n = m->n1[i] + m->n2[i] + 1;
        m->alpha[i] = log(x / (n - x));
    }
    m->theta = log(a / b * (d / c));
    for (size_t i = 0; i < m->k; i++)
        m->alpha[i] -= m->theta * m->n1[i] / (m->n1[i] + m->n2[i]);
}

/* The penalised profile likelihood above the cut. */
static double height(double theta, void *ctx)
{
    firth *const m = ctx;
    m->theta = theta;
    maximise(m, false);
    return m->ll - m->cut;
}

static double limit(firth *m, double theta, double se, double side)
{
    double near = theta, step = se;
    for (int i = 0; i < 100; i++, step *= 1.5) {
        const double far = theta + side * step;
        if (height(far, m) <= 0)
            return mpl__brent_root(height, m, near, far);
        near = far;
    }
    return side * INFINITY;
}

/* The likelihood ratio test and its interval, which are better than Wald's where counts are few. */
static mpl_status add_profile(mpl__fit_job *job, mpl_fit *fit, firth *m, mpl_error *err)
{
    static const char *const cite = "Heinze & Schemper 2002, Stat Med 21:2409-2419";
    mpl_hypothesis *const test = MPL_NEW(fit->arena, mpl_hypothesis, 1);
    const double theta = m->theta, ll = m->ll, se = 1 / sqrt(m->s);
    if (!test)
        return mpl__fail_nomem(err, "the likelihood ratio test");
    m->cut = ll - 0.5 * job->z * job->z;
    const double lb = limit(m, theta, se, -1), ub = limit(m, theta, se, 1);
    const double at_0 = height(0, m) + m->cut;
    *test = mpl__chisq_test("effect-lr", "no effect: penalised likelihood ratio", cite, fmax(0, 2 * (ll - at_0)), 1);
    fit->hypotheses = test;
    fit->n_hypotheses = 1;
    return mpl__fit_add_quantity(fit, (mpl_quantity){ "effect-profile", "the effect, with the interval of the "
                                                      "penalised likelihood ratio", cite, theta, NAN, lb, ub }, err);
}

static void add_notes(mpl__fit_job *job, const mpl_counts *c, bool *flag)
{
    double x1 = 0, x2 = 0, n1 = 0, n2 = 0;
    for (size_t i = 0; i < c->n; i++) {
        flag[i] = mpl__count_is_empty(c, i);
        x1 += c->x1[i];
        n1 += c->n1[i];
        x2 += c->x2[i];
        n2 += c->n2[i];
    }
    mpl__count_note(job, "no-information", "no events, or only events, in both groups: in the estimate through the "
                    "penalty alone,", flag);
    if (x1 == 0 || x2 == 0 || x1 == n1 || x2 == n2)
        mpl__note_add(&job->notes, "separation", "in no study group %d has %s: that the estimate is finite is the work "
                      "of the penalty", x1 == 0 || x1 == n1 ? 1 : 2,
                      (x1 == 0 || (x1 != n1 && x2 == 0)) ? "events" : "people without an event");
}

static mpl_status pool_two(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    firth m = { .k = c->n, .x1 = c->x1, .n1 = c->n1, .x2 = c->x2, .n2 = c->n2,
                .alpha = MPL_NEW(job->scratch, double, c->n), .step = MPL_NEW(job->scratch, double, c->n),
                .from = MPL_NEW(job->scratch, double, c->n) };
    double *const weight = MPL_NEW(job->scratch, double, c->n);
    bool *const flag = MPL_NEW(job->scratch, bool, c->n);
    if (!m.alpha || !m.step || !m.from || !weight || !flag)
        return mpl__fail_nomem(err, "the model");
    start(&m);
    maximise(&m, true);
    const bool converged = m.converged;
    for (size_t i = 0; i < c->n; i++) {
        const cells at = cells_at(&m, i);
        weight[i] = at.f * at.w2;
    }
    MPL_TRY(mpl__count_fill(job, fit, m.theta, 1 / m.s, weight, err));
    MPL_TRY(add_profile(job, fit, &m, err));
    add_notes(job, c, flag);
    fit->converged = converged && m.converged;
    fit->iter = m.iter;
    return MPL_OK;
}

static mpl_status pool_one(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl_counts *const c = job->effects->counts;
    mpl__sum x = { 0 }, n = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        mpl__sum_add(&x, c->x1[i]);
        mpl__sum_add(&n, c->n1[i]);
    }
    const double p = (mpl__sum_get(&x) + 0.5) / (mpl__sum_get(&n) + 1);
    if (mpl__sum_get(&x) == 0 || mpl__sum_get(&x) == mpl__sum_get(&n))
        mpl__note_add(&job->notes, "separation", "%s has the event: that the estimate is finite is the work of the "
                      "penalty", mpl__sum_get(&x) == 0 ? "nobody" : "everybody");
    return mpl__count_fill(job, fit, log(p / (1 - p)), 1 / (mpl__sum_get(&n) * p * (1 - p)), c->n1, err);
}

static mpl_status pool(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    MPL_TRY(mpl__count_check(job, err));
    mpl__count_note_exact(job);
    MPL_TRY((job->effects->counts->n2 ? pool_two : pool_one)(job, fit, err));
    mpl__count_heterogeneity(fit, NAN, NAN);
    return MPL_OK;
}

const mpl__method_def mpl__method_firth = {
    .method = { "Firth", "penalised logistic regression with an intercept for each study",
                "Firth 1993, Biometrika 80:27-38; Heinze & Schemper 2002, Stat Med 21:2409-2419", "penalised-logistic",
                "Counts are modelled without added halves; the penalty keeps the estimate finite whatever the zeros, "
                "and takes off the bias of few events. One true effect is assumed." },
    .is_common = true,
    .pool = pool,
    .measures = "OR PLO",
};
