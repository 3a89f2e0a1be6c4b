/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters: meaning, precedence, missing values, errors with their column, depth, what is dropped and why. */
#include "dataset_text.h"

#include "base/arena.h"

static const char table[] = "study,model,cell source,weeks,dose,yi,or\n"
                            "A,CNI,AT-MSC,4,10,0.5,1\n"
                            "B,CNI,BM-MSC,8,,0.7,2\n"
                            "C,T2DM,AT-MSC,12,unclear,-1,3\n"
                            "D,,it's,4,1e1,0,4\n";

static mpl_dataset *open_table(void)
{
    mpl_dataset *d = NULL;
    mpl_error err = { .message = "" };
    if (mpl_dataset_read_bytes(table, strlen(table), "x.csv", NULL, &d, &err) != MPL_OK)
        check_die("cannot read the table", err.message);
    return d;
}

/* An expression, and the labels of the rows that it keeps. */
static const struct {
    const char *expr, *want;
} kept[] = {
    { "model = 'CNI'", "AB" },
    { "model == \"CNI\"", "AB" },
    { "'CNI' = model", "AB" },
    { "model='cni'", "" },
    { "model != 'CNI'", "C" },
    { "not model = 'CNI'", "CD" },
    { "MODEL = 'CNI'", "AB" },
    { "yi > 0", "AB" },
    { "yi >= 0", "ABD" },
    { "yi < 0", "C" },
    { "yi <= -1", "C" },
    { "yi = -1.0", "C" },
    { "0.4 < yi", "AB" },
    { "yi > -1e0", "ABD" },
    { "yi > 6e-1", "B" },
    { "yi > +.05E+1", "B" },
    { "yi > .6", "B" },
    { "weeks = 4", "AD" },
    { "weeks = '4'", "AD" },
    { "weeks < 12", "ABD" },
    { "weeks < '12'", "" },
    { "weeks != dose", "ACD" },
    { "weeks > yi", "ABCD" },
    { "dose = 10", "AD" },
    { "dose != 10", "C" },
    { "dose > 1", "AD" },
    { "dose = 'unclear'", "C" },
    { "dose > 'a'", "C" },
    { "dose is missing", "B" },
    { "dose is not missing", "ACD" },
    { "not dose is missing", "ACD" },
    { "dose IS NOT MISSING AND yi > 0", "A" },
    { "`cell source` = 'AT-MSC'", "AC" },
    { "`cell source` = 'it''s'", "D" },
    { "`cell source` = \"it's\"", "D" },
    { "`or` > 2", "CD" },
    { "or > 2 or yi = 0.5", "ACD" },
    { "model in ('CNI', 'x')", "AB" },
    { "model not in ('CNI')", "C" },
    { "weeks in (4, 8)", "ABD" },
    { "weeks in ('4')", "AD" },
    { "not model in ('CNI')", "CD" },
    { "model = 'CNI' and weeks = 8 or yi < 0", "BC" },
    { "yi < 0 or model = 'CNI' and weeks = 8", "BC" },
    { "model = 'CNI' and (weeks = 8 or yi < 0)", "B" },
    { "not (model = 'CNI' or yi < 0)", "D" },
    { "not not model = 'CNI'", "AB" },
    { "not model = 'CNI' and yi < 0", "C" },
    { "((((yi > 0))))", "AB" },
    { "1 = 1", "ABCD" },
    { "'a' < 'b'", "ABCD" },
    { " \t\nyi\n>\n0 ", "AB" },
    { "study = 'A' or study = 'B' or study = 'C' or study = 'D'", "ABCD" },
};

static void keeps(void)
{
    mpl_dataset *const d = open_table();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        mpl_dataset *f = NULL;
        mpl_error err = { .message = "" };
        char got[16] = "";
        if (!CHECK(mpl_dataset_filter(d, kept[i].expr, &f, &err) == MPL_OK, "%s: %s", kept[i].expr, err.message))
            continue;
        for (size_t k = 0; k < f->n_rows; k++)
            strcat(got, f->label[k]);
        CHECK_STR(got, kept[i].want, "%s", kept[i].expr);
        CHECK(f->n_rows + f->n_dropped == d->n_rows, "%s: rows add up", kept[i].expr);
        mpl_dataset_free(f);
    }
    mpl_dataset_free(d);
}

