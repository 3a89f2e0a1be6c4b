/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Profile likelihoods against R; the maximum and the limits are on the curve; hard data. */
#include "check.h"

#include <metapool.h>

static mpl_dataset *data;
static mpl_effects *effects;

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

static double ll_at(const mpl_design *design, const mpl_fit *fit, const char *parameter, double x)
{
    const mpl_likelihood_options options = { .parameter = parameter, .least = { true, x }, .most = { true, x + 1 },
                                             .points = 2 };
    mpl_likelihood *l;
    mpl_error err;
    must(mpl_likelihood_new(effects, design, fit, &options, &l, &err), &err);
    const double ll = l->points[0].ll;
    mpl_likelihood_free(l);
    return ll;
}

static void test_r(void)
{
    check_csv *const csv = check_csv_open("ref/likelihood.csv");
    mpl_error err;
    for (size_t r = 0; r < csv->n_rows; r++) {
        const char *const mods = check_csv_text(csv, r, "mods"), *const parameter = check_csv_text(csv, r, "parameter");
        const mpl_fit_options options = { .method = check_csv_text(csv, r, "method") };
        mpl_regression *reg = NULL;
        mpl_fit *fit = NULL;
        if (*mods)
            must(mpl_regress_new(data, effects, &options, &(mpl_regress_options){ .mods = mods }, &reg, &err), &err);
        else
            must(mpl_fit_new(effects, NULL, &options, &fit, &err), &err);
        const double x = check_csv_real(csv, r, "x"), want = check_csv_real(csv, r, "ll");
        const double got = ll_at(reg ? reg->design : NULL, reg ? reg->fit : fit, parameter, x);
        CHECK(check_error(got, want) <= 1e-10, "%s %s %s %g: %.15g, not %.15g", options.method, mods, parameter, x, got,
              want);
        mpl_regress_free(reg);
        mpl_fit_free(fit);
    }
    check_csv_free(csv);
}

/* The curve passes the limits at the cut and is highest at the estimate. */
static void test_limits(const char *method, const char *parameter)
{
    mpl_fit *fit;
    mpl_likelihood *l;
    mpl_error err;
    must(mpl_fit_new(effects, NULL, &(mpl_fit_options){ .method = method }, &fit, &err), &err);
    must(mpl_likelihood_new(effects, NULL, fit, &(mpl_likelihood_options){ .parameter = parameter, .points = 101 }, &l,
                            &err), &err);
    CHECK(l->n == 101 && l->points[0].x < l->lb && l->points[100].x > l->ub, "%s %s: range", method, parameter);
    for (size_t i = 0; i < l->n; i++)
        CHECK(l->points[i].drop <= 1e-10, "%s %s: %g is above the maximum", method, parameter, l->points[i].x);
    const double lb = ll_at(NULL, fit, parameter, l->lb), ub = ll_at(NULL, fit, parameter, l->ub);
    CHECK(check_error(lb, l->cut) <= 1e-9 && check_error(ub, l->cut) <= 1e-9,
          "%s %s: limits at %.12g, %.12g, not %.12g", method, parameter, lb, ub, l->cut);
    CHECK(check_error(ll_at(NULL, fit, parameter, l->estimate), l->ll) <= 1e-12, "%s %s: maximum", method, parameter);
    mpl_likelihood_free(l);
    mpl_fit_free(fit);
}

static void test_hard(void)
{
    static const double far[] = { 1e8, 1e8 + 1e-3, 1e8 + 3e-3 }, small[] = { 1e-8, 1e-6, 1e4 }, same[] = { 2, 2, 2 };
    static const double zero[] = { 0, 1, 2 }, wide[] = { 0, 50, -70 };
    static const struct { const char *name; const double *yi, *vi; size_t k, n_notes; mpl_status want; } rows[] = {
        { "far from 0, variance ratio 1e12", far, small, 3, 0, MPL_OK },
        { "equal effects", same, small, 3, 0, MPL_OK },
        { "two studies", far, small, 2, 0, MPL_OK },
        { "a variance of 0", wide, zero, 3, 1, MPL_OK },
        { "one study", far, small, 1, 0, MPL_ERR_TOO_FEW },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mpl_effects *es;
        mpl_fit *fit;
        mpl_likelihood *l;
        mpl_error err;
        const mpl_likelihood_options options = { .least = { true, 0 }, .most = { true, 1 } };
        must(mpl_effects_new_arrays(rows[r].yi, rows[r].vi, NULL, rows[r].k, NULL, &es, &err), &err);
        must(mpl_fit_new(es, NULL, NULL, &fit, &err), &err);
        const mpl_status s = mpl_likelihood_new(es, NULL, fit, &options, &l, &err);
        CHECK(s == rows[r].want, "%s: %d", rows[r].name, s);
        for (size_t i = 0; l && i < l->n; i++)
            CHECK(isfinite(l->points[i].ll) || (rows[r].vi == zero && i == 0), "%s: at %g", rows[r].name,
                  l->points[i].x);
        CHECK(!l || l->n_notes == rows[r].n_notes, "%s: %zu notes", rows[r].name, l ? l->n_notes : 0);
        mpl_likelihood_free(l);
        mpl_fit_free(fit);
        mpl_effects_free(es);
    }
}

int main(void)
{
    mpl_error err;
    must(mpl_dataset_read("bcg", NULL, &data, &err), &err);
    must(mpl_effects_new(data, NULL, &effects, &err), &err);
    test_r();
    test_limits("REML", "tau2");
    test_limits("ML", "tau2");
    test_limits("DL", "tau2");
    test_limits("ML", "mean");
    test_limits("EE", "mean");
    test_hard();
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return check_done();
}
