/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regression can be asked: contrasts, means, differences, a curve, another formula. */
#include "check.h"

#include <metapool.h>

enum { MOST = 20 };

static const char bcg[] =
    "ai,bi,ci,di,ablat,year,alloc,era\n"
    "4,119,11,128,44,1948,random,early\n"
    "6,300,29,274,55,1949,random,early\n"
    "3,228,11,209,42,1960,random,early\n"
    "62,13536,248,12619,52,1977,random,late\n"
    "33,5036,47,5761,13,1973,alternate,late\n"
    "180,1361,372,1079,44,1953,alternate,early\n"
    "8,2537,10,619,19,1973,random,late\n"
    "505,87886,499,87892,13,1980,random,late\n"
    "29,7470,45,7232,27,1968,random,late\n"
    "17,1699,65,1600,42,1961,systematic,early\n"
    "186,50448,141,27197,18,1974,systematic,late\n"
    "5,2493,3,2338,33,1969,systematic,late\n"
    "27,16886,29,17825,33,1976,systematic,late\n";

typedef struct made {
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_regression *regression;
    mpl_status status;
    mpl_error err;
} made;

static made regress(mpl_fit_options fit, mpl_regress_options options)
{
    made m = { .err = { .code = MPL_OK } };
    const mpl_effect_options rr = { .measure = "RR" };
    if (mpl_dataset_read_bytes(bcg, sizeof bcg - 1, "bcg.csv", NULL, &m.data, &m.err) != MPL_OK ||
        mpl_effects_new(m.data, &rr, &m.effects, &m.err) != MPL_OK)
        check_die("data", m.err.message);
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

static void compare(const check_csv *csv, size_t row, const mpl_regression *r, const char *what)
{
    const char *const name = check_csv_row(csv, row);
    const bool is_mean = !strcmp(what, "means");
    const mpl_combination *const list = !strcmp(what, "contrast") ? r->contrasts : r->pairwise;
    double estimate[MOST], se[MOST], pval[MOST], adjusted[MOST];
    const size_t n = numbers(csv, row, "estimate", estimate);
    numbers(csv, row, "se", se);
    numbers(csv, row, "pval", pval);
    numbers(csv, row, "adjusted", adjusted);
    if (!CHECK((is_mean ? r->n_means : r->n_contrasts + r->n_pairwise) == n, "%s: how many", name))
        return;
    for (size_t i = 0; i < n; i++) {
        CHECK_CLOSE(is_mean ? r->means[i].estimate : list[i].term.estimate, estimate[i], 1e-7, "%s %zu", name, i);
        CHECK_CLOSE(is_mean ? r->means[i].se : list[i].term.se, se[i], 1e-7, "%s %zu", name, i);
        if (is_mean)
            continue;
        CHECK_CLOSE(list[i].term.pval, pval[i], 1e-6, "%s %zu", name, i);
        CHECK_CLOSE(list[i].pval_adjusted, adjusted[i], 1e-6, "%s %zu", name, i);
    }
}

/* Both ends of a curve; terms tested together. */
static void compare_others(const check_csv *csv, size_t row, const mpl_regression *r, bool is_grid)
{
    const char *const name = check_csv_row(csv, row);
    double estimate[MOST], se[MOST];
    const size_t n = numbers(csv, row, "estimate", estimate);
    numbers(csv, row, "se", se);
    for (size_t i = 0; i < n && is_grid; i++) {
        const mpl_prediction *const at = &r->curve->points[i * (r->curve->n - 1)].at;
        CHECK_CLOSE(at->estimate, estimate[i], 1e-7, "%s %zu", name, i);
        CHECK_CLOSE(at->se, se[i], 1e-7, "%s %zu", name, i);
    }
    if (is_grid)
        return;
    CHECK(r->n_groups == 1 && r->groups[0].n == (size_t)se[0], "%s: how many", name);
    CHECK_CLOSE(r->groups[0].test.q, estimate[0], 1e-8, "%s", name);
    CHECK_CLOSE(r->groups[0].test.pval, check_csv_real(csv, row, "pval"), 1e-8, "%s", name);
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/regress_combine.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const what = check_csv_text(csv, i, "what"), *const arg = check_csv_text(csv, i, "arg");
        const mpl_fit_options fit = { .method = check_csv_text(csv, i, "method"),
                                      .test = check_csv_text(csv, i, "test") };
        mpl_regress_options o = { .mods = check_csv_text(csv, i, "mods"), .weights = check_csv_text(csv, i, "weights"),
                                  .adjust = check_csv_text(csv, i, "adjust") };
        const bool is_grid = !strcmp(what, "grid"), is_terms = !strcmp(what, "terms");
        *(is_grid ? &o.grid : is_terms ? &o.together : !strcmp(what, "means") ? &o.means
          : !strcmp(what, "contrast") ? &o.contrast : &o.pairwise) = arg;
        made m = regress(fit, o);
        if (CHECK(m.status == MPL_OK, "%s: %s", check_csv_row(csv, i), m.err.message))
            (void)(is_grid || is_terms ? compare_others(csv, i, m.regression, is_grid)
                                       : compare(csv, i, m.regression, what));
        drop(&m);
    }
    check_csv_free(csv);
}

