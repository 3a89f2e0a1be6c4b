/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regression against metafor and published figures; formulas that are wrong; missing and redundant moderators. */
#include "check.h"

#include <metapool.h>

enum { MOST = 40 };
enum { TAU2, I2, QE, QE_PVAL, QM, QM_PVAL, R2 }; /* as compared */

static mpl_dataset *read_data(const char *csv)
{
    mpl_dataset *data;
    mpl_error err;
    const mpl_status s = csv ? mpl_dataset_read_bytes(csv, strlen(csv), "test.csv", NULL, &data, &err)
                             : mpl_dataset_read("bcg", NULL, &data, &err);
    if (s != MPL_OK)
        check_die("dataset", err.message);
    return data;
}

/* A regression and what it was made from. */
typedef struct made {
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_regression *regression;
    mpl_status status;
    mpl_error err;
} made;

/* csv NULL: the BCG trials. */
static made regress(const char *csv, mpl_fit_options fit, mpl_regress_options options)
{
    made m = { .data = read_data(csv), .err = { .code = MPL_OK } };
    if (mpl_effects_new(m.data, NULL, &m.effects, &m.err) != MPL_OK)
        check_die("effects", m.err.message);
    m.status = mpl_regress_new(m.data, m.effects, &fit, &options, &m.regression, &m.err);
    return m;
}

static void drop(made *m)
{
    mpl_regress_free(m->regression);
    mpl_effects_free(m->effects);
    mpl_dataset_free(m->data);
}

static size_t numbers(const check_csv *csv, size_t row, const char *column, double out[MOST])
{
    size_t n = 0;
    char *end;
    for (const char *text = check_csv_text(csv, row, column); *text && n < MOST; text = end)
        out[n++] = strtod(text, &end);
    return n;
}

static void compare(const check_csv *csv, size_t row, const mpl_regression *r)
{
    const mpl_fit *const fit = r->fit;
    const char *const name = check_csv_row(csv, row);
    double beta[MOST], se[MOST], pval[MOST], at[MOST];
    const size_t p = numbers(csv, row, "beta", beta);
    numbers(csv, row, "se", se);
    numbers(csv, row, "pval", pval);
    /* their roots are good to 1e-8 or so of tau2, and a centred interaction is computed from another basis */
    const double tol = 1e-7;
    if (!CHECK(fit->p == p, "%s: %zu coefficients", name, fit->p))
        return;
    for (size_t j = 0; j < p; j++) {
        CHECK(fabs(fit->terms[j].estimate - beta[j]) <= tol * se[j], "%s %s: %.17g, not %.17g", name,
              fit->terms[j].term, fit->terms[j].estimate, beta[j]);
        CHECK_CLOSE(fit->terms[j].se, se[j], tol, "%s %s", name, fit->terms[j].term);
        CHECK_CLOSE(fit->terms[j].pval, pval[j], 10 * tol, "%s %s", name, fit->terms[j].term);
    }
    const struct { const char *column; double got; } whole[] = {
        { "tau2", fit->tau2 }, { "i2", fit->i2 }, { "qe", fit->q }, { "qe_pval", fit->q_pval }, { "qm", fit->qm },
        { "qm_pval", fit->qm_pval }, { "r2", r->r2 }, { "ll", fit->ll },
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if ((i != R2 || !isnan(check_csv_real(csv, row, "r2"))) &&
            (i > I2 || check_csv_real(csv, row, whole[i].column) > 1e-11)) /* their tau2 = 0 is 1e-15 */
            CHECK_CLOSE(whole[i].got, check_csv_real(csv, row, whole[i].column), 10 * tol, "%s %s", name,
                        whole[i].column);
    numbers(csv, row, "prediction", at);
    const mpl_prediction *const q = r->predictions;
    const double got[] = { q->estimate, q->se, q->ci_lb, q->ci_ub, q->pi_lb, q->pi_ub };
    const bool has_pi = strcmp(fit->options.method, "EE") != 0;
    for (size_t i = 0; i < (has_pi ? 6 : 4); i++)
        CHECK(fabs(got[i] - at[i]) <= 10 * tol * q->se, "%s prediction %zu: %.17g, not %.17g", name, i, got[i], at[i]);
    CHECK(has_pi || isnan(q->pi_lb), "%s: a prediction interval under equal effects", name);
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/regress.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const test = check_csv_text(csv, i, "test");
        const mpl_fit_options fit = { .profile = "metafor", .method = check_csv_text(csv, i, "method"), .test = test,
                                      .pi = strcmp(test, "z") ? "auto" : "S" };
        made m = regress(NULL, fit, (mpl_regress_options){ .mods = check_csv_text(csv, i, "mods"),
                                                           .predict = check_csv_text(csv, i, "at") });
        if (CHECK(m.status == MPL_OK, "%s: %s", check_csv_row(csv, i), m.err.message))
            compare(csv, i, m.regression);
        drop(&m);
    }
    check_csv_free(csv);
}

