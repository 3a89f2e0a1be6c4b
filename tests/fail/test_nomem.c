/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Out of memory at every allocation of every public call. */
#include "sweep.h"

/* What the calls under test start from; made without failures. */
static struct {
    mpl_dataset *data, *whole, *reported, *wide; /* as in csv; without missing cells; as in json; as in wide */
    mpl_covariance *covariance;
    mpl_check *check;
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_subgroups *subgroups;
    mpl_regression *regression;
    mpl_influence *influence;
    mpl_refits *refits;
    mpl_gosh *gosh;
    mpl_multiverse *multiverse, *multiverse_mods;
    mpl_fit *drawn_fit; /* by a test from draws */
    mpl_analysis drawn;
    mpl_blup *blup;
    mpl_likelihood *likelihood;
    mpl_pvalues *pvalues;
    mpl_bias *bias;
    mpl_selection *selection;
    mpl_tipping *tipping;
    mpl_power *power;
    mpl_bias *few_tests;
    mpl_analysis analysis;
    mpl_plot *plot;
    mpl_report *report;
    FILE *sink;
} given;

static const char csv[] = "author,year,ai,bi,ci,di,alloc\n"
                          "Aronson,1948,4,119,11,128,random\n"
                          "Ferguson,1949,6,300,29,274,random\n"
                          "Rosenthal,1960,3,228,0,209,alternate\n"
                          "\"Hart, P\",1977,62,13536,248,12619,random\n"
                          "Frimodt-Moller,1973,NA,5036,47,5761,alternate\n"
                          "Stein,1953,180,1361,372,1079,alternate\n";
static const char json[] = "[{\"slab\":\"a\",\"yi\":0.1,\"vi\":0.02},{\"slab\":\"b\",\"yi\":-0.3,\"vi\":0.05},"
                           "{\"slab\":\"c\",\"yi\":0.4,\"vi\":null}]";
/* What every conversion needs, also a control group that two rows share. */
static const char wide[] = "paper,yi,vi,sei,ci_lb,ci_ub,zval,ti,pval,pi,ni,xi,n1i,n2i,m1i,m2i,ai,ci,sdi,ori,ri,chi2i,"
                           "sensi,speci,ppvi,sem1i,lb1i,ub1i,min1i,q11i,med1i,q31i,max1i,sd1i,sd2i\n"
                           "a,0.5,0.04,0.2,0.1,0.9,2.5,2.5,0.02,0.02,100,30,50,50,5,4,20,10,1.5,2,0.3,4,"
                           "0.8,0.9,0.7,0.3,4.4,5.6,1,3,5,7,10,2,2.1\n"
                           "a,0.4,0.04,0.2,0.1,0.9,2.5,2.5,0.02,0.02,90,25,40,50,4.8,4,18,10,1.5,2,0.3,4,"
                           "0.8,0.9,0.7,0.3,4.4,5.6,1,3,5,7,10,2,2.1\n";
static const double yi[] = { -0.9, -1.6, -1.3, -1.4, -0.2 }, vi[] = { 0.3, 0.2, 0.4, 0.02, 0.05 };

static mpl_status read_csv(void **out, mpl_error *err)
{
    return mpl_dataset_read_bytes(csv, sizeof csv - 1, "bcg.csv", NULL, (mpl_dataset **)out, err);
}

static mpl_status read_json(void **out, mpl_error *err)
{
    return mpl_dataset_read_bytes(json, sizeof json - 1, "x.json", NULL, (mpl_dataset **)out, err);
}

static mpl_status read_utf16(void **out, mpl_error *err)
{
    static const char text[] = "\xff\xfey\0i\0,\0v\0i\0\n\0"
                               "1\0,\0"
                               "2\0\n\0";
    return mpl_dataset_read_bytes(text, sizeof text - 1, "x.csv", NULL, (mpl_dataset **)out, err);
}

static mpl_status read_columns(void **out, mpl_error *err)
{
    const mpl_read_options options = { .columns = "ai=bi,bi=ai", .missing = "NA,unknown", .decimal = "." };
    return mpl_dataset_read_bytes(csv, sizeof csv - 1, "bcg.csv", &options, (mpl_dataset **)out, err);
}

static mpl_status read_bundled(void **out, mpl_error *err)
{
    return mpl_dataset_read(mpl_bundled_get(0)->id, NULL, (mpl_dataset **)out, err);
}

static mpl_status filter(void **out, mpl_error *err)
{
    return mpl_dataset_filter(given.data, "alloc in ('random', 'alternate') and not (year < 1949) or ai is missing",
                              (mpl_dataset **)out, err);
}

static mpl_status effects(void **out, mpl_error *err)
{
    return mpl_effects_new(given.data, &(mpl_effect_options){ .measure = "OR" }, (mpl_effects **)out, err);
}

