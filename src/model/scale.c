/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Location-scale models: tau2 of each study from columns of the data (Viechtbauer & Lopez-Lopez 2022, Res Synth
 * Methods 13:697-715). The location part is the regression with weights 1/(vi + tau2_i). Coefficients of the scale
 * have the covariance of the inverse observed information; a coefficient that runs to infinity has no estimate, and
 * beside a tau2_i that is held at 0 none has a standard error.
 */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/method.h"
#include <metapool/option.h>
#include "model/regress_impl.h"
#include "model/scale_impl.h"
#include "num/dist.h"
#include "num/linalg.h"

static const mpl_method links[] = {
    { "log", "tau2 = exp(z'alpha)", "Viechtbauer & Lopez-Lopez 2022, Res Synth Methods 13:697-715", NULL,
      "tau2 is positive whatever the coefficients are." },
    { "identity", "tau2 = z'alpha", "Viechtbauer & Lopez-Lopez 2022, Res Synth Methods 13:697-715", NULL,
      "Coefficients are differences of tau2, which is kept at 0 or above in every study." },
};

static const mpl_method intervals[] = {
    { "wald", "Wald, from the observed information", "Harville 1977, J Am Stat Assoc 72:320-338", "Wald", NULL },
    { "profile", "profile likelihood", "Hardy & Thompson 1996, Stat Med 15:619-629", "pl", "Follows the likelihood, "
      "which is skewed with few studies; a side that it does not limit is infinite. Log link." },
};

const mpl_method *mpl_scale_link_method(size_t i)
{
    return i < sizeof links / sizeof *links ? &links[i] : NULL;
}

const mpl_method *mpl_scale_ci_method(size_t i)
{
    return i < sizeof intervals / sizeof *intervals ? &intervals[i] : NULL;
}

