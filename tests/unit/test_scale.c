/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Location-scale models against 50-digit arithmetic; laws of units; maxima that are not finite or at a bound. */
#include "check.h"

#include <metapool.h>

enum { MOST = 10 };

static const char *const grouped = "yi,vi,x,g\n0.1,0.1,1,a\n0.12,0.1,2,a\n0.09,0.2,3,a\n0.9,0.1,4,b\n-0.7,0.15,5,b\n"
                                   "2.1,0.2,6,b\n0.4,0.1,7,b\n";

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
    made m = { .err = { .code = MPL_OK } };
    const mpl_status s = csv ? mpl_dataset_read_bytes(csv, strlen(csv), "test.csv", NULL, &m.data, &m.err)
                             : mpl_dataset_read("bcg", NULL, &m.data, &m.err);
    if (s != MPL_OK || mpl_effects_new(m.data, NULL, &m.effects, &m.err) != MPL_OK)
        check_die("effects", m.err.message);
    m.status = mpl_regress_new(m.data, m.effects, &fit, &options, &m.regression, &m.err);
    return m;
}

static made must(made m)
{
    if (m.status != MPL_OK)
        check_die("regression", m.err.message);
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

static bool has_note(const mpl_regression *r, const char *code)
{
    for (size_t i = 0; i < r->n_notes; i++)
        if (!strcmp(r->notes[i].code, code))
            return true;
    return false;
}

static void compare(const check_csv *csv, size_t row, const mpl_regression *r)
{
    const mpl_scale_model *const s = r->scale;
    const char *const name = check_csv_row(csv, row);
    double alpha[MOST], se_alpha[MOST], beta[MOST], se[MOST], lb[MOST], ub[MOST];
    const size_t q = numbers(csv, row, "alpha", alpha), p = numbers(csv, row, "beta", beta);
    numbers(csv, row, "se_alpha", se_alpha);
    numbers(csv, row, "se", se);
    if (!CHECK(s->q == q && r->fit->p == p, "%s: %zu and %zu coefficients", name, s->q, r->fit->p))
        return;
    CHECK(s->converged, "%s: not converged", name);
    CHECK_CLOSE(r->fit->ll, check_csv_real(csv, row, "ll"), 1e-12, "%s ll", name);
    for (size_t j = 0; j < q; j++) {
        CHECK(fabs(s->terms[j].estimate - alpha[j]) <= 1e-9 * se_alpha[j], "%s %s: %.17g, not %.17g", name,
              s->terms[j].term, s->terms[j].estimate, alpha[j]);
        CHECK_CLOSE(s->terms[j].se, se_alpha[j], 1e-8, "%s se of %s", name, s->terms[j].term);
        CHECK_CLOSE(s->va[j * q + j], se_alpha[j] * se_alpha[j], 2e-8, "%s variance of %s", name, s->terms[j].term);
    }
    for (size_t j = 0; j < p; j++) {
        CHECK(fabs(r->fit->terms[j].estimate - beta[j]) <= 1e-9 * se[j], "%s %s: %.17g, not %.17g", name,
              r->fit->terms[j].term, r->fit->terms[j].estimate, beta[j]);
        CHECK_CLOSE(r->fit->terms[j].se, se[j], 1e-9, "%s se of %s", name, r->fit->terms[j].term);
    }
    const size_t n = numbers(csv, row, "ci_lb", lb);
    numbers(csv, row, "ci_ub", ub);
    for (size_t j = 0; j < n; j++) {
        CHECK(fabs(s->terms[j].ci_lb - lb[j]) <= 1e-8 * se_alpha[j], "%s %s from %.17g, not %.17g", name,
              s->terms[j].term, s->terms[j].ci_lb, lb[j]);
        CHECK(fabs(s->terms[j].ci_ub - ub[j]) <= 1e-8 * se_alpha[j], "%s %s to %.17g, not %.17g", name,
              s->terms[j].term, s->terms[j].ci_ub, ub[j]);
    }
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/scale.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const ci = *check_csv_text(csv, i, "ci_lb") ? "profile" : "wald";
        const mpl_scale_options scale = { check_csv_text(csv, i, "scale"), check_csv_text(csv, i, "link"), ci };
        made m = regress(NULL, (mpl_fit_options){ .method = check_csv_text(csv, i, "method"), .test = "z" },
                         (mpl_regress_options){ .mods = check_csv_text(csv, i, "mods"), .scale = scale });
        if (CHECK(m.status == MPL_OK, "%s: %s", check_csv_row(csv, i), m.err.message))
            compare(csv, i, m.regression);
        drop(&m);
    }
    check_csv_free(csv);
}

