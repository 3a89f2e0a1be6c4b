/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects: every row against metafor or lm(), what is refused, and laws that hold for every row. */
#include "check.h"

#include <metapool.h>

#include "base/arena.h"
#include "num/kendall.h"

typedef struct analysis {
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_bias *bias;
} analysis;

static mpl_status look(const char *id, const char *measure, const char *method, const mpl_bias_options *options,
                       analysis *out, mpl_error *err)
{
    const mpl_effect_options effect = { .measure = measure, .profile = "metafor" };
    const mpl_fit_options fit = { .method = method, .test = "z", .profile = "metafor" };
    mpl_status s = mpl_dataset_read(id, NULL, &out->data, err);
    if (s == MPL_OK)
        s = mpl_effects_new(out->data, &effect, &out->effects, err);
    if (s == MPL_OK)
        s = mpl_fit_new(out->effects, NULL, &fit, &out->fit, err);
    if (s == MPL_OK)
        s = mpl_bias_new(out->data, out->effects, out->fit, options, &out->bias, err);
    return s;
}

static void drop(analysis *a)
{
    mpl_bias_free(a->bias);
    mpl_fit_free(a->fit);
    mpl_effects_free(a->effects);
    mpl_dataset_free(a->data);
    *a = (analysis){ NULL, NULL, NULL, NULL };
}

static double value_of(const mpl_bias_row *r, const char *key)
{
    const struct {
        const char *key;
        double value;
    } all[] = { { "slope", r->coefficient.estimate }, { "slope_se", r->coefficient.se },
                { "statistic", r->coefficient.statistic }, { "pval", r->coefficient.pval }, { "df", r->coefficient.df },
                { "estimate", r->adjusted.estimate }, { "se", r->adjusted.se }, { "ci_lb", r->adjusted.ci_lb },
                { "ci_ub", r->adjusted.ci_ub }, { "estimate_pval", r->adjusted.pval }, { "tau2", r->tau2 },
                { "value", r->value }, { "expected", r->expected } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i].key, key))
            return all[i].value;
    return NAN;
}

/* "name=value;name=value" through the option table. */
static bool read_options(const char *text, mpl_bias_options *out)
{
    static char copy[10][100]; /* texts are borrowed */
    size_t n = 0;
    for (const char *p = text; *p; p += strspn(p, ";")) {
        const size_t length = strcspn(p, ";");
        snprintf(copy[n], sizeof copy[n], "%.*s", (int)length, p);
        p += length;
        char *const value = strchr(copy[n++], '=');
        *value = '\0';
        const mpl_option *row = mpl_bias_option_table();
        while (row->name && strcmp(row->name, copy[n - 1]) != 0)
            row++;
        if (!row->name || mpl_option_read(row, out, value + 1, NULL) != MPL_OK)
            return false;
    }
    return true;
}

static void check_reference(const char *file)
{
    check_csv *const csv = check_csv_open(file);
    analysis a = { NULL, NULL, NULL, NULL };
    char before[300] = "";
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const row = check_csv_text(csv, i, "row"), *const key = check_csv_text(csv, i, "key");
        const char *const method = check_csv_text(csv, i, "method"), *const options = check_csv_text(csv, i, "options");
        char now[300];
        snprintf(now, sizeof now, "%s %s %s %s %s", check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"),
                 method, options, row);
        if (strcmp(now, before) != 0) {
            mpl_bias_options o = { .only = NULL };
            mpl_error err = { 0 };
            drop(&a);
            o.only = row;
            CHECK(read_options(options, &o), "%s", options);
            CHECK(look(check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"), method, &o, &a, &err) ==
                      MPL_OK, "%s: %s", now, err.message);
            strcpy(before, now);
        }
        const mpl_bias_row *found = NULL;
        for (size_t r = 0; a.bias && r < a.bias->n_rows; r++)
            if (!strcmp(a.bias->rows[r].method->method.id, row))
                found = &a.bias->rows[r];
        if (!CHECK(found && !found->why, "%s", check_csv_row(csv, i)))
            continue;
        CHECK_CLOSE(value_of(found, key), check_csv_real(csv, i, "value"), 1e-8, "%s", check_csv_row(csv, i));
    }
    drop(&a);
    check_csv_free(csv);
}

