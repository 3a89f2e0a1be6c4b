/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reported effects: estimates and their intervals, and the scale they are on. */
#include <math.h>

#include "effect/check/rule.h"
#include "effect/measure.h"

static const char handbook[] = "Cochrane Handbook for Systematic Reviews of Interventions 6.5 (2024), section 6.3";

/* A tenth of the width, as metafor's conv.wald tolerates; rounding of reported figures stays below it. */
static const double off_centre = 0.1;

typedef struct interval {
    double y, lb, ub;
} interval;

static bool interval_at(const mpl__checker *c, size_t row, interval *v)
{
    *v = (interval){ mpl__role_at(c, "yi", row), mpl__role_at(c, "ci_lb", row), mpl__role_at(c, "ci_ub", row) };
    return !isnan(v->y) && v->lb < v->ub;
}

/* Distance of the estimate from the middle, as a share of the width. */
static double asymmetry(double y, double lb, double ub)
{
    return fabs(((lb + ub) / 2 - y) / (ub - lb));
}

static bool takes_logs(const mpl__checker *c)
{
    return c->effect_options && c->effect_options->ratio_scale;
}

static bool is_log_ratio(const mpl__checker *c)
{
    return c->measure && mpl__is_log_ratio(c->measure->transform);
}

static bool is_efficacy(const mpl__checker *c)
{
    return is_log_ratio(c) && !c->measure->transform->is_ratio;
}

/* The ratio that a reported value would be: vaccine efficacies are 1 - ratio. */
static double ratio_of(const mpl__checker *c, double x)
{
    return is_efficacy(c) ? 1 - x : x;
}

static double log_asymmetry(const mpl__checker *c, const interval *v)
{
    const double y = ratio_of(c, v->y), lb = ratio_of(c, v->lb), ub = ratio_of(c, v->ub);
    return y > 0 && lb > 0 && ub > 0 ? asymmetry(log(y), log(lb), log(ub)) : INFINITY;
}

static void outside(mpl__checker *c)
{
    const mpl_column *yi = mpl__role(c, "yi"), *ub = mpl__role(c, "ci_ub"), *lb = mpl__role(c, "ci_lb");
    for (size_t i = 0; lb && ub && i < c->data->n_rows; i++) {
        if (lb->number[i] > ub->number[i])
            mpl__found(c, MPL_SERIOUS, i, ub, "the upper limit is below the lower one, %s", lb->text[i]);
        else if (yi && (yi->number[i] < lb->number[i] || yi->number[i] > ub->number[i]))
            mpl__found(c, MPL_SERIOUS, i, yi, "the estimate is outside its interval, %s to %s", lb->text[i],
                       ub->text[i]);
    }
}

/* An interval that is symmetric for logarithms and not as it stands is one of a ratio. */
static bool looks_raw(const mpl__checker *c, const interval *v)
{
    const double raw = asymmetry(v->y, v->lb, v->ub), logs = log_asymmetry(c, v);
    return raw > off_centre && logs < off_centre / 2 && logs < raw / 3;
}

static bool looks_logged(const mpl__checker *c, const interval *v)
{
    const double raw = asymmetry(v->y, v->lb, v->ub), logs = log_asymmetry(c, v);
    return logs > off_centre && raw < off_centre / 2 && raw < logs / 3;
}

/* Beyond exp(5) = 148 no ratio is believed. */
static void raw_ratio(mpl__checker *c)
{
    const mpl_column *yi = mpl__role(c, "yi");
    interval v;
    for (size_t i = 0; yi && !takes_logs(c) && i < c->data->n_rows; i++) {
        if (interval_at(c, i, &v) && looks_raw(c, &v))
            mpl__found(c, MPL_SERIOUS, i, yi,
                       "its interval, %s to %s, is symmetric for the logarithm of a ratio: take "
                       "logarithms with --ratio-scale",
                       mpl__digits(c, v.lb), mpl__digits(c, v.ub));
        else if (is_log_ratio(c) && yi->number[i] > 5)
            mpl__found(c, MPL_WARNING, i, yi, "as a logarithm this is a ratio of %s: is it the ratio itself?",
                       mpl__digits(c, exp(yi->number[i])));
    }
}

static void twice_logged(mpl__checker *c)
{
    const mpl_column *yi = mpl__role(c, "yi");
    interval v;
    for (size_t i = 0; yi && takes_logs(c) && i < c->data->n_rows; i++) {
        if (ratio_of(c, yi->number[i]) <= 0)
            mpl__found(c, MPL_SERIOUS, i, yi, "no %s: this is a logarithm already, so that --ratio-scale would "
                                              "take it twice",
                       is_efficacy(c) ? "efficacy is 1 or above" : "ratio is 0 or below");
        else if (interval_at(c, i, &v) && looks_logged(c, &v))
            mpl__found(c, MPL_SERIOUS, i, yi, "its interval, %s to %s, is symmetric as it stands: a logarithm already, "
                                              "which --ratio-scale would take twice", mpl__digits(c, v.lb),
                       mpl__digits(c, v.ub));
    }
}

static void asymmetric(mpl__checker *c)
{
    const mpl_column *yi = mpl__role(c, "yi");
    interval v;
    for (size_t i = 0; yi && i < c->data->n_rows; i++) {
        if (!interval_at(c, i, &v) || v.y < v.lb || v.y > v.ub)
            continue;
        if (takes_logs(c) ? looks_logged(c, &v) : looks_raw(c, &v))
            continue;
        const double share = takes_logs(c) ? log_asymmetry(c, &v) : asymmetry(v.y, v.lb, v.ub);
        if (share > off_centre && isfinite(share))
            mpl__found(c, MPL_WARNING, i, yi, "off the middle of its interval, %s to %s, by %s %% of the width",
                       mpl__digits(c, v.lb), mpl__digits(c, v.ub), mpl__digits(c, 100 * share));
    }
}

MPL__RULE(outside, "outside", MPL_SERIOUS, false, "an estimate outside its interval, or limits in the wrong order",
          handbook);
MPL__RULE(raw_ratio, "raw-ratio", MPL_SERIOUS, false, "a ratio where its logarithm should be", handbook);
MPL__RULE(twice_logged, "twice-logged", MPL_SERIOUS, false, "a logarithm of which the logarithm would be taken",
          handbook);
MPL__RULE(asymmetric, "asymmetric", MPL_WARNING, false, "an interval that is not symmetric on its scale", handbook);
