/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of work: every block once, the same for any number of threads, stopped and failed in order. */
#include "check.h"

#include <stdatomic.h>

#include "base/blocks.h"
#include "base/error.h"

enum { N = 1000 };

typedef struct job {
    atomic_int times[N];
    size_t fails_from; /* blocks from here on fail */
} job;

static mpl_status work(void *ctx, size_t i, mpl_error *err)
{
    job *const j = ctx;
    atomic_fetch_add(&j->times[i], 1);
    return i >= j->fails_from ? mpl__fail(err, MPL_ERR_NUMERIC, "block %zu", i) : MPL_OK;
}

typedef struct looks {
    size_t n, stop_at, last;
} looks;

static bool look(void *ctx, size_t done, size_t total)
{
    looks *const l = ctx;
    CHECK(done >= l->last && done <= total, "progress went from %zu to %zu of %zu", l->last, done, total);
    l->last = done;
    return ++l->n < l->stop_at;
}

static void check_all(size_t threads)
{
    job j = { .fails_from = N };
    size_t done = 0;
    const mpl_run_options run = { .threads = threads };
    CHECK(mpl__blocks_run(&run, N, work, &j, &done, NULL) == MPL_OK && done == N, "%zu threads", threads);
    for (size_t i = 0; i < N; i++)
        CHECK(j.times[i] == 1, "%zu threads: block %zu ran %d times", threads, i, (int)j.times[i]);
}

static void check_stop(size_t threads)
{
    job j = { .fails_from = N };
    looks l = { .stop_at = 10 };
    const mpl_watch watch = { look, &l };
    const mpl_run_options run = { .threads = threads, .watch = &watch };
    size_t done = 0;
    CHECK(mpl__blocks_run(&run, N, work, &j, &done, NULL) == MPL_OK, "stopped work is no error");
    CHECK(threads == 1 ? done == 9 && l.n == 11 : l.n <= N + 2, "stopped at once"); /* others may be done by then */
    CHECK(l.last == done, "looked %zu times, last at %zu of %zu", l.n, l.last, done);
    for (size_t i = 0; i < N; i++)
        CHECK(j.times[i] == (i < done), "%zu threads: block %zu of %zu done", threads, i, done);
}

static void check_failure(size_t threads)
{
    job j = { .fails_from = 321 };
    size_t done = 7;
    mpl_error err = { 0 };
    const mpl_run_options run = { .threads = threads };
    CHECK(mpl__blocks_run(&run, N, work, &j, &done, &err) == MPL_ERR_NUMERIC, "the status of the block");
    CHECK(!strcmp(err.message, "block 321") && done == 0, "the first failure is told: %s", err.message);
}

int main(void)
{
    size_t done = 1;
    CHECK(mpl__blocks_run(NULL, 0, work, NULL, &done, NULL) == MPL_OK && done == 0, "no work is done at once");
    for (size_t threads = 1; threads <= 8; threads *= 2) {
        check_all(threads);
        check_stop(threads);
        check_failure(threads);
    }
    const mpl_run_options run = { .seed = { true, 42 } };
    CHECK(mpl__run_seed(NULL) == 1 && mpl__run_seed(&run) == 42, "seeds");
    return check_done();
}
