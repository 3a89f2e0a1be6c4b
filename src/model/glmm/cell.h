/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log-likelihood of one count given its linear predictor. */
#ifndef MPL_MODEL_GLMM_CELL_H
#define MPL_MODEL_GLMM_CELL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mpl__cell mpl__cell;

/** Value and first two derivatives with respect to the linear predictor. */
typedef struct mpl__slope {
    double f, d1, d2;
} mpl__slope;

/** A distribution in its natural parameter eta: f is concave, -f'' the variance of the count. */
typedef struct mpl__family {
    mpl__slope (*at)(const mpl__cell *cell, double eta);
    double (*constant)(const mpl__cell *cell);  /* of the log-likelihood, left out of f */
    double (*start)(const mpl__cell *cell);     /* an eta to start from, without the offset */
    int (*extreme)(const mpl__cell *cell);      /* -1 or 1: the likelihood rises to eta = -inf or inf; else 0 */
    double (*best)(const mpl__cell *cell, double *eta); /* the highest f and where, the offset not in it; +-inf */
} mpl__family;

struct mpl__cell {
    const mpl__family *family;
    double x, n;    /* events among n; Poisson: n is not used */
    double n2, m;   /* hypergeometric: size of the other group, events of both */
    double offset;  /* added to the linear predictor */
    double load;    /* of the study's effect on the linear predictor */
};

extern const mpl__family mpl__family_binomial, mpl__family_poisson, mpl__family_hypergeometric;

/** The f, f' and f'' of a cell at a linear predictor, the offset not yet added. */
static inline mpl__slope mpl__cell_at(const mpl__cell *cell, double eta)
{
    return cell->family->at(cell, eta + cell->offset);
}

#endif