static bool is_odd(void *ctx, size_t index, mpl_exclusion *why)
{
    (void)ctx;
    why->reason = "even";
    return index % 2;
}

static mpl_status effects_subset(void **out, mpl_error *err)
{
    return mpl_effects_subset(given.effects, is_odd, NULL, (mpl_effects **)out, err);
}

static mpl_status effects_arrays(void **out, mpl_error *err)
{
    return mpl_effects_new_arrays(yi, vi, NULL, 5, NULL, (mpl_effects **)out, err);
}

static mpl_status fit_reml(void **out, mpl_error *err)
{
    return mpl_fit_new(given.effects, NULL, NULL, (mpl_fit **)out, err);
}

static mpl_status fit_het_tests(void **out, mpl_error *err)
{
    const mpl_fit_options options = { .het_tests = true, .draws = 100, .test = "permutation",
                                      .permutation_ci = true };
    return mpl_fit_new(given.effects, NULL, &options, (mpl_fit **)out, err);
}

static mpl_status fit_mh(void **out, mpl_error *err)
{
    return mpl_fit_new(given.effects, NULL, &(mpl_fit_options){ .method = "MH", .mh_counts = "corrected" },
                       (mpl_fit **)out, err);
}

static mpl_status fit_design(void **out, mpl_error *err)
{
    double x[10];
    for (size_t i = 0; i < given.effects->k; i++) {
        x[2 * i] = 1;
        x[2 * i + 1] = (double)(i % 3);
    }
    const mpl_design design = { .n_rows = given.effects->k, .n_cols = 2, .x = x,
                                .terms = (const char *const[]){ "intercept", "x" } };
    return mpl_fit_new(given.effects, &design, &(mpl_fit_options){ .method = "ML" }, (mpl_fit **)out, err);
}

static mpl_status subgroups(void **out, mpl_error *err)
{
    return mpl_subgroups_new(given.data, given.effects, NULL, &(mpl_subgroup_options){ .subgroup = "alloc" },
                             (mpl_subgroups **)out, err);
}

static mpl_status subgroups_common(void **out, mpl_error *err)
{
    const mpl_subgroup_options options = { .subgroup = "alloc", .pooling = "common" };
    return mpl_subgroups_new(given.data, given.effects, NULL, &options, (mpl_subgroups **)out, err);
}

static mpl_status regression(void **out, mpl_error *err)
{
    const mpl_regress_options options = { .mods = "center(year) + ref(alloc, 'random')", .drop_redundant = true,
                                          .predict = "year=1950,alloc=random", .means = "alloc",
                                          .pairwise = "alloc", .contrast = "alloc=alternate; intercept",
                                          .delta = "exp(intercept); -intercept^2",
                                          .versus = "ns(year, 1)", .grid = "year, alloc=random",
                                          .r2_draws = 100 };
    return mpl_regress_new(given.data, given.effects, NULL, &options, (mpl_regression **)out, err);
}

static mpl_status location_scale(void **out, mpl_error *err)
{
    const mpl_regress_options options = { .mods = "year", .predict = "year=1950,alloc=random",
                                          .scale = { "ref(alloc, 'random')", "log", "profile" } };
    return mpl_regress_new(given.data, given.effects, NULL, &options, (mpl_regression **)out, err);
}

static mpl_status influence(void **out, mpl_error *err)
{
    return mpl_influence_new(given.effects, NULL, given.fit, NULL, (mpl_influence **)out, err);
}

static mpl_status influence_design(void **out, mpl_error *err)
{
    const mpl_regression *const r = given.regression;
    return mpl_influence_new(r->effects, r->design, r->fit, NULL, (mpl_influence **)out, err);
}

static mpl_status loo(void **out, mpl_error *err)
{
    return mpl_loo_new(&given.analysis, &(mpl_loo_options){ .cluster = "alloc" }, (mpl_refits **)out, err);
}

static mpl_status cumulative(void **out, mpl_error *err)
{
    return mpl_cumulative_new(&given.analysis, &(mpl_cumulative_options){ .order = "year" }, (mpl_refits **)out, err);
}

static mpl_status gosh(void **out, mpl_error *err)
{
    const mpl_run_options run = { .threads = 1 };
    return mpl_gosh_new(given.effects, given.fit, &(mpl_gosh_options){ .points = 3 }, &run, (mpl_gosh **)out, err);
}

static mpl_status multiverse(void **out, mpl_error *err)
{
    const mpl_multiverse_options options = { .measures = "RD", .zeros = "only0", .methods = "EE", .tests = "z,kr",
                                             .pis = "V", .subsets = "year < 1960" };
    return mpl_multiverse_new(&given.analysis, &options, &(mpl_run_options){ .threads = 1 }, (mpl_multiverse **)out,
                              err);
}

