/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distribution functions against values of 50 digits, and their behaviour outside the domain. */
#include "check.h"
#include "num/dist.h"

static double compute(const char *what, const char *dist, double x, double a, double b, mpl__tail tail)
{
    if (strcmp(what, "p") == 0)
        switch (dist[0]) {
        case 'n':
            return mpl__norm_p(x, tail);
        case 't':
            return mpl__t_p(x, a, tail);
        case 'c':
            return mpl__chisq_p(x, a, tail);
        case 'f':
            return mpl__f_p(x, a, b, tail);
        default:
            return mpl__beta_p(x, a, b, tail);
        }
    if (strcmp(what, "log_p") == 0)
        switch (dist[0]) {
        case 'n':
            return mpl__norm_log_p(x, tail);
        case 't':
            return mpl__t_log_p(x, a, tail);
        case 'c':
            return mpl__chisq_log_p(x, a, tail);
        default:
            return mpl__f_log_p(x, a, b, tail);
        }
    if (strcmp(what, "density") == 0)
        return dist[0] == 'n' ? mpl__norm_density(x) : mpl__t_density(x, a);
    switch (dist[0]) {
    case 'n':
        return mpl__norm_q(x, tail);
    case 't':
        return mpl__t_q(x, a, tail);
    case 'c':
        return mpl__chisq_q(x, a, tail);
    case 'f':
        return mpl__f_q(x, a, b, tail);
    default:
        return mpl__beta_q(x, a, b, tail);
    }
}

/* What each wrapper was measured to keep on rows of its kind, rounded up; the worst are tails of 1e-268 and 1e-208. */
static const struct { const char *what, *dist; double most; } measured[] = {
    { "p", "norm", 1e-15 },     { "log_p", "norm", 1e-15 }, { "q", "norm", 1e-15 },
    { "p", "t", 2e-13 },        { "log_p", "t", 2e-13 },    { "q", "t", 4e-14 },
    { "p", "chisq", 4e-14 },    { "log_p", "chisq", 4e-14 }, { "q", "chisq", 2e-14 },
    { "p", "f", 2e-13 },        { "log_p", "f", 2e-13 },    { "q", "f", 1e-14 },
    { "p", "beta", 2e-13 },     { "q", "beta", 1e-14 },
    { "density", "norm", 1e-15 }, { "density", "t", 1e-14 },
};

static void reference(void)
{
    enum { N = sizeof measured / sizeof *measured };
    double worst[N] = { 0 };
    size_t seen[N] = { 0 };
    check_csv *const csv = check_csv_open("ref/dist.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const what = check_csv_text(csv, i, "what"), *const dist = check_csv_text(csv, i, "dist");
        const double x = check_csv_real(csv, i, "x"), a = check_csv_real(csv, i, "a");
        const double b = check_csv_real(csv, i, "b"), want = check_csv_real(csv, i, "value");
        const mpl__tail tail = check_csv_text(csv, i, "tail")[0] == 'u' ? MPL__UPPER : MPL__LOWER;
        for (size_t j = 0; j < N; j++)
            if (strcmp(measured[j].what, what) == 0 && strcmp(measured[j].dist, dist) == 0) {
                const double got = compute(what, dist, x, a, b, tail);
                CHECK_CLOSE(got, want, measured[j].most, "%s %s(%g; %g, %g) %s", what, dist, x, a, b,
                            check_csv_text(csv, i, "tail"));
                worst[j] = fmax(worst[j], check_error(got, want));
                seen[j]++;
            }
    }
    for (size_t j = 0; j < N; j++) {
        CHECK(seen[j] > 0, "%s %s has no reference row", measured[j].what, measured[j].dist);
        printf("# %-5s %-5s %4zu points, largest error %.2g\n", measured[j].what, measured[j].dist, seen[j], worst[j]);
    }
    check_csv_free(csv);
}

static void domain(void)
{
    static const double bad[] = { NAN, -1, 0, INFINITY, -INFINITY };
    for (size_t i = 0; i < 5; i++) {
        CHECK(isnan(mpl__chisq_p(1, bad[i], MPL__UPPER)), "chisq df %g", bad[i]);
        CHECK(isnan(mpl__chisq_q(0.5, bad[i], MPL__UPPER)), "chisq_q df %g", bad[i]);
        CHECK(isnan(mpl__f_p(1, bad[i], 5, MPL__UPPER)), "f df1 %g", bad[i]);
        CHECK(isnan(mpl__f_q(0.5, bad[i], 5, MPL__LOWER)), "f_q df1 %g", bad[i]);
        CHECK(isnan(mpl__beta_p(0.5, 2, bad[i], MPL__UPPER)), "beta b %g", bad[i]);
        CHECK(isnan(mpl__beta_q(0.5, bad[i], 2, MPL__UPPER)), "beta_q a %g", bad[i]);
        if (bad[i] != INFINITY) {
            CHECK(isnan(mpl__t_p(1, bad[i], MPL__UPPER)), "t df %g", bad[i]);
            CHECK(isnan(mpl__t_q(0.1, bad[i], MPL__UPPER)), "t_q df %g", bad[i]);
            CHECK(isnan(mpl__t_density(0.1, bad[i])), "t density df %g", bad[i]);
        }
        if (bad[i] != 0) {
            CHECK(isnan(mpl__norm_q(bad[i], MPL__UPPER)), "norm_q %g", bad[i]);
            CHECK(isnan(mpl__t_q(bad[i], 3, MPL__UPPER)), "t_q %g", bad[i]);
            CHECK(isnan(mpl__beta_q(bad[i], 3, 3, MPL__LOWER)), "beta_q %g", bad[i]);
        }
    }
    CHECK(isnan(mpl__norm_p(NAN, MPL__UPPER)) && isnan(mpl__norm_log_p(NAN, MPL__LOWER)), "norm NaN");
    CHECK(isnan(mpl__t_p(NAN, 3, MPL__UPPER)) && isnan(mpl__f_p(NAN, 1, 2, MPL__UPPER)), "t and f NaN");
}

