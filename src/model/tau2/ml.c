/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maximum likelihood: y'PPy = sum wi at every local maximum inside; the global one is taken. */
#include <math.h>

#include "model/tau2_impl.h"

static mpl_status estimate(mpl__problem *pb, mpl_tau2 *out, mpl_error *err)
{
    return mpl__maximise_likelihood(pb, MPL__ML, out, err);
}

const mpl__method_def mpl__method_ml = {
    .method = { "ML", "maximum likelihood", "Hardy & Thompson 1996, Stat Med 15:619-629", NULL,
                "Biased downwards with few studies; for comparing models with different moderators." },
    .is_ml = true,
    .estimate = estimate,
};
