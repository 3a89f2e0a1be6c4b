/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything about one study that a diagnostic may look at. */
#ifndef MPL_DIAG_DIAGNOSTIC_H
#define MPL_DIAG_DIAGNOSTIC_H

#include <metapool/influence.h>

/** NaN = not known. Covariances are those of the tests in force. */
typedef struct mpl__deletion {
    const mpl_fit *fit, *without; /* without: NULL = none */
    double yi, vi, weight, hat;
    double tau2;         /* of all studies; 0 under equal effects */
    double fitted;       /* of all studies */
    double tau2_del;     /* the same without it */
    double fitted_del;
    double var_fitted_del;
    const double *x;       /* [p] its row of the design */
    const double *dfbetas; /* [p] */
    double cook;           /* squared distance of the coefficients, in units of their covariance with all studies */
    double log_det_ratio;  /* logarithm of the determinant of the covariance without it over that with it */
} mpl__deletion;

#endif
