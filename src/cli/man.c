/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manual pages in mdoc, printed from the rows of the table. The build installs them. */
#include "cli/cli.h"

#include <string.h>

enum { LINE_COLUMNS = 60 };

static const char release[] = "November 23, 2026"; /* of this version; pages have no other date */

/* Where a line may end: at a blank, when it is long or a sentence ends. */
static bool breaks(const char *start, const char *at, int column)
{
    const bool sentence = at - start > 1 && at[-1] == '.' && at[1] >= 'A' && at[1] <= 'Z';
    return *at == ' ' && at[1] != ' ' && (column > LINE_COLUMNS || sentence);
}

/* Text that no roff request, macro or escape can be made of. With `wrap`, lines are broken; newlines start
 * paragraphs. */
static void put_escaped(FILE *out, const char *text, bool wrap)
{
    int column = 0;
    for (const char *p = text; *p; p++, column++) {
        const bool line_ends = wrap && (*p == '\n' || breaks(text, p, column));
        if (column == 0 && (*p == '.' || *p == '\''))
            fputs("\\&", out);
        if (line_ends)
            fputs(*p == '\n' ? "\n.Pp\n" : "\n", out);
        else if (*p == '\\')
            fputs("\\e", out);
        else if (*p == '"')
            fputs("\\(dq", out);
        else
            putc(*p == '\n' ? ' ' : *p, out);
        if (line_ends)
            column = -1;
    }
}

static void put_text(FILE *out, const char *text)
{
    put_escaped(out, text, true);
}

/* One argument of a macro; \& keeps two-letter ids from being taken for macros. */
static void put_argument(FILE *out, const char *text)
{
    fputs(" \"\\&", out);
    put_escaped(out, text, false);
    putc('"', out);
}

static void put_line(FILE *out, const char *text)
{
    put_text(out, text);
    putc('\n', out);
}

static void put_sentence(FILE *out, const char *clause)
{
    if (!clause)
        return;
    put_text(out, clause);
    fputs(clause[strlen(clause) - 1] == '.' ? "\n" : ".\n", out);
}

static void put_macro(FILE *out, const char *macro, const char *text)
{
    fputs(macro, out);
    put_argument(out, text);
    putc('\n', out);
}

static void put_head(FILE *out, const char *page, const char *name, const char *summary)
{
    fprintf(out, ".Dd %s\n.Dt ", release);
    for (; *page; page++)
        putc(*page >= 'a' && *page <= 'z' ? *page - 'a' + 'A' : *page == ' ' ? '-' : *page, out);
    fprintf(out, " 1\n.Os metapool %s\n.Sh NAME\n", MPL_VERSION);
    put_macro(out, ".Nm", name);
    put_macro(out, ".Nd", summary);
}

/* The entries of a registry with their sources. */
static void put_choices(FILE *out, mpl_registry choice)
{
    fputs(".Bl -tag -width Ds -compact\n", out);
    const mpl_method *m;
    for (size_t i = 0; (m = choice(i)); i++) {
        put_macro(out, ".It", m->id);
        put_sentence(out, m->title);
        put_sentence(out, m->about);
        put_sentence(out, m->cite);
    }
    fputs(".El\n", out);
}

struct state {
    FILE *out;
    bool in_list;
};

static void put_option(void *ctx, const cli_group *group, const mpl_option *row)
{
    struct state *const state = ctx;
    FILE *const out = state->out;
    if (cli_group_opens(group, row)) {
        fputs(state->in_list ? ".El\n" : "", out);
        put_macro(out, ".Ss", group->title);
        fputs(".Bl -tag -width Ds\n", out);
        state->in_list = true;
    }
    const bool has_value = row->arg && row->kind != MPL_OPTION_FLAG;
    fputs(".It ", out);
    if (row->letter)
        fprintf(out, "Fl %c , ", row->letter);
    fprintf(out, "Fl -%s", row->name);
    if (has_value) {
        fputs("\\&= Ns Ar", out);
        put_argument(out, row->arg);
    }
    putc('\n', out);
    char dflt[128];
    cli_option_default(group, row, dflt, sizeof dflt);
    put_sentence(out, row->help);
    if (*dflt && row->kind != MPL_OPTION_FLAG) {
        fputs("The default is\n.Cm", out);
        put_argument(out, dflt);
        fputs(" .\n", out);
    }
    if (row->choice)
        put_choices(out, row->choice);
}

