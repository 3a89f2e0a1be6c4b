/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of coefficients by the delta method: g(b) with variance g'V g (Oehlert 1992, Am Stat 46:27-29). */
#include <math.h>
#include <string.h>

#include <metapool/convert.h>

#include "base/error.h"
#include "model/regress_impl.h"

enum { MOST_FUNCTIONS = 200 };

/* The coefficients that the formula names, and their covariances, to one number. */
static mpl_status compute(const mpl__regress_job *job, const mpl_formula *f, mpl_term *out)
{
    const mpl_fit *const fit = job->own->fit;
    const size_t n = f->n_variables;
    double *const b = MPL_NEW(job->scratch, double, n), *const v = MPL_NEW(job->scratch, double, n * n);
    size_t *const at = MPL_NEW(job->scratch, size_t, n);
    const char *const text = mpl__arena_copy(job->keep, f->text);
    char shown[MPL_SHOWN_SIZE], last[MPL_SHOWN_SIZE];
    double estimate, variance;
    if (!b || !v || !at || !text)
        return mpl__fail_nomem(job->err, "the functions of coefficients");
    for (size_t i = 0; i < n; i++) {
        while (at[i] < fit->p && strcmp(fit->terms[at[i]].term, f->variables[i]))
            at[i]++;
        if (at[i] == fit->p)
            return mpl__fail(job->err, MPL_ERR_NAME, "--delta: no coefficient is called '%s'; one is '%s', in "
                             "backticks if it is no plain word", mpl_text_to_shown(f->variables[i], shown),
                             mpl_text_to_shown(fit->terms[fit->p - 1].term, last));
        b[i] = fit->terms[at[i]].estimate;
        for (size_t j = 0; j <= i; j++)
            v[i * n + j] = v[j * n + i] = fit->vb[at[i] * fit->p + at[j]];
    }
    MPL_TRY(mpl__within(job->err, mpl_formula_predict(f, b, v, &estimate, &variance, job->err), "--delta '%s'",
                        mpl_text_to_shown(text, shown)));
    double df = fit->terms[0].df;
    if (fit->is_kenward) {
        const double *const of[] = { fit->kenward->plain, fit->kenward->slope };
        double value, form[2];
        for (size_t m = 0; m < 2; m++) { /* what the delta method makes of each */
            for (size_t i = 0; i < n * n; i++)
                v[i] = of[m][at[i / n] * fit->p + at[i % n]];
            MPL_TRY(mpl_formula_predict(f, b, v, &value, &form[m], job->err));
        }
        df = mpl__kenward_df(fit, form[0], form[1]);
    }
    *out = mpl__term_make(text, estimate, sqrt(variance), df, fit->level);
    return MPL_OK;
}

/* One formula of the list, which ends at `end`. */
static mpl_status add(const mpl__regress_job *job, const char *start, const char *end, mpl_term *out)
{
    while (start < end && strchr(" \t\r\n", *start))
        start++;
    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    const char *const text = mpl__arena_copyn(job->scratch, start, (size_t)(end - start));
    mpl_formula *f;
    if (!text)
        return mpl__fail_nomem(job->err, "the functions of coefficients");
    mpl_status s = mpl__within(job->err, mpl_formula_new(text, &f, job->err), "--delta");
    if (s != MPL_OK)
        return s;
    s = compute(job, f, out);
    mpl_formula_free(f);
    return s;
}

mpl_status mpl__regress_delta(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    const char *p = r->options.delta;
    size_t room = 1, n = 0;
    if (!p)
        return MPL_OK;
    for (const char *c = p; *c; c++)
        room += *c == ';';
    if (room > MOST_FUNCTIONS)
        return mpl__fail(job->err, MPL_ERR_LIMIT, "--delta: more than %d functions", MOST_FUNCTIONS);
    mpl_term *const all = MPL_NEW(job->keep, mpl_term, room);
    if (!all)
        return mpl__fail_nomem(job->err, "the functions of coefficients");
    do {
        const char *const end = p + strcspn(p, ";");
        MPL_TRY(add(job, p, end, &all[n++]));
        p = *end ? end + 1 : end;
    } while (p[strspn(p, " \t\r\n")]); /* a ';' at the end is none */
    r->functions = all;
    r->n_functions = n;
    return MPL_OK;
}