static void refuses(void)
{
    static const struct {
        const char *expr;
        mpl_status status;
        size_t column;
        const char *want;
    } rows[] = {
        { "", MPL_ERR_PARSE, 1, "--where, column 1: an expression was expected" },
        { "yi", MPL_ERR_PARSE, 3, "--where, column 3: one of = != < <= > >= 'is missing' 'in (...)' was expected" },
        { "yi >", MPL_ERR_PARSE, 5, "--where, column 5: a column, number or text in quotes was expected" },
        { "yi > 0 model", MPL_ERR_PARSE, 8, "--where, column 8: 'and', 'or' or the end was expected" },
        { "(yi > 0", MPL_ERR_PARSE, 8, "--where, column 8: 'and', 'or' or ) was expected" },
        { "yi > 0)", MPL_ERR_PARSE, 7, "--where, column 7: 'and', 'or' or the end was expected" },
        { "yi is 0", MPL_ERR_PARSE, 7, "--where, column 7: 'is missing' or 'is not missing' was expected" },
        { "yi in 0", MPL_ERR_PARSE, 7, "--where, column 7: 'in' needs a list: ('a', 'b')" },
        { "yi in ()", MPL_ERR_PARSE, 8, "--where, column 8: a number or a text in quotes was expected" },
        { "yi in (1", MPL_ERR_PARSE, 9, "--where, column 9: a comma or ) was expected" },
        { "model in (CNI)", MPL_ERR_PARSE, 11, "--where, column 11: a number or a text in quotes was expected" },
        { "model = 'CNI", MPL_ERR_PARSE, 9, "--where, column 9: the quote opened here is never closed" },
        { "yi > 0 && yi < 1", MPL_ERR_PARSE, 8, "--where, column 8: write 'and', 'or', 'not'" },
        { "yi > 0;", MPL_ERR_PARSE, 7, "--where, column 7: unexpected character" },
        { "yi > 1x", MPL_ERR_PARSE, 6, "--where, column 6: not a number; a text is written in quotes" },
        { "yi > -", MPL_ERR_PARSE, 6, "--where, column 6: not a number; a text is written in quotes" },
        { "wekes = 4", MPL_ERR_NAME, 1, "--where, column 1: x.csv has no column 'wekes'; did you mean 'weeks'?" },
        { "model = CNI", MPL_ERR_NAME, 9,
          "--where, column 9: no column 'CNI'; a text is written in quotes: 'CNI'" },
        { "model = qqqqqq", MPL_ERR_NAME, 9, "--where, column 9: x.csv has no column 'qqqqqq'" },
    };
    mpl_dataset *const d = open_table();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mpl_dataset *f = d;
        mpl_error err = { .message = "" };
        CHECK(mpl_dataset_filter(d, rows[i].expr, &f, &err) == rows[i].status && !f, "%s", rows[i].expr);
        CHECK_STR(err.message, rows[i].want, "%s", rows[i].expr);
        CHECK(err.column == rows[i].column, "%s: column %zu", rows[i].expr, err.column);
        CHECK(mpl_dataset_filter(d, rows[i].expr, &f, NULL) == rows[i].status, "%s without an error", rows[i].expr);
    }
    mpl_dataset_free(d);
}

/* 64 levels pass, 65 do not; a chain may be as long as it likes. */
static void depth(void)
{
    mpl_dataset *const d = open_table(), *f;
    char text[400];
    for (size_t n = 64; n <= 65; n++)
        for (int nots = 0; nots < 2; nots++) {
            text[0] = '\0';
            for (size_t i = 0; i < n; i++)
                strcat(text, nots ? "not " : "(");
            strcat(text, "yi > 0");
            for (size_t i = 0; i < n && !nots; i++)
                strcat(text, ")");
            mpl_error err = { .message = "" };
            CHECK(mpl_dataset_filter(d, text, &f, &err) == (n > 64 ? MPL_ERR_LIMIT : MPL_OK), "%zu: %s", n,
                  err.message);
            mpl_dataset_free(f);
        }
    enum { TERMS = 100000 };
    char *const chain = malloc(TERMS * 10);
    if (!chain)
        check_die("no memory for", "depth");
    size_t size = 0;
    for (size_t i = 0; i < TERMS; i++)
        size += (size_t)snprintf(chain + size, 16, "%syi = 9", i ? " or " : "");
    mpl_error err = { .message = "" };
    CHECK(mpl_dataset_filter(d, chain, &f, &err) == MPL_OK && f && f->n_rows == 0, "chain: %s", err.message);
    mpl_dataset_free(f);
    free(chain);
    mpl_dataset_free(d);
}

/* The result owns everything, remembers rows and lines, and adds to what was dropped before. */
static void result(void)
{
    mpl_dataset *const d = open_table();
    mpl_dataset *once = NULL, *twice = NULL;
    mpl_error err = { .message = "" };
    CHECK(mpl_dataset_filter(d, "dose is not missing", &once, &err) == MPL_OK, "%s", err.message);
    mpl_dataset_free(d);
    CHECK(mpl_dataset_filter(once, "dose != 'unclear'", &twice, &err) == MPL_OK, "%s", err.message);
    mpl_dataset_free(once);
    CHECK_STR(dataset_text(twice),
              "study:slab model cell source weeks# dose# yi:yi# or# | A@2 A CNI AT-MSC 4 10 0.5 1 | "
              "D@5 D - it's 4 1e1 0 4 | dropped 2 B: does not meet: dose is not missing | "
              "dropped 3 C: does not meet: dose != 'unclear'",
              "twice");
    CHECK(twice->row[1] == 4 && twice->columns[1].n_missing == 1, "rows of the file");
    CHECK(mpl_column_check_number(twice, &twice->columns[4], &err) == MPL_OK, "a column without its text is numbers");
    mpl_dataset_free(twice);
}

static size_t asked, refused;
static bool for_good;

static bool allow(void)
{
    const size_t n = asked++;
    return for_good ? n < refused : n != refused;
}

static void out_of_memory(void)
{
    mpl_dataset *const d = open_table();
    bool done = false;
    for (size_t n = 0; n < 1000 && !done; n++) {
        mpl_dataset *f = d;
        mpl_error err = { .message = "" };
        asked = 0;
        refused = n / 2;
        for_good = n % 2;
        mpl__alloc_hook = allow;
        const mpl_status s = mpl_dataset_filter(d, "not (model in ('CNI', 'x') and weeks > 4) or yi = 0", &f, &err);
        mpl__alloc_hook = NULL;
        done = asked <= refused;
        CHECK(done ? s == MPL_OK && f : s == MPL_ERR_NOMEM && !f && *err.message, "allocation %zu", n / 2);
        mpl_dataset_free(f);
    }
    CHECK(done, "filtered in the end");
    mpl_dataset_free(d);
}

int main(void)
{
    keeps();
    refuses();
    depth();
    result();
    out_of_memory();
    return check_done();
}
