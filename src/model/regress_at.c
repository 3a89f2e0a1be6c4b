/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regression says of chosen values of the moderators. */
#include <math.h>

#include "base/error.h"
#include "model/regress_impl.h"
#include "num/dist.h"

static mpl_status no_memory(const mpl__regress_job *job)
{
    return mpl__fail_nomem(job->err, "the predictions");
}

/* Half the prediction interval; NaN where the variant asked for has none. */
static double half_of_new(const mpl_fit *fit, const mpl__pi_def *pi, double tau2, const double *x, double variance)
{
    const mpl__method_def *method;
    if (!pi || pi->is_none || pi->compute || isnan(tau2) || isnan(variance) ||
        mpl__method_find(fit->options.method, &method, NULL) != MPL_OK || method->is_common)
        return NAN;
    const double factor[] = { [MPL__PI_IN_FORCE] = 1, [MPL__PI_CLASSIC] = 1 / fit->vb_factor,
                              [MPL__PI_HKSJ] = fit->s2w / fit->vb_factor, [MPL__PI_KR] = 1, [MPL__PI_WITHOUT] = 0 };
    double kr = NAN;
    if (pi->se == MPL__PI_KR)
        variance = fit->kenward ? mpl__kenward_variance(fit, x, &kr) : NAN;
    else if (fit->is_kenward && pi->se != MPL__PI_IN_FORCE)
        variance = mpl__kenward_plain(fit, x);
    const double df = pi->df == MPL__PI_NORMAL ? INFINITY
                      : (pi->df == MPL__PI_KENWARD ? kr : (double)(fit->k - fit->p)) - pi->df_less;
    if (!(df >= 1))
        return NAN;
    return mpl__t_q((1 - fit->level) / 2, df, MPL__UPPER) * sqrt(factor[pi->se] * variance + tau2);
}

mpl_prediction mpl__predict_row(const mpl_fit *fit, const mpl__pi_def *pi, double tau2, const char *at,
                                const double *x, bool is_known)
{
    double estimate = 0, variance = 0;
    for (size_t i = 0; i < fit->p; i++) {
        estimate += x[i] * fit->terms[i].estimate;
        for (size_t j = 0; j < fit->p; j++)
            variance += x[i] * x[j] * fit->vb[i * fit->p + j];
    }
    if (!is_known)
        estimate = variance = NAN;
    const mpl_term t = mpl__term_make(at, estimate, is_known ? sqrt(fmax(variance, 0)) : NAN, mpl__fit_df(fit, x),
                                      fit->level);
    const double half = half_of_new(fit, pi, tau2, x, t.se * t.se);
    return (mpl_prediction){ .at = at, .estimate = estimate, .se = t.se, .df = t.df, .ci_lb = t.ci_lb,
                             .ci_ub = t.ci_ub, .pi_lb = estimate - half, .pi_ub = estimate + half, .tau2 = tau2 };
}

/* A column of a point that no variable is made from. */
static mpl_status check_columns(const mpl__regress_job *job, const mpl__point *point)
{
    char shown[MPL_SHOWN_SIZE];
    for (size_t i = 0; i < point->n; i++)
        if (!mpl__formula_uses(job->own->formula, point->settings[i].column) &&
            !(job->own->scale_formula && mpl__formula_uses(job->own->scale_formula, point->settings[i].column)))
            return mpl__fail(job->err, MPL_ERR_ARG, "--predict: column '%s' is not in the model",
                             mpl_text_to_shown(point->settings[i].column->name, shown));
    return MPL_OK;
}

mpl_status mpl__regress_predict(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const mpl__point *points;
    const mpl__pi_def *pi;
    mpl__cell cells[MPL__MOST_VARIABLES];
    size_t n;
    if (!r->options.predict)
        return MPL_OK;
    MPL_TRY(mpl__points_read(r->options.predict, "--predict", job->data, job->keep, &n, &points, job->err));
    MPL_TRY(mpl__pi_find(r->fit->options.pi, &pi, job->err));
    mpl_prediction *const all = MPL_NEW(job->keep, mpl_prediction, n);
    double *const x = MPL_NEW(job->scratch, double, r->fit->p);
    mpl_scale_prediction *const tau2 = MPL_NEW(job->keep, mpl_scale_prediction, n);
    if (!all || !x || !tau2)
        return no_memory(job);
    for (size_t i = 0; i < n; i++) {
        MPL_TRY(check_columns(job, &points[i]));
        MPL_TRY(mpl__point_cells(job->own->formula, "--predict", &points[i], NULL, cells, job->err));
        const bool is_known = mpl__formula_row(job->own->formula, &job->own->matrix, cells, x);
        tau2[i].tau2 = r->fit->tau2;
        if (job->own->scale)
            MPL_TRY(mpl__scale_predict(job->own->scale, &points[i], "--predict", &tau2[i], job->err));
        all[i] = mpl__predict_row(r->fit, pi, tau2[i].tau2, points[i].at, x, is_known);
        if (!is_known)
            mpl__note_add(&job->notes, "not-estimable", "the model says nothing of %s: a column that this "
                          "needs was left out", points[i].at);
    }
    if (!pi->is_none && isnan(all[0].pi_lb) && !isnan(all[0].estimate))
        mpl__note_add(&job->notes, "pi-not-estimable", "the prediction interval (%s) is not estimable here",
                      pi->method.id);
    r->predictions = all;
    r->n_predictions = n;
    if (job->own->scale)
        mpl__scale_keep_predictions(job->own->scale, tau2, n);
    return MPL_OK;
}
