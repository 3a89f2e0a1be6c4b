/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Case diagnostics against metafor; refits against fits to the same studies; too few studies, equal effects. */
#include "check.h"

#include <stdint.h>

#include <metapool.h>

static mpl_dataset *data;

/* Effects and a fit, of a mean or of a regression. */
typedef struct made {
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_regression *regression;
    mpl_influence *influence;
    mpl_error err;
} made;

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

static made make(const char *method, const char *test, const char *mods)
{
    made m = { .effects = NULL };
    const mpl_fit_options options = { .method = method, .test = test };
    must(mpl_effects_new(data, NULL, &m.effects, &m.err), &m.err);
    if (*mods)
        must(mpl_regress_new(data, m.effects, &options, &(mpl_regress_options){ .mods = mods }, &m.regression, &m.err),
             &m.err);
    else
        must(mpl_fit_new(m.effects, NULL, &options, &m.fit, &m.err), &m.err);
    must(mpl_influence_new(m.effects, *mods ? m.regression->design : NULL, *mods ? m.regression->fit : m.fit, NULL,
                           &m.influence, &m.err), &m.err);
    return m;
}

static void drop(made *m)
{
    mpl_influence_free(m->influence);
    mpl_regress_free(m->regression);
    mpl_fit_free(m->fit);
    mpl_effects_free(m->effects);
}

static double value(const mpl_influence *inf, size_t i, const char *id)
{
    if (!strncmp(id, "dfbetas", 7) && id[7])
        return inf->rows[i].dfbetas[id[7] - '1'];
    if (!strcmp(id, "flagged"))
        return *inf->rows[i].flags != '\0';
    for (size_t j = 0; j < inf->n_diagnostics; j++)
        if (!strcmp(mpl_diagnostic_method(j)->id, id))
            return inf->rows[i].values[j];
    return (double)NAN;
}

static void test_metafor(void)
{
    check_csv *const csv = check_csv_open("ref/influence.csv");
    char last[100] = "";
    made m = { .effects = NULL };
    for (size_t r = 0; r < csv->n_rows; r++) {
        const char *const method = check_csv_text(csv, r, "method"), *const theirs = check_csv_text(csv, r, "test");
        const char *const mods = check_csv_text(csv, r, "mods"), *const id = check_csv_text(csv, r, "diagnostic");
        const char *const test = !strcmp(theirs, "z") ? "z" : !strcmp(theirs, "knha") ? "hksj" : "hksj-adhoc";
        char name[100];
        snprintf(name, sizeof name, "%s %s %s", method, test, mods);
        if (strcmp(name, last)) {
            drop(&m);
            m = make(method, test, mods);
            strcpy(last, name);
        }
        /* their roots are good to 1e-8 or so of tau2, whose part in a small change of the mean is larger */
        const size_t i = (size_t)check_csv_real(csv, r, "study") - 1;
        const double got = value(m.influence, i, id), want = check_csv_real(csv, r, "value");
        CHECK(fabs(got - want) <= 1e-7 * fmax(fabs(want), 0.1), "%s study %zu %s: %.15g, not %.15g", name, i + 1, id,
              got, want);
    }
    drop(&m);
    check_csv_free(csv);
}

/* ---- refits are fits to the same studies */

static bool in_set(void *ctx, size_t index, mpl_exclusion *why)
{
    (void)why;
    return ((const bool *)ctx)[index];
}

static void same(const char *name, const mpl_refit *row, const mpl_effects *effects, const bool *used,
                 const mpl_fit_options *options)
{
    mpl_effects *part;
    mpl_fit *fit;
    mpl_error err;
    must(mpl_effects_subset(effects, in_set, (void *)(uintptr_t)used, &part, &err), &err);
    const mpl_status s = mpl_fit_new(part, NULL, options, &fit, &err);
    CHECK((s == MPL_OK) == (row->fit != NULL), "%s %s: %s", name, row->label, row->why ? row->why : "fits");
    if (s == MPL_OK && row->fit) {
        const struct { const char *what; double got, want; } all[] = {
            { "estimate", row->fit->terms[0].estimate, fit->terms[0].estimate },
            { "se", row->fit->terms[0].se, fit->terms[0].se },
            { "ci_lb", row->fit->terms[0].ci_lb, fit->terms[0].ci_lb },
            { "tau2", row->fit->tau2, fit->tau2 }, { "q", row->fit->q, fit->q }, { "i2", row->fit->i2, fit->i2 },
            { "tau2_ci.ub", row->fit->tau2_ci.ub, fit->tau2_ci.ub }, { "pi_lb", row->fit->pi_lb, fit->pi_lb },
        };
        CHECK(row->fit->k == fit->k, "%s %s: %zu", name, row->label, row->fit->k);
        for (size_t j = 0; j < sizeof all / sizeof *all; j++)
            CHECK(check_error(all[j].got, all[j].want) <= 1e-12, "%s %s %s: %.17g, not %.17g", name, row->label,
                  all[j].what, all[j].got, all[j].want);
    }
    mpl_fit_free(fit);
    mpl_effects_free(part);
}

