/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool list: what the library knows, with sources. One row per registry. */
#include "cli/cli.h"

#include <string.h>

struct args {
    cli_output_options out;
};

static const struct {
    mpl_method method;
    mpl_registry registry;
} lists[] = {
    { { .id = "measures", .title = "effect sizes" }, mpl_measure_method },
    { { .id = "methods", .title = "pooling methods and estimators of the between-study variance" }, mpl_fit_method },
    { { .id = "tests", .title = "tests and confidence intervals" }, mpl_test_method },
    { { .id = "pi", .title = "prediction intervals" }, mpl_pi_method },
    { { .id = "profiles", .title = "sets of defaults" }, mpl_profile_method },
    { { .id = "pooling", .title = "ways to pool the between-study variance over subgroups" }, mpl_pooling_method },
    { { .id = "corrections", .title = "rules for zero cells" }, mpl_correction_method },
    { { .id = "hedges", .title = "forms of the small-sample correction" }, mpl_hedges_method },
    { { .id = "transforms", .title = "back-transforms to the scale people read" }, mpl_transform_method },
    { { .id = "roles", .title = "what a column can hold, and the names it is known by" }, mpl_role_method },
    { { .id = "inputs", .title = "input formats" }, mpl_input_method },
    { { .id = "formats", .title = "report formats" }, mpl_format_method },
    { { .id = "plots", .title = "plots" }, mpl_plot_method },
    { { .id = "figures", .title = "plot formats, by file ending" }, cli_figure_method },
};

const mpl_method *cli_list_method(size_t i)
{
    return i < sizeof lists / sizeof *lists ? &lists[i].method : NULL;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_report *report;
    mpl_status s;
    size_t i = 0;
    if (call->n_operands == 0) {
        s = mpl_report_new_registry("lists", "What can be listed", cli_list_method, &report, err);
    } else {
        while (strcmp(lists[i].method.id, call->operand[0]) != 0)
            i++;
        char title[128];
        snprintf(title, sizeof title, "%s", lists[i].method.title);
        title[0] = (char)(title[0] - 'a' + 'A');
        s = mpl_report_new_registry(lists[i].method.id, title, lists[i].registry, &report, err);
    }
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_OUTPUT_GROUPS(struct args, out),
    CLI_GROUP_END,
};

const cli_command cli_cmd_list = {
    .name = "list",
    .summary = "list measures, methods, tests, formats and so on, with their sources",
    .about = "Lists everything of one kind that the library knows: its id (as options take it), what it is, other "
             "names it answers to, and where it comes from. Without an operand, lists the kinds.",
    .operands = (const cli_operand[]){
        { .name = "WHAT", .help = "a kind", .choice = cli_list_method, .optional = true },
        { .name = NULL } },
    .examples = (const cli_example[]){
        { "list measures", "every effect size, with its formula's source" },
        { "list methods", "every estimator of the between-study variance" },
        { "list profiles --format json", "the sets of defaults, for a program" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
