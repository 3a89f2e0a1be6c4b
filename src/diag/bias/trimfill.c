/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Trim and fill: how many studies must be missing on one side for the funnel to look as it does, and the mean with
 * their mirror images added (Duval & Tweedie 2000, J Am Stat Assoc 95:89-98; Biometrics 56:455-463). Effects are turned
 * so that the gap is on the left. The k0 largest are trimmed, the mean of the others is the centre, and k0 is estimated
 * from the signed ranks of all distances to it, until it stays.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "model/fit_impl.h"

enum { MAX_ROUNDS = 100 };

/* Signed ranks of n distances: the sum of the positive ones, and the largest negative one in absolute value. */
typedef struct ranks {
    double n, positive, largest_negative;
} ranks;

static double missing_l0(const ranks *r)
{
    return (4 * r->positive - r->n * (r->n + 1)) / (2 * r->n - 1);
}

static double missing_r0(const ranks *r)
{
    return r->n - r->largest_negative - 1;
}

static double missing_q0(const ranks *r)
{
    return r->n - 0.5 - sqrt(fmax(2 * r->n * r->n - 4 * r->positive + 0.25, 0));
}

typedef struct estimator {
    mpl_method method;
    double (*missing)(const ranks *r);
} estimator;

static const estimator estimators[] = {
    { { "L0", "linear in the sum of positive ranks", "Duval & Tweedie 2000, Biometrics 56:455-463", NULL, NULL },
      missing_l0 },
    { { "R0", "from the run of the largest ranks", "Duval & Tweedie 2000, Biometrics 56:455-463", NULL, NULL },
      missing_r0 },
    { { "Q0", "quadratic in the sum of positive ranks", "Duval & Tweedie 2000, Biometrics 56:455-463", NULL, NULL },
      missing_q0 },
};

const mpl_method *mpl_bias_k0(size_t i)
{
    return i < sizeof estimators / sizeof *estimators ? &estimators[i].method : NULL;
}

/* A study while its funnel is trimmed. */
typedef struct member {
    double yi, vi; /* yi turned */
    double distance, centred;
    size_t index;
} member;

