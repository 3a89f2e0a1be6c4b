/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special functions of effect sizes against values of 40 digits, and outside their domain. */
#include "check.h"
#include "num/special.h"

static const struct {
    const char *what;
    double most; /* relative error that was measured, rounded up */
} measured[] = {
    { "hedges_j", 4e-16 },      { "hyp2f1_half", 2e-15 },            { "hyp2f1_one", 3e-15 },
    { "norm2_excess", 4e-15 },  { "r2_likelihood_variance", 2e-12 },
};

static double compute(const char *what, double a, double b, double c)
{
    if (strcmp(what, "hedges_j") == 0)
        return mpl__hedges_j(a);
    if (strcmp(what, "hyp2f1_half") == 0)
        return mpl__hyp2f1_half(a, b);
    if (strcmp(what, "hyp2f1_one") == 0)
        return mpl__hyp2f1_one(a, b);
    if (strcmp(what, "norm2_excess") == 0)
        return mpl__norm2_excess(a, b, c);
    return mpl__r2_likelihood_variance(a, b, c);
}

static double allowed(const char *what)
{
    for (size_t i = 0; i < sizeof measured / sizeof *measured; i++)
        if (strcmp(measured[i].what, what) == 0)
            return measured[i].most;
    check_die("no such function", what);
}

int main(void)
{
    check_csv *const csv = check_csv_open("ref/special.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const what = check_csv_text(csv, i, "what");
        const double a = check_csv_real(csv, i, "a"), b = check_csv_real(csv, i, "b"), c = check_csv_real(csv, i, "c");
        CHECK_CLOSE(compute(what, a, b, c), check_csv_real(csv, i, "value"), allowed(what), "%s: %s(%g, %g, %g)",
                    check_csv_row(csv, i), what, a, b, c);
    }
    check_csv_free(csv);
    CHECK(isnan(mpl__hedges_j(1)) && isnan(mpl__hedges_j(NAN)) && isnan(mpl__hedges_j(-3)), "J needs m > 1");
    CHECK(mpl__hedges_j(INFINITY) == 1, "J of infinity");
    CHECK(isnan(mpl__hyp2f1_half(1, 0.5)) && isnan(mpl__hyp2f1_half(3, 1.5)), "half");
    CHECK(isnan(mpl__hyp2f1_half(3, NAN)) && isnan(mpl__hyp2f1_half(NAN, 0.5)), "half of NaN");
    CHECK(isnan(mpl__hyp2f1_one(2, 0.5)) && isnan(mpl__hyp2f1_one(NAN, 0.5)), "one");
    CHECK(isnan(mpl__norm2_excess(INFINITY, 0, 0.1)) && isnan(mpl__norm2_excess(0, 0, 2)), "bivariate normal");
    CHECK(isnan(mpl__r2_likelihood_variance(0, 2, 30)) && isnan(mpl__r2_likelihood_variance(0.5, 0, 30)) &&
          isnan(mpl__r2_likelihood_variance(0.5, 4, 5)), "R2");
    return check_done();
}
