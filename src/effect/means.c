/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two independent groups, a continuous outcome: means m1, m2, standard deviations s1, s2, sizes n1, n2. This file
 * reads them, for means.c's own measures and for those of standardized.c, and has the measures in the units of the
 * outcome and the ratios.
 *
 * Standardized differences come from d, their value before any small-sample correction, and m, its degrees of
 * freedom. d follows from the means, or from what a test reported: d = t sqrt(1/n1 + 1/n2), and t from a two-sided p.
 */
#include "effect/means.h"

#include <math.h>

#include "base/error.h"

double mpl__pooled_variance(const mpl__study *s)
{
    return ((s->n1i - 1) * mpl__sq(s->sd1i) + (s->n2i - 1) * mpl__sq(s->sd2i)) / (s->n1i + s->n2i - 2);
}

/* The standard error that makes the difference between the means t times as large (Cochrane Handbook 6.5.2.3). */
static mpl_status difference_from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    char t[32], x[32];
    const double difference = s->m1i - s->m2i;
    if (s->ti * difference < 0)
        return mpl__fail(err, MPL_ERR_DATA, "ti = %s and m1i - m2i = %s have different signs", mpl__show(s->ti, t),
                         mpl__show(difference, x));
    s->s2 = mpl__sq(difference / s->ti);
    if (s->ti == 0 || difference == 0)
        s->why = "a difference of 0 has no standard error that a test could give";
    return MPL_OK;
}

static mpl_status difference_from(mpl__study *s, double p, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(mpl__t_of_p(s, p, s->n1i + s->n2i - 2, s->m1i - s->m2i, &s->ti, err));
    return s->why ? MPL_OK : difference_from_t(s, how, err);
}

static mpl_status difference_from_pi(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    return difference_from(s, s->pi, how, err);
}

static mpl_status difference_from_pval(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    return difference_from(s, s->pval, how, err);
}

static const mpl_route routes_md[] = {
    { MPL__MEANS, NULL },
    { "t", "m1i m2i ti", difference_from_t },
    { "p", "m1i m2i pi n1i n2i", difference_from_pi },
    { "p", "m1i m2i pval n1i n2i", difference_from_pval },
    MPL__REPORTED,
};
static const mpl_route routes_means[] = { { MPL__MEANS, NULL }, MPL__REPORTED };
static const mpl_route routes_spread[] = { { "sds", "sd1i n1i sd2i n2i", NULL }, MPL__REPORTED };

static void md(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    e->yi = s->m1i - s->m2i;
    e->ni = s->n1i + s->n2i;
    if (!isnan(s->s2))
        e->vi = s->s2;
    else if (how->vtype == MPL__HO)
        e->vi = mpl__pooled_variance(s) * mpl__inverse_n(s);
    else
        e->vi = mpl__sq(s->sd1i) / s->n1i + mpl__sq(s->sd2i) / s->n2i;
}

/* Squared coefficients of variation over n, or what stands in for them: the terms of a log ratio's variance. */
static void rom_terms(const mpl__study *s, const mpl__how *how, double term[2])
{
    const double m1 = mpl__sq(s->m1i), m2 = mpl__sq(s->m2i), both = mpl__pooled_variance(s);
    switch (how->vtype) {
    case MPL__HO:
        term[0] = both / m1;
        term[1] = both / m2;
        break;
    case MPL__AV:
        term[0] = mpl__sq(how->mean[0]);
        term[1] = mpl__sq(how->mean[1]);
        break;
    case MPL__AVHO:
        term[0] = term[1] = mpl__sq(how->mean_all);
        break;
    default:
        term[0] = mpl__sq(s->sd1i) / m1;
        term[1] = mpl__sq(s->sd2i) / m2;
    }
    term[0] /= s->n1i;
    term[1] /= s->n2i;
}

static void rom(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double cv1 = s->sd1i / s->m1i, cv2 = s->sd2i / s->m2i;
    double term[2];
    rom_terms(s, how, term);
    e->yi = s->m1i / s->m2i > 0 ? mpl__log_ratio(s->m1i, s->m2i) : NAN;
    if (how->correct)
        e->yi += (cv1 * cv1 / s->n1i - cv2 * cv2 / s->n2i) / 2;
    e->why = "m1i/m2i is not above 0";
    e->ni = s->n1i + s->n2i;
    e->part[0] = cv1;
    e->part[1] = cv2;
    e->weight[0] = s->n1i;
    e->weight[1] = s->n2i;
    e->vi = term[0] + term[1];
    if (how->vtype == MPL__LS2)
        e->vi += (mpl__sq(term[0]) + mpl__sq(term[1])) / 2;
}

static void vr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double half1 = 1 / (2 * (s->n1i - 1)), half2 = 1 / (2 * (s->n2i - 1));
    e->yi = mpl__log_ratio(s->sd1i, s->sd2i) + (how->correct ? half1 - half2 : 0);
    e->vi = how->vtype == MPL__LS2 ? 2 * (s->n1i * half1 * half1 + s->n2i * half2 * half2) : half1 + half2;
    e->ni = s->n1i + s->n2i;
    e->why = s->n1i > 1 && s->n2i > 1 ? "a standard deviation is 0" : "a group of one has no standard deviation";
}

/* ln(CV1/CV2): the difference between VR and ROM, whose point corrections and variances add up. */
static void cvr(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    mpl__effect ratio = { 0 };
    rom(s, how, &ratio);
    vr(s, how, e);
    if (isfinite(e->yi))
        e->why = ratio.why;
    e->yi -= ratio.yi;
    e->vi += ratio.vi;
}

#define TWO_MEANS .family = "two-group means"

const mpl__measure mpl__measure_MD = {
    .pub = { .method = { .id = "MD", .title = "mean difference",
                         .cite = "Borenstein 2009, Handbook of Research Synthesis, 2nd ed., ch. 12" },
             TWO_MEANS, MPL__ROUTES(routes_md), .label = "Mean difference", .scale = "mean difference",
             .vtypes = "LS HO" },
    .compute = md,
};

const mpl__measure mpl__measure_ROM = {
    .pub = { .method = { .id = "ROM", .title = "log ratio of means",
                         .cite = "Hedges, Gurevitch & Curtis 1999, Ecology 80:1150-1156; "
                                 "Lajeunesse 2015, Ecology 96:2056-2063" },
             TWO_MEANS, MPL__ROUTES(routes_means), .label = "Ratio of means", .scale = "log ratio of means",
             .vtypes = "LS LS2 HO AV AVHO", .transform = &mpl__transform_exp },
    .compute = rom, .averaging = "AV AVHO",
};

const mpl__measure mpl__measure_VR = {
    .pub = { .method = { .id = "VR", .title = "log variability ratio",
                         .cite = "Nakagawa et al. 2015, Methods Ecol Evol 6:143-152" },
             TWO_MEANS, MPL__ROUTES(routes_spread), .label = "Variability ratio", .scale = "log variability ratio",
             .vtypes = "LS LS2", .transform = &mpl__transform_exp },
    .compute = vr,
};

const mpl__measure mpl__measure_CVR = {
    .pub = { .method = { .id = "CVR", .title = "log ratio of coefficients of variation",
                         .cite = "Nakagawa et al. 2015, Methods Ecol Evol 6:143-152; "
                                 "Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553-567" },
             TWO_MEANS, MPL__ROUTES(routes_means), .label = "Ratio of coefficients of variation",
             .scale = "log ratio of coefficients of variation", .vtypes = "LS LS2",
             .transform = &mpl__transform_exp },
    .compute = cvr,
};
