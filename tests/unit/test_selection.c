/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection models against likelihoods from their definition; laws; bounds and refusals; the minimiser on its own. */
#include "check.h"

#include <metapool.h>

#include "base/arena.h"
#include "diag/selection/weight.h"
#include "num/dist.h"
#include "num/minimum.h"

static mpl_effects *effects_of(const char *id, const char *measure)
{
    const mpl_effect_options options = { .measure = measure };
    mpl_dataset *data;
    mpl_effects *effects = NULL;
    mpl_error err;
    if (mpl_dataset_read(id, NULL, &data, &err) != MPL_OK || mpl_effects_new(data, &options, &effects, &err) != MPL_OK)
        check_die(id, err.message);
    mpl_dataset_free(data);
    return effects;
}

static void check_reference(void)
{
    check_csv *const csv = check_csv_open("ref/selection.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        mpl_effects *const effects = effects_of(check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"));
        char steps[50];
        snprintf(steps, sizeof steps, "%s", check_csv_text(csv, i, "steps"));
        for (char *p = steps; *p; p++)
            *p = *p == ';' ? ',' : *p;
        const mpl_selection_options options = { .selection = check_csv_text(csv, i, "selection"),
                                                .alternative = check_csv_text(csv, i, "alternative"),
                                                .steps = *steps ? steps : NULL };
        mpl_selection *s;
        mpl_error err = { 0 };
        if (CHECK(mpl_selection_new(effects, NULL, &options, &s, &err) == MPL_OK, "%s: %s", check_csv_row(csv, i),
                  err.message)) {
            const double ll = check_csv_real(csv, i, "ll");
            CHECK(fabs(s->ll - ll) < 1e-7, "%s: log-likelihood %.12g", check_csv_row(csv, i), s->ll);
            CHECK(fabs(s->terms[0].estimate - check_csv_real(csv, i, "estimate")) < 2e-4, "%s: mean %.9g",
                  check_csv_row(csv, i), s->terms[0].estimate);
            CHECK(fabs(s->tau2 - check_csv_real(csv, i, "tau2")) < 2e-4, "%s: tau2 %.9g", check_csv_row(csv, i),
                  s->tau2);
            const size_t first = !strcmp(s->method->id, "stepfun");
            CHECK(fabs(s->weights[first].value - check_csv_real(csv, i, "delta1")) < 1e-3, "%s: weight %.9g",
                  check_csv_row(csv, i), s->weights[first].value);
            CHECK(s->converged, "%s: converged", check_csv_row(csv, i));
            mpl_selection_free(s);
        }
        mpl_effects_free(effects);
    }
    check_csv_free(csv);
}

enum { K = 12 };
static const double y[K] = { 0.31, 0.42, 0.05, 0.61, 0.75, -0.12, 0.5, 0.9, 0.22, 0.67, 0.38, 1.1 };
static const double v[K] = { 0.02, 0.03, 0.01, 0.08, 0.09, 0.05, 0.04, 0.15, 0.01, 0.1, 0.06, 0.25 };

static mpl_selection *fit(double factor, const mpl_selection_options *options, mpl_status want)
{
    double yi[K], vi[K];
    for (size_t i = 0; i < K; i++) {
        yi[i] = factor * y[i];
        vi[i] = factor * factor * v[i];
    }
    mpl_effects *effects;
    mpl_selection *s = NULL;
    mpl_error err = { 0 };
    if (mpl_effects_new_arrays(yi, vi, NULL, K, NULL, &effects, &err) != MPL_OK)
        check_die("effects", err.message);
    const mpl_status got = mpl_selection_new(effects, NULL, options, &s, &err);
    CHECK(got == want, "status %d, %s", (int)got, err.message);
    mpl_effects_free(effects); /* the checks look at numbers only */
    return s;
}

