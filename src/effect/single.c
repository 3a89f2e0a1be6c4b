/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group, a continuous outcome: mean m, standard deviation s, size n. */
#include <math.h>

#include "effect/measure.h"

static mpl_status standardize(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    s->d = s->mi / s->sdi;
    s->m = s->ni - 1;
    if (s->sdi == 0)
        s->why = "sdi is 0";
    else if (!(s->m > 1))
        s->why = "ni is too small for a standardized mean";
    return MPL_OK;
}

static const mpl_route routes_mn[] = { { "means", "mi sdi ni", NULL }, MPL__REPORTED };
static const mpl_route routes_smn[] = { { "means", "mi sdi ni", standardize }, MPL__REPORTED };
static const mpl_route routes_sd[] = { { "sds", "sdi ni", NULL }, MPL__REPORTED };

/* HO: one variance for all studies, pooled by degrees of freedom. */
static void mn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    e->yi = s->mi;
    e->ni = s->ni;
    e->part[0] = s->sdi * s->sdi;
    e->weight[0] = s->ni - 1;
    e->vi = (how->vtype == MPL__HO ? how->mean[0] : s->sdi * s->sdi) / s->ni;
}

static void smn(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double g = (how->correct ? how->j(s->m) : 1) * s->d;
    e->yi = g;
    e->vi = 1 / s->ni + g * g / (2 * s->ni);
    e->ni = s->ni;
}

static void mnln(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->mi > 0 ? log(s->mi) : NAN;
    e->vi = mpl__sq(s->sdi / s->mi) / s->ni;
    e->ni = s->ni;
    e->why = "mi is not above 0";
}

static void sdln(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double half = 1 / (2 * (s->ni - 1));
    e->yi = log(s->sdi) + (how->correct ? half : 0);
    e->vi = half;
    e->ni = s->ni;
    e->why = s->ni > 1 ? "sdi is 0" : "one case has no standard deviation";
}

static void cvln(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    sdln(s, how, e);
    if (!(s->mi > 0))
        e->why = "mi is not above 0";
    else if (s->sdi > 0 && s->ni > 1)
        e->why = "mi and sdi are too far apart";
    e->yi = s->mi > 0 ? mpl__log_ratio(s->sdi, s->mi) + (how->correct ? 1 / (2 * (s->ni - 1)) : 0) : NAN;
    e->vi += mpl__sq(s->sdi / s->mi) / s->ni;
}

#define ONE_GROUP .family = "means of one group", .null_value = NAN

const mpl__measure mpl__measure_MN = {
    .pub = { .method = { .id = "MN", .title = "mean", .cite = "Cochran 1977, Sampling Techniques, 3rd ed." },
             ONE_GROUP, MPL__ROUTES(routes_mn), .label = "Mean", .scale = "mean", .vtypes = "LS HO" },
    .compute = mn, .averaging = "HO",
};

const mpl__measure mpl__measure_SMN = {
    .pub = { .method = { .id = "SMN", .title = "standardized mean", .cite = "Hedges 1981, J Educ Stat 6:107-128" },
             .family = "means of one group", MPL__ROUTES(routes_smn), .label = "Standardized mean",
             .scale = "standardized mean" },
    .compute = smn,
};

const mpl__measure mpl__measure_MNLN = {
    .pub = { .method = { .id = "MNLN", .title = "log mean",
                         .cite = "Hedges, Gurevitch & Curtis 1999, Ecology 80:1150-1156" },
             ONE_GROUP, MPL__ROUTES(routes_mn), .label = "Mean", .scale = "log mean",
             .transform = &mpl__transform_exp },
    .compute = mnln,
};

const mpl__measure mpl__measure_SDLN = {
    .pub = { .method = { .id = "SDLN", .title = "log standard deviation",
                         .cite = "Raudenbush & Bryk 1987, J Educ Stat 12:241-269; "
                                 "Nakagawa et al. 2015, Methods Ecol Evol 6:143-152" },
             ONE_GROUP, MPL__ROUTES(routes_sd), .label = "Standard deviation", .scale = "log standard deviation",
             .transform = &mpl__transform_exp },
    .compute = sdln,
};

const mpl__measure mpl__measure_CVLN = {
    .pub = { .method = { .id = "CVLN", .title = "log coefficient of variation",
                         .cite = "Nakagawa et al. 2015, Methods Ecol Evol 6:143-152" },
             ONE_GROUP, MPL__ROUTES(routes_mn), .label = "Coefficient of variation",
             .scale = "log coefficient of variation", .transform = &mpl__transform_exp },
    .compute = cvln,
};
