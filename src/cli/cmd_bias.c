/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool bias: small-study effects and what might be missing. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_bias_options bias;
    mpl_power_options power;
    mpl_run_options run;
    cli_output_options out;
};

static mpl_status make(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    cli_analysis analysis;
    mpl_bias *bias = NULL;
    mpl_power *power = NULL;
    mpl_run_options how = args->run;
    mpl_status s = cli_analysis_run(data, &args->model, &analysis, err);
    if (s != MPL_OK)
        return s;
    s = mpl_bias_new(data, analysis.effects, analysis.fit, &args->bias, &bias, err);
    if (s == MPL_OK && args->power.power) {
        how.watch = cli_watch_start(call, "draws");
        s = mpl_power_new(data, bias, &args->power, &how, &power, err);
        cli_watch_end();
    }
    if (s == MPL_OK)
        s = mpl_report_new_bias(bias, power, report, err);
    mpl_power_free(power);
    mpl_bias_free(bias);
    cli_analysis_free(&analysis);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Small-study effects", mpl_bias_option_table, struct args, bias),
    CLI_GROUP("Power of the tests", mpl_power_option_table, struct args, power),
    CLI_GROUP(NULL, mpl_run_option_table, struct args, run),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, model.effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, model.transform),
    CLI_GROUP("Model", cli_profile_option_table, struct args, model.profile),
    CLI_GROUP(NULL, mpl_fit_option_table, struct args, model.fit),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_bias = {
    .name = "bias",
    .summary = "look for small-study effects and for what might be missing",
    .about = "Reads a dataset, pools it, and shows in one table every test of small-study effects that the data allow, "
             "every mean adjusted for them, and how much would have to be missing to change the conclusion. What does "
             "not apply to the measure is left out; what cannot be computed is listed with its reason.\n"
             "Small-study effects are not publication bias: small studies may truly differ from large ones. With fewer "
             "than ten studies none of these methods can tell.\n"
             "'metapool list bias' has all methods, with their sources.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "bias bcg", "every test and adjustment that log risk ratios allow" },
        { "bias bcg --measure OR --only egger,harbord,peters", "three tests of log odds ratios" },
        { "bias bcg --only trimfill --k0 R0 --side right", "trim and fill, with the studies it adds" },
        { "bias bcg --power --power-draws 500", "what the tests can show with 13 such trials" },
        { "bias expectancy --method EE --format json", "every number at full precision" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