static int by_effect(const void *a, const void *b)
{
    const member *const x = a, *const y = b;
    if (x->yi != y->yi)
        return x->yi < y->yi ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static int by_distance(const void *a, const void *b)
{
    const member *const x = *(member *const *)a, *const y = *(member *const *)b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return x < y ? -1 : x > y; /* ties keep the order of effects */
}

static ranks rank_about(member *members, member **order, size_t k, double centre)
{
    ranks r = { .n = (double)k };
    for (size_t i = 0; i < k; i++) {
        members[i].centred = members[i].yi - centre;
        members[i].distance = fabs(members[i].centred);
        order[i] = &members[i];
    }
    qsort(order, k, sizeof *order, by_distance);
    for (size_t i = 0; i < k; i++) {
        const double rank = (double)(i + 1);
        if (order[i]->centred > 0)
            r.positive += rank;
        else if (order[i]->centred < 0)
            r.largest_negative = rank;
    }
    return r;
}

typedef struct funnel {
    mpl__bias_job *job;
    mpl_fit_options options; /* of the fits within */
    size_t k;
    member *members;         /* [k] by effect */
    double *yi, *vi;         /* [2k] work */
} funnel;

static mpl_status centre_of(const funnel *f, size_t n, double *centre, mpl_error *err)
{
    mpl_fit *fit;
    for (size_t i = 0; i < n; i++) {
        f->yi[i] = f->members[i].yi;
        f->vi[i] = f->members[i].vi;
    }
    MPL_TRY(mpl__bias_line(f->yi, f->vi, NULL, n, &f->options, &fit, err));
    *centre = fit->terms[0].estimate;
    mpl_fit_free(fit);
    return MPL_OK;
}

static mpl_status count_missing(const funnel *f, const estimator *how, size_t *out, mpl_error *err)
{
    member **const order = MPL_NEW(f->job->scratch, member *, f->k);
    if (!order)
        return mpl__fail_nomem(err, "trim and fill");
    size_t before = f->k, now = 0;
    double centre = 0;
    for (int round = 0; round < MAX_ROUNDS && now != before; round++) {
        before = now;
        MPL_TRY(centre_of(f, f->k - before, &centre, err));
        const ranks r = rank_about(f->members, order, f->k, centre);
        const double missing = fmax(0, nearbyint(how->missing(&r)));
        now = missing < r.n - 1 ? (size_t)missing : f->k - 2;
    }
    if (now != before)
        mpl__note_add(&f->job->notes, "trimfill-unsettled",
                      "the number of missing studies did not settle in %d rounds; the last one is used", MAX_ROUNDS);
    *out = now;
    return MPL_OK;
}

/* The k0 largest effects about the centre of the others. */
static mpl_status fill(const funnel *f, size_t k0, mpl_bias_row *row, mpl_error *err)
{
    mpl__bias_job *const job = f->job;
    mpl_filled *const filled = MPL_NEW(job->keep, mpl_filled, k0);
    double centre;
    mpl_fit *fit;
    if (!filled)
        return mpl__fail_nomem(err, "trim and fill");
    MPL_TRY(centre_of(f, f->k - k0, &centre, err));
    for (size_t i = 0; i < f->k; i++) {
        f->yi[i] = job->effects->yi[i];
        f->vi[i] = job->effects->vi[i];
    }
    for (size_t i = 0; i < k0; i++) {
        const member *const m = &f->members[f->k - k0 + i];
        const double mirrored = job->sign * (2 * centre - m->yi);
        filled[i] = (mpl_filled){ .mirrors = m->index, .yi = mirrored, .vi = m->vi };
        f->yi[f->k + i] = mirrored;
        f->vi[f->k + i] = m->vi;
    }
    mpl_fit_options options = f->options;
    options.test = job->fit->options.test;
    MPL_TRY(mpl__bias_line(f->yi, f->vi, NULL, f->k + k0, &options, &fit, err));
    row->adjusted = fit->terms[0];
    row->adjusted.term = "filled";
    row->tau2 = fit->tau2;
    mpl_fit_free(fit);
    job->bias->filled = filled;
    job->bias->n_filled = k0;
    return MPL_OK;
}

static mpl_status trimfill(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    funnel f = { .job = job, .options = mpl__fit_plain(job->fit->options), .k = es->k,
                 .members = MPL_NEW(job->scratch, member, es->k), .yi = MPL_NEW(job->scratch, double, 2 * es->k),
                 .vi = MPL_NEW(job->scratch, double, 2 * es->k) };
    if (!f.members || !f.yi || !f.vi)
        return mpl__fail_nomem(err, "trim and fill");
    for (size_t i = 0; i < es->k; i++)
        f.members[i] = (member){ .yi = job->sign * es->yi[i], .vi = es->vi[i], .index = i };
    qsort(f.members, f.k, sizeof *f.members, by_effect);
    const estimator *const how = &estimators[mpl__bias_index(mpl_bias_k0, job->bias->options.k0)];
    size_t k0 = 0;
    MPL_TRY(count_missing(&f, how, &k0, err));
    MPL_TRY(fill(&f, k0, row, err));
    job->bias->filled_side = job->sign > 0 ? "left" : "right";
    row->value = (double)k0;
    row->reading = mpl__arena_format(job->keep, "%zu stud%s filled in on the %s (%s)", k0, k0 == 1 ? "y" : "ies",
                                     job->bias->filled_side, how->method.id);
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "trim and fill");
}

const mpl__bias_def mpl__bias_trimfill = {
    .pub = { { "trimfill", "trim and fill",
               "Duval & Tweedie 2000, J Am Stat Assoc 95:89-98; Duval & Tweedie 2000, Biometrics 56:455-463", NULL,
               "The mean with mirror images of the studies that look unpaired; method and test of the pooled mean." },
             MPL_BIAS_ADJUSTED, "takes asymmetry for missing studies; a sensitivity analysis, not an estimate" },
    .min_k = 3, .compute = trimfill,
};
