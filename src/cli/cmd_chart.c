/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metapool baujat, radial, labbe, qq, ...: what a chart shows, as data. One row below for each plot type that has a
 * command; its name is the type's id or alias.
 */
#include "cli/cli.h"

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_plot_options plot;
    cli_output_options out;
};

static mpl_status make(const cli_call *call, const mpl_analysis *analysis, const mpl_regression *regression,
                       mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    (void)regression;
    mpl_write_options write = args->out.write;
    cli_draw_options(&args->out.file, &write.draw);
    return mpl_report_new_chart(call->command->name, analysis, &args->plot, &write, report, err);
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_analysis_report(call, &args->source, &args->model, NULL, &args->out, make, err);
}

#define CHART_GROUPS                                                                                                 \
    CLI_SOURCE_GROUPS(struct args, source), CLI_FIT_GROUPS(struct args, model),                                      \
        CLI_GROUP("Figure", mpl_plot_option_table, struct args, plot),                                               \
        CLI_GROUP(NULL, mpl_chart_option_table, struct args, plot.chart),                                            \
        CLI_OUTPUT_GROUPS(struct args, out, "font-size"), CLI_GROUP_END

static const cli_group plain[] = { CHART_GROUPS };
static const cli_group radial[] = { CLI_GROUP("Radial plot", mpl_radial_option_table, struct args, plot.radial),
                                    CHART_GROUPS };

#define CHART(word, groups_, summary_, about_, example, what)                                                        \
    const cli_command cli_cmd_##word = {                                                                             \
        .name = #word, .summary = summary_,                                                                          \
        .about = about_ "\nShows the figure and the coordinates of its points; JSON and CSV hold every line of it, "  \
                        "too. For a picture: 'metapool plot " #word " DATA -o FILE.svg'.",                           \
        .operands = cli_data_operand,                                                                                \
        .examples = (const cli_example[]){ { #word " " example, what },                                              \
                                           { #word " " example " --format csv", "the coordinates, to be drawn "       \
                                                                                "elsewhere" },                       \
                                           { NULL, NULL } },                                                         \
        .groups = groups_, .args_size = sizeof(struct args), .run = run,                                             \
    };

CHART(baujat, plain, "show what each study does to heterogeneity and pooled effect",
      "The Baujat plot: what each study adds to Cochran's Q, or its squared Pearson residual, against how far the "
      "pooled estimate moves without it. Studies at the top right make the result and the heterogeneity.",
      "bcg", "the BCG vaccine trials")

CHART(radial, radial, "show standardized effects against their precision",
      "The radial or Galbraith plot: effects divided by their standard error against its inverse. The slope of the "
      "line from the origin is the pooled estimate; studies beyond the band are more than two standard errors from it.",
      "bcg --method EE", "equal effects, in which few of the BCG trials fit")

CHART(doi, plain, "show effects against their weighted ranks, with the LFK index",
      "The Doi plot: effects against the normal quantile of their weighted rank, the study in the middle on top. Limbs "
      "that are unlike say what an asymmetric funnel says; the LFK index measures it, and is no test.",
      "bcg", "the BCG vaccine trials")

CHART(labbe, plain, "show the risks or rates of two groups against each other",
      "The L'Abbe plot: the risk, or rate, of each study's first group against that of its second, with the line of no "
      "effect and the curve on which all studies would have the pooled effect.",
      "bcg", "risks of tuberculosis with and without vaccination")

CHART(qq, plain, "show whether standardized residuals are normal",
      "The normal quantile plot: standardized residuals of the studies in order of size, against what they would be if "
      "effects were normal about the pooled one.",
      "bcg", "the BCG vaccine trials")