const mpl_option *mpl_scale_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "scale", MPL_MEMBER(TEXT, mpl_scale_options, scale), .arg = "FORMULA",
          .help = "let tau2 depend on columns, e.g. 'ablat + alloc': a location-scale model", .since = "0.1.0" },
        { .name = "scale-link", MPL_MEMBER(CHOICE, mpl_scale_options, link), .choice = mpl_scale_link_method,
          .arg = "LINK", .dflt = "log", .help = "how tau2 follows from the coefficients of --scale", .since = "0.1.0" },
        { .name = "scale-ci", MPL_MEMBER(CHOICE, mpl_scale_options, ci), .choice = mpl_scale_ci_method, .arg = "HOW",
          .dflt = "wald", .help = "intervals of the coefficients of --scale", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

mpl_status mpl__scale_take_options(const mpl__regress_job *job, mpl_regress_options *o)
{
    if (!o->scale.scale) {
        o->scale = (mpl_scale_options){ NULL };
        return MPL_OK;
    }
    MPL_TRY(mpl_options_resolve(mpl_scale_option_table(), &o->scale, sizeof o->scale, NULL, job->err));
    if (o->versus)
        return mpl__fail(job->err, MPL_ERR_ARG, "--versus compares models with one tau2: it has no part beside "
                         "--scale");
    if (o->scale.ci == intervals[1].id && o->scale.link == links[1].id)
        return mpl__fail(job->err, MPL_ERR_ARG, "--scale-ci profile is for the log link");
    return MPL_OK;
}

static mpl_status no_memory(const mpl__regress_job *job)
{
    return mpl__fail_nomem(job->err, "the model of tau2");
}

/* The regression with one tau2 has been fitted with these options. */
static mpl_status check(const mpl__regress_job *job)
{
    const mpl_fit_options *const o = &job->own->fit->options;
    const mpl__test_def *test;
    const mpl__method_def *method;
    MPL_TRY(mpl__test_find(o->test, &test, job->err));
    MPL_TRY(mpl__method_find(o->method, &method, job->err));
    const char *const what = !method->is_reml && !method->is_ml                        ? "method"
                             : test->refine || test->needs_mean || test->needs_reml    ? "test"
                             : o->weights != mpl_weights_method(0)->id                 ? "weights"
                                                                                       : NULL;
    const char *const id = !what ? NULL : *what == 'm' ? o->method : *what == 't' ? o->test : o->weights;
    if (what)
        return mpl__fail(job->err, MPL_ERR_ARG, "--scale is a model of the likelihood, with --method REML or ML, "
                         "--test z, t, hksj or permutation and inverse-variance weights; it has no %s %s", what, id);
    if (o->tau2.given || o->i2.given || o->tau2_min.given)
        return mpl__fail(job->err, MPL_ERR_ARG, "--scale estimates tau2: it cannot be fixed or have a least value");
    return MPL_OK;
}

/* ---- the search */

static mpl_status make_basis(mpl__scale_job *s)
{
    const mpl_design *const d = &s->matrix.design;
    const size_t k = d->n_rows, q = d->n_cols;
    double *const basis = MPL_NEW(s->scratch, double, k * q), *const lower = MPL_NEW(s->scratch, double, q * q);
    s->map = MPL_NEW(s->keep, double, q * q);
    if (!basis || !lower || !s->map)
        return no_memory(s->job);
    for (size_t j = 0; j < q; j++)
        for (size_t i = 0; i < k; i++)
            basis[j * k + i] = d->x[i * q + j];
    if (mpl__orthonormalise(basis, k, q, lower, 1e-11) < q)
        return mpl__fail(s->job->err, MPL_ERR_NUMERIC, "--scale: a column is a combination of the others");
    mpl__invert_lower(lower, q);
    const double length = sqrt((double)k);
    for (size_t i = 0; i < k * q; i++)
        basis[i] *= length;
    for (size_t i = 0; i < q; i++) /* Z = basis L'/length, alpha = length (L^-1)' gamma */
        for (size_t j = 0; j < q; j++)
            s->map[i * q + j] = length * lower[j * q + i];
    s->sums.basis = basis;
    return MPL_OK;
}

static mpl_status prepare(mpl__scale_job *s)
{
    mpl__regress_job *const job = s->job;
    const mpl_effects *const es = job->own->effects;
    const mpl_design *const x = &job->own->matrix.design;
    mpl__notes notes = { .arena = s->keep };
    MPL_TRY(mpl__within(job->err, mpl__formula_design(s->formula, es, job->own->all.options.drop_redundant, s->keep,
                                                      s->scratch, &notes, &s->matrix, job->err), "--scale"));
    mpl__note_add_all(&job->notes, notes.items, notes.n);
    const size_t q = s->matrix.design.n_cols;
    if (q > MPL__MOST_SCALE)
        return mpl__fail(job->err, MPL_ERR_LIMIT, "--scale: %zu coefficients are more than %d", q, MPL__MOST_SCALE);
    if (es->k <= q)
        return mpl__fail(job->err, MPL_ERR_TOO_FEW, "--scale: %zu studies cannot estimate %zu coefficients", es->k, q);
    MPL_TRY(mpl__problem_init_design(&s->sums.pb, s->scratch, es->yi, es->vi, es->slab, es->k, x->x, x->n_cols,
                                     x->terms, job->err));
    MPL_TRY(make_basis(s));
    MPL_TRY(mpl__scale_sums_init(&s->sums, s->scratch, q, job->err));
    s->sums.is_log = job->own->all.options.scale.link == links[0].id;
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(job->own->fit->options.method, &method, job->err));
    s->sums.reml = method->is_reml;
    s->shift = 2 * M_LN2 * s->sums.pb.exponent;
    for (size_t i = 0; i < es->k && s->sums.is_log; i++)
        s->sums.offset[i] = s->shift;
    return MPL_OK;
}

