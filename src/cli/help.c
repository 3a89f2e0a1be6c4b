/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help texts, printed from the rows of the table. */
#include "cli/cli.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPTION_COLUMN = 28,
    COMMANDS = 6, /* that the program's help shows an example of */
    EXAMPLES = 2  /* of each command of a family */
};

/* Prints text in words from column `at`, wrapped and indented at `indent`; ends the line. Newlines start anew. */
static void print_wrapped(FILE *out, const char *text, int at, int indent)
{
    while (*text) {
        const int length = (int)strcspn(text, " \n");
        if (at > indent && at + 1 + length > CLI_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        }
        at += fprintf(out, "%s%.*s", at > indent ? " " : "", length, text);
        text += length;
        for (; *text == ' ' || *text == '\n'; text++)
            if (*text == '\n') {
                fprintf(out, "\n%*s", text[1] == '\n' ? 0 : indent, "");
                at = indent;
            }
    }
    putc('\n', out);
}

/* Prints `at` columns of a left side that were written already, then the right side from `column`. */
static void print_right(FILE *out, int at, int column, const char *text)
{
    if (at + 2 > column) {
        putc('\n', out);
        at = 0;
    }
    fprintf(out, "%*s", column - at, "");
    print_wrapped(out, text, column, column);
}

void cli_option_default(const cli_group *group, const mpl_option *row, char *out, size_t size)
{
    out[0] = '\0';
    void *const options = calloc(1, group->size);
    mpl_error err;
    if (options && mpl_options_resolve(group->table(), options, group->size, NULL, &err) == MPL_OK)
        mpl_option_write(row, options, out, size);
    free(options);
}

static void append(char *text, size_t size, const char *more)
{
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

/* ": A, B, C"; of a long registry the first ones, and how to see the others. */
static void append_choices(char *text, size_t size, mpl_registry choice)
{
    enum { MOST = 24, SHOWN = 12 };
    size_t n = 0;
    while (choice && choice(n))
        n++;
    const char *const list = n > MOST ? cli_list_find(choice) : NULL;
    for (size_t i = 0; i < (list ? SHOWN : n); i++) {
        append(text, size, i ? ", " : ": ");
        append(text, size, choice(i)->id);
    }
    if (list) {
        append(text, size, ", ...; see 'metapool list ");
        append(text, size, list);
        append(text, size, "'");
    }
}

/* "clause: A, B, C [A]" */
static void describe(const cli_group *group, const mpl_option *row, char *text, size_t size)
{
    char dflt[128];
    snprintf(text, size, "%s", row->help);
    append_choices(text, size, row->choice);
    cli_option_default(group, row, dflt, sizeof dflt);
    if (*dflt && row->kind != MPL_OPTION_FLAG) {
        append(text, size, " [");
        append(text, size, dflt);
        append(text, size, "]");
    }
}

static void print_option(void *ctx, const cli_group *group, const mpl_option *row)
{
    FILE *const out = ctx;
    if (cli_group_opens(group, row))
        fprintf(out, "\n%s:\n", group->title);
    char text[2048];
    describe(group, row, text, sizeof text);
    int at = row->letter ? fprintf(out, "  -%c, ", row->letter) : fprintf(out, "      ");
    at += fprintf(out, "--%s", row->name);
    if (row->arg && row->kind != MPL_OPTION_FLAG)
        at += fprintf(out, "=%s", row->arg);
    print_right(out, at, OPTION_COLUMN, text);
}

static void print_operands(const cli_command *command, FILE *out)
{
    for (const cli_operand *operand = command->operands; operand && operand->name; operand++) {
        char text[1024];
        snprintf(text, sizeof text, "%s", operand->help);
        append_choices(text, sizeof text, operand->choice);
        print_right(out, fprintf(out, "  %s", operand->name), OPTION_COLUMN, text);
    }
}

static void print_usage(const cli_command *command, FILE *out)
{
    fprintf(out, "Usage: metapool %s%s", command->name, command->groups->table ? " [OPTION]..." : "");
    for (const cli_operand *operand = command->operands; operand && operand->name; operand++)
        fprintf(out, operand->optional ? " [%s]" : " %s", operand->name);
    fputs("\n", out);
}

void cli_help_command(const cli_command *command, FILE *out)
{
    fprintf(out, "metapool %s: %s\n", command->name, command->summary);
    fprintf(out, "  metapool %s\n\n", command->examples[0].words);
    print_usage(command, out);
    print_operands(command, out);
    putc('\n', out);
    print_wrapped(out, command->about, 0, 0);
    cli_option_each(command, print_option, out);
    fputs("\nExamples:\n", out);
    for (const cli_example *example = command->examples; example->words; example++) {
        fprintf(out, "  metapool %s\n      ", example->words);
        print_wrapped(out, example->what, 6, 6);
    }
    fprintf(out, "\nMore: metapool help --man %s\n", command->name);
}

void cli_help_program(const char *family, FILE *out)
{
    const cli_command *command;
    const size_t length = family ? strlen(family) : 0;
    if (!family)
        fputs("metapool: pool the effects of studies, compare subgroups, draw forest plots\n", out);
    else
        fprintf(out, "metapool %s: one of the commands below\n", family);
    for (size_t i = 0; (command = cli_command_get(i)); i++)
        if (!family || (strncmp(command->name, family, length) == 0 && command->name[length] == ' ')) {
            fprintf(out, "  metapool %s\n", command->examples[0].words);
            break;
        }
    fputs("\nUsage: metapool COMMAND [OPTION]... [OPERAND]...\n\nCommands:\n", out);
    for (size_t i = 0; (command = cli_command_get(i)); i++) {
        if (family && !(strncmp(command->name, family, length) == 0 && command->name[length] == ' '))
            continue;
        print_right(out, fprintf(out, "  %s", command->name), 18, command->summary);
    }
    fputs("\nTry:\n", out);
    const size_t most = family ? SIZE_MAX : COMMANDS, of_each = family ? EXAMPLES : 1;
    for (size_t i = 0; (command = cli_command_get(i)) && i < most; i++)
        if (!family || (strncmp(command->name, family, length) == 0 && command->name[length] == ' '))
            for (size_t j = 0; j < of_each && command->examples[j].words; j++) {
                fprintf(out, "  metapool %s\n      ", command->examples[j].words);
                print_wrapped(out, command->examples[j].what, 6, 6);
            }
    fputs("\nOptions of a command: metapool COMMAND --help; its manual page: metapool help --man COMMAND\n", out);
}
