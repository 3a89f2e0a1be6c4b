/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits against 50 digits and the literature; every test and prediction interval has rows; edges; notes. */
#include "fit_case.h"

/* One number of a fit: its column in fit.csv, and where it stands. */
typedef struct quantity {
    const char *name;
    double tol;
    bool by_se; /* the error may be measured in standard errors instead: an effect may be near zero by accident */
    double (*get)(const mpl_fit *fit);
} quantity;

static const mpl_term *last(const mpl_fit *fit)
{
    return &fit->terms[fit->p - 1];
}

#define GET(name, expression)                                                                                        \
    static double get_##name(const mpl_fit *fit)                                                                     \
    {                                                                                                                \
        return expression;                                                                                           \
    }
GET(estimate, last(fit)->estimate)
GET(se, last(fit)->se)
GET(statistic, last(fit)->statistic)
GET(df, isinf(last(fit)->df) ? NAN : last(fit)->df)
GET(pval, last(fit)->pval)
GET(ci_lb, last(fit)->ci_lb)
GET(ci_ub, last(fit)->ci_ub)
GET(s2w, fit->s2w)
GET(pi_lb, fit->pi_lb)
GET(pi_ub, fit->pi_ub)
GET(q, fit->q)
GET(q_pval, fit->q_pval)
GET(i2, fit->i2)
GET(h2, fit->h2)
GET(tau2_ci_lb, fit->tau2_ci.lb)
GET(tau2_ci_ub, fit->tau2_ci.ub)
GET(ll, fit->ll)
GET(aic, fit->aic)
GET(aicc, fit->aicc)
GET(bic, fit->bic)
GET(tau2, fit->tau2)
GET(se_tau2, fit->se_tau2)
GET(qm, fit->qm)
GET(qm_pval, fit->qm_pval)

static const quantity quantities[] = {
    { "estimate", 1e-13, true, get_estimate },
    { "se", 1e-13, false, get_se },
    { "statistic", 1e-12, false, get_statistic },
    { "df", 1e-13, false, get_df },
    { "pval", 1e-11, false, get_pval },
    { "ci_lb", 1e-13, true, get_ci_lb },
    { "ci_ub", 1e-13, true, get_ci_ub },
    { "s2w", 1e-13, false, get_s2w },
    { "pi_lb", 1e-13, true, get_pi_lb },
    { "pi_ub", 1e-13, true, get_pi_ub },
    { "q", 1e-13, false, get_q },
    { "q_pval", 1e-11, false, get_q_pval },
    { "i2", 1e-13, false, get_i2 },
    { "h2", 1e-13, false, get_h2 },
    { "tau2_ci_lb", 1e-12, false, get_tau2_ci_lb },
    { "tau2_ci_ub", 1e-12, false, get_tau2_ci_ub },
    { "ll", 1e-13, true, get_ll },
    { "aic", 1e-13, true, get_aic },
    { "aicc", 1e-13, true, get_aicc },
    { "bic", 1e-13, true, get_bic },
    { "tau2", 1e-13, false, get_tau2 },
    { "se_tau2", 1e-13, false, get_se_tau2 },
    { "qm", 1e-13, false, get_qm },
    { "qm_pval", 1e-11, false, get_qm_pval },
};
enum { N_QUANTITIES = sizeof quantities / sizeof *quantities };

static void mark(bool *seen, mpl_registry registry, const char *id)
{
    for (size_t i = 0; registry(i); i++)
        seen[i] |= strcmp(registry(i)->id, id) == 0;
}

static void check_all_seen(const bool *seen, mpl_registry registry)
{
    static const char *const elsewhere[] = { "NNF", "permutation", "permutation-hksj", "bootstrap", "pl",
                                            "bartlett", "skovgaard" }; /* tables of their own */
    for (size_t i = 0; registry(i); i++) {
        bool has_own = false;
        for (size_t j = 0; j < sizeof elsewhere / sizeof *elsewhere; j++)
            has_own = has_own || !strcmp(registry(i)->id, elsewhere[j]);
        CHECK(seen[i] || has_own, "%s has no reference row", registry(i)->id);
    }
}

