/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool gosh: the pooled result of every subset of the studies. */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_gosh_options gosh;
    mpl_run_options run;
    cli_output_options out;
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    cli_analysis analysis;
    mpl_gosh *gosh;
    mpl_report *report = NULL;
    mpl_status s = cli_analysis_open(call, &args->source, &args->model, NULL, &analysis, err);
    if (s != MPL_OK)
        return s;
    const mpl_analysis view = cli_analysis_view(&analysis);
    mpl_run_options run_options = args->run;
    run_options.watch = cli_watch_start(call, "subsets");
    s = mpl_gosh_new(view.effects, view.fit, &args->gosh, &run_options, &gosh, err);
    cli_watch_end();
    if (s == MPL_OK)
        s = mpl_report_new_gosh(gosh, &args->out.write, &report, err);
    mpl_gosh_free(gosh);
    cli_analysis_free(&analysis);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_GROUP("Subsets", mpl_gosh_option_table, struct args, gosh),
    CLI_GROUP(NULL, mpl_run_option_table, struct args, run),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_FIT_GROUPS(struct args, model),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_gosh = {
    .name = "gosh",
    .summary = "pool every subset of the studies",
    .about = "Pools all subsets of the studies, or a random sample where there are too many, and shows how the pooled "
             "effect and the heterogeneity spread over them. Where the subsets with a study and those without it lie "
             "apart, that study belongs to another cluster than the rest. The histogram and single subsets are in "
             "JSON and CSV.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "gosh bcg", "all 8191 subsets of the BCG vaccine trials" },
        { "gosh bcg --method DL --subsets 1000 --seed 7", "1000 random ones" },
        { "gosh bcg --method EE --points 8191 --format csv", "every subset, to be drawn elsewhere" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