/* The contrasts of a term together are its test; GVIF of a numeric term is VIF of its coefficient. */
static void laws(void)
{
    made m = regress((mpl_fit_options){ .method = "REML" },
                     (mpl_regress_options){ .mods = "ablat + alloc + year",
                                            .contrast = "alloc=random; alloc=systematic" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message)) {
        const mpl_regression *const r = m.regression;
        CHECK_CLOSE(r->contrast_test.q, r->moderators[1].test.q, 1e-9, "all contrasts");
        CHECK_CLOSE(r->contrast_test.pval, r->moderators[1].test.pval, 1e-9, "all contrasts");
        CHECK_CLOSE(r->moderators[0].gvif, r->vif[1], 1e-9, "vif");
        CHECK_CLOSE(r->moderators[0].gsif, sqrt(r->vif[1]), 1e-9, "gsif");
        CHECK(isnan(r->vif[0]), "the intercept has none");
    }
    drop(&m);
    m = regress((mpl_fit_options){ .method = "ML" }, (mpl_regress_options){ .mods = "ablat + alloc", .versus = "1" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message)) {
        const mpl_regression *const r = m.regression;
        CHECK(r->versus->is_nested, "nothing is within everything");
        CHECK_CLOSE(r->versus->lrt, r->lrt, 1e-9, "the test against no moderators");
        CHECK_CLOSE(r->versus->fit->tau2, r->baseline->tau2, 1e-9, "tau2");
    }
    drop(&m);
    m = regress((mpl_fit_options){ .method = "ML" },
                (mpl_regress_options){ .mods = "ns(ablat, knots=30)", .versus = "ablat" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message))
        CHECK(m.regression->versus->is_nested && m.regression->versus->lrt_df == 1, "a spline holds the straight line");
    drop(&m);
    m = regress((mpl_fit_options){ .method = "ML" }, (mpl_regress_options){ .mods = "ablat", .versus = "year" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message))
        CHECK(!m.regression->versus->is_nested && isnan(m.regression->versus->lrt), "not nested");
    drop(&m);
}

static void curve(void)
{
    made m = regress((mpl_fit_options){ .method = "REML" },
                     (mpl_regress_options){ .mods = "ns(ablat, 2) + alloc", .grid = "ablat, alloc", .grid_points = 22,
                                            .predict = "ablat=15,alloc=random" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message)) {
        const mpl_curve *const c = m.regression->curve;
        const mpl_prediction *const want = m.regression->predictions, *const got = &c->points[22 + 1].at;
        CHECK(c->n == 66, "%zu points", c->n);
        CHECK(c->points[0].x == 13 && c->points[21].x == 55, "ends");
        CHECK_STR(c->points[22].group, "random", "group");
        CHECK_CLOSE(c->points[23].x, 15, 1e-14, "x");
        CHECK_CLOSE(got->estimate, want->estimate, 1e-12, "estimate");
        CHECK_CLOSE(got->pi_ub, want->pi_ub, 1e-12, "prediction interval");
        CHECK_STR(c->held, "", "nothing else");
        mpl_curve *held = NULL;
        if (CHECK(mpl_curve_new(m.regression, "ablat, alloc=random", 2, &held, &m.err) == MPL_OK, "%s", m.err.message))
            CHECK_STR(held->held, "alloc = random", "held");
        mpl_curve_free(held);
    }
    drop(&m);
}

