/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weight functions of selection models. */
#ifndef MPL_DIAG_SELECTION_WEIGHT_H
#define MPL_DIAG_SELECTION_WEIGHT_H

#include <metapool/select.h>

enum { MPL__SELECTION_MAX = 24 }; /* parameters of a weight function, and steps */

typedef struct mpl__weight_def {
    mpl_method method;
    /* Relative weight of a study with p-value p; parameters d. NULL: a step function of p, or of the effect. */
    double (*weight)(double p, const double *d);
    bool of_effect;      /* a step function of the effect: weight d[0] below 0, turned to the side of the alternative */
    size_t n_parameters; /* 0 = one for each interval of p */
    double none;         /* value of the parameters without selection */
    double clip;         /* p is kept this far from 0 and 1 */
} mpl__weight_def;

mpl_status mpl__weight_find(const char *id, const mpl__weight_def **out, mpl_error *err);

/** What selects: the steps, in ascending order without 1 at the end, and which p-values they are of. */
typedef struct mpl__selector {
    const mpl__weight_def *def;
    double sign;       /* -1: effects are turned, so that large ones are wanted */
    bool two_sided;
    size_t n_steps;
    double steps[MPL__SELECTION_MAX];
    double cuts[MPL__SELECTION_MAX]; /* z values of the steps */
} mpl__selector;

/** p-value of a study with z = sign yi/sei. */
double mpl__selector_p(const mpl__selector *s, double z);

/** Index of the interval that p lies in, 0 to n_steps. */
size_t mpl__selector_interval(const mpl__selector *s, double p);

/** ln of the weight of a study with turned effect z sei. */
double mpl__selector_log_weight(const mpl__selector *s, double z, const double *d);

/** ln of the mean weight over effects ~ N(mu, sd^2) of studies with standard error se; all turned. */
double mpl__selector_log_mean(const mpl__selector *s, double mu, double sd, double se, const double *d);

#endif
