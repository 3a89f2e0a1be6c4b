/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Completion: the shells' scripts ask `metapool __complete WORDS` at run time, so they never go stale. The last word
 * is the one under the cursor. bash hands over "--name", "=" and "value" as three words; other shells as one.
 */
#include "cli/cli.h"

#include <string.h>

static const struct {
    mpl_method method;
    const char *script;
} shells[] = {
    { { .id = "bash", .title = "read by ~/.bashrc, or installed for bash-completion" },
      "_metapool() {\n"
      "    local line cur=${COMP_WORDS[COMP_CWORD]}\n"
      "    COMPREPLY=() && [[ $cur == = ]] && cur=\n"
      "    while IFS= read -r line; do\n"
      "        if [[ $line != :file ]]; then COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
      "        else compopt -o filenames; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
      "        fi\n"
      "    done < <(metapool __complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
      "}\n"
      "complete -F _metapool metapool\n" },
    { { .id = "zsh", .title = "a file named _metapool in a folder of $fpath" },
      "#compdef metapool\n"
      "_metapool() {\n"
      "    local line; local -a found\n"
      "    for line in ${(f)\"$(metapool __complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)\"}; do\n"
      "        [[ $line == :file ]] && { _files; continue }\n"
      "        found+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
      "    done\n"
      "    _describe metapool found\n"
      "}\n"
      "if [[ $funcstack[1] == _metapool ]]; then _metapool \"$@\"; else compdef _metapool metapool; fi\n" },
    { { .id = "fish", .title = "a file named metapool.fish in a folder of $fish_complete_path" },
      "function __metapool_complete\n"
      "    set -l words (commandline -opc) (commandline -ct)\n"
      "    for line in (metapool __complete $words[2..-1] 2>/dev/null)\n"
      "        if test $line = :file\n"
      "            __fish_complete_path (commandline -ct)\n"
      "        else\n"
      "            echo $line\n"
      "        end\n"
      "    end\n"
      "end\n"
      "complete -c metapool -f -a '(__metapool_complete)'\n" },
};

const mpl_method *cli_shell_method(size_t i)
{
    return i < sizeof shells / sizeof *shells ? &shells[i].method : NULL;
}

const char *cli_shell_script(const char *id)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        if (strcmp(shells[i].method.id, id) == 0)
            return shells[i].script;
    return "";
}

/* What is being completed: `word` behind `prefix`, which belongs to the same word of the shell. */
struct query {
    FILE *out;
    const char *prefix;
    size_t prefix_length;
    const char *word;
};

static void offer(const struct query *q, const char *text, size_t length, const char *what)
{
    if (strncmp(text, q->word, strlen(q->word)) != 0 || strpbrk(text, "\n\t"))
        return;
    fprintf(q->out, "%.*s%.*s\t%s\n", (int)q->prefix_length, q->prefix, (int)length, text, what);
}

static void offer_registry(const struct query *q, mpl_registry registry)
{
    const mpl_method *m;
    for (size_t i = 0; (m = registry(i)); i++)
        offer(q, m->id, strlen(m->id), m->title);
}

static void offer_commands(const struct query *q, const char *family)
{
    const cli_command *command, *before = NULL;
    for (size_t i = 0; (command = cli_command_get(i)); before = command, i++) {
        const char *const name = command->name;
        const size_t first = strcspn(name, " ");
        const bool two = name[first] == ' ';
        if (!family && two && before && strncmp(before->name, name, first + 1) == 0)
            continue; /* the family was offered */
        if (!family)
            offer(q, name, first, two ? "see its commands" : command->summary);
        else if (two && strlen(family) == first && strncmp(name, family, first) == 0)
            offer(q, name + first + 1, strlen(name + first + 1), command->summary);
    }
}

static void offer_columns(const struct query *q, const char *path)
{
    mpl_dataset *data;
    mpl_error err;
    if (!path || strcmp(path, "-") == 0 || mpl_dataset_read(path, NULL, &data, &err) != MPL_OK)
        return;
    for (size_t i = 0; i < data->n_columns; i++) {
        const mpl_column *const column = &data->columns[i];
        offer(q, column->name, strlen(column->name), column->title ? column->title : "column");
    }
    mpl_dataset_free(data);
}

