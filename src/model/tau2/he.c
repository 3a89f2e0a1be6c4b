/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unweighted residual sum of squares is set equal to its expectation. */
#include <math.h>

#include "model/moments.h"
#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    (void)err;
    mpl__moments m;
    mpl__moments_get(pb, NULL, &m);
    out->tau2 = fmax(pb->floor, mpl__moments_root(&m));
    out->se = mpl__moments_sd(&m, fmax(out->tau2, 0)) / m.tr_p;
    return MPL_OK;
}

const mpl__method_def mpl__method_he = {
    .method = { "HE", "Hedges", "Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, ch. 9; "
                                "Cochran 1954, Biometrics 10:101-129", "CA CO VC",
                "Unweighted moment (variance component, Cochran's analysis of variance) estimator." },
    .estimate = estimate,
};
