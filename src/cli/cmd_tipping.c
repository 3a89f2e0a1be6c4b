/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool tipping: how strong a bias must be before the conclusion changes. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_tipping_options tipping;
    cli_output_options out;
};

static mpl_status make(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                       mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    (void)regression;
    mpl_tipping *tipping;
    mpl_status s = mpl_tipping_new(analysis, &args->tipping, &tipping, err);
    if (s == MPL_OK)
        s = mpl_report_new_tipping(tipping, report, err);
    mpl_tipping_free(tipping);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, NULL, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Tipping points", mpl_tipping_option_table, struct args, tipping),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_MODEL_GROUPS(struct args, model),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_tipping = {
    .name = "tipping",
    .summary = "find how strong a bias must be to change the conclusion",
    .about = "Publication bias: takes studies with a finding on the wanted side (affirmative ones) to be more likely "
             "to be published than the others, and shows the mean that is left for each severity, the severity at "
             "which estimate and confidence limit reach no effect, or --target, and the worst case, in which the "
             "affirmative studies count for nothing. If even that does not change the conclusion, no such selection "
             "can.\n"
             "Confounding: E-values, and how strong it must be in every study until few true effects are meaningful.\n"
             "None of this says that there is a bias: it says how much would be needed. 'metapool plot tipping' "
             "draws the means by severity.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "tipping bcg", "how strong must selection be before vaccination does not work?" },
        { "tipping bcg --target 0.9 --outcome rare", "before it prevents less than one case in ten" },
        { "tipping bcg --subgroup alloc", "in each subgroup, too" },
        { "tipping expectancy --severities 1,4,16 --format csv", "a table for other severities" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