/* Viechtbauer 2010, J Stat Softw 36(3), and the digits that every implementation of it agrees on. */
static void published(void)
{
    made m = regress(NULL, (mpl_fit_options){ .method = "REML", .test = "z" },
                     (mpl_regress_options){ .mods = "ablat" });
    const mpl_fit *const fit = m.regression->fit;
    CHECK_CLOSE(fit->terms[0].estimate, .25146821, 1e-7, "intercept");
    CHECK_CLOSE(fit->terms[1].estimate, -.0291017250, 1e-8, "ablat");
    CHECK_CLOSE(fit->terms[0].se, .24909539662, 1e-10, "intercept");
    CHECK_CLOSE(fit->terms[1].se, .0071953272209, 1e-10, "ablat");
    CHECK_CLOSE(fit->tau2, .076347963955, 1e-10, "tau2");
    CHECK_CLOSE(fit->i2, 68.391224838, 1e-10, "I2");
    CHECK_CLOSE(m.regression->r2, 75.626621812, 1e-10, "R2");
    CHECK_CLOSE(fit->qm, 16.358232147, 1e-10, "QM");
    CHECK_CLOSE(fit->q, 30.733090011, 1e-10, "QE");
    CHECK_CLOSE(m.regression->moderators[0].test.q, fit->qm, 1e-12, "one term is all terms");
    drop(&m);
}

/* Other words for the same model give the same fit. */
static void same_model(void)
{
    static const char *const pairs[][2] = {
        { "ablat*alloc", "ablat + alloc + alloc:ablat" },     { "ablat + ablat", "~ ablat" },
        { "1 + ablat", "0 + ablat + 1" },                     { "I(ablat^2)", "ablat^2" },
        { "ablat:alloc + ablat + alloc", "alloc*ablat" },     { "0 + alloc", "ref(alloc, 'random') - 1" },
        { "alloc", "ref(alloc, 'systematic')" },              { "`ablat`", "ABLAT" },
        { "ablat * year", "center(ablat) * center(year)" },
        { "alloc", "0 + alloc" },
        { "poly(ablat, 3)", "ablat + ablat^2 + I(ablat^3)" },     { "ns(ablat, 1)", "ablat" },
        { "rcs(ablat, c(20, 30, 45))", "ns(ablat, knots=30, boundary=c(20, 45))" },
        { "ns(ablat, 3) + ns( ablat, 3 )", "ns(ablat, df=3)" },   { "poly(ablat, 2) * year", "year*poly(ablat, 2)" },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        made a = regress(NULL, (mpl_fit_options){ .method = "ML" }, (mpl_regress_options){ .mods = pairs[i][0] });
        made b = regress(NULL, (mpl_fit_options){ .method = "ML" }, (mpl_regress_options){ .mods = pairs[i][1] });
        if (CHECK(a.status == MPL_OK && b.status == MPL_OK, "%s: %s%s", pairs[i][0], a.err.message, b.err.message)) {
            CHECK_CLOSE(a.regression->fit->ll, b.regression->fit->ll, 1e-9, "%s", pairs[i][0]);
            CHECK_CLOSE(a.regression->r2, b.regression->r2, 1e-7, "%s", pairs[i][0]);
            CHECK_CLOSE(a.regression->lrt, b.regression->lrt, 1e-7, "%s", pairs[i][0]);
        }
        drop(&a);
        drop(&b);
    }
}

