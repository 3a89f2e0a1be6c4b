/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values as people read them: digits by kind at every edge, sentences with holes, wrapping. */
#include "check.h"

#include <float.h>

#include "report/show.h"

static const mpl__style plain = { .digits = 2, .put = mpl__text_visible, .put_own = mpl__put_ascii,
                                  .put_label = mpl__text_visible };
static const mpl__style typographic = { .digits = 2, .put = mpl__text_visible, .put_own = mpl__text_add,
                                        .put_label = mpl__text_visible };

/* What was added to a text; valid until the next call. */
static const char *taken(mpl__text *t)
{
    static char shown[4096];
    snprintf(shown, sizeof shown, "%s", t->failed ? "(no memory)" : t->data ? t->data : "");
    mpl__text_free(t);
    return shown;
}

static const char *show(mpl_kind kind, double x, const mpl__style *style)
{
    mpl__text t = { 0 };
    mpl__show_value(&t, kind, (mpl_value){ .number = x }, style);
    return taken(&t);
}

static void kinds(void)
{
    static const struct { mpl_kind kind; double x; const char *want; } row[] = {
        { MPL_KIND_COUNT, 0, "0" },
        { MPL_KIND_COUNT, 1e6, "1000000" },
        { MPL_KIND_NUMBER, 3.14159265, "3.14159" },
        { MPL_KIND_NUMBER, 12345678, "12345678" },
        { MPL_KIND_NUMBER, 1e-320, "9.99989e-321" },
        { MPL_KIND_NUMBER, 1e300, "1e+300" },
        { MPL_KIND_EFFECT, 0, "0.00" },
        { MPL_KIND_EFFECT, -0.0, "0.00" },
        { MPL_KIND_EFFECT, 0.005, "0.01" },
        { MPL_KIND_EFFECT, 0.00499, "0.005" },
        { MPL_KIND_EFFECT, -0.00031, "-0.00031" },
        { MPL_KIND_EFFECT, 2e-13, "2e-13" },
        { MPL_KIND_EFFECT, 1.1e-16, "0.00" }, /* what 1 - 1.96 * 0.5102 leaves */
        { MPL_KIND_EFFECT, -1e-320, "0.00" },
        { MPL_KIND_EFFECT, -0.714532, "-0.71" },
        { MPL_KIND_EFFECT, 9999999, "9999999.00" },
        { MPL_KIND_EFFECT, 1e7, "1e+07" },
        { MPL_KIND_EFFECT, DBL_MAX, "1.798e+308" },
        { MPL_KIND_EFFECT, INFINITY, "Inf" },
        { MPL_KIND_EFFECT, -INFINITY, "-Inf" },
        { MPL_KIND_EFFECT, NAN, "-" },
        { MPL_KIND_VARIANCE, 0.313243, "0.3132" },
        { MPL_KIND_VARIANCE, 0, "0" },
        { MPL_KIND_VARIANCE, 15234.7, "15235" },
        { MPL_KIND_VARIANCE, 0.9999999, "1" },
        { MPL_KIND_VARIANCE, 1e-12, "1e-12" },
        { MPL_KIND_VARIANCE, INFINITY, "Inf" },
        { MPL_KIND_STATISTIC, -3.95224, "-3.95" },
        { MPL_KIND_STATISTIC, 0.0001, "0.0001" },
        { MPL_KIND_DF, 12, "12" },
        { MPL_KIND_DF, 10.51371, "10.5" },
        { MPL_KIND_DF, INFINITY, "" },
        { MPL_KIND_DF, NAN, "-" },
        { MPL_KIND_PVALUE, 0, "< 0.001" },
        { MPL_KIND_PVALUE, 1e-320, "< 0.001" },
        { MPL_KIND_PVALUE, 0.00099999, "< 0.001" },
        { MPL_KIND_PVALUE, 0.001, "0.001" },
        { MPL_KIND_PVALUE, 0.0494999, "0.049" },
        { MPL_KIND_PVALUE, 0.9995, "> 0.999" },
        { MPL_KIND_PVALUE, 1, "1.000" },
        { MPL_KIND_PVALUE, NAN, "-" },
        { MPL_KIND_LOG_PVALUE, -59.1757, "-59.18" },
        { MPL_KIND_PERCENT, 92.2214, "92.2%" },
        { MPL_KIND_PERCENT, 0, "0.0%" },
        { MPL_KIND_WEIGHT, 100, "100.0%" },
        { MPL_KIND_WEIGHT, 0.00012, "0.00012%" },
        { MPL_KIND_PROBABILITY, 0.95, "0.950" },
        { MPL_KIND_BOOL, 1, "yes" },
        { MPL_KIND_BOOL, 0, "no" },
        { MPL_KIND_BOOL, NAN, "-" },
        { MPL_KIND_MARK, 1, "*" },
        { MPL_KIND_MARK, 0, "" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        CHECK_STR(show(row[i].kind, row[i].x, &plain), row[i].want, "kind %d of %g", row[i].kind, row[i].x);
}

static void styles(void)
{
    CHECK_STR(show(MPL_KIND_EFFECT, -0.714532, &typographic), "−0.71", "a true minus");
    CHECK_STR(show(MPL_KIND_EFFECT, -INFINITY, &typographic), "−∞", "infinity");
    const mpl__style more = { .digits = 4, .put_own = mpl__put_ascii };
    CHECK_STR(show(MPL_KIND_EFFECT, -0.714532, &more), "-0.7145", "more digits");
    mpl__text t = { 0 };
    mpl__show_value(&t, MPL_KIND_TEXT, (mpl_value){ .text = NULL }, &plain);
    CHECK_STR(taken(&t), "-", "no text");
    mpl__show_value(&t, MPL_KIND_TEXT, (mpl_value){ .text = "a\033[2Jb\xFF\n" }, &plain);
    CHECK_STR(taken(&t), "a\\x1B[2Jb\\xFF\\n", "a hostile text");
}

static void intervals(void)
{
    static const struct { double lb, ub; const char *want; } row[] = {
        { -0.5, 1.25, "[-0.50, 1.25]" },
        { 0, INFINITY, "[0.00, Inf]" },
        { NAN, NAN, "-" },
        { 0.1, NAN, "[0.10, -]" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl__text t = { 0 };
        mpl__show_interval(&t, MPL_KIND_EFFECT, (mpl_value){ .number = row[i].lb }, (mpl_value){ .number = row[i].ub },
                           &plain);
        CHECK_STR(taken(&t), row[i].want, "interval %g to %g", row[i].lb, row[i].ub);
    }
}

static void sentences(void)
{
    const mpl_field field[] = {
        { .key = "q", .kind = MPL_KIND_STATISTIC, .value = { .number = 152.233 } },
        { .key = "small", .kind = MPL_KIND_PVALUE, .value = { .number = 1e-20 } },
        { .key = "large", .kind = MPL_KIND_PVALUE, .value = { .number = 0.0312 } },
        { .key = "one", .kind = MPL_KIND_PVALUE, .value = { .number = 1 } },
        { .key = "name", .kind = MPL_KIND_TEXT, .value = { .text = "{q}" } },
    };
    const mpl_report_column column[] = { { .key = "yi", .kind = MPL_KIND_EFFECT },
                                         { .key = "ni", .kind = MPL_KIND_COUNT } };
    const mpl_value cell[] = { { .number = 0.5 }, { .number = 12 }, { .number = 0.7 }, { .number = 99 } };
    const mpl_report_table table = { .key = "studies", .n_columns = 2, .n_rows = 2, .columns = column, .cells = cell };
    const mpl_section section[] = {
        { .key = "test", .n_fields = sizeof field / sizeof *field, .fields = field, .n_tables = 1, .tables = &table },
        { .key = "empty" },
    };
    const mpl_report report = { .n_sections = 2, .sections = section };
    static const struct { size_t section; const char *line, *want; } row[] = {
        { 0, "Q = {q}, p {small}", "Q = 152.23, p < 0.001" },
        { 0, "p {large}; p {one}", "p = 0.031; p = 1.000" },
        { 0, "{name}", "{q}" },
        { 0, "{studies.yi} of {studies.ni}", "0.50 of 12" },
        { 1, "{test.q}", "152.23" },
        { 0, "{nothing} {studies.nothing} {test.nothing} {a.b}", "{nothing} {studies.nothing} {test.nothing} {a.b}" },
        { 1, "{q}", "{q}" },
        { 0, "", "" },
        { 0, "no hole", "no hole" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl__text t = { 0 };
        mpl__show_line(&t, &report, &section[row[i].section], row[i].line, &plain);
        CHECK_STR(taken(&t), row[i].want, "%s", row[i].line);
    }
}

static void wrapping(void)
{
    static const struct { const char *text; size_t indent, width; const char *want; } row[] = {
        { "", 2, 40, "\n" },
        { "short", 2, 40, "short\n" },
        { "one two three four five six seven eight", 0, 20, "one two three four\nfive six seven eight\n" },
        { "one two three four five six seven eight", 4, 24, "one two three four\n    five six seven eight\n" },
        { "exactly twenty bytes", 0, 20, "exactly twenty bytes\n" },
        { "the interval is at [0.33, 0.73] here", 0, 26, "the interval is at\n[0.33, 0.73] here\n" },
        { "aaaaa aaaaa aaaa p = 0.004 b", 0, 20, "aaaaa aaaaa aaaa\np = 0.004 b\n" },
        { "a23456789b123456789c123456789", 0, 20, "a23456789b123456789c\n123456789\n" },
        { "éééééééééé éééééééééé éé", 0, 21, "éééééééééé éééééééééé\néé\n" },
        { "source=BM-MSC:model=arterial", 0, 24, "source=BM-MSC:\nmodel=arterial\n" },
        { "[not an interval but a long remark in brackets, which is wrapped]", 0, 30,
          "[not an interval but a long\nremark in brackets, which is\nwrapped]\n" },
        { "trailing blank ", 0, 20, "trailing blank \n" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mpl__text t = { 0 };
        mpl__show_wrapped(&t, row[i].text, row[i].indent, row[i].width);
        CHECK_STR(taken(&t), row[i].want, "'%s' at %zu", row[i].text, row[i].width);
    }
}

/* Notes with the same text are told once, with the studies they concern. */
static void notes(void)
{
    static const mpl_report_column column[] = {
        { .key = "code", .kind = MPL_KIND_TEXT }, { .key = "row", .kind = MPL_KIND_COUNT },
        { .key = "study", .kind = MPL_KIND_TEXT }, { .key = "text", .kind = MPL_KIND_TEXT },
    };
    mpl_value cell[20 * 4];
    for (size_t i = 0; i < 20; i++) {
        const bool whole = i == 0 || i == 1;
        cell[4 * i].text = "code";
        cell[4 * i + 1].number = whole ? NAN : (double)i;
        cell[4 * i + 2].text = whole ? NULL : i == 3 ? NULL : "A";
        cell[4 * i + 3].text = whole ? "of all" : i == 2 ? "alone" : i == 3 ? "no label" : "shared";
    }
    const mpl_report_table table = { .n_columns = 4, .n_rows = 20, .columns = column, .cells = cell };
    static const char *const want[] = {
        "of all", "of all", "A (row 2): alone", "row 3: no label",
        "shared: A (row 4), A (row 5), A (row 6), A (row 7), A (row 8), A (row 9), A (row 10), A (row 11), A (row 12), "
        "A (row 13), A (row 14), A (row 15) and 4 more",
    };
    size_t n = 0;
    for (size_t i = 0; i < table.n_rows && n < sizeof want / sizeof *want; n++) {
        mpl__text t = { 0 };
        i = mpl__show_notes(&t, &table, i, &plain);
        CHECK_STR(taken(&t), want[n], "note %zu", n);
    }
    CHECK(n == sizeof want / sizeof *want, "%zu notes are shown", n);
}

int main(void)
{
    kinds();
    styles();
    intervals();
    sentences();
    wrapping();
    notes();
    return check_done();
}
