/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of coefficients. Each says by what factor it multiplies the covariance (X'WX)^-1, W = 1/(vi + tau2), and which
 * t distribution it refers to. With q = y'Py/(k - p), Hartung-Knapp is factor q on k - p degrees of freedom; the
 * variants differ in what they do when that interval is the narrower one.
 */
#include <math.h>

#include "base/error.h"
#include "base/method.h"
#include "model/fit_impl.h"
#include "model/henmi_copas.h"
#include "num/dist.h"
#include "num/sum.h"

static void note_replaced(mpl__fit_job *job, const char *narrower, const char *used)
{
    mpl__note_add(&job->notes, "hksj-replaced", "the Hartung-Knapp interval would be narrower than %s, so %s is used",
                  narrower, used);
}

static mpl_status scale_z(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    (void)err;
    *out = (mpl__scaling){ job->dispersion, INFINITY };
    return MPL_OK;
}

static mpl_status scale_t(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    (void)err;
    *out = (mpl__scaling){ job->dispersion, job->df };
    return MPL_OK;
}

static mpl_status scale_hksj(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    (void)err;
    *out = (mpl__scaling){ job->s2w, job->df };
    return MPL_OK;
}

static mpl_status scale_hksj_adhoc(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    (void)err;
    *out = (mpl__scaling){ fmax(job->s2w, 1), job->df };
    if (job->s2w < 1)
        note_replaced(job, "with the classical standard error", "the classical standard error");
    return MPL_OK;
}

/* The same factor applies to all coefficients, so the comparison with Wald is one for all. */
static mpl_status scale_hksj_ci(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    (void)err;
    *out = (mpl__scaling){ job->s2w, job->df };
    if (mpl__fit_quantile(job, job->df) * sqrt(job->s2w) < job->z) {
        *out = (mpl__scaling){ 1, INFINITY };
        note_replaced(job, "the Wald interval", "the Wald interval");
    }
    return MPL_OK;
}

static mpl_status scale_hksj_iqwig6(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    mpl__problem *const pb = &job->pb;
    const mpl__method_def *dl;
    mpl_tau2 tau2;
    MPL_TRY(mpl__method_find("DL", &dl, err));
    MPL_TRY(mpl__within(err, mpl__tau2_solve(pb, dl, &tau2, err), "test hksj-iqwig6"));
    const mpl__at at = mpl__evaluate(pb, mpl__variance_scaled(pb, tau2.tau2));
    const double se_dl = sqrt(mpl__variance_original(pb, 1 / at.sum_w));
    *out = (mpl__scaling){ job->s2w, job->df };
    if (mpl__fit_quantile(job, job->df) * sqrt(job->s2w) * job->se < job->z * se_dl) {
        out->factor = 1;
        note_replaced(job, "the DerSimonian-Laird interval", "the classical standard error with t");
    }
    return MPL_OK;
}

/*
 * I = tr(PP)/2 is the information on tau2. With Sr = sum wi^r the variance 1/S1 becomes
 * [1 + 2 (S3/S1 - (S2/S1)^2)/I]/S1, and its degrees of freedom 2 I/(variance S2)^2.
 */
mpl_status mpl__kenward_roger(const mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    const mpl__problem *const pb = &job->pb;
    const mpl__at *const at = &job->at;
    const double mean = at->sum_w2 / at->sum_w, information = at->tr_pp / 2;
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < pb->k; i++) {
        const double w = 1 / (pb->v[i] + at->t);
        mpl__sum_add(&sum, w * (w - mean) * (w - mean));
    }
    out->factor = 1 + 2 * (mpl__sum_get(&sum) / at->sum_w) / information;
    const double spread = out->factor * at->sum_w2 / at->sum_w;
    out->df = 2 * information / (spread * spread);
    if (!isfinite(out->factor) || !(out->df > 0) || !isfinite(out->df))
        return mpl__fail(err, MPL_ERR_NUMERIC, "the Kenward-Roger correction is not finite for these variances");
    return MPL_OK;
}

static mpl_status scale_kr(mpl__fit_job *job, mpl__scaling *out, mpl_error *err)
{
    *out = (mpl__scaling){ 1, job->df };
    return job->pb.is_mean ? mpl__kenward_roger(job, out, err) : MPL_OK;
}

