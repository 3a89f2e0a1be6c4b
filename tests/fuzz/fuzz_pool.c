/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any numbers as effects and variances, over all magnitudes, pooled by any method and test. There is a result that
 * keeps its promises or a refusal; and the sign of the effects does not matter.
 */
#include "fuzz.h"

enum { MAX_K = 64 };

/* Four bytes a study: two signed mantissas, each with a power of two that `step` stretches. */
static size_t decode(const uint8_t *bytes, size_t size, int step, double *yi, double *vi)
{
    size_t k = 0;
    for (; k < MAX_K && size >= 4; k++, bytes += 4, size -= 4) {
        yi[k] = ldexp((int8_t)bytes[0], step * (int8_t)bytes[1]);
        vi[k] = ldexp(bytes[2] + 1.0, step * (int8_t)bytes[3]);
    }
    return k;
}

static const char *pick(mpl_registry registry, uint8_t byte)
{
    size_t n = 0;
    while (registry(n))
        n++;
    return registry(byte % n)->id;
}

static void must_be_sound(const mpl_fit *fit)
{
    const mpl_term *const t = &fit->terms[0];
    double sum = 0;
    MUST(isfinite(t->estimate) && !(t->se < 0));
    MUST(!(t->ci_lb > t->estimate) && !(t->ci_ub < t->estimate));
    MUST(!(t->pval < 0) && !(t->pval > 1) && !(t->log_pval > 0));
    MUST(!(fit->tau2 < 0) && !isinf(fit->tau2));
    MUST(!(fit->tau2_ci.lb > fit->tau2_ci.ub));
    MUST(!(fit->i2 < 0) && !(fit->i2 > 100));
    MUST(!(fit->q < 0) && !(fit->q_pval < 0) && !(fit->q_pval > 1));
    if (strcmp(fit->pi->id, "NNF") != 0) /* has a mean of its own */
        MUST(!(fit->pi_lb > t->estimate) && !(fit->pi_ub < t->estimate));
    for (size_t i = 0; i < fit->k; i++) {
        MUST(fit->weights[i] >= 0 && fit->weights[i] <= 100 + 1e-9);
        sum += fit->weights[i];
    }
    MUST(fabs(sum - 100) < 1e-9);
}

static mpl_fit *fit_of(const double *yi, const double *vi, size_t k, const mpl_fit_options *options)
{
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_error err = { .code = MPL_OK };
    mpl_status s = mpl_effects_new_arrays(yi, vi, NULL, k, NULL, &effects, &err);
    if (s != MPL_OK) {
        must_refuse(s, effects, &err);
        return NULL;
    }
    s = mpl_fit_new(effects, NULL, options, &fit, &err);
    if (s != MPL_OK)
        must_refuse(s, fit, &err);
    mpl_effects_free(effects);
    return fit;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    double yi[MAX_K], vi[MAX_K];
    if (size < 4)
        return 0;
    mpl_fit_options options = { .method = pick(mpl_fit_method, bytes[0]),
                                      .test = pick(mpl_test_method, bytes[1]),
                                      .pi = pick(mpl_pi_method, bytes[2]) };
    if (strcmp(options.pi, "NNF") == 0 && bytes[2] < 240)
        options.pi = NULL; /* costs a thousand times the others: now and then is enough */
    const size_t k = decode(bytes + 4, size - 4, bytes[3] % 8, yi, vi);
    mpl_fit *const fit = fit_of(yi, vi, k, &options);
    for (size_t i = 0; i < k; i++)
        yi[i] = -yi[i];
    mpl_fit *const flipped = fit_of(yi, vi, k, &options);
    MUST(!fit == !flipped);
    if (fit) {
        must_be_sound(fit);
        MUST(flipped->terms[0].estimate == -fit->terms[0].estimate);
        MUST(flipped->tau2 == fit->tau2 || (isnan(flipped->tau2) && isnan(fit->tau2)));
    }
    mpl_fit_free(fit);
    mpl_fit_free(flipped);
    return 0;
}
