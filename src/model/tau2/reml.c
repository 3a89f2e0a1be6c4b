/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restricted maximum likelihood: y'PPy = tr P at every local maximum inside; the global one is taken. */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return mpl__maximise_likelihood(pb, MPL__REML, out, err);
}

const mpl__method_def mpl__method_reml = {
    .method = { "REML", "restricted maximum likelihood",
                "Harville 1977, J Am Stat Assoc 72:320-338; Viechtbauer 2005, J Educ Behav Stat 30:261-293", NULL,
                "Approximately unbiased and efficient; the recommended default." },
    .is_reml = true,
    .estimate = estimate,
};
