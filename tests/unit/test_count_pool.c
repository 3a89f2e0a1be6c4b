/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Methods MH and PETO: against metafor and base R, by their laws, and where nothing can be estimated. */
#include <stdint.h>

#include <metapool.h>

#include "check.h"

enum { MOST_TABLES = 16 };

typedef struct tables {
    size_t n;
    double a[MOST_TABLES], n1[MOST_TABLES], c[MOST_TABLES], n2[MOST_TABLES];
} tables;

/* "4/123:11/139 6/306:29/303" */
static tables read_tables(const char *text)
{
    tables t = { .n = 0 };
    int used = 0;
    while (t.n < MOST_TABLES && sscanf(text, "%lf/%lf:%lf/%lf %n", &t.a[t.n], &t.n1[t.n], &t.c[t.n], &t.n2[t.n],
                                       &used) == 4) {
        text += used;
        t.n++;
    }
    CHECK(!*text && t.n > 0, "not tables: %s", text);
    return t;
}

static mpl_effects *effects_of(const tables *t, const mpl_effect_options *options)
{
    static const char *const two[2] = { "study,ai,n1i,ci,n2i\n", "study,x1i,t1i,x2i,t2i\n" };
    static char text[4000];
    mpl_dataset *data = NULL;
    mpl_effects *out = NULL;
    mpl_error err;
    size_t n = (size_t)snprintf(text, sizeof text, "%s", two[options->measure[0] == 'I']);
    for (size_t i = 0; i < t->n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "s%zu,%.17g,%.17g,%.17g,%.17g\n", i + 1, t->a[i], t->n1[i],
                              t->c[i], t->n2[i]);
    if (mpl_dataset_read_bytes(text, n, "t.csv", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, options, &out, &err) != MPL_OK)
        check_die(err.message, text);
    mpl_dataset_free(data);
    return out;
}

static mpl_fit *pool(const tables *t, const char *measure, const mpl_fit_options *options, bool drop00)
{
    mpl_fit *fit = NULL;
    mpl_error err;
    mpl_effects *const e = effects_of(t, &(mpl_effect_options){ .measure = measure, .drop00 = drop00 });
    if (mpl_fit_new(e, NULL, options, &fit, &err) != MPL_OK)
        check_die(err.message, measure);
    mpl_effects_free(e);
    return fit;
}

static const mpl_note *find_note(const mpl_fit *fit, const char *code)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].code, code))
            return &fit->notes[i];
    return NULL;
}

static void check_tests(const mpl_fit *fit, const check_csv *csv, size_t r)
{
    static const struct {
        const char *id, *column;
    } tests[] = {
        { "cmh", "cmh" }, { "cmh-uncorrected", "cmh_uncorrected" }, { "cochran", "cochran" },
        { "cochran-uncorrected", "cochran_uncorrected" }, { "breslow-day", "breslow_day" }, { "tarone", "tarone" },
        { "mh-rates", "cmh" }, { "mh-rates-uncorrected", "cmh_uncorrected" },
    };
    for (size_t i = 0; i < fit->n_hypotheses; i++) {
        const mpl_hypothesis *const h = &fit->hypotheses[i];
        bool known = false;
        for (size_t j = 0; j < sizeof tests / sizeof *tests; j++)
            if (!strcmp(h->id, tests[j].id)) {
                const double want = check_csv_real(csv, r, tests[j].column);
                known = true;
                if (!isnan(want))
                    CHECK_CLOSE(h->statistic, want, 1e-12, "%s %s", check_csv_row(csv, r), h->id);
            }
        CHECK(known, "%s has no reference column", h->id);
    }
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/counts.csv");
    for (size_t r = 0; r < csv->n_rows; r++) {
        const char *const measure = check_csv_text(csv, r, "measure");
        const bool is_meta = !strcmp(check_csv_text(csv, r, "method"), "meta");
        const char *const counts = check_csv_text(csv, r, "mh_counts");
        const mpl_fit_options options = { .method = is_meta ? "MH" : check_csv_text(csv, r, "method"),
                                          .mh_counts = counts && *counts ? counts : NULL,
                                          .rd_variance = is_meta ? "greenland-robins" : NULL };
        const tables t = read_tables(check_csv_text(csv, r, "data"));
        /* In sums of corrected counts a table without events takes part unless it is dropped. */
        mpl_fit *const fit = pool(&t, measure, &options, strcmp(measure, "RD") && strcmp(measure, "IRD"));
        CHECK_CLOSE(fit->terms->estimate, check_csv_real(csv, r, "estimate"), 1e-12, "%s", check_csv_row(csv, r));
        CHECK_CLOSE(fit->terms->se, check_csv_real(csv, r, "se"), 1e-13, "%s se", check_csv_row(csv, r));
        if (!is_meta) {
            CHECK_CLOSE(fit->q, check_csv_real(csv, r, "q"), 1e-12, "%s Q", check_csv_row(csv, r));
            CHECK_CLOSE(fit->q_df, check_csv_real(csv, r, "q_df"), 0, "%s df", check_csv_row(csv, r));
        }
        check_tests(fit, csv, r);
        mpl_fit_free(fit);
    }
    check_csv_free(csv);
}