static void test_refits(void)
{
    for (size_t i = 0; mpl_fit_method(i); i++) {
        const char *const method = mpl_fit_method(i)->id;
        const mpl_fit_options options = { .method = method };
        mpl_effects *effects;
        mpl_fit *fit;
        mpl_refits *loo, *cumulative;
        mpl_error err;
        bool used[20];
        must(mpl_effects_new(data, &(mpl_effect_options){ .measure = "OR" }, &effects, &err), &err);
        if (mpl_fit_new(effects, NULL, &options, &fit, &err) != MPL_OK) { /* pools another measure */
            mpl_effects_free(effects);
            continue;
        }
        const mpl_analysis a = { .data = data, .effects = effects, .fit = fit };
        must(mpl_loo_new(&a, NULL, &loo, &err), &err);
        must(mpl_cumulative_new(&a, &(mpl_cumulative_options){ .order = "trial" }, &cumulative, &err), &err);
        CHECK(loo->n == 13 && cumulative->n == 13, "%s: %zu, %zu", method, loo->n, cumulative->n);
        for (size_t j = 0; j < 13; j++) {
            memset(used, true, sizeof used);
            used[j] = false;
            same(method, &loo->rows[j], effects, used, &options);
            memset(used, false, sizeof used);
            memset(used, true, j + 1);
            same(method, &cumulative->rows[j], effects, used, &options);
        }
        CHECK_CLOSE(cumulative->rows[12].fit->tau2, fit->tau2, 1e-14, "%s", method);
        mpl_refits_free(loo);
        mpl_refits_free(cumulative);
        mpl_fit_free(fit);
        mpl_effects_free(effects);
    }
}

static void test_clusters_and_order(void)
{
    made m = make("REML", "z", "");
    const mpl_analysis a = { .data = data, .effects = m.effects, .fit = m.fit };
    mpl_refits *r;
    must(mpl_loo_new(&a, &(mpl_loo_options){ .cluster = "alloc" }, &r, &m.err), &m.err);
    CHECK(r->n == 3, "%zu", r->n);
    CHECK_STR(r->rows[0].label, "random", "first cluster of the file");
    CHECK(r->rows[0].n_changed == 7 && r->rows[0].fit->k == 6 && r->rows[0].row == 0, "%zu", r->rows[0].n_changed);
    mpl_refits_free(r);
    must(mpl_cumulative_new(&a, &(mpl_cumulative_options){ .order = "-year", .collapse = true }, &r, &m.err), &m.err);
    CHECK(r->n == 12, "%zu", r->n);
    CHECK_STR(r->rows[0].value, "1980", "the last year first");
    CHECK(r->rows[4].n_changed == 2 && !strcmp(r->rows[4].label, "1973"), "%s", r->rows[4].label);
    mpl_refits_free(r);
    CHECK(mpl_loo_new(&a, &(mpl_loo_options){ .cluster = "aloc" }, &r, &m.err) == MPL_ERR_NAME && !r, "%s",
          m.err.message);
    CHECK(mpl_cumulative_new(&a, &(mpl_cumulative_options){ .collapse = true }, &r, &m.err) == MPL_ERR_ARG, "%s",
          m.err.message);
    drop(&m);
}

/* ---- edges */

static made make_arrays(const double *yi, const double *vi, size_t k, const mpl_fit_options *options,
                        const mpl_influence_options *influence)
{
    made m = { .effects = NULL };
    must(mpl_effects_new_arrays(yi, vi, NULL, k, NULL, &m.effects, &m.err), &m.err);
    must(mpl_fit_new(m.effects, NULL, options, &m.fit, &m.err), &m.err);
    must(mpl_influence_new(m.effects, NULL, m.fit, influence, &m.influence, &m.err), &m.err);
    return m;
}

