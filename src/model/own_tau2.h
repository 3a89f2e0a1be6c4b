/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The likelihood of a mean when every study has a tau2 of its own. */
#ifndef MPL_MODEL_OWN_TAU2_H
#define MPL_MODEL_OWN_TAU2_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mpl__own_model {
    const double *z, *v; /* [k] effects and sampling variances, any units; k >= 2, v > 0 */
    size_t k;
    bool reml;
    double *w;           /* [k] out: 1/(vi + tau2_i) at the maximum */
    double *nodes;       /* [2 k] work */
} mpl__own_model;

/**
 * The largest value of sum ln(wi)/2 - ln(sum wi)/2 [REML] - sum wi (zi - m)^2/2 over all m and all wi <= 1/vi.
 *
 * Given m it is concave in ln wi, so that its maximum is unique: wi is the lesser of 1/vi and 1/((zi - m)^2 + u), where
 * u is 0 (ML) or the root of u sum wi = 1 (REML). Over m there may be a maximum near each group of effects: the
 * function is looked at in every effect and between neighbours (up to a hundred of them), and every maximum that
 * shows is refined.
 */
double mpl__own_maximum(mpl__own_model *own);

#endif
