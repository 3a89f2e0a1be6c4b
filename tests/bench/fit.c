/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fit K REPEATS: seconds per mpl_fit_new() (REML, Hartung-Knapp, all intervals) on K simulated studies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <metapool.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The same studies as in fit.R: effects and variances without a random number generator. */
static void simulate(size_t k, double *yi, double *vi)
{
    for (size_t i = 0; i < k; i++) {
        const double x = (double)(i + 1);
        vi[i] = 0.02 + 0.1 * (0.5 + 0.5 * sin(7 * x));
        yi[i] = 0.3 + 0.4 * sin(3 * x) + 0.2 * cos(11 * x);
    }
}

int main(int argc, char **argv)
{
    const size_t k = argc > 1 ? strtoul(argv[1], NULL, 10) : 10, repeats = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
    double *const yi = calloc(k, sizeof *yi), *const vi = calloc(k, sizeof *vi);
    mpl_effects *effects = NULL;
    mpl_error err;
    if (!yi || !vi)
        return 1;
    simulate(k, yi, vi);
    if (mpl_effects_new_arrays(yi, vi, NULL, k, NULL, &effects, &err) != MPL_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    double tau2 = 0;
    const double start = now();
    for (size_t i = 0; i < repeats; i++) {
        mpl_fit *fit;
        if (mpl_fit_new(effects, NULL, &(mpl_fit_options){ .method = "REML" }, &fit, &err) != MPL_OK) {
            fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        tau2 = fit->tau2;
        mpl_fit_free(fit);
    }
    printf("%.9g %.12g\n", (now() - start) / (double)repeats, tau2);
    mpl_effects_free(effects);
    free(yi);
    free(vi);
    return 0;
}
