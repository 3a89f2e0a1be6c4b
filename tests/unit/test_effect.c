/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Effect sizes against values computed elsewhere: tests/ref/effect_*.csv, or the files named as arguments.
 *
 * Consecutive rows with the same `case` are the studies of one dataset. `options` holds name=value pairs of the
 * option table; columns that are empty in all rows of a case do not exist there; empty yi_ref means that the study
 * must be left out.
 */
#include <metapool/effect.h>

#include "check.h"
#include "effect_table.h"

enum { MAX_MEASURES = 256, MAX_VTYPES = 32, MAX_ROUTES = 16 };

/* What the reference rows have exercised. */
static bool seen[MAX_MEASURES], seen_vtype[MAX_MEASURES][MAX_VTYPES], seen_route[MAX_MEASURES][MAX_ROUTES];

static size_t registry_index(mpl_registry registry, const char *id)
{
    size_t i = 0;
    while (registry(i) && strcmp(registry(i)->id, id) != 0)
        i++;
    return i;
}

static void mark(const mpl_effects *e)
{
    const size_t m = registry_index(mpl_measure_method, e->measure->method.id);
    seen[m] = true;
    seen_vtype[m][registry_index(mpl_vtype_method, e->options.vtype)] = true;
    for (size_t i = 0; i < e->k; i++)
        for (size_t r = 0; r < e->measure->n_routes; r++)
            seen_route[m][r] |= strcmp(e->measure->routes[r].id, e->route[i]) == 0;
}

static void check_case(const check_csv *csv, size_t first, size_t n)
{
    static effect_table t;
    const char *const name = check_csv_text(csv, first, "case");
    char buffer[256];
    mpl_effect_options options = { .measure = check_csv_text(csv, first, "measure") };
    mpl_effects *e = NULL;
    mpl_error err = { .code = MPL_OK };
    effect_table_read(&t, csv, first, n);
    effect_options_read(&options, check_csv_text(csv, first, "options"), buffer, sizeof buffer);
    if (!CHECK(mpl_effects_new(&t.data, &options, &e, &err) == MPL_OK, "%s: %s", name, err.message))
        return;
    mark(e);
    CHECK(e->k + e->n_excluded == n, "%s: %zu effects and %zu excluded of %zu", name, e->k, e->n_excluded, n);
    for (size_t i = 0, at = 0; i < n; i++) {
        const double yi = check_csv_real(csv, first + i, "yi_ref"), vi = check_csv_real(csv, first + i, "vi_ref");
        const double tol = check_csv_real(csv, first + i, "tol");
        if (at < e->k && e->index[at] == i) {
            CHECK_CLOSE(e->yi[at], yi, tol, "%s study %zu yi", name, i + 1);
            if (!isnan(vi))
                CHECK_CLOSE(e->vi[at], vi, tol, "%s study %zu vi", name, i + 1);
            CHECK(!isnan(yi), "%s study %zu must be left out", name, i + 1);
            at++;
        } else {
            CHECK(isnan(yi), "%s study %zu is left out: %s", name, i + 1,
                  i - at < e->n_excluded ? e->excluded[i - at].reason : "without a reason");
        }
    }
    mpl_effects_free(e);
}

static void check_file(const char *name)
{
    check_csv *const csv = check_csv_open(name);
    for (size_t i = 0, n; i < csv->n_rows; i += n) {
        n = 1;
        while (i + n < csv->n_rows && n < EFFECT_TABLE_ROWS &&
               strcmp(check_csv_text(csv, i, "case"), check_csv_text(csv, i + n, "case")) == 0)
            n++;
        check_case(csv, i, n);
    }
    check_csv_free(csv);
}

/* True if `word` is a word of the blank-separated list. */
static bool has_word(const char *list, const char *word)
{
    const size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

/* Every measure, every variance type and every way into a measure of its own has a reference row. */
static void check_coverage(void)
{
    for (size_t m = 0; mpl_measure_method(m); m++) {
        const mpl_measure *const measure = mpl_measure_find(mpl_measure_method(m)->id);
        CHECK(seen[m], "%s has no reference row", measure->method.id);
        for (size_t v = 0; measure->vtypes && mpl_vtype_method(v); v++)
            CHECK(seen_vtype[m][v] || !has_word(measure->vtypes, mpl_vtype_method(v)->id),
                  "%s with vtype %s has no reference row", measure->method.id, mpl_vtype_method(v)->id);
    }
}

/* Routes are functions that measures share: each id and its inputs must be exercised by some measure. */
static void check_routes(void)
{
    for (size_t m = 0; mpl_measure_method(m); m++) {
        const mpl_measure *const measure = mpl_measure_find(mpl_measure_method(m)->id);
        for (size_t r = 0; r < measure->n_routes; r++) {
            bool somewhere = false;
            for (size_t o = 0; !somewhere && mpl_measure_method(o); o++) {
                const mpl_measure *const other = mpl_measure_find(mpl_measure_method(o)->id);
                for (size_t q = 0; q < other->n_routes; q++)
                    somewhere |= seen_route[o][q] && other->routes[q].prepare == measure->routes[r].prepare &&
                                 strcmp(other->routes[q].inputs, measure->routes[r].inputs) == 0;
            }
            CHECK(somewhere, "%s: route %s (%s) has no reference row", measure->method.id, measure->routes[r].id,
                  measure->routes[r].inputs);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        for (int i = 1; i < argc; i++)
            check_file(argv[i]);
        return check_done();
    }
    check_file("ref/effect_metafor.csv");
    check_file("ref/effect_mpmath.csv");
    check_file("ref/effect_chk.csv");
    check_coverage();
    check_routes();
    return check_done();
}
