/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool blup: what is known of each study's true effect. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    cli_analysis analysis;
    mpl_blup *blup;
    mpl_report *report = NULL;
    mpl_status s = cli_analysis_open(call, &args->source, &args->model, &args->regress, &analysis, err);
    if (s != MPL_OK)
        return s;
    const mpl_analysis view = cli_analysis_view(&analysis);
    const mpl_regression *const regression = analysis.regression;
    s = mpl_blup_new(view.effects, regression ? regression->design : NULL, view.fit, &blup, err);
    if (s == MPL_OK)
        s = mpl_report_new_blup(blup, regression, &args->out.write, &report, err);
    mpl_blup_free(blup);
    cli_analysis_free(&analysis);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
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
