/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares subgroups, and writes the whole report as the program does.
 *
 *     cc subgroup.c $(pkg-config --cflags --libs metapool) -o subgroup && ./subgroup
 */
#include <stdio.h>

#include <metapool.h>

static void print_groups(const mpl_subgroups *groups)
{
    for (size_t i = 0; i < groups->n_groups; i++) {
        const mpl_group *group = &groups->groups[i];
        const mpl_term *mean = &group->fit->terms[0];
        printf("%-12s k = %2zu  %6.3f [%6.3f, %6.3f]\n", group->label, group->k, mean->estimate, mean->ci_lb,
               mean->ci_ub);
    }
    printf("between groups: p = %.3g\n", groups->q_pval);
    for (size_t i = 0; i < groups->n_contrasts; i++) {
        const mpl_term *diff = &groups->contrasts[i].diff;
        printf("%s: %.3f [%.3f, %.3f], p = %.3g, by Holm %.3g\n", diff->term, diff->estimate, diff->ci_lb,
               diff->ci_ub, diff->pval, groups->contrasts[i].pval_holm);
    }
}

int main(void)
{
    mpl_dataset *data = NULL;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_subgroups *groups = NULL;
    mpl_report *report = NULL;
    mpl_error err;
    const mpl_subgroup_options by = { .subgroup = "cell_source" };

    mpl_status status = mpl_dataset_read("icp-map-simulated", NULL, &data, &err);
    if (status == MPL_OK)
        status = mpl_effects_new(data, NULL, &effects, &err);
    if (status == MPL_OK)
        status = mpl_fit_new(effects, NULL, NULL, &fit, &err);
    if (status == MPL_OK)
        status = mpl_subgroups_new(data, effects, NULL, &by, &groups, &err);
    if (status == MPL_OK) {
        const mpl_analysis analysis = { .data = data, .effects = effects, .fit = fit, .subgroups = groups };
        const mpl_write_options write = { .format = "text" };
        print_groups(groups);
        status = mpl_report_new_pool(&analysis, NULL, &write, &report, &err);
        if (status == MPL_OK)
            status = mpl_report_write(report, &write, stdout, &err);
    }
    if (status != MPL_OK)
        fprintf(stderr, "%s: %s\n", mpl_status_text(status), err.message);

    mpl_report_free(report);
    mpl_subgroups_free(groups);
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return status != MPL_OK;
}
