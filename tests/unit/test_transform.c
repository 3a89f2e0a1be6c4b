/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transforms: every one against ref/transform.csv; inverses, order of limits, means of true effects, refusals. */
#include "check.h"
#include <metapool.h>

static const mpl_transform *transform(size_t i)
{
    const mpl_method *m = mpl_transform_method(i);
    return m ? mpl_transform_find(m->id) : NULL;
}

static void references(void)
{
    check_csv *csv = check_csv_open("ref/transform.csv");
    bool seen[128] = { false };
    for (size_t i = 0; i < csv->n_rows; i++) {
        const mpl_transform *t = mpl_transform_find(check_csv_text(csv, i, "transform"));
        mpl_transform_args args;
        mpl_error err;
        if (!CHECK(t, "%s: no such transform", check_csv_row(csv, i)))
            continue;
        CHECK(mpl_transform_args_read(check_csv_text(csv, i, "args"), &args, &err) == MPL_OK, "%s: %s",
              check_csv_row(csv, i), err.message);
        const double want = check_csv_real(csv, i, "value");
        const double got = mpl_transform_compute(t, check_csv_real(csv, i, "x"), &args);
        /* where a value is next to 0 by cancellation of its argument, the argument's own rounding counts */
        CHECK(fabs(got - want) <= 4e-14 * fmax(fabs(want), 0.01), "%s: got %.17g, want %.17g", check_csv_row(csv, i),
              got, want);
        for (size_t k = 0; transform(k); k++)
            seen[k] = seen[k] || transform(k) == t;
    }
    for (size_t k = 0; transform(k); k++)
        CHECK(seen[k], "%s has a reference row", transform(k)->method.id);
    check_csv_free(csv);
}

/* metafor's names, all of transf.* that its conformance cases list. */
static void names(void)
{
    static const char list[] =
        "abt ahw arcsin clestod dtobesd dtocles.int dtocles dtocliffd dtolnor.logis dtolnor.norm "
        "dtomd dtoovl dtorbis dtorpb dtou1 dtou2 dtou3 exp.int exp.mode iabt iahw iarcsin.int "
        "iarcsin iirft ilogit.int ilogit.mode ilogit ipft.hm ipft iprobit.int iprobit irft isqrt "
        "lnortod.logis lnortod.norm lnortord lnortorr lnortortet.digby lnortortet.pearson logit "
        "pft probit r2toz rpbtod rpbtorbis rtod rtorpb rtoz ztor.int ztor.mode ztor2 ztor";
    char copy[sizeof list];
    memcpy(copy, list, sizeof list);
    for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
        CHECK(mpl_transform_find(name), "%s is known", name);
    for (size_t k = 0; transform(k); k++) {
        const mpl_transform *t = transform(k);
        CHECK(t->method.title && t->method.cite, "%s has a title and a source", t->method.id);
        CHECK(!t->apply != !t->apply_args, "%s is one function", t->method.id);
        for (int i = 1; t->inverse && i < 10; i++) { /* within the range of every inverse */
            const double y = t->is_ratio ? 0.3 * i : 0.1 * i;
            CHECK_CLOSE(mpl_transform_compute(t, t->inverse(y), NULL), y, 1e-14, "%s undoes its inverse", t->method.id);
        }
    }
}

/* Without spread of true effects their mean is the value; and it lies between the values at the ends. */
static void means(void)
{
    for (size_t k = 0; transform(k); k++) {
        const mpl_transform *t = transform(k);
        const char *end = strstr(t->method.id, ".int");
        char base[32];
        if (!end)
            continue;
        snprintf(base, sizeof base, "%.*s", (int)(end - t->method.id), t->method.id);
        const mpl_transform *plain = mpl_transform_find(base);
        mpl_transform_args args = { NAN, NAN, NAN, NAN, NAN, NAN, 0 };
        for (double x = 0.1; x < 1.5; x += 0.2) {
            CHECK_CLOSE(mpl_transform_compute(t, x, &args), mpl_transform_compute(plain, x, NULL), 1e-15, "%s at 0",
                        t->method.id);
            CHECK_CLOSE(mpl_transform_compute(t, x, NULL), mpl_transform_compute(plain, x, NULL), 1e-15, "%s, no tau2",
                        t->method.id);
        }
    }
}