/* The same numbers as a regression with one tau2, by another way. */
static void one_tau2(void)
{
    static const char *const methods[] = { "REML", "ML" };
    for (size_t i = 0; i < 2; i++) {
        const mpl_fit_options fit = { .method = methods[i], .test = "hksj" };
        made a = must(regress(NULL, fit, (mpl_regress_options){ .mods = "ablat", .scale = { .scale = "1" } }));
        made b = must(regress(NULL, fit, (mpl_regress_options){ .mods = "ablat" }));
        const mpl_fit *const f = a.regression->fit, *const g = b.regression->fit;
        CHECK_CLOSE(exp(a.regression->scale->terms[0].estimate), g->tau2, 1e-10, "tau2 by %s", methods[i]);
        CHECK_CLOSE(f->ll, g->ll, 1e-13, "ll by %s", methods[i]);
        CHECK_CLOSE(f->aicc, g->aicc, 1e-13, "AICc by %s", methods[i]);
        CHECK_CLOSE(f->q, g->q, 1e-15, "QE by %s", methods[i]);
        CHECK_CLOSE(f->qm, g->qm, 1e-10, "QM by %s", methods[i]);
        CHECK_CLOSE(f->terms[1].se, g->terms[1].se, 1e-10, "se by %s", methods[i]);
        CHECK_CLOSE(f->weights[3], g->weights[3], 1e-10, "weight by %s", methods[i]);
        CHECK(isnan(f->tau2) && isnan(f->i2) && isnan(a.regression->scale->lrt), "one tau2 for all");
        drop(&a);
        drop(&b);
    }
}

static const double yi[] = { 0.9, -0.2, 0.35, 1.4, -0.6, 0.1, 0.75, 0.3, 1.9, -1.1, 0.2, 0.5 };
static const double vi[] = { .02, .05, .03, .04, .08, .01, .06, .02, .03, .05, .04, .02 };
static const double x[] = { 1, 2.5, 3, 4, 4.5, 0.5, 2, 1.5, 6, 5.5, 1, 3.5 };

/* Effects times `unit`, the moderator times `a` plus `b`. */
static made moved(double unit, double a, double b, const char *link)
{
    char csv[2000] = "yi,vi,x\n";
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        const size_t n = strlen(csv);
        snprintf(csv + n, sizeof csv - n, "%.17g,%.17g,%.17g\n", yi[i] * unit, vi[i] * unit * unit, a * x[i] + b);
    }
    return must(regress(csv, (mpl_fit_options){ .test = "t" },
                        (mpl_regress_options){ .mods = "x", .predict = "x=3",
                                               .scale = { .scale = "x", .link = link } }));
}

static void units(void)
{
    for (int log_link = 0; log_link < 2; log_link++) {
        const char *const link = log_link ? "log" : "identity";
        made a = moved(1, 1, 0, link), b = moved(1000, 1, 0, link), c = moved(1, 8, 1e4, link);
        const mpl_term *const p = a.regression->scale->terms, *const q = b.regression->scale->terms;
        const mpl_term *const r = c.regression->scale->terms;
        if (log_link) {
            CHECK_CLOSE(q[0].estimate, p[0].estimate + 2 * log(1000), 1e-9, "a unit is added to the intercept");
            CHECK_CLOSE(q[1].estimate, p[1].estimate, 1e-9, "a unit leaves the slope");
        } else {
            CHECK_CLOSE(q[0].estimate, p[0].estimate * 1e6, 1e-8, "a unit scales the intercept");
            CHECK_CLOSE(q[1].estimate, p[1].estimate * 1e6, 1e-8, "a unit scales the slope");
        }
        CHECK_CLOSE(q[1].statistic, p[1].statistic, 1e-8, "%s: a unit leaves the test", link);
        CHECK_CLOSE(8 * r[1].estimate, p[1].estimate, 1e-8, "%s: the slope has the unit of x", link);
        CHECK_CLOSE(r[1].statistic, p[1].statistic, 1e-8, "%s: which leaves the test", link);
        CHECK_CLOSE(r[0].estimate + 1e4 * r[1].estimate, p[0].estimate, 1e-7, "%s: an origin of x", link);
        CHECK_CLOSE(a.regression->scale->lrt, b.regression->scale->lrt, 1e-9, "%s: the likelihood ratio", link);
        CHECK_CLOSE(a.regression->scale->lrt, c.regression->scale->lrt, 1e-9, "%s: the likelihood ratio", link);
        const mpl_scale_prediction *const at = a.regression->scale->predictions;
        CHECK(at->ci_lb < at->tau2 && at->tau2 < at->ci_ub, "tau2 at a point: %g [%g, %g]", at->tau2, at->ci_lb,
              at->ci_ub);
        CHECK_CLOSE(at->tau2, log_link ? exp(p[0].estimate + 3 * p[1].estimate) : p[0].estimate + 3 * p[1].estimate,
                    1e-12, "%s: tau2 at a point", link);
        drop(&a);
        drop(&b);
        drop(&c);
    }
}

