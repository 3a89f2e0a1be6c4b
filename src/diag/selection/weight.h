/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weight functions of selection models, and their mean over the distribution of an effect. */
#ifndef MPL_DIAG_SELECTION_WEIGHT_H
#define MPL_DIAG_SELECTION_WEIGHT_H

#include <metapool/select.h>
#include "base/arena.h"

enum { MPL__SELECTION_MAX = 24 }; /* parameters of a weight function, and steps */

/** A p-value, with logarithms that are exact near 0 and 1. */
typedef struct mpl__chance {
    double p, log_p, log_q; /* log_q: of 1 - p */
} mpl__chance;

typedef struct mpl__weight_def {
    mpl_method method;
    /* ln of the relative weight of a study, parameters d; its derivatives are filled in. NULL: a step function. */
    double (*log_weight)(const mpl__chance *at, const double *d, double *slope);
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
    size_t n_steps, n_weights;
    double steps[MPL__SELECTION_MAX];
    double cuts[MPL__SELECTION_MAX]; /* z values of the steps */
    struct mpl__mesh *mesh;          /* where z = yi/sei is looked at, for all studies alike */
} mpl__selector;

/** A study as the selector sees it. */
typedef struct mpl__observed {
    mpl__chance at;
    size_t interval;   /* of p; of the effect: 0 below 0, else 1 */
    bool is_sure;      /* its weight is 1 whatever the parameters are */
} mpl__observed;

/** Makes the mesh; false if memory ran out. To be called once the other members are filled. */
bool mpl__selector_prepare(mpl__selector *s, mpl__arena *arena);

/** What it sees of a study with turned effect z sei. */
mpl__observed mpl__selector_look(const mpl__selector *s, double z);

/** Takes the parameters d [n_weights] that the next two calls are for. */
void mpl__selector_set(mpl__selector *s, const double *d);

/** ln of the weight of a study; derivatives with respect to the parameters. */
double mpl__selector_log_weight(const mpl__selector *s, const mpl__observed *o, double *slope);

/** Derivatives of ln of the mean weight. */
typedef struct mpl__mean_slope {
    double mean, sd, d[MPL__SELECTION_MAX];
} mpl__mean_slope;

/** ln of the mean weight of studies whose z is normal. */
double mpl__selector_log_mean(const mpl__selector *s, double mean, double sd, mpl__mean_slope *out);

#endif
