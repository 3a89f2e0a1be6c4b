/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory in what only some options of a regression and of a comparison reach: tests, permutations, averages. */
#include "sweep.h"

static const char csv[] = "yi,vi,x,g,h,weights\n0.1,0.1,1,a,u,1\n0.9,0.15,2,b,w,2\n0.4,0.12,3,b,u,1\n"
                          "1.9,0.3,4,a,w,3\n-0.7,0.1,5,b,w,1\n2.1,0.2,6,a,u,1\n0.4,0.1,7,a,w,2\n";
static const char counts[] = "study,ai,bi,ci,di,year\nA,4,119,11,128,1\nB,6,300,29,274,3\nC,0,228,3,209,4\n"
                             "D,62,936,48,919,9\n";

static struct {
    mpl_dataset *data, *tables;
    mpl_effects *effects, *table_effects;
    mpl_fit *fit;
    mpl_analysis analysis;
    mpl_regression *kenward, *factors, *scale;
    mpl_multiverse *multiverse;
} given;

/* One thread, so that allocations come in one order. */
static mpl_status regress(const char *test, size_t draws, const mpl_regress_options *options, void **out,
                          mpl_error *err)
{
    const mpl_fit_options fit = { .test = test, .draws = draws, .run.threads = 1 };
    return mpl_regress_new(given.data, given.effects, &fit, options, (mpl_regression **)out, err);
}

static mpl_status kenward(void **out, mpl_error *err)
{
    const mpl_regress_options options = { .mods = "x + g", .predict = "x=3,g=b", .together = "x + g; g=b;",
                                          .contrast = "x; `g=b`", .pairwise = "g", .delta = "exp(x)" };
    return regress("kr", 0, &options, out, err);
}

static mpl_status together(void **out, mpl_error *err)
{
    return regress("hksj", 0, &(mpl_regress_options){ .mods = "x + g", .together = "x + g; g" }, out, err);
}

static mpl_status averages(void **out, mpl_error *err)
{
    const mpl_regress_options options = { .mods = "x + g + h", .means = "g", .pairwise = "h", .grid = "x, g",
                                          .grid_points = 2, .weights = "proportional" };
    return regress("z", 0, &options, out, err);
}

static mpl_status curve(void **out, mpl_error *err)
{
    return mpl_curve_new(given.factors, "x", 2, (mpl_curve **)out, err);
}

static mpl_status curve_by(void **out, mpl_error *err)
{
    return mpl_curve_new(given.factors, "x, g", 2, (mpl_curve **)out, err);
}

static mpl_status curve_scale(void **out, mpl_error *err)
{
    return mpl_curve_new(given.scale, "x", 2, (mpl_curve **)out, err);
}

static mpl_status permuted_scale(void **out, mpl_error *err)
{
    return regress("permutation", 100, &(mpl_regress_options){ .mods = "x", .scale.scale = "x + g + h" }, out, err);
}

static mpl_status permuted_mean(void **out, mpl_error *err)
{
    return regress("permutation", 100, &(mpl_regress_options){ .scale.scale = "x" }, out, err);
}

/* A method that takes memory for each draw. */
static mpl_status draws(const char *test, void **out, mpl_error *err)
{
    const mpl_fit_options fit = { .method = "GENQM", .test = test, .draws = 100, .run.threads = 1,
                                  .het_tests = !test };
    return mpl_fit_new(given.effects, NULL, &fit, (mpl_fit **)out, err);
}

static mpl_status permuted(void **out, mpl_error *err)
{
    return draws("permutation", out, err);
}

static mpl_status bootstrapped(void **out, mpl_error *err)
{
    return draws("bootstrap", out, err);
}

static mpl_status het_tests(void **out, mpl_error *err)
{
    return draws(NULL, out, err);
}

static mpl_status compare(const mpl_multiverse_options *options, void **out, mpl_error *err)
{
    return mpl_multiverse_new(&given.analysis, options, &(mpl_run_options){ .threads = 1 }, (mpl_multiverse **)out,
                              err);
}

