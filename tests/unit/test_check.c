/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test tools themselves: that checks can fail, and that reference tables are read as written. */
#include "check.h"

/* Runs a check that must fail without counting it as a failure. */
static bool fails(bool held)
{
    if (held) {
        check_passed--;
        return false;
    }
    check_failed--;
    return true;
}

static void closeness(void)
{
    CHECK_CLOSE(1.0, 1.0, 0, "equal");
    CHECK_CLOSE(NAN, NAN, 0, "both not a number");
    CHECK_CLOSE(-INFINITY, -INFINITY, 0, "both infinite");
    CHECK_CLOSE(1e-300 * (1 + 1e-11), 1e-300, 1e-10, "relative, not absolute");
    CHECK_CLOSE(1e-11, 0, 1e-10, "absolute at zero");
    puts("five failures that are meant to be:");
    const bool all = fails(CHECK_CLOSE(1.1, 1.0, 1e-3, "far")) && fails(CHECK_CLOSE(NAN, 1.0, 1, "got NaN")) &&
                     fails(CHECK_CLOSE(1.0, NAN, 1, "want NaN")) && fails(CHECK_CLOSE(INFINITY, 1e308, 1, "inf")) &&
                     fails(CHECK_STR("a", NULL, "text against none"));
    CHECK(all, "a check passed that must not");
}

static void table(void)
{
    check_csv *const csv = check_csv_open("unit/test_check.csv");
    CHECK(csv->n_rows == 3 && csv->n_columns == 3, "%zu rows, %zu columns", csv->n_rows, csv->n_columns);
    CHECK(check_csv_has(csv, "x") && !check_csv_has(csv, "y"), "columns");
    CHECK_STR(check_csv_text(csv, 0, "name"), "plain", "row 1");
    CHECK_STR(check_csv_text(csv, 1, "name"), "a \"quoted\", name", "row 2");
    CHECK_STR(check_csv_text(csv, 2, "note"), "", "an empty cell at the end");
    CHECK_CLOSE(check_csv_real(csv, 0, "x"), -0.1, 0, "%s", check_csv_row(csv, 0));
    CHECK_CLOSE(check_csv_real(csv, 1, "x"), INFINITY, 0, "%s", check_csv_row(csv, 1));
    CHECK_CLOSE(check_csv_real(csv, 2, "x"), NAN, 0, "%s", check_csv_row(csv, 2));
    CHECK_STR(check_csv_row(csv, 2), "unit/test_check.csv:6 (no value)", "place of a row");
    check_csv_free(csv);
}

int main(void)
{
    closeness();
    table();
    return check_done();
}
