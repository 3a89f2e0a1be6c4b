/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The program: a table of commands over the library's option tables.
 *
 * A cli_command says everything about a command: operands, examples, option groups (a title, an option table, and
 * where its struct lies inside the command's arguments), and the function to run. commands.def lists them. Parsing,
 * help, man pages and completion read these rows and nothing else, so none of them can disagree.
 *
 * This folder includes <metapool.h> only and links the shared library.
 */
#ifndef MPL_CLI_H
#define MPL_CLI_H

#include <stdio.h>

#include <metapool.h>

enum {
    CLI_MAX_OPERANDS = 32,
    CLI_WIDTH = 79 /* columns of help text */
};

/** Options of one struct. A NULL title continues the group before. The list ends with a NULL table. */
typedef struct cli_group {
    const char *title;
    const mpl_option *(*table)(void);
    size_t offset; /* of the struct in the command's arguments */
    size_t size;   /* of the struct */
    const char *without; /* rows that mean nothing to this command, separated by blanks; NULL = none */
} cli_group;

#define CLI_GROUP_WITHOUT(title, table, type, member, without)                                                       \
    {                                                                                                                \
        (title), (table), offsetof(type, member), sizeof(((type *)NULL)->member), (without)                          \
    }
#define CLI_GROUP(title, table, type, member) CLI_GROUP_WITHOUT(title, table, type, member, NULL)
#define CLI_GROUP_END                                                                                                \
    {                                                                                                                \
        NULL, NULL, 0, 0, NULL                                                                                       \
    }

/** A word that is not an option. The list ends with a NULL name. */
typedef struct cli_operand {
    const char *name; /* placeholder: "DATA" */
    const char *help;
    mpl_registry choice; /* its values; NULL = any text */
    bool is_data;        /* a file, "-", or the id of a bundled dataset */
    bool optional;       /* only the last ones */
    bool many;           /* any number of them; only the last */
} cli_operand;

/** A command line that works as typed in any folder, without the leading "metapool", and what it does. */
typedef struct cli_example {
    const char *words;
    const char *what;
} cli_example;

typedef struct cli_call cli_call;

typedef struct cli_command {
    const char *name;    /* one or two words */
    const char *summary; /* lower-case clause */
    const char *about;   /* paragraphs separated by newlines */
    const cli_operand *operands;
    const cli_example *examples; /* first the one to try at once; ends with NULL words */
    const cli_group *groups;
    size_t args_size;
    mpl_status (*run)(cli_call *call, mpl_error *err);
} cli_command;

/** A parsed command line. */
struct cli_call {
    const cli_command *command;
    void *args; /* the command's struct, filled from the options; malloc */
    const char *operand[CLI_MAX_OPERANDS];
    size_t n_operands;
    bool help; /* --help was among the words: do not run */
    bool check_failed; /* set by the command: it did its job, and what was checked is not right */
    bool stopped;      /* set by the watch: Ctrl-C came, and the result is of the work done by then */
};

/* exit.c */

/** An exit code and what it says. */
typedef struct cli_exit {
    int code;
    unsigned statuses; /* bit per mpl_status */
    const char *meaning;
} cli_exit;

/** Exit code i in listing order; NULL past the end. */
const cli_exit *cli_exit_get(size_t i);
int cli_exit_code(mpl_status status);

/* commands.c, parse.c */

/** Command i in listing order; NULL past the end. */
const cli_command *cli_command_get(size_t i);

/** Finds the command that the first words name; *used is their number, 0 if there is none. */
const cli_command *cli_command_find(const char *const *words, size_t n, size_t *used);

/** MPL_ERR_NAME for words that name no command, with the nearest proposed. */
mpl_status cli_command_unknown(const char *const *words, size_t n, mpl_error *err);

/** True if `word` is the first word of two-word commands: "data". */
bool cli_is_family(const char *word);

/** False for a row that the group goes without. */
bool cli_group_has(const cli_group *group, const mpl_option *row);

/** True for the first row of a group with a title. */
bool cli_group_opens(const cli_group *group, const mpl_option *row);

/** Finds the option at the start of a word such as "--level=90"; `length` is of the name without dashes. */
const mpl_option *cli_option_find(const cli_command *command, const char *name, size_t length, char letter);

/** Calls with every option of a command once, in order of groups; a name in two groups comes once. */
void cli_option_each(const cli_command *command,
                     void (*visit)(void *ctx, const cli_group *group, const mpl_option *row), void *ctx);

/** Fills `call` from the words behind the command. free(call->args) in any case. */
mpl_status cli_parse(const cli_command *command, const char *const *words, size_t n, cli_call *call, mpl_error *err);

/** Sets code and message of an error, printf style; returns code. */
mpl_status cli_fail(mpl_error *err, mpl_status code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* help.c */

/** The program's commands; `family` NULL, or the first word of two. */
void cli_help_program(const char *family, FILE *out);
void cli_help_command(const cli_command *command, FILE *out);

/** Default of an option as it would be typed, under the default profile; "" if it has none. */
void cli_option_default(const cli_group *group, const mpl_option *row, char *out, size_t size);

/* man.c: mdoc */
void cli_man_program(FILE *out);
void cli_man_command(const cli_command *command, FILE *out);

/* complete.c */

/** What may stand where the last of the words is. One per line, a tab, what it is; ":file" asks for file names too. */
void cli_complete(const char *const *words, size_t n, FILE *out);

/** Registry of shells; `about` is unused. */
const mpl_method *cli_shell_method(size_t i);

/** The script that a shell reads. */
const char *cli_shell_script(const char *id);

/* output.c: where results go */

typedef struct cli_file_options {
    const char *output; /* NULL or "-" = standard output */
    bool no_color;
} cli_file_options;

/** Where and how a command writes its report. */
typedef struct cli_output_options {
    cli_file_options file;
    mpl_write_options write;
} cli_output_options;

const mpl_option *cli_file_option_table(void);

#define CLI_OUTPUT_GROUPS(type, member, without)                                                                     \
    CLI_GROUP("Output", cli_file_option_table, type, member.file),                                                   \
        CLI_GROUP_WITHOUT(NULL, mpl_write_option_table, type, member.write, without),                                \
        CLI_GROUP_WITHOUT(NULL, mpl_draw_option_table, type, member.write.draw, without)

enum { CLI_PATH_SIZE = 4096 };

/** `path` with a number before its ending: "forest-2.svg". */
mpl_status cli_path_number(const char *path, size_t n, char out[CLI_PATH_SIZE], mpl_error *err);

/** A file being written under a temporary name beside its own, or standard output. */
typedef struct cli_file {
    FILE *stream;
    const char *path; /* as the user wrote it; NULL = standard output */
    char *final, *temp; /* NULL for what cannot be renamed: standard output, devices, pipes */
} cli_file;

/** Opens. `input` is refused as an output; NULL = none. */
mpl_status cli_file_open(const char *path, const char *input, cli_file *out, mpl_error *err);

/** Ends writing: with MPL_OK everything is flushed and the file gets its name, else it is removed. */
mpl_status cli_file_close(cli_file *file, mpl_status so_far, mpl_error *err);

/** Ends writing and forgets the file. */
void cli_file_discard(cli_file *file);

/** Decides colour and width of text by where it goes. */
void cli_draw_options(const cli_file_options *file, mpl_draw_options *draw);

/** Writes a report as the options say and frees it; machine formats get its notes on standard error too. */
mpl_status cli_report_write(const cli_call *call, mpl_report *report, const cli_output_options *options,
                            mpl_error *err);

/* analysis.c: from a dataset to a fit, with the options that the commands share */

typedef struct cli_rows_options {
    const char *where;
} cli_rows_options;

typedef struct cli_source_options {
    mpl_read_options read;
    cli_rows_options rows;
} cli_source_options;

typedef struct cli_profile_options {
    const char *profile;
} cli_profile_options;

typedef struct cli_model_options {
    cli_profile_options profile;
    mpl_effect_options effect;
    mpl_transform_options transform;
    mpl_fit_options fit;
    mpl_subgroup_options subgroup;
} cli_model_options;

const mpl_option *cli_rows_option_table(void);
const mpl_option *cli_profile_option_table(void);

#define CLI_SOURCE_GROUPS(type, member)                                                                              \
    CLI_GROUP("Data", mpl_read_option_table, type, member.read),                                                     \
        CLI_GROUP(NULL, cli_rows_option_table, type, member.rows)

#define CLI_MODEL_GROUPS(type, member)                                                                               \
    CLI_GROUP("Effect sizes", mpl_effect_option_table, type, member.effect),                                         \
        CLI_GROUP(NULL, mpl_transform_option_table, type, member.transform),                                         \
        CLI_GROUP("Model", cli_profile_option_table, type, member.profile),                                          \
        CLI_GROUP(NULL, mpl_fit_option_table, type, member.fit),                                                     \
        CLI_GROUP(NULL, mpl_run_option_table, type, member.fit.run),                                                 \
        CLI_GROUP("Subgroups", mpl_subgroup_option_table, type, member.subgroup)

/* The same without subgroups. */
#define CLI_FIT_GROUPS(type, member)                                                                                 \
    CLI_GROUP("Effect sizes", mpl_effect_option_table, type, member.effect),                                         \
        CLI_GROUP(NULL, mpl_transform_option_table, type, member.transform),                                         \
        CLI_GROUP("Model", cli_profile_option_table, type, member.profile),                                          \
        CLI_GROUP(NULL, mpl_fit_option_table, type, member.fit)

/** Everything an analysis consists of; owned, but for a dataset that was given. */
typedef struct cli_analysis {
    const mpl_dataset *data;
    mpl_effects *effects;
    mpl_fit *fit; /* NULL if there is a regression */
    mpl_subgroups *subgroups;
    mpl_regression *regression;
    mpl_dataset *own;
} cli_analysis;

/** The operand DATA, for commands that take nothing else. */
extern const cli_operand cli_data_operand[];

/** Reads the dataset and keeps the rows asked for. */
mpl_status cli_dataset_read(const char *path, const cli_source_options *options, mpl_dataset **out, mpl_error *err);

/** Computes effects, fits, splits. */
mpl_status cli_analysis_run(const mpl_dataset *data, const cli_model_options *options, cli_analysis *out,
                            mpl_error *err);

/** The same from the operand DATA of a call. With moderators in `regress`, which may be NULL, it is a regression. */
mpl_status cli_analysis_open(const cli_call *call, const cli_source_options *source, const cli_model_options *model,
                             const mpl_regress_options *regress, cli_analysis *out, mpl_error *err);

/** What a command makes of its data. */
typedef mpl_status cli_data_maker(cli_call *call, const mpl_dataset *data, mpl_report **report, mpl_error *err);

/** Reads the data, makes the report and writes it. */
mpl_status cli_data_report(cli_call *call, const cli_source_options *source, const cli_output_options *out,
                           cli_data_maker *make, mpl_error *err);

/** What a command makes of an analysis; `regression` is NULL for a mean. */
typedef mpl_status cli_report_maker(const cli_call *call, const mpl_analysis *analysis,
                                    const mpl_regression *regression, mpl_report **report, mpl_error *err);

/** Opens the analysis, makes the report and writes it. */
mpl_status cli_analysis_report(const cli_call *call, const cli_source_options *source, const cli_model_options *model,
                               const mpl_regress_options *regress, const cli_output_options *out,
                               cli_report_maker *make, mpl_error *err);

/** Borrows; effects and fit are those of the regression, if there is one. */
mpl_analysis cli_analysis_view(const cli_analysis *analysis);
void cli_analysis_free(cli_analysis *analysis);

/* gnuplot.c: `input` as for cli_file_open */

/** Writes a script and its data: `path` with the endings .gp and .dat. The script draws a file ending in `picture`. */
mpl_status cli_gnuplot_write(const mpl_plot *plot, const mpl_draw_options *options, const char *path,
                             const char *picture, const char *input, mpl_error *err);

/** Draws `path` by running gnuplot; where that fails the script and its data stay, and the message says so. */
mpl_status cli_gnuplot_draw(const mpl_plot *plot, const mpl_draw_options *options, const char *path,
                            const char *ending, const char *input, mpl_error *err);

/* watch.c: long work */

/**
 * What to put into mpl_run_options.watch: a line of progress on standard error where that is a terminal, and Ctrl-C,
 * which stops the work with what is done (call->stopped, exit code 130); a second one ends the program.
 *
 * Several calls into the library may share one watch.
 *
 * @param what  what is being done, for the line: "permutations"
 */
const mpl_watch *cli_watch_start(cli_call *call, const char *what);

/** Takes the line away and Ctrl-C back. Before anything is written; harmless without a start. */
void cli_watch_end(void);

/* lists.c */

/** Registry of what a figure can be drawn as, by file ending: the library's renderers, and what gnuplot draws. */
const mpl_method *cli_figure_method(size_t i);
bool cli_figure_is_by_gnuplot(const char *id);

/** True if pages of a figure are in one file; and the renderer whose pages it shows. */
bool cli_figure_has_pages(const char *id);
const char *cli_figure_renderer(const char *id);

/** Registry of registries: what `metapool list` can show. */
const mpl_method *cli_list_method(size_t i);

/** The registry behind an id of cli_list_method; and the reverse, NULL if it is not there. */
mpl_registry cli_list_registry(const char *id);
const char *cli_list_find(mpl_registry registry);

#endif