static void refusals(void)
{
    static const struct { mpl_regress_options o; const char *part; mpl_status want; } row[] = {
        { { .contrast = "alloc=random -" }, "no coefficient has this name", MPL_ERR_NAME },
        { { .contrast = "nosuch" }, "one is 'alloc=systematic'", MPL_ERR_NAME },
        { { .contrast = "ablat ablat" }, "is expected here", MPL_ERR_PARSE },
        { { .contrast = "`ablat - ablat" }, "quote", MPL_ERR_PARSE },
        { { .contrast = "" }, "no coefficient", MPL_ERR_NAME },
        { { .means = "ablat" }, "no factor", MPL_ERR_ARG },
        { { .pairwise = "nosuch" }, "no column 'nosuch'", MPL_ERR_NAME },
        { { .pairwise = "alloc", .adjust = "sidakk" }, "adjust", MPL_ERR_NAME },
        { { .grid = "alloc" }, "no number", MPL_ERR_ARG },
        { { .grid = "ablat, year" }, "no factor", MPL_ERR_ARG },
        { { .grid = "ablat, alloc, year" }, "at most one", MPL_ERR_ARG },
        { { .grid = "ablat, year=1" }, "not in the model", MPL_ERR_ARG },
        { { .grid = "ablat, ablat=1" }, "varied and held", MPL_ERR_ARG },
        { { .grid = "alloc=random" }, "name the column", MPL_ERR_ARG },
        { { .versus = "nosuch" }, "--versus, column 1", MPL_ERR_NAME },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_regress_options o = row[i].o;
        o.mods = "ablat + alloc";
        made m = regress((mpl_fit_options){ 0 }, o);
        CHECK(m.status == row[i].want, "%zu: status %d, %s", i, (int)m.status, m.err.message);
        CHECK(strstr(m.err.message, row[i].part), "%zu: '%s'", i, m.err.message);
        drop(&m);
    }
}

/* A mean over combinations that no study has is said to be none, not invented. */
static void empty_cell(void)
{
    made m = regress((mpl_fit_options){ .method = "EE" },
                     (mpl_regress_options){ .mods = "factor(ablat) * alloc", .drop_redundant = true, .means = "alloc",
                                            .pairwise = "alloc" });
    if (CHECK(m.status == MPL_OK, "%s", m.err.message)) {
        const mpl_regression *const r = m.regression;
        for (size_t i = 0; i < 3; i++)
            CHECK(isnan(r->means[i].estimate) && isnan(r->pairwise[i].term.pval) && isnan(r->pairwise[i].pval_adjusted),
                  "level %zu", i);
        CHECK_STR(r->notes[r->n_notes - 1].code, "not-estimable", "and it is said");
    }
    drop(&m);
}

/* Every definition of R2, and none that is nowhere checked. */
static void r2(void)
{
    check_csv *const csv = check_csv_open("ref/r2.csv");
    size_t seen = 0;
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const id = check_csv_text(csv, i, "r2");
        const mpl_method *const row = mpl_method_find(mpl_r2_method, id);
        made m = regress((mpl_fit_options){ .method = check_csv_text(csv, i, "method") },
                         (mpl_regress_options){ .mods = check_csv_text(csv, i, "mods"), .r2 = id });
        if (CHECK(row && m.status == MPL_OK, "%s: %s", check_csv_row(csv, i), m.err.message))
            CHECK(fabs(m.regression->r2 - check_csv_real(csv, i, "value")) < 1e-6, "%s %s: %.17g",
                  check_csv_row(csv, i), id, m.regression->r2);
        for (size_t j = 0; row && mpl_r2_method(j); j++)
            seen |= mpl_r2_method(j) == row ? (size_t)1 << j : 0;
        drop(&m);
    }
    for (size_t j = 0; mpl_r2_method(j); j++)
        CHECK(seen >> j & 1, "%s has no reference row", mpl_r2_method(j)->id);
    check_csv_free(csv);
    made m = regress((mpl_fit_options){ .method = "DL" }, (mpl_regress_options){ .mods = "ablat", .r2 = "mcfadden" });
    CHECK(m.status == MPL_ERR_ARG && strstr(m.err.message, "likelihood"), "%s", m.err.message);
    drop(&m);
}

int main(void)
{
    r2();
    reference();
    laws();
    curve();
    refusals();
    empty_cell();
    return check_done();
}
