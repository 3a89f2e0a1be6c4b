/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which route a row takes, what is refused, what is left out, what is noted, and which measure is chosen. */
#include <metapool.h>

#include "check.h"

/* "line 1\nline 2": a CSV in memory. */
static mpl_dataset *read_csv(const char *text)
{
    mpl_dataset *data = NULL;
    mpl_error err;
    if (mpl_dataset_read_bytes(text, strlen(text), "t.csv", NULL, &data, &err) != MPL_OK)
        check_die(err.message, text);
    return data;
}

static mpl_status compute(const char *text, const mpl_effect_options *options, mpl_effects **out, mpl_error *err)
{
    mpl_dataset *const data = read_csv(text);
    const mpl_status s = mpl_effects_new(data, options, out, err);
    mpl_dataset_free(data);
    return s;
}

static const mpl_note *find_note(const mpl_effects *e, const char *code)
{
    for (size_t i = 0; i < e->n_notes; i++)
        if (strcmp(e->notes[i].code, code) == 0)
            return &e->notes[i];
    return NULL;
}

/* Refusals: the status, the place, and what the message must say. */
static void refuses(void)
{
    static const struct {
        const char *csv;
        mpl_effect_options options;
        mpl_status want;
        size_t line, column;
        const char *says;
    } row[] = {
        { "study,ai,n1i,ci,n2i\nA,12,10,3,10\n", { .measure = "OR" }, MPL_ERR_DATA, 2, 0, "ai = 12 exceeds n1i = 10" },
        { "study,ai,n1i,ci,n2i\nA,1,10,11,10\n", { .measure = "RR" }, MPL_ERR_DATA, 2, 0, "ci = 11 exceeds n2i = 10" },
        { "study,ai,n1i,ci,n2i\nA,3.5,10,3,10\n", { .measure = "OR" }, MPL_ERR_DATA, 2, 2, "whole number" },
        { "study,ai,n1i,ci,n2i\nA,0,0,3,10\n", { .measure = "OR" }, MPL_ERR_DATA, 2, 3, "n1i = 0" },
        { "study,ai,bi,ci,di,n1i\nA,3,4,3,10,9\n", { .measure = "OR" }, MPL_ERR_DATA, 2, 0, "ai + bi = 7" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,1,2,9,1,2,9\nB,1,-2,10,2,2,10\n", { .measure = "MD" }, MPL_ERR_DATA, 3, 3,
          "sd1i = -2" },
        { "study,yi,zval\nA,0.2,-3\n", { .measure = "GEN" }, MPL_ERR_DATA, 2, 0, "different signs" },
        { "study,ri,ni\nA,1.2,30\n", { .measure = "COR" }, MPL_ERR_DATA, 2, 2, "from -1 to 1" },
        { "study,xi,ni\nA,12,3\n", { .measure = "PLO" }, MPL_ERR_DATA, 2, 0, "xi = 12 exceeds ni = 3" },
        { "study,yi,vi\nA,0.1,-1\n", { .measure = NULL }, MPL_ERR_DATA, 2, 3, "vi = -1" },
        { "study,yi,sei\nA,0.1,1e200\n", { .measure = NULL }, MPL_ERR_DATA, 2, 3, "square" },
        { "study,yi,sei\nA,0.1,1e-170\n", { .measure = NULL }, MPL_ERR_DATA, 2, 3, "square" },
        { "study,yi,ci_lb,ci_ub\nA,0.5,0.9,0.1\n", { .measure = NULL }, MPL_ERR_DATA, 2, 0, "ci_lb = 0.9 is above" },
        { "study,yi,ci_lb,ci_ub\nA,1.5,0.1,0.9\n", { .measure = NULL }, MPL_ERR_DATA, 2, 0, "outside its interval" },
        { "study,yi,ci_lb,ci_ub\nA,-0.5,-0.9,0.1\n", { .ratio_scale = true }, MPL_ERR_DATA, 2, 0, "not a ratio" },
        { "study,yi,vi\nA,0.5,0.9\n", { .ratio_scale = true, .measure = "SMD" }, MPL_ERR_ARG, 0, 0, "--ratio-scale" },
        { "study,pi,n1i,n2i,m1i,m2i\nA,-0.1,9,9,4,3\n", { .measure = "SMD" }, MPL_ERR_DATA, 2, 0, "minus sign" },
        { "study,m1i,m2i,ti\nA,5,3,-2\n", { .measure = "MD" }, MPL_ERR_DATA, 2, 0, "different signs" },
        { "study,ri,r2i,mi,ni\nA,0.7,0.3,2,50\n", { .measure = "SPCOR" }, MPL_ERR_DATA, 2, 0, "all predictors" },
        { "study,ai,n1i,ci,n2i\nA,1,10,3,10\n", { .measure = NULL }, MPL_ERR_ARG, 0, 0, "OR RR RD" },
        { "study,weight\nA,1\n", { .measure = NULL }, MPL_ERR_ARG, 0, 0, "columns allow none" },
        { "study,ai,n1i,ci\nA,1,10,3\n", { .measure = "OR" }, MPL_ERR_NAME, 0, 0, "not found: n2i" },
        { "study,ai,n1i,ci,n2i\nA,1,10,3,10\n", { .measure = "ORR" }, MPL_ERR_NAME, 0, 0, "did you mean 'OR'" },
        { "study,ai,n1i,ci,n2i\nA,1,10,3,10\n", { .measure = "OR", .vtype = "UB" }, MPL_ERR_NAME, 0, 0, "LS AV H0" },
        { "study,ai,n1i,ci,n2i\nA,1,10,3,10\n", { .measure = "OR", .route = "means" }, MPL_ERR_NAME, 0, 0,
          "no route \"means\"; one of: cells events vi" },
        { "study,m1i,sd1i,m2i,sd2i,ni\nA,5,2,3,2,12\n", { .measure = "SMCC" }, MPL_ERR_ARG, 0, 0, "--ri-grid" },
        { "study,m1i,sd1i,m2i,sd2i,ni,ri\nA,5,2,3,2,12,\n", { .measure = "MC" }, MPL_ERR_ARG, 0, 0, "--ri" },
        { "study,yi,vi\nA,x,1\n", { .measure = "GEN" }, MPL_ERR_PARSE, 2, 2, "x" },
        { "study,yi,vi\nA,1,1\n", { .label = "name" }, MPL_ERR_NAME, 0, 0, "name" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *e = (mpl_effects *)&e; /* must become NULL */
        mpl_error err = { .code = MPL_OK };
        const mpl_status got = compute(row[i].csv, &row[i].options, &e, &err);
        if (!CHECK(got == row[i].want, "row %zu (%s): status %d, %s", i, row[i].says, (int)got, err.message))
            continue;
        CHECK(e == NULL, "row %zu: output touched", i);
        CHECK(err.line == row[i].line && err.column == row[i].column, "row %zu: at %zu:%zu, want %zu:%zu: %s", i,
              err.line, err.column, row[i].line, row[i].column, err.message);
        CHECK(strstr(err.message, row[i].says) && !strchr(err.message, '\n'), "row %zu: %s, want %s", i, err.message,
              row[i].says);
    }
}

/* Rows left out: how many, and why the first of them is. */
static void excludes(void)
{
    static const struct {
        const char *csv;
        mpl_effect_options options;
        size_t k, excluded;
        const char *why;
    } row[] = {
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,1,,9,1,2,9\nB,1,2,9,2,2,9\n", { .measure = "MD" }, 1, 1,
          "sd1i is missing" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,,,9,1,2,9\nB,1,2,9,2,2,9\n", { .measure = "MD" }, 1, 1,
          "m1i and sd1i are missing" },
        { "study,mean.e,sd.e,n.e,mean.c,sd.c,n.c\nA,,,9,1,2,9\nB,1,2,9,2,2,9\n", { .measure = "MD" }, 1, 1,
          "mean.e (m1i) and sd.e (sd1i) are missing" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i,ti\nA,1,,9,1,2,9,\n", { .measure = "SMD" }, 0, 1,
          "no route: means lacks sd1i; t lacks ti" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,1,0,9,2,0,9\nB,1,2,9,2,2,9\n", { .measure = "SMD" }, 1, 1,
          "the pooled standard deviation is 0" },
        { "study,ai,n1i,ci,n2i\nA,0,10,0,10\nB,0,12,0,9\n", { .measure = "OR" }, 0, 2, "no events in either arm" },
        { "study,ai,n1i,ci,n2i\nA,0,10,0,10\nB,0,12,0,9\n", { .measure = "RD" }, 2, 0, NULL },
        { "study,ai,n1i,ci,n2i\nA,0,10,0,10\nB,1,12,2,9\n", { .measure = "OR" }, 2, 0, NULL },
        { "study,ai,n1i,ci,n2i\nA,10,10,10,10\nB,1,12,2,9\n", { .measure = "OR", .drop00 = true }, 1, 1,
          "only events in both arms" },
        { "study,ai,n1i,ci,n2i\nA,0,10,3,10\nB,1,12,2,9\n", { .measure = "OR", .to = "none" }, 1, 1, "a count is 0" },
        { "study,ai,n1i,ci,n2i\nA,0,10,3,10\nB,1,12,2,9\n", { .measure = "RTET" }, 1, 1, "at its limit" },
        { "study,ri,ni\nA,1,20\nB,0.3,40\n", { .measure = "ZCOR" }, 1, 1, "infinite" },
        { "study,ri,ni\nA,0.2,3\nB,0.3,40\n", { .measure = "ZCOR" }, 1, 1, "needs ni above 3" },
        { "study,ti,ni\nA,2,2\nB,1,40\n", { .measure = "COR" }, 1, 1, "needs ni above 3" },
        { "study,pi,ni\nA,0.2,1\nB,0.3,40\n", { .measure = "UCOR" }, 1, 1, "needs ni above 3" },
        { "study,ti,mi,ni\nA,2,4,5\nB,1,4,40\n", { .measure = "PCOR" }, 1, 1, "no degrees of freedom" },
        { "study,ai,n1i,ci,n2i\nA,12,10,3,10\nB,1,10,3,10\n", { .measure = "OR", .omit_impossible = true }, 1, 1,
          "ai = 12 exceeds n1i = 10" },
        { "study,ai,n1i,ci,n2i\nA,-2,10,3,10\nB,1,10,3,10\n", { .measure = "OR", .omit_impossible = true }, 1, 1,
          "ai = -2; need a whole number of at least 0" },
        { "study,yi,ci_lb,ci_ub\nA,1.5,0.1,0.9\nB,1,0,2\n", { .omit_impossible = true }, 1, 1,
          "outside its interval" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,-1,2,9,3,2,9\nB,1,2,9,2,2,9\n", { .measure = "ROM" }, 1, 1,
          "m1i/m2i is not above 0" },
        { "study,pi,n1i,n2i\nA,0,9,9\nB,0.2,9,9\n", { .measure = "SMD" }, 1, 1, "rounded" },
        { "study,yi,pval\nA,0,1\nB,0.2,0.5\n", { .measure = "GEN" }, 1, 1, "no standard error" },
        { "study,m1i,sd1i,m2i,sd2i,ni,ri\nA,5,2,3,2,12,\nB,5,2,3,2,12,0.5\n", { .measure = "MC" }, 1, 1,
          "ri is missing" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *e;
        mpl_error err;
        if (!CHECK(compute(row[i].csv, &row[i].options, &e, &err) == MPL_OK, "row %zu: %s", i, err.message))
            continue;
        CHECK(e->k == row[i].k && e->n_excluded == row[i].excluded, "row %zu: %zu and %zu", i, e->k, e->n_excluded);
        if (row[i].why && e->n_excluded) {
            CHECK(strstr(e->excluded[0].reason, row[i].why), "row %zu: %s", i, e->excluded[0].reason);
            CHECK(e->excluded[0].row == 1 && e->excluded[0].line == 2, "row %zu: row and line", i);
            CHECK_STR(e->excluded[0].study, "A", "row %zu", i);
        }
        mpl_effects_free(e);
    }
}

/* Quantiles and standard errors of means: what they become is what mpl_dataset_convert() makes of them. */
static void converts(void)
{
    static const char text[] = "study,n1i,q11i,med1i,q31i,m1i,sd1i,sem1i,n2i,m2i,sd2i,ti\n"
                               "A,40,2,5,9,,,,40,4,2,\nB,40,,,,5,2,,40,4,2,\nC,40,,,,5,,0.4,40,4,2,\n"
                               "D,40,,,,5,,,40,4,,1.5\nE,40,,5,,,,,40,4,2,\n";
    static const char *const want[] = { "fivenum:luo+wan", NULL, "sem", NULL };
    mpl_dataset *const data = read_csv(text);
    mpl_dataset *made = NULL;
    mpl_effects *e = NULL, *later = NULL;
    mpl_error err;
    CHECK(mpl_effects_new(data, &(mpl_effect_options){ .measure = "MD" }, &e, &err) == MPL_OK, "%s", err.message);
    const mpl_effect_options only_means = { .measure = "MD", .route = "means" };
    CHECK(mpl_dataset_convert(data, &(mpl_convert_options){ .to = "mean-sd" }, &made, &err) == MPL_OK, "%s",
          err.message);
    CHECK(made && mpl_effects_new(made, &only_means, &later, &err) == MPL_OK, "%s", err.message);
    if (e && later && CHECK(e->k == 4 && e->conversion && e->n_excluded == 1, "%zu effects", e->k))
        for (size_t i = 0; i < 4; i++) {
            CHECK(want[i] ? e->conversion[i] && !strcmp(e->conversion[i], want[i]) : !e->conversion[i],
                  "row %zu: %s", i, e->conversion[i] ? e->conversion[i] : "reported");
            CHECK(i == 3 ? !strcmp(e->route[i], "t") : e->yi[i] == later->yi[i] && e->vi[i] == later->vi[i],
                  "row %zu: %g", i, e->yi[i]);
        }
    mpl_effects_free(e);
    e = NULL;
    CHECK(mpl_effects_new(data, &only_means, &e, &err) == MPL_OK, "%s", err.message);
    CHECK(e && e->k == 1 && !e->conversion, "%s", "a route that is asked for is the only one");
    mpl_effects_free(e);
    mpl_effects_free(later);
    mpl_dataset_free(made);
    mpl_dataset_free(data);
}

/* A file that mixes means, d, t and p: each row takes the first route that is complete. */
static void mixes_routes(void)
{
    static const char csv[] = "study,m1i,sd1i,n1i,m2i,sd2i,n2i,di,ti,pi\n"
                              "means,10,3,20,8,2.5,22,9,9,0.9\n"
                              "d,,,20,8,2.5,22,0.5,9,0.9\n"
                              "t,10,,20,8,,22,,2,0.9\n"
                              "p,10,,20,8,,22,,,0.04\n"
                              "sign,,,20,,,22,,,0.04\n"
                              "none,,,20,,,,,,\n";
    static const char *const want[] = { "means", "d", "t", "p", "p" };
    mpl_effects *e;
    mpl_error err;
    if (!CHECK(compute(csv, &(mpl_effect_options){ .measure = "SMD" }, &e, &err) == MPL_OK, "%s", err.message))
        return;
    CHECK(e->k == 5 && e->n_excluded == 1, "%zu and %zu", e->k, e->n_excluded);
    for (size_t i = 0; i < e->k; i++)
        CHECK_STR(e->route[i], want[i], "row %zu", i);
    CHECK(e->yi[3] > 0 && e->yi[3] == e->yi[4], "p: %g and %g", e->yi[3], e->yi[4]);
    CHECK(e->ni[0] == 42, "ni %g", e->ni[0]);
    const mpl_note *note = find_note(e, "route");
    CHECK(note && strstr(note->text, "different things: p 2 studies; means 1 study: means (row 1); d 1 study"), "%s",
          note ? note->text : "no note");
    note = find_note(e, "sign-assumed");
    CHECK(note && strstr(note->text, "1 study: sign (row 5)"), "%s", note ? note->text : "no note");
    mpl_effects_free(e);
    if (CHECK(compute(csv, &(mpl_effect_options){ .measure = "SMD", .route = "t" }, &e, &err) == MPL_OK, "%s",
              err.message)) {
        CHECK(e->k == 3, "route t alone: %zu", e->k);
        mpl_effects_free(e);
    }
}

static void notes(void)
{
    static const struct {
        const char *csv;
        mpl_effect_options options;
        const char *code, *says;
    } row[] = {
        { "study,ai,n1i,ci,n2i\nA,0,10,3,10\nB,5,10,3,10\n", { .measure = "OR" }, "zero-cells-corrected",
          "0.5 was added to the counts of 1 study: A (row 1)" },
        { "study,ai,n1i,ci,n2i\nA,0,10,3,10\nB,5,10,3,10\n", { .measure = "OR", .to = "if0all", .add = { true, 0.1 } },
          "zero-cells-corrected", "0.1 was added to the counts of 2 studies: A (row 1), B (row 2)" },
        { "study,ai,n1i,ci,n2i\nA,0,10,3,30\n", { .measure = "OR", .increments = "treatment-arm" },
          "zero-cells-corrected", "0.5 was added, in proportion to the sizes of the groups, to the counts of 1 study" },
        { "study,ai,n1i,ci,n2i\nA,0,10,3,30\n", { .measure = "OR", .add2 = { true, 0.25 } }, "zero-cells-corrected",
          "0.5 and, in group 2, 0.25 was added to the counts of 1 study" },
        { "study,m1i,sd1i,m2i,sd2i,ni,ri\nA,5,2,3,2,12,\nB,5,2,3,2,12,0.5\n", { .measure = "MC", .ri = { true, 0 } },
          "ri-assumed", "0 is assumed, not reported, as pre/post correlation of 1 study: A (row 1)" },
        { "study,yi,ci_lb,ci_ub\nA,1.5,0.9,4\n", { .measure = "GEN" }, "interval-not-symmetric", "A (row 1)" },
        { "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,0.61,0.06,15,0.3,0.01,15\n", { .measure = "SMD" }, "large-effect",
          "standard error" },
        { "study,xi,ni\nA,3,10\nB,5,40\n", { .measure = "PFT" }, "back-transformation", "16.0; sizes from 10 to 40" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl_effects *e;
        mpl_error err;
        if (!CHECK(compute(row[i].csv, &row[i].options, &e, &err) == MPL_OK, "row %zu: %s", i, err.message))
            continue;
        const mpl_note *const note = find_note(e, row[i].code);
        CHECK(note && strstr(note->text, row[i].says), "row %zu: %s, want %s", i, note ? note->text : "no note",
              row[i].says);
        mpl_effects_free(e);
    }
}

static void chooses(void)
{
    static const struct {
        const char *csv, *asked, *measure, *reason;
    } row[] = {
        { "study,yi,vi\nA,1,1\n", NULL, "GEN", "the data hold effects" },
        { "study,yi,vi,ai,bi,ci,di\nA,1,1,3,4,5,6\n", NULL, "GEN", "the data hold effects" },
        { "study,oei,ovi\nA,1,1\n", NULL, "HR", "the only one its columns allow" },
        { "study,yi,vi\nA,1,1\n", "OR", "OR", "asked for" },
        { "study,ai,bi,ci,di\nA,3,4,5,6\n", "or2d", "OR2DL", "asked for" },
    };
    mpl_effects *e;
    mpl_error err;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (CHECK(compute(row[i].csv, &(mpl_effect_options){ .measure = row[i].asked }, &e, &err) == MPL_OK,
                  "row %zu: %s", i, err.message)) {
            CHECK_STR(e->measure->method.id, row[i].measure, "row %zu", i);
            CHECK_STR(e->measure_reason, row[i].reason, "row %zu", i);
            mpl_effects_free(e);
        }
    mpl_dataset *data;
    if (CHECK(mpl_dataset_read("bcg", NULL, &data, &err) == MPL_OK, "%s", err.message)) {
        if (CHECK(mpl_effects_new(data, NULL, &e, &err) == MPL_OK, "%s", err.message)) {
            CHECK_STR(e->measure_reason, "the dataset's own", "bcg");
            CHECK(e->k == 13, "bcg: k = %zu", e->k);
            mpl_effects_free(e);
        }
        mpl_dataset_free(data);
    }
}

/* Options: fractions on request, ratios as logs, labels by column, the route p in a mean difference (You 2015). */
static void options(void)
{
    mpl_effects *e;
    mpl_error err;
    const mpl_effect_options fractions = { .measure = "OR", .fractional = true };
    if (CHECK(compute("study,ai,n1i,ci,n2i\nA,3.5,10,3,10.5\n", &fractions, &e, &err) == MPL_OK, "%s", err.message)) {
        CHECK_CLOSE(e->yi[0], log(3.5 * 7.5 / (6.5 * 3)), 1e-14, "fractions");
        mpl_effects_free(e);
    }
    const mpl_effect_options ratios = { .ratio_scale = true, .label = "id" };
    if (CHECK(compute("study,id,yi,vi\nA,x,2,0.1\nB,,3,0.1\n", &ratios, &e, &err) == MPL_OK, "%s", err.message)) {
        CHECK_STR(e->slab[0], "x", "label");
        CHECK(e->yi[0] == log(2) && e->measure->transform && e->measure->transform->is_ratio, "yi %g", e->yi[0]);
        CHECK_CLOSE(mpl_measure_display(e->measure, e->yi[0]), 2, 1e-15, "display");
        mpl_effects_free(e);
    }
    const char *const you = "study,m1i,m2i,n1i,n2i,pval\nYou,0.35,0.18,10,10,0.052\n";
    if (CHECK(compute(you, &(mpl_effect_options){ .measure = "SMD" }, &e, &err) == MPL_OK, "%s", err.message)) {
        CHECK(e->yi[0] > 0 && !find_note(e, "sign-assumed"), "direction by the means: %g", e->yi[0]);
        mpl_effects_free(e);
    }
}

static void arrays(void)
{
    const double yi[] = { 0.1, NAN, -0.4 }, vi[] = { 0.2, 0.1, 0 };
    const char *const slab[] = { "A", "B", NULL };
    mpl_effects *e;
    mpl_error err;
    if (CHECK(mpl_effects_new_arrays(yi, vi, slab, 3, NULL, &e, &err) == MPL_OK, "%s", err.message)) {
        CHECK(e->k == 2 && e->n_excluded == 1 && e->yi[1] == -0.4 && e->vi[1] == 0 && e->index[1] == 2, "k %zu", e->k);
        CHECK_STR(e->slab[1], "row 3", "label");
        CHECK_STR(e->excluded[0].reason, "yi is missing", "reason");
        CHECK_STR(e->measure->method.id, "GEN", "measure");
        CHECK(isnan(e->ni[0]), "ni %g", e->ni[0]);
        mpl_effects_free(e);
    }
    const double bad[] = { 0.2, 0.1, -1 };
    CHECK(mpl_effects_new_arrays(yi, bad, NULL, 3, NULL, &e, &err) == MPL_ERR_DATA && !e, "negative variance");
    CHECK(strstr(err.message, "vi = -1"), "%s", err.message);
    if (CHECK(mpl_effects_new_arrays(yi, vi, NULL, 1, &(mpl_effect_options){ .measure = "OR" }, &e, &err) == MPL_OK,
              "%s", err.message)) {
        CHECK_STR(e->measure->method.id, "OR", "measure");
        mpl_effects_free(e);
    }
    if (CHECK(mpl_effects_new_arrays(NULL, NULL, NULL, 0, NULL, &e, &err) == MPL_OK, "%s", err.message))
        mpl_effects_free(e);
    mpl_effects_free(NULL);
}

/* Filtered and unusable rows are one list in file order; the effects outlive the dataset. */
static void filters(void)
{
    mpl_dataset *const all = read_csv("study,yi,vi,g\nA,1,1,x\nB,,1,y\nC,2,1,x\nD,3,,y\nE,4,1,y\n"), *some = NULL;
    mpl_effects *e = NULL;
    mpl_error err;
    const bool ok = mpl_dataset_filter(all, "study != 'C'", &some, &err) == MPL_OK;
    mpl_dataset_free(all);
    if (CHECK(ok, "%s", err.message) && CHECK(mpl_effects_new(some, NULL, &e, &err) == MPL_OK, "%s", err.message)) {
        mpl_dataset_free(some);
        CHECK(e->k == 2 && e->n_excluded == 3, "%zu and %zu", e->k, e->n_excluded);
        for (size_t i = 0; i < e->n_excluded; i++)
            CHECK(e->excluded[i].row == i + 2, "excluded %zu is row %zu", i, e->excluded[i].row);
        CHECK(e->index[1] == 3 && e->row[1] == 5, "index %zu, row %zu", e->index[1], e->row[1]);
        mpl_effects_free(e);
    }
}

int main(void)
{
    refuses();
    excludes();
    mixes_routes();
    converts();
    notes();
    chooses();
    options();
    arrays();
    filters();
    return check_done();
}
