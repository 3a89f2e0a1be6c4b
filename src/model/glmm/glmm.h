/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Generalised linear mixed models of counts, one study at a time.
 *
 * A study has one or two cells whose linear predictors are
 *
 *     eta_m = offset_m + local_m a_i + c + load_m (xi'beta + tau z1) + s1 z1 + s2 z2
 *
 * with z standard normal. The effect of study i is xi'beta + tau z1. a_i is a parameter of that study alone (its
 * intercept), c + s1 z1 + s2 z2 a random intercept: which of them there are distinguishes the models. The cell's
 * log-likelihood is concave in eta, so the study's is concave in all but tau and s for given tau and s.
 *
 * The parameters that studies share stand in one vector: c if there is one, beta, s1 and s2 if there are any, tau last.
 */
#ifndef MPL_MODEL_GLMM_GLMM_H
#define MPL_MODEL_GLMM_GLMM_H

#include <metapool/model.h>
#include "base/arena.h"
#include "model/glmm/cell.h"
#include "num/hermite.h"

/** Cells of a study, and what its own parameter stands for. */
enum { MPL__CELLS = 2, MPL__RANDOM = 2, MPL__REDUCED = MPL__CELLS * (1 + MPL__RANDOM) };
typedef enum mpl__local { MPL__LOCAL_NONE, MPL__LOCAL_INTERCEPT, MPL__LOCAL_EFFECT } mpl__local;

typedef struct mpl__glmm_study {
    size_t n_cells;
    mpl__cell cell[MPL__CELLS];
    const double *x;  /* [p] row of the design */
    size_t count;     /* index into mpl_counts */
} mpl__glmm_study;

/** A row of glmm.def. */
typedef struct mpl__glmm_model {
    mpl_method method;
    const char *measures;       /* ids, separated by blanks */
    bool has_local;             /* an intercept of each study's own */
    bool has_random_intercept;
    bool is_whole;              /* counts must be whole numbers */
    /** Makes the cells of counts i; false if the study carries no information in this model. */
    bool (*study)(const mpl_counts *counts, size_t i, double coding, mpl__glmm_study *out);
} mpl__glmm_model;

/** The integral over z: a Gauss-Hermite rule around each study's mode. */
typedef struct mpl__glmm_rule {
    size_t n;
    bool is_exact;   /* n is enough: derivatives are expectations. Else those of the rule itself, by differences */
    double x[MPL__HERMITE_MAX], log_w[MPL__HERMITE_MAX];
} mpl__glmm_rule;

typedef struct mpl__glmm {
    size_t k, p;
    mpl__glmm_study *study;  /* [k] */
    mpl__local local;
    size_t n_shared, beta, s1, s2, tau; /* places in the shared vector; SIZE_MAX = none. `beta` is the first of p */
    double *own, *shared;    /* [k], [n_shared]: the point */
    double *mode;            /* [k x 2] of z, where the next search starts */
    mpl__glmm_rule rule;
    /* at the point, after mpl__glmm_evaluate: own parameters taken out of gradient and Hessian */
    double ll;               /* without constants */
    double *gradient;        /* [n_shared] */
    double *hessian;         /* [n_shared x n_shared] */
    double *own_gradient, *own_hessian; /* [k] */
    double *cross;           /* [k x n_shared] own with shared */
    double *share;           /* [k] information about the first beta in the study, own parameter taken out */
    double *rows, *factor, *step;        /* [6 x n_shared], [n_shared x n_shared], [2 n_shared] work */
    double *own_step, *from_own, *from_shared; /* [k], [k], [n_shared] of the search */
    int evaluations;
} mpl__glmm;

/** A study's log-likelihood and its derivatives in the coefficients of 1, z1, z2 of each cell's predictor. */
typedef struct mpl__glmm_reduced {
    size_t n, n_random;
    double coef[MPL__REDUCED];     /* [n_cells x (1 + n_random)] */
    double ll;
    double gradient[MPL__REDUCED];
    double hessian[MPL__REDUCED][MPL__REDUCED];
} mpl__glmm_reduced;

/** Fills ll, gradient and hessian from coef; `mode` is where the search for the mode of z starts, and its result. */
void mpl__glmm_integrate(const mpl__glmm_study *study, const mpl__glmm_rule *rule, double mode[MPL__RANDOM],
                         mpl__glmm_reduced *out);

/** The rule with n nodes in each dimension. */
void mpl__glmm_rule_set(mpl__glmm_rule *rule, size_t n, bool is_exact);

/** Space for a problem of k studies, whose cells the caller fills in. MPL_ERR_NOMEM. */
mpl_status mpl__glmm_init(mpl__glmm *g, mpl__arena *scratch, size_t k, size_t p, mpl__local local,
                          bool has_random_intercept, bool is_correlated, mpl_error *err);

/** Starting values: every study's own intercept or the pooled one from the counts, effects 0, tau 0. */
void mpl__glmm_start(mpl__glmm *g);

/** The log-likelihood and its derivatives at the point. */
void mpl__glmm_evaluate(mpl__glmm *g);

/** What a maximisation over everything but tau found. */
typedef struct mpl__glmm_inner {
    double ll, slope, curvature; /* of the profile in tau */
    bool converged;
    bool is_unbounded; /* a coefficient runs away: the data separate */
} mpl__glmm_inner;

/** Maximises over all parameters but tau by Newton's method, from the point, which it moves. */
mpl__glmm_inner mpl__glmm_maximise(mpl__glmm *g, double tau);

/** What a search over tau found. */
typedef struct mpl__glmm_profile {
    double tau, ll, ll_common; /* the maximum; the maximum with tau = 0 */
    double tau_lb, tau_ub;     /* profile likelihood limits; infinite or NaN if there are none */
    int n_maxima;
    bool converged, is_unbounded;
} mpl__glmm_profile;

/**
 * Searches tau >= 0 for the highest maximum and leaves the point there, evaluated.
 *
 * @param n_nodes  of the quadrature; 0 = as many as it takes     @param fixed  a given tau; negative = search
 */
void mpl__glmm_search(mpl__glmm *g, size_t n_nodes, double fixed, mpl__glmm_profile *out);

/** The limits of tau where the profile is `drop` below its maximum. */
void mpl__glmm_tau_limits(mpl__glmm *g, double drop, mpl__glmm_profile *profile);

/** Tests that the effects of studies are equal: the model with an effect for each study against that with one. */
typedef struct mpl__glmm_saturated {
    double wald, lrt;
    size_t n_infinite; /* studies whose own effect is infinite: they add nothing to the Wald statistic */
} mpl__glmm_saturated;

/** @param g  the problem, started; only its cells are read     @param ll_common  the maximum with equal effects */
mpl_status mpl__glmm_saturate(const mpl__glmm *g, mpl__arena *scratch, size_t n_nodes, double ll_common,
                              mpl__glmm_saturated *out, mpl_error *err);

#endif
