/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beta-binomial and Firth-penalised models against many digits; arms and tables without events. */
#include "check.h"

#include <metapool.h>

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

/* Lists of counts, separated by blanks, as a dataset of two groups or of one. */
static mpl_effects *effects_of(const char *x1, const char *n1, const char *x2, const char *n2)
{
    char text[4096];
    const char *lists[] = { x1, n1, x2, n2 };
    const size_t columns = *x2 ? 4 : 2;
    size_t n = (size_t)snprintf(text, sizeof text, "%s", *x2 ? "ai,n1i,ci,n2i\n" : "xi,ni\n");
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    while (*lists[0]) {
        for (size_t j = 0; j < columns; j++) {
            char *end;
            n += (size_t)snprintf(text + n, sizeof text - n, "%.0f%s", strtod(lists[j], &end),
                                  j + 1 < columns ? "," : "\n");
            lists[j] = end;
            while (*lists[j] == ' ')
                lists[j]++;
        }
    }
    must(mpl_dataset_read_bytes(text, n, "x.csv", NULL, &data, &err), &err);
    must(mpl_effects_new(data, &(mpl_effect_options){ .measure = *x2 ? "OR" : "PLO" }, &effects, &err), &err);
    mpl_dataset_free(data);
    return effects;
}

static double value(const mpl_fit *fit, const char *name)
{
    const mpl_quantity *const q = fit->n_quantities ? &fit->quantities[0] : NULL;
    if (!strcmp(name, "estimate"))
        return fit->terms[0].estimate;
    if (!strcmp(name, "se"))
        return fit->terms[0].se;
    if (!strcmp(name, "ll"))
        return fit->ll;
    if (!strcmp(name, "lr"))
        return fit->hypotheses[0].statistic;
    if (!q)
        return (double)NAN;
    if (!strcmp(name, "rho") || !strcmp(name, "rho_se"))
        return !strcmp(name, "rho") ? q->value : q->se;
    return !strcmp(name, "lb") ? q->ci_lb : q->ci_ub;
}

static void test_mpmath(void)
{
    check_csv *const csv = check_csv_open("ref/rare.csv");
    for (size_t r = 0; r < csv->n_rows; r++) {
        mpl_effects *const es = effects_of(check_csv_text(csv, r, "x1"), check_csv_text(csv, r, "n1"),
                                           check_csv_text(csv, r, "x2"), check_csv_text(csv, r, "n2"));
        const char *const method = check_csv_text(csv, r, "method"), *const name = check_csv_text(csv, r, "name");
        const double want = check_csv_real(csv, r, "value");
        mpl_fit *fit;
        mpl_error err;
        must(mpl_fit_new(es, NULL, &(mpl_fit_options){ .method = method }, &fit, &err), &err);
        const double got = value(fit, name);
        CHECK(fabs(got - want) <= 1e-8 * fmax(fabs(want), 1e-2), "%s %s %s: %.15g, not %.15g",
              check_csv_text(csv, r, "case"), method, name, got, want);
        CHECK(fit->converged, "%s %s: not converged", check_csv_text(csv, r, "case"), method);
        mpl_fit_free(fit);
        mpl_effects_free(es);
    }
    check_csv_free(csv);
}

static bool has_note(const mpl_fit *fit, const char *code)
{
    for (size_t i = 0; i < fit->n_notes; i++)
        if (!strcmp(fit->notes[i].code, code))
            return true;
    return false;
}

/* Legal counts never fail: what has no estimate says why. */
static void test_zeros(void)
{
    static const struct { const char *x1, *n1, *x2, *n2, *note_bb, *note_firth; bool finite_bb; } rows[] = {
        { "0 0", "10 12", "3 1", "11 12", "not-estimable", "separation", false },
        { "3 1", "10 12", "0 0", "11 12", "not-estimable", "separation", false },
        { "10 12", "10 12", "3 1", "11 12", "not-estimable", "separation", false },
        { "0 2 1", "10 12 9", "0 1 3", "11 12 10", NULL, "no-information", true },
        { "5", "10", "3", "11", "no-correlation", NULL, true },
        { "10 0 10 0", "10 10 10 10", "0 10 0 10", "10 10 10 10", NULL, NULL, true },
        { "1 0 1", "1 1 1", "0 1 0", "1 1 1", "no-correlation", NULL, true },
        { "400000 1", "1000000 2000000", "300000 7", "1000000 2000000", NULL, NULL, true },
        { "0 0", "10 12", "", "", "not-estimable", "separation", false },
        { "3 4", "10 12", "", "", "no-correlation", NULL, true },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int m = 0; m < 2; m++) {
            mpl_effects *const es = effects_of(rows[r].x1, rows[r].n1, rows[r].x2, rows[r].n2);
            const char *const note = m ? rows[r].note_firth : rows[r].note_bb;
            mpl_fit *fit;
            mpl_error err;
            const mpl_status s = mpl_fit_new(es, NULL, &(mpl_fit_options){ .method = m ? "Firth" : "BB" }, &fit, &err);
            CHECK(s == MPL_OK, "row %zu method %d: %s", r, m, s == MPL_OK ? "" : err.message);
            if (fit) {
                const double x = fit->terms[0].estimate;
                CHECK(m || rows[r].finite_bb ? isfinite(x) : isnan(x), "row %zu method %d: %g", r, m, x);
                CHECK(!note || has_note(fit, note), "row %zu method %d: no note %s", r, m, note ? note : "");
                CHECK(isnan(x) || fit->converged, "row %zu method %d: not converged", r, m);
            }
            mpl_fit_free(fit);
            mpl_effects_free(es);
        }
}

int main(void)
{
    test_mpmath();
    test_zeros();
    return check_done();
}
