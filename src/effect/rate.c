/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events in person-time: x in t, in one group or in two. */
#include <math.h>

#include "effect/measure.h"

static const mpl_route routes_two[] = { { "rates", "x1i t1i x2i t2i", NULL }, MPL__REPORTED };
static const mpl_route routes_one[] = { { "rates", "xi ti", NULL }, MPL__REPORTED };

static bool has_zero(const mpl__study *s)
{
    return s->x1i == 0 || s->x2i == 0;
}

static const char *empty(const mpl__study *s)
{
    return s->x1i == 0 && s->x2i == 0 ? "no events in either arm" : NULL;
}

static void add(mpl__study *s, double group1, double group2)
{
    s->x1i += group1;
    s->x2i += group2;
}

static double share(const mpl__study *s)
{
    return s->t1i / (s->t1i + s->t2i);
}

static void count(mpl__study *s)
{
    s->x1 = s->x1i;
    s->n1 = s->t1i;
    s->x2 = s->x2i;
    s->n2 = s->t2i;
}

static const mpl__zeros zeros_two = { has_zero, empty, add, share, count, MPL_COUNTS_RATES };

static bool is_zero(const mpl__study *s)
{
    return s->xi == 0;
}

static const char *never_empty(const mpl__study *s)
{
    (void)s;
    return NULL;
}

static void add_one(mpl__study *s, double group1, double group2)
{
    (void)group2;
    s->xi += group1;
}

static void count_one(mpl__study *s)
{
    s->x1 = s->xi;
    s->n1 = s->ti;
}

static const mpl__zeros zeros_one = { is_zero, never_empty, add_one, NULL, count_one, MPL_COUNTS_RATE };

static void irr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = mpl__log_ratio(s->x1i / s->t1i, s->x2i / s->t2i);
    e->vi = 1 / s->x1i + 1 / s->x2i;
}

static void ird(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->x1i / s->t1i - s->x2i / s->t2i;
    e->vi = s->x1i / s->t1i / s->t1i + s->x2i / s->t2i / s->t2i;
}

static void irsd(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = sqrt(s->x1i / s->t1i) - sqrt(s->x2i / s->t2i);
    e->vi = 1 / (4 * s->t1i) + 1 / (4 * s->t2i);
}

static void ir(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->xi / s->ti;
    e->vi = s->xi / s->ti / s->ti;
}

static void irln(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = mpl__log_ratio(s->xi, s->ti);
    e->vi = 1 / s->xi;
}

static void irs(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = sqrt(s->xi / s->ti);
    e->vi = 1 / (4 * s->ti);
}

static void irft(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = (sqrt(s->xi / s->ti) + sqrt((s->xi + 1) / s->ti)) / 2;
    e->vi = 1 / (4 * s->ti);
    e->unit = s->ti;
}

#define PERSON_TIME .family = "person-time"
#define TWO_RATES   PERSON_TIME, MPL__ROUTES(routes_two)
#define ONE_RATE    PERSON_TIME, MPL__ROUTES(routes_one), .label = "Rate", .null_value = NAN
#define ONE_COUNT   .as = "ti:time", .zeros = &zeros_one, .counted = MPL__COUNTED_TIME
#define ROTHMAN     "Rothman, Greenland & Lash 2008, Modern Epidemiology, 3rd ed."

const mpl__measure mpl__measure_IRR = {
    .pub = { .method = { .id = "IRR", .title = "log incidence rate ratio", .cite = ROTHMAN },
             TWO_RATES, .label = "Incidence rate ratio", .scale = "log incidence rate ratio",
             .transform = &mpl__transform_exp },
    .compute = irr, .zeros = &zeros_two, .add = 0.5,
};

const mpl__measure mpl__measure_VEIR = {
    .pub = { .method = { .id = "VEIR",
                         .title = "vaccine efficacy, 1 - incidence rate ratio, analysed as the log rate ratio",
                         .cite = "Orenstein et al. 1985, Bull World Health Organ 63:1055-1068; Halloran, Longini & "
                                 "Struchiner 2010, Design and Analysis of Vaccine Studies",
                         .about = "Of person-time at risk; otherwise as VE." },
             TWO_RATES, .label = "Vaccine efficacy", .scale = "log incidence rate ratio",
             .transform = &mpl__transform_ve },
    .compute = irr, .zeros = &zeros_two, .add = 0.5, .like = "IRR",
};

const mpl__measure mpl__measure_IRD = {
    .pub = { .method = { .id = "IRD", .title = "incidence rate difference", .cite = ROTHMAN },
             TWO_RATES, .label = "Incidence rate difference", .scale = "incidence rate difference" },
    .compute = ird, .zeros = &zeros_two, .add = 0.5,
};

const mpl__measure mpl__measure_IRSD = {
    .pub = { .method = { .id = "IRSD", .title = "difference of the square roots of incidence rates",
                         .cite = ROTHMAN },
             TWO_RATES, .label = "Difference of square-root rates", .scale = "difference of square-root rates" },
    .compute = irsd, .zeros = &zeros_two,
};

const mpl__measure mpl__measure_IR = {
    .pub = { .method = { .id = "IR", .title = "incidence rate", .cite = ROTHMAN },
             ONE_RATE, .scale = "incidence rate" },
    ONE_COUNT, .compute = ir, .add = 0.5,
};

const mpl__measure mpl__measure_IRLN = {
    .pub = { .method = { .id = "IRLN", .title = "log incidence rate", .cite = ROTHMAN },
             ONE_RATE, .scale = "log incidence rate", .transform = &mpl__transform_exp },
    ONE_COUNT, .compute = irln, .add = 0.5,
};

const mpl__measure mpl__measure_IRS = {
    .pub = { .method = { .id = "IRS", .title = "square root of an incidence rate", .cite = ROTHMAN },
             ONE_RATE, .scale = "square root of the incidence rate", .transform = &mpl__transform_square },
    ONE_COUNT, .compute = irs,
};

const mpl__measure mpl__measure_IRFT = {
    .pub = { .method = { .id = "IRFT", .title = "Freeman-Tukey transformed incidence rate",
                         .cite = "Freeman & Tukey 1950, Ann Math Stat 21:607-611" },
             ONE_RATE, .scale = "Freeman-Tukey transformed rate", .transform = &mpl__transform_iirft },
    ONE_COUNT, .compute = irft,
};