static mpl_status together_exact(void **out, mpl_error *err)
{
    return compare(&(mpl_multiverse_options){ .methods = "DL,MH", .tests = "z", .pis = "none", .zeros = "only0",
                                              .curve_test = 100 }, out, err);
}

static mpl_status coefficient(void **out, mpl_error *err)
{
    return compare(&(mpl_multiverse_options){ .mods = "year", .coef = "year", .methods = "DL", .tests = "z,kr",
                                              .measures = "RR", .zeros = "only0", .leave_one_out = false }, out, err);
}

static mpl_status report_kenward(void **out, mpl_error *err)
{
    return mpl_report_new_regression(given.kenward, NULL, (mpl_report **)out, err);
}

static mpl_status report_scale(void **out, mpl_error *err)
{
    return mpl_report_new_regression(given.scale, NULL, (mpl_report **)out, err);
}

static mpl_status report_together(void **out, mpl_error *err)
{
    return mpl_report_new_multiverse(given.multiverse, NULL, (mpl_report **)out, err);
}

FREE(regression, mpl_regress_free)
FREE(fit, mpl_fit_free)
FREE(curve, mpl_curve_free)
FREE(multiverse, mpl_multiverse_free)
FREE(report, mpl_report_free)

static const swept calls[] = {
    { "Kenward-Roger", kenward, free_regression },
    { "terms together", together, free_regression },
    { "averages", averages, free_regression },
    { "averaged curve", curve, free_curve },
    { "averaged curve by a factor", curve_by, free_curve },
    { "averaged curve with a scale", curve_scale, free_curve },
    { "permuted scale", permuted_scale, free_regression },
    { "permuted scale of a mean", permuted_mean, free_regression },
    { "permutations", permuted, free_fit },
    { "bootstrap", bootstrapped, free_fit },
    { "tests of heterogeneity", het_tests, free_fit },
    { "all analyses together", together_exact, free_multiverse },
    { "a coefficient compared", coefficient, free_multiverse },
    { "report of Kenward-Roger", report_kenward, free_report },
    { "report of a permuted scale", report_scale, free_report },
    { "report of all analyses together", report_together, free_report },
};

static void sweep_call(const swept *call, const char *how)
{
    sweep(call, how, 20);
}

static void prepare(void)
{
    void *out;
    mpl_error err;
    must(mpl_dataset_read_bytes(csv, sizeof csv - 1, "x.csv", NULL, &given.data, &err), &err);
    must(mpl_effects_new(given.data, NULL, &given.effects, &err), &err);
    must(mpl_dataset_read_bytes(counts, sizeof counts - 1, "counts.csv", NULL, &given.tables, &err), &err);
    must(mpl_effects_new(given.tables, &(mpl_effect_options){ .measure = "OR" }, &given.table_effects, &err), &err);
    must(mpl_fit_new(given.table_effects, NULL, NULL, &given.fit, &err), &err);
    given.analysis = (mpl_analysis){ given.tables, given.table_effects, given.fit, NULL };
    must(kenward(&out, &err), &err);
    given.kenward = out;
    must(averages(&out, &err), &err);
    given.factors = out;
    must(permuted_scale(&out, &err), &err);
    given.scale = out;
    must(together_exact(&out, &err), &err);
    given.multiverse = out;
}

int main(void)
{
    prepare();
    sweep_all(calls, sizeof calls / sizeof *calls, sweep_call);
    mpl_multiverse_free(given.multiverse);
    mpl_regress_free(given.scale);
    mpl_regress_free(given.factors);
    mpl_regress_free(given.kenward);
    mpl_fit_free(given.fit);
    mpl_effects_free(given.table_effects);
    mpl_effects_free(given.effects);
    mpl_dataset_free(given.tables);
    mpl_dataset_free(given.data);
    return check_done();
}