static mpl_status multiverse_mods(void **out, mpl_error *err)
{
    const mpl_multiverse_options options = { .mods = "year", .coef = "year", .methods = "EE", .tests = "z",
                                             .own.draws = 100 };
    return mpl_multiverse_new(&given.analysis, &options, &(mpl_run_options){ .threads = 1 }, (mpl_multiverse **)out,
                              err);
}

static mpl_status multiverse_own(void **out, mpl_error *err)
{
    const mpl_multiverse_options options = { .methods = "MH:corrected", .tests = "z", .pis = "auto",
                                             .own.draws = 100 };
    return mpl_multiverse_new(&given.drawn, &options, &(mpl_run_options){ .threads = 1 }, (mpl_multiverse **)out,
                              err);
}

static mpl_status report_multiverse(void **out, mpl_error *err)
{
    return mpl_report_new_multiverse(given.multiverse, NULL, (mpl_report **)out, err);
}

static mpl_status report_multiverse_mods(void **out, mpl_error *err)
{
    return mpl_report_new_multiverse(given.multiverse_mods, NULL, (mpl_report **)out, err);
}

static mpl_status blup(void **out, mpl_error *err)
{
    return mpl_blup_new(given.effects, NULL, given.fit, (mpl_blup **)out, err);
}

static mpl_status report_blup(void **out, mpl_error *err)
{
    return mpl_report_new_blup(given.blup, NULL, NULL, (mpl_report **)out, err);
}

static mpl_status likelihood(void **out, mpl_error *err)
{
    return mpl_likelihood_new(given.effects, NULL, given.fit, &(mpl_likelihood_options){ .points = 2 },
                              (mpl_likelihood **)out, err);
}

static mpl_status likelihood_mean(void **out, mpl_error *err)
{
    return mpl_likelihood_new(given.effects, NULL, given.fit,
                              &(mpl_likelihood_options){ .parameter = "mean", .points = 2 }, (mpl_likelihood **)out,
                              err);
}

static mpl_status report_likelihood(void **out, mpl_error *err)
{
    return mpl_report_new_likelihood(given.likelihood, NULL, (mpl_report **)out, err);
}

static mpl_status pvalues(void **out, mpl_error *err)
{
    return mpl_pvalues_new(given.data, given.effects, &(mpl_pvalues_options){ .weights = "year" }, (mpl_pvalues **)out,
                           err);
}

static mpl_status report_pvalues(void **out, mpl_error *err)
{
    return mpl_report_new_pvalues(given.pvalues, NULL, (mpl_report **)out, err);
}

static mpl_status report_gosh(void **out, mpl_error *err)
{
    return mpl_report_new_gosh(given.gosh, NULL, (mpl_report **)out, err);
}

static mpl_status report_influence(void **out, mpl_error *err)
{
    return mpl_report_new_influence(given.influence, NULL, NULL, (mpl_report **)out, err);
}

static mpl_status report_refits(void **out, mpl_error *err)
{
    return mpl_report_new_refits(given.refits, NULL, (mpl_report **)out, err);
}

static mpl_status curve(void **out, mpl_error *err)
{
    return mpl_curve_new(given.regression, "year", 3, (mpl_curve **)out, err);
}

static mpl_status adjust(void **out, mpl_error *err)
{
    static double adjusted[3];
    const mpl_status s = mpl_pvalues_adjust("holm", (const double[]){ 0.1, 0.01, 0.2 }, 3, adjusted, err);
    *out = s == MPL_OK ? adjusted : NULL;
    return s;
}

static mpl_status formula(void **out, mpl_error *err)
{
    return mpl_formula_new("log(`odds ratio` ^ 2 + 1) * -ai / (bi + 0.5)", (mpl_formula **)out, err);
}

static mpl_status convert(void **out, mpl_error *err)
{
    const mpl_convert_options options = { .formula = "exp(yi)", .to = "formula" };
    return mpl_dataset_convert(given.reported, &options, (mpl_dataset **)out, err);
}

static const char *by; /* the conversion to sweep */

static mpl_status convert_by(void **out, mpl_error *err)
{
    mpl_convert_options options = { .conversion = by, .replace = true };
    const char *const target = mpl_conversion_find(by)->target;
    options.uncertainty = !strcmp(target, "mean-sd");
    options.formula = !strcmp(target, "formula") ? "exp(yi)" : NULL;
    options.transform = !strcmp(target, "transform") ? "exp" : NULL;
    options.cluster = !strcmp(target, "split-control") ? "paper" : NULL;
    return mpl_dataset_convert(given.wide, &options, (mpl_dataset **)out, err);
}

