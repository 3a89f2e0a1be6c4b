/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long work on a terminal: when the line comes and goes, and what one and two Ctrl-C do. */
#include "check.h"
#include "cli/cli.h"

#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(long ms)
{
    const struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&t, NULL);
}

/* Work of n steps of 5 ms; one that does not look goes on for ever after it was stopped. */
static int work(size_t n, bool looks)
{
    cli_call call = { .command = NULL };
    const mpl_watch *const watch = cli_watch_start(&call, "permutations");
    bool go = true;
    for (size_t i = 0; i <= n && (go || !looks); i++) {
        go = watch->look(watch->ctx, i, n);
        sleep_ms(5);
    }
    cli_watch_end();
    fputs("done", stderr);
    return call.stopped ? 130 : 0;
}

typedef struct outcome {
    char said[20000];
    int status;
} outcome;

/* Runs the work on a terminal of its own, with `signals` Ctrl-C after 0.7 s. */
static void run(const char *term, size_t n, bool looks, int signals, outcome *out)
{
    int master;
    const pid_t child = forkpty(&master, NULL, NULL, NULL);
    if (child == 0) {
        setenv("TERM", term, 1);
        _exit(work(n, looks));
    }
    if (signals > 0)
        sleep_ms(700);
    for (int i = 0; i < signals; i++) {
        CHECK(write(master, "\003", 1) == 1, "no Ctrl-C was written");
        sleep_ms(100);
    }
    size_t size = 0;
    ssize_t got;
    while (size < sizeof out->said - 1 && (got = read(master, out->said + size, sizeof out->said - 1 - size)) > 0)
        size += (size_t)got;
    out->said[size] = '\0';
    close(master);
    CHECK(waitpid(child, &out->status, 0) == child, "no child to wait for");
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

int main(void)
{
    static outcome o;
    run("xterm", 20, true, 0, &o);
    CHECK(WIFEXITED(o.status) && WEXITSTATUS(o.status) == 0, "short work: status %d", o.status);
    CHECK_STR(o.said, "done", "short work shows no line");
    run("xterm", 250, true, 0, &o);
    CHECK(WIFEXITED(o.status) && WEXITSTATUS(o.status) == 0, "long work: status %d", o.status);
    CHECK(strncmp(o.said, "\rpermutations: ", 15) == 0 && strstr(o.said, "%; Ctrl-C stops here"), "the line: %s",
          o.said);
    CHECK(ends_with(o.said, "\r\033[Kdone"), "the line is gone at the end: %s", o.said);
    run("dumb", 250, true, 0, &o);
    CHECK_STR(o.said, "done", "a terminal that cannot take a line away has none");
    run("xterm", 1000, true, 1, &o);
    CHECK(WIFEXITED(o.status) && WEXITSTATUS(o.status) == 130, "one Ctrl-C: status %d", o.status);
    CHECK(ends_with(o.said, "done"), "one Ctrl-C: the work ends in order: %s", o.said);
    run("xterm", 1000, false, 2, &o);
    CHECK(WIFSIGNALED(o.status) && WTERMSIG(o.status) == SIGINT, "two Ctrl-C: status %d", o.status);
    return check_done();
}