static mpl_status refine_hc(mpl__fit_job *job, mpl_fit *fit, mpl_error *err)
{
    const mpl__henmi_copas h = mpl__henmi_copas_new(&job->pb, job->at.t);
    mpl_term *const mean = MPL_NEW(fit->arena, mpl_term, 1);
    if (!mean)
        return mpl__fail_nomem(err, "the interval");
    *mean = fit->terms[0];
    const double half = mpl__henmi_copas_critical(&h, job->level) * mean->se;
    mean->ci_lb = mean->estimate - half;
    mean->ci_ub = mean->estimate + half;
    mean->pval = mpl__henmi_copas_pval(&h, fabs(mean->statistic));
    mean->log_pval = log(mean->pval);
    fit->terms = mean;
    return MPL_OK;
}

static const mpl__test_def mpl__test_hksj = {
    .method = { "hksj", "Hartung-Knapp-Sidik-Jonkman",
                "Hartung & Knapp 2001, Stat Med 20:1771-1782; Sidik & Jonkman 2002, Stat Med 21:3153-3159; "
                "Knapp & Hartung 2003, Stat Med 22:2693-2710",
                "hk knha", "t on k - p degrees of freedom; the covariance is multiplied by y'Py/(k - p)." },
    .needs_df = true,
    .is_hksj = true,
    .may_narrow = true,
    .scale = scale_hksj,
};

static const mpl__test_def mpl__test_hksj_adhoc = {
    .method = { "hksj-adhoc", "Hartung-Knapp, never below the classical standard error",
                "Knapp & Hartung 2003, Stat Med 22:2693-2710; Roever, Knapp & Friede 2015, BMC Med Res Methodol 15:99",
                "adhoc hksj-se", "As hksj with the factor raised to 1 where it is smaller." },
    .needs_df = true,
    .is_hksj = true,
    .scale = scale_hksj_adhoc,
};

static const mpl__test_def mpl__test_hksj_ci = {
    .method = { "hksj-ci", "Hartung-Knapp or Wald, whichever interval is wider",
                "Wiksten, Ruecker & Schwarzer 2016, Stat Med 35:2503-2515", NULL,
                "As hksj; z with the classical standard error where that interval is wider." },
    .needs_df = true,
    .is_hksj = true,
    .scale = scale_hksj_ci,
};

static const mpl__test_def mpl__test_hksj_iqwig6 = {
    .method = { "hksj-iqwig6", "Hartung-Knapp by the rule of IQWiG", "IQWiG 2020, General Methods, version 6.0", NULL,
                "As hksj; t with the classical standard error where the interval is narrower than DerSimonian-Laird's "
                "Wald interval." },
    .needs_df = true,
    .needs_mean = true,
    .needs_inverse_variance = true,
    .is_hksj = true,
    .scale = scale_hksj_iqwig6,
};

static const mpl__test_def mpl__test_kr = {
    .method = { "kr", "Kenward-Roger",
                "Kenward & Roger 1997, Biometrics 53:983-997; Partlett & Riley 2017, Stat Med 36:301-317", NULL,
                "t with adjusted standard error and degrees of freedom, from the expected information on tau2; needs "
                "REML. In a regression each coefficient and each test of several has degrees of freedom of its own." },
    .needs_df = true,
    .of_regression = mpl__refine_kr,
    .needs_reml = true,
    .needs_inverse_variance = true,
    .scale = scale_kr,
};

static const mpl__test_def mpl__test_permutation = {
    .method = { "permutation", "permutations of the Wald statistic",
                "Follmann & Proschan 1999, Biometrics 55:732-737; Higgins & Thompson 2004, Stat Med 23:1663-1682",
                "permutest", "Signs of the effects for a mean, rows of the moderators in a regression; all of them "
                "where --draws allows, else a random part." },
    .is_from_draws = true,
    .needs_df = true,
    .scale = scale_z,
    .needs_inverse_variance = true,
    .refine = mpl__refine_permutation,
};

static const mpl__test_def mpl__test_permutation_hksj = {
    .method = { "permutation-hksj", "permutations of the Hartung-Knapp statistic",
                "Follmann & Proschan 1999, Biometrics 55:732-737; Higgins & Thompson 2004, Stat Med 23:1663-1682",
                NULL, "As permutation, with the standard error of hksj." },
    .is_from_draws = true,
    .needs_df = true,
    .scale = scale_hksj,
    .needs_inverse_variance = true,
    .refine = mpl__refine_permutation,
};

