/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random streams: the published first outputs of xoshiro256++, moments of every sampler, streams that differ. */
#include "check.h"

#include "num/random.h"

enum { DRAWS = 200000 };

typedef double (*sampler)(mpl__random *r);

static double uniform(mpl__random *r) { return mpl__random_uniform(r); }
static double normal(mpl__random *r) { return mpl__random_normal(r); }
static double gamma_2_3(mpl__random *r) { return mpl__random_gamma(r, 2, 3); }
static double chisq_5(mpl__random *r) { return mpl__random_chisq(r, 5); }
static double poisson_4(mpl__random *r) { return mpl__random_poisson(r, 4); }
static double binomial(mpl__random *r) { return mpl__random_binomial(r, 20, 0.3); }
static double below_7(mpl__random *r) { return (double)mpl__random_below(r, 7); }

/* mean and variance follow from the definition; they are allowed five standard errors */
static const struct {
    const char *name;
    sampler draw;
    double mean, variance, kurtosis; /* kurtosis: fourth central moment over the squared variance */
} samplers[] = {
    { "uniform", uniform, 0.5, 1.0 / 12, 1.8 },
    { "normal", normal, 0, 1, 3 },
    { "gamma(2, 3)", gamma_2_3, 6, 18, 6 },
    { "chi-squared(5)", chisq_5, 5, 10, 5.4 },
    { "Poisson(4)", poisson_4, 4, 4, 3.25 },
    { "binomial(20, 0.3)", binomial, 6, 4.2, 3 + (1 - 6 * 0.21) / 4.2 },
    { "below 7", below_7, 3, 4, 1.75 },
};

static void check_moments(void)
{
    for (size_t i = 0; i < sizeof samplers / sizeof *samplers; i++) {
        mpl__random r = mpl__random_start(20261123, i);
        const double mean = samplers[i].mean, v = samplers[i].variance, n = DRAWS;
        double m = 0, s = 0;
        for (size_t j = 0; j < DRAWS; j++) {
            const double d = samplers[i].draw(&r) - mean;
            m += d / n;
            s += d * d / n;
        }
        CHECK(fabs(m) < 5 * sqrt(v / n), "mean of %s off by %g", samplers[i].name, m);
        CHECK(fabs(s - v) < 5 * v * sqrt((samplers[i].kurtosis - 1) / n), "variance of %s is %g", samplers[i].name, s);
    }
}

static void check_streams(void)
{
    double sum = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        mpl__random a = mpl__random_start(1, i), b = mpl__random_start(1, i + 1), c = mpl__random_start(1, i);
        CHECK(mpl__random_bits(&a) == mpl__random_bits(&c), "stream %zu repeats", (size_t)i);
        CHECK(a.s[0] != b.s[0], "streams %zu and the next are equal", (size_t)i);
        sum += (mpl__random_uniform(&a) - 0.5) * (mpl__random_uniform(&b) - 0.5);
    }
    CHECK(fabs(sum / DRAWS) < 5 / (12 * sqrt(DRAWS)), "neighbouring streams are correlated: %g", sum / DRAWS);
}

static void check_shuffle(void)
{
    size_t count[6] = { 0 }, item[3];
    mpl__random r = mpl__random_start(5, 0);
    for (size_t i = 0; i < 60000; i++) {
        for (size_t j = 0; j < 3; j++)
            item[j] = j;
        mpl__random_shuffle(&r, item, 3);
        CHECK(item[0] + item[1] + item[2] == 3 && item[0] != item[1], "a shuffle keeps the items");
        count[2 * item[0] + (item[1] > item[2])]++;
    }
    for (size_t i = 0; i < 6; i++)
        CHECK(fabs((double)count[i] - 10000) < 5 * sqrt(60000 * 5.0 / 36), "order %zu came %zu times", i, count[i]);
}

static void test_fill(void)
{
    static const size_t ranges[] = { 1, 2, 3, 7, 13, 64, 1000, 4294967295u };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        mpl__random a = mpl__random_start(5, i), b = a;
        uint32_t many[500];
        mpl__random_fill_below(&a, ranges[i], many, 500);
        for (size_t j = 0; j < 500; j++)
            CHECK(many[j] == mpl__random_below(&b, ranges[i]), "range %zu, draw %zu", ranges[i], j);
        CHECK(mpl__random_bits(&a) == mpl__random_bits(&b), "as many bits are used");
    }
}

int main(void)
{
    test_fill();
    /* the authors' program with this state */
    mpl__random r = { { 1, 2, 3, 4 } };
    const uint64_t first[] = { 41943041, 58720359, 3588806011781223, 3591011842654386 };
    for (size_t i = 0; i < 4; i++)
        CHECK(mpl__random_bits(&r) == first[i], "output %zu", i);
    check_moments();
    check_streams();
    check_shuffle();
    return check_done();
}