static void refusals(void)
{
    static const char small[] = "slab,yi,vi,x,x2,c,g\na,1,1,1,2,5,u\nb,2,1,2,4,5,u\nc,4,1,4,8,5,u\nd,3,1,7,14,5,u\n";
    static const struct { const char *mods, *predict, *part; mpl_status want; } row[] = {
        { "x +", NULL, "column 4", MPL_ERR_PARSE },
        { "", NULL, "column 1", MPL_ERR_PARSE },
        { "1", NULL, "no moderator", MPL_ERR_PARSE },
        { "x - x2", NULL, "only the intercept", MPL_ERR_PARSE },
        { "sin(x)", NULL, "unknown function", MPL_ERR_PARSE },
        { "center(x", NULL, "')'", MPL_ERR_PARSE },
        { "x^10", NULL, "2 to 9", MPL_ERR_PARSE },
        { "x^1", NULL, "2 to 9", MPL_ERR_PARSE },
        { "I(x^2)^2", NULL, "power of a power", MPL_ERR_PARSE },
        { "g^2", NULL, "not numeric", MPL_ERR_PARSE },
        { "`x", NULL, "never closed", MPL_ERR_PARSE },
        { "x x2", NULL, "expected here", MPL_ERR_PARSE },
        { "ref(g)", NULL, "write ref(x, 'value')", MPL_ERR_PARSE },
        { "x + ns(x)", NULL, "which knots", MPL_ERR_PARSE },
        { "ns(x, 2)^2", NULL, "power of a spline", MPL_ERR_PARSE },
        { "ns(x, 2.5)", NULL, "whole number", MPL_ERR_PARSE },
        { "ns(x, 2, 3, c(1, 7), 4)", NULL, "too many arguments", MPL_ERR_PARSE },
        { "ns(x, dof=2)", NULL, "no argument of this name", MPL_ERR_PARSE },
        { "ns(x, 2, df=2)", NULL, "again", MPL_ERR_PARSE },
        { "ns(x, knots=c(2, two))", NULL, "a number is expected", MPL_ERR_PARSE },
        { "ns(x, knots=c(2", NULL, "')'", MPL_ERR_PARSE },
        { "ns(x, 2, 3)", NULL, "not both", MPL_ERR_ARG },
        { "ns(x, 0)", NULL, "from 1 to", MPL_ERR_ARG },
        { "ns(x, knots=9)", NULL, "between the ends", MPL_ERR_NUMERIC },
        { "ns(c, 2)", NULL, "too few different values", MPL_ERR_NUMERIC },
        { "ns(x, knots=2, boundary=3)", NULL, "boundary wants two", MPL_ERR_ARG },
        { "poly(x, 4)", NULL, "too few different values", MPL_ERR_NUMERIC },
        { "poly(x, 2, raw=maybe)", NULL, "TRUE or FALSE", MPL_ERR_PARSE },
        { "poly(x)", NULL, "write poly(x, 2)", MPL_ERR_PARSE },
        { "rcs(x, 2)", NULL, "3 to 20 knots", MPL_ERR_ARG },
        { "ns(g, 2)", NULL, "(g): 'u' is not a number", MPL_ERR_PARSE },
        { "log(I)", NULL, "'I'", MPL_ERR_NAME },
        { "x3", NULL, "'x2'", MPL_ERR_NAME },
        { "ref(factor, 'z')", NULL, "factor", MPL_ERR_NAME },
        { "x + x2", NULL, "'x2' is a combination of 'x'", MPL_ERR_NUMERIC },
        { "c", NULL, "'c' is constant", MPL_ERR_NUMERIC },
        { "x + g", NULL, "'g' is constant", MPL_ERR_NUMERIC },
        { "center(c)", NULL, "'c' is constant", MPL_ERR_NUMERIC },
        { "factor(x)", NULL, "4 coefficients and 4 studies", MPL_ERR_TOO_FEW },
        { "x", "x=", "no value", MPL_ERR_ARG },
        { "x", "y=1", "no column 'y'", MPL_ERR_NAME },
        { "x", "x2=1", "not in the model", MPL_ERR_ARG },
        { "x", "x", "column=value", MPL_ERR_PARSE },
        { "x", "x=1,x=2", "again", MPL_ERR_PARSE },
        { "x + x^2", "x=two", "no value", MPL_ERR_ARG },
        { "x", "x=1;;x=2", "column=value", MPL_ERR_PARSE },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        made m = regress(small, (mpl_fit_options){ 0 },
                         (mpl_regress_options){ .mods = row[i].mods, .predict = row[i].predict });
        CHECK(m.status == row[i].want, "%s: status %d, %s", row[i].mods, (int)m.status, m.err.message);
        CHECK(!m.regression, "%s: a result", row[i].mods);
        CHECK(strstr(m.err.message, row[i].part), "%s: '%s'", row[i].mods, m.err.message);
        drop(&m);
    }
}

