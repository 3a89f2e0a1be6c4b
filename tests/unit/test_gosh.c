/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every subset is a fit to its members; quantiles; threads; samples; stopping. */
#include "check.h"

#include <metapool.h>

static mpl_dataset *data;
static mpl_effects *effects;

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

/* "1 5 12": the effects of the members. */
static void compare(const char *method, const mpl_gosh_point *point)
{
    double yi[200], vi[200];
    size_t k = 0;
    char *end;
    mpl_effects *part;
    mpl_fit *fit;
    mpl_error err;
    for (const char *p = point->members; *p; p = end) {
        const size_t i = strtoul(p, &end, 10) - 1;
        yi[k] = effects->yi[i];
        vi[k++] = effects->vi[i];
    }
    const mpl_fit_options options = { .method = method, .test = "z", .pi = "none" };
    must(mpl_effects_new_arrays(yi, vi, NULL, k, NULL, &part, &err), &err);
    must(mpl_fit_new(part, NULL, &options, &fit, &err), &err);
    CHECK(point->k == k, "%s %s: %zu", method, point->members, point->k);
    const double scale = fabs(fit->terms[0].estimate) + fit->terms[0].se;
    CHECK(fabs(point->estimate - fit->terms[0].estimate) <= 1e-11 * scale, "%s %s: %.17g, not %.17g", method,
          point->members, point->estimate, fit->terms[0].estimate);
    CHECK(check_error(point->tau2, fit->tau2) <= 1e-9, "%s %s: tau2 %.17g, not %.17g", method, point->members,
          point->tau2, fit->tau2);
    CHECK(check_error(point->i2, fit->i2) <= 1e-9, "%s %s: i2 %.17g, not %.17g", method, point->members, point->i2,
          fit->i2);
    CHECK(fabs(point->q - fit->q) <= 1e-10 * fmax(fit->q, 1e-2), "%s %s: q %.17g, not %.17g", method, point->members,
          point->q, fit->q);
    mpl_fit_free(fit);
    mpl_effects_free(part);
}

static mpl_gosh *run(const char *method, const mpl_gosh_options *options, const mpl_run_options *how, mpl_fit **fit)
{
    mpl_gosh *g;
    mpl_error err;
    must(mpl_fit_new(effects, NULL, &(mpl_fit_options){ .method = method }, fit, &err), &err);
    must(mpl_gosh_new(effects, *fit, options, how, &g, &err), &err);
    return g;
}

static void test_subsets(const char *method, const mpl_gosh_options *options)
{
    mpl_fit *fit;
    mpl_gosh *const g = run(method, options, NULL, &fit);
    CHECK(g->is_all == !options->subsets && !g->is_partial && g->n_failed == 0, "%s: %zu", method, g->n);
    for (size_t i = 0; i < g->n_points; i++)
        compare(method, &g->points[i]);
    mpl_gosh_free(g);
    mpl_fit_free(fit);
}

static void test_summary(void)
{
    mpl_fit *fit;
    mpl_gosh *const g = run("EE", &(mpl_gosh_options){ .points = 8191 }, NULL, &fit);
    size_t in_bins = 0, with = 0;
    double sum = 0;
    for (size_t i = 0; i < g->n_bins; i++)
        in_bins += g->bins[i].n;
    for (size_t i = 0; i < g->n_points; i++)
        sum += g->points[i].estimate;
    for (size_t i = 0; i < effects->k; i++)
        with += g->studies[i].n_with;
    const mpl_gosh_statistic *const estimate = &g->statistics[g->n_statistics - 1];
    CHECK(g->n == 8191 && g->n_points == 8191 && in_bins == 8191, "%zu %zu %zu", g->n, g->n_points, in_bins);
    CHECK(with == 13 * 4096, "each study is in half of all sets, the empty one among them: %zu", with);
    CHECK_CLOSE(estimate->mean, sum / 8191, 1e-12, "mean");
    CHECK_STR(estimate->id, "estimate", "the last");
    double below = 0; /* type 7 with an odd number: the middle one */
    for (size_t i = 0; i < g->n_points; i++)
        below += g->points[i].estimate < estimate->median;
    CHECK(below == 4095, "%g", below);
    mpl_gosh_free(g);
    mpl_fit_free(fit);
}

static void test_threads(void)
{
    mpl_fit *fit[2];
    mpl_gosh *g[2];
    const mpl_gosh_options options = { .subsets = 5000 };
    for (size_t t = 0; t < 2; t++)
        g[t] = run("DL", &options, &(mpl_run_options){ .threads = 1 + 3 * t, .seed = { true, 7 } }, &fit[t]);
    CHECK(!g[0]->is_all && g[0]->n == 5000, "%zu", g[0]->n);
    CHECK(!memcmp(g[0]->statistics, g[1]->statistics, g[0]->n_statistics * sizeof *g[0]->statistics), "the same");
    for (size_t t = 0; t < 2; t++) {
        mpl_gosh_free(g[t]);
        mpl_fit_free(fit[t]);
    }
}

static bool stop_soon(void *ctx, size_t done, size_t total)
{
    (void)ctx;
    (void)total;
    return done < 2;
}

static void test_stop(void)
{
    const mpl_watch watch = { stop_soon, NULL };
    mpl_fit *fit;
    mpl_gosh *const g = run("EE", &(mpl_gosh_options){ .points = 10000 },
                            &(mpl_run_options){ .threads = 1, .watch = &watch }, &fit);
    CHECK(g->is_partial && !g->is_all && g->n == 2047, "%zu", g->n);
    CHECK(g->n_points == 2047 && g->n_failed == 0, "%zu", g->n_points);
    CHECK(g->n_notes > 0 && !strcmp(g->notes[0].code, "stopped"), "it says so");
    for (size_t i = 0; i < g->n_points; i += 100)
        compare("EE", &g->points[i]);
    mpl_gosh_free(g);
    mpl_fit_free(fit);
}

/* 100 studies: masks of two words; one far away lies apart. */
static void test_many(void)
{
    double yi[100], vi[100];
    mpl_error err;
    mpl_effects *const few = effects;
    for (size_t i = 0; i < 100; i++) {
        yi[i] = i == 70 ? 40 : 0.01 * (double)(i % 7);
        vi[i] = i == 70 ? 0.01 : 0.1;
    }
    must(mpl_effects_new_arrays(yi, vi, NULL, 100, NULL, &effects, &err), &err);
    test_subsets("EE", &(mpl_gosh_options){ .subsets = 3000, .points = 50 });
    test_subsets("DL", &(mpl_gosh_options){ .subsets = 3000, .points = 50 });
    mpl_fit *fit;
    mpl_gosh *const g = run("EE", &(mpl_gosh_options){ .subsets = 3000 }, NULL, &fit);
    for (size_t i = 0; i < 100; i++)
        CHECK(g->studies[i].separates == (i == 70), "study %zu", i + 1);
    CHECK(g->studies[70].share > 90, "%g", g->studies[70].share);
    mpl_gosh_free(g);
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    effects = few;
}

int main(void)
{
    static const char *const methods[] = { "EE", "DL", "REML", "ML", "PM", "HE", "SJ", "HS" };
    mpl_error err;
    must(mpl_dataset_read("bcg", NULL, &data, &err), &err);
    must(mpl_effects_new(data, NULL, &effects, &err), &err);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        test_subsets(methods[i], &(mpl_gosh_options){ .points = 300 });
    test_summary();
    test_threads();
    test_stop();
    test_many();
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return check_done();
}
