/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pools a dataset with the library: dataset, effects, fit, report.
 *
 *     cc pool.c $(pkg-config --cflags --libs metapool) -o pool && ./pool bcg
 */
#include <stdio.h>

#include <metapool.h>

/* Every call says what went wrong in its mpl_error; the line is of the file that was read. */
static int fail(const mpl_error *err)
{
    fprintf(stderr, "%s", mpl_status_text(err->code));
    if (err->line)
        fprintf(stderr, ", line %zu", err->line);
    fprintf(stderr, ": %s\n", err->message);
    return 1;
}

int main(int argc, char **argv)
{
    mpl_dataset *data = NULL;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_error err;
    int status = 0;

    /* What is left out has its default; with these, the result is that of rma(..., measure = "RR") in R. */
    const mpl_effect_options effect_options = { .measure = "RR" };
    const mpl_fit_options fit_options = { .profile = "metafor" };

    if (mpl_dataset_read(argc > 1 ? argv[1] : "bcg", NULL, &data, &err) != MPL_OK ||
        mpl_effects_new(data, &effect_options, &effects, &err) != MPL_OK ||
        mpl_fit_new(effects, NULL, &fit_options, &fit, &err) != MPL_OK) {
        status = fail(&err);
    } else {
        const mpl_measure *measure = effects->measure;
        const mpl_term *mean = &fit->terms[0];
        printf("%s, %zu studies\n", data->info->title ? data->info->title : data->name, effects->k);
        for (size_t i = 0; i < effects->k; i++)
            printf("  %-28s %8.4f %8.4f %6.2f%%\n", effects->slab[i], effects->yi[i], effects->vi[i],
                   fit->weights[i]);
        printf("%s: %.4f [%.4f, %.4f], p = %.2g\n", measure->scale, mean->estimate, mean->ci_lb, mean->ci_ub,
               mean->pval);
        printf("%s: %.4f [%.4f, %.4f]\n", measure->label, mpl_measure_display(measure, mean->estimate),
               mpl_measure_display(measure, mean->ci_lb), mpl_measure_display(measure, mean->ci_ub));
        printf("tau^2 = %.4f (%s), I^2 = %.2f%%, Q(%g) = %.4f\n", fit->tau2, fit->method->id, fit->i2, fit->q_df,
fit->q);
        for (size_t i = 0; i < effects->n_excluded; i++)
            printf("left out: %s: %s\n", effects->excluded[i].study, effects->excluded[i].reason);
    }

    /* Each result owns what it points to, so the order does not matter, and NULL is nothing. */
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return status;
}
