/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Permutations and bootstrap samples: the same for any number of threads, exact where few, stopped in part. The
 * p-values themselves are held to metafor's by conformance/topics_infer.py.
 */
#include "check.h"

#include <metapool/model.h>

static const double yi[] = { -0.8893113339202054, -1.5853886572014306, -1.3480731482996933, -1.4415511900213054,
                             -0.21754732221129558, -0.786115585818864, -1.6208982235983918, 0.011952333523840508,
                             -0.4694176487381494, -1.3713448034727844, -0.3393588283383906, 0.44591340057137874,
                             -0.017313948216879815 };
static const double vi[] = { 0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573,
                             0.05121017216963086, 0.0069056184559087574, 0.22301724757231517, 0.0039615792978177295,
                             0.056434210463248966, 0.07302479361302891, 0.01241221397155972, 0.5325058452001528,
                             0.0714046596839863 };
static const double x[] = { 1, 44, 1, 55, 1, 42, 1, 52, 1, 13, 1, 44, 1, 19, 1, 13, 1, 27, 1, 42, 1, 18, 1, 33, 1, 33 };
static const mpl_design latitude = { 13, 2, x, NULL };

static mpl_fit *fit_of(const double *y, size_t k, const mpl_design *design, mpl_fit_options options)
{
    const mpl_effects es = { .k = k, .yi = y, .vi = vi };
    mpl_fit *fit;
    mpl_error err = { .code = MPL_OK };
    CHECK(mpl_fit_new(&es, design, &options, &fit, &err) == MPL_OK, "%s %s: %s", options.test ? options.test : "",
          options.tau2_ci ? options.tau2_ci : "", err.message);
    return fit;
}

static void threads(void)
{
    static const char *const test[] = { "permutation", "permutation-hksj", "bootstrap" };
    for (size_t i = 0; i < 3; i++)
        for (int d = 0; d < 2; d++) {
            mpl_fit *fit[3];
            for (size_t t = 0; t < 3; t++)
                fit[t] = fit_of(yi, 13, d ? &latitude : NULL,
                                (mpl_fit_options){ .test = test[i], .tau2_ci = "boot", .draws = 1000,
                                                   .run = { .threads = t + 1, .seed = { true, 7 } } });
            for (size_t t = 1; t < 3 && fit[0] && fit[t]; t++) {
                const mpl_term *const a = &fit[0]->terms[d], *const b = &fit[t]->terms[d];
                CHECK(a->pval == b->pval && a->ci_lb == b->ci_lb && a->ci_ub == b->ci_ub, "%s: %zu threads", test[i],
                      t + 1);
                CHECK(fit[0]->tau2_ci.lb == fit[t]->tau2_ci.lb && fit[0]->tau2_ci.ub == fit[t]->tau2_ci.ub,
                      "interval of tau2: %zu threads", t + 1);
            }
            for (size_t t = 0; t < 3; t++)
                mpl_fit_free(fit[t]);
        }
}

/* Four effects of one sign: two of the 16 sign patterns are as extreme, so p = 1/8. */
static void counts(void)
{
    const double same[] = { 1, 1.1, 0.9, 1.2 };
    mpl_fit *fit = fit_of(same, 4, NULL, (mpl_fit_options){ .test = "permutation", .method = "EE" });
    if (fit)
        CHECK(fit->terms[0].pval == 0.125 && fit->draws_exact && fit->n_draws == 7, "p = %g", fit->terms[0].pval);
    mpl_fit_free(fit);
    fit = fit_of(yi, 13, NULL, (mpl_fit_options){ .test = "permutation", .draws = 4096 });
    if (fit)
        CHECK(!fit->draws_exact && fit->n_draws == 4095, "a random part: %zu", fit->n_draws);
    mpl_fit_free(fit);
    fit = fit_of(yi, 13, NULL, (mpl_fit_options){ .test = "permutation", .draws = 8192 });
    if (fit)
        CHECK(fit->draws_exact && fit->n_draws == 4095, "all: %zu", fit->n_draws);
    mpl_fit_free(fit);
}

static bool look_thrice(void *ctx, size_t done, size_t total)
{
    (void)done;
    (void)total;
    return ++*(int *)ctx <= 3;
}

static void stopped(void)
{
    int looks = 0;
    const mpl_watch watch = { look_thrice, &looks };
    mpl_fit *const fit = fit_of(yi, 13, &latitude, (mpl_fit_options){ .test = "permutation", .method = "DL",
                                                                      .run = { .threads = 1, .watch = &watch } });
    if (!fit)
        return;
    bool noted = false;
    for (size_t i = 0; i < fit->n_notes; i++)
        noted = noted || !strcmp(fit->notes[i].code, "draws-partial");
    CHECK(noted && fit->n_draws > 0 && fit->n_draws < fit->n_draws_wanted, "%zu of %zu", fit->n_draws,
          fit->n_draws_wanted);
    CHECK(fit->options.run.watch == NULL, "the watch is the caller's");
    CHECK(fit->terms[1].pval >= 1 / (double)(fit->n_draws + 1), "p-value of what was done");
    mpl_fit_free(fit);
}

/* With equal variances and tau2 fixed, estimate/se is normal: the bootstrap must find its quantiles. */
static void known(void)
{
    mpl_fit *const fit = fit_of(yi, 13, NULL, (mpl_fit_options){ .test = "bootstrap", .tau2 = { true, 0.3 },
                                                                 .draws = 40000 });
    if (fit) {
        const mpl_term *const t = &fit->terms[0];
        const double q = (t->ci_ub - t->estimate) / t->se;
        CHECK(fabs(q - 1.959964) < 0.04, "quantile %g", q);
    }
    mpl_fit_free(fit);
}

/* Limits by permutations: R, inversion of tests by DerSimonian-Laird fits written anew, 256 flips and 720 orders. */
static void limits(void)
{
    const mpl_fit_options options = { .method = "DL", .test = "permutation", .permutation_ci = true };
    const mpl_design six = { 6, 2, x, NULL };
    mpl_fit *const mean = fit_of(yi, 8, NULL, options), *const slope = fit_of(yi, 6, &six, options);
    mpl_fit *const few = fit_of(yi, 4, NULL, options), *const plain = fit_of(yi, 8, NULL, (mpl_fit_options){
        .method = "DL", .test = "permutation" });
    if (mean && slope && few && plain) {
        CHECK_CLOSE(mean->terms[0].ci_lb, -1.50578213696, 1e-6, "the mean, below");
        CHECK_CLOSE(mean->terms[0].ci_ub, -0.158464979728, 1e-6, "the mean, above");
        CHECK_CLOSE(slope->terms[1].ci_lb, -0.0904290365315, 1e-6, "the slope, below");
        CHECK_CLOSE(slope->terms[1].ci_ub, -0.00298895230454, 1e-5, "the slope, above");
        CHECK(isinf(few->terms[0].ci_lb) && isinf(few->terms[0].ci_ub), "four studies reject nothing at 5%%");
        CHECK(plain->terms[0].pval == mean->terms[0].pval, "the p-value is the same");
        CHECK(plain->terms[0].ci_lb != mean->terms[0].ci_lb, "limits on request only");
    }
    mpl_fit_free(mean);
    mpl_fit_free(slope);
    mpl_fit_free(few);
    mpl_fit_free(plain);
}

int main(void)
{
    counts();
    threads();
    stopped();
    known();
    limits();
    return check_done();
}
