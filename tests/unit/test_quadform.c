/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted sums of chi-squared variables and the eigenvalues they come from. */
#include "check.h"

#include "num/quadform.h"

static void tails(void)
{
    check_csv *csv = check_csv_open("ref/quadform.csv");
    double worst = 0;
    for (size_t i = 0; i < csv->n_rows; i++) {
        double lambda[16];
        size_t n = 0;
        for (char *p = strdup(check_csv_text(csv, i, "lambda")), *end = p, *start = p;; p = end) {
            lambda[n] = strtod(p, &end);
            if (end == p) {
                free(start);
                break;
            }
            n++;
        }
        const double q = check_csv_real(csv, i, "q");
        const double upper = check_csv_real(csv, i, "upper"), lower = check_csv_real(csv, i, "lower");
        const double got_upper = mpl__quadform_p(lambda, n, q, MPL__UPPER);
        const double got_lower = mpl__quadform_p(lambda, n, q, MPL__LOWER);
        /* the exponent of a tail of 1e-300 carries its own rounding error of 700 ulp */
        CHECK_CLOSE(got_upper, upper, 1e-12, "upper tail, %s", check_csv_row(csv, i));
        CHECK_CLOSE(got_lower, lower, 1e-12, "lower tail, %s", check_csv_row(csv, i));
        worst = fmax(worst, fmax(check_error(got_upper, upper), check_error(got_lower, lower)));
    }
    printf("largest relative error of a tail: %.2g\n", worst);
    check_csv_free(csv);
}

static void edges(void)
{
    const double one[] = { 1, 2 }, bad[] = { 1, -1 };
    CHECK(mpl__quadform_p(one, 2, 0, MPL__UPPER) == 1 && mpl__quadform_p(one, 2, 0, MPL__LOWER) == 0, "q = 0");
    CHECK(mpl__quadform_p(one, 2, INFINITY, MPL__UPPER) == 0, "q = infinity");
    CHECK(isnan(mpl__quadform_p(one, 2, -1, MPL__UPPER)), "q < 0");
    CHECK(isnan(mpl__quadform_p(one, 2, NAN, MPL__UPPER)), "q NaN");
    CHECK(isnan(mpl__quadform_p(bad, 2, 1, MPL__UPPER)), "negative weight");
    CHECK(isnan(mpl__quadform_p(one, 0, 1, MPL__UPPER)), "no weights");
    CHECK_CLOSE(mpl__quadform_p(one, 2, 1e-30, MPL__LOWER), 1e-30 / 2 / sqrt(2), 1e-12, "density at 0 of two");
    CHECK_CLOSE(mpl__quadform_p(one, 2, 1e-30, MPL__UPPER), 1, 1e-15, "all but a grain");
    CHECK_CLOSE(mpl__quadform_p(one, 2, 1e30, MPL__LOWER), 1, 1e-15, "all");
    CHECK(mpl__quadform_p(one, 2, 1e30, MPL__UPPER) == 0, "underflow");
    double many[2000], sum = 0;
    for (int i = 0; i < 2000; i++)
        sum += many[i] = 1 + i % 7;
    const double p = mpl__quadform_p(many, 2000, sum, MPL__UPPER), q = mpl__quadform_p(many, 2000, sum, MPL__LOWER);
    CHECK(p > 0.48 && p < 0.5, "near the normal limit: %.17g", p);
    CHECK_CLOSE(p + q, 1, 1e-12, "both tails");
}

/* Trace and determinant identities: sum x = sum d - sum z2, prod x = prod d (1 - sum z2/d). */
static void eigenvalues(void)
{
    double d[] = { 3, 1, 2, 2, 5 }, z2[] = { 0.3, 0.1, 0.2, 0.05, 0.4 }, x[5];
    const double want_trace = 13 - 1.05;
    const double want_det = 60 * (1 - 0.3 / 3 - 0.1 - 0.25 / 2 - 0.4 / 5);
    mpl__rank_one_eigenvalues(d, z2, 5, x);
    CHECK_CLOSE(x[0] + x[1] + x[2] + x[3] + x[4], want_trace, 1e-14, "trace");
    CHECK_CLOSE(x[0] * x[1] * x[2] * x[3] * x[4], want_det, 1e-14, "determinant");
    CHECK(x[2] == 2, "a value that stands twice is an eigenvalue");
    for (int i = 0; i < 5; i++)
        CHECK(x[i] <= d[i] && (i == 0 || x[i] >= d[i - 1]), "interlaced: %d", i);
    double w[] = { 2, 1, 4 }, v[] = { 1, 1, 1 };
    /* diag(w) - w w'/sum(w) with w = 1/v and tau2 = 0, scaled by sqrt(v): a projection, eigenvalues 0, 1, 1 */
    for (int i = 0; i < 3; i++)
        z2[i] = w[i] / 7;
    mpl__rank_one_eigenvalues(v, z2, 3, x);
    CHECK(fabs(x[0]) < 1e-15 && x[1] == 1 && x[2] == 1, "projection");
}

/*
 * The projected form against its eigenvalues: with one column u they are those of diag(d) - zz', z = sqrt(d) u, but the
 * 0; two columns that share no row are two such forms side by side.
 */
static void projected(size_t n, const double *d, const double *weight, size_t split)
{
    enum { MOST = 40 };
    double u[2 * MOST] = { 0 }, lambda[MOST], work[16], sorted[MOST], z2[MOST], out[MOST], mean = 0;
    const size_t p = split < n ? 2 : 1;
    size_t m = 0;
    for (size_t g = 0; g < p; g++) {
        const size_t from = g ? split : 0, to = g || p == 1 ? n : split;
        double total = 0;
        for (size_t i = from; i < to; i++)
            total += weight[i];
        for (size_t i = from; i < to; i++) {
            u[g * n + i] = sqrt(weight[i] / total);
            sorted[i - from] = d[i];
            z2[i - from] = d[i] * weight[i] / total;
        }
        mpl__rank_one_eigenvalues(sorted, z2, to - from, out);
        for (size_t i = 1; i < to - from; i++)
            mean += lambda[m++] = out[i];
    }
    for (double factor = 0.01; factor < 30; factor *= 1.7)
        for (int t = 0; t < 2; t++) {
            const double want = mpl__quadform_p(lambda, m, factor * mean, t ? MPL__UPPER : MPL__LOWER);
            const double got = mpl__quadform_projected_p(d, n, u, p, work, factor * mean, t ? MPL__UPPER : MPL__LOWER);
            CHECK_CLOSE(got, want, 1e-10, "n = %zu, p = %zu, tail %d beyond %g", n, p, t, factor);
        }
}

static void projections(void)
{
    const double d[] = { 1, 2.5, 0.3, 7, 1.2, 1.2, 40, 0.01, 3, 3 }, weight[] = { 1, 2, 3, 4, 5, 1, 2, 0.1, 7, 1 };
    const double far[] = { 1e6, 1, 1, 1, 2 }, heavy[] = { 1e-6, 1, 1e6, 1, 1 }, equal[] = { 1, 1, 1, 1, 1 };
    projected(10, d, weight, 10);
    projected(10, d, weight, 4);
    projected(10, d, weight, 7);
    projected(2, d, weight, 2);
    projected(5, far, equal, 5);
    projected(5, far, heavy, 2);
    projected(5, equal, heavy, 5);
    projected(5, equal, equal, 3);
}

int main(void)
{
    projections();
    tails();
    edges();
    eigenvalues();
    return check_done();
}
