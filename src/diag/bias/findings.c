/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which studies are findings. */
#include "diag/bias/findings.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "num/dist.h"

mpl_status mpl__findings_find(mpl__bias_job *job, size_t least, mpl_bias_row *row, mpl__findings *out, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const char *const alternative = job->bias->options.alternative;
    mpl__finding *const all = MPL_NEW(job->scratch, mpl__finding, es->k);
    if (!all)
        return mpl__fail_nomem(err, "the findings");
    *out = (mpl__findings){ .sign = 1, .null_value = es->measure->null_value, .alpha = job->bias->options.alpha,
                            .k = es->k, .all = all };
    if (isnan(out->null_value))
        return mpl__bias_refuse(job, row, err, "measure %s has no value that means no effect", es->measure->method.id);
    const bool is_below = job->fit->terms[0].estimate < out->null_value;
    if (strcmp(alternative, "less") == 0 || (strcmp(alternative, "greater") != 0 && is_below))
        out->sign = -1;
    out->critical = mpl__norm_q(out->alpha / 2, MPL__UPPER);
    size_t rest = es->k;
    for (size_t i = 0; i < es->k; i++) {
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
        mpl__finding f = { .y = out->sign * (es->yi[i] - out->null_value), .se = sqrt(es->vi[i]) };
        f.is_one = f.y >= out->critical * f.se;
        all[f.is_one ? out->n++ : --rest] = f;
    }
    row->k = out->n;
    if (out->n < least)
        return mpl__bias_refuse(job, row, err, "%zu stud%s a finding %s no effect; it needs at least %zu", out->n,
                                out->n == 1 ? "y is" : "ies are", out->sign > 0 ? "above" : "below", least);
    return MPL_OK;
}
