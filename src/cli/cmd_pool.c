/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool pool: from a dataset to a pooled estimate, with subgroups; or the same for a grid of correlations. */
#include "cli/cli.h"

#include <string.h>

enum { MAX_GRID = 50 };

typedef struct grid_options {
    const char *ri_grid;
} grid_options;

struct args {
    cli_source_options source;
    cli_model_options model;
    grid_options grid;
    mpl_plot_options plot;
    cli_output_options out;
};

static const mpl_option grid_rows[] = {
    { .name = "ri-grid", MPL_MEMBER(TEXT, grid_options, ri_grid), .arg = "LIST",
      .help = "pool once for each of these pre/post correlations, e.g. 0,0.5,0.7", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *grid_table(void)
{
    return grid_rows;
}

static const mpl_option *find_row(const mpl_option *table, const char *name)
{
    while (table->name && strcmp(table->name, name) != 0)
        table++;
    return table;
}

/* Each value is read by the row of --ri under another name, so that it has the same range and message. */
static mpl_status read_grid(const char *list, double values[MAX_GRID], size_t *n, mpl_error *err)
{
    mpl_option row = *find_row(mpl_effect_option_table(), "ri");
    row.name = "ri-grid";
    *n = 0;
    for (const char *p = list; p; p = *p == ',' ? p + 1 : NULL) {
        char value[64];
        const size_t length = strcspn(p, ",");
        mpl_effect_options options = { .measure = NULL };
        if (*n == MAX_GRID)
            return cli_fail(err, MPL_ERR_ARG, "--ri-grid: more than %d values", MAX_GRID);
        snprintf(value, sizeof value, "%.*s", length < sizeof value ? (int)length : (int)sizeof value - 1, p);
        const mpl_status s = mpl_option_read(&row, &options, value, err);
        if (s != MPL_OK)
            return s;
        values[(*n)++] = options.ri.value;
        p += length;
    }
    return MPL_OK;
}

static mpl_status pool_once(const cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    cli_analysis analysis;
    mpl_status s = cli_analysis_run(data, &args->model, &analysis, err);
    if (s != MPL_OK)
        return s;
    mpl_write_options write = args->out.write;
    cli_draw_options(&args->out.file, &write.draw);
    const mpl_analysis view = cli_analysis_view(&analysis);
    s = mpl_report_new_pool(&view, &args->plot, &write, report, err);
    cli_analysis_free(&analysis);
    return s;
}

static mpl_status pool_grid(const cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    const struct args *const args = call->args;
    cli_model_options model = args->model;
    double values[MAX_GRID];
    size_t n, done = 0;
    if (model.effect.ri.given)
        return cli_fail(err, MPL_ERR_ARG, "give --ri or --ri-grid, not both");
    mpl_status s = read_grid(args->grid.ri_grid, values, &n, err);
    if (s != MPL_OK)
        return s;
    cli_analysis analyses[MAX_GRID];
    mpl_analysis views[MAX_GRID];
    for (; done < n && s == MPL_OK; done += s == MPL_OK) {
        model.effect.ri = (mpl_maybe){ .given = true, .value = values[done] };
        s = cli_analysis_run(data, &model, &analyses[done], err);
        if (s == MPL_OK)
            views[done] = cli_analysis_view(&analyses[done]);
    }
    if (s == MPL_OK)
        s = mpl_report_new_grid("ri", "correlation", values, views, n, report, err);
    while (done > 0)
        cli_analysis_free(&analyses[--done]);
    return s;
}

static mpl_status make(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err)
{
    struct args *const args = call->args;
    args->model.fit.run.watch = cli_watch_start(call, "draws");
    const mpl_status s = args->grid.ri_grid ? pool_grid(call, data, report, err) : pool_once(call, data, report, err);
    cli_watch_end();
    return s;
}

static mpl_status run(cli_call *call, mpl_error *err)
{
    const struct args *const args = call->args;
    return cli_data_report(call, &args->source, &args->out, make, err);
}

static const cli_group groups[] = {
    CLI_SOURCE_GROUPS(struct args, source),
    CLI_MODEL_GROUPS(struct args, model),
    CLI_GROUP("Sensitivity", grid_table, struct args, grid),
    CLI_GROUP("Forest plot in the report", mpl_plot_option_table, struct args, plot),
    CLI_GROUP(NULL, mpl_forest_option_table, struct args, plot.forest),
    CLI_OUTPUT_GROUPS(struct args, out, "font-size"),
    CLI_GROUP_END,
};

const cli_command cli_cmd_pool = {
    .name = "pool",
    .summary = "pool the effects of studies, overall and by subgroup",
    .about = "Reads a dataset, computes effect sizes where they are not given, pools them and reports the estimate "
             "with its interval, the prediction interval, the heterogeneity and every study that could not be used. "
             "Columns are found by their conventional names (yi vi, ai bi ci di, m1i sd1i n1i m2i sd2i n2i, ...); "
             "--columns names others.\n"
             "With --subgroup the studies are also pooled within each value of a column, the groups are tested "
             "against each other and every pair is compared.",
    .operands = cli_data_operand,
    .examples = (const cli_example[]){
        { "pool bcg", "the BCG vaccine trials, by the dataset's own measure and the default method" },
        { "pool icp-map-simulated --subgroup cell_source", "simulated animal studies by source of the cells" },
        { "pool iief-change --ri-grid 0,0.5,0.7", "how much an assumed correlation matters" },
        { "pool bcg --measure OR --method DL --test z", "odds ratios the way most published reviews pooled them" },
        { "pool bcg --where 'year >= 1960' --format json", "part of the studies; every number at full precision" },
        { NULL, NULL } },
    .groups = groups,
    .args_size = sizeof(struct args),
    .run = run,
};