/* The unit and the sign of the effects change nothing but the mean's; equal weights are no selection. */
static void check_laws(void)
{
    static const double factor[] = { -1000 };
    for (size_t m = 0; mpl_selection_method(m); m++) {
        const mpl_selection_options options = { .selection = mpl_selection_method(m)->id };
        mpl_selection *const plain = fit(1, &options, MPL_OK);
        CHECK(plain && plain->ll >= plain->ll_unselected - 1e-7, "%s: selection cannot fit worse", options.selection);
        for (size_t c = 0; plain && c < sizeof factor / sizeof *factor; c++) {
            mpl_selection *const other = fit(factor[c], &options, MPL_OK);
            if (!other)
                continue;
            CHECK(fabs(other->lrt.statistic - plain->lrt.statistic) < 1e-5, "%s, factor %g: %.9g, %.9g",
                  options.selection, factor[c], other->lrt.statistic, plain->lrt.statistic);
            mpl_selection_free(other);
        }
        mpl_selection_free(plain);
    }
    const mpl_selection_options equal = { .steps = "0.025,0.5", .delta = "1,1,1" };
    mpl_selection *const none = fit(1, &equal, MPL_OK);
    CHECK(fabs(none->terms[0].estimate - none->fit->terms[0].estimate) < 1e-7 && none->lrt.df == 0 &&
              fabs(none->lrt.statistic) < 1e-9, "weights of 1 are no selection");
    mpl_selection_free(none);
}

static void check_refusals(void)
{
    fit(1, &(mpl_selection_options){ .selection = "no-such" }, MPL_ERR_NAME);
    fit(1, &(mpl_selection_options){ .steps = "0.5,0.025" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .steps = "0.025,x" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .steps = "0.025", .delta = "1" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .steps = "0.025", .delta = "1,-1" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .selection = "beta", .steps = "0.025,0.5" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .tau2 = { .given = true, .value = -1 } }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .selection = "trunc", .steps = "0.025" }, MPL_ERR_ARG);
    fit(1, &(mpl_selection_options){ .steps = "0.01,0.02,0.03,0.04,0.05,0.06,0.07,0.08,0.09,0.1,0.2" },
        MPL_ERR_TOO_FEW);
}

/* Rosenbrock's valley, and a minimum at a bound. */
static double valley(void *ctx, const double *x, double *gradient)
{
    (void)ctx;
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    if (gradient) {
        gradient[0] = -2 * a - 400 * b * x[0];
        gradient[1] = 200 * b;
    }
    return a * a + 100 * b * b;
}

static void check_minimum(void)
{
    double x[] = { -1.2, 1 };
    const double scale[] = { 0.1, 0.1 }, lo[] = { -5, -5 }, hi[] = { 5, 5 }, low[] = { 0.5, 5 };
    (void)mpl__minimum_search(valley, NULL, x, scale, lo, hi, 2);
    mpl__minimum m = mpl__minimum_polish(valley, NULL, x, scale, lo, hi, 2);
    CHECK(m.converged && fabs(x[0] - 1) < 1e-9 && fabs(x[1] - 1) < 1e-9, "at %.17g, %.17g", x[0], x[1]);
    x[0] = x[1] = 0;
    (void)mpl__minimum_search(valley, NULL, x, scale, lo, low, 2);
    m = mpl__minimum_polish(valley, NULL, x, scale, lo, low, 2);
    CHECK(m.converged && x[0] == 0.5 && fabs(x[1] - 0.25) < 1e-9, "at the bound: %.17g, %.17g", x[0], x[1]);
}

/* ---- the mean weight, also where all of it lies in the tails of a study, and its derivatives */

static double log_mean(mpl__selector *s, const double *d, double mean, double sd, mpl__mean_slope *out)
{
    mpl__selector_set(s, d);
    return mpl__selector_log_mean(s, mean, sd, out);
}

/* Derivatives against differences, at `at` = parameters, mean, sd. */
static void check_slope(mpl__selector *s, const double *at, const char *what)
{
    mpl__mean_slope slope, ignored;
    const size_t n = s->n_weights + 2;
    (void)log_mean(s, at, at[n - 2], at[n - 1], &slope);
    for (size_t j = 0; j < n; j++) {
        double x[MPL__SELECTION_MAX + 2];
        memcpy(x, at, n * sizeof *x);
        const double h = 1e-5 * fmax(fabs(x[j]), 0.1), got = j < n - 2 ? slope.d[j] : j < n - 1 ? slope.mean : slope.sd;
        x[j] += h;
        double want = log_mean(s, x, x[n - 2], x[n - 1], &ignored);
        x[j] -= 2 * h;
        want = (want - log_mean(s, x, x[n - 2], x[n - 1], &ignored)) / (2 * h);
        CHECK(fabs(got - want) <= 1e-6 * fmax(1, fabs(want)), "%s: derivative %zu is %.9g, not %.9g", what, j, got,
              want);
    }
}

