/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every test program uses: checks that count, and reference tables.
 *
 *     int main(void)
 *     {
 *         check_csv *csv = check_csv_open("ref/tau2.csv");          // a path below tests/
 *         for (size_t i = 0; i < csv->n_rows; i++)
 *             CHECK_CLOSE(tau2(i), check_csv_real(csv, i, "tau2"), 1e-10, "%s", check_csv_row(csv, i));
 *         check_csv_free(csv);
 *         return check_done();
 *     }
 *
 * A failure prints the file and line of the check and what its format says; name the table row there. The last line a
 * program prints is "N passed, N failed": tests/run.sh adds these up, and a program that ends without it has failed.
 */
#ifndef MPL_TESTS_CHECK_H
#define MPL_TESTS_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CHECK_DIR
#define CHECK_DIR "tests"
#endif

static size_t check_passed, check_failed;

/** Counts one check; prints where and why if it failed. Returns `ok`. */
__attribute__((unused, format(printf, 5, 6))) static bool check_that(bool ok, const char *file, int line,
                                                                     const char *what, const char *fmt, ...)
{
    if (ok) {
        check_passed++;
        return true;
    }
    check_failed++;
    const char *const name = strrchr(file, '/');
    printf("%s:%d: FAILED %s: ", name ? name + 1 : file, line, what);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
    return false;
}

/** |got - want| / |want|; the difference at want = 0; 0 if equal or both NaN; infinity for NaN against a number. */
__attribute__((unused)) static double check_error(double got, double want)
{
    if ((isnan(got) && isnan(want)) || got == want)
        return 0;
    if (!isfinite(got) || !isfinite(want))
        return INFINITY;
    return fabs(got - want) / (want != 0 ? fabs(want) : 1);
}

/** CHECK(condition, "row %s", name): true if it held. */
#define CHECK(cond, ...) check_that((cond), __FILE__, __LINE__, #cond, __VA_ARGS__)

