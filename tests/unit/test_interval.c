/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of single studies: against R, by what defines them, and in the results of every measure they are for. */
#include <metapool/model.h>

#include "check.h"
#include "effect_table.h"
#include "effect/measure.h"
#include "num/dist.h"

/* One study with x of n (or in n), and one that says nothing but its effect; yi and vi are those of the second. */
static mpl_effects *compute(const char *measure, const char *study_ci, double x, double n, mpl_status want)
{
    static effect_table t;
    mpl_effects *e = NULL;
    mpl_error err = { .code = MPL_OK };
    const mpl_effect_options options = { .measure = measure, .study_ci = study_ci, .fractional = true };
    const bool trials = mpl__measure_of(mpl_measure_find(measure))->counted == MPL__COUNTED_TRIALS;
    effect_table_start(&t, 2);
    effect_table_add(&t, "xi", (const double[]){ x, NAN });
    effect_table_add(&t, trials ? "ni" : "ti", (const double[]){ n, NAN });
    effect_table_add(&t, "yi", (const double[]){ NAN, 0.3 });
    effect_table_add(&t, "vi", (const double[]){ NAN, 0.01 });
    CHECK(mpl_effects_new(&t.data, &options, &e, &err) == want, "%s %s: %s", measure, study_ci, err.message);
    CHECK(want == MPL_OK || (e == NULL && strstr(err.message, study_ci) && strstr(err.message, measure)), "%s %s: %s",
          measure, study_ci, err.message);
    return e;
}

static mpl_study_interval interval(const char *measure, const char *study_ci, double x, double n, double level)
{
    mpl_study_interval at = { NAN, NAN, NAN, NAN, NAN, NAN };
    mpl_effects *const e = compute(measure, study_ci, x, n, MPL_OK);
    if (e)
        at = mpl_effects_interval(e, 0, level);
    mpl_effects_free(e);
    return at;
}

static bool is_for(const char *study_ci, const mpl_measure *measure)
{
    mpl_effects *e = NULL;
    const double yi = 0.3, vi = 0.01;
    const mpl_effect_options options = { .measure = measure->method.id, .study_ci = study_ci };
    const mpl_status s = mpl_effects_new_arrays(&yi, &vi, NULL, 1, &options, &e, NULL);
    CHECK(s == MPL_OK || s == MPL_ERR_ARG, "%s %s: status %d", measure->method.id, study_ci, (int)s);
    mpl_effects_free(e);
    return s == MPL_OK;
}

/* A measure whose estimate is the proportion, or the rate, itself. */
static const char *plain_measure(const char *study_ci)
{
    return is_for(study_ci, mpl_measure_find("PR")) ? "PR" : "IR";
}

static void reference(void)
{
    check_csv *const csv = check_csv_open("ref/study_ci.csv");
    bool seen[64] = { false };
    for (size_t r = 0; r < csv->n_rows; r++) {
        const char *const id = check_csv_text(csv, r, "study_ci");
        const double x = check_csv_real(csv, r, "x"), n = check_csv_real(csv, r, "n");
        const double tol = check_csv_real(csv, r, "tol");
        const mpl_study_interval at = interval(plain_measure(id), id, x, n, check_csv_real(csv, r, "level"));
        CHECK_CLOSE(at.display_ci_lb, check_csv_real(csv, r, "lb"), tol, "%s lb", check_csv_row(csv, r));
        CHECK_CLOSE(at.display_ci_ub, check_csv_real(csv, r, "ub"), tol, "%s ub", check_csv_row(csv, r));
        CHECK_CLOSE(at.display_yi, x / n, 1e-15, "%s estimate", check_csv_row(csv, r));
        for (size_t i = 0; mpl_study_ci_method(i); i++)
            seen[i] |= strcmp(mpl_study_ci_method(i)->id, id) == 0;
    }
    for (size_t i = 1; mpl_study_ci_method(i); i++)
        CHECK(seen[i], "%s has no reference row", mpl_study_ci_method(i)->id);
    check_csv_free(csv);
}

