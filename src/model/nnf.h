/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prediction interval of Nagashima, Noma & Furukawa 2019, Stat Methods Med Res 28:1689-1702. */
#ifndef MPL_MODEL_NNF_H
#define MPL_MODEL_NNF_H

#include <metapool/model.h>

/**
 * Predicts a new study's effect by the confidence distribution of tau2 and of the mean given tau2.
 *
 * theta = mu(tau2) - t_{k-1} SE(tau2) + tau z, where tau2 has the confidence distribution P(Q >= observed; tau2) of
 * the untruncated DerSimonian-Laird statistic, with the mass P(Q >= observed; 0) at 0, mu is the weighted mean at tau2
 * and SE its Hartung-Knapp standard error. The paper draws bootstrap samples; here the distribution function is
 * integrated, so the limits carry no simulation error (about 1e-10 of their width).
 *
 * @param yi  [k]   @param vi  [k] > 0   @param k  >= 3
 * @return MPL_OK; MPL_ERR_NOMEM
 */
mpl_status mpl__nnf_interval(const double *yi, const double *vi, size_t k, double level, mpl_interval *out,
                             mpl_error *err);

#endif
