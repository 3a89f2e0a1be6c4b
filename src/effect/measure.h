/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of effect/ share.
 *
 * A study passes three hands. Its *route* (the public mpl_route) checks what was reported and brings it to the form
 * the formulas use; the *zero-cell rule* of the shape may add to counts; the *measure* computes yi and vi. Variances
 * of the AV kind need averages over all studies: the measure is then run twice, and finds them in `how` the second
 * time.
 */
#ifndef MPL_EFFECT_MEASURE_H
#define MPL_EFFECT_MEASURE_H

#include <metapool/effect.h>

typedef enum mpl__vtype {
#define MPL_VTYPE(id, title) MPL__##id,
#include "effect/vtypes.def"
#undef MPL_VTYPE
} mpl__vtype;

enum { MPL__MAX_ROUTES = 16 };

/** What readers of a row must know; the texts are in effect.c. */
enum {
    MPL__CORRECTED = 1 << 0,    /* something was added to its counts */
    MPL__RI_ASSUMED = 1 << 1,   /* the pre/post correlation is the option's */
    MPL__SIGN_ASSUMED = 1 << 2, /* a p-value without direction was taken as positive */
    MPL__SKEWED_CI = 1 << 3,    /* the estimate is off the middle of its interval */
    MPL__LARGE = 1 << 4,        /* a standardized difference beyond 2 */
    MPL__REPEATED = 1 << 5,     /* another study has the same label */
    MPL__FLIPPED = 1 << 7,      /* the sign of its effect was turned */
    MPL__NO_COUNTS = 1 << 6     /* an interval of counts is asked for, and it reports none */
};

/** One study: inputs by role (NaN = missing), and what the route made of them. */
typedef struct mpl__study {
#define MPL_INPUT(id, kind) double id;
#include "effect/inputs.def"
#undef MPL_INPUT
    double d;        /* standardized difference without small-sample correction */
    double m;        /* its degrees of freedom */
    double s2;       /* variance of the change; average variance of two groups */
    double x1, n1, x2, n2; /* its counts before anything is added, see mpl_counts; n1 = 0: it has none */
    double added;    /* people whom the zero-cell rule put in */
    bool reported;   /* yi and vi are the effect */
    unsigned flags;
    const char *why; /* set by a route that cannot be followed: the row is left out for this reason */
} mpl__study;

/** What a single proportion or rate is made of. */
typedef enum mpl__counted { MPL__COUNTED_NOTHING, MPL__COUNTED_TRIALS, MPL__COUNTED_TIME } mpl__counted;

/** What holds for all studies. */
typedef struct mpl__how {
    mpl__vtype vtype;
    bool correct;          /* small-sample bias corrections are made */
    double (*j)(double m); /* Hedges' factor */
    double less;           /* taken from N in the variance of SMD; see hedges.def */
    double z;              /* normal quantile of the intervals in the data */
    const mpl_transform *displayed; /* reported effects are on the scale of this display; NULL = of analysis */
    double mean[2];        /* averages for AV variances; NaN while they are collected */
    double mean_all;       /* of both parts together */
} mpl__how;

typedef struct mpl__effect {
    double yi, vi;
    double ni;                  /* total sample size; NaN if unknown */
    double unit;                /* n or t, where display needs it: see mpl_transform.apply_n */
    double part[2], weight[2];  /* what AV variances average, and how it is weighted */
    const char *why;            /* explains a result that is not finite */
} mpl__effect;

/** Zero counts of one shape of data. */
typedef struct mpl__zeros {
    bool (*has)(const mpl__study *s);
    const char *(*empty)(const mpl__study *s); /* why both arms tell nothing; NULL if they do */
    void (*add)(mpl__study *s, double group1, double group2);
    double (*share)(const mpl__study *s); /* of group 1 in the sample; NULL = one group */
    void (*count)(mpl__study *s);         /* sets x1 n1 x2 n2; NULL where these counts are no mpl_counts */
    mpl_count_shape shape;
} mpl__zeros;

typedef struct mpl__measure {
    mpl_measure pub;
    void (*compute)(const mpl__study *s, const mpl__how *how, mpl__effect *e);
    const char *as;          /* "di:real": roles that hold something else than inputs.def says */
    const mpl__zeros *zeros; /* NULL = no counts */
    double add;              /* default of option add */
    bool takes_ri;           /* option ri stands in for a missing ri */
    const char *averaging;   /* vtypes that use `mean` */
    double large;            /* |yi| beyond this is noted; 0 = never */
    const char *like;        /* the measure with the same yi and vi, shown otherwise; NULL = none */
    mpl__counted counted;    /* what intervals of single studies can be made of: xi in ni, xi in ti */
} mpl__measure;

/** The measure behind a public one. */
const mpl__measure *mpl__measure_of(const mpl_measure *measure);

/** The id of the measure with the same yi and vi that methods and figures know: "RR" of VE; else its own. */
const char *mpl__measure_like(const mpl_measure *measure);

/** GEN on the log scale, for reported ratios. */
extern const mpl__measure mpl__measure_GEN_ratio;

/** "exp", "tanh", ...: a row of transforms.def. */
#define MPL_TRANSFORM(id, alias, title, cite, is_ratio, at) extern const mpl_transform mpl__transform_##id;
#include "effect/transforms.def"
#undef MPL_TRANSFORM

/** Analysed as the logarithm of a ratio. */
static inline bool mpl__is_log_ratio(const mpl_transform *transform)
{
    return transform && (transform->is_ratio || transform == &mpl__transform_ve);
}

/** The transforms that no measure has by itself; NULL past the end. */
const mpl_method *mpl__transform_more(size_t i);

typedef struct mpl__hedges {
    mpl_method method;
    double (*j)(double m);
    double less;
} mpl__hedges;

typedef struct mpl__increment {
    mpl_method method;
    double (*factor)(double share);
} mpl__increment;

typedef struct mpl__correction {
    mpl_method method;
    bool (*applies)(bool has, bool any);
} mpl__correction;

/** Routes of every measure: the effect as reported. The last rows of each route table. */
mpl_status mpl__route_vi(mpl__study *s, const mpl__how *how, mpl_error *err);
mpl_status mpl__route_sei(mpl__study *s, const mpl__how *how, mpl_error *err);
mpl_status mpl__route_ci(mpl__study *s, const mpl__how *how, mpl_error *err);
mpl_status mpl__route_zval(mpl__study *s, const mpl__how *how, mpl_error *err);
mpl_status mpl__route_pval(mpl__study *s, const mpl__how *how, mpl_error *err);
#define MPL__REPORTED                                                                                                \
    { "vi", "yi vi", mpl__route_vi }, { "sei", "yi sei", mpl__route_sei }, { "ci", "yi ci_lb ci_ub", mpl__route_ci }, \
        { "zval", "yi zval", mpl__route_zval }, { "pval", "yi pval", mpl__route_pval }
#define MPL__ROUTES(table) .n_routes = sizeof(table) / sizeof *(table), .routes = (table)

/**
 * The t statistic (df infinite: z) of a two-sided p-value. Its direction is the sign of p, else that of `difference`,
 * else positive, which is flagged; a contradiction is MPL_ERR_DATA. s->why is set if p tells nothing.
 */
mpl_status mpl__t_of_p(mpl__study *s, double p, double df, double difference, double *t, mpl_error *err);

/** ln(x/y) without cancellation near 1. */
double mpl__log_ratio(double x, double y);

static inline double mpl__sq(double x)
{
    return x * x;
}

#endif
