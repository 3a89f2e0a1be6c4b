/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three-parameter selection model as a row: metapool select has the others, and all that they estimate. */
#include <math.h>
#include <string.h>

#include <metapool/select.h>
#include "base/error.h"
#include "base/number.h"
#include "diag/bias_impl.h"

static mpl_status fill(mpl__bias_job *job, const mpl_selection *s, mpl_bias_row *row, mpl_error *err)
{
    char weight[350], p[350];
    const mpl_selection_weight *const w = &s->weights[1];
    row->adjusted = s->terms[0];
    row->adjusted.term = "3PSM";
    row->tau2 = s->tau2;
    row->value = w->value;
    mpl__number_significant(w->value, 2, weight);
    mpl__number_significant(s->lrt.pval, 2, p);
    row->reading = mpl__arena_format(job->keep, "others published %s times as often as %zu findings (p = %s)%s", weight,
                                     s->weights[0].k, p, w->is_at_bound ? "; at its bound" : "");
    mpl__note_add_all(&job->notes, s->notes, s->n_notes);
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "a selection model");
}

static mpl_status three_parameters(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const char *const alternative = job->bias->options.alternative;
    const mpl_selection_options options = { .selection = "stepfun", .level = job->level,
                                            .alternative = strcmp(alternative, "two-sided") ? alternative : NULL };
    mpl_selection *s;
    MPL_TRY(mpl_selection_new(job->effects, NULL, &options, &s, err));
    const mpl_status status = fill(job, s, row, err);
    mpl_selection_free(s);
    return status;
}

const mpl__bias_def mpl__bias_three_parameters = {
    .pub = { { "3psm", "three-parameter selection model",
               "Vevea & Hedges 1995, Psychometrika 60:419-435; McShane, Boeckenholt & Hansen 2016, Perspect Psychol "
               "Sci 11:730-749", NULL,
               "The mean if studies with one-sided p > 0.025 are published more or less often than findings; ML with "
               "a likelihood-ratio test; others by 'metapool select'." },
             MPL_BIAS_ADJUSTED, "needs findings and other studies, several of each" },
    .min_k = 3, .compute = three_parameters,
};