/* Turning events round turns the interval of a proportion round; a unit of time scales that of a rate. */
static void laws(const char *id)
{
    static const double count[][2] = { { 16, 500 }, { 0, 9 }, { 9, 9 }, { 1, 3 }, { 2.5, 7.25 }, { 399, 1000 } };
    const bool proportion = strcmp(plain_measure(id), "PR") == 0;
    double before = -1;
    for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
        const double x = count[i][0], n = count[i][1];
        const mpl_study_interval at = interval(plain_measure(id), id, x, n, 0.9);
        CHECK(at.display_ci_lb >= 0 && at.display_ci_lb <= x / n && x / n <= at.display_ci_ub, "%s %g/%g: [%g, %g]",
              id, x, n, at.display_ci_lb, at.display_ci_ub);
        const mpl_study_interval wider = interval(plain_measure(id), id, x, n, 0.99);
        CHECK(wider.display_ci_lb <= at.display_ci_lb && wider.display_ci_ub >= at.display_ci_ub &&
              wider.display_ci_ub - wider.display_ci_lb > at.display_ci_ub - at.display_ci_lb, "%s %g/%g: 99%%", id,
              x, n);
        const mpl_study_interval other = proportion ? interval("PR", id, n - x, n, 0.9)
                                                    : interval("IR", id, x, n / 64, 0.9);
        CHECK_CLOSE(proportion ? 1 - other.display_ci_ub : other.display_ci_lb / 64, at.display_ci_lb, 1e-13,
                    "%s %g/%g: lower", id, x, n);
        CHECK_CLOSE(proportion ? 1 - other.display_ci_lb : other.display_ci_ub / 64, at.display_ci_ub, 1e-13,
                    "%s %g/%g: upper", id, x, n);
    }
    for (double x = 0; x <= 40; x++) { /* more events, higher limits */
        const mpl_study_interval at = interval(plain_measure(id), id, x, 40, 0.95);
        CHECK(at.display_ci_ub > before || (proportion && before == 1), "%s %g/40", id, x);
        before = at.display_ci_ub;
    }
}

/* Tails of the distribution at the limits of exact intervals: F(p) of Beta, and of chi-squared. */
static void definitions(void)
{
    for (double x = 1; x < 20; x++) {
        const mpl_study_interval p = interval("PR", "clopper-pearson", x, 20, 0.95);
        double at_least = 0, at_most = 0;
        for (double j = 0; j <= 20; j++) {
            const double log_choose = lgamma(21) - lgamma(j + 1) - lgamma(21 - j);
            if (j >= x)
                at_least += exp(log_choose + j * log(p.display_ci_lb) + (20 - j) * log1p(-p.display_ci_lb));
            if (j <= x)
                at_most += exp(log_choose + j * log(p.display_ci_ub) + (20 - j) * log1p(-p.display_ci_ub));
        }
        CHECK_CLOSE(at_least, 0.025, 1e-12, "P(X >= %g) at the lower limit", x);
        CHECK_CLOSE(at_most, 0.025, 1e-12, "P(X <= %g) at the upper limit", x);
        const mpl_study_interval w = interval("PR", "wilson", x, 20, 0.95);
        const mpl_study_interval r = interval("IR", "exact-poisson", x, 1, 0.95);
        const double z = mpl__norm_q(0.025, MPL__UPPER), p0 = w.display_ci_lb;
        CHECK_CLOSE((x / 20 - p0) / sqrt(p0 * (1 - p0) / 20), z, 1e-12, "score test at the lower limit, %g", x);
        double poisson = 0;
        for (double j = 0; j <= x; j++)
            poisson += exp(j * log(r.display_ci_ub) - r.display_ci_ub - lgamma(j + 1));
        CHECK_CLOSE(poisson, 0.025, 1e-12, "P(X <= %g) of Poisson at the upper limit", x);
    }
}

