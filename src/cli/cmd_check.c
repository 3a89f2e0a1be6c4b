/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool check: what looks wrong in the data. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    mpl_check_options check;
    mpl_effect_options effect;
    cli_profile_options profile;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_effect_options effect = args->effect;
    effect.profile = args->profile.profile;
    mpl_dataset *data;
    mpl_check *check = NULL;
    mpl_report *report = NULL;
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &data, err);
    if (s != MPL_OK)
        return s;
    s = mpl_check_new(data, &effect, &args->check, &check, err);
    if (s == MPL_OK)
        s = mpl_report_new_check(data, check, &report, err);
    if (s == MPL_OK)
        s = cli_report_write(call, report, &args->out, err);
    if (s == MPL_OK && check->n_serious > 0)
        call->check_failed = true;
    mpl_check_free(check);
    mpl_dataset_free(data);
    return s;
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Rules", mpl_check_option_table, struct args, check),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, cli_profile_option_table, struct args, profile),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size digits"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_check = {
    .name = "check",
    .summary = "find what looks wrong in the data",
    .about = "Looks for what people mistype: standard errors in place of standard deviations, ratios that are not "
             "logged or logged twice, estimates outside their interval, more events than members, duplicates, dates "
             "made by spreadsheets, control groups used twice, effects far from all others ... Every finding says "
             "row, column, value and reason. The exit status is 1 if one is serious.\n"
             "'metapool list rules' has all rules, with their sources.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "check bcg", "nothing to find" },
        { "check icp-response-sem --format markdown", "a table for a comment" },
        { "check iief-change --measure SMCR --ri 0.5", "means and standard deviations against their scale" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