static const struct {
    const char *measure, *method;
} both[] = { { "OR", "MH" }, { "RR", "MH" }, { "RD", "MH" }, { "IRR", "MH" }, { "IRD", "MH" }, { "PETO", "PETO" } };

static const char PLAIN[] = "0/20:3/22 2/25:0/26 5/40:7/41 4/10:9/50 12/13:8/14";

/* The groups exchanged turn the sign; tables without events change no ratio; weights add up to 100. */
static void laws(void)
{
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        const tables t = read_tables(PLAIN);
        tables turned = t, more = read_tables("0/20:3/22 2/25:0/26 5/40:7/41 0/9:0/70 4/10:9/50 12/13:8/14");
        for (size_t j = 0; j < t.n; j++) {
            turned.a[j] = t.c[j], turned.n1[j] = t.n2[j];
            turned.c[j] = t.a[j], turned.n2[j] = t.n1[j];
        }
        const mpl_fit_options options = { .method = both[i].method };
        const bool is_ratio = both[i].measure[strlen(both[i].measure) - 1] != 'D';
        mpl_fit *const one = pool(&t, both[i].measure, &options, false);
        mpl_fit *const other = pool(&turned, both[i].measure, &options, false);
        mpl_fit *const with = pool(&more, both[i].measure, &options, false);
        mpl_fit *const without = pool(&more, both[i].measure, &options, true);
        const char *const m = both[i].measure;
        double sum = 0;
        for (size_t j = 0; j < with->k; j++)
            sum += with->weights[j];
        CHECK_CLOSE(sum, 100, 1e-14, "%s: weights", m);
        CHECK_CLOSE(other->terms->estimate, -one->terms->estimate, 1e-13, "%s: groups exchanged", m);
        CHECK_CLOSE(other->terms->se, one->terms->se, 1e-13, "%s: groups exchanged", m);
        CHECK_CLOSE(other->q, one->q, 1e-12, "%s: groups exchanged", m);
        CHECK((with->terms->estimate == one->terms->estimate) == is_ratio, "%s: a table without events", m);
        CHECK(without->terms->estimate == one->terms->estimate, "%s: a table dropped", m);
        CHECK((with->weights[3] == 0) == is_ratio && with->k == 6 && without->k == 5, "%s: its weight", m);
        CHECK(!!find_note(with, "no-information") == is_ratio, "%s: its note", m);
        CHECK(with->q_df == (is_ratio ? 4 : 5), "%s: df of Q %g", m, with->q_df);
        CHECK(find_note(one, "counts-as-reported"), "%s: corrections are elsewhere", m);
        CHECK(one->test == mpl_method_find(mpl_test_method, "z") && one->tau2 == 0 && isnan(one->pi_lb), "%s: by z", m);
        mpl_fit_free(one);
        mpl_fit_free(other);
        mpl_fit_free(with);
        mpl_fit_free(without);
    }
}