static void limits(void)
{
    CHECK(mpl__t_q(0, 3, MPL__UPPER) == INFINITY && mpl__t_q(0, 3, MPL__LOWER) == -INFINITY, "t_q 0");
    CHECK(mpl__t_q(1, 3, MPL__UPPER) == -INFINITY && mpl__t_q(0.5, 3, MPL__UPPER) == 0, "t_q 1 and 1/2");
    CHECK(mpl__chisq_q(0, 3, MPL__UPPER) == INFINITY && mpl__chisq_q(1, 3, MPL__UPPER) == 0, "chisq_q 0 and 1");
    CHECK(mpl__beta_q(0, 2, 3, MPL__UPPER) == 1 && mpl__beta_q(0, 2, 3, MPL__LOWER) == 0, "beta_q 0");
    CHECK(mpl__t_p(INFINITY, 3, MPL__UPPER) == 0 && mpl__chisq_p(-1, 3, MPL__UPPER) == 1, "tails at the ends");
    CHECK(mpl__t_p(1.5, INFINITY, MPL__UPPER) == mpl__norm_p(1.5, MPL__UPPER), "t with infinite df");
    CHECK(mpl__t_q(0.975, INFINITY, MPL__LOWER) == mpl__norm_q(0.975, MPL__LOWER), "t_q with infinite df");
    CHECK(mpl__f_p(2, 3, INFINITY, MPL__UPPER) == mpl__chisq_p(6, 3, MPL__UPPER), "f with infinite df2");
    CHECK_CLOSE(mpl__f_q(0.05, 3, INFINITY, MPL__UPPER), mpl__chisq_q(0.05, 3, MPL__UPPER) / 3, 0, "f_q infinite");
    CHECK_CLOSE(mpl__t_q(0.25, 4, MPL__LOWER), -mpl__t_q(0.25, 4, MPL__UPPER), 0, "t_q is odd");
    CHECK_CLOSE(mpl__norm_p(38, MPL__UPPER), 2.885428360e-316, 1e-6, "a denormal tail");
    double log_p;
    CHECK_CLOSE(mpl__two_sided(-2.5, 12, &log_p), 2 * mpl__t_p(2.5, 12, MPL__UPPER), 0, "two-sided");
    CHECK_CLOSE(log_p, log(2 * mpl__t_p(2.5, 12, MPL__UPPER)), 1e-15, "two-sided, logarithm");
    CHECK(mpl__two_sided(0, 12, &log_p) == 1 && log_p == 0, "two-sided at 0");
    CHECK(isnan(mpl__two_sided(NAN, 12, &log_p)) && isnan(log_p), "two-sided NaN");
    CHECK(mpl__two_sided(50, INFINITY, &log_p) == 0 && fabs(log_p + 1254.1380) < 1e-3, "underflow keeps the log");
    CHECK_CLOSE(mpl__t_density(0, 1), 0.31830988618379067, 1e-15, "Cauchy density");
    CHECK_CLOSE(mpl__t_density(1, INFINITY), mpl__norm_density(1), 0, "t density with infinite df");
}

/* Degrees of freedom at which GSL's quantiles fail, hang or are silently wrong: ours must invert the tail. */
static void round_trip(void)
{
    static const double p[] = { 1e-12, 0.001, 0.025, 0.05, 0.5, 0.9, 0.975 };
    for (double df = 1; df < 3e6; df = df * 1.7 + 0.3)
        for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
            CHECK_CLOSE(mpl__chisq_p(mpl__chisq_q(p[i], df, MPL__UPPER), df, MPL__UPPER), p[i], 3e-12, "chisq %g", df);
            CHECK_CLOSE(mpl__chisq_p(mpl__chisq_q(p[i], df, MPL__LOWER), df, MPL__LOWER), p[i], 3e-12, "chisq %g", df);
            CHECK_CLOSE(mpl__t_p(mpl__t_q(p[i], df, MPL__UPPER), df, MPL__UPPER), p[i], 1e-12, "t %g", df);
            CHECK_CLOSE(mpl__f_p(mpl__f_q(p[i], 1, df, MPL__UPPER), 1, df, MPL__UPPER), p[i], 1e-12, "f 1, %g", df);
        }
}

int main(void)
{
    reference();
    domain();
    limits();
    round_trip();
    return check_done();
}
