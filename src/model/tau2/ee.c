/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tau2 = 0 by definition. EE and FE are the same computation and differ in what the mean is taken to be: the one true
 * effect, or the average of the true effects of just these studies. UWLS weights studies alike and lets the variances
 * be wrong by a common factor.
 */
#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)pb;
    (void)out;
    (void)err;
    return MPL_OK;
}

const mpl__method_def mpl__method_ee = {
    .method = { "EE", "equal effects, inverse variance", "Rice, Higgins & Lumley 2018, J R Stat Soc A 181:205-227",
                "CE", "All studies estimate one true effect; tau2 is 0 by assumption." },
    .is_common = true,
    .weighs_at_0 = true,
    .estimate = estimate,
};

const mpl__method_def mpl__method_fe = {
    .method = { "FE", "fixed effects, inverse variance", "Rice, Higgins & Lumley 2018, J R Stat Soc A 181:205-227",
                NULL, "The weighted average of these studies' own true effects; computed as EE." },
    .is_common = true,
    .weighs_at_0 = true,
    .estimate = estimate,
};

const mpl__method_def mpl__method_uwls = {
    .method = { "UWLS", "unrestricted weighted least squares", "Stanley & Doucouliagos 2015, Stat Med 34:2116-2127",
                "WLS", "The mean of EE, with the variances taken as known up to a factor, which Q/(k - p) estimates: t "
                       "on k - p degrees of freedom." },
    .is_common = true,
    .is_multiplicative = true,
    .weighs_at_0 = true,
    .test = "t",
    .estimate = estimate,
};
