/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Profile likelihoods. At a given tau2 the coefficients that maximise the likelihood are those of a fit with that tau2,
 * so a point is such a fit. With coefficient j at b the others and tau2 are those of yi - b xij on the design without
 * its column (for a mean, of effects about a mean that is known).
 *
 * Hardy & Thompson 1996, Stat Med 15:619-629.
 */
#include <metapool/likelihood.h>

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/note.h"
#include "model/fit_impl.h"
#include "num/dist.h"

enum { DEFAULT_POINTS = 21 };

/* How far to go beyond the limits, in parts of their distance from the estimate. */
static const double MARGIN = 0.5;

typedef struct maker {
    const mpl_design *design;
    mpl_likelihood *own;
    mpl_fit_options options; /* of the fits that points are made of */
    mpl__arena *scratch;
    bool is_fixed;           /* tau2 is given */
    size_t j;                /* the coefficient */
    mpl__problem sub;        /* the design without it */
    double *y;               /* [k] */
    mpl__notes notes;
    size_t n_failed;
    mpl_error *err;
} maker;

const mpl_option *mpl_likelihood_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "parameter", MPL_MEMBER(TEXT, mpl_likelihood_options, parameter), .arg = "NAME", .dflt = "tau2",
          .help = "what to vary: tau2, mean, or a coefficient by its name", .since = "0.1" },
        { .name = "least", MPL_MEMBER(MAYBE, mpl_likelihood_options, least), .arg = "VALUE",
          .help = "where the values begin, on the scale of analysis; else beyond the interval", .since = "0.1" },
        { .name = "most", MPL_MEMBER(MAYBE, mpl_likelihood_options, most), .arg = "VALUE",
          .help = "where they end", .since = "0.1" },
        { .name = "values", MPL_MEMBER(COUNT, mpl_likelihood_options, points), .min = 2, .max = 100000, .arg = "N",
          .help = "how many, equally spaced; 21 if not given", .since = "0.1" },
        { .name = NULL },
    };
    return table;
}

static mpl_status find_parameter(maker *mk)
{
    const char *const name = mk->own->options.parameter;
    const mpl_fit *const fit = mk->own->fit;
    mk->own->is_tau2 = !strcmp(name, "tau2");
    mk->own->parameter = "tau2";
    if (mk->own->is_tau2)
        return MPL_OK;
    for (mk->j = 0; mk->j < fit->p; mk->j++)
        if (!strcmp(name, fit->terms[mk->j].term) || (fit->p == 1 && !mk->design && !strcmp(name, "mean")))
            break;
    if (mk->j < fit->p) {
        mk->own->parameter = fit->p == 1 && !mk->design ? "mean" : fit->terms[mk->j].term;
        return MPL_OK;
    }
    char shown[MPL_SHOWN_SIZE];
    return mpl__fail(mk->err, MPL_ERR_NAME, "unknown parameter '%s'; there are tau2 and %s%s",
                     mpl_text_to_shown(name, shown), fit->p == 1 && !mk->design ? "mean" : "the coefficients, such as ",
                     fit->p == 1 && !mk->design ? "" : fit->terms[fit->p - 1].term);
}

/* Intervals of the mean at a given tau2 need no more than that. */
static const char *plain_test(const mpl_fit *fit)
{
    const mpl__test_def *test;
    if (mpl__test_find(fit->options.test, &test, NULL) != MPL_OK || test->refine || test->needs_reml ||
        test->of_method || test->of_weights)
        return "z";
    return fit->options.test;
}

static mpl_status prepare(maker *mk)
{
    const mpl_fit *const fit = mk->own->fit;
    const mpl__method_def *method;
    const mpl__weights_def *weights;
    MPL_TRY(mpl__method_find(fit->options.method, &method, mk->err));
    MPL_TRY(mpl__weights_find(fit->options.weights, &weights, mk->err));
    if (method->pool || method->is_multiplicative || weights->weigh)
        return mpl__fail(mk->err, MPL_ERR_ARG, "a profile is of the likelihood of effects with variances vi + tau2, "
                         "which %s %s has not", weights->weigh ? "weights" : "method",
                         weights->weigh ? weights->method.id : method->method.id);
    if (isnan(fit->tau2))
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "one study has no profile of %s", mk->own->parameter);
    mk->is_fixed = method->is_common || fit->options.tau2.given || fit->options.i2.given;
    if (mk->own->is_tau2 && mk->is_fixed)
        return mpl__fail(mk->err, MPL_ERR_ARG, "tau2 is %s, so that it has no profile",
                         method->is_common ? "0 by the method" : "given");
    mk->own->kind = mk->own->is_tau2 && method->is_reml ? "REML" : "ML";
    mk->options = fit->options;
    mk->options.method = mk->own->kind;
    mk->options.test = plain_test(fit);
    mk->options.pi = mk->options.tau2_ci = "none";
    mk->options.draws = 0;
    mk->options.i2.given = mk->options.rb = mk->options.beyond.given = mk->options.het_tests = false;
    mk->options.permutation_ci = false;
    mk->options.tau2 = (mpl_maybe){ mk->is_fixed, fit->tau2 };
    if (strcmp(mk->options.test, fit->options.test) && mk->own->is_tau2)
        mpl__note_add(&mk->notes, "wald-at-tau2", "at a given tau2 there is no test %s: intervals of the mean are by z",
                      fit->options.test);
    return MPL_OK;
}