/* The effects of group a differ less than chance: its tau2 goes to 0. */
static void not_finite(void)
{
    made m = must(regress(grouped, (mpl_fit_options){ .test = "z" },
                          (mpl_regress_options){ .predict = "g=a; g=b", .scale = { "g", NULL, "profile" } }));
    const mpl_regression *const r = m.regression;
    CHECK(has_note(r, "scale-not-finite"), "the note");
    CHECK(isnan(r->scale->terms[0].estimate) && isnan(r->scale->terms[1].estimate), "no estimates");
    CHECK(r->scale->tau2[0] == 0 && r->scale->tau2[2] == 0 && r->scale->tau2[3] > 0.5, "tau2 of studies");
    CHECK(r->scale->predictions[0].tau2 == 0 && isnan(r->scale->predictions[0].ci_ub), "tau2 of a");
    CHECK_CLOSE(r->scale->predictions[1].tau2, r->scale->tau2[3], 1e-12, "tau2 of b");
    CHECK(r->scale->predictions[1].ci_ub > r->scale->tau2[3], "and its interval");
    made n = must(regress(grouped, (mpl_fit_options){ .test = "z" },
                          (mpl_regress_options){ .scale = { "g - 1", NULL, "profile" } }));
    CHECK(isnan(n.regression->scale->terms[0].estimate), "a alone has no estimate");
    CHECK_CLOSE(exp(n.regression->scale->terms[1].estimate), r->scale->tau2[3], 1e-9, "b has its own");
    CHECK(n.regression->scale->terms[1].ci_lb < n.regression->scale->terms[1].estimate, "with an interval");
    CHECK_CLOSE(n.regression->fit->ll, r->fit->ll, 1e-12, "the same model");
    drop(&n);
    drop(&m);
    m = must(regress(grouped, (mpl_fit_options){ .test = "z" },
                     (mpl_regress_options){ .predict = "g=a", .scale = { "g", "identity", NULL } }));
    CHECK(has_note(m.regression, "scale-bound"), "the note of the bound");
    CHECK(m.regression->scale->terms[0].estimate == 0 && isnan(m.regression->scale->terms[0].se), "held at 0");
    CHECK(m.regression->scale->tau2[0] == 0 && m.regression->scale->tau2[3] > 0.5, "tau2 of studies");
    drop(&m);
}

/* Shares of permutations: ours are drawn, so that they differ by chance. */
static void share(const check_csv *csv, size_t row, const char *column, size_t i, double got)
{
    double want[MOST];
    if (i >= numbers(csv, row, column, want))
        return;
    CHECK(fabs(got - want[i]) < 4.5 * sqrt((want[i] * (1 - want[i]) + 1e-4) / 1e4), "%s %s[%zu]: %g, not %g",
          check_csv_row(csv, row), column, i, got, want[i]);
}

