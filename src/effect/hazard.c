/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log hazard ratio without individual data, from what papers report of a log-rank test: O - E and its variance V, or
 * its p-value with V or the numbers from which V follows, or observed and expected events (Parmar, Torri & Stewart
 * 1998; Tierney et al. 2007). With O - E and V, y = (O - E)/V and v = 1/V.
 */
#include <math.h>

#include "effect/measure.h"

static mpl_status set(mpl__study *s, double yi, double v)
{
    s->yi = yi;
    s->vi = 1 / v;
    if (v == 0)
        s->why = "the variance of O - E is 0";
    return MPL_OK;
}

static mpl_status from_oe(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    return set(s, s->oei / s->ovi, s->ovi);
}

/* z of a two-sided p, whose sign is the direction, over the root of V */
static mpl_status from_p(mpl__study *s, double v, mpl_error *err)
{
    const mpl_status status = mpl__t_of_p(s, s->pi, INFINITY, NAN, &s->zval, err);
    return status != MPL_OK || s->why ? status : set(s, s->zval / sqrt(v), v);
}

static mpl_status from_p_and_v(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    return from_p(s, s->ovi, err);
}

/* V = O1 O2/O */
static mpl_status from_p_and_events(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    if (s->x1i + s->x2i == 0) {
        s->why = "no events in either arm";
        return MPL_OK;
    }
    return from_p(s, s->x1i * s->x2i / (s->x1i + s->x2i), err);
}

/* V = O n1 n2/(n1 + n2)^2 */
static mpl_status from_p_and_sizes(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    const double n = s->n1i + s->n2i;
    return from_p(s, s->xi * (s->n1i / n) * (s->n2i / n), err);
}

/* V = O/4: groups of equal size */
static mpl_status from_p_and_all(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    return from_p(s, s->xi / 4, err);
}

/* 1/V = 1/E1 + 1/E2 */
static mpl_status from_expected(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    if (s->x1i == 0 || s->x2i == 0)
        s->why = "no events in an arm";
    return set(s, mpl__log_ratio(s->x1i / s->e1i, s->x2i / s->e2i), 1 / (1 / s->e1i + 1 / s->e2i));
}

static const mpl_route routes[] = {
    { "oe", "oei ovi", from_oe },
    { "expected", "x1i e1i x2i e2i", from_expected },
    { "p-v", "pi ovi", from_p_and_v },
    { "p-events", "pi x1i x2i", from_p_and_events },
    { "p-n", "pi xi n1i n2i", from_p_and_sizes },
    { "p-balanced", "pi xi", from_p_and_all },
    MPL__REPORTED,
};

static void hr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->yi;
    e->vi = s->vi;
    e->ni = s->n1i + s->n2i;
}

const mpl__measure mpl__measure_HR = {
    .pub = { .method = { .id = "HR", .title = "log hazard ratio",
                         .cite = "Parmar, Torri & Stewart 1998, Stat Med 17:2815-2834; "
                                 "Tierney et al. 2007, Trials 8:16" },
             .family = "survival", MPL__ROUTES(routes), .label = "Hazard ratio", .scale = "log hazard ratio",
             .transform = &mpl__transform_exp },
    .compute = hr,
};
