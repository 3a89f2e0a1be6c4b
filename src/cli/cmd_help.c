/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metapool help, metapool version. */
#include "cli/cli.h"

typedef struct help_options {
    bool man;
    const char *completion;
} help_options;

static const mpl_option help_rows[] = {
    { .name = "man", MPL_MEMBER(FLAG, help_options, man), .help = "print the manual page in mdoc, for man -l -",
      .since = "0.1.0" },
    { .name = "completion", MPL_MEMBER(CHOICE, help_options, completion), .choice = cli_shell_method, .arg = "SHELL",
      .help = "print the script that completes commands and options in a shell", .since = "0.1.0" },
    { .name = NULL }
};

static const mpl_option *help_table(void)
{
    return help_rows;
}

static mpl_status finish(mpl_error *err)
{
    cli_file out = { .stream = stdout };
    return cli_file_close(&out, MPL_OK, err);
}

static mpl_status run_help(cli_call *call, mpl_error *err)
{
    const help_options *const options = call->args;
    size_t used;
    const cli_command *const command = cli_command_find(call->operand, call->n_operands, &used);
    if (options->completion)
        fputs(cli_shell_script(options->completion), stdout);
    else if (command && used < call->n_operands)
        return cli_fail(err, MPL_ERR_ARG, "one word too many: %s is a command", command->name);
    else if (command)
        (options->man ? cli_man_command : cli_help_command)(command, stdout);
    else if (call->n_operands == 1 && !options->man && cli_is_family(call->operand[0]))
        cli_help_program(call->operand[0], stdout);
    else if (call->n_operands > 0)
        return cli_command_unknown(call->operand, call->n_operands, err);
    else if (options->man)
        cli_man_program(stdout);
    else
        cli_help_program(NULL, stdout);
    return finish(err);
}

const cli_command cli_cmd_help = {
    .name = "help",
    .summary = "explain a command, print its manual page or a shell's completion",
    .about = "Without an operand, lists the commands. With one, explains it as --help does.",
    .operands = (const cli_operand[]){
        { .name = "COMMAND", .help = "what to explain: one word, or two as in 'data list'", .optional = true },
        { .name = "WORD", .help = "its second word", .optional = true },
        { .name = NULL } },
    .examples = (const cli_example[]){
        { "help pool", "what pool does and all its options" },
        { "help --man pool", "its manual page; view it with: metapool help --man pool | man -l -" },
        { "help --completion bash", "for this shell: eval \"$(metapool help --completion bash)\"" },
        { NULL, NULL } },
    .groups = (const cli_group[]){
        { "Options", help_table, 0, sizeof(help_options), NULL },
        CLI_GROUP_END },
    .args_size = sizeof(help_options),
    .run = run_help,
};

static mpl_status run_version(cli_call *call, mpl_error *err)
{
    (void)call;
    printf("metapool %s\nlicence GPL-3.0-or-later: free software, without any warranty\nwith", mpl_version());
    const mpl_method *m;
    for (size_t i = 0; (m = mpl_dependency_method(i)); i++)
        printf("%s %s %s", i ? "," : "", m->id, m->title);
    putchar('\n');
    return finish(err);
}

const cli_command cli_cmd_version = {
    .name = "version",
    .summary = "say version, licence and the libraries in use",
    .about = "The same as metapool --version.",
    .examples = (const cli_example[]){
        { "version", "version, licence, versions of GSL, cJSON and R's mathlib" },
        { NULL, NULL } },
    .groups = (const cli_group[]){ CLI_GROUP_END },
    .args_size = 0,
    .run = run_version,
};
