/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of heterogeneity beside Q.
 *
 * That tau2 is 0: the likelihood ratio, half of whose distribution is at 0 because tau2 cannot be less (Self & Liang
 * 1987, J Am Stat Assoc 82:605-610); the score y'PPy against its mean tr P, whose distribution is that of a quadratic
 * form in normal variables, so that its tail is exact; tau2 over its standard error (Viechtbauer 2007, Br J Math Stat
 * Psychol 60:29-60).
 *
 * That tau2 is the same in all studies, against one of its own for each: the likelihood ratio, the score U'I^-1 U with
 * 2 Ui = (Py)i^2 - Pii and 2 I = P o P, elementwise, which for a mean is a diagonal and one outer product; Wald's
 * (q - c 1)'I(q - c 1), least over c, at the estimates q; and whether residuals are normal. There are as many
 * parameters as studies, so that no limit distribution holds: p-values are from a parametric bootstrap. General theory:
 * Cox & Hinkley 1974, Theoretical Statistics, ch. 9.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "model/count_pool.h"
#include "model/fit_impl.h"
#include "model/own_tau2.h"
#include "num/dist.h"
#include "num/quadform.h"
#include "num/random.h"

#define VIECHTBAUER "Viechtbauer 2007, Br J Math Stat Psychol 60:29-60"
#define SELF_LIANG "Self & Liang 1987, J Am Stat Assoc 82:605-610"
#define COX "Cox & Hinkley 1974, Theoretical Statistics, ch. 9"
#define STEPHENS "Stephens 1974, J Am Stat Assoc 69:730-737"

enum { N_ZERO = 6, N_SAME = 5, BLOCK = 16 };

/* What the second hypothesis is tested by, in this order. */
enum { SCORE, RATIO, WALD, KS, AD };

/* ---- tau2 = 0 */

static mpl_hypothesis normal_test(const char *id, const char *title, const char *cite, double z)
{
    return (mpl_hypothesis){ id, title, cite, z, NAN, INFINITY, mpl__norm_p(z, MPL__UPPER),
                             mpl__norm_log_p(z, MPL__UPPER) };
}

/* Twice the logarithm of the ratio is 0 in one half of all data, chi-squared in the other. */
static mpl_hypothesis ratio_test(const char *id, const char *title, double ratio)
{
    mpl_hypothesis h = mpl__chisq_test(id, title, SELF_LIANG, ratio, 1);
    h.pval = ratio > 0 ? h.pval / 2 : 1;
    h.log_pval = ratio > 0 ? h.log_pval - M_LN2 : 0;
    return h;
}

static mpl_status ratio_to_zero(mpl__problem *pb, const char *id, double *ratio, mpl_tau2 *tau2, mpl_error *err)
{
    const mpl__method_def *method;
    MPL_TRY(mpl__method_find(id, &method, err));
    MPL_TRY(mpl__tau2_solve(pb, method, tau2, err));
    const mpl__at at0 = mpl__evaluate(pb, 0), at = mpl__evaluate(pb, mpl__variance_scaled(pb, tau2->tau2));
    *ratio = fmax(0, 2 * (mpl__log_likelihood(pb, &at, method->is_reml) -
                          mpl__log_likelihood(pb, &at0, method->is_reml)));
    return MPL_OK;
}

/* The tail of y'PPy: with weights 1/vi, P V^(1/2) is W^(1/2)(I - UU'). */
static mpl_status exact_score(mpl__fit_job *job, const mpl__at *at0, double *pval, mpl_error *err)
{
    const mpl__problem *const pb = &job->pb;
    double *const d = MPL_NEW(job->scratch, double, pb->k), *const u = MPL_NEW(job->scratch, double, pb->k * pb->p);
    double *const work = MPL_NEW(job->scratch, double, 4 * pb->p * pb->p);
    if (!d || !u || !work)
        return mpl__fail_nomem(err, "the tests");
    for (size_t i = 0; i < pb->k; i++) {
        d[i] = 1 / pb->v[i];
        if (pb->is_mean)
            u[i] = sqrt(d[i] / at0->sum_w);
    }
    if (!pb->is_mean)
        memcpy(u, pb->u, pb->k * pb->p * sizeof *u);
    *pval = mpl__quadform_projected_p(d, pb->k, u, pb->p, work, at0->ypp, MPL__UPPER);
    return MPL_OK;
}

