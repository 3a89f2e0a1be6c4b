/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports: digits by kind, sentences, wrapping, and every writer on a result put together by hand from metafor 3.8's
 * numbers for the BCG trials. `test_report FORMAT` prints that report.
 */
#include "check.h"

#include <metapool/report.h>

#include "base/arena.h"
#include "report/show.h"

/* metafor 3.8: escalc("RR"), rma(test = "knha"), weights(), confint(), predict(), tight control. */
static const struct { const char *label, *group; double yi, vi, weight; } bcg[] = {
    { "Aronson 1948", "random", -0.88931133392020545, 0.32558476500396133, 5.0594827343666324 },
    { "Ferguson & Simes 1949", "random", -1.5853886572014306, 0.19458112139814385, 6.3646793725630104 },
    { "Rosenthal et al 1960", "random", -1.3480731482996933, 0.41536796536796539, 4.4360274026013702 },
    { "Hart & Sutherland 1977", "random", -1.4415511900213054, 0.020010031902247573, 9.6987470189207059 },
    { "Frimodt-Moller et al 1973", "alternate", -0.21754732221129558, 0.051210172169630863, 8.8684563912428995 },
    { "Stein & Aronson 1953", "alternate", -0.78611558581886398, 0.0069056184559087574, 10.095738544239099 },
    { "Vandiviere et al 1973", "random", -1.6208982235983918, 0.22301724757231517, 6.0271814144444456 },
    { "TPT Madras 1980", "random", 0.011952333523840508, 0.0039615792978177295, 10.189439037095692 },
    { "Coetzee & Berjak 1968", "random", -0.4694176487381494, 0.056434210463248966, 8.743133211638197 },
    { "Rosenthal et al 1961", "systematic", -1.3713448034727844, 0.07302479361302891, 8.3676072578858776 },
    { "Comstock et al 1974", "systematic", -0.33935882833839059, 0.01241221397155972, 9.9250269998114113 },
    { "Comstock & Webster 1969", "systematic", 0.44591340057137874, 0.53250584520015276, 3.8216290629895546 },
    { "Comstock et al 1976", "systematic", -0.017313948216879815, 0.071404659683986293, 8.4028515522011045 },
};
enum { K = sizeof bcg / sizeof *bcg, N_GROUPS = 3 };

static const struct {
    const char *label;
    size_t k;
    double est, se, t, p, lb, ub, pi_lb, pi_ub, tau2, i2, h2, q, qp;
} grp[] = {
    { "random", 7, -0.97096470426310022, 0.25312752606953698, -3.8358716625562299, 0.0086001462424936427,
      -1.5903454476536574, -0.35158396087254307, -2.6243992823547062, 0.68246987382850577, 0.39252800690085043,
      89.934315701264197, 9.934744328565861, 110.21326117518791, 1.8392075446570592e-21 },
    { "alternate", 2, -0.54079296184934578, 0.28160161310388809, -1.9204185511886154, 0.30563207008324011,
      -4.1188807119844064, 3.0372947882857146, -6.3894647764375421, 5.3078788527388507, 0.13257703987809277,
      82.022515566664154, 5.5625135079838453, 5.5625135079838497, 0.018349051409957032 },
    { "systematic", 4, -0.42420739151087666, 0.36421846209861614, -1.1647058994939632, 0.32833498296704816,
      -1.5833130905327322, 0.73489830751097895, -2.7476132703964726, 1.8991984873747194, 0.40034588017508066,
      86.422119590066529, 7.3649197798826371, 16.591863579535822, 0.00085732963238795026 },
};

/* Everything a report is made from. */
typedef struct fixture {
    double yi[K], vi[K], ni[K], weight[K];
    const char *slab[K], *route[K];
    size_t index[K], row[K], member[N_GROUPS][K];
    bool corrected[K];
    mpl_exclusion excluded[2];
    mpl_note note[3];
    const char *warning[1];
    mpl_dataset_info info;
    mpl_effects effects;
    mpl_term term[1], group_term[N_GROUPS][1];
    mpl_fit fit, group_fit[N_GROUPS];
    mpl_group group[N_GROUPS];
    mpl_contrast contrast[1];
    mpl_subgroups subgroups;
    mpl_analysis analysis;
} fixture;

