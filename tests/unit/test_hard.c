/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hard data through every row of every registry: each method, test, interval of tau2, prediction interval and kind of
 * weights. A fit is a result whose numbers are finite, or missing with a note that says why; or a refusal with a
 * message. The same in other units, from another origin and with the signs turned.
 */
#include <metapool/model.h>

#include "check.h"

enum { MOST = 12 };

typedef struct set {
    const char *name;
    size_t k;
    double y[MOST], v[MOST];
} set;

/* Effects and variances are multiples of 2^-30 or powers of two, so that shifts and scales are exact. */
static const set sets[] = {
    { "one", 1, { 0.375 }, { 0.0625 } },
    { "one, exact", 1, { 0.375 }, { 0 } },
    { "two", 2, { 0.125, 0.875 }, { 0.03125, 0.09375 } },
    { "two alike", 2, { 0.125, 0.15625 }, { 0.03125, 0.09375 } },
    { "two equal", 2, { 0.25, 0.25 }, { 0.03125, 0.125 } },
    { "three", 3, { 0.3125, -0.125, 0.8125 }, { 0.015625, 0.046875, 0.03125 } },
    { "all equal", 4, { 0.25, 0.25, 0.25, 0.25 }, { 0.125, 0.25, 0.125, 0.5 } },
    { "all equal, at 0", 3, { 0, 0, 0 }, { 0.125, 0.25, 0.125 } },
    { "equal variances", 5, { 0.125, 0.75, -0.5, 1.25, 0.25 }, { 0.0625, 0.0625, 0.0625, 0.0625, 0.0625 } },
    { "null set", 6, { 0.109375, 0.09375, 0.125, 0.125, 0.09375, 0.109375 },
      { 0.0625, 0.046875, 0.03125, 0.078125, 0.03125, 0.0625 } },
    { "one precise", 5, { 0.1875, 0.875, -0.5, 1.375, 0.625 }, { 0x1p-40, 0.25, 0.1875, 0.375, 0.125 } },
    { "one vague", 5, { 0.1875, 0.875, -0.5, 1.375, 0.625 }, { 0.125, 0.25, 0.1875, 0x1p40, 0.125 } },
    { "two maxima", 4, { -0.04296875, -0.0595703125, -4.3671875, -2.298828125 }, { 0x1p-20, 0x1p-16, 2.828125, 1 } },
    { "one exact", 5, { 0.1875, 0.875, -0.5, 1.375, 0.625 }, { 0, 0.25, 0.1875, 0.375, 0.125 } },
    { "one exact, alike", 5, { 0.40625, 0.3125, 0.375, 0.34375, 0.375 }, { 0, 0.25, 0.1875, 0.375, 0.125 } },
    { "two exact", 4, { 0.1875, 0.875, -0.5, 1.375 }, { 0, 0, 0.1875, 0.375 } },
    { "all exact", 3, { 0.1875, 0.875, -0.5 }, { 0, 0, 0 } },
    { "all exact and equal", 3, { 0.5, 0.5, 0.5 }, { 0, 0, 0 } },
    { "far apart", 6, { 1, 2, 3, 1e6, 2e6, 3e6 }, { 0.0625, 0.0625, 0.125, 0.0625, 0.0625, 0.125 } },
    { "small effects", 4, { 0x1p-300, 0x1p-301, -0x1p-300, 0x1p-299 }, { 0x1p-601, 0x1p-602, 0x1p-601, 0x1p-600 } },
    { "large effects", 4, { 0x1p300, 0x1p301, -0x1p300, 0x1p299 }, { 0x1p601, 0x1p602, 0x1p601, 0x1p600 } },
};
enum { N_SETS = sizeof sets / sizeof *sets };

static const double weights[MOST] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8 };

static mpl_status fit_of(const set *s, const mpl_fit_options *options, mpl_fit **fit, mpl_error *err)
{
    const mpl_effects es = { .k = s->k, .yi = s->y, .vi = s->v, .weights = weights };
    return mpl_fit_new(&es, NULL, options, fit, err);
}

static bool has_note(const mpl_fit *fit, const char *start)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strncmp(fit->notes[i].code, start, strlen(start)))
            return true;
    return false;
}

#define MUST(condition, what) CHECK(condition, "%s: %s: %s", s->name, name, what)

static void check_mean(const set *s, const char *name, const mpl_fit *fit)
{
    const mpl_term *const mean = &fit->terms[0];
    double sum = 0;
    MUST(isfinite(mean->estimate), "the estimate");
    MUST(isfinite(mean->se) && mean->se >= 0, "the standard error");
    MUST(isnan(mean->ci_lb) == isnan(mean->ci_ub), "half an interval");
    MUST(isnan(mean->ci_lb) ? fit->n_notes > 0 : mean->ci_lb <= mean->estimate && mean->estimate <= mean->ci_ub,
         "the interval");
    MUST(isnan(mean->pval) ? mean->se == 0 && fit->n_notes > 0 : mean->pval >= 0 && mean->pval <= 1, "the p-value");
    for (size_t i = 0; i < s->k; i++) {
        MUST(fit->weights[i] >= 0 && fit->weights[i] <= 100 * (1 + 1e-12), "a weight");
        sum += fit->weights[i];
    }
    MUST(fabs(sum - 100) < 1e-9, "the sum of the weights");
    MUST(fit->s2w >= 0 || (isnan(fit->s2w) && s->k == 1), "the Hartung-Knapp factor");
    MUST(isfinite(fit->ll) == isfinite(fit->aic), "AIC without a likelihood");
}