static void check_means(void)
{
    check_csv *const csv = check_csv_open("ref/selection_mean.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        mpl__arena *const arena = mpl__arena_new();
        mpl__selector s = { .sign = 1, .two_sided = check_csv_real(csv, i, "two_sided") > 0 };
        CHECK(mpl__weight_find(check_csv_text(csv, i, "selection"), &s.def, NULL) == MPL_OK, "%s",
              check_csv_row(csv, i));
        s.n_weights = s.def->n_parameters;
        if (*check_csv_text(csv, i, "step")) {
            s.steps[s.n_steps] = check_csv_real(csv, i, "step");
            s.cuts[s.n_steps++] = mpl__norm_q(s.steps[0] / (s.two_sided ? 2 : 1), MPL__UPPER);
        }
        double at[4] = { check_csv_real(csv, i, "d1") };
        size_t n = 1;
        if (s.n_weights == 2)
            at[n++] = check_csv_real(csv, i, "d2");
        at[n] = check_csv_real(csv, i, "mean");
        at[n + 1] = check_csv_real(csv, i, "sd");
        mpl__mean_slope slope;
        if (CHECK(mpl__selector_prepare(&s, arena), "memory")) {
            CHECK_CLOSE(log_mean(&s, at, at[n], at[n + 1], &slope), check_csv_real(csv, i, "log_mean"), 1e-12, "%s",
                        check_csv_row(csv, i));
            check_slope(&s, at, check_csv_row(csv, i));
        }
        mpl__arena_free(arena);
    }
    check_csv_free(csv);
    for (int two = 0; two < 2; two++) { /* step functions */
        mpl__arena *const arena = mpl__arena_new();
        mpl__selector s = { .sign = 1, .two_sided = two, .n_steps = 2, .n_weights = 3, .steps = { 0.025, 0.5 },
                            .cuts = { two ? 2.2414027276049473 : 1.959963984540054, two ? 0.6744897501960817 : 0 } };
        CHECK(mpl__weight_find("stepfun", &s.def, NULL) == MPL_OK && mpl__selector_prepare(&s, arena), "steps");
        check_slope(&s, (const double[]){ 1, 0.5, 3, 0.4, 1.7 }, "steps");
        check_slope(&s, (const double[]){ 1, 0.5, 1e-3, -9, 1.1 }, "steps far out");
        mpl__arena_free(arena);
    }
}

/* Magnesium's likelihood is highest where tau2 is 0; searches that start at a larger tau2 end in a lower maximum. */
static void check_second_maximum(void)
{
    mpl_effects *const effects = effects_of("magnesium", "OR");
    const mpl_selection_options beta = { .selection = "beta" };
    const mpl_selection_options equal = { .selection = "beta", .tau2 = { .given = true } };
    mpl_selection *free_tau2 = NULL, *no_tau2 = NULL;
    mpl_error err = { 0 };
    CHECK(mpl_selection_new(effects, NULL, &beta, &free_tau2, &err) == MPL_OK &&
              mpl_selection_new(effects, NULL, &equal, &no_tau2, &err) == MPL_OK, "%s", err.message);
    if (free_tau2 && no_tau2) {
        CHECK(free_tau2->ll >= no_tau2->ll - 1e-9 && free_tau2->tau2 < 1e-9, "log-likelihood %.9g and %.9g, tau2 %.9g",
              free_tau2->ll, no_tau2->ll, free_tau2->tau2);
        CHECK(!no_tau2->lrt_tau2.id && isnan(no_tau2->se_tau2), "a known tau2 has no test");
    }
    mpl_selection_free(free_tau2);
    mpl_selection_free(no_tau2);
    mpl_effects_free(effects);
}

int main(void)
{
    check_reference();
    check_means();
    check_second_maximum();
    check_laws();
    check_refusals();
    check_minimum();
    return check_done();
}