static void fill_effects(fixture *f)
{
    for (size_t i = 0; i < K; i++) {
        f->yi[i] = bcg[i].yi;
        f->vi[i] = bcg[i].vi;
        f->ni[i] = NAN;
        f->weight[i] = bcg[i].weight;
        f->slab[i] = bcg[i].label;
        f->route[i] = "cells";
        f->index[i] = i;
        f->row[i] = i + 1;
    }
    f->excluded[0] = (mpl_exclusion){ 14, 15, "Smith 1999", "di is missing" };
    f->excluded[1] = (mpl_exclusion){ 15, 17, "Miller 2001", "left out by --where 'year < 2000'" };
    f->note[0] = (mpl_note){ "zero-cells-corrected", 3, bcg[2].label, "0.5 was added to every cell" };
    f->note[1] = (mpl_note){ "zero-cells-corrected", 7, bcg[6].label, "0.5 was added to every cell" };
    f->note[2] = (mpl_note){ "hksj-narrow", 0, NULL, "the interval is narrower than the Wald interval" };
    f->warning[0] = "Allocation was not concealed in every trial.";
    f->info = (mpl_dataset_info){ .id = "bcg", .title = "BCG vaccine against tuberculosis", .kind = "textbook",
                                  .source = "Colditz et al. 1994, JAMA 271:698-702", .n_warnings = 1,
                                  .warnings = f->warning };
    f->effects = (mpl_effects){ .measure = mpl_measure_find("RR"), .measure_reason = "the dataset's own",
                                .options = { .measure = "RR", .add = { true, 0.5 }, .to = "only0" }, .k = K,
                                .yi = f->yi, .vi = f->vi, .ni = f->ni, .slab = f->slab, .index = f->index,
                                .row = f->row, .route = f->route, .n_excluded = 2, .excluded = f->excluded,
                                .info = &f->info, .data_name = "bcg", .n_notes = 2, .notes = f->note,
                                .corrected = f->corrected };
}

static void fill_fit(fixture *f)
{
    const mpl_term hksj = { "intercept", -0.71453234215813943, 0.18079174409284787, -3.9522398865248092, 12,
                            0.0019200150960572916, log(0.0019200150960572916), -1.1084437136855509,
                            -0.32062097063072803 };
    const mpl_term wald = { "intercept", -0.71453234215813943, 0.17978151610520574, -3.9744483061317863, INFINITY,
                            7.054258101641646e-05, log(7.054258101641646e-05), -1.0668976388103504,
                            -0.36216704550592854 };
    f->term[0] = hksj;
    f->fit = (mpl_fit){ .options = { .method = "REML", .test = "hksj", .pi = "auto", .level = 0.95 },
                        .method = mpl_method_find(mpl_fit_method, "REML"),
                        .test = mpl_method_find(mpl_test_method, "hksj"), .pi = mpl_method_find(mpl_pi_method, "HK"),
                        .tau2_ci_method = mpl_tau2_ci_method(0),
                        .level = 0.95, .k = K, .p = 1, .terms = f->term, .wald = wald, .hksj = hksj,
                        .s2w = 1.0112699720, .tau2 = 0.31324325813648085, .se_tau2 = 0.16642575283697086,
                        .tau = 0.55968138984290061, .tau2_ci = { 0.11971836114126073, 1.1114790840609292 },
                        .tau_ci = { 0.34600341203702129, 1.0542670838364105 }, .i2 = 92.221384521268959,
                        .h2 = 12.855758235309164, .i2_ci = { 81.92057455859654, 97.67807495784879 },
                        .h2_ci = { 5.531149223967666, 43.0677124309817 }, .q = 152.23300808237329, .q_df = 12,
                        .q_pval = 1.9967645908459738e-26, .q_log_pval = log(1.9967645908459738e-26), .qm = NAN,
                        .qm_df = NAN, .qm_df2 = NAN, .qm_pval = NAN, .qm_log_pval = NAN,
                        .pi_lb = -1.9960168341962023, .pi_ub = 0.56695214987992359, .pi_df = 12, .pi_se = NAN,
                        .ll = -12.202371415, .aic = NAN, .aicc = NAN, .bic = NAN, .n_maxima = 1, .iter = 5,
                        .converged = true, .weights = f->weight, .n_notes = 1, .notes = f->note + 2 };
}