/* Copas's model along its path; the grid has the path's far corner, and no likelihood above what it should be. */
static void check_copas(void)
{
    check_csv *const csv = check_csv_open("ref/copas.csv");
    const mpl_bias_options options = { .only = "copas" };
    analysis a = { NULL, NULL, NULL, NULL };
    for (size_t i = 0; i < csv->n_rows; i++) {
        mpl_error err = { 0 };
        const char *const data = check_csv_text(csv, i, "data");
        if (i == 0 || strcmp(data, check_csv_text(csv, i - 1, "data")) != 0) {
            drop(&a);
            CHECK(look(data, check_csv_text(csv, i, "measure"), "ML", &options, &a, &err) == MPL_OK, "%s", err.message);
        }
        if (!CHECK(a.bias && a.bias->n_copas_path == 21 && a.bias->n_copas_grid == 400, "a path and a grid"))
            break;
        const mpl_copas_point *const p = &a.bias->copas_path[(size_t)check_csv_real(csv, i, "point")];
        CHECK_CLOSE(p->gamma0, check_csv_real(csv, i, "gamma0"), 1e-12, "%s", check_csv_row(csv, i));
        CHECK(fabs(p->ll - check_csv_real(csv, i, "ll")) < 1e-7, "%s: %.12g", check_csv_row(csv, i), p->ll);
        CHECK(fabs(p->estimate - check_csv_real(csv, i, "estimate")) < 1e-5, "%s: %.9g", check_csv_row(csv, i),
              p->estimate);
        CHECK(fabs(p->tau2 - check_csv_real(csv, i, "tau2")) < 1e-5, "%s: %.9g", check_csv_row(csv, i), p->tau2);
        CHECK(fabs(p->rho - check_csv_real(csv, i, "rho")) < 1e-4, "%s: %.9g", check_csv_row(csv, i), p->rho);
        CHECK(fabs(p->residual_pval - check_csv_real(csv, i, "residual_pval")) < 1e-6, "%s: %.9g",
              check_csv_row(csv, i), p->residual_pval);
        const mpl_copas_point *const corner = &a.bias->copas_grid[399], *const last = &a.bias->copas_path[20];
        CHECK(fabs(corner->gamma0 - last->gamma0) < 1e-12 && fabs(corner->ll - last->ll) < 1e-7, "the far corner");
        const mpl_term *const t = &a.bias->rows[0].adjusted;
        if (!strcmp(data, "bcg")) /* metasens 1.5-2: no selection is needed there */
            CHECK(fabs(t->estimate - -0.7419668277) < 1e-7 && fabs(t->se - 0.1786346785) < 1e-7, "%.12g, %.12g",
                  t->estimate, t->se);
    }
    check_csv_free(csv);
    drop(&a);
}

/* The row shows the model of metapool select, whose figures are in ref/selection.csv. */
static void check_three_parameters(void)
{
    const mpl_bias_options options = { .only = "3psm" };
    analysis a = { NULL, NULL, NULL, NULL };
    mpl_error err = { 0 };
    CHECK(look("bcg", "RR", "REML", &options, &a, &err) == MPL_OK, "%s", err.message);
    if (a.bias) {
        const mpl_bias_row *const row = &a.bias->rows[0];
        CHECK(fabs(row->adjusted.estimate - -0.620562736) < 1e-6 && fabs(row->tau2 - 0.291239341) < 1e-6 &&
                  fabs(row->value - 0.635534615) < 1e-6, "%.9g, %.9g, %.9g", row->adjusted.estimate, row->tau2,
              row->value);
    }
    drop(&a);
}

/* ---- laws */

static mpl_bias *bias_of(const double *yi, const double *vi, size_t k, const mpl_bias_options *options,
                         mpl_effects **effects, mpl_fit **fit)
{
    mpl_bias *bias = NULL;
    const mpl_fit_options as = { .method = "DL", .test = "z" };
    if (mpl_effects_new_arrays(yi, vi, NULL, k, NULL, effects, NULL) != MPL_OK ||
        mpl_fit_new(*effects, NULL, &as, fit, NULL) != MPL_OK ||
        mpl_bias_new(NULL, *effects, *fit, options, &bias, NULL) != MPL_OK)
        return NULL;
    return bias;
}

static bool same(double x, double y)
{
    return (isnan(x) && isnan(y)) || x == y || fabs(x - y) <= 1e-9 * fmax(fabs(x), fabs(y)) + 1e-12;
}

