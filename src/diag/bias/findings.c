/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which studies are findings. */
#include "diag/bias/findings.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "num/dist.h"

bool mpl__findings_find(const mpl_effects *effects, const mpl_fit *fit, const char *alternative, double alpha,
                        mpl__arena *arena, mpl__findings *out)
{
    mpl__finding *const all = MPL_NEW(arena, mpl__finding, effects->k);
    mpl__finding_order *const order = MPL_NEW(arena, mpl__finding_order, effects->k);
    *out = (mpl__findings){ .sign = 1, .null_value = effects->measure->null_value, .alpha = alpha, .k = effects->k,
                            .critical = mpl__norm_q(alpha / 2, MPL__UPPER), .all = all, .order = order };
    const bool is_below = fit->terms[0].estimate < out->null_value;
    if (strcmp(alternative, "less") == 0 || (strcmp(alternative, "greater") != 0 && is_below))
        out->sign = -1;
    size_t rest = effects->k;
    for (size_t i = 0; all && order && i < effects->k; i++) {
        mpl__finding f = { .y = out->sign * (effects->yi[i] - out->null_value), .se = sqrt(effects->vi[i]) };
        f.is_one = f.y >= out->critical * f.se;
        all[f.is_one ? out->n++ : --rest] = f;
    }
    return all && order;
}

mpl_status mpl__findings_of(mpl__bias_job *job, size_t least, mpl_bias_row *row, mpl__findings *out, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const mpl_bias_options *const options = &job->bias->options;
    if (isnan(es->measure->null_value))
        return mpl__bias_refuse(job, row, err, "measure %s has no value that means no effect", es->measure->method.id);
    for (size_t i = 0; i < es->k; i++)
        if (es->vi[i] == 0)
            return mpl__bias_refuse(job, row, err, "a sampling variance is 0");
    if (!mpl__findings_find(es, job->fit, options->alternative, options->alpha, job->scratch, out))
        return mpl__fail_nomem(err, "the findings");
    row->k = out->n;
    if (out->n < least)
        return mpl__bias_refuse(job, row, err, "%zu stud%s a finding %s no effect; it needs at least %zu", out->n,
                                out->n == 1 ? "y is" : "ies are", out->sign > 0 ? "above" : "below", least);
    return MPL_OK;
}