static void missing(void)
{
    static const char csv[] = "slab,yi,vi,x,g\na,1,1,1,u\nb,2,1,NA,u\nc,,1,4,w\nd,3,1,7,\ne,3,2,9,w\nf,1,2,6,u\n"
                              "g,2,2,5,w\n";
    made m = regress(csv, (mpl_fit_options){ .method = "DL" },
                     (mpl_regress_options){ .mods = "x + g", .predict = "x=2, g=w;" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message)) {
        static const char *const reasons[] = { "x is missing", "yi is missing", "g is missing" };
        const mpl_effects *const es = m.regression->effects;
        CHECK(es->k == 4 && es->n_excluded == 3, "%zu studies, %zu left out", es->k, es->n_excluded);
        for (size_t i = 0; i < 3 && i < es->n_excluded; i++) {
            CHECK_STR(es->excluded[i].reason, reasons[i], "row %zu", i);
            CHECK(es->excluded[i].row == i + 2 && es->excluded[i].line == i + 3, "row %zu", es->excluded[i].row);
        }
        CHECK(m.regression->n_predictions == 1, "a ';' at the end adds nothing");
        CHECK_STR(m.regression->predictions[0].at, "x=2, g=w", "as given");
        CHECK_STR(m.regression->fit->terms[2].term, "g=w", "name");
    }
    drop(&m);
}

static void redundant(void)
{
    static const char csv[] = "yi,vi,x,x2,c,g\n1,1,1,2,5,u\n2,1,2,4,5,u\n4,1,4,8,5,u\n3,1,7,14,5,u\n5,2,3,6,5,u\n";
    made all = regress(csv, (mpl_fit_options){ 0 },
                       (mpl_regress_options){ .mods = "x + x2 + c + g + x:c", .drop_redundant = true });
    made one = regress(csv, (mpl_fit_options){ 0 }, (mpl_regress_options){ .mods = "x" });
    if (CHECK(all.status == MPL_OK && one.status == MPL_OK, "%s%s", all.err.message, one.err.message)) {
        CHECK(all.regression->fit->p == 2, "%zu coefficients", all.regression->fit->p);
        CHECK(all.regression->n_notes == 4, "%zu notes", all.regression->n_notes);
        CHECK_CLOSE(all.regression->fit->terms[1].estimate, one.regression->fit->terms[1].estimate, 1e-12, "slope");
        CHECK(all.regression->moderators[1].n == 0 && isnan(all.regression->moderators[1].test.q), "x2 has no test");
    }
    drop(&all);
    drop(&one);
}

