/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transforms beside those of the measures: from one kind of effect to another, forward transforms, and those that
 * average over true effects: with y = mu + u, u normal with variance tau2, the mean of g(y) is not g(mu), which is the
 * median. The names are metafor's without "transf.".
 */
#include <math.h>

#include "effect/measure.h"
#include "num/dist.h"
#include "num/quad.h"

typedef const mpl_transform_args *with;

static double pnorm(double x) { return mpl__norm_p(x, MPL__LOWER); }
static double qnorm(double p) { return mpl__norm_q(p, MPL__LOWER); }
static double ilogit(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }

static double logit(double x) { return log(x) - log1p(-x); }
static double arcsin(double x) { return asin(sqrt(x)); }
static double r2toz(double x) { return atanh(sqrt(x)); }
static double ahw(double x) { return 1 - cbrt(1 - x); }
static double abt(double x) { return -log1p(-x); }

/* Overlap of two normal distributions that lie d apart (Cohen 1988). */
static double dtou1(double d) { const double p = pnorm(fabs(d) / 2); return (2 * p - 1) / p; }
static double dtou2(double d) { return pnorm(d / 2); }
static double dtoovl(double d) { return 2 * pnorm(-fabs(d) / 2); }
static double dtocles(double d) { return pnorm(d / M_SQRT2); }
static double clestod(double p) { return M_SQRT2 * qnorm(p); }
static double dtocliffd(double d) { return erf(d / 2); }
static double dtobesd(double d) { return 0.5 + d / hypot(d, 2) / 2; }

static const double logistic = 0.55132889542179204; /* sqrt(3)/pi */
static const double cox = 1.65;

static double lnortod_logis(double x) { return x * logistic; }
static double dtolnor_logis(double d) { return d / logistic; }
static double lnortod_norm(double x) { return x / cox; }
static double dtolnor_norm(double d) { return d * cox; }
static double pearson(double x) { return cos(M_PI / (1 + exp(x / 2))); }
static double digby(double x) { return tanh(0.375 * x); }

/* h of d = sqrt(h) r / sqrt(1 - r^2); 4 for large groups of equal size. */
static double spread(with a)
{
    const double m = a->n1 + a->n2 - 2;
    return isnan(m) ? 4 : m / a->n1 + m / a->n2;
}

static double share_of(with a)
{
    const double p = isnan(a->share) ? a->n1 / (a->n1 + a->n2) : a->share;
    return isnan(p) ? 0.5 : p;
}

/* Biserial over point-biserial correlation. */
static double biserial(with a)
{
    const double p = share_of(a);
    return sqrt(p * (1 - p)) / mpl__norm_density(qnorm(p));
}

static double dtorpb(double d, with a) { return d / sqrt(d * d + spread(a)); }
static double dtorbis(double d, with a) { return dtorpb(d, a) * biserial(a); }
static double rpbtod(double r, with a) { return sqrt(spread(a)) * r / sqrt((1 - r) * (1 + r)); }
static double rpbtorbis(double r, with a) { return r * biserial(a); }
static double rtorpb(double r, with a) { return r / biserial(a); }
static double rtod(double r, with a) { return rpbtod(rtorpb(r, a), a); }
static double dtomd(double d, with a) { return d * a->sd; }

/*
 * Risks in group 1 from a log odds, risk or hazard ratio, a difference of risks or a standardized difference, and the
 * risk in group 2; their differences without cancellation. No risk is above 1 or below 0.
 */
static double within(double difference, with a)
{
    return fmax(-a->baseline, fmin(difference, 1 - a->baseline));
}

static double lnortord(double x, with a)
{
    const double more = expm1(x), p = a->baseline;
    return isinf(more) ? 1 - p : p * (1 - p) * more / (1 + p * more);
}

static double lnrrtord(double x, with a) { return within(a->baseline * expm1(x), a); }
static double lnhrtord(double x, with a) { return -(1 - a->baseline) * expm1(expm1(x) * log1p(-a->baseline)); }
static double dtord(double d, with a) { return d == 0 ? d : pnorm(qnorm(a->baseline) + d) - a->baseline; }
static double lnortorr(double x, with a) { return ilogit(x + logit(a->baseline)) / a->baseline; }
static double lnrrtoor(double x, with a)
{
    const double p = a->baseline, risk = p * exp(x);
    return risk < 1 ? exp(x) * (1 - p) / (1 - risk) : INFINITY;
}

static double lnortorisk(double x, with a) { return ilogit(x + logit(a->baseline)); }
static double lnrrtorisk(double x, with a) { return fmin(a->baseline * exp(x), 1); }
static double lnhrtorisk(double x, with a) { return -expm1(exp(x) * log1p(-a->baseline)); }
static double rdtorisk(double x, with a) { return a->baseline + within(x, a); }

