/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool profile: the profile likelihood of tau2 or of a coefficient. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    mpl_likelihood_options likelihood;
    cli_output_options out;
};

static mpl_status make(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                       mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_likelihood *likelihood;
    mpl_status s = mpl_likelihood_new(analysis->effects, regression ? regression->design : NULL, analysis->fit,
                                      &args->likelihood, &likelihood, err);
    if (s == MPL_OK)
        s = mpl_report_new_likelihood(likelihood, regression, report, err);
    mpl_likelihood_free(likelihood);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, &args->regress, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Profile", mpl_likelihood_option_table, struct args, likelihood),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_GROUP("Moderators", mpl_moderator_option_table, struct args, regress),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_profile = {
    .name = "profile",
    .summary = "show how the likelihood falls away from an estimate",
    .about = "Evaluates the log-likelihood at equally spaced values of tau2, or of the mean or another coefficient, "
             "with everything else at its best for each value: the profile likelihood. A curve that falls slowly on "
             "one side, or has more than one peak, says more than an estimate with an interval. Of tau2 it is the "
             "likelihood of the method (restricted for REML), of a coefficient the full one.\n"
             "'metapool plot profile' draws it.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "profile bcg", "tau2 in the BCG vaccine trials" },
        { "profile bcg --parameter mean --values 11", "the pooled log risk ratio" },
        { "profile bcg --mods ablat --method ML --parameter ablat --format csv", "a slope, to be drawn elsewhere" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
