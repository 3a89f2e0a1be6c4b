/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regress K P REPEATS: seconds per regression (REML, Hartung-Knapp, Q-profile) of K studies on P - 1 moderators;
 * regress bcg DRAWS REPEATS: seconds per permutation test of the BCG trials' latitude. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <metapool.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(mpl_status status, const mpl_error *err)
{
    if (status == MPL_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

/* The same studies as in regress.R. */
static void simulate(size_t k, size_t p, double *yi, double *vi, double *x)
{
    for (size_t i = 0; i < k; i++) {
        const double a = (double)(i + 1);
        vi[i] = 0.02 + 0.1 * (0.5 + 0.5 * sin(7 * a));
        yi[i] = 0.3 + 0.4 * sin(3 * a) + 0.2 * cos(11 * a);
        for (size_t j = 0; j < p; j++)
            x[i * p + j] = j == 0 ? 1 : sin(0.37 * (double)(2 * j + 1) * a);
        yi[i] += 0.1 * x[i * p + p - 1];
    }
}

static void regress(size_t k, size_t p, size_t repeats)
{
    double *const yi = calloc(k, sizeof *yi), *const vi = calloc(k, sizeof *vi), *const x = calloc(k * p, sizeof *x);
    mpl_effects *effects = NULL;
    mpl_error err;
    if (!yi || !vi || !x)
        exit(1);
    simulate(k, p, yi, vi, x);
    must(mpl_effects_new_arrays(yi, vi, NULL, k, NULL, &effects, &err), &err);
    const mpl_design design = { .n_rows = k, .n_cols = p, .x = x };
    double tau2 = 0;
    const double start = now();
    for (size_t i = 0; i < repeats; i++) {
        mpl_fit *fit;
        must(mpl_fit_new(effects, &design, &(mpl_fit_options){ .method = "REML" }, &fit, &err), &err);
        tau2 = fit->tau2;
        mpl_fit_free(fit);
    }
    printf("%.9g %.12g\n", (now() - start) / (double)repeats, tau2);
    mpl_effects_free(effects);
    free(yi);
    free(vi);
    free(x);
}

static void permute(size_t draws, size_t repeats)
{
    const mpl_fit_options options = { .test = "permutation", .draws = draws, .run = { .threads = 1 } };
    const mpl_regress_options moderators = { .mods = "ablat" };
    mpl_dataset *data;
    mpl_effects *effects;
    mpl_error err;
    must(mpl_dataset_read("bcg", NULL, &data, &err), &err);
    must(mpl_effects_new(data, NULL, &effects, &err), &err);
    double pval = 0;
    const double start = now();
    for (size_t i = 0; i < repeats; i++) {
        mpl_regression *r;
        must(mpl_regress_new(data, effects, &options, &moderators, &r, &err), &err);
        pval = r->fit->terms[1].pval;
        mpl_regress_free(r);
    }
    printf("%.9g %.12g\n", (now() - start) / (double)repeats, pval);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t a = strtoul(argv[2], NULL, 10), b = strtoul(argv[3], NULL, 10);
    if (!strcmp(argv[1], "bcg"))
        permute(a, b);
    else
        regress(strtoul(argv[1], NULL, 10), a, b);
    return 0;
}
