/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands. */
#include "cli/cli.h"

#define CLI_COMMAND(sym) extern const cli_command cli_cmd_##sym;
#include "cli/commands.def"
#undef CLI_COMMAND

static const cli_command *const commands[] = {
#define CLI_COMMAND(sym) &cli_cmd_##sym,
#include "cli/commands.def"
#undef CLI_COMMAND
};

const cli_command *cli_command_get(size_t i)
{
    return i < sizeof commands / sizeof *commands ? commands[i] : NULL;
}