/* The maximum and the limits, from a fit that is asked for them. */
static mpl_status find_maximum(maker *mk)
{
    mpl_likelihood *const own = mk->own;
    mpl_fit_options options = mk->options;
    mpl_fit *top;
    if (own->is_tau2)
        options.tau2_ci = "PL";
    else
        options.test = mk->is_fixed ? "z" : "pl";
    MPL_TRY(mpl__fit_make(own->effects, mk->design, &options, true, NULL, &top, mk->err));
    const mpl_term *const term = &top->terms[mk->j];
    own->estimate = own->is_tau2 ? top->tau2 : term->estimate;
    own->ll = top->ll;
    own->lb = own->is_tau2 ? top->tau2_ci.lb : term->ci_lb;
    own->ub = own->is_tau2 ? top->tau2_ci.ub : term->ci_ub;
    own->n_maxima = mk->is_fixed ? 1 : top->n_maxima;
    own->cut = own->ll - 0.5 * mpl__chisq_q(1 - top->level, 1, MPL__UPPER);
    mpl_fit_free(top);
    if (isnan(own->ll))
        return mpl__fail(mk->err, MPL_ERR_TOO_FEW, "there are too few studies for a likelihood");
    if (own->n_maxima > 1)
        mpl__note_add(&mk->notes, "several-maxima", "the likelihood has %d local maxima in tau2", own->n_maxima);
    if (own->is_tau2 && strcmp(own->fit->options.method, own->kind))
        mpl__note_add(&mk->notes, "other-estimator", "method %s is not by likelihood: its estimate is not where the "
                      "profile is highest", own->fit->options.method);
    if (!own->is_tau2 && !mk->is_fixed && strcmp(own->fit->options.method, "ML"))
        mpl__note_add(&mk->notes, "full-likelihood", "the likelihood of a coefficient is that of method ML: it is not "
                      "highest at the estimate of method %s", own->fit->options.method);
    return MPL_OK;
}

static mpl_status set_range(mpl_likelihood *own, mpl_error *err)
{
    mpl_maybe *const least = &own->options.least, *const most = &own->options.most;
    const double below = own->estimate - own->lb, above = own->ub - own->estimate;
    const double size = own->fit->terms[0].se * (own->is_tau2 ? own->fit->terms[0].se : 1);
    if (!least->given)
        *least = (mpl_maybe){ true, fmax(own->is_tau2 ? 0 : -INFINITY,
                                         own->lb - MARGIN * (isfinite(below) ? below : size)) };
    if (!most->given)
        *most = (mpl_maybe){ true, isfinite(above) ? own->ub + MARGIN * above : own->estimate + 10 * size };
    if (!isfinite(least->value) || !isfinite(most->value) || !(least->value < most->value))
        return mpl__fail(err, MPL_ERR_ARG, "--most must be above --least (values of %s)", own->parameter);
    if (!own->options.points)
        own->options.points = DEFAULT_POINTS;
    return MPL_OK;
}

static mpl_status prepare_coefficient(maker *mk)
{
    const mpl_effects *const es = mk->own->effects;
    const size_t k = es->k, p = mk->own->fit->p;
    double *const x = MPL_NEW(mk->scratch, double, k * p);
    mk->y = MPL_NEW(mk->scratch, double, k);
    if (!x || !mk->y)
        return mpl__fail_nomem(mk->err, "the profile");
    for (size_t i = 0; i < k; i++)
        for (size_t l = 0, m = 0; l < p; l++)
            if (l != mk->j)
                x[i * (p - 1) + m++] = mk->design->x[i * p + l];
    if (p == 1)
        return mpl__problem_init_known(&mk->sub, mk->scratch, es->yi, es->vi, es->slab, k, mk->err);
    return mpl__problem_init(&mk->sub, mk->scratch, es->yi, es->vi, es->slab, k, x, p - 1, NULL, mk->err);
}

/* ---- points */

static mpl_status point_of_tau2(maker *mk, mpl_likelihood_point *point)
{
    mpl_fit_options options = mk->options;
    mpl_fit *at;
    options.tau2 = (mpl_maybe){ true, point->x };
    const mpl_status s = mpl__fit_make(mk->own->effects, mk->design, &options, true, NULL, &at, mk->err);
    if (s != MPL_OK)
        return s == MPL_ERR_NOMEM ? s : MPL_OK;
    point->ll = at->ll;
    point->i2 = at->i2;
    point->h2 = at->h2;
    if (!mk->design) {
        point->estimate = at->terms[0].estimate;
        point->ci_lb = at->terms[0].ci_lb;
        point->ci_ub = at->terms[0].ci_ub;
    }
    mpl_fit_free(at);
    return MPL_OK;
}

