/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Combined p-values against 80 digits; from effects; what cannot be combined. */
#include "check.h"

#include <metapool.h>

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

/* "0.1 0.2" and weights as a dataset. */
static mpl_dataset *dataset(const char *p, const char *weights)
{
    static char text[8192];
    mpl_dataset *data;
    mpl_error err;
    char *end;
    size_t n = (size_t)snprintf(text, sizeof text, "p,w\n");
    for (; *p; p = end) {
        char *rest = NULL;
        const double x = strtod(p, &end), w = *weights ? strtod(weights, &rest) : 1;
        weights = rest ? rest : "";
        n += (size_t)snprintf(text + n, sizeof text - n, "%.17g,%.17g\n", x, w);
        while (*end == ' ')
            end++;
    }
    must(mpl_dataset_read_bytes(text, n, "p.csv", NULL, &data, &err), &err);
    return data;
}

static const mpl_pvalues_test *find(const mpl_pvalues *pv, const char *id)
{
    for (size_t i = 0; i < pv->n_tests; i++)
        if (!strcmp(pv->tests[i].method->id, id))
            return &pv->tests[i];
    check_die("no such combination", id);
    return NULL;
}

static void test_mpmath(void)
{
    check_csv *const csv = check_csv_open("ref/pvalues.csv");
    bool seen[32] = { false };
    for (size_t r = 0; r < csv->n_rows; r++) {
        mpl_pvalues *pv;
        mpl_error err;
        mpl_dataset *const data = dataset(check_csv_text(csv, r, "p"), check_csv_text(csv, r, "weights"));
        const mpl_pvalues_options options = { .column = "p", .weights = "w",
                                              .rank = (size_t)check_csv_real(csv, r, "rank"),
                                              .truncation = check_csv_real(csv, r, "truncation") };
        must(mpl_pvalues_new(data, NULL, &options, &pv, &err), &err);
        const char *const id = check_csv_text(csv, r, "method");
        const mpl_pvalues_test *const test = find(pv, id);
        const double want = check_csv_real(csv, r, "pval"), want_log = check_csv_real(csv, r, "log_pval");
        seen[test - pv->tests] = true;
        CHECK(check_error(test->pval, want) <= 1e-12 * fmax(1, fabs(want_log)), "%s %s: %.17g, not %.17g",
              check_csv_text(csv, r, "case"), id, test->pval, want);
        CHECK(fabs(test->log_pval - want_log) <= 1e-12 * fmax(1, fabs(want_log)), "%s %s: log %.17g, not %.17g",
              check_csv_text(csv, r, "case"), id, test->log_pval, want_log);
        mpl_pvalues_free(pv);
        mpl_dataset_free(data);
    }
    for (size_t i = 0; mpl_pvalues_method(i); i++)
        CHECK(seen[i], "%s has no reference row", mpl_pvalues_method(i)->id);
    check_csv_free(csv);
}

/* One- and two-sided p-values of effects; z = 60 underflows, its logarithm does not. */
static void test_effects(void)
{
    static const double yi[] = { 1, -2, 60 }, vi[] = { 1, 1, 1 };
    static const char *const alternatives[] = { "greater", "less", "two-sided" };
    mpl_effects *effects;
    mpl_error err;
    must(mpl_effects_new_arrays(yi, vi, NULL, 3, NULL, &effects, &err), &err);
    for (size_t a = 0; a < 3; a++) {
        mpl_pvalues *pv;
        must(mpl_pvalues_new(NULL, effects, &(mpl_pvalues_options){ .alternative = alternatives[a] }, &pv, &err), &err);
        const double z = pv->studies[0].z, p = pv->studies[0].pval;
        static const double want_z[] = { 1, -1, 0.475232849247084 }, want_p[] = { 0.158655253931457, 0.841344746068543,
                                                                                 0.317310507862914 };
        CHECK(check_error(z, want_z[a]) <= 1e-13 && check_error(p, want_p[a]) <= 1e-13, "%s: z %.15g p %.15g",
              alternatives[a], z, p);
        if (a != 1) {
            /* ln Phi(-60) = -1805.013560680665..., and twice that tail is that of z = 59.988449...: mpmath */
            CHECK(fabs(pv->studies[2].log_pval + 1805.0135606807 - (a == 2 ? log(2) : 0)) <= 1e-9, "%s: log p %.15g",
                  alternatives[a], pv->studies[2].log_pval);
            CHECK(isfinite(find(pv, "stouffer")->log_pval) && isfinite(find(pv, "fisher")->log_pval), "%s: underflow",
                  alternatives[a]);
            CHECK(fabs(pv->studies[2].z - (a == 2 ? 59.98844964 : 60)) <= 1e-7, "%s: z %.10g", alternatives[a],
                  pv->studies[2].z);
        }
        mpl_pvalues_free(pv);
    }
    mpl_effects_free(effects);
}

static void test_edges(void)
{
    static const struct { const char *p, *w; size_t rank; mpl_status want; } rows[] = {
        { "0.2 0 0.1", "", 1, MPL_ERR_DATA },   { "0.2 1.1", "", 1, MPL_ERR_DATA },
        { "0.2 0.1", "1 -1", 1, MPL_ERR_DATA }, { "0.2 0.1", "0 0", 1, MPL_ERR_DATA },
        { "0.2 0.1", "", 3, MPL_ERR_ARG },      { "0.2 1", "", 1, MPL_OK },
        { "0.2 0.2", "", 1, MPL_OK },           { "1 1 1", "", 1, MPL_OK },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mpl_dataset *const data = dataset(rows[r].p, rows[r].w);
        const mpl_pvalues_options options = { .column = "p", .weights = "w", .rank = rows[r].rank };
        mpl_pvalues *pv;
        mpl_error err;
        const mpl_status s = mpl_pvalues_new(data, NULL, &options, &pv, &err);
        CHECK(s == rows[r].want && (pv != NULL) == (s == MPL_OK), "%s: %d", rows[r].p, s);
        for (size_t i = 0; pv && i < pv->n_tests; i++)
            CHECK((pv->tests[i].why != NULL) == isnan(pv->tests[i].pval), "%s %s: p %g without a reason", rows[r].p,
                  pv->tests[i].method->id, pv->tests[i].pval);
        mpl_pvalues_free(pv);
        mpl_dataset_free(data);
    }
    mpl_pvalues *pv;
    mpl_error err;
    CHECK(mpl_pvalues_new(NULL, NULL, NULL, &pv, &err) == MPL_ERR_ARG, "nothing");
}

int main(void)
{
    test_mpmath();
    test_effects();
    test_edges();
    return check_done();
}
