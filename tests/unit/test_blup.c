/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shrunken effects against metafor; the ends of shrinkage; what is refused. */
#include "check.h"

#include <metapool.h>

static void must(mpl_status s, const mpl_error *err)
{
    if (s != MPL_OK)
        check_die("a call", err->message);
}

static void compare(const char *name, size_t i, const double got[4], const check_csv *csv, size_t r)
{
    static const char *const columns[4] = { "estimate", "se", "ci_lb", "ci_ub" };
    for (size_t j = 0; j < 4; j++) {
        /* their roots are good to 1e-9 or so of tau2 */
        const double want = check_csv_real(csv, r, columns[j]);
        CHECK(fabs(got[j] - want) <= 1e-8 * fmax(fabs(want), 0.1), "%s study %zu %s: %.15g, not %.15g", name, i + 1,
              columns[j], got[j], want);
    }
}

static void test_metafor(void)
{
    check_csv *const csv = check_csv_open("ref/blup.csv");
    mpl_error err;
    mpl_dataset *data;
    mpl_effects *effects;
    must(mpl_dataset_read("bcg", NULL, &data, &err), &err);
    must(mpl_effects_new(data, NULL, &effects, &err), &err);
    for (size_t r = 0; r < csv->n_rows; r += 26) { /* 13 shrunken effects, then 13 random parts */
        const char *const mods = check_csv_text(csv, r, "mods");
        const mpl_fit_options options = { .method = check_csv_text(csv, r, "method"),
                                          .test = check_csv_text(csv, r, "test") };
        mpl_regression *reg = NULL;
        mpl_fit *fit = NULL;
        mpl_blup *b;
        char name[100];
        snprintf(name, sizeof name, "%s %s %s", options.method, options.test, mods);
        if (*mods)
            must(mpl_regress_new(data, effects, &options, &(mpl_regress_options){ .mods = mods }, &reg, &err), &err);
        else
            must(mpl_fit_new(effects, NULL, &options, &fit, &err), &err);
        must(mpl_blup_new(effects, reg ? reg->design : NULL, reg ? reg->fit : fit, &b, &err), &err);
        for (size_t i = 0; i < b->k; i++) {
            const mpl_blup_row *const x = &b->rows[i];
            compare(name, i, (const double[4]){ x->estimate, x->se, x->ci_lb, x->ci_ub }, csv, r + i);
            compare(name, i, (const double[4]){ x->ranef, x->ranef_se, x->ranef_lb, x->ranef_ub }, csv, r + 13 + i);
        }
        mpl_blup_free(b);
        mpl_regress_free(reg);
        mpl_fit_free(fit);
    }
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    check_csv_free(csv);
}

static mpl_status shrink(const double *yi, const double *vi, size_t k, const mpl_fit_options *options, mpl_blup **out,
                         mpl_effects **effects, mpl_fit **fit, mpl_error *err)
{
    must(mpl_effects_new_arrays(yi, vi, NULL, k, NULL, effects, err), err);
    must(mpl_fit_new(*effects, NULL, options, fit, err), err);
    return mpl_blup_new(*effects, NULL, *fit, out, err);
}

static void test_ends(void)
{
    static const double yi[] = { 1e8, 1e8 + 1, 1e8 + 3 }, vi[] = { 0, 0.01, 1e12 }, equal[] = { 1, 1, 1 };
    static const struct { const char *name; const double *vi; mpl_fit_options options; mpl_status want; } rows[] = {
        { "a known effect and one that says nothing", vi, { .tau2 = { true, 0.5 } }, MPL_OK },
        { "no heterogeneity", equal, { .method = "EE" }, MPL_OK },
        { "a negative tau2", equal, { .tau2 = { true, -0.5 } }, MPL_ERR_NUMERIC },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mpl_effects *effects;
        mpl_fit *fit;
        mpl_blup *b;
        mpl_error err;
        const mpl_status s = shrink(yi, rows[r].vi, 3, &rows[r].options, &b, &effects, &fit, &err);
        CHECK(s == rows[r].want && (s == MPL_OK) == (b != NULL), "%s: %d", rows[r].name, s);
        for (size_t i = 0; b && i < 3; i++) {
            const double own = fit->tau2 > 0 ? fit->tau2 / (fit->tau2 + rows[r].vi[i]) : 0;
            const double want = b->rows[i].fitted + own * (yi[i] - b->rows[i].fitted);
            CHECK(check_error(b->rows[i].estimate, want) <= 1e-15 && b->rows[i].se >= 0, "%s %zu: %.17g, not %.17g",
                  rows[r].name, i, b->rows[i].estimate, want);
        }
        if (b && rows[r].vi == vi)
            CHECK(b->rows[0].se == 0 && b->rows[0].estimate == yi[0], "a known effect: %g", b->rows[0].se);
        CHECK(s != MPL_OK || (fit->tau2 == 0) == (b->n_notes == 1), "%s: notes", rows[r].name);
        mpl_blup_free(b);
        mpl_fit_free(fit);
        mpl_effects_free(effects);
    }
    mpl_blup_free(NULL);
}

int main(void)
{
    test_metafor();
    test_ends();
    return check_done();
}
