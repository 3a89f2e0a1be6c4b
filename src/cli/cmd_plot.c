/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * metapool plot: an analysis as a figure. The ending of the output file says how it is drawn; .gp comes with its .dat,
 * and what only gnuplot can draw is drawn by running it on such a pair.
 */
#include "cli/cli.h"

#include <string.h>

typedef struct figure_options {
    const char *format;
} figure_options;

struct args {
    cli_source_options source;
    cli_model_options model;
    mpl_plot_options plot;
    mpl_draw_options draw;
    cli_file_options file;
    figure_options figure;
};

static const mpl_option figure_rows[] = {
    { .name = "format", .letter = 'f', MPL_MEMBER(CHOICE, figure_options, format), .choice = cli_figure_method,
      .arg = "FORMAT", .help = "how to draw, if the ending of the output file does not say it", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *figure_table(void)
{
    return figure_rows;
}

static mpl_status choose_format(const struct args *args, const char **format, mpl_error *err)
{
    const char *const path = args->file.output;
    *format = args->figure.format;
    if (!*format && (!path || strcmp(path, "-") == 0))
        *format = "text";
    if (!*format) {
        const char *const dot = strrchr(path, '.');
        const mpl_method *const found = dot && !strchr(dot, '/') ? mpl_method_find(cli_figure_method, dot + 1) : NULL;
        char name[MPL_SHOWN_SIZE];
        if (!found)
            return cli_fail(err, MPL_ERR_ARG, "--output: cannot tell from '%s' how to draw; end it in .svg, .gp, .png "
                            "or the like, or give --format", mpl_text_to_shown(path, name));
        *format = found->id;
    }
    if (cli_figure_is_by_gnuplot(*format) && (!path || strcmp(path, "-") == 0))
        return cli_fail(err, MPL_ERR_ARG, "--format %s needs a file: --output FILE", *format);
    return MPL_OK;
}

/* One figure, or one page of it, into the file at `path`. */
static mpl_status write_figure(const mpl_plot *plot, const mpl_draw_options *options, const char *format,
                               const char *path, const char *input, mpl_error *err)
{
    if (cli_figure_is_by_gnuplot(format))
        return cli_gnuplot_draw(plot, options, path, format, input, err);
    if (strcmp(format, "gp") == 0 && path)
        return cli_gnuplot_write(plot, options, path, "svg", input, err);
    cli_file file;
    const mpl_status s = cli_file_open(path, input, &file, err);
    return s == MPL_OK ? cli_file_close(&file, mpl_plot_write(plot, format, options, file.stream, err), err) : s;
}

/* A file for each page: NAME-1.svg, NAME-2.svg. */
static mpl_status write_pages(const struct args *args, const mpl_plot *plot, mpl_draw_options *options,
                              const char *format, size_t n, const char *input, mpl_error *err)
{
    const char *const path = args->file.output;
    mpl_status s = MPL_OK;
    if (!path || strcmp(path, "-") == 0)
        return cli_fail(err, MPL_ERR_ARG, "the figure has %zu pages, which are files of their own; give --output FILE",
                        n);
    for (options->page = 1; s == MPL_OK && options->page <= n; options->page++) {
        char own[CLI_PATH_SIZE];
        s = cli_path_number(path, options->page, own, err);
        if (s == MPL_OK)
            s = write_figure(plot, options, format, own, input, err);
    }
    return s;
}

static mpl_status draw(const cli_call *call, const mpl_plot *plot, mpl_error *err)
{
    const struct args *const args = call->args;
    const char *format;
    mpl_status s = choose_format(args, &format, err);
    if (s != MPL_OK)
        return s;
    mpl_draw_options options = args->draw;
    if (strcmp(format, "text") == 0)
        cli_draw_options(&args->file, &options);
    size_t n;
    const char *const input = call->operand[1];
    s = mpl_plot_get_pages(plot, cli_figure_renderer(format), &options, &n, err);
    if (s != MPL_OK)
        return s;
    options.one_file = n > 1 && cli_figure_has_pages(format);
    return n > 1 && !options.one_file ? write_pages(args, plot, &options, format, n, input, err)
                                      : write_figure(plot, &options, format, args->file.output, input, err);
}

/* A file and its analysis. */
typedef struct input {
    mpl_dataset *data;
    cli_analysis analysis;
} input;

static mpl_status read_input(const struct args *args, const char *path, input *in, mpl_error *err)
{
    mpl_status s = cli_dataset_read(path, &args->source, &in->data, err);
    if (s == MPL_OK)
        s = cli_analysis_run(in->data, &args->model, &in->analysis, err);
    if (s != MPL_OK) {
        mpl_dataset_free(in->data);
        in->data = NULL;
    }
    return s;
}

static mpl_status make(cli_call *call, size_t n, input *inputs, mpl_plot **plot, mpl_error *err)
{
    const struct args *const args = call->args;
    mpl_analysis views[CLI_MAX_OPERANDS];
    mpl_plot_options options = args->plot;
    for (size_t i = 0; i < n; i++) {
        const mpl_status s = read_input(args, call->operand[1 + i], &inputs[i], err);
        if (s != MPL_OK)
            return s;
        views[i] = cli_analysis_view(&inputs[i].analysis);
    }
    options.summary.more = n > 1 ? views + 1 : NULL;
    options.summary.n_more = n - 1;
    return mpl_plot_new(call->operand[0], &views[0], &options, plot, err);
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const size_t n = call->n_operands - 1;
    input inputs[CLI_MAX_OPERANDS] = { { .data = NULL } };
    mpl_plot *plot = NULL;
    if (n > 1 && strcmp(call->operand[0], "summary") != 0)
        return cli_fail(err, MPL_ERR_ARG, "several files are for a summary plot; a %s plot is of one",
                        call->operand[0]);
    mpl_status s = make(call, n, inputs, &plot, err);
    for (size_t i = 0; i < n && inputs[i].data; i++) {
        cli_analysis_free(&inputs[i].analysis);
        mpl_dataset_free(inputs[i].data);
    }
    if (s == MPL_OK)
        s = draw(call, plot, err);
    mpl_plot_free(plot);
    return s;
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_MODEL_GROUPS(struct args, model),
    CLI_GROUP("Figure", mpl_plot_option_table, struct args, plot),
    CLI_GROUP("Forest plot", mpl_forest_option_table, struct args, plot.forest),
    CLI_GROUP("More models in a forest plot", mpl_models_option_table, struct args, plot.models),
    CLI_GROUP("Summary of analyses", mpl_summary_option_table, struct args, plot.summary),
    CLI_GROUP("Leave-one-out plot", mpl_loo_option_table, struct args, plot.loo),
    CLI_GROUP("Cumulative plot", mpl_cumulative_option_table, struct args, plot.cumulative),
    CLI_GROUP("Charts", mpl_chart_option_table, struct args, plot.chart),
    CLI_GROUP("Funnel plot", mpl_funnel_option_table, struct args, plot.funnel),
    CLI_GROUP("Bubble plot", mpl_bubble_option_table, struct args, plot.bubble),
    CLI_GROUP("Radial plot", mpl_radial_option_table, struct args, plot.radial),
    CLI_GROUP("GOSH plot", mpl_gosh_option_table, struct args, plot.gosh),
    CLI_GROUP_WITHOUT("Multiverse plot", mpl_multiverse_option_table, struct args, plot.multiverse,
                      "subsets measures"),
    CLI_GROUP("Tipping plot", mpl_tipping_option_table, struct args, plot.tipping),
    CLI_GROUP("Profile plot", mpl_likelihood_option_table, struct args, plot.profile),
    CLI_GROUP("Output", cli_file_option_table, struct args, file),
    CLI_GROUP(NULL, figure_table, struct args, figure),
    CLI_GROUP(NULL, mpl_draw_option_table, struct args, draw),
    CLI_GROUP_END,
};

const cli_command cli_cmd_plot = {
    .name = "plot",
    .summary = "draw an analysis: forest, funnel, bubble and other plots",
    .about = "Pools as 'metapool pool' does, with the same options, and draws the result: as text in the terminal, or "
             "into a file whose ending says how.\n"
             "A .gp file is a gnuplot script; its data go into a .dat file of the same name beside it, and "
             "'gnuplot FILE.gp' draws the figure as it is. For .png and .pdf metapool runs gnuplot itself.\n"
             "A forest with more than --per-page studies, or more than --paper holds, goes on several pages: of one "
             "PDF, or files FILE-1.svg, FILE-2.svg and so on. A narrow one (--width 84, a column of a journal) leaves "
             "out columns and says which.\n"
             "Columns beside a forest are a list such as year,data,estimate: NAME:1 sets decimals, NAME=TEXT a "
             "heading, and rob is all columns whose name begins with rob and that hold low, some concerns, high or "
             "+, ?, -.",
    .operands = (const cli_operand[]){
        { .name = "TYPE", .help = "the plot", .choice = mpl_plot_method },
        { .name = "DATA", .help = "a file, \"-\" or the id of a bundled dataset, as for 'metapool pool'",
          .is_data = true },
        { .name = "MORE...", .help = "more files, for a summary plot", .is_data = true, .optional = true,
          .many = true },
        { .name = NULL } },
    .examples = (const cli_example[]){
        { "plot forest bcg", "the BCG vaccine trials as a forest plot in the terminal" },
        { "plot forest bcg --subgroup alloc -o forest.svg", "by kind of allocation, as a picture for a paper" },
        { "plot forest bcg --layout revman5 --left year=Begun,data,weight,estimate", "as in a Cochrane review" },
        { "plot forest bcg --width 84 -o forest.svg", "in one column of a journal" },
        { "plot forest bcg --per-page 7 -o forest.pdf", "on two pages" },
        { "plot forest bcg -o forest.gp", "a gnuplot script and its data, forest.dat" },
        { "plot forest bcg --models EE,DL --sort -weight", "three ways of pooling below each other" },
        { "plot forest bcg --mods ablat --sort ablat --left ablat", "with what a meta-regression says of each study" },
        { "plot summary bcg --by alloc --select \"Tropics: ablat < 23.5; Since 1960: year >= 1960\"",
          "several analyses in one figure" },
        { "plot summary bcg magnesium --measure OR", "several files" },
        { "plot cumulative bcg --order year", "the evidence as it came in" },
        { "plot funnel bcg --contours -o funnel.svg", "a funnel plot with contours of the studies' p-values" },
        { "plot funnel bcg --trim-fill --egger --limit", "with filled studies, Egger's line and the limit curve" },
        { "plot tipping bcg -o tipping.svg", "what is left of the effect, by how strong selection is" },
        { "plot bubble bcg --mods ablat", "a meta-regression along its moderator" },
        { "plot forest bcg --sort year --width 120 --ascii", "in order of year, wider, for a plain terminal" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