static void offer_data(const struct query *q)
{
    const mpl_dataset_info *info;
    for (size_t i = 0; (info = mpl_bundled_get(i)); i++)
        offer(q, info->id, strlen(info->id), info->title);
    fputs(":file\n", q->out);
}

static void offer_values(const struct query *q, const mpl_option *row, const char *data)
{
    if (row->choice)
        offer_registry(q, row->choice);
    else if (row->arg && strcmp(row->arg, "FILE") == 0)
        fputs(":file\n", q->out);
    else if (row->arg && strcmp(row->arg, "COLUMN") == 0)
        offer_columns(q, data);
}

static void offer_option(void *ctx, const cli_group *group, const mpl_option *row)
{
    (void)group;
    const struct query *const q = ctx;
    char name[64];
    const int length = snprintf(name, sizeof name, "--%s", row->name);
    offer(q, name, (size_t)length, row->help);
}

static void offer_options(const struct query *q, const cli_command *command)
{
    struct query copy = *q;
    cli_option_each(command, offer_option, &copy);
    offer(q, "--help", 6, "what the command does and its options");
}

/* What the words before the cursor say. */
struct before {
    const mpl_option *pending; /* waits for its value */
    bool options_ended;
    size_t n_operands;
    const char *data; /* the operand that is a dataset */
};

static const cli_operand *operand_at(const cli_command *command, size_t i)
{
    const cli_operand *operand = command->operands;
    for (; operand && operand->name && i > 0 && !operand->many; i--)
        operand++;
    return operand && operand->name ? operand : NULL;
}

static void read_word(const cli_command *command, const char *word, struct before *b)
{
    if (b->pending) {
        if (strcmp(word, "=") != 0)
            b->pending = NULL;
        return;
    }
    if (!b->options_ended && strcmp(word, "--") == 0) {
        b->options_ended = true;
    } else if (!b->options_ended && word[0] == '-' && word[1]) {
        const bool is_long = word[1] == '-';
        const mpl_option *const row = is_long ? cli_option_find(command, word + 2, strlen(word + 2), 0)
                                              : cli_option_find(command, "", 0, word[1]);
        if (row && row->kind != MPL_OPTION_FLAG && (is_long || !word[2]))
            b->pending = row;
    } else {
        const cli_operand *const operand = operand_at(command, b->n_operands++);
        if (operand && operand->is_data)
            b->data = word;
    }
}

static void complete_command(const cli_command *command, const char *const *words, size_t n, FILE *out)
{
    struct before b = { 0 };
    for (size_t i = 0; i + 1 < n; i++)
        read_word(command, words[i], &b);
    struct query q = { .out = out, .prefix = "", .word = words[n - 1] };
    if (b.pending) {
        if (strcmp(q.word, "=") == 0)
            q.word++;
        offer_values(&q, b.pending, b.data);
        return;
    }
    if (!b.options_ended && q.word[0] == '-') {
        const size_t name = strcspn(q.word, "=");
        const mpl_option *row = NULL;
        if (q.word[1] == '-' && q.word[name])
            row = cli_option_find(command, q.word + 2, name - 2, 0);
        if (!row) {
            offer_options(&q, command);
            return;
        }
        q.prefix = q.word;
        q.prefix_length = name + 1;
        q.word += name + 1;
        offer_values(&q, row, b.data);
        return;
    }
    const cli_operand *const operand = operand_at(command, b.n_operands);
    if (operand && operand->choice)
        offer_registry(&q, operand->choice);
    else if (operand && operand->is_data)
        offer_data(&q);
}

void cli_complete(const char *const *words, size_t n, FILE *out)
{
    if (n == 0)
        return;
    const struct query q = { .out = out, .prefix = "", .word = words[n - 1] };
    size_t used;
    const cli_command *const command = cli_command_find(words, n - 1, &used);
    if (command)
        complete_command(command, words + used, n - used, out);
    else if (n == 1)
        offer_commands(&q, NULL);
    else if (n == 2 && cli_is_family(words[0]))
        offer_commands(&q, words[0]);
}