static const mpl__test_def mpl__test_bootstrap = {
    .method = { "bootstrap", "a parametric bootstrap of the Wald statistic",
                "Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 12", "boot",
                "The distribution of estimate/se from --draws samples, each fitted by the same method." },
    .is_from_draws = true,
    .needs_df = true,
    .scale = scale_z,
    .needs_inverse_variance = true,
    .refine = mpl__refine_bootstrap,
};

static const mpl__test_def mpl__test_hc = {
    .method = { "hc", "Henmi-Copas", "Henmi & Copas 2010, Stat Med 29:2969-2983", NULL,
                "The mean by weights 1/vi with an interval that takes the uncertainty of tau2 into account; robust "
                "against small studies that are missing. Brings method DL and weights ivhet with it." },
    .needs_df = true,
    .needs_mean = true,
    .of_method = "DL",
    .of_weights = "ivhet",
    .scale = scale_z,
    .refine = refine_hc,
};

static const mpl__test_def mpl__test_pl = {
    .method = { "pl", "the profile likelihood",
                "Hardy & Thompson 1996, Stat Med 15:619-629",
                "profile-likelihood LR",
                "The likelihood ratio, with tau2 estimated anew for each value of the coefficient. Brings method ML "
                "with it." },
    .needs_df = true,
    .needs_inverse_variance = true,
    .of_method = "ML",
    .scale = scale_z,
    .refine = mpl__refine_pl,
};

static const mpl__test_def mpl__test_bartlett = {
    .method = { "bartlett", "the profile likelihood with Bartlett's correction",
                "Huizenga, Visser & Dolan 2011, Br J Math Stat Psychol 64:1-19; Noma 2011, Stat Med 30:3304-3312",
                "pl-bartlett",
                "As pl, divided by the ratio's expectation at the maximum likelihood estimate of tau2. Brings method "
                "ML with it." },
    .needs_df = true,
    .needs_inverse_variance = true,
    .of_method = "ML",
    .scale = scale_z,
    .refine = mpl__refine_bartlett,
};

static const mpl__test_def mpl__test_skovgaard = {
    .method = { "skovgaard", "the profile likelihood with Skovgaard's correction",
                "Skovgaard 1996, Bernoulli 2:145-165; Guolo 2012, Stat Med 31:313-327",
                "pl-skovgaard",
                "The signed root of the ratio, normal to the second order; close to exact with few studies. Brings "
                "method ML with it." },
    .needs_df = true,
    .needs_inverse_variance = true,
    .of_method = "ML",
    .scale = scale_z,
    .refine = mpl__refine_skovgaard,
};

static const mpl__test_def mpl__test_t = {
    .method = { "t", "t with the classical standard error", "Follmann & Proschan 1999, Biometrics 55:732-737", NULL,
                "t on k - p degrees of freedom." },
    .is_wald = true,
    .needs_df = true,
    .scale = scale_t,
};

static const mpl__test_def mpl__test_z = {
    .method = { "z", "Wald", "DerSimonian & Laird 1986, Control Clin Trials 7:177-188", "wald",
                "Normal quantiles; too narrow with few studies." },
    .is_wald = true,
    .is_normal = true,
    .scale = scale_z,
};

static const mpl__test_def *const registry[] = {
#define MPL_TEST(id) &mpl__test_##id,
#include "model/test.def"
#undef MPL_TEST
};

const mpl_method *mpl_test_method(size_t i)
{
    return i < sizeof registry / sizeof *registry ? &registry[i]->method : NULL;
}

mpl_status mpl__test_find(const char *id, const mpl__test_def **out, mpl_error *err)
{
    const mpl_method *method;
    MPL_TRY(mpl__method_get(mpl_test_method, "test", id, &method, err));
    for (size_t i = 0; mpl_test_method(i); i++)
        if (&registry[i]->method == method)
            *out = registry[i];
    return MPL_OK;
}

bool mpl__test_is_normal(const mpl_method *test)
{
    for (size_t i = 0; mpl_test_method(i); i++)
        if (&registry[i]->method == test)
            return registry[i]->is_normal;
    return false;
}