/** CHECK_CLOSE(got, want, rel_tol, "row %s", name): by check_error(). */
#define CHECK_CLOSE(got, want, rel_tol, ...)                                                                         \
    check_close((got), (want), (rel_tol), __FILE__, __LINE__, #got, __VA_ARGS__)

/** CHECK_STR(got, want, "row %s", name): equal texts; NULL equals only NULL. */
#define CHECK_STR(got, want, ...) check_str((got), (want), __FILE__, __LINE__, #got, __VA_ARGS__)

__attribute__((unused, format(printf, 7, 8))) static bool check_close(double got, double want, double tol,
                                                                      const char *file, int line, const char *what,
                                                                      const char *fmt, ...)
{
    char why[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    const double error = check_error(got, want);
    return check_that(error <= tol, file, line, what, "%s: got %.17g, want %.17g, error %.2g, allowed %.2g", why, got,
                      want, error, tol);
}

__attribute__((unused, format(printf, 6, 7))) static bool check_str(const char *got, const char *want,
                                                                    const char *file, int line, const char *what,
                                                                    const char *fmt, ...)
{
    char why[512];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    const bool same = got && want ? strcmp(got, want) == 0 : got == want;
    return check_that(same, file, line, what, "%s:\n  got  %s\n  want %s", why, got ? got : "NULL",
                      want ? want : "NULL");
}

/** Prints the closing line; the program's exit status. */
__attribute__((unused)) static int check_done(void)
{
    if (check_passed + check_failed == 0) {
        check_failed = 1;
        puts("no check was made");
    }
    printf("%zu passed, %zu failed\n", check_passed, check_failed);
    return check_failed != 0;
}

/** For what makes the rest of a program pointless, such as a missing reference file. */
__attribute__((unused, noreturn)) static void check_die(const char *what, const char *name)
{
    check_failed++;
    printf("FAILED %s: %s\n", what, name);
    exit(check_done());
}

/** The whole file `name` (below tests/, or absolute), NUL-terminated; free() it. size may be NULL. */
__attribute__((unused)) static char *check_read(const char *name, size_t *size)
{
    char path[4096];
    snprintf(path, sizeof path, name[0] == '/' ? "%s%s" : "%s/%s", name[0] == '/' ? "" : CHECK_DIR, name);
    FILE *const f = fopen(path, "rb");
    if (!f)
        check_die("cannot open", path);
    size_t n = 0, room = 1 << 16;
    char *text = malloc(room);
    for (size_t got = 1; text && got > 0; n += got) {
        if (room - n < 2) {
            char *const more = realloc(text, room *= 2);
            if (!more)
                check_die("no memory for", path);
            text = more;
        }
        got = fread(text + n, 1, room - n - 1, f);
    }
    fclose(f);
    if (!text)
        check_die("no memory for", path);
    text[n] = '\0';
    if (size)
        *size = n;
    return text;
}

/** A reference table: lines that start with # are skipped, the first other line holds the column names. */
typedef struct check_csv {
    const char *name;
    char *text;          /* the file, cut into cells */
    char **cell;         /* [(n_rows + 1) x n_columns], the header first */
    size_t *line;        /* [n_rows + 1] line in the file */
    size_t n_rows, n_columns;
} check_csv;

/* Cuts one cell off *p in place, quotes resolved; returns the byte that ended it: ',' '\n' or 0. */
__attribute__((unused)) static char check_csv_cell(char **p, char **cell)
{
    char *out = *p, *s = *p;
    *cell = out;
    const bool quoted = *s == '"';
    for (s += quoted; *s && (quoted || (*s != ',' && *s != '\n')); s++) {
        if (quoted && *s == '"' && *++s != '"')
            break;
        *out++ = *s;
    }
    const char end = *s;
    if (out > *cell && out[-1] == '\r')
        out--;
    *out = '\0';
    *p = end ? s + 1 : s;
    return end;
}

/** Opens a table; a missing or ragged file ends the program with a failure. */
__attribute__((unused)) static check_csv *check_csv_open(const char *name)
{
    size_t size;
    check_csv *const csv = calloc(1, sizeof *csv);
    if (!csv)
        check_die("no memory for", name);
    csv->name = name;
    csv->text = check_read(name, &size);
    csv->cell = calloc(size + 2, sizeof *csv->cell); /* at most one cell per byte */
    csv->line = calloc(size + 2, sizeof *csv->line);
    if (!csv->cell || !csv->line)
        check_die("no memory for", name);
    size_t n = 0, rows = 0, line = 1;
    for (char *p = csv->text; *p; line++) {
        if (*p == '#' || *p == '\n') {
            char *const end = strchr(p, '\n');
            p = end ? end + 1 : p + strlen(p);
            continue;
        }
        size_t columns = 1;
        while (check_csv_cell(&p, &csv->cell[n++]) == ',')
            columns++;
        if (rows == 0)
            csv->n_columns = columns;
        if (columns != csv->n_columns)
            check_die("ragged row after", csv->cell[n - columns]);
        csv->line[rows++] = line;
    }
    if (rows < 2)
        check_die("no rows in", name);
    csv->n_rows = rows - 1;
    return csv;
}

__attribute__((unused)) static void check_csv_free(check_csv *csv)
{
    free(csv->text);
    free(csv->cell);
    free(csv->line);
    free(csv);
}

__attribute__((unused)) static bool check_csv_has(const check_csv *csv, const char *column)
{
    for (size_t j = 0; j < csv->n_columns; j++)
        if (strcmp(csv->cell[j], column) == 0)
            return true;
    return false;
}

/** The cell as text; "" if empty. A column that does not exist ends the program with a failure. */
__attribute__((unused)) static const char *check_csv_text(const check_csv *csv, size_t row, const char *column)
{
    for (size_t j = 0; j < csv->n_columns; j++)
        if (strcmp(csv->cell[j], column) == 0)
            return csv->cell[(row + 1) * csv->n_columns + j];
    check_die("no such column", column);
}

/** The cell as a number: empty, NA and NaN are NaN; Inf and -Inf are infinite; anything else must be a number. */
__attribute__((unused)) static double check_csv_real(const check_csv *csv, size_t row, const char *column)
{
    const char *const text = check_csv_text(csv, row, column);
    char *end;
    const double x = strtod(text, &end);
    if (!*text || strcmp(text, "NA") == 0)
        return NAN;
    if (*end)
        check_die("not a number", text);
    return x;
}

/** "file:line" of a row for messages. The text is overwritten by the eighth call after. */
__attribute__((unused)) static const char *check_csv_row(const check_csv *csv, size_t row)
{
    static char text[8][128];
    static size_t turn;
    char *const out = text[turn++ % 8];
    snprintf(out, sizeof text[0], "%s:%zu (%s)", csv->name, csv->line[row + 1], csv->cell[(row + 1) * csv->n_columns]);
    return out;
}

#endif