static void fill_subgroups(fixture *f)
{
    for (size_t g = 0; g < N_GROUPS; g++) {
        size_t n = 0;
        for (size_t i = 0; i < K; i++)
            if (!strcmp(bcg[i].group, grp[g].label))
                f->member[g][n++] = i;
        f->group_term[g][0] = (mpl_term){ "intercept", grp[g].est, grp[g].se, grp[g].t, (double)grp[g].k - 1, grp[g].p,
                                          log(grp[g].p), grp[g].lb, grp[g].ub };
        f->group_fit[g] = f->fit;
        f->group_fit[g].n_notes = 0;
        f->group_fit[g].k = grp[g].k;
        f->group_fit[g].terms = f->group_term[g];
        f->group_fit[g].tau2 = grp[g].tau2;
        f->group_fit[g].i2 = grp[g].i2;
        f->group_fit[g].h2 = grp[g].h2;
        f->group_fit[g].q = grp[g].q;
        f->group_fit[g].q_df = (double)grp[g].k - 1;
        f->group_fit[g].q_pval = grp[g].qp;
        f->group_fit[g].pi_lb = grp[g].pi_lb;
        f->group_fit[g].pi_ub = grp[g].pi_ub;
        f->group[g] = (mpl_group){ grp[g].label, grp[g].k, f->member[g], &f->group_fit[g] };
    }
    static const mpl_method between = { .id = "Q", .title = "chi-squared test between groups", .cite = "Borenstein" };
    f->contrast[0] = (mpl_contrast){ 0, 1, { "random minus alternate", -0.43017174241375444, 0.37865, -1.136, INFINITY,
                                             0.256, log(0.256), -1.1723, 0.3120 }, 0.768 };
    f->subgroups = (mpl_subgroups){ .options = { "alloc", "separate" }, .column = "alloc", .n_groups = N_GROUPS,
                                    .groups = f->group, .tau2 = NAN, .q = 1.86, .q_df = 2, .q_df2 = INFINITY,
                                    .q_pval = 0.394, .q_log_pval = log(0.394), .between = &between, .n_contrasts = 1,
                                    .contrasts = f->contrast };
}

static fixture *fixture_new(void)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        check_die("no memory for", "the fixture");
    fill_effects(f);
    fill_fit(f);
    fill_subgroups(f);
    f->analysis = (mpl_analysis){ NULL, &f->effects, &f->fit, &f->subgroups };
    return f;
}

/* The report in a format, as a text to be freed; NULL where it fails. */
static char *write_report(const mpl_report *report, const mpl_write_options *options, mpl_error *err)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const mpl_status s = mpl_report_write(report, options, out, err);
    fclose(out);
    if (s == MPL_OK)
        return text;
    free(text);
    return NULL;
}

static char *pool_text(const mpl_analysis *a, const mpl_write_options *options)
{
    mpl_report *report;
    mpl_error err;
    if (mpl_report_new_pool(a, NULL, options, &report, &err) != MPL_OK)
        check_die("no report:", err.message);
    char *text = write_report(report, options, &err);
    if (!text)
        check_die("not written:", err.message);
    mpl_report_free(report);
    return text;
}

/* True if `text` holds `want`; says what it holds otherwise. */
static void holds(const char *text, const char *want, const char *why)
{
    CHECK(strstr(text, want) != NULL, "%s: no '%s' in\n%s", why, want, text);
}

static const char *const formats[] = { "text", "json", "csv", "tsv", "markdown" };
enum { N_FORMATS = sizeof formats / sizeof *formats };