/* Of how many treated people one event less is: above 0 benefit, below 0 harm (one event more), infinite at 0. */
static double rdtonnt(double x) { return -1 / x; }
static double lnortonnt(double x, with a) { return rdtonnt(lnortord(x, a)); }
static double lnrrtonnt(double x, with a) { return rdtonnt(lnrrtord(x, a)); }
static double lnhrtonnt(double x, with a) { return rdtonnt(lnhrtord(x, a)); }
static double dtonnt(double x, with a) { return rdtonnt(dtord(x, a)); }

static double pft(double p, with a)
{
    const double x = p * a->n;
    return (asin(sqrt(x / (a->n + 1))) + asin(sqrt((x + 1) / (a->n + 1)))) / 2;
}

static double irft(double rate, with a)
{
    return (sqrt(rate) + sqrt(rate + 1 / a->n)) / 2;
}

/* tau2 not given: no spread of true effects. */
static double spread_of(with a)
{
    return isnan(a->tau2) ? 0 : a->tau2;
}

static double as_integrand(double x, void *ctx)
{
    return (*(double (*const *)(double))ctx)(x);
}

static double mean_of(double (*g)(double), double x, with a)
{
    return mpl__quad_normal(as_integrand, &g, x, sqrt(spread_of(a)));
}

static double ve_mean(double x, with a) { return -expm1(x + spread_of(a) / 2); }

/* Roots of rates are not negative: those that are count as 0, as in the transform itself. */
static double square_mean(double x, with a)
{
    const double sd = sqrt(spread_of(a)), z = x / sd;
    if (sd == 0)
        return x > 0 ? x * x : 0;
    return (x * x + sd * sd) * pnorm(z) + x * sd * mpl__norm_density(z);
}

/* Mean, standard deviation, size. */
static double ipft_density(double y, void *ctx)
{
    const double *at = ctx;
    return mpl__transform_ipft.apply_n(y, at[2]) * mpl__norm_density((y - at[0]) / at[1]) / at[1];
}

/* Beyond what no events and nothing but events give, it is 0 and 1. */
static double ipft_mean(double x, with a)
{
    double at[3] = { x, sqrt(spread_of(a)), a->n };
    if (at[1] == 0)
        return mpl__transform_ipft.apply_n(x, a->n);
    const double none = asin(sqrt(1 / (a->n + 1))) / 2, all = M_PI_2 - none;
    const double from = fmax(none, x - 10 * at[1]), to = fmin(all, x + 10 * at[1]);
    const double beyond = mpl__norm_p((all - x) / at[1], MPL__UPPER);
    return from < to ? beyond + mpl__quad_finite(ipft_density, at, from, to) : beyond;
}

/* An arcsine lies between 0 and pi/2: the mean is over the true effects that do, as in metafor. */
static double sin2_density(double y, void *ctx)
{
    const double *at = ctx; /* mean, standard deviation */
    return sin(y) * sin(y) * mpl__norm_density((y - at[0]) / at[1]) / at[1];
}

static double iarcsin_mean(double x, with a)
{
    double at[2] = { x, sqrt(spread_of(a)) };
    if (at[1] == 0)
        return x <= 0 ? 0 : x >= M_PI_2 ? 1 : sin(x) * sin(x);
    const double from = fmax(0, x - 10 * at[1]), to = fmin(M_PI_2, x + 10 * at[1]);
    const double share = 1 - mpl__norm_p(x / at[1], MPL__UPPER) - mpl__norm_p((M_PI_2 - x) / at[1], MPL__UPPER);
    if (!(from < to) || !(share > 1e-12))
        return x < M_PI_4 ? 0 : 1;
    return mpl__quad_finite(sin2_density, at, from, to) / share;
}

static double exp_mean(double x, with a) { return exp(x + spread_of(a) / 2); }
static double exp_mode(double x, with a) { return exp(x - spread_of(a)); }
static double ilogit_mean(double x, with a) { return mean_of(ilogit, x, a); }
static double ztor_mean(double x, with a) { return mean_of(tanh, x, a); }
static double iprobit_mean(double x, with a) { return pnorm(x / sqrt(1 + spread_of(a))); }
static double dtocles_mean(double x, with a) { return pnorm(x / sqrt(2 + spread_of(a))); }

/* The mode of g(y) solves y = x + slope * tau2 * tanh(y) (or its half argument): a fixed point reached from outside. */
static double mode_at(double x, double weight, double stretch)
{
    double y = x + copysign(weight, x);
    for (int i = 0; i < 10000; i++) {
        const double next = x + weight * tanh(y * stretch);
        if (next == y)
            break;
        y = next;
    }
    return y;
}

