/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Long work on a terminal: a line that says how far it is, and Ctrl-C, which ends it with what is done by then.
 *
 * The first Ctrl-C only sets a flag, which the work looks at between its blocks; the second one is as fatal as it is
 * everywhere else. The line appears when the work takes longer than a reader waits without wondering, and is gone
 * before anything else is written.
 */
#include "cli/cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_LINE_MS = 500, NEXT_LINE_MS = 100, SHOW_LEFT_MS = 3000 };

static volatile sig_atomic_t stop_asked;
static struct sigaction before; /* what Ctrl-C did before, and does again after the first one */

typedef struct watch {
    mpl_watch library;
    cli_call *call;
    const char *what;
    bool is_on, shows, is_shown;
    bool catches; /* the handler below is installed */
    long start, last; /* ms */
} watch;

static watch current;

static void on_interrupt(int number)
{
    if (stop_asked) {
        sigaction(number, &before, NULL);
        raise(number);
    }
    stop_asked = 1;
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show(watch *w, size_t done, size_t total, long now)
{
    char left[64] = "";
    const long spent = now - w->start;
    if (done > 0 && spent >= SHOW_LEFT_MS)
        snprintf(left, sizeof left, ", about %ld s left",
                 (long)((double)spent / 1000 * ((double)total - (double)done) / (double)done));
    fprintf(stderr, "\r%s: %d%%%s%s\033[K", w->what, (int)(100 * (double)done / (double)total), left,
            stop_asked ? "; stopping" : "; Ctrl-C stops here");
    fflush(stderr);
    w->is_shown = true;
    w->last = now;
}

static bool look(void *ctx, size_t done, size_t total)
{
    watch *const w = ctx;
    if (w->shows && done < total) {
        const long now = now_ms();
        if (now - w->start >= FIRST_LINE_MS && (!w->is_shown || now - w->last >= NEXT_LINE_MS))
            show(w, done, total, now);
    }
    if (stop_asked && done < total)
        w->call->stopped = true;
    return !stop_asked;
}

static bool is_terminal(void)
{
    const char *const term = getenv("TERM");
    return isatty(STDERR_FILENO) && tcgetpgrp(STDERR_FILENO) == getpgrp() && term && strcmp(term, "dumb") != 0;
}

const mpl_watch *cli_watch_start(cli_call *call, const char *what)
{
    struct sigaction ours;
    memset(&ours, 0, sizeof ours);
    ours.sa_handler = on_interrupt;
    ours.sa_flags = SA_RESTART;
    sigemptyset(&ours.sa_mask);
    current = (watch){ .call = call, .what = what, .is_on = true, .shows = is_terminal(), .start = now_ms() };
    current.library = (mpl_watch){ look, &current };
    stop_asked = 0;
    /* a program started in the background with Ctrl-C ignored keeps ignoring it */
    current.catches = sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN &&
                      sigaction(SIGINT, &ours, NULL) == 0;
    return &current.library;
}

void cli_watch_end(void)
{
    if (!current.is_on)
        return;
    if (current.is_shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    if (current.catches)
        sigaction(SIGINT, &before, NULL);
    current.is_on = false;
}
