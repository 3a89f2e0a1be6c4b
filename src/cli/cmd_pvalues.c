/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool pvalues: combined p-values. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_profile_options profile;
    mpl_effect_options effect;
    mpl_transform_options transform;
    mpl_pvalues_options pvalues;
    cli_output_options out;
};

static mpl_status make(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_effect_options effect = args->effect;
    mpl_effects *effects = NULL;
    mpl_pvalues *pvalues = NULL;
    mpl_status s = MPL_OK;
    effect.profile = args->profile.profile;
    if (!args->pvalues.column)
        s = mpl_effects_new(data, &effect, &effects, err);
    if (effects && s == MPL_OK)
        s = mpl_effects_transform(effects, &args->transform, err);
    if (s == MPL_OK)
        s = mpl_pvalues_new(data, effects, &args->pvalues, &pvalues, err);
    if (s == MPL_OK)
        s = mpl_report_new_pvalues(pvalues, &args->out.write, report, err);
    mpl_pvalues_free(pvalues);
    mpl_effects_free(effects);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Combination", mpl_pvalues_option_table, struct args, pvalues),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", cli_profile_option_table, struct args, profile),
    CLI_GROUP(NULL, mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, transform),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_pvalues = {
    .name = "pvalues",
    .summary = "combine p-values",
    .about = "Combines the p-values of independent studies by Fisher's, Stouffer's, Edgington's, Tippett's and other "
             "methods ('metapool list pvalues'). They are those of a column, as they are, or are computed from the "
             "effects: two-sided, or by --alternative one-sided, which a combination that is to speak of a direction "
             "needs.\n"
             "This answers whether there is any effect in any study. Where effects and standard errors are known, "
             "pool them instead.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "pvalues bcg --alternative less", "does vaccination lower the risk in any of the BCG trials?" },
        { "pvalues bcg --where 'year > 1960' --truncation 0.2 --rank 2 --format csv", "later trials, as a table" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