static void check_spread(const set *s, const char *name, const mpl_fit *fit)
{
    const bool is_fixed = fit->options.tau2.given || fit->options.i2.given;
    const bool is_common = isnan(fit->se_tau2) && !is_fixed;
    MUST(isnan(fit->tau2) ? s->k == 1 && has_note(fit, "single-study")
                          : fit->tau2 >= 0 || has_note(fit, "tau2-negative"), "tau2");
    MUST(isnan(fit->tau) == !(fit->tau2 >= 0), "tau");
    MUST(fit->se_tau2 >= 0 || is_fixed || s->k == 1 || fit->tau2 == 0, "the standard error of tau2");
    MUST(isfinite(fit->q) || has_note(fit, "zero-variance"), "Q");
    MUST(isfinite(fit->i2) || has_note(fit, "zero-variance") || s->k == 1, "I2");
    MUST(isfinite(fit->h2) || has_note(fit, "zero-variance") || s->k == 1, "H2");
    if (isnan(fit->tau2_ci.lb) || isnan(fit->tau2_ci.ub)) {
        MUST(is_common || is_fixed || s->k == 1 || !strcmp(fit->options.tau2_ci, "none") ||
             has_note(fit, "tau2-interval"), "an interval of tau2 that is missing");
        return;
    }
    MUST(fit->tau2_ci.lb <= fit->tau2_ci.ub, "the order of the limits of tau2");
    MUST(fit->tau2_ci_empty == has_note(fit, "tau2-interval-empty"), "an empty interval of tau2");
    MUST((fit->tau2 >= fit->tau2_ci.lb * (1 - 1e-9) && fit->tau2 <= fit->tau2_ci.ub * (1 + 1e-9)) ||
         fit->tau2_ci_empty || has_note(fit, "tau2-outside"), "tau2 outside its interval");
    MUST((isfinite(fit->i2_ci.ub) && fit->i2_ci.lb <= fit->i2_ci.ub) || has_note(fit, "zero-variance"), "limits of I2");
    MUST(fit->h2_ci.lb <= fit->h2_ci.ub || has_note(fit, "zero-variance"), "limits of H2");
}

static void check_prediction(const set *s, const char *name, const mpl_fit *fit)
{
    if (isnan(fit->pi_lb) || isnan(fit->pi_ub))
        MUST(!strcmp(fit->pi->id, "none") || s->k == 1 || has_note(fit, "pi-not-estimable"),
             "a prediction interval that is missing");
    else
        MUST(fit->pi_lb <= fit->terms[0].estimate && fit->pi_ub >= fit->terms[0].estimate, "the prediction interval");
    for (size_t i = 0; i < fit->n_quantities; i++) {
        const mpl_quantity *const q = &fit->quantities[i];
        MUST(isfinite(q->value), q->id);
        MUST(isnan(q->ci_lb) ? fit->n_notes > 0 || !strncmp(q->id, "new-", 4)
                             : q->ci_lb <= q->value * (1 + 1e-12) && q->value <= q->ci_ub * (1 + 1e-12), q->id);
        MUST(isnan(q->se) || q->se >= 0, q->id);
    }
}