static void put_exit_status(FILE *out)
{
    fputs(".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n", out);
    for (size_t i = 0; cli_exit_get(i); i++) {
        fprintf(out, ".It %d\n", cli_exit_get(i)->code);
        put_line(out, cli_exit_get(i)->meaning);
    }
    fputs(".El\n", out);
}

static void put_synopsis(const cli_command *command, FILE *out)
{
    fputs(".Sh SYNOPSIS\n", out);
    put_macro(out, ".Nm metapool", command->name);
    if (command->groups->table)
        fputs(".Op Ar option ...\n", out);
    for (const cli_operand *operand = command->operands; operand && operand->name; operand++)
        put_macro(out, operand->optional ? ".Op Ar" : ".Ar", operand->name);
}

void cli_man_command(const cli_command *command, FILE *out)
{
    char page[64], name[64];
    snprintf(page, sizeof page, "metapool-%s", command->name);
    snprintf(name, sizeof name, "metapool %s", command->name);
    put_head(out, page, name, command->summary);
    put_synopsis(command, out);
    fputs(".Sh DESCRIPTION\n", out);
    put_line(out, command->about);
    if (command->operands && command->operands->name) {
        fputs(".Bl -tag -width Ds\n", out);
        for (const cli_operand *operand = command->operands; operand->name; operand++) {
            put_macro(out, ".It Ar", operand->name);
            put_sentence(out, operand->help);
            if (operand->choice)
                put_choices(out, operand->choice);
        }
        fputs(".El\n", out);
    }
    if (command->groups->table) {
        struct state state = { out, false };
        fputs(".Sh OPTIONS\n", out);
        cli_option_each(command, put_option, &state);
        fputs(".El\n", out);
    }
    put_exit_status(out);
    fputs(".Sh EXAMPLES\n", out);
    for (const cli_example *example = command->examples; example->words; example++) {
        put_line(out, example->what);
        fputs(".Dl metapool", out);
        put_argument(out, example->words);
        fputs(example[1].words ? "\n.Pp\n" : "\n", out);
    }
    fputs(".Sh SEE ALSO\n.Xr metapool 1\n", out);
}

/* The command whose name follows in alphabetical order; the first one after NULL. */
static const cli_command *next_by_name(const cli_command *before)
{
    const cli_command *next = NULL, *command;
    for (size_t i = 0; (command = cli_command_get(i)); i++)
        if ((!before || strcmp(command->name, before->name) > 0) && (!next || strcmp(command->name, next->name) < 0))
            next = command;
    return next;
}

void cli_man_program(FILE *out)
{
    put_head(out, "metapool", "metapool", "pool the effects of studies, compare subgroups, draw forest plots");
    fputs(".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar option ...\n.Op Ar operand ...\n"
          ".Sh DESCRIPTION\n.Nm\nreads study data as CSV, TSV or JSON, computes effect sizes,\n"
          "pools them, compares subgroups and draws forest plots.\nThe commands are:\n.Bl -tag -width Ds\n",
          out);
    const cli_command *command;
    for (size_t i = 0; (command = cli_command_get(i)); i++) {
        put_macro(out, ".It Cm", command->name);
        put_line(out, command->summary);
    }
    fputs(".El\n.Pp\nOptions and operands may come in any order;\na value follows its option as the next word or "
          "after\n.Sq = ;\n.Fl -\nends options and\n.Sq -\nis standard input.\n",
          out);
    fputs(".Sh ENVIRONMENT\n.Bl -tag -width NO_COLOR -compact\n.It Ev NO_COLOR\nif set and not empty, text has no "
          "colour even on a terminal.\n.El\n",
          out);
    put_exit_status(out);
    fputs(".Sh EXAMPLES\n", out);
    for (size_t i = 0; (command = cli_command_get(i)); i++)
        put_macro(out, ".Dl metapool", command->examples[0].words);
    fputs(".Sh SEE ALSO\n", out);
    for (const cli_command *at = next_by_name(NULL); at; at = next_by_name(at)) {
        fputs(".Xr metapool-", out);
        for (const char *p = at->name; *p; p++)
            putc(*p == ' ' ? '-' : *p, out);
        fprintf(out, " 1%s\n", next_by_name(at) ? " ," : "");
    }
}
