/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tipping points against other software and published examples; laws; what cannot tip. */
#include "check.h"

#include <metapool.h>

/* An analysis of a bundled dataset, or of arrays. */
typedef struct bench {
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_tipping *tipping;
    mpl_analysis analysis;
} bench;

static void finish(bench *b, const char *test, const mpl_tipping_options *options, mpl_status want)
{
    mpl_error err = { 0 };
    if (mpl_fit_new(b->effects, NULL, &(mpl_fit_options){ .test = test }, &b->fit, &err) != MPL_OK)
        check_die("fit", err.message);
    b->analysis = (mpl_analysis){ .effects = b->effects, .fit = b->fit };
    const mpl_status got = mpl_tipping_new(&b->analysis, options, &b->tipping, &err);
    CHECK(got == want, "status %d: %s", (int)got, err.message);
}

static void start(bench *b, const char *id, const char *measure, const char *test, const mpl_tipping_options *options)
{
    static const double yi[] = { -0.693147180559945309, -0.510825623765990683 }, vi[] = { 0.01, 0.02 };
    const mpl_effect_options effect = { .measure = measure };
    mpl_dataset *data = NULL;
    mpl_error err = { 0 };
    *b = (bench){ NULL, NULL, NULL, { NULL, NULL, NULL, NULL } };
    const bool is_two = strcmp(id, "two") == 0;
    mpl_status s = is_two ? mpl_effects_new_arrays(yi, vi, NULL, 2, &effect, &b->effects, &err)
                          : mpl_dataset_read(id, NULL, &data, &err);
    if (s == MPL_OK && !is_two)
        s = mpl_effects_new(data, &effect, &b->effects, &err);
    if (s != MPL_OK)
        check_die(id, err.message);
    mpl_dataset_free(data);
    finish(b, test, options, MPL_OK);
}

static void end(bench *b)
{
    mpl_tipping_free(b->tipping);
    mpl_fit_free(b->fit);
    mpl_effects_free(b->effects);
}

static void close_to(double got, double want, double tol, const char *what, const char *row)
{
    if (isnan(want))
        CHECK(isnan(got) || isinf(got), "%s: %s is %.12g, and there is none", row, what, got);
    else
        CHECK(fabs(got - want) <= tol * fmax(fabs(want), 0.1), "%s: %s %.12g", row, what, got);
}

static void check_means(void)
{
    check_csv *const csv = check_csv_open("ref/tipping.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const method = check_csv_text(csv, i, "method"), *const row = check_csv_row(csv, i);
        const double tol = strcmp(method, "stepfun") ? 1e-10 : 3e-7; /* their maximum is from values alone */
        bench b;
        start(&b, check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"), NULL,
              &(mpl_tipping_options){ .severities = check_csv_text(csv, i, "severity") });
        for (size_t r = 0; r < b.tipping->n_rows; r++) {
            const mpl_tipping_row *const at = &b.tipping->rows[r];
            if (strcmp(at->method->id, method) != 0)
                continue;
            close_to(at->mean.estimate, check_csv_real(csv, i, "estimate"), tol, "estimate", row);
            close_to(at->mean.se, check_csv_real(csv, i, "se"), tol, "se", row);
            close_to(at->mean.df, check_csv_real(csv, i, "df"), tol, "df", row);
            close_to(at->mean.ci_lb, check_csv_real(csv, i, "ci_lb"), tol, "ci_lb", row);
            close_to(at->mean.ci_ub, check_csv_real(csv, i, "ci_ub"), tol, "ci_ub", row);
        }
        for (size_t p = 0; p < b.tipping->n_points; p++) {
            const mpl_tipping_point *const at = &b.tipping->points[p];
            if (strcmp(at->method->id, method) != 0)
                continue;
            close_to(at->estimate, check_csv_real(csv, i, "tips_estimate"), fmax(tol, 1e-9), "tips", row);
            close_to(at->limit, check_csv_real(csv, i, "tips_limit"), fmax(tol, 1e-9), "limit tips", row);
        }
        end(&b);
    }
    check_csv_free(csv);
}

static void check_evalues(void)
{
    static const char *const columns[] = { "share", "bias", "strength" }, *const errors[] = { "share_se", "bias_se",
                                                                                              "strength_se" };
    check_csv *const csv = check_csv_open("ref/evalue.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const row = check_csv_row(csv, i);
        bench b;
        start(&b, check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"),
              strcmp(check_csv_text(csv, i, "data"), "two") ? "hksj" : "z",
              &(mpl_tipping_options){ .outcome = check_csv_text(csv, i, "outcome") });
        const mpl_tipping *const t = b.tipping;
        if (CHECK(t->n_evalues == 1, "%s: E-values", row)) {
            close_to(t->evalues[0].rr, check_csv_real(csv, i, "rr"), 1e-9, "rr", row);
            close_to(t->evalues[0].estimate, check_csv_real(csv, i, "estimate"), 1e-9, "E-value", row);
            close_to(t->evalues[0].limit, check_csv_real(csv, i, "limit"), 1e-9, "E-value of the limit", row);
        }
        for (size_t q = 0; q < t->n_quantities; q++) {
            close_to(t->quantities[q].value, check_csv_real(csv, i, columns[q]), 1e-8, columns[q], row);
            close_to(t->quantities[q].se, check_csv_real(csv, i, errors[q]), 1e-7, errors[q], row);
        }
        end(&b);
    }
    check_csv_free(csv);
    /* VanderWeele & Ding 2017: smoking and lung cancer's 10.73 (8.02, 14.36); maternal milk's 3.9 (1.8, 8.7). */
    static const double published[][2] = { { 10.73, 20.95 }, { 8.02, 15.52 }, { 3.9, 7.26 }, { 1.8, 3.0 } };
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        CHECK(fabs(mpl_evalue_compute(published[i][0]) - published[i][1]) < 0.005, "E-value of %g: %g",
              published[i][0], mpl_evalue_compute(published[i][0]));
    CHECK(mpl_evalue_compute(1) == 1, "E-value of no effect");
    CHECK(isnan(mpl_evalue_compute(-1)) && isnan(mpl_evalue_compute(0)), "E-value of what is no ratio");
}