/* Every column that the table has. */
static void compare(const check_csv *csv, size_t row, const mpl_fit *fit, double loosest, double worst[N_QUANTITIES])
{
    char name[200];
    snprintf(name, sizeof name, "%s %s %s %s", check_csv_text(csv, row, "set"), fit->method->id, fit->test->id,
             fit->pi->id);
    for (size_t j = 0; j < N_QUANTITIES; j++) {
        const quantity *const q = &quantities[j];
        if (!check_csv_has(csv, q->name))
            continue;
        const double got = q->get(fit), want = check_csv_real(csv, row, q->name);
        double error = check_error(got, want);
        if (q->by_se && isfinite(error))
            error = fmin(error, fabs(got - want) / (strstr("ll aic aicc bic", q->name) ? 1 : last(fit)->se));
        if (loosest > 0 && isnan(want)) /* metafor gives no value; ours has its rows in fit.csv */
            error = 0;
        CHECK(error <= fmax(q->tol, loosest), "%s %s: got %.17g, want %.17g, error %.2g", name, q->name, got, want,
              error);
        worst[j] = fmax(worst[j], error);
    }
}

static void print_worst(const char *what, size_t n, const double worst[N_QUANTITIES])
{
    printf("# largest error over %zu fits of %s:", n, what);
    for (size_t j = 0; j < N_QUANTITIES; j++)
        printf(" %s %.1g", quantities[j].name, worst[j]);
    puts("");
}

static void reference(void)
{
    double worst[N_QUANTITIES] = { 0 };
    bool method[64] = { false }, test[64] = { false }, pi[64] = { false };
    check_csv *const csv = check_csv_open("ref/fit.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        case_read(csv, i, &c);
        const mpl_fit_options options = { .method = check_csv_text(csv, i, "method"),
                                          .test = check_csv_text(csv, i, "test"),
                                          .pi = check_csv_text(csv, i, "pi") };
        mpl_fit *fit;
        mpl_error err;
        if (!CHECK(mpl_fit_new(&c.effects, case_design(&c), &options, &fit, &err) == MPL_OK, "%s: %s",
                   check_csv_row(csv, i), err.message))
            continue;
        compare(csv, i, fit, 0, worst);
        mark(method, mpl_fit_method, options.method);
        mark(test, mpl_test_method, options.test);
        mark(pi, mpl_pi_method, options.pi);
        mpl_fit_free(fit);
    }
    for (size_t i = 0; mpl_fit_method(i); i++) /* those that pool counts have rows in counts.csv */
        method[i] |= mpl_fit_method_measures(mpl_fit_method(i)) != NULL;
    check_all_seen(method, mpl_fit_method);
    check_all_seen(test, mpl_test_method);
    check_all_seen(pi, mpl_pi_method);
    print_worst("50 digits", csv->n_rows, worst);
    check_csv_free(csv);
}

/* metafor stops its searches at 1e-14 absolute and its interval of tau2 where R's uniroot does. */
static void metafor(void)
{
    double worst[N_QUANTITIES] = { 0 };
    check_csv *const csv = check_csv_open("ref/fit_metafor.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        static fit_case c;
        case_read(csv, i, &c);
        const mpl_fit_options options = { .method = check_csv_text(csv, i, "method"),
                                          .test = check_csv_text(csv, i, "test") };
        mpl_fit *fit;
        mpl_error err;
        if (!CHECK(mpl_fit_new(&c.effects, case_design(&c), &options, &fit, &err) == MPL_OK, "%s: %s",
                   check_csv_row(csv, i), err.message))
            continue;
        compare(csv, i, fit, 2e-11, worst);
        mpl_fit_free(fit);
    }
    print_worst("metafor", csv->n_rows, worst);
    check_csv_free(csv);
}

/* ---- edges */

static const double bcg_y[13] = { -0.8893113339202054, -1.5853886572014306, -1.3480731482996933, -1.4415511900213054,
                                  -0.21754732221129558, -0.786115585818864, -1.6208982235983918,
                                  0.011952333523840508, -0.4694176487381494, -1.3713448034727844,
                                  -0.3393588283383906, 0.44591340057137874, -0.017313948216879815 };
static const double bcg_v[13] = { 0.32558476500396133, 0.19458112139814385, 0.4153679653679654, 0.020010031902247573,
                                  0.05121017216963086, 0.0069056184559087574, 0.22301724757231517,
                                  0.0039615792978177295, 0.056434210463248966, 0.07302479361302891,
                                  0.01241221397155972, 0.5325058452001528, 0.0714046596839863 };