static void test_two(void)
{
    made m = make_arrays((const double[]){ 0.1, 0.9 }, (const double[]){ 0.04, 0.04 }, 2, NULL, NULL);
    CHECK_CLOSE(m.influence->rows[0].without->terms[0].estimate, 0.9, 1e-15, "the other one is left");
    CHECK(isnan(m.influence->rows[0].without->tau2), "one study tells no tau2");
    CHECK_CLOSE(value(m.influence, 0, "hat"), 0.5, 1e-14, "hat");
    drop(&m);
    made one = { .effects = NULL };
    must(mpl_effects_new_arrays((const double[]){ 1 }, (const double[]){ 1 }, NULL, 1, NULL, &one.effects, &one.err),
         &one.err);
    must(mpl_fit_new(one.effects, NULL, NULL, &one.fit, &one.err), &one.err);
    CHECK(mpl_influence_new(one.effects, NULL, one.fit, NULL, &one.influence, &one.err) == MPL_ERR_TOO_FEW, "%s",
          one.err.message);
    drop(&one);
}

static void test_equal_effects(void)
{
    const double y[] = { 0.5, 0.5, 0.5, 0.5 }, v[] = { 0.1, 0.2, 0.3, 0.4 };
    made m = make_arrays(y, v, 4, NULL, NULL);
    for (size_t i = 0; i < 4; i++) {
        CHECK(fabs(value(m.influence, i, "rstandard")) < 1e-12, "%g", value(m.influence, i, "rstandard"));
        CHECK_CLOSE(value(m.influence, i, "hat"), 1 / v[i] / (1 / 0.1 + 1 / 0.2 + 1 / 0.3 + 1 / 0.4), 1e-13, "hat");
        CHECK_STR(m.influence->rows[i].flags, "", "nothing is flagged");
    }
    drop(&m);
}

/* Without the study with the infinite weight the rest has tau2 = 0, or a zero variance is left: a reason, no number. */
static void test_zero_variance(void)
{
    const double y[] = { 0.5, 0.9, 0.5 }, v[] = { 0, 0.01, 0.1 };
    made m = make_arrays(y, v, 3, &(mpl_fit_options){ .method = "PM" }, NULL);
    CHECK(!m.influence->rows[1].without && m.influence->rows[1].why && isnan(value(m.influence, 1, "cook")),
          "without the second the others are equal, and one has variance 0");
    CHECK(m.influence->n_notes > 0, "which is noted");
    drop(&m);
}

static void test_threshold(void)
{
    const double y[] = { 0.2, 0.25, 0.3, 1.5 }, v[] = { 0.01, 0.01, 0.01, 0.01 };
    const mpl_influence_options options = { .threshold = { true, 0.35 } };
    made m = make_arrays(y, v, 4, &(mpl_fit_options){ .method = "EE" }, &options);
    CHECK(m.influence->ci_includes == 0, "0.5625 -+ 0.098 is above 0.35");
    CHECK_STR(m.influence->rows[3].changes, "CI", "0.25 -+ 0.113 includes it");
    CHECK_STR(m.influence->rows[0].changes, "", "0.683 -+ 0.113 does not");
    CHECK(m.influence->n_changing == 1, "%zu", m.influence->n_changing);
    CHECK(strstr(m.influence->rows[3].flags, "cook") != NULL, "%s", m.influence->rows[3].flags);
    drop(&m);
}

/* The only study at a level of a factor cannot be left out of a model with it. */
static void test_only_one_of_a_kind(void)
{
    mpl_dataset *const all = data;
    mpl_error err;
    must(mpl_dataset_filter(all, "alloc != 'systematic' or trial = 5", &data, &err), &err);
    made m = make("REML", "z", "alloc");
    size_t n = 0;
    for (size_t i = 0; i < m.influence->k; i++)
        n += !m.influence->rows[i].without;
    for (size_t i = 0; i < m.influence->k; i++)
        if (!m.influence->rows[i].without)
            CHECK(m.influence->rows[i].why && m.influence->rows[i].values && isnan(value(m.influence, i, "dffits")),
                  "study %zu", i);
    CHECK(n <= 1, "%zu", n);
    drop(&m);
    mpl_dataset_free(data);
    data = all;
}

int main(void)
{
    mpl_error err;
    must(mpl_dataset_read("bcg", NULL, &data, &err), &err);
    test_metafor();
    test_refits();
    test_clusters_and_order();
    test_two();
    test_equal_effects();
    test_zero_variance();
    test_threshold();
    test_only_one_of_a_kind();
    mpl_dataset_free(data);
    return check_done();
}
