/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool report: an analysis as a document in the order of a reporting standard. */
#include "cli/cli.h"

#include <string.h>

typedef struct format_options {
    const char *format;
} format_options;

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_regress_options regress;
    mpl_document_options document;
    mpl_plot_options plot;
    format_options format;
    cli_output_options out;
};

static const mpl_option format_rows[] = {
    { .name = "format", .letter = 'f', MPL_MEMBER(CHOICE, format_options, format), .choice = mpl_document_format_method,
      .arg = "FORMAT", .help = "how to write, if the ending of the output file does not say it; else html",
      .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *format_table(void)
{
    return format_rows;
}

/* "html" for an ending that says nothing. */
static const char *choose_format(const struct args *args)
{
    const char *const path = args->out.file.output, *const dot = path ? strrchr(path, '.') : NULL;
    const mpl_method *const found =
        dot && !strchr(dot, '/') ? mpl_method_find(mpl_document_format_method, dot + 1) : NULL;
    return args->format.format ? args->format.format : found ? found->id : "html";
}

static mpl_status make(const struct args *args, const mpl_dataset *data, const mpl_write_options *write,
                       mpl_report **report, mpl_error *err)
{
    cli_analysis analysis;
    mpl_regression *regression = NULL;
    mpl_status s = cli_analysis_run(data, &args->model, &analysis, err);
    if (s != MPL_OK)
        return s;
    if (args->regress.mods) {
        mpl_fit_options fit = args->model.fit;
        fit.profile = args->model.profile.profile;
        s = mpl_regress_new(data, analysis.effects, &fit, &args->regress, &regression, err);
        if (s == MPL_ERR_PARSE && !(err && err->line)) /* the formula is an option */
            s = MPL_ERR_ARG;
    }
    const mpl_analysis view = cli_analysis_view(&analysis);
    if (s == MPL_OK)
        s = mpl_report_new_document(&view, regression, &args->document, &args->plot, write, report, err);
    mpl_regress_free(regression);
    cli_analysis_free(&analysis);
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    struct args *const args = call->args;
    mpl_dataset *data;
    mpl_report *report;
    args->source.read.digest = true;
    args->out.write.format = choose_format(args);
    mpl_status s = cli_dataset_read(call->operand[0], &args->source, &data, err);
    if (s != MPL_OK)
        return s;
    args->model.fit.run.watch = cli_watch_start(call, "draws");
    s = make(args, data, &args->out.write, &report, err);
    cli_watch_end();
    mpl_dataset_free(data);
    return s == MPL_OK ? cli_report_write(call, report, &args->out, err) : s;
}

static const cli_group groups[] = {
    CLI_GROUP("Document", mpl_document_option_table, struct args, document),
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_MODEL_GROUPS(struct args, model),
    CLI_GROUP("Meta-regression", mpl_moderator_option_table, struct args, regress),
    CLI_GROUP(NULL, mpl_regress_option_table, struct args, regress),
    CLI_GROUP(NULL, mpl_scale_option_table, struct args, regress.scale),
    CLI_GROUP("Forest plot", mpl_plot_option_table, struct args, plot),
    CLI_GROUP(NULL, mpl_forest_option_table, struct args, plot.forest),
    CLI_GROUP("Output", cli_file_option_table, struct args, out.file),
    CLI_GROUP(NULL, format_table, struct args, format),
    CLI_GROUP_WITHOUT(NULL, mpl_write_option_table, struct args, out.write, "format"),
    CLI_GROUP(NULL, mpl_draw_option_table, struct args, out.write.draw),
    CLI_GROUP_END,
};

const cli_command cli_cmd_report = {
    .name = "report",
    .summary = "write a document: methods, results, figures, references",
    .about = "Pools as 'metapool pool' does, with the same options, and writes a document in the order of a reporting "
             "standard: the data with their SHA-256 and what was left out, the methods in sentences made from the "
             "options in force with their sources, the results in words with every number of the analysis, figures, "
             "versions and options, the items of PRISMA 2020, and what this program does not do.\n"
             "--with adds sections: subgroups, leave-one-out, influence, small-study effects and others. With "
             "--baseline-risk there is a summary of findings, with --mods a meta-regression.\n"
             "An HTML document is one file with its figures in it; it fetches nothing and needs no script. A LaTeX "
             "document is one file, too, whose figures TikZ draws; run LaTeX twice, for the widths of its tables. "
             "Figures of FILE.md are FILE-1.svg, FILE-2.svg and so on beside it.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "report bcg -o report.html", "the BCG vaccine trials as a page for browsers and printers" },
        { "report bcg --subgroup alloc --with all --baseline-risk median,5% -o report.html",
          "every section, and absolute effects" },
        { "report bcg --style jama --with forest,loo --format text", "another house style, in the terminal" },
        { "report bcg --mods ablat --with forest -o report.md", "with a meta-regression, in Markdown" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