static mpl_fit *fit_of(const double *y, const double *v, size_t k, const mpl_fit_options *options)
{
    static const double weights[13] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9 };
    const mpl_effects es = { .k = k, .yi = y, .vi = v, .weights = k <= 13 ? weights : NULL };
    mpl_fit *fit;
    mpl_error err;
    if (!CHECK(mpl_fit_new(&es, NULL, options, &fit, &err) == MPL_OK, "%s", err.message))
        check_die("fit refused", err.message);
    return fit;
}

static bool has_note(const mpl_fit *fit, const char *code)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].code, code))
            return true;
    return false;
}

static void defaults(void)
{
    static const struct { const char *profile, *method, *test, *pi; } row[] = {
        { NULL, "REML", "hksj", "auto" },
        { "cochrane2025", "REML", "hksj", "auto" },
        { "metafor", "REML", "z", "S" },
        { "revman5", "DL", "z", "none" },
        { "dersimonian-laird", "DL", "z", "HTS" },
    };
    for (size_t i = 0; i < 5; i++) {
        mpl_fit *const fit = fit_of(bcg_y, bcg_v, 13, &(mpl_fit_options){ .profile = row[i].profile });
        CHECK_STR(fit->options.method, row[i].method, "profile %zu", i);
        CHECK_STR(fit->options.test, row[i].test, "profile %zu", i);
        CHECK_STR(fit->options.pi, row[i].pi, "profile %zu", i);
        CHECK_STR(fit->options.profile, row[i].profile ? row[i].profile : "cochrane2025", "profile %zu", i);
        CHECK(fit->level == 0.95 && fit->n_notes == 0, "profile %zu", i);
        mpl_fit_free(fit);
    }
    mpl_fit *const fit = fit_of(bcg_y, bcg_v, 13, &(mpl_fit_options){ .test = "knha", .method = "reml", .level = 0.9 });
    CHECK_STR(fit->options.test, "hksj", "an alias becomes the id");
    CHECK_STR(fit->options.method, "REML", "so does a spelling");
    CHECK_CLOSE(fit->terms->ci_lb, -1.036759, 1e-5, "another level");
    CHECK(fit->hksj.ci_lb == fit->terms->ci_lb && fit->wald.se < fit->hksj.se, "both intervals");
    mpl_fit_free(fit);
    mpl_fit_free(NULL);
}

static void common_effect(void)
{
    mpl_fit *fit = fit_of(bcg_y, bcg_v, 13, &(mpl_fit_options){ .method = "EE" });
    CHECK_STR(fit->test->id, "z", "no Hartung-Knapp for equal effects unless asked for");
    CHECK_STR(fit->pi->id, "none", "nor a prediction interval");
    CHECK(fit->tau2 == 0 && isnan(fit->se_tau2) && isnan(fit->tau2_ci.ub) && isnan(fit->i2_ci.lb), "no tau2");
    mpl_fit_free(fit);
    fit = fit_of(bcg_y, bcg_v, 13, &(mpl_fit_options){ .method = "EE", .test = "hksj", .pi = "V" });
    CHECK_STR(fit->test->id, "hksj", "asked for");
    CHECK(has_note(fit, "hksj-common") && has_note(fit, "pi-not-estimable") && isnan(fit->pi_lb), "with notes");
    mpl_fit_free(fit);
}

static void one_study(void)
{
    const double y = 0.4, v = 0.09;
    mpl_fit *const fit = fit_of(&y, &v, 1, NULL);
    CHECK(fit->terms->estimate == 0.4 && fit->terms->se == 0.3 && isinf(fit->terms->df), "its own effect");
    CHECK(isnan(fit->tau2) && isnan(fit->i2) && isnan(fit->pi_ub) && isnan(fit->hksj.se), "nothing about others");
    CHECK(fit->q == 0 && fit->q_df == 0 && fit->q_pval == 1 && fit->weights[0] == 100, "a Q of nothing");
    CHECK(has_note(fit, "single-study") && fit->n_notes == 1, "one note");
    mpl_fit_free(fit);
    mpl_fit *const ee = fit_of(&y, &v, 1, &(mpl_fit_options){ .method = "EE" });
    CHECK(ee->tau2 == 0 && ee->ll == -0.5 * log(2 * 3.14159265358979323846 * 0.09), "equal effects of one");
    mpl_fit_free(ee);
    mpl_fit *const fixed = fit_of(&y, &v, 1, &(mpl_fit_options){ .tau2 = { true, 0.16 } });
    CHECK_CLOSE(fixed->terms->se, 0.5, 1e-15, "with a fixed tau2");
    mpl_fit_free(fixed);
}