static mpl_status test_zero(mpl__fit_job *job, const mpl_fit *fit, mpl_hypothesis *h, mpl_error *err)
{
    mpl__problem *const pb = &job->pb;
    double reml_ratio, ml_ratio, exact = NAN;
    mpl_tau2 ml, reml;
    MPL_TRY(ratio_to_zero(pb, "ML", &ml_ratio, &ml, err));
    MPL_TRY(ratio_to_zero(pb, "REML", &reml_ratio, &reml, err));
    const mpl__at at0 = mpl__evaluate(pb, 0);
    MPL_TRY(exact_score(job, &at0, &exact, err));
    const double score = (at0.ypp - at0.tr_p) / sqrt(2 * at0.tr_pp);
    h[0] = mpl__chisq_test("tau2-zero-q", "tau² is 0: Cochran's Q", "Cochran 1954, Biometrics 10:101-129", fit->q,
                           fit->q_df);
    h[1] = ratio_test("tau2-zero-lr-reml", "tau² is 0: likelihood ratio (REML)", reml_ratio);
    h[2] = ratio_test("tau2-zero-lr-ml", "tau² is 0: likelihood ratio (ML)", ml_ratio);
    h[3] = normal_test("tau2-zero-score", "tau² is 0: score (REML), one-sided", VIECHTBAUER, score);
    h[4] = h[3];
    h[4].id = "tau2-zero-score-exact";
    h[4].title = "tau² is 0: score (REML), exact distribution";
    h[4].pval = exact;
    h[4].log_pval = log(exact);
    h[5] = normal_test("tau2-zero-wald", "tau² is 0: Wald (REML), one-sided", VIECHTBAUER, reml.tau2 / reml.se);
    return MPL_OK;
}

/* ---- the same tau2 in all studies */

typedef struct same {
    const mpl__fit_job *job;
    const mpl__method_def *method; /* ML or REML */
    double tau2;                   /* of the samples, original units */
    size_t n;
    uint64_t seed;
    const double *observed; /* [N_SAME] */
    size_t *beyond, *fitted; /* [blocks x N_SAME], [blocks] */
} same;

/* One thread's room. */
typedef struct sample {
    mpl__problem pb;
    double *y, *w, *nodes; /* [k], [k], [2 k] */
    double value[N_SAME];
} sample;

/* U'I^-1 U with Ui = wi ui/2, D = w^2 (1 - 2h), b = w h, h = w/sum w (ML: 0). */
static double score_of(const mpl__problem *pb, const mpl__at *at, bool reml)
{
    double square = 0, cross = 0, length = 0;
    for (size_t i = 0; i < pb->k; i++) {
        const double w = 1 / (pb->v[i] + at->t), off = pb->z[i] - pb->centre, h = reml ? w / at->sum_w : 0;
        const double u = w * off * off - 1 + h, d = fabs(1 - 2 * h) < 1e-8 ? 1e-8 : 1 - 2 * h; /* 0 has a limit */
        square += u * u / d;
        cross += u * h / d;
        length += h * h / d;
    }
    return (square - cross * cross / (1 + length)) / 2;
}

