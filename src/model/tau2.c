/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry of pooling methods; checks before an estimator runs and on what it returns. */
#include <metapool/tau2.h>

#include <math.h>

#include "base/error.h"
#include "base/method.h"
#include "model/tau2_impl.h"

static const mpl__method_def *const registry[] = {
#define MPL_METHOD(id) &mpl__method_##id,
#include "model/method.def"
#undef MPL_METHOD
};

const mpl__method_def *mpl__method_at(size_t i)
{
    return i < sizeof registry / sizeof *registry ? registry[i] : NULL;
}

const mpl_method *mpl_fit_method(size_t i)
{
    const mpl__method_def *const def = mpl__method_at(i);
    return def ? &def->method : NULL;
}

const char *mpl_fit_method_measures(const mpl_method *method)
{
    for (size_t i = 0; i < sizeof registry / sizeof *registry; i++)
        if (&registry[i]->method == method)
            return registry[i]->measures;
    return NULL;
}

mpl_status mpl__method_find(const char *id, const mpl__method_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_fit_method, "method", id ? id : "REML", &method, err));
    for (size_t i = 0; mpl_fit_method(i); i++)
        if (&registry[i]->method == method)
            *out = registry[i];
    return MPL_OK;
}

double mpl__quadratic_sd(const mpl__problem *pb, const mpl__at *at, double t)
{
    return sqrt(fmax(2 * (double)(pb->k - pb->p) + 4 * t * at->tr_p + 2 * t * t * at->tr_pp, 0));
}

mpl_status mpl__tau2_solve(mpl__problem *pb, const mpl__method_def *def, mpl_tau2 *out, mpl_error *err)
{
    mpl_tau2 tau2 = { .se = NAN, .converged = true, .method = &def->method };
    if (!def->is_common && pb->k <= pb->p)
        return mpl__fail(err, MPL_ERR_TOO_FEW, "%s needs at least %zu studies to estimate tau2; there %s %zu",
                         def->method.id, pb->p + 1, pb->k == 1 ? "is" : "are", pb->k);
    if (!def->estimate)
        return mpl__fail(err, MPL_ERR_ARG, "method %s pools counts and estimates no tau2 from effects", def->method.id);
    if (def->needs_weights && !pb->a)
        return mpl__fail(err, MPL_ERR_ARG, "method %s needs a column of weights (role weights)", def->method.id);
    if (def->needs_mean && !pb->is_mean)
        return mpl__fail(err, MPL_ERR_ARG, "method %s is defined for a pooled mean only", def->method.id);
    if (def->weighs_at_0 && pb->n_zero > 0)
        return mpl__fail_zero_variance(pb, "its weight would be infinite", err);
    MPL_TRY(def->estimate(pb, &tau2, err));
    tau2.tau2 = mpl__variance_original(pb, tau2.tau2);
    tau2.se = mpl__variance_original(pb, tau2.se);
    if (!isfinite(tau2.tau2) || tau2.tau2 < mpl__variance_original(pb, pb->floor))
        return mpl__fail(err, MPL_ERR_NUMERIC, "%s gives no finite tau2 for these effects and variances",
                         def->method.id);
    if (pb->n_zero > 0 && tau2.tau2 == 0)
        return mpl__fail_zero_variance(pb, "and tau2 is estimated to be 0: its weight would be infinite", err);
    *out = tau2;
    return MPL_OK;
}

mpl_status mpl_tau2_estimate(const double *yi, const double *vi, size_t k, const double *X, size_t p,
                             const mpl_tau2_options *options, mpl_tau2 *out, mpl_error *err)
{
    static const mpl_tau2_options none = { 0 };
    const mpl__method_def *def;
    options = options ? options : &none;
    MPL_TRY(mpl__method_find(options->method, &def, err));
    if (options->min > 0 || isnan(options->min))
        return mpl__fail(err, MPL_ERR_ARG, "the least tau2 must not be above 0");
    mpl__arena *const scratch = mpl__arena_new();
    if (!scratch)
        return mpl__fail_nomem(err, "the estimate of tau2");
    mpl__problem pb;
    mpl_status s = mpl__problem_init(&pb, scratch, yi, vi, NULL, k, X, p, NULL, err);
    if (s == MPL_OK && options->weights)
        s = mpl__problem_weigh(&pb, scratch, options->weights, err);
    if (s == MPL_OK) {
        mpl__problem_lower(&pb, options->min);
        pb.run = options->run;
        s = mpl__tau2_solve(&pb, def, out, err);
    }
    mpl__arena_free(scratch);
    return s;
}