/* Every measure of single proportions or rates shows the same interval, and its limits on the scale of analysis. */
static void every_measure(const char *id)
{
    const mpl_study_interval plain = interval(plain_measure(id), id, 7, 50, 0.95);
    size_t n = 0;
    for (size_t m = 0; mpl_measure_method(m); m++) {
        const mpl_measure *const measure = mpl_measure_find(mpl_measure_method(m)->id);
        if (!is_for(id, measure))
            continue;
        n++;
        const mpl_study_interval at = interval(measure->method.id, id, 7, 50, 0.95);
        CHECK_CLOSE(at.display_ci_lb, plain.display_ci_lb, 1e-15, "%s %s lb", measure->method.id, id);
        CHECK_CLOSE(at.display_ci_ub, plain.display_ci_ub, 1e-15, "%s %s ub", measure->method.id, id);
        CHECK(at.ci_lb < at.yi && at.yi < at.ci_ub, "%s %s: %g in [%g, %g]", measure->method.id, id, at.yi, at.ci_lb,
              at.ci_ub);
        const mpl_transform *const tr = measure->transform;
        const double lb = !tr ? at.ci_lb : tr->apply_n ? tr->apply_n(at.ci_lb, 50) : tr->apply(at.ci_lb);
        CHECK_CLOSE(lb, at.display_ci_lb, 1e-10, "%s %s: the limit, transformed back", measure->method.id, id);
    }
    CHECK(n == (strcmp(plain_measure(id), "PR") == 0 ? 6 : 4), "%s is for %zu measures", id, n);
}

/* The counts are those reported, the model's are those corrected; a study without counts keeps Wald's interval. */
static void studies(void)
{
    mpl_effects *const plain = compute("PLO", NULL, 0, 40, MPL_OK);
    mpl_effects *const exact = compute("PLO", "clopper-pearson", 0, 40, MPL_OK);
    if (!plain || !exact)
        return;
    const mpl_study_interval at = mpl_effects_interval(exact, 0, 0.95), reported = mpl_effects_interval(exact, 1, 0.95);
    const mpl_study_interval wald = mpl_effects_interval(plain, 1, 0.95);
    CHECK(exact->yi[0] == plain->yi[0] && exact->vi[0] == plain->vi[0], "weights are of the same vi");
    CHECK(exact->counts->n == 1 && exact->counts->x1[0] == 0 && exact->counts->n1[0] == 40, "counts as reported");
    CHECK(at.display_yi == 0 && at.display_ci_lb == 0 && at.ci_lb == (double)-INFINITY, "0 of 40");
    CHECK_CLOSE(at.display_ci_ub, 1 - pow(0.025, 1.0 / 40), 1e-13, "0 of 40: 1 - (alpha/2)^(1/n)");
    CHECK(memcmp(&reported, &wald, sizeof wald) == 0, "no counts: Wald's interval");
    CHECK_CLOSE(wald.ci_ub, 0.3 + 0.1 * mpl__norm_q(0.025, MPL__UPPER), 1e-15, "Wald's interval");
    CHECK_STR(plain->options.study_ci, "wald", "as resolved");
    size_t notes = 0;
    for (size_t i = 0; i < exact->n_notes; i++)
        notes += strcmp(exact->notes[i].code, "no-counts") == 0 && strstr(exact->notes[i].text, "1 study: B2");
    CHECK(notes == 1, "a note names the study without counts");
    mpl_effects_free(plain);
    mpl_effects_free(exact);
}

int main(void)
{
    reference();
    definitions();
    studies();
    for (size_t i = 1; mpl_study_ci_method(i); i++) {
        laws(mpl_study_ci_method(i)->id);
        every_measure(mpl_study_ci_method(i)->id);
    }
    CHECK(!compute("PFT", "byar", 1, 5, MPL_ERR_ARG), "a rate's interval for a proportion");
    CHECK(!compute("IR", "wilson", 1, 5, MPL_ERR_ARG), "a proportion's interval for a rate");
    CHECK(!is_for("wilson", mpl_measure_find("OR")), "a proportion's interval for two groups");
    CHECK(is_for("wald", mpl_measure_find("OR")), "Wald's is for every measure");
    return check_done();
}
