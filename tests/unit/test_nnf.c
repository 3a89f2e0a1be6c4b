/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prediction interval from confidence distributions, against R by another route. */
#include "check.h"

#include "model/nnf.h"

static size_t numbers(const char *text, double *out)
{
    size_t n = 0;
    for (char *end;; text = end) {
        out[n] = strtod(text, &end);
        if (end == text)
            return n;
        n++;
    }
}

static void reference(void)
{
    check_csv *csv = check_csv_open("ref/nnf.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        double yi[32], vi[32];
        const size_t k = numbers(check_csv_text(csv, i, "yi"), yi);
        CHECK(numbers(check_csv_text(csv, i, "vi"), vi) == k, "%s", check_csv_row(csv, i));
        const double lb = check_csv_real(csv, i, "pi_lb"), ub = check_csv_real(csv, i, "pi_ub");
        mpl_interval out;
        CHECK(mpl__nnf_interval(yi, vi, k, check_csv_real(csv, i, "level"), &out, NULL) == MPL_OK, "%s",
              check_csv_row(csv, i));
        /* the script's own accuracy, see its head */
        CHECK_CLOSE(out.lb, lb, 1e-6 * (ub - lb) / fabs(lb), "%s", check_csv_row(csv, i));
        CHECK_CLOSE(out.ub, ub, 1e-6 * (ub - lb) / fabs(ub), "%s", check_csv_row(csv, i));
        if (i % 2)
            continue;
        double moved[32], scaled[32];
        mpl_interval other;
        for (size_t j = 0; j < k; j++) {
            moved[j] = 1e3 * yi[j] - 5;
            scaled[j] = 1e6 * vi[j];
        }
        CHECK(mpl__nnf_interval(moved, scaled, k, check_csv_real(csv, i, "level"), &other, NULL) == MPL_OK, "moved");
        CHECK_CLOSE(other.lb, 1e3 * out.lb - 5, 1e-9, "moved and scaled, %s", check_csv_row(csv, i));
        CHECK_CLOSE(other.ub, 1e3 * out.ub - 5, 1e-9, "moved and scaled, %s", check_csv_row(csv, i));
    }
    check_csv_free(csv);
}

static void equal_effects(void)
{
    const double yi[] = { 1, 1, 1, 1 }, vi[] = { 1, 2, 3, 4 };
    mpl_interval out;
    CHECK(mpl__nnf_interval(yi, vi, 4, 0.95, &out, NULL) == MPL_OK, "status");
    CHECK(isfinite(out.lb) && isfinite(out.ub) && out.lb <= 1 && out.ub >= 1, "%g to %g", out.lb, out.ub);
}

int main(void)
{
    reference();
    equal_effects();
    return check_done();
}
