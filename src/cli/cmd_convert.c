/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool convert: from what a paper prints to the columns a measure needs. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    mpl_convert_options convert;
    cli_output_options out;
};

static mpl_status make(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_dataset *converted = NULL;
    mpl_status s = mpl_dataset_convert(data, &args->convert, &converted, err);
    if (s == MPL_OK)
        s = mpl_report_new_derived("convert", converted, report, err);
    mpl_dataset_free(converted);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Conversion", mpl_convert_option_table, struct args, convert),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_convert = {
    .name = "convert",
    .summary = "compute the columns a measure needs from other ones",
    .about = "Adds columns to the data: standard errors from intervals or p-values, means and standard deviations from "
             "medians and quartiles, cells of a 2x2 table from an odds ratio and the margins, effective sample sizes "
             "of cluster-randomized trials, means of logarithms ... Each row takes the first conversion whose "
             "columns it has; the column 'conversion' says which. What a row reports already is kept. The result is "
             "a dataset again, in CSV and in JSON.\n"
             "'metapool list conversions' has them all, with what each needs and where it comes from.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "convert smoking-hackshaw1998 --to ci", "an interval for every study" },
        { "convert smoking-hackshaw1998 --to formula --formula 'exp(yi)' --format csv", "ratios and their variances" },
        { "convert stroke-stay --to one-group", "both groups of each trial taken as one" },
        { "convert bcg --to cluster-trial --icc 0.02 --cluster-size 20 --format csv",
          "if the groups were of villages: sizes over the design effect" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