static mpl_status search(mpl__scale_job *s)
{
    mpl__regress_job *const job = s->job;
    const size_t k = s->sums.k, q = s->sums.q;
    double *const tau2 = MPL_NEW(s->keep, double, k);
    s->best = MPL_NEW(s->keep, mpl__scale_maximum, 1);
    if (!tau2 || !s->best)
        return no_memory(job);
    mpl__scale_maximise(&s->sums, mpl__variance_scaled(&s->sums.pb, job->own->fit->tau2), s->best);
    if (s->best->at.ll == -INFINITY)
        return mpl__fail(job->err, MPL_ERR_NUMERIC, s->sums.is_log ? "--scale: the likelihood is not finite anywhere"
                         : "--scale-link identity needs a --scale that can be the same for all studies");
    const mpl__scale_maximum *const best = s->best;
    for (size_t i = 0; i < k; i++) {
        tau2[i] = mpl__variance_original(&s->sums.pb, s->sums.t[i]);
        for (size_t f = 0; f < best->n_flat; f++) { /* on its way to 0 */
            double along = 0;
            for (size_t j = 0; j < q; j++)
                along += s->sums.basis[j * k + i] * best->flat[f * q + j];
            if (fabs(along) > 1e-8 && s->sums.t[i] < 1e-8 * (s->sums.v0[i] + s->sums.t[i]))
                tau2[i] = 0;
        }
    }
    s->out->tau2 = tau2;
    s->out->n_maxima = best->n_maxima;
    s->out->converged = best->converged;
    return MPL_OK;
}

/* ---- the result */

/* Row z of the design in gammas; whether it takes part in a direction without a maximum. */
static bool row_gamma(const mpl__scale_job *s, const mpl__scale_maximum *best, const double *z, double *g)
{
    const size_t q = s->sums.q;
    double length = 0;
    bool is_flat = false;
    for (size_t j = 0; j < q; j++) {
        g[j] = 0;
        for (size_t i = 0; i < q; i++)
            g[j] += z[i] * s->map[i * q + j];
        length += g[j] * g[j];
    }
    for (size_t f = 0; f < best->n_flat; f++) {
        double along = 0;
        for (size_t j = 0; j < q; j++)
            along += g[j] * best->flat[f * q + j];
        is_flat = is_flat || fabs(along) > 1e-6 * sqrt(length);
    }
    return is_flat;
}

double mpl__scale_covariance(const mpl__scale_maximum *best, size_t q, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < q * q; i++)
        sum += a[i / q] * best->covariance[i] * b[i % q];
    return sum;
}

double mpl__scale_coefficient(const mpl__scale_job *s, const mpl__scale_maximum *best, size_t j, double *g)
{
    double z[MPL__MOST_SCALE] = { 0 }, value = 0;
    z[j] = 1;
    if (row_gamma(s, best, z, g) || best->n_bound)
        return NAN;
    for (size_t i = 0; i < s->sums.q; i++)
        value += g[i] * best->at.gamma[i];
    return value;
}

/* The linear predictor at a row of the design in original units, its standard error; false if it is not finite. */
static bool predictor(const mpl__scale_job *s, const double *z, double *value, double *se)
{
    double g[MPL__MOST_SCALE];
    const bool is_flat = row_gamma(s, s->best, z, g);
    double size = 0;
    *value = 0;
    for (size_t j = 0; j < s->sums.q; j++) {
        *value += g[j] * s->best->at.gamma[j];
        size += fabs(g[j] * s->best->at.gamma[j]);
    }
    if (s->best->n_bound && fabs(*value) < 1e-13 * size) /* what rounding leaves of a tau2 that is held at 0 */
        *value = 0;
    *se = s->best->n_bound ? NAN : sqrt(mpl__scale_covariance(s->best, s->sums.q, g, g));
    if (!s->sums.is_log) {
        *value = mpl__variance_original(&s->sums.pb, *value);
        *se = mpl__variance_original(&s->sums.pb, *se);
    }
    return !is_flat;
}

