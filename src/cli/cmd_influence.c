/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool influence: what each study does to the result. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    mpl_influence_options influence;
    cli_output_options out;
};

static mpl_status make(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                       mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_influence *influence;
    mpl_status s = mpl_influence_new(analysis->effects, regression ? regression->design : NULL, analysis->fit,
                                     &args->influence, &influence, err);
    if (s == MPL_OK)
        s = mpl_report_new_influence(influence, regression, &args->out.write, report, err);
    mpl_influence_free(influence);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, &args->regress, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Influence", mpl_influence_option_table, struct args, influence),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_GROUP("Moderators", mpl_moderator_option_table, struct args, regress),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_influence = {
    .name = "influence",
    .summary = "find the studies that the result hangs on",
    .about = "Pools as 'metapool pool' does, or fits a meta-regression with --mods, then again without each study: "
             "residuals, leverage, DFFITS, Cook's distance, DFBETAS and the covariance ratio, with the studies that "
             "are beyond the usual limits, and the mean, its intervals and the heterogeneity without each study. The "
             "decision is whether the intervals include no effect, or --threshold.\n"
             "A study that is flagged is not wrong: look at what it did differently.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "influence bcg", "the BCG vaccine trials" },
        { "influence bcg --threshold 0.8", "does the interval stay below a risk ratio of 0.8?" },
        { "influence bcg --mods ablat --format csv", "in a meta-regression, as a table" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
