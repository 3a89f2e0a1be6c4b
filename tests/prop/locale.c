/* SPDX-License-Identifier: GPL-3.0-or-later */
/* locale NAME: sets the locale, then reads, pools and writes in every format; same_bytes.py compares the outputs. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <metapool.h>

/* Ends the program unless the call went well. */
static void must(mpl_status s, const mpl_error *err)
{
    if (s == MPL_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

int main(int argc, char **argv)
{
    static const char csv[] = "slab;yi;vi\na;0,25;0,5\nb;1,75;0,125\nc;-0,5;0,0625\n";
    const char *const name = argc > 1 ? argv[1] : "C";
    if (!setlocale(LC_ALL, name) || (strcmp(name, "C") != 0 && strcmp(localeconv()->decimal_point, ",") != 0)) {
        fprintf(stderr, "no locale %s\n", name);
        return 1;
    }
    mpl_error err;
    mpl_dataset *data = NULL;
    mpl_effects *effects = NULL;
    mpl_fit *fit = NULL;
    mpl_report *report = NULL;
    mpl_plot *plot = NULL;
    must(mpl_dataset_read_bytes(csv, sizeof csv - 1, "x.csv", NULL, &data, &err), &err);
    must(mpl_effects_new(data, NULL, &effects, &err), &err);
    must(mpl_fit_new(effects, NULL, &(mpl_fit_options){ .level = 0.9 }, &fit, &err), &err);
    const mpl_analysis analysis = { data, effects, fit, NULL };
    must(mpl_report_new_pool(&analysis, NULL, NULL, &report, &err), &err);
    must(mpl_plot_new("forest", &analysis, NULL, &plot, &err), &err);
    for (size_t i = 0; mpl_format_method(i); i++)
        must(mpl_report_write(report, &(mpl_write_options){ .format = mpl_format_method(i)->id }, stdout, &err), &err);
    for (size_t i = 0; mpl_renderer_method(i); i++)
        must(mpl_plot_write(plot, mpl_renderer_method(i)->id, NULL, stdout, &err), &err);
    mpl_plot_free(plot);
    mpl_report_free(report);
    mpl_fit_free(fit);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return 0;
}
