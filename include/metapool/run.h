/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Long work: how many threads, from which seed, and a watch that sees the progress and can stop it.
 *
 * Work is cut into blocks that depend on nothing but their number, and each block draws from a random stream of its
 * own, so results are the same for any number of threads. Stopped work gives the result of the blocks done so far,
 * which are always the first ones, and a note that says so.
 */
#ifndef METAPOOL_RUN_H
#define METAPOOL_RUN_H

#include <metapool/option.h>

MPL_BEGIN_DECLS

/** Called now and then from the thread that called the library. */
typedef struct mpl_watch {
    bool (*look)(void *ctx, size_t done, size_t total); /**< false = stop here */
    void *ctx;
} mpl_watch;

/** How to run. All-zero means all defaults; the option table is mpl_run_option_table(). */
typedef struct mpl_run_options {
    mpl_maybe seed;         /**< of random draws; default 1 */
    size_t threads;         /**< 0 = one for each processor */
    const mpl_watch *watch; /**< NULL = nobody looks; not a row of the table */
} mpl_run_options;

MPL_API const mpl_option *mpl_run_option_table(void);

MPL_END_DECLS

#endif
