/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads take the next block from a common counter. The calling thread works too, and looks at the watch between its
 * blocks; when that says stop, the counter jumps to its end and every thread finishes the block it is in. Blocks are
 * taken in order, so those done are the first ones.
 */
#include "base/blocks.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"

enum { MAX_THREADS = 256 };

const mpl_option *mpl_run_option_table(void)
{
    static const mpl_option table[] = {
        { .name = "seed", MPL_MEMBER(MAYBE, mpl_run_options, seed), .min = 0, .max = 9007199254740991.0, .arg = "N",
          .dflt = "1", .help = "where random draws start; the same seed gives the same numbers", .since = "0.1.0" },
        { .name = "threads", MPL_MEMBER(COUNT, mpl_run_options, threads), .min = 1, .max = MAX_THREADS, .arg = "N",
          .help = "how many threads to use; by default one for each processor", .since = "0.1.0" },
        { .name = NULL },
    };
    return table;
}

uint64_t mpl__run_seed(const mpl_run_options *run)
{
    return run && run->seed.given && run->seed.value >= 0 ? (uint64_t)run->seed.value : 1;
}

typedef struct crew {
    mpl__block_work work;
    void *ctx;
    size_t n;
    atomic_size_t next, done;
    pthread_mutex_t lock; /* of the members below */
    size_t failed;        /* the first block that failed; n = none */
    mpl_status status;
    mpl_error err;
} crew;

/* Does one block; false if there is none left. */
static bool step(crew *c)
{
    if (atomic_load(&c->next) >= c->n)
        return false;
    const size_t i = atomic_fetch_add(&c->next, 1);
    if (i >= c->n)
        return false;
    mpl_error err = { 0 };
    const mpl_status s = c->work(c->ctx, i, &err);
    atomic_fetch_add(&c->done, 1);
    if (s == MPL_OK)
        return true;
    pthread_mutex_lock(&c->lock);
    if (i < c->failed) {
        c->failed = i;
        c->status = s;
        c->err = err;
    }
    pthread_mutex_unlock(&c->lock);
    atomic_store(&c->next, c->n);
    return false;
}

static void *work_on(void *ctx)
{
    crew *const c = ctx;
    while (step(c))
        ;
    return NULL;
}

static size_t processors(void)
{
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

mpl_status mpl__blocks_run(const mpl_run_options *run, size_t n, mpl__block_work work, void *ctx, size_t *done,
                           mpl_error *err)
{
    crew c = { .work = work, .ctx = ctx, .n = n, .failed = n, .status = MPL_OK };
    const mpl_watch *const watch = run ? run->watch : NULL;
    size_t threads = run && run->threads ? run->threads : processors();
    pthread_t thread[MAX_THREADS];
    size_t started = 0;
    *done = 0;
    if (threads > MAX_THREADS)
        threads = MAX_THREADS;
    if (threads > n)
        threads = n;
    if (pthread_mutex_init(&c.lock, NULL))
        return mpl__fail_nomem(err, "a lock");
    while (started + 1 < threads && !pthread_create(&thread[started], NULL, work_on, &c))
        started++; /* fewer threads do the same work */
    do {
        if (watch && !watch->look(watch->ctx, atomic_load(&c.done), n))
            atomic_store(&c.next, n);
    } while (step(&c));
    for (size_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_mutex_destroy(&c.lock);
    if (c.status != MPL_OK) {
        if (err)
            *err = c.err;
        return c.status;
    }
    *done = atomic_load(&c.done);
    if (watch)
        (void)watch->look(watch->ctx, *done, n);
    return MPL_OK;
}