static void permuted(void)
{
    check_csv *const csv = check_csv_open("ref/scale_permute.csv");
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    if (mpl_dataset_read("bcg", NULL, &data, &err) != MPL_OK || mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
        check_die("bcg", err.message);
    const mpl_column *ablat, *year;
    if (mpl_dataset_get(data, "ablat", &ablat, &err) != MPL_OK || mpl_dataset_get(data, "year", &year, &err) != MPL_OK)
        check_die("bcg", err.message);
    for (size_t i = 0; i < csv->n_rows; i++) {
        char text[4000] = "yi,vi,ablat,far,late\n";
        const bool is_bcg = !strcmp(check_csv_text(csv, i, "set"), "bcg");
        for (size_t j = 0; j < 8; j++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%.17g,%.17g,%g,%d,%d\n",
                     is_bcg ? effects->yi[j] : yi[j], is_bcg ? effects->vi[j] : vi[j] / 100, ablat->number[j],
                     is_bcg ? ablat->number[j] > 40 : j > 3, is_bcg ? year->number[j] > 1955 : j % 2 == 1);
        const mpl_regress_options o = { .mods = check_csv_text(csv, i, "mods"),
                                        .scale = { .scale = check_csv_text(csv, i, "scale") } };
        made m = must(regress(text, (mpl_fit_options){ .test = "permutation", .draws = 10000 }, o));
        const mpl_regression *const r = m.regression;
        for (size_t j = 0; j < r->fit->p; j++)
            share(csv, i, "pval", j, r->fit->terms[j].pval);
        for (size_t j = 0; j < r->scale->q; j++)
            share(csv, i, "scale_pval", j, r->scale->terms[j].pval);
        share(csv, i, "qm_pval", 0, r->fit->qm_pval);
        share(csv, i, "q_pval", 0, r->scale->test.pval);
        CHECK(!strcmp(r->fit->test->id, "permutation") && r->fit->n_draws == 9999, "what it says of itself");
        CHECK(r->scale->lrt_pval > 0 && r->scale->lrt_pval <= 1, "the likelihood ratio has a p-value");
        const mpl_fit_options threads = { .test = "permutation", .draws = 10000, .run.threads = 3 };
        made again = must(regress(text, threads, o));
        CHECK(r->scale->lrt_pval == again.regression->scale->lrt_pval &&
              r->fit->terms[0].pval == again.regression->fit->terms[0].pval, "threads change nothing");
        drop(&again);
        drop(&m);
    }
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    check_csv_free(csv);
}

static void refused(void)
{
    static const struct { mpl_fit_options fit; mpl_regress_options o; const char *part; mpl_status want; } row[] = {
        { { .method = "DL" }, { .mods = "x", .scale = { .scale = "g" } }, "no method DL", MPL_ERR_ARG },
        { { .test = "bootstrap" }, { .mods = "x", .scale = { .scale = "g" } }, "no test bootstrap", MPL_ERR_ARG },
        { { .tau2 = { true, 0.1 } }, { .mods = "x", .scale = { .scale = "g" } }, "cannot be fixed", MPL_ERR_ARG },
        { { .weights = "equal" }, { .mods = "x", .scale = { .scale = "g" } }, "no weights equal", MPL_ERR_ARG },
        { { 0 }, { .mods = "x", .versus = "1", .scale = { .scale = "g" } }, "--versus", MPL_ERR_ARG },
        { { 0 }, { .mods = "x", .scale = { "g", "identity", "profile" } }, "log link", MPL_ERR_ARG },
        { { 0 }, { .mods = "x", .scale = { "center(x) - 1", "identity", NULL } }, "same for all", MPL_ERR_NUMERIC },
        { { 0 }, { .mods = "x", .scale = { .scale = "factor(x)" } }, "7 coefficients", MPL_ERR_TOO_FEW },
        { { 0 }, { .mods = "x", .scale = { .scale = "nope" } }, "nope", MPL_ERR_NAME },
        { { 0 }, { .mods = "x", .scale = { .scale = "x +" } }, "--scale, column", MPL_ERR_PARSE },
        { { 0 }, { .mods = "x", .predict = "x=1", .scale = { .scale = "g" } }, "'g' is missing", MPL_ERR_ARG },
        { { 0 }, { .mods = NULL }, "--mods", MPL_ERR_ARG },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        made m = regress(grouped, row[i].fit, row[i].o);
        CHECK(m.status == row[i].want && strstr(m.err.message, row[i].part), "%zu: %d %s", i, m.status, m.err.message);
        drop(&m);
    }
}

int main(void)
{
    reference();
    one_tau2();
    units();
    not_finite();
    permuted();
    refused();
    return check_done();
}
