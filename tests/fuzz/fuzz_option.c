/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any lines as the words of a command that has every option of the library; what parses is written and read again. */
#include "fuzz.h"

#include "cli/cli.h"

struct args {
    mpl_read_options read;
    mpl_effect_options effect;
    mpl_fit_options fit;
    mpl_subgroup_options subgroup;
    mpl_plot_options plot;
    mpl_draw_options draw;
    mpl_write_options write;
};

static const cli_operand operands[] = { { .name = "DATA", .help = "data", .is_data = true, .optional = true },
                                        { .name = NULL } };
static const cli_example examples[] = { { NULL, NULL } };
static const cli_group groups[] = {
    CLI_GROUP("Input", mpl_read_option_table, struct args, read),
    CLI_GROUP("Effects", mpl_effect_option_table, struct args, effect),
    CLI_GROUP("Model", mpl_fit_option_table, struct args, fit),
    CLI_GROUP("Subgroups", mpl_subgroup_option_table, struct args, subgroup),
    CLI_GROUP("Plot", mpl_plot_option_table, struct args, plot),
    CLI_GROUP(NULL, mpl_forest_option_table, struct args, plot.forest),
    CLI_GROUP("Chart", mpl_chart_option_table, struct args, plot.chart),
    CLI_GROUP("Drawing", mpl_draw_option_table, struct args, draw),
    CLI_GROUP("Output", mpl_write_option_table, struct args, write),
    CLI_GROUP_END,
};

static mpl_status run(cli_call *call, mpl_error *err)
{
    (void)call, (void)err;
    return MPL_OK;
}

static const cli_command command = { .name = "fuzz", .summary = "parse", .about = "Parses.", .operands = operands,
                                     .examples = examples, .groups = groups, .args_size = sizeof(struct args),
                                     .run = run };

const cli_command *cli_command_get(size_t i)
{
    return i == 0 ? &command : NULL;
}

/* What was read is written as it would be typed, and reads back to the same. */
static void reread(void *ctx, const cli_group *group, const mpl_option *row)
{
    char *const options = (char *)ctx + group->offset;
    char text[8192], again[8192];
    mpl_error err;
    if (!mpl_option_given(row, options))
        return;
    mpl_option_write(row, options, text, sizeof text);
    struct args fresh = { .read = { .format = NULL } };
    char *const other = (char *)&fresh + group->offset;
    MUST(mpl_option_read(row, other, text, &err) == MPL_OK);
    mpl_option_write(row, other, again, sizeof again);
    MUST(strcmp(text, again) == 0);
}

enum { MAX_WORDS = 64 };

/* The same words as a shell hands them over; each offer is a line with a tab, or asks for file names. */
static void complete(const char *const *words, size_t n)
{
    const char *with_name[MAX_WORDS + 1] = { "fuzz" };
    for (size_t i = 0; i < n; i++) {
        if (strchr(words[i], '/')) /* would be read for its columns */
            return;
        with_name[i + 1] = words[i];
    }
    char *text = NULL;
    size_t size = 0;
    FILE *const out = open_memstream(&text, &size);
    MUST(out);
    cli_complete(with_name, n + 1, out);
    fclose(out);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        MUST(strncmp(line, ":file\n", 6) == 0 || strcspn(line, "\t") < strcspn(line, "\n"));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *words[MAX_WORDS];
    size_t n = 0, used;
    char *const text = malloc(size + 1);
    MUST(text);
    memcpy(text, bytes, size);
    text[size] = '\0';
    for (char *line = text; line && n < MAX_WORDS; n++) {
        words[n] = line;
        line = strchr(line, '\n');
        if (line)
            *line++ = '\0';
    }
    cli_call call = { .command = NULL };
    mpl_error err = { .code = MPL_OK };
    (void)cli_command_find(words, n, &used);
    const mpl_status s = cli_parse(&command, words, n, &call, &err);
    if (s != MPL_OK)
        must_refuse(s, NULL, &err);
    else
        cli_option_each(&command, reread, call.args);
    free(call.args);
    complete(words, n);
    free(text);
    return 0;
}