static void fixed_tau2(void)
{
    mpl_fit *const fit = fit_of(bcg_y, bcg_v, 13, &(mpl_fit_options){ .tau2 = { true, 0.3132432581364807 } });
    CHECK_CLOSE(fit->terms->estimate, -0.71453234216, 1e-10, "F17");
    CHECK_CLOSE(fit->i2, 92.221384521, 1e-10, "F26");
    CHECK(isnan(fit->se_tau2) && isnan(fit->tau2_ci.lb) && fit->n_maxima == 0, "nothing was estimated");
    CHECK_CLOSE(fit->aic, -2 * fit->ll + 2, 1e-15, "one parameter");
    mpl_fit_free(fit);
}

static void notes(void)
{
    const double y3[3] = { 0.2, 0.3, 0.24 }, v3[3] = { 0.1, 0.2, 0.1 }, same[3] = { 0.2, 0.2, 0.2 };
    const double y4[4] = { -0.0434, -0.0594, -4.3669, -2.2992 }, v4[4] = { 6.39e-07, 1.73e-05, 2.83, 1.01 };
    const double y5[5] = { 0.2, 0.9, -0.5, 1.4, 0.6 }, v5[5] = { 0, 0.3, 0.2, 0.4, 0.1 };
    mpl_fit *fit = fit_of(y3, v3, 3, NULL);
    CHECK(fit->tau2 == 0 && has_note(fit, "tau2-zero") && has_note(fit, "hksj-narrower"), "tau2 = 0");
    CHECK(has_note(fit, "pi-without-heterogeneity") && fit->pi_lb == fit->terms->ci_lb, "prediction is confidence");
    CHECK(fit->tau2_ci_empty && has_note(fit, "tau2-interval-empty") && fit->tau2_ci.ub == 0, "Q below its limit");
    mpl_fit_free(fit);
    fit = fit_of(same, v3, 3, NULL);
    CHECK(has_note(fit, "hksj-degenerate") && fit->terms->se == 0 && isnan(fit->terms->pval), "all effects equal");
    CHECK(fit->terms->ci_lb == 0.2 && fit->wald.se > 0, "the Wald interval is there");
    mpl_fit_free(fit);
    fit = fit_of(y3, v3, 2, &(mpl_fit_options){ .pi = "HTS" });
    CHECK(has_note(fit, "few-studies") && has_note(fit, "pi-not-estimable") && isnan(fit->pi_ub), "k = 2");
    mpl_fit_free(fit);
    fit = fit_of(y4, v4, 4, NULL);
    CHECK(fit->n_maxima == 2 && has_note(fit, "several-maxima"), "two maxima");
    mpl_fit_free(fit);
    fit = fit_of(y4, (const double[4]){ 1e-9, 1, 1, 1 }, 4, NULL);
    CHECK(has_note(fit, "variance-ratio"), "variances of very different size");
    mpl_fit_free(fit);
    fit = fit_of(y5, v5, 5, NULL);
    CHECK(has_note(fit, "zero-variance") && isnan(fit->q) && isnan(fit->i2) && fit->tau2 > 0, "a variance of 0");
    mpl_fit_free(fit);
    fit = fit_of((const double[3]){ 0.4, 0.3, 0.1 }, (const double[3]){ 0, 0.03, 0.02 }, 3,
                 &(mpl_fit_options){ .method = "SJ" });
    CHECK(fit->tau2_ci.lb == 0, "a variance of 0 and a lower limit of 0");
    mpl_fit_free(fit);
    fit = fit_of(y3, v3, 3, &(mpl_fit_options){ .test = "hksj-adhoc" });
    CHECK(has_note(fit, "hksj-replaced") && fit->terms->se == fit->wald.se && fit->terms->df == 2, "adhoc");
    mpl_fit_free(fit);
    fit = fit_of(y3, v3, 3, &(mpl_fit_options){ .test = "hksj-ci" });
    CHECK(has_note(fit, "hksj-replaced") && fit->terms->ci_lb == fit->wald.ci_lb, "the wider interval");
    mpl_fit_free(fit);
}