static mpl_status fill_terms(mpl__scale_job *s)
{
    const size_t q = s->sums.q;
    const mpl_fit *const fit = s->job->own->fit;
    mpl_term *const terms = MPL_NEW(s->keep, mpl_term, q);
    double *const va = MPL_NEW(s->keep, double, q * q), *const g = MPL_NEW(s->scratch, double, q * q);
    double *const z = MPL_NEW(s->scratch, double, q);
    if (!terms || !va || !g || !z)
        return no_memory(s->job);
    const double df = s->df = fit->terms[0].df == INFINITY ? INFINITY : (double)(s->sums.k - q);
    s->level = fit->level;
    for (size_t j = 0; j < q; j++) {
        double value, se;
        memset(z, 0, q * sizeof *z);
        z[j] = 1;
        const bool is_finite = predictor(s, z, &value, &se);
        (void)row_gamma(s, s->best, z, g + j * q);
        terms[j] = mpl__term_make(s->matrix.design.terms[j], is_finite ? value : NAN, is_finite ? se : NAN,
                                  is_finite ? df : NAN, fit->level);
    }
    const double unit = s->sums.is_log ? 1 : mpl__variance_original(&s->sums.pb, 1);
    for (size_t i = 0; i < q * q; i++) {
        const bool is_known = !isnan(terms[i / q].se) && !isnan(terms[i % q].se);
        va[i] = is_known ? unit * unit * mpl__scale_covariance(s->best, q, g + i / q * q, g + i % q * q) : NAN;
    }
    s->out->terms = s->terms = terms;
    s->out->q = q;
    s->out->va = va;
    return MPL_OK;
}

/* That all coefficients but the intercept are 0, and one tau2 for all. */
static mpl_status fill_tests(mpl__scale_job *s)
{
    const size_t q = s->sums.q, skip = s->formula->has_intercept, n = q - skip;
    mpl_scale_model *const out = s->out;
    double *const b = MPL_NEW(s->scratch, double, n), *const v = MPL_NEW(s->scratch, double, n * n);
    if (!b || !v)
        return no_memory(s->job);
    bool is_known = n > 0;
    for (size_t i = 0; i < n; i++) {
        b[i] = out->terms[i + skip].estimate;
        is_known = is_known && !isnan(out->terms[i + skip].se);
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = out->va[(i + skip) * q + j + skip];
    }
    out->test = (mpl_wald){ NAN, NAN, NAN, NAN, NAN };
    if (is_known)
        MPL_TRY(mpl__wald_test(b, v, n, s->df, s->scratch, &out->test, s->job->err));
    out->lrt = out->lrt_df = out->lrt_pval = out->lrt_log_pval = NAN;
    if (!s->matrix.has_constant || q < 2)
        return MPL_OK;
    out->lrt = fmax(0, 2 * (s->best->at.ll - out->same->ll));
    out->lrt_df = (double)(q - 1);
    out->lrt_pval = mpl__chisq_p(out->lrt, out->lrt_df, MPL__UPPER);
    out->lrt_log_pval = mpl__chisq_log_p(out->lrt, out->lrt_df, MPL__UPPER);
    return MPL_OK;
}

static void add_notes(mpl__scale_job *s)
{
    mpl__notes *const notes = &s->job->notes;
    size_t n_zero = 0;
    for (size_t i = 0; i < s->sums.k; i++)
        n_zero += s->out->tau2[i] == 0;
    if (s->best->n_flat > 0)
        mpl__note_add(notes, "scale-not-finite", "the likelihood has no finite maximum: it rises without end while %s; "
                      "coefficients of the scale that take part in this have no estimate", n_zero
                      ? "the tau2 of studies with 0 in the table goes to 0" : "nothing in the data limits tau2");
    if (s->best->n_bound > 0)
        mpl__note_add(notes, "scale-bound", "tau2 is held at 0 in %zu of %zu studies: the coefficients of the scale "
                      "have no standard errors there", s->best->n_bound, s->sums.k);
    if (s->best->n_maxima > 1)
        mpl__note_add(notes, "several-maxima", "the searches for the coefficients of the scale ended in %d different "
                      "maxima; the highest is reported", s->best->n_maxima);
    if (s->job->own->all.options.residuals)
        mpl__note_add(notes, "no-deleted-residuals", "residuals with the study left out are not made beside --scale; "
                      "the others are");
    if (!s->best->converged)
        mpl__note_add(notes, "scale-not-converged", "the search for the coefficients of the scale stopped before its "
                      "steps vanished");
}

