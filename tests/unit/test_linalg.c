/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orthonormal bases, rank, triangles, long sums, and roots. */
#include "check.h"
#include "num/linalg.h"
#include "num/search.h"
#include "num/sum.h"

/* Longley's regression (NIST StRD, certified to 15 digits): the classical test of collinear columns. */
static const double longley[16][7] = {
    { 60323, 83.0, 234289, 2356, 1590, 107608, 1947 },  { 61122, 88.5, 259426, 2325, 1456, 108632, 1948 },
    { 60171, 88.2, 258054, 3682, 1616, 109773, 1949 },  { 61187, 89.5, 284599, 3351, 1650, 110929, 1950 },
    { 63221, 96.2, 328975, 2099, 3099, 112075, 1951 },  { 63639, 98.1, 346999, 1932, 3594, 113270, 1952 },
    { 64989, 99.0, 365385, 1870, 3547, 115094, 1953 },  { 63761, 100.0, 363112, 3578, 3350, 116219, 1954 },
    { 66019, 101.2, 397469, 2904, 3048, 117388, 1955 }, { 67857, 104.6, 419180, 2822, 2857, 118734, 1956 },
    { 68169, 108.4, 442769, 2936, 2798, 120445, 1957 }, { 66513, 110.8, 444546, 4681, 2637, 121950, 1958 },
    { 68655, 112.6, 482704, 3813, 2552, 123366, 1959 }, { 69564, 114.2, 502601, 3931, 2514, 125368, 1960 },
    { 69331, 115.7, 518173, 4806, 2572, 127852, 1961 }, { 70551, 116.9, 554894, 4007, 2827, 130081, 1962 },
};
static const double longley_beta[7] = { -3482258.63459582, 15.0618722713733, -0.358191792925910E-01,
                                        -2.02022980381683, -1.03322686717359, -0.511041056535807E-01,
                                        1829.15146461355 };
static const double longley_se[7] = { 890420.383607373, 84.9149257747669, 0.334910077722432E-01, 0.488399681651699,
                                      0.214274163161675, 0.226073200069370, 455.478499142212 };

static void regression(void)
{
    enum { N = 16, P = 7 };
    double q[N * P], lower[P * P], y[N], coef[P];
    for (size_t i = 0; i < N; i++) {
        y[i] = longley[i][0];
        q[i] = 1;
        for (size_t j = 1; j < P; j++)
            q[j * N + i] = longley[i][j];
    }
    CHECK(mpl__orthonormalise(q, N, P, lower, 1e-11) == P, "Longley has full rank");
    mpl__project_out(q, N, P, y, coef);
    mpl__invert_lower(lower, P);
    const double s2 = mpl__dot(y, y, N) / (N - P);
    for (size_t j = 0; j < P; j++) { /* beta = R^-1 coef, R^-1 = (L^-1)' */
        double beta = 0, var = 0;
        for (size_t l = j; l < P; l++) {
            beta += lower[l * P + j] * coef[l];
            var += lower[l * P + j] * lower[l * P + j];
        }
        CHECK_CLOSE(beta, longley_beta[j], 2e-14, "Longley beta %zu", j);
        CHECK_CLOSE(sqrt(s2 * var), longley_se[j], 2e-14, "Longley se %zu", j);
    }
}

static void rank(void)
{
    const double x[] = { 1, 1, 1, 1, /**/ 2001, 2002, 2003, 2007, /**/ 4003, 4005, 4007, 4015 };
    double q[12], lower[9];
    memcpy(q, x, sizeof x);
    CHECK(mpl__orthonormalise(q, 4, 3, lower, 1e-11) == 2, "third column is 2 x + 1");
    memcpy(q, x, sizeof x);
    CHECK(mpl__orthonormalise(q, 4, 2, lower, 1e-11) == 2, "the first two are independent");
    for (size_t i = 0; i < 4; i++)
        CHECK_CLOSE(q[i] * lower[2] + q[4 + i] * lower[3], x[4 + i], 1e-15, "Q L' gives the column back");
    double zero[3] = { 0, 0, 0 }, bad[2] = { 1, NAN };
    CHECK(mpl__orthonormalise(zero, 3, 1, lower, 1e-11) == 0, "a column of zeros");
    CHECK(mpl__orthonormalise(bad, 2, 1, lower, 1e-11) == 0, "a column with NaN");
    double wide[4] = { 1e200, 2e200, 1e-200, 3e-200 };
    CHECK(mpl__orthonormalise(wide, 2, 2, lower, 1e-11) == 2, "columns whose squares overflow or vanish");
}

static void sums(void)
{
    mpl__sum s = { 0 };
    mpl__sum_add(&s, 1e100);
    mpl__sum_add(&s, 1);
    mpl__sum_add(&s, -1e100);
    CHECK(mpl__sum_get(&s) == 1, "Neumaier's example");
    static double a[100000], b[100000];
    for (size_t i = 0; i < 100000; i++) {
        a[i] = 0.1;
        b[i] = 1;
    }
    CHECK_CLOSE(mpl__dot(a, b, 100000), 10000.000000000000555, 2e-15, "a hundred thousand tenths");
}

typedef struct function {
    int kind;
    int calls;
} function;

static double value(void *ctx, double x, double *slope)
{
    function *const f = ctx;
    f->calls++;
    switch (f->kind) {
    case 0: /* Newton's method is exact */
        *slope = 2;
        return 2 * x - 3;
    case 1: /* flat at first: Newton overshoots by far */
        *slope = 9 * pow(x, 8);
        return pow(x, 9) - 1e-18;
    case 2: /* a slope that lies */
        *slope = 1e-3;
        return x - 0.75;
    default: /* falling, hyperbolic */
        *slope = -1 / (x * x);
        return 1 / x - 1e6;
    }
}

static void roots(void)
{
    static const struct { double lo, hi, start, want; bool rises; } row[] = {
        { 0, 10, 0, 1.5, true }, { 0, 10, 10, 0.01, true }, { 0, 1, 1, 0.75, true }, { 0, 1e3, 1e3, 1e-6, false },
    };
    for (int i = 0; i < 4; i++) {
        function f = { i, 0 };
        const mpl__root r = mpl__root_find(value, &f, row[i].lo, row[i].hi, row[i].start, row[i].rises, 1e-9);
        CHECK_CLOSE(r.x, row[i].want, 1e-13, "root %d", i);
        CHECK(r.converged && r.iter == f.calls && r.iter <= 45, "root %d: %d evaluations", i, r.iter);
    }
}

int main(void)
{
    regression();
    rank();
    sums();
    roots();
    return check_done();
}