static void point_of_coefficient(maker *mk, mpl_likelihood_point *point)
{
    const mpl_effects *const es = mk->own->effects;
    const size_t p = mk->own->fit->p;
    mpl_tau2 tau2 = { .tau2 = 0 };
    point->tau2 = (double)NAN;
    for (size_t i = 0; i < es->k; i++)
        mk->y[i] = es->yi[i] - point->x * (mk->design ? mk->design->x[i * p + mk->j] : 1);
    if (mpl__problem_renew(&mk->sub, mk->y, es->vi, NULL) != MPL_OK)
        return;
    if (mk->is_fixed)
        tau2.tau2 = mpl__variance_scaled(&mk->sub, mk->own->fit->tau2);
    else if (mpl__maximise_likelihood(&mk->sub, MPL__ML, &tau2, NULL) != MPL_OK)
        return;
    (void)mpl__evaluate(&mk->sub, tau2.tau2); /* moves the centre */
    const mpl__at at = mpl__evaluate(&mk->sub, tau2.tau2);
    point->ll = mpl__log_likelihood(&mk->sub, &at, false);
    point->tau2 = mpl__variance_original(&mk->sub, tau2.tau2);
}

static mpl_status add_points(maker *mk)
{
    mpl_likelihood *const own = mk->own;
    const double from = own->options.least.value, to = own->options.most.value, none = (double)NAN;
    own->n = own->options.points;
    mpl_likelihood_point *const points = MPL_NEW(own->arena, mpl_likelihood_point, own->n);
    if (!points)
        return mpl__fail_nomem(mk->err, "the profile");
    for (size_t i = 0; i < own->n; i++) {
        const double part = (double)i / (double)(own->n - 1), x = i + 1 < own->n ? from + part * (to - from) : to;
        mpl_likelihood_point *const point = &points[i];
        *point = (mpl_likelihood_point){ x, none, none, none, x, none, none, none, none, none };
        if (own->is_tau2)
            MPL_TRY(point_of_tau2(mk, point));
        else
            point_of_coefficient(mk, point);
        mk->n_failed += isnan(point->ll) ? 1 : 0;
        point->drop = point->ll - own->ll;
        point->pval = mpl__chisq_p(fmax(0, -2 * point->drop), 1, MPL__UPPER);
    }
    if (mk->n_failed)
        mpl__note_add(&mk->notes, "not-evaluated", "the likelihood does not exist at %zu of the values", mk->n_failed);
    own->points = points;
    return MPL_OK;
}

static mpl_status run(maker *mk)
{
    mpl_likelihood *const own = mk->own;
    MPL_TRY(mpl_options_resolve(mpl_likelihood_option_table(), &own->options, sizeof own->options, NULL, mk->err));
    MPL_TRY(find_parameter(mk));
    MPL_TRY(prepare(mk));
    MPL_TRY(find_maximum(mk));
    MPL_TRY(set_range(own, mk->err));
    if (own->is_tau2 && own->options.least.value < 0)
        return mpl__fail(mk->err, MPL_ERR_ARG, "--least: tau2 is 0 or more");
    if (!own->is_tau2)
        MPL_TRY(prepare_coefficient(mk));
    MPL_TRY(add_points(mk));
    own->notes = mk->notes.items;
    own->n_notes = mk->notes.n;
    return mk->notes.failed ? mpl__fail_nomem(mk->err, "the notes") : MPL_OK;
}

mpl_status mpl_likelihood_new(const mpl_effects *effects, const mpl_design *design, const mpl_fit *fit,
                              const mpl_likelihood_options *options, mpl_likelihood **out, mpl_error *err)
{
    *out = NULL;
    mpl__arena *const keep = mpl__arena_new(), *const scratch = mpl__arena_new();
    mpl_likelihood *const own = MPL_NEW(keep, mpl_likelihood, 1);
    mpl_status s;
    if (own && scratch) {
        *own = (mpl_likelihood){ .effects = effects, .fit = fit, .arena = keep };
        if (options)
            own->options = *options;
        maker mk = { .design = design, .own = own, .scratch = scratch, .notes = { .arena = keep }, .err = err };
        s = run(&mk);
    } else {
        s = mpl__fail_nomem(err, "the profile");
    }
    mpl__arena_free(scratch);
    if (s == MPL_OK)
        *out = own;
    else
        mpl__arena_free(keep);
    return s;
}

void mpl_likelihood_free(mpl_likelihood *likelihood)
{
    if (likelihood)
        mpl__arena_free(likelihood->arena);
}
