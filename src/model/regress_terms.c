/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms of a regression that are tested together: "ablat + alloc; ablat:alloc". */
#include <string.h>

#include "base/error.h"
#include "model/regress_impl.h"

typedef struct finder {
    mpl__regress_job *job;
    double *l;     /* [p x p] a row for each coefficient of the group */
    bool *is_in;   /* [p] coefficients of the group */
    size_t n;
} finder;

static void take(finder *f, size_t j)
{
    const size_t p = f->job->own->fit->p;
    if (f->is_in[j])
        return;
    f->is_in[j] = true;
    f->l[f->n++ * p + j] = 1;
}

/* A term by its name, or a single coefficient. */
static mpl_status find(finder *f, const char *name)
{
    const mpl_regression *const r = &f->job->own->all;
    char shown[MPL_SHOWN_SIZE], one[MPL_SHOWN_SIZE];
    for (size_t t = 0; t < r->n_moderators; t++)
        if (!strcmp(r->moderators[t].term, name)) {
            for (size_t j = 0; j < r->moderators[t].n; j++)
                take(f, r->moderators[t].first + j);
            return MPL_OK;
        }
    for (size_t j = 0; j < r->fit->p; j++)
        if (!strcmp(r->fit->terms[j].term, name)) {
            take(f, j);
            return MPL_OK;
        }
    return mpl__fail(f->job->err, MPL_ERR_NAME, "--test-terms: no term or coefficient is called '%s'; one is '%s'",
                     mpl_text_to_shown(name, shown),
                     mpl_text_to_shown(r->n_moderators ? r->moderators[0].term : r->fit->terms[0].term, one));
}

/* The next part of the text up to one of `ends`, without blanks around it; outside of brackets and quotes. */
static mpl_status next_part(const mpl__regress_job *job, const char **p, const char *ends, const char **out)
{
    const char *start = *p + strspn(*p, " \t\r\n"), *end = start;
    for (int depth = 0; *end && (depth > 0 || !strchr(ends, *end)); end++)
        depth += (*end == '(') - (*end == ')');
    *p = end;
    while (end > start && strchr(" \t\r\n", end[-1]))
        end--;
    *out = mpl__arena_copyn(job->keep, start, (size_t)(end - start));
    return *out ? MPL_OK : mpl__fail_nomem(job->err, "the tests of terms");
}

static mpl_status test_group(mpl__regress_job *job, mpl_term_group *group)
{
    const mpl_fit *const fit = job->own->fit;
    finder f = { .job = job, .l = MPL_NEW(job->scratch, double, fit->p * fit->p),
                 .is_in = MPL_NEW(job->scratch, bool, fit->p) };
    if (!f.l || !f.is_in)
        return mpl__fail_nomem(job->err, "the tests of terms");
    for (const char *p = group->terms; p; p = *p ? p + 1 : NULL) {
        const char *name;
        MPL_TRY(next_part(job, &p, "+", &name));
        MPL_TRY(find(&f, name));
    }
    group->n = f.n;
    return mpl__fit_wald(fit, f.l, f.n, job->scratch, &group->test, job->err);
}

mpl_status mpl__regress_terms(mpl__regress_job *job)
{
    mpl_regression *const r = &job->own->all;
    size_t room = 1, n = 0;
    if (!r->options.together)
        return MPL_OK;
    for (const char *c = r->options.together; *c; c++)
        room += *c == ';';
    mpl_term_group *const groups = MPL_NEW(job->keep, mpl_term_group, room);
    if (!groups)
        return mpl__fail_nomem(job->err, "the tests of terms");
    for (const char *p = r->options.together; p; p = *p ? p + 1 : NULL) {
        if (n > 0 && !p[strspn(p, " \t\r\n")]) /* a ';' at the end */
            break;
        MPL_TRY(next_part(job, &p, ";", &groups[n].terms));
        MPL_TRY(test_group(job, &groups[n++]));
    }
    r->groups = groups;
    r->n_groups = n;
    return MPL_OK;
}
