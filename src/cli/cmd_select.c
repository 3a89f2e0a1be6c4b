/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool select: selection models. */
#include "cli/cli.h"

typedef struct moderator_options {
    const char *mods;
} moderator_options;

static const mpl_option moderator_rows[] = {
    { .name = "mods", MPL_MEMBER(TEXT, moderator_options, mods), .arg = "FORMULA",
      .help = "moderators of the effects, as in 'metapool regress'", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *moderator_table(void)
{
    return moderator_rows;
}

struct args {
    cli_source_options source;
    mpl_effect_options effect;
    mpl_transform_options transform;
    cli_profile_options profile;
    mpl_selection_options selection;
    moderator_options moderators;
    cli_output_options out;
};

static mpl_status select_and_report(const struct args *args, const mpl_effects *effects, const mpl_design *design,
                                    mpl_report **report, mpl_error *err)
{
    mpl_selection *selection;
    mpl_status s = mpl_selection_new(effects, design, &args->selection, &selection, err);
    if (s != MPL_OK)
        return s;
    s = mpl_report_new_selection(selection, report, err);
    mpl_selection_free(selection);
    return s;
}

static mpl_status make(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_effect_options effect = args->effect;
    mpl_effects *effects;
    mpl_regression *regression = NULL;
    effect.profile = args->profile.profile;
    mpl_status s = mpl_effects_new(data, &effect, &effects, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_transform(effects, &args->transform, err);
    if (s == MPL_OK && args->moderators.mods) {
        const mpl_fit_options ml = { .method = "ML", .test = "z", .pi = "none" };
        const mpl_regress_options regress = { .mods = args->moderators.mods };
        s = mpl_regress_new(data, effects, &ml, &regress, &regression, err);
        if (s == MPL_OK)
            s = select_and_report(args, regression->effects, regression->design, report, err);
        else if (s == MPL_ERR_PARSE && !(err && err->line)) /* the formula is an option */
            s = MPL_ERR_ARG;
    } else if (s == MPL_OK) {
        s = select_and_report(args, effects, NULL, report, err);
    }
    mpl_regress_free(regression);
    mpl_effects_free(effects);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_GROUP("Selection model", mpl_selection_option_table, struct args, selection),
    CLI_GROUP(NULL, moderator_table, struct args, moderators),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, transform),
    CLI_GROUP(NULL, cli_profile_option_table, struct args, profile),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_select = {
    .name = "select",
    .summary = "model the chance of publication together with the effects",
    .about = "Fits a selection model: studies have a distribution of effects, and a chance of being published that "
             "depends on their p-value. It gives the mean that would have been found without selection, the weights, "
             "and likelihood-ratio tests. --delta takes weights as known: a way to see how strong selection would "
             "have to be.\n"
             "With few studies, or few in an interval of p-values, the likelihood is flat and the answer depends on "
             "the weight function: compare several.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "select bcg --alternative less", "the three-parameter model with a step at 0.025" },
        { "select expectancy --steps 0.025,0.5", "two steps" },
        { "select expectancy --steps 0.05,0.5 --delta 1,0.5,0.25", "weights taken as known" },
        { "select bcg --selection beta --mods ablat", "a smooth weight function beside a moderator" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