static void refusals(void)
{
    static const double x[4] = { 1, 0, 1, 1 };
    static const mpl_design two = { 2, 2, x, NULL }, three = { 3, 1, x, NULL }, none = { 2, 0, x, NULL };
    static const struct {
        const char *why;
        double v;
        size_t k;
        const mpl_design *design;
        mpl_fit_options o;
        mpl_status want;
        const char *message;
    } row[] = {
        { "no studies", 1, 0, NULL, { 0 }, MPL_ERR_TOO_FEW, "there are no studies to pool" },
        { "one study", 1, 1, NULL, { .test = "hksj" }, MPL_ERR_TOO_FEW,
          "test hksj needs at least 2 studies; there is 1" },
        { "saturated", 1, 2, &two, { 0 }, MPL_ERR_TOO_FEW,
          "REML needs at least 3 studies to estimate tau2; there are 2" },
        { "kr and DL", 1, 2, NULL, { .test = "kr", .method = "DL" }, MPL_ERR_ARG, "test kr needs method REML" },
        { "KR and DL", 1, 2, NULL, { .pi = "KR", .method = "DL" }, MPL_ERR_ARG,
          "prediction interval 'KR' needs method REML" },
        { "EE with tau2", 1, 2, NULL, { .method = "EE", .tau2 = { true, 1 } }, MPL_ERR_ARG,
          "a fixed tau2 contradicts method EE, where it is 0" },
        { "rows", 1, 2, &three, { 0 }, MPL_ERR_ARG, "the design has 3 rows for 2 studies" },
        { "no columns", 1, 2, &none, { 0 }, MPL_ERR_ARG, "the design has no columns" },
        { "variance", -1, 2, NULL, { 0 }, MPL_ERR_DATA,
          "study 'B\\x1B': effect 2 with variance -1; need finite and variance >= 0" },
        { "zero", 0, 2, NULL, { .method = "DL" }, MPL_ERR_NUMERIC,
          "study 'B\\x1B' has variance 0, its weight would be infinite" },
        { "zero, fixed", 0, 2, NULL, { .tau2 = { true, 0 } }, MPL_ERR_NUMERIC,
          "study 'B\\x1B' has variance 0, its weight would be infinite at tau2 = 0" },
        { "level", 1, 2, NULL, { .level = 1.5e-300 }, MPL_OK, NULL },
        { "method", 1, 2, NULL, { .method = "RMEL" }, MPL_ERR_NAME, NULL },
        { "profile", 1, 2, NULL, { .profile = "cochrane" }, MPL_ERR_NAME, NULL },
        { "negative tau2", 1, 2, NULL, { .tau2 = { true, -1 } }, MPL_ERR_ARG, NULL },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const double y[2] = { 1, 2 }, v[2] = { 1, row[i].v };
        const char *const slab[2] = { "A", "B\x1b" };
        const mpl_effects es = { .k = row[i].k, .yi = y, .vi = v, .slab = slab };
        mpl_fit *fit = NULL;
        memset(&fit, 1, sizeof fit);
        mpl_error err = { .code = MPL_OK };
        const mpl_status s = mpl_fit_new(&es, row[i].design, &row[i].o, &fit, &err);
        CHECK(s == row[i].want, "%s: %s", row[i].why, err.message);
        CHECK(s == MPL_OK || !fit, "%s: output not NULL", row[i].why);
        if (row[i].message)
            CHECK_STR(err.message, row[i].message, "%s", row[i].why);
        if (s == MPL_OK)
            mpl_fit_free(fit);
    }
}

