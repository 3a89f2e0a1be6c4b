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
    effects();
    return check_done();
}