/* What a reader looks for is in every format, at its precision. */
static void contents(void)
{
    static const struct { const char *format, *want; } row[] = {
        { "text", "Pooled          RR 0.49, 95% CI [0.33, 0.73], t(12) = −3.95, p = 0.002\n" },
        { "text", "By Wald         RR 0.49, 95% CI [0.34, 0.70], z = −3.97, p < 0.001\n" },
        { "text", "95% interval [0.14, 1.76]" },
        { "text", "τ² = 0.3132 [0.1197, 1.111], τ = 0.5597, I² = 92.2% [81.9%, 97.7%], H² = 12.86" },
        { "text", "Q(12) = 152.23, p < 0.001" },
        { "text", "  alternate    2  0.58  [0.02, 20.85]  0.306" },
        { "text", "  overall     13  0.49   [0.33, 0.73]  0.002" },
        { "text", "Between groups  Q(2) = 1.86, p = 0.394" },
        { "text", "  random minus alternate          0.65  [0.31, 1.37]  0.256     0.768\n" },
        { "text", "- 0.5 was added to every cell: Rosenthal et al 1960 (row 3), Vandiviere et al 1973 (row 7)\n" },
        { "text", "   14  Smith 1999   di is missing\n" },
        { "text", "Warning         Allocation was not concealed in every trial.\n" },
        { "text", "textbook data: Colditz et al. 1994" },
        { "text", "Profile         cochrane2025" },
        { "json", "\"tau2\": 0.31324325813648085," },
        { "json", "\"q_pval\": 1.9967645908459738e-26" },
        { "json", "\"coefficients\": [\n      {\"term\": \"intercept\", \"estimate\": -0.7145323421581394" },
        /* R: yi -/+ qnorm(.975) sqrt(vi) */
        { "json", "\"ci_lb\": -2.0076674790761615, \"ci_ub\": 0.22904481123575082" },
        { "json", "\"weight\": 5.059482734366632" },
        { "json", "\"weight\": 8.402851552201104" },
        { "json", "\"wald\": {\"term\": \"intercept\"" },
        { "json", "\"hartung_knapp\": {" },
        { "json", "{\"row\": 14, \"line\": 15, \"study\": \"Smith 1999\", \"reason\": \"di is missing\"}" },
        { "json", "\"warnings\": [\n      \"Allocation was" },
        { "csv", "type,study,row,group,yi,vi,sei," },
        { "csv", "\nstudy,Aronson 1948,1,random,-0.8893113339202054,0.32558476500396133," },
        { "csv", "\noverall,,,overall," },
        { "csv", "\nexcluded,Smith 1999,14," },
        { "csv", "\nwarning," },
        { "tsv", "\nstudy\tAronson 1948\t1\trandom\t-0.8893113339202054\t" },
        { "markdown", "| Aronson 1948 | random | 0.41 | [0.13, 1.26] | 5.1% |\n" },
        { "markdown", "- **Pooled:** RR 0.49, 95% CI [0.33, 0.73], t(12) = −3.95, p = 0.002\n" },
        { "markdown", "## Subgroups by alloc\n" },
        { "markdown", "| 14 | Smith 1999 | di is missing |\n" },
    };
    fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char *text = pool_text(&f->analysis, &(mpl_write_options){ .format = row[i].format });
        holds(text, row[i].want, row[i].format);
        free(text);
    }
    free(f);
}

/* Not estimable, infinite, absent: one rule per format. */
static void edges(void)
{
    fixture *f = fixture_new();
    f->analysis.subgroups = NULL;
    f->fit.k = 1;
    f->fit.tau2 = f->fit.i2 = f->fit.q_pval = f->fit.pi_lb = f->fit.pi_ub = NAN;
    f->fit.tau2_ci.ub = INFINITY;
    f->term[0].df = INFINITY;
    f->term[0].pval = 0;
    f->term[0].log_pval = -1234.5;
    char *json = pool_text(&f->analysis, &(mpl_write_options){ .format = "json" });
    holds(json, "\"tau2\": null,", "not estimable");
    holds(json, "\"tau2_ci_ub\": null,", "no upper limit");
    holds(json, "\"df\": null, \"pval\": 0, \"log_pval\": -1234.5,", "normal, far tail");
    CHECK(!strstr(json, ": nan") && !strstr(json, ": inf") && !strstr(json, ": Inf"), "%s", "JSON has no such number");
    CHECK(!strstr(json, "\"subgroups\""), "subgroups that are not there");
    free(json);
    char *text = pool_text(&f->analysis, &(mpl_write_options){ .format = "text" });
    holds(text, "z = −3.95, p < 0.001", "normal");
    holds(text, "Heterogeneity   not estimable from one study", "one study");
    holds(text, "the interval for a new study is not estimable", "no prediction");
    CHECK(!strstr(text, "By Wald"), "one study has one interval");
    free(text);
    f->effects.k = 0;
    f->effects.n_excluded = 0;
    f->effects.n_notes = f->fit.n_notes = 0;
    f->info = (mpl_dataset_info){ 0 };
    for (size_t i = 0; i < N_FORMATS; i++) {
        text = pool_text(&f->analysis, &(mpl_write_options){ .format = formats[i] });
        CHECK(*text, "%s of nothing", formats[i]);
        if (!strcmp(formats[i], "json"))
            holds(text, "\"excluded\": [],", "an empty list is there");
        else
            CHECK(!strstr(text, "Left out") && !strstr(text, "Notes"), "%s: headings of nothing", formats[i]);
        free(text);
    }
    free(f);
}