static void shown(void)
{
    mpl_transform_args none = { NAN, NAN, NAN, NAN, NAN, NAN, NAN };
    mpl_measure m = *mpl_measure_find("SMD");
    double x = 0.1, lb = -0.5, ub = 0.7;
    m.args = &none;
    m.transform = mpl_transform_find("dtou1");
    mpl_measure_display_interval(&m, 0.2, &x, &lb, &ub);
    CHECK(lb == 0 && x > 0 && ub > x, "an interval across 0 begins where there is no difference: %g %g %g", lb, x, ub);
    x = 0.1, lb = -0.5, ub = 0.7;
    m.transform = mpl_transform_find("dtoovl");
    mpl_measure_display_interval(&m, 0.2, &x, &lb, &ub);
    CHECK(ub == 1 && x < 1 && lb < x, "and the overlap is whole there: %g %g %g", lb, x, ub);
    m.transform = mpl_transform_find("ve");
    x = -1, lb = -2, ub = NAN;
    mpl_measure_display_interval(&m, NAN, &x, &lb, &ub);
    CHECK(isnan(ub) && lb > x, "a limit that is not there stays so");
    x = -1, lb = -2, ub = -0.5;
    mpl_measure_display_interval(&m, NAN, &x, &lb, &ub);
    CHECK(lb < x && x < ub, "a falling transform changes the limits' places");
    m.transform = mpl_transform_find("exp.int");
    x = 0, lb = NAN, ub = NAN;
    mpl_measure_display_interval(&m, 0.5, &x, &lb, &ub);
    CHECK_CLOSE(x, exp(0.25), 1e-15, "the mean takes the tau2 of the fit");
    none.tau2 = 0.1;
    x = 0;
    mpl_measure_display_interval(&m, 0.5, &x, &lb, &ub);
    CHECK_CLOSE(x, exp(0.05), 1e-15, "unless one is given");
}

/* Altman 1998, BMJ 317:1309: 10 points less, interval 25 less to 5 more: NNTB 10 (NNTB 4 to infinity to NNTH 20). */
static void number_to_treat(void)
{
    static const double nan = NAN, inf = INFINITY;
    static const struct { double x, lb, ub, want_x, want_lb, want_ub; } row[] = {
        { -0.10, -0.25, 0.05, 10, 4, -20 },
        { -0.10, -0.20, -0.05, 10, 5, 20 },
        { 0.10, 0.05, 0.20, -10, -20, -5 },
        { -0.10, -0.20, 0, 10, 5, inf },
        { 0.10, 0, 0.20, -10, -inf, -5 },
        { -0.10, nan, 0.05, 10, nan, -20 },
    };
    mpl_measure m = *mpl_measure_find("RD");
    m.transform = mpl_transform_find("rdtonnt");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double x = row[i].x, lb = row[i].lb, ub = row[i].ub;
        mpl_measure_display_interval(&m, NAN, &x, &lb, &ub);
        CHECK_CLOSE(x, row[i].want_x, 1e-15, "case %zu", i);
        CHECK(isnan(row[i].want_lb) ? isnan(lb) : isinf(row[i].want_lb) ? lb == row[i].want_lb
              : fabs(lb / row[i].want_lb - 1) < 1e-15, "case %zu: lower %g", i, lb);
        CHECK(isinf(row[i].want_ub) ? ub == row[i].want_ub : fabs(ub / row[i].want_ub - 1) < 1e-15,
              "case %zu: upper %g", i, ub);
    }
    static const char *const of[] = { "lnortonnt", "lnrrtonnt", "lnhrtonnt", "dtonnt" };
    const mpl_transform_args args = { NAN, NAN, NAN, NAN, NAN, 0.3, NAN };
    m.args = &args;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        double x = -0.5, lb = -1, ub = 0;
        m.transform = mpl_transform_find(of[i]);
        mpl_measure_display_interval(&m, NAN, &x, &lb, &ub);
        CHECK(lb > 0 && x > lb && ub == INFINITY, "%s: to no difference: %g %g %g", of[i], lb, x, ub);
        ub = 0.4, lb = -1, x = -0.5;
        mpl_measure_display_interval(&m, NAN, &x, &lb, &ub);
        CHECK(lb > 0 && x > lb && ub < 0, "%s: through infinity: %g %g %g", of[i], lb, x, ub);
    }
}

