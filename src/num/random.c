/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The generator is xoshiro256++ (Blackman & Vigna 2021, ACM Trans Math Softw 47:36), its state filled by SplitMix64
 * (Steele, Lea & Flood 2014, OOPSLA). GSL's generators take seeds of 32 bits, too few for a stream per replicate; its
 * samplers are used on top of this one.
 */
#include "num/random.h"

#include <math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static uint64_t split(uint64_t *x)
{
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

mpl__random mpl__random_start(uint64_t seed, uint64_t stream)
{
    mpl__random r;
    uint64_t x = seed;
    x = split(&x) ^ stream * 0xd1342543de82ef95u; /* an odd factor: streams of one seed stay apart */
    for (size_t i = 0; i < 4; i++)
        r.s[i] = split(&x);
    return r;
}

static uint64_t rotate(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

uint64_t mpl__random_bits(mpl__random *r)
{
    uint64_t *const s = r->s;
    const uint64_t out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return out;
}

double mpl__random_uniform(mpl__random *r)
{
    return ((double)(mpl__random_bits(r) >> 12) + 0.5) * 0x1p-52;
}

size_t mpl__random_below(mpl__random *r, size_t n)
{
    const uint64_t range = n, limit = UINT64_MAX - UINT64_MAX % range;
    uint64_t x;
    do
        x = mpl__random_bits(r);
    while (x >= limit);
    return (size_t)(x % range);
}

__extension__ typedef unsigned __int128 wide;

/* Remainders without divisions: the quotient from a reciprocal is too small by 2 at most. */
void mpl__random_fill_below(mpl__random *r, size_t n, uint32_t *out, size_t count)
{
    const uint64_t range = n, limit = UINT64_MAX - UINT64_MAX % range, reciprocal = UINT64_MAX / range;
    mpl__random own = *r;
    for (size_t i = 0; i < count; i++) {
        uint64_t x;
        do
            x = mpl__random_bits(&own);
        while (x >= limit);
        x -= (uint64_t)((wide)x * reciprocal >> 64) * range;
        while (x >= range)
            x -= range;
        out[i] = (uint32_t)x;
    }
    *r = own;
}

/* ---- GSL's samplers on this generator */

static void set(void *state, unsigned long seed)
{
    *(mpl__random *)state = mpl__random_start(seed, 0);
}

static unsigned long get(void *state)
{
    return (unsigned long)(mpl__random_bits(state) >> 32);
}

static double get_double(void *state)
{
    return mpl__random_uniform(state);
}

static const gsl_rng_type type = { .name = "xoshiro256++", .max = UINT32_MAX, .min = 0, .size = sizeof(mpl__random),
                                   .set = set, .get = get, .get_double = get_double };

double mpl__random_normal(mpl__random *r)
{
    const gsl_rng rng = { &type, r };
    return gsl_ran_gaussian_ratio_method(&rng, 1);
}

double mpl__random_gamma(mpl__random *r, double shape, double scale)
{
    const gsl_rng rng = { &type, r };
    return gsl_ran_gamma(&rng, shape, scale);
}

double mpl__random_chisq(mpl__random *r, double df)
{
    return mpl__random_gamma(r, df / 2, 2);
}

double mpl__random_poisson(mpl__random *r, double mean)
{
    const gsl_rng rng = { &type, r };
    return (double)gsl_ran_poisson(&rng, mean);
}

double mpl__random_binomial(mpl__random *r, double n, double p)
{
    const gsl_rng rng = { &type, r };
    return (double)gsl_ran_binomial(&rng, p, (unsigned)n);
}

void mpl__random_shuffle(mpl__random *r, size_t *items, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = mpl__random_below(r, i), swap = items[i - 1];
        items[i - 1] = items[j];
        items[j] = swap;
    }
}