/* logit p = x + tau2 (2p - 1), and atanh r = x + 2 tau2 r: from the densities of p and r. */
static double ilogit_mode(double x, with a) { return ilogit(mode_at(x, spread_of(a), 0.5)); }
static double ztor_mode(double x, with a) { return tanh(mode_at(x, 2 * spread_of(a), 1)); }

static const char cohen[] = "Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.2";
static const char chinn[] = "Chinn 2000, Stat Med 19:3127-3131";
static const char coxsnell[] = "Cox & Snell 1989, Analysis of Binary Data, 2nd ed.";
static const char tate[] = "Tate 1954, Ann Math Stat 25:603-607";
static const char ft[] = "Freeman & Tukey 1950, Ann Math Stat 21:607-611";
static const char mean[] = "Viechtbauer 2010, J Stat Softw 36(3):1-48";
static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 15.4.4";
static const char altman[] = "Altman 1998, BMJ 317:1309-1312";
static const char furukawa[] = "Furukawa & Leucht 2011, PLoS ONE 6(4):e19070";
static const char survival[] = "Altman & Andersen 1999, BMJ 319:1492-1495";

static const char sign[] = "Above 0: of so many treated one has an event less; below 0: one more (harm). An interval "
                           "with no difference in it passes through infinity, A to Inf to B";

#define PLAIN(id_, title_, cite_, function)                                                                          \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .apply = function }
#define TURNING(id_, title_, cite_, function)                                                                        \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .apply = function, .turns_at_0 = true }
#define RATIO(id_, title_, cite_, needs_, function)                                                                  \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .needs = needs_, .apply_args = function,              \
      .is_ratio = true }
#define WITH(id_, title_, cite_, needs_, function)                                                                   \
    { .method = { .id = id_, .title = title_, .cite = cite_ }, .needs = needs_, .apply_args = function }

#define NUMBER_TO_TREAT(id_, title_, cite_, function)                                                                \
    { .method = { .id = id_, .title = title_, .cite = cite_, .about = sign }, .needs = "baseline",                   \
      .apply_args = function,                                                                                        \
      .through_infinity = true }

