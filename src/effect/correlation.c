/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correlation of two variables measured on n cases: r, or the t or p of its test. Rank correlations too. */
#include "effect/correlation.h"

#include <math.h>

#include "base/error.h"
#include "num/special.h"

static mpl_status from_r(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    (void)how;
    (void)err;
    if (!(s->ni > 3))
        s->why = "the variance of a correlation needs ni above 3";
    return MPL_OK;
}

/* r = t/sqrt(t^2 + n - 2) */
static mpl_status from_t(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(from_r(s, how, err));
    if (s->why)
        return MPL_OK;
    s->ri = s->ti / hypot(s->ti, sqrt(s->ni - 2));
    return MPL_OK;
}

static mpl_status from_p(mpl__study *s, const mpl__how *how, mpl_error *err)
{
    MPL_TRY(from_r(s, how, err));
    if (!s->why)
        MPL_TRY(mpl__t_of_p(s, s->pi, s->ni - 2, NAN, &s->ti, err));
    return s->why ? MPL_OK : from_t(s, how, err);
}

static const mpl_route routes_r[] = {
    { "r", "ri ni", from_r }, { "t", "ti ni", from_t }, { "p", "pi ni", from_p }, MPL__REPORTED,
};
static const mpl_route routes_rank[] = { { "r", "ri ni", from_r }, MPL__REPORTED };

double mpl__variance_of_r(double r, double n)
{
    return mpl__sq((1 - r) * (1 + r)) / n;
}

void mpl__fisher_z(double r, double v, mpl__effect *e)
{
    e->yi = atanh(r);
    e->vi = v;
    e->why = "Fisher's z of a correlation of 1 or -1 is infinite";
}

static void use(const mpl__study *s, double r, mpl__effect *e)
{
    e->ni = s->ni;
    e->part[0] = r;
    e->weight[0] = s->ni;
}

static void cor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double r = how->vtype == MPL__AV ? how->mean[0] : s->ri;
    use(s, s->ri, e);
    e->yi = s->ri;
    if (how->vtype == MPL__H0)
        e->vi = (1 - r) * (1 + r) / (s->ni - 2);
    else
        e->vi = how->vtype == MPL__H0b ? 1 / s->ni : mpl__variance_of_r(r, s->ni - 1);
}

/* Olkin & Pratt's unbiased estimate, and an unbiased estimate of its variance (UB). */
static void ucor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    const double n = s->ni, y = s->ri * mpl__hyp2f1_half((n - 2) / 2, s->ri);
    const double r = how->vtype == MPL__AV ? how->mean[0] : y;
    use(s, y, e);
    e->yi = y;
    e->why = "an unbiased estimate needs ni above 4";
    if (how->vtype == MPL__UB)
        e->vi = y * y - 1 + (n - 3) / (n - 2) * (1 - s->ri) * (1 + s->ri) * mpl__hyp2f1_one(n / 2, s->ri);
    else
        e->vi = mpl__variance_of_r(r, n - 1);
}

static void zcor(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    mpl__fisher_z(s->ri, 1 / (s->ni - 3), e);
    e->ni = s->ni;
}

/* Kendall's tau and Spearman's rho: variances of Fisher's z with constants found by simulation. */
static void spearman(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->ri;
    e->vi = mpl__variance_of_r(s->ri, s->ni - 3) * (1 + s->ri * s->ri / 2);
    e->ni = s->ni;
}

static void zspearman(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    mpl__fisher_z(s->ri, (1 + s->ri * s->ri / 2) / (s->ni - 3), e);
    e->ni = s->ni;
}

static void kendall(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    e->yi = s->ri;
    e->vi = 0.437 * mpl__variance_of_r(s->ri, s->ni - 4);
    e->ni = s->ni;
    e->why = "the variance of Kendall's tau needs ni above 4";
}

static void zkendall(const mpl__study *s, const mpl__how *how, mpl__effect *e)
{
    (void)how;
    mpl__fisher_z(s->ri, 0.437 / (s->ni - 4), e);
    e->ni = s->ni;
    if (!(s->ni > 4))
        e->why = "the variance of Kendall's tau needs ni above 4";
}

#define CORRELATION .family = "correlations", .label = "Correlation"

const mpl__measure mpl__measure_COR = {
    .pub = { .method = { .id = "COR", .title = "correlation",
                         .cite = "Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, ch. 11" },
             CORRELATION, MPL__ROUTES(routes_r), .scale = "correlation", .vtypes = "LS AV H0 H0b" },
    .compute = cor, .averaging = "AV",
};

const mpl__measure mpl__measure_UCOR = {
    .pub = { .method = { .id = "UCOR", .title = "correlation, corrected for its bias",
                         .cite = "Olkin & Pratt 1958, Ann Math Stat 29:201-211" },
             CORRELATION, MPL__ROUTES(routes_r), .scale = "correlation (unbiased)", .vtypes = "LS UB AV" },
    .compute = ucor, .averaging = "AV",
};

const mpl__measure mpl__measure_ZCOR = {
    .pub = { .method = { .id = "ZCOR", .title = "Fisher's z of a correlation",
                         .cite = "Fisher 1921, Metron 1:3-32" },
             CORRELATION, MPL__ROUTES(routes_r), .scale = "Fisher's z", .transform = &mpl__transform_tanh },
    .compute = zcor,
};

#define SPEARMAN "Bonett & Wright 2000, Psychometrika 65:23-28"
#define KENDALL  "Fieller, Hartley & Pearson 1957, Biometrika 44:470-481"

const mpl__measure mpl__measure_SRHO = {
    .pub = { .method = { .id = "SRHO", .title = "Spearman's rank correlation", .cite = SPEARMAN,
                         .about = "The variance holds for correlations up to 0.95." },
             CORRELATION, MPL__ROUTES(routes_rank), .scale = "Spearman's rho" },
    .compute = spearman,
};

const mpl__measure mpl__measure_ZSRHO = {
    .pub = { .method = { .id = "ZSRHO", .title = "Fisher's z of Spearman's rank correlation", .cite = SPEARMAN,
                         .about = "The variance holds for correlations up to 0.95." },
             CORRELATION, MPL__ROUTES(routes_rank), .scale = "Fisher's z of Spearman's rho",
             .transform = &mpl__transform_tanh },
    .compute = zspearman,
};

const mpl__measure mpl__measure_KTAU = {
    .pub = { .method = { .id = "KTAU", .title = "Kendall's rank correlation", .cite = KENDALL,
                         .about = "The variance holds for correlations up to 0.8." },
             CORRELATION, MPL__ROUTES(routes_rank), .scale = "Kendall's tau" },
    .compute = kendall,
};

const mpl__measure mpl__measure_ZKTAU = {
    .pub = { .method = { .id = "ZKTAU", .title = "Fisher's z of Kendall's rank correlation", .cite = KENDALL,
                         .about = "The variance holds for correlations up to 0.8." },
             CORRELATION, MPL__ROUTES(routes_rank), .scale = "Fisher's z of Kendall's tau",
             .transform = &mpl__transform_tanh },
    .compute = zkendall,
};
