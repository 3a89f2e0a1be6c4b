/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cronbach's alpha of m items in n people. */
#include <math.h>

#include "base/error.h"
#include "effect/measure.h"

static mpl_status check(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    char x[32];
    if (s->mi < 2)
        return mpl__fail(err, MPL_ERR_DATA, "mi = %s; alpha needs at least 2 items", mpl__show(s->mi, x));
    if (s->ni <= 2)
        s->why = "ni is not above 2";
    return MPL_OK;
}

static const mpl_route routes[] = { { "alpha", "ai mi ni", check }, MPL__REPORTED };

/* Variance of ln(1 - alpha). */
static double variance_of_log(const mpl__study *s)
{
    return 2 * s->mi / ((s->mi - 1) * (s->ni - 2));
}

static void araw(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->ai;
    e->vi = variance_of_log(s) * mpl__sq(1 - s->ai);
    e->ni = s->ni;
}

static void ahw(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    const double root = cbrt(1 - s->ai);
    e->yi = 1 - root;
    e->vi = 18 * s->mi * (s->ni - 1) * root * root / ((s->mi - 1) * mpl__sq(9 * s->ni - 11));
    e->ni = s->ni;
}

static void abt(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = -log1p(-s->ai);
    e->vi = variance_of_log(s);
    e->ni = s->ni;
    e->why = "alpha is 1";
}

#define RELIABILITY .family = "reliability", MPL__ROUTES(routes), .label = "Cronbach's alpha"
#define READ_AS     .as = "ai:alpha mi:count"

const mpl__measure mpl__measure_ARAW = {
    .pub = { .method = { .id = "ARAW", .title = "Cronbach's alpha",
                         .cite = "Bonett 2002, J Educ Behav Stat 27:335-340" },
             RELIABILITY, .scale = "alpha" },
    READ_AS, .compute = araw,
};

const mpl__measure mpl__measure_AHW = {
    .pub = { .method = { .id = "AHW", .title = "Cronbach's alpha, Hakstian and Whalen's transformation",
                         .cite = "Hakstian & Whalen 1976, Psychometrika 41:219-231" },
             RELIABILITY, .scale = "1 - (1 - alpha)^(1/3)", .transform = &mpl__transform_iahw },
    READ_AS, .compute = ahw,
};

const mpl__measure mpl__measure_ABT = {
    .pub = { .method = { .id = "ABT", .title = "Cronbach's alpha, Bonett's transformation",
                         .cite = "Bonett 2002, J Educ Behav Stat 27:335-340; Bonett 2010, Psychol Methods 15:368-385" },
             RELIABILITY, .scale = "-ln(1 - alpha)", .transform = &mpl__transform_iabt },
    READ_AS, .compute = abt,
};