static const mpl_transform more[] = {
    RATIO("exp.int", "exponential: mean of the true ratios", mean, "[tau2]", exp_mean),
    RATIO("exp.mode", "exponential: mode of the true ratios", mean, "[tau2]", exp_mode),
    WITH("ilogit.int", "inverse logit: mean of the true proportions", mean, "[tau2]", ilogit_mean),
    WITH("ilogit.mode", "inverse logit: mode of the true proportions", mean, "[tau2]", ilogit_mode),
    WITH("iprobit.int", "inverse probit: mean of the true proportions", mean, "[tau2]", iprobit_mean),
    WITH("iarcsin.int", "squared sine: mean of the true proportions", mean, "[tau2]", iarcsin_mean),
    WITH("ztor.int", "hyperbolic tangent: mean of the true correlations", mean, "[tau2]", ztor_mean),
    WITH("ztor.mode", "hyperbolic tangent: mode of the true correlations", mean, "[tau2]", ztor_mode),
    WITH("ve.int", "mean of the true vaccine efficacies", mean, "[tau2]", ve_mean),
    WITH("ipft.int", "inverse double arcsine: mean of the true proportions", mean, "n [tau2]", ipft_mean),
    WITH("isqrt.int", "square: mean of the true rates", mean, "[tau2]", square_mean),
    PLAIN("logit", "logit of a proportion", "Berkson 1944, J Am Stat Assoc 39:357-365", logit),
    PLAIN("probit", "probit of a proportion", "Bliss 1934, Science 79:38-39", qnorm),
    PLAIN("arcsin", "arcsine of the root of a proportion", ft, arcsin),
    WITH("pft", "double arcsine of a proportion", ft, "n", pft),
    WITH("irft", "Freeman-Tukey root of a rate", ft, "n", irft),
    PLAIN("rtoz", "Fisher's z of a correlation", "Fisher 1921, Metron 1:3-32", atanh),
    PLAIN("r2toz", "Fisher's z of the root of R-squared", "Olkin & Finn 1995, Psychol Bull 118:155-164", r2toz),
    PLAIN("ahw", "Hakstian and Whalen's transform of alpha", "Hakstian & Whalen 1976, Psychometrika 41:219-231", ahw),
    PLAIN("abt", "Bonett's transform of alpha", "Bonett 2002, J Educ Behav Stat 27:335-340", abt),
    TURNING("dtou1", "Cohen's U1 of a standardized difference", cohen, dtou1),
    PLAIN("dtou2", "Cohen's U2 of a standardized difference", cohen, dtou2),
    PLAIN("dtou3", "Cohen's U3 of a standardized difference", cohen, pnorm),
    TURNING("dtoovl", "overlap of the groups at a standardized difference", cohen, dtoovl),
    PLAIN("dtocles", "probability that a member of group 1 is above one of group 2",
          "McGraw & Wong 1992, Psychol Bull 111:361-365", dtocles),
    WITH("dtocles.int", "the same: mean over the true effects", "McGraw & Wong 1992, Psychol Bull 111:361-365",
         "[tau2]", dtocles_mean),
    PLAIN("clestod", "standardized difference from that probability", "McGraw & Wong 1992, Psychol Bull 111:361-365",
          clestod),
    PLAIN("dtocliffd", "Cliff's delta of a standardized difference", "Cliff 1993, Psychol Bull 114:494-509", dtocliffd),
    PLAIN("dtobesd", "success rate in group 1 of the binomial effect size display",
          "Rosenthal & Rubin 1982, J Educ Psychol 74:166-169", dtobesd),
    WITH("dtomd", "mean difference on a scale of known standard deviation", cohen, "sd", dtomd),
    WITH("dtorpb", "point-biserial correlation of a standardized difference", tate, "[n1] [n2]", dtorpb),
    WITH("dtorbis", "biserial correlation of a standardized difference", tate, "[n1] [n2]", dtorbis),
    WITH("rpbtod", "standardized difference of a point-biserial correlation", tate, "[n1] [n2]", rpbtod),
    WITH("rpbtorbis", "biserial correlation of a point-biserial one", tate, "[share] [n1] [n2]", rpbtorbis),
    WITH("rtorpb", "point-biserial correlation of a biserial one", tate, "[share] [n1] [n2]", rtorpb),
    WITH("rtod", "standardized difference of a biserial correlation", tate, "[n1] [n2]", rtod),
    PLAIN("lnortod.logis", "standardized difference of a log odds ratio, logistic", chinn, lnortod_logis),
    PLAIN("dtolnor.logis", "log odds ratio of a standardized difference, logistic", chinn, dtolnor_logis),
    PLAIN("lnortod.norm", "standardized difference of a log odds ratio, normal", coxsnell, lnortod_norm),
    PLAIN("dtolnor.norm", "log odds ratio of a standardized difference, normal", coxsnell, dtolnor_norm),
    RATIO("lnortorr", "risk ratio of a log odds ratio at a baseline risk", handbook, "baseline", lnortorr),
    WITH("lnortord", "risk difference of a log odds ratio at a baseline risk", handbook, "baseline", lnortord),
    RATIO("lnrrtoor", "odds ratio of a log risk ratio at a baseline risk", handbook, "baseline", lnrrtoor),
    WITH("lnrrtord", "risk difference of a log risk ratio at a baseline risk", handbook, "baseline", lnrrtord),
    WITH("lnhrtord", "risk difference of a log hazard ratio at a baseline risk", survival, "baseline", lnhrtord),
    WITH("dtord", "difference in the risk of a value above a threshold, of a standardized difference", furukawa,
         "baseline", dtord),
    WITH("lnortorisk", "risk in group 1 of a log odds ratio at a baseline risk", handbook, "baseline", lnortorisk),
    WITH("lnrrtorisk", "risk in group 1 of a log risk ratio at a baseline risk", handbook, "baseline", lnrrtorisk),
    WITH("lnhrtorisk", "risk in group 1 of a log hazard ratio at a baseline risk", survival, "baseline", lnhrtorisk),
    WITH("rdtorisk", "risk in group 1 of a risk difference at a baseline risk", handbook, "baseline", rdtorisk),
    { .method = { .id = "rdtonnt", .title = "number needed to treat, of a risk difference", .cite = altman,
                  .about = sign },
      .apply = rdtonnt, .through_infinity = true },
    NUMBER_TO_TREAT("lnortonnt", "number needed to treat, of a log odds ratio at a baseline risk", altman, lnortonnt),
    NUMBER_TO_TREAT("lnrrtonnt", "number needed to treat, of a log risk ratio at a baseline risk", altman, lnrrtonnt),
    NUMBER_TO_TREAT("lnhrtonnt", "number needed to treat, of a log hazard ratio at a baseline risk", survival,
                    lnhrtonnt),
    NUMBER_TO_TREAT("dtonnt", "number needed to treat, of a standardized difference at a baseline risk", furukawa,
                    dtonnt),
    PLAIN("lnortortet.pearson", "tetrachoric correlation of a log odds ratio, Pearson's approximation",
          "Pearson 1900, Philos Trans R Soc A 195:1-47", pearson),
    PLAIN("lnortortet.digby", "tetrachoric correlation of a log odds ratio, Digby's approximation",
          "Digby 1983, Biometrics 39:753-757", digby),
};

const mpl_method *mpl__transform_more(size_t i)
{
    return i < sizeof more / sizeof *more ? &more[i].method : NULL;
}
