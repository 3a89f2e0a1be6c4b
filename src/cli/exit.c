/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit codes: the one table from status to code. */
#include "cli/cli.h"

#define STATUS(name) (1U << MPL_##name)

static const cli_exit exits[] = {
    { 0, STATUS(OK), "done" },
    { 1, 0, "a requested check failed, or results differ" },
    { 2, STATUS(ERR_ARG) | STATUS(ERR_NAME), "misuse: an option, a name or a column that does not exist" },
    { 3, STATUS(ERR_PARSE) | STATUS(ERR_DATA), "the data are wrong; the message says where" },
    { 4, STATUS(ERR_TOO_FEW) | STATUS(ERR_NUMERIC), "the data are fine, but the model cannot be estimated from them" },
    { 5, STATUS(ERR_IO), "reading or writing failed" },
    { 6, STATUS(ERR_NOMEM) | STATUS(ERR_LIMIT), "a limit of size, depth or memory was reached" },
    { 70, 0, "a bug of metapool: please report it" },
    { 130, 0, "stopped by Ctrl-C: long work that was stopped once reports what was done by then, and says so" },
};

const cli_exit *cli_exit_get(size_t i)
{
    return i < sizeof exits / sizeof *exits ? &exits[i] : NULL;
}

int cli_exit_code(mpl_status status)
{
    const cli_exit *exit_row = exits;
    for (size_t i = 0; (exit_row = cli_exit_get(i)); i++)
        if ((unsigned)status < 32 && (exit_row->statuses >> status & 1U))
            return exit_row->code;
    return 70;
}
