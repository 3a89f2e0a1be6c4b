/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random streams: the same (seed, stream) gives the same draws on every machine. No allocation, no shared state. */
#ifndef MPL_NUM_RANDOM_H
#define MPL_NUM_RANDOM_H

#include <stddef.h>
#include <stdint.h>

typedef struct mpl__random {
    uint64_t s[4];
} mpl__random;

/** Stream number `stream` of a seed: as a rule the number of the block or replicate that draws. */
mpl__random mpl__random_start(uint64_t seed, uint64_t stream);

uint64_t mpl__random_bits(mpl__random *r);

/** In (0, 1), never an end. */
double mpl__random_uniform(mpl__random *r);

/** A whole number in [0, n), each with the same probability; n >= 1. */
size_t mpl__random_below(mpl__random *r, size_t n);

/** `count` of these, n < 2^32: the same numbers, faster. */
void mpl__random_fill_below(mpl__random *r, size_t n, uint32_t *out, size_t count);

double mpl__random_normal(mpl__random *r);
double mpl__random_gamma(mpl__random *r, double shape, double scale);
double mpl__random_chisq(mpl__random *r, double df);
double mpl__random_poisson(mpl__random *r, double mean);
double mpl__random_binomial(mpl__random *r, double n, double p);

/** Puts n items in random order. */
void mpl__random_shuffle(mpl__random *r, size_t *items, size_t n);

#endif
