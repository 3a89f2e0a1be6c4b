/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of work on several threads. */
#ifndef MPL_BASE_BLOCKS_H
#define MPL_BASE_BLOCKS_H

#include <stdint.h>
#include <metapool/run.h>

/** Does block `i`; what it writes must depend on i alone. Called from any thread. */
typedef mpl_status (*mpl__block_work)(void *ctx, size_t i, mpl_error *err);

/**
 * Does blocks 0 to n - 1, each once.
 *
 * @param run   resolved or not; NULL = all defaults
 * @param done  [out] blocks done, the first ones: n unless the watch stopped the work
 * @return MPL_OK, also when stopped; the status and message of the first block, by number, that failed; MPL_ERR_NOMEM
 */
mpl_status mpl__blocks_run(const mpl_run_options *run, size_t n, mpl__block_work work, void *ctx, size_t *done,
                           mpl_error *err);

/** The seed in force, a whole number. */
uint64_t mpl__run_seed(const mpl_run_options *run);

#endif