/* |a - b| to the size of `unit`; both missing, or both the same infinity, is equal. */
static bool same(double a, double b, double unit)
{
    return a == b || (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (unit + fabs(b));
}

/* fit to y, other to scale (y + shift): scale is a power of two, or its negative. */
static void check_moved(const set *s, const char *name, const mpl_fit *fit, const mpl_fit *other, double shift,
                        double scale)
{
    const mpl_term *const a = &fit->terms[0], *const b = &other->terms[0];
    const double c = scale, size = fabs(c), unit = size * (a->se > 0 ? a->se : 1e-12);
    const bool turned = c < 0;
    MUST(same(b->estimate, c * (a->estimate + shift), unit + 1e-7 * size * fabs(shift) * 1e-9), "a moved mean");
    MUST(same(b->se, size * a->se, 0), "a moved standard error");
    MUST(same(b->ci_ub - b->estimate, size * (turned ? a->estimate - a->ci_lb : a->ci_ub - a->estimate),
              unit + 1e-6 * size * fabs(shift)), "a moved interval");
    MUST(same(other->tau2, c * c * fit->tau2, unit * unit * 1e-3), "a moved tau2");
    MUST(same(other->tau2_ci.lb, c * c * fit->tau2_ci.lb, unit * unit * 1e-3), "a moved limit of tau2");
    MUST(same(other->tau2_ci.ub, c * c * fit->tau2_ci.ub, unit * unit * 1e-3), "a moved limit of tau2");
    MUST(same(other->q, fit->q, 1e-3) && same(other->i2, fit->i2, 1e-3) && same(other->h2, fit->h2, 1e-3), "moved Q");
    MUST(other->n_notes == fit->n_notes, "other notes");
}

static void move(const set *s, const char *name, const mpl_fit *fit, const mpl_fit_options *options, double shift,
                 double scale)
{
    set moved = *s;
    mpl_fit_options scaled = *options;
    mpl_fit *other;
    mpl_error err;
    for (size_t i = 0; i < s->k; i++) {
        moved.y[i] = scale * (s->y[i] + shift);
        moved.v[i] = scale * scale * s->v[i];
    }
    scaled.tau2.value *= scale * scale;
    scaled.tau2_min.value *= scale * scale;
    if (!CHECK(fit_of(&moved, &scaled, &other, &err) == MPL_OK, "%s: %s: moved: %s", s->name, name, err.message))
        return;
    check_moved(s, name, fit, other, shift, scale);
    mpl_fit_free(other);
}

static size_t n_refused, n_fitted;

static void one(const set *s, const mpl_fit_options *options, const char *kind, const char *id)
{
    char name[100];
    mpl_fit *fit;
    mpl_error err = { 0 };
    snprintf(name, sizeof name, "%s %s", kind, id);
    const mpl_status status = fit_of(s, options, &fit, &err);
    if (status != MPL_OK) {
        n_refused++;
        CHECK(status == MPL_ERR_TOO_FEW || status == MPL_ERR_NUMERIC || status == MPL_ERR_ARG, "%s: %s: status %d",
              s->name, name, (int)status);
        CHECK(strlen(err.message) > 20 && !strstr(err.message, "nan"), "%s: %s: '%s'", s->name, name, err.message);
        return;
    }
    n_fitted++;
    check_mean(s, name, fit);
    check_spread(s, name, fit);
    check_prediction(s, name, fit);
    if (options->draws == 0)
        move(s, name, fit, options, 0, 0x1p20);
    move(s, name, fit, options, 0, -1);
    const bool is_about_0 = strstr(name, "permutation") || strstr(s->name, "effects"); /* or no room for a shift */
    if (!is_about_0 && !options->beyond.given)
        move(s, name, fit, options, 1e8, 1);
    mpl_fit_free(fit);
}

static void every_row(const set *s)
{
    char name[64];
    for (size_t i = 0; mpl_fit_method(i); i++) {
        const char *const id = mpl_fit_method(i)->id;
        if (mpl_fit_method_measures(mpl_fit_method(i)))
            continue;
        one(s, &(mpl_fit_options){ .method = id }, "method", id);
        one(s, &(mpl_fit_options){ .method = id, .test = "z", .pi = "S" }, "method with z", id);
        one(s, &(mpl_fit_options){ .method = id, .tau2_min = { true, -10 } }, "negative tau2", id);
        one(s, &(mpl_fit_options){ .method = id, .rb = true }, "Rb", id);
        for (size_t j = 0; mpl_tau2_ci_method(j); j++) {
            const char *const ci = mpl_tau2_ci_method(j)->id;
            snprintf(name, sizeof name, "%s, %s", ci, id);
            const bool is_exact_q = strstr(ci, "J") != NULL; /* the same for all methods, and dear */
            if ((!strcmp(id, "DLB") && strcmp(ci, "QP")) || (is_exact_q && i > 2))
                continue;
            one(s, &(mpl_fit_options){ .method = id, .tau2_ci = ci, .draws = strcmp(ci, "boot") ? 0 : 100 }, "interval",
                name);
        }
        for (size_t j = 0; mpl_weights_method(j); j++) {
            snprintf(name, sizeof name, "%s, %s", mpl_weights_method(j)->id, id);
            one(s, &(mpl_fit_options){ .method = id, .weights = mpl_weights_method(j)->id }, "weights", name);
        }
    }
    for (size_t i = 0; mpl_test_method(i); i++) {
        const char *const id = mpl_test_method(i)->id;
        const size_t draws = strstr(id, "permutation") || !strcmp(id, "bootstrap") ? 100 : 0;
        one(s, &(mpl_fit_options){ .test = id, .draws = draws }, "test", id);
        one(s, &(mpl_fit_options){ .test = id, .draws = draws, .tau2 = { true, 0.25 } }, "fixed tau2, test", id);
        one(s, &(mpl_fit_options){ .test = id, .draws = draws, .i2 = { true, 50 } }, "fixed I2, test", id);
    }
    for (size_t i = 0; mpl_pi_method(i); i++) {
        const char *const id = mpl_pi_method(i)->id;
        one(s, &(mpl_fit_options){ .pi = id }, "prediction", id);
        one(s, &(mpl_fit_options){ .pi = id, .beyond = { true, 0.25 } }, "beyond, prediction", id);
        one(s, &(mpl_fit_options){ .pi = id, .method = "DL", .tau2 = { true, 0.25 } }, "fixed tau2, prediction", id);
    }
}

int main(void)
{
    for (size_t i = 0; i < N_SETS; i++)
        every_row(&sets[i]);
    printf("# %zu fits, %zu refusals\n", n_fitted, n_refused);
    return check_done();
}