/* Counts so large that products of them would overflow integers, and doubles if they were not divided first. */
static void huge(void)
{
    const tables t = read_tables("3/20:5/22 2/25:4/26");
    tables big = t;
    for (size_t j = 0; j < t.n; j++) {
        big.a[j] *= 1e12, big.n1[j] *= 1e12;
        big.c[j] *= 1e12, big.n2[j] *= 1e12;
    }
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        mpl_fit *const one = pool(&t, both[i].measure, &(mpl_fit_options){ .method = both[i].method }, false);
        mpl_fit *const other = pool(&big, both[i].measure, &(mpl_fit_options){ .method = both[i].method }, false);
        const bool is_rate = both[i].measure[0] == 'I', is_peto = !strcmp(both[i].method, "PETO");
        if (!is_peto) /* its variance has N - 1 */
            CHECK_CLOSE(other->terms->estimate, one->terms->estimate, 1e-13, "%s: huge", both[i].measure);
        if (!is_peto)
            CHECK_CLOSE(other->terms->se * 1e6, one->terms->se, 1e-13, "%s: huge, %d", both[i].measure, is_rate);
        mpl_fit_free(one);
        mpl_fit_free(other);
    }
}

static void one_table(void)
{
    const tables t = read_tables("7/30:3/29");
    mpl_fit *const fit = pool(&t, "OR", &(mpl_fit_options){ .method = "MH" }, false);
    CHECK_CLOSE(fit->terms->estimate, log(7.0 * 26 / (23.0 * 3)), 1e-15, "one table: its own odds ratio");
    CHECK_CLOSE(fit->vb[0], 1 / 7.0 + 1 / 23.0 + 1 / 3.0 + 1 / 26.0, 1e-15, "one table: Woolf's variance");
    CHECK(fit->q == 0 && fit->q_df == 0 && fit->q_pval == 1 && isnan(fit->i2), "one table: no heterogeneity");
    mpl_fit_free(fit);
}

/* What does not exist is NaN, with a note that says why. */
static void not_estimable(void)
{
    static const struct {
        const char *data, *measure, *method, *says;
        bool has_estimate;
    } row[] = {
        { "0/20:3/22 0/25:4/26", "OR", "MH", "no study has both events in group 1 and non-events in group 2", false },
        { "3/20:0/22 4/25:0/26", "OR", "MH", "no study has both non-events in group 1 and events in group 2", false },
        { "0/20:3/22 0/25:4/26", "RR", "MH", "no study has events in group 1", false },
        { "3/20:0/22 4/25:0/26", "IRR", "MH", "no study has events in group 2", false },
        { "0/20:0/22 0/25:0/26", "RD", "MH", "variance of the pooled difference is 0", true },
        { "0/20:0/22 0/25:0/26", "IRD", "MH", "variance of the pooled difference is 0", true },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const tables t = read_tables(row[i].data);
        mpl_fit *const fit = pool(&t, row[i].measure, &(mpl_fit_options){ .method = row[i].method }, false);
        const mpl_note *const note = find_note(fit, "not-estimable");
        CHECK(isnan(fit->terms->estimate) != row[i].has_estimate && isnan(fit->terms->se) && isnan(fit->terms->pval) &&
                  isnan(fit->terms->ci_lb) && isnan(fit->terms->ci_ub), "%s %s", row[i].measure, row[i].data);
        CHECK(note && strstr(note->text, row[i].says), "%s %s: %s", row[i].measure, row[i].data,
              note ? note->text : "no note");
        mpl_fit_free(fit);
    }
    const tables extreme = read_tables("0/20:3/22 0/25:4/26 0/30:9/31"), flat = read_tables("9/90:1/30 3/40:2/41");
    mpl_fit *const large = pool(&extreme, "PETO", &(mpl_fit_options){ .method = "PETO" }, false);
    mpl_fit *const small = pool(&flat, "PETO", &(mpl_fit_options){ .method = "PETO" }, false);
    CHECK(find_note(large, "peto-large-effect") && !find_note(large, "peto-unbalanced"), "large effect");
    CHECK(!find_note(small, "peto-large-effect") && find_note(small, "peto-unbalanced"), "groups of unequal size");
    mpl_fit_free(large);
    mpl_fit_free(small);
}

