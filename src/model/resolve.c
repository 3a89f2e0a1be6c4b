/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a fit: rows of registries, what they bring with them, what contradicts what. */
#include <math.h>

#include "base/error.h"
#include "base/method.h"
#include "effect/measure.h"
#include "model/fit_impl.h"
#include "num/dist.h"

/* A test that is defined for one method and one kind of weights takes them, unless others are asked for. */
static mpl_status bring(const char *id, const char *what, const char *asked, mpl_registry registry, const char **option,
                        const char *test, mpl_error *err)
{
    if (!id)
        return MPL_OK;
    const mpl_method *const found = asked ? mpl_method_find(registry, asked) : NULL;
    if (found && found != mpl_method_find(registry, id))
        return mpl__fail(err, MPL_ERR_ARG, "test %s needs %s %s", test, what, id);
    *option = id;
    return MPL_OK;
}

/* Test, method and weights, which may depend on each other. */
static mpl_status find_rows(mpl__fit_job *job, const mpl_fit_options *given, mpl_fit_options *options, mpl_error *err)
{
    static const mpl_fit_options nothing = { 0 };
    const mpl_fit_options *const asked = given ? given : &nothing;
    MPL_TRY(mpl__method_find(options->method, &job->method, err));
    MPL_TRY(mpl__test_find(options->test, &job->test, err));
    const char *own = job->method->test;
    if (!own && (job->method->is_common || job->method->pool))
        own = "z";
    if (own && !asked->test)
        MPL_TRY(mpl__test_find(own, &job->test, err)); /* Hartung-Knapp estimates a spread that it says is not there */
    const char *const test = job->test->method.id;
    MPL_TRY(bring(job->test->of_method, "method", asked->method, mpl_fit_method, &options->method, test, err));
    MPL_TRY(bring(job->test->of_weights, "weights", asked->weights, mpl_weights_method, &options->weights, test, err));
    MPL_TRY(mpl__method_find(options->method, &job->method, err));
    MPL_TRY(mpl__weights_find(options->weights, &job->weights, err));
    return mpl__i2_find(options->i2_def, &job->i2, err);
}

static mpl_status check_method(const mpl__fit_job *job, const mpl_fit_options *options, size_t p, mpl_error *err)
{
    const mpl__method_def *const method = job->method;
    const char *const id = method->method.id, *const measure = method->pool ? job->effects->measure->method.id : NULL;
    const bool is_fixed = (options->tau2.given && options->tau2.value != 0) || options->i2.given;
    if (method->pool && !mpl__has_word(method->measures, mpl__measure_like(job->effects->measure)))
        return mpl__fail(err, MPL_ERR_ARG, "method %s is not defined for measure %s; choose by --measure one of %s",
                         id, measure, method->measures);
    if (method->pool && p > 1)
        return mpl__fail(err, MPL_ERR_ARG, "method %s has no moderators", id);
    if (method->is_common && is_fixed)
        return mpl__fail(err, MPL_ERR_ARG, "a fixed %s contradicts method %s, where it is 0",
                         options->i2.given ? "I2" : "tau2", id);
    if (options->tau2.given && options->i2.given)
        return mpl__fail(err, MPL_ERR_ARG, "tau2 and i2 cannot both be fixed");
    if (method->pool && job->test->refine)
        return mpl__fail(err, MPL_ERR_ARG, "test %s is not defined for method %s", job->test->method.id, id);
    if (job->weights->weigh && (method->pool || method->is_multiplicative))
        return mpl__fail(err, MPL_ERR_ARG, "method %s has weights of its own", id);
    return MPL_OK;
}