enum { K = 12 };
static const double y[K] = { 0.31, 0.42, 0.05, 0.61, 0.75, -0.12, 0.5, 0.9, 0.22, 0.67, 0.38, 1.1 };
static const double v[K] = { 0.02, 0.03, 0.01, 0.08, 0.09, 0.05, 0.04, 0.15, 0.01, 0.1, 0.06, 0.25 };

static void start_arrays(bench *b, double factor, double shift, const double *variances, const mpl_tipping_options *o,
                         mpl_status want)
{
    double yi[K], vi[K];
    mpl_error err = { 0 };
    for (size_t i = 0; i < K; i++) {
        yi[i] = factor * (y[i] + shift);
        vi[i] = factor * factor * variances[i];
    }
    *b = (bench){ NULL, NULL, NULL, { NULL, NULL, NULL, NULL } };
    if (mpl_effects_new_arrays(yi, vi, NULL, K, NULL, &b->effects, &err) != MPL_OK)
        check_die("effects", err.message);
    finish(b, "z", o, want);
}

/* The unit and the sign of effects do not move a tipping point; at one, the row says what it promises. */
static void check_laws(void)
{
    bench a, b, at;
    start_arrays(&a, 1, 0, v, NULL, MPL_OK);
    start_arrays(&b, -40, 0, v, NULL, MPL_OK);
    for (size_t p = 0; p < a.tipping->n_points; p++) {
        const mpl_tipping_point *const one = &a.tipping->points[p], *const other = &b.tipping->points[p];
        CHECK(one->k_affirmative == other->k_affirmative, "%s: affirmative", one->method->id);
        CHECK(one->estimate == other->estimate || fabs(one->estimate / other->estimate - 1) < 1e-5, "%s: %g and %g",
              one->method->id, one->estimate, other->estimate);
        CHECK(one->limit == other->limit || fabs(one->limit / other->limit - 1) < 1e-5, "%s: %g and %g",
              one->method->id, one->limit, other->limit);
        if (isinf(one->limit) || one->limit == 1)
            continue;
        char severity[40];
        snprintf(severity, sizeof severity, "%.15g", one->limit);
        start_arrays(&at, 1, 0, v, &(mpl_tipping_options){ .severities = severity }, MPL_OK);
        CHECK(fabs(at.tipping->rows[p].mean.ci_lb) < 1e-6, "%s: limit %g where it tips", one->method->id,
              at.tipping->rows[p].mean.ci_lb);
        end(&at);
    }
    CHECK(b.tipping->sign == -1 && a.tipping->sign == 1, "sides");
    end(&a);
    end(&b);
}

static void check_edges(void)
{
    static const double zero[K] = { 0, 0.03, 0.01, 0.08, 0.09, 0.05, 0.04, 0.15, 0.01, 0.1, 0.06, 0.25 };
    bench b;
    start_arrays(&b, 1, 5, v, NULL, MPL_OK); /* every study is affirmative */
    CHECK(b.tipping->k_affirmative == K && b.tipping->worst_why && b.tipping->n_notes > 0, "all are affirmative");
    CHECK(isinf(b.tipping->points[0].estimate) && b.tipping->points[0].worst.why, "weights cannot tip");
    end(&b);
    start_arrays(&b, 1, -0.3, v, &(mpl_tipping_options){ .target = { true, 5 } }, MPL_OK);
    CHECK(b.tipping->points[1].estimate == 1, "beyond the target from the start");
    end(&b);
    start_arrays(&b, 1, 0, zero, NULL, MPL_OK);
    CHECK(b.tipping->rows[0].why && isnan(b.tipping->points[0].estimate), "a variance of 0 is told");
    end(&b);
    start_arrays(&b, 1, 0, v, &(mpl_tipping_options){ .severities = "0.5" }, MPL_ERR_ARG);
    end(&b);
    start_arrays(&b, 1, 0, v, &(mpl_tipping_options){ .severities = "2,x" }, MPL_ERR_ARG);
    end(&b);
    start_arrays(&b, 1, 0, v, &(mpl_tipping_options){ .affirmative = "left" }, MPL_ERR_NAME);
    end(&b);
}

int main(void)
{
    check_means();
    check_evalues();
    check_laws();
    check_edges();
    return check_done();
}
