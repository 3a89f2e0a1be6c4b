/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words of a command line into the structs that the command's option groups point to.
 *
 * --name=value, --name value, -xvalue, -x value; letters of flags may be joined; options and operands in any order;
 * "--" ends options and "-" is an operand. Giving an option twice is refused: which of the two made the result could
 * not be seen later. An option that two groups have (the decimals of a table and of a plot) sets both.
 */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

mpl_status cli_fail(mpl_error *err, mpl_status code, const char *fmt, ...)
{
    *err = (mpl_error){ .code = code };
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    return code;
}

/* Number of words of a command's name that the given words start with; 0 unless all do. */
static size_t name_matches(const char *name, const char *const *words, size_t n)
{
    size_t used = 0;
    for (const char *p = name; *p; used++) {
        const size_t length = strcspn(p, " ");
        if (used == n || strlen(words[used]) != length || strncmp(p, words[used], length) != 0)
            return 0;
        p += length + (p[length] == ' ');
    }
    return used;
}

const cli_command *cli_command_find(const char *const *words, size_t n, size_t *used)
{
    const cli_command *command;
    for (size_t i = 0; (command = cli_command_get(i)); i++)
        if ((*used = name_matches(command->name, words, n)) > 0)
            return command;
    return NULL;
}

bool cli_is_family(const char *word)
{
    const size_t length = strlen(word);
    const cli_command *command;
    for (size_t i = 0; (command = cli_command_get(i)); i++)
        if (strncmp(command->name, word, length) == 0 && command->name[length] == ' ')
            return true;
    return false;
}

/* First words of commands, or what follows `family`. */
static const char *command_word(const void *family, size_t i)
{
    const char *const first = family, *const name = cli_command_get(i)->name;
    if (!first)
        return name;
    const size_t length = strlen(first);
    return strncmp(name, first, length) == 0 && name[length] == ' ' ? name + length + 1 : NULL;
}

