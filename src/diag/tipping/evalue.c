/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Unmeasured confounding. E-values (VanderWeele & Ding 2017, Ann Intern Med 167:268-274), with odds and hazard ratios
 * of common outcomes and standardized differences taken for risk ratios as there; and how strong confounding must be in
 * every study until few true effects are left beyond a meaningful one (Mathur & VanderWeele 2020, J Am Stat Assoc
 * 115:163-172).
 */
#include <math.h>
#include <string.h>

#include "base/method.h"
#include "diag/tipping_impl.h"
#include "num/dist.h"

double mpl_evalue_compute(double rr)
{
    if (!(rr > 0) || isinf(rr))
        return (double)NAN;
    const double r = rr < 1 ? 1 / rr : rr;
    return r + sqrt(r * (r - 1));
}

const mpl_method *mpl_tipping_outcome(size_t i)
{
    static const mpl_method all[] = {
        { "common", "odds and hazard ratios are brought to risk ratios by approximations", NULL, NULL, NULL },
        { "rare", "below 15% at the end of follow-up: odds and hazard ratios are near risk ratios", NULL, NULL, NULL },
    };
    return i < sizeof all / sizeof *all ? &all[i] : NULL;
}

/* ln of the hazard ratio to ln of the risk ratio, for a common outcome. */
static double of_hazard(double y)
{
    return log(-expm1(-log(2) * exp(y / 2))) - log(-expm1(-log(2) * exp(-y / 2)));
}

/* From the scale of analysis to ln RR: a factor, or a function of outcomes that are common. */
static const struct {
    const char *measures;
    double common, rare;
    double (*of_common)(double y);
} ratios[] = {
    { "RR IRR VE VEIR MPRR", 1, 1, NULL },
    { "OR PETO VEOR MPOR MPORC MPPETO MPORM", 0.5, 1, NULL },
    { "HR", (double)NAN, 1, of_hazard },
    { "SMD SMDH", 0.91, 0.91, NULL },
};

/* Index in `ratios`; their number if the measure has none. */
static size_t find(const mpl__stratum *s)
{
    size_t i = 0;
    while (i < sizeof ratios / sizeof *ratios && !mpl__has_word(ratios[i].measures, s->effects->measure->method.id))
        i++;
    return i;
}

static bool is_common(const mpl__stratum *s)
{
    return strcmp(s->tipping->options.outcome, "common") == 0;
}

static double ratio_of(const mpl__stratum *s, size_t which, double y)
{
    const bool common = is_common(s);
    return exp(common && ratios[which].of_common ? ratios[which].of_common(y)
                                                 : y * (common ? ratios[which].common : ratios[which].rare));
}

bool mpl__evalue_of(const mpl__stratum *s, mpl_evalue *out)
{
    const size_t which = find(s);
    const mpl_term *const t = &s->fit->terms[0];
    if (which == sizeof ratios / sizeof *ratios)
        return false;
    *out = (mpl_evalue){ .group = s->group, .rr = ratio_of(s, which, t->estimate),
                         .rr_lb = ratio_of(s, which, t->ci_lb), .rr_ub = ratio_of(s, which, t->ci_ub),
                         .rr_target = ratio_of(s, which, s->tipping->target) };
    const double lb = out->rr_lb / out->rr_target, ub = out->rr_ub / out->rr_target;
    out->estimate = mpl_evalue_compute(out->rr / out->rr_target);
    out->limit = isnan(lb) || isnan(ub) ? (double)NAN : lb > 1 ? mpl_evalue_compute(lb)
                                          : ub < 1             ? mpl_evalue_compute(ub)
                                                               : 1;
    return true;
}

static mpl_quantity quantity(const char *id, const char *title, double value, double se, double z, double lo,
                             double hi)
{
    return (mpl_quantity){ .id = id, .title = title, .value = value, .se = se,
                           .cite = "Mathur & VanderWeele 2020, J Am Stat Assoc 115:163-172",
                           .ci_lb = isnan(se) ? se : fmax(lo, value - z * se),
                           .ci_ub = isnan(se) ? se : fmin(hi, value + z * se) };
}

/*
 * True effects ~ N(m, tau2) on the scale of ln RR, turned so that m >= 0. The share beyond q is Phi((m - q)/tau); with
 * a bias of B in every study it falls to r if B = m - q + tau z(1 - r). Standard errors by the delta method from those
 * of m and tau2, taken as independent.
 */
size_t mpl__confounding(const mpl__stratum *s, mpl_quantity *out)
{
    const size_t which = find(s);
    if (which == sizeof ratios / sizeof *ratios)
        return 0;
    const double factor = is_common(s) ? ratios[which].common : ratios[which].rare;
    const mpl_term *const t = &s->fit->terms[0];
    const double tau2 = s->fit->tau2 > 0 ? factor * factor * s->fit->tau2 : 0, tau = sqrt(tau2);
    const double se_tau2 = factor * factor * s->fit->se_tau2, se = factor * t->se, m = factor * fabs(t->estimate);
    if (isnan(m) || isnan(s->fit->tau2))
        return 0;
    const double q = log(s->tipping->options.meaningful), z = mpl__norm_q((1 - s->fit->level) / 2, MPL__UPPER);
    const double zr = mpl__norm_q(s->tipping->options.share, MPL__UPPER), at = (m - q) / tau;
    const double spread = tau > 0 ? se_tau2 / (2 * tau) : 0; /* of tau */
    const double share = tau > 0 ? mpl__norm_p(at, MPL__LOWER) : m > q ? 1 : 0;
    const double share_se = tau > 0 ? mpl__norm_density(at) * hypot(se, at * spread) / tau : (double)NAN;
    const double b = m - q + tau * zr, bias = b > 0 ? exp(b) : 1;
    const double bias_se = b > 0 ? bias * hypot(se, zr * spread) : (double)NAN;
    const double slope = 1 + (2 * bias - 1) / (2 * sqrt(bias * (bias - 1)));
    out[0] = quantity("share-beyond", "percent of true effects beyond a meaningful one, without confounding",
                      100 * share, 100 * share_se, z, 0, 100);
    out[1] = quantity("bias-factor", "bias factor in every study that leaves few of them beyond it", bias, bias_se, z,
                      1, INFINITY);
    out[2] = quantity("confounding-strength", "association of a confounder with exposure and outcome that can make it",
                      mpl_evalue_compute(bias), b > 0 ? slope * bias_se : (double)NAN, z, 1, INFINITY);
    return 3;
}
