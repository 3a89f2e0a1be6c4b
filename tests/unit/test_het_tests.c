/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of heterogeneity against 40 digits; their bootstrap; where there are none. */
#include "fit_case.h"

static double value_of(const mpl_fit *fit, const char *id, double *pval)
{
    for (size_t i = 0; i < fit->n_hypotheses; i++)
        if (!strcmp(fit->hypotheses[i].id, id)) {
            if (pval)
                *pval = fit->hypotheses[i].pval;
            return fit->hypotheses[i].statistic;
        }
    check_die("no such test", id);
}

static mpl_fit *fit_of(const mpl_effects *es, const mpl_design *design, mpl_fit_options options)
{
    mpl_fit *fit = NULL;
    mpl_error err;
    options.het_tests = true;
    CHECK(mpl_fit_new(es, design, &options, &fit, &err) == MPL_OK, "%s", err.message);
    return fit;
}

/* Those with a maximum at 0 are compared to the size of a chi-squared of one. */
static void near(const check_csv *csv, size_t row, const char *column, double got, double tol)
{
    const double want = check_csv_real(csv, row, column), error = fabs(got - want) / fmax(1e-3, fabs(want));
    if (!isnan(want))
        CHECK(error <= tol, "%s %s: got %.17g, want %.17g, error %.2g", check_csv_text(csv, row, "set"), column, got,
              want, error);
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/het_tests.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        double pval;
        case_read(csv, i, &c);
        mpl_fit *const fit = fit_of(&c.effects, NULL, (mpl_fit_options){ .draws = 100 });
        mpl_fit *const ml = fit_of(&c.effects, NULL, (mpl_fit_options){ .draws = 100, .method = "ML" });
        near(csv, i, "lr_reml", value_of(fit, "tau2-zero-lr-reml", NULL), 1e-11);
        near(csv, i, "lr_ml", value_of(fit, "tau2-zero-lr-ml", NULL), 1e-11);
        near(csv, i, "score", value_of(fit, "tau2-zero-score", NULL), 1e-12);
        (void)value_of(fit, "tau2-zero-score-exact", &pval);
        near(csv, i, "score_pval", pval, 1e-10);
        near(csv, i, "wald", value_of(fit, "tau2-zero-wald", NULL), 1e-12);
        near(csv, i, "same_score_reml", value_of(fit, "tau2-same-score", NULL), 1e-9);
        near(csv, i, "same_lr_reml", value_of(fit, "tau2-same-lr", NULL), 1e-9);
        near(csv, i, "same_wald_reml", value_of(fit, "tau2-same-wald", NULL), 1e-6);
        near(csv, i, "same_score_ml", value_of(ml, "tau2-same-score", NULL), 1e-9);
        near(csv, i, "same_lr_ml", value_of(ml, "tau2-same-lr", NULL), 1e-9);
        near(csv, i, "same_wald_ml", value_of(ml, "tau2-same-wald", NULL), 1e-6);
        near(csv, i, "ks", value_of(fit, "tau2-same-ks", NULL), 1e-10);
        near(csv, i, "ad", value_of(fit, "tau2-same-ad", NULL), 1e-10);
        for (size_t j = 0; j < fit->n_hypotheses; j++)
            CHECK(fit->hypotheses[j].pval >= 0 && fit->hypotheses[j].pval <= 1, "%s: p-value of %s",
                  check_csv_row(csv, i), fit->hypotheses[j].id);
        mpl_fit_free(fit);
        mpl_fit_free(ml);
    }
    check_csv_free(csv);
}

/* One far effect among twenty is found; the same seed gives the same p-values with any number of threads. */
static void bootstrap(void)
{
    static const double y[] = { -1.9, -1.5, -1.2, -1, -0.8, -0.6, -0.45, -0.3, -0.2, -0.1, 0.05, 0.15, 0.25, 0.4, 0.55,
                                0.7, 0.9, 1.1, 1.4, 9 };
    double v[20], first, again, other;
    for (size_t i = 0; i < 20; i++)
        v[i] = 1e-6;
    const mpl_effects es = { .k = 20, .yi = y, .vi = v };
    mpl_fit *const a = fit_of(&es, NULL, (mpl_fit_options){ .draws = 1000 });
    mpl_fit *const b = fit_of(&es, NULL, (mpl_fit_options){ .draws = 1000, .run = { .threads = 1 } });
    mpl_fit *const c = fit_of(&es, NULL, (mpl_fit_options){ .draws = 1000, .run = { .seed = { true, 5 } } });
    for (size_t i = 0; i < a->n_hypotheses; i++)
        CHECK(a->hypotheses[i].pval == b->hypotheses[i].pval, "%s: threads", a->hypotheses[i].id);
    (void)value_of(a, "tau2-same-ad", &first);
    (void)value_of(b, "tau2-same-ad", &again);
    (void)value_of(c, "tau2-same-ad", &other);
    CHECK(first == again && first <= 0.01 && other <= 0.01, "an outlier: %g, %g", first, other);
    mpl_fit_free(a);
    mpl_fit_free(b);
    mpl_fit_free(c);
}

static void without(void)
{
    static const double y[] = { 0.1, 0.5, -0.4, 0.9 }, v[] = { 0.1, 0.2, 0.1, 0.3 }, zero[] = { 0, 0.2, 0.1, 0.3 };
    static const double x[] = { 1, 1, 1, 2, 1, 3, 1, 5 };
    static const mpl_design design = { 4, 2, x, NULL };
    const struct { mpl_effects es; const mpl_design *design; mpl_fit_options options; size_t n; } row[] = {
        { { .k = 1, .yi = y, .vi = v }, NULL, { 0 }, 0 },
        { { .k = 2, .yi = y, .vi = v }, NULL, { 0 }, 6 },
        { { .k = 4, .yi = y, .vi = zero }, NULL, { 0 }, 0 },
        { { .k = 4, .yi = y, .vi = v }, &design, { 0 }, 6 },
        { { .k = 4, .yi = y, .vi = v }, NULL, { .method = "EE" }, 11 },
        { { .k = 4, .yi = y, .vi = v }, NULL, { .tau2 = { true, 1 } }, 11 },
        { { .k = 4, .yi = y, .vi = v }, NULL, { .tau2_min = { true, -0.05 } }, 11 },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_fit_options options = row[i].options;
        options.draws = 100;
        mpl_fit *const fit = fit_of(&row[i].es, row[i].design, options);
        bool is_told = false;
        for (size_t j = 0; fit && j < fit->n_notes; j++)
            is_told = is_told || !strcmp(fit->notes[j].code, "heterogeneity-tests");
        CHECK(fit && fit->n_hypotheses == row[i].n, "row %zu: %zu tests", i, fit ? fit->n_hypotheses : 0);
        CHECK(is_told == (row[i].n < 11), "row %zu: a note", i);
        mpl_fit_free(fit);
    }
}

int main(void)
{
    reference();
    bootstrap();
    without();
    return check_done();
}
