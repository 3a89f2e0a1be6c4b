/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random data, random formulas, every method and test, against metafor: each number that both print. */
#include "check.h"

#include <metapool.h>

enum { MOST = 40 };

static const double TOLERANCE = 1e-8;

static size_t numbers(const check_csv *csv, size_t row, const char *column, double out[MOST])
{
    size_t n = 0;
    char *end;
    for (const char *text = check_csv_text(csv, row, column); *text && n < MOST; text = end)
        out[n++] = strtod(text, &end);
    return n;
}

/* The cells of a row as a file with a line for each study. */
static void write_data(const check_csv *csv, size_t row, char *to, size_t size)
{
    static const char *const column[] = { "yi", "vi", "x", "z", "n", "f", "g" };
    const char *at[7];
    size_t n = 0;
    for (size_t c = 0; c < 7; c++)
        at[c] = check_csv_text(csv, row, column[c]);
    n += (size_t)snprintf(to, size, "yi,vi,x,z,n,f,g\n");
    while (*at[0])
        for (size_t c = 0; c < 7; c++) {
            const size_t length = strcspn(at[c], " ");
            n += (size_t)snprintf(to + n, size - n, "%.*s%s", (int)length, at[c], c < 6 ? "," : "\n");
            at[c] += length + (at[c][length] == ' ');
        }
}

static void one(const check_csv *csv, size_t row, const char *column, double got, double scale)
{
    const char *const text = check_csv_text(csv, row, column);
    if (!*text)
        return;
    const double want = strtod(text, NULL);
    CHECK(isnan(want) ? isnan(got) : fabs(got - want) <= TOLERANCE * (fabs(want) + scale),
          "%s %s by %s, %s: %.12g, not %.12g", check_csv_row(csv, row), column,
          check_csv_text(csv, row, "method"), check_csv_text(csv, row, "test"), got, want);
}

static void list(const check_csv *csv, size_t row, const char *column, const double *got, size_t n, double scale)
{
    double want[MOST];
    const size_t m = numbers(csv, row, column, want);
    if (m == 0)
        return;
    if (!CHECK(n == m, "%s %s: %zu, not %zu", check_csv_row(csv, row), column, n, m))
        return;
    for (size_t i = 0; i < n; i++)
        CHECK(isnan(want[i]) ? isnan(got[i]) : fabs(got[i] - want[i]) <= TOLERANCE * (fabs(want[i]) + scale),
              "%s %s[%zu] by %s, %s: %.12g, not %.12g", check_csv_row(csv, row), column, i,
              check_csv_text(csv, row, "method"), check_csv_text(csv, row, "test"), got[i], want[i]);
}

static void compare_terms(const check_csv *csv, size_t row, const mpl_regression *r)
{
    double value[5][MOST], most = 0;
    const size_t p = r->fit->p;
    for (size_t j = 0; j < p; j++) {
        const mpl_term *const t = &r->fit->terms[j];
        const double all[] = { t->estimate, t->se, t->pval, t->ci_lb, r->vif[j] };
        for (size_t i = 0; i < 5; i++)
            value[i][j] = all[i];
        most = fmax(most, t->se);
    }
    list(csv, row, "beta", value[0], p, most);
    list(csv, row, "se", value[1], p, 0);
    list(csv, row, "pval", value[2], p, 1e-6);
    list(csv, row, "ci_lb", value[3], p, most);
    list(csv, row, "vif", value[4] + 1, p - 1, 0);
}

static void compare(const check_csv *csv, size_t row, const mpl_regression *r)
{
    const mpl_fit *const fit = r->fit;
    const mpl_prediction *const at = r->predictions;
    const double prediction[] = { at->estimate, at->se, at->ci_lb, at->ci_ub, at->pi_lb, at->pi_ub };
    const double v = isnan(fit->v_typical) ? 0 : fit->v_typical;
    mpl_influence *diagnostics;
    double standard[MOST], hat[MOST];
    compare_terms(csv, row, r);
    one(csv, row, "tau2", fit->tau2, 0.01 * v);
    one(csv, row, "se_tau2", fit->se_tau2, 0);
    one(csv, row, "i2", fit->i2, 1);
    one(csv, row, "h2", fit->h2, 0);
    one(csv, row, "r2", r->r2, 1);
    one(csv, row, "qe", fit->q, 0);
    one(csv, row, "qe_pval", fit->q_pval, 1e-6);
    one(csv, row, "qm", fit->qm, 0);
    one(csv, row, "qm_pval", fit->qm_pval, 1e-6);
    one(csv, row, "ll", fit->ll, 1);
    one(csv, row, "aic", fit->aic, 1);
    one(csv, row, "aicc", fit->aicc, 1);
    one(csv, row, "bic", fit->bic, 1);
    list(csv, row, "prediction", prediction, 6, at->se);
    if (mpl_influence_new(r->effects, r->design, fit, NULL, &diagnostics, NULL) != MPL_OK)
        return;
    for (size_t d = 0; d < diagnostics->n_diagnostics; d++)
        for (size_t i = 0; i < fit->k; i++) {
            const char *const id = mpl_diagnostic_method(d)->id;
            if (!strcmp(id, "rstandard"))
                standard[i] = diagnostics->rows[i].values[d];
            if (!strcmp(id, "hat"))
                hat[i] = diagnostics->rows[i].values[d];
        }
    mpl_influence_free(diagnostics);
    list(csv, row, "rstandard", standard, fit->k, 1);
    list(csv, row, "hat", hat, fit->k, 0.1);
}

int main(void)
{
    check_csv *const csv = check_csv_open("ref/regress_random.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        char text[8000];
        mpl_dataset *data;
        mpl_effects *effects;
        mpl_regression *r;
        mpl_error err;
        write_data(csv, i, text, sizeof text);
        const char *const method = check_csv_text(csv, i, "method"), *const test = check_csv_text(csv, i, "test");
        const mpl_fit_options fit = { .method = method, .test = test, .pi = check_csv_text(csv, i, "pi") };
        const mpl_regress_options options = { .mods = check_csv_text(csv, i, "mods"),
                                              .predict = check_csv_text(csv, i, "at") };
        if (mpl_dataset_read_bytes(text, strlen(text), "random.csv", NULL, &data, &err) != MPL_OK ||
            mpl_effects_new(data, NULL, &effects, &err) != MPL_OK)
            check_die("data", err.message);
        if (CHECK(mpl_regress_new(data, effects, &fit, &options, &r, &err) == MPL_OK, "%s: %s", check_csv_row(csv, i),
                  err.message))
            compare(csv, i, r);
        mpl_regress_free(r);
        mpl_effects_free(effects);
        mpl_dataset_free(data);
    }
    check_csv_free(csv);
    return check_done();
}
