/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power of tests of small-study effects: another simulation, an exact level, threads, being stopped, refusals. */
#include "check.h"

#include <metapool.h>

typedef struct bench {
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_fit *fit;
    mpl_bias *bias;
} bench;

static void start(bench *b, const char *id, const char *measure, const char *method, const char *only)
{
    mpl_error err = { 0 };
    mpl_status s = mpl_dataset_read(id, NULL, &b->data, &err);
    if (s == MPL_OK)
        s = mpl_effects_new(b->data, &(mpl_effect_options){ .measure = measure }, &b->effects, &err);
    if (s == MPL_OK)
        s = mpl_fit_new(b->effects, NULL, &(mpl_fit_options){ .method = method }, &b->fit, &err);
    if (s == MPL_OK)
        s = mpl_bias_new(b->data, b->effects, b->fit, &(mpl_bias_options){ .only = only }, &b->bias, &err);
    if (s != MPL_OK)
        check_die(id, err.message);
}

static void end(bench *b)
{
    mpl_bias_free(b->bias);
    mpl_fit_free(b->fit);
    mpl_effects_free(b->effects);
    mpl_dataset_free(b->data);
}

static mpl_power *run(const bench *b, const mpl_power_options *options, const mpl_run_options *how, mpl_status want)
{
    mpl_power *power = NULL;
    mpl_error err = { 0 };
    const mpl_status got = mpl_power_new(b->data, b->bias, options, how, &power, &err);
    CHECK(got == want, "status %d: %s", (int)got, err.message);
    return power;
}

/* Two shares in percent, of so many draws each, are the same but for chance. */
static void same_share(double got, double n_got, double want, double n_want, const char *what, const char *row)
{
    const double p = (got * n_got + want * n_want) / (n_got + n_want);
    const double se = sqrt(p * (100 - p) * (1 / n_got + 1 / n_want));
    CHECK(fabs(got - want) <= 4 * se + 1e-9, "%s: %s %.4g, expected %.4g", row, what, got, want);
}

static void check_reference(void)
{
    check_csv *const csv = check_csv_open("ref/power.csv");
    for (size_t i = 0; i < csv->n_rows; i++) {
        const char *const row = check_csv_row(csv, i);
        const double theirs = check_csv_real(csv, i, "draws");
        bench b;
        start(&b, check_csv_text(csv, i, "data"), check_csv_text(csv, i, "measure"), check_csv_text(csv, i, "method"),
              check_csv_text(csv, i, "test"));
        const mpl_power_options options = { .draws = 2000, .severity = check_csv_real(csv, i, "severity") };
        mpl_power *const p = run(&b, &options, NULL, MPL_OK);
        if (CHECK(p && p->n_rows == 1, "%s: rows", row)) {
            same_share(p->rows[0].type1, (double)p->rows[0].n_null, check_csv_real(csv, i, "type1"), theirs, "type I",
                       row);
            same_share(p->rows[0].power, (double)p->rows[0].n_selected, check_csv_real(csv, i, "power"), theirs,
                       "power", row);
        }
        mpl_power_free(p);
        end(&b);
    }
    check_csv_free(csv);
}

/* Egger's test is exact where effects are equal and variances known; without selection power is the type I error. */
static void check_level(void)
{
    bench b;
    start(&b, "expectancy", "SMD", "EE", "egger");
    mpl_power *const p = run(&b, &(mpl_power_options){ .draws = 4000, .severity = 1, .level = 0.1 }, NULL, MPL_OK);
    if (p) {
        const mpl_power_row *const r = &p->rows[0];
        CHECK(fabs(r->type1 - 10) < 4 * r->type1_se, "level %g", r->type1);
        CHECK(fabs(r->power - 10) < 4 * r->power_se, "power without selection %g", r->power);
        CHECK(fabs(r->type1_se - sqrt(r->type1 * (100 - r->type1) / 4000)) < 1e-12, "error %g", r->type1_se);
        CHECK(!p->by_counts && p->n_notes == 1, "drawn as effects");
    }
    mpl_power_free(p);
    end(&b);
}

static bool stop_soon(void *ctx, size_t done, size_t total)
{
    (void)ctx, (void)total;
    return done < 3;
}

static void check_runs(void)
{
    bench b;
    start(&b, "bcg", "OR", "DL", "egger,harbord,peters,tes,rosenthal,pcurve");
    const mpl_power_options options = { .draws = 130 };
    mpl_power *const one = run(&b, &options, &(mpl_run_options){ .threads = 1 }, MPL_OK);
    mpl_power *const three = run(&b, &options, &(mpl_run_options){ .threads = 3 }, MPL_OK);
    mpl_power *const other = run(&b, &options, &(mpl_run_options){ .seed = { true, 9 } }, MPL_OK);
    CHECK(one->n_rows == 4 && one->by_counts, "%zu tests", one->n_rows);
    CHECK(memcmp(one->rows, three->rows, one->n_rows * sizeof *one->rows) == 0, "threads change nothing");
    CHECK(memcmp(one->rows, other->rows, one->n_rows * sizeof *one->rows) != 0, "the seed does");
    const mpl_watch watch = { .look = stop_soon };
    mpl_power *const part = run(&b, &(mpl_power_options){ .draws = 1000000 }, &(mpl_run_options){ .watch = &watch },
                                MPL_OK);
    CHECK(part && part->is_partial && part->n_draws < 1000000 && part->n_draws == part->rows[0].n_null, "stopped");
    mpl_power_free(part);
    mpl_power_free(other);
    mpl_power_free(three);
    mpl_power_free(one);
    CHECK(!run(&b, &(mpl_power_options){ .severity = 0.5 }, NULL, MPL_ERR_ARG), "a severity below 1");
    end(&b);
    start(&b, "bcg", "OR", "DL", "rosenthal");
    CHECK(!run(&b, NULL, NULL, MPL_ERR_TOO_FEW), "no test");
    end(&b);
}

int main(void)
{
    check_reference();
    check_level();
    check_runs();
    return check_done();
}
