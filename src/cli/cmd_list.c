/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool list: what the library knows, with sources. */
#include "cli/cli.h"

struct args {
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_report *report;
    mpl_status s;
    if (call->n_operands == 0) {
        s = mpl_report_new_registry("lists", "What can be listed", cli_list_method, NULL, &report, err);
    } else {
        const mpl_method *const list = mpl_method_find(cli_list_method, call->operand[0]);
        char title[128];
        snprintf(title, sizeof title, "%s", list->title);
        title[0] = (char)(title[0] - 'a' + 'A');
        s = mpl_report_new_registry(list->id, title, cli_list_registry(list->id),
                                    call->n_operands > 1 ? call->operand[1] : NULL, &report, err);
    }
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits studies"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_list = {
    .name = "list",
    .summary = "list measures, methods, tests, formats ... with their sources",
    .about = "Lists everything of one kind that the library knows: its id (as options take it), what it is, other "
             "names it answers to, and where it comes from. Without an operand, lists the kinds.",
    .operands = (const cli_operand[]){
        { .name = "KIND", .help = "what to list", .choice = cli_list_method, .optional = true },
        { .name = "ID", .help = "this one only", .optional = true },
        { .name = NULL } },
    .examples = (const cli_example[]){
        { "list measures", "every effect size, with its formula's source" },
        { "list measures SMD", "one of them: its variances, and what it is computed from" },
        { "list methods", "every estimator of the between-study variance" },
        { "list profiles --format json", "the sets of defaults, for a program" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