mpl_status cli_command_unknown(const char *const *words, size_t n, mpl_error *err)
{
    size_t n_commands = 0;
    while (cli_command_get(n_commands))
        n_commands++;
    const char *const family = cli_is_family(words[0]) ? words[0] : NULL;
    const char *const given = family ? (n > 1 ? words[1] : NULL) : words[0];
    char all[400] = "", shown[MPL_SHOWN_SIZE];
    for (size_t i = 0, used = 0; i < n_commands; i++)
        if (command_word(family, i) && used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s %s", used ? "," : "", command_word(family, i));
    if (!family && given[0] == '-')
        return cli_fail(err, MPL_ERR_NAME, "unknown option '%s'; a command comes first",
                        mpl_text_to_shown(given, shown));
    if (!given || given[0] == '-')
        return cli_fail(err, MPL_ERR_NAME, "%s what? one of:%s", family, all);
    const char *const near = mpl_nearest_find(given, n_commands, command_word, family);
    mpl_text_to_shown(given, shown);
    if (near)
        return cli_fail(err, MPL_ERR_NAME, "unknown command '%s'; did you mean '%s%s%s'?", shown, family ? family : "",
                        family ? " " : "", near);
    return cli_fail(err, MPL_ERR_NAME, "unknown command '%s%s%s'; one of:%s", family ? family : "",
                    family ? " " : "", shown, all);
}

bool cli_group_has(const cli_group *group, const mpl_option *row)
{
    const size_t length = strlen(row->name);
    for (const char *p = group->without; p && *p; p += strspn(p, " ")) {
        const size_t n = strcspn(p, " ");
        if (n == length && strncmp(p, row->name, n) == 0)
            return false;
        p += n;
    }
    return true;
}

bool cli_group_opens(const cli_group *group, const mpl_option *row)
{
    const mpl_option *first = group->table();
    while (first->name && !cli_group_has(group, first))
        first++;
    return group->title && row == first;
}

static bool same_name(const mpl_option *row, const char *name, size_t length, char letter)
{
    if (letter)
        return row->letter == letter;
    return strlen(row->name) == length && strncmp(row->name, name, length) == 0;
}

const mpl_option *cli_option_find(const cli_command *command, const char *name, size_t length, char letter)
{
    for (const cli_group *group = command->groups; group->table; group++)
        for (const mpl_option *row = group->table(); row->name; row++)
            if (cli_group_has(group, row) && same_name(row, name, length, letter))
                return row;
    return NULL;
}

void cli_option_each(const cli_command *command,
                     void (*visit)(void *ctx, const cli_group *group, const mpl_option *row), void *ctx)
{
    for (const cli_group *group = command->groups; group->table; group++)
        for (const mpl_option *row = group->table(); row->name; row++)
            if (cli_group_has(group, row) && cli_option_find(command, row->name, strlen(row->name), 0) == row)
                visit(ctx, group, row);
}

struct names {
    const char *name[256];
    size_t n;
};

static void add_name(void *ctx, const cli_group *group, const mpl_option *row)
{
    (void)group;
    struct names *const names = ctx;
    if (names->n < sizeof names->name / sizeof *names->name)
        names->name[names->n++] = row->name;
}

static const char *name_at(const void *ctx, size_t i)
{
    const struct names *const names = ctx;
    return names->name[i];
}

static mpl_status unknown_option(const cli_command *command, const char *word, mpl_error *err)
{
    char given[256], shown[MPL_SHOWN_SIZE];
    const bool is_long = word[1] == '-';
    snprintf(given, sizeof given, "%.*s", is_long ? (int)strcspn(word, "=") : 2, word);
    if (!is_long && (word[1] & 0x80)) /* a byte of a longer character: show all of it */
        snprintf(given, sizeof given, "%s", word);
    struct names names = { .n = 0 };
    cli_option_each(command, add_name, &names);
    names.name[names.n++] = "help";
    const char *const near = is_long ? mpl_nearest_find(given + 2, names.n, name_at, &names) : NULL;
    mpl_text_to_shown(given, shown);
    if (near)
        return cli_fail(err, MPL_ERR_NAME, "unknown option '%s'; did you mean '--%s'?", shown, near);
    return cli_fail(err, MPL_ERR_NAME, "unknown option '%s'", shown);
}

/* Sets the member of every row of that name. */
static mpl_status set_option(const cli_command *command, const mpl_option *found, const char *value, void *args,
                             mpl_error *err)
{
    const size_t length = strlen(found->name);
    for (const cli_group *group = command->groups; group->table; group++)
        for (const mpl_option *row = group->table(); row->name; row++) {
            if (!cli_group_has(group, row) || !same_name(row, found->name, length, 0))
                continue;
            void *const options = (char *)args + group->offset;
            if (mpl_option_given(row, options))
                return cli_fail(err, MPL_ERR_ARG, "--%s is given twice", row->name);
            const mpl_status s = mpl_option_read(row, options, value, err);
            if (s != MPL_OK)
                return s;
        }
    return MPL_OK;
}

/* The words still to be read. */
struct reader {
    const char *const *words;
    size_t n, at;
};

static mpl_status next_value(struct reader *r, const mpl_option *row, const char **value, mpl_error *err)
{
    if (r->at == r->n)
        return cli_fail(err, MPL_ERR_ARG, "--%s needs a value, %s: %s", row->name, row->arg, row->help);
    *value = r->words[r->at++];
    return MPL_OK;
}

static mpl_status read_long(struct reader *r, const char *word, cli_call *call, mpl_error *err)
{
    const char *const name = word + 2;
    const size_t length = strcspn(name, "=");
    if (strcmp(name, "help") == 0) {
        call->help = true;
        return MPL_OK;
    }
    const mpl_option *const row = cli_option_find(call->command, name, length, 0);
    if (!row)
        return unknown_option(call->command, word, err);
    const char *value = name[length] ? name + length + 1 : NULL;
    if (row->kind == MPL_OPTION_FLAG && value)
        return cli_fail(err, MPL_ERR_ARG, "--%s takes no value", row->name);
    if (row->kind == MPL_OPTION_FLAG)
        value = "true";
    const mpl_status s = value ? MPL_OK : next_value(r, row, &value, err);
    return s == MPL_OK ? set_option(call->command, row, value, call->args, err) : s;
}

static mpl_status read_letters(struct reader *r, const char *word, cli_call *call, mpl_error *err)
{
    for (const char *p = word + 1; *p; p++) {
        const mpl_option *const row = cli_option_find(call->command, "", 0, *p);
        if (!row && *p == 'h') {
            call->help = true;
            continue;
        }
        if (!row) {
            const char one[] = { '-', *p, '\0' };
            return unknown_option(call->command, p == word + 1 ? word : one, err);
        }
        const bool is_flag = row->kind == MPL_OPTION_FLAG;
        const char *value = is_flag ? "true" : p[1] ? p + 1 : NULL;
        mpl_status s = value ? MPL_OK : next_value(r, row, &value, err);
        if (s == MPL_OK)
            s = set_option(call->command, row, value, call->args, err);
        if (s != MPL_OK || !is_flag)
            return s;
    }
    return MPL_OK;
}

static mpl_status read_words(struct reader *r, cli_call *call, mpl_error *err)
{
    bool options = true;
    while (r->at < r->n && !call->help) {
        const char *const word = r->words[r->at++];
        mpl_status s = MPL_OK;
        if (options && strcmp(word, "--") == 0) {
            options = false;
        } else if (options && word[0] == '-' && word[1]) {
            s = word[1] == '-' ? read_long(r, word, call, err) : read_letters(r, word, call, err);
        } else if (call->n_operands < CLI_MAX_OPERANDS) {
            call->operand[call->n_operands++] = word;
        } else {
            s = cli_fail(err, MPL_ERR_ARG, "more than %d operands", CLI_MAX_OPERANDS);
        }
        if (s != MPL_OK)
            return s;
    }
    return MPL_OK;
}

static const char *choice_id(const void *ctx, size_t i)
{
    const mpl_registry *const registry = ctx;
    return (*registry)(i)->id;
}

static mpl_status check_choice(const cli_operand *operand, const char **word, mpl_error *err)
{
    const mpl_method *const found = mpl_method_find(operand->choice, *word);
    if (found) {
        *word = found->id;
        return MPL_OK;
    }
    size_t n = 0, used = 0;
    char all[300] = "", shown[MPL_SHOWN_SIZE];
    for (const mpl_method *m; (m = operand->choice(n)); n++)
        if (used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s %s", n ? "," : "", m->id);
    const char *const near = mpl_nearest_find(*word, n, choice_id, &operand->choice);
    mpl_text_to_shown(*word, shown);
    if (near)
        return cli_fail(err, MPL_ERR_NAME, "unknown %s '%s'; did you mean '%s'?", operand->name, shown, near);
    return cli_fail(err, MPL_ERR_NAME, "unknown %s '%s'; one of:%s", operand->name, shown, all);
}

static mpl_status check_operands(cli_call *call, mpl_error *err)
{
    size_t i = 0;
    for (const cli_operand *operand = call->command->operands; operand && operand->name; operand++, i++) {
        if (i >= call->n_operands) {
            if (operand->optional)
                return MPL_OK;
            return cli_fail(err, MPL_ERR_ARG, "%s is missing: %s", operand->name, operand->help);
        }
        const mpl_status s = operand->choice ? check_choice(operand, &call->operand[i], err) : MPL_OK;
        if (s != MPL_OK)
            return s;
    }
    char shown[MPL_SHOWN_SIZE];
    const bool many = i && call->command->operands[i - 1].many;
    if (i < call->n_operands && !many)
        return cli_fail(err, MPL_ERR_ARG, "one operand too many: '%s'",
                        mpl_text_to_shown(call->operand[i], shown));
    return MPL_OK;
}

mpl_status cli_parse(const cli_command *command, const char *const *words, size_t n, cli_call *call, mpl_error *err)
{
    *call = (cli_call){ .command = command, .args = calloc(1, command->args_size + 1) };
    if (!call->args)
        return cli_fail(err, MPL_ERR_NOMEM, "no memory for the options");
    struct reader r = { .words = words, .n = n };
    const mpl_status s = read_words(&r, call, err);
    return s == MPL_OK && !call->help ? check_operands(call, err) : s;
}
