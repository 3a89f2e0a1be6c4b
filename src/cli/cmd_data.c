/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool data: the bundled datasets, and what the program understands of any dataset. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_output_options out;
};

static mpl_status run_list(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_report *report;
    const mpl_status s = mpl_report_new_datasets(&report, err);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static mpl_status make_rows(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    (void)call;
    return mpl_report_new_rows(data, report, err);
}

static mpl_status make_description(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    (void)call;
    return mpl_report_new_dataset(data, report, err);
}

static mpl_status run_show(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make_rows, err);
}

static mpl_status run_describe(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make_description, err);
}

static const cli_group list_groups[] = {
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits studies"),
    CLI_GROUP_END,
};

static const cli_group data_groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits studies"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_data_list = {
    .name = "data list",
    .summary = "list the datasets that come with the program",
    .about = "Lists id, title, kind and source of the bundled datasets. Every command takes such an id in place of a "
             "file.",
    .examples = (const cli_example[]){
        { "data list", "what can be tried at once" },
        { NULL, NULL } },
    .groups = list_groups,
    .args_size = sizeof(struct args),
    .run = run_list,
};

const cli_command cli_cmd_data_show = {
    .name = "data show",
    .summary = "show the rows of a dataset",
    .about = "Prints the cells as they are in the file, those of some rows with --where. In CSV the result is a "
             "dataset again: a template to fill in, or another format made into CSV.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "data show bcg", "the BCG vaccine trials" },
        { "data show bcg --where 'year < 1950' --format csv", "some of them, as a file" },
        { NULL, NULL } },
    .groups = data_groups,
    .args_size = sizeof(struct args),
    .run = run_show,
};

const cli_command cli_cmd_data_describe = {
    .name = "data describe",
    .summary = "show a dataset's columns, roles and source",
    .about = "Shows what the program understands of a dataset before anything is computed: each column with its role, "
             "type and missing values; of a bundled dataset also source, licence and warnings.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "data describe bcg", "its columns and source" },
        { NULL, NULL } },
    .groups = data_groups,
    .args_size = sizeof(struct args),
    .run = run_describe,
};