mpl_status mpl__regress_scale(mpl__regress_job *job)
{
    mpl__regression *const own = job->own;
    if (!own->scale_formula)
        return MPL_OK;
    mpl__scale_job *const s = MPL_NEW(job->keep, mpl__scale_job, 1);
    mpl_scale_model *const out = MPL_NEW(job->keep, mpl_scale_model, 1);
    if (!s || !out)
        return no_memory(job);
    MPL_TRY(check(job));
    *s = (mpl__scale_job){ .job = job, .keep = job->keep, .scratch = job->scratch, .formula = own->scale_formula,
                           .out = out };
    MPL_TRY(prepare(s));
    MPL_TRY(search(s));
    own->same = own->fit;
    own->fit = NULL;
    const mpl__own_tau2 tau2 = { out->tau2, s->sums.q };
    mpl_fit_options options = own->same->options;
    options.run = job->fit_options ? job->fit_options->run : options.run;
    MPL_TRY(mpl__fit_make_own(own->effects, &own->matrix.design, &options, &tau2, &own->fit, job->err));
    out->formula = own->all.options.scale.scale;
    out->link = mpl_method_find(mpl_scale_link_method, own->all.options.scale.link);
    out->ci = mpl_method_find(mpl_scale_ci_method, own->all.options.scale.ci);
    out->same = own->same;
    own->scale = s;
    MPL_TRY(fill_terms(s));
    MPL_TRY(fill_tests(s));
    if (own->all.options.scale.ci == intervals[1].id)
        MPL_TRY(mpl__scale_profile(s));
    if (job->draws > 0)
        MPL_TRY(mpl__scale_permute(s));
    add_notes(s);
    own->all.scale = out;
    return MPL_OK;
}

/* ---- predictions */

mpl_scale_prediction mpl__scale_row(const mpl__scale_job *s, const double *z, bool is_known, const char *at)
{
    mpl_scale_prediction out = { at, NAN, NAN, NAN };
    double value, se;
    if (!is_known)
        return out;
    const bool is_finite = predictor(s, z, &value, &se);
    const mpl_term t = mpl__term_make(at, value, se, s->df, s->level);
    if (!s->sums.is_log)
        out = (mpl_scale_prediction){ at, fmax(value, 0), fmax(t.ci_lb, 0), fmax(t.ci_ub, 0) };
    else if (is_finite)
        out = (mpl_scale_prediction){ at, exp(value), exp(t.ci_lb), exp(t.ci_ub) };
    else if (value + s->shift < log(1e-8 * fmax(s->sums.pb.v_min, 1))) /* on its way there */
        out.tau2 = 0;
    if (isnan(se))
        out.ci_lb = out.ci_ub = NAN;
    return out;
}

mpl_status mpl__scale_predict(const mpl__scale_job *s, const mpl__point *point, const char *option,
                              mpl_scale_prediction *out, mpl_error *err)
{
    mpl__cell cells[MPL__MOST_VARIABLES];
    double z[MPL__MOST_SCALE];
    MPL_TRY(mpl__point_cells(s->formula, option, point, NULL, cells, err));
    const bool is_known = mpl__formula_row(s->formula, &s->matrix, cells, z);
    *out = mpl__scale_row(s, z, is_known, point->at);
    return MPL_OK;
}

const mpl__model_matrix *mpl__scale_matrix(const mpl__scale_job *s)
{
    return &s->matrix;
}

void mpl__scale_keep_predictions(mpl__scale_job *s, const mpl_scale_prediction *all, size_t n)
{
    s->out->predictions = all;
    s->out->n_predictions = n;
}
