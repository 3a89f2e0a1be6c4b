/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Profile-likelihood intervals of the coefficients of the scale: where twice the log-likelihood, maximised over the
 * other coefficients, has fallen by the quantile of chi-squared with one degree of freedom. The slope of the profile is
 * the score of the coefficient that is held, so that Newton steps need nothing more.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/scale_impl.h"
#include "num/dist.h"
#include "num/linalg.h"
#include "num/search.h"
#include "num/sum.h"

/* Where ln(tau2_i) of some studies have moved by this much against each other, what is to vanish has. */
static const double FURTHEST = 80;

typedef struct profile {
    mpl__scale_sums sums;  /* the last column is what the others leave of that of the coefficient */
    mpl__scale_at at, top; /* here; at the maximum */
    double directions[MPL__MOST_SCALE * MPL__MOST_SCALE]; /* the others */
    double peak, fall, spread; /* spread: of the last column */
} profile;

/* Twice the fall at this value, less what is allowed. */
static double beyond(void *ctx, double value, double *slope)
{
    profile *const p = ctx;
    const size_t last = p->sums.q - 1;
    mpl__scale_at other = p->top; /* two ways to the top of this slice: from the slice before, from the maximum */
    p->at.gamma[last] = other.gamma[last] = value;
    (void)mpl__scale_climb(&p->sums, &p->at, p->directions, last);
    (void)mpl__scale_climb(&p->sums, &other, p->directions, last);
    if (other.ll > p->at.ll)
        p->at = other;
    *slope = -2 * p->at.score[last];
    return 2 * (p->peak - p->at.ll) - p->fall;
}

/* The basis of the other columns, and gamma at the maximum. */
static bool arrange(const mpl__scale_job *s, size_t j, profile *p, double *basis, double *lower)
{
    const mpl_design *const d = &s->matrix.design;
    const size_t k = s->sums.k, q = s->sums.q;
    double coef[MPL__MOST_SCALE];
    for (size_t l = 0, to = 0; l < q; l++) {
        double *const column = basis + (l == j ? q - 1 : to++) * k;
        for (size_t i = 0; i < k; i++)
            column[i] = d->x[i * q + l];
    }
    if (mpl__orthonormalise(basis, k, q - 1, lower, 1e-11) < q - 1)
        return false;
    mpl__project_out(basis, k, q - 1, basis + (q - 1) * k, coef);
    for (size_t i = 0; i < k * (q - 1); i++)
        basis[i] *= sqrt((double)k);
    for (size_t l = 0; l + 1 < q; l++) {
        mpl__sum sum = { 0 };
        for (size_t i = 0; i < k; i++) {
            double eta = -basis[(q - 1) * k + i] * s->terms[j].estimate;
            for (size_t m = 0; m < q; m++)
                eta += s->sums.basis[m * k + i] * s->best->at.gamma[m];
            mpl__sum_add(&sum, eta * basis[l * k + i]);
        }
        p->top.gamma[l] = mpl__sum_get(&sum) / (double)k;
    }
    p->top.gamma[q - 1] = s->terms[j].estimate;
    double least = INFINITY, most = -INFINITY;
    for (size_t i = (q - 1) * k; i < q * k; i++) {
        least = fmin(least, basis[i]);
        most = fmax(most, basis[i]);
    }
    p->spread = q > 1 ? most - least : most;
    memset(p->directions, 0, sizeof p->directions);
    for (size_t l = 0; l + 1 < q; l++)
        p->directions[l * q + l] = 1;
    return true;
}

/* The limit on one side; infinite if the likelihood does not fall far enough. */
static double limit(profile *p, double step)
{
    const double from = p->top.gamma[p->sums.q - 1];
    double lo = from, hi = from, slope;
    p->at = p->top;
    for (;; step *= 1.5) {
        hi = lo + step;
        if (beyond(p, hi, &slope) > 0)
            break;
        if (fabs(hi - from) * p->spread > FURTHEST)
            return step > 0 ? INFINITY : -INFINITY;
        lo = hi;
    }
    const double a = fmin(lo, hi), b = fmax(lo, hi);
    return mpl__root_find(beyond, p, a, b, a + 0.5 * (b - a), step > 0, 1e-10).x;
}

mpl_status mpl__scale_profile(mpl__scale_job *s)
{
    const size_t k = s->sums.k, q = s->sums.q;
    const double z = mpl__norm_q((1 - s->job->own->fit->level) / 2, MPL__UPPER);
    profile *const p = MPL_NEW(s->scratch, profile, 1);
    double *const basis = MPL_NEW(s->scratch, double, k * q), *const lower = MPL_NEW(s->scratch, double, q * q);
    if (!p || !basis || !lower)
        return mpl__fail_nomem(s->job->err, "the intervals of the scale");
    for (size_t j = 0; j < q; j++) {
        mpl_term *const t = &s->terms[j];
        p->sums = s->sums;
        p->sums.basis = basis;
        p->peak = s->best->at.ll;
        p->fall = z * z;
        if (isnan(t->estimate) || !arrange(s, j, p, basis, lower)) {
            t->ci_lb = t->ci_ub = NAN;
            continue;
        }
        const double step = isfinite(t->se) && t->se > 0 ? t->se : 1 / p->spread;
        t->ci_ub = limit(p, step);
        t->ci_lb = limit(p, -step);
    }
    return MPL_OK;
}
