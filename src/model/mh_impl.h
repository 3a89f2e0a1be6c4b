/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Mantel-Haenszel method share. */
#ifndef MPL_MODEL_MH_IMPL_H
#define MPL_MODEL_MH_IMPL_H

#include "model/count_pool.h"

typedef struct mpl__mh {
    mpl__fit_job *job;
    mpl_counts c;       /* as pooled: reported or corrected */
    const bool *pooled; /* [c.n] */
    const bool *empty;  /* [c.n] no events, or only events, in both groups, as reported */
    bool is_ratio;
} mpl__mh;

/** Fills fit->hypotheses. */
mpl_status mpl__mh_tests(const mpl__mh *mh, mpl_fit *fit, mpl_error *err);

#endif
