/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Means that trust the precise studies: unrestricted weighted least squares, the adequately powered ones alone, and
 * Henmi and Copas's; and the LFK index of how far the funnel leans.
 */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "diag/bias_impl.h"
#include "num/dist.h"
#include "num/sum.h"

/* ---- UWLS and WAAP */

/* A study has power 0.8 at level 0.05 if its standard error is below the effect over z(0.975) + z(0.8). */
static const double POWERED = 2.8;

static mpl_status pool_least_squares(mpl__bias_job *job, const double *yi, const double *vi, size_t n,
                                     mpl_bias_row *row, mpl_error *err)
{
    const mpl_fit_options options = mpl__bias_least_squares(job);
    mpl_fit *fit;
    MPL_TRY(mpl__bias_line(yi, vi, NULL, n, &options, &fit, err));
    row->adjusted = fit->terms[0];
    row->k = n;
    mpl_fit_free(fit);
    return MPL_OK;
}

static mpl_status uwls(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    MPL_TRY(pool_least_squares(job, job->effects->yi, job->effects->vi, job->effects->k, row, err));
    row->adjusted.term = "UWLS";
    return MPL_OK;
}

static mpl_status waap(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    double *const yi = MPL_NEW(job->scratch, double, 2 * es->k), *const vi = yi + es->k;
    if (!yi)
        return mpl__fail_nomem(err, "WAAP");
    MPL_TRY(uwls(job, row, err));
    const double null_value = isnan(es->measure->null_value) ? 0 : es->measure->null_value;
    const double largest = fabs(row->adjusted.estimate - null_value) / POWERED;
    size_t n = 0;
    for (size_t i = 0; i < es->k; i++)
        if (sqrt(es->vi[i]) <= largest) {
            yi[n] = es->yi[i];
            vi[n++] = es->vi[i];
        }
    if (n >= 2)
        MPL_TRY(pool_least_squares(job, yi, vi, n, row, err));
    row->adjusted.term = "WAAP";
    row->reading = n >= 2 ? mpl__arena_format(job->keep, "%zu of %zu studies have power 0.8", n, es->k)
                          : "fewer than two studies have power 0.8: this is UWLS";
    return row->reading ? MPL_OK : mpl__fail_nomem(err, "WAAP");
}

/* ---- Henmi and Copas */

/* The equal-effects mean, which small studies pull least, with an interval that allows for tau2. */
static mpl_status henmi_copas(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    const mpl_effects *const es = job->effects;
    const mpl_fit_options options = { .test = "hc", .pi = "none", .level = job->level };
    mpl_fit *fit;
    MPL_TRY(mpl__bias_line(es->yi, es->vi, NULL, es->k, &options, &fit, err));
    row->adjusted = fit->terms[0];
    row->adjusted.term = "Henmi-Copas";
    row->tau2 = fit->tau2;
    mpl_fit_free(fit);
    return MPL_OK;
}

/* ---- LFK */

static int by_effect(const void *a, const void *b)
{
    const mpl__doi *const x = a, *const y = b;
    if (x->y != y->y)
        return x->y < y->y ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index); /* ties stay in the order of the data */
}

/* Studies take room among the ranks by their weight; z is the normal quantile of the middle of their room. */
const char *mpl__doi_points(const mpl_effects *es, mpl__doi *all, size_t *middle, double *index)
{
    double v_max = 0, total = 0, before = 0;
    for (size_t i = 0; i < es->k; i++)
        v_max = fmax(v_max, es->vi[i]);
    for (size_t i = 0; i < es->k; i++) {
        all[i] = (mpl__doi){ .y = es->yi[i], .size = 100 * v_max / es->vi[i], .index = i };
        total += all[i].size;
    }
    if (!isfinite(total))
        return "a sampling variance is 0";
    qsort(all, es->k, sizeof *all, by_effect);
    *middle = 0;
    for (size_t i = 0; i < es->k; i++) {
        const double rank = before + all[i].size / 2;
        all[i].z = mpl__norm_q((rank - 0.5) / total, MPL__LOWER);
        before += all[i].size;
        if (fabs(all[i].z) < fabs(all[*middle].z))
            *middle = i;
    }
    const double y_range = all[es->k - 1].y - all[0].y, z_range = all[es->k - 1].z - all[0].z;
    if (!(y_range > 0))
        return "all effects are equal";
    mpl__sum sum = { 0 };
    for (size_t i = 0; i < es->k; i++)
        mpl__sum_add(&sum, all[i].z + z_range / y_range * (all[i].y - all[*middle].y));
    *index = 5 / (2 * (double)es->k) * mpl__sum_get(&sum);
    return NULL;
}

const char *mpl__lfk_reading(double lfk)
{
    const double size = fabs(lfk);
    return size <= 1 ? "no asymmetry" : size <= 2 ? "minor asymmetry" : "major asymmetry";
}

static mpl_status lfk(mpl__bias_job *job, mpl_bias_row *row, mpl_error *err)
{
    mpl__doi *const all = MPL_NEW(job->scratch, mpl__doi, job->effects->k);
    size_t middle;
    if (!all)
        return mpl__fail_nomem(err, "the LFK index");
    const char *const why = mpl__doi_points(job->effects, all, &middle, &row->value);
    if (why)
        return mpl__bias_refuse(job, row, err, "%s", why);
    row->reading = mpl__lfk_reading(row->value);
    return MPL_OK;
}

const mpl__bias_def mpl__bias_uwls = {
    .pub = { { "uwls", "unrestricted weighted least squares",
               "Stanley & Doucouliagos 2015, Stat Med 34:2116-2127", NULL,
               "The equal-effects mean with a free dispersion; t with k - 1 degrees of freedom." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 2, .compute = uwls,
};

const mpl__bias_def mpl__bias_waap = {
    .pub = { { "waap", "weighted average of the adequately powered", "Stanley, Doucouliagos & Ioannidis 2017, Stat Med "
               "36:1580-1598", "WAAP-UWLS",
               "UWLS of the studies with power 0.8 at the UWLS mean; of all where fewer than two have it." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 2, .compute = waap,
};

const mpl__bias_def mpl__bias_henmi_copas = {
    .pub = { { "henmi-copas", "Henmi and Copas's interval", "Henmi & Copas 2010, Stat Med 29:2969-2983", "hc",
               "The equal-effects mean with an interval that holds in a random-effects model; tau2 by DL." },
             MPL_BIAS_ADJUSTED, NULL },
    .min_k = 2, .compute = henmi_copas,
};

const mpl__bias_def mpl__bias_lfk = {
    .pub = { { "lfk", "LFK index of the Doi plot", "Furuya-Kanamori, Barendregt & Doi 2018, Int J Evid Based Healthc "
               "16:195-203", "doi",
               "How far the weighted normal quantiles of the effects lean; within 1 none, within 2 minor." },
             MPL_BIAS_NUMBER, "no test: its size depends on the number of studies (Schwarzer, Ruecker & Semaca "
                                "2024, Res Synth Methods 15:603-615)" },
    .min_k = 3, .compute = lfk,
};