/* k = p: contrasts of effects with the sums of their variances, as long as no variance is estimated. */
static void saturated(void)
{
    static const char csv[] = "yi,vi,x,g\n0.1,0.02,1,u\n0.5,0.03,2,w\n0.2,0.04,4,z\n";
    static const mpl_fit_options row[] = {
        { .method = "EE" }, { .method = "FE" }, { .tau2 = { true, 0.05 } }, { .tau2 = { true, 0 }, .method = "DL" },
    };
    static const mpl_fit_options refused[] = {
        { 0 }, { .method = "DL" }, { .method = "UWLS" }, { .i2 = { true, 50 } }, { .method = "EE", .test = "hksj" },
        { .method = "EE", .test = "t" }, { .tau2 = { true, 0.05 }, .test = "permutation" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        made m = regress(csv, row[i], (mpl_regress_options){ .mods = "g" });
        if (CHECK(m.status == MPL_OK, "row %zu: %s", i, m.err.message)) {
            const mpl_fit *const fit = m.regression->fit;
            const double t = row[i].tau2.value, w[3] = { 1 / (0.02 + t), 1 / (0.03 + t), 1 / (0.04 + t) };
            const double mean = (0.1 * w[0] + 0.5 * w[1] + 0.2 * w[2]) / (w[0] + w[1] + w[2]);
            CHECK_CLOSE(fit->terms[1].estimate, 0.4, 1e-13, "row %zu", i);
            CHECK_CLOSE(fit->terms[1].se, sqrt(0.05 + 2 * t), 1e-13, "row %zu", i);
            CHECK_CLOSE(fit->qm, w[0] * pow(0.1 - mean, 2) + w[1] * pow(0.5 - mean, 2) + w[2] * pow(0.2 - mean, 2),
                        1e-12, "row %zu: all that varies", i);
            CHECK(fit->q == 0 && fit->q_df == 0 && fit->q_pval == 1, "row %zu: Q", i);
            CHECK(isnan(fit->i2) && isnan(fit->h2) && isnan(fit->s2w) && isnan(m.regression->r2), "row %zu", i);
            CHECK_STR(fit->test->id, "z", "row %zu", i);
            CHECK(fit->n_notes >= 1 && !strcmp(fit->notes[0].code, "saturated"), "row %zu: a note", i);
        }
        drop(&m);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        made m = regress(csv, refused[i], (mpl_regress_options){ .mods = "g" });
        CHECK(m.status == MPL_ERR_TOO_FEW, "row %zu: %s", i, m.err.message);
        drop(&m);
    }
    made m = regress(csv, (mpl_fit_options){ .method = "EE" }, (mpl_regress_options){ .mods = "x * g" });
    CHECK(m.status == MPL_ERR_TOO_FEW, "more coefficients than studies: %s", m.err.message);
    drop(&m);
    m = regress(csv, (mpl_fit_options){ .method = "EE" }, (mpl_regress_options){ .mods = "g", .scale = { "x" } });
    CHECK(m.status != MPL_OK, "a model of tau2 needs what is left");
    drop(&m);
}

/* Quartiles over samples of the studies: 55.8 below (R: 1,500 samples by an independent REML, seed 7). */
static void r2_interval(void)
{
    static const char csv[] =
        "yi,vi,x\n-0.8893113339202054,0.32558476500396133,44\n-1.5853886572014306,0.19458112139814385,55\n"
        "-1.3480731482996933,0.4153679653679654,42\n-1.4415511900213054,0.020010031902247573,52\n"
        "-0.21754732221129558,0.05121017216963086,13\n-0.786115585818864,0.0069056184559087574,44\n"
        "-1.6208982235983918,0.22301724757231517,19\n0.011952333523840508,0.0039615792978177295,13\n"
        "-0.4694176487381494,0.056434210463248966,27\n-1.3713448034727844,0.07302479361302891,42\n"
        "-0.3393588283383906,0.01241221397155972,18\n0.44591340057137874,0.5325058452001528,33\n"
        "-0.017313948216879815,0.0714046596839863,33\n";
    const mpl_regress_options options = { .mods = "x", .r2_draws = 3000 };
    made a = regress(csv, (mpl_fit_options){ .level = 0.5 }, options);
    made b = regress(csv, (mpl_fit_options){ .level = 0.5, .run = { .threads = 1 } }, options);
    made none = regress(csv, (mpl_fit_options){ .method = "EE" }, options);
    if (CHECK(a.status == MPL_OK && b.status == MPL_OK && none.status == MPL_OK, "%s", a.err.message)) {
        const mpl_interval ci = a.regression->r2_ci;
        CHECK(fabs(ci.lb - 55.8) < 4 && ci.lb < ci.ub && ci.ub <= 100, "%g to %g", ci.lb, ci.ub);
        CHECK(ci.lb == b.regression->r2_ci.lb && ci.ub == b.regression->r2_ci.ub, "threads");
        CHECK(isnan(none.regression->r2_ci.lb), "of another R2 there is none");
    }
    drop(&a);
    drop(&b);
    drop(&none);
}

int main(void)
{
    reference();
    published();
    same_model();
    refusals();
    missing();
    redundant();
    saturated();
    r2_interval();
    return check_done();
}
