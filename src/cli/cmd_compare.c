/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool compare: the same data under every combination of choices that analysts may differ in. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_multiverse_options multiverse;
    mpl_run_options run;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    struct args *const args = call->args;
    cli_analysis analysis;
    mpl_multiverse *multiverse;
    mpl_report *report = NULL;
    args->model.fit.run = args->run;
    mpl_status s = cli_analysis_open(call, &args->source, &args->model, NULL, &analysis, err);
    if (s != MPL_OK)
        return s;
    const mpl_analysis view = cli_analysis_view(&analysis);
    args->run.watch = cli_watch_start(call, "analyses");
    s = mpl_multiverse_new(&view, &args->multiverse, &args->run, &multiverse, err);
    cli_watch_end();
    if (s == MPL_OK)
        s = mpl_report_new_multiverse(multiverse, &args->out.write, &report, err);
    mpl_multiverse_free(multiverse);
    cli_analysis_free(&analysis);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

#define HIDDEN "tau2-ci i2-def rb beyond het-tests permutation-ci"
#define OF_SOME "draws mh-counts rd-variance glmm-model glmm-coding glmm-cor quad-points"

static const cli_group groups[] = {
    CLI_GROUP("Choices", mpl_multiverse_option_table, struct args, multiverse),
    CLI_GROUP(NULL, mpl_run_option_table, struct args, run),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_GROUP("Effect sizes", mpl_effect_option_table, struct args, model.effect),
    CLI_GROUP(NULL, mpl_transform_option_table, struct args, model.transform),
    CLI_GROUP("Model", cli_profile_option_table, struct args, model.profile),
    CLI_GROUP_WITHOUT(NULL, mpl_fit_option_table, struct args, model.fit, HIDDEN " " OF_SOME),
    CLI_GROUP_WITHOUT("Of some methods and tests, wherever they are among the choices", mpl_fit_option_table,
                      struct args, multiverse.own,
                      HIDDEN " method test pi weights tau2 i2 tau2-min level"),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_compare = {
    .name = "compare",
    .summary = "pool under every combination of choices",
    .about = "Pools as 'metapool pool' does, with the same options, and again under every combination of pooling "
             "methods, tests, prediction intervals and rules for zero cells (the multiverse): how far the estimate and "
             "its interval move, in how many analyses the interval excludes no effect or --threshold, and which choice "
             "turns that. Analyses that agree are one row; combinations that cannot be are listed with the reason.\n"
             "The analysis itself, marked *, is always among them. Lists hold ids between commas, 'usual' or 'all', as "
             "in --tests usual,kr. Usual are the methods REML, ML, DL, PM, HE, SJ and EE, and MH, PETO and GLMM where "
             "the measure has them; the tests hksj, hksj-adhoc and z; the prediction intervals auto, HTS and NNF; and "
             "for zero cells only0, treatment-arm and none. A method under one of its options is METHOD:VALUE, as "
             "GLMM:CM.EL or MH:corrected; 'all' has them all.\n"
             "With --mods a coefficient of a meta-regression takes the place of the mean. --curve-test asks what all "
             "analyses together would show if there were no effect in any study: the groups of each study change "
             "places at random, in all analyses at once. Every number of every analysis is in JSON and CSV; 'metapool "
             "plot multiverse' draws them, 'metapool report --with multiverse' puts them into a document.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "compare bcg", "the BCG vaccine trials under the usual methods, tests and prediction intervals" },
        { "compare bcg --methods all --tests usual,kr --format csv", "every pooling method, every number, as a table" },
        { "compare bcg --measures OR,RD --subsets 'alloc = \"random\"'", "other measures, and the randomized trials" },
        { "compare bcg --leave-one-out --threshold 0.8", "also without each trial; is the ratio below 0.8?" },
        { "compare bcg --mods 'ablat + alloc' --coef ablat", "does what is said of a moderator depend on the method?" },
        { "compare bcg -m OR --methods usual,GLMM:CM.EL --curve-test 200", "one test of all analyses together" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
