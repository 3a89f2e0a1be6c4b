/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool regress: effects explained by columns of the data. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_profile_options profile;
    mpl_effect_options effect;
    mpl_transform_options transform;
    mpl_fit_options fit;
    mpl_regress_options regress;
    cli_output_options out;
};

static mpl_status regress(const cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_effect_options effect = args->effect;
    mpl_fit_options fit = args->fit;
    mpl_effects *effects;
    mpl_regression *regression = NULL;
    effect.profile = fit.profile = args->profile.profile;
    mpl_status s = mpl_effects_new(data, &effect, &effects, err);
    if (s != MPL_OK)
        return s;
    s = mpl_effects_transform(effects, &args->transform, err);
    if (s == MPL_OK)
        s = mpl_regress_new(data, effects, &fit, &args->regress, &regression, err);
    if (s == MPL_OK)
        s = mpl_report_new_regression(regression, &args->out.write, report, err);
    else if (s == MPL_ERR_PARSE && !(err && err->line)) /* the formula is an option */
        s = MPL_ERR_ARG;
    mpl_regress_free(regression);
    mpl_effects_free(effects);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    struct args *const args = call->args;
    mpl_dataset *data;
    mpl_report *report;
    if (!args->regress.mods)
        return cli_fail(err, MPL_ERR_ARG, "--mods is missing: the moderators, e.g. --mods 'ablat + alloc'");
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &data, err);
    if (s != MPL_OK)
        return s;
    args->fit.run.watch = cli_watch_start(call, "draws");
    s = regress(call, data, &report, err);
    cli_watch_end();
    mpl_dataset_free(data);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_GROUP("Moderators", mpl_regress_option_table, struct args, regress),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, transform),
    CLI_GROUP("Model", cli_profile_option_table, struct args, profile),
    CLI_GROUP(NULL, mpl_fit_option_table, struct args, fit),
    CLI_GROUP(NULL, mpl_run_option_table, struct args, fit.run),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_regress = {
    .name = "regress",
    .summary = "explain the differences between studies by moderators",
    .about = "Reads a dataset, computes effect sizes where they are not given, and fits a meta-regression on the "
             "columns that --mods names: coefficients, a test of each term, the heterogeneity that is left, the part "
             "that is explained, and predictions. Studies that lack a moderator are left out and listed.\n"
             "Terms are joined by '+'; 'a:b' is an interaction and 'a*b' is 'a + b + a:b'; '- 1' takes out the "
             "intercept. A column of numbers enters as it is; a column of texts, or factor(column), by one indicator "
             "for each value but the first, or but the one that ref(column, 'value') names. There are also x^2, "
             "center(x), log(x), natural splines ns(x, 3), orthogonal polynomials poly(x, 2) and more: 'metapool list "
             "moderators'. A column name with blanks is written in backticks.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "regress bcg --mods ablat", "does the vaccine work better far from the equator?" },
        { "regress bcg --mods 'ablat + alloc' --predict 'ablat=30,alloc=random; ablat=50,alloc=random'",
          "a number and a factor, with predictions" },
        { "regress bcg --mods 'ns(ablat, 3)' --predict 'ablat=20; ablat=40'", "a curve: a natural spline" },
        { "regress icp-map-simulated --mods 'cell_source * model'", "two factors and their interaction" },
        { "regress bcg --mods 'center(ablat) * center(year)' --method ML --test z --format json",
          "centred interaction; every number at full precision" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
