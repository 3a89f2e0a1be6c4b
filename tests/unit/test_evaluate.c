/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sums of a regression by cross-products and by the orthogonal factorisation: the same, or the first declines. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "model/problem.h"

enum { K = 150, P = 5, MANY = 50001 };

static uint64_t state = 1;

static double uniform(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 11) * 0x1p-53;
}

/* Variances over `decades` powers of ten; the last column follows the one before but for `independent`. */
static mpl__problem make(mpl__arena *arena, size_t k, size_t p, double decades, double independent, double offset)
{
    static double yi[MANY], vi[MANY], x[MANY * P];
    mpl__problem pb;
    mpl_error err;
    for (size_t i = 0; i < k; i++) {
        vi[i] = pow(10, -decades * uniform());
        yi[i] = offset + uniform();
        for (size_t j = 0; j < p; j++)
            x[i * p + j] = j == 0 ? 1 : 1000 + uniform();
        if (p > 2)
            x[i * p + p - 1] = x[i * p + p - 2] + independent * uniform();
    }
    if (mpl__problem_init(&pb, arena, yi, vi, NULL, k, x, p, NULL, &err) != MPL_OK)
        check_die("problem", err.message);
    return pb;
}

static size_t compare(mpl__problem *pb, double t, const char *name)
{
    mpl__at fast;
    if (!mpl__evaluate_cross(pb, t, true, &fast))
        return 0;
    const mpl__at slow = mpl__evaluate(pb, t);
    const struct { const char *what; double got, want; } row[] = {
        { "sum w", fast.sum_w, slow.sum_w }, { "sum w^2", fast.sum_w2, slow.sum_w2 }, { "tr P", fast.tr_p, slow.tr_p },
        { "tr PP", fast.tr_pp, slow.tr_pp }, { "y'Py", fast.rss, slow.rss }, { "y'PPy", fast.ypp, slow.ypp },
        { "y'PPPy", fast.yppp, slow.yppp },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        CHECK_CLOSE(row[i].got, row[i].want, 1e-11, "%s, t = %g: %s", name, t, row[i].what);
    CHECK(fabs(fast.log_det - slow.log_det) <= 1e-12 * (1 + fabs(slow.log_det)), "%s: ln det", name);
    mpl__at rss;
    CHECK(mpl__evaluate_cross(pb, t, false, &rss) && rss.rss == fast.rss && rss.ypp == fast.ypp, "%s: rss alone", name);
    return 1;
}

/* So many studies that threads share them: the same sums, each time. */
static void many(void)
{
    mpl__arena *const arena = mpl__arena_new();
    mpl__problem pb = make(arena, MANY, P, 3, 1, 0);
    mpl__at first, again;
    CHECK(compare(&pb, 0, "many studies") + compare(&pb, 0.1, "many studies") == 2, "answers");
    CHECK(mpl__evaluate_cross(&pb, 0.1, true, &first), "answers once more");
    for (size_t i = 0; i < 20; i++)
        CHECK(mpl__evaluate_cross(&pb, 0.1, true, &again) && !memcmp(&first, &again, sizeof first), "time %zu", i);
    mpl__arena_free(arena);
}

int main(void)
{
    static const double decades[] = { 0, 1, 3, 6, 12 }, independent[] = { 1, 1e-3, 1e-7 }, offsets[] = { 0, 1e8 };
    static const size_t sizes[] = { P + 1, 2 * P, 64, 65, K };
    size_t n = 0, answered = 0;
    for (size_t d = 0; d < 5; d++)
        for (size_t c = 0; c < 3; c++)
            for (size_t o = 0; o < 2; o++)
                for (size_t s = 0; s < 5; s++) {
                    char name[100];
                    mpl__arena *const arena = mpl__arena_new();
                    mpl__problem pb = make(arena, sizes[s], s % 2 ? P : 2, decades[d], independent[c], offsets[o]);
                    snprintf(name, sizeof name, "k = %zu, variances over 1e%g, column %g, offset %g", sizes[s],
                             decades[d], independent[c], offsets[o]);
                    for (double t = 0; t < 1e13; t = t == 0 ? 1e-3 : 100 * t, n++)
                        answered += compare(&pb, t, name);
                    mpl__arena_free(arena);
                }
    many();
    CHECK(answered > n / 2, "cross-products answer %zu of %zu", answered, n);
    CHECK(answered < n, "and decline somewhere");
    return check_done();
}
