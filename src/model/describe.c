/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sentence that names model, estimator, test, intervals and prediction interval, with citations in short form. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "model/fit_impl.h"

/* "Hartung & Knapp 2001, Stat Med 20:1771; ..." gives " (Hartung & Knapp 2001)": up to the first year. */
static void add_source(mpl__text *t, const char *cite)
{
    size_t n = 0;
    if (!cite)
        return;
    while (cite[n] && !(n >= 4 && strspn(cite + n - 4, "0123456789") >= 4))
        n++;
    mpl__text_add(t, " (");
    mpl__text_addn(t, cite, n);
    mpl__text_add(t, ")");
}

static void add_number(mpl__text *t, double x, int digits)
{
    char number[350];
    mpl__number_significant(x, digits, number);
    mpl__text_add(t, number);
}

static void add_percent(mpl__text *t, const mpl_fit *fit)
{
    add_number(t, 100 * fit->level, 6);
    mpl__text_add(t, "%");
}

static void add_model(mpl__text *t, const mpl_fit *fit, const mpl__method_def *method)
{
    const char *const id = fit->options.weights ? fit->options.weights : mpl_weights_method(0)->id;
    const char *const weights = mpl_method_find(mpl_weights_method, id)->title;
    if (method->pool) {
        const mpl_method *const model = mpl_method_find(mpl_glmm_method, fit->options.glmm_model);
        mpl__text_format(t, "Counts pooled by %s", fit->method->title);
        add_source(t, fit->method->cite);
        if (model) {
            mpl__text_format(t, ": %s", model->title);
            add_source(t, model->cite);
        }
    } else if (isnan(fit->tau2) && fit->k > 1) { /* the rest is said where the model of tau2 is */
        mpl__text_format(t, "Location-scale model with %s, the between-study variances tau2 estimated by %s", weights,
                         fit->method->title);
        add_source(t, "Viechtbauer & Lopez-Lopez 2022, Res Synth Methods 13:697-715");
    } else if (isnan(fit->tau2)) {
        mpl__text_add(t, "A single study with its own effect and variance");
    } else if (method->is_common) {
        mpl__text_format(t, "Model of %s", fit->method->title);
        add_source(t, fit->method->cite);
    } else if (fit->options.tau2.given || fit->options.i2.given) {
        mpl__text_format(t, "Random-effects model with %s and the between-study variance fixed at ", weights);
        add_number(t, fit->tau2, 6);
    } else {
        mpl__text_format(t, "Random-effects model with %s, the between-study variance tau2 estimated by %s", weights,
                         fit->method->title);
        add_source(t, fit->method->cite);
        if (fit->options.tau2_min.given) {
            mpl__text_add(t, ", which may be negative down to ");
            add_number(t, fit->options.tau2_min.value, 6);
            mpl__text_add(t, ", not to minus the smallest variance");
        }
    }
    if (fit->p > 1)
        mpl__text_format(t, " with %zu coefficients", fit->p);
}

static void add_test(mpl__text *t, const mpl_fit *fit)
{
    const double df = fit->terms[0].df;
    mpl__text_add(t, "; ");
    add_percent(t, fit);
    mpl__text_format(t, " confidence intervals and p-values by %s", fit->test->title);
    add_source(t, fit->test->cite);
    const mpl__test_def *test;
    if (mpl__test_find(fit->test->id, &test, NULL) == MPL_OK && test->refine)
        return;
    if (fit->is_kenward) {
        mpl__text_add(t, ", from t and F with degrees of freedom for each");
    } else if (df == INFINITY) {
        mpl__text_add(t, ", from the normal distribution");
    } else {
        mpl__text_add(t, ", from t on ");
        add_number(t, df, 6);
        mpl__text_format(t, " degree%s of freedom", df == 1 ? "" : "s");
    }
}

static void add_intervals(mpl__text *t, const mpl_fit *fit)
{
    if (!isnan(fit->tau2_ci.ub)) {
        mpl__text_format(t, "; interval of tau2 by %s", fit->tau2_ci_method->title);
        add_source(t, fit->tau2_ci_method->cite);
        if (!isnan(fit->i2_ci.ub))
            mpl__text_add(t, ", intervals of I2 and H2 from its limits");
    }
    if (fit->options.i2_def && strcmp(fit->options.i2_def, mpl_i2_method(0)->id) && !isnan(fit->i2)) {
        const mpl_method *const i2 = mpl_method_find(mpl_i2_method, fit->options.i2_def);
        mpl__text_format(t, "; I2 and H2 compare tau2 with %s", i2->title);
        add_source(t, i2->cite);
    }
    if (isnan(fit->pi_ub))
        return;
    mpl__text_add(t, "; ");
    add_percent(t, fit);
    mpl__text_format(t, " prediction interval by %s", fit->pi->title);
    if (isfinite(fit->pi_df)) {
        mpl__text_add(t, ", here ");
        add_number(t, fit->pi_df, 6);
    }
    add_source(t, fit->pi->cite);
}

mpl_status mpl_fit_describe(const mpl_fit *fit, char *out, size_t size, mpl_error *err)
{
    mpl__text t = { 0 };
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(fit->options.method, &method, err));
    add_model(&t, fit, method);
    add_test(&t, fit);
    add_intervals(&t, fit);
    mpl__text_add(&t, ".");
    if (t.failed) {
        mpl__text_free(&t);
        return mpl__fail_nomem(err, "the description of the method");
    }
    const size_t n = t.size < size ? t.size : size - 1;
    if (size) {
        memcpy(out, t.data, n);
        out[n] = '\0';
    }
    mpl__text_free(&t);
    return MPL_OK;
}
