/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool effects: effect sizes and their variances, one row per study. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    mpl_effect_options effect;
    mpl_transform_options transform;
    cli_profile_options profile;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_effect_options options = args->effect;
    options.profile = args->profile.profile;
    mpl_dataset *data;
    mpl_effects *effects = NULL;
    mpl_report *report = NULL;
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &data, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_new(data, &options, &effects, err);
    if (s == MPL_OK)
        s = mpl_effects_transform(effects, &args->transform, err);
    if (s == MPL_OK)
        s = mpl_report_new_effects(data, effects, &args->out.write, &report, err);
    if (s == MPL_OK)
        s = cli_report_write(call, report, &args->out, err);
    mpl_effects_free(effects);
    mpl_dataset_free(data);
    return s;
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, transform),
    CLI_GROUP(NULL, cli_profile_option_table, struct args, profile),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_effects = {
    .name = "effects",
    .summary = "compute effect sizes and their variances",
    .about = "Computes yi and vi for every study that allows it, and lists the others with the reason. In CSV the "
             "result is a dataset again, which every command reads without further options. A row takes the first "
             "route of the measure that its columns allow (--route forces one). Means and standard deviations that "
             "it reports as quantiles, standard errors or intervals are converted before, and the route says how.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "effects bcg --measure RR", "log risk ratios of the BCG vaccine trials" },
        { "effects bcg --measure RR --format csv", "the same as a dataset" },
        { "effects bcg --measure VE", "vaccine efficacies, 1 - risk ratio" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
