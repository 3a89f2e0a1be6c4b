/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the command, parses, runs, says what went wrong in one line. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A program started with a standard stream closed would get that number for the next file it opens, and write its
 * messages into the file. Occupied like this, using the stream fails with "Bad file descriptor".
 */
static bool occupy_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}

static int fail(const char *command, mpl_status status, const mpl_error *err, const char *see)
{
    fprintf(stderr, "metapool%s%s: %s%s%s%s\n", *command ? " " : "", command, err->message,
            see ? " (see 'metapool " : "", see ? see : "", see ? "--help')" : "");
    return cli_exit_code(status);
}

/* For what is printed without a report: a full disk must not pass for success. */
static int finish_stdout(void)
{
    mpl_error err;
    cli_file out = { .stream = stdout };
    const mpl_status s = cli_file_close(&out, MPL_OK, &err);
    return s == MPL_OK ? 0 : fail("", s, &err, NULL);
}

static int run_command(const cli_command *command, const char *const *words, size_t n)
{
    char see[64];
    snprintf(see, sizeof see, "%s ", command->name);
    cli_call call;
    mpl_error err = { .code = MPL_OK };
    mpl_status s = cli_parse(command, words, n, &call, &err);
    int code = 0;
    if (s != MPL_OK) {
        code = fail(command->name, s, &err, see);
    } else if (call.help) {
        cli_help_command(command, stdout);
        code = finish_stdout();
    } else if ((s = command->run(&call, &err)) != MPL_OK) {
        code = fail(command->name, s, &err, NULL);
    } else if (call.stopped) {
        code = 130;
    } else if (call.check_failed) {
        code = 1;
    }
    free(call.args);
    return code;
}

/* Words that name no command: a family, or an option of the program itself. */
static int run_other(const char *const *words, size_t n)
{
    static const char *const help[] = { "--help", "-h" }, *const version[] = { "--version", "-V" };
    const bool family = n > 0 && cli_is_family(words[0]);
    const char *const word = n > family ? words[family] : "--help";
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(word, help[i]) == 0) {
            cli_help_program(family ? words[0] : NULL, stdout);
            return finish_stdout();
        }
        if (!family && strcmp(word, version[i]) == 0) {
            size_t used;
            const char *const name = "version";
            return run_command(cli_command_find(&name, 1, &used), NULL, 0);
        }
    }
    if (strcmp(word, "__complete") == 0) {
        cli_complete(words + 1, n - 1, stdout);
        return finish_stdout();
    }
    mpl_error err;
    const mpl_status s = cli_command_unknown(words, n, &err);
    char see[64];
    snprintf(see, sizeof see, "%s%s", family ? words[0] : "", family ? " " : "");
    return fail("", s, &err, see);
}

int main(int argc, char **argv)
{
    if (!occupy_standard_streams())
        return 70;
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is then a failed write, with a message */
    const char *const *const words = (const char *const *)argv + 1;
    const size_t n = argc > 1 ? (size_t)argc - 1 : 0;
    size_t used;
    const cli_command *const command = cli_command_find(words, n, &used);
    return command ? run_command(command, words + used, n - used) : run_other(words, n);
}