static mpl_status check_test(mpl__fit_job *job, bool is_asked, bool is_tau2_given, size_t p, mpl_error *err)
{
    const size_t k = job->effects->k;
    const char *const id = job->test->method.id;
    if (job->test->needs_df && k <= p) {
        if (is_asked)
            return mpl__fail(err, MPL_ERR_TOO_FEW, "test %s needs at least %zu studies; there %s %zu", id, p + 1,
                             k == 1 ? "is" : "are", k);
        return mpl__test_find("z", &job->test, err);
    }
    if (job->test->needs_reml && (!job->method->is_reml || is_tau2_given))
        return mpl__fail(err, MPL_ERR_ARG, "test %s needs method REML", id);
    if (job->test->of_method && is_tau2_given)
        return mpl__fail(err, MPL_ERR_ARG, "test %s needs method %s, not a fixed tau2", id, job->test->of_method);
    if (job->test->needs_inverse_variance && job->weights->weigh)
        return mpl__fail(err, MPL_ERR_ARG, "test %s is defined for inverse-variance weights only", id);
    return MPL_OK;
}

/* The number of draws is in force only where something is drawn. */
static mpl_status check_draws(const mpl__fit_job *job, const mpl_fit_options *given, mpl_fit_options *options,
                              mpl_error *err)
{
    if (job->test->is_from_draws || job->tau2_ci->is_from_draws || options->het_tests)
        return MPL_OK;
    options->draws = 0;
    if (!given || given->draws == 0)
        return MPL_OK;
    return mpl__fail(err, MPL_ERR_ARG, "draws are for a test or tau2-ci that is made from draws, or for "
                     "het-tests; test %s and tau2-ci %s are not", job->test->method.id, job->tau2_ci->method.id);
}

mpl_status mpl__fit_resolve(mpl__fit_job *job, const mpl_fit_options *given, bool lenient, mpl_fit *fit,
                            mpl_error *err)
{
    mpl_fit_options options = given ? *given : (mpl_fit_options){ 0 };
    const bool is_test_asked = options.test && !lenient, is_pi_asked = options.pi;
    MPL_TRY(mpl_options_resolve(mpl_fit_option_table(), &options, sizeof options, options.profile, err));
    options.profile = mpl_profile_find(options.profile)->method.id;
    MPL_TRY(find_rows(job, given, &options, err));
    MPL_TRY(mpl__fit_own_options(job->method, given, &options, err));
    MPL_TRY(check_method(job, &options, fit->p, err));
    const bool is_common = job->method->is_common, is_fixed = options.tau2.given || options.i2.given;
    if (is_common && !is_pi_asked)
        options.pi = "none";
    MPL_TRY(check_test(job, is_test_asked, is_fixed, fit->p, err));
    MPL_TRY(mpl__pi_find(options.pi, &job->pi, err));
    if (job->weights->weigh && (job->pi->se == MPL__PI_KR || job->pi->compute))
        return mpl__fail(err, MPL_ERR_ARG, "prediction interval '%s' is defined for inverse-variance weights only",
                         job->pi->method.id);
    options.method = job->method->method.id;
    options.test = job->test->method.id;
    options.pi = job->pi->method.id;
    MPL_TRY(mpl__tau2_ci_find(options.tau2_ci, &job->tau2_ci, err));
    options.tau2_ci = job->tau2_ci->method.id;
    if (job->tau2_ci->needs_likelihood && !job->method->is_ml && !job->method->is_reml && !is_common)
        return mpl__fail(err, MPL_ERR_ARG, "tau2-ci %s needs method ML or REML", options.tau2_ci);
    if (options.permutation_ci && job->test->refine != mpl__refine_permutation)
        return mpl__fail(err, MPL_ERR_ARG, "permutation-ci is for a test by permutations; test %s is not",
                         options.test);
    MPL_TRY(check_draws(job, given, &options, err));
    options.weights = job->weights->method.id;
    options.i2_def = job->i2->method.id;
    job->is_tau2_fixed = is_fixed && !is_common;
    job->level = options.level;
    job->z = mpl__norm_q((1 - options.level) / 2, MPL__UPPER);
    fit->options = options;
    job->options = &fit->options;
    job->fixed_tau2 = options.tau2.value;
    return MPL_OK;
}