static mpl_status transform_effects(void **out, mpl_error *err)
{
    mpl_effects *e;
    *out = NULL;
    mpl_status s = mpl_effects_new_arrays(yi, vi, NULL, 5, NULL, &e, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_transform(e, &(mpl_transform_options){ .transform = "lnortorr", .args = "baseline=0.2" }, err);
    *out = s == MPL_OK ? &given : NULL;
    mpl_effects_free(e);
    return s;
}

static mpl_status predict_formula(void **out, mpl_error *err)
{
    mpl_formula *f;
    double estimate, variance;
    *out = NULL;
    mpl_status s = mpl_formula_new("exp(a) - b^2", &f, err);
    if (s != MPL_OK)
        return s;
    s = mpl_formula_predict(f, (const double[]){ 1, 2 }, (const double[]){ 1, 0, 0, 1 }, &estimate, &variance, err);
    *out = s == MPL_OK ? &given : NULL;
    mpl_formula_free(f);
    return s;
}

static mpl_status effects_omit(void **out, mpl_error *err)
{
    const mpl_effect_options options = { .measure = "COR", .omit_impossible = true, .flip = "alloc" };
    static const char text[] = "study,ri,ni,alloc\na,0.2,3,yes\nb,2,10,no\nc,0.3,40,yes\nd,,40,yes\n";
    mpl_dataset *data;
    *out = NULL;
    mpl_status s = mpl_dataset_read_bytes(text, sizeof text - 1, "x.csv", NULL, &data, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_new(data, &options, (mpl_effects **)out, err);
    mpl_dataset_free(data);
    return s;
}

static mpl_status effects_converted(void **out, mpl_error *err)
{
    static const char text[] = "study,ni,q1i,medi,q3i,semi,mi\na,20,3,5,7,,\nb,30,,,,0.3,5\n";
    mpl_dataset *data;
    *out = NULL;
    mpl_status s = mpl_dataset_read_bytes(text, sizeof text - 1, "x.csv", NULL, &data, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_new(data, &(mpl_effect_options){ .measure = "MN" }, (mpl_effects **)out, err);
    mpl_dataset_free(data);
    return s;
}

static mpl_status covariance_shared(void **out, mpl_error *err)
{
    const mpl_covariance_options options = { .cluster = "alloc", .structure = "VCALC", .shared_control = true,
                                             .rho = { true, 0.5 }, .obs = "year" };
    return mpl_covariance_new(given.data, given.effects, NULL, &options, (mpl_covariance **)out, err);
}

static mpl_status combine_shared(void **out, mpl_error *err)
{
    const mpl_covariance_options options = { .cluster = "alloc", .shared_control = true };
    return mpl_dataset_combine(given.whole, &options, (mpl_dataset **)out, err);
}

static mpl_status covariance(void **out, mpl_error *err)
{
    const mpl_covariance_options options = { .cluster = "alloc", .structure = "CS", .rho = { true, 0.5 } };
    return mpl_covariance_new(given.data, given.effects, NULL, &options, (mpl_covariance **)out, err);
}

static mpl_status covariance_columns(void **out, mpl_error *err)
{
    const mpl_covariance_options options = { .vvars = "year" };
    return mpl_covariance_new(given.data, given.effects, NULL, &options, (mpl_covariance **)out, err);
}

static mpl_status covariance_matrix(void **out, mpl_error *err)
{
    char text[2048] = "";
    mpl_dataset *v;
    const mpl_read_options matrix = { .matrix = true };
    for (size_t i = 0; i < given.effects->k; i++)
        for (size_t j = 0; j < given.effects->k; j++)
            strcat(strcat(text, i == j ? "2" : "0"), j + 1 < given.effects->k ? " " : "\n");
    *out = NULL;
    mpl_status s = mpl_dataset_read_bytes(text, strlen(text), "v.txt", &matrix, &v, err);
    if (s == MPL_OK)
        s = mpl_covariance_new(given.data, given.effects, v, NULL, (mpl_covariance **)out, err);
    mpl_dataset_free(v);
    return s;
}

static mpl_status aggregate(void **out, mpl_error *err)
{
    return mpl_dataset_aggregate(given.data, given.effects, given.covariance, (mpl_dataset **)out, err);
}

static mpl_status combine(void **out, mpl_error *err)
{
    const mpl_covariance_options options = { .cluster = "alloc" };
    return mpl_dataset_combine(given.whole, &options, (mpl_dataset **)out, err);
}

static mpl_status check_data(void **out, mpl_error *err)
{
    return mpl_check_new(given.data, NULL, NULL, (mpl_check **)out, err);
}

static mpl_status plot(void **out, mpl_error *err)
{
    const mpl_plot_options options = { .forest = { .left = "year,alloc", .favours_left = "favours x", .sort = "-yi" } };
    return mpl_plot_new("forest", &given.analysis, &options, (mpl_plot **)out, err);
}

static mpl_status report_pool(void **out, mpl_error *err)
{
    return mpl_report_new_pool(&given.analysis, NULL, NULL, (mpl_report **)out, err);
}

static mpl_status report_document(void **out, mpl_error *err)
{
    const mpl_document_options options = { .style = "apa", .with = "bias,forest,funnel,loo,influence,cumulative",
                                           .baseline_risk = "median,5%", .outcome = "tuberculosis" };
    return mpl_report_new_document(&given.analysis, given.regression, &options, NULL, NULL, (mpl_report **)out, err);
}

static mpl_status bias(void **out, mpl_error *err)
{
    return mpl_bias_new(given.data, given.effects, given.fit, NULL, (mpl_bias **)out, err);
}

static mpl_status selection(void **out, mpl_error *err)
{
    const mpl_selection_options options = { .steps = "0.5", .delta = "1,0.5" };
    return mpl_selection_new(given.effects, NULL, &options, (mpl_selection **)out, err);
}

static mpl_status report_selection(void **out, mpl_error *err)
{
    return mpl_report_new_selection(given.selection, (mpl_report **)out, err);
}

static mpl_status plot_doi(void **out, mpl_error *err)
{
    return mpl_plot_new("doi", &given.analysis, NULL, (mpl_plot **)out, err);
}

static mpl_status plot_funnel(void **out, mpl_error *err)
{
    const mpl_plot_options options = { .funnel = { .trim_fill = true, .egger = true, .limit = true } };
    return mpl_plot_new("funnel", &given.analysis, &options, (mpl_plot **)out, err);
}

static mpl_status plot_tipping(void **out, mpl_error *err)
{
    const mpl_plot_options options = { .tipping = { .only = "fixed", .severities = "1,2" } };
    return mpl_plot_new("tipping", &given.analysis, &options, (mpl_plot **)out, err);
}

static mpl_status report_chart(void **out, mpl_error *err)
{
    return mpl_report_new_chart("baujat", &given.analysis, NULL, NULL, (mpl_report **)out, err);
}

static mpl_status tipping(void **out, mpl_error *err)
{
    const mpl_tipping_options options = { .severities = "2", .only = "robust" };
    return mpl_tipping_new(&given.analysis, &options, (mpl_tipping **)out, err);
}

static mpl_status report_tipping(void **out, mpl_error *err)
{
    return mpl_report_new_tipping(given.tipping, (mpl_report **)out, err);
}

static mpl_status report_bias(void **out, mpl_error *err)
{
    return mpl_report_new_bias(given.bias, given.power, (mpl_report **)out, err);
}

static mpl_status power(void **out, mpl_error *err)
{
    const mpl_power_options options = { .draws = 10 };
    const mpl_run_options one = { .threads = 1 };
    return mpl_power_new(given.data, given.few_tests, &options, &one, (mpl_power **)out, err);
}

static mpl_status report_regression(void **out, mpl_error *err)
{
    return mpl_report_new_regression(given.regression, NULL, (mpl_report **)out, err);
}

static mpl_status report_effects(void **out, mpl_error *err)
{
    return mpl_report_new_effects(given.data, given.effects, NULL, (mpl_report **)out, err);
}

static mpl_status report_grid(void **out, mpl_error *err)
{
    const mpl_analysis analyses[] = { given.analysis, given.analysis };
    return mpl_report_new_grid("ri", "Correlation", (const double[]){ 0, 0.5 }, analyses, 2, (mpl_report **)out, err);
}

static mpl_status report_datasets(void **out, mpl_error *err)
{
    return mpl_report_new_datasets((mpl_report **)out, err);
}

static mpl_status report_dataset(void **out, mpl_error *err)
{
    return mpl_report_new_dataset(given.data, (mpl_report **)out, err);
}

static mpl_status report_rows(void **out, mpl_error *err)
{
    return mpl_report_new_rows(given.data, (mpl_report **)out, err);
}

static mpl_status report_derived(void **out, mpl_error *err)
{
    return mpl_report_new_derived("convert", given.reported, (mpl_report **)out, err);
}

static mpl_status report_covariance(void **out, mpl_error *err)
{
    return mpl_report_new_covariance(given.data, given.effects, given.covariance, (mpl_report **)out, err);
}

static mpl_status report_check(void **out, mpl_error *err)
{
    return mpl_report_new_check(given.data, given.check, (mpl_report **)out, err);
}

static mpl_status report_registry(void **out, mpl_error *err)
{
    return mpl_report_new_registry("measures", "Measures", mpl_measure_method, NULL, (mpl_report **)out, err);
}

/* Calls without an object: success hands back something that is not NULL. */
static mpl_status tau2(void **out, mpl_error *err)
{
    mpl_tau2 result;
    const mpl_status s = mpl_tau2_estimate(yi, vi, 5, NULL, 0, NULL, &result, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

static mpl_status write_report(const char *format, void **out, mpl_error *err)
{
    rewind(given.sink);
    const mpl_status s = mpl_report_write(given.report, &(mpl_write_options){ .format = format }, given.sink, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

static mpl_status write_notes(void **out, mpl_error *err)
{
    rewind(given.sink);
    const mpl_status s = mpl_report_write_notes(given.report, "note: ", given.sink, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

static mpl_status write_excluded(void **out, mpl_error *err)
{
    rewind(given.sink);
    const mpl_status s = mpl_report_write_excluded(given.report, "note: ", given.sink, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

#define WRITE_REPORT(format)                                                                                         \
    static mpl_status write_##format(void **out, mpl_error *err)                                                     \
    {                                                                                                                \
        return write_report(#format, out, err);                                                                      \
    }
WRITE_REPORT(text)
WRITE_REPORT(json)
WRITE_REPORT(csv)
WRITE_REPORT(tsv)
WRITE_REPORT(markdown)
WRITE_REPORT(html)
WRITE_REPORT(tex)

static mpl_status draw(const char *renderer, void **out, mpl_error *err)
{
    rewind(given.sink);
    const mpl_status s = mpl_plot_write(given.plot, renderer, NULL, given.sink, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

static mpl_status count_pages(void **out, mpl_error *err)
{
    size_t n;
    const mpl_status s = mpl_plot_get_pages(given.plot, "svg", &(mpl_draw_options){ .per_page = 5 }, &n, err);
    *out = s == MPL_OK ? &given : NULL;
    return s;
}

#define DRAW(renderer)                                                                                               \
    static mpl_status draw_##renderer(void **out, mpl_error *err)                                                    \
    {                                                                                                                \
        return draw(#renderer, out, err);                                                                            \
    }
DRAW(svg)
DRAW(gp)
DRAW(dat)
DRAW(text)

FREE(formula, mpl_formula_free)
FREE(covariance, mpl_covariance_free)
FREE(check, mpl_check_free)
FREE(data, mpl_dataset_free)
FREE(effects, mpl_effects_free)
FREE(fit, mpl_fit_free)
FREE(subgroups, mpl_subgroups_free)
FREE(plot, mpl_plot_free)
FREE(regression, mpl_regress_free)
FREE(influence, mpl_influence_free)
FREE(refits, mpl_refits_free)
FREE(curve, mpl_curve_free)
FREE(gosh, mpl_gosh_free)
FREE(multiverse, mpl_multiverse_free)
FREE(blup, mpl_blup_free)
FREE(pvalues, mpl_pvalues_free)
FREE(likelihood, mpl_likelihood_free)
FREE(bias, mpl_bias_free)
FREE(selection, mpl_selection_free)
FREE(tipping, mpl_tipping_free)
FREE(power, mpl_power_free)
FREE(report, mpl_report_free)

static const swept calls[] = {
    { "mpl_dataset_read_bytes csv", read_csv, free_data },
    { "mpl_dataset_read_bytes json", read_json, free_data },
    { "mpl_dataset_read_bytes utf-16", read_utf16, free_data },
    { "mpl_dataset_read_bytes columns", read_columns, free_data },
    { "mpl_dataset_read bundled", read_bundled, free_data },
    { "mpl_dataset_filter", filter, free_data },
    { "mpl_effects_new", effects, free_effects },
    { "mpl_effects_new omit", effects_omit, free_effects },
    { "mpl_effects_new converted", effects_converted, free_effects },
    { "mpl_effects_transform", transform_effects, free_nothing },
    { "mpl_formula_predict", predict_formula, free_nothing },
    { "mpl_covariance_new shared", covariance_shared, free_covariance },
    { "mpl_covariance_new columns", covariance_columns, free_covariance },
    { "mpl_covariance_new matrix", covariance_matrix, free_covariance },
    { "mpl_dataset_combine shared", combine_shared, free_data },
    { "mpl_effects_subset", effects_subset, free_effects },
    { "mpl_effects_new_arrays", effects_arrays, free_effects },
    { "mpl_tau2_estimate", tau2, free_nothing },
    { "mpl_fit_new", fit_reml, free_fit },
    { "mpl_fit_new het-tests", fit_het_tests, free_fit },
    { "mpl_fit_new MH", fit_mh, free_fit },
    { "mpl_fit_new design", fit_design, free_fit },
    { "mpl_subgroups_new", subgroups, free_subgroups },
    { "mpl_subgroups_new common", subgroups_common, free_subgroups },
    { "mpl_regress_new", regression, free_regression },
    { "mpl_regress_new with a scale", location_scale, free_regression },
    { "mpl_bias_new", bias, free_bias },
    { "mpl_selection_new", selection, free_selection },
    { "mpl_report_new_selection", report_selection, free_report },
    { "mpl_report_new_bias", report_bias, free_report },
    { "mpl_power_new", power, free_power },
    { "mpl_tipping_new", tipping, free_tipping },
    { "mpl_report_new_tipping", report_tipping, free_report },
    { "mpl_report_new_chart", report_chart, free_report },
    { "mpl_curve_new", curve, free_curve },
    { "mpl_pvalues_adjust", adjust, free_nothing },
    { "mpl_report_new_regression", report_regression, free_report },
    { "mpl_influence_new", influence, free_influence },
    { "mpl_influence_new design", influence_design, free_influence },
    { "mpl_loo_new", loo, free_refits },
    { "mpl_cumulative_new", cumulative, free_refits },
    { "mpl_blup_new", blup, free_blup },
    { "mpl_report_new_blup", report_blup, free_report },
    { "mpl_likelihood_new", likelihood, free_likelihood },
    { "mpl_likelihood_new mean", likelihood_mean, free_likelihood },
    { "mpl_report_new_likelihood", report_likelihood, free_report },
    { "mpl_pvalues_new", pvalues, free_pvalues },
    { "mpl_report_new_pvalues", report_pvalues, free_report },
    { "mpl_gosh_new", gosh, free_gosh },
    { "mpl_multiverse_new", multiverse, free_multiverse },
    { "mpl_multiverse_new mods", multiverse_mods, free_multiverse },
    { "mpl_multiverse_new own", multiverse_own, free_multiverse },
    { "mpl_report_new_multiverse", report_multiverse, free_report },
    { "mpl_report_new_multiverse mods", report_multiverse_mods, free_report },
    { "mpl_report_new_gosh", report_gosh, free_report },
    { "mpl_report_new_influence", report_influence, free_report },
    { "mpl_report_new_refits", report_refits, free_report },
    { "mpl_formula_new", formula, free_formula },
    { "mpl_dataset_convert", convert, free_data },
    { "mpl_dataset_convert by", convert_by, free_data },
    { "mpl_covariance_new", covariance, free_covariance },
    { "mpl_dataset_aggregate", aggregate, free_data },
    { "mpl_dataset_combine", combine, free_data },
    { "mpl_check_new", check_data, free_check },
    { "mpl_plot_new", plot, free_plot },
    { "mpl_plot_new doi", plot_doi, free_plot },
    { "mpl_plot_new funnel", plot_funnel, free_plot },
    { "mpl_plot_new tipping", plot_tipping, free_plot },
    { "mpl_plot_get_pages", count_pages, free_nothing },
    { "mpl_plot_write svg", draw_svg, free_nothing },
    { "mpl_plot_write gp", draw_gp, free_nothing },
    { "mpl_plot_write dat", draw_dat, free_nothing },
    { "mpl_plot_write text", draw_text, free_nothing },
    { "mpl_report_new_pool", report_pool, free_report },
    { "mpl_report_new_document", report_document, free_report },
    { "mpl_report_new_effects", report_effects, free_report },
    { "mpl_report_new_grid", report_grid, free_report },
    { "mpl_report_new_datasets", report_datasets, free_report },
    { "mpl_report_new_dataset", report_dataset, free_report },
    { "mpl_report_new_rows", report_rows, free_report },
    { "mpl_report_new_derived", report_derived, free_report },
    { "mpl_report_new_covariance", report_covariance, free_report },
    { "mpl_report_new_check", report_check, free_report },
    { "mpl_report_new_registry", report_registry, free_report },
    { "mpl_report_write_notes", write_notes, free_nothing },
    { "mpl_report_write_excluded", write_excluded, free_nothing },
    { "mpl_report_write text", write_text, free_nothing },
    { "mpl_report_write json", write_json, free_nothing },
    { "mpl_report_write csv", write_csv, free_nothing },
    { "mpl_report_write tsv", write_tsv, free_nothing },
    { "mpl_report_write markdown", write_markdown, free_nothing },
    { "mpl_report_write html", write_html, free_nothing },
    { "mpl_report_write tex", write_tex, free_nothing },
};

/* One call; a conversion by each in the registry. */
static void sweep_call(const swept *call, const char *how)
{
    const mpl_method *m;
    if (call->run != convert_by)
        sweep(call, how, 0);
    else
        for (size_t i = 0; (m = mpl_conversion_method(i)); i++) {
            by = m->id;
            sweep(call, how, 0);
        }
}

static void prepare(void)
{
    mpl_error err;
    must(mpl_dataset_read_bytes(csv, sizeof csv - 1, "bcg.csv", NULL, &given.data, &err), &err);
    must(mpl_effects_new(given.data, &(mpl_effect_options){ .measure = "OR" }, &given.effects, &err), &err);
    must(mpl_fit_new(given.effects, NULL, NULL, &given.fit, &err), &err);
    must(mpl_subgroups_new(given.data, given.effects, NULL, &(mpl_subgroup_options){ .subgroup = "alloc" },
                           &given.subgroups, &err), &err);
    must(mpl_regress_new(given.data, given.effects, &(mpl_fit_options){ .method = "DL" },
                         &(mpl_regress_options){ .mods = "year", .grid = "year", .grid_points = 2,
                                                 .contrast = "year; intercept", .versus = "year^2" },
                         &given.regression, &err), &err);
    must(mpl_selection_new(given.effects, NULL, &(mpl_selection_options){ .delta = "1,0.5" }, &given.selection, &err),
         &err);
    must(mpl_bias_new(given.data, given.effects, given.fit, NULL, &given.bias, &err), &err);
    must(mpl_bias_new(given.data, given.effects, given.fit, &(mpl_bias_options){ .only = "egger" }, &given.few_tests,
                      &err), &err);
    must(mpl_power_new(given.data, given.few_tests, &(mpl_power_options){ .draws = 10 }, NULL, &given.power, &err),
         &err);
    must(mpl_influence_new(given.effects, NULL, given.fit, NULL, &given.influence, &err), &err);
    must(mpl_blup_new(given.effects, NULL, given.fit, &given.blup, &err), &err);
    must(mpl_likelihood_new(given.effects, NULL, given.fit, NULL, &given.likelihood, &err), &err);
    must(mpl_pvalues_new(NULL, given.effects, NULL, &given.pvalues, &err), &err);
    must(mpl_gosh_new(given.effects, given.fit, NULL, NULL, &given.gosh, &err), &err);
    must(mpl_loo_new(&(mpl_analysis){ given.data, given.effects, given.fit, NULL }, NULL, &given.refits, &err), &err);
    must(mpl_dataset_filter(given.data, "ai is not missing", &given.whole, &err), &err);
    const mpl_covariance_options dependence = { .cluster = "alloc", .structure = "CS", .rho = { true, 0.5 } };
    must(mpl_covariance_new(given.data, given.effects, NULL, &dependence, &given.covariance, &err), &err);
    must(mpl_check_new(given.data, NULL, NULL, &given.check, &err), &err);
    must(mpl_dataset_read_bytes(wide, sizeof wide - 1, "wide.csv", NULL, &given.wide, &err), &err);
    must(mpl_dataset_read_bytes(json, sizeof json - 1, "x.json", NULL, &given.reported, &err), &err);
    given.analysis = (mpl_analysis){ given.data, given.effects, given.fit, given.subgroups };
    const mpl_multiverse_options few = { .methods = "EE", .tests = "z,kr", .pis = "HTS", .threshold = { true, 0.8 } };
    must(mpl_multiverse_new(&given.analysis, &few, NULL, &given.multiverse, &err), &err);
    must(mpl_multiverse_new(&given.analysis, &(mpl_multiverse_options){ .mods = "year", .methods = "EE" }, NULL,
                            &given.multiverse_mods, &err), &err);
    must(mpl_fit_new(given.effects, NULL, &(mpl_fit_options){ .method = "DL", .test = "permutation", .draws = 100,
                                                              .run.threads = 1 }, &given.drawn_fit, &err), &err);
    given.drawn = (mpl_analysis){ given.data, given.effects, given.drawn_fit, NULL };
    must(mpl_tipping_new(&given.analysis, &(mpl_tipping_options){ .severities = "2" }, &given.tipping, &err), &err);
    must(mpl_plot_new("forest", &given.analysis, NULL, &given.plot, &err), &err);
    must(mpl_report_new_pool(&given.analysis, NULL, NULL, &given.report, &err), &err);
    given.sink = tmpfile();
    if (!given.sink)
        check_die("cannot open", "a temporary file");
    setvbuf(given.sink, NULL, _IOFBF, 1 << 16);
    fputc('x', given.sink); /* its buffer is there before allocations are counted */
}

int main(void)
{
    prepare();
    sweep_all(calls, sizeof calls / sizeof *calls, sweep_call);
    mpl_report_free(given.report);
    mpl_plot_free(given.plot);
    mpl_influence_free(given.influence);
    mpl_refits_free(given.refits);
    mpl_multiverse_free(given.multiverse);
    mpl_multiverse_free(given.multiverse_mods);
    mpl_fit_free(given.drawn_fit);
    mpl_gosh_free(given.gosh);
    mpl_blup_free(given.blup);
    mpl_pvalues_free(given.pvalues);
    mpl_likelihood_free(given.likelihood);
    mpl_regress_free(given.regression);
    mpl_bias_free(given.bias);
    mpl_selection_free(given.selection);
    mpl_tipping_free(given.tipping);
    mpl_power_free(given.power);
    mpl_bias_free(given.few_tests);
    mpl_subgroups_free(given.subgroups);
    mpl_fit_free(given.fit);
    mpl_effects_free(given.effects);
    mpl_covariance_free(given.covariance);
    mpl_check_free(given.check);
    mpl_dataset_free(given.reported);
    mpl_dataset_free(given.wide);
    mpl_dataset_free(given.whole);
    mpl_dataset_free(given.data);
    fclose(given.sink);
    return check_done();
}