/* Studies that are in the list and not in the sums, and the other way round. */
static void partly(void)
{
    static const char csv[] = "study,ai,n1i,ci,n2i,yi,vi\nA,3,20,5,22,,\nB,,,,,0.5,0.2\nC,0,30,4,31,,\n";
    mpl_dataset *data = NULL;
    mpl_effects *e = NULL;
    mpl_fit *fit = NULL;
    mpl_error err;
    if (mpl_dataset_read_bytes(csv, strlen(csv), "t.csv", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, &(mpl_effect_options){ .measure = "OR", .to = "none" }, &e, &err) != MPL_OK ||
        mpl_fit_new(e, NULL, &(mpl_fit_options){ .method = "MH" }, &fit, &err) != MPL_OK)
        check_die(err.message, csv);
    const tables t = read_tables("3/20:5/22 0/30:4/31");
    mpl_fit *const both_tables = pool(&t, "OR", &(mpl_fit_options){ .method = "MH" }, false);
    const mpl_note *const out = find_note(fit, "not-pooled"), *const in = find_note(fit, "pooled-by-counts");
    CHECK(fit->terms->estimate == both_tables->terms->estimate, "the counts of both tables");
    CHECK(fit->k == 2 && fit->weights[1] == 0 && fit->weights[0] == both_tables->weights[0], "shares of all tables");
    CHECK(out && strstr(out->text, "1 study: B"), "an effect without counts");
    CHECK(in && strstr(in->text, "1 study: C"), "counts without an effect");
    mpl_fit_free(both_tables);
    mpl_fit_free(fit);
    mpl_effects_free(e);
    mpl_dataset_free(data);
}

static void refuses(void)
{
    static const struct {
        const char *measure;
        mpl_fit_options options;
        mpl_status want;
        const char *says;
    } row[] = {
        { "AS", { .method = "MH" }, MPL_ERR_ARG, "OR RR RD IRR IRD" },
        { "OR", { .method = "PETO" }, MPL_ERR_ARG, "PETO" },
        { "OR", { .method = "MH", .test = "hksj" }, MPL_ERR_ARG, "test z only" },
        { "OR", { .method = "DL", .mh_counts = "corrected" }, MPL_ERR_ARG, "--mh-counts is for method MH, not for DL" },
        { "PETO", { .method = "PETO", .rd_variance = "sato" }, MPL_ERR_ARG, "--rd-variance is for method MH" },
        { "OR", { .method = "MH", .tau2 = { true, 0.5 } }, MPL_ERR_ARG, "tau2" },
    };
    const tables t = read_tables(PLAIN);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *const e = effects_of(&t, &(mpl_effect_options){ .measure = row[i].measure });
        mpl_fit *fit = NULL;
        mpl_error err = { .code = MPL_OK };
        const mpl_status s = mpl_fit_new(e, NULL, &row[i].options, &fit, &err);
        CHECK(s == row[i].want && !fit && strstr(err.message, row[i].says), "row %zu: %s", i, err.message);
        mpl_effects_free(e);
    }
    const double yi[] = { 0.1, 0.2 }, vi[] = { 0.1, 0.1 };
    mpl_effects *e = NULL;
    mpl_fit *fit = NULL;
    mpl_error err;
    CHECK(mpl_effects_new_arrays(yi, vi, NULL, 2, &(mpl_effect_options){ .measure = "OR" }, &e, &err) == MPL_OK &&
              mpl_fit_new(e, NULL, &(mpl_fit_options){ .method = "MH" }, &fit, &err) == MPL_ERR_DATA &&
              strstr(err.message, "no study reports any"), "no counts");
    mpl_effects_free(e);
    fit = pool(&t, "OR", &(mpl_fit_options){ .profile = "revman5" }, false);
    CHECK(!fit->options.mh_counts && !fit->options.rd_variance, "a profile's options of other methods are not kept");
    mpl_fit_free(fit);
    fit = pool(&t, "RD", &(mpl_fit_options){ .profile = "revman5", .method = "MH" }, false);
    CHECK_STR(fit->options.mh_counts, "corrected", "RevMan adds to zero cells");
    CHECK_STR(fit->options.rd_variance, "greenland-robins", "RevMan's variance");
    mpl_fit_free(fit);
}

int main(void)
{
    reference();
    laws();
    huge();
    one_table();
    not_estimable();
    partly();
    refuses();
    return check_done();
}