/* Turning all signs, or the unit of the effects, changes no p-value and no count. */
static void check_laws(void)
{
    enum { K = 14 };
    static const double y[K] = { 0.1, 0.32, 0.5, 0.71, 0.2, 0.9, 1.4, 0.05, 0.44, 1.12, 0.63, 0.27, 1.9, 0.35 };
    static const double v[K] = { 0.01, 0.04, 0.09, 0.12, 0.02, 0.2, 0.4, 0.015, 0.06, 0.3, 0.11, 0.03, 0.6, 0.05 };
    static const double factor[] = { -1, 1e-6, 1e6, -1000 };
    mpl_effects *e0, *e1;
    mpl_fit *f0, *f1;
    mpl_bias *const plain = bias_of(y, v, K, NULL, &e0, &f0);
    CHECK(plain && plain->n_rows > 10, "there is a table");
    for (size_t c = 0; plain && c < sizeof factor / sizeof *factor; c++) {
        double y1[K], v1[K];
        for (size_t i = 0; i < K; i++) {
            y1[i] = factor[c] * y[i];
            v1[i] = factor[c] * factor[c] * v[i];
        }
        mpl_bias *const other = bias_of(y1, v1, K, NULL, &e1, &f1);
        CHECK(other && other->n_rows == plain->n_rows && other->n_filled == plain->n_filled, "factor %g", factor[c]);
        for (size_t r = 0; other && r < plain->n_rows; r++) {
            const mpl_bias_row *const a = &plain->rows[r], *const b = &other->rows[r];
            CHECK(!a->why == !b->why && same(a->coefficient.pval, b->coefficient.pval), "p of %s, factor %g: %g, %g",
                  a->method->method.id, factor[c], a->coefficient.pval, b->coefficient.pval);
            CHECK(same(factor[c] * a->adjusted.estimate, b->adjusted.estimate), "mean of %s, factor %g",
                  a->method->method.id, factor[c]);
            if (strcmp(a->method->method.id, "lfk") || factor[c] > 0) /* its ranks start at 1/2 on one side only */
                CHECK(same(fabs(a->value), fabs(b->value)), "number of %s, factor %g: %g, %g", a->method->method.id,
                  factor[c], a->value, b->value);
        }
        mpl_bias_free(other);
        mpl_fit_free(f1);
        mpl_effects_free(e1);
    }
    mpl_bias_free(plain);
    mpl_fit_free(f0);
    mpl_effects_free(e0);
}

/* ---- what cannot be done is said */

static void check_refusals(void)
{
    static const double y[] = { 0.1, 0.2, 0.3, 0.35 }, v[] = { 0.1, 0.1, 0.1, 0.1 };
    mpl_effects *effects;
    mpl_fit *fit;
    for (size_t k = 1; k <= 4; k++) {
        mpl_bias *const bias = bias_of(y, v, k, NULL, &effects, &fit);
        CHECK(bias != NULL, "k = %zu", k);
        for (size_t r = 0; bias && r < bias->n_rows; r++) {
            const mpl_bias_row *const row = &bias->rows[r];
            const char *const id = row->method->method.id;
            if (!strcmp(id, "egger") || !strcmp(id, "begg") || !strcmp(id, "pet"))
                CHECK(row->why && *row->why, "%s needs different variances", id);
            if (!row->why)
                CHECK(!isnan(row->coefficient.pval) || !isnan(row->adjusted.estimate) || !isnan(row->value),
                      "%s with k = %zu says nothing", id, k);
        }
        mpl_bias_free(bias);
        mpl_fit_free(fit);
        mpl_effects_free(effects);
    }
    const mpl_bias_options unknown = { .only = "egger,no-such" }, few = { .only = "harbord" };
    mpl_error err = { 0 };
    analysis a = { NULL, NULL, NULL, NULL };
    CHECK(look("bcg", "RR", "REML", &unknown, &a, &err) == MPL_ERR_NAME && strstr(err.message, "no-such"), "%s",
          err.message);
    drop(&a);
    CHECK(look("expectancy", "SMD", "REML", &few, &a, &err) == MPL_OK && a.bias->n_rows == 1 && a.bias->rows[0].why,
          "a row asked for by name is there, with its reason");
    drop(&a);
}

/* Exact p of Kendall's correlation for n = 4 from the 24 permutations: 1, 3, 5, 6, 5, 3, 1 of each count. */
static void check_kendall(void)
{
    static const double x[] = { 1, 2, 3, 4 }, up[] = { 1, 2, 3, 4 }, one[] = { 2, 1, 3, 4 }, two[] = { 2, 1, 4, 3 };
    static const double tied[] = { 1, 1, 2, 3 };
    mpl__arena *const scratch = mpl__arena_new();
    mpl__kendall k;
    CHECK(mpl__kendall_test(scratch, x, up, 4, 100, &k) && k.exact, "exact");
    CHECK_CLOSE(k.pval, 2.0 / 24, 1e-14, "perfect order");
    CHECK(mpl__kendall_test(scratch, x, one, 4, 100, &k), "one swap");
    CHECK_CLOSE(k.pval, 8.0 / 24, 1e-14, "one swap");
    CHECK(mpl__kendall_test(scratch, x, two, 4, 100, &k), "two swaps");
    CHECK_CLOSE(k.pval, 18.0 / 24, 1e-14, "two swaps");
    CHECK(mpl__kendall_test(scratch, x, tied, 4, 100, &k) && !k.exact, "ties are not exact");
    CHECK_CLOSE(k.tau, 5 / sqrt(30), 1e-14, "tau-b");
    mpl__arena_free(scratch);
}

int main(void)
{
    check_reference("ref/bias.csv");
    check_reference("ref/bias_findings.csv");
    check_copas();
    check_three_parameters();
    check_laws();
    check_refusals();
    check_kendall();
    return check_done();
}
