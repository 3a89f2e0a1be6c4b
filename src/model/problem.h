/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * yi = xi'beta + ui + ei with var(ui) = tau2 and var(ei) = vi, and everything that is a sum over studies in it.
 *
 * Effects are measured from the most precise study and in units of a power of two near its standard error, so that
 * an offset costs no digits, nothing overflows, and a change of unit changes no digit. The design is replaced by an
 * orthonormal basis of its columns. Quantities named `t` and all members of mpl__at are in these scaled units.
 *
 * With w = 1/(vi + t) and P = W - WX(X'WX)^-1X'W, P's eigenvalues fall monotonically in t, and so do y'Py, y'PPy,
 * y'PPPy, tr P and tr PP: searches rely on that. X = 1 has closed forms; otherwise sqrt(W) X = U L' with U orthonormal
 * gives P = sqrt(W) (I - UU') sqrt(W), from which traces follow without any k x k matrix.
 */
#ifndef MPL_MODEL_PROBLEM_H
#define MPL_MODEL_PROBLEM_H

#include <metapool/run.h>
#include "base/arena.h"
#include "num/sum.h"

/** Newton steps in tau2 below this part of it are the last: about its square is left as error. */
#define MPL__ROOT_TOLERANCE 1e-9

typedef struct mpl__problem {
    size_t k, p;
    const double *yi, *vi;    /* [k] as given */
    const char *const *slab;  /* [k] for messages; NULL = by number */
    int exponent;             /* scaled effect = effect * 2^exponent, scaled variance = variance * 4^exponent */
    bool keeps_unit;          /* mpl__problem_renew keeps `exponent` where no variance above 0 gives one */
    double origin;            /* effect that is 0 on the scaled axis; 0 if the design cannot hold a constant */
    bool is_mean;             /* X = 1 */
    bool has_constant;        /* a fit can be the same everywhere */
    size_t intercept;         /* column of the design that is constant; SIZE_MAX = none */
    size_t smallest;          /* study with the smallest variance */
    double v_min, v_max;      /* scaled */
    size_t n_zero;            /* studies with vi = 0: weights are infinite at t = 0 */
    double rss_ols;           /* residual sum of squares with equal weights */
    double spread;            /* sum of squares about the plain mean */
    double *z, *v;            /* [k] scaled; if is_mean, the most precise study comes first */
    double centre;            /* is_mean: the last weighted mean, about which the next sums are taken */
    double *basis;            /* [k x p] orthonormal, intercept first; is_mean: NULL, as are the members below */
    double *map;              /* [p x p] beta = map coef for coefficients of the basis */
    double *one;              /* [p] beta of a fit that is 1 everywhere; zeros without an origin */
    double *u, *lower, *coef; /* [k x p], [p x p], [p] at the last t: sqrt(W) basis = U L', coef = U'sqrt(W) z */
    double *root_w, *r, *s;   /* [k] sqrt(wi), sqrt(wi) times residual, work */
    double *inverse, *half;   /* [p x p] work */
    double *cross;            /* [2 p p + 2 p] work */
    mpl__sum *sums;           /* [mpl__cross_sums(k, p)] work */
    const double *a;          /* [k] weights that the data give, in the order of z; NULL = none */
    double near;              /* scaled; where the t that is searched for is expected; 0 = nowhere */
    double floor;             /* scaled; tau2 is not estimated to be less: 0, or negative on request */
    const mpl_run_options *run; /* of random draws; NULL = all defaults */
    mpl__arena *keep;      /* of what an estimator keeps between solutions for the same variances; NULL = nothing */
    void *kept;
    bool is_reweighed;        /* u, lower, coef and centre are those of mpl__reweigh, with the next two */
    double *middle;           /* [p x p] covariance of coef */
    double mean_variance;     /* is_mean: scaled variance of centre */
} mpl__problem;

typedef struct mpl__at {
    double t;
    double sum_w, sum_w2;
    double tr_p, tr_pp;
    double rss, ypp, yppp; /* y'Py, y'PPy, y'PPPy */
    double log_det;        /* ln det of the information of the basis's coefficients */
} mpl__at;

/**
 * Checks the data and prepares the sums.
 *
 * @param X      [k x p] row-major; NULL = intercept only     @param terms  [p] names for messages; NULL = by number
 * @return MPL_ERR_DATA for an effect or variance that is not finite or a negative variance; MPL_ERR_NUMERIC for a
 *         rank-deficient design or data that overflow; MPL_ERR_TOO_FEW if k < p or k < 1.
 */
mpl_status mpl__problem_init(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                             const char *const *slab, size_t k, const double *X, size_t p,
                             const char *const *terms, mpl_error *err);

/** The same with a basis also for X = 1 (a column of ones), so that z and v are in the order of the studies. */
mpl_status mpl__problem_init_design(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                                    const char *const *slab, size_t k, const double *X, size_t p,
                                    const char *const *terms, mpl_error *err);

/** The same for a mean that is known to be 0: p = 0, and every P is W. */
mpl_status mpl__problem_init_known(mpl__problem *pb, mpl__arena *scratch, const double *yi, const double *vi,
                                   const char *const *slab, size_t k, mpl_error *err);

/**
 * A problem of its own on the same design: basis and map are shared, the rest is copied or room of its own.
 */
mpl_status mpl__problem_copy(mpl__problem *out, const mpl__problem *from, mpl__arena *scratch, mpl_error *err);

/** Puts other effects and variances [k] on the design. MPL_ERR_NUMERIC as for mpl__problem_init. */
mpl_status mpl__problem_renew(mpl__problem *pb, const double *yi, const double *vi, mpl_error *err);

/** The sums at t, and what they come from. t > 0, or t = 0 and no vi = 0. */
mpl__at mpl__evaluate(mpl__problem *pb, double t);

/**
 * The same sums as a search wants them, faster: u, lower, coef and r are not theirs. mpl__evaluate_rss fills t, rss and
 * ypp only.
 */
mpl__at mpl__evaluate_sums(mpl__problem *pb, double t);
mpl__at mpl__evaluate_rss(mpl__problem *pb, double t);

/** Those of a regression from cross-products (evaluate_cross.c); false where that would cost digits. */
bool mpl__evaluate_cross(const mpl__problem *pb, double t, bool traces, mpl__at *at);

/** How many sums that takes. */
size_t mpl__cross_sums(size_t k, size_t p);

/** The t at which y'Py equals `target`, or 0 (n_zero: a value near 0) if it is smaller already there. */
double mpl__solve_rss(mpl__problem *pb, double target, int *iter);

/** The smallest t that estimates may have. */
double mpl__smallest_t(const mpl__problem *pb);

/**
 * Takes weights [k] from the data: finite, at least 0, more than p of them positive. Only their ratios matter.
 *
 * @return MPL_ERR_DATA, naming the study; MPL_ERR_TOO_FEW
 */
mpl_status mpl__problem_weigh(mpl__problem *pb, mpl__arena *scratch, const double *weights, mpl_error *err);

/** Lets tau2 be negative down to `lowest` (original units, <= 0), but not to -v_min, where weights are infinite. */
void mpl__problem_lower(mpl__problem *pb, double lowest);

/** u, lower, coef and r for weights `a` (NULL = equal); false if the design is rank-deficient under them. */
bool mpl__factorise(mpl__problem *pb, const double *a);

/**
 * Coefficients by weights `a` (in the order of z; NULL = equal) instead of 1/(vi + t), for mpl__coefficients and
 * mpl__omnibus until the next evaluation: covariance (X'AX)^-1 X'A diag(vi + t) AX (X'AX)^-1.
 *
 * @param rss  [out] sum (yi - fit)^2/(vi + t)
 * @return MPL_ERR_NUMERIC if the design is rank-deficient under these weights
 */
mpl_status mpl__reweigh(mpl__problem *pb, const double *a, double t, double *rss, mpl_error *err);

/** ML or REML log-likelihood, unscaled; REML with the term for X'X, so that it does not depend on the scale of X. */
double mpl__log_likelihood(const mpl__problem *pb, const mpl__at *at, bool reml);

/** Coefficients [p] and their covariance [p x p] (unscaled by s2w) after the last mpl__evaluate; original units. */
void mpl__coefficients(const mpl__problem *pb, const mpl__at *at, double *beta, double *vb);

/** Wald statistic of all coefficients but the intercept (all, without one), after the last mpl__evaluate; its df. */
double mpl__omnibus(const mpl__problem *pb, size_t *df);

/** Between scaled and original units. */
double mpl__variance_scaled(const mpl__problem *pb, double variance);
double mpl__variance_original(const mpl__problem *pb, double t);

/** "study 'Aronson'" or "study 3" for messages. */
const char *mpl__study_name(const mpl__problem *pb, size_t i, char out[300]);

/** MPL_ERR_NUMERIC that names the first study with variance 0; `why` completes "variance 0 ...". */
mpl_status mpl__fail_zero_variance(const mpl__problem *pb, const char *why, mpl_error *err);

#endif