static void description(void)
{
    char text[1024];
    mpl_fit *const fit = fit_of(bcg_y, bcg_v, 13, NULL);
    CHECK(mpl_fit_describe(fit, text, sizeof text, NULL) == MPL_OK, "the default");
    CHECK_STR(text,
              "Random-effects model with inverse-variance weights, the between-study variance tau2 estimated by "
              "restricted maximum likelihood (Harville 1977); 95% confidence intervals and p-values by "
              "Hartung-Knapp-Sidik-Jonkman (Hartung & Knapp 2001), from t on 12 degrees of freedom; interval of tau2 "
              "by the Q-profile method (Viechtbauer 2007), intervals of I2 and H2 from its limits; 95% prediction "
              "interval by t with k - 1 degrees of freedom and the standard error of the test in force, here 12 "
              "(Veroniki et al. 2019).", "the default");
    char small[10] = "xxxxxxxxx";
    CHECK(mpl_fit_describe(fit, small, sizeof small, NULL) == MPL_OK, "small");
    CHECK_STR(small, "Random-ef", "cut at the size");
    CHECK(mpl_fit_describe(fit, NULL, 0, NULL) == MPL_OK, "no room at all");
    mpl_fit_free(fit);
    for (size_t i = 0; mpl_fit_method(i); i++)
        for (size_t k = mpl_fit_method(i)->id[1] == 'E' || mpl_fit_method(i)->id[0] == 'U' ? 1 : 2; k <= 3; k++) {
            if (mpl_fit_method_measures(mpl_fit_method(i)))
                continue;
            mpl_fit *const f = fit_of(bcg_y, bcg_v, k, &(mpl_fit_options){ .method = mpl_fit_method(i)->id });
            CHECK(mpl_fit_describe(f, text, sizeof text, NULL) == MPL_OK, "%zu studies", k);
            CHECK(strlen(text) > 60 && text[strlen(text) - 1] == '.' && !strchr(text, '\n'), "%s", text);
            mpl_fit_free(f);
        }
}

/* Effects nearer to each other than chance has them: with equal variances tau2 is S/(k - 1) - v, by ML S/k - v. */
static void negative(void)
{
    static const double y[6] = { 1, 1.01, 0.99, 1, 1.005, 1 }, v[6] = { 0.5, 0.5, 0.5, 0.5, 0.5, 0.5 };
    static const struct { const char *method; double want; } rows[] = {
        { "REML", 2.2083333333333e-4 / 5 - 0.5 }, { "ML", 2.2083333333333e-4 / 6 - 0.5 },
        { "HE", 2.2083333333333e-4 / 5 - 0.5 }, { "PM", 2.2083333333333e-4 / 5 - 0.5 },
    };
    mpl_effects *effects;
    mpl_error err;
    CHECK(mpl_effects_new_arrays(y, v, NULL, 6, NULL, &effects, &err) == MPL_OK, "effects");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const mpl_fit_options options = { .method = rows[i].method, .tau2_min = { true, -1 } };
        mpl_fit *fit;
        CHECK(mpl_fit_new(effects, NULL, &options, &fit, &err) == MPL_OK, "%s", rows[i].method);
        CHECK(fit && fabs(fit->tau2 - rows[i].want) <= 2e-15, "%s: %.17g, not %.17g", rows[i].method,
              fit ? fit->tau2 : 0, rows[i].want);
        mpl_fit_free(fit);
    }
    mpl_effects_free(effects);
}

/* Towards minus the smallest variance the likelihood is infinite; its maximum is elsewhere (R: optimize). */
static void pole(void)
{
    static const double y[5] = { 0.1, 0.35, -0.11, 0.12, 0.3 }, v[5] = { 0.05, 0.04, 0.06, 0.09, 0.05 };
    const mpl_fit_options options = { .method = "ML", .tau2_min = { true, -1 }, .rb = true };
    mpl_fit *const fit = fit_of(y, v, 5, &options);
    CHECK_CLOSE(fit->tau2, -0.02233678, 1e-6, "a maximum above the pole");
    CHECK(has_note(fit, "tau2-negative") && has_note(fit, "rb-no-interval"), "notes");
    CHECK(isnan(fit->quantities[0].se) && isnan(fit->quantities[0].ci_lb), "Rb without an interval");
    mpl_fit_free(fit);
}

int main(void)
{
    negative();
    pole();
    reference();
    metafor();
    defaults();
    common_effect();
    one_study();
    fixed_tau2();
    notes();
    refusals();
    description();
    return check_done();
}
