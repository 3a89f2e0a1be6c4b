/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's table checks itself: names, letters, texts, and that a name in two groups means the same in both. */
#include "check.h"
#include "cli/cli.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static void check_row(const cli_command *command, const cli_group *group, const mpl_option *row)
{
    const char *const name = command->name;
    char dflt[256];
    CHECK(row->help && !(row->help[0] >= 'A' && row->help[0] <= 'Z' && is_lower(row->help[1])),
          "%s --%s: the help is a lower-case clause", name, row->name);
    CHECK(row->help && row->help[strlen(row->help) - 1] != '.', "%s --%s: no final stop", name, row->name);
    CHECK(row->kind == MPL_OPTION_FLAG || row->arg, "%s --%s has no placeholder", name, row->name);
    CHECK((row->kind == MPL_OPTION_CHOICE) == (row->choice && row->choice(0)), "%s --%s: choices", name, row->name);
    CHECK(row->since, "%s --%s: since when", name, row->name);
    CHECK(strcmp(row->name, "help") != 0 && row->letter != 'h', "%s: --help and -h are the program's", name);
    cli_option_default(group, row, dflt, sizeof dflt);
    CHECK(!row->dflt || *dflt, "%s --%s: its default '%s' does not resolve", name, row->name, row->dflt);
    for (const cli_group *g = command->groups; g->table; g++)
        for (const mpl_option *other = g->table(); other->name; other++) {
            if (other == row || !cli_group_has(g, other))
                continue;
            const bool same = strcmp(other->name, row->name) == 0;
            CHECK(same || !row->letter || other->letter != row->letter, "%s: -%c is --%s and --%s", name, row->letter,
                  row->name, other->name);
            if (same)
                CHECK(other->kind == row->kind && other->letter == row->letter && other->choice == row->choice &&
                          check_error(other->min, row->min) <= 0 && check_error(other->max, row->max) <= 0,
                      "%s: two options --%s that differ", name, row->name);
        }
}

static void check_command(const cli_command *command)
{
    const char *const name = command->name;
    const size_t n = strlen(command->summary), length = strlen(name);
    CHECK(is_lower(command->summary[0]) && command->summary[n - 1] != '.', "%s: %s", name, command->summary);
    CHECK(command->about && command->about[strlen(command->about) - 1] == '.', "%s: about", name);
    CHECK(command->examples && command->examples[0].words, "%s has no example", name);
    for (const cli_example *example = command->examples; example->words; example++) {
        CHECK(strncmp(example->words, name, length) == 0, "%s: example '%s'", name, example->words);
        CHECK(example->what && example->what[0], "%s: '%s' says not what it does", name, example->words);
    }
    bool optional = false;
    for (const cli_operand *operand = command->operands; operand && operand->name; operand++) {
        CHECK(operand->help, "%s %s", name, operand->name);
        CHECK(!optional || operand->optional, "%s: %s behind an optional operand", name, operand->name);
        optional = operand->optional;
    }
    for (const cli_group *group = command->groups; group->table; group++) {
        CHECK(group->offset + group->size <= command->args_size, "%s: group '%s'", name, group->title);
        for (const mpl_option *row = group->table(); row->name; row++) {
            CHECK(row->offset < group->size, "%s --%s lies outside its struct", name, row->name);
            if (cli_group_has(group, row))
                check_row(command, group, row);
        }
        for (const char *p = group->without; p && *p; p += strspn(p, " ")) {
            char word[64] = "";
            const size_t end = strcspn(p, " ");
            snprintf(word, sizeof word, "%.*s", (int)end, p);
            for (const mpl_option *row = group->table(); row->name; row++)
                CHECK(strcmp(row->name, word) != 0 || !cli_group_has(group, row), "%s: --%s is left out and there",
                      name, word);
            p += end;
        }
    }
    CHECK(command->groups->table == NULL || command->groups->title, "%s: the first group has no title", name);
}

int main(void)
{
    const cli_command *command, *other;
    for (size_t i = 0; (command = cli_command_get(i)); i++) {
        check_command(command);
        for (size_t j = 0; j < i; j++) {
            other = cli_command_get(j);
            CHECK(strcmp(command->name, other->name) != 0, "two commands %s", command->name);
        }
    }
    for (size_t i = 0; cli_list_method(i); i++)
        for (size_t j = 0; j < i; j++)
            CHECK(strcmp(cli_list_method(i)->id, cli_list_method(j)->id) != 0, "two lists %s", cli_list_method(i)->id);
    return check_done();
}
