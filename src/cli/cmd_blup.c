/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool blup: what is known of each study's true effect. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    cli_output_options out;
};

static mpl_status make(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                       mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_blup *blup;
    mpl_status s = mpl_blup_new(analysis->effects, regression ? regression->design : NULL, analysis->fit, &blup, err);
    if (s == MPL_OK)
        s = mpl_report_new_blup(blup, regression, &args->out.write, report, err);
    mpl_blup_free(blup);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, &args->regress, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_GROUP("Moderators", mpl_moderator_option_table, struct args, regress),
    CLI_GROUP("Heterogeneity that depends on columns", mpl_scale_option_table, struct args, regress.scale),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_blup = {
    .name = "blup",
    .summary = "estimate the true effect of each study",
    .about = "Pools as 'metapool pool' does, or fits a meta-regression with --mods, and draws the effect of each study "
             "towards what that model expects of it: little where the study is precise or studies differ much, far "
             "where it is small or studies agree. These shrunken effects (empirical Bayes estimates, best linear "
             "unbiased predictions) are nearer to the true effects on the whole than those found. Beside them is the "
             "random part: by how much the true effect differs from what the model expects.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "blup bcg", "the BCG vaccine trials" },
        { "blup bcg --mods ablat", "drawn towards a regression on latitude" },
        { "blup bcg --method PM --test hksj --format csv", "every number, as a table" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
