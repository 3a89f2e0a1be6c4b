/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool regress: effects explained by columns of the data. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    struct args *const args = call->args;
    mpl_regress_options *const options = &args->regress;
    cli_analysis analysis;
    mpl_report *report = NULL;
    if (!options->mods && !options->scale.scale)
        return cli_fail(err, MPL_ERR_ARG, "--mods is missing: the moderators, e.g. --mods 'ablat + alloc'");
    if (!options->mods)
        options->mods = "1";
    args->model.fit.run.watch = cli_watch_start(call, "draws");
    mpl_status s = cli_analysis_open(call, &args->source, &args->model, options, &analysis, err);
    cli_watch_end();
    if (s == MPL_OK)
        s = mpl_report_new_regression(analysis.regression, &args->out.write, &report, err);
    cli_analysis_free(&analysis);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_GROUP("Moderators", mpl_moderator_option_table, struct args, regress),
    CLI_GROUP("Questions to the model", mpl_regress_option_table, struct args, regress),
    CLI_GROUP("Heterogeneity that depends on columns", mpl_scale_option_table, struct args, regress.scale),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_GROUP(NULL, mpl_run_option_table, struct args, model.fit.run),
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
             "moderators'. A column name with blanks is written in backticks.\n"
             "With --scale the heterogeneity depends on columns too: tau2 of a study is exp(a + b x + ...), or the sum "
             "itself under --scale-link identity, and the model is compared with one tau2 for all.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "regress bcg --mods ablat", "does the vaccine work better far from the equator?" },
        { "regress bcg --mods 'ablat + alloc' --predict 'ablat=30,alloc=random; ablat=50,alloc=random'",
          "a number and a factor, with predictions" },
        { "regress bcg --mods 'ns(ablat, 3)' --predict 'ablat=20; ablat=40'", "a curve: a natural spline" },
        { "regress icp-map-simulated --mods 'cell_source * model'", "two factors and their interaction" },
        { "regress bcg --mods 'center(ablat) * center(year)' --method ML --test z --format json",
          "centred interaction; every number at full precision" },
        { "regress bcg --mods ablat --scale ablat --predict 'ablat=20; ablat=50'",
          "do studies near the equator also differ more from each other?" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