/* (q - c)'I(q - c) at its least, 2 I = D + bb' with D = w^2 (1 - 2h), b = w h. */
static double wald_of(const mpl__own_model *own)
{
    double total = 0, qq = 0, q1 = 0, ones = 0, bq = 0, b1 = 0;
    for (size_t i = 0; i < own->k; i++)
        total += own->w[i];
    for (size_t i = 0; i < own->k; i++) {
        const double w = own->w[i], h = own->reml ? w / total : 0, d = w * w * (1 - 2 * h), b = w * h;
        const double q = fmax(0, 1 / w - own->v[i]);
        qq += d * q * q;
        q1 += d * q;
        ones += d;
        bq += b * q;
        b1 += b;
    }
    const double both = q1 + bq * b1, one = ones + b1 * b1;
    return fmax(0, qq + bq * bq - both * both / one) / 2;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Distance of standardised residuals from the normal distribution: the largest, and Anderson's and Darling's. */
static void distances(const mpl__problem *pb, double t, double *r, double *ks, double *ad)
{
    const size_t k = pb->k;
    double sum = 0;
    *ks = 0;
    for (size_t i = 0; i < k; i++)
        r[i] = (pb->z[i] - pb->centre) / sqrt(pb->v[i] + t);
    qsort(r, k, sizeof *r, by_size);
    for (size_t i = 0; i < k; i++) {
        const double p = mpl__norm_p(r[i], MPL__LOWER), n = (double)k;
        *ks = fmax(*ks, fmax(((double)i + 1) / n - p, p - (double)i / n));
        sum += (2 * (double)i + 1) * (mpl__norm_log_p(r[i], MPL__LOWER) + mpl__norm_log_p(r[k - 1 - i], MPL__UPPER));
    }
    *ad = -(double)k - sum / (double)k;
}

static mpl_status statistics(const mpl__method_def *method, sample *s, mpl_error *err)
{
    mpl__problem *const pb = &s->pb;
    mpl__own_model own = { pb->z, pb->v, pb->k, method->is_reml, s->w, s->nodes };
    mpl_tau2 tau2;
    MPL_TRY(mpl__tau2_solve(pb, method, &tau2, err));
    const double t = mpl__variance_scaled(pb, tau2.tau2);
    (void)mpl__evaluate(pb, t);
    const mpl__at at = mpl__evaluate(pb, t);
    double common = own.reml ? log(at.sum_w) : 0;
    for (size_t i = 0; i < pb->k; i++)
        common += log(pb->v[i] + t);
    s->value[SCORE] = score_of(pb, &at, own.reml);
    s->value[RATIO] = fmax(0, 2 * mpl__own_maximum(&own) + common + at.rss);
    s->value[WALD] = wald_of(&own);
    distances(pb, t, s->w, &s->value[KS], &s->value[AD]);
    return MPL_OK;
}

static mpl_status sample_new(const mpl__fit_job *job, mpl__arena *scratch, sample *s, mpl_error *err)
{
    const size_t k = job->pb.k;
    *s = (sample){ .y = MPL_NEW(scratch, double, k), .w = MPL_NEW(scratch, double, k),
                   .nodes = MPL_NEW(scratch, double, 2 * k) };
    if (!s->y || !s->w || !s->nodes)
        return mpl__fail_nomem(err, "the tests");
    MPL_TRY(mpl__problem_copy(&s->pb, &job->pb, scratch, err));
    s->pb.near = s->pb.floor = 0;
    return MPL_OK;
}

static mpl_status draw_block(void *ctx, size_t block, mpl_error *err)
{
    const same *const w = ctx;
    const mpl_effects *const es = w->job->effects;
    mpl__arena *const scratch = mpl__arena_new();
    if (!scratch)
        return mpl__fail_nomem(err, "the tests");
    mpl__random random = mpl__random_start(w->seed, block);
    sample s;
    mpl_status status = sample_new(w->job, scratch, &s, err);
    for (size_t i = block * BLOCK; status == MPL_OK && i < w->n && i < (block + 1) * BLOCK; i++) {
        for (size_t j = 0; j < es->k; j++)
            s.y[j] = sqrt(es->vi[j] + w->tau2) * mpl__random_normal(&random);
        mpl_status drawn = mpl__problem_renew(&s.pb, s.y, es->vi, NULL);
        if (drawn == MPL_OK)
            drawn = statistics(w->method, &s, NULL);
        if (drawn == MPL_ERR_NOMEM)
            status = mpl__fail_nomem(err, "the tests");
        if (drawn != MPL_OK)
            continue;
        w->fitted[block]++;
        for (size_t j = 0; j < N_SAME; j++)
            w->beyond[block * N_SAME + j] += s.value[j] >= w->observed[j] * (1 - 1e-10);
    }
    mpl__arena_free(scratch);
    return status;
}

static mpl_status bootstrap(mpl__fit_job *job, same *w, mpl_hypothesis *h, mpl_error *err)
{
    const size_t n_blocks = (w->n + BLOCK - 1) / BLOCK;
    size_t done = 0, n = 0;
    w->beyond = MPL_NEW(job->scratch, size_t, n_blocks * N_SAME);
    w->fitted = MPL_NEW(job->scratch, size_t, n_blocks);
    if (!w->beyond || !w->fitted)
        return mpl__fail_nomem(err, "the tests");
    MPL_TRY(mpl__blocks_run(&job->options->run, n_blocks, draw_block, w, &done, err));
    for (size_t b = 0; b < done; b++)
        n += w->fitted[b];
    for (size_t j = 0; j < N_SAME; j++) {
        size_t beyond = 0;
        for (size_t b = 0; b < done; b++)
            beyond += w->beyond[b * N_SAME + j];
        h[j].pval = (1 + (double)beyond) / (1 + (double)n);
        h[j].log_pval = log(h[j].pval);
    }
    mpl__note_add(&job->notes, "bootstrap-same-tau2", "p-values of the tests that tau2 is the same in all studies are "
                  "from %zu bootstrap samples, drawn from seed %llu", n, (unsigned long long)w->seed);
    return MPL_OK;
}

static mpl_status test_same(mpl__fit_job *job, mpl_fit *fit, mpl_hypothesis *h, mpl_error *err)
{
    const char *const kind = job->method->is_ml ? "ML" : "REML";
    same w = { .job = job, .n = job->options->draws - 1, .seed = mpl__run_seed(&job->options->run) };
    mpl_tau2 tau2;
    sample s;
    MPL_TRY(mpl__method_find(kind, &w.method, err));
    MPL_TRY(sample_new(job, job->scratch, &s, err));
    MPL_TRY(mpl__problem_renew(&s.pb, job->effects->yi, job->effects->vi, err));
    MPL_TRY(mpl__tau2_solve(&s.pb, w.method, &tau2, err));
    MPL_TRY(statistics(w.method, &s, err));
    w.tau2 = tau2.tau2;
    w.observed = s.value;
    static const struct { const char *id, *what, *cite; } rows[N_SAME] = {
        [SCORE] = { "tau2-same-score", "score (%s)", COX },
        [RATIO] = { "tau2-same-lr", "likelihood ratio (%s)", COX },
        [WALD] = { "tau2-same-wald", "Wald (%s)", COX },
        [KS] = { "tau2-same-ks", "Kolmogorov-Smirnov (%s)", STEPHENS },
        [AD] = { "tau2-same-ad", "Anderson-Darling (%s)", STEPHENS },
    };
    for (size_t j = 0; j < N_SAME; j++) {
        const char *const what = mpl__arena_format(job->scratch, rows[j].what, kind);
        const char *const title = mpl__arena_format(fit->arena, "tau² is the same in all studies: %s, bootstrap", what);
        if (!what || !title)
            return mpl__fail_nomem(err, "the tests");
        h[j] = (mpl_hypothesis){ rows[j].id, title, rows[j].cite, s.value[j], NAN, INFINITY, NAN, NAN };
        if (j < KS)
            h[j].df = (double)job->pb.k - 1;
    }
    return bootstrap(job, &w, h, err);
}

/* ---- both */

static void note_none(mpl__fit_job *job, const char *what, const char *why)
{
    mpl__note_add(&job->notes, "heterogeneity-tests", "%s: %s", what, why);
}

mpl_status mpl__fit_het_tests(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    static const char both[] = "there are no tests of heterogeneity", second[] = "that tau2 is the same in all "
                                                                                 "studies is not tested";
    if (!fit->options.het_tests || job->lenient)
        return MPL_OK;
    const char *why = job->method->pool       ? "the method has tests of its own"
                      : job->own              ? "tau2 depends on columns"
                      : job->df == 0          ? "no study is left to vary"
                      : job->pb.n_zero > 0    ? "a sampling variance is 0"
                                              : NULL;
    if (why) {
        note_none(job, both, why);
        return MPL_OK;
    }
    mpl_hypothesis *const h = MPL_NEW(fit->arena, mpl_hypothesis, N_ZERO + N_SAME);
    if (!h)
        return mpl__fail_nomem(err, "the tests");
    const double floor = job->pb.floor;
    job->pb.near = job->pb.floor = 0;
    MPL_TRY(test_zero(job, fit, h, err));
    fit->hypotheses = h;
    fit->n_hypotheses = N_ZERO;
    why = !job->pb.is_mean ? "there are moderators" : fit->k < 3 ? "at least 3 studies are needed" : NULL;
    if (why) {
        note_none(job, second, why);
    } else {
        MPL_TRY(test_same(job, fit, h + N_ZERO, err));
        fit->n_hypotheses += N_SAME;
    }
    job->pb.floor = floor;
    return MPL_OK;
}