/* A transform of another kind of effect, and one that passes through infinity, are told. */
static void noted(void)
{
    static const struct { const char *measure, *transform, *args, *note; } row[] = {
        { "GEN", "lnortorr", "baseline=0.2", NULL }, { "OR", "lnortorr", "baseline=0.2", NULL },
        { "RR", "lnortorr", "baseline=0.2", "transform" }, { "OR", "lnrrtord", "baseline=0.2", "transform" },
        { "MD", "dtou3", NULL, "transform" }, { "SMD", "dtou3", NULL, NULL },
        { "RD", "rdtonnt", NULL, "number-to-treat" }, { "OR", "rdtorisk", "baseline=0.2", "transform" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const double yi[] = { 0.1, 0.5 }, vi[] = { 0.1, 0.2 };
        const mpl_effect_options options = { .measure = row[i].measure };
        const mpl_transform_options how = { row[i].transform, row[i].args };
        mpl_effects *e;
        mpl_error err;
        CHECK(mpl_effects_new_arrays(yi, vi, NULL, 2, &options, &e, &err) == MPL_OK, "%s", err.message);
        const size_t before = e->n_notes;
        CHECK(mpl_effects_transform(e, &how, &err) == MPL_OK, "%s", err.message);
        CHECK(e->n_notes - before == (row[i].note != NULL), "%s of %s", row[i].transform, row[i].measure);
        if (row[i].note)
            CHECK_STR(e->notes[before].code, row[i].note, "%s of %s", row[i].transform, row[i].measure);
        mpl_effects_free(e);
    }
}

static void effects(void)
{
    const double yi[] = { 0.1, 0.5 }, vi[] = { 0.1, 0.2 };
    static const struct { mpl_transform_options options; mpl_status want; } row[] = {
        { { 0 }, MPL_OK },
        { { .transform = "dtou3" }, MPL_OK },
        { { .transform = "lnortorr", .args = "baseline=0.2" }, MPL_OK },
        { { .transform = "lnortorr" }, MPL_ERR_ARG },
        { { .transform = "dtou4" }, MPL_ERR_NAME },
        { { .args = "n1=3" }, MPL_ERR_ARG },
        { { .transform = "dtomd", .args = "sd=x" }, MPL_ERR_ARG },
        { { .transform = "dtomd", .args = "sd=-1" }, MPL_ERR_ARG },
        { { .transform = "dtomd", .args = "sd" }, MPL_ERR_ARG },
        { { .transform = "dtomd", .args = "sdd=2" }, MPL_ERR_NAME },
        { { .transform = "lnortorr", .args = "baseline=1.2" }, MPL_ERR_ARG },
        { { .transform = "lnortorr", .args = "baseline=0" }, MPL_ERR_ARG },
        { { .transform = "lnortorr", .args = "baseline=1" }, MPL_ERR_ARG },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *e;
        mpl_error err = { .message = "" };
        CHECK(mpl_effects_new_arrays(yi, vi, NULL, 2, NULL, &e, &err) == MPL_OK, "%s", err.message);
        const mpl_measure *before = e->measure;
        CHECK(mpl_effects_transform(e, &row[i].options, &err) == row[i].want, "case %zu: %s", i, err.message);
        CHECK((e->measure != before) == (row[i].want == MPL_OK && row[i].options.transform), "case %zu: measure", i);
        mpl_effects_free(e);
    }
}

int main(void)
{
    references();
    names();
    means();
    shown();
    number_to_treat();
    noted();
    effects();
    return check_done();
}