/* Arrays without labels, without a dataset, from the calls of the library alone. */
static void arrays(void)
{
    const double yi[] = { 0.2, 0.5, 0.1 }, vi[] = { 0.04, 0.09, 0.02 };
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_report *report;
    mpl_error err;
    if (!CHECK(mpl_effects_new_arrays(yi, vi, NULL, 3, NULL, &effects, &err) == MPL_OK, "%s", "effects"))
        return;
    if (CHECK(mpl_fit_new(effects, NULL, NULL, &fit, &err) == MPL_OK, "%s", "fit")) {
        const mpl_analysis analysis = { .effects = effects, .fit = fit };
        for (size_t i = 0; i < N_FORMATS; i++) {
            char *text = pool_text(&analysis, &(mpl_write_options){ .format = formats[i] });
            holds(text, !strcmp(formats[i], "json") ? "\"yi\": 0.5" : "0.5", formats[i]);
            if (!strcmp(formats[i], "json"))
                CHECK(!strstr(text, "\"title\": null, ") && !strstr(text, "\"name\": null"), "nameless: %s", text);
            free(text);
        }
        mpl_fit_free(fit);
    }
    if (CHECK(mpl_report_new_effects(NULL, effects, NULL, &report, &err) == MPL_OK, "%s", "report of effects")) {
        char *text = write_report(report, &(mpl_write_options){ .format = "csv" }, &err);
        if (CHECK(text, "%s", "written"))
            holds(text, "2,0.5,0.09,0.3,", "effects of arrays");
        free(text);
        mpl_report_free(report);
    }
    mpl_effects_free(effects);
}

