/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kenward-Roger in regressions, against the paper's formulas in 60-digit arithmetic; with equal variances it is t. */
#include "check.h"

#include <metapool.h>

enum { MOST = 10 };

static const double TOLERANCE = 1e-9;

static void list(const check_csv *csv, size_t row, const char *column, const double *got, size_t n)
{
    size_t m = 0;
    char *end;
    for (const char *text = check_csv_text(csv, row, column); *text; text = end, m++) {
        const double want = strtod(text, &end);
        if (m < n)
            CHECK_CLOSE(got[m], want, TOLERANCE, "%s %s[%zu]", check_csv_row(csv, row), column, m);
    }
    CHECK(n == m, "%s %s: %zu, not %zu", check_csv_row(csv, row), column, n, m);
}

static void compare(const check_csv *csv, size_t row, const mpl_regression *r)
{
    double value[4][MOST], test[3][MOST];
    const mpl_fit *const fit = r->fit;
    for (size_t j = 0; j < fit->p; j++) {
        const mpl_term *const t = &fit->terms[j];
        const double all[] = { t->estimate, t->se, t->df, t->pval };
        for (size_t i = 0; i < 4; i++)
            value[i][j] = all[i];
    }
    test[0][0] = fit->qm;
    test[1][0] = fit->qm_df2;
    test[2][0] = fit->qm_pval;
    for (size_t j = 0; j < r->n_moderators; j++) {
        const mpl_wald *const t = &r->moderators[j].test;
        test[0][j + 1] = t->q;
        test[1][j + 1] = t->df2;
        test[2][j + 1] = t->pval;
    }
    list(csv, row, "estimate", value[0], fit->p);
    list(csv, row, "se", value[1], fit->p);
    list(csv, row, "df", value[2], fit->p);
    list(csv, row, "pval", value[3], fit->p);
    const size_t n = fit->p == 2 ? 1 : r->n_moderators + 1;
    list(csv, row, "f", test[0], n);
    list(csv, row, "f_df2", test[1], n);
    list(csv, row, "f_pval", test[2], n);
    const double at[] = { r->predictions->estimate, r->predictions->se, r->predictions->df };
    list(csv, row, "prediction", at, 3);
    CHECK_CLOSE(r->functions[0].df, at[2], 1e-12, "%s: a function that is linear", check_csv_row(csv, row));
    CHECK_CLOSE(r->functions[0].se, at[1], 1e-9, "%s: its standard error", check_csv_row(csv, row));
}

/* Every variance the same: a linear model, whose t and F are exact. */
static void equal_variances(void)
{
    static const char csv[] = "yi,vi,x,g\n0.1,0.1,1,a\n0.9,0.1,2,b\n0.4,0.1,3,c\n1.9,0.1,4,a\n-0.7,0.1,5,b\n"
                              "2.1,0.1,6,c\n0.4,0.1,7,a\n1.2,0.1,9,b\n";
    static const char *const tests[] = { "kr", "hksj" };
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_regression *r[2];
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, sizeof csv - 1, "equal.csv", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        check_die("equal variances", err.message);
    for (size_t i = 0; i < 2; i++)
        if (mpl_regress_new(data, effects, &(mpl_fit_options){ .test = tests[i], .pi = i ? "V" : "KR" },
                            &(mpl_regress_options){ .mods = "x + g", .predict = "x=3,g=b" }, &r[i], &err) != MPL_OK)
            check_die(tests[i], err.message);
    for (size_t j = 0; j < 4; j++) {
        CHECK_CLOSE(r[0]->fit->terms[j].se, r[1]->fit->terms[j].se, 1e-10, "se of %zu", j);
        CHECK_CLOSE(r[0]->fit->terms[j].df, 4, 1e-10, "df of %zu", j);
    }
    CHECK_CLOSE(r[0]->fit->qm, r[1]->fit->qm, 1e-10, "F of all");
    CHECK_CLOSE(r[0]->moderators[1].test.df2, 4, 1e-9, "df of a factor");
    CHECK_CLOSE(r[0]->moderators[1].test.q, r[1]->moderators[1].test.q, 1e-10, "F of a factor");
    CHECK_CLOSE(r[0]->predictions->ci_lb, r[1]->predictions->ci_lb, 1e-10, "a prediction");
    CHECK_CLOSE(r[0]->predictions->pi_lb, r[1]->predictions->pi_lb, 1e-10, "its prediction interval");
    for (size_t i = 0; i < 2; i++)
        mpl_regress_free(r[i]);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

int main(void)
{
    check_csv *const csv = check_csv_open("ref/kenward.csv");
    static const char *const delta[] = { "intercept + 30*ablat", "intercept + 30*ablat + `alloc=random`",
                                         "`alloc=random`",
                                         "intercept + 20*ablat + 1970*year + 39400*`ablat:year`",
                                         "intercept + 1950*year + `alloc=systematic`" };
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    if (mpl_dataset_read("bcg", NULL, &data, &err) != MPL_OK || mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        check_die("bcg", err.message);
    for (size_t i = 0; i < csv->n_rows; i++) {
        const mpl_regress_options options = { .mods = check_csv_text(csv, i, "mods"), .delta = delta[i],
                                              .predict = check_csv_text(csv, i, "at") };
        mpl_regression *r;
        if (CHECK(mpl_regress_new(data, effects, &(mpl_fit_options){ .test = "kr" }, &options, &r, &err) == MPL_OK,
                  "%s: %s", check_csv_row(csv, i), err.message))
            compare(csv, i, r);
        mpl_regress_free(r);
    }
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    check_csv_free(csv);
    equal_variances();
    return check_done();
}