/* Labels are data in every format. */
static void hostile(void)
{
    static const struct { const char *label, *format, *want; } row[] = {
        { "a\033[2Jb", "text", "a\\x1B[2Jb" },
        { "a\nb", "text", "a\\nb" },
        { "a\xE2\x80\xAE" "b", "text", "a\\u{202E}b" },
        { "bad \xFF byte", "text", "bad \\xFF byte" },
        { "{coefficients.estimate}", "text", "{coefficients.estimate}" },
        { "a|b", "markdown", "| a\\|b |" },
        { "<script>alert(1)</script>", "markdown", "\\<script>alert(1)\\</script>" },
        { "[x](javascript:1)", "markdown", "\\[x\\](javascript:1)" },
        { "*a* _b_ `c` \\d &lt; $e$", "markdown", "\\*a\\* \\_b\\_ \\`c\\` \\\\d \\&lt; \\$e\\$" },
        { "# heading", "markdown", "| \\# heading |" },
        { "a\nb", "markdown", "| a\\\\nb |" },
        { "a,b", "csv", "\nstudy,\"a,b\"," },
        { "say \"x\"", "csv", "\nstudy,\"say \"\"x\"\"\"," },
        { "a\nb", "csv", "\nstudy,\"a\nb\"," },
        { " a", "csv", "\nstudy,\" a\"," },
        { "=cmd|' /C calc'!A0", "csv", "\nstudy,=cmd|' /C calc'!A0," },
        { "a\tb", "tsv", "\nstudy\t\"a\tb\"\t" },
        { "a,b", "tsv", "\nstudy\ta,b\t" },
        { "say \"x\"\\\n\t\001", "json", "\"study\": \"say \\\"x\\\"\\\\\\n\\t\\u0001\"" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fixture *f = fixture_new();
        f->slab[0] = f->excluded[0].study = f->note[0].study = f->note[2].text = row[i].label;
        f->group[0].label = f->contrast[0].diff.term = f->subgroups.column = row[i].label;
        f->info.title = f->warning[0] = f->info.source = f->effects.data_name = row[i].label;
        char *text = pool_text(&f->analysis, &(mpl_write_options){ .format = row[i].format });
        holds(text, row[i].want, "hostile label");
        const char *c = text;
        while (*c == '\n' || (unsigned char)*c >= ' ')
            c++;
        CHECK(strcmp(row[i].format, "text") || !*c, "control byte %d reaches the terminal", *c);
        free(text);
        free(f);
    }
}

/* ASCII on request; long lists are left out on request; what a writer does not show is not built. */
static void options(void)
{
    fixture *f = fixture_new();
    char *text = pool_text(&f->analysis, &(mpl_write_options){ .studies = "none", .draw = { .ascii = true } });
    const char *c = text;
    while (*c && (unsigned char)*c < 0x80)
        c++;
    CHECK(!*c, "not ASCII: %s", c);
    holds(text, "tau^2 = 0.3132", "ASCII");
    holds(text, "t(12) = -3.95", "ASCII");
    free(text);
    text = pool_text(&f->analysis, &(mpl_write_options){ .digits = 4, .format = "markdown", .studies = "none" });
    holds(text, "RR 0.4894, 95% CI [0.3301, 0.7257]", "digits");
    CHECK(!strstr(text, "Aronson"), "studies are not listed in\n%s", text);
    holds(text, "Smith 1999", "those left out are");
    free(text);
    text = pool_text(&f->analysis, &(mpl_write_options){ .format = "json", .studies = "none" });
    holds(text, "Aronson", "JSON has them in any case");
    free(text);
    mpl_error err;
    mpl_report *report;
    if (CHECK(mpl_report_new_pool(&f->analysis, NULL, NULL, &report, &err) == MPL_OK, "%s", "everything")) {
        for (size_t i = 0; i < N_FORMATS; i++) {
            text = write_report(report, &(mpl_write_options){ .format = formats[i] }, &err);
            char *again = write_report(report, &(mpl_write_options){ .format = formats[i] }, &err);
            CHECK_STR(again, text, "%s twice", formats[i]);
            free(text);
            free(again);
        }
        CHECK(mpl_report_write(report, &(mpl_write_options){ .format = "jsn" }, stdout, &err) == MPL_ERR_NAME &&
                  strstr(err.message, "json"), "unknown format: %s", err.message);
        mpl_report_free(report);
    }
    mpl_report_free(NULL);
    free(f);
}

/* A full disk is an error in every format. */
static void full_disk(void)
{
    fixture *f = fixture_new();
    for (size_t i = 0; i < N_FORMATS; i++) {
        mpl_report *report;
        mpl_error err;
        const mpl_write_options write = { .format = formats[i] };
        if (!CHECK(mpl_report_new_pool(&f->analysis, NULL, &write, &report, &err) == MPL_OK, "%s", formats[i]))
            continue;
        FILE *full = fopen("/dev/full", "w");
        if (full) {
            setvbuf(full, NULL, _IONBF, 0);
            CHECK(mpl_report_write(report, &write, full, &err) == MPL_ERR_IO, "%s on a full disk", formats[i]);
            CHECK(mpl_report_write_notes(report, "note: ", full, &err) == MPL_ERR_IO, "notes on a full disk");
            fclose(full);
        }
        mpl_report_free(report);
    }
    free(f);
}

static void notes_alone(void)
{
    fixture *f = fixture_new();
    mpl_report *report;
    mpl_error err;
    if (CHECK(mpl_report_new_pool(&f->analysis, NULL, NULL, &report, &err) == MPL_OK, "%s", "report")) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        CHECK(mpl_report_write_notes(report, "note: ", out, &err) == MPL_OK, "%s", "notes");
        fclose(out);
        CHECK_STR(text, "note: 0.5 was added to every cell: Rosenthal et al 1960 (row 3), Vandiviere et al 1973 (row "
                        "7)\nnote: the interval is narrower than the Wald interval\n", "notes alone");
        free(text);
        out = open_memstream(&text, &size);
        CHECK(mpl_report_write_excluded(report, "- ", out, &err) == MPL_OK, "%s", "rows left out");
        fclose(out);
        CHECK_STR(text, "- Smith 1999 (row 14): di is missing\n- Miller 2001 (row 15): left out by --where 'year < "
                        "2000'\n", "rows left out alone");
        free(text);
        mpl_report_free(report);
    }
    free(f);
}

int main(int argc, char **argv)
{
    fixture *f = fixture_new();
    if (argc > 1) {
        if (argc > 2)
            f->analysis.subgroups = NULL;
        char *text = pool_text(&f->analysis, &(mpl_write_options){ .format = argv[1] });
        fputs(text, stdout);
        free(text);
        free(f);
        return 0;
    }
    free(f);
    contents();
    edges();
    arrays();
    hostile();
    options();
    full_disk();
    notes_alone();
    return check_done();
}
